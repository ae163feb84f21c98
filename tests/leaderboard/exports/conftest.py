"""A built site of invented models: open and closed weights, a withdrawn and a superseded entry."""

from pathlib import Path

import pytest

from interplay.leaderboard import models
from interplay.leaderboard.build import build_site
from interplay.leaderboard.models import ModelRecord

from .. import synthetic

BASE = "https://example.org/interplay"
OPEN = "vllm/Orchard/Aster-1"
CLOSED = "meadow/birch-1"
RECORDS = {
    OPEN: ModelRecord(name="Aster", developer="Orchard", weights="open"),
    CLOSED: ModelRecord(name="Birch", developer="Meadow", weights="closed"),
}


class Exported:
    """The folder of a site, and the ids of the entries behind it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.out = folder / "root", folder / "site"
        synthetic.write_reference(self.root)
        synthetic.write_models(self.root, 6)
        self.open = self._write(OPEN, 0.8)
        self.closed = self._write(CLOSED, 0.7)
        self.old = self._write("meadow/cedar-1", 0.5)
        self.corrected = self._write("meadow/cedar-1", 0.5, supersedes=self.old, day=9)
        self.withdrawn = self._write("harbour/dahlia-1", 0.6, withdrawn=True)
        build_site(self.root, self.out, base_url=BASE)

    def _write(
        self,
        model: str,
        ability: float,
        *,
        withdrawn: bool = False,
        supersedes: str | None = None,
        day: int = 2,
    ) -> str:
        results = [
            synthetic.pair_result(model, ability, synthetic.STANDARD, "standard"),
            synthetic.gap_result(model, ability, synthetic.STANDARD, "standard"),
        ]
        content = synthetic.entry(model, results, supersedes=supersedes, day=day)
        records = [synthetic.record(content, kind) for kind in ("check", "regrade")]
        if withdrawn:
            records.append(synthetic.record(content, "withdraw", "fail"))
        return synthetic.write(self.root, content, records)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    with pytest.MonkeyPatch.context() as patch:
        known = {**models.load_models(), **RECORDS}
        for module in (
            "models",
            "exports.tables",
            "exports.board_data",
            "exports.every_eval_ever",
            "exports.huggingface",
        ):
            patch.setattr(f"interplay.leaderboard.{module}.load_models", lambda: known)
        return Exported(tmp_path_factory.mktemp("exports"))
