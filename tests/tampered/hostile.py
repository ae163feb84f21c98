"""Hostile strings: what somebody could write into a text field so that a page does more than show it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import entry_attacks

STRINGS: Mapping[str, str] = {
    "image": "<img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "title": "</title></head><body onload=alert(1)>",
    "attribute": '" autofocus onfocus=alert(1) x="',
    "cell": "</td></tr></table><h1>Ours</h1>",
    "comment": "<!--",
    "template": "{{ 7 * 7 }}{% raw %}",
    "entity": "&lt;b&gt; &#60;script&#62;",
    "bidi": "\u202eevil\u202c \u2066turned",
    "markup link": '<a href="javascript:alert(1)">log</a>',
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "misleading link": "https://huggingface.co@evil.example/ [log](https://evil.example)",
    "emoji": "👩🏽‍🔬🧭 — ﷽ Z̷͍̀a̷l̷g̷o̷",
    "long": "Long" * 15,
    "wide": "W\u00a0W\u00a0W\u00a0" * 10,
}
"""By what they try."""
ATTACKS: tuple[Callable[[Any], object], ...] = (
    entry_attacks.html_in_model_id,
    entry_attacks.cyrillic_look_alike,
    entry_attacks.javascript_link,
    entry_attacks.bidi_override,
    entry_attacks.advertisement,
)
"""Attacks of the corpus that put text into a field."""


class Field:
    """As much of a forgery as these attacks ask for: an entry, and nothing to seal."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.entry = copy.deepcopy(entry)

    def public(self) -> None:
        """It is a public entry already."""

    def seal(self) -> None:
        """Nothing is written."""


def attacked(entry: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """An entry after each attack of the corpus that writes into one of its texts."""
    for attack in ATTACKS:
        field = Field(entry)
        attack(field)
        yield attack.__name__, field.entry
