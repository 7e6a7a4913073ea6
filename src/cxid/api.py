"""What the command line does, one call each: build, open what is published, list the runs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cxid import __version__, pipeline
from cxid.config.decisions import Decisions, read_decisions
from cxid.config.model import Config
from cxid.contracts import PUBLISHED, QUARANTINE, VIEWS
from cxid.engine.base import Engine, quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import GateError, InputError, ResourceError, UsageError
from cxid.files.paths import input_folders
from cxid.runs import disk, lock, machine, publish
from cxid.runs.clean import Removable, removable, remove_all
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home, run_number
from cxid.runs.inputs import Inputs, code_digest, config_digest, digest_files
from cxid.runs.journal import Journal, StageReporter
from cxid.runs.observer import Observer, Unobserved
from cxid.runs.results import GateResult, RunResults, StageResult, load_results
from cxid.runs.rollback import Rollback, roll_back
from cxid.runs.signals import StopRequest, stoppable
from cxid.sql import load

Outcome = Literal["published", "unchanged"]
_LOOK_MEMORY = "1GiB"  # for looking at what is published, beside other work


@dataclass(frozen=True)
class Warned:
    """Something that the user should know and that did not stop the build."""

    stage: str
    code: str
    message: str


@dataclass(frozen=True)
class BuildResult:
    """What a build did. `counts` are of the published run, `previous_counts` of the one before it, {} when none.

    Counts: records, events, customers, known_customers, joined_customers (two or more records), needs_review,
    quarantined, scored_pairs. `identity` says what became of customers since the run before, {} in a first build:
    created, split (off others), merged (into others), retired.
    """

    run_id: str
    status: Outcome
    run_dir: Path
    output_dir: Path
    stages: tuple[StageResult, ...]
    counts: Mapping[str, int]
    previous_counts: Mapping[str, int]
    warnings: tuple[Warned, ...]
    gates: tuple[GateResult, ...]
    seconds: float
    identity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """The published run: name -> Parquet file of each published table and of each other table of the run."""

    run_id: str
    run_dir: Path
    output_dir: Path
    tables: Mapping[str, Path]
    stage_tables: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class RunInfo:
    """One run of the past or of now.

    Status: published, running, killed, gate_failed, failed, interrupted or terminated.
    """

    run_id: str
    status: str
    is_current: bool
    started_at: str
    seconds: float
    run_dir: Path
    counts: Mapping[str, int]
    error: str


@dataclass(frozen=True)
class _Job:
    """One call of `build`, its defaults filled in."""

    config: Config
    home: Home
    link: publish.OutputLink
    observer: Observer
    memory_limit: int | None  # bytes, of the whole process
    threads: int
    stop: StopRequest
    force: bool
    decisions: Decisions


def build(
    config: Config,
    *,
    as_of: str | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    force: bool = False,
    observer: Observer | None = None,
) -> BuildResult:
    """Run the whole pipeline and publish its tables; status `unchanged` when the inputs are those of the published run.

    `as_of` stands for profile.as_of, `memory_limit` (4GB, of the process) for what the input needs and at most 60 % of
    the memory, `threads` for every processor; `force` builds also when nothing changed. Raises what `cxid.errors`
    names; the published run then stays as it was.
    """
    config = _at(config, as_of)
    decisions = read_decisions(config)
    home = Home(config.root.resolve())
    link = publish.OutputLink(home.root / config.outputs.dir, home)
    limit, processors = machine.memory_limit(memory_limit), machine.threads(threads)
    with disk.translated(home.root), disk.private_umask(), stoppable() as stop:
        home.make()
        with lock.held(home.lock):
            home.sign()
            job = _Job(config, home, link, observer or Unobserved(), limit, processors, stop, force, decisions)
            return _build_or_not(job)


def _at(config: Config, as_of: str | None) -> Config:
    """The config with another moment. Raises UsageError when it is neither a date nor a time."""
    if as_of is None:
        return config
    try:
        datetime.fromisoformat(as_of)
    except ValueError as error:
        hint = "write it as 2026-11-01 or 2026-11-01T12:30:00+01:00"
        raise UsageError(f"as_of {as_of!r} is neither a date nor a time", hint=hint) from error
    return config.model_copy(update={"profile": config.profile.model_copy(update={"as_of": as_of})})


def _build_or_not(job: _Job) -> BuildResult:
    job.link.check()
    publish.repair(job.home)
    inputs = _inputs(job)
    earlier = job.home.published_dir()
    if earlier is not None:
        job.link.make()
        if not job.force and (unchanged := _unchanged(job, RunFolder(earlier), inputs)):
            return unchanged
    previous = job.home.published_id()
    folder = RunFolder(job.home.run_dir(inputs.run_id(publish.next_number(job.home), previous)))
    if job.force:
        disk.remove(folder.path)
    publish.clear_old(job.home, keep=folder.run_id)
    return _build(job, folder, inputs)


def _inputs(job: _Job) -> Inputs:
    config = job.config
    return Inputs(
        config_sha256=config_digest(config.model_dump(mode="json", by_alias=True)),
        files=digest_files(config.root, {name: source.path for name, source in config.sources.items()}),
        as_of=config.profile.as_of,
        versions={"cxid": __version__, "code": code_digest(), "engine": f"duckdb {DuckDBEngine.version()}"},
        decisions_sha256=job.decisions.digest,
    )


def _unchanged(job: _Job, folder: RunFolder, inputs: Inputs) -> BuildResult | None:
    """The published run as the answer, when the same inputs made it and its outputs are whole."""
    manifest, results = disk.read_json(folder.manifest), load_results(folder.results, folder.run_id)
    if manifest is None or results is None or manifest.get("fingerprint") != inputs.fingerprint():
        return None
    if any(not f.sha256 for f in inputs.files) or not publish.is_whole(folder, results):
        return None
    return _result(job, folder, results, "unchanged")


def _build(job: _Job, folder: RunFolder, inputs: Inputs) -> BuildResult:
    begun = time.perf_counter()
    folder.begin()
    with ExitStack() as stack:
        stack.callback(_tidy, folder)
        memory = machine.engine_memory(job.memory_limit, ((f.file, f.bytes) for f in inputs.files))
        engine = stack.enter_context(closing(_engine(job, folder, memory)))
        running = _begin(job, folder, inputs, engine)
        running.journal.write("run_started", run_id=folder.run_id, threads=job.threads, memory_limit=memory.limit)
        stack.callback(running.journal.close)
        try:
            pipeline.run(running)
            _write_outputs(job, running)
            _publish(job, running, begun)
        except BaseException as error:
            if job.home.published_id() != folder.run_id:
                _account(running, job.stop.meant(error), begun)
            raise
    publish.clear_old(job.home, keep=folder.run_id)
    done = _result(job, folder, running.results, "published")
    late = _late_moment(folder) if job.config.profile.as_of is None else None
    return replace(done, warnings=(*done.warnings, late)) if late else done


def _late_moment(folder: RunFolder) -> Warned | None:
    """A warning when the latest event lies after tomorrow, as profiles speak of it. Only words rest on the clock."""
    with closing(DuckDBEngine(memory_limit=_LOOK_MEMORY, allowed=[folder.tables])) as engine:
        engine.view("published_profile", folder.table("profile"))
        moment = engine.scalar("SELECT max(as_of) FROM published_profile")
    if moment is None or moment <= datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        return None
    return Warned(
        "profile", "future_moment",
        "the latest event lies in the future, and profiles speak of its moment: mend it, or set profile.as_of",
    )  # fmt: skip


def _begin(job: _Job, folder: RunFolder, inputs: Inputs, engine: DuckDBEngine) -> pipeline.Running:
    """Say what goes in, and that the run has begun."""
    published = job.home.published_dir()
    manifest = {
        **inputs.as_json(),
        "run_id": folder.run_id,
        "fingerprint": inputs.fingerprint(),
        "previous": job.home.published_id(),
    }
    disk.write_json(folder.manifest, manifest, fault="manifest")
    results = RunResults(folder.results, folder.run_id)
    results.save()
    journal = Journal(folder.log)
    earlier = RunFolder(published).tables if published else None
    return pipeline.Running(job.config, engine, folder, results, journal, job.observer, inputs, earlier, job.decisions)


def _tidy(folder: RunFolder) -> None:
    """What stays behind here goes with the next build."""
    with suppress(OSError):
        folder.end()


def _engine(job: _Job, folder: RunFolder, memory: machine.EngineMemory) -> DuckDBEngine:
    """An engine that reaches the project's own folder and the folders of its input files, and nothing else."""
    patterns = [p for source in job.config.sources.values() for p in source.path]
    allowed = {job.home.folder, *input_folders(job.config.root, patterns)}
    engine = DuckDBEngine(
        temp_dir=folder.work / "spill",
        memory_limit=memory.limit,
        threads=job.threads,
        allowed=sorted(allowed),
    )
    if memory.ceiling:
        engine.may_grow_to(memory.ceiling)
    job.stop.watch(engine)
    return engine


def _write_outputs(job: _Job, running: pipeline.Running) -> None:
    """Figures and files of the run, as the last step that a person waiting sees."""
    begun, results, formats = time.perf_counter(), running.results, job.config.outputs.formats
    running.stage = "publish"
    running.observer.stage_started(running.stage, pipeline.STEPS, pipeline.STEPS)
    told = StageReporter(running.stage, running.journal, running.observer).progress
    results.counts = _counts(running.engine, running.folder, results)
    results.outputs = publish.write_outputs(running.folder, running.engine, formats, told)
    seconds = round(time.perf_counter() - begun, 3)
    running.journal.write("outputs_written", seconds=seconds)
    running.observer.stage_finished(running.stage, seconds, {}, resumed=False)


def _publish(job: _Job, running: pipeline.Running, begun: float) -> None:
    """The account is complete before the swap: a kill after it leaves only the word `published` unwritten."""
    results = running.results
    results.seconds = round(time.perf_counter() - begun, 3)
    results.save()
    job.stop.seal()
    publish.point_at(job.home, running.folder)
    results.status = "published"
    results.save()
    job.link.make()
    running.journal.write("published", run_id=results.run_id, seconds=results.seconds)


def _account(running: pipeline.Running, error: BaseException, begun: float) -> None:
    """Write why the run failed, and its quarantine. What cannot be written on a full disk is left out."""
    results, folder = running.results, running.folder
    with suppress(OSError, ResourceError):
        if isinstance(error, GateError | InputError) and QUARANTINE.name in running.engine.tables():
            folder.keep(running.engine, [QUARANTINE.name])
    results.fail(error, running.stage)
    results.seconds = round(time.perf_counter() - begun, 3)
    with suppress(OSError):
        results.save()
    with suppress(OSError):
        running.journal.write("run_failed", status=results.status, stage=running.stage, error=type(error).__name__)


def _counts(engine: Engine, folder: RunFolder, results: RunResults) -> dict[str, int]:
    rows = {name: n for stage in results.stages for name, n in stage.rows.items()}
    named = {
        "records": "record", "events": "event", "customers": "golden_customer", "joined_customers": "match_group",
        "quarantined": "quarantine", "scored_pairs": "link_pair",
    }  # fmt: skip
    counts = {count: rows.get(table, 0) for count, table in named.items()}
    engine.view("published_customer", folder.table("golden_customer"))
    for count, column in (("known_customers", "is_known"), ("needs_review", "needs_review")):
        counts[count] = int(engine.scalar(f"SELECT count(*) FROM published_customer WHERE {quote(column)}"))
    return counts


def _result(job: _Job, folder: RunFolder, results: RunResults, status: Outcome) -> BuildResult:
    manifest = disk.read_json(folder.manifest) or {}
    before = manifest.get("previous")
    earlier = load_results(RunFolder(job.home.run_dir(before)).results, before) if before else None
    return BuildResult(
        run_id=folder.run_id,
        status=status,
        run_dir=folder.path,
        output_dir=job.link.path,
        stages=tuple(results.stages),
        counts=results.counts,
        previous_counts=earlier.counts if earlier else {},
        warnings=tuple(Warned(s.name, code, message) for s in results.stages for code, message in s.warnings),
        gates=tuple(results.gates),
        seconds=results.seconds,
        identity=_identity(results),
    )


def _identity(results: RunResults) -> dict[str, int]:
    facts = [f for stage in results.stages for f in stage.facts if f["event"] == "stitch.identity"]
    return {name: int(number) for f in facts for name, number in f.items() if name != "event"}


def open_published(config: Config) -> Published:
    """The published run of the project. Raises UsageError when there is none yet, StateVersionError as `build` does."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        current = home.published_dir()
        if current is None:
            raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first")
        folder = RunFolder(current)
        found = {path.stem: path for path in sorted(folder.tables.glob("*.parquet"))}
    names = {t.name for t in PUBLISHED}
    return Published(
        run_id=folder.run_id,
        run_dir=folder.path,
        output_dir=home.root / config.outputs.dir,
        tables={name: path for name, path in found.items() if name in names},
        stage_tables={name: path for name, path in found.items() if name not in names},
    )


def published_engine(published: Published) -> Engine:
    """An engine with a view for each table of the published run; it reaches no other file. Close it after use."""
    engine = DuckDBEngine(memory_limit=_LOOK_MEMORY, allowed=[published.run_dir / "tables"])
    known = {**published.stage_tables, **published.tables}
    for name, path in known.items():
        engine.view(name, path)
    for view in VIEWS:
        if known.keys() >= set(view.reads):
            engine.define(view.name, load("published", view.name))
    return engine


def list_runs(config: Config) -> list[RunInfo]:
    """The runs that the project still knows, oldest first."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        current, busy = home.published_id(), lock.is_held(home.lock)
        found = [_run_info(RunFolder(path), current, busy) for path in home.run_dirs()]
    return sorted(found, key=lambda run: (run_number(run.run_id), run.is_current, run.started_at))


def _run_info(folder: RunFolder, current: str | None, busy: bool) -> RunInfo:
    results = load_results(folder.results, folder.run_id)
    is_current = folder.run_id == current
    status = results.status if results else "running"
    if is_current:
        status = "published"
    elif status == "running" and not busy:
        status = "killed"
    return RunInfo(
        run_id=folder.run_id,
        status=status,
        is_current=is_current,
        started_at=results.started_at if results else "",
        seconds=results.seconds if results else 0.0,
        run_dir=folder.path,
        counts=results.counts if results else {},
        error=results.reason if results else "",
    )


def rollback(config: Config, run: str | None = None) -> Rollback:
    """Publish an earlier run again, ids and outputs: the run named, or the last one before the published one.

    The next build goes on from it. Raises UsageError when there is no such run, InputError when its files are not
    those that it wrote, LockError while a build is at work; what was published then stays.
    """
    home = Home(config.root.resolve())
    link = publish.OutputLink(home.root / config.outputs.dir, home)
    told = stoppable("run `cxid runs` to see which run is published", "the published run is as it was")
    with disk.translated(home.root), disk.private_umask(), told as stop:
        home.check_version()
        _require_build(home)
        with lock.held(home.lock):
            link.check()
            publish.repair(home)
            return roll_back(home, link, run, stop.seal)


def _require_build(home: Home) -> None:
    if home.published_id() is None:
        raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first")


def list_removable(config: Config, keep: int = publish.KEEP_RUNS) -> list[Removable]:
    """What `clean` would remove when `keep` published runs stay; never the published one. LockError during a build."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        if not home.folder.is_dir():
            return []
        with lock.held(home.lock):
            return removable(home, keep)


def clean(config: Config, things: Sequence[Removable], keep: int = publish.KEEP_RUNS) -> list[Removable]:
    """Remove those of `things` that may still go; what was removed comes back. Raises LockError during a build."""
    home = Home(config.root.resolve())
    with disk.translated(home.root), disk.private_umask():
        home.check_version()
        with lock.held(home.lock):
            wanted = {(thing.path, thing.kind) for thing in things}
            going = [thing for thing in removable(home, keep) if (thing.path, thing.kind) in wanted]
            remove_all(going)
            return going
