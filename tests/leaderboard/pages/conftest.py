"""One small site of invented models, built once for all tests of its pages."""

from collections.abc import Iterator

import pytest

from interplay.leaderboard.build import build_site

from .. import synthetic, synthetic_user_turn
from .built import Built

TWINS = ("orchard/twin-1", ("low", "high"))


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Twelve models on the mazes, one of them with two configurations, and the families of user turns."""
    folder = tmp_path_factory.mktemp("pages")
    root = folder / "root"
    synthetic.write_reference(root)
    synthetic.write_models(root, 12)
    name, efforts = TWINS
    for day, effort in enumerate(efforts, 1):
        results = [
            make(f"{name} {effort}", 0.4 + 0.3 * day, synthetic.STANDARD, "standard")
            for make in (synthetic.pair_result, synthetic.gap_result)
        ]
        content = synthetic.entry(name, results, day=day, effort=effort)
        synthetic.write(root, content, [synthetic.record(content, "check", findings=1)])
    synthetic_user_turn.write_models(root)
    with synthetic_user_turn.registered():
        build_site(root, folder / "site", base_url="https://orchard.github.io/interplay")
        yield Built(root, folder / "site")
