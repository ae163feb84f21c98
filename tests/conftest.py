"""Settings shared by all tests: no network, no terminal display, reproducible property tests.

With INTERPLAY_NETWORK set, tests that compare with what is published on the hub run as well.
"""

import gc
import os
from importlib.util import find_spec

if "INTERPLAY_NETWORK" not in os.environ:
    os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["INSPECT_DISPLAY"] = "none"
os.environ.pop("INSPECT_EVAL_MODEL", None)

import pytest
from hypothesis import HealthCheck, settings
from inspect_ai._display.rich import display

# The display "none" draws the table of results as well, and then throws it away; with all metrics of a family
# that takes longer than the evaluation of a few samples.
display.tasks_results = lambda tasks: ""

settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


NEEDED = {
    "no Chromium found": "browser tests",
    "no html-validate and Lighthouse found": "tests of the pages with tools from npm",
    "no torch found": "tests of a small model",
}
"""Why tests are left out, and which."""


def pytest_collection_finish() -> None:
    """Spares the garbage collector what lives to the end anyway, and lets it come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out tests of a small model where torch is absent; with INTERPLAY_REQUIRE_TORCH they fail."""
    if find_spec("torch") is not None or "INTERPLAY_REQUIRE_TORCH" in os.environ:
        return
    for item in items:
        if item.get_closest_marker("torch") is not None:
            item.add_marker(pytest.mark.skip(reason="no torch found"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line each which tests were left out, and why."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for reason, tests in NEEDED.items():
        left_out = sum(reason in why for why in skipped)
        if left_out:
            terminalreporter.line(f"{left_out} {tests} were left out: {reason}.")
