"""Settings shared by all tests: no network, no terminal display, reproducible property tests."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["INSPECT_DISPLAY"] = "none"
os.environ.pop("INSPECT_EVAL_MODEL", None)

from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")
