"""Reading logs that somebody else wrote, in two capped child processes.

The first scans the archives within the limits of `archive.py` and loads nothing else. Only what passes is
read by the second, which validates it with Inspect's models, regrades it with the scorers of this checkout,
and hands back plain rows. Both have an empty environment, a memory and a CPU limit, and no way to open a
connection; a regrade that tried to call a model would end in an error.
"""

import errno
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from .archive import MEGABYTE, Refusal, scan

if TYPE_CHECKING:
    from .log_reader import Untrusted

Mode: TypeAlias = Literal["scan", "read", "regrade"]
Reader: TypeAlias = Callable[[Sequence[Path]], "list[Untrusted | Refusal]"]
"""Reads and regrades logs, as `read_untrusted_logs` does."""

MEBIBYTE = 2**20
MEMORY_BYTES = {"scan": 512 * MEBIBYTE, "read": 1536 * MEBIBYTE, "regrade": 1536 * MEBIBYTE}
CPU_SECONDS = {"scan": 6, "read": 60, "regrade": 120}
CPU_SECONDS_PER_MEGABYTE = {"scan": 0.6, "read": 2.0, "regrade": 4.0}
FREE_MEGABYTES = 10
LARGEST_ANSWER = 256 * MEGABYTE
SELDOM = 100_000, 50, 50
"""Thresholds of the garbage collector in a child: it holds much that lives until its end, and few cycles."""
FORBIDDEN = frozenset({
    "socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
})  # fmt: skip
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "INSPECT_DISPLAY": "plain",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


def read_untrusted_logs(paths: Sequence[Path], regrade: bool = True) -> "list[Untrusted | Refusal]":
    """Several logs of one entry, with what keeps a log from being read in its place.

    They share the start of a child, which is most of the work for a small log.
    """
    from .log_reader import Untrusted

    outcomes: dict[Path, Untrusted | Refusal] = {}
    for path, line in _answers("scan", paths):
        if isinstance(line, Refusal):
            outcomes[path] = line
    sound = [path for path in paths if path not in outcomes]
    for path, line in _answers("regrade" if regrade else "read", sound):
        outcomes[path] = line if isinstance(line, Refusal) else Untrusted.model_validate_json(line)
    return [outcomes[path] for path in paths]


def read_ahead(paths: Sequence[Path], at_once: int) -> Reader:
    """Reads the logs of many entries now, in a few children, and hands them out later.

    Args:
        paths: All logs that will be asked for.
        at_once: Children that run side by side, each with its share of the logs.
    """
    shares = [share for n in range(at_once) if (share := list(paths[n::at_once]))]
    with ThreadPoolExecutor(at_once) as pool:
        read = list(pool.map(read_untrusted_logs, shares))
    known = {
        path.resolve(): outcome
        for share, outcomes in zip(shares, read, strict=True)
        for path, outcome in zip(share, outcomes, strict=True)
    }
    return lambda wanted: [known[path.resolve()] for path in wanted]


def _answers(mode: Mode, paths: Sequence[Path]) -> "list[tuple[Path, bytes | Refusal]]":
    """What children say of each log; one that is ended by a limit was reading the first without answer."""
    answers: list[tuple[Path, bytes | Refusal]] = []
    left = list(dict.fromkeys(paths))
    while left:
        lines, ended = _child(mode, left)
        for line in lines:
            path = left.pop(0)
            refused = json.loads(line)["refused"] if line.startswith(b'{"refused"') else None
            answers.append((path, Refusal(*refused) if refused else line))
        if left:
            answers.append((left.pop(0), ended))
    return answers


def cpu_seconds(mode: Mode, sizes: Sequence[int]) -> int:
    """CPU limit of a child for logs of those sizes in bytes."""
    beyond = sum(max(size / MEGABYTE - FREE_MEGABYTES, 0) for size in sizes)
    return round(CPU_SECONDS[mode] * len(sizes) + CPU_SECONDS_PER_MEGABYTE[mode] * beyond)


def _child(mode: Mode, paths: Sequence[Path]) -> tuple[list[bytes], Refusal]:
    """The complete lines that a child wrote, and what to say of the log it did not finish."""
    seconds = cpu_seconds(mode, [path.stat().st_size for path in paths])
    ended = Refusal("L08", f"not read within {seconds} s of computing", "submit shorter runs")
    command = [sys.executable, "-I", "-X", "utf8", "-m", "interplay.leaderboard.untrusted", mode]
    with tempfile.TemporaryDirectory(prefix="interplay-") as home, tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [*command, *(str(path.resolve()) for path in paths)],
                env=ENVIRONMENT | {"HOME": home, "TMPDIR": home},
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                timeout=20 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [], ended
        if answer.seek(0, os.SEEK_END) > LARGEST_ANSWER:
            return [], Refusal("L05", "the log's scores and metadata expand past 256 MB")
        answer.seek(0)
        lines = [line for line in answer.read().splitlines(keepends=True) if line.endswith(b"\n")]
    if done.returncode > 0:
        said = done.stderr.decode(errors="replace")
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            if f"[Errno {code}]" in said:
                raise OSError(code, os.strerror(code), tempfile.gettempdir())
        if "MemoryError" not in said:
            raise RuntimeError(f"reading child failed:\n{said[-2000:]}")
        ended = Refusal("L05", f"log needs more than {MEMORY_BYTES[mode] // MEBIBYTE:,} MiB to be read")
    return lines, ended


def cap(mode: Mode, sizes: Sequence[int]) -> None:
    """Limits of this process, which is a child: memory, computing time, no connection, no other process."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES[mode], MEMORY_BYTES[mode]))
        seconds = cpu_seconds(mode, sizes)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in FORBIDDEN:
            raise PermissionError(f"{event} while reading a log")

    sys.addaudithook(refuse)


def answer(mode: Mode, path: Path) -> str:
    """One line about one log: its rows, or why it is refused."""
    try:
        if mode == "scan":
            return json.dumps({"bytes": scan(path)})
        from .log_reader import read_here

        return read_here(path, regrade=mode == "regrade").model_dump_json()
    except Refusal as refusal:
        refused = refusal
    except MemoryError:
        refused = Refusal("L05", f"log needs more than {MEMORY_BYTES[mode] // MEBIBYTE:,} MiB to be read")
    except Exception as error:  # hostile data may make any library stumble; the log is refused, not the check
        refused = Refusal("L09", f"log cannot be read ({type(error).__name__}: {str(error)[:120]})")
    return json.dumps({"refused": [refused.code, refused.what, refused.remedy]})


def main(mode: Mode, paths: Sequence[Path]) -> None:
    """The child: caps itself and writes one line a log to standard output, which nobody else may use."""
    cap(mode, [path.stat().st_size for path in paths])
    gc.set_threshold(*SELDOM)
    out, sys.stdout = sys.stdout, sys.stderr
    for path in paths:
        out.write(answer(mode, path) + "\n")
        out.flush()


if __name__ == "__main__":
    which = sys.argv[1]
    assert which in {"scan", "read", "regrade"}, which
    main(which, [Path(name) for name in sys.argv[2:]])  # pyright: ignore[reportArgumentType]  (asserted above)
