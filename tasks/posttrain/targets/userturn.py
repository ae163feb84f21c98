"""Follow-up turns: the model replies, then writes the next message of the person in its own template.

    context, own reply (greedy), four turns at temperature 1   ->   labels of `user_turn`, one a turn

Score = max(0, gfr_t1 - asks_closed) · min(1, D / 0.4): the share of genuine follow-ups on 200 contexts, less
the share of turns after 60 farewells that are neither `closer` nor `empty`; D is the number of distinct
openings of four words over the number of turns. Without both guards one memorised question would score 1.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast, get_args

from pydantic import JsonValue

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.user_turn.context import Context, Dataset, Msg

from ..grid import FOLDER
from . import Estimate, Item, Verdict, mean_score
from .base import FullTarget
from .hub import json_rows

if TYPE_CHECKING:
    from interplay.solvers.user_rendering import ChatTemplate

Kind = Literal["open", "closed"]
DATASETS: tuple[Dataset, ...] = ("gsm8k", "ifbench", "healthbench", "wildchat")
POOL_SEED = 1
TURNS, TURN_TOKENS, REPLY_TOKENS = 4, 256, 1024
FULL_VARIETY = 0.4
OPENING_WORDS = 4
AT_REST = frozenset({"closer", "empty"})
"""Labels of a turn that lets a conversation end."""


class Completion(NamedTuple):
    """A text after a prompt, and why it ended (`stop` or `length`)."""

    text: str
    finish: str


class Completer(Protocol):
    """A server that writes on after a prompt, without a template of its own."""

    def complete(
        self,
        prompts: Sequence[str],
        *,
        stops: Sequence[Sequence[str]],
        temperature: float,
        seeds: Sequence[int],
        max_tokens: int,
    ) -> list[Completion]:
        """One completion of each prompt, special tokens written out."""
        ...


@cache
def contexts() -> tuple[Context, ...]:
    """The contexts of all data sets, as many of each, in one shuffled order."""
    from interplay.tasks.user_turn.contexts import load

    found = [context for dataset in DATASETS for context in load(dataset, 100)]
    Rng("posttrain", "userturn", POOL_SEED).shuffle(found)
    return tuple(found)


@cache
def closings() -> tuple[Item, ...]:
    """The 60 farewells."""
    rows = json_rows(FOLDER / "data" / "closings.jsonl")
    return tuple(
        _item(str(row["id"]), cast(list[Mapping[str, str]], row["messages"]), "closed") for row in rows
    )


def _item(name: str, messages: Sequence[Mapping[str, str]], kind: Kind) -> Item:
    told: list[JsonValue] = [{"role": m["role"], "content": m["content"]} for m in messages]
    return Item(name, messages[-1]["content"], "", {"messages": told, "kind": kind})


class UserTurn(FullTarget):
    """Follow-up turns."""

    id = "userturn"

    def read_items(self) -> tuple[Item, ...]:
        """The first half of the contexts."""
        return self._contexts(0, self.record.items)

    def read_twin(self) -> tuple[Item, ...]:
        """The second half of the contexts."""
        return self._contexts(self.record.items, self.record.items + self.record.twin.n)

    def _contexts(self, first: int, last: int) -> tuple[Item, ...]:
        chosen = contexts()[first:last]
        return tuple(_item(c.id, [m.model_dump() for m in c.messages], "open") for c in chosen)

    def items(self) -> tuple[Item, ...]:
        """The contexts of the test, then the farewells."""
        return (*super().items(), *closings())

    def twin(self) -> tuple[Item, ...]:
        """The contexts of the twin, then the farewells."""
        return (*super().twin(), *closings())

    def play(
        self, items: Sequence[Item], server: Completer, template: "ChatTemplate", seeds: Sequence[int]
    ) -> list[str]:
        """The record of each item as text: the reply and four turns, as `grade` reads it.

        Args:
            items: Contexts and farewells.
            server: Writes replies and turns.
            template: The model's chat template, for opening the user role.
            seeds: One number an item.
        """
        from interplay.solvers.user_parsing import parse_turn

        told = [
            [Msg.model_validate(m) for m in cast(list[object], item.metadata["messages"])] for item in items
        ]
        ends = template.openers
        replies = server.complete(
            [template.reply_prompt(messages) for messages in told],
            stops=[[*ends, *template.tokenizer.eos]] * len(items),
            temperature=0.0,
            seeds=list(seeds),
            max_tokens=REPLY_TOKENS,
        )
        opened = [template.render(m, reply.text.strip()) for m, reply in zip(told, replies, strict=True)]
        drawn = server.complete(
            [one.prefix for one in opened for _ in range(TURNS)],
            stops=[one.stop for one in opened for _ in range(TURNS)],
            temperature=1.0,
            seeds=[(seed + turn) % 2**31 for seed in seeds for turn in range(TURNS)],
            max_tokens=TURN_TOKENS,
        )
        records: list[str] = []
        for i, (one, reply) in enumerate(zip(opened, replies, strict=True)):
            turns = drawn[i * TURNS : (i + 1) * TURNS]
            texts = [parse_turn(turn.text, turn.finish, one).text for turn in turns]
            records.append(json.dumps({"reply": reply.text.strip(), "turns": texts}, ensure_ascii=False))
        return records

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Labels and openings of the turns of each record."""
        return [grade_record(item, text) for item, text in zip(items, texts, strict=True)]

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """The balanced score; everything it needs stands in the verdicts."""
        found = [cast(dict[str, JsonValue], json.loads(v.extracted)) for v in verdicts if v.extracted]
        sides = {kind: [one for one in found if one["kind"] == kind] for kind in get_args(Kind)}
        if not sides["open"] or not sides["closed"]:
            return Estimate(math.nan, math.nan)
        rates = {
            kind: mean_score([Verdict(None, cast(float, one["rate"])) for one in side])
            for kind, side in sides.items()
        }
        openings = [str(text) for one in sides["open"] for text in cast(list[str], one["openings"])]
        variety = min(1.0, len(set(openings)) / len(openings) / FULL_VARIETY)
        value = max(0.0, rates["open"].value - (1 - rates["closed"].value)) * variety
        return Estimate(value, math.hypot(rates["open"].stderr, rates["closed"].stderr) * variety)


def grade_record(item: Item, text: str) -> Verdict:
    """The labels of the turns of one record; `correct` is the share that is right for its kind.

    Raises:
        UserMistake: the text is no record of `play`.
    """
    from interplay.scorers.followup_rules import label_turn

    try:
        record: object = json.loads(text)
        assert isinstance(record, dict)
        reply, turns = str(record["reply"]), [str(turn) for turn in cast(list[object], record["turns"])]
    except (ValueError, AssertionError, KeyError, TypeError) as problem:
        raise UserMistake(
            "userturn: an answer is no record of a reply with turns; play it with `play`."
        ) from problem
    said = cast(list[Mapping[str, str]], item.metadata["messages"])
    queries = [message["content"] for message in said if message["role"] == "user"]
    labels = [label_turn(turn, queries, reply).label for turn in turns]
    is_open = item.metadata["kind"] == "open"
    right = [label == "genuine" if is_open else label in AT_REST for label in labels]
    rate = sum(right) / len(right) if right else math.nan
    facts = {
        "kind": item.metadata["kind"],
        "rate": rate,
        "labels": labels,
        "openings": [" ".join(turn.lower().split()[:OPENING_WORDS]) for turn in turns],
    }
    return Verdict(json.dumps(facts, ensure_ascii=False), rate)


TARGET = UserTurn()
