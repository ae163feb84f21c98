"""Logs as plain rows, made by hand: a sample is its maze, its seat and what the scorer gave."""

from collections.abc import Mapping, Sequence

from interplay.leaderboard.rows import HeaderRow, LogRows, RoleUse, SampleRow, ScoreRow

FLOOR = -0.099 / 0.901


def sample(
    maze: str,
    seat: str = "AB",
    value: float | None = 1.0,
    *,
    epoch: int = 1,
    errored: bool = False,
    condition: str = "C7",
    metadata: Mapping[str, str] | None = None,
    numbers: Mapping[str, float] | None = None,
) -> SampleRow:
    """One sample; `value` is its corrected success, None where it could not be scored."""
    scored = {} if value is None else {"maze.success_corrected": value}
    scored |= dict(numbers or {})
    words = {"maze_id": maze, "seat": seat, "condition": condition, "track": "commit", "assistance": "0"}
    words |= {"pairing": "self", "family": maze.split("-")[2] if maze.count("-") > 2 else "bernoulli"}
    return SampleRow(
        sample_id=f"{maze}-{seat}",
        epoch=epoch,
        pin="0" * 16,
        facts={},
        metadata=words | dict(metadata or {}),
        score=ScoreRow() if errored else ScoreRow(numbers=scored, value_keys=tuple(scored)),
        errored=errored,
        limit=None,
        usage={"model": RoleUse(calls=3, input_tokens=100, output_tokens=20, reasoning_tokens=5)},
        seconds=1.5,
        started_at="2026-11-20T10:00:01+00:00",
        completed_at="2026-11-20T10:00:02+00:00",
        completions="0" * 64,
        fallbacks=0,
        edits=(),
    )


def log(samples: Sequence[SampleRow], task: str = "maze_collab", **changes: object) -> LogRows:
    """A log of those samples."""
    moment = "2026-11-20T10:00:00+00:00"
    header: dict[str, object] = {
        "task": f"interplay/{task}", "task_version": "1.0.0", "status": "success", "preset": "standard",
        "task_digest": "", "package_version": "0.1.0", "inspect_version": "0.3.285", "args": {},
        "model": "openai/gpt-5", "model_args": {}, "base_url": None, "roles": {}, "settings": {},
        "limits": {}, "selections": {}, "epochs": 1, "solver": None,
        "scorers": ("maze",), "commit": None, "dirty": None, "created": moment, "started_at": moment,
        "completed_at": "2026-11-20T10:10:00+00:00", "edits": (),
        "metrics": (),
    }  # fmt: skip
    return LogRows(HeaderRow.model_validate(header | changes), tuple(samples))
