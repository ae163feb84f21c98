"""Fingerprints of what was written, and logs with changed bytes: always a verdict, never a traceback."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.check import check_entry
from interplay.leaderboard.completions import (
    NONE,
    SKETCH_SIZE,
    Call,
    fingerprint,
    identical_across_epochs,
    parts,
    shared,
    sketch,
)
from interplay.leaderboard.credentials import credential_start
from interplay.leaderboard.log_reader import Untrusted
from interplay.leaderboard.untrusted import answer
from tests.tampered.make import Forgery

prints = st.lists(st.integers(0, 2**32 - 1).map(lambda n: f"{n:08x}"), max_size=40)


@given(prints)
def test_a_sketch_holds_each_fingerprint_once(found: list[str]):
    assert parts(sketch([*found, NONE])) == sorted(set(found))
    assert shared(sketch(found), sketch(found)) == (len(set(found)), len(set(found)))


@given(prints, prints)
def test_what_two_sketches_share(first: list[str], second: list[str]):
    same, compared = shared(sketch(first), sketch(second))
    assert same == len(set(first) & set(second)) == shared(sketch(second), sketch(first))[0]
    assert compared == len(set(first))


def test_a_full_sketch_says_nothing_beyond_its_largest():
    many = [f"{n:08x}" for n in range(2 * SKETCH_SIZE)]
    assert len(parts(sketch(many))) == SKETCH_SIZE
    assert shared(sketch(many[-10:]), sketch(many)) == (0, 0)
    assert shared(sketch(many[:10]), sketch(many)) == (10, 10)


def test_only_long_texts_of_the_model_itself_have_a_fingerprint():
    long = "word " * 50
    own = fingerprint([Call(None, "a/b", long), Call(None, "a/b", "x")], "a/b")
    assert own == fingerprint(
        [Call(None, "a/b", "x"), Call("partner", "a/b", "y"), Call(None, "a/b", long)], "a/b"
    )
    assert own != NONE
    assert fingerprint([Call(None, "a/b", "Thanks!")], "a/b") == NONE
    assert fingerprint([Call(None, "c/d", long)], "a/b") == NONE
    assert identical_across_epochs({"s": [own, own], "t": [NONE, NONE], "u": [own]}) == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn-based-pipelines",
        "hf_hub_download_in_parallel",
        "Bearer YOUR_ACCESS_TOKEN",
        "task-abcdefghijklmnopqr",
    ],
)
def test_words_are_no_keys(text: str):
    assert credential_start(f"use {text} here") is None


@pytest.mark.parametrize(
    "key", ["sk-proj-abcdefghijklmnop", "AIzaSyA1234567890abcdefg", "-----BEGIN RSA PRIVATE KEY"]
)
def test_keys_are_found_and_hardly_repeated(key: str):
    assert credential_start(f"use sk-learn-based-pipelines and {key} here") == key[:4]


def as_a_child_would(paths: Sequence[Path]) -> list[Untrusted | Refusal]:
    """What children say of these logs, without starting any."""
    found: list[Untrusted | Refusal] = []
    for path in paths:
        lines = [answer("scan", path)]
        if "refused" not in json.loads(lines[0]):
            lines.append(answer("regrade", path))
        refused = json.loads(lines[-1]).get("refused")
        found.append(Refusal(*refused) if refused else Untrusted.model_validate_json(lines[-1]))
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_log_with_changed_bytes_gets_a_verdict(
    data: st.DataObject, honest: Path, tmp_path_factory: pytest.TempPathFactory
):
    case = Forgery(honest, tmp_path_factory.mktemp("fuzz") / "case")
    members = case.parts()
    name = data.draw(st.sampled_from(sorted(members)))
    content = bytearray(members[name])
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'0919aZ"{}[],:-eN'))
    case.rewrite(members | {name: bytes(content)})
    report = check_entry(case.path, root=case.root, reader=as_a_child_would)
    assert all(". Remedy: " in sentence for sentence in report.sentences())
