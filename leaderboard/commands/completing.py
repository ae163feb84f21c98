"""What Tab completes after the commands: names from the catalogue, boards, entries and reference players.

Each function takes click's context, parameter and the word begun, and returns words that begin like it.
"""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from interplay.tasks.catalog import FAMILIES, family, family_of_task
from interplay.tasks.records import FamilyRecord

Item = CompletionItem


def beginning(words: Iterable[tuple[str, str]], begun: str) -> list[Item]:
    """Items of the words, each with its help, that start with what was typed."""
    return [Item(word, help=said) for word, said in words if word.startswith(begun)]


def families(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """Names of families."""
    return beginning(((f.name, f.short_title) for f in FAMILIES), begun)


def targets(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """Names of families and of tasks."""
    tasks = ((task.name, task.summary) for f in FAMILIES for task in f.tasks if task.name != f.name)
    return [*families(ctx, param, begun), *beginning(tasks, begun)]


def names(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """Names of families, tasks and boards."""
    from interplay.leaderboard.boards import load_boards

    boards = ((board.id, board.title) for board in load_boards().values() if not family(board.id))
    found = {item.value: item for item in (*targets(ctx, param, begun), *beginning(boards, begun))}
    return list(found.values())


def players(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """Reference players: of the families that were named, or of all."""
    named = [f for f in FAMILIES if f in chosen(ctx)] or FAMILIES
    found = dict.fromkeys(f"reference/{name}" for f in named for name in f.reference_players)
    return beginning(((name, "scripted player") for name in found), begun)


def roles(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """`role=` for the roles of the families that were named, or of all; after it, reference players."""
    role, mark, model = begun.partition("=")
    if mark:
        return [Item(f"{role}={item.value}", help=item.help) for item in players(ctx, param, model)]
    named = chosen(ctx) or FAMILIES
    found = {name: when for f in named for task in f.tasks for name, when in task.roles.items()}
    return beginning(((f"{name}=", when) for name, when in found.items()), begun)


def chosen(ctx: click.Context) -> tuple[FamilyRecord, ...]:
    """Families that the words before mean."""
    words = [*(ctx.params.get("targets") or ()), *ctx.args]
    located = [family_of_task(word) for word in words]
    return tuple(f for f in (*map(family, words), *(pair[0] for pair in located if pair)) if f)


def entries(ctx: click.Context, param: click.Parameter, begun: str) -> list[Item]:
    """Ids of the entries in this folder, and files."""
    from interplay.leaderboard.entries import ENTRIES

    stored = sorted(path.stem for path in (Path() / ENTRIES).glob("*.json"))
    return [*beginning(((name, "") for name in stored), begun), Item(begun, type="file")]
