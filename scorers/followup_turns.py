"""The labels of all turns of one record, arm by arm (pure)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from interplay.solvers.user_record import Temperature, Turn, UserTurnRecord
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.perturb import prior

from .followup_rules import Labelled, label_turn

BASE = "base"
ENDED = Labelled("closer", 8, "[ENDS]")
"""The label of a prompted turn by which the person would write nothing more."""


class LabelledTurn(NamedTuple):
    """A turn and its label."""

    turn: Turn
    found: Labelled

    @property
    def label(self) -> str:
        """Its label."""
        return self.found.label


class LabelledArm(NamedTuple):
    """The turns of one arm.

    Attributes:
        queries: All messages of the user that were shown, the query last.
        reply: As shown.
    """

    queries: tuple[str, ...]
    reply: str
    turns: tuple[LabelledTurn, ...]

    def at(self, temperature: Temperature) -> list[LabelledTurn]:
        """The turns drawn at a temperature."""
        return [turn for turn in self.turns if turn.turn.t == temperature]


def labelled_arms(record: UserTurnRecord, context: Context) -> dict[str, LabelledArm]:
    """Every arm that was run or skipped, its turns labelled in the light of what it showed."""
    arms: dict[str, LabelledArm] = {}
    for name, arm in record.arms.items():
        queries = queries_shown(name, context)
        turns = [LabelledTurn(turn, label_of(turn, queries, arm.shown)) for turn in arm.turns]
        arms[name] = LabelledArm(queries, arm.shown, tuple(turns))
    return arms


def queries_shown(arm: str, context: Context) -> tuple[str, ...]:
    """The messages of the user in that arm; arm `no_context` shows none, and is held against the query."""
    before = [m.content for m in prior() if m.role == "user"] if arm == "prior" else []
    return (*before, *context.queries)


def label_of(turn: Turn, queries: Sequence[str], reply: str) -> Labelled:
    """The label of one turn."""
    return ENDED if turn.ended else label_turn(turn.text, queries, reply)


def temperatures(arms: Iterable[LabelledArm]) -> list[Temperature]:
    """All temperatures of these arms, ascending, `default` last."""
    found: set[Temperature] = {turn.turn.t for arm in arms for turn in arm.turns}
    return sorted(found, key=lambda t: (isinstance(t, str), t))
