"""Honest variants 1 to 24, which must pass, and those that a checker before this one refused."""

import json
import zlib
from itertools import pairwise
from statistics import fmean

import zstandard

from tests.leaderboard.archives import Part
from tests.tampered.make import Forgery, Json, variant


def say(case: Forgery, content: object, more: list[Json] | None = None) -> None:
    """Puts an answer of the model, and messages behind it, into the transcript of a sample."""

    def change(sample: Json) -> None:
        sample["messages"].append({"role": "assistant", "content": content, "source": "generate"})
        sample["messages"] += more or []

    case.edit(change, case.samples()[0])


def refresh_header(case: Forgery, task: str) -> None:
    """Brings the means of the header in line with the samples, as Inspect computes them."""
    samples = [json.loads(data) for name, data in case.parts(task).items() if name.startswith("samples/")]

    def change(header: Json) -> None:
        for score in header["results"]["scores"]:
            found = [s["scores"][score["scorer"]]["value"][score["name"]] for s in samples if s["scores"]]
            numbers = [value for value in found if isinstance(value, int | float) and value == value]
            if "mean" in score["metrics"] and numbers:
                score["metrics"]["mean"]["value"] = fmean(numbers)

    case.edit(change, task=task)


@variant(1)
def mazes(case: Forgery):
    """A reference log of the mazes."""


@variant(2, base="user_turn--reference-curious")
def user_turns(case: Forgery):
    """Reference logs of user turns."""


@variant(3, base="deescalation--reference-empath")
def angry_conversations(case: Forgery):
    """Reference logs of angry conversations."""


@variant(4, base="recipe_chains--reference-hedger")
def chains(case: Forgery):
    """Reference logs of chains."""


@variant(5, base="proxy_drift--reference-guard")
def ledgers(case: Forgery):
    """Reference logs of drifting proxies."""


@variant(6, base="retried")
def retried_run(case: Forgery):
    """A run in which calls failed and samples were tried again."""


@variant(7, base="resumed")
def resumed_series(case: Forgery):
    """A series that broke off and was taken up again, with samples older than the run that kept them."""


@variant(8, base="closed")
def one_percent_errors(case: Forgery):
    """1 % of the samples ended in an error."""
    error = {"message": "overloaded", "traceback": "", "traceback_ansi": ""}
    for name in case.samples("proxy_drift")[:2]:
        case.edit(lambda sample: sample.update(error=error, scores=None), name, "proxy_drift")
    refresh_header(case, "proxy_drift")
    case.remeasure()


@variant(9, base="unscored")
def two_percent_unscored(case: Forgery):
    """2 % of the answers could not be read, so that they have no score."""


@variant(10, base="limited")
def message_limit_reached(case: Forgery):
    """Samples that ended at the limit of messages, in the open division."""


@variant(11)
def emoji_dialogue(case: Forgery):
    """A dialogue in emoji."""
    say(case, "🧭 ➡️ 👩‍🚀 (1,2) 🏁")


@variant(12)
def right_to_left_dialogue(case: Forgery):
    """A dialogue from right to left, with the marks that turn direction."""
    say(case, "שלום \u202eabc\u202c مرحبا")


@variant(13)
def transcript_of_400_turns(case: Forgery):
    """A transcript of 400 turns."""
    turns = [{"role": role, "content": f"Turn {i}: go on to (3,{i})."}
             for i in range(200) for role in ("user", "assistant")]  # fmt: skip
    say(case, "Let us begin.", turns)


@variant(14, base="user_turn--reference-mute")
def empty_completions(case: Forgery):
    """A model that writes nothing."""


@variant(15)
def refusals(case: Forgery):
    """Answers that a provider marks as refusals."""
    say(case, [{"type": "text", "text": "I cannot help with that.", "refusal": True}])


@variant(16)
def reasoning_blocks(case: Forgery):
    """Blocks of reasoning, readable and encrypted."""
    blocks = [{"type": "reasoning", "reasoning": "East is open.", "signature": "c2ln", "redacted": False},
              {"type": "reasoning", "reasoning": "gAAAAB" * 400, "redacted": True},
              {"type": "text", "text": "I go east."}]  # fmt: skip
    say(case, blocks)


@variant(17)
def tool_calls(case: Forgery):
    """Tool calls, one of which failed."""
    call = {"id": "call_1", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}
    answer = {"role": "tool", "content": "", "tool_call_id": "call_1", "function": "bash",
              "error": {"type": "timeout", "message": "after 30 s"}}  # fmt: skip
    more: list[Json] = [{"role": "assistant", "content": "", "tool_calls": [call]}, answer]
    say(case, "I look at the files.", more)


def packed(case: Forgery, codec: int) -> None:
    case.rewrite([Part(name, data, codec) for name, data in case.parts().items()])


@variant(18, regrade=False)
def deflate(case: Forgery):
    """Members packed with deflate, as earlier versions of Inspect write them."""
    packed(case, 8)


@variant(19, regrade=False)
def stored(case: Forgery):
    """Members that are not packed at all."""
    packed(case, 0)


@variant(20, regrade=False)
def many_frames(case: Forgery):
    """Members of many zstd frames."""
    pack = zstandard.ZstdCompressor().compress
    parts = [Part(name, data, stored=b"".join(pack(data[i : i + 1000]) for i in range(0, len(data), 1000)))
             for name, data in case.parts().items()]  # fmt: skip
    case.rewrite(parts)


@variant(21, regrade=False)
def sixty_four_logs(case: Forgery):
    """An open entry of 64 logs, which are repetitions of the same task."""
    case.public()
    parts, first = case.parts(), case.pointer()
    for i in range(62):
        header = json.loads(parts["header.json"])
        header["eval"]["eval_id"] = f"again-{i}"
        name = f"again-{i}.eval"
        case.entry["logs"].insert(0, dict(first, uri=f"{first['uri'].rsplit('/', 1)[0]}/{name}"))
        case.rewrite({**parts, "header.json": json.dumps(header).encode()})
    case.remeasure()


@variant(22, regrade=False)
def superseding_correction(case: Forgery):
    """A correction of an entry by its own submitter, with the same logs."""
    other = case.beside()
    case.entry |= {"supersedes": other, "reason": "correction", "note": "the note was missing"}
    case.seal()


@variant(23)
def open_division_with_another_limit(case: Forgery):
    """An open entry with another limit of messages."""
    for task in ("maze_solo", "maze_collab"):
        case.edit(lambda header: header["eval"]["config"].update(message_limit=200), task=task)
    case.public()
    case.remeasure()


@variant(24)
def written_on_windows(case: Forgery):
    """A log written on Windows: other attributes of members, backslashes in paths, other ends of lines."""

    def paths(header: Json) -> None:
        header["eval"] |= {"task_file": "tasks\\mazes\\task.py", "sandbox": None}
        header["eval"]["dataset"]["location"] = "C:\\Users\\me\\mazes.json"

    case.edit(paths)
    parts = [Part(n, json.dumps(json.loads(d), indent=1).replace("\n", "\r\n").encode(), attributes=0)
             for n, d in case.parts().items()]  # fmt: skip
    case.rewrite(parts)


# --- refused by a checker before this one ------------------------------------------------------------------


@variant(25, base="closed")
def closed_entry_of_a_model(case: Forgery):
    """A closed entry of a model behind an interface."""


@variant(26, base="closed")
def pull_request_of_one_entry(case: Forgery):
    """A pull request that adds one entry and nothing else, by its submitter in other letters."""
    case.as_pull_request()
    case.author = case.entry["submitter"]["github"].upper()


@variant(27)
def words_that_begin_like_keys(case: Forgery):
    """Words that begin like keys: names of functions and of packages."""
    say(
        case,
        "hf_hub_download_in_parallel(hf_transfer_is_enabled=True); pip install sk-learn-contrib-x",
    )


@variant(28)
def descriptors_behind_members(case: Forgery):
    """An archive that was streamed, with size and checksum once more behind every member."""
    parts = [Part(name, data, flags=8) for name, data in case.parts().items()]
    for before, part in pairwise(parts):
        crc = zlib.crc32(before.data).to_bytes(4, "little")
        part.padding = b"PK\x07\x08" + crc + len(before.stored).to_bytes(4, "little") + bytes(4)
    case.rewrite(parts)


@variant(29, base="closed")
def dirty_folder_of_another_project(case: Forgery):
    """A run of the released package from the working tree of another project."""
    revision = {"type": "git", "origin": "git@github.com:acme/evals.git", "commit": "0badc0de", "dirty": True}
    case.edit(lambda header: header["eval"].update(revision=revision), task="proxy_drift")


@variant(30, base="closed")
def second_run_that_says_so(case: Forgery):
    """A second run of the same submitter that counts both."""
    case.beside(logs=None)
    case.entry["attempts"] = 2
    case.seal()


@variant(31, base="closed")
def gateway_that_says_so(case: Forgery):
    """A model behind a gateway that the entry names."""
    url = "https://gateway.example.org/v1"
    case.edit(lambda header: header["eval"].update(model_base_url=url), task="proxy_drift")
    case.entry["model"]["served_by"] = "example-gateway"
    case.seal()
