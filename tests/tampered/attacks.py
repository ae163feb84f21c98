"""The attacks, in the order of the checker's stages. The docstring-free names say what is done."""

import json
import os

from tests.leaderboard.archives import Part, repeated
from tests.tampered.make import Forgery, Json, attack

# --- S: the entry file -------------------------------------------------------------------------------------


@attack("S01", "entry file is 66,560 bytes (limit 65,536)")
def file_of_65_kb(case: Forgery):
    case.write(case.path.read_bytes().ljust(66_560))


@attack("S02", "not canonical at byte 15")
def duplicate_key(case: Forgery):
    case.write(case.path.read_bytes().replace(b'{\n "attempts": 1', b'{\n "attempts": 9,\n "attempts": 1', 1))


@attack("S02", "not canonical at byte")
def trailing_data(case: Forgery):
    case.write(case.path.read_bytes() + b"\n")


@attack("S02", "not valid JSON: NaN")
def nan(case: Forgery):
    case.write(case.path.read_bytes().replace(b'"attempts": 1', b'"attempts": NaN', 1))


@attack("S03", 'unknown field "rung"')
def field_rung_added(case: Forgery):
    case.entry["rung"] = 4
    case.seal()


@attack("S03", "model.id has characters")
def html_in_model_id(case: Forgery):
    case.entry["model"]["id"] = "openai/<b>gpt</b>"
    case.seal()


@attack("S03", "model.id is not ASCII")
def cyrillic_look_alike(case: Forgery):
    case.entry["model"]["id"] = "openai/gрt-5"
    case.seal()


@attack("S04", "entry_id does not match its content")
def content_changed_name_kept(case: Forgery):
    case.entry["results"][0]["metrics"]["maze.success_corrected"]["hi"] = 1.0
    case.entry["attempts"] = 2
    case.write(json.dumps(case.entry, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n")


@attack("S05", "path entries/")
def other_file_name(case: Forgery):
    case.path = case.path.rename(case.path.with_name("mazes--x--20260101--00000000.json"))


@attack("S06", "")
def symlink(case: Forgery):
    target = case.path.rename(case.root / "target.json")
    case.path.symlink_to(target)


@attack("S06", "")
def executable(case: Forgery):
    os.chmod(case.path, 0o755)


@attack("S07", "logs already belong to entry")
def same_logs_again(case: Forgery):
    honest = case.path.read_bytes()
    first = case.path
    case.entry["attempts"] = 2
    case.seal()
    first.write_bytes(honest)


@attack("S07", "belongs to submitter interplay, not mallory")
def supersedes_another_submitter(case: Forgery):
    honest, first = case.path.read_bytes(), case.path
    case.entry |= {"supersedes": case.entry["entry_id"], "reason": "correction"}
    case.entry["submitter"]["github"] = "mallory"
    case.seal()
    first.write_bytes(honest)


@attack("S08", 'URL scheme "javascript"')
def javascript_link(case: Forgery):
    case.entry |= {"division": "open", "method_note": "x", "method_url": "javascript:alert(1)"}
    case.entry["submitter"]["relationship"] = "third_party"
    for pointer in case.entry["logs"]:
        pointer["uri"] = f"hf://datasets/acme/logs@{'a' * 40}/a.eval"
    case.seal()


@attack("S08", "uri must pin a 40-hex commit")
def log_at_a_branch(case: Forgery):
    case.pointer()["uri"] = "hf://datasets/acme/logs@main/a.eval"
    case.seal()


@attack("S08", "uri repo:leaderboard/logs/")
def repository_log_in_a_closed_entry(case: Forgery):
    case.entry["division"] = "closed"
    case.entry["submitter"]["relationship"] = "third_party"
    case.seal()


@attack("S09", "note holds U+202E")
def bidi_override(case: Forgery):
    case.entry["note"] = "fine\u202etxt"
    case.seal()


@attack("S09", "note holds a URL")
def advertisement(case: Forgery):
    case.entry["note"] = "see https://example.org"
    case.seal()


@attack("S10", "credential-like text sk-p… in header")
def key_in_model_args(case: Forgery):
    case.edit(lambda header: header["eval"]["model_args"].update(key="sk-proj-abcdefghijklmnop"))


@attack("S10", "credential-like text hf_a… in samples/")
def key_in_a_message(case: Forgery):
    case.edit(lambda s: s["store"].update(said="hf_abcdefghijklmnopqrst"), case.samples()[0])


# --- L: the archive ----------------------------------------------------------------------------------------


@attack("L01", "SHA-256 differs")
def log_swapped_after_pinning(case: Forgery):
    case.log().write_bytes(case.log("maze_solo").read_bytes())


@attack("L10", "holds 6 samples")
def pointer_says_more(case: Forgery):
    case.pointer()["samples"] = 240
    case.seal()


@attack("L02", 'member "header.json" occurs twice')
def two_headers(case: Forgery):
    parts = case.parts()
    case.rewrite(
        [*(Part(name, data) for name, data in parts.items()), Part("header.json", parts["header.json"])]
    )


@attack("L02", "data before the first member")
def bytes_before_the_archive(case: Forgery):
    case.rewrite(case.parts(), prefix=b"#!/bin/sh\n")


@attack("L02", "the archive has no directory")
def truncated(case: Forgery):
    case.log().write_bytes(case.log().read_bytes()[:-40])
    case.point()


@attack("L03", "member name '../../x'")
def path_traversal(case: Forgery):
    case.rewrite(case.parts() | {"../../x": b"{}"})


@attack("L04", "codec 12")
def bzip2_member(case: Forgery):
    case.rewrite(
        [*(Part(n, d) for n, d in case.parts().items()), Part("samples/x_epoch_1.json", b"{}", codec=12)]
    )


@attack("L05", "samples/x_epoch_1.json expands past")
def lying_directory(case: Forgery):
    bomb = Part("samples/x_epoch_1.json", b'"' + b"x" * 100_000 + b'"', declared=10)
    case.rewrite([*(Part(n, d) for n, d in case.parts().items()), bomb])


@attack("L06", "has nesting deeper than 100")
def depth_100_000(case: Forgery):
    case.rewrite(case.parts() | {"samples/x_epoch_1.json": b"[" * 100_000 + b"]" * 100_000})


@attack("L06", "samples/x_epoch_1.json holds a string longer than 4 MiB")
def gigabyte_string_in_31_kb(case: Forgery):
    size = 10**9
    bomb = Part("samples/x_epoch_1.json", b"", stored=repeated(b"x", size, b'"', b'"'), declared=size + 2)
    case.rewrite([*(Part(n, d) for n, d in case.parts().items()), bomb])


@attack("L07", "CRC-32")
def flipped_byte(case: Forgery):
    case.rewrite([Part(n, d, crc=1 if n.startswith("samples/") else None) for n, d in case.parts().items()])


@attack("L09", "header.json is not what Inspect writes")
def header_of_another_shape(case: Forgery):
    case.edit(lambda header: header.pop("eval"))


# --- T: the task -------------------------------------------------------------------------------------------


@attack("T01", "no lock for interplay/maze_collab 9.9.0")
def unknown_task_version(case: Forgery):
    case.pointer()["task_version"] = "9.9.0"
    case.edit(lambda header: header["eval"].update(task_version="9.9.0"))


@attack("T02", "task digest differs")
def other_digest(case: Forgery):
    case.edit(lambda header: header["eval"]["metadata"]["interplay"].update(task_digest="0" * 64))


@attack("T03", "interplay/maze_collab: message_limit is 200 (locked: not set)")
def turn_limit_raised(case: Forgery):
    case.edit(lambda header: header["eval"]["config"].update(message_limit=200))


@attack("T03", "interplay/maze_collab: limit is 5 (locked: all samples)")
def sample_selection(case: Forgery):
    case.edit(lambda header: header["eval"]["config"].update(limit=5))


@attack("T03", "interplay/maze_collab: assistance is 4 (locked: 0)")
def more_assistance(case: Forgery):
    case.edit(lambda header: header["eval"]["task_args"].update(assistance=4))


@attack("T03", "interplay/maze_collab: temperature is 0.0 (locked: not set)")
def temperature_set(case: Forgery):
    for task in ("maze_solo", "maze_collab"):
        case.edit(lambda header: header["eval"]["model_generate_config"].update(temperature=0.0), task=task)
    case.entry["settings"]["temperature"] = 0.0
    case.seal()


@attack("T05", "solver mallory/solve overrides the task's")
def solver_replaced(case: Forgery):
    case.edit(lambda header: header["eval"].update(solver="mallory/solve"))


@attack("T06", "log names model reference/cartographer, entry openai/gpt-5")
def log_of_another_model(case: Forgery):
    case.entry["model"] = {"id": "openai/gpt-5", "revision": None, "served_by": "openai"}
    case.seal()


@attack("T07", "log of interplay/maze_collab: it was invalidated")
def invalidated(case: Forgery):
    case.edit(lambda header: header.update(invalidated=True))


@attack("T07", "1 edited sample in the log of interplay/maze_collab (first: standard-1-")
def edited_score(case: Forgery):
    edit = {
        "value": {"success_strict": 1.0},
        "provenance": {"author": "m", "timestamp": "2026-01-01T00:00:00+00:00"},
    }
    case.edit(lambda sample: sample["scores"]["maze"].update(history=[edit]), case.samples()[0])


@attack("T08", "6 samples of interplay/maze_collab answered by a fallback model")
def fallback_model_answered(case: Forgery):
    case.edit(lambda s: s.update(model_fallbacks=[{"model": "a/b", "fallback_model": "a/c"}]), "samples")


@attack("T09", "role partner is reference/echo (locked: not bound)")
def partner_bound(case: Forgery):
    bound = {"partner": {"model": "reference/echo", "config": {}, "args": {}}}
    case.edit(lambda header: header["eval"].update(model_roles=bound))
    case.entry["roles"] = {"partner": {"id": "reference/echo", "revision": None, "served_by": "reference"}}
    case.seal()


@attack("T10", "status of interplay/maze_collab is error")
def failed_run(case: Forgery):
    case.edit(lambda header: header.update(status="error"))


# --- C: completeness ---------------------------------------------------------------------------------------


@attack("C01", "1 of 6 pinned samples of interplay/maze_collab absent (first: standard-1-")
def sample_dropped(case: Forgery):
    parts = case.parts()
    del parts[case.samples()[0]]
    case.rewrite(parts)


@attack("C02", "occurs twice")
def run_submitted_twice(case: Forgery):
    copy = case.log().with_name("again.eval")
    parts = case.parts()
    case.entry["logs"].append(dict(case.pointer(), uri="repo:leaderboard/logs/again.eval"))
    copy.write_bytes(case.log().read_bytes())
    case.rewrite(parts | {"reductions.json": b"[]"})


@attack("C03", "input of standard-1-")
def item_reworded(case: Forgery):
    case.edit(lambda sample: sample.update(input=sample["input"] + " Hint: go right."), case.samples()[2])


@attack("C03", "metadata of standard-1-")
def wall_removed_from_the_record(case: Forgery):
    def open_up(sample: Json) -> None:
        maze = sample["metadata"]["maze"]
        maze["rows"] = [row.replace("#", ".") for row in maze["rows"]]

    case.edit(open_up, case.samples()[0])


@attack("C04", "16.7% of the samples of interplay/maze_collab errored (limit 1%)")
def failure_made_an_error(case: Forgery):
    error = {"message": "timeout", "traceback": "", "traceback_ansi": ""}
    case.edit(lambda sample: sample.update(error=error), case.samples()[0])


@attack("C05", "16.7% of the samples of interplay/maze_collab are not scored (limit 2%)")
def failure_made_unscored(case: Forgery):
    case.edit(lambda sample: sample["scores"]["maze"].update(value=float("nan")), case.samples()[0])


@attack("C06", "1 sample of interplay/maze_collab outside its lock")
def easy_sample_repeated_as_another_epoch(case: Forgery):
    parts = case.parts()
    name = case.samples()[0]
    sample = json.loads(parts[name])
    sample["epoch"] = 2
    case.rewrite(parts | {name.replace("_epoch_1", "_epoch_2"): json.dumps(sample).encode()})


# --- R: recomputation --------------------------------------------------------------------------------------


def header_mean(header: Json, key: str, value: float) -> None:
    for score in header["results"]["scores"]:
        if score["name"] == key:
            score["metrics"]["mean"]["value"] = value


@attack("R01", "header of interplay/maze_collab says maze.success_strict = 0.99, its samples give 1")
def header_mean_changed(case: Forgery):
    case.edit(lambda header: header_mean(header, "success_strict", 0.99))


@attack("R02", "mazes-pair: unit 1 is 9000, logs give 10000")
def units_changed(case: Forgery):
    result = case.entry["results"][0]
    result["units"] = "9000" + result["units"][len(result["units"].split()[0]) :]
    case.seal()


@attack("R03", "regrade of interplay/maze_collab differs on 1 sample (first: standard-1-")
def score_flipped(case: Forgery):
    case.edit(
        lambda s: s["scores"]["maze"]["value"].update(success_corrected=0.0, success_strict=0.0),
        case.samples()[0],
    )


@attack("R03", "regrade of interplay/maze_collab differs on 6 samples (first: standard-1-")
def all_scores_changed_and_everything_matched(case: Forgery):
    floor = -0.099 / 0.901
    case.edit(
        lambda s: s["scores"]["maze"]["value"].update(success_corrected=floor, success_strict=0.0), "samples"
    )
    case.edit(lambda header: header_mean(header, "success_strict", 0.0))
    case.edit(lambda header: header_mean(header, "success_corrected", floor))
    case.remeasure()


@attack("R04", "mazes-pair: cells[0].lo is 0.0")
def cell_changed(case: Forgery):
    cell = case.entry["results"][0]["cells"][0]
    cell |= {"value": 0.5, "lo": 0.0}
    case.seal()


@attack("R05", "mazes-pair: usage.model.calls is 1")
def usage_changed(case: Forgery):
    case.entry["results"][0]["usage"]["model"]["calls"] = 1
    case.seal()


@attack("R06", "mazes-pair: metrics.maze.success_corrected.lo is")
def interval_narrowed(case: Forgery):
    metric = case.entry["results"][0]["metrics"]["maze.success_corrected"]
    metric["lo"] = metric["hi"] = metric["value"]
    case.entry["results"][0]["metrics"]["maze.success_corrected"] = metric
    case.seal()


@attack("R06", "result of mazes-gap is absent")
def bad_board_left_out(case: Forgery):
    case.entry["results"] = [r for r in case.entry["results"] if r["board"] != "mazes-gap"]
    case.seal()


# --- P: plausibility ---------------------------------------------------------------------------------------


@attack("P01", "no tokens recorded for openai/gpt-5 in interplay/maze_solo")
def zero_tokens_from_an_api(case: Forgery):
    name = "openai/gpt-5"

    def relabel(sample: Json) -> None:
        used = sample["model_usage"].pop("reference/cartographer")
        sample["model_usage"][name] = dict.fromkeys(used, 0)

    for task in ("maze_solo", "maze_collab"):
        case.edit(lambda header: header["eval"].update(model=name), task=task)
        case.edit(relabel, "samples", task=task)
    case.entry["model"] = {"id": name, "revision": None, "served_by": "openai"}
    case.remeasure()


@attack("P04", "ran outside its eval")
def times_outside_the_run(case: Forgery):
    case.edit(lambda s: s.update(started_at="2020-01-01T00:00:00+00:00"), case.samples()[0])
