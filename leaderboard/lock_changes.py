"""What changed between two locks of a task, and whether its version moved as far as the change asks for.

Items, prompts, arguments or limits: major, results are rerun. Scorers: minor, stored logs are graded again.
Anything else: patch, results are kept.
"""

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from .locks import Lock, Variant

Bump: TypeAlias = Literal["major", "minor", "patch"]
ORDER: tuple[Bump, ...] = ("patch", "minor", "major")
MINOR_FIELDS = ("scorers",)
PATCH_FIELDS = ("digest", "boards")
WHY = {
    "major": "results are not comparable, bump the major version",
    "minor": "logs can be regraded, bump the minor version",
}


def differences(old: "Lock", new: "Lock") -> dict[str, Bump]:
    """Every change of a locked call, in words, with the part of the version that has to move at least."""
    before = {_call(variant): variant for variant in old.variants}
    found: dict[str, Bump] = {}
    for variant in new.variants:
        previous = before.pop(_call(variant), None)
        what = f"variant {variant.preset} {json.dumps(variant.args, sort_keys=True)}"
        if previous is None:
            found[f"{what} is new"] = "patch"
            continue
        for name in type(variant).model_fields:
            if name not in PATCH_FIELDS and getattr(previous, name) != getattr(variant, name):
                found[f"{name} of {what} changed"] = "minor" if name in MINOR_FIELDS else "major"
    for preset, args in before:
        found[f"variant {preset} {args} is gone"] = "major"
    return found


def refusals(old: "Lock", new: "Lock") -> list[str]:
    """Why a new lock may not follow a committed one, in words; empty where its version moved far enough."""
    moved = _moved(old.version, new.version)
    if moved is None:
        return [f"version {new.version} is older than the committed {old.version}"]
    return [
        f"{sentence}: {WHY[bump]} ({old.version} is committed, the task says {new.version})"
        for sentence, bump in differences(old, new).items()
        if ORDER.index(bump) > ORDER.index(moved)
    ]


def _moved(old: str, new: str) -> Bump | None:
    before, after = ([int(part) for part in version.split(".")[:3]] for version in (old, new))
    if after < before:
        return None
    return "major" if after[0] > before[0] else "minor" if after[1] > before[1] else "patch"


def _call(variant: "Variant") -> tuple[str, str]:
    return variant.preset, json.dumps(variant.args, sort_keys=True)
