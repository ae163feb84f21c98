"""Sealed feedback: the host grades what evaluate.py generated, and says one number, nothing per item.

In the sandbox: `interplay_feedback.call_interplay_feedback("grade", outputs=[...])`, at most 40 times a job;
the answer is {"accuracy", "n", "queries_left"}, the accuracy to 0.01. `overlap` tells which of some texts
overlap with the test, which `contamination_check.py` asks where it has no copy of it; that is no query.
"""

import time
from collections.abc import Sequence
from functools import cached_property
from typing import cast

import anyio
from inspect_ai.model import get_model
from inspect_ai.util import sandbox_service
from pydantic import JsonValue

from interplay.tasks.posttrain.cells import Cell, load_grid
from interplay.tasks.posttrain.overlap import Reference
from interplay.tasks.posttrain.targets import Item, Target, load_target

from .posttrain_ladder import Judging
from .posttrain_place import Place
from .posttrain_state import Job, append_line, whole_lines

SERVICE = "interplay_feedback"
INSTANCE_VARIABLE = f"{SERVICE.upper()}_INSTANCE"
QUERIES = "queries.jsonl"
MOST_QUERIES = 40
POLL_SECONDS = 1.0
"""In a container, where each look is a process of its runtime; a local one looks as often as Inspect."""
LONGEST_TEXT = 200_000
MOST_TEXTS = 5000


class Feedback:
    """The host's side for one job."""

    def __init__(self, job: Job, cell: Cell) -> None:
        self.job = job
        self.target: Target = load_target(cell.target)
        self.items: tuple[Item, ...] = self.target.items()
        self.judged = load_grid().targets[cell.target].judged

    @property
    def asked(self) -> int:
        """Queries that were answered so far."""
        return sum(line.get("verdict") == "answered" for line in whole_lines(self.job.folder / QUERIES))

    async def grade(self, outputs: object = None) -> JsonValue:
        """Accuracy of answers to the first items of the test, in their order.

        Args:
            outputs: One text an item, as many as there are items at most.
        """
        left = MOST_QUERIES - self.asked
        if left <= 0:
            return self._refused(f"all {MOST_QUERIES} queries are used")
        texts = self._texts(outputs)
        if isinstance(texts, str):
            return self._refused(texts)
        chosen = self.items[: len(texts)]
        if self.judged:
            grader = get_model(role="grader", required=True)
            verdicts = await cast(Judging, self.target).judge(chosen, texts, grader)
        else:
            verdicts = await anyio.to_thread.run_sync(self.target.grade_all, chosen, texts)
        value = self.target.score(chosen, verdicts).value
        accuracy = round(value, 2) if value == value else None
        self._note("answered", n=len(texts), accuracy=accuracy)
        return {"accuracy": accuracy, "n": len(texts), "queries_left": left - 1}

    async def overlap(self, texts: object = None) -> JsonValue:
        """Whether each of some texts overlaps with the test, as `contamination_check.py` would say it.

        Args:
            texts: At most 5,000 of them.
        """
        if not isinstance(texts, list) or len(cast(Sequence[object], texts)) > MOST_TEXTS:
            return {"error": f"texts must be a list of at most {MOST_TEXTS} texts"}
        listed = [str(text)[:LONGEST_TEXT] for text in cast(Sequence[object], texts)]

        def flags() -> list[JsonValue]:
            return [bool(self.reference.hits(text)) for text in listed]

        return await anyio.to_thread.run_sync(flags)

    @cached_property
    def reference(self) -> Reference:
        """The test, ready to be compared with."""
        return Reference([(item.prompt, item.gold) for item in self.items])

    def _texts(self, outputs: object) -> list[str] | str:
        """The answers, or what is wrong with them."""
        if not isinstance(outputs, list) or not outputs:
            return "outputs must be a list with one text an item"
        listed = cast(Sequence[object], outputs)
        if len(listed) > len(self.items):
            return f"{len(listed)} outputs for {len(self.items)} items"
        texts = [text[:LONGEST_TEXT] for text in listed if isinstance(text, str)]
        return texts if len(texts) == len(listed) else "every output must be a text"

    def _refused(self, reason: str) -> JsonValue:
        self._note("refused", reason=reason)
        return {"error": reason, "accuracy": None, "n": 0, "queries_left": max(0, MOST_QUERIES - self.asked)}

    def _note(self, verdict: str, **facts: JsonValue) -> None:
        append_line(self.job.folder / QUERIES, {"t": round(time.time(), 3), "verdict": verdict, **facts})


async def serve_feedback(job: Job, place: Place, cell: Cell, started: anyio.Event) -> None:
    """Answer until cancelled; samples in one sandbox are told apart by the mark of the job.

    Args:
        job: The job, whose folder keeps the queries.
        place: Where the agent is.
        cell: Its target is graded.
        started: Set as soon as the agent can ask.
    """
    feedback = Feedback(job, cell)
    await sandbox_service(
        SERVICE,
        {"grade": feedback.grade, "overlap": feedback.overlap},
        until=lambda: False,
        sandbox=place.box(),
        user=place.agent_user,
        instance=place.mark,
        polling_interval=None if place.is_local else POLL_SECONDS,
        started=started,
    )
