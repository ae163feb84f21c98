"""How an episode of each task is played: who sits where, on the engine of `solvers/dialogue.py`."""

from collections.abc import Callable, Sequence

from inspect_ai.model import get_model, model_roles
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.route_grade import action_lines
from interplay.solvers.dialogue import (
    Episode,
    Note,
    Script,
    Seat,
    Seats,
    Speaker,
    anything,
    ask_privately,
    converse,
    fixed,
    show,
    unchanged,
)
from interplay.solvers.relay import relay, speaks_strong, transplanted_opener

from .arguments import Control, Pairing, RelayMode, Starter, SystemRole, Track
from .conditions import refuse_roles
from .prompting import CAP, SEAT_MARK, message, says_phrase


@solver
def roles_bound(needed: list[str], unused: list[str]) -> Solver:
    """Refuse to play, before any call, when a role is missing or shows that another game was meant.

    Raises:
        UserMistake: in the sample, when the task was created before its roles were known.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        refuse_roles(model_roles(), needed, unused)
        return state

    return solve


@solver
def walk_alone(step: bool, critic: bool, own_line: bool, max_chars: int | None) -> Solver:
    """One player with both views: a plan, perhaps checked once, or one step a message.

    Seat 2 is a script that says `Noted. Go on.`, or asks for the check of the plan.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        player = get_model()
        seats = (
            Seat(player, opening=state.input_text, incoming=unchanged),
            Seat(always(message("step_next.txt" if step else "critic.txt")), opening=""),
        )
        episode = state.store_as(Episode)
        answers = 2 if critic else 1
        over = phrase_ends(own_line) if step else after_answers(answers)
        state.metadata |= {"starter": str(player), "second": None}
        try:
            await converse(seats, episode, cap=CAP, ends=over, max_chars=max_chars)
        finally:
            show(state, episode, seats)
        return state

    return solve


@solver
def talk_in_pair(
    track: Track,
    pairing: Pairing,
    script: str | None,
    starter: Starter,
    own_line: bool,
    max_chars: int | None,
    system_role: SystemRole,
) -> Solver:
    """Two seats: the model under test with its own copy, with role `partner`, or with a scripted player.

    The model under test holds seat 1, except where `starter="alternate"` gives seat 1 to the script.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        if script is not None:
            other = get_model(f"reference/{script}")
        elif pairing == "cross":
            other = get_model(role="partner", required=True)
        else:
            other = model
        opens = starter == "model" or model_opens(str(state.metadata["maze_id"]), str(state.metadata["seat"]))
        speakers = (model, other) if opens else (other, model)
        openings = state.input_text.split(SEAT_MARK)
        system = message("seat_system.txt")
        first, second = (
            Seat(speaker, opening, system, system_role=system_role)
            for speaker, opening in zip(speakers, openings, strict=True)
        )
        state.metadata |= {"starter": str(speakers[0]), "second": str(speakers[1])}
        return await play_pair(state, (first, second), track, own_line, max_chars)

    return solve


@solver
def hand_over(
    k: int,
    mode: RelayMode,
    control: Control,
    track: Track,
    own_line: bool,
    max_chars: int | None,
    system_role: SystemRole,
) -> Solver:
    """Relay: the model under test holds both seats, role `strong` speaks for seat 1 in part of the notes."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        weak = get_model()
        strong = get_model(role="strong", required=True)
        system = message("seat_system.txt")
        first, second = (
            Seat(weak, opening, system, system_role=system_role)
            for opening in state.input_text.split(SEAT_MARK)
        )
        opener = strong if speaks_strong(0, k, mode) else weak
        state.metadata |= {"starter": str(opener), "second": str(weak)}
        if control == "transplant":
            elsewhere = first._replace(opening=str(state.metadata["donor_opening"]))
            note = await transplanted_opener(strong, elsewhere, max_chars)
            state.store_as(Episode).said.append(note)
        speaker = relay(k, mode, strong)
        return await play_pair(state, (first, second), track, own_line, max_chars, speaker)

    return solve


async def play_pair(
    state: TaskState,
    seats: Seats,
    track: Track,
    own_line: bool,
    max_chars: int | None,
    speaker: Callable[[int, Seat], Speaker] = fixed,
) -> TaskState:
    """A dialogue in the given track; seat 1's context becomes the conversation that viewers show."""
    episode = state.store_as(Episode)
    structured = track == "structured"
    over = structured_ends(own_line) if structured else phrase_ends(own_line)
    try:
        await converse(
            seats,
            episode,
            cap=CAP,
            ends=over,
            speaker=speaker,
            check=asks_for_action if structured else anything,
            max_chars=max_chars,
        )
        if track == "commit":
            await ask_privately(seats, episode, message("commit.txt"))
    finally:
        show(state, episode, seats)
    return state


def model_opens(maze_id: str, order: str) -> bool:
    """Who opens a sample of C5 with alternating starter.

    The model opens AB samples and the script BA samples, the other way round in mazes with an odd number, so
    that the model holds either half equally often.
    """
    odd = int(maze_id.rsplit("-", 1)[1]) % 2 == 1
    return (order == "AB") != odd


def always(text: str) -> Script:
    """A scripted seat that says the same in every note."""

    def script(notes: Sequence[Note]) -> str:
        return text

    return script


def phrase_ends(own_line: bool) -> Callable[[Sequence[Note]], str | None]:
    """The game ends with the phrase, reason `phrase`."""
    return lambda notes: "phrase" if says_phrase(notes[-1].text, own_line) else None


def structured_ends(own_line: bool) -> Callable[[Sequence[Note]], str | None]:
    """The game ends with the phrase or with the action DONE, reason `done`."""
    phrase = phrase_ends(own_line)

    def ends(notes: Sequence[Note]) -> str | None:
        _, done = action_lines(notes[-1].text)
        return phrase(notes) or ("done" if done else None)

    return ends


def after_answers(answers: int) -> Callable[[Sequence[Note]], str | None]:
    """The game ends with the player's last answer, reason `answer`."""
    return lambda notes: "answer" if sum(note.seat == 1 for note in notes) >= answers else None


def asks_for_action(note: Note) -> str | None:
    """What to ask a seat whose note has no valid action line."""
    acts, done = action_lines(note.text)
    return None if acts or done else message("structured_retry.txt")
