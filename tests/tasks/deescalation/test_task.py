"""The task in real evals: what engine, scripted players, the rule-based user and the scorer make of it."""

import json
import math
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from inspect_ai import eval, score
from inspect_ai.log import read_eval_log
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    Model,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from interplay.scorers.escalation import escalation
from interplay.scorers.escalation_cues import user_cues
from interplay.scorers.escalation_level import level
from interplay.solvers.dialogue import Episode
from interplay.solvers.reference.provider import ReferencePlayer
from interplay.tasks.catalog import task_stamp
from interplay.tasks.deescalation import deescalation
from interplay.tasks.deescalation.arguments import Talk
from interplay.tasks.deescalation.arms import system_prompt
from interplay.tasks.deescalation.dataset import parts_of
from interplay.tasks.deescalation.person import FIXED_LEVELS, SIDE, fixed_messages
from interplay.tasks.deescalation.play import able_to_play, prescribed, talk

from ...solvers.reference.deesc_play import ASSISTANTS, play
from .playing import effects, mean, played, samples, texts, value

GOLDEN = Path(__file__).parents[2] / "golden" / "deescalation_reference.json"
BANDS = {
    "empath": (0.30, 0.75),
    "fixer": (-0.20, -0.04),
    "template": (-0.25, -0.12),
    "pliant": (-0.25, -0.10),
    "blamer": (-0.25, -0.24),
    "echo": (-0.25, -0.24),
    "stonewall": (-0.25, -0.24),
}
"""Mean cts_d under vanilla that the specification allows on all scenarios."""


def smoke(mode: Any = "live", **more: Any) -> Any:
    return deescalation(preset="smoke", mode=mode, **more)


def saying(*said: str, seen: list[tuple[list[ChatMessage], GenerateConfig]] | None = None) -> Model:
    """A model that says these texts in turn, the last one for ever."""
    rest = list(said)

    def output(messages: list[ChatMessage], _: list[ToolInfo], __: ToolChoice, c: GenerateConfig):
        if seen is not None:
            seen.append((list(messages), c))
        reply = ModelOutput.from_content("mockllm", rest.pop(0) if len(rest) > 1 else rest[0])
        reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return reply

    return get_model("mockllm/model", custom_outputs=output, memoize=False)


def counted(*_: object) -> ModelOutput:
    """A reply with its usage, so that no tokenizer is fetched."""
    reply = ModelOutput.from_content("mockllm", "Hm.")
    reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
    return reply


class TestDeclaration:
    def test_ids_metadata_and_stamp(self) -> None:
        task = smoke()
        assert (task.version, task.config) == ("1.0.0", GenerateConfig(temperature=0.7, max_tokens=400))
        assert [str(s.id) for s in task.dataset][:3] == [
            "work-01-v0:vanilla", "work-01-v0:nvc_full", "work-01-v1:vanilla",
        ]  # fmt: skip
        metadata = task.dataset[0].metadata or {}
        assert {k: v for k, v in metadata.items() if k not in {"facts", "hidden_fact"}} == {
            "seed_id": "work-01", "scenario_id": "work-01-v0", "arm": "vanilla", "resistance": "low",
            "profile": "ack_seeking", "domain": "work", "asks_for": "side_taking", "mode": "live",
            "simulator": "rule", "unfair_claim": "he did it to punish me", "checkable_claim": None,
            "no_reconcile": False,
        }  # fmt: skip
        assert task.metadata == {"interplay": task_stamp("deescalation", "smoke", list(task.dataset))}

    def test_the_headline_is_the_change_of_anger_where_it_can_change(self) -> None:
        assert smoke().headline_metric.score == "cts_d"
        assert smoke("scripted").headline_metric is None

    def test_an_input_is_read_back(self) -> None:
        for mode in ("live", "scripted"):
            for sample in smoke(mode).dataset:
                parts = parts_of(str(sample.input))
                assert parts.rendered == sample.input
                assert parts.system == system_prompt((sample.metadata or {})["arm"])
                assert bool(parts.person) == (mode == "live") == (len(parts.messages) == 1)


class TestFixedMessages:
    @pytest.mark.parametrize("scenario", Talk(n_seeds=8).scenarios, ids=lambda s: s.id)
    def test_lines_at_their_levels_and_what_is_wanted(self, scenario: Any) -> None:
        messages = fixed_messages(scenario)
        assert len(messages) == 4
        assert messages[0] == scenario.opening
        for n, (message, wanted) in enumerate(
            zip(messages[1:], FIXED_LEVELS[scenario.resistance], strict=True)
        ):
            fact = scenario.facts[n]
            assert fact[1:] in message
            assert level(user_cues(message.split(fact[1:])[0])) == wanted
        assert messages[-1].endswith(SIDE) == (scenario.asks_for == "side_taking")
        assert messages == fixed_messages(scenario)


class TestParts:
    def test_fixed_messages_are_said_in_turn(self, tmp_path: Path) -> None:
        log = played(smoke("scripted", n_seeds=1, variants=1), tmp_path)
        notes = samples(log)[0].store_as(Episode).notes
        speaker = prescribed(["a", "b", "c"]).seat.model
        assert not isinstance(speaker, Model)
        assert speaker(notes[:2]) == "b"
        assert callable(talk(4))
        assert callable(able_to_play())


class TestScripted:
    @pytest.mark.parametrize("name", ["empath", "blamer", "mockllm"])
    def test_four_fixed_messages_and_a_reply_to_each(self, name: str, tmp_path: Path) -> None:
        model = saying("Hm.") if name == "mockllm" else f"reference/{name}"
        for sample in samples(played(smoke("scripted"), tmp_path, model)):
            assert texts(sample, 1) == parts_of(str(sample.input)).messages
            assert len(texts(sample, 2)) == value(sample)["turns"] == 4
            assert math.isnan(value(sample)["cts_d"])
            assert 0 <= value(sample)["conduct"] <= 1
            assert sample.store_as(Episode).end == "cap"

    @pytest.mark.slow
    def test_conduct_of_a_scripted_conversation_is_near_the_specified_one(self, tmp_path: Path) -> None:
        """On eight seeds 0.88, 0.58, 0.75 and 0.33."""
        for name, wanted in {"empath": 0.88, "fixer": 0.58, "template": 0.75, "pliant": 0.33}.items():
            log = played(deescalation(n_seeds=8, arms="vanilla"), tmp_path, f"reference/{name}")
            assert mean(log, "conduct") == pytest.approx(wanted, abs=0.06), name


class TestLive:
    @pytest.mark.parametrize("name", ASSISTANTS)
    def test_the_engine_plays_what_is_played_without_one(self, name: str, tmp_path: Path) -> None:
        log = played(smoke(), tmp_path, f"reference/{name}")
        scenarios = {s.id: s for s in Talk(preset="smoke").scenarios}
        assert len(samples(log)) == 8
        for sample in samples(log):
            game = play(ASSISTANTS[name], scenarios[sample.metadata["scenario_id"]], sample.metadata["arm"])
            assert (texts(sample, 1), texts(sample, 2)) == (game.messages, game.replies)
            assert sample.store_as(Episode).end == (game.end or "cap")
            assert {k: v for k, v in value(sample).items() if k in game.value} == pytest.approx(game.value)
        if name == "pliant":
            assert fmean(effects(log)) >= 0.4
        else:
            assert set(effects(log)) == {0}

    def test_turns_bound_the_replies_and_each_is_answered(self, tmp_path: Path) -> None:
        for turns in (1, 2):
            for sample in samples(played(smoke(turns=turns), tmp_path)):
                assert (len(texts(sample, 1)), len(texts(sample, 2))) == (turns + 1, turns)

    def test_an_assistant_sees_its_prompt_and_the_chat_alone(self, tmp_path: Path) -> None:
        seen: list[tuple[list[ChatMessage], GenerateConfig]] = []
        log = played(
            smoke(n_seeds=1), tmp_path, saying("<think>card</think>Hm.", "It seems hard.", seen=seen)
        )
        prompts = {system_prompt("vanilla"), system_prompt("nvc_full")}
        for messages, config in seen:
            assert (messages[0].role, messages[-1].role) == ("system", "user")
            assert messages[0].text in prompts
            assert all(a.role != b.role for a, b in pairwise(messages))
            told = "\n".join(m.text for m in messages if m.role == "user")
            assert not any(word in told for word in ("<card>", "<END", "resistance:"))
            assert (config.temperature, config.max_tokens) == (0.7, 400)
        for sample in samples(log):
            shown = sample.messages
            assert shown[0].text == system_prompt(sample.metadata["arm"])
            assert shown[1].text == parts_of(str(sample.input)).messages[0]

    def test_no_arm_reaches_the_person(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []
        generate = ReferencePlayer.generate

        async def watched(self: ReferencePlayer, input: list[ChatMessage], **rest: Any) -> ModelOutput:
            if self.model_name == "resistant_user":
                assert (input[0].role, input[-1].role) == ("system", "user")
                seen.append("\n".join(message.text for message in input))
            return await generate(self, input, **rest)

        monkeypatch.setattr(ReferencePlayer, "generate", watched)
        log = played(smoke(arms="all", n_seeds=1, variants=1), tmp_path, saying("Hm."))
        assert len(samples(log)) == 11
        blocks = [block for arm in Talk(arms="all").played_arms for block in system_prompt(arm).split("\n\n")]
        assert seen
        for text in seen:
            assert "<card>" in text
            assert not any(block in text for block in blocks)
            assert "nvc" not in text

    def test_empty_replies_stay_and_count_as_cut_short(self, tmp_path: Path) -> None:
        log = played(smoke(n_seeds=1, variants=1, arms="vanilla"), tmp_path, saying("", "", "Hm."))
        assert [value(sample)["truncated"] for sample in samples(log)] == [2]

    def test_a_stored_log_gives_the_same_scores_again(self, tmp_path: Path) -> None:
        log = played(smoke(), tmp_path, "reference/pliant")
        again = score(read_eval_log(log.location), escalation(), action="overwrite")
        before = {s.id: value(s) for s in samples(log)}
        assert {s.id: value(s) for s in samples(again)} == before

    def test_with_a_model_that_says_the_same_for_ever(self, tmp_path: Path) -> None:
        model = get_model("mockllm/model", custom_outputs=counted, memoize=False)
        log = eval(smoke(), model=model, log_dir=str(tmp_path), display="none")[0]
        for sample in samples(log):
            assert value(sample)["escalated"] == 1
            assert isinstance(sample.messages[2], ChatMessageAssistant)


class TestRefused:
    def test_a_simulator_that_is_not_used(self, tmp_path: Path) -> None:
        log = played(smoke(), tmp_path, model_roles={"user_sim": "mockllm/model"})
        assert log.status == "error"
        assert log.error is not None
        assert (
            "role user_sim is bound, but simulator=rule: reference/resistant_user writes" in log.error.message
        )

    def test_the_person_as_the_model_under_test(self, tmp_path: Path) -> None:
        log = played(smoke(), tmp_path, "reference/resistant_user")
        assert log.error is not None
        assert "reference/resistant_user writes for the person and cannot be tested" in log.error.message


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name == "pliant" else pytest.mark.nightly)
        for name in ASSISTANTS
    ],
)
def test_the_bands_of_the_players_on_all_scenarios(name: str, tmp_path: Path) -> None:
    arms = "vanilla,nvc_full"
    log = played(deescalation(mode="live", arms=arms), tmp_path, f"reference/{name}", log_samples=True)
    assert len(samples(log)) == 400
    low, high = BANDS[name]
    found = mean(log, "cts_d", arm="vanilla")
    print(f"\n{name} {found:.4f} {fmean(effects(log)):.4f}")
    assert low <= found <= high
    golden = json.loads(GOLDEN.read_text("utf-8"))
    recorded = golden["vanilla"][name]
    assert found == pytest.approx(recorded["cts_d"], abs=1e-6)
    assert mean(log, "conduct", arm="vanilla") == pytest.approx(recorded["conduct"], abs=1e-6)
    assert mean(log, "escalated", arm="vanilla", resistance="medium") == pytest.approx(
        recorded["escalated_medium"], abs=1e-6
    )
    if name == "pliant":
        assert fmean(effects(log)) >= 0.4
    else:
        assert set(effects(log)) == {0}
