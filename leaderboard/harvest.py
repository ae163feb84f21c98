"""Texts of checkpoints out of the logs in which they wrote on each topic alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

from interplay.scorers.hedging import is_cut
from interplay.solvers.dialogue import Episode
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.panel import short_name
from interplay.tasks.recipe_chains.partner_texts import PartnerText, digest

from .own_logs import log_files, unreadable

TASK = "interplay/recipe_chains"
SETTINGS = ("temperature", "top_p", "max_tokens")


class Harvest(NamedTuple):
    """The texts, by partner, opener and repeat, and how many replies could not be used."""

    texts: tuple[PartnerText, ...]
    unusable: int


def harvested(logs: Sequence[Path]) -> Harvest:
    """The texts in these logs.

    Raises:
        UserMistake: There is no such log, one is of another kind, or two hold the same model.
    """
    from inspect_ai.log import read_eval_log

    rows: list[PartnerText] = []
    partners: dict[str, Path] = {}
    unusable = 0
    for path in log_files(logs):
        try:
            log = read_eval_log(str(path))
        except Exception as error:  # a truncated archive fails in many ways, all of them mean the same
            raise unreadable(path, error) from None
        if (log.eval.task_registry_name or log.eval.task) != TASK or log.eval.task_args.get(
            "partners"
        ) != "none":
            raise UserMistake(f"{path.name}: no log of {TASK} with -T partners=none; leave it out.")
        if log.status != "success":
            raise UserMistake(f"{path.name}: the run did not finish; start the same command again.")
        partner = short_name(log.eval.model)
        if partner in partners:
            raise UserMistake(
                f"{path.name} and {partners[partner].name} both hold {partner}; give one of them."
            )
        partners[partner] = path
        config = log.eval.model_generate_config.model_dump(exclude_none=True)
        settings = json.dumps({key: config[key] for key in SETTINGS if key in config})
        for sample in log.samples or []:
            episode = sample.store_as(Episode)
            said = [note for note in episode.notes if note.seat == 2]
            if len(said) != 1 or "empty" in said[0].flags or is_cut(said[0]):
                unusable += 1
                continue
            metadata = cast(dict[str, str], sample.metadata)
            text = said[0].text
            rows.append(
                PartnerText(
                    partner,
                    metadata["opener_id"],
                    sample.epoch,
                    metadata["frame"],
                    text,
                    log.eval.model,
                    settings,
                    digest(text),
                )
            )
    return Harvest(tuple(sorted(rows, key=lambda row: (row.partner, row.opener_id, row.repeat))), unusable)
