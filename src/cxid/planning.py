"""What a build would do and change: the same run up to publishing, then a look at it beside the published one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cxid import building, gates, pipeline
from cxid.building import Job
from cxid.built import Warned, counted, stage_documents
from cxid.contracts import PUBLISHED
from cxid.diff.ask import Ask
from cxid.diff.comparing import compare_runs
from cxid.diff.document import diff_document
from cxid.diff.model import RunDiff
from cxid.errors import UsageError
from cxid.notebook import Document, Table
from cxid.runs import disk, publish
from cxid.runs.folder import RunFolder
from cxid.runs.inputs import Inputs
from cxid.runs.results import RunResults, StageResult, in_words, load_results

AGAIN = "run `cxid plan` again, or `cxid build`: both go on after the last finished stage"
_STEP = "compare"  # stands where a build publishes
_GROUPS = 10  # largest customers that are listed
_DIGEST_BYTES = 1.2e9  # a second: what a build that goes on reads of inputs and finished tables
_PUBLISH_BYTES = 4.0e6  # a second, of Parquet: where no run tells


@dataclass(frozen=True)
class Rule:
    """A blocking rule: pairs it proposes (and did in the published run), its largest block, pairs above the cut."""

    rule: str
    pairs: int
    pairs_before: int | None
    largest_block: int
    matches: int


@dataclass(frozen=True)
class Group:
    """One of the largest customers; `records_before` is None where its id is new."""

    customer_id: str
    records: int
    records_before: int | None


@dataclass(frozen=True)
class Estimate:
    """What builds would take: `seconds` now, when the stages of the plan are gone on with; `full_seconds` anew.

    `peak_mb` is the most memory that a stage used, `output_bytes` what the published tables take as Parquet.
    """

    seconds: float
    full_seconds: float
    peak_mb: int
    output_bytes: int


@dataclass(frozen=True, repr=False)
class PlanResult(Document):
    """What a build would do. `previous` is the published run, None before the first; `run_dir` None where discarded.

    `changed_tables` are the published tables that would not be what they are; `verdicts` those of every gate, also
    where the config sets no limit; `difference` compares the two runs; `model` says whether the linkage model would be
    kept. An `unchanged` plan has no stages.
    """

    run_id: str
    status: Literal["planned", "unchanged"]
    previous: str | None
    run_dir: Path | None
    seconds: float
    stages: tuple[StageResult, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    previous_counts: Mapping[str, int] = field(default_factory=dict)
    identity: Mapping[str, int] = field(default_factory=dict)
    candidates: int = 0
    rules: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()
    verdicts: tuple[gates.Verdict, ...] = ()
    warnings: tuple[Warned, ...] = ()
    model: str = ""
    changed_tables: tuple[str, ...] = ()
    difference: RunDiff | None = None
    estimate: Estimate | None = None

    @property
    def would_publish(self) -> bool:
        """No gate would stop the build."""
        return all(v.gate.passed or v.gate.accepted for v in self.verdicts)

    @property
    def is_change(self) -> bool:
        """A build would publish other tables than are published."""
        return bool(self.changed_tables)

    @property
    def headline(self) -> str:
        if self.status == "unchanged":
            return f"nothing changed since {self.run_id}: a build would do nothing"
        if not self.would_publish:
            return f"{self.run_id}: a limit would stop the build"
        what = (
            f"change {len(self.changed_tables)} published tables" if self.is_change else "publish the same tables again"
        )
        return f"{self.run_id}: a build would {what}"

    def to_dict(self) -> dict[str, Any]:
        """All of a plan as plain values; docs/reference/plan.md describes it."""
        estimate = self.estimate
        return {
            "run_id": self.run_id,
            "status": self.status,
            "previous": self.previous,
            "run_dir": str(self.run_dir) if self.run_dir else None,
            "is_change": self.is_change,
            "would_publish": self.would_publish,
            "changed_tables": list(self.changed_tables),
            "counts": dict(self.counts),
            "previous_counts": dict(self.previous_counts),
            "gates": [_gate(verdict) for verdict in self.verdicts],
            "model": self.model,
            "candidates": self.candidates,
            "blocking_rules": [
                {"rule": r.rule, "pairs": r.pairs, "pairs_before": r.pairs_before, "largest_block": r.largest_block,
                 "matches": r.matches}
                for r in self.rules
            ],
            "largest_groups": [
                {"customer_id": g.customer_id, "records": g.records, "records_before": g.records_before}
                for g in self.groups
            ],
            "stages": stage_documents(self.stages),
            "seconds": self.seconds,
            "estimate": None if estimate is None else {
                "seconds": estimate.seconds, "full_seconds": estimate.full_seconds, "peak_mb": estimate.peak_mb,
                "output_bytes": estimate.output_bytes,
            },
            "warnings": [{"stage": w.stage, "code": w.code, "message": w.message} for w in self.warnings],
            "diff": diff_document(self.difference) if self.difference else None,
        }  # fmt: skip

    def tables(self) -> Iterator[Table]:
        yield counted(self.counts, self.previous_counts)
        yield Table("Customers since the published run", ("change", "customers"), self.identity.items())
        found = (v.gate for v in self.verdicts)
        limits = ((g.name, in_words(g.name, g.value), in_words(g.name, g.limit), g.passed) for g in found)
        yield Table("Limits", ("check", "measured", "limit", "passed"), limits)
        rules = ((r.rule, r.pairs, r.pairs_before, r.matches) for r in self.rules)
        yield Table("Blocking rules", ("rule", "pairs", "before", "above the cut"), rules)


def _gate(verdict: gates.Verdict) -> dict[str, Any]:
    gate = verdict.gate
    return {
        "name": gate.name, "limit": gate.limit or None, "value": gate.value, "passed": gate.passed,
        "said": verdict.said, "causes": verdict.causes,
        "behind": [{"name": o.name, "said": o.said} for o in verdict.offenders],
    }  # fmt: skip


def plan(job: Job, *, discard: bool) -> PlanResult:
    """Run every stage of a build into a folder that is not published, and tell what would change.

    The folder stays for the build that follows, unless it is to be discarded.
    """
    begun = time.perf_counter()
    inputs = building.find_inputs(job)
    if unchanged := building.find_unchanged(job, inputs):
        seconds = round(time.perf_counter() - begun, 3)
        return PlanResult(unchanged.run_id, "unchanged", unchanged.run_id, unchanged.run_dir, seconds)
    folder = building.choose_folder(job, inputs)
    publish.clear_unpublished(job.home, keep=folder.run_id)
    try:
        return _plan(job, folder, inputs, discard)
    finally:
        if discard:
            with suppress(OSError):
                disk.discard(folder.path)


def _plan(job: Job, folder: RunFolder, inputs: Inputs, discard: bool) -> PlanResult:
    with building.at_work(job, folder, inputs) as running:
        pipeline.run(running)
        building.count(running)
        running.observer.stage_started(_STEP, pipeline.STEPS, pipeline.STEPS)
        running.observer.step_started(_STEP, "comparing with the published run")
        begun = time.perf_counter()
        verdicts = [*_quarantine(running), *building.judge(job, running, every=True)]
        running.stage, earlier = _STEP, job.home.published_dir()
        difference, notes = _compare(job, earlier, folder)
        told = _tell(running, earlier)
        results = running.results
        results.status, results.seconds = "planned", round(time.perf_counter() - running.begun, 3)
        running.observer.stage_finished(_STEP, round(time.perf_counter() - begun, 3), {}, resumed=False)
        results.save()
        running.journal.write("planned", run_id=results.run_id, seconds=results.seconds)
    done = building.result_of(job, folder, results, "published")
    return PlanResult(
        run_id=folder.run_id,
        status="planned",
        previous=earlier.name if earlier else None,
        run_dir=None if discard else folder.path,
        seconds=results.seconds,
        stages=done.stages,
        counts=done.counts,
        previous_counts=done.previous_counts,
        identity=done.identity,
        candidates=told.candidates,
        rules=told.rules,
        groups=told.groups,
        verdicts=tuple(verdicts),
        warnings=(*done.warnings, *notes),
        model=done.model,
        changed_tables=_changed(results, earlier),
        difference=difference,
        estimate=_estimate(results, inputs, earlier),
    )


def _compare(job: Job, earlier: Path | None, folder: RunFolder) -> tuple[RunDiff | None, tuple[Warned, ...]]:
    """The published run and this one compared; a word in its place where an older version published."""
    if earlier is None:
        return None, ()
    try:
        return compare_runs(earlier, folder.path, Ask(currency=job.config.profile.currency or "")), ()
    except UsageError as error:
        return None, (Warned(_STEP, "not_comparable", error.message),)


def _quarantine(running: pipeline.Running) -> list[gates.Verdict]:
    facts = [fact for stage in running.results.stages for fact in stage.facts]
    return [gates.accept(v, running.accepted) for v in gates.quarantine(running.config, facts)]


@dataclass(frozen=True)
class _Told:
    candidates: int
    rules: tuple[Rule, ...]
    groups: tuple[Group, ...]


def _tell(running: pipeline.Running, earlier: Path | None) -> _Told:
    """What the tables of the run say of pairs and groups, beside those of the published run."""
    engine, known = running.engine, set()
    for name in ("blocking_rule", "link_summary", "match_group", "golden_customer"):
        for prefix, folder in (("plan", running.folder), ("published", RunFolder(earlier) if earlier else None)):
            if folder and folder.table(name).is_file():
                engine.view(f"{prefix}_{name}", folder.table(name))
                known.add(f"{prefix}_{name}")
    before: dict[str, int] = {}
    if "published_blocking_rule" in known:
        found = engine.fetch("SELECT rule, pairs FROM published_blocking_rule").to_pylist()
        before = {row["rule"]: row["pairs"] for row in found}
    rules = engine.fetch("SELECT * FROM plan_blocking_rule ORDER BY pairs DESC, rule_no").to_pylist()
    candidates = None
    if "plan_link_summary" in known:
        candidates = engine.scalar("SELECT value FROM plan_link_summary WHERE name = 'candidates'")
    return _Told(
        int(candidates or 0),
        tuple(Rule(r["rule"], r["pairs"], before.get(r["rule"]), r["largest_block"], r["matches"]) for r in rules),
        _groups(running, "published_golden_customer" in known),
    )


def _groups(running: pipeline.Running, is_compared: bool) -> tuple[Group, ...]:
    engine = running.engine
    largest = engine.fetch(
        f"SELECT customer_id, size FROM plan_match_group ORDER BY size DESC, customer_id LIMIT {_GROUPS}"
    ).to_pylist()
    before: dict[str, int] = {}
    if largest and is_compared:
        marks = ", ".join("?" for _ in largest)
        found = engine.fetch(
            f"SELECT customer_id, record_count FROM published_golden_customer WHERE customer_id IN ({marks})",
            [row["customer_id"] for row in largest],
        ).to_pylist()
        before = {row["customer_id"]: row["record_count"] for row in found}
    return tuple(Group(row["customer_id"], row["size"], before.get(row["customer_id"])) for row in largest)


def _changed(results: RunResults, earlier: Path | None) -> tuple[str, ...]:
    """Published tables whose bytes would be others, in the order of the contract."""
    before = _digests(load_results(RunFolder(earlier).results, earlier.name) if earlier else None)
    now = _digests(results)
    return tuple(t.name for t in PUBLISHED if now.get(t.name) != before.get(t.name))


def _digests(results: RunResults | None) -> dict[str, str]:
    stages = results.stages if results else []
    return {name: file.sha256 for stage in stages for name, file in stage.tables.items()}


# -- time and memory ------------------------------------------------------------------------------------------


def _estimate(results: RunResults, inputs: Inputs, earlier: Path | None) -> Estimate:
    """From what the stages of this run took, whenever they ran, and how fast the published run was published."""
    read = sum(f.bytes for f in inputs.files) / _DIGEST_BYTES
    tables = {name: file.bytes for stage in results.stages for name, file in stage.tables.items()}
    size = sum(tables.get(t.name, 0) for t in PUBLISHED)
    publishing = size / _publish_speed(earlier)
    return Estimate(
        seconds=round(read + sum(tables.values()) / _DIGEST_BYTES + publishing, 1),
        full_seconds=round(read + sum(stage.seconds for stage in results.stages) + publishing, 1),
        peak_mb=max((stage.peak_mb for stage in results.stages), default=0),
        output_bytes=size,
    )


def _publish_speed(earlier: Path | None) -> float:
    """Bytes of Parquet a second that were published the last time; a careful guess where nobody knows."""
    if earlier is None:
        return _PUBLISH_BYTES
    folder = RunFolder(earlier)
    seconds, size = 0.0, sum(folder.table(t.name).stat().st_size for t in PUBLISHED if folder.table(t.name).is_file())
    with suppress(OSError, ValueError, KeyError):
        for line in folder.log.read_text(encoding="utf-8").splitlines():
            if '"outputs_written"' in line:
                seconds = float(json.loads(line)["seconds"])
    return size / seconds if seconds and size else _PUBLISH_BYTES
