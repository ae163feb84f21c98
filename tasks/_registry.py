"""Inspect entry point: importing this module registers tasks, scorers and the reference provider.

Every Inspect run in the environment imports it, so it stays light: nothing here loads torch or datasets.
"""

from interplay.scorers.crisis import crisis
from interplay.scorers.escalation import escalation
from interplay.scorers.escalation_judge import escalation_judge
from interplay.scorers.followup import followup, turn_labels
from interplay.scorers.followup_judge import followup_judge
from interplay.scorers.hedging import hedging_scorer
from interplay.scorers.likelihood import likelihood
from interplay.scorers.posttrain import posttrain as posttrain_scorer
from interplay.scorers.proxy_drift import proxy_drift as proxy_drift_scorer
from interplay.scorers.reply import correct_reply
from interplay.scorers.route import maze
from interplay.scorers.route_grader import maze_judge
from interplay.solvers.reference.provider import reference
from interplay.tasks.deescalation import deescalation, deescalation_crisis
from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo
from interplay.tasks.posttrain import (
    posttrain,
    posttrain_baselines,
    posttrain_mini,
    posttrain_score,
    posttrain_solve,
)
from interplay.tasks.posttrain.sandbox.slurm import slurm_apptainer
from interplay.tasks.proxy_drift import proxy_drift
from interplay.tasks.recipe_chains import recipe_chains
from interplay.tasks.user_turn import user_turn, user_turn_likelihood, user_turn_prompted, user_turn_replies

__all__ = [
    "correct_reply",
    "crisis",
    "deescalation",
    "deescalation_crisis",
    "escalation",
    "escalation_judge",
    "followup",
    "followup_judge",
    "hedging_scorer",
    "likelihood",
    "maze",
    "maze_collab",
    "maze_judge",
    "maze_relay",
    "maze_solo",
    "posttrain",
    "posttrain_baselines",
    "posttrain_mini",
    "posttrain_score",
    "posttrain_scorer",
    "posttrain_solve",
    "proxy_drift",
    "proxy_drift_scorer",
    "recipe_chains",
    "reference",
    "slurm_apptainer",
    "turn_labels",
    "user_turn",
    "user_turn_likelihood",
    "user_turn_prompted",
    "user_turn_replies",
]
