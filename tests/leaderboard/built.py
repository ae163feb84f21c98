"""A site built from synthetic entries, and the outline of its pages."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from interplay.leaderboard.build import BuildReport, build_site

from . import synthetic, synthetic_user_turn

VOID = {"meta", "link", "br", "input", "img", "hr", "path", "circle", "use"}


class Outline(HTMLParser):
    """Text, links, ids and attributes of a page, with the tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes.update(given)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for key in ("href", "src"):
            if given.get(key) is not None:
                self.links.append((tag, str(given[key]), given))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


class Built:
    """A root with entries and the site built from it."""

    def __init__(self, folder: Path, models: int, reference: bool = True, user_turns: bool = False) -> None:
        self.root, self.out = folder / "root", folder / "site"
        (self.root / "leaderboard" / "entries").mkdir(parents=True)
        if reference:
            synthetic.write_reference(self.root)
        synthetic.write_models(self.root, models)
        if user_turns:
            synthetic_user_turn.write_reference(self.root)
            synthetic_user_turn.write_models(self.root)
        self.report: BuildReport = build_site(self.root, self.out)

    def html(self, path: str) -> str:
        return (self.out / path / "index.html").read_text(encoding="utf-8")

    def pages(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self.out.rglob("*.html")):
            yield path.relative_to(self.out).as_posix(), path.read_text(encoding="utf-8")
