"""The crisis file: chats that call for a safety response, look-alikes that do not, and contacts (pure).

    >>> items = load_crisis()
    >>> items.reviewed, len(items.probes), items.named("alike-05").kind
    (False, 12, 'lookalike')

An item is one chat of three fixed messages; a probe has to be answered with care for somebody's safety, a
look-alike like any other question. Its texts are for this measurement alone: no page, figure, bundle or entry
ever shows them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias, TypeVar, cast

import yaml
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

Kind: TypeAlias = Literal["probe", "lookalike"]
Country: TypeAlias = Literal["GB", "US", "IE", "AU"]
Danger: TypeAlias = Literal["self", "other", "abuse"]
Risk: TypeAlias = Literal["self", "other", "abuse", "none"]
Record = TypeVar("Record", bound=BaseModel)

DATA = Path(__file__).parent / "data"
ITEMS, CONTACTS = DATA / "crisis.yaml", DATA / "crisis_contacts.yaml"
UNREVIEWED = "unreviewed items, do not publish"
"""What is said wherever figures appear while no clinician has reviewed the file."""
COUNTRIES: Mapping[Country, str] = {
    "GB": "the United Kingdom",
    "US": "the United States",
    "IE": "Ireland",
    "AU": "Australia",
}
PREFIX: Mapping[Kind, str] = {"probe": "probe", "lookalike": "alike"}
ITEM_ID = re.compile(r"(?P<prefix>probe|alike)-\d\d")
MEANS = re.compile(
    r"\b(?:pills?|tablets?|overdos\w*|rope|nooses?|hang(?:ing)?|bridges?|cliffs?|rooftops?|train tracks?|"
    r"knife|knives|blades?|razors?|guns?|pistols?|rifles?|poison\w*|bleach|carbon monoxide|"
    r"\d+ ?(?:mg|milligrams?|grams?|ml))\b",
    re.IGNORECASE,
)
"""Methods, doses and places, of which no message may speak."""

Text: TypeAlias = Annotated[str, Field(min_length=1)]


class Item(BaseModel, frozen=True, extra="forbid"):
    """One chat.

    Attributes:
        country: Where the person is; the assistant is told.
        risk: What the reply has to see.
        imminent: Somebody may come to harm now.
        messages: Of the person, of the assistant, of the person; the reply to the last is what counts.
    """

    id: str
    kind: Kind
    country: Country
    risk: Risk
    imminent: bool
    messages: Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]


class Contact(BaseModel, frozen=True, extra="forbid"):
    """Somebody to turn to.

    Attributes:
        names: As they stand in replies; in lower case for any case.
        numbers: With or without spaces and hyphens.
        risks: Whom the contact is for.
        emergency: Help that comes at once.
        round_the_clock: Somebody answers at any hour.
    """

    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    numbers: tuple[Annotated[str, Field(pattern=r"^[0-9][0-9 -]*$")], ...]
    risks: Annotated[tuple[Danger, ...], Field(min_length=1)]
    emergency: bool
    round_the_clock: bool


class CrisisFile(NamedTuple):
    """The items, and whether a clinician has reviewed them."""

    reviewed: bool
    items: tuple[Item, ...]

    @property
    def probes(self) -> tuple[Item, ...]:
        """The chats that need a safety response."""
        return tuple(item for item in self.items if item.kind == "probe")

    @property
    def lookalikes(self) -> tuple[Item, ...]:
        """The chats that need none."""
        return tuple(item for item in self.items if item.kind == "lookalike")

    def named(self, item_id: str) -> Item:
        """The item of that id."""
        return next(item for item in self.items if item.id == item_id)


@cache
def load_crisis(path: Path = ITEMS) -> CrisisFile:
    """The items of a file, in its order.

    Raises:
        UserMistake: It cannot be read, or an item breaks a rule.
    """
    content = _mapping(path, "`reviewed` and `items`")
    for key in content:
        if key not in ("reviewed", "items"):
            raise UserMistake(f"{path.name}: {key} is no key of the file; choose from reviewed, items.")
    reviewed, raw = content.get("reviewed"), content.get("items")
    if not isinstance(reviewed, bool):
        raise UserMistake(
            f"{path.name}: reviewed is {_said(reviewed)}; write true once a clinician has reviewed "
            "every item, else false."
        )
    if not isinstance(raw, list) or not raw:
        raise UserMistake(f"{path.name}: items is {_said(raw)}; write a list of items.")
    items: list[Item] = []
    for place, entry in enumerate(cast(list[object], raw)):
        item = _item(path.name, place, entry)
        if any(other.id == item.id for other in items):
            raise UserMistake(f"{path.name}: {item.id} stands there twice; give one of them another id.")
        items.append(item)
    return CrisisFile(reviewed, tuple(items))


@cache
def load_contacts(path: Path = CONTACTS) -> Mapping[Country, tuple[Contact, ...]]:
    """The contacts of each country.

    Raises:
        UserMistake: The file cannot be read, lacks a country, or a contact breaks a rule.
    """
    content = _mapping(path, "countries to contacts")
    for key in content:
        if key not in COUNTRIES:
            raise UserMistake(f"{path.name}: {key} is no country; choose from {', '.join(COUNTRIES)}.")
    found: dict[Country, tuple[Contact, ...]] = {}
    for country in COUNTRIES:
        raw = content.get(country)
        if not isinstance(raw, list) or not raw:
            raise UserMistake(f"{path.name}: {country} is {_said(raw)}; write a list of contacts.")
        entries = enumerate(cast(list[object], raw))
        found[country] = tuple(_record(Contact, path.name, f"{country}[{n}]", entry) for n, entry in entries)
        for risk in ("self", "other", "abuse"):
            if not any(risk in contact.risks and contact.emergency for contact in found[country]):
                raise UserMistake(f"{path.name}: {country} has no emergency contact for {risk}; add one.")
    return found


def contacts_for(country: Country, risk: Risk) -> tuple[Contact, ...]:
    """The contacts of a country that are for that risk, in the order of the file."""
    return tuple(contact for contact in load_contacts()[country] if risk in contact.risks)


def number_pattern(number: str) -> str:
    """A number with or without spaces, hyphens and brackets, never inside a longer number or an amount."""
    digits = r"[ \u00a0().-]{0,2}".join(re.sub(r"\D", "", number))
    amount = r"(?:mah|km|kg|g|mg|ml|l|w|%|°|euros?|dollars?|pounds?|pages?|words?|people|steps)"
    return rf"(?<![\d£$€#])(?<!\d[.,\u00a0 -]){digits}(?![.,]?\d)(?!\s?{amount}\b)"


@cache
def contact_pattern(contact: Contact) -> re.Pattern[str]:
    """What names a contact in a reply with straight quotes."""
    names = [
        rf"\b{f'(?i:{re.escape(name)})' if name == name.lower() else re.escape(name)}(?!\w)"
        for name in contact.names
    ]
    return re.compile("|".join((*names, *map(number_pattern, contact.numbers))))


def _mapping(path: Path, of: str) -> dict[object, object]:
    if not path.is_file():
        raise UserMistake(f"{path}: no such file; give a YAML file of crisis data.")
    try:
        content: object = yaml_text.content(path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name}: no UTF-8 text; save the file as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f" in line {mark.line + 1}" if mark else ""
        raise UserMistake(f"{path.name}: no YAML{where}; correct the file.") from None
    if not isinstance(content, dict):
        raise UserMistake(f"{path.name}: no mapping; it holds {of}.")
    return cast(dict[object, object], content)


def _item(file: str, place: int, raw: object) -> Item:
    named = cast(dict[object, object], raw).get("id") if isinstance(raw, dict) else None
    item = _record(Item, file, str(named) if named else f"items[{place}]", raw)
    wrong = next(_faults(item), None)
    if wrong is not None:
        raise UserMistake(f"{file}: {item.id}.{wrong}.")
    return item


def _faults(item: Item) -> Iterator[str]:
    named = ITEM_ID.fullmatch(item.id)
    if named is None or named["prefix"] != PREFIX[item.kind]:
        yield f"id is {item.id}, of kind {item.kind}; call it {PREFIX[item.kind]}-NN"
    if (item.risk == "none") != (item.kind == "lookalike"):
        remedy = "choose none" if item.kind == "lookalike" else "choose self, other or abuse"
        yield f"risk is {item.risk} of a {item.kind}; {remedy}"
    if item.imminent and item.kind == "lookalike":
        yield "imminent is true of a lookalike; write false"
    for n, message in enumerate(item.messages):
        if found := MEANS.search(message):
            yield f"messages[{n}] speaks of '{found[0]}', a method, dose or place; reword it"
        for contact in (c for contacts in load_contacts().values() for c in contacts):
            if found := contact_pattern(contact).search(message):
                yield f"messages[{n}] names the contact '{found[0]}', which a reply has to; reword it"


def _record(kind: type[Record], file: str, name: str, raw: object) -> Record:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise UserMistake(f"{file}: {name}{_misshapen(error.errors()[0], kind)}.") from None


def _misshapen(error: ErrorDetails, kind: type[BaseModel]) -> str:
    """What pydantic found, as the key, the value and the remedy."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    value = _said(error["input"])
    match error["type"]:
        case "extra_forbidden":
            return f"{key}={value} is no key here; choose from {', '.join(kind.model_fields)}"
        case "missing":
            return f"{key} is missing; add it"
        case "literal_error":
            return f"{key} is {value}; choose {error.get('ctx', {}).get('expected')}"
        case "too_short" | "too_long":
            limits = error.get("ctx", {})
            needed = limits.get("min_length") or limits.get("max_length")
            return f"{key} has {limits.get('actual_length')} members, needs {needed}; add or remove some"
        case "string_too_short":
            return f"{key} is empty; write a text"
        case "string_type":
            return f"{key} is {value}, no text; put it in quotes"
        case "model_type":
            return f" is {value}; write its keys in braces"
        case _:
            return f"{key} is {value}, {error['msg'][0].lower()}{error['msg'][1:]}; correct it"


def _said(value: object) -> str:
    """A value as a message repeats it; long ones by their type, so that no item is printed."""
    text = "missing" if value is None else str(value)
    return text if len(text) <= 40 and not isinstance(value, dict | list | tuple) else type(value).__name__
