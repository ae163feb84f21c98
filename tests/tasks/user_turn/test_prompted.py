"""The person's message by instruction: what is asked, what is kept, how it is labelled."""

from pathlib import Path

import pytest
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample, resolve_sample_attachments
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model

from interplay.tasks.user_turn import user_turn_prompted

from .playing import played, record_of, samples, saying, values

LABELS = {
    "curious": "genuine",
    "parrot": "restate_prompt",
    "drifter": "assistant_drift",
    "closer": "closer",
    "mute": "closer",
}


def asked(sample: EvalSample) -> list[ModelEvent]:
    events = resolve_sample_attachments(sample).events
    return [event for event in events if isinstance(event, ModelEvent)]


@pytest.mark.parametrize(
    "player",
    [pytest.param(name, marks=() if name in ("curious", "mute") else pytest.mark.slow) for name in LABELS],
)
def test_every_player_has_its_label_on_every_context(player: str, tmp_path: Path) -> None:
    log = played(user_turn_prompted(datasets="bundled", k=2), tmp_path, f"reference/{player}")
    found = [turn["label"] for s in samples(log) for turn in (s.scores or {})["followup"].metadata["turns"]]
    assert len(found) == 60 * 3
    assert set(found) == {LABELS[player]}


def test_the_prompt_holds_the_conversation_and_nothing_of_the_labels(tmp_path: Path) -> None:
    log = played(user_turn_prompted(preset="smoke", k=1), tmp_path)
    sample = samples(log)[0]
    reply, *turns = asked(sample)
    assert [message.role for message in reply.input][-1] == "user"
    system, request = turns[0].input
    assert system.text.startswith("You will see a conversation between a person and an AI assistant.")
    assert request.text.startswith("<conversation>\nPERSON: ")
    assert request.text.endswith("</conversation>\n\nThe person's next message:")
    assert record_of(sample).reply.text in request.text
    assert "genuine" not in system.text + request.text


def test_temperatures_draws_and_seeds_are_sent_and_kept(tmp_path: Path) -> None:
    log = played(user_turn_prompted(preset="smoke", temperatures="0,0.5", k=2, seed=7), tmp_path)
    sample = samples(log)[0]
    turns = record_of(sample).arms["base"].turns
    assert [(turn.t, turn.i) for turn in turns] == [(0, 0), (0.5, 0), (0.5, 1)]
    assert turns[0].seed is None
    assert turns[2].seed == turns[1].seed + 1
    sent = [(event.config.temperature, event.config.seed) for event in asked(sample)[1:]]
    assert sorted(sent, key=str) == sorted([(0, None), (0.5, turns[1].seed), (0.5, turns[2].seed)], key=str)


def test_a_provider_default_sends_no_temperature(tmp_path: Path) -> None:
    log = played(user_turn_prompted(preset="smoke", temperatures="default", k=2), tmp_path)
    assert {event.config.temperature for event in asked(samples(log)[0])[1:]} == {None}
    assert {value["gfr_default"] for value in values(log)} == {1.0}
    assert log.eval.metadata["interplay"]["board_tasks"] == ["interplay/user_turn_prompted"]


def test_a_mark_of_the_speaker_is_removed_and_counted(tmp_path: Path) -> None:
    model = saying("It is 42 apples, picked on Tuesday.", "PERSON: Why Tuesday?")
    log = played(user_turn_prompted(preset="smoke", limit=1, datasets="bundled", k=1), tmp_path, model)
    turns = record_of(samples(log)[0]).arms["base"].turns
    assert {(turn.text, turn.person_mark) for turn in turns} == {("Why Tuesday?", True)}
    assert (samples(log)[0].scores or {})["followup"].metadata["person_marks"] == 2


def test_a_reply_of_reasoning_alone_is_not_scored_and_counted(tmp_path: Path) -> None:
    log = played(
        user_turn_prompted(preset="smoke", k=1), tmp_path, saying("<think> what could it be, let me see")
    )
    assert log.status == "success"
    scores = [(sample.scores or {})["followup"] for sample in samples(log)]
    assert {score.reason for score in scores} == {"no_reply"}
    assert {record_of(sample).problem for sample in samples(log)} == {"no_reply"}
    assert log.results is not None
    assert log.results.scores[0].unscored_samples == 9


def answering(*outputs: ModelOutput) -> Model:
    """A chat model with these outputs in turn, the last one for ever."""
    rest = list(outputs)

    def output(*_: object) -> ModelOutput:
        found = (rest.pop(0) if len(rest) > 1 else rest[0]).model_copy(deep=True)
        found.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return found

    return get_model("mockllm/outputs", custom_outputs=output)


def said(text: str, stop: str = "stop") -> ModelOutput:
    return ModelOutput.from_content("mockllm", text, stop)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stop", "problem"), [("model_length", "context_too_long"), ("content_filter", "refused")]
)
@pytest.mark.parametrize("before", [0, 1])
def test_a_message_of_the_provider_is_neither_reply_nor_turn(
    stop: str, problem: str, before: int, tmp_path: Path
) -> None:
    model = answering(*[said("It is seventeen turnips.")] * before, said("I cannot do that.", stop))
    log = played(user_turn_prompted(datasets="bundled", limit=1, k=3, temperatures="1"), tmp_path, model)
    (sample,) = samples(log)
    assert record_of(sample).problem == problem
    assert (sample.scores or {})["followup"].reason == problem
    assert "cannot" not in str(sample.store)


def test_a_turn_that_reasoning_left_empty_is_missing(tmp_path: Path) -> None:
    model = answering(said("It is seventeen turnips."), said("", "max_tokens"), said("Why seventeen?"))
    log = played(user_turn_prompted(datasets="bundled", limit=1, k=3, temperatures="1"), tmp_path, model)
    (sample,) = samples(log)
    arm = record_of(sample).arms["base"]
    assert (len(arm.turns), arm.short_k) == (2, 1)
    assert values(log)[0]["gfr_t1"] == 1.0


def test_a_failure_discards_nothing_that_was_written(tmp_path: Path) -> None:
    texts = iter(["It is seventeen turnips.", "Why seventeen?"])

    def output(*_: object) -> ModelOutput:
        text = next(texts, None)
        if text is None:
            raise RuntimeError("the line went dead")
        found = said(text)
        found.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return found

    model = get_model("mockllm/dead", custom_outputs=output)
    log = played(user_turn_prompted(datasets="bundled", limit=1, k=2), tmp_path, model)
    assert log.status == "error"
    record = record_of((log.samples or [])[0])
    assert record.reply is not None
    assert [turn.text for turn in record.arms["base"].turns] == ["Why seventeen?"]


def test_more_epochs_and_a_missing_grader_are_refused_before_any_call(tmp_path: Path) -> None:
    twice = played(user_turn_prompted(datasets="bundled", limit=1, k=1), tmp_path / "a", epochs=2)
    assert twice.error is not None
    assert "give more of them with -T k=N" in twice.error.message
    unjudged = played(user_turn_prompted(datasets="bundled", limit=1, k=1, judge=True), tmp_path / "b")
    assert unjudged.error is not None
    assert "add --model-role grader=MODEL" in unjudged.error.message
    assert not any(isinstance(event, ModelEvent) for s in unjudged.samples or [] for event in s.events)
