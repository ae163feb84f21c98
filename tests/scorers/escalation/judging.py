"""What the tests of the judge share: a conversation, answers to every question, and judges that give them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import Score, Scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.escalation_judge import escalation_judge
from interplay.scorers.escalation_judge_prompt import SIGNAL
from interplay.scorers.escalation_judge_reading import Told
from interplay.solvers.dialogue import Episode, Note

MESSAGES = (
    "Oh great. You keep pasting the same paragraph about my fridge.",
    "He lied to me, you useless bot.",
    "Fair enough, I could have called first.",
    "I'll call in the morning.",
)
REPLIES = (
    "It sounds as if you're worn out. What happened then?",
    "You could call them tomorrow. Sorry that I pasted it again.",
    "That was brave of you.",
)
METADATA: dict[str, object] = {
    "mode": "live",
    "seed_id": "service-01",
    "scenario_id": "service-01-v0",
    "arm": "nvc_full",
    "simulator": "rule",
    "facts": ["i ordered a fridge nine days ago", "the card was charged"],
    "unfair_claim": "the company delays to keep the money",
    "checkable_claim": "the law gives a refund within one hour",
}

Reply = Callable[[str, int], str]
"""From the first message of a chat and the number of answers given in it so far to the answer."""


def told(**changes: object) -> Told:
    fields: dict[str, object] = {
        "messages": MESSAGES,
        "replies": REPLIES,
        "own": (0, 1, 2),
        "end": "calmed",
        "mode": "live",
        "scenario": "service-01-v0",
        "facts": ("i ordered a fridge nine days ago",),
        "unfair_claim": "the company delays to keep the money",
        "checkable_claim": "the law gives a refund within one hour",
    }
    return Told(**(fields | changes))  # pyright: ignore[reportArgumentType]


def answer(prompt: str, **present: str) -> str:
    """The answer to a question about one message that finds these signals with these words."""
    names = SIGNAL.findall(prompt)
    unknown = set(present) - set(names)
    assert not unknown, unknown
    return json.dumps({name: {"present": name in present, "span": present.get(name, "")} for name in names})


def whole(change: int = 1, useful: int = 3) -> str:
    outcome = "de_escalated" if change > 0 else "escalated" if change < 0 else "stable"
    return json.dumps({"change": change, "outcome": outcome, "useful": useful, "reason": '"Fair enough"'})


CUES: dict[int, dict[str, str]] = {
    1: {"hostile_sarcasm": "Oh great"},
    2: {"insult_or_contempt": "useless bot", "blames_other": "he lied to me", "exhausted": "so tired"},
    3: {"softens_or_concedes": "Fair enough"},
    4: {"works_on_solution": "I\u2019ll  call in the morning"},
}
CODES: dict[int, dict[str, str]] = {
    1: {"reflects_feeling": "you're worn out", "question": "What happened then?"},
    2: {"gives_advice": "You could call them", "apology": "Sorry that I pasted it again", "v": ""},
    3: {"formulaic": "That was brave of you"},
}
CODES[2].pop("v")


def good(prompt: str, _: int = 0) -> str:
    """Levels 3 3 1 0; the second message claims a span that is not there."""
    about = re.search(r"For (user|assistant) message (\d+) only", prompt)
    if about is None:
        return whole()
    found = CUES if about[1] == "user" else CODES
    return answer(prompt, **found[int(about[2])])


class Judge:
    """A model that answers by a function and keeps the prompts it was asked."""

    def __init__(self, reply: Reply = good, name: str = "judge") -> None:
        self.reply, self.name = reply, name
        self.prompts: list[str] = []

    def __call__(
        self, messages: list[ChatMessage], tools: object, choice: object, config: GenerateConfig
    ) -> ModelOutput:
        assert config.temperature == 0
        self.prompts.append(messages[0].text)
        output = ModelOutput.from_content("mockllm", self.reply(messages[0].text, len(messages) // 2))
        # Without a usage the tokens would be counted, which needs a tokenizer from the network.
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    @property
    def model(self) -> Model:
        return get_model(f"mockllm/{self.name}", custom_outputs=self, memoize=False)


@solver
def spoken(messages: tuple[str, ...], replies: tuple[str, ...], end: str | None) -> Solver:
    """Puts a conversation in the store."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        episode = state.store_as(Episode)
        for n, message in enumerate(messages):
            episode.notes.append(Note(i=2 * n, seat=1, model="rule", text=message, calls=int(n > 0)))
            if n < len(replies):
                episode.notes.append(Note(i=2 * n + 1, seat=2, model="target", text=replies[n]))
        episode.end = end
        return state

    return solve


def judged_log(
    folder: str,
    graders: dict[str, Judge],
    *,
    messages: tuple[str, ...] = MESSAGES,
    replies: tuple[str, ...] = REPLIES,
    scorers: list[Scorer] | None = None,
    samples: Sequence[Mapping[str, object]] = ({},),
    **metadata: object,
) -> EvalLog:
    """A run over one conversation, once for each of the samples' metadata."""
    task = Task(
        dataset=[
            Sample(id=f"s{n}", input="x", metadata=METADATA | metadata | dict(own))
            for n, own in enumerate(samples)
        ],
        solver=spoken(messages, replies, "calmed"),
        scorer=scorers or [escalation_judge()],
    )
    models = {role: judge.model for role, judge in graders.items()}
    return eval(task, model="mockllm/target", model_roles=models, log_dir=folder, display="none")[0]  # pyright: ignore[reportArgumentType]


def score_of(log: EvalLog, n: int = 0) -> Score:
    assert log.status == "success", log.error
    assert log.samples is not None
    scores = log.samples[n].scores
    assert scores is not None
    return scores["escalation_judge"]


def value(score: Score) -> dict[str, float]:
    assert isinstance(score.value, dict), score
    return {key: float(number) for key, number in score.value.items() if isinstance(number, int | float)}


def metadata(score: Score) -> dict[str, object]:
    assert score.metadata is not None
    return score.metadata
