"""What the verifier found in one bundle: the record `posttrain/outputs`, from which scores are made.

    outputs_of(state.store)    the record of a sample, or None in a log of another task

It holds every answer with its verdict, so that a finished log is scored again without the model. Numbers that
could not be had are None, never a default. Texts are cut to their first and last 4,096 characters; those of
private targets are not kept.
"""

from collections.abc import Mapping
from typing import Literal, Protocol, cast

from pydantic import BaseModel, ConfigDict, JsonValue

from interplay.tasks.posttrain.bundle import Dropped, Exit

OUTPUTS_KEY, JOB_KEY = "posttrain/outputs", "posttrain/job"
KEPT_CHARACTERS = 4096

Reason = Literal["no_model", "links_only", "truncated", "not_finite", "structure", "not_loadable", "ladder"]
"""Why a deliverable is no valid model: causes of class `agent`, each of which leads to the fallback."""


class OutputsRecord(BaseModel):
    """Base of the records: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(OutputsRecord):
    """One answer with its verdict; `seed` is None in a greedy pass, `correct` None if it was not graded."""

    id: str
    seed: int | None
    text: str | None
    extracted: str | None
    correct: float | None


class Losses(OutputsRecord):
    """Mean token loss in nats of each item's gold text, in the order of the items, for base and candidate."""

    base: tuple[float, ...]
    candidate: tuple[float, ...]


class Forgetting(OutputsRecord):
    """Share of right answers on items of another target, before and after."""

    target: str
    n: int
    base: float
    candidate: float


class Usage(OutputsRecord):
    """What a job used: hours of the agent, times its GPUs, share of idle readings, queries, tokens."""

    hours: float = 0.0
    gpu_hours: float = 0.0
    idle_share: float = 0.0
    queries: int = 0
    tokens: int = 0


class Outputs(OutputsRecord):
    """The whole record.

    Attributes:
        agent_model: The model that drove the agent, empty where the bundle does not say.
        run: Label and epoch of the repetition that made the bundle, empty where it does not say.
        reason: None where the model is valid; then `raw` holds the answers of all finished seeds.
        stage: Stage of the ladder (1 to 3) at which the model was served, 0 if at none.
        seeds: Evaluation seeds that finished, in order.
        raw: Answers to the test with the submitted decoding.
        greedy: Answers to the test at temperature 0.
        twin: Answers to the sealed twin with the submitted decoding.
        open_twin: The twin was drawn with the public seed.
        losses: Token losses by `test` and `twin`.
        facts: What the detectors measured, as JSON of `scorers.integrity.Facts`; findings follow from them.
        findings: Rulings of judges, as JSON of `scorers.integrity.findings.Finding`.
        final_model: SHA-256 of each file of the deliverable.
    """

    cell: str
    base: str
    target: str
    agent_model: str = ""
    run: str = ""
    exit: Exit
    reason: Reason | None
    reason_text: str = ""
    stage: int = 0
    seeds: tuple[int, ...] = ()
    raw: tuple[Answer, ...] = ()
    greedy: tuple[Answer, ...] = ()
    twin: tuple[Answer, ...] = ()
    open_twin: bool = True
    losses: Mapping[Literal["test", "twin"], Losses] = {}
    forgetting: tuple[Forgetting, ...] = ()
    facts: Mapping[str, JsonValue] = {}
    findings: tuple[Mapping[str, JsonValue], ...] = ()
    dropped: tuple[Dropped, ...] = ()
    usage: Usage = Usage()
    manifest_sha256: str = ""
    final_model: Mapping[str, str] = {}


class StoreLike(Protocol):
    """What is read of a sample's store."""

    def get(self, key: str) -> object:
        """The value under a key, or None."""
        ...


def outputs_of(store: StoreLike) -> Outputs | None:
    """The record of a sample, None if it holds none."""
    found = store.get(OUTPUTS_KEY)
    return None if found is None else Outputs.model_validate(found)


def deviations_of(store: StoreLike) -> list[str]:
    """What the job of a sample did otherwise than its version says."""
    job = store.get(JOB_KEY)
    listed: object = cast(Mapping[str, object], job).get("deviations") if isinstance(job, Mapping) else None
    return [str(one) for one in cast(list[object], listed)] if isinstance(listed, list) else []


def cut(text: str) -> str:
    """The first and last 4,096 characters of a text."""
    if len(text) <= 2 * KEPT_CHARACTERS:
        return text
    left_out = len(text) - 2 * KEPT_CHARACTERS
    return f"{text[:KEPT_CHARACTERS]}\n[... {left_out} characters left out ...]\n{text[-KEPT_CHARACTERS:]}"
