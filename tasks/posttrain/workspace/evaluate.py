"""Score a model folder on this job's target, as in `python evaluate.py --limit 40`.

Generates here, with the chat template of templates/ and the folder's own generation config. Where the test is
sealed, the answers go to the host, which sends back one number; it answers 40 times.
"""

import argparse
import json
import math
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from interplay.solvers.posttrain_ladder import answers_of
from interplay.solvers.posttrain_serving import Unserved, request_seed, serve
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.targets import Item, load_target

HERE = Path(__file__).parent
SERVICE = "interplay_feedback"
SEED = 1
CONNECTIONS = {"gsm8k": 2, "humaneval": 1}
GPU_MEMORY = {"gsm8k": 0.3, "humaneval": 0.3}


def target_and_base() -> tuple[str, str]:
    """The cell of this job."""
    target, mark, base = os.environ.get("INTERPLAY_CELL", "").partition("__")
    if not mark or target not in load_grid().targets or base not in load_grid().bases:
        sys.exit("evaluate: INTERPLAY_CELL does not name a cell; run it in the shell of the job.")
    return target, base


def arguments(target: str) -> argparse.ArgumentParser:
    """The options, with the defaults of the target."""
    record = load_grid().targets[target]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-path", default="final_model", help="Model folder.")
    parser.add_argument(
        "--limit", type=int, default=record.dev_limit or -1, help="First items of the test; -1 for all."
    )
    parser.add_argument("--json-output-file", default=None, help="File for accuracy and stderr.")
    parser.add_argument("--templates-dir", default="templates/", help="Folder of the chat templates.")
    parser.add_argument(
        "--max-new-tokens" if record.judged else "--max-tokens",
        dest="max_tokens",
        type=int,
        default=record.tokens[0],
        help="Most tokens of an answer.",
    )
    parser.add_argument(
        "--max-connections", type=int, default=CONNECTIONS.get(target, 6), help="Requests at once."
    )
    parser.add_argument(
        "--gpu-memory-utilization", type=float, default=GPU_MEMORY.get(target, 0.8), help="Share of the GPU."
    )
    return parser


def prompts_of(limit: int) -> list[Item]:
    """The test items that this folder shows, without answers."""
    lines = (HERE / "dev_prompts.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line.strip()]
    chosen = records if limit < 0 else records[:limit]
    return [
        Item(r["id"], r["prompt"], "", {k: v for k, v in r.items() if k in ("messages", "tools")})
        for r in chosen
    ]


def graded_by_host(texts: list[str]) -> dict[str, object]:
    """Accuracy as the host says it."""
    instance = os.environ.get("INTERPLAY_FEEDBACK_INSTANCE", "")
    sys.path.append(f"/var/tmp/sandbox-services/{SERVICE}/{instance}".rstrip("/"))
    interplay_feedback = import_module(SERVICE)

    answer = interplay_feedback.call_interplay_feedback("grade", outputs=texts)
    if answer.get("error"):
        sys.exit(f"evaluate: the host did not grade ({answer['error']}).")
    share, n = answer["accuracy"], answer["n"]
    return {
        "accuracy": share,
        "stderr": None if share is None else round(math.sqrt(share * (1 - share) / n), 4),
        "n": n,
        "queries_left": answer["queries_left"],
    }


def graded_here(target: str, items: list[Item], texts: list[str]) -> dict[str, object]:
    """Accuracy with this folder's copy of the test."""
    known = {item.id: item for item in load_target(target).items()}
    chosen = [known[item.id] for item in items]
    found = load_target(target).score(chosen, load_target(target).grade_all(chosen, texts))
    return {"accuracy": found.value, "stderr": found.stderr, "n": len(chosen)}


def main() -> None:
    """Generate, grade, report."""
    target, base = target_and_base()
    given = arguments(target).parse_args()
    record, family = load_grid().targets[target], load_grid().bases[base].family
    items = prompts_of(given.limit)
    if not items:
        sys.exit(f"evaluate: --limit {given.limit} leaves no item; give a positive number, or -1 for all.")
    try:
        server = serve(
            Path(given.model_path),
            record.profile,
            "auto",
            Path(given.templates_dir) / f"{family}.jinja",
            given.max_tokens,
            connections=given.max_connections,
            gpu_memory=given.gpu_memory_utilization,
        )
        seeds = [request_seed(SEED, item.id) for item in items]
        texts = answers_of(load_target(target), server, items, seeds, given.max_tokens)
        server.close()
    except Unserved as problem:
        sys.exit(f"evaluate: {given.model_path} cannot be served ({problem}).")
    sealed = os.environ.get("INTERPLAY_FEEDBACK") == "sealed" or record.judged
    result = graded_by_host(texts) if sealed else graded_here(target, items, texts)
    text = json.dumps(result)
    if given.json_output_file:
        Path(given.json_output_file).write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    try:
        main()
    except click.ClickException as problem:
        sys.exit(f"evaluate: {problem.message}")
