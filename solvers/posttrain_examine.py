"""The verifier: opens a bundle, checks and runs its model, and writes what was found.

    python -m interplay.solvers.posttrain_examine --bundle B --out outputs.json --version x --seeds 72332 \
        --base MODELS/base --reference MODELS/reference --guard

A process of its own, in a sandbox without a network; with `--guard` every attempt to open a socket ends it,
which is what a verifier on the user's own machine gets. Exit codes: 0 with a record, 2 for a bundle that is
not what its manifest says, 3 where not even the base can be served: then nothing is said about the agent.
"""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import click
from pydantic import JsonValue

from interplay.scorers.integrity import measure_bundle
from interplay.scorers.integrity.examine import LossPair, Part
from interplay.tasks.mistakes import EnvironmentProblem
from interplay.tasks.posttrain.arguments import Device, members
from interplay.tasks.posttrain.bundle import MODEL, Bundle, file_record
from interplay.tasks.posttrain.cells import Cell, Profile, TargetRecord, Version, load_grid, profile_of
from interplay.tasks.posttrain.grid import TEMPLATES
from interplay.tasks.posttrain.targets import Item, Target, load_target

from .posttrain_ladder import Exhausted, Ladder, answers_of, graded, greedy_pass, seeded_pass
from .posttrain_outputs import Answer, Forgetting, Losses, Outputs, Reason, Usage
from .posttrain_serving import Server, Unserved, serve
from .posttrain_state import write_atomically
from .posttrain_usage import idle_share
from .posttrain_validity import Invalid, why_invalid

FORGETTING_ITEMS = 100
CANARY_ITEMS = 4
MODEL_PATH = click.Path(file_okay=False, exists=True, path_type=Path)


class SocketGuard(RuntimeError):
    """Something in the verifier tried to open a connection."""


def guard_sockets() -> None:
    """Refuse every socket but those between processes of this machine, for as long as the process lives."""

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"):
            made = arguments[0]
            if isinstance(made, socket.socket) and made.family == socket.AF_UNIX:
                return
            raise SocketGuard(f"{event} in the verifier, which has no network")

    sys.addaudithook(refuse)


class Examination:
    """One bundle under examination.

    Attributes:
        base: Folder of the untouched base model.
        reference: Folder of the instruction-tuned relative.
    """

    def __init__(
        self, bundle: Bundle, cell: Cell, seeds: Sequence[int], base: Path, reference: Path, device: Device
    ) -> None:
        self.bundle = bundle
        self.cell = cell
        self.seeds = seeds
        self.base = base
        self.reference = reference
        self.device: Device = device
        self.profile: Profile = profile_of(cell.target)
        self.record: TargetRecord = load_grid().targets[cell.target]
        self.target: Target = load_target(cell.target)
        self.items: tuple[Item, ...] = self.target.items()
        self.twin: tuple[Item, ...] = self.target.twin()
        self._base_server: Server | None = None

    def outputs(self) -> Outputs:
        """Everything that is found.

        Raises:
            EnvironmentProblem: the base cannot be served here either.
        """
        invalid = why_invalid(self.bundle, self.base)
        if invalid is not None:
            return self.written(self.empty(invalid))
        assert self.bundle.model is not None
        ladder = self.ladder(self.bundle.model)
        try:
            found = self.passes(ladder)
            found = found.model_copy(
                update={"losses": self.losses(ladder), "forgetting": tuple(self.forgetting(ladder))}
            )
        except Exhausted as problem:
            self.canary()
            found = self.empty(Invalid("ladder", str(problem)))
        finally:
            ladder.close()
        return self.written(found)

    def ladder(self, folder: Path) -> Ladder:
        """The ladder of the model in a folder."""
        template = None if self.profile == "mini" else self.template()
        return Ladder(
            start=lambda tokens: serve(folder, self.profile, self.device, template, tokens),
            tokens=self.record.tokens,
            attempts=load_grid().attempts(self.cell.version, self.profile),
        )

    def template(self) -> Path:
        """The chat template of the cell's family."""
        family = load_grid().bases[self.cell.base].family
        return TEMPLATES / f"{family}.jinja"

    def empty(self, invalid: Invalid) -> Outputs:
        """The record of a deliverable that is no valid model."""
        return self.blank().model_copy(update={"reason": invalid.reason, "reason_text": invalid.text[:500]})

    def blank(self, reason: Reason | None = None) -> Outputs:
        """The record before anything was measured."""
        manifest = self.bundle.manifest
        return Outputs(
            cell=self.cell.id,
            base=self.cell.base,
            target=self.cell.target,
            agent_model=self.bundle.agent_model,
            run=self.bundle.run,
            exit=manifest.exit,
            reason=reason,
            dropped=manifest.dropped,
            usage=usage_of(self.bundle),
            manifest_sha256=file_record(self.bundle.folder / "manifest.json").sha256,
            final_model={name: manifest.files[name].sha256 for name in self.bundle.paths(f"{MODEL}/")},
        )

    def passes(self, ladder: Ladder) -> Outputs:
        """The test with every seed, the twin, and the greedy pass.

        Raises:
            Exhausted: the model cannot be served.
        """
        raw: list[Answer] = []
        finished: list[int] = []
        for seed in self.seeds:
            try:
                texts = seeded_pass(ladder, self.target, self.items, seed)
            except Exhausted:
                if not finished:
                    raise
                break
            raw += graded(self.target, self.items, texts, seed, self.record)
            finished.append(seed)
            if self.record.one_seed or (self.record.one_seed_if_greedy and is_greedy(ladder)):
                break
        stage = ladder.stage
        first = finished[0]
        twin = graded(
            self.target, self.twin, seeded_pass(ladder, self.target, self.twin, first), first, self.record
        )
        if is_greedy(ladder):
            greedy = [answer.model_copy(update={"seed": None}) for answer in raw[: len(self.items)]]
        else:
            greedy = graded(
                self.target, self.items, greedy_pass(ladder, self.target, self.items), None, self.record
            )
        return self.blank().model_copy(
            update={
                "stage": stage,
                "seeds": tuple(finished),
                "raw": tuple(raw),
                "twin": tuple(twin),
                "greedy": tuple(greedy),
            }
        )

    def losses(self, ladder: Ladder) -> dict[str, Losses]:
        """Token losses of test and twin, for base and candidate."""
        found: dict[str, Losses] = {}
        for name, items in (("test", self.items), ("twin", self.twin)):
            server = ladder.server
            assert server is not None
            candidate = server.losses(items)
            found[name] = Losses(base=tuple(self.base_server().losses(items)), candidate=tuple(candidate))
        return found

    def forgetting(self, ladder: Ladder) -> list[Forgetting]:
        """Greedy accuracy on items of the other weighted targets, before and after."""
        grid = load_grid()
        others = grid.mini.targets if self.profile == "mini" else grid.versions[self.cell.version].targets
        found: list[Forgetting] = []
        for name in others:
            if name == self.cell.target or grid.targets[name].judged:
                continue
            target = load_target(name)
            items = target.items()[:FORGETTING_ITEMS]
            server = ladder.server
            assert server is not None
            tokens = grid.targets[name].tokens[-1]
            seeds = [0] * len(items)
            values = [
                target.score(
                    items, target.grade_all(items, answers_of(target, one, items, seeds, tokens, greedy=True))
                ).value
                for one in (self.base_server(), server)
            ]
            found.append(Forgetting(target=name, n=len(items), base=values[0], candidate=values[1]))
        return found

    def base_server(self) -> Server:
        """The untouched base, served once.

        Raises:
            EnvironmentProblem: it cannot be.
        """
        if self._base_server is None:
            template = None if self.profile == "mini" else self.template()
            try:
                self._base_server = serve(
                    self.base, self.profile, self.device, template, self.record.tokens[-1]
                )
            except Unserved as problem:
                raise no_base(problem) from problem
        return self._base_server

    def canary(self) -> None:
        """Serve the base where the candidate failed: if it fails too, the machine is to blame.

        Raises:
            EnvironmentProblem: it does.
        """
        items = self.items[:CANARY_ITEMS]
        try:
            self.base_server().answers(items, [0] * len(items), self.record.tokens[-1], greedy=True)
        except Unserved as problem:
            raise no_base(problem) from problem

    def written(self, outputs: Outputs) -> Outputs:
        """The record with what the detectors measured."""
        losses: dict[Part, LossPair] = {
            part: (list(one.base), list(one.candidate)) for part, one in outputs.losses.items()
        }
        facts = measure_bundle(
            self.bundle, self.cell, base_dir=self.base, reference_dir=self.reference, losses=losses or None
        )
        return outputs.model_copy(update={"facts": facts.model_dump(mode="json")})


def no_base(problem: Unserved) -> EnvironmentProblem:
    """What is said where the machine is to blame, not the agent."""
    return EnvironmentProblem(
        f"posttrain: not even the base can be served here ({problem}); check GPU, memory and image."
    )


def is_greedy(ladder: Ladder) -> bool:
    """Whether the served decoding is greedy."""
    return ladder.server is not None and ladder.server.is_greedy()


def usage_of(bundle: Bundle) -> Usage:
    """What the job used, by the records of its bundle."""
    facts = cast(dict[str, JsonValue], bundle.manifest.model_extra or {})

    def number(name: str) -> float:
        value = facts.get(name)
        return float(value) if isinstance(value, (int, float)) else 0.0

    hours = number("seconds") / 3600
    return Usage(
        hours=round(hours, 6),
        gpu_hours=round(hours * number("num_gpus"), 6),
        idle_share=round(idle_share(bundle.meter), 6),
        queries=sum(line.get("verdict") == "answered" for line in bundle.queries),
        tokens=int(number("tokens")),
    )


def cell_of(bundle: Bundle, version: Version) -> Cell:
    """The cell that a bundle was made for."""
    target, _, base = bundle.manifest.cell.partition("__")
    return load_grid().cells(version, profile_of(target), [base], [target])[0]


@click.command(epilog="Example: posttrain_examine --bundle B --out o.json --base BASE --reference REFERENCE")
@click.option("--bundle", "folder", type=MODEL_PATH, required=True, help="Folder of a collected job.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSON to write.")
@click.option("--version", type=click.Choice(["1.0", "1.1", "1.2", "x"]), default="x", show_default=True)
@click.option("--seeds", required=True, help="Comma list of evaluation seeds.")
@click.option("--base", type=MODEL_PATH, required=True, help="Folder of the untouched base.")
@click.option("--reference", type=MODEL_PATH, required=True, help="Folder of the reference model.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--guard", is_flag=True, help="Refuse every socket.")
def main(
    folder: Path,
    out: Path,
    version: Version,
    seeds: str,
    base: Path,
    reference: Path,
    device: Device,
    guard: bool,
) -> None:
    """Examine one bundle."""
    if guard:
        guard_sockets()
    bundle = Bundle.open(folder)
    chosen = [int(seed) for seed in members(seeds)]
    found = Examination(bundle, cell_of(bundle, version), chosen, base, reference, device).outputs()
    write_atomically(out, found.model_dump_json().encode())
    click.echo(f"wrote {out}")


if __name__ == "__main__":
    main()
