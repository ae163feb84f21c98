"""Seals the records of a finished log, so that asking for the same job again is a new attempt.

The record of a cell is sealed when its score stands in a log that ended with success, and not a moment
earlier: a run that dies between a cell's score and the end of its log goes on with what it had.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from inspect_ai.hooks import Hooks, TaskEnd, hooks
from inspect_ai.log import EvalLog
from pydantic import JsonValue

from .posttrain_state import identity_of, key_of, seal_record

SUCCESS = "success"


def sealed_keys(log: EvalLog) -> list[Path]:
    """Record folders of the jobs that a finished log holds the scores of; none of another task's log."""
    facts = cast(Mapping[str, JsonValue] | None, (log.eval.metadata or {}).get("posttrain"))
    if log.status != SUCCESS or facts is None:
        return []
    state_dir = Path(str(facts["state_dir"])).absolute()
    settings = cast(Mapping[str, JsonValue], facts["settings"])
    version = str(log.eval.task_version)
    return [
        state_dir / key_of(identity_of(version, settings, str(sample), log.eval.model, epoch))
        for sample in log.eval.dataset.sample_ids or []
        for epoch in range(1, (log.eval.config.epochs or 1) + 1)
    ]


@cache
def register_sealing() -> None:
    """Make Inspect call us at the end of each log; done once, by the first job that runs.

    Hooks that exist before a run are announced on standard output, which commands with `--json` own.
    """

    class Sealing(Hooks):
        async def on_task_end(self, data: TaskEnd) -> None:
            for folder in sealed_keys(data.log):
                seal_record(folder)

    hooks(name="posttrain_sealing", description="closes the records of finished post-training jobs")(Sealing)
