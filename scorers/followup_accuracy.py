"""How often the rules give the label that a person gave: a confusion matrix over labelled turns (pure).

    python -m interplay.scorers.followup_accuracy

prints one table for each part of the set: the turns that the rules were adjusted on, and the third that was
written before and held out. While the rules were touched nobody read a turn or a label of that third; only
its totals were computed, three times.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict

from interplay.tasks.user_turn.context import Domain, Msg

from .followup_rules import LABELS, Label, label_turn

Split: TypeAlias = Literal["rules", "held-out"]
SPLITS: tuple[Split, ...] = get_args(Split)
GENUINE: Label = "genuine"
SHORT = 7
"""Letters of a label above a column."""


class LabelledContext(BaseModel):
    """A conversation and the reply that labelled turns follow."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    domain: Domain
    messages: tuple[Msg, ...]
    reply: str

    @property
    def queries(self) -> tuple[str, ...]:
        """All messages of the user, the query last."""
        return tuple(message.content for message in self.messages if message.role == "user")


class LabelledTurn(BaseModel):
    """A turn written for the project, and the label that its writer gave it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    context: str
    label: Label
    turn: str


class Confusion(NamedTuple):
    """How many turns of each label (first) got each label by the rules (second)."""

    counts: Mapping[tuple[Label, Label], int]

    @property
    def turns(self) -> int:
        """All turns."""
        return sum(self.counts.values())

    @property
    def exact(self) -> float:
        """Share of the turns with the very label."""
        return sum(self.counts.get((label, label), 0) for label in LABELS) / self.turns

    @property
    def precision(self) -> float:
        """Share of the turns called genuine that are genuine."""
        return self._hits / max(1, self.given(GENUINE))

    @property
    def recall(self) -> float:
        """Share of the genuine turns that are called genuine."""
        return self._hits / max(1, self.of(GENUINE))

    @property
    def kappa(self) -> float:
        """Cohen's kappa of genuine or not."""
        yes, called = self.of(GENUINE) / self.turns, self.given(GENUINE) / self.turns
        missed = self.of(GENUINE) + self.given(GENUINE) - 2 * self._hits
        chance = yes * called + (1 - yes) * (1 - called)
        return (1 - missed / self.turns - chance) / (1 - chance)

    @property
    def _hits(self) -> int:
        return self.counts.get((GENUINE, GENUINE), 0)

    def of(self, label: Label) -> int:
        """Turns that have the label."""
        return sum(n for (true, _), n in self.counts.items() if true == label)

    def given(self, label: Label) -> int:
        """Turns that got the label by the rules."""
        return sum(n for (_, found), n in self.counts.items() if found == label)


@cache
def labelled_turns() -> tuple[LabelledTurn, ...]:
    """All labelled turns, in the order of the file."""
    return tuple(map(LabelledTurn.model_validate_json, _lines("labelled_turns.jsonl")))


@cache
def labelled_contexts() -> Mapping[str, LabelledContext]:
    """The contexts of the labelled turns by id."""
    contexts = map(LabelledContext.model_validate_json, _lines("labelled_contexts.jsonl"))
    return {context.id: context for context in contexts}


def _lines(name: str) -> list[str]:
    text = (files("interplay.tasks.user_turn") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line]


def confusion(split: Split) -> Confusion:
    """The labels of the rules beside those of a part of the set."""
    counts: Counter[tuple[Label, Label]] = Counter()
    for turn in labelled_turns():
        if turn.split == split:
            context = labelled_contexts()[turn.context]
            counts[turn.label, label_turn(turn.turn, context.queries, context.reply).label] += 1
    return Confusion(counts)


def text_table(found: Confusion) -> str:
    """A confusion matrix as text: rows as labelled, columns as the rules have it."""
    wide = max(map(len, LABELS))
    lines = [_line("", [label[:SHORT] for label in LABELS], wide)]
    for true in LABELS:
        counts = [found.counts.get((true, given), 0) for given in LABELS]
        lines.append(_line(true, [str(n) if n else "." for n in counts], wide))
    return "\n".join(lines)


def _line(name: str, cells: Sequence[str], wide: int) -> str:
    return name.ljust(wide) + "".join(cell.rjust(SHORT + 1) for cell in cells)


def main() -> None:
    """Prints what is reached on each part."""
    for split in SPLITS:
        found = confusion(split)
        shares = {
            "exact": found.exact,
            "precision": found.precision,
            "recall": found.recall,
            "kappa": found.kappa,
        }
        reached = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        print(f"{split}: {found.turns} turns, {reached} (all but the first: genuine or not)\n")
        print(text_table(found) + "\n")


if __name__ == "__main__":
    main()
