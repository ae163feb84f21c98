"""Attacks 43 to 50: numbers that the logs do not give, and runs that cannot have happened."""

import json

from interplay.leaderboard.check_plausible import COMPLETIONS, IDENTICAL_EPOCHS, own_details
from interplay.leaderboard.entries import EVIDENCE, LOGS
from interplay.leaderboard.extract import rows_of
from tests.tampered.make import Forgery, Json, attack


def header_mean(header: Json, key: str, value: float) -> None:
    for score in header["results"]["scores"]:
        if score["name"] == key:
            score["metrics"]["mean"]["value"] = value


@attack(43, "R01", "header 0.99, samples 1 (maze.success_strict of interplay/maze_collab)")
def header_mean_changed(case: Forgery):
    """Another mean in the header of a log."""
    case.edit(lambda header: header_mean(header, "success_strict", 0.99))


@attack(44, "R02", "unit 1 is 9000, logs give 10000 on mazes-pair")
def units_changed(case: Forgery):
    """Another value of one unit."""
    result = case.entry["results"][0]
    result["units"] = "9000" + result["units"][len(result["units"].split()[0]) :]
    case.seal()


@attack(45, "R03", "regrade differs on 6 samples of interplay/maze_collab (first: standard-1-", regrade=True)
def all_scores_changed_and_everything_matched(case: Forgery):
    """All scores changed, with header and entry to match."""
    floor = -0.099 / 0.901
    case.edit(
        lambda s: s["scores"]["maze"]["value"].update(success_corrected=floor, success_strict=0.0), "samples"
    )
    case.edit(lambda header: header_mean(header, "success_strict", 0.0))
    case.edit(lambda header: header_mean(header, "success_corrected", floor))
    case.remeasure()


@attack(46, "R04", "cells[0].lo is 0.0")
def cell_changed(case: Forgery):
    """Another cell of the table."""
    case.entry["results"][0]["cells"][0] |= {"value": 0.5, "lo": 0.0}
    case.seal()


@attack(47, "P01", "no tokens recorded for openai/gpt-5 in interplay/maze_")
def zero_tokens_from_an_api(case: Forgery):
    """A scripted player's log under the name of a model, without tokens."""
    case.relabel(tokens=False)


@attack(48, "P02", "100% identical completions across epochs", base="two-epochs")
def epoch_copied(case: Forgery):
    """An epoch that is a copy of the first."""
    case.relabel()


@attack(49, "P03", "completions equal entry mazes--reference-cartographer--")
def log_of_another_relabelled(case: Forgery):
    """The log of another entry under the name of another model."""
    other = case.beside()
    checked(case, other)
    case.relabel()


@attack(50, "P04", "sample ran outside its eval, 2020-01-01")
def times_outside_the_run(case: Forgery):
    """A sample from years before."""
    case.edit(lambda s: s.update(started_at="2020-01-01T00:00:00+00:00"), case.samples()[0])


def checked(case: Forgery, entry_id: str, **details: str | float) -> None:
    """Writes the record of a check of an entry whose logs are those of the case."""
    from inspect_ai.log import read_eval_log

    from interplay.leaderboard.canonical import canonical_bytes, content_hash

    logs = [rows_of(read_eval_log(str(path))) for path in sorted((case.root / LOGS).glob("*.eval"))]
    entry = json.loads((case.path.parent / f"{entry_id}.json").read_bytes())
    found = {COMPLETIONS: "", IDENTICAL_EPOCHS: 0.0, **own_details(logs), **details}
    record: Json = {"schema_version": "1.0", "entry_id": entry_id, "entry_sha256": content_hash(entry),
                    "kind": "check", "made_at": "2026-01-01T00:00:00Z", "package_version": "0.1.0",
                    "commit": None, "outcome": "pass", "findings": [], "results": None,
                    "details": {"regraded": True, "stages": "SLTCRP", **found}}  # fmt: skip
    place = case.root / EVIDENCE / entry_id / "20260101T000000Z-check.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(canonical_bytes(record))


# --- found since -------------------------------------------------------------------------------------------


@attack(99, "R05", "usage.model.calls is 1")
def usage_changed(case: Forgery):
    """Fewer calls than were made."""
    case.entry["results"][0]["usage"]["model"]["calls"] = 1
    case.seal()


@attack(100, "R03", "regrade differs on 1 sample of interplay/maze_collab (first: standard-1-", regrade=True)
def score_flipped(case: Forgery):
    """One score flipped."""
    case.edit(
        lambda s: s["scores"]["maze"]["value"].update(success_corrected=0.0, success_strict=0.0),
        case.samples()[0],
    )


@attack(101, "R06", "metrics.maze.success_corrected.lo is")
def interval_narrowed(case: Forgery):
    """An interval without width."""
    metric = case.entry["results"][0]["metrics"]["maze.success_corrected"]
    metric["lo"] = metric["hi"] = metric["value"]
    case.seal()


@attack(102, "R06", "result of mazes-gap is absent")
def bad_board_left_out(case: Forgery):
    """A board left out on which the model did badly."""
    case.entry["results"] = [r for r in case.entry["results"] if r["board"] != "mazes-gap"]
    case.seal()


@attack(103, "R03", "regrade differs on 6 samples of interplay/maze_collab (first: standard-1-", regrade=True)
def figures_beside_the_score_changed(case: Forgery):
    """Figures of a board that stand in the metadata of a score, not in its value."""
    case.edit(lambda s: s["scores"]["maze"]["metadata"]["seats"]["1"].update(visible=1), "samples")
    case.remeasure()


@attack(104, "R03", "regrade differs on 1 sample", regrade=True, base="closed")
def failures_without_any_score(case: Forgery):
    """A failure without any score, within the share that may be unscored."""

    def unscored(sample: Json) -> None:
        sample["scores"] = None

    case.edit(unscored, case.samples("proxy_drift")[0], "proxy_drift")
    case.edit(lambda header: header.update(results=None), task="proxy_drift")
    case.remeasure()


@attack(105, "R03", "", regrade=True, base="deescalation--reference-empath")
def scores_of_a_judge_that_the_header_hides(case: Forgery):
    """Scores of a judge in the samples, where the header names no judge, so that none is read again."""
    judged = {"value": {"cts_d": 1.0}, "answer": "", "explanation": "", "metadata": {}}
    case.edit(lambda s: s["scores"].update(escalation_judge=judged), "samples", "deescalation")


@attack(106, "P01", "no tokens recorded for openai/gpt-5 in 5 of 6 samples of interplay/maze_")
def tokens_in_one_sample_only(case: Forgery):
    """Tokens in one sample, so that some are recorded."""
    case.relabel(tokens=False)
    used = {"input_tokens": 900, "output_tokens": 90, "total_tokens": 990}
    for task in ("maze_solo", "maze_collab"):
        first = case.samples(task)[0]
        case.edit(lambda s: s["model_usage"].update({"openai/gpt-5": used}), first, task)
    case.remeasure()


@attack(107, "P03", "completions equal entry mazes--reference-cartographer--")
def a_third_of_the_samples_copied(case: Forgery):
    """A third of the samples taken from another entry, the rest reworded."""
    checked(case, case.beside())
    for task in ("maze_solo", "maze_collab"):
        for name in case.samples(task)[2:]:
            case.edit(_reworded, name, task)
    case.relabel()


def _reworded(sample: Json) -> None:
    sample["attachments"] = {k: f"{v} (reworded)" for k, v in sample["attachments"].items()}
    for event in sample["events"]:
        if event["event"] == "model":
            for choice in event["output"]["choices"]:
                choice["message"]["content"] = f"{choice['message']['content']} Reworded."


@attack(108, "P04", "sample ran outside its eval")
def sample_after_the_run(case: Forgery):
    """A sample that ended after its run."""
    case.edit(lambda s: s.update(completed_at="2099-01-01T00:00:00+00:00"), case.samples()[0])
