"""Files that are not read again and records that are not normalised again: the tables are those of reading all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cxid.config.basis import normalising_basis
from cxid.config.decisions import read_decisions
from cxid.config.fields import record_fields
from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import CxidError
from cxid.runs.inputs import digest_files
from cxid.sql import load
from cxid.stages import normalise, sources
from cxid.stages.context import Silent, StageContext
from tests.reference.changing_company import Company

BUILDS = 8
_NOW = {"earlier_record_row": "record", "earlier_source_file": "source_file", "earlier_quarantine": "quarantine"}


def _views(engine: DuckDBEngine, names: dict[str, str], earlier: Path) -> frozenset[str]:
    for here, there in names.items():
        engine.view(here, earlier / f"{there}.parquet")
    return frozenset(names)


def _stages(config: Config, before: tuple[Config, Path] | None, out: Path) -> tuple[dict[str, Any], int]:
    """Table -> its rows in no order (events and records in theirs), after both stages; how many files were taken."""
    engine, reporter = DuckDBEngine(threads=1), Silent()
    out.mkdir()
    is_alike = before is not None and record_fields(before[0].sources) == record_fields(config.sources)
    reused = _views(engine, sources.REUSES, before[1]) if before and is_alike else frozenset[str]()
    files = digest_files(config.root, {name: s.path for name, s in config.sources.items()})
    digests = {(f.source, f.file): f.sha256 for f in files}
    ctx = StageContext(engine, out, reporter=reporter, reused=reused)
    try:
        sources.run(
            ctx, sources=config.sources, root=config.root, checks=config.checks, decisions=read_decisions(config),
            digests=digests,
        )  # fmt: skip
    except CxidError as error:
        return {"error": str(error.message)}, 0
    reused = frozenset()
    if before and is_alike and normalising_basis(before[0]) == normalising_basis(config):
        _views(engine, _NOW, before[1])
        for name in ("unchanged_record", "unchanged_event"):
            engine.run(name, load("reuse", name))
        reused = _views(engine, normalise.REUSES, before[1])
    ctx = StageContext(engine, out, reporter=reporter, reused=reused)
    normalise.run(ctx, sources=config.sources, country=config.country, match=config.match)
    found: dict[str, Any] = {"warnings": reporter.warnings}
    for name in (*sources.WRITES, *normalise.WRITES):
        engine.write(name, out / f"{name}.parquet")
        rows = [repr(row) for row in engine.fetch(f"SELECT * FROM {name}").to_pylist()]
        found[name] = rows if name in ("event", "record", "record_norm", "record_name", "norm_rule") else Counter(rows)
    engine.close()
    return found, sum(int(f["files"]) for event, f in reporter.facts if event == "source_taken_over")


@pytest.mark.parametrize("seed", [1])
def test_what_is_taken_over_is_what_reading_all_gives(seed: int, tmp_path: Path) -> None:
    company, before, taken = Company.founded(seed, people=60), None, 0
    for n in range(BUILDS):
        if n:
            company.change(1 + n % 3)
        root = tmp_path / "company"
        root.mkdir(exist_ok=True)
        company.write(root)
        config = load_config(root)
        every, _ = _stages(config, None, tmp_path / f"all-{n}")
        some, files = _stages(config, before, tmp_path / f"some-{n}")
        assert some.keys() == every.keys(), company.told
        assert [name for name in every if some[name] != every[name]] == [], company.told
        before, taken = (None, taken) if "error" in every else ((config, tmp_path / f"some-{n}"), taken + files)
    assert taken > 3 * BUILDS
