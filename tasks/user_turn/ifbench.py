"""Strict check of IFBench instructions, with the checkers of the extra `ifbench` where they are installed.

The extra is the package `if-verifiable`; its checkers read data of NLTK, which it fetches when first used.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

NLTK_DATA = (
    "tokenizers/punkt_tab",
    "taggers/averaged_perceptron_tagger_eng",
    "corpora/stopwords",
)


def follows_all(reply: str, meta: Mapping[str, object]) -> bool | None:
    """Whether a reply follows all instructions of a context, None where the checkers can not run here.

    Args:
        reply: The visible reply.
        meta: `instruction_id_list` and `kwargs` as in the data set.

    Raises:
        ValueError: An instruction that the checkers do not know.
    """
    known = checkers()
    if known is None:
        return None
    names = cast(Sequence[str], meta["instruction_id_list"])
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"IFBench has no checker {unknown[0]!r}")
    each = cast(Sequence[Mapping[str, object]], meta["kwargs"])
    return bool(reply.strip()) and all(
        follows(known[name](name), arguments, reply) for name, arguments in zip(names, each, strict=True)
    )


def follows(checker: Any, arguments: Mapping[str, object], reply: str) -> bool:
    """Whether a reply follows one instruction."""
    given = {name: value for name, value in arguments.items() if value is not None}
    checker.build_description(**given)
    return bool(checker.check_following(reply))


@cache
def checkers() -> Mapping[str, Any] | None:
    """Class of checker by instruction, None where the extra or its data are missing."""
    try:
        import nltk.data  # pyright: ignore[reportMissingImports]
        from if_verifiable.ifbench.instructions_registry import (  # pyright: ignore[reportMissingImports]
            INSTRUCTION_DICT,
        )
    except ImportError:
        return None
    try:
        for path in NLTK_DATA:
            nltk.data.find(path)
    except LookupError:
        return None
    return cast(Mapping[str, Any], INSTRUCTION_DICT)
