"""Which hosts and repositories an agent may reach: `hosts.toml` and the grid, as one decision (pure).

rules = rules_of("allowlist")
rules.host("pypi.org")                    True
rules.host("api.openai.com")              False
rules.hub("/datasets/openai/gsm8k/resolve/main/main/test-00000-of-00001.parquet")     False: a test
rules.hub("/datasets/openai/gsm8k/resolve/main/main/train-00000-of-00001.parquet")    True
"""

import ipaddress
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, cast
from urllib.parse import unquote

from interplay.tasks.posttrain.cells import load_grid

Network: TypeAlias = Literal["open", "allowlist", "none"]
FILE = "hosts.toml"
REPOSITORY = re.compile(r"^/(?:api/)?(?:resolve-cache/)?(?:(datasets|spaces|models)/)?([\w.-]+/[\w.-]+)")
LISTINGS = ("", "revision", "tree", "paths-info", "refs", "commits")
"""Views of a data set that name its files and hold nothing of them."""
CARDS = ("readme.md", ".gitattributes", "dataset_infos.json")
CACHED = re.compile("^/(?:api/)?resolve-cache/")
"""Paths of files that name a commit where others name a kind of view."""
OLD_ID = re.compile(r"^/(?:api/)?(?:resolve-cache/)?datasets/([\w.-]+?)(?:\.git)?(?:/|$)")
"""A data set by its name without an owner, as the hub still takes it."""
NOT_OWNERS = {"api", "static", "front", "docs", "settings", "join", "login", "oauth"}


@cache
def hosts_file() -> Mapping[str, Mapping[str, object]]:
    """The file as it stands."""
    text = files("interplay.tasks.posttrain.sandbox").joinpath(FILE).read_text("utf-8")
    return cast(Mapping[str, Mapping[str, object]], tomllib.loads(text))


def group(section: str, name: str) -> tuple[str, ...]:
    """One list of the file."""
    return tuple(cast(list[str], hosts_file()[section][name]))


def is_below(host: str, names: Iterable[str]) -> bool:
    """Whether a host is one of these, or below one."""
    plain = host.lower().rstrip(".").strip("[]")
    return any(plain == name or plain.endswith(f".{name}") for name in names)


def is_private(address: str) -> bool:
    """Whether an address leads into the machine or its networks; what is no address does."""
    try:
        return not ipaddress.ip_address(address.strip("[]").split("%")[0]).is_global
    except ValueError:
        return True


def plain_path(path: str) -> str:
    """The path of a request without its query, escapes and doubled slashes."""
    return re.sub("/+", "/", unquote(path.split("?")[0]))


def is_plain(path: str) -> bool:
    """Whether a path says where it leads: no part of it leads elsewhere."""
    plain = plain_path(path)
    return "\\" not in plain and not {".", ".."} & {*plain.split("/")}


def repository_of(path: str) -> str | None:
    """The repository that a path of the hub names, None for other pages."""
    match = REPOSITORY.match(plain_path(path))
    if match is None or match[2].split("/")[0] in NOT_OWNERS:
        return None
    return match[2].removesuffix(".git")


def names_split(path: str, splits: Iterable[str]) -> bool:
    """Whether a request to a data set of which some splits are served is for one of them, or for no data.

    Files are told by the words of their paths; what names no served split is refused, and so are tokens
    and archives that cover a whole repository.
    """
    match = REPOSITORY.match(plain_path(path))
    if match is None:
        return False
    kind, *rest = plain_path(path)[match.end() :].lstrip("/").split("/")
    if CACHED.match(plain_path(path)):
        # There the commit stands before the path of the file.
        kind, rest = "resolve", rest or [kind]
    if ".." in rest or kind not in (*LISTINGS, "resolve", "raw", "parquet"):
        return False
    if kind in LISTINGS or (kind in ("resolve", "raw") and rest[-1].lower() in CARDS):
        return True
    words = set(re.split(r"[^a-z0-9]+", "/".join(rest).lower()))
    return bool(words & set(splits)) and not words & {"test", "validation", "dev"} - set(splits)


def names_old_id(path: str) -> bool:
    """Whether a path names a refused or divided data set by its name alone, without the owner."""
    match = OLD_ID.match(plain_path(path))
    served = cast(Mapping[str, list[str]], hosts_file()["splits"])
    names = {name.lower().split("/")[1] for name in (*denied_data_sets(), *served)}
    return match is not None and match[1].lower() in names


def allowed_domains() -> tuple[str, ...]:
    """All hosts of the allow list, for sandboxes whose own network policy takes domain names."""
    allow = hosts_file()["allow"]
    return tuple(sorted({name for names in allow.values() for name in cast(list[str], names)}))


def denied_repositories() -> frozenset[str]:
    """Tests, twins and reference models, in lower case."""
    references = {base.reference for base in load_grid().bases.values()}
    return frozenset(name.lower() for name in denied_data_sets() | references | {"aisa-group/posttrainbench"})


def denied_data_sets() -> frozenset[str]:
    """Tests and twins."""
    targets = load_grid().targets.values()
    return frozenset(s.repo for t in targets for s in (t.source, t.twin.source) if s is not None)


@dataclass(frozen=True)
class Rules:
    """The decision for one network mode."""

    network: Network

    def host(self, host: str) -> bool:
        """Whether a connection to a host is permitted."""
        if self.network == "none" or is_below(host, group("deny", "always")):
            return False
        if self.network == "open":
            return True
        refused = (
            *group("deny", "hosted_models"),
            *group("deny", "benchmark"),
            *group("deny", "rows_of_data_sets"),
        )
        return is_below(host, allowed_domains()) and not is_below(host, refused)

    def tunnel(self, host: str) -> bool:
        """Whether a tunnel to a host is: the hub is refused, where repositories could not be told apart."""
        by_repository = self.network == "allowlist" and host.lower().rstrip(".") in group(
            "hub", "by_repository"
        )
        return self.host(host) and not by_repository

    def page(self, host: str, path: str) -> bool:
        """Whether a page that is asked for in plain text is; the hub is refused, as in a tunnel."""
        if self.network != "allowlist":
            return self.host(host)
        place = f"{host.lower().rstrip('.')}{plain_path(path).lower()}"
        refused = [name.lower() for name in group("deny", "benchmark_paths")]
        return self.tunnel(host) and is_plain(path) and not any(place.startswith(name) for name in refused)

    def hub(self, path: str) -> bool:
        """Whether a request to the hub is, by its path; one that hides which repository it is for is not."""
        if not path.startswith("/"):
            return False
        if self.network == "allowlist" and (not is_plain(path) or names_old_id(path)):
            return False
        name = repository_of(path)
        served = cast(Mapping[str, list[str]], hosts_file()["splits"])
        if self.network == "allowlist" and name is not None and name.lower() in served:
            return names_split(path, served[name.lower()])
        return self.repository(name)

    def repository(self, name: str | None) -> bool:
        """Whether a whole repository of the hub is."""
        if self.network == "none":
            return False
        return self.network == "open" or name is None or name.lower() not in denied_repositories()


def rules_of(network: Network) -> Rules:
    """The rules of a network mode."""
    return Rules(network)
