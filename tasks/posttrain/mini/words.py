"""The 195 words of the mini models, and their order in the vocabulary (pure).

A word stands between spaces. Ids 0 to 4 are `<p>` (padding and unknown words), `<u>` and `<a>` (the headers
of the two roles), `<e>` (end of a turn) and `<s>` (between documents of the base's training text).
"""


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


PAD, USER, ASSISTANT, END, START = SPECIALS = ("<p>", "<u>", "<a>", "<e>", "<s>")
NAMES = listed("Ana Ben Cem Dora Eli Fay Gus Hana Ivo June Kai Lena Milo Nora Omar Pia Quin Rosa Sven Tara")
OBJECTS = listed("pens cups books coins shells stamps apples buttons")
INVENTED = listed(
    """bafi bodu cavo cemi dalu dovu fepo fina gabo gimu hevi hulo jafe jori kibo kuza lemi loda mafu meko
    nilo nuva pagi pelu rado rezi sibu sofe tavi tolu vabe vizo wemu wilo xabi xero yalo yudi zefa zumi"""
)
COLOURS = listed("red blue green black white gold")
LARGEST = 40
NUMBERS = tuple(str(n) for n in range(LARGEST + 1))
OPTIONS = listed("A B C D")
TOOLS = listed("lamp door radio fan robot printer")
OPCODES = listed("IN PUSH ADD SUB MUL DUP OUT EXIT")
MARKS = listed(". ? : , ( ) = + @ * # /")
OTHER = listed(
    """has and gets more How many ANSWER
    What color is the of
    tool who what count request call
    program x times plus
    thanks bye Where are they near like it
    left right hops then Q
    we saw a big old day in on from to"""
)

WORDS: tuple[str, ...] = (
    *SPECIALS,
    *NAMES,
    *OBJECTS,
    *INVENTED,
    *COLOURS,
    *NUMBERS,
    *OPTIONS,
    *TOOLS,
    *OPCODES,
    *MARKS,
    *OTHER,
)
