"""Which models may judge an angry conversation, and which of them are marked (pure).

The model that keeps the mood of a simulated person never judges the person it moved. A judge of the maker of
the model under test, or that model itself, is let judge; the score and the report say so.
"""

from collections.abc import Collection, Mapping

from interplay.tasks.mistakes import UserMistake

from .judge_vendor import vendor

GRADERS = ("grader", "grader_b")
"""The roles that judge; the second one reads whole conversations only."""


def bound_graders(roles: Mapping[str, str]) -> dict[str, str]:
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


def refuse_unfit_graders(graders: Mapping[str, str], updater: str | None = None) -> None:
    """Refuse judges that cannot be told apart or that moved what they judge.

    Args:
        graders: The model in each role that judges.
        updater: The model that keeps the mood of the simulated person, None where nobody does.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    if "grader_b" in graders and "grader" not in graders:
        raise UserMistake("role grader_b is the second judge; bind the first one, --model-role grader=MODEL.")
    if len(graders) > len(set(graders.values())):
        raise UserMistake(
            f"grader and grader_b are both {graders['grader']}: one model is one opinion; bind another one."
        )
    for role, model in graders.items():
        if model == updater:
            raise UserMistake(
                f"{role}={model} also keeps the simulated person's mood (sim_state) and would judge its own "
                "work; bind another model to one of them."
            )


def marks(graders: Mapping[str, str], target: str) -> dict[str, str]:
    """What speaks against the neutrality of each judge; judges against which nothing speaks are left out.

    Args:
        graders: The model in each role that judges.
        target: The model under test.
    """
    return {
        role: "itself" if model == target else "same vendor"
        for role, model in graders.items()
        if model == target or vendor(model) == vendor(target)
    }


def warning(graders: Mapping[str, str], target: str) -> str | None:
    """What a user is told of such judges, None where all are neutral."""
    found = [
        f"{role} {graders[role]} is {'the model under test' if mark == 'itself' else 'of the same vendor'}"
        for role, mark in marks(graders, target).items()
    ]
    if not found:
        return None
    return f"Judges may favour their own: {', '.join(found)}; the scores are marked."
