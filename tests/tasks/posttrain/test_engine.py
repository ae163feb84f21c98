"""The engine of the small models: answers of the shipped ones, training, sampling, broken folders."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.mini.engine import (
    GREEDY,
    Example,
    Sampling,
    generate,
    load,
    main,
    served_sampling,
    token_losses,
    train,
)
from interplay.tasks.posttrain.mini.recipe import WEIGHTS, train_base, train_reference
from interplay.tasks.posttrain.targets import load_target

pytestmark = pytest.mark.torch
BASE, REFERENCE = WEIGHTS / "base", WEIGHTS / "reference"


def accuracy(target: str, folder: Path, sampling: Sampling | None = None, twin: bool = False) -> float:
    found = load_target(target)
    items = found.twin() if twin else found.items()
    texts = generate(
        folder, [i.prompt for i in items], sampling=sampling, seeds=range(len(items)), max_tokens=48
    )
    return found.score(items, found.grade_all(items, texts)).value


def test_base_and_reference() -> None:
    assert load(BASE, "cpu").model.num_parameters() == 111_104
    assert served_sampling(BASE) == Sampling(1.0)
    assert served_sampling(REFERENCE) == GREEDY
    for target in ("m_call", "m_code", "m_turn"):
        assert accuracy(target, REFERENCE) > 0.98
        assert accuracy(target, BASE) < 0.05
    assert accuracy("m_hop", REFERENCE) < 0.1


@pytest.mark.slow
def test_training_raises_test_and_twin_alike(tmp_path: Path) -> None:
    pairs = [Example(i.prompt, i.gold) for i in load_target("m_code").train(2000, 3)]
    train(BASE, pairs, tmp_path / "m", steps=150, generation={"do_sample": False}, device="cpu")
    assert accuracy("m_code", tmp_path / "m") > 0.8
    assert abs(accuracy("m_code", tmp_path / "m") - accuracy("m_code", tmp_path / "m", twin=True)) < 0.15
    items = load_target("m_code").items()[:20]
    gold = [Example(i.prompt, i.gold) for i in items]
    before, after = token_losses(BASE, gold), token_losses(tmp_path / "m", gold)
    assert all(a < b for a, b in zip(after, before, strict=True))


def test_low_rank_updates_are_merged_into_plain_weights(tmp_path: Path) -> None:
    pairs = [Example(i.prompt, i.gold) for i in load_target("m_code").train(200, 3)]
    train(BASE, pairs, tmp_path / "m", steps=20, lora_rank=8, device="cpu")
    old, new = (dict(load(f, "cpu").model.state_dict()) for f in (BASE, tmp_path / "m"))
    assert old.keys() == new.keys()
    moved = {name for name in old if not old[name].equal(new[name])}
    assert moved
    assert all(".layers." in name and "norm" not in name for name in moved)


def test_a_batch_gives_what_its_members_give_alone() -> None:
    prompts = [item.prompt for item in load_target("m_fact").items()[:12]]
    together = generate(BASE, prompts, seeds=range(12), max_tokens=20)
    alone = [generate(BASE, [p], seeds=[n], max_tokens=20)[0] for n, p in enumerate(prompts)]
    assert together == alone
    assert together != generate(BASE, prompts, seeds=range(100, 112), max_tokens=20)
    assert generate(BASE, prompts, sampling=Sampling(1.0, top_k=1), seeds=range(12)) == generate(
        BASE, prompts, sampling=GREEDY
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"temperature": -1}', "out of range"),
        ('{"top_p": "x"}', "not a generation config"),
        ("[", "repair or drop"),
    ],
)
def test_wrong_generation_configs_are_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "generation_config.json").write_text(content)
    with pytest.raises(UserMistake, match=says):
        served_sampling(tmp_path)


def test_what_is_wrong_with_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match=r"there is no config\.json; save the whole folder"):
        load(tmp_path)
    shutil.copytree(BASE, tmp_path / "m")
    weights = tmp_path / "m" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UserMistake, match="cannot be loaded"):
        load(tmp_path / "m")
    with pytest.raises(UserMistake, match="512 positions"):
        generate(BASE, ["red " * 600], sampling=GREEDY)
    with pytest.raises(UserMistake, match="one number for each of the 1 prompts"):
        generate(BASE, ["red"])
    with pytest.raises(UserMistake, match="no training examples"):
        train(BASE, [], tmp_path / "n")


def test_commands(tmp_path: Path) -> None:
    data, out = tmp_path / "d.jsonl", tmp_path / "o.jsonl"
    items = load_target("m_call").items()[:4]
    data.write_text("".join(json.dumps({"question": i.prompt, "answer": i.gold}) + "\n" for i in items))
    for command in (
        [
            "train",
            "--model",
            str(BASE),
            "--data",
            str(data),
            "--out",
            str(tmp_path / "m"),
            "--steps",
            "2",
            "--greedy",
        ],
        ["generate", "--model", str(REFERENCE), "--prompts", str(data), "--out", str(out)],
    ):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    assert [json.loads(line)["answer"] for line in out.read_text().splitlines()] == [i.gold for i in items]
    assert served_sampling(tmp_path / "m") == GREEDY
    data.write_text("[]\n")
    result = CliRunner().invoke(
        main, ["losses", "--model", str(BASE), "--data", str(data), "--out", str(out)]
    )
    assert result.exit_code == 2
    assert "line 1: expected a record" in result.output


@pytest.mark.nightly
def test_the_recipe_rebuilds_models_that_score_the_same(tmp_path: Path) -> None:
    train_base(0, tmp_path / "base")
    train_reference(tmp_path / "base", tmp_path / "reference")
    for target in ("m_arith", "m_call", "m_code", "m_maze"):
        for name in ("base", "reference"):
            assert accuracy(target, tmp_path / name) == pytest.approx(
                accuracy(target, WEIGHTS / name), abs=0.1
            )
