"""Progress of long work, on the terminal alone: pipes and files see nothing of it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")
BARS: "list[Progress]" = []
"""Those that are shown at the moment."""


def tracked(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The items, with a bar on standard error while there are more than one and somebody looks on."""
    if total < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        BARS.append(bar)
        try:
            yield from bar.track(items, total, description=what)
        finally:
            BARS.remove(bar)


def say(*lines: str, err: bool = False) -> None:
    """Prints lines; a bar that is shown makes room for them."""
    for bar in BARS:
        bar.stop()
    for line in lines:
        click.echo(line, err=err)
    for bar in BARS:
        bar.start()


def working(what: str) -> AbstractContextManager[object]:
    """Says what is being done while it is done, where somebody looks on."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")
