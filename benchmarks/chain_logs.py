"""Logs of an invented panel at a share of 940,000 replies: what `interplay report recipe_chains` reads.

One reply is played for real by a scripted speaker; all others are copies of its log member under other ids,
epochs, texts and shares. Nothing is analysed here.
"""

import json
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog

from interplay.tasks.recipe_chains import recipe_chains
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.panel import panel
from interplay.tasks.recipe_chains.partner_texts import PartnerText, digest, written
from interplay.tasks.recipe_chains.rendering import render

SAMPLE, HEADER, SUMMARIES = "samples/{id}_epoch_{epoch}.json", "header.json", "summaries.json"
KEPT = 20_000
"""Sample members that a log holds at most; a report reads none of them, and more only fill the disk."""


def played(folder: Path) -> ZipFile:
    """A real log of one speaker that answers one text of every checkpoint and opener."""
    file = folder / "panel-bench.jsonl"
    rows: list[PartnerText] = []
    for place, checkpoint in enumerate(panel()):
        for opener in openers():
            text = render(opener.points, place % 7, f"{checkpoint.id}|{opener.text}")
            rows.append(
                PartnerText(
                    checkpoint.id, opener.id, 1, "neutral", text, checkpoint.model, "{}", digest(text)
                )
            )
    file.write_text(written(rows), encoding="utf-8")
    (log,) = inspect_eval(
        recipe_chains(partners=str(file), repeats=1, n_openers=2),
        model="reference/hedger",
        log_dir=str(folder / "played"),
        display="none",
    )
    assert isinstance(log, EvalLog)
    assert log.status == "success", log.error
    return ZipFile(log.location.removeprefix("file://"))


def write_panel(folder: Path, kept_openers: int, repeats: int) -> int:
    """Writes one log a checkpoint below a folder; returns the number of replies."""
    rng = np.random.default_rng(20260601)
    with tempfile.TemporaryDirectory() as scratch, played(Path(scratch)) as template:
        summary = json.loads(template.read(SUMMARIES))[0]
        body = template.read(SAMPLE.format(id=summary["id"], epoch=summary["epoch"]))
        header = json.loads(template.read(HEADER))
    names = [checkpoint.id for checkpoint in panel()]
    cells = list(product(openers()[:kept_openers], names, range(1, repeats + 1)))
    for speaker in panel():
        header["eval"]["model"] = f"vllm/{speaker.model}"
        shares = rng.binomial(6, rng.uniform(0.2, 0.7), len(cells)) / 6
        rows = list(summaries(summary, cells, shares.tolist()))
        with ZipFile(folder / f"{speaker.id}.eval", "w", ZIP_DEFLATED, compresslevel=1) as out:
            for row in rows[:KEPT]:
                out.writestr(SAMPLE.format(id=row["id"], epoch=row["epoch"]), body)
            out.writestr(SUMMARIES, json.dumps(rows))
            out.writestr(HEADER, json.dumps(header))
    return len(names) * len(cells)


def summaries(template: dict, cells: list, shares: list[float]) -> Iterator[dict]:
    """A summary for every opener, partner and epoch."""
    for (opener, partner, epoch), share in zip(cells, shares, strict=True):
        about = template["metadata"] | {"opener_id": opener.id, "partner": partner, "repeat": 1}
        about |= {"group": opener.group, "uncertainty": opener.uncertainty}
        score = template["scores"]["hedging"]
        value = score["value"] | {"hedged_share": share}
        yield template | {
            "id": f"{opener.id}:{partner}:1",
            "epoch": epoch,
            "input": template["input"].replace(opener.text, "") + f"{opener.text} {partner}",
            "metadata": about,
            "scores": {"hedging": score | {"value": value}},
        }
