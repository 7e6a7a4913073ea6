"""One build or plan of a project: its inputs, its run, the engine; publishing, or the account of a failure."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxid import __version__, gates, pipeline
from cxid.built import BuildResult, Outcome, Warned
from cxid.config.basis import config_keys
from cxid.config.decisions import Decisions, read_decisions
from cxid.config.model import Config
from cxid.contracts import QUARANTINE
from cxid.engine.base import Engine, quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, GateError, InputError, ResourceError, UsageError
from cxid.files.paths import input_folders
from cxid.runs import disk, lock, machine, publish
from cxid.runs.folder import RunFolder
from cxid.runs.forecast import run_start
from cxid.runs.home import RUN_ID, Home
from cxid.runs.inputs import Inputs, code_digest, config_digest, digest_files
from cxid.runs.journal import Journal, StageReporter
from cxid.runs.observer import Observer, Unobserved
from cxid.runs.results import RunResults, load_results
from cxid.runs.signals import StopRequest, stoppable

LOOK_MEMORY = "1GiB"  # for looking at what is published, beside other work


class Means(TypedDict, total=False):
    """What a build or plan is given beside the config.

    `as_of` stands for profile.as_of, `memory_limit` (4GB, of the process) for what the input needs and at most 60 % of
    the memory, `threads` for every processor. `accept` names limits, or the run itself, that may be passed this once.
    `refit` has the linkage model learned anew, also when nothing changed. `full_refresh` has every row computed, none
    taken over from the run before, with the same result: also when nothing changed, and anew where a build stopped.
    """

    as_of: str | None
    memory_limit: str | None
    threads: int | None
    observer: Observer | None
    accept: Sequence[str]
    refit: bool
    full_refresh: bool


@dataclass(frozen=True)
class Job:
    """One call of `build` or `plan`, its defaults filled in."""

    config: Config
    home: Home
    link: publish.OutputLink
    observer: Observer
    memory_limit: int | None  # bytes, of the whole process
    threads: int
    stop: StopRequest
    force: bool
    decisions: Decisions
    accept: tuple[str, ...] = ()
    refit: bool = False
    full: bool = False


@contextmanager
def started(config: Config, *, force: bool, hint: str = "", **means: Unpack[Means]) -> Iterator[Job]:
    """A job that holds the project's lock, and that signals stop; `hint` says what to do after that."""
    config = _at(config, means.get("as_of"))
    accept, refit = tuple(means.get("accept") or ()), bool(means.get("refit"))
    _check_accept(accept)
    pipeline.check(config)
    decisions = read_decisions(config)
    home = Home(config.root.resolve())
    link = publish.OutputLink(home.root / config.outputs.dir, home)
    limit = machine.memory_limit(means.get("memory_limit"))
    processors = machine.threads(means.get("threads"))
    observer = means.get("observer") or Unobserved()
    told = stoppable(hint) if hint else stoppable()
    with disk.translated(home.root), disk.private_umask(), told as stop:
        home.make()
        with lock.held(home.lock):
            home.sign()
            link.check()
            publish.repair(home)
            full = bool(means.get("full_refresh"))
            yield Job(config, home, link, observer, limit, processors, stop, force, decisions, accept, refit, full)


def _check_accept(accept: Sequence[str]) -> None:
    """Raises UsageError for what is neither a limit nor a run."""
    for word in accept:
        if word not in gates.LIMITS and not RUN_ID.fullmatch(word):
            near = difflib.get_close_matches(word, gates.LIMITS, 1)
            hint = f"did you mean {near[0]}?" if near else f"limits: {', '.join(gates.LIMITS)}; or the id of a run"
            raise UsageError(f"--accept {word}: neither a limit of `checks` nor a run", hint=hint)


def _accepted(job: Job, run_id: str) -> frozenset[str]:
    """The limits that this run may pass. Raises UsageError when another run was accepted than the inputs make."""
    names = {word for word in job.accept if word in gates.LIMITS}
    for word in set(job.accept) - names:
        if word != run_id:
            raise UsageError(
                f"--accept {word}: the inputs, the program or the published run are no longer those of that run; "
                f"a build would now make {run_id}",
                hint="`cxid plan` shows what it would change",
                code=ErrorCode.PLAN_OUTDATED,
            )
        names |= set(gates.LIMITS)
    return frozenset(names)


def build(job: Job) -> BuildResult:
    """Run and publish, or say that nothing changed."""
    inputs = find_inputs(job)
    if job.home.published_dir() is not None:
        job.link.make()
    if unchanged := find_unchanged(job, inputs):
        return unchanged
    folder = choose_folder(job, inputs)
    publish.clear_old(job.home, keep=folder.run_id)
    return _build(job, folder, inputs)


def find_unchanged(job: Job, inputs: Inputs) -> BuildResult | None:
    """The published run as the answer, when the same inputs made it and nobody forces another."""
    earlier = job.home.published_dir()
    if earlier is None or job.force or job.refit or job.full:
        return None
    return _unchanged(job, RunFolder(earlier), inputs)


def choose_folder(job: Job, inputs: Inputs) -> RunFolder:
    """The folder of the run that these inputs make, with what an interrupted build or a plan of them had finished."""
    run_id = inputs.run_id(publish.next_number(job.home), job.home.published_id(), refit=job.refit)
    _accepted(job, run_id)
    folder = RunFolder(job.home.run_dir(run_id))
    if job.force or job.full:
        disk.remove(folder.path)
    return folder


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


def _without_limits(config: Config) -> dict[str, Any]:
    """The config as JSON without what says only whether a run may be published."""
    content = config.model_dump(mode="json", by_alias=True)
    del content["checks"]
    for source in content["sources"].values():
        del source["quarantine_max"]
    return content


def find_inputs(job: Job) -> Inputs:
    """Everything that decides what the run holds. Limits are no part of it: another limit is not another run."""
    config = job.config
    job.observer.step_started("", "looking for what changed in the files")
    told = partial(job.observer.stage_progress, "")
    return Inputs(
        config_sha256=config_digest(_without_limits(config)),
        files=digest_files(config.root, {n: s.path for n, s in config.sources.items()}, told),
        as_of=config.profile.as_of,
        versions={"cxid": __version__, "code": code_digest(), "engine": f"duckdb {DuckDBEngine.version()}"},
        decisions_sha256=job.decisions.digest,
    )


def _unchanged(job: Job, folder: RunFolder, inputs: Inputs) -> BuildResult | None:
    """The published run as the answer, when the same inputs made it and its outputs are whole."""
    manifest, results = disk.read_json(folder.manifest), load_results(folder.results, folder.run_id)
    if manifest is None or results is None or manifest.get("fingerprint") != inputs.fingerprint():
        return None
    if any(not f.sha256 for f in inputs.files) or not publish.is_whole(folder, results):
        return None
    return result_of(job, folder, results, "unchanged")


def _build(job: Job, folder: RunFolder, inputs: Inputs) -> BuildResult:
    with at_work(job, folder, inputs) as running:
        pipeline.run(running)
        count(running)
        gates.hold(judge(job, running), folder.run_id)
        _write_outputs(job, running)
        _publish(job, running)
    publish.clear_old(job.home, keep=folder.run_id)
    done = result_of(job, folder, running.results, "published")
    late = _late_moment(folder) if job.config.profile.as_of is None else None
    return replace(done, warnings=(*done.warnings, late)) if late else done


@contextmanager
def at_work(job: Job, folder: RunFolder, inputs: Inputs) -> Iterator[pipeline.Running]:
    """A run that is begun, its engine open; a failure inside is written into its account and comes out."""
    begun = time.perf_counter()
    folder.begin()
    with ExitStack() as stack:
        stack.callback(_tidy, folder)
        memory = machine.engine_memory(job.memory_limit, ((f.file, f.bytes) for f in inputs.files))
        job.observer.step_started("", "opening the database")
        engine = stack.enter_context(closing(_engine(job, folder, memory)))
        running = replace(_begin(job, folder, inputs, engine), begun=begun)
        job.observer.run_started(run_start(job.home, folder, inputs, spill=_spill(folder)))
        running.journal.write("run_started", run_id=folder.run_id, threads=job.threads, memory_limit=memory.limit)
        stack.callback(running.journal.close)
        try:
            yield running
        except BaseException as error:
            if job.home.published_id() != folder.run_id:
                _account(running, job.stop.meant(error))
            raise


def judge(job: Job, running: pipeline.Running, *, every: bool = False) -> list[gates.Verdict]:
    """What the limits say of a run whose stages are finished, written into its results; all limits with `every`."""
    running.stage = "gates"
    tables = running.folder.tables
    ground = gates.Ground(running.engine, running.folder.run_id, tables, running.earlier)
    found = [gates.accept(v, running.accepted) for v in gates.judge(ground, job.config.checks, every=every)]
    for verdict in found:
        if verdict.gate.limit:
            running.results.gates.append(verdict.gate)
            running.journal.write("gate", **asdict(verdict.gate))
    return found


def _late_moment(folder: RunFolder) -> Warned | None:
    """A warning when the latest event lies after tomorrow, as profiles speak of it. Only words rest on the clock."""
    with closing(DuckDBEngine(memory_limit=LOOK_MEMORY, allowed=[folder.tables])) as engine:
        engine.view("published_profile", folder.table("profile"))
        moment = engine.scalar("SELECT max(as_of) FROM published_profile")
    if moment is None or moment <= datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        return None
    return Warned(
        "profile", "future_moment",
        "the latest event lies in the future, and profiles speak of its moment: mend it, or set profile.as_of",
    )  # fmt: skip


def _begin(job: Job, folder: RunFolder, inputs: Inputs, engine: DuckDBEngine) -> pipeline.Running:
    """Say what goes in, and that the run has begun."""
    published = job.home.published_dir()
    manifest = {
        **inputs.as_json(),
        "run_id": folder.run_id,
        "fingerprint": inputs.fingerprint(),
        "previous": job.home.published_id(),
        "anew": published is None or job.refit or job.full,
        "config_keys": config_keys(_without_limits(job.config)),
        "bases": pipeline.bases(job.config),
    }
    disk.write_json(folder.manifest, manifest, fault="manifest")
    results = RunResults(folder.results, folder.run_id)
    results.save()
    journal = Journal(folder.log)
    earlier = RunFolder(published).tables if published else None
    accepted = _accepted(job, folder.run_id)
    return pipeline.Running(
        job.config, engine, folder, results, journal, job.observer, inputs, earlier, job.decisions, accepted,
        refit=job.refit, full=job.full,
    )  # fmt: skip


def _spill(folder: RunFolder) -> Path:
    """Where the engine puts what memory does not hold."""
    return folder.work / "spill"


def _tidy(folder: RunFolder) -> None:
    """What stays behind here goes with the next build."""
    with suppress(OSError):
        folder.end()


def _engine(job: Job, folder: RunFolder, memory: machine.EngineMemory) -> DuckDBEngine:
    """An engine that reaches the project's own folder and the folders of its input files, and nothing else."""
    patterns = [p for source in job.config.sources.values() for p in source.path]
    allowed = {job.home.folder, *input_folders(job.config.root, patterns)}
    engine = DuckDBEngine(
        temp_dir=_spill(folder),
        memory_limit=memory.limit,
        threads=job.threads,
        allowed=sorted(allowed),
    )
    if memory.ceiling:
        engine.may_grow_to(memory.ceiling)
    job.stop.watch(engine)
    return engine


def _write_outputs(job: Job, running: pipeline.Running) -> None:
    """Figures and files of the run, as the last step that a person waiting sees."""
    begun, results, formats = time.perf_counter(), running.results, job.config.outputs.formats
    running.stage = "publish"
    machine.reset_peak()
    running.observer.stage_started(running.stage, pipeline.STEPS, pipeline.STEPS)
    reporter = StageReporter(running.stage, running.journal, running.observer)
    reporter.step("writing outputs")
    results.outputs = publish.write_outputs(running.folder, running.engine, formats, reporter.progress)
    seconds = round(time.perf_counter() - begun, 3)
    running.journal.write("outputs_written", seconds=seconds)
    running.observer.stage_finished(running.stage, seconds, {}, resumed=False, peak_mb=machine.peak_mb())


def _publish(job: Job, running: pipeline.Running) -> None:
    """The account is complete before the swap: a kill after it leaves only the word `published` unwritten."""
    results = running.results
    results.seconds = round(time.perf_counter() - running.begun, 3)
    results.save()
    job.stop.seal()
    publish.point_at(job.home, running.folder)
    results.status = "published"
    results.save()
    job.link.make()
    running.journal.write("published", run_id=results.run_id, seconds=results.seconds)


def _account(running: pipeline.Running, error: BaseException) -> None:
    """Write why the run failed, and its quarantine. What cannot be written on a full disk is left out."""
    results, folder = running.results, running.folder
    with suppress(OSError, ResourceError):
        if isinstance(error, GateError | InputError) and QUARANTINE.name in running.engine.tables():
            folder.keep(running.engine, [QUARANTINE.name])
    results.fail(error, running.stage)
    results.seconds = round(time.perf_counter() - running.begun, 3)
    with suppress(OSError):
        results.save()
    with suppress(OSError):
        running.journal.write(
            "run_failed",
            status=results.status,
            stage=running.stage,
            code=(results.error or {}).get("code", ""),
            error=type(error).__name__,
        )


def count(running: pipeline.Running) -> None:
    """Write the counts of a run whose stages are finished into its results."""
    running.results.counts = _counts(running.engine, running.folder, running.results)


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


def result_of(job: Job, folder: RunFolder, results: RunResults, status: Outcome) -> BuildResult:
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
        model=_model(results),
        taken_over=_taken_over(results),
    )


def _identity(results: RunResults) -> dict[str, int]:
    facts = [f for stage in results.stages for f in stage.facts if f["event"] == "stitch.identity"]
    return {name: int(number) for f in facts for name, number in f.items() if name != "event"}


def _model(results: RunResults) -> str:
    facts = [f for stage in results.stages for f in stage.facts if f["event"] == "link.model"]
    return str(facts[-1]["words"]) if facts else ""


def _taken_over(results: RunResults) -> dict[str, int]:
    found: dict[str, int] = {}
    for fact in (f for stage in results.stages for f in stage.facts):
        what = {"source_taken_over": "files", "golden_taken_over": "customers"}.get(str(fact["event"]))
        if what and fact[what]:
            found[what] = found.get(what, 0) + int(fact[what])
    return found
