"""Three small honest stages over one CSV file: enough to test how runs are kept, resumed and published."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from cxid import pipeline
from cxid.config.model import Config
from cxid.contracts import PUBLISHED, TABLES
from cxid.errors import GateError
from cxid.pipeline import Stage
from cxid.stages.context import StageContext

SOURCES = ("record", "source_file", "quarantine", "event")
GOLDEN = ("golden_customer", "golden_provenance", "touchpoint", "profile")
STITCH = tuple(t.name for t in PUBLISHED if t.name not in (*SOURCES, *GOLDEN))


def make_empty(ctx: StageContext, name: str) -> None:
    """The table of that name, without rows, as its contract says."""
    columns = ", ".join(f'CAST(NULL AS {c.type}) AS "{c.name}"' for c in TABLES[name].columns)
    ctx.engine.run(name, f"SELECT {columns} WHERE false")


def read_sources(ctx: StageContext, *, sources: Any, root: Path, checks: Any) -> None:
    """Lines `key,email`; a line without a comma goes to quarantine."""
    make_empty(ctx, "source_file")
    make_empty(ctx, "quarantine")
    make_empty(ctx, "event")
    path = root / sources["crm"].path[0]
    content = path.read_bytes()
    good = [line.split(",") for line in content.decode().splitlines()[1:] if "," in line]
    bad = [n for n, line in enumerate(content.decode().splitlines(), 1) if "," not in line]
    for line in bad:
        ctx.engine.append(
            "quarantine", f"SELECT 'crm' AS source, 'crm.csv' AS file, {line} AS line, 'ragged' AS reason, '' AS field"
        )
    if len(bad) > 3:
        raise GateError("source crm: too many rejected rows", hint="look at the quarantine")
    ctx.engine.append(
        "source_file",
        "SELECT 'crm' AS source, 'crm.csv' AS file, $1 AS digest, 0 AS bytes, 0 AS physical_lines, 0 AS header_lines, "
        "0 AS accepted, 0 AS value_newlines, 0 AS rejected_lines, 0 AS blank_lines",
        [hashlib.sha256(content).hexdigest()],
    )
    rows = " UNION ALL ".join("SELECT ?::VARCHAR AS record_key, ?::VARCHAR AS email" for _ in good)
    ctx.engine.run(
        "record",
        "SELECT row_number() OVER (ORDER BY record_key) AS record_no, 'crm' AS source, record_key, "
        f"CAST(NULL AS TIMESTAMP) AS updated_at, md5(email) AS row_digest, email FROM ({rows}) AS r",
        [value for row in good for value in row],
    )
    if bad:
        ctx.reporter.warn("rejected", f"crm: {len(bad)} rows rejected")


def stitch_records(ctx: StageContext, **parts: Any) -> None:
    """Records of one e-mail are one customer; since_run is kept from the run before."""
    for name in STITCH:
        make_empty(ctx, name)
    known = "previous_identity_map" in ctx.engine.tables()
    earlier = (
        "SELECT record_key, since_run FROM previous_identity_map"
        if known
        else "SELECT '' AS record_key, '' AS since_run"
    )
    ctx.engine.run(
        "identity_map",
        "SELECT md5(r.email) AS customer_id, r.source, r.record_key, '' AS id_type, '' AS id_value, "
        "'exact' AS link_kind, "
        f"CAST(1 AS DECIMAL(9,6)) AS probability, coalesce(p.since_run, '{ctx.run_id}') AS since_run "
        f"FROM record AS r LEFT JOIN ({earlier}) AS p ON p.record_key = r.record_key",
    )
    ctx.engine.run(
        "match_group",
        "SELECT customer_id, count(*) AS size, CAST(1 AS BIGINT) AS edges, CAST(1 AS DECIMAL(9,6)) AS density, "
        "CAST(1 AS DECIMAL(9,6)) AS weakest_probability, '' AS flags FROM identity_map "
        "GROUP BY customer_id HAVING count(*) > 1",
    )


def make_golden(ctx: StageContext, **parts: Any) -> None:
    """One customer a line, e-mail shown."""
    make_empty(ctx, "golden_provenance")
    make_empty(ctx, "touchpoint")
    ctx.engine.run(
        "golden_customer",
        "SELECT i.customer_id, min(r.email) AS email, true AS is_known, count(*) AS record_count, "
        "CAST(1 AS BIGINT) AS source_count, "
        "'crm' AS sources, CAST(NULL AS TIMESTAMP) AS first_seen, CAST(NULL AS TIMESTAMP) AS last_seen, "
        "CAST(1 AS DECIMAL(9,6)) AS confidence, CAST(1 AS DECIMAL(9,6)) AS completeness, false AS needs_review "
        "FROM identity_map AS i JOIN record AS r ON r.record_key = i.record_key GROUP BY i.customer_id",
    )
    ctx.engine.run(
        "profile", "SELECT customer_id, TIMESTAMP '2026-01-01 00:00:00' AS as_of, record_count FROM golden_customer"
    )


def make_stage(name: str, reads: tuple[str, ...], writes: tuple[str, ...], run: Callable[..., None]) -> ModuleType:
    """A stage's package that lives in memory alone."""
    module = ModuleType(f"small_{name}")
    module.__dict__.update(READS=reads, WRITES=writes, run=run)
    sys.modules[module.__name__] = module
    return module


def install() -> tuple[Stage, ...]:
    """Put the small stages in the place of the real ones."""
    make_stage("sources", (), SOURCES, read_sources)
    stitch = make_stage("stitch", ("record",), STITCH, stitch_records)
    stitch.__dict__["EARLIER"] = {"previous_identity_map": ("identity_map", ("record_key", "since_run"))}
    make_stage("golden", ("record", "identity_map"), GOLDEN, make_golden)
    stages = tuple(
        Stage(s.name, s.part, f"small_{s.name}") for s in pipeline.STAGES if s.name in ("sources", "stitch", "golden")
    )
    pipeline.STAGES = stages
    return stages


def small_config(root: Path, **parts: Any) -> Config:
    """The config of a project whose only source is crm.csv."""
    crm = {"kind": "people", "path": "crm.csv", "key": "key", "columns": {"email": "email"}}
    return Config.model_validate({"sources": {"crm": crm}, "root": root, **parts})


ROWS = ("key,email", "1,ann@example.org", "2,bob@example.org", "3,ann@example.org")


def small_project(root: Path, *more: str) -> Config:
    """A project of three records, two customers; `more` lines are added to its file."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "crm.csv").write_text("\n".join((*ROWS, *more)) + "\n", encoding="utf-8")
    return small_config(root)
