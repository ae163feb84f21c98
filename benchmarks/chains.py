"""Chains: the panel analysis of 940,000 replies and the report from their logs, in time, memory and growth.

The analysis is measured at 1, 10 and 100 %, the report from logs at 1 and 10 %, because a log of all replies
takes minutes to write; `python benchmarks/chains.py logs 100` measures it as well. Times are seconds of CPU,
so that other work on the machine changes little; nothing here waits.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import chain_logs
import numpy as np
import pandas as pd

from interplay.leaderboard.analysis.chain_panel import panel_tables
from interplay.leaderboard.analysis.reports import report_tables
from interplay.scorers.hedge_rules import hedging, lexicon
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.panel import panel
from interplay.tasks.recipe_chains.partner_texts import partner_texts

SIZES = {1: (12, 6), 10: (120, 6), 100: (120, 65)}
"""Openers and repeats by per cent of 940,000 replies; speakers and partners are those of the panel."""
SECONDS, GIGABYTES = 300.0, 4.0
PASSES = 3


def corpus(per_cent: int) -> pd.DataFrame:
    """Invented replies: levels of speakers and openers, partners that move some, noise in sixths."""
    rng = np.random.default_rng([20260601, per_cent])
    kept, repeats = SIZES[per_cent]
    names = [checkpoint.id for checkpoint in panel()]
    ids = [opener.id for opener in openers()][:kept]
    size = (len(names), len(names), kept, repeats)
    moved = rng.normal(0, 0.05, size[0])[:, None] * np.linspace(-1, 1, size[1])
    chance = rng.uniform(0.2, 0.7, size[0])[:, None, None] + moved[:, :, None] + rng.normal(0, 0.05, kept)
    value = rng.binomial(6, np.clip(chance, 0, 1)[..., None], size) / 6
    codes = np.indices(size).reshape(4, -1)
    columns = {
        key: pd.Categorical.from_codes(code, labels)
        for key, code, labels in zip(
            ("speaker", "partner", "opener", "repeat"),
            codes,
            (names, names, ids, [str(n) for n in range(repeats)]),
            strict=True,
        )
    }
    return pd.DataFrame({**columns, "value": value.ravel()})


def analyse(per_cent: int) -> dict[str, float]:
    """CPU seconds of the analysis, peak memory of the process in GB, and replies."""
    frame = corpus(per_cent)
    began = time.process_time()
    tables = panel_tables(frame)
    seconds = time.process_time() - began
    assert len(tables) >= 6, [table.title for table in tables]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"seconds": seconds, "gigabytes": peak, "replies": len(frame)}


def report(folder: Path) -> dict[str, float]:
    """The same of the report from the logs in a folder."""
    began = time.process_time()
    tables = report_tables("recipe_chains", [folder], ["interplay/recipe_chains"])
    seconds = time.process_time() - began
    assert len(tables) >= 7, [table.title for table in tables]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    replies = next(sum(int(str(row[5])) for row in table.rows) for table in tables if table.title == "Runs")
    return {"seconds": seconds, "gigabytes": peak, "replies": replies}


def in_own_process(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def from_logs(per_cent: int) -> dict[str, float]:
    """The report from logs that are written for it and removed again."""
    with tempfile.TemporaryDirectory() as folder:
        chain_logs.write_panel(Path(folder), *SIZES[per_cent])
        return in_own_process("report", folder)


def per_reply(part: dict[str, float]) -> float:
    """Seconds a reply."""
    return part["seconds"] / part["replies"]


def read_a_second() -> float:
    """Controlled texts read by the hedge rules, the best of some passes."""
    texts = [row.text for row in partner_texts("controlled")]
    lexicon()
    best = 0.0
    for _ in range(PASSES):
        began = time.process_time()
        for text in texts:
            hedging(text)
        best = max(best, len(texts) / (time.process_time() - began))
    return best


def rows() -> list[tuple[str, float, float, str]]:
    one, ten, all_of_it = (in_own_process("analysis", str(per_cent)) for per_cent in SIZES)
    read_one, read_ten = (from_logs(per_cent) for per_cent in (1, 10))
    found = [
        (f"panel analysis of {part['replies']:,.0f} replies", part["seconds"], SECONDS, "CPU s")
        for part in (one, ten, all_of_it)
    ]
    grown = per_reply(all_of_it) / per_reply(ten)
    read_grown = per_reply(read_ten) / per_reply(read_one)
    return [
        *found,
        ("its peak memory", all_of_it["gigabytes"], GIGABYTES, "GB"),
        ("its time a reply, 100 % by 10 %", grown, 1.1, "ratio, 1 is linear"),
        *(
            (f"report from logs of {part['replies']:,.0f} replies", part["seconds"], bar, "CPU s")
            for part, bar in ((read_one, SECONDS / 10), (read_ten, SECONDS / 10))
        ),
        ("its peak memory", read_ten["gigabytes"], GIGABYTES, "GB"),
        (
            "its time a reply, 10 % by 1 %",
            read_grown,
            1.1,
            "ratio, 1 is linear",
        ),
        ("six-sentence replies read by the hedge rules", read_a_second(), 1000.0, "replies per s"),
    ]


if __name__ == "__main__":
    kind, given = sys.argv[1:]
    measured = {
        "analysis": lambda: analyse(int(given)),
        "report": lambda: report(Path(given)),
        "logs": lambda: from_logs(int(given)),
    }
    print(json.dumps(measured[kind]()))
