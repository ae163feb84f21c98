"""The four tasks of the user turns: native, by instruction, by likelihood, and the replies alone.

    interplay eval user_turn --model vllm-completions/Qwen/Qwen3.5-4B
    inspect eval interplay/user_turn --model reference/curious -T datasets=bundled
    interplay eval user_turn_prompted --model openai/gpt-5

Source: Beyond the Assistant Turn (arXiv 2604.02315), reimplemented from the published abstract and
secondary descriptions.
"""

from pathlib import Path

from inspect_ai import Epochs, Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import model_roles
from inspect_ai.scorer import Scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.scorers.followup import followup, turn_labels
from interplay.scorers.followup_judge import followup_judge
from interplay.scorers.likelihood import likelihood
from interplay.scorers.reply import correct_reply
from interplay.solvers.user_likelihood import measure_likelihood
from interplay.solvers.user_prompted import write_turns_by_instruction
from interplay.solvers.user_reply import write_reply
from interplay.solvers.user_role import write_user_turns
from interplay.tasks.catalog import task_stamp
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .arguments import Contexts, Drawn, Instructed, Likelihood, Listed, Probe, Replies, Server
from .contexts import load, pinned, smoke
from .dataset import sample_of
from .replies import frozen_replies
from .runs import refuse_missing_roles

VERSION = "1.0.0"


@task
def user_turn(
    preset: Preset = "standard",
    datasets: Listed | None = None,
    limit: int | None = None,
    temperatures: Listed | None = None,
    k: int | None = None,
    arms: Listed | None = None,
    replies: str | None = None,
    tokenizer: str | None = None,
    chat_template: str | None = None,
    template_kwargs: str | dict[str, object] | None = None,
    server: Server = "vllm",
    judge: bool = False,
    seed: int = 1,
) -> Task:
    """The model's own user role is opened after question and reply, and the model writes the turn.

    Example: after "… 36 / 3 = 12 rolls … 48 rolls" a genuine follow-up is "Why did you divide 36 by 3?".

    Args:
        preset: `standard`, `ceiling`, `controls`, `paper` or `smoke`; it fills in all that is not given.
        datasets: Comma list of gsm8k, gpqa, ifbench, healthbench, coval, wildchat, bundled.
        limit: The first n contexts of each data set.
        temperatures: Comma list; 0 is drawn once, all others k times.
        k: Turns at each temperature above 0, 1 to 64.
        arms: Comma list of control arms, or `all`.
        replies: Frozen replies: a log of `user_turn_replies`, or JSON lines `{"id", "reply", "model"}`.
        tokenizer: `id@revision` or a folder; by default from the name of the model.
        chat_template: File with a chat template; base checkpoints take that of their post-trained sibling.
        template_kwargs: JSON object of keyword arguments for the chat template.
        server: Dialect of a completions server: `vllm`, `sglang` or `llamacpp`.
        judge: Add a model that labels turns as well; needs role `grader`.
        seed: Of the decoding; contexts never depend on it.
    """
    chosen = Probe(
        preset=preset,
        datasets=datasets,
        limit=limit,
        temperatures=temperatures,
        k=k,
        arms=arms,
        replies=replies,
        tokenizer=tokenizer,
        chat_template=chat_template,
        template_kwargs=template_kwargs,
        server=server,
        judge=judge,
        seed=seed,
    )
    played = write_user_turns(
        temperatures=chosen.numbers,
        k=chosen.draws,
        arms=chosen.run_arms,
        seed=seed,
        replies=replies,
        tokenizer=tokenizer,
        chat_template=chat_template,
        template_kwargs=chosen.template_options,
        server=server,
    )
    return declared(chosen, played, labelling(chosen), "followup.gfr_t1")


@task
def user_turn_prompted(
    preset: Preset = "standard",
    datasets: Listed | None = None,
    limit: int | None = None,
    temperatures: Listed | None = None,
    k: int | None = None,
    replies: str | None = None,
    judge: bool = False,
    seed: int = 1,
) -> Task:
    """A chat model is asked to write the person's next message: instructed role-play, ranked apart.

    Example: shown the conversation about 48 rolls, the model writes "Why did you divide 36 by 3?".

    Args:
        preset: `standard`, `ceiling`, `controls`, `paper` or `smoke`; it fills in all that is not given.
        datasets: Comma list of gsm8k, gpqa, ifbench, healthbench, coval, wildchat, bundled.
        limit: The first n contexts of each data set.
        temperatures: Comma list; `default` sends none, for providers that take none.
        k: Turns at each temperature above 0, 1 to 64.
        replies: Frozen replies: a log of `user_turn_replies`, or JSON lines `{"id", "reply", "model"}`.
        judge: Add a model that labels turns as well; needs role `grader`.
        seed: Of the decoding; contexts never depend on it.
    """
    chosen = Instructed(
        preset=preset,
        datasets=datasets,
        limit=limit,
        temperatures=temperatures,
        k=k,
        replies=replies,
        judge=judge,
        seed=seed,
    )
    played = write_turns_by_instruction(
        temperatures=chosen.sampled, k=chosen.draws, seed=seed, replies=replies
    )
    headline = "followup.gfr_default" if chosen.sampled == ("default",) else "followup.gfr_t1"
    return declared(chosen, played, labelling(chosen), headline)


@task
def user_turn_likelihood(
    preset: Preset = "standard",
    datasets: Listed | None = None,
    limit: int | None = None,
    tokenizer: str | None = None,
    chat_template: str | None = None,
    template_kwargs: str | dict[str, object] | None = None,
    server: Server = "vllm",
) -> Task:
    """How likely a stored follow-up is after the reply it was written for, and after another one.

    Example: `grounding_gain` = mean log-probability of "Why did you divide 36 by 3?" after its reply, less
    the same after the reply to another question, in nats a token.

    Args:
        preset: `standard` (bundled), `ceiling` (wildchat) or `smoke`.
        datasets: Comma list of bundled, wildchat.
        limit: The first n contexts of each data set.
        tokenizer: `id@revision` or a folder; by default from the name of the model.
        chat_template: File with a chat template.
        template_kwargs: JSON object of keyword arguments for the chat template.
        server: `vllm` or `sglang`; llama.cpp returns no prompt log-probabilities.
    """
    chosen = Likelihood(
        preset=preset,
        datasets=datasets,
        limit=limit,
        tokenizer=tokenizer,
        chat_template=chat_template,
        template_kwargs=template_kwargs,
        server=server,
    )
    played = measure_likelihood(
        tokenizer=tokenizer,
        chat_template=chat_template,
        template_kwargs=chosen.template_options,
        server=server,
    )
    return declared(chosen, played, [likelihood()], "likelihood.grounding_gain")


@task
def user_turn_replies(
    preset: Preset = "standard", datasets: Listed | None = None, limit: int | None = None
) -> Task:
    """The replies alone, by any chat provider; the log serves as `replies=` of the other tasks.

    Args:
        preset: `standard`, `ceiling`, `controls`, `paper` or `smoke`.
        datasets: Comma list of gsm8k, gpqa, ifbench, healthbench, coval, wildchat, bundled.
        limit: The first n contexts of each data set.
    """
    chosen = Replies(preset=preset, datasets=datasets, limit=limit)
    return declared(chosen, write_reply(), [correct_reply()], "correct_reply.correct")


def labelling(chosen: Drawn) -> list[Scorer]:
    """The scorers of generated turns: rules first, then the judge where one was asked for."""
    rules = [followup(), turn_labels()]
    return [*rules, followup_judge()] if chosen.judge else rules


def declared(chosen: Contexts, played: Solver, scorers: list[Scorer], headline: str) -> Task:
    """The Inspect task of these arguments: contexts, how they are played and scored, and the stamp.

    Raises:
        UserMistake: a data set is not pinned, or the frozen replies do not fit the contexts.
        NetworkProblem: a data set could not be fetched.
    """
    for name in chosen.limits:
        if name != "bundled":
            pinned(name)  # before anything is fetched
    contexts = (
        smoke()[: chosen.limit] if chosen.preset == "smoke" and chosen.datasets is None else
        [context for name, count in chosen.limits.items() for context in load(name, count)]
    )  # fmt: skip
    if isinstance(chosen, Drawn) and chosen.replies is not None:
        frozen_replies(Path(chosen.replies), [context.id for context in contexts])
    samples = [sample_of(context) for context in contexts]
    return Task(
        dataset=MemoryDataset(samples, name="+".join(chosen.limits)),
        setup=one_epoch_with_roles(sorted(chosen.needed_roles)),
        solver=played,
        scorer=scorers,
        epochs=Epochs(1),
        version=VERSION,
        headline_metric=headline,
        metadata={"interplay": task_stamp(chosen.task, chosen.preset, samples)},
    )


@solver
def one_epoch_with_roles(needed: list[str]) -> Solver:
    """Refuse, before any call, a second epoch and a missing role, which `inspect eval` tells only now.

    Raises:
        UserMistake: in the sample.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if state.epoch > 1:
            raise UserMistake(
                "epochs above 1: a context holds all its draws in one sample; give more of them with -T k=N."
            )
        refuse_missing_roles(needed, model_roles())
        return state

    return solve
