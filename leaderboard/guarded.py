"""Boards whose headline stands for an anchor, and what the proxy guard says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .analysis.proxy_guard import Judgement, Opposed, Scored, State, guard, opposed_keys
from .analysis.tables import Table
from .anchors import Anchors, anchored_families, read_anchors
from .boards import load_boards

WHOLE = "all"
"""The domain that a board's headline is about; others are slices."""
DRIFTED: tuple[State, ...] = ("stalled", "inverted")


@dataclass(frozen=True)
class Guarded:
    """One family's anchors, judged.

    Attributes:
        family: Whose they are.
        board: The board whose headline is the proxy; empty for a family without boards.
        judgements: Every release of every domain.
        opposed: Score keys that rise with the proxy and fall with the anchor, of inverted domains.
        rows: All candidates.
    """

    family: str
    board: str
    judgements: tuple[Judgement, ...]
    opposed: tuple[Opposed, ...]
    rows: tuple[Scored, ...]

    @property
    def last(self) -> dict[str, Judgement]:
        """The last judgement of each domain."""
        return {judgement.domain: judgement for judgement in self.judgements}

    @property
    def has_drifted(self) -> bool:
        """Whether a domain is stalled or inverted."""
        return any(judgement.state in DRIFTED for judgement in self.last.values())

    @cached_property
    def headline(self) -> Judgement | None:
        """What is said of the domain that the headline is about."""
        return self.last.get(WHOLE)

    @property
    def is_ranked_by_anchor(self) -> bool:
        """Whether the headline itself has drifted."""
        return self.headline is not None and self.headline.state in DRIFTED

    @cached_property
    def anchors(self) -> Mapping[str, Scored]:
        """The candidates of the last release in that domain, by model id."""
        release = self.headline.release if self.headline else ""
        return {row.candidate: row for row in self.rows if (row.domain, row.release) == (WHOLE, release)}


def judged(family: str, anchors: Anchors, board: str = "") -> Guarded:
    """The verdict on the anchors of a family."""
    judgements = tuple(guard(anchors.rows, anchors.same_metric))
    last = {judgement.domain: judgement.state for judgement in judgements}
    opposed = [
        key
        for domain, state in last.items()
        if state == "inverted"
        for key in opposed_keys(anchors.rows, domain, anchors.keys)
    ]
    return Guarded(family, board, judgements, tuple(opposed), anchors.rows)


def guarded_boards(leaderboard: Path) -> dict[str, Guarded]:
    """What the guard says, by board, from the anchors below a folder `leaderboard`.

    Raises:
        UserMistake: A file is not what it should be, or names no board of its family.
    """
    found: dict[str, Guarded] = {}
    for family, text in anchored_families(leaderboard).items():
        name = f"{family}.csv"
        anchors = read_anchors(text, name)
        own = [board.id for board in load_boards().values() if board.family == family]
        board = anchors.board or (own[0] if own else "")
        if board not in own:
            choices = ", ".join(own) or "a file named like a family"
            raise UserMistake(f"{name} is about board {board!r}, which {family} has not; give {choices}.")
        found[board] = judged(family, anchors, board)
    return found


def guard_tables(found: Guarded) -> list[Table]:
    """The judgements, and the keys that part from the anchor where there are some."""
    judgements = Table(
        f"{found.family}: does the proxy follow its anchor?",
        ("domain", "release", "state", "proxy gained", "anchor gained", "Kendall's tau", "candidates"),
        tuple(
            (
                j.domain,
                j.release,
                j.state,
                *((None,) * 3 if j.state == "unknown" else (j.gain, j.followed, j.tau)),
                j.n or None,
            )
            for j in found.judgements
        ),
        "gained: the candidate of the highest proxy against the one two releases before. stalled: the anchor "
        "rose by significantly less than half of what the proxy promised (one-sided, 5 %). inverted: proxy "
        "and anchor rank the candidates of two releases against each other (Kendall's tau, 5 %). A state is "
        "left after two clean releases.",
    )
    keys = Table(
        f"{found.family}: score keys that rise with the proxy and fall with the anchor",
        ("domain", "key", "tau with proxy", "tau with anchor", "candidates"),
        tuple(found.opposed),
        "Kendall's tau over the last two releases, each centred on its release, both one-sided at 5 %. "
        "Version the rubric anew without them, and score the history again.",
    )
    return [judgements, keys] if keys.rows else [judgements]


def guard_words(found: Guarded | None) -> str:
    """What a page says of the guard in a sentence or two."""
    if found is None or found.headline is None:
        return "Proxy guard: there is no anchor yet that this score could be held against."
    j = found.headline
    if j.state == "unknown":
        return f"Proxy guard: unknown as of {j.release}; it takes three releases of four candidates."
    if j.state == "tracking":
        return f"Proxy guard: the score follows its anchor as of {j.release}."
    what = (
        "the anchor rose by less than half of what the score promised"
        if j.state == "stalled"
        else "score and anchor rank the candidates against each other"
    )
    return (
        f"Proxy guard: {j.state} as of {j.release}: {what}. Rows stand in the order of the anchor, and the "
        "score is grey."
    )
