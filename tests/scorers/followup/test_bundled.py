"""The rules on all bundled contexts: authored next turns, scripted players, replies to other questions."""

import pytest

from interplay.scorers.followup_rules import label_turn
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.user_turn_players import ANSWER, USER_TURN_PLAYERS
from interplay.tasks.user_turn.bundled import bundled
from interplay.tasks.user_turn.context import Context
from interplay.tasks.user_turn.donors import donors

LABELS = {
    "parrot": "restate_prompt",
    "drifter": "assistant_drift",
    "closer": "closer",
    "curious": "genuine",
}


def label(turn: str, context: Context, reply: str) -> str:
    return label_turn(turn, context.queries, reply).label


def own(context: Context) -> tuple[str, str]:
    """The authored next turn and the reply that it follows."""
    assert context.next_turn is not None
    assert context.reply is not None
    return context.next_turn, context.reply


def test_nearly_all_authored_next_turns_are_genuine():
    assert sum(label(turn, c, reply) == "genuine" for c in bundled() for turn, reply in [own(c)]) >= 54


def test_few_of_them_stay_genuine_after_replies_to_other_questions():
    labels = [label(own(c)[0], c, reply) for c in bundled() for reply in donors(c.id, c.domain)]
    assert labels.count("genuine") <= 0.16 * len(labels)


def test_no_next_turn_is_genuine_after_a_blank_reply():
    assert not any(label(own(c)[0], c, "") == "genuine" for c in bundled())


@pytest.mark.parametrize("name", LABELS)
def test_a_player_has_its_label_on_every_context_and_reply(name: str):
    for context in bundled():
        for reply in (own(context)[1], ANSWER):
            asked = f"<conversation>\nPERSON: {context.query}\n\nASSISTANT: {reply}\n</conversation>"
            turn = USER_TURN_PLAYERS[name]([Turn("user", asked)])
            assert label(turn, context, reply) == LABELS[name], f"{context.id}: {turn}"
