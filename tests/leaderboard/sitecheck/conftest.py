"""A small built site, and what the checks say of a page of it after a change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.build import build_site
from interplay.leaderboard.sitecheck.run import PageCheck, files_of

from .. import synthetic

BASE = "https://example.org/interplay"


class Healthy:
    """A site of ten models without a fault. `broken` changes one file, asks, and puts the file back."""

    def __init__(self, folder: Path) -> None:
        self.root, self.out = folder / "root", folder / "site"
        synthetic.write_reference(self.root)
        synthetic.write_models(self.root, 10)
        build_site(self.root, self.out, base_url=BASE)
        entries = self.out / "entries"
        self.names = {
            "HOME": "index.html",
            "BOARD": "boards/mazes-pair/index.html",
            "PAIRS": "boards/mazes-pair/pairs/index.html",
            "MODEL": "models/reference-mute/index.html",
            "EMBED": "embed/mazes-pair/index.html",
            "ENTRY": f"entries/{next(entries.glob('mazes--orchard-aster-1--*')).name}/index.html",
        }

    def path(self, name: str) -> Path:
        return self.out / self.names.get(name, name)

    def broken(self, name: str, old: str, new: str, ask: Callable[[], list[str]]) -> list[str]:
        path = self.path(name)
        before = path.read_bytes()
        text = before.decode()
        assert old in text, f"{name} holds no {old!r}: adapt this test to the new page"
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
        try:
            return ask()
        finally:
            path.write_bytes(before)

    def of_page(self, name: str) -> list[str]:
        """Findings on one page, as `rule: sentence`."""
        file = self.names.get(name, name)
        check = PageCheck(self.out, files_of(self.out, BASE))
        return [f"{finding.rule}: {finding}" for finding in check(file).findings]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    return Healthy(tmp_path_factory.mktemp("healthy"))
