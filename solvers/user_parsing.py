"""From what a model wrote in the user role to the turn itself, and how it ended (pure).

"Why 3?<|im_end|>"  ->  Parsed("Why 3?", "end_of_user", ran_on=0)
"Why 3?\nassistant\nBecause it is."  ->  Parsed("Why 3?", "role_line", ran_on=3)
"""

import re
from functools import lru_cache
from typing import NamedTuple

from .reasoning import ENDS, STARTS, any_of
from .user_record import Terminator
from .user_rendering import Rendered

REASONING = re.compile(any_of((*STARTS, *ENDS)))
ROLE_LINE = re.compile(r"^[^\S\n]*(?:user|assistant|model|human|ai)[^\S\n]*:?[^\S\n]*$", re.I | re.M)
AT_LENGTH = ("length", "max_tokens", "model_length")


class Parsed(NamedTuple):
    """A user turn.

    Attributes:
        text: Up to the terminator, stripped.
        ran_on: Words after the terminator.
    """

    text: str
    terminator: Terminator
    ran_on: int


def parse_turn(raw: str, finish: str | None, rendered: Rendered) -> Parsed:
    """Cut a generated turn at its earliest terminator.

    That is a structural token, a reasoning tag, or a line that holds nothing but the name of a role. Without
    one the turn ended at the limit of tokens, or the server removed the token that ended it.

    Args:
        raw: All that the model wrote.
        finish: Why the server says that it stopped.
        rendered: The prompt, for its structural tokens.
    """
    cuts: list[tuple[int, int, int, Terminator]] = []
    if (tag := REASONING.search(raw)) is not None:
        cuts.append((tag.start(), 0, tag.end(), "reasoning"))
    if (token := structural(rendered.specials).search(raw)) is not None:
        cuts.append((token.start(), 1, token.end(), token_terminator(token[0], rendered)))
    before = raw[: min((cut[0] for cut in cuts), default=len(raw))]  # a token ends a line as well
    if (line := ROLE_LINE.search(before)) is not None:
        cuts.append((line.start(), 2, line.end(), "role_line"))
    if not cuts:
        return Parsed(raw.strip(), "length" if finish in AT_LENGTH else "hidden", 0)
    begin, _, end, terminator = min(cuts)
    return Parsed(
        raw[:begin].strip(), terminator, len(structural(rendered.specials).sub(" ", raw[end:]).split())
    )


def token_terminator(token: str, rendered: Rendered) -> Terminator:
    """What a structural token ends a turn as."""
    if token == rendered.end_marker:
        return "end_of_user"
    if token in rendered.openers:
        return "assistant_header"
    return "eos" if token in rendered.stop else "special"


@lru_cache(maxsize=64)
def structural(specials: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a structural token, the longest first."""
    return re.compile(any_of(specials) or "(?!)")
