"""The ledger of files and the list of rejected rows, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from cxid.engine.base import Engine, literal
from cxid.stages.sources.reading import Ledger
from cxid.stages.sources.refusals import REFUSED


def store_quarantine(engine: Engine, source: str, ledgers: Sequence[Ledger]) -> None:
    """Add the rejected lines and the refused rows of a source to `quarantine`."""
    numbers = pa.array([ledger.file_no for ledger in ledgers], pa.int32())
    engine.load("src_file", pa.table({"file_no": numbers, "file": [ledger.file for ledger in ledgers]}))
    engine.append(
        "quarantine",
        f"SELECT {literal(source)} AS source, f.file, r.line, r.reason, r.field "
        f"FROM {REFUSED} AS r INNER JOIN src_file AS f ON r.file_no = f.file_no",
    )
    for ledger in ledgers:
        if len(ledger.rejects):
            engine.load("src_line", ledger.rejects.table())
            engine.append(
                "quarantine",
                f"SELECT {literal(source)} AS source, {literal(ledger.file)} AS file, line, reason, '' AS field "
                "FROM src_line",
            )
    engine.drop("src_file", "src_line")


def store_files(engine: Engine, ledgers: Sequence[Ledger], bases: Mapping[str, str]) -> None:
    """Write `source_file`: the ledger of every file, with the basis that its source was read by."""
    rows = [
        {
            "source": ledger.source,
            "file": ledger.file,
            "digest": ledger.digest,
            "bytes": ledger.size,
            "physical_lines": ledger.lines,
            "header_lines": ledger.header_lines,
            "accepted": ledger.accepted,
            "value_newlines": ledger.value_newlines,
            "rejected_lines": ledger.rejects.physical_lines + ledger.refused_lines,
            "blank_lines": ledger.blank_lines,
            "rows_before": ledger.rows_before,
            "rows_read": ledger.rows_read,
            "unread": ledger.unread,
            "filled": " ".join(str(n) for n in sorted(ledger.filled)),
            "basis": bases[ledger.source],
        }
        for ledger in ledgers
    ]
    if rows:
        engine.load("source_file", pa.Table.from_pylist(rows))
