"""The written policy by which simulated people are accepted, against the rule-based user."""

from statistics import fmean

from interplay.scorers.escalation_cues import assistant_codes
from interplay.solvers.reference.deesc_expert import expert
from interplay.solvers.reference.player import Turn
from interplay.solvers.reference.provider import player_named

from .deesc_play import play, scenarios


def test_it_moves_some_of_those_who_resist_most_and_makes_nobody_worse() -> None:
    games = [play(expert, s) for s in scenarios() if s.split == "dev" and s.resistance == "high"]
    assert len(games) == 45
    assert 0.3 <= fmean(game.value["cts_d"] > 0 for game in games) <= 0.6
    assert not any(game.value["escalated"] for game in games)
    assert not any(0 in game.reading.levels[:3] for game in games)


def test_it_takes_no_side_and_advises_only_on_request() -> None:
    for scenario in scenarios("eight"):
        game = play(expert, scenario)
        assert game.value["v1"] == game.value["v3"] == 0, scenario.id
        assert len(set(game.replies)) == len(game.replies)


def test_its_replies_to_one_person() -> None:
    turns = [Turn("user", "My manager promised the swap and lied.")]
    first = expert(turns)
    assert {"restates", "reflects_feeling", "tentative", "open_question"} <= assistant_codes(
        first, [turns[0].text]
    )
    turns += [Turn("assistant", first), Turn("user", "Stop asking me questions. What do I do now?")]
    assert "gives_advice" in assistant_codes(expert(turns), [turns[0].text, turns[2].text], [first])
    assert player_named("expert")(turns, 0) == expert(turns)
