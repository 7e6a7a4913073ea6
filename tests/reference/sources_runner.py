"""Runs the sources stage on files written by a test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.config.loading import parse_config
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import sources
from cxid.stages.context import Silent, StageContext


@dataclass
class Outcome:
    """The engine after the stage, the reporter, and the error that the stage raised."""

    engine: DuckDBEngine
    reporter: Silent
    error: Exception | None

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.engine.fetch(sql).to_pylist()]

    def quarantine(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT file, line, reason, field FROM quarantine ORDER BY file, line, reason, field")

    def ledger(self) -> list[tuple[Any, ...]]:
        """(file, physical, header, accepted, newlines, rejected, blank) of each file."""
        return self.rows(
            "SELECT file, physical_lines, header_lines, accepted, value_newlines, rejected_lines, blank_lines "
            "FROM source_file ORDER BY source, file"
        )


def run_sources(root: Path, config: str, *, catch: bool = False) -> Outcome:
    """Run the stage for `sources:` of `config`; with `catch`, its error is handed back."""
    parsed = parse_config(f"version: 1\nsources:\n{config}".encode(), root / "cxid.yml", env={})
    engine, reporter = DuckDBEngine(threads=2), Silent()
    work = root / ".work"
    work.mkdir(exist_ok=True)
    error: Exception | None = None
    try:
        sources.run(
            StageContext(engine, work, reporter=reporter), sources=parsed.sources, root=root, checks=parsed.checks
        )
    except Exception as raised:
        if not catch:
            raise
        error = raised
    assert list(work.iterdir()) == []
    return Outcome(engine, reporter, error)
