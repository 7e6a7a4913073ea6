"""What a build did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cxid.notebook import Document, Table
from cxid.runs.results import GateResult, StageResult, in_words

Outcome = Literal["published", "unchanged"]


@dataclass(frozen=True)
class Warned:
    """Something that the user should know and that did not stop the build."""

    stage: str
    code: str
    message: str


@dataclass(frozen=True, repr=False)
class BuildResult(Document):
    """What a build did. `counts` are of the published run, `previous_counts` of the one before it, {} when none.

    Counts: records, events, customers, known_customers, joined_customers (two or more records), needs_review,
    quarantined, scored_pairs. `identity` says what became of customers since the run before, {} in a first build:
    created, split (off others), merged (into others), retired. `model` says whether the linkage model was kept or
    learned, and why; '' where nothing was linked. `taken_over` counts what was not computed but taken over from the run
    before: files, and customers whose golden values did not move; {} when nothing was.
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
    model: str = ""
    taken_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        if self.status == "unchanged":
            return f"nothing changed since {self.run_id}"
        told = ", ".join(
            f"{self.counts[name]:,} {name.replace('_', ' ')}"
            for name in ("records", "customers")
            if name in self.counts
        )
        return f"published {self.run_id} in {self.seconds:.1f} s: {told}"

    def to_dict(self) -> dict[str, Any]:
        """The document that the command writes with `--format json`."""
        return {
            "run_id": self.run_id,
            "status": self.status,
            "run_dir": str(self.run_dir),
            "output_dir": str(self.output_dir),
            "seconds": self.seconds,
            "counts": dict(self.counts),
            "previous_counts": dict(self.previous_counts),
            "identity": dict(self.identity),
            "model": self.model,
            "taken_over": dict(self.taken_over),
            "stages": stage_documents(self.stages),
            "gates": [
                {"name": g.name, "limit": g.limit, "value": g.value, "passed": g.passed, "accepted": g.accepted}
                for g in self.gates
            ],
            "warnings": [{"stage": w.stage, "code": w.code, "message": w.message} for w in self.warnings],
        }

    def tables(self) -> Iterator[Table]:
        yield counted(self.counts, self.previous_counts)
        yield Table("Customers since the run before", ("change", "customers"), self.identity.items())
        gates = ((g.name, in_words(g.name, g.value), in_words(g.name, g.limit), g.passed) for g in self.gates)
        yield Table("Limits", ("check", "measured", "limit", "passed"), gates)
        yield Table("Warnings", ("stage", "code", "message"), ((w.stage, w.code, w.message) for w in self.warnings))


def counted(counts: Mapping[str, int], previous: Mapping[str, int]) -> Table:
    """Counts of a run beside those of the run before, where there is one."""
    rows: Iterable[tuple[str, int, int | None]] = (
        (n.replace("_", " "), now, previous.get(n)) for n, now in counts.items()
    )
    if previous:
        return Table("", ("", "count", "before"), rows)
    return Table("", ("", "count"), (row[:2] for row in rows))


def stage_documents(stages: Iterable[StageResult]) -> list[dict[str, Any]]:
    """Stages as plain values."""
    return [
        {"name": s.name, "seconds": s.seconds, "peak_mb": s.peak_mb, "resumed": s.resumed, "rows": s.rows}
        for s in stages
    ]
