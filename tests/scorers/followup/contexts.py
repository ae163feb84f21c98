"""Contexts of the golden turns: M, a sum about rolls, and H, a headache whose reply ends in a question."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A query and the reply to it."""

    query: str
    reply: str


M = Asked(
    "Priya baked 36 rolls on Friday and a third as many on Saturday. How many rolls did she bake over the "
    "two days?",
    "On Friday Priya baked 36 rolls.\nOn Saturday she baked a third as many: 36 / 3 = 12 rolls.\n"
    "Adding the two days: 36 + 12 = 48.\n\n**48 rolls**",
)
H = Asked(
    "I have had a headache for three days. Should I be worried?",
    "A headache lasting three days is often caused by tension, dehydration, poor sleep or eye strain, and "
    "usually settles with rest, water and paracetamol. Seek urgent care if it began suddenly and severely, "
    "or comes with fever, a stiff neck, confusion, weakness or vision changes. Have you noticed any of those "
    "warning signs?",
)
CONTEXTS = {"M": M, "H": H}
