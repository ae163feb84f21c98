"""What models are sent, word for word, in every condition.

Run `python -m tests.tasks.mazes.test_prompts` to write the golden files anew.
A changed golden file means that results are no longer comparable: the major version of the tasks goes up.
"""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from interplay.tasks.mazes.arguments import Collab, Game, Relay, Solo
from interplay.tasks.mazes.dataset import samples_of
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.maze import HALVES, render_half
from interplay.tasks.mazes.prompting import SEAT_MARK, _environment, collab_prompt, message, says_phrase

GOLDEN = Path(__file__).parents[2] / "golden" / "mazes" / "prompts"
GAMES: dict[str, Game] = {
    "C1": Solo(view="full"),
    "C2": Solo(view="distributed"),
    "C3": Solo(view="distributed", mode="step"),
    "C4": Collab(condition="C4"),
    "C5": Collab(condition="C5"),
    "C6": Collab(condition="C6"),
    "C7": Collab(condition="C7"),
    "C7-assistance-1": Collab(assistance=1),
    "C7-assistance-2": Collab(assistance=2),
    "C7-assistance-3": Collab(assistance=3),
    "C7-assistance-4": Collab(assistance=4),
    "C7-structured": Collab(track="structured"),
    "C1-paper": Solo(preset="paper", view="full"),
    "C2-paper": Solo(preset="paper"),
    "C3-paper": Solo(preset="paper", mode="step"),
    "C4-paper": Collab(preset="paper", condition="C4"),
    "C7-paper": Collab(preset="paper"),
    "C7-paper-size-4": Collab(preset="paper", size=4, density=0.5),
    "relay": Relay(),
}
MESSAGES = ("seat_system.txt", "step_next.txt", "critic.txt", "commit.txt", "structured_retry.txt")


def rendered(name: str) -> str:
    """The first sample of a game, and of the other order where there is one."""
    samples = samples_of(GAMES[name])
    first = samples[0].metadata or {}
    both = [s for s in samples if (s.metadata or {})["maze_id"] == first["maze_id"]]
    return "\n\n".join(f"##### {sample.id}\n{sample.input}" for sample in both) + "\n"


@pytest.mark.parametrize("name", GAMES)
def test_prompts_are_the_published_ones(name: str):
    assert rendered(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MESSAGES)
def test_fixed_messages_are_the_published_ones(name: str):
    assert message(name) + "\n" == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GAMES)
def test_no_blank_line_slot_or_trailing_space_is_left(name: str):
    for sample in samples_of(GAMES[name])[:6]:
        text = str(sample.input)
        assert "{" not in text
        assert "\n\n" not in text
        assert not re.search(r"[ \t]$", text, re.MULTILINE)
        assert text.startswith("[user]: ")


def test_a_missing_slot_is_an_error():
    with pytest.raises(UndefinedError):
        _environment().get_template("rules_collab.jinja").render(grid="@*")


def test_only_seat_1_is_asked_for_the_first_note():
    for sample in samples_of(Collab()):
        first, second = str(sample.input).split(SEAT_MARK)
        assert first.endswith("\nWrite the first note.")
        assert "Write the first note." not in second


def test_orders_exchange_the_maps_and_nothing_else():
    samples = samples_of(Collab(mazes=3))
    for ab, ba in zip(samples[::2], samples[1::2], strict=True):
        swapped = [half.split("hidden):\n")[1] for half in str(ba.input).split(SEAT_MARK)]
        straight = [half.split("hidden):\n")[1] for half in str(ab.input).split(SEAT_MARK)]
        invitation = "\nWrite the first note."
        assert [m.removesuffix(invitation) for m in swapped] == [
            m.removesuffix(invitation) for m in reversed(straight)
        ]


def test_each_seat_is_shown_its_half_and_not_the_other():
    mazes = {maze.maze_id: maze for maze in load("standard-1")}
    for sample in samples_of(Collab()):
        assert sample.metadata is not None
        maze = mazes[sample.metadata["maze_id"]]
        views = {half: render_half(maze.rows, maze.owner, half) for half in HALVES}
        own, other = sample.metadata["seat"]
        first, second = str(sample.input).split(SEAT_MARK)
        assert views[own] in first
        assert views[other] not in first
        assert views[other] in second
        assert views[own] not in second


def test_the_cap_and_the_rule_for_the_phrase_are_told():
    prompt = collab_prompt("@*", full=False, keys=True, first=True)
    assert "You have 50 notes between you." in prompt
    assert "write TAVIREL! as a line of its own. That line ends the game." in prompt
    loose = collab_prompt("@*", full=False, keys=True, first=True, own_line=False)
    assert "say TAVIREL! This ends the game." in loose


@pytest.mark.parametrize(
    ("text", "own_line", "anywhere"),
    [
        ("TAVIREL!", True, True),
        ("Agreed, we are at (1,4).\n  TAVIREL!  \n", True, True),
        ("Shall we say TAVIREL! now?", False, True),
        ('At the goal write "TAVIREL!".', False, True),
        ("> TAVIREL!", False, True),
        ("tavirel!", False, False),
        ("TAVIREL", False, False),
        ("", False, False),
    ],
)
def test_when_the_phrase_ends_the_game(text: str, own_line: bool, anywhere: bool):
    assert says_phrase(text, own_line=True) is own_line
    assert says_phrase(text, own_line=False) is anywhere


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for game in GAMES:
        (GOLDEN / f"{game}.txt").write_text(rendered(game), encoding="utf-8", newline="\n")
    for fixed in MESSAGES:
        (GOLDEN / fixed).write_text(message(fixed) + "\n", encoding="utf-8", newline="\n")
