"""A small valid entry as JSON, for tests that change one thing in it."""

from interplay.leaderboard.canonical import Json, units_digest

UNITS = [f"maze-{i:04d}" for i in range(1, 9)]


def entry_content() -> dict[str, Json]:
    """The example of the specification: eight mazes, both seats."""
    metric = {"value": 0.8125, "lo": 0.402512, "hi": 0.965366, "n": 8, "interval": "share"}
    result: dict[str, Json] = {
        "board": "mazes-pair", "task_version": "1.2.0", "preset": "standard", "units_total": 8, "samples": 16,
        "errors": 0, "unscored": 0, "metrics": {"maze.success_corrected": metric},
        "units": "10000 10000 5000 10000 10000 10000 0 10000", "units_digest": units_digest(UNITS),
        "cells": [], "usage": {},
    }  # fmt: skip
    log: dict[str, Json] = {
        "bytes": 8_099_250, "samples": 16, "sha256": "9c" * 32, "task": "interplay/maze_collab",
        "task_version": "1.2.0",
        "uri": f"hf://datasets/acme/interplay-logs@{'5d' * 20}/gpt-5.eval",
    }  # fmt: skip
    settings: dict[str, Json] = dict.fromkeys(
        ("temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "reasoning_tokens", "seed"), None
    )
    return {
        "schema_version": "1.0", "family": "mazes", "division": "closed",
        "submitter": {"github": "acme", "organisation": None, "relationship": "third_party"},
        "model": {"id": "openai/gpt-5", "revision": None, "served_by": "openai"}, "roles": {},
        "settings": {**settings, "preset": "standard", "system_prompt_sha256": None},
        "code": {"version": "1.0.0", "commit": None, "inspect_ai": "0.3.285"},
        "logs": [log], "results": [result], "created": "2026-11-20T00:00:00Z", "attempts": 1,
        "supersedes": None, "reason": None, "method_note": None, "method_url": None, "note": None,
    }  # fmt: skip
