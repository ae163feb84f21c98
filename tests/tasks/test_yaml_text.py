"""YAML of the package reads the same by the parser in C and by that in Python."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from interplay.tasks import yaml_text

ROOT = Path(__file__).parents[2]
SHIPPED = [
    path
    for folder in ("tasks", "scorers", "solvers", "leaderboard")
    for path in sorted((ROOT / folder).rglob("*.y*ml"))
]


def test_the_package_has_yaml_of_every_family() -> None:
    assert len(SHIPPED) > 20
    assert (files("interplay.tasks") / "mazes" / "board.yaml").is_file()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "-".join(path.parts[-3:]))
def test_a_shipped_file_has_the_values_that_the_parser_in_python_gives(path: Path) -> None:
    text = path.read_text("utf-8")
    assert repr(yaml_text.content(text)) == repr(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text", ["", "a: 1\na: 2\n", "- 2026-11-27\n- 1e3\n- 0o7\n- yes\n- ~\n- 'é\u2028'\n"]
)
def test_odd_texts_have_the_same_values(text: str) -> None:
    assert repr(yaml_text.content(text)) == repr(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text", ["a: 1\nb: [1, 2\nc: }", "\ta: 1", "a: b: c", "x: !!python/object/apply:os.system ['true']"]
)
def test_no_yaml_is_the_same_error_in_the_same_line(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as expected:
        yaml.safe_load(text)
    with pytest.raises(yaml.MarkedYAMLError) as found:
        yaml_text.content(text)
    assert found.value.problem_mark is not None
    assert expected.value.problem_mark is not None
    assert found.value.problem_mark.line == expected.value.problem_mark.line


def test_a_key_that_stands_there_twice_is_seen_before_there_are_values() -> None:
    node = yaml_text.root_node("a: 1\na: 2\n")
    assert isinstance(node, yaml.MappingNode)
    assert [key.value for key, _ in node.value] == ["a", "a"]
    assert yaml_text.root_node("") is None
