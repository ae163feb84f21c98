"""Which roles a run may bind beside the model under test (pure)."""

from collections.abc import Collection

from interplay.scorers.escalation_judge_roles import GRADERS
from interplay.tasks.catalog import Preset
from interplay.tasks.mistakes import UserMistake

from .arguments import Mode, Simulator

ROLES = ("user_sim", "sim_state", *GRADERS)


def refuse_roles(
    mode: Mode | None, simulator: Simulator | None, bound: Collection[str], *, preset: Preset = "standard"
) -> None:
    """Compare the roles that are bound with who writes for the person.

    Args:
        mode: As it was given; None where it was left to the roles.
        simulator: Who writes for the person, None where nobody does.
        bound: Names of the roles.
        preset: With `paper` the simulator may not have been asked for.

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
