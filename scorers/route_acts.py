"""What a note does, as data: the acts that reading yields and agreement is decided on (pure).

"Yes. We're at (0,1). Next I propose (0,2), it's open."
-> Accept, Position((0,1)), Propose((0,2)), Claim((0,2), open)
"""

from typing import Literal, NamedTuple

from .route_steps import Mention, Order, Step

State = Literal["wall", "open", "key", "goal", "start", "hidden"]


class Declare(NamedTuple):
    """Words that say how cells are named; what they leave open is None.

    `corner` is a cell that was placed in a corner: the mention, at the top, at the left. `letters` says that
    the order speaks of a letter and a number. `switch` marks a change of an earlier convention.
    """

    base: Literal[0, 1] | None = None
    order: Order | None = None
    top: bool | None = None
    left: bool | None = None
    letters: bool = False
    corner: tuple[Mention, bool, bool] | None = None
    switch: bool = False


class Claim(NamedTuple):
    """What the speaker's own map shows at a cell; `own` is False for a key that is not the speaker's."""

    cell: Mention
    state: State
    own: bool = True


class Accept(NamedTuple):
    """Consent. `force` 2 in so many words, 1 a nod, 0 on a condition.

    `about` are cells of which the same sentence says what they are: "Yes, (1,2) is open" may answer a
    question about that cell instead of the proposal. `late` marks consent after a change of mind; `lone`
    that the sentence says nothing else.
    """

    force: Literal[0, 1, 2] = 2
    about: tuple[Mention, ...] = ()
    late: bool = False
    lone: bool = False


class Reject(NamedTuple):
    """Refusal, of certain steps or, without any, of whatever was proposed.

    `firm`: in so many words. `whole`: of all that was proposed, for a reason that is given with it.
    """

    steps: tuple[Step, ...] = ()
    firm: bool = True
    whole: bool = False


class Doubt(NamedTuple):
    """Hesitation: takes the force out of a nod. `hold`: the answer is put off in so many words."""

    hold: bool = False


class Adopt(NamedTuple):
    """Consent to a way of naming cells, not to a step."""


class Withdraw(NamedTuple):
    """The speaker takes the own proposal back."""


class Question(NamedTuple):
    """A question about what the other sees."""


class Position(NamedTuple):
    """The token is said to stand on a cell; `recap` if it is the end of a list of past cells."""

    cell: Mention
    recap: bool = False


class Did(NamedTuple):
    """Directions that are told as done: "we moved right"."""

    steps: tuple[Step, ...]


class Propose(NamedTuple):
    """Steps that the speaker asks for, or repeats while agreeing.

    `options`: one of several ("A or B"). `fallback`: only if the first choice fails. `echo`: in the same
    breath as consent. `onward`: after the step spoken of before. `instead`: in place of it. `bare`: the
    steps stand alone. `hint`: the note asks for nothing in so many words, but ends on these steps.
    `step_of` is a cell that the words name as the one it starts from. `total`: counted with what was asked
    for before.
    """

    steps: tuple[Step, ...]
    options: bool = False
    fallback: bool = False
    echo: bool = False
    onward: bool = False
    instead: bool = False
    bare: bool = False
    hint: bool = False
    step_of: Mention | None = None
    total: bool = False


Act = Declare | Claim | Accept | Reject | Doubt | Adopt | Withdraw | Question | Position | Did | Propose


class MapRow(NamedTuple):
    """A line of a map that was copied into a note; `label` is the number or letter in front of it."""

    symbols: str
    label: str


class NoteReading(NamedTuple):
    """One note: its acts in the order of the text, its map lines, the cells and the steps that it names.

    `recanted` are the steps that it names before it takes something back.
    """

    acts: tuple[Act, ...]
    rows: tuple[MapRow, ...]
    mentions: tuple[Mention, ...] = ()
    named: tuple[Step, ...] = ()
    recanted: tuple[Step, ...] = ()
