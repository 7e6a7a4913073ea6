"""What people decided, as a table with the records that the decisions name."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from cxid.config.decisions import FILE_NAME, Decision, Decisions
from cxid.sql import load
from cxid.stages.context import StageContext

_TEXTS = (
    "action", "source_a", "record_key_a", "source_b", "record_key_b", "field", "value", "who", "decided_at", "reason",
)  # fmt: skip
_LINES_TOLD = 5


def _told(decision: Decision) -> Iterator[str | None]:
    yield from (x or None for x in (decision.field, decision.value, decision.who, decision.when, decision.reason))


def take_decisions(ctx: StageContext, decisions: Decisions) -> None:
    """Table decision; a warning for those whose record is not in the data (any more)."""
    if not decisions.rows:
        return
    rows = [(d.action.value, *d.a, *(d.b or (None, None)), *_told(d)) for d in decisions.rows]
    columns = dict(zip(_TEXTS, ([*c] for c in zip(*rows, strict=True)), strict=True))
    lines = pa.array([d.line for d in decisions.rows], pa.int64())
    ctx.engine.load(
        "src_decision", pa.table({"line": lines, **{n: pa.array(c, pa.string()) for n, c in columns.items()}})
    )
    ctx.engine.run("decision", load("sources", "decision"))
    ctx.engine.drop("src_decision")
    gone = ctx.engine.fetch(
        "SELECT line FROM decision WHERE record_no_a IS NULL OR (record_no_b IS NULL AND action <> 'pin') ORDER BY line"
    )
    if gone.num_rows:
        told = [str(n) for n in gone.column("line").to_pylist()]
        listed = ", ".join(told[:_LINES_TOLD]) + (", ..." if len(told) > _LINES_TOLD else "")
        ctx.reporter.warn(
            "decision_without_record",
            f"{FILE_NAME}: {len(told)} decisions name a record that the data does not have: line {listed}",
        )
    ctx.reporter.log("decisions", rows=len(rows), without_record=gone.num_rows)
