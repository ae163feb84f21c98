"""The file `grid.yaml`, validated: bases, targets, versions, baselines, and the weights that follow (pure).

    load_grid().weights("1.2")["gsm8k"]        0.10113359431088526
    load_grid().cells("x", profile="mini")     six cells with weights, and the canary with weight 0

Weights: with B_t and I_t the means over bases of zero-shot and reference score of a target,
w_t = (1 / (I_t - B_t)) / Σ_u 1 / (I_u - B_u) (PostTrainBench, arXiv 2603.08640).
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from interplay.tasks import yaml_text
from interplay.tasks.argument_values import one_of
from interplay.tasks.mistakes import UserMistake

FOLDER = Path(__file__).parent
GRID = FOLDER / "grid.yaml"
PINS = FOLDER / "pins.yaml"
TEMPLATES = FOLDER / "workspace" / "templates"
Profile: TypeAlias = Literal["full", "mini"]
Version: TypeAlias = Literal["1.0", "1.1", "1.2", "x"]
VERSIONS: tuple[Version, ...] = ("1.0", "1.1", "1.2", "x")
SUM_TOLERANCE = 1e-9
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class Record(BaseModel):
    """Base of the records: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lineage(Record):
    """Thresholds of the cosine to the reference's update (`scorers/integrity/lineage.py`)."""

    flag: Share
    review: Share
    calibrated: bool


class Base(Record):
    """A base model and its instruction-tuned relative."""

    profile: Profile
    repo: str
    revision: str | None
    reference: str
    reference_revision: str | None
    family: str
    lineage: Lineage
    gated: bool = False


class Template(Record):
    """First hex digits of the SHA-256 of a chat template; None where the file ships with the package."""

    sha256: str | None


class Source(Record):
    """A pinned data set of the hub."""

    repo: str
    revision: str | None = None
    config: str | None = None
    split: str = "test"
    files: tuple[str, ...] = ()
    gated: bool = False


class Twin(Record):
    """The sealed second test; `sha256` is that of its ordered items with the maintainers' seed."""

    kind: Literal["fresh", "drawn", "dataset", "half"]
    n: int
    sha256: str | None = None
    source: Source | None = None


class TargetRecord(Record):
    """What a job needs to know of a target beside its items.

    `tokens` are the limits of the three stages of the ladder; `dev_limit` the default of evaluate.py, None
    for all items; `private` items are never copied or stored; `one_seed` is for judged targets,
    `one_seed_if_greedy` where the served temperature is 0.
    """

    profile: Profile
    title: str
    items: int
    source: Source | None = None
    tokens: tuple[int, int, int]
    dev_limit: int | None = None
    private: bool = False
    templated: bool = False
    judged: bool = False
    inspect_note: bool = False
    one_seed: bool = False
    one_seed_if_greedy: bool = False
    twin: Twin


class VersionRecord(Record):
    """One version of the rules.

    `collaboration` targets form a score of their own, with weight 0 in the headline. `audited` adds the
    rules on derived data and hosted models; `lookup` says what a look-up of the benchmark does. `votes` are
    judge calls of which the majority counts; `attempts` belong to the three stages.
    """

    targets: tuple[str, ...]
    weights: Mapping[str, float]
    collaboration: tuple[str, ...]
    audited: bool
    lookup: Literal["none", "integrity", "held"]
    votes: int
    attempts: tuple[int, int, int]
    eval_seeds: tuple[int, ...]
    feedback: Literal["open", "sealed"]
    network: Literal["open", "allowlist", "none"]
    agent_cache: Literal["with_reference", "base_only"]


class Mini(Record):
    """The mini profile: its targets, weights, attempts, and the hashes of the shipped weights."""

    targets: tuple[str, ...]
    canaries: tuple[str, ...]
    weights: Mapping[str, float]
    attempts: tuple[int, int, int]
    files: Mapping[str, str]


class Baseline(Record):
    """Zero-shot and three-shot score of the base, the score of the reference, and both on the twin.

    `twin` values are None where they were not measured; then there is no drift.
    """

    zero: Share
    few: Share | None = None
    reference: Share
    zero_twin: Share | None = None
    reference_twin: Share | None = None


class Cell(NamedTuple):
    """One base for one target under one version; `weight` is its target's share of the headline."""

    base: str
    target: str
    weight: float
    version: Version

    @property
    def id(self) -> str:
        """The sample id."""
        return f"{self.target}__{self.base}"


class Grid(Record):
    """The whole file."""

    bases: Mapping[str, Base]
    templates: Mapping[str, Template]
    targets: Mapping[str, TargetRecord]
    versions: Mapping[Version, VersionRecord]
    mini: Mini
    baselines: Mapping[str, Mapping[str, Baseline]]
    images: Mapping[Literal["agent", "verifier"], str | None]

    @model_validator(mode="after")
    def _whole(self) -> "Grid":
        for name, weights in (
            *((v, r.weights) for v, r in self.versions.items()),
            ("mini", self.mini.weights),
        ):
            total = math.fsum(weights.values())
            if weights and abs(total - 1) > SUM_TOLERANCE:
                raise ValueError(f"weights of {name} sum to {total!r}, not to 1")
        named = {t for record in self.versions.values() for t in (*record.targets, *record.weights)}
        for target in {*named, *self.mini.targets, *self.mini.canaries}:
            if target not in self.targets:
                raise ValueError(f"target {target} has no record")
        return self

    def bases_of(self, profile: Profile) -> tuple[str, ...]:
        """The bases of a profile."""
        return tuple(name for name, base in self.bases.items() if base.profile == profile)

    def targets_of(self, version: Version, profile: Profile) -> tuple[str, ...]:
        """The targets of a version, canaries last."""
        return (
            self.versions[version].targets if profile == "full" else (*self.mini.targets, *self.mini.canaries)
        )

    def weights(self, version: Version, profile: Profile = "full") -> Mapping[str, float]:
        """The share of each target in the headline; a target that is left out has none."""
        return self.versions[version].weights if profile == "full" else self.mini.weights

    def attempts(self, version: Version, profile: Profile) -> tuple[int, int, int]:
        """Attempts at each stage of the ladder."""
        return self.versions[version].attempts if profile == "full" else self.mini.attempts

    def cells(
        self,
        version: Version,
        profile: Profile = "full",
        bases: Iterable[str] = (),
        targets: Iterable[str] = (),
    ) -> tuple[Cell, ...]:
        """The cells of a version, target by target; all bases and targets unless some are named.

        Raises:
            UserMistake: a name is none of this version's.
        """
        one_of("version", version, VERSIONS)
        all_bases, all_targets = self.bases_of(profile), self.targets_of(version, profile)
        chosen_bases, chosen_targets = tuple(bases) or all_bases, tuple(targets) or all_targets
        for name in chosen_bases:
            one_of("base", name, all_bases)
        for name in chosen_targets:
            one_of("target", name, all_targets)
        weights = self.weights(version, profile)
        return tuple(
            Cell(base, target, weights.get(target, 0.0), version)
            for target in all_targets
            if target in chosen_targets
            for base in all_bases
            if base in chosen_bases
        )

    def baseline(self, cell: Cell) -> Baseline | None:
        """The baselines of a cell, None where they were not measured."""
        return self.baselines.get(cell.base, {}).get(cell.target)

    def unpinned(self, version: Version) -> list[str]:
        """What the full profile of a version needs and is not pinned, as dotted names."""
        missing = [
            f"bases.{name}.{key}"
            for name in self.bases_of("full")
            for key in ("revision", "reference_revision")
            if getattr(self.bases[name], key) is None
        ]
        for name in self.versions[version].targets:
            record = self.targets[name]
            sources = {"source": record.source, "twin.source": record.twin.source}
            missing += [
                f"targets.{name}.{key}.revision"
                for key, source in sources.items()
                if source is not None and source.revision is None
            ]
        families = dict.fromkeys(self.bases[name].family for name in self.bases_of("full"))
        missing += [f"templates.{name}" for name in families if not (TEMPLATES / f"{name}.jinja").is_file()]
        return missing + [f"images.{name}" for name, digest in self.images.items() if digest is None]


def weights_from(baselines: Mapping[str, Mapping[str, Baseline]], targets: Iterable[str]) -> dict[str, float]:
    """The weights that baselines give: the inverse of the mean gap of reference and base, normalised.

    Raises:
        UserMistake: a target has no baseline, or a reference no better than the base.
    """
    inverse: dict[str, float] = {}
    for target in targets:
        gaps = [row[target].reference - row[target].zero for row in baselines.values() if target in row]
        if not gaps:
            raise UserMistake(f"baselines of {target} are missing; run posttrain_baselines.")
        gap = math.fsum(gaps) / len(gaps)
        if gap <= 0:
            raise UserMistake(
                f"baselines of {target}: the reference is no better than the base; measure again."
            )
        inverse[target] = 1 / gap
    total = math.fsum(inverse.values())
    return {target: value / total for target, value in inverse.items()}


def merged(content: object, pins: object) -> object:
    """The grid with the values of the pin file laid over it, mapping by mapping."""
    if not isinstance(content, dict) or not isinstance(pins, dict):
        return pins
    old, new = cast(dict[str, object], content), cast(dict[str, object], pins)
    return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}


@cache
def load_grid(path: Path = GRID, pins: Path = PINS) -> Grid:
    """The grid, with the pins beside it.

    Raises:
        UserMistake: a file is no grid.
    """
    try:
        content: object = yaml_text.content(path.read_text("utf-8"))
        if pins.is_file():
            content = merged(content, yaml_text.content(pins.read_text("utf-8")))
        return Grid.model_validate(content)
    except (OSError, yaml.YAMLError, ValueError) as problem:
        said = problem.errors()[0] if isinstance(problem, ValidationError) else None
        why = f"{'.'.join(map(str, said['loc']))}: {said['msg']}" if said else str(problem)
        raise UserMistake(f"{path}: not a grid ({' '.join(why.split())}); restore the file.") from problem
