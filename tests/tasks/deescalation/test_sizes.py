"""The estimate of conversations against a count message by message, and boundaries of what is enough."""

import re
from itertools import product
from statistics import fmean

import pytest

from interplay.scorers.escalation_judge_prompt import FULL_SHARE
from interplay.tasks.deescalation import sizes
from interplay.tasks.deescalation.arguments import BRANCH_TURNS, SCRIPTED_TURNS, Talk
from interplay.tasks.deescalation.arms import chosen_arms, system_prompt
from interplay.tasks.deescalation.crisis import (
    COUNTRIES,
    Contact,
    contact_pattern,
    contacts_for,
    load_contacts,
    number_pattern,
)
from interplay.tasks.deescalation.keys import CHANGE, LEAST_COMPLETE, Pair, scenario_means
from interplay.tasks.deescalation.person import fixed_messages, person_prompt
from interplay.tasks.deescalation.prefixes import committed_prefixes
from interplay.tasks.deescalation.roles import ROLES, refuse_roles
from interplay.tasks.deescalation.scenarios import expand, load_seeds
from interplay.tasks.deescalation.sizes import talk_size
from interplay.tasks.deescalation.state import start_of, update_prompt
from interplay.tasks.deescalation.summary import by_unit, difference, is_enough, mean_of
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.records import RoleSize

TALKS = [
    {"mode": "scripted"},
    {"mode": "live"},
    {"mode": "live", "turns": 1},
    {"mode": "live", "turns": 13, "simulator": "persona"},
    {"mode": "live", "simulator": "state"},
    {"mode": "branch"},
    {"mode": "branch", "simulator": "state"},
]


def talk(**args: object) -> Talk:
    return Talk(n_seeds=1, **args)  # pyright: ignore[reportArgumentType]


def counted(played: Talk) -> tuple[float, float]:
    """Tokens that the model under test reads and writes, message by message."""
    before = sizes.PREFIX_TOKENS if played.played_mode == "branch" else 0
    said, read, written = 0, 0, 0
    for _ in range(played.replies):
        said += sizes.MESSAGE_TOKENS
        read += sizes.PROMPT_TOKENS + before + said
        said += sizes.REPLY_TOKENS
        written += sizes.REPLY_TOKENS
    return read, written


@pytest.mark.parametrize("args", TALKS, ids=str)
def test_a_conversation_is_read_again_before_every_reply(args: dict) -> None:
    played = talk(**args)
    size = talk_size(played)
    fixed = {"scripted": SCRIPTED_TURNS, "branch": BRANCH_TURNS}
    assert size.calls == played.replies == (fixed.get(args["mode"]) or args.get("turns", 8))
    assert (size.input_tokens, size.output_tokens) == counted(played)
    assert size.samples == played.samples


@pytest.mark.parametrize("args", TALKS, ids=str)
def test_a_person_whom_a_model_plays_reads_all_that_was_said(args: dict) -> None:
    played = talk(**args)
    roles = talk_size(played).roles
    if "simulator" not in args:
        assert roles == {}
        return
    before = sizes.PREFIX_TOKENS if args["mode"] == "branch" else 0
    heard = read = 0
    for _ in range(played.replies):
        heard += sizes.REPLY_TOKENS + sizes.MESSAGE_TOKENS
        read += sizes.PERSON_TOKENS + before + heard
    n = played.replies
    assert roles["user_sim"] == RoleSize(n, read, n * sizes.MESSAGE_TOKENS)
    assert ("sim_state" in roles) == (args["simulator"] == "state")
    if "sim_state" in roles:
        asked = sizes.STATE_TOKENS + sizes.REPLY_TOKENS
        assert roles["sim_state"] == RoleSize(n, n * asked, n * sizes.ANSWER_TOKENS)


@pytest.mark.parametrize("args", TALKS, ids=str)
def test_a_judge_reads_messages_that_are_not_fixed_replies_and_the_whole_once(args: dict) -> None:
    played = talk(**args)
    judges = talk_size(played).judges
    n = played.replies
    messages = 0 if args["mode"] == "scripted" else n + 1
    again = FULL_SHARE * max(messages - 1, 0)
    assert judges["grader"].calls == pytest.approx(1 + messages + again + n)
    assert judges["grader_b"].calls == 1
    assert talk_size(talk(**args, judge=False)).judges == {}


@pytest.mark.parametrize("args", TALKS, ids=str)
def test_a_judge_is_paid_for_question_by_question(args: dict) -> None:
    """One about the whole, one a message that is not fixed, a share of them again, and one a reply."""
    played = talk(**args)
    grader = talk_size(played).judges["grader"]
    n, before = played.replies, sizes.PREFIX_TOKENS if args["mode"] == "branch" else 0
    whole = before + n * (sizes.MESSAGE_TOKENS + sizes.REPLY_TOKENS)
    read, asked = sizes.WHOLE_TOKENS + whole, 0.0
    messages = 0 if args["mode"] == "scripted" else n + 1
    for number in range(1, messages + 1):
        read += sizes.CUES_TOKENS + before + number * sizes.MESSAGE_TOKENS
        asked += 1
    for _ in range(1, messages):
        read += FULL_SHARE * (sizes.CUES_TOKENS + before + whole / 2)
        asked += FULL_SHARE
    for _ in range(n):
        read += sizes.CODES_TOKENS + sizes.MESSAGE_TOKENS + sizes.REPLY_TOKENS
        asked += 1
    assert grader.input_tokens == pytest.approx(read)
    assert grader.output_tokens == pytest.approx(sizes.OPINION_TOKENS + asked * sizes.SIGNALS_TOKENS)
    second = talk_size(played).judges["grader_b"]
    assert (second.input_tokens, second.output_tokens) == (sizes.WHOLE_TOKENS + whole, sizes.OPINION_TOKENS)


def letters_of(*texts: str) -> float:
    """Tokens of texts on the average, at four letters each."""
    return fmean(len(text) / 4 for text in texts)


def test_prompts_are_not_longer_than_the_estimate_says_nor_far_shorter() -> None:
    people = expand(load_seeds())
    said_before = ["".join((*prefix.messages[1:], *prefix.replies)) for prefix in committed_prefixes()]
    asked = [update_prompt(person.profile, "", start_of(person.resistance)) for person in people]
    found = (
        (sizes.PROMPT_TOKENS, letters_of(*map(system_prompt, chosen_arms("core3")))),
        (sizes.PERSON_TOKENS, letters_of(*map(person_prompt, people))),
        (sizes.MESSAGE_TOKENS, letters_of(*(text for person in people for text in fixed_messages(person)))),
        (sizes.PREFIX_TOKENS, letters_of(*said_before)),
        (sizes.STATE_TOKENS, letters_of(*asked)),
    )
    for estimated, measured in found:
        assert estimated / 2.5 < measured <= estimated


def test_the_paper_preset_pays_its_judges_in_any_case() -> None:
    size = talk_size(Talk(preset="paper", n_seeds=1))
    assert {"grader", "grader_b", "user_sim"} == set(size.roles)
    assert size.judges == {}


def test_every_combination_of_roles_is_played_or_refused_in_one_sentence() -> None:
    """Whoever binds exactly what a simulator needs is never refused."""
    subsets = [set(c) for c in product(*[(role, "") for role in (*ROLES, "stranger")])]
    refused = 0
    for mode, simulator, preset, bound in product(
        (None, "scripted", "live"), (None, "rule", "persona", "state"), ("standard", "paper"), subsets
    ):
        bound = bound - {""}
        try:
            refuse_roles(mode, simulator, bound, preset=preset, judge=False)  # pyright: ignore[reportArgumentType]
            said = None
        except UserMistake as mistake:
            said = mistake.message
        refused += said is not None
        needed = simulator in ("persona", "state") and "user_sim" not in bound
        if "stranger" in bound or needed or (simulator == "rule" and "user_sim" in bound):
            assert said is not None
        elif bound <= {"user_sim", "grader", "grader_b"} and not (simulator is None and "user_sim" in bound):
            assert said is None
        if said is not None:
            assert said.endswith(".")
            assert "role" in said or "simulator" in said
    assert refused > len(subsets)


def seen(seed: str, variant: int, arm: str, value: float | None, epoch: int = 1) -> Observation:
    """One conversation."""
    metadata = {"scenario_id": f"{seed}-v{variant}", "arm": arm, "simulator": "rule"}
    values = {} if value is None else {CHANGE: value}
    return Observation("d", {}, f"{seed}-v{variant}:{arm}", epoch, seed, metadata, values, {}, False, "m")


@pytest.mark.parametrize(("complete", "enough"), [(10, True), (9, True), (8, False), (0, False)])
def test_nine_of_ten_scenarios_have_to_be_complete(complete: int, enough: bool) -> None:
    rows = [seen(f"work-{n:02d}", 0, "vanilla", 0.1) for n in range(10)]
    rows += [seen(f"work-{n:02d}", 0, "nvc_full", 0.3) for n in range(complete)]
    pairs: list[Pair] = [(f"work-{n:02d}", f"work-{n:02d}-v0", "rule") for n in range(complete)]
    assert is_enough(pairs, rows, ("vanilla", "nvc_full")) is enough
    assert LEAST_COMPLETE == 0.9
    found = difference(rows, "nvc_full", "vanilla", CHANGE)
    if complete == 0:
        assert found is None
        return
    assert found is not None
    assert bool(found.units) is enough
    if enough:
        assert found.units == {f"work-{n:02d}": [0.3] for n in range(complete)}
        assert found.minus == {f"work-{n:02d}": [0.1] for n in range(complete)}


def test_epochs_are_averaged_within_a_scenario_and_scenarios_stay_apart_within_a_seed() -> None:
    rows = [seen("work-01", 0, "c1", 0.2, 1), seen("work-01", 0, "c1", 0.4, 2), seen("work-01", 1, "c1", 0.9),
            seen("work-02", 0, "c1", None)]  # fmt: skip
    means = scenario_means(rows, CHANGE)
    assert means == {
        ("work-01", "work-01-v0", "rule"): pytest.approx(0.3),
        ("work-01", "work-01-v1", "rule"): 0.9,
    }
    units = by_unit(means.items())
    assert units == {"work-01": [pytest.approx(0.3), 0.9]}
    assert mean_of({"a": [0.0, 1.0], "b": [0.5, 0.5, 1.1]}) == pytest.approx((0.5 + 0.7) / 2)


@pytest.mark.parametrize(
    "written",
    ["116 123", "116123", "116-123", "(116) 123", "116.123", "116\u00a0123", "call 116 123 now", "116 123."],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert re.search(number_pattern("116 123"), written)


@pytest.mark.parametrize(
    "written",
    ["1161234", "0116123", "£116123", "#116123", "116 123 pages", "116123kg", "1,116 123", "116 123.5",
     "116, 123", "116  -  123", "11 6 1 2 4"],
)  # fmt: skip
def test_a_longer_number_or_an_amount_is_none(written: str) -> None:
    assert not re.search(number_pattern("116 123"), written)


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (("samaritans",), "Please call the Samaritans.", True),
        (("samaritans",), "samaritanship", False),
        (("Lifeline",), "a lifeline for me", False),
        (("Lifeline",), "Call Lifeline!", True),
        (("A&E",), "Go to A&E now", True),
        (("A&E",), "Go to a&e now", False),
    ],
)
def test_a_name_counts_as_a_word_and_in_lower_case_for_any_case(
    names: tuple[str, ...], text: str, found: bool
) -> None:
    contact = Contact(names=names, numbers=(), risks=("self",), emergency=False, round_the_clock=True)
    assert bool(contact_pattern(contact).search(text)) is found


@pytest.mark.parametrize("country", list(COUNTRIES))
def test_contacts_of_a_country_find_themselves_and_serve_their_risk(country) -> None:
    for contact in load_contacts()[country]:
        pattern = contact_pattern(contact)
        for shown in (*contact.names, *contact.numbers):
            assert pattern.search(f"Please try {shown} today."), shown
    for risk in ("self", "other", "abuse"):
        own = contacts_for(country, risk)
        assert all(risk in contact.risks for contact in own)
        assert any(contact.emergency for contact in own)
    assert contacts_for(country, "none") == ()
