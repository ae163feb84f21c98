"""Attacks 30 to 42: another task, another model, edited logs, incomplete runs."""

import json

from tests.tampered.make import Forgery, Json, attack


@attack(30, "T01", "no lock for interplay/maze_collab 9.9.0")
def unknown_task_version(case: Forgery):
    """A version of the task that never was."""
    case.pointer()["task_version"] = "9.9.0"
    case.edit(lambda header: header["eval"].update(task_version="9.9.0"))


@attack(31, "T02", "task digest differs")
def other_digest(case: Forgery):
    """Another digest of the task's items."""
    case.edit(lambda header: header["eval"]["metadata"]["interplay"].update(task_digest="0" * 64))


@attack(32, "T03", "message_limit is 200 (locked: not set)")
def turn_limit_raised(case: Forgery):
    """Another limit of messages."""
    case.edit(lambda header: header["eval"]["config"].update(message_limit=200))


@attack(33, "T04", "working tree was dirty at 0badc0de", base="closed")
def dirty_tree(case: Forgery):
    """Code of the project with changes that nobody else has."""
    revision = {"type": "git", "origin": "https://github.com/acme/interplay.git", "commit": "0badc0de",
                "dirty": True}  # fmt: skip
    case.edit(lambda header: header["eval"].update(revision=revision), task="proxy_drift")


@attack(34, "T05", "solver mallory/solve overrides the task's")
def solver_replaced(case: Forgery):
    """Another solver."""
    case.edit(lambda header: header["eval"].update(solver="mallory/solve"))


@attack(35, "T06", "log names model reference/cartographer, entry openai/gpt-5")
def log_of_another_model(case: Forgery):
    """The log of another model."""
    case.public()
    case.entry["model"] = {"id": "openai/gpt-5", "revision": None, "served_by": "openai"}
    case.seal()


@attack(36, "T07", "log was edited on 2026-01-02 by mallory")
def edited_log(case: Forgery):
    """A log edited with Inspect's own editor, which writes so down."""
    update = {"edits": [], "provenance": {"author": "mallory", "timestamp": "2026-01-02T00:00:00+00:00"}}
    case.edit(lambda header: header.update(log_updates=[update]))


@attack(37, "T08", "6 samples were answered by a fallback model in interplay/maze_collab")
def fallback_model_answered(case: Forgery):
    """Another model answered where the first one declined."""
    case.edit(lambda s: s.update(model_fallbacks=[{"model": "a/b", "fallback_model": "a/c"}]), "samples")


@attack(38, "T09", "role grader is reference/clerk (locked: not bound)", base="closed")
def grader_bound(case: Forgery):
    """A grader that the task does not ask for."""
    bound = {"grader": {"model": "reference/clerk", "config": {}, "args": {}}}
    case.edit(lambda header: header["eval"].update(model_roles=bound), task="proxy_drift")
    case.entry["roles"] = {"grader": {"id": "reference/clerk", "revision": None, "served_by": "reference"}}
    case.seal()


@attack(39, "C01", "1 of 6 pinned samples are absent (first: standard-1-")
def failures_removed(case: Forgery):
    """A sample that failed is left out."""
    parts = case.parts()
    del parts[case.samples()[0]]
    case.rewrite(parts)


@attack(40, "C02", "standard-1-")
def run_submitted_twice(case: Forgery):
    """A run twice, in two files."""
    copy = case.log().with_name("again.eval")
    parts = case.parts()
    case.entry["logs"].append(dict(case.pointer(), uri="repo:leaderboard/logs/again.eval"))
    copy.write_bytes(case.log().read_bytes())
    case.rewrite(parts | {"reductions.json": b"[]"})


@attack(41, "C03", "input of standard-1-")
def item_reworded(case: Forgery):
    """A hint in an item."""
    case.edit(lambda sample: sample.update(input=sample["input"] + " Hint: go right."), case.samples()[2])


@attack(42, "C04", "16.7 % errored (limit 1 %)")
def failure_made_an_error(case: Forgery):
    """A failure turned into an error."""
    error = {"message": "timeout", "traceback": "", "traceback_ansi": ""}
    case.edit(lambda sample: sample.update(error=error), case.samples()[0])


# --- found since -------------------------------------------------------------------------------------------


@attack(80, "T03", "limit is 5 (locked: all samples)")
def sample_selection(case: Forgery):
    """A selection of samples."""
    case.edit(lambda header: header["eval"]["config"].update(limit=5))


@attack(81, "T03", "assistance is 4 (locked: 0)")
def more_assistance(case: Forgery):
    """An argument that makes the task easier."""
    case.edit(lambda header: header["eval"]["task_args"].update(assistance=4))


@attack(82, "T03", "temperature is 0.0 (locked: not set)")
def temperature_set(case: Forgery):
    """Another temperature, stated openly."""
    for task in ("maze_solo", "maze_collab"):
        case.edit(lambda header: header["eval"]["model_generate_config"].update(temperature=0.0), task=task)
    case.entry["settings"]["temperature"] = 0.0
    case.seal()


@attack(83, "T07", "log was invalidated")
def invalidated(case: Forgery):
    """A log that its owner took back."""
    case.edit(lambda header: header.update(invalidated=True))


@attack(84, "T07", "1 edited sample in the log of interplay/maze_collab (first: standard-1-")
def edited_score(case: Forgery):
    """A score edited with Inspect's own editor."""
    edit = {
        "value": {"success_strict": 1.0},
        "provenance": {"author": "m", "timestamp": "2026-01-01T00:00:00+00:00"},
    }
    case.edit(lambda sample: sample["scores"]["maze"].update(history=[edit]), case.samples()[0])


@attack(85, "T09", "role partner is reference/echo (locked: not bound)")
def partner_bound(case: Forgery):
    """A partner where the model plays with its own copy."""
    bound = {"partner": {"model": "reference/echo", "config": {}, "args": {}}}
    case.edit(lambda header: header["eval"].update(model_roles=bound))
    case.entry["roles"] = {"partner": {"id": "reference/echo", "revision": None, "served_by": "reference"}}
    case.seal()


@attack(86, "T10", "status of interplay/maze_collab is error")
def failed_run(case: Forgery):
    """A run that did not succeed."""
    case.edit(lambda header: header.update(status="error"))


@attack(87, "C03", "metadata of standard-1-")
def wall_removed_from_the_record(case: Forgery):
    """A wall taken out of the maze that the scorer reads."""

    def open_up(sample: Json) -> None:
        maze = sample["metadata"]["maze"]
        maze["rows"] = [row.replace("#", ".") for row in maze["rows"]]

    case.edit(open_up, case.samples()[0])


@attack(88, "C05", "16.7 % not scored (limit 2 %)")
def failure_made_unscored(case: Forgery):
    """A failure turned into a sample that could not be scored."""
    case.edit(lambda sample: sample["scores"]["maze"].update(value=float("nan")), case.samples()[0])


@attack(89, "C06", "1 sample of interplay/maze_collab outside its lock")
def easy_sample_repeated_as_another_epoch(case: Forgery):
    """An easy sample once more, as an epoch that nobody asked for."""
    parts = case.parts()
    name = case.samples()[0]
    sample = json.loads(parts[name])
    sample["epoch"] = 2
    case.rewrite(parts | {name.replace("_epoch_1", "_epoch_2"): json.dumps(sample).encode()})


@attack(90, "T06", "created is 2020-01-01T00:00:00Z, the last run ended at")
def earlier_date(case: Forgery):
    """An earlier date, since of equal configurations the earliest is ranked."""
    case.entry["created"] = "2020-01-01T00:00:00Z"
    case.seal()


@attack(91, "T06", "entry names reference/clerk as grader, no log does")
def role_that_no_log_names(case: Forgery):
    """A respected grader in the entry that graded nothing."""
    case.entry["roles"] = {"grader": {"id": "reference/clerk", "revision": None, "served_by": "reference"}}
    case.seal()


@attack(92, "T11", "6 samples of interplay/maze_collab called openai/o3, which the log binds to no role")
def another_model_behind_the_name(case: Forgery):
    """A header that names one model over samples that another one answered."""

    def answered(sample: Json) -> None:
        sample["model_usage"]["openai/o3"] = {"input_tokens": 9, "output_tokens": 9, "total_tokens": 18}

    case.edit(answered, "samples")


@attack(93, "T11", "openai/gpt-5 was answered at 10.0.0.7, entry says served by openai")
def another_server_behind_the_name(case: Forgery):
    """A model of a provider that was answered at an address of one's own."""
    case.relabel()
    for task in ("maze_solo", "maze_collab"):
        case.edit(lambda header: header["eval"].update(model_base_url="http://10.0.0.7:8000/v1"), task=task)


@attack(94, "T11", "model argument model_path is /data/tuned (locked: not set)", base="closed")
def other_weights_behind_the_name(case: Forgery):
    """Weights of one's own under the name of a known model."""
    case.edit(
        lambda header: header["eval"]["model_args"].update(model_path="/data/tuned"), task="proxy_drift"
    )


@attack(95, "T06", "log names reference/clerk and openai/o3 as grader, entry reference/clerk")
def two_models_in_one_role(case: Forgery):
    """A role filled by two models, of which only the first is looked at."""
    bound = [{"model": name, "config": {}, "args": {}} for name in ("reference/clerk", "openai/o3")]
    case.edit(lambda header: header["eval"].update(model_roles={"grader": bound}))
    case.entry["roles"] = {"grader": {"id": "reference/clerk", "revision": None, "served_by": "reference"}}
    case.seal()


@attack(96, "T04", "task of interplay 0.1.0 ran where interplay 6.6.6 was installed")
def other_package_than_the_task_says(case: Forgery):
    """Another version of the package than the one that the task states."""
    case.edit(lambda header: header["eval"]["packages"].update(interplay="6.6.6"))


@attack(97, "T06", "log was made with inspect_ai")
def other_inspect(case: Forgery):
    """Another version of Inspect in the entry than in its log."""
    case.entry["code"]["inspect_ai"] = "9.9.9"
    case.seal()


@attack(98, "T03", "a policy approved tool calls (locked: not set)")
def approved_tool_calls(case: Forgery):
    """A policy that decided on tool calls during the run."""
    policy = {"approvers": [{"name": "human", "tools": "*", "params": {}}]}
    case.edit(lambda header: header["eval"]["config"].update(approval=policy))
