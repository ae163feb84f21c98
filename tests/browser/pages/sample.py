"""A built site with a page of every kind, and where those pages are."""

import re
import shutil
from pathlib import Path
from typing import Any

from interplay.leaderboard.build import build_site

from ...leaderboard import synthetic, synthetic_user_turn

OWN = Path(__file__).parents[3] / "leaderboard"
"""The stored leaderboard: reference entries of every family."""
STORED = ("deescalation", "posttrain", "proxy_drift", "recipe_chains")
"""Families whose stored entries stand in the sample; the others are invented."""
KINDS = {
    "home": r"",
    "list of boards": r"boards/",
    "board": r"boards/[^/]+/",
    "page of a board": r"boards/[^/]+/\d+/",
    "open division": r"boards/[^/]+/open/",
    "reference players": r"boards/[^/]+/reference/",
    "published figures": r"boards/[^/]+/published/",
    "pairs": r"boards/[^/]+/pairs/",
    "panel": r"boards/[^/]+/panel/",
    "earlier version": r"boards/[^/]+/v\d+/",
    "list of families": r"families/",
    "family": r"families/[^/]+/",
    "list of models": r"models/",
    "model": r"models/[^/]+/",
    "entry": r"entries/[^/]+/",
    "method": r"method/",
    "method of a family": r"method/[^/]+/",
    "submit": r"submit/",
    "data": r"data/",
    "changes": r"changes/",
    "compare": r"compare/",
    "frame": r"embed/[^/]+/",
    "missing": r"404\.html",
}
"""Every kind of page, by its address below the site."""
BOARDS = (
    *("boards/mazes-pair/", "boards/mazes-gap/", "boards/mazes-cross/", "boards/user-turn-native/"),
    *("boards/user-turn-human/", "boards/user-turn-controls/", "boards/user-turn-likelihood/"),
    *(
        "boards/deescalation-effect/",
        "boards/posttrain-mini/",
        "boards/proxy-drift/",
        "boards/recipe-chains/",
    ),
)
PARTS = (
    *("boards/mazes-pair/open/", "boards/mazes-pair/reference/", "boards/mazes-pair/published/"),
    *("boards/mazes-pair/pairs/", "boards/user-turn-native/pairs/", "boards/user-turn-native/published/"),
    *("boards/recipe-chains/panel/", "embed/mazes-pair/", "embed/deescalation-effect/"),
)
ENTRIES = ("ENTRY", "OPEN", "CONTROLS", "WITHDRAWN", "REPLACED", "CHAINS", "POSTTRAIN", "DRIFT", "ANGRY")
"""Pages of entries, by what they are."""
RICH = (
    *("boards/mazes-pair/", "boards/mazes-pair/published/", "OPEN", "boards/user-turn-native/"),
    *("boards/user-turn-controls/", "families/user_turn/", "CONTROLS"),
)
"""Pages with all that is hard to get right: tables, tints, charts, hostile text."""


class Sample:
    """A built site and the addresses of its sample pages.

    Attributes:
        out: The folder of the site.
        entries: Ids of entries by the names in `ENTRIES`.
        origin: Where it is served, once it is.
    """

    def __init__(self, folder: Path) -> None:
        self.root, self.out = folder / "root", folder / "site"
        self.origin = ""
        stored = self.root / "leaderboard"
        for kind in ("entries", "evidence"):
            for family in STORED:
                for path in sorted((OWN / kind).glob(f"{family}--*")):
                    copy = shutil.copytree if path.is_dir() else shutil.copy
                    (stored / kind).mkdir(parents=True, exist_ok=True)
                    copy(path, stored / kind / path.name)
        synthetic.write_reference(self.root)
        synthetic.write_models(self.root, 14)
        self.entries = {"OPEN": self._open_entry(), **self._gone_entries()}
        synthetic_user_turn.write_reference(self.root)
        synthetic_user_turn.write_models(self.root)
        with synthetic_user_turn.registered():
            self.report = build_site(self.root, self.out)
        names = [path.name for path in sorted((self.out / "entries").iterdir())]
        controls = (self.out / "boards/user-turn-controls/index.html").read_text(encoding="utf-8")
        self.entries["CONTROLS"] = re.findall(r"entries/([^/]+)/", controls)[-1]
        self.entries["ENTRY"] = next(name for name in names if "meadow-elder" in name)
        for key, family in zip(("ANGRY", "POSTTRAIN", "DRIFT", "CHAINS"), STORED, strict=True):
            self.entries[key] = next(name for name in names if name.startswith(f"{family}--"))

    def _open_entry(self) -> str:
        """An entry of the open division, with hostile text wherever a submitter can put it."""
        result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
        hostile = synthetic.HOSTILE
        result["cells"] = [synthetic.cell({hostile[:60]: hostile[60:90]}, [0.1, 0.4])]
        content = synthetic.entry(
            "acme/" + "long-" * 15,
            [result],
            division="open",
            organisation=hostile[:80],
            note=hostile,
            method_note=hostile,
            method_url="https://example.org/x",
        )
        return synthetic.write(self.root, content, [synthetic.record(content, "check", findings=1)])

    def _gone_entries(self) -> dict[str, str]:
        """An entry that was withdrawn, and one that another replaced."""

        def run(name: str) -> list[dict[str, object]]:
            return [synthetic.pair_result(name, 0.4, synthetic.STANDARD, "standard")]

        method: dict[str, Any] = {"method_note": "fewer turns", "method_url": "https://example.org/m"}
        gone = synthetic.entry("acme/gone", run("gone"), day=4)
        old = synthetic.entry("acme/old", run("old"), day=5, division="open", **method)
        replaced = str(old["entry_id"])
        new = synthetic.entry("acme/old", run("new"), day=6, division="open", supersedes=replaced, **method)
        records = [synthetic.record(gone, kind) for kind in ("check", "withdraw")]
        synthetic.write(self.root, gone, records)
        for content in (old, new):
            synthetic.write(self.root, content)
        return {"WITHDRAWN": str(gone["entry_id"]), "REPLACED": replaced}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every page of the site, as its address."""
        found = (path.relative_to(self.out).as_posix() for path in self.out.rglob("*.html"))
        return tuple(sorted(name.removesuffix("index.html") for name in found))

    @property
    def pages(self) -> tuple[str, ...]:
        """The sample: pages of every kind, by address or by the name of an entry."""
        single = [
            name for name in self.paths if re.fullmatch(r"(\w+/)?|404\.html|(families|method)/\w+/", name)
        ]
        return (*single, *BOARDS, *PARTS, "models/reference-mute/", "models/grove-ash-9/", *ENTRIES)

    def path(self, page: str) -> str:
        """The address of a sample page below the site."""
        return f"entries/{self.entries[page]}/" if page in self.entries else page

    def address(self, page: str) -> str:
        """The whole address of a sample page."""
        return f"{self.origin}/{self.path(page)}"

    def file(self, page: str) -> Path:
        """The file of a sample page."""
        path = self.path(page)
        return self.out / (path if path.endswith(".html") else f"{path}index.html")


def kind_of(path: str) -> str | None:
    """The kind of a page."""
    return next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, path)), None)
