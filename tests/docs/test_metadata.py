"""What others read of the project: the citation, the licences of what it reads, its pages, its picture."""

import re
import tomllib

import pytest
import yaml

from interplay.tasks.catalog import FAMILIES
from interplay.tasks.records import FamilyRecord

from .pages import PAGES, ROOT

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LICENCES = (ROOT / "docs" / "licences.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_citation_names_the_paper_of_every_family(family: FamilyRecord) -> None:
    (found,) = [
        reference
        for reference in CITATION["references"]
        if reference["identifiers"][0]["value"] == f"arXiv:{family.citation.arxiv}"
    ]
    assert (found["title"], found["year"]) == (family.citation.title, family.citation.year)
    names = [author.get("family-names", "et al.") for author in found["authors"]]
    assert ", ".join(names).replace(", et al.", " et al.") == family.citation.authors


def test_the_citation_is_of_this_version_and_licence() -> None:
    assert (CITATION["version"], CITATION["license"]) == (PROJECT["version"], PROJECT["license"])
    (record,) = re.findall(r"^@software\{.+?^\}", README, re.MULTILINE | re.DOTALL)
    assert f"{{{CITATION['title']}}}" in record
    assert f"version = {{{CITATION['version']}}}" in record


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_family_stands_in_the_readme_and_in_the_register(family: FamilyRecord) -> None:
    assert f"| [`{family.name}`](tasks/{family.name}/README.md) |" in README
    card = yaml.safe_load((ROOT / "tasks" / family.name / "eval.yaml").read_text("utf-8"))
    assert {task["name"] for task in card["tasks"]} == {task.name for task in family.tasks}
    assert card["arxiv"] == f"https://arxiv.org/abs/{family.citation.arxiv}"


def test_every_dependency_has_its_licence_on_the_page() -> None:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    needed = {re.split(r"[\[<>=]", one)[0] for names in lists for one in names} - {"interplay"}
    assert not {name for name in needed if not re.search(rf"\b{re.escape(name)}\b", LICENCES)}


def test_every_data_set_and_model_that_is_read_has_its_licence_on_the_page() -> None:
    sources = tomllib.loads((ROOT / "tasks" / "user_turn" / "data" / "sources.toml").read_text("utf-8"))
    grid = (ROOT / "tasks" / "posttrain" / "grid.yaml").read_text("utf-8")
    read = {source["repository"] for source in sources.values()}
    read |= set(re.findall(r"\b(?:repo|reference): ([\w.-]+/[\w.-]+)", grid))
    assert len(read) > 15
    assert not {name for name in read if f"`{name}`" not in LICENCES}


@pytest.mark.parametrize("page", PAGES)
def test_links_of_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    local = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"https?:|#", link)]
    assert not [link for link in local if not ((ROOT / page).parent / link.partition("#")[0]).exists()]


def test_the_picture_is_small() -> None:
    picture = ROOT / "docs" / "site.png"
    assert picture.stat().st_size <= 120_000
    assert "](docs/site.png)" in README
