"""Which models may judge an angry conversation, and which of them are marked.

The model that keeps the mood of a simulated person never judges the person it moved. A judge of the maker of
the model under test, or that model itself, is let judge; the score and the report say so.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from interplay.tasks.mistakes import UserMistake

from .judge_vendor import vendor
from .model_identity import same_model

if TYPE_CHECKING:
    from inspect_ai.model import Model

Named = TypeVar("Named")

GRADERS = ("grader", "grader_b")
"""The roles that judge; the second one reads whole conversations only."""


def bound_graders(roles: Mapping[str, Named]) -> dict[str, Named]:
    """The judges among the bound roles."""
    return {role: roles[role] for role in GRADERS if role in roles}


def refuse_missing_judge(bound: Collection[str], *, judge: bool | None, judged: bool) -> None:
    """Compare what a run says of judges with the roles bound beside the model under test.

    Args:
        bound: Names of the roles.
        judge: The argument of the task: yes, no, or only where a grader is bound.
        judged: The task has a scorer that asks judges.

    Raises:
        UserMistake: a grader is missing, or bound where nobody would ask it.
    """
    if judge and "grader" not in bound:
        raise UserMistake("judge=true needs a grader: add --model-role grader=MODEL.")
    if "grader" in bound and not judged:
        said = "judge=false" if judge is False else "the task was made without a judge"
        raise UserMistake(f"role grader is bound, but {said}: give judge=true, or drop the role.")


def refuse_unfit_graders(
    graders: "Mapping[str, Model] | Mapping[str, str]", updater: "Model | str | None" = None
) -> None:
    """Refuse judges that cannot be told apart or that moved what they judge.

    Args:
        graders: The model in each role that judges.
        updater: The model that keeps the mood of the simulated person, None where nobody does.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    if "grader_b" in graders and "grader" not in graders:
        raise UserMistake("role grader_b is the second judge; bind the first one, --model-role grader=MODEL.")
    if "grader_b" in graders and same_model(graders["grader"], graders["grader_b"]):
        raise UserMistake(
            f"grader={graders['grader']} and grader_b={graders['grader_b']} are one model and one "
            "opinion; bind another one to grader_b."
        )
    for role, model in graders.items():
        if updater is not None and same_model(model, updater):
            raise UserMistake(
                f"{role}={model} also keeps the simulated person's mood (sim_state={updater}) and would "
                f"judge its own work; bind another model to {role} or sim_state."
            )


def marks(graders: "Mapping[str, Model] | Mapping[str, str]", target: "Model | str") -> dict[str, str]:
    """What speaks against the neutrality of each judge; judges against which nothing speaks are left out.

    Args:
        graders: The model in each role that judges.
        target: The model under test.
    """
    found: dict[str, str] = {}
    for role, model in graders.items():
        if same_model(model, target):
            found[role] = "itself"
        elif vendor(str(model)) == vendor(str(target)):
            found[role] = "same vendor"
    return found


def warning(graders: "Mapping[str, Model] | Mapping[str, str]", target: "Model | str") -> str | None:
    """What a user is told of such judges, None where all are neutral."""
    found = [
        f"{role} {graders[role]} is {'the model under test' if mark == 'itself' else 'of the same vendor'}"
        for role, mark in marks(graders, target).items()
    ]
    if not found:
        return None
    return f"Judges may favour their own: {', '.join(found)}; the scores are marked."
