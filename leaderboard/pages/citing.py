"""How to cite one entry: a BibTeX record that names it for good."""

import re

from ..models import display_name
from ..schema import Entry

SPECIAL = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(entry: Entry, base_url: str | None) -> tuple[str, ...]:
    """The lines of a BibTeX record of an entry; with its address where the site has a public one."""
    boards = ", ".join(result.board for result in entry.results)
    fields = {
        "title": f"{{{tex(display_name(entry.model.id))} on {tex(boards)}}}",
        "author": f"{{{{{tex(entry.submitter.organisation or entry.submitter.github)}}}}}",
        "howpublished": "{Interplay leaderboard}",
        "year": f"{{{entry.created[:4]}}}",
        "note": f"{{Entry {tex(entry.entry_id)}, interplay {entry.code.version}}}",
    }
    if base_url:
        fields["url"] = f"{{{base_url.rstrip('/')}/entries/{entry.entry_id}/}}"
    key = re.sub(r"[^A-Za-z0-9-]", "-", f"interplay-{entry.entry_id.rsplit('--', 1)[-1]}")
    lines = (f"  {name:<12} = {value}," for name, value in fields.items())
    return (f"@misc{{{key},", *lines, "}")


def tex(text: str) -> str:
    """Text in which TeX reads every sign as itself, without signs that are not seen or turn the text."""
    return "".join(SPECIAL.get(sign, sign) for sign in text if sign.isprintable())
