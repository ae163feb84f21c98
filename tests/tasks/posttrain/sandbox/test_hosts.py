"""Which hosts, pages and repositories an agent may reach, one rule at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.sandbox.hosts import (
    allowed_domains,
    denied_data_sets,
    denied_repositories,
    group,
    hosts_file,
    is_below,
    is_plain,
    is_private,
    names_old_id,
    names_split,
    plain_path,
    repository_of,
    rules_of,
)

MODES = ("open", "allowlist", "none")
labels = st.text("abcdefghij-0", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("host", "below"),
    [
        ("pypi.org", True),
        ("files.pypi.org", True),
        ("PyPI.org", True),
        ("pypi.org.", True),
        ("evilpypi.org", False),
        ("pypi.org.evil.com", False),
        ("org", False),
        ("", False),
        (".pypi.org", True),
        ("fd00::1", False),
    ],
)
def test_a_host_is_below_a_name_by_whole_labels(host: str, below: bool) -> None:
    assert is_below(host, ["pypi.org"]) == below


def test_an_address_in_brackets_is_the_address() -> None:
    assert is_below("[fd00:ec2::254]", ["fd00:ec2::254"])
    assert not rules_of("open").host("[fd00:ec2::254]")


@settings(max_examples=50)
@given(labels, st.sampled_from(allowed_domains()))
def test_what_is_permitted_is_permitted_below_and_nothing_that_only_ends_alike(
    label: str, domain: str
) -> None:
    rules = rules_of("allowlist")
    refused = (*group("deny", "hosted_models"), *group("deny", "rows_of_data_sets"))
    assert rules.host(f"{label}.{domain}") == (not is_below(f"{label}.{domain}", refused))
    assert not rules.host(f"{label}{domain}") or is_below(f"{label}{domain}", allowed_domains())
    assert not rules.host(f"{domain}.{label}.example")
    assert not rules_of("none").host(domain)


@pytest.mark.parametrize("host", group("deny", "always"))
@pytest.mark.parametrize("mode", MODES)
def test_addresses_of_the_cloud_itself_are_reached_in_no_mode(host: str, mode: str) -> None:
    rules = rules_of(mode)  # type: ignore[arg-type]
    assert not rules.host(host)
    assert not rules.tunnel(host)
    assert not rules.page(host, "/latest/meta-data")


@pytest.mark.parametrize("host", [*group("deny", "hosted_models"), *group("deny", "benchmark")])
def test_hosted_models_and_the_benchmark_are_reached_in_the_open_mode_alone(host: str) -> None:
    assert [rules_of(mode).tunnel(host) for mode in MODES] == [True, False, False]  # type: ignore[arg-type]
    assert not rules_of("allowlist").host(f"eu.{host}")


def test_no_list_permits_what_another_refuses_by_its_own_name() -> None:
    """A host on both lists would be refused without anybody noticing that the first line is in vain."""
    refused = {name for names in hosts_file()["deny"].values() for name in names}  # type: ignore[union-attr,attr-defined]
    assert not refused & set(allowed_domains())
    assert list(allowed_domains()) == sorted(set(allowed_domains()))


@pytest.mark.parametrize("host", group("hub", "by_repository"))
def test_the_hub_is_reached_neither_by_a_tunnel_nor_in_plain_text(host: str) -> None:
    """In a tunnel no repository can be told; a plain request would pass by the view that can."""
    rules = rules_of("allowlist")
    assert rules.host(host)
    for name in (host, host.upper(), f"{host}."):
        assert not rules.tunnel(name)
        assert not rules.page(name, "/datasets/openai/gsm8k/resolve/main/main/test-0.parquet")
        assert not rules.page(name, "/")
    assert rules_of("open").tunnel(host)
    assert rules_of("open").page(host, "/")


@pytest.mark.parametrize(
    ("host", "path", "passes"),
    [
        ("github.com", "/huggingface/trl", True),
        ("github.com", "/aisa-group/PostTrainBench", False),
        ("github.com", "/AISA-Group/posttrainbench/issues", False),
        ("GitHub.com", "/aisa-group/PostTrainBench", False),
        ("github.com.", "/aisa-group/PostTrainBench", False),
        ("github.com", "//aisa-group/PostTrainBench", False),
        ("github.com", "/aisa%2Dgroup/PostTrainBench", False),
        ("github.com", "/x/../aisa-group/PostTrainBench", False),
        ("github.com", "/aisa-group/other", True),
        ("raw.githubusercontent.com", "/aisa-group/PostTrainBench/main/README.md", False),
        ("export.arxiv.org", "/abs/2603.08640", True),
        ("example.org", "/", False),
    ],
)
def test_pages_of_the_benchmark_are_refused_however_they_are_written(
    host: str, path: str, passes: bool
) -> None:
    assert rules_of("allowlist").page(host, path) == passes
    assert rules_of("open").page(host, path)
    assert not rules_of("none").page(host, path)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.0.0.1", True),
        ("172.16.3.4", True),
        ("192.168.1.1", True),
        ("127.0.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("::1", True),
        ("[::1]", True),
        ("fe80::1%eth0", True),
        ("fd00:ec2::254", True),
        ("::ffff:10.0.0.1", True),
        ("8.8.8.8", False),
        ("2606:4700:4700::1111", False),
        ("no address", True),
        ("", True),
    ],
)
def test_private_addresses_are_all_that_is_not_of_the_internet(address: str, private: bool) -> None:
    assert is_private(address) == private


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/a/b?c=d", "/a/b"),
        ("//a///b", "/a/b"),
        ("/a%2Fb", "/a/b"),
        ("/a%252Fb", "/a%2Fb"),
        ("", ""),
    ],
)
def test_a_plain_path_has_neither_query_nor_escapes_nor_doubled_slashes(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/a/b", True),
        ("/a/..b/c.", True),
        ("/a/../b", False),
        ("/a/./b", False),
        ("/..", False),
        ("/a/%2e%2E/b", False),
        ("/a%5Cb", False),
        ("/a\\b", False),
        ("/a?x=../b", True),
    ],
)
def test_a_path_says_where_it_leads_or_is_refused(path: str, plain: bool) -> None:
    assert is_plain(path) == plain
    if not plain:
        assert not rules_of("allowlist").hub(path)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Qwen/Qwen3-4B/resolve/main/config.json", "Qwen/Qwen3-4B"),
        ("/api/models/Qwen/Qwen3-4B", "Qwen/Qwen3-4B"),
        ("/datasets/openai/gsm8k", "openai/gsm8k"),
        ("/spaces/a/b/tree/main", "a/b"),
        ("/a/b.git/info/refs", "a/b"),
        ("/api/resolve-cache/models/a/b/0/config.json", "a/b"),
        ("/a", None),
        ("/", None),
        ("", None),
        ("/static/js/x.js", None),
        ("/docs/transformers/index", None),
        ("/login/next", None),
    ],
)
def test_the_repository_of_a_path(path: str, name: str | None) -> None:
    assert repository_of(path) == name


def test_tests_twins_and_references_are_refused_by_name_whatever_the_case() -> None:
    grid = load_grid()
    refused = denied_repositories()
    for base in grid.bases.values():
        assert base.reference.lower() in refused
        assert base.repo.lower() not in refused
    for name in denied_data_sets():
        assert name.lower() in refused
        assert not rules_of("allowlist").repository(name.upper())
        assert rules_of("open").repository(name)
        assert not rules_of("none").repository(name)
    assert rules_of("allowlist").repository(None)
    assert not rules_of("none").repository(None)


@pytest.mark.parametrize("name", sorted(denied_data_sets()))
def test_a_refused_data_set_is_refused_without_its_owner_as_well(name: str) -> None:
    short = name.split("/")[1]
    for path in (
        f"/datasets/{short}",
        f"/api/datasets/{short.upper()}/tree/main",
        f"/datasets/{short}.git/x",
    ):
        assert names_old_id(path)
        assert not rules_of("allowlist").hub(path)
        assert rules_of("open").hub(path)
    assert not names_old_id(f"/datasets/{short}-other/x")


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("/datasets/a/b/resolve/main/train.json", True),
        ("/datasets/a/b/raw/main/train.json", True),
        ("/datasets/a/b/resolve/main/TRAIN.json", True),
        ("/datasets/a/b/resolve/main/training.json", False),
        ("/datasets/a/b/resolve/main/train_test.json", False),
        ("/datasets/a/b/resolve/main/train-dev.json", False),
        ("/datasets/a/b/resolve/main/validation/train.json", False),
        ("/datasets/a/b/resolve/main/data.json", False),
        ("/datasets/a/b/resolve/main/README.md", True),
        ("/datasets/a/b/resolve/main/.gitattributes", True),
        ("/datasets/a/b/resolve/main/test/readme.md.parquet", False),
        ("/datasets/a/b", True),
        ("/datasets/a/b/tree/main/test", True),
        ("/datasets/a/b/commits/main", True),
        ("/datasets/a/b/viewer/main/train", False),
        ("/datasets/a/b/parquet/main/train/0.parquet", True),
        ("/api/datasets/a/b/paths-info/main", True),
        ("/api/resolve-cache/datasets/a/b/0f/train.json", True),
        ("/api/resolve-cache/datasets/a/b/0f", False),
        ("/nowhere", False),
    ],
)
def test_of_a_divided_data_set_only_files_of_the_served_split_are(path: str, served: bool) -> None:
    assert names_split(path, ["train"]) == served


def test_a_path_that_does_not_begin_at_the_root_is_refused_in_every_mode() -> None:
    for mode in MODES:
        assert not rules_of(mode).hub("Qwen/Qwen3-4B")  # type: ignore[arg-type]
        assert not rules_of(mode).hub("http://huggingface.co/Qwen/Qwen3-4B")  # type: ignore[arg-type]
