"""How a judge is asked: the schema and its fallback, the second question, and JSON among prose."""

import json
from functools import partial

import anyio
import pytest
from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelOutput, ModelUsage, get_model
from pydantic import BaseModel

from interplay.scorers.judge_call import ask_judge, judge_each, schema_of
from interplay.scorers.judge_json import compact, objects_in, read_as


class Part(BaseModel):
    present: bool
    span: str


class Verdict(BaseModel):
    red: Part
    level: int


GOOD = '{"red": {"present": true, "span": "say {so}"}, "level": 3}'
BAD = "I would say it is red."
SCHEMA = schema_of(Verdict)


class Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status_code = status


class Judge:
    """A model that keeps what it is asked, and refuses schemas with a status if it has one."""

    def __init__(self, *replies: str, status: int | None = None) -> None:
        self.replies, self.status = list(replies), status
        self.asked: list[tuple[list[str], bool]] = []

    def reply(
        self, messages: list[ChatMessage], tools: object, choice: object, config: GenerateConfig
    ) -> ModelOutput:
        shaped = config.response_schema is not None
        assert config.temperature == 0
        self.asked.append(([message.text for message in messages], shaped))
        if shaped and self.status is not None:
            raise Refusal(self.status)
        output = ModelOutput.from_content("mockllm/model", self.replies.pop(0))
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    @property
    def model(self) -> Model:
        return get_model("mockllm/model", custom_outputs=self.reply, memoize=False)

    def answer(self) -> str:
        return anyio.run(
            partial(ask_judge, self.model, "Is it red?", partial(read_as, Verdict), schema=SCHEMA)
        )


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "I think {{so}}: {} and {{}}", "{} {{"])
def test_an_answer_is_read_among_prose(around: str):
    text = around.replace("{}", GOOD).replace("{{", "{").replace("}}", "}")
    assert read_as(Verdict, text).red == Part(present=True, span="say {so}")


def test_an_object_of_another_shape_is_passed_over():
    assert read_as(Verdict, f'{{"thought": 1}} {GOOD}').level == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON object"),
        (BAD, "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"level": 3}', "red: Field required"),
        ('{"red": {"present": "perhaps", "span": ""}, "level": 3}', "red.present"),
        ("{" * 100_000, "no JSON object"),
        ('{"a":' * 5_000, "no JSON object"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        read_as(Verdict, text)


def test_compact_keeps_the_object_and_else_everything():
    assert json.loads(compact(f"So:\n{GOOD}\nDone.")) == json.loads(GOOD)
    assert " " not in compact('{"a": 1, "b": 2}')
    assert compact(BAD) == BAD
    assert list(objects_in(f"{GOOD} {GOOD}")) == [json.loads(GOOD)] * 2


def test_a_good_answer_is_asked_for_once_with_its_shape():
    judge = Judge(GOOD)
    assert judge.answer() == GOOD
    assert judge.asked == [(["Is it red?"], True)]


def test_a_draft_among_thoughts_is_no_answer():
    judge = Judge(f"<think>Perhaps {GOOD.replace('3', '1')}</think>\n{GOOD}")
    assert read_as(Verdict, judge.answer()).level == 3


def test_a_bad_answer_is_asked_for_again_as_text_with_what_is_wrong():
    judge = Judge(BAD, GOOD)
    assert judge.answer() == GOOD
    (_, first), (messages, second) = judge.asked
    assert (first, second) == (True, False)
    assert messages[1] == BAD
    assert messages[2] == "That reply is not valid: no JSON object. Reply with the JSON object only."


def test_two_bad_answers_are_not_asked_for_again():
    judge = Judge("", BAD, GOOD)
    assert judge.answer() == BAD
    assert judge.asked[1][0][1] == "(empty reply)"


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_the_schema_is_asked_for_text(status: int):
    judge = Judge(GOOD, status=status)
    assert judge.answer() == GOOD
    assert [shaped for _, shaped in judge.asked] == [True, False]


def test_any_other_failure_of_a_server_goes_through():
    judge = Judge(GOOD, status=401)
    with pytest.raises(Refusal):
        judge.answer()
    assert len(judge.asked) == 1


def test_a_schema_allows_no_further_key_at_any_depth():
    schema = SCHEMA.json_schema
    assert schema.additionalProperties is False
    assert schema.properties is not None
    assert schema.properties["red"].additionalProperties is False
    assert schema.required == ["red", "level"]


def test_no_call_outlives_one_that_failed() -> None:
    ended: list[int] = []

    async def judge(item: int) -> None:
        try:
            if item:
                await anyio.sleep_forever()
            await anyio.sleep(0.05)
            raise RuntimeError("gone")
        finally:
            ended.append(item)

    async def judged() -> list[int]:
        with pytest.raises(RuntimeError, match="gone"):
            await judge_each(judge, range(5))
        return sorted(ended)

    assert anyio.run(judged) == [0, 1, 2, 3, 4]
