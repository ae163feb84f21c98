"""Texts and numbers that records of the leaderboard are made of: ids, hashes, versions, moments, counts."""

from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

ENTRY_ID = r"^[a-z_]{3,20}--[a-z0-9.-]{1,80}--\d{8}--[0-9a-f]{8}$"
MODEL_ID = r"^[a-z0-9_-]{2,40}(/[A-Za-z0-9_.:@+-]{1,100}){1,3}$"
BOARD_ID = r"^[a-z0-9-]{3,40}$"
SAMPLE_ID = r"^[A-Za-z0-9_.:-]{1,120}$"
LOG_URI = (
    r"^(repo:leaderboard/logs/[A-Za-z0-9_.-]{1,120}\.eval"
    r"|hf://datasets/[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}@[0-9a-f]{40}/[A-Za-z0-9_./-]{1,200}\.eval)$"
)


def _ascii(text: str) -> str:
    if not text.isascii():
        raise ValueError("is not ASCII")
    return text


def _named(text: str) -> str:
    if {".", ".."} & set(text.split("/")):
        raise ValueError('has a part "." or ".."')
    return text


def _moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no moment of the calendar") from None
    return text


Semver: TypeAlias = Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,6}([.+-][A-Za-z0-9.+-]{1,40})?$")]
Hex40: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
Hex64: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment: TypeAlias = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"), AfterValidator(_moment)
]
EntryId: TypeAlias = Annotated[str, Field(pattern=ENTRY_ID)]
BoardId: TypeAlias = Annotated[str, Field(pattern=BOARD_ID)]
ModelId: TypeAlias = Annotated[str, AfterValidator(_ascii), Field(pattern=MODEL_ID), AfterValidator(_named)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=10**15)]
Role: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Short: TypeAlias = Annotated[str, Field(min_length=1, max_length=60)]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9_.]{0,79}$")]
