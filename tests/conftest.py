"""Settings shared by all tests: no network, no terminal display, reproducible property tests."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["INSPECT_DISPLAY"] = "none"
os.environ.pop("INSPECT_EVAL_MODEL", None)

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line when the browser tests were left out."""
    left_out = [
        report for report in terminalreporter.stats.get("skipped", []) if "/browser/" in report.nodeid
    ]
    if left_out:
        terminalreporter.line(f"{len(left_out)} browser tests were left out: no Chromium found.")
