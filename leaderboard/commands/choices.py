"""What to say of a name that is none: the names that are nearest to it."""

from collections.abc import Sequence
from difflib import get_close_matches


def nearest(name: str, known: Sequence[str]) -> str:
    """The end of a sentence: `did you mean mazes, mazes-gap or maze_solo?`, else all names there are."""
    names = list(dict.fromkeys(known))
    near = get_close_matches(name.casefold(), names, n=3, cutoff=0.6)
    if not near:
        return f"choose one of {', '.join(names)}."
    first = f"{', '.join(near[:-1])} or " if near[1:] else ""
    return f"did you mean {first}{near[-1]}?"
