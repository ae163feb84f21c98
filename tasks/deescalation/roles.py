"""Which roles a run may bind beside the model under test, and which models to them."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from interplay.scorers.escalation_judge_roles import GRADERS, bound_graders, refuse_unfit_graders
from interplay.scorers.model_identity import same_model
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset

from .arguments import Mode, Simulator

if TYPE_CHECKING:
    from inspect_ai.model import Model

PERSON = "reference/resistant_user"
"""Who writes for the person if no model does."""
ROLES = ("user_sim", "sim_state", *GRADERS)


def refuse_roles(
    mode: Mode | None,
    simulator: Simulator | None,
    bound: Collection[str],
    *,
    preset: Preset = "standard",
    judge: bool | None = None,
) -> None:
    """Compare the roles that are bound with who writes for the person.

    Args:
        mode: As it was given; None where it was left to the roles.
        simulator: Who writes for the person, None where nobody does.
        bound: Names of the roles.
        preset: With `paper` the simulator may not have been asked for, and two models judge.
        judge: The argument of the task.

    Raises:
        UserMistake: one is missing, or one is bound that this run does not use.
    """
    for role in sorted(bound):
        if role not in ROLES:
            raise UserMistake(
                f"role {role} is bound, but deescalation uses {', '.join(ROLES)} only; drop the role."
            )
    if simulator in ("persona", "state") and "user_sim" not in bound:
        remedy = "give simulator=rule" if preset == "paper" else "leave simulator unset"
        raise UserMistake(
            f"simulator={simulator} needs --model-role user_sim=<model>; {remedy} for the rule-based user."
        )
    if simulator == "rule" and "user_sim" in bound:
        raise UserMistake(
            "role user_sim is bound, but simulator=rule: reference/resistant_user writes for the person; "
            "give simulator=persona or drop the role."
        )
    unused = [role for role in ("user_sim", "sim_state") if role in bound]
    if simulator is None and mode is None and unused:
        raise UserMistake(
            f"role {unused[0]} is bound, but the person's messages are fixed; give mode=live or drop the "
            "role."
        )
    if "sim_state" in bound and simulator not in ("state", None):
        raise UserMistake(
            f"role sim_state is bound, but simulator={simulator} keeps no state; give simulator=state or "
            "drop the role."
        )
    absent = [role for role in GRADERS if role not in bound]
    if preset == "paper" and judge is not False and absent:
        asked = " and ".join(f"--model-role {role}=<model>" for role in absent)
        raise UserMistake(
            f"preset=paper has two judges: add {asked}, or give judge=false for the open patterns alone."
        )


def refuse_models(simulator: Simulator | None, target: "Model", bound: "Mapping[str, Model]") -> None:
    """Compare the model under test and those in the roles with one another.

    Args:
        simulator: Who writes for the person, None where nobody does.
        target: The model under test.
        bound: The models beside it, by role.

    Raises:
        UserMistake: one model has two parts that exclude one another.
    """
    if str(target) == PERSON:
        raise UserMistake(f"{PERSON} writes for the person and cannot be tested; use another model.")
    if simulator in ("persona", "state"):
        for role in ("user_sim", "sim_state"):
            if role in bound and same_model(bound[role], target):
                raise UserMistake(
                    f"role {role} is {bound[role]}, the model under test; bind another model to it."
                )
    keeper = bound.get("sim_state", bound.get("user_sim")) if simulator == "state" else None
    refuse_unfit_graders(bound_graders(bound), updater=keeper)
