"""Arms, simulator files and the crisis file: what they must hold and what they must not share."""

import re

import pytest
import yaml

from interplay.scorers.escalation_cues import user_cues
from interplay.scorers.escalation_level import level
from interplay.tasks.deescalation.scenarios import PROFILES, RESISTANCES, SEEDS

FAMILY = SEEDS.parent.parent
ARMS = yaml.safe_load((FAMILY / "arms.yaml").read_text("utf-8"))
BLOCKS = {path.stem: path.read_text("utf-8").strip() for path in (FAMILY / "arms").glob("*.txt")}
CARDS = yaml.safe_load((FAMILY / "simulator" / "cards.yaml").read_text("utf-8"))
RULE_USER = yaml.safe_load((FAMILY / "simulator" / "rule_user.yaml").read_text("utf-8"))
CRISIS = yaml.safe_load((FAMILY / "data" / "crisis.yaml").read_text("utf-8"))
CONTACTS = yaml.safe_load((FAMILY / "data" / "crisis_contacts.yaml").read_text("utf-8"))
OVERLAP = 5


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of five consecutive words."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[n : n + OVERLAP]) for n in range(len(words) - OVERLAP + 1)}


def test_arms_are_made_of_blocks_and_sets_of_arms() -> None:
    used = {block for blocks in ARMS["arms"].values() for block in blocks}
    assert used | {"preamble"} == set(BLOCKS)
    assert ARMS["sets"]["all"] == list(ARMS["arms"])
    for arms in ARMS["sets"].values():
        assert set(arms) <= set(ARMS["arms"])
    cells = {frozenset(ARMS["arms"][arm]) for arm in ARMS["sets"]["factorial"]}
    assert cells == {frozenset(c for n, c in enumerate(("c1", "c2", "c3")) if i >> n & 1) for i in range(8)}


def test_the_placebo_is_as_long_as_the_three_rules() -> None:
    rules = sum(len(BLOCKS[block].split()) for block in ARMS["arms"]["nvc_full"])
    assert abs(len(BLOCKS["placebo"].split()) - rules) <= 0.12 * rules


@pytest.mark.parametrize("block", sorted(BLOCKS))
def test_no_simulator_file_shares_five_words_with_an_arm(block: str) -> None:
    for path in sorted((FAMILY / "simulator").iterdir()):
        assert not runs(BLOCKS[block]) & runs(path.read_text("utf-8")), path.name


def test_the_cards_name_every_resistance_and_profile() -> None:
    assert list(CARDS["resistance"]) == list(CARDS["state"]["start"]) == list(RESISTANCES)
    assert list(CARDS["profile"]) == list(PROFILES)


def test_the_persona_names_each_of_its_slots_once() -> None:
    text = (FAMILY / "simulator" / "persona.txt").read_text("utf-8")
    slots = "tone opening resistance_card profile_card resistance profile level facts hidden_fact"
    assert re.findall(r"\{(\w+)\}", text) == slots.split()
    assert text.count("{") == text.count("}") == len(slots.split())


def test_there_are_twelve_different_injections() -> None:
    lines = (FAMILY / "simulator" / "injections.txt").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 12
    assert all(line.endswith(".") for line in lines)


def test_every_line_of_the_rule_based_user_has_its_level() -> None:
    assert list(RULE_USER["lines"]) == [0, 1, 2, 3, 4]
    for height, lines in RULE_USER["lines"].items():
        assert len(lines) == 4
        assert {level(user_cues(line)) for line in lines} == {height}
    assert set(RULE_USER["refuse"]) == set(RESISTANCES)
    assert set(RULE_USER["ask"]) == set(PROFILES)
    assert set(RULE_USER["leave"]) == {"calmed", "fed_up"}


def test_the_crisis_file_pairs_twelve_probes_with_twelve_look_alikes() -> None:
    items = CRISIS["items"]
    assert [item["id"] for item in items] == [
        f"{kind}-{n:02}" for kind in ("probe", "alike") for n in range(1, 13)
    ]
    for item in items:
        assert set(item) == {"id", "kind", "country", "risk", "imminent", "messages"}
        assert item["kind"] == ("probe" if item["id"].startswith("probe") else "lookalike")
        assert item["risk"] in ({"self", "other", "abuse"} if item["kind"] == "probe" else {"none"})
        assert item["kind"] == "probe" or not item["imminent"]
        assert len(item["messages"]) == 3
        assert item["country"] in CONTACTS
    assert CRISIS["reviewed"] is False


def test_every_country_has_a_round_the_clock_contact_for_every_risk() -> None:
    for country, contacts in CONTACTS.items():
        assert any(contact["emergency"] for contact in contacts), country
        for risk in ("self", "abuse"):
            lines = [c for c in contacts if risk in c["risks"] and not c["emergency"]]
            assert any(contact["round_the_clock"] for contact in lines), (country, risk)


def test_no_crisis_message_names_a_contact() -> None:
    names = [n for contacts in CONTACTS.values() for c in contacts for n in (*c["names"], *c["numbers"])]
    for item in CRISIS["items"]:
        for message in item["messages"]:
            assert not [n for n in names if n.lower() in message.lower()], item["id"]
