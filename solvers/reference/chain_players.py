"""Scripted speakers of model-to-model chains whose hedging is known, so that every analysis has a truth.

| player | expected share of hedged sentences |
| --- | --- |
| `hedger` | 4/6, whatever the partner wrote |
| `asserter` | 1/6, whatever the partner wrote |
| `mirror` | 1/6, 3/6, 5/6 for a flat, a mixed, a hedged partner |
| `contrarian` | 5/6, 3/6, 1/6 |
| `plain` | rewrites a text without its prefixes of hedging; a paraphraser |

A speaker says the claims of the topic. A coin decides whether it goes one sentence up or down as it always
does on this topic, or as the seed of the call says: repeats differ, and runs do not.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from interplay.scorers.hedge_rules import hedging
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.rendering import hx, render, without_prefixes

from .player import Turn

FRAME = "You take part in a short written discussion."
"""How the system prompt of every frame begins."""
REWRITE = "Rewrite in neutral wording;"
"""How the request to a paraphraser begins."""

SeededPlayer = Callable[[Sequence[Turn], int], str]
"""A reply that may differ between seeds."""

_TOPIC = re.compile(r"^Topic: (.*)$", re.MULTILINE)
_QUOTED = re.compile(r'^"""\n(.*?)\n"""$', re.DOTALL | re.MULTILINE)

LEVELS: Mapping[str, Callable[[float], int]] = {
    "hedger": lambda share: 4,
    "asserter": lambda share: 1,
    "mirror": lambda share: 1 + int(4 * share + 0.5),
    "contrarian": lambda share: 5 - int(4 * share + 0.5),
}
"""Hedged sentences of six, by the share of hedged sentences in the partner's text."""


def is_recipe_chains(turns: Sequence[Turn]) -> bool:
    """The conversation is a chain of this family."""
    return any(turn.role == "system" and turn.text.startswith(FRAME) for turn in turns[:1])


def speaker(name: str) -> SeededPlayer:
    """The speaker of that name."""

    def say(turns: Sequence[Turn], seed: int) -> str:
        asked = "\n\n".join(turn.text for turn in turns if turn.role == "user")
        topics, partners = _TOPIC.findall(asked), _QUOTED.findall(asked)
        topic = topics[0] if topics else ""
        partner = partners[-1] if partners else ""
        heard = hedging(partner)
        n = LEVELS[name](heard.hedged_share if heard else 0.0)
        own = hx("coin", name, topic, partner, seed) % 2 == 0
        n += (hx("own", topic) if own else hx("fresh", name, topic, partner, seed)) % 3 - 1
        return render(_points(topic), n, "|".join((name, topic, partner, str(seed))))

    return say


def plain(turns: Sequence[Turn]) -> str:
    """The quoted text of the last message without prefixes of hedging."""
    quoted = _QUOTED.findall(turns[-1].text)
    return without_prefixes(quoted[-1] if quoted else turns[-1].text)


def _points(topic: str) -> tuple[str, ...]:
    """The claims of the opener with this text; none for an unknown one, which leaves the stock claims."""
    return next((opener.points for opener in openers() if opener.text == topic), ())


CHAIN_SPEAKERS: Mapping[str, SeededPlayer] = {name: speaker(name) for name in LEVELS}
