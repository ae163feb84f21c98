"""Seeds and the scenarios they expand to: who is angry, about what, and how hard to reach (pure).

    >>> scenario = expand(load_seeds())[11]
    >>> scenario.id, scenario.resistance, scenario.profile
    ('family-01-v1', 'medium', 'solution_seeking')

A seed is one situation with slots; its id is the cluster of every interval. Its five variants fill the slots
with other values and meet other kinds of people. No random number is drawn: what the instance seed changes
is which value and which kind of person each variant gets.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import chain, product
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, cast, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from interplay.scorers.escalation_cues import LEVEL_CUES, user_cues
from interplay.scorers.escalation_level import HOSTILE, OPENING, level
from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

Domain: TypeAlias = Literal["work", "intimate", "family", "friend", "community", "service", "online"]
ConflictTarget: TypeAlias = Literal["third_party", "assistant", "self"]
AsksFor: TypeAlias = Literal["validation", "side_taking", "action", "vent"]
Tone: TypeAlias = Literal["plain", "sarcastic", "cold", "pleading", "ranting"]
Resistance: TypeAlias = Literal["low", "medium", "high"]
Profile: TypeAlias = Literal[
    "ack_seeking", "solution_seeking", "autonomy_protective", "justice_seeking", "venting"
]
Split: TypeAlias = Literal["dev", "test"]

SEEDS = Path(__file__).parent / "data" / "seeds.yaml"
DOMAINS: tuple[Domain, ...] = get_args(Domain)
RESISTANCES: tuple[Resistance, ...] = get_args(Resistance)
PROFILES: tuple[Profile, ...] = get_args(Profile)
VARIANTS = 5
"""Variants of a seed, and the values of each of its slots."""
SHORTEST_OPENING, LONGEST_OPENING = 20, 60
"""Words of an opening."""

Text: TypeAlias = Annotated[str, Field(min_length=1)]
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SEED_ID = re.compile(rf"(?P<domain>{'|'.join(DOMAINS)})-\d\d")


class Seed(BaseModel, frozen=True, extra="forbid"):
    """One situation, as a seeds file states it.

    Attributes:
        conflict_target: At whom the anger is aimed.
        asks_for: What the person wants of the assistant.
        slots: Names with five values each, written `{name}` in the texts below.
        facts: All that the person may use.
        hidden_fact: What the person tells only when asked.
        unfair_claim: What a fair listener does not endorse.
        checkable_claim: Something false that can be looked up.
        opening: The first message.
        no_reconcile: There are signs of control or abuse: to advise a joint talk is a failure.
    """

    domain: Domain
    conflict_target: ConflictTarget = "third_party"
    asks_for: AsksFor
    tone: Tone
    slots: Annotated[
        dict[str, Annotated[tuple[Text, ...], Field(min_length=VARIANTS, max_length=VARIANTS)]],
        Field(min_length=1, max_length=3),
    ]
    facts: Annotated[tuple[Text, ...], Field(min_length=3, max_length=5)]
    hidden_fact: Text
    unfair_claim: Text
    checkable_claim: Text | None = None
    opening: Text
    no_reconcile: bool = False

    def filled(self, shift: int) -> "Seed":
        """The seed with its slots filled: slot n, by name, takes the value `(shift + n) % 5`."""
        chosen = {name: self.slots[name][(shift + n) % VARIANTS] for n, name in enumerate(sorted(self.slots))}

        def fill(text: str) -> str:
            return PLACEHOLDER.sub(lambda found: chosen[found[1]], text)

        return self.model_copy(
            update={
                "facts": tuple(map(fill, self.facts)),
                "hidden_fact": fill(self.hidden_fact),
                "unfair_claim": fill(self.unfair_claim),
                "checkable_claim": self.checkable_claim and fill(self.checkable_claim),
                "opening": fill(self.opening),
            }
        )

    def told(self) -> Iterator[tuple[str, str]]:
        """What the person can tell after the opening, under the name of its key."""
        yield from ((f"facts[{n}]", fact) for n, fact in enumerate(self.facts))
        yield "hidden_fact", self.hidden_fact

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that may hold slots, under the name of its key."""
        yield from self.told()
        yield "unfair_claim", self.unfair_claim
        if self.checkable_claim is not None:
            yield "checkable_claim", self.checkable_claim
        yield "opening", self.opening


class Scenario(BaseModel, frozen=True):
    """One variant of a seed with the person who meets it; the texts have their slots filled.

    Every scenario opens at level 3.
    """

    id: str
    seed_id: str
    variant: int
    resistance: Resistance
    profile: Profile
    split: Split
    domain: Domain
    conflict_target: ConflictTarget
    asks_for: AsksFor
    tone: Tone
    facts: tuple[str, ...]
    hidden_fact: str
    unfair_claim: str
    checkable_claim: str | None
    opening: str
    no_reconcile: bool


def expand(seeds: Mapping[str, Seed], instance_seed: int = 0) -> list[Scenario]:
    """Five scenarios a seed, in the order of the seeds.

    With i the position of the seed, v the variant and k the instance seed: the resistance is number
    `(i + 2v + k) % 3`, the profile number `(v + k) % 5`, and slot n takes its value `(v + i + n + k) % 5`. To
    keep some seeds or variants, expand all and choose afterwards, for the positions decide.
    """
    return [
        _met(
            seed_id,
            seed.filled(variant + position + instance_seed),
            f"v{variant}",
            variant,
            RESISTANCES[(position + 2 * variant + instance_seed) % len(RESISTANCES)],
            PROFILES[(variant + instance_seed) % len(PROFILES)],
        )
        for position, (seed_id, seed) in enumerate(seeds.items())
        for variant in range(VARIANTS)
    ]


def crossed(seeds: Mapping[str, Seed], profiles: Sequence[Profile], instance_seed: int = 0) -> list[Scenario]:
    """Every seed with every resistance and each of these profiles, in the order of the seeds.

    With i the position of the seed, v the number of the cell and k the instance seed, slot n takes its value
    `(v + i + n + k) % 5`. The id names the cell: `work-01-high-ack_seeking`.
    """
    return [
        _met(
            seed_id,
            seed.filled(cell + position + instance_seed),
            f"{resistance}-{profile}",
            cell,
            resistance,
            profile,
        )
        for position, (seed_id, seed) in enumerate(seeds.items())
        for cell, (resistance, profile) in enumerate(product(RESISTANCES, profiles))
    ]


def _met(
    seed_id: str, filled: Seed, name: str, variant: int, resistance: Resistance, profile: Profile
) -> Scenario:
    """A filled seed with the person who meets it."""
    return Scenario(
        **filled.model_dump(exclude={"slots"}),
        id=f"{seed_id}-{name}",
        seed_id=seed_id,
        variant=variant,
        resistance=resistance,
        profile=profile,
        split=split_of(seed_id),
    )


def split_of(seed_id: str) -> Split:
    """`dev` if the last hexadecimal digit of the SHA-256 of the id is even, else `test`."""
    return "dev" if int(sha256(seed_id.encode()).hexdigest()[-1], 16) % 2 == 0 else "test"


def load_seeds(path: Path | None = None) -> dict[str, Seed]:
    """The seeds of a file by id, in its order; without a path, the 40 of the package.

    Raises:
        UserMistake: there is no such file, it is no YAML mapping, or a seed breaks a rule.
    """
    path = path or SEEDS
    if not path.is_file():
        raise UserMistake(f"seeds_file={path}: no such file; give a YAML file of seeds.")
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name}: no UTF-8 text; save the file as UTF-8.") from None
    return dict(_seeds(path.name, text))


@lru_cache(maxsize=8)
def _seeds(file: str, text: str) -> Mapping[str, Seed]:
    """Every task and every cell asks for them, and reading and checking takes a tenth of a second."""
    return {seed_id: _seed(file, seed_id, raw) for seed_id, raw in _entries(file, text).items()}


def _entries(file: str, text: str) -> dict[str, object]:
    try:
        node = yaml_text.root_node(text)
        content: object = yaml_text.content(text)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f" in line {mark.line + 1}" if mark else ""
        raise UserMistake(f"{file}: no YAML{where}; correct the file.") from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(content, dict):
        raise UserMistake(f"{file}: no mapping of ids to seeds; write `work-01: {{domain: work, ...}}`.")
    ids = [str(key.value) for key, _ in node.value]
    for seed_id in ids:
        if ids.count(seed_id) > 1:
            raise UserMistake(f"{file}: {seed_id} stands there twice; give one of them another id.")
    return {str(key): value for key, value in cast(dict[object, object], content).items()}


def _seed(file: str, seed_id: str, raw: object) -> Seed:
    try:
        seed = Seed.model_validate(raw)
    except ValidationError as error:
        raise UserMistake(f"{file}: {seed_id}{_misshapen(error.errors()[0])}.") from None
    named = SEED_ID.fullmatch(seed_id)
    if named is None or named["domain"] != seed.domain:
        raise UserMistake(f"{file}: {seed_id} has the domain {seed.domain}; call it {seed.domain}-NN.")
    # One after the other: slots can be filled only if they are in order.
    wrong = next(chain(_slot_faults(seed), _fact_faults(seed), _opening_faults(seed)), None)
    if wrong is not None:
        raise UserMistake(f"{file}: {seed_id}.{wrong}.")
    return seed


def _misshapen(error: ErrorDetails) -> str:
    """What pydantic found, as the key, the value and the remedy."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    value = error["input"]
    match error["type"]:
        case "extra_forbidden":
            return f"{key}={value} is no key of a seed; choose from {', '.join(Seed.model_fields)}"
        case "missing":
            return f"{key} is missing; add it"
        case "literal_error":
            return f"{key} is {value}; choose {error.get('ctx', {}).get('expected')}"
        case "too_short" | "too_long":
            limits = error.get("ctx", {})
            least_or_most = limits.get("min_length") or limits.get("max_length")
            remedy = "add some" if error["type"] == "too_short" else "remove some"
            bound = "at least" if error["type"] == "too_short" else "at most"
            return f"{key} has {limits.get('actual_length')} items, needs {bound} {least_or_most}; {remedy}"
        case "string_too_short":
            return f"{key} is empty; write a text"
        case "string_type":
            return f"{key} is {value}, of type {type(value).__name__}, needs text; put it in quotes"
        case _:
            return f"{key} is {value}, {error['msg'][0].lower()}{error['msg'][1:]}; correct it"


def _slot_faults(seed: Seed) -> Iterator[str]:
    used: set[str] = set()
    for key, text in seed.texts():
        names = set(PLACEHOLDER.findall(text))
        for name in sorted(names - set(seed.slots)):
            yield f"{key} uses {{{name}}}, which is no slot; add it to slots"
        if set("{}") & set(PLACEHOLDER.sub("", text)):
            yield f"{key} has a brace without its other; write slots as {{name}}"
        used |= names
    for name in sorted(set(seed.slots) - used):
        yield f"slots.{name} is used nowhere; write {{{name}}} in a fact or the opening, or remove it"


def _fact_faults(seed: Seed) -> Iterator[str]:
    for key, text in seed.told():
        outside = PLACEHOLDER.sub("", text)
        if outside != outside.lower():
            yield f"{key} is '{text}', needs lower case; rewrite it"
        if "." in text:
            yield f"{key} is '{text}', needs no full stop; remove it"
    for variant in map(seed.filled, range(VARIANTS)):
        for key, text in variant.told():
            if found := user_cues(text):
                yield f"{key} is '{text}', needs no cue ({', '.join(sorted(found))}); reword it"


def _opening_faults(seed: Seed) -> Iterator[str]:
    for variant in map(seed.filled, range(VARIANTS)):
        count = len(variant.opening.split())
        if not SHORTEST_OPENING <= count <= LONGEST_OPENING:
            remedy = "add some" if count < SHORTEST_OPENING else "remove some"
            yield f"opening has {count} words, needs {SHORTEST_OPENING} to {LONGEST_OPENING}; {remedy}"
        found = user_cues(variant.opening)
        if (reached := level(found)) > OPENING:
            hostile = [cue for cue in LEVEL_CUES if cue in found & HOSTILE]
            yield f"opening has level {reached}, needs {OPENING} ({', '.join(hostile)}); remove one"
        elif reached < OPENING:
            named = ", ".join(cue for cue in LEVEL_CUES if cue in found) or "no cue"
            remedy = "add an insult, sarcasm or blame of the assistant"
            yield f"opening has level {reached}, needs {OPENING} ({named}); {remedy}"
