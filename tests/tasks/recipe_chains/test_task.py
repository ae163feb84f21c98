"""The task from the front door: known speakers, modes, harvested texts, and arguments that are wrong."""

from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pytest
from click.testing import CliRunner
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model

from interplay.leaderboard.cli import program
from interplay.solvers.dialogue import Episode
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains import recipe_chains
from interplay.tasks.recipe_chains.arguments import Chains
from interplay.tasks.recipe_chains.dataset import samples_of
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.play import chain
from interplay.tasks.recipe_chains.runs import run_size

DOSES = ("flat", "mixed", "hedged")
EXPECTED = {
    "hedger": (4 / 6, 4 / 6, 4 / 6),
    "asserter": (1 / 6, 1 / 6, 1 / 6),
    "mirror": (1 / 6, 3 / 6, 5 / 6),
    "contrarian": (5 / 6, 3 / 6, 1 / 6),
}
BAND = 0.06


def run(
    tmp_path: Path, player: str = "mirror", roles: dict[str, str] | None = None, **args: object
) -> EvalLog:
    (log,) = inspect_eval(
        recipe_chains(**args),  # type: ignore[arg-type]
        model=f"reference/{player}",
        model_roles=roles,
        log_dir=str(tmp_path / "logs"),
        display="none",
    )
    return log


def samples(log: EvalLog) -> list[EvalSample]:
    assert log.status == "success", log.error
    assert log.samples
    return log.samples


def share(sample: EvalSample) -> float:
    assert sample.scores
    value = sample.scores["hedging"].value
    assert isinstance(value, dict)
    return float(value["hedged_share"])  # type: ignore[arg-type]


def text_of(sample: EvalSample) -> str:
    return next(o.text for o in openers() if o.id == sample.metadata["opener_id"])


@pytest.mark.parametrize(
    "player",
    [pytest.param(name, marks=() if name == "hedger" else pytest.mark.slow) for name in EXPECTED],
)
def test_known_speakers_come_out_as_they_are(player: str, tmp_path: Path):
    by_dose: dict[str, list[float]] = defaultdict(list)
    for sample in samples(run(tmp_path, player, n_openers=24)):
        by_dose[sample.metadata["dose"]].append(share(sample))
    assert {dose: len(by_dose[dose]) for dose in DOSES} == dict.fromkeys(DOSES, 48)
    assert [fmean(by_dose[dose]) for dose in DOSES] == pytest.approx(EXPECTED[player], abs=BAND)


def test_epochs_differ_and_runs_do_not(tmp_path: Path):
    first, second = (
        {(s.id, s.epoch): s.messages[-1].text for s in samples(run(tmp_path, repeats=2, preset="smoke"))}
        for _ in range(2)
    )
    assert first == second
    assert any(first[i, 1] != first[i, 2] for i, _ in first)


def test_a_partner_is_quoted_under_its_topic_and_nobody_is_named(tmp_path: Path):
    sample = samples(run(tmp_path, preset="smoke"))[0]
    system, asked, _ = sample.messages
    assert system.text.startswith("You take part in a short written discussion.")
    head, quote, request = asked.text.split("\n\n")
    assert head == f"Topic: {text_of(sample)}"
    assert quote.startswith('Another participant wrote:\n"""\n')
    assert request == "Your reply:"


def test_without_a_partner_the_topic_alone_is_answered(tmp_path: Path):
    log = run(tmp_path, "asserter", preset="smoke", partners="none")
    assert [s.id for s in samples(log)] == [f"{s.metadata['opener_id']}:none" for s in samples(log)]
    sample = samples(log)[0]
    assert sample.messages[1].text == f"Topic: {text_of(sample)}\n\nYour reply:"


@pytest.mark.slow
def test_a_shift_of_wording_vanishes_when_the_text_is_reworded(tmp_path: Path):
    by_dose: dict[str, list[float]] = defaultdict(list)
    for sample in samples(run(tmp_path, n_openers=24, mode="swap")):
        by_dose[sample.metadata["dose"]].append(share(sample))
    assert fmean(by_dose["hedged"]) == pytest.approx(fmean(by_dose["flat"]), abs=BAND)


def test_a_live_exchange_has_two_replies_of_the_speaker(tmp_path: Path):
    log = run(tmp_path, "asserter", {"partner": "reference/mirror"}, preset="smoke", mode="live")
    for sample in samples(log):
        notes = sample.store_as(Episode).notes
        assert [(n.seat, n.model) for n in notes] == [
            (1, "reference/mirror"),
            (2, "reference/asserter"),
        ] * 2
        assert sample.scores
        assert {"turn_1", "turn_2"} <= set(sample.scores["hedging"].metadata or {})


@pytest.mark.slow
def test_texts_of_checkpoints_are_harvested_and_answered(tmp_path: Path):
    for player in ("hedger", "asserter"):
        run(tmp_path, player, partners="none", repeats=1)
    file = tmp_path / "panel.jsonl"
    cli = CliRunner()
    result = cli.invoke(program, ["recipe", "harvest", str(tmp_path / "logs"), "--out", str(file)])
    assert result.exit_code == 0, result.output
    assert f"{2 * len(openers())} texts of 2 partners." in result.output
    log = run(tmp_path, partners=str(file), repeats=1, n_openers=12)
    assert {s.metadata["partner"] for s in samples(log)} == {"hedger", "asserter"}
    again = cli.invoke(program, ["recipe", "harvest", str(tmp_path / "logs"), "--out", str(file)])
    assert again.exit_code == 2
    assert "panel.jsonl exists; give another --out, or --force to replace it." in again.output
    mixed = cli.invoke(
        program, ["recipe", "harvest", str(tmp_path / "logs"), "--out", str(tmp_path / "new.jsonl")]
    )
    assert mixed.exit_code == 2
    assert "no log of interplay/recipe_chains with -T partners=none; leave it out." in mixed.output


def mock(*replies: tuple[str, str]) -> Model:
    """A model that gives these texts with their stop reasons, then the first again."""
    outputs = []
    for text, stop in replies:
        output = ModelOutput.from_content("mockllm/model", text, stop_reason=stop)  # type: ignore[arg-type]
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        outputs.append(output)
    return get_model("mockllm/model", custom_outputs=outputs, memoize=False)


def test_replies_that_are_cut_or_empty_are_unscored_by_reason(tmp_path: Path):
    endless = "It may well be so. <think>Perhaps it is not"
    model = mock(("It may well be so.", "stop"), ("It may", "max_tokens"), ("", "stop"), (endless, "stop"))
    (log,) = inspect_eval(
        recipe_chains(preset="smoke", partners="none"),
        model=model,
        log_dir=str(tmp_path),
        display="none",
        max_samples=1,
    )
    scores = [sample.scores["hedging"] for sample in samples(log) if sample.scores]
    assert sorted(str(score.reason) for score in scores) == [
        "None",
        "no_response",
        "truncated",
        "truncated",
    ]


def test_the_chain_solver_leaves_one_note_of_the_speaker(tmp_path: Path):
    sample = samples_of(Chains(preset="smoke"))[0]
    (log,) = inspect_eval(
        Task(dataset=[sample], solver=chain("replay")),
        model=mock(("Perhaps it is so.", "stop")),
        log_dir=str(tmp_path),
        display="none",
    )
    notes = samples(log)[0].store_as(Episode).notes
    assert [(note.seat, note.text) for note in notes][1:] == [(2, "Perhaps it is so.")]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"mode": "dream"}, "mode=dream"),
        ({"frame": "court"}, "frame=court"),
        (
            {"partners": "panel-mine"},
            "partners=panel-mine: there are controlled; for texts of a checkpoint run",
        ),
        ({"partners": "no.jsonl"}, "partners=no.jsonl: there is no such file"),
        ({"n_openers": 0}, "n_openers=0"),
        ({"repeats": 0}, "repeats=0"),
        ({"mode": "swap", "partners": "none"}, "there is no text to rewrite"),
        ({"preset": "paper"}, "name its file with -T partners=FILE.jsonl"),
    ],
)
def test_arguments_that_are_wrong_are_refused_in_one_sentence(args: dict[str, object], message: str):
    with pytest.raises(UserMistake) as mistake:
        recipe_chains(**args)  # type: ignore[arg-type]
    assert message in str(mistake.value)


def test_a_role_without_use_is_refused(tmp_path: Path):
    """`able_to_play` ends the run before the first call."""
    log = run(tmp_path, "mirror", {"partner": "reference/hedger"}, preset="smoke")
    assert log.status == "error"
    assert log.error
    assert "role partner is bound, but mode=replay has no use for it; drop the role." in log.error.message


def test_sizes_of_all_presets_are_told_before_a_run():
    result = CliRunner().invoke(program, ["show", "recipe_chains"])
    assert result.exit_code == 0, result.output
    sizes = {
        preset: run_size("recipe_chains", {"preset": preset}) for preset in ("standard", "paper", "smoke")
    }
    assert {preset: size.samples * size.epochs for preset, size in sizes.items()} == {
        "standard": 720,
        "paper": 11 * 120 * 2,
        "smoke": 12,
    }
    assert all(set(size.judges) == {"grader"} for size in sizes.values())
    assert sizes["paper"].judges == sizes["standard"].judges


def test_roles_that_may_stay_unbound_are_counted_apart():
    live = run_size("recipe_chains", {"mode": "live"})
    assert set(live.judges) == {"partner", "grader"}
    assert live.judges["grader"].calls == live.calls == 2
    assert set(run_size("recipe_chains", {"mode": "swap", "judge": False}).judges) == {"paraphraser"}
    assert run_size("recipe_chains", {"partners": "none"}).judges == {}
