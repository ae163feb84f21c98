"""What commands for maintainers share: a moment, records stored and told one by one, names of data sets."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .json_output import print_json
from .progress import say

if TYPE_CHECKING:
    from interplay.leaderboard.records import Stamp
    from interplay.leaderboard.schema import Evidence


class Keeping:
    """Stores the records of one command and ends it.

    Attributes:
        stamp: Moment and commit of the records.
        said: Of each record its entry id, kind, outcome, file and findings.
        unreached: Entries whose logs could not be fetched, which says nothing about them.
    """

    def __init__(self, root: Path, moment: str | None, as_json: bool) -> None:
        """Takes the moment, now unless it is given.

        Raises:
            UserMistake: The moment is none.
        """
        self.stamp = made_at(moment, root)
        self.said: list[dict[str, object]] = []
        self.unreached: list[str] = []
        self._root, self._as_json = root, as_json

    def keep(self, record: "Evidence") -> None:
        """Stores a record and says so.

        Raises:
            UserMistake: There is one of that moment and kind already.
        """
        from interplay.leaderboard.records import store

        path = store(self._root, record)
        self.say(f"{record.outcome:<4}  {record.kind}  {path}", *(f"  {f}" for f in record.findings))
        self.said.append(
            {
                "entry_id": record.entry_id,
                "kind": record.kind,
                "outcome": record.outcome,
                "file": str(path),
                "findings": [finding.content() for finding in record.findings],
            }
        )

    def skip(self, entry_id: str, problem: NetworkProblem) -> None:
        """Says that the logs of an entry were not reached; the others go on."""
        self.unreached.append(entry_id)
        say(f"not reached  {entry_id}: {problem.message}", err=True)

    def say(self, *sentences: str) -> None:
        """Lines for people, on standard error beside JSON."""
        say(*sentences, err=self._as_json)

    def finish(self, **beside: object) -> None:
        """Prints the JSON, and ends with the exit code of the command.

        Args:
            **beside: What the JSON holds beside `records` and `not_reached`.

        Raises:
            NetworkProblem: Logs were not reached.
            click.exceptions.Exit: With 1 where a record refuses.
        """
        if self._as_json:
            print_json({**beside, "records": self.said, "not_reached": self.unreached})
        if self.unreached:
            count = len(self.unreached)
            raise NetworkProblem(f"entries whose logs were not reached: {count}; run the same command again.")
        if any(record["outcome"] == "fail" for record in self.said):
            raise click.exceptions.Exit(1)


def made_at(moment: str | None, root: Path) -> "Stamp":
    """Moment and commit of a new record.

    Raises:
        UserMistake: The moment is none.
    """
    from datetime import datetime

    from interplay.leaderboard.pages.inputs import commit_of
    from interplay.leaderboard.records import Stamp, utc_now

    if moment is not None:
        written = "%Y-%m-%dT%H:%M:%SZ"
        try:
            same = datetime.strptime(moment, written).strftime(written) == moment
        except ValueError:
            same = False
        if not same:
            raise UserMistake(f"--at {moment}: no moment; write one such as 2026-12-01T00:30:00Z.")
    return Stamp(moment or utc_now(), commit_of(root)[0])


def require_dataset(option: str, name: str) -> None:
    """Refuses what is no name of a data set.

    Raises:
        UserMistake: It is not ORG/NAME.
    """
    if not re.fullmatch(r"[^/]+/[^/]+", name):
        raise UserMistake(f"{option} {name or 'is empty'}: give a data set as ORG/NAME.")
