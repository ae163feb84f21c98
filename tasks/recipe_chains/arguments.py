"""Arguments of the task: what may be asked for, and what each preset fills in (pure).

Building the record checks it; every mistake is one sentence with the value and the remedy, raised as
`UserMistake` before anything is run.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple, TypeAlias, get_args

from interplay.tasks.argument_values import one_of, text, whole, yes_or_no
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .openers import Opener, openers
from .partner_texts import CONTROLLED, PartnerText, partner_texts

Mode: TypeAlias = Literal["replay", "live", "swap"]
Frame: TypeAlias = Literal["neutral", "forum", "review"]
MODES: tuple[Mode, ...] = get_args(Mode)
FRAMES: tuple[Frame, ...] = get_args(Frame)
PRESETS: tuple[Preset, ...] = ("standard", "paper", "smoke")
NOBODY = "none"
"""The value of `partners` with which a speaker answers the topic alone."""
ALONE = "partners=none: there is no partner whom a reply could challenge"
MOST_REPEATS = 100


class Filled(NamedTuple):
    """What a preset fills in; `openers` is None for all of them."""

    openers: int | None
    repeats: int


FILLED: dict[Preset, Filled] = {
    "standard": Filled(None, 2),
    "paper": Filled(None, 2),
    "smoke": Filled(4, 1),
}


@dataclass(frozen=True, kw_only=True)
class Chains:
    """Arguments of `recipe_chains`; None is what the preset says.

    Attributes:
        mode: `replay` a stored text, `swap` it for a paraphrase, or let a partner write `live`.
        partners: `controlled`, `none`, a set of stored texts, or a `.jsonl` file of them.
        frame: The system prompt.
        n_openers: So many openers, dealt evenly over groups and uncertainty.
        repeats: Replies to each text.
        seed: Added to the seed of every call.
        judge: A model marks repair and challenge in the replies; None where a grader is bound.
    """

    task: ClassVar[str] = "recipe_chains"

    preset: Preset = "standard"
    mode: Mode = "replay"
    partners: str = CONTROLLED
    frame: Frame = "neutral"
    n_openers: int | None = None
    repeats: int | None = None
    seed: int = 0
    judge: bool | None = None

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        one_of("mode", self.mode, MODES)
        one_of("frame", self.frame, FRAMES)
        text("partners", self.partners)
        if self.judge is not None:
            yes_or_no("judge", self.judge)
        whole("seed", self.seed, 0, 2**31 - 1)
        if self.n_openers is not None:
            whole("n_openers", self.n_openers, 1, len(openers()))
        if self.repeats is not None:
            whole("repeats", self.repeats, 1, MOST_REPEATS)
        if self.mode == "live" and self.partners not in (CONTROLLED, NOBODY):
            raise UserMistake(
                f"partners={self.partners} with mode=live: the partner writes there; drop one of the two."
            )
        if self.judge and self.is_alone:
            raise UserMistake(f"judge=true with {ALONE}; drop one of the two.")
        if self.mode == "swap" and self.partners == NOBODY:
            raise UserMistake("partners=none with mode=swap: there is no text to rewrite; choose a set.")
        if self.preset == "paper" and self.mode == "replay" and self.partners == CONTROLLED:
            raise UserMistake(
                "preset=paper replays the texts of a panel; name its file with -T partners=FILE.jsonl, which "
                "`interplay recipe harvest` writes."
            )
        assert self.texts or self.mode == "live" or self.partners == NOBODY

    @cached_property
    def chosen(self) -> tuple[Opener, ...]:
        """The openers, in the order of the file, as evenly over groups and uncertainty as they come."""
        everyone = openers()
        wanted = self.n_openers or FILLED[self.preset].openers or len(everyone)
        rank: dict[str, tuple[int, int]] = {}
        seen: dict[tuple[str, str], int] = {}
        for place, opener in enumerate(everyone):
            cell = (opener.group, opener.uncertainty)
            seen[cell] = seen.get(cell, 0) + 1
            rank[opener.id] = (seen[cell], place)
        kept = sorted(everyone, key=lambda opener: rank[opener.id])[:wanted]
        return tuple(opener for opener in everyone if opener in kept)

    @cached_property
    def texts(self) -> tuple[PartnerText, ...]:
        """The stored texts of the chosen openers; none where a partner writes live, or there is none."""
        if self.mode == "live" or self.partners == NOBODY:
            return ()
        ids = {opener.id for opener in self.chosen}
        return tuple(
            row
            for row in partner_texts(self.partners)
            if row.opener_id in ids and (row.partner == CONTROLLED or row.frame == self.frame)
        )

    @property
    def is_alone(self) -> bool:
        """Whether the speaker answers the topic alone."""
        return self.partners == NOBODY and self.mode != "live"

    @property
    def epochs(self) -> int:
        """Replies to each text."""
        return self.repeats or FILLED[self.preset].repeats

    @property
    def samples(self) -> int:
        """Number of texts to answer."""
        return len(self.texts) or len(self.chosen)
