"""The order of the stages, what each is given, and the checks between them.

sources -> normalise -> link -> stitch -> golden -> household -> profile -> report
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from cxid import gates
from cxid.config.basis import identity_basis, learning_basis, normalising_basis
from cxid.config.decisions import UNDECIDED, Decisions
from cxid.config.fields import golden_fields, norm_fields, people_sources, record_fields
from cxid.config.model import Config
from cxid.config.moment import read_moment
from cxid.contracts import TABLES
from cxid.engine.base import Engine
from cxid.errors import ContractError, ErrorCode, GateError, InputError
from cxid.reuse import UNCHANGED, Reuse, digest, program
from cxid.runs import contract, machine
from cxid.runs.folder import RunFolder
from cxid.runs.inputs import Inputs, code_digest
from cxid.runs.journal import Figure, Journal, StageReporter
from cxid.runs.observer import Observer
from cxid.runs.results import GateResult, RunResults, StageResult, TableFile
from cxid.runs.usual import WRITING
from cxid.stages.context import StageContext


class StageModule(Protocol):
    """What the package of a stage offers; EARLIER and REUSES only where a stage reads the run before.

    EARLIER: table here -> (table of the published run, its columns that are needed; () for all). What a stage makes of
    it is part of its result. REUSES: name here -> table of the published run, only to take over rows that would be
    computed the same again; `ctx.reused` says what is there.
    """

    READS: tuple[str, ...]
    WRITES: tuple[str, ...]
    run: Callable[..., None]


@dataclass(frozen=True)
class Stage:
    """One stage, and how to cut its part of the config."""

    name: str
    part: Callable[[Config], dict[str, Any]]
    module: str = ""
    decides: bool = False  # it is given what people decided
    learns: bool = False  # it is told whether its model is to be learned anew
    opens: bool = False  # it is told the digests of the input files
    rests: Callable[[Config], Any] | None = None  # what its rows rest on in the config, where that is not all its part

    def load(self) -> StageModule:
        """The stage's package, imported now and not before: some take seconds."""
        return cast(StageModule, import_module(self.module or f"cxid.stages.{self.name}"))


_LEARNING = ("stages/link/", "sql/link/", "stages/normalise/", "sql/normalise/", "config/fields.py", "weighing.py")

STAGES: tuple[Stage, ...] = (
    Stage(
        "sources",
        lambda c: {"sources": c.sources, "root": c.root, "checks": c.checks},
        decides=True,
        opens=True,
        rests=lambda c: record_fields(c.sources),  # and each source on its own part: see its table source_file
    ),
    Stage(
        "normalise",
        lambda c: {"sources": c.sources, "country": c.country, "match": c.match},
        rests=normalising_basis,
    ),
    Stage(
        "link",
        lambda c: {
            "fields": norm_fields(c.sources, c.match.ignore_fields),
            "match": c.match,
            "basis": learning_basis(c, code_digest(_LEARNING)),
        },
        learns=True,
        rests=lambda c: learning_basis(c, ""),  # of its rows only patterns are taken over, and no threshold moves those
    ),
    Stage(
        "stitch",
        lambda c: {
            "match": c.match,
            "fields": norm_fields(c.sources, c.match.ignore_fields),
            "basis": identity_basis(c),
            "as_of": read_moment(c.profile.as_of, c.profile.timezone) if c.profile.as_of else None,
        },
    ),
    Stage(
        "golden",
        lambda c: {
            "golden": c.golden,
            "fields": golden_fields(c.sources),
            "trust": {name: s.trust for name, s in people_sources(c.sources).items()},
        },
    ),
    Stage(
        "household",
        lambda c: {"household": c.household, "fields": norm_fields(c.sources, c.match.ignore_fields)},
    ),
    Stage(
        "profile",
        lambda c: {
            "profile": c.profile,
            "fields": golden_fields(c.sources),
            "kpis": c.kpis,
            "triggers": c.triggers,
        },
    ),
    Stage("report", lambda c: {}),
)


@dataclass
class Running:
    """One run of the pipeline: what it works on and where it tells what happens."""

    config: Config
    engine: Engine
    folder: RunFolder
    results: RunResults
    journal: Journal
    observer: Observer
    inputs: Inputs
    earlier: Path | None = None  # tables of the published run
    decisions: Decisions = UNDECIDED
    accepted: frozenset[str] = frozenset()  # limits that may be passed this once
    begun: float = 0.0  # of time.perf_counter
    stage: str = ""  # the one at work, for the account of a failure
    refit: bool = False  # the linkage model is learned anew, whatever the run before has
    full: bool = False  # nothing is taken over from the run before
    reuse: Reuse | None = None


_CHECKS = "cxid.triggering"  # loaded only where it has something to check: it brings the profile stage with it


def check(config: Config) -> None:
    """Raises ConfigError for what a stage would stumble over late: conditions of triggers, targets of KPIs."""
    if config.triggers or config.kpis.model_fields_set:
        import_module(_CHECKS).require_triggers(config)


STEPS = len(STAGES) + 1  # publishing is the last one


def bases(config: Config) -> dict[str, str]:
    """Stage -> digest of the program and of what the stage's rows rest on in the config."""
    return {s.name: digest([program(), (s.rests or s.part)(config)]) for s in STAGES}


def run(running: Running) -> None:
    """Bring every stage to its end, going on after those that an interrupted run of the same inputs had finished.

    Afterwards each table that a stage wrote lies in the run's folder. Raises GateError when a limit is passed,
    ContractError when a stage broke its word, and whatever a stage raises.
    """
    stages = STAGES
    modules = [stage.load() for stage in stages]
    earlier = None if running.full else running.earlier
    running.reuse = Reuse.between(running.engine, running.folder, earlier, bases(running.config))
    done = running.folder.finished([s.name for s in stages])
    for position, result in enumerate(done, 1):
        running.stage = result.name
        running.observer.stage_started(result.name, position, STEPS)
        running.journal.write("stage_resumed", stage=result.name)
        for code, message in result.warnings:
            running.observer.warned(result.name, code, message)
        result = replace(result, gates=_judge(running, result.facts))
        _note(running, result)
        gates.hold_back(running.results.gates, running.folder.run_id)
    _load_tables(running, done, _read_from(modules[len(done) :]))
    for index in range(len(done), len(stages)):
        running.observer.stage_started(stages[index].name, index + 1, STEPS)
        _run_stage(running, stages[index], modules[index])
        still_read = _read_from(modules[index + 1 :])
        running.engine.drop(*(name for name in running.engine.tables() if name not in still_read))


def _read_from(modules: Sequence[StageModule]) -> set[str]:
    unchanged = UNCHANGED if any(hasattr(module, "REUSES") for module in modules) else ()
    return {table for module in modules for table in module.READS} | set(unchanged)


def _load_tables(running: Running, done: Sequence[StageResult], wanted: set[str]) -> None:
    for result in done:
        for table in result.tables:
            if table in wanted:
                running.engine.read(table, running.folder.table(table))


def _run_stage(running: Running, stage: Stage, module: StageModule) -> None:
    running.stage = stage.name
    running.journal.write("stage_started", stage=stage.name)
    reporter = StageReporter(stage.name, running.journal, running.observer)
    _require(running.engine, module.READS, f"stage {stage.name} reads")
    _load_earlier(running, module)
    machine.reset_peak()
    begun = time.perf_counter()
    reused = running.reuse.open(stage.name, getattr(module, "REUSES", {})) if running.reuse else frozenset[str]()
    context = StageContext(running.engine, running.folder.work, running.folder.run_id, reporter, reused)
    asked = _asked(running, stage)
    lenient = gates.QUARANTINE in running.accepted
    config = gates.without_quarantine(running.config) if lenient else running.config
    try:
        module.run(context, **stage.part(config), **asked)
    except GateError:
        running.results.gates += _judge(running, reporter.facts)
        raise
    reporter.step(WRITING)
    _require(running.engine, module.WRITES, f"stage {stage.name} promised")
    for name in module.WRITES:
        if name in TABLES:
            contract.check(running.engine, TABLES[name], stage.name)
    if stage.name == "sources":
        _check_digests(running)
    result = StageResult(
        name=stage.name,
        tables=_keep(running, module, reporter),
        seconds=round(time.perf_counter() - begun, 3),
        peak_mb=machine.peak_mb(),
        warnings=tuple(reporter.warnings),
        facts=tuple(reporter.facts),
        gates=_judge(running, reporter.facts),
        steps=reporter.steps,
    )
    running.folder.finish_stage(result)
    _note(running, result)


def _keep(running: Running, module: StageModule, reporter: StageReporter) -> dict[str, TableFile]:
    """The stage's tables, written into the run's folder."""
    kept = running.folder.keep(running.engine, module.WRITES, reporter.progress)
    reporter.end_step()
    return kept


def _asked(running: Running, stage: Stage) -> dict[str, Any]:
    """What a stage is given beside its part of the config."""
    asked: dict[str, Any] = {"decisions": running.decisions} if stage.decides else {}
    asked |= {"refit": running.refit} if stage.learns else {}
    asked |= {"digests": {(f.source, f.file): f.sha256 for f in running.inputs.files}} if stage.opens else {}
    return asked


def _note(running: Running, result: StageResult) -> None:
    running.results.stages.append(result)
    running.results.gates += result.gates
    running.results.save()
    running.journal.write(
        "stage_finished", stage=result.name, seconds=result.seconds, peak_mb=result.peak_mb,
        rows=result.rows, resumed=result.resumed,
    )  # fmt: skip
    running.observer.stage_finished(
        result.name, result.seconds, result.rows, resumed=result.resumed, peak_mb=result.peak_mb
    )


def _require(engine: Engine, names: Iterable[str], what: str) -> None:
    missing = sorted(set(names) - engine.tables())
    if missing:
        raise ContractError(
            f"{what} {', '.join(missing)}, which does not exist", hint="this is a bug in cxid; nothing was published"
        )


def _load_earlier(running: Running, module: StageModule) -> None:
    for here, (there, columns) in getattr(module, "EARLIER", {}).items():
        path = running.earlier / f"{there}.parquet" if running.earlier else None
        if path is not None and path.is_file():
            running.engine.read(here, path, columns)


def _judge(running: Running, facts: Iterable[Mapping[str, Figure]]) -> tuple[GateResult, ...]:
    """What a stage tells of rows that it rejected, against the limit; other gates are judged when all is done."""
    return tuple(gates.accept(v, running.accepted).gate for v in gates.quarantine(running.config, facts))


def _check_digests(running: Running) -> None:
    """Raises InputError when the sources stage read other bytes than those that the run is named after."""
    read = running.engine.fetch("SELECT source, digest FROM source_file ORDER BY source, digest").to_pylist()
    expected = sorted((f.source, f.sha256) for f in running.inputs.files)
    if [(row["source"], row["digest"]) for row in read] != expected:
        differing = {source for source, _ in {(r["source"], r["digest"]) for r in read} ^ set(expected)}
        raise InputError(
            f"files of source {', '.join(sorted(differing))} changed while they were read",
            hint="run again when whatever writes them has finished",
            code=ErrorCode.FILE_CHANGED,
        )
