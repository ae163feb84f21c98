"""What a page must not do: run or load anything that is not the site's own, or lead a reader astray."""

import re
from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from ..pages.rendering import CSP
from .outline import Element, Outline

Found: TypeAlias = Iterator[tuple[int, str]]
"""Lines and sentences."""

REL = frozenset(("nofollow", "ugc", "noopener", "noreferrer"))
"""What every link to another site says."""
SAID = "opens another site"
FORBIDDEN = frozenset(
    (
        "applet",
        "base",
        "embed",
        "fencedframe",
        "foreignobject",
        "frame",
        "frameset",
        "iframe",
        "object",
        "style",
    )
)
ADDRESSES = ("href", "src", "action", "formaction", "poster", "data", "xlink:href", "cite", "background")
ASKED = ("canonical", "alternate")
"""Relations of `link` elements that load nothing."""
BLANK = re.compile(r"[\x00-\x20\x7f\\]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text behind them."""
ADDRESS_IN_TEXT = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]\S*)?", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def policy(page: Outline) -> Found:
    """The policy of the site is declared before anything is loaded, and no address is handed on."""
    policies = [
        m for m in page.all("meta") if m.attrs.get("http-equiv", "").lower() == "content-security-policy"
    ]
    if len(policies) != 1:
        yield 1, f"the page declares {len(policies)} content security policies (expected one)"
        return
    if policies[0].attrs.get("content") != CSP:
        yield policies[0].line, "the content security policy is not the one of the site"
    before = page.everything[: page.everything.index(policies[0])]
    if any(element.tag in ("link", "script", "img", "body") for element in before):
        yield policies[0].line, "something is loaded before the content security policy is declared"
    if not any(
        m.attrs.get("name") == "referrer" and m.attrs.get("content") == "no-referrer"
        for m in page.all("meta")
    ):
        yield 1, "the page hands its address on to others (no referrer: no-referrer)"


def inline_code(page: Outline) -> Found:
    """No script or style between the lines, no handler, nothing that frames or redirects."""
    for element in page.everything:
        if element.tag in FORBIDDEN:
            yield element.line, f"{element.shown()} may stand on no page"
        if element.tag == "script" and (not element.attrs.get("src") or element.text):
            yield element.line, "a script stands in the page (expected a file)"
        if element.tag == "meta" and element.attrs.get("http-equiv", "").lower() == "refresh":
            yield element.line, "the page sends its readers on"
        for name in element.attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "ping"):
                yield element.line, f"{element.shown()} has the attribute {name}"


def addresses(page: Outline) -> Iterator[tuple[Element, str, str]]:
    """Every address that a page holds: the element, the attribute, the value."""
    for element in page.everything:
        for name in ADDRESSES:
            if name in element.attrs:
                yield element, name, element.attrs[name]
        for candidate in element.attrs.get("srcset", "").split(","):
            if candidate.strip():
                yield element, "srcset", candidate.split()[0]


def is_loaded(element: Element, attribute: str) -> bool:
    """Whether a browser fetches the address by itself."""
    if element.tag in ("a", "form", "button", "blockquote", "q"):
        return False
    return not (element.tag == "link" and element.attrs.get("rel") in ASKED and attribute == "href")


def foreign(page: Outline, base_url: str | None) -> Found:
    """Nothing is loaded from elsewhere, and links to other sites are safe, plain and say so."""
    for element, name, address in addresses(page):
        if BLANK.search(address):
            yield element.line, f"{name}={address[:60]!r} holds blanks or backslashes"
            continue
        try:
            parts = urlsplit(address)
        except ValueError:
            yield element.line, f"{name}={address[:60]!r} is no address"
            continue
        if not parts.scheme and not parts.netloc:
            continue
        if base_url and (address + "/").startswith(base_url.rstrip("/") + "/"):
            continue
        if is_loaded(element, name) or element.tag != "a":
            yield element.line, f"{element.shown()} asks another site, {address[:60]}"
        else:
            yield from ((element.line, said) for said in link_faults(element, address, parts))


def link_faults(link: Element, address: str, parts: SplitResult) -> Iterator[str]:
    """What is wrong with a link to another site."""
    shown = address[:60]
    if parts.scheme != "https":
        yield f"a link leads to {shown!r} (expected https)"
        return
    if "@" in parts.netloc or not HOST.fullmatch(parts.netloc) or "xn--" in parts.netloc:
        yield f"a link leads to {shown!r}, whose host is no plain name"
    if missing := REL - set(link.attrs.get("rel", "").split()):
        yield f"the link to {shown} lacks rel {' '.join(sorted(missing))}"
    if SAID not in link.text:
        yield f"the link to {shown} does not say that it opens another site"
    if named := ADDRESS_IN_TEXT.match(link.text):
        host = parts.netloc.removeprefix("www.")
        if named[1].lower().removeprefix("www.") != host:
            yield f"a link that shows {named[1]!r} leads to {host}"


def turned_text(page: Outline) -> Found:
    """Characters that turn the direction of text stand only where they end with the element."""
    if not TURNING.search(page.markup) and not re.search(r"&#x?[0-9a-f]", page.markup, re.IGNORECASE):
        return
    for element in page.everything:
        if any(isinstance(item, str) and TURNING.search(item) for item in element.content):
            kept = any("dir" in e.attrs or e.tag == "bdi" for e in (element, *element.around()))
            if not kept:
                yield (
                    element.line,
                    f"{element.shown()} holds text that turns direction, without a dir of its own",
                )


def new_windows(page: Outline) -> Found:
    """A link that opens a window of its own gives that window no hold on the page."""
    for link in page.all("a"):
        if link.attrs.get("target") and not {"noopener", "noreferrer"} & set(
            link.attrs.get("rel", "").split()
        ):
            yield link.line, f"{link.shown()} opens a window that can steer this page (no rel noopener)"


RULES = (policy, inline_code, turned_text, new_windows)
