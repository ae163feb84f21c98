"""Progress of long work, on the terminal alone: pipes and files see nothing of it."""

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

import click

T = TypeVar("T")


class Shown(Protocol):
    """A bar or a line that moves on the terminal, and can be taken away for a while."""

    def start(self) -> None:
        """Shows it."""

    def stop(self) -> None:
        """Takes it away."""


SHOWN: list[Shown] = []
"""What is shown at the moment."""


def tracked(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The items, with a bar on standard error where somebody looks on; one item has a line that moves."""
    if total < 2:
        with working(what):
            yield from items
        return
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    with showing(bar):
        yield from bar.track(items, total, description=what)


def say(*lines: str, err: bool = False) -> None:
    """Prints lines; what is shown makes room for them."""
    for bar in SHOWN:
        bar.stop()
    for line in lines:
        click.echo(line, err=err)
    for bar in SHOWN:
        bar.start()


@contextmanager
def working(what: str) -> Generator[None]:
    """Says what is being done while it is done, where somebody looks on."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with showing(Console(stderr=True).status(f"{what} …")):
        yield


@contextmanager
def showing(bar: Shown) -> Generator[None]:
    """Shows a bar for as long as the block runs."""
    SHOWN.append(bar)
    bar.start()
    try:
        yield
    finally:
        bar.stop()
        SHOWN.remove(bar)
