"""What families and tasks exist: one typed record each.

The catalogue is what `interplay list` and `show` print, what the cost estimate before a run is computed
from, and what every task stamps into its log. It imports neither Inspect nor a task.
"""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from typing import Protocol

from .records import Citation, FamilyRecord, TaskRecord

JUDGE = "binding it is enough with `interplay eval`, `inspect eval` wants -T judge=true as well"
MAZE_GRADER = f"to read the transcripts a second time: {JUDGE}"
TURN_GRADER = f"to label the turns a second time: {JUDGE}"
POSTTRAIN_JUDGES = {
    "judge_contamination": "optional: reads a bundle where detectors ask for a judge; else the score is held",
    "judge_model": "optional: the same, for foreign weights",
    "judge_api": "optional: the same, for hosted models",
    "judge_lookup": "optional: the same, for look-ups of the benchmark",
}
POSTTRAIN_ROLES = {
    "grader": "for arenahardwriting and healthbench: the model that compares and checks answers",
    **POSTTRAIN_JUDGES,
}
FAMILIES: tuple[FamilyRecord, ...] = (
    FamilyRecord(
        name="mazes",
        title="Mazes: two agents, half a map each",
        question="Can two models with half a map each agree on a route?",
        headline="maze.success_corrected",
        citation=Citation(
            title="The Collaboration Gap",
            authors="Davidson, Fourney, Amershi, West, Horvitz, Kamar",
            arxiv="2511.02687",
            year=2025,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "maze_solo",
                "One model with both halves or the full map plans a route (C1, C2) or walks it (C3).",
                {},
            ),
            TaskRecord(
                "maze_collab",
                "Two seats, one token: both must agree to every step (C4 to C7), self-play or cross-play.",
                {
                    "partner": "with -T pairing=cross: the model in the other seat",
                    "grader": MAZE_GRADER,
                },
            ),
            TaskRecord(
                "maze_relay",
                "A strong model speaks for seat 1 in the first (prime) or the last notes (recover).",
                {
                    "strong": "always: the model that speaks in the strong notes",
                    "grader": MAZE_GRADER,
                },
            ),
        ),
        reference_players=(
            "cartographer",
            "follower",
            "noisy",
            "colrow",
            "liar",
            "mute",
            "echo",
            "contrarian",
            "early",
        ),
        runs_module="interplay.tasks.mazes.conditions",
    ),
    FamilyRecord(
        name="user_turn",
        title="User turns: the model writes the next message of the person",
        question="Given a question and a reply, does the model, writing as the user, follow up on it?",
        headline="followup.gfr_t1",
        citation=Citation(
            title="Beyond the Assistant Turn: User Turn Generation as a Probe of Interaction Awareness",
            authors="Shekkizhar, Cosentino, Earle",
            arxiv="2604.02315",
            year=2026,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "user_turn",
                "The user role is opened in the model's own chat template, and the model writes the turn.",
                {
                    "assistant": "when another model is to write the replies",
                    "grader": TURN_GRADER,
                },
            ),
            TaskRecord(
                "user_turn_prompted",
                "A chat model is asked to write the person's message: another measurement, ranked apart.",
                {
                    "assistant": "when another model is to write the replies",
                    "grader": TURN_GRADER,
                },
            ),
            TaskRecord(
                "user_turn_likelihood",
                "How likely a stored follow-up is after its reply, and after another one (vLLM, SGLang).",
                {},
            ),
            TaskRecord(
                "user_turn_replies",
                "The replies alone; the log can be used as frozen replies by the other tasks.",
                {},
            ),
        ),
        reference_players=("curious", "parrot", "drifter", "closer", "mute"),
        runs_module="interplay.tasks.user_turn.runs",
        presets=("standard", "ceiling", "controls", "paper", "smoke"),
        reference_tasks=("user_turn_prompted",),
        one_epoch="a context holds all its draws in one sample; give more of them with -T k=N.",
        offline_args={"datasets": "bundled"},
    ),
    FamilyRecord(
        name="deescalation",
        title="Angry conversations: does the assistant make it worse?",
        question="Does an assistant calm an angry person or not, and do process rules in its prompt help?",
        headline="escalation.cts_d",
        citation=Citation(
            title="Reducing Conversational Escalation in Large Language Model Dialogue with Nonviolent "
            "Communication Constraints",
            authors="Sun, Xu, Li",
            arxiv="2606.26106",
            year=2026,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "deescalation",
                "An angry person and an assistant, under several system prompts: scripted, live with the "
                "rule-based or a simulated user, or from where it got worse.",
                {
                    "user_sim": "with -T simulator=persona or state: the model that writes for the person",
                    "sim_state": "with -T simulator=state: the model that keeps the person's state, if not "
                    "user_sim",
                    "grader": "to judge the conversations as well: the model that reads every message",
                    "grader_b": "a second judge, of another vendor, that reads whole conversations",
                },
            ),
            TaskRecord(
                "deescalation_crisis",
                "One reply to chats that call for a safety response and to look-alikes: pass or fail, never "
                "in a headline.",
                {"grader": "when a model is to judge the replies; else open patterns do"},
            ),
        ),
        reference_players=("empath", "fixer", "blamer", "template", "echo", "stonewall", "pliant"),
        runs_module="interplay.tasks.deescalation.runs",
    ),
    FamilyRecord(
        name="recipe_chains",
        title="Chains: how a model answers another",
        question="How far does a model's hedging depend on its partner, and on its post-training recipe?",
        headline="hedging.hedged_share",
        citation=Citation(
            title="Post-Training Recipe, More Than Model Family, Shapes Multi-Agent LLM Conversational "
            "Behavior",
            authors="Zhang, Chu, Wang, Xue",
            arxiv="2606.20632",
            year=2026,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "recipe_chains",
                "Replies to stored texts of another participant, to their paraphrase, or in a live exchange.",
                {
                    "partner": "with -T mode=live: the model in the other seat; reference/hedger by default",
                    "paraphraser": "with -T mode=swap: the model that rewrites; reference/plain by default",
                    "grader": "when a model is to mark repair and challenge in the replies as well",
                },
            ),
        ),
        reference_players=("hedger", "asserter", "mirror", "contrarian"),
        runs_module="interplay.tasks.recipe_chains.runs",
    ),
    FamilyRecord(
        name="proxy_drift",
        title="Drifting proxies: does an agent notice?",
        question="Does an agent notice that its internal score no longer tracks the external one?",
        headline="proxy_drift.skill",
        citation=Citation(
            title="A-Evolve-Training",
            authors="Shi et al.",
            arxiv="2606.20657",
            year=2026,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "proxy_drift",
                "The record of a search, one answer: does the internal score track, and what comes next?",
                {},
            ),
        ),
        reference_players=(
            "hold",
            "dev_chaser",
            "random",
            "contrarian",
            "external_only",
            "switcher",
            "guard",
        ),
        runs_module="interplay.tasks.proxy_drift.runs",
        presets=("standard", "smoke"),
        one_epoch="a ledger is answered once; every one is another draw of its world.",
    ),
    FamilyRecord(
        name="posttrain",
        title="Post-training: an agent makes a small model better",
        question="Can a model, alone with one GPU and a few hours, turn a base model into a good one?",
        headline="posttrain.scored",
        citation=Citation(
            title="PostTrainBench: Can LLM Agents Automate LLM Post-Training?",
            authors="Rank, Bhatnagar, Prabhu, Eisenberg, Nguyen, Bethge, Andriushchenko",
            arxiv="2603.08640",
            year=2026,
        ),
        licence="MIT",
        tasks=(
            TaskRecord(
                "posttrain",
                "All phases with an agent and a verifier on one GPU: solve, freeze, collect, examine.",
                POSTTRAIN_ROLES,
            ),
            TaskRecord(
                "posttrain_solve",
                "The agent's part; leaves sealed bundles.",
                {"grader": "for arenahardwriting and healthbench: answers the agent's queries"},
            ),
            TaskRecord(
                "posttrain_score",
                "The verifier's part; scores bundles, also with other judges, seeds or rules.",
                POSTTRAIN_ROLES,
            ),
            TaskRecord(
                "posttrain_baselines",
                "Measures base, base with three examples and reference; what scores are seen against.",
                {"grader": POSTTRAIN_ROLES["grader"]},
            ),
            TaskRecord(
                "posttrain_mini",
                "The same at the size of a demonstration: embedded models, no GPU, no network.",
                POSTTRAIN_JUDGES,
            ),
        ),
        reference_players=("posttrain-noop", "posttrain-sft", "posttrain-fewshot_config"),
        runs_module="interplay.tasks.posttrain.runs",
        one_epoch="a repetition is a run of its own; give it a name with -T run=NAME.",
        live_args={"sandbox": "docker"},
        scripted_only={"sandbox": "local"},
        agentless=("posttrain_score", "posttrain_baselines"),
        needs="torch",
        extra="posttrain",
        state_dir="posttrain-state",
    ),
)


def family(name: str) -> FamilyRecord | None:
    """The family of that name, or None."""
    return next((record for record in FAMILIES if record.name == name), None)


def family_of_task(task: str) -> tuple[FamilyRecord, TaskRecord] | None:
    """Family and record of a task, given as `maze_collab` or `interplay/maze_collab`, or None."""
    short = task.removeprefix("interplay/")
    return next(((f, t) for f in FAMILIES for t in f.tasks if t.name == short), None)


def input_pin(rendered_input: str) -> str:
    """Pin of one sample: the first 16 hex digits of the SHA-256 of its rendered input."""
    return hashlib.sha256(rendered_input.encode()).hexdigest()[:16]


def task_digest(task: str, preset: str, pins: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over task, preset and the (sample id, pin) pairs in dataset order.

    The arguments of the task enter through the rendered inputs and are locked on their own.
    """
    content = [task, preset, [list(pair) for pair in pins]]
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def task_stamp(task: str, preset: str, samples: Iterable["SampleLike"]) -> dict[str, str | list[str]]:
    """The record a task keeps under `metadata["interplay"]`, from which a log is matched with its lock.

    Args:
        task: Name of the task without prefix.
        preset: The preset it runs.
        samples: Its samples, with `id` and the rendered prompt as `input`.
    """
    pins = [(str(sample.id), input_pin(str(sample.input))) for sample in samples]
    return {
        "board_tasks": [f"interplay/{task}"],
        "preset": preset,
        "task_digest": task_digest(f"interplay/{task}", preset, pins),
        "package_version": version("interplay"),
    }


class SampleLike(Protocol):
    """What `task_stamp` reads of an Inspect sample."""

    @property
    def id(self) -> object:
        """Sample id."""
        ...

    @property
    def input(self) -> object:
        """Rendered prompt."""
        ...
