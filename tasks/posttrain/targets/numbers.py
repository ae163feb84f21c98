"""Numbers in answers: the last `ANSWER:` line, else the last number, compared strictly (pure).

    number_in("So 3 + 9 = 12.\\nANSWER: 12.0")    Decimal("12")
    number_in("about 1,250 dollars")              Decimal("1250")

Commas between thousands, a unit before or after, and zeros at the end make no difference; nothing else is
forgiven. A fraction or a formula is no number.
"""

import re
from decimal import Context, Decimal, InvalidOperation

ANSWER_LINE = re.compile(r"^[\s*_#>]*ANSWER\s*:\s*(.*)$", re.IGNORECASE | re.MULTILINE)
NUMBER = re.compile(
    r"(?<![\w./^])(?<![/^][-−+])[-−+]?(?:(?>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![\w]*[\d/^])|\.\d+)"
)
LONGEST_NUMBER = 60
EXACT = Context(prec=LONGEST_NUMBER)


def answer_line(text: str) -> str | None:
    """What stands behind the last `ANSWER:`, without marks around it; None if there is no such line."""
    found = ANSWER_LINE.findall(text)
    return found[-1].strip().strip("*_$`").strip() if found else None


def numbers_in(text: str) -> list[Decimal]:
    """All numbers of a text in their order."""
    found: list[Decimal] = []
    for match in NUMBER.findall(text):
        number = decimal_of(match)
        if number is not None:
            found.append(number)
    return found


def decimal_of(text: str) -> Decimal | None:
    """The number that a text is, trailing zeros dropped; None if it is none."""
    plain = text.strip().replace("−", "-").replace(",", "")
    if len(plain) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return EXACT.add(number.normalize(EXACT), Decimal(0)) if number.is_finite() else None


def number_in(text: str) -> Decimal | None:
    """The number that an answer gives: the one of its last `ANSWER:` line, else its last number.

    A line with several numbers counts by its last; one without any is no answer.
    """
    line = answer_line(text)
    found = numbers_in(text if line is None else line)
    return found[-1] if found else None
