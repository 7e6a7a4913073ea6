"""run_results.json: what happened in a run, also in one that failed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from cxid.errors import CxidError, ErrorCode, GateError, Interrupted, Terminated
from cxid.runs import disk
from cxid.runs.journal import Figure, now


@dataclass(frozen=True)
class TableFile:
    """A table of a run as a Parquet file."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class GateResult:
    """A limit of the config and what the run measured against it; shares as decimals: 0.05.

    `accepted`: over the limit, and published all the same by `--accept`.
    """

    name: str
    limit: str
    value: str
    passed: bool
    accepted: bool = False


def in_words(gate: str, value: str) -> str:
    """A measured value of a gate, or its limit, as people read it: shares in per cent."""
    return value if gate == "largest_group_max" or not value else f"{(Decimal(value) * 100).normalize():f}%"


@dataclass(frozen=True)
class StageResult:
    """One finished stage. Seconds, those of its steps too, and peak memory are of the run that computed it."""

    name: str
    seconds: float
    peak_mb: int
    tables: dict[str, TableFile]
    warnings: tuple[tuple[str, str], ...] = ()  # (code, message)
    facts: tuple[dict[str, Figure], ...] = ()
    gates: tuple[GateResult, ...] = ()
    resumed: bool = False
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """Table -> rows."""
        return {name: table.rows for name, table in self.tables.items()}


def stage_from_json(content: dict[str, Any], *, resumed: bool) -> StageResult:
    """The inverse of `asdict`. Raises KeyError or TypeError when it is something else."""
    return StageResult(
        name=content["name"],
        seconds=content["seconds"],
        peak_mb=content["peak_mb"],
        tables={name: TableFile(**table) for name, table in content["tables"].items()},
        warnings=tuple((code, message) for code, message in content["warnings"]),
        facts=tuple(content["facts"]),
        gates=tuple(GateResult(**gate) for gate in content["gates"]),
        resumed=resumed,
        steps=dict(content.get("steps", {})),  # of runs by older versions nobody knows them
    )


@dataclass
class RunResults:
    """The results of one run while it runs; `save` writes them as they stand."""

    path: Path
    run_id: str
    status: str = "running"
    started_at: str = field(default_factory=now)
    stages: list[StageResult] = field(default_factory=list)
    gates: list[GateResult] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    error: dict[str, str] | None = None
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """Why the run ended as it did, '' when it went well: our message, or the class of an error that is a bug."""
        return "" if self.error is None else str(self.error.get("message") or self.error.get("class", ""))

    def save(self) -> None:
        content = {k: v for k, v in asdict(self).items() if k != "path"}
        content["finished_at"] = None if self.status == "running" else now()
        disk.write_json(self.path, content, fault="results")

    def fail(self, error: BaseException, stage: str) -> None:
        """Note why the run ended. Only our own messages are kept: those of others may quote values."""
        self.status = _status_of(error)
        ours = isinstance(error, CxidError)
        code = error.code if isinstance(error, CxidError) else ErrorCode.BUG
        self.error = {
            "class": type(error).__name__,
            "message": error.message if isinstance(error, CxidError) else "",
            "hint": error.hint if isinstance(error, CxidError) else "",
            "code": str(code),
            "exit_code": str(int(code.exit_code)),
            "stage": stage,
            "expected": "true" if ours else "false",
        }


def _status_of(error: BaseException) -> str:
    if isinstance(error, GateError):
        return "gate_failed"
    if isinstance(error, Terminated):
        return "terminated"
    if isinstance(error, Interrupted | KeyboardInterrupt):
        return "interrupted"
    return "failed"


def load_results(path: Path, run_id: str) -> RunResults | None:
    """The results of a run of the past; None when they are missing or not what this version writes."""
    content = disk.read_json(path)
    if content is None:
        return None
    try:
        return RunResults(
            path=path,
            run_id=run_id,
            status=content["status"],
            started_at=content["started_at"],
            stages=[stage_from_json(s, resumed=s["resumed"]) for s in content["stages"]],
            gates=[GateResult(**g) for g in content["gates"]],
            outputs=content["outputs"],
            counts=content["counts"],
            error=content["error"],
            seconds=content["seconds"],
        )
    except (KeyError, TypeError, AttributeError):
        return None
