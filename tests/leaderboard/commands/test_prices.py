"""A file of prices and a budget: what is refused, and that a budget is really kept."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.estimate import FamilyEstimate, RoleEstimate
from interplay.leaderboard.commands.prices import Price, highest_price, share_of_budget
from interplay.tasks.mistakes import UserMistake

EVAL = ("eval", "maze_solo", "--preset", "smoke", "--model", "reference/mute", "--dry-run")


def line(model: str = "reference/mute", **prices: object) -> str:
    """One record of Inspect's cost format."""
    shown = {"input": 1, "output": 2, "input_cache_write": 0, "input_cache_read": 0} | prices
    return f"{model}: {{{', '.join(f'{name}: {value}' for name, value in shown.items())}}}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the prices are, in the current folder."""
    monkeypatch.chdir(tmp_path)
    return Path("prices.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# \xe9\n", "--prices prices.yaml: no UTF-8 text; expected one record per model"),
        (b"", "--prices prices.yaml: input should be a valid dictionary; expected one record"),
        (b"- a\n", "--prices prices.yaml: input should be a valid dictionary; expected"),
        (b"{a: [\n", "--prices prices.yaml: while parsing a flow node; expected one record"),
        (b"m/a: 3\n", "--prices prices.yaml: m/a: input should be a valid dictionary or instance of"),
        (
            line("m/a", input="cheap").encode(),
            "--prices prices.yaml: input of m/a: input should be a valid number, unable to parse string",
        ),
        (
            b"m/a: {input: 1, output: 1, input_cache_write: 0}\n",
            "--prices prices.yaml: input_cache_read of m/a: field required; expected one record",
        ),
        (
            line("m/a", input=-5).encode(),
            "--prices prices.yaml: input of m/a is -5; give dollars per million tokens.",
        ),
        (
            line("m/a", output=".nan").encode(),
            "--prices prices.yaml: output of m/a is nan; give dollars per million tokens.",
        ),
        (
            line("m/a", input_cache_read=".inf").encode(),
            "--prices prices.yaml: input_cache_read of m/a is inf; give dollars per million tokens.",
        ),
    ],
    ids=[
        "not-utf-8",
        "empty",
        "a-list",
        "no-yaml",
        "a-number",
        "a-word",
        "missing",
        "negative",
        "nan",
        "inf",
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_first_fault(content: bytes, said: str, file: Path) -> None:
    file.write_bytes(content)
    result = CliRunner().invoke(program, [*EVAL, "--prices", str(file)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {said}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert [path.name for path in Path().iterdir()] == ["prices.yaml"]


def test_a_model_without_a_price_is_refused_and_a_scripted_player_is_free(file: Path) -> None:
    file.write_text(line("m/a"), encoding="utf-8")
    with pytest.raises(UserMistake) as refused:
        highest_price(file, ["m/a", "m/b", "m/c"])
    assert refused.value.message == "--prices prices.yaml has no price for m/b; add it."
    assert highest_price(file, ["m/a", "reference/mute"]) == Price(1, 2)
    assert highest_price(file, ["reference/mute"]) == Price(0, 0)


def test_each_kind_of_token_has_the_highest_price_of_the_models_that_run(file: Path) -> None:
    file.write_text(
        line("m/a", input=5, output=1) + line("m/b", input=2, output=8) + line("m/c", output=99),
        encoding="utf-8",
    )
    assert highest_price(file, ["m/b", "m/a"]) == Price(5, 8)
    assert highest_price(file, ["m/b"]) == Price(2, 8)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("nan", "--budget-usd nan: give an amount in dollars."),
        ("inf", "--budget-usd inf: give an amount in dollars."),
        ("0.002", "--budget-usd 0.002 is below the expected $0.008; raise it or choose --preset smoke."),
    ],
)
def test_a_budget_that_cannot_be_kept_is_refused(budget: str, said: str, file: Path) -> None:
    file.write_text(line(), encoding="utf-8")
    result = CliRunner().invoke(program, [*EVAL, "--prices", str(file), "--budget-usd", budget])
    assert result.exit_code == 2, result.output
    assert result.stderr == f"Error: {said}\n"


@pytest.mark.parametrize("budget", ["0", "-1"])
def test_a_budget_of_nothing_is_refused_by_its_range(budget: str, file: Path) -> None:
    file.write_text(line(), encoding="utf-8")
    result = CliRunner().invoke(program, [*EVAL, "--prices", str(file), "--budget-usd", budget])
    assert result.exit_code == 2
    assert "x>0" in result.stderr


def test_a_budget_needs_prices(file: Path) -> None:
    result = CliRunner().invoke(program, [*EVAL, "--budget-usd", "2.50"])
    assert (result.exit_code, result.stderr) == (
        2, "Error: --budget-usd 2.5 needs prices; add --prices FILE.\n"
    )  # fmt: skip


def test_without_budget_or_prices_no_sample_has_a_limit() -> None:
    some = [FamilyEstimate(1, 10, 1, 1, 1)]
    assert share_of_budget(None, some, Price(1, 1)) is None
    assert share_of_budget(5.0, some, None) is None


def test_a_budget_is_shared_evenly_over_all_samples_of_all_parts() -> None:
    """1 M input at $2 and 1 M output at $3 in both parts: $10 expected; $12 over 40 samples are 30 cents."""
    parts = [FamilyEstimate(1, 10, 1, 10**6, 10**6), FamilyEstimate(2, 30, 1, 10**6, 10**6)]
    assert share_of_budget(12, parts, Price(2, 3)) == pytest.approx(0.30)
    assert share_of_budget(10, parts, Price(2, 3)) == pytest.approx(0.25), "exactly enough is enough"
    with pytest.raises(UserMistake, match=r"--budget-usd 9.99 is below the expected \$10.00"):
        share_of_budget(9.99, parts, Price(2, 3))


@settings(max_examples=50)
@given(
    st.lists(st.tuples(*[st.integers(1, 10**6)] * 5), min_size=1, max_size=4),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0.001, 10**6),
)
def test_samples_at_their_limit_never_cost_more_than_the_budget(
    rows: list[tuple[int, ...]], read: float, written: float, budget: float
) -> None:
    estimates = [
        FamilyEstimate(1, n, 1, i, o, {"grader": RoleEstimate(1, ri, ro)}) for n, i, o, ri, ro in rows
    ]
    expected = sum(((i + ri) * read + (o + ro) * written) / 1e6 for _, i, o, ri, ro in rows)
    try:
        share = share_of_budget(budget, estimates, Price(read, written))
    except UserMistake:
        assert expected > budget * (1 - 1e-9)
        return
    assert share is not None
    assert expected <= budget * (1 + 1e-9)
    assert share * sum(n for n, *_ in rows) == pytest.approx(budget)
