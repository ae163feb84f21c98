"""`--array I/N`: the share of a command's runs that one job of a cluster makes."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from interplay.tasks.mistakes import UserMistake

Item = TypeVar("Item")
SCHEDULERS = {"slurm": ("SLURM_ARRAY_TASK_ID", 1), "kubernetes": ("JOB_COMPLETION_INDEX", 0)}
"""Where a scheduler tells a job its number, and the number of the first."""
FOLDER = re.compile(r"(\d+)-of-(\d+)")


@dataclass(frozen=True)
class Slice:
    """Share `index`, from 1, of `count`."""

    index: int
    count: int

    @property
    def folder(self) -> str:
        """Name of the folder of its logs, below that of the whole command."""
        return f"{self.index}-of-{self.count}"

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Its items: neighbours stay together, and shares differ by one item at most."""
        bounds = [len(items) * part // self.count for part in (self.index - 1, self.index)]
        return items[bounds[0] : bounds[1]]


def parse_slice(text: str, environment: Mapping[str, str] = os.environ) -> Slice:
    """The slice that `--array` names: `3/8`, or `slurm/8` and `kubernetes/8` with the job's own number.

    Raises:
        UserMistake: It is none of these, out of range, or no such job is running.
    """
    match = re.fullmatch(r"(\d+|slurm|kubernetes)/([1-9]\d*)", text)
    if match is None:
        raise UserMistake(
            f"--array {text}: expected I/N with I from 1 to N, for example 3/8, or slurm/N or kubernetes/N."
        )
    index, count = match[1], int(match[2])
    if not index.isdigit():
        variable, first = SCHEDULERS[index]
        number = environment.get(variable, "")
        if not number.isdigit():
            raise UserMistake(
                f"--array {text}: {variable} is {f'{number!r}, no number' if number else 'not set'}; run "
                "this in a job array, or give I/N."
            )
        place = int(number) - first + 1
        if not 1 <= place <= count:
            raise UserMistake(
                f"--array {text}: {variable} is {number}, outside {first} to {first + count - 1}; give the "
                "job array these numbers."
            )
        return Slice(place, count)
    if not 1 <= int(index) <= count:
        raise UserMistake(f"--array {text}: {index} is outside 1 to {count}.")
    return Slice(int(index), count)


def slice_folder(folder: Path, part: Slice) -> Path:
    """Where a slice of the runs of `folder` is logged.

    Raises:
        UserMistake: The folder was begun otherwise, so that the same run would be made twice.
    """
    if folder.is_dir():
        if any(folder.glob("*.eval")):
            raise UserMistake(
                f"{folder}: holds logs of a run without --array; leave it out, or give another folder."
            )
        for path in sorted(folder.iterdir()):
            other = FOLDER.fullmatch(path.name)
            if other is not None and int(other[2]) != part.count:
                raise UserMistake(
                    f"{folder}: was begun in {other[2]} slices; go on with --array I/{other[2]}, leave "
                    "--array out to finish all in one process, or give another folder."
                )
    return folder / part.folder
