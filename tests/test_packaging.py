"""The package as users get it: listed packages, the strict editable install, the wheel."""

import ast
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = CONFIG["tool"]["setuptools"]
CODE = ("tasks", "solvers", "scorers", "leaderboard")


def modules() -> list[str]:
    """Import names of all modules in the checkout."""
    names: list[str] = []
    for top in CODE:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            names.append(".".join(("interplay", *(parts[:-1] if parts[-1] == "__init__" else parts))))
    return names


def test_every_package_of_the_tree_is_listed() -> None:
    found = {
        "interplay." + path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for top in CODE
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert set(SETUPTOOLS["packages"]) == found | {"interplay.site"}
    assert set(SETUPTOOLS["package-dir"]) == set(SETUPTOOLS["packages"])
    for package, folder in SETUPTOOLS["package-dir"].items():
        assert package == "interplay." + folder.replace("/", ".")


def test_every_package_carries_types_and_no_folder_shadows_the_standard_library() -> None:
    for package, folder in SETUPTOOLS["package-dir"].items():
        if package != "interplay.site":
            assert (ROOT / folder / "py.typed").is_file(), folder
    assert not (ROOT / "site" / "__init__.py").exists()


def test_the_entry_point_has_the_name_of_the_distribution() -> None:
    (point,) = [p for p in entry_points(group="inspect_ai") if p.name == "interplay"]
    assert point.value == "interplay.tasks._registry"
    assert CONFIG["project"]["name"] == "interplay"
    assert version("interplay") == CONFIG["project"]["version"]


LAYERS = {"tasks": {"tasks", "solvers", "scorers"}, "solvers": {"tasks", "solvers", "scorers"},
          "scorers": {"tasks", "solvers", "scorers"}, "leaderboard": set(CODE)}  # fmt: skip


@pytest.mark.parametrize("top", CODE)
def test_nothing_but_the_leaderboard_imports_the_leaderboard(top: str) -> None:
    for path in (ROOT / top).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("interplay."):
                assert (node.module or "").split(".")[1] in LAYERS[top], f"{path}: {node.module}"


@pytest.mark.slow
def test_every_module_imports_from_the_built_wheel(tmp_path: Path) -> None:
    # From a copy, because a build leaves its traces in the folder that it builds from.
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", "*.egg-info", ".*_cache")
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"interplay", f"interplay-{version('interplay')}.dist-info"}
    for folder, pattern in (("tasks/mazes", "prompts/*"), ("tasks/mazes", "data/*"), ("site", "templates/*"),
                            ("site", "static/*"), ("site", "static/vendor/*"),
                            ("leaderboard", "literature/*.yaml")):  # fmt: skip
        for path in (p for p in (ROOT / folder).glob(pattern) if p.is_file()):
            assert f"interplay/{path.relative_to(ROOT).as_posix()}" in names

    # The wheel goes to an environment of its own that borrows only the dependencies of this one.
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    (site_packages,) = home.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site_packages)
    borrowed = next(p for p in sys.path if p.endswith("site-packages"))
    (site_packages / "borrowed.pth").write_text(borrowed + "\n", encoding="utf-8")
    script = (
        "import importlib, sys\n"
        f"for name in {modules()!r}:\n"
        "    module = importlib.import_module(name)\n"
        f"    assert module.__file__.startswith({str(site_packages)!r}), module.__file__\n"
    )
    done = subprocess.run(
        [home / "bin" / "python", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [home / "bin" / "python", "-m", "interplay.leaderboard.cli", "list"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert listed.returncode == 0, listed.stderr
    assert "mazes" in listed.stdout
