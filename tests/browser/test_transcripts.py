"""The address of a transcript opens that log in the viewer that was bundled."""

import shutil
from pathlib import Path
from typing import Any

from inspect_ai.log import bundle_log_dir

from interplay.leaderboard.viewers import transcript_address

from .chromium import MARKS, served

pytestmark = MARKS
LOGS = Path(__file__).parents[2] / "leaderboard" / "logs"


def test_the_address_opens_the_log(page: Any, tmp_path: Path) -> None:
    one, other = sorted(LOGS.glob("reference-*--maze_collab--*.eval"))[:2]
    (tmp_path / "logs").mkdir()
    shutil.copy(one, tmp_path / "logs" / f"{'a' * 64}.eval")
    shutil.copy(other, tmp_path / "logs" / f"{'b' * 64}.eval")
    bundle_log_dir(str(tmp_path / "logs"), str(tmp_path / "viewer"))
    player = one.name.split("--")[0].removeprefix("reference-")
    query = transcript_address("acme", "2026-11-27T00:00:00Z", "a" * 64).split(".static.hf.space/")[1]
    with served(tmp_path / "viewer") as address:
        page.goto(address + query)
        page.set_default_timeout(60_000)  # the viewer is large
        page.get_by_text(f"reference/{player}", exact=True).first.wait_for()
        page.get_by_text("interplay/maze_collab").first.wait_for()
