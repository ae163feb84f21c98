"""Controls and bias probes for a judge of angry conversations, on fixed material.

Controls have a known answer: messages with a level, replies with codes, conversations with an outcome. Probes
change something that must not count and look whether the answer moves:

| probe | changed | must stay |
| --- | --- | --- |
| length | every reply is padded | change, useful |
| politeness | every reply is wrapped in courtesy | change, useful |
| arm | the first reply names the arm | change, useful |
| swap | all replies are those of the opposite quality | change |
| manners | the person says the same in polite words | level |
| order | the signals are listed in another order | level |
| repeat | nothing | level |

The share of pairs whose answer stays is the robustness rate of Ye et al., Justice or Prejudice? (arXiv
2410.02736); length and order are the biases of Zheng et al., Judging LLM-as-a-Judge (arXiv 2306.05685).
"""

from collections.abc import Sequence
from importlib.resources import files
from statistics import fmean
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from interplay.tasks import yaml_text

from .escalation_judge_answer import (
    Conversation,
    Found,
    codes_model,
    cues_model,
    found_in,
    read_conversation_answer,
)
from .escalation_judge_prompt import CODES, codes_prompt, conversation_prompt, cues_prompt, signals
from .escalation_judge_reading import Question
from .escalation_level import level

ROBUST, SHIFT, RIGHT = 0.8, 0.25, 0.8
"""Share of pairs that stay, largest mean shift, share of controls that are right: the bars of a judge."""
CLAIM = "somebody did it on purpose"
DIRECTIONS: dict[str, Sequence[int]] = {"better": (1, 2), "same": (0,), "worse": (-2, -1)}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Talk(_Record):
    """A conversation with its outcome, and replies of the opposite quality."""

    id: str
    facts: list[str]
    unfair_claim: str
    messages: list[str] = Field(min_length=3)
    replies: list[str]
    other: list[str]
    change: Literal["better", "same", "worse"]

    @model_validator(mode="after")
    def _one_reply_each(self) -> "Talk":
        if not len(self.replies) == len(self.other) == len(self.messages) - 1:
            raise ValueError(f"{self.id}: every message but the last needs a reply in `replies` and `other`")
        return self


class Politeness(_Record):
    """What stands before and after a reply."""

    before: str
    after: str


class Rewording(_Record):
    """The same content twice."""

    id: str
    rude: str
    polite: str


class KnownLevel(_Record):
    """A message and the levels that careful readers give."""

    id: str
    message: str
    from_: int = Field(alias="from", ge=0, le=4)
    to: int = Field(ge=0, le=4)


class KnownCodes(_Record):
    """A reply, codes that hold and codes that do not."""

    id: str
    message: str
    reply: str
    holds: list[str]
    lacks: list[str]

    @model_validator(mode="after")
    def _codes_exist(self) -> "KnownCodes":
        unknown = {*self.holds, *self.lacks} - set(signals(CODES))
        if unknown:
            raise ValueError(f"{self.id}: no such code as {', '.join(sorted(unknown))}")
        return self


class Material(_Record):
    """All of `data/escalation_probes.yaml`."""

    conversations: list[Talk]
    padding: str
    politeness: Politeness
    arm: str
    rewordings: list[Rewording]
    levels: list[KnownLevel]
    replies: list[KnownCodes]


class Asked(NamedTuple):
    """A question of a probe; those with the same name and another `repeat` are asked apart."""

    name: str
    question: Question
    repeat: int = 0


class Pair(NamedTuple):
    """Two questions whose answers have to be the same in `outcome`."""

    probe: str
    outcome: Literal["level", "change", "useful"]
    first: Asked
    second: Asked


class Control(NamedTuple):
    """A question with a known answer."""

    kind: Literal["level", "codes", "change"]
    asked: Asked
    levels: Sequence[int] = ()
    holds: Sequence[str] = ()
    lacks: Sequence[str] = ()


class Shift(NamedTuple):
    """What one probe found.

    Attributes:
        pairs: Pairs with two readable answers.
        same: Share of them whose answer stays, None without any.
        shift: Mean of second less first.
        unread: Pairs without.
    """

    probe: str
    outcome: str
    pairs: int
    same: float | None
    shift: float | None
    unread: int

    @property
    def holds(self) -> bool:
        """The answer stays often enough, and does not move in one direction."""
        if self.same is None or self.shift is None:
            return False
        return self.same >= ROBUST and abs(self.shift) <= SHIFT


class Known(NamedTuple):
    """How often controls of one kind are right; unread ones are wrong."""

    kind: str
    asked: int
    right: int
    unread: int

    @property
    def holds(self) -> bool:
        """Right often enough."""
        return self.right >= RIGHT * self.asked


def load_material() -> Material:
    """The fixed material."""
    text = (files("interplay.scorers") / "data" / "escalation_probes.yaml").read_text("utf-8")
    return Material.model_validate(yaml_text.content(text))


def controls(material: Material) -> list[Control]:
    """All questions with a known answer."""
    found = [
        Control("level", _message(f"level/{known.id}", known.message), range(known.from_, known.to + 1))
        for known in material.levels
    ]
    found += [
        Control("codes", _reply(known), holds=tuple(known.holds), lacks=tuple(known.lacks))
        for known in material.replies
    ]
    return found + [
        Control("change", _whole(talk, talk.replies), DIRECTIONS[talk.change])
        for talk in material.conversations
    ]


def pairs(material: Material) -> list[Pair]:
    """All pairs of questions."""
    found: list[Pair] = []
    for talk in material.conversations:
        plain = _whole(talk, talk.replies)
        for probe, replies in changed_replies(talk, material).items():
            other = _whole(talk, replies)
            found.append(Pair(probe, "change", plain, other))
            if probe != "swap":
                found.append(Pair(probe, "useful", plain, other))
        last = talk.messages, talk.replies
        first, second, again = (
            _cues(f"cues/{talk.id}", *last, order, n) for order, n in (("a", 0), ("b", 0), ("a", 1))
        )
        found += [Pair("order", "level", first, second), Pair("repeat", "level", first, again)]
    found += [
        Pair("manners", "level", _message(f"rude/{r.id}", r.rude), _message(f"polite/{r.id}", r.polite))
        for r in material.rewordings
    ]
    return found


def changed_replies(talk: Talk, material: Material) -> dict[str, list[str]]:
    """By probe, the replies in a form that must not count."""
    before, after = material.politeness.before, material.politeness.after
    return {
        "length": [f"{reply} {material.padding}" for reply in talk.replies],
        "politeness": [f"{before} {reply} {after}" for reply in talk.replies],
        "arm": [f"{material.arm} {talk.replies[0]}", *talk.replies[1:]],
        "swap": talk.other,
    }


def _whole(talk: Talk, replies: Sequence[str]) -> Asked:
    prompt = conversation_prompt(talk.messages, replies, talk.facts)
    return Asked(
        f"whole/{talk.id}", Question("grader", talk.id, prompt, Conversation, read_conversation_answer)
    )


def _message(name: str, message: str) -> Asked:
    return _cues(name, [message], [], "a", 0)


def _cues(name: str, messages: Sequence[str], replies: Sequence[str], order: str, repeat: int) -> Asked:
    prompt = cues_prompt(messages, replies, sample=f"{name}/{order}")

    def read(text: str) -> Found:
        return found_in(text, cues_model(), messages[-1])

    return Asked(name, Question("grader", name, prompt, cues_model(), read), repeat)


def _reply(known: KnownCodes) -> Asked:
    prompt = codes_prompt(
        known.message, known.reply, 1, sample=known.id, unfair_claim=CLAIM, checkable_claim=None
    )
    shape = codes_model(checkable=False)

    def read(text: str) -> Found:
        return found_in(text, shape, known.reply, known.message)

    return Asked(f"reply/{known.id}", Question("grader", known.id, prompt, shape, read))


def outcome_of(answer: object, outcome: str) -> int | None:
    """The number that a pair compares, None for an answer that cannot be read."""
    if isinstance(answer, Found):
        return level(answer.present)
    if isinstance(answer, Conversation):
        return answer.change if outcome == "change" else answer.useful
    return None


def shifts(answered: Sequence[tuple[Pair, object, object]]) -> list[Shift]:
    """What each probe found, in order of appearance.

    Args:
        answered: Pairs with the two answers, None for one that cannot be read.
    """
    groups: dict[tuple[str, str], list[tuple[int | None, int | None]]] = {}
    for pair, first, second in answered:
        both = outcome_of(first, pair.outcome), outcome_of(second, pair.outcome)
        groups.setdefault((pair.probe, pair.outcome), []).append(both)
    found: list[Shift] = []
    for (probe, outcome), both in groups.items():
        moved = [b - a for a, b in both if a is not None and b is not None]
        same = fmean(m == 0 for m in moved) if moved else None
        mean = fmean(moved) if moved else None
        found.append(Shift(probe, outcome, len(moved), same, mean, len(both) - len(moved)))
    return found


def known(answered: Sequence[tuple[Control, object]]) -> list[Known]:
    """How often each kind of controls is right."""
    groups: dict[str, list[tuple[Control, object]]] = {}
    for control, answer in answered:
        groups.setdefault(control.kind, []).append((control, answer))
    return [
        Known(kind, len(group), sum(is_right(*each) for each in group), sum(a is None for _, a in group))
        for kind, group in groups.items()
    ]


def is_right(control: Control, answer: object) -> bool:
    """Whether an answer is the known one."""
    if control.kind == "codes":
        if not isinstance(answer, Found):
            return False
        return set(control.holds) <= answer.present and not set(control.lacks) & answer.present
    return outcome_of(answer, control.kind) in control.levels
