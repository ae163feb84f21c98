"""From the rows of a data set to its contexts (pure).

Example: the gsm8k row `{"question": "Priya baked …?", "answer": "… #### 48"}` becomes a context whose one
message is the question, with target "48" and check `number`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import permutations
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, Field, ValidationError

from interplay.tasks.mistakes import UserMistake

from .bundled import in_fixed_order
from .context import DOMAINS, Context, Dataset, Msg, context_id
from .sources import Source

Skip: TypeAlias = Literal["roles", "empty", "no_answer", "filter", "same_writer", "same_query"]
"""Why a row is left out; `roles`: other than user and assistant, or the last is not the user's."""

OPTION_ORDERS = tuple(permutations(range(4)))


class Selection(NamedTuple):
    """All contexts of a data set in the fixed order, and how many rows were left out why."""

    contexts: tuple[Context, ...]
    skipped: Mapping[str, int]

    @property
    def sha256(self) -> str:
        """Hash of the ids in the fixed order, one a line."""
        return sha256("".join(f"{c.id}\n" for c in self.contexts).encode()).hexdigest()


class Message(BaseModel):
    """A message as data sets write it."""

    role: str
    content: str | None


class GsmRow(BaseModel):
    """A row of gsm8k."""

    question: str
    answer: str


class GpqaRow(BaseModel):
    """A row of GPQA."""

    record: str = Field(alias="Record ID")
    question: str = Field(alias="Question")
    right: str = Field(alias="Correct Answer")
    wrong_1: str = Field(alias="Incorrect Answer 1")
    wrong_2: str = Field(alias="Incorrect Answer 2")
    wrong_3: str = Field(alias="Incorrect Answer 3")


class IfbenchRow(BaseModel):
    """A row of IFBench."""

    prompt: str
    instruction_id_list: list[str]
    kwargs: list[dict[str, object]]


class HealthbenchRow(BaseModel):
    """A row of HealthBench: a whole conversation."""

    prompt: list[Message]


class CovalPrompt(BaseModel):
    """The prompt of a row of Coval."""

    messages: list[Message]


class CovalRow(BaseModel):
    """A row of Coval."""

    prompt: CovalPrompt


class WildchatRow(BaseModel):
    """A row of WildChat."""

    conversation: list[Message]
    model: str
    turn: int
    language: str
    toxic: bool
    redacted: bool
    hashed_ip: str


def selection_of(source: Source, rows: Iterable[Mapping[str, object]]) -> Selection:
    """The contexts of a source.

    Raises:
        UserMistake: A column is missing, or holds something else than expected.
    """
    contexts: dict[str, Context] = {}
    skipped: Counter[str] = Counter()
    for outcome in CONTEXTS_OF[source.key](source, rows):
        if not isinstance(outcome, Context):
            skipped[outcome] += 1
        elif outcome.id in contexts:
            skipped["same_query"] += 1
        else:
            contexts[outcome.id] = outcome
    return Selection(in_fixed_order(list(contexts.values())), skipped)


RowModel = TypeVar("RowModel", bound=BaseModel)


def checked(
    source: Source, model: type[RowModel], rows: Iterable[Mapping[str, object]]
) -> Iterator[RowModel]:
    """The rows as records.

    Raises:
        UserMistake: A column is missing, or holds something else than expected.
    """
    for number, row in enumerate(rows, 1):
        try:
            yield model.model_validate(row)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            what = (
                f"has no column {place!r}"
                if first["type"] == "missing"
                else f"has another content than expected in row {number}, column {place!r}"
            )
            raise UserMistake(
                f"user_turn: dataset {source.key!r} {what}; its layout has changed, leave it out with "
                "-T datasets=… or pin a revision that fits."
            ) from None


def of_gsm8k(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of gsm8k; the target is the number after `####`."""
    for row in checked(source, GsmRow, rows):
        _, mark, number = row.answer.rpartition("####")
        if not mark:
            yield "no_answer"
        else:
            yield asked("gsm8k", row.question, target=number.strip().replace(",", ""), check="number")


def of_gpqa(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of GPQA; the hash of the record's id says in which of the 24 orders its options stand."""
    for row in checked(source, GpqaRow, rows):
        options = [row.right, row.wrong_1, row.wrong_2, row.wrong_3]
        digest = int(sha256(row.record.encode()).hexdigest(), 16)
        order = OPTION_ORDERS[digest % len(OPTION_ORDERS)]
        lines = [f"{letter}) {options[i].strip()}" for letter, i in zip("ABCD", order, strict=True)]
        text = "\n".join([row.question.strip(), "", *lines, "", 'Finish with "ANSWER: X".'])
        yield asked("gpqa", text, target="ABCD"[order.index(0)], check="letter")


def of_ifbench(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of IFBench, with the instructions that a reply has to follow."""
    for row in checked(source, IfbenchRow, rows):
        given = [{k: v for k, v in each.items() if v is not None} for each in row.kwargs]
        meta: dict[str, object] = {"instruction_id_list": row.instruction_id_list, "kwargs": given}
        yield asked("ifbench", row.prompt, check="ifbench", meta=meta)


def of_healthbench(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of HealthBench."""
    for row in checked(source, HealthbenchRow, rows):
        yield conversation("healthbench", row.prompt)


def of_coval(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of Coval; rows with a system prompt are left out."""
    for row in checked(source, CovalRow, rows):
        yield conversation("coval", row.prompt.messages)


def of_wildchat(source: Source, rows: Iterable[Mapping[str, object]]) -> Iterator[Context | Skip]:
    """Contexts of WildChat: the first query, the logged reply, and what the person wrote next.

    One conversation a writer and one a query, the first in the order of the data set.
    """
    writers: set[str] = set()
    queries: set[str] = set()
    for row in checked(source, WildchatRow, rows):
        if row.language != "English" or row.toxic or row.redacted or row.turn < 2:
            yield "filter"
            continue
        opening = row.conversation[:3]
        if [message.role for message in opening] != ["user", "assistant", "user"]:
            yield "roles"
            continue
        query, reply, following = (message.content or "" for message in opening)
        lengths = [len(text.split()) for text in (query, reply, following)]
        if not (3 <= lengths[0] <= 300 and 20 <= lengths[1] <= 600 and 1 <= lengths[2] <= 200):
            yield "filter"
        elif row.hashed_ip in writers:
            yield "same_writer"
        elif query.casefold() in queries:
            yield "same_query"
        else:
            writers.add(row.hashed_ip)
            queries.add(query.casefold())
            yield asked("wildchat", query, reply=reply, next_turn=following, meta={"model": row.model})


CONTEXTS_OF: Mapping[
    Dataset, Callable[[Source, Iterable[Mapping[str, object]]], Iterator[Context | Skip]]
] = {
    "gsm8k": of_gsm8k,
    "gpqa": of_gpqa,
    "ifbench": of_ifbench,
    "healthbench": of_healthbench,
    "coval": of_coval,
    "wildchat": of_wildchat,
}


def asked(dataset: Dataset, query: str, **known: Any) -> Context:
    """The context of a query that opens a conversation; `known` are further fields of the context."""
    messages = (Msg(role="user", content=query),)
    return Context(
        id=context_id(dataset, messages),
        dataset=dataset,
        domain=DOMAINS[dataset],
        messages=messages,
        **known,
    )


def conversation(dataset: Dataset, written: list[Message]) -> Context | Skip:
    """The context of a whole conversation, or why it is none."""
    messages: list[Msg] = []
    for message in written:
        if message.role not in {"user", "assistant"}:
            return "roles"
        if not (message.content or "").strip():
            return "empty"
        messages.append(Msg.model_validate(message.model_dump()))
    if not messages or messages[-1].role != "user":
        return "roles"
    return Context(
        id=context_id(dataset, messages),
        dataset=dataset,
        domain=DOMAINS[dataset],
        messages=tuple(messages),
    )
