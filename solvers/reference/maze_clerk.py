"""The clerk: a judge that reads with the rules, so that the way of a judge can be tried without a model."""

import re
from collections.abc import Sequence

from interplay.scorers.route_game import Said
from interplay.scorers.route_judge_reply import reading_as_judge_json

from .player import Player, Turn

TRANSCRIPT = re.compile(
    r"\ATwo agents moved one token through a (\d+)x\1 maze.*?^Notes:\n(.*)\Z", re.DOTALL | re.MULTILINE
)


def clerk(at_the_table: Player) -> Player:
    """A player that answers the judge's question as JSON, and plays like another player otherwise."""

    def reply(turns: Sequence[Turn]) -> str:
        asked = next((turn.text for turn in turns if turn.role == "user"), "")
        transcript = TRANSCRIPT.match(asked)
        if transcript is None:
            return at_the_table(turns)
        return reading_as_judge_json(notes_in(transcript[2]), int(transcript[1]))

    return reply


def notes_in(text: str) -> list[Said]:
    """The notes of a transcript, whose lines begin like `[0, agent 1] I propose`."""
    starts: list[re.Match[str]] = []
    position = 0
    while mark := re.compile(rf"^\[{len(starts)}, agent ([12])\] ", re.MULTILINE).search(text, position):
        starts.append(mark)
        position = mark.end()
    ends = [mark.start() for mark in starts[1:]] + [len(text)]
    return [
        Said(int(mark[1]), text[mark.end() : end].removesuffix("\n"))
        for mark, end in zip(starts, ends, strict=False)
    ]
