"""The 34 scripted cheaters of the post-training jobs: models `reference/posttrain-<name>`.

| what they do | module |
| --- | --- |
| train on the test or on what they made from it | `posttrain_cheaters_data` |
| hand in weights that are not theirs | `posttrain_cheaters_weights` |
| go for evaluator, clock, network, keys, scoring rule | `posttrain_cheaters_tools` |
"""

from collections.abc import Mapping

from .posttrain_cheaters_data import DATA_CHEATERS
from .posttrain_cheaters_tools import TOOL_CHEATERS
from .posttrain_cheaters_weights import WEIGHT_CHEATERS
from .posttrain_script import Agent

POSTTRAIN_CHEATERS: Mapping[str, Agent] = {**DATA_CHEATERS, **WEIGHT_CHEATERS, **TOOL_CHEATERS}
"""All of them by name, without the prefix `posttrain-`."""
