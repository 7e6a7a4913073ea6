"""Two runs opened for comparing: an engine over the tables of both, under before_<table> and after_<table>."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, UsageError
from cxid.runs import disk
from cxid.runs.folder import RunFolder

_NEEDED = (
    "source_file", "record", "event", "event_id", "decision", "record_identifier", "event_identifier",
    "event_customer", "customer", "identity_map", "identity_event", "record_customer",
)  # fmt: skip
SIDES = ("before", "after")


@dataclass(frozen=True)
class Pair:
    """Two runs and an engine over them. Tables that only one run has are not in `tables`."""

    engine: Engine
    before: RunFolder
    after: RunFolder
    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether both runs have these tables."""
        return all(run.table(name).is_file() for run in (self.before, self.after) for name in names)

    def is_same(self, *names: str) -> bool:
        """Whether these tables have the same bytes in both runs."""
        return self.has(*names) and all(_is_same(self.before.table(n), self.after.table(n)) for n in names)

    @property
    def is_built_on(self) -> bool:
        """Whether the second run was built on the first."""
        return bool(self.manifests["after"].get("previous") == self.before.run_id)


def open_engine(before: Path, after: Path, memory: str) -> Engine:
    """An engine over the tables of the runs in these folders; close it after use. It reaches no other file.

    Raises UsageError where a run has not the tables that a comparison needs.
    """
    runs = (RunFolder(before), RunFolder(after))
    for run in runs:
        missing = [name for name in _NEEDED if not run.table(name).is_file()]
        if missing:
            raise UsageError(
                f"run {run.run_id} has no table {missing[0]}: it is of an older version, or was not finished",
                hint="`cxid runs` lists the runs; compare two that are whole",
                code=ErrorCode.RUN_INCOMPLETE,
            )
    engine = DuckDBEngine(memory_limit=memory, allowed=[run.tables for run in runs])
    for side, run in zip(SIDES, runs, strict=True):
        for path in sorted(run.tables.glob("*.parquet")):
            engine.view(f"{side}_{path.stem}", path)
    return engine


def as_pair(engine: Engine, before: Path, after: Path) -> Pair:
    """The two runs behind an engine of `open_engine`."""
    runs = (RunFolder(before), RunFolder(after))
    manifests = {side: disk.read_json(run.manifest) or {} for side, run in zip(SIDES, runs, strict=True)}
    return Pair(engine, *runs, manifests)


def _is_same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and disk.digest(one) == disk.digest(other)
