"""Samples as a scorer is given them, without a run."""

from functools import partial
from typing import Any

import anyio
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, ModelName, ModelOutput
from inspect_ai.scorer import Score, Scorer, Target
from inspect_ai.solver import TaskState

from interplay.solvers.dialogue import Episode, Note
from interplay.solvers.user_record import UserTurnRecord, write_record


def state_of(*said: str, **metadata: Any) -> TaskState:
    """A sample after these replies of the model, each to the same question."""
    messages = [
        m for text in said for m in (ChatMessageUser(content="?"), ChatMessageAssistant(content=text))
    ]
    output = ModelOutput.from_content("mockllm/model", said[-1]) if said else None
    return TaskState(
        ModelName("mockllm/model"), "s", 1, "?", list(messages), output=output, metadata=metadata
    )


def with_record(record: UserTurnRecord | None) -> TaskState:
    """A sample whose store holds this record of user turns."""
    state = state_of("x")
    if record is not None:
        write_record(state.store, record)
    return state


def with_notes(*notes: Note, end: str | None = None, **metadata: Any) -> TaskState:
    """A sample whose store holds this dialogue."""
    state = state_of("x", **metadata)
    episode = state.store_as(Episode)
    episode.notes.extend(notes)
    episode.end = end
    return state


def scored(scorer: Scorer, state: TaskState) -> Score:
    """What the scorer says of a sample."""
    found = anyio.run(partial(scorer, state, Target("")))
    assert found is not None
    return found


def values(score: Score) -> dict[str, float]:
    """The figures of a score of several keys."""
    assert isinstance(score.value, dict), score
    return dict(score.value)  # pyright: ignore[reportArgumentType]


def told(score: Score) -> dict[str, Any]:
    """What stands beside a value."""
    assert score.metadata is not None
    return score.metadata
