"""Conditions beside the steps of a masked sentence, and what is only weighed in it (pure).

"C, C, if that is open for you"            -> "C, C"
"H, and, provided C is free for you, H"    -> "H, H"
"we could go H, but i can't see that cell" -> only weighed
"""

import re

_MAYBE = re.compile(r"\b(?:if|assuming|provided|as long as)\b")
_PROVIDED = re.compile(
    r"(?<=[CH])(?:,| –| —|) ?(?:please,? )?(?:if|assuming|provided|as long as) (?:that |it |it's "
    r"|that's |you |your |also |is |are |can |see |have |agree |free |open |clear |ok |okay "
    r"|fine |good |with |it |on |your |side |map |for |too |by |works |suits )*"
    r"(?:you|it|that|open|free|clear|agree|fine|ok|okay|side|map|end|yours|works|too|there|good)(?=[.!?]?$)"
)
_BETWEEN = re.compile(
    r"(?<=[CH])(?:, and|,| and),? ?(?:but )?(?:only )?(?:if|assuming|provided|as long as)(?: that)? "
    r"[^,;:CH]{1,50}\b(?:free|open|clear|passable|no wall|not a wall|isn't a wall)\b[^,;:CH]{0,30}, "
    r"(?=(?:(?:and |then |finally )*)[CH])"
)
"""A condition between two steps of a list."""
_WEIGHED = re.compile(r"\b(?:we|one|you) (?:could|can|might|may)\b[^,;:CH]{0,40}$")
_BUT = re.compile(
    r"[^CH]*,? (?:but|though|although|yet) (?!only\b|first\b|please\b|is\b|can you\b|could you\b"
    r"|let me know\b|tell me\b|i(?:'d)? need\b|you (?:need|have|must)\b|you'(?:d|ll)\b|do you\b|it's your\b)"
)


def without_provisos(text: str) -> str:
    """The sentence without conditions that hold for its own steps alone."""
    if not _MAYBE.search(text):
        return text
    if cut := _PROVIDED.search(text):
        text = text[: cut.start()] + text[cut.end() :]
    return _BETWEEN.sub(", ", text)


def only_weighed(text: str, begin: int, end: int) -> bool:
    """What a masked sentence says could be done, and speaks against in the same breath.

    The steps stand from `begin` to `end`.
    """
    return _BUT.match(text, end) is not None and _WEIGHED.search(text[:begin]) is not None
