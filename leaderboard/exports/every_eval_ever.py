"""Records of the Every Eval Ever datastore, schema 0.3.0, one file per entry.

`data/eee/data/interplay/<developer>/<model>/<uuid>.json`: below `data/eee` the folders are those of the
datastore, so that the tree can be handed over as it is. The uuid comes from the entry id and so never
changes. Scripted players and withdrawn entries are left out, as they are no results of a model; so are
headlines that the pages do not print.

Source: https://github.com/evaleval/every_eval_ever, `schemas/eval.schema.json`, version 0.3.0.
"""

import calendar
import hashlib
import re
import time
import uuid
from collections.abc import Iterator

from ..boards import Board, load_boards
from ..canonical import Json
from ..models import display_name, load_models
from ..providers import SELF_HOSTED
from ..schema import Entry, Metric, ModelRef, Result
from ..standings import Submission, unread_word
from .board_data import compact

SCHEMA_VERSION = "0.3.0"
COLLECTION = "interplay"
AVAILABILITY = {"open": "open_weights", "closed": "closed_weights"}
METHODS = {
    "share": "Wilson score at the effective number of units",
    "mean": "Student's t over units",
    "difference": "paired Student's t over units",
    "bootstrap": "percentile bootstrap over units",
    "family": "bootstrap over runs, then items",
}


def record_files(submission: Submission, base_url: str | None) -> Iterator[tuple[str, bytes]]:
    """The record of a model that is neither withdrawn nor superseded, unless no figure of it may be shown."""
    entry = submission.entry
    if entry.division == "reference" or submission.withdrawn or submission.superseded_by:
        return
    content = record(submission, base_url)
    if content["evaluation_results"]:
        yield record_path(entry), compact(content)


def record_path(entry: Entry) -> str:
    """Address of an entry's record."""
    developer, _, name = hub_id(entry.model).partition("/")
    folders = (re.sub(r"[^A-Za-z0-9._+-]", "_", part) for part in (developer, name))
    return f"data/eee/data/{COLLECTION}/{'/'.join(folders)}/{record_uuid(entry.entry_id)}.json"


def record_uuid(entry_id: str) -> uuid.UUID:
    """The first 16 bytes of the SHA-256 of the entry id, with the version bits of a uuid 4."""
    return uuid.UUID(bytes=hashlib.sha256(entry_id.encode()).digest()[:16], version=4)


def hub_id(model: ModelRef) -> str:
    """`developer/name`: the id without the provider that served it, where it names a developer as well.

    >>> hub_id(ModelRef(id="vllm/Qwen/Qwen3-8B", revision=None, served_by="vllm"))
    'Qwen/Qwen3-8B'
    >>> hub_id(ModelRef(id="openai/gpt-5", revision=None, served_by="openai"))
    'openai/gpt-5'
    """
    parts = model.id.split("/")
    return "/".join(parts[-2:])


def record(submission: Submission, base_url: str | None) -> dict[str, Json]:
    """The record of one entry: a run of one model, with one result per board and metric."""
    entry, boards = submission.entry, load_boards()
    epoch = str(calendar.timegm(time.strptime(entry.created, "%Y-%m-%dT%H:%M:%SZ")))
    model = hub_id(entry.model)
    return {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": f"{COLLECTION}-{entry.family}/{model.replace('/', '_')}/{epoch}",
        "evaluation_timestamp": epoch,
        "retrieved_timestamp": epoch,
        "source_metadata": {
            "source_name": "Interplay",
            "source_type": "evaluation_run",
            "source_organization_name": entry.submitter.organisation or entry.submitter.github,
            "evaluator_relationship": entry.submitter.relationship,
            "additional_details": {"entry_id": entry.entry_id, "division": entry.division},
        },
        "eval_library": {
            "name": "inspect_ai",
            "version": entry.code.inspect_ai,
            "additional_details": {"interplay": entry.code.version},
        },
        "model_info": model_info(entry.model),
        "evaluation_results": [
            _metric_result(entry, result, boards[result.board], key, metric, base_url)
            for result in submission.results
            if result.board in boards
            for key, metric in result.metrics.items()
            if key != boards[result.board].headline
            or unread_word(boards[result.board], submission, result) is None
        ],
    }


def model_info(model: ModelRef) -> dict[str, Json]:
    """Name, id, platform, and what is known about its weights."""
    known = load_models().get(model.id)
    provider = model.id.split("/")[0]
    availability = AVAILABILITY.get(known.weights, "unknown") if known else "unknown"
    if model.revision is not None:
        availability = "open_weights"
    details: dict[str, Json] = {
        "deployment_type": "self_deployed" if provider in SELF_HOSTED else "externally_managed",
        "model_availability": availability,
        "inspect_model": model.id,
    }
    if model.revision is not None:
        details["revision"] = model.revision
    return {
        "name": display_name(model.id),
        "id": hub_id(model),
        "developer": known.developer if known else hub_id(model).split("/")[0],
        "inference_platform": model.served_by,
        "additional_details": details,
    }


def _metric_result(
    entry: Entry, result: Result, board: Board, key: str, metric: Metric, base_url: str | None
) -> dict[str, Json]:
    further = {item.key: item for item in board.secondary}.get(key)
    is_headline = key == board.headline
    direction = board.direction if is_headline or further is None else further.direction
    bounds = board.headline_range if is_headline else further.range if further else None
    label = board.label if is_headline else further.label if further else key
    config: dict[str, Json] = {
        "evaluation_description": board.lead,
        "metric_id": f"{COLLECTION}.{board.id}.{key}",
        "metric_name": label,
        "lower_is_better": direction == "lower",
        "score_type": "continuous",
        "min_score": bounds[0] if bounds else "-Infinity",
        "max_score": bounds[1] if bounds else "Infinity",
        "additional_details": {"is_headline": str(is_headline).lower(), "direction": direction},
    }
    return {
        "evaluation_result_id": f"{entry.entry_id}/{board.id}/{key}",
        "evaluation_name": f"{COLLECTION}-{board.id}",
        "source_data": _source(board, entry, base_url),
        "evaluation_timestamp": entry.created,
        "metric_config": config,
        "score_details": {
            "score": metric.value,
            "details": {
                "unit": board.unit.noun,
                "preset": result.preset,
                "task_version": result.task_version,
            },
            "uncertainty": {
                "confidence_interval": {
                    "lower": metric.lo,
                    "upper": metric.hi,
                    "confidence_level": 0.95,
                    "method": METHODS[metric.interval],
                },
                "num_samples": metric.n,
            },
        },
        "generation_config": {"generation_args": _generation(entry)},
    }


def _source(board: Board, entry: Entry, base_url: str | None) -> dict[str, Json]:
    name = f"Interplay, {board.title}"
    if base_url is None:
        return {"dataset_name": name, "source_type": "other"}
    address = base_url.rstrip("/")
    return {
        "dataset_name": name,
        "source_type": "url",
        "url": [f"{address}/entries/{entry.entry_id}/", f"{address}/boards/{board.id}/"],
    }


def _generation(entry: Entry) -> dict[str, Json]:
    settings = entry.settings
    given: dict[str, Json] = {
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "top_k": settings.top_k,
        "max_tokens": settings.max_tokens,
    }
    given["execution_command"] = f"interplay eval {entry.family} --model {entry.model.id}"
    return {key: value for key, value in given.items() if value is not None}
