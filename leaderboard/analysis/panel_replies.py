"""Replies of several speakers to stored texts of checkpoints, as one table of the panel analyses (pure).

frame = joined([replies_of(log, observed) for ...])     # a row a reply, 940,000 of them take 0.3 GB
"""

from collections.abc import Iterable, Sequence
from sys import intern

import pandas as pd

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.recipe_chains.panel import short_name
from interplay.tasks.recipe_chains.partner_texts import CONTROLLED
from interplay.tasks.recipe_chains.summary import SHARE

from ..rows import LogRows

COLUMNS = ("speaker", "model", "version", "partner", "opener", "repeat", "text", "share", "value")
NO_TEXT = ("none", "live", CONTROLLED)
"""Partners that are no checkpoint whose text is stored."""
FRAME = ("replay", "neutral")
"""Mode and frame of the panel."""


def is_panel(mode: str, frame: str) -> bool:
    """Whether replies of a run belong to the panel."""
    return (mode, frame) == FRAME


def answers_checkpoint(o: Observation) -> bool:
    """Whether a sample answers the stored text of a checkpoint."""
    return o.metadata.get("partner", "none") not in NO_TEXT


def replies_of(log: LogRows, observed: Sequence[Observation]) -> pd.DataFrame:
    """The replies of one log to texts of checkpoints.

    Args:
        log: Its samples.
        observed: The same samples as observations, in the same order.

    Returns:
        Columns speaker, model, version (of the task), partner, opener, repeat (of the text and of the
        reply), text (pin of what was answered), share (hedged sentences of that text) and value, which is NaN
        for a reply without a score.
    """
    model, version = log.header.model, log.header.task_version
    speaker = short_name(model)
    nan = float("nan")
    rows = [
        (
            speaker,
            model,
            version,
            intern(o.metadata["partner"]),
            intern(o.unit),
            intern(f"{o.metadata.get('repeat', '')}/{o.epoch}"),
            intern(row.pin),
            float(o.metadata.get("partner_share", nan)),
            o.values.get(SHARE, nan),
        )
        for o, row in zip(observed, log.samples, strict=True)
        if answers_checkpoint(o)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def joined(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All replies in one table.

    Raises:
        UserMistake: Two speakers answered different texts under the name of one partner.
    """
    found = [frame for frame in frames if len(frame)]
    if not found:
        return pd.DataFrame([], columns=list(COLUMNS))
    frame = pd.concat(found, ignore_index=True)
    refuse_other_texts(frame)
    return frame


def refuse_other_texts(frame: pd.DataFrame) -> None:
    """Refuse a panel whose cells cannot be compared.

    Args:
        frame: With the columns of `COLUMNS`; `repeat` begins with the number of the text and a stroke.

    Raises:
        UserMistake: Speakers answered different texts of a partner on an opener.
    """
    number = frame["repeat"].str.partition("/")[0]
    unique = frame.assign(number=number).drop_duplicates(["partner", "opener", "number", "text"])
    twice = unique[unique.duplicated(["partner", "opener", "number"], keep=False)]
    if len(twice):
        columns = (twice[key].tolist() for key in ("partner", "opener", "number", "speaker"))
        (*place, speaker), *others = zip(*columns, strict=True)
        other = next(row[3] for row in others if list(row[:3]) == place)
        raise UserMistake(
            f"{speaker} and {other} answered different texts of {place[0]} on {place[1]}; let all speakers "
            "answer one file of texts."
        )
