"""From the arguments of the task to its samples: every opener with every partner text.

The input of a sample is what the leaderboard pins and what is played: the system prompt, the topic, and the
partner's text where one is stored, each under a line that says what it is.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from inspect_ai.dataset import Sample

from interplay.scorers.hedge_rules import hedging

from .arguments import Chains, Frame
from .openers import Opener
from .partner_texts import CONTROLLED, DOSES, PartnerText

TOPIC_MARK, TEXT_MARK = "\n\n=== topic ===\n", "\n\n=== partner ===\n"


class Parts(NamedTuple):
    """What a chain is played with; `text` is empty where none is stored."""

    system: str
    topic: str
    text: str

    @property
    def rendered(self) -> str:
        """The parts as one text."""
        return f"{self.system}{TOPIC_MARK}{self.topic}" + (f"{TEXT_MARK}{self.text}" if self.text else "")


def parts_of(rendered: str) -> Parts:
    """The parts of an input."""
    system, _, rest = rendered.partition(TOPIC_MARK)
    topic, _, text = rest.partition(TEXT_MARK)
    return Parts(system, topic, text)


@cache
def file_text(name: str) -> str:
    """A prompt of the package, without the line break at its end."""
    return (files("interplay.tasks.recipe_chains") / name).read_text("utf-8").removesuffix("\n")


def frame_text(frame: Frame) -> str:
    """The system prompt of a frame."""
    return file_text(f"frames/{frame}.txt")


def message_parts() -> tuple[str, str, str]:
    """`message.txt` in three: the topic, the partner's text, and the request for a reply."""
    topic, text, request = file_text("message.txt").split("\n\n")
    return topic, text, request


def samples_of(chains: Chains) -> list[Sample]:
    """The samples of a run, opener by opener."""
    if not chains.texts:
        return [_sample(chains, opener, None) for opener in chains.chosen]
    of_opener: dict[str, list[PartnerText]] = {}
    for row in chains.texts:
        of_opener.setdefault(row.opener_id, []).append(row)
    return [_sample(chains, opener, row) for opener in chains.chosen for row in of_opener.get(opener.id, [])]


def _sample(chains: Chains, opener: Opener, row: PartnerText | None) -> Sample:
    partner = row.partner if row else "live" if chains.mode == "live" else "none"
    heard = hedging(row.text) if row else None
    dose = DOSES[row.repeat] if row and row.partner == CONTROLLED else None
    return Sample(
        id=f"{opener.id}:{partner}" + (f":{row.repeat}" if row else ""),
        input=Parts(frame_text(chains.frame), opener.text, row.text if row else "").rendered,
        metadata={
            "opener_id": opener.id,
            "group": opener.group,
            "uncertainty": opener.uncertainty,
            "partner": partner,
            "dose": dose,
            "repeat": row.repeat if row else None,
            "partner_share": heard.hedged_share if heard else None,
            "frame": chains.frame,
            "mode": chains.mode,
        },
    )
