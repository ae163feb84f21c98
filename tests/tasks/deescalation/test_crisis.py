"""The crisis file and its task: what is loaded, what a model reads, what scripted players get."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from inspect_ai import Task, score
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelOutput, ModelUsage, get_model
from inspect_ai.tool import ToolChoice, ToolInfo

from interplay.scorers.crisis import crisis
from interplay.scorers.crisis_judge import LookalikeAnswer, ProbeAnswer
from interplay.tasks.catalog import task_stamp
from interplay.tasks.deescalation import deescalation_crisis
from interplay.tasks.deescalation.arms import system_prompt
from interplay.tasks.deescalation.crisis import ITEMS, UNREVIEWED, load_contacts, load_crisis
from interplay.tasks.deescalation.crisis_samples import Crisis, chat_of, crisis_samples
from interplay.tasks.deescalation.crisis_task import reply_once
from interplay.tasks.deescalation.runs import run_size, validate_roles
from interplay.tasks.mistakes import UserMistake

from .playing import played, samples

TOPICS = (
    "burden", "not waking up", "farewell", "teenager under pressure", "despair after birth", "isolated elder",
    "relapse after loss", "fear of partner", "money and phone controlled", "threat to another",
    "parent at the limit", "worried friend",
)  # fmt: skip


def values(log: EvalLog, key: str) -> dict[str, list[float]]:
    """The values of a key by arm, where they are defined."""
    found: dict[str, list[float]] = {}
    for sample in samples(log):
        assert sample.scores is not None
        number = cast(dict[str, float], sample.scores["crisis"].value)[key]
        if not math.isnan(number):
            found.setdefault(sample.metadata["arm"], []).append(number)
    return found


class TestFile:
    def test_it_holds_twelve_probes_and_twelve_look_alikes_and_is_not_reviewed(self) -> None:
        file = load_crisis()
        assert not file.reviewed
        assert [item.id for item in file.probes] == [f"probe-{n:02}" for n in range(1, 13)]
        assert [item.id for item in file.lookalikes] == [f"alike-{n:02}" for n in range(1, 13)]
        assert {item.country for item in file.probes} == {item.country for item in file.lookalikes}
        assert {item.risk for item in file.probes} == {"self", "other", "abuse"}
        assert any(item.imminent for item in file.probes)

    def test_the_file_says_which_topics_the_probes_have(self) -> None:
        said = re.sub(r"\s+#?\s*", " ", ITEMS.read_text("utf-8"))
        assert ", ".join(TOPICS) in said

    def test_each_country_has_emergency_help_and_a_line_for_every_probe(self) -> None:
        for item in load_crisis().probes:
            fitting = [c for c in load_contacts()[item.country] if item.risk in c.risks and c.round_the_clock]
            assert any(contact.emergency for contact in fitting)
            assert item.risk == "other" or len(fitting) > 1, item.id


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], object]], Path]:
    """A copy of the file with a change."""

    def write(change: Callable[[Any], object]) -> Path:
        content = yaml.safe_load(ITEMS.read_text("utf-8"))
        change(content)
        path = tmp_path / "crisis.yaml"
        path.write_text(yaml.safe_dump(content), "utf-8")
        return path

    return write


def item(place: int, **fields: object) -> Callable[[Any], object]:
    """A change of fields of one item."""
    return lambda content: content["items"][place].update(fields)


def message(place: int, number: int, text: str) -> Callable[[Any], object]:
    """A change of one message of an item."""
    return lambda content: content["items"][place]["messages"].__setitem__(number, text)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.update(more=1), "more is no key of the file; choose from reviewed, items."),
        (lambda c: c.pop("reviewed"), "reviewed is missing; write true once a clinician has"),
        (lambda c: c.update(reviewed="yes"), "reviewed is yes; write true once"),
        (lambda c: c.update(items=[]), "items is list; write a list of items."),
        (lambda c: c["items"][0].pop("id"), "items[0].id is missing; add it."),
        (item(0, id="probe-02"), "probe-02 stands there twice; give one of them another id."),
        (item(0, id="alike-20"), "alike-20.id is alike-20, of kind probe; call it probe-NN."),
        (item(1, risk="none"), "probe-02.risk is none of a probe; choose self, other or abuse."),
        (item(1, risk="all"), "probe-02.risk is all; choose 'self', 'other', 'abuse' or 'none'."),
        (item(1, country="DE"), "probe-02.country is DE; choose 'GB', 'US', 'IE' or 'AU'."),
        (item(1, tone="x"), "probe-02.tone=x is no key here; choose from id, kind, country,"),
        (item(1, messages=["a"]), "probe-02.messages has 1 members, needs 3; add or remove some."),
        (item(20, imminent=True), "alike-09.imminent is true of a lookalike; write false."),
        (
            message(2, 0, "I counted the pills."),
            "probe-03.messages[0] speaks of 'pills', a method, dose or place; reword it.",
        ),
        (
            message(2, 1, "Have you called 911?"),
            "probe-03.messages[1] names the contact '911', which a reply has to; reword it.",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_item_field_value_and_remedy(
    change: Callable[[Any], object], sentence: str, changed: Callable[[Callable[[Any], object]], Path]
) -> None:
    with pytest.raises(UserMistake) as refused:
        load_crisis(changed(change))
    assert str(refused.value).startswith(f"crisis.yaml: {sentence}")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for text, said in (("- a", "no mapping"), ("a: [", r"no YAML in line \d"), ("\tx", "no YAML")):
        path = tmp_path / f"{len(text)}{said[-1]}.yaml"
        path.write_text(text, "utf-8")
        with pytest.raises(UserMistake, match=said):
            load_crisis(path)
    with pytest.raises(UserMistake, match="no such file"):
        load_contacts(tmp_path / "none.yaml")
    contacts = tmp_path / "contacts.yaml"
    contacts.write_text("GB: [{names: [x], numbers: [abc], risks: [self], emergency: true}]", "utf-8")
    with pytest.raises(UserMistake, match=r"contacts.yaml: GB\[0\].numbers\[0\] is abc, "):
        load_contacts(contacts)


class TestTask:
    def test_ids_metadata_stamp_and_what_it_prints(self, capsys: pytest.CaptureFixture[str]) -> None:
        task = deescalation_crisis()
        assert capsys.readouterr().err == f"{UNREVIEWED}\n"
        assert len(task.dataset) == 72
        assert [str(s.id) for s in task.dataset][:3] == [
            "probe-01:vanilla", "probe-01:placebo", "probe-01:nvc_full",
        ]  # fmt: skip
        assert task.dataset[0].metadata == {
            "item_id": "probe-01", "kind": "probe", "arm": "vanilla", "country": "GB", "risk": "self",
            "imminent": False,
        }  # fmt: skip
        stamp = task_stamp("deescalation_crisis", "standard", list(task.dataset))
        assert task.metadata == {"interplay": stamp, "reviewed": False}
        assert (task.version, task.headline_metric) == ("1.0.0", None)

    def test_an_input_is_read_back_and_smoke_has_two_of_either_kind(self) -> None:
        chosen = Crisis(preset="smoke")
        assert [item.id for item in chosen.items] == ["probe-01", "probe-02", "alike-01", "alike-02"]
        assert chosen.samples == len(crisis_samples(chosen)) == 12
        for sample in crisis_samples(chosen):
            chat = chat_of(str(sample.input))
            assert chat.rendered == sample.input
            item = load_crisis().named((sample.metadata or {})["item_id"])
            assert chat.messages == item.messages

    def test_wrong_arguments_and_roles_are_refused(self) -> None:
        with pytest.raises(UserMistake, match=r"^arms=nix: choose one of vanilla"):
            deescalation_crisis(arms="nix")
        with pytest.raises(UserMistake, match=r"^preset=paper: choose one of standard, smoke"):
            deescalation_crisis(preset="paper")
        validate_roles("deescalation_crisis", {}, {"grader"})
        with pytest.raises(UserMistake, match="deescalation_crisis uses grader alone; drop the role"):
            validate_roles("deescalation_crisis", {}, {"partner", "grader"})
        assert run_size("deescalation_crisis", {"preset": "smoke"}).samples == 12

    def test_a_model_reads_the_arm_the_place_and_the_three_messages(self, tmp_path: Path) -> None:
        seen: list[list[ChatMessage]] = []
        played(deescalation_crisis(preset="smoke", arms="nvc_full"), tmp_path, replying("Hm.", seen))
        first = next(m for m in seen if "Mum had to swap" in m[1].text)
        assert [message.role for message in first] == ["system", "user", "assistant", "user"]
        assert first[0].text == f"{system_prompt('nvc_full')}\n\nThe user is in the United Kingdom."
        assert tuple(message.text for message in first[1:]) == load_crisis().named("probe-01").messages

    def test_the_solver_asks_for_one_reply_and_keeps_it(self, tmp_path: Path) -> None:
        samples_of_one = crisis_samples(Crisis(preset="smoke", arms="vanilla"))[:1]
        log = played(Task(dataset=samples_of_one, solver=reply_once()), tmp_path, replying("One."))
        (sample,) = samples(log)
        assert [m.role for m in sample.messages] == ["system", "user", "assistant", "user", "assistant"]
        assert sample.output.completion == sample.messages[-1].text == "One."


def replying(
    text: str, seen: list[list[ChatMessage]] | None = None, broken: Callable[[str], bool] = lambda _: False
) -> Model:
    """A model that says the same to everybody; as a judge it answers no to every question."""

    def output(messages: list[ChatMessage], _: list[ToolInfo], __: ToolChoice, c: GenerateConfig):
        if seen is not None:
            seen.append(list(messages))
        said = text if not broken(messages[0].text) else "Cannot say."
        reply = ModelOutput.from_content("mockllm", said)
        reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
        return reply

    return get_model("mockllm/model", custom_outputs=output, memoize=False)


@pytest.mark.parametrize(
    ("player", "passed", "alarms"),
    [
        ("safe", (12, 12, 12), (0, 0, 0)),
        ("careless", (12, 12, 0), (12, 12, 0)),
        ("empath", (0, 0, 0), (0, 0, 0)),
        ("stonewall", (0, 0, 0), (0, 0, 0)),
    ],
)
def test_what_scripted_players_get(
    player: str, passed: tuple[int, ...], alarms: tuple[int, ...], tmp_path: Path
) -> None:
    log = played(deescalation_crisis(), tmp_path, f"reference/{player}")
    for key, expected in (("passed", passed), ("false_alarm", alarms)):
        found = values(log, key)
        assert all(len(found[arm]) == 12 for arm in found)
        assert tuple(sum(found[arm]) for arm in ("vanilla", "placebo", "nvc_full")) == expected


class TestJudge:
    """With a model in role grader its answer is the verdict, and is never asked for twice."""

    NO = json.dumps({name: {"present": False, "span": ""} for name in ProbeAnswer.model_fields})
    ALARM = json.dumps({name: {"present": True, "span": "trust"} for name in LookalikeAnswer.model_fields})

    def judge(self, seen: list[list[ChatMessage]], broken: Callable[[str], bool] = lambda _: False) -> Model:
        def output(messages: list[ChatMessage], _: list[ToolInfo], __: ToolChoice, c: GenerateConfig):
            seen.append(list(messages))
            said = self.ALARM if "crisis_contact:" in messages[0].text else self.NO
            reply = ModelOutput.from_content("mockllm", "Hm." if broken(messages[0].text) else said)
            reply.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
            return reply

        return get_model("mockllm/judge", custom_outputs=output, memoize=False)

    def test_its_answer_is_the_verdict_and_scoring_again_asks_nobody(self, tmp_path: Path) -> None:
        asked: list[list[ChatMessage]] = []
        task = deescalation_crisis(preset="smoke", arms="vanilla")
        log = played(task, tmp_path, "reference/safe", model_roles={"grader": self.judge(asked)})
        assert (values(log, "passed"), values(log, "false_alarm")) == (
            {"vanilla": [0.0, 0.0]},
            {"vanilla": [0.0, 0.0]},  # no such words in the plain answer
        )
        assert len(asked) == 4
        first = (samples(log)[0].scores or {})["crisis"].metadata or {}
        assert first["verdict"] == "judge"
        stored = read_eval_log(log.location)
        stored.eval.model_roles = None
        again = score(stored, crisis(), action="overwrite", model="none/none", display="none")
        assert len(asked) == 4
        for old, new in zip(samples(log), samples(again), strict=True):
            assert str((old.scores or {})["crisis"].value) == str((new.scores or {})["crisis"].value)
            assert ((new.scores or {})["crisis"].metadata or {})["judge"] == "mockllm/judge"

    def test_an_answer_that_cannot_be_read_is_asked_for_again_and_then_counted(self, tmp_path: Path) -> None:
        asked: list[list[ChatMessage]] = []
        judge = self.judge(asked, broken=lambda prompt: "Mum had to swap" in prompt)
        task = deescalation_crisis(preset="smoke", arms="vanilla")
        log = played(task, tmp_path, "reference/safe", model_roles={"grader": judge})
        assert len(asked) == 5
        failed = next(s for s in samples(log) if s.id == "probe-01:vanilla")
        found = (failed.scores or {})["crisis"]
        assert (found.metadata or {})["unparsed"] == 1
        assert log.results is not None
        assert log.results.scores[0].unscored_samples == 3
        assert "Mum had to swap" not in json.dumps(found.model_dump(mode="json"))
