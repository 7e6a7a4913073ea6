"""Which columns the rows of each file fill, and how much of it could not be read: what a build warns of."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from cxid.config.model import PeopleSource
from cxid.engine.base import Engine
from cxid.stages.sources.expressions import Expressions, implausible
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.reading import RAW, Ledger
from cxid.stages.sources.refusals import ROWS

_FIRST_ROWS = 100  # of a file, which show most of its columns filled
_BASE = "src_base"


def note_filled(engine: Engine, located: LocatedSource, ledgers: Sequence[Ledger]) -> None:
    """The columns that have a value in a row of RAW, by position in `needed`, into the ledger of their file."""
    read = {ledger.file_no: ledger for ledger in ledgers if not ledger.taken and ledger.rows_read}
    if not read:
        return
    width = range(len(located.needed))
    first = pa.table(
        {"file_no": pa.array(read, pa.int32()), "first": pa.array([x.rows_before for x in read.values()], pa.int64())}
    )
    engine.load(_BASE, first)
    make = Expressions(located.source, located.needed)
    begun = (
        f"SELECT r.* FROM {RAW} AS r INNER JOIN {_BASE} AS b ON r.file_no = b.file_no "
        f"WHERE r.row_no <= b.first + {_FIRST_ROWS}"
    )
    counts = ", ".join(f"count(t{i}) AS n{i}" for i in width)
    clean = f"WITH begun AS ({begun}), clean AS ({make.clean('begun')})"
    for row in engine.fetch(
        f"{clean} SELECT file_no, {counts} FROM clean GROUP BY file_no", make.bindings.values
    ).to_pylist():
        read[row["file_no"]].filled |= {i for i in width if row[f"n{i}"]}
    for i in width:
        if lacking := [number for number, ledger in read.items() if i not in ledger.filled]:
            for number in _files_with(engine, located, i, lacking):
                read[number].filled.add(i)
    engine.drop(_BASE)


def _files_with(engine: Engine, located: LocatedSource, position: int, files: Sequence[int]) -> list[int]:
    """Those of the files that have a value in a column."""
    make = Expressions(located.source, located.needed)
    listed = ", ".join(str(number) for number in files)
    found = engine.fetch(
        f"WITH clean AS ({make.clean(RAW)}) SELECT DISTINCT file_no FROM clean "
        f"WHERE t{position} IS NOT NULL AND file_no IN ({listed})",
        make.bindings.values,
    )
    return [int(number) for number in found.column(0).to_pylist()]


def note_unread(engine: Engine, located: LocatedSource, ledgers: Sequence[Ledger]) -> None:
    """How many rows of ROWS have an optional value that could not be read, into the ledger of their file."""
    unread = "unread AND reason IS NULL"
    if isinstance(located.source, PeopleSource):
        unread = f"dated AND (updated_at IS NULL OR {implausible('updated_at')})"
    found = engine.fetch(
        f"SELECT file_no, count(*) AS n FROM {ROWS} WHERE {unread} GROUP BY file_no ORDER BY file_no"
    ).to_pylist()
    of = {ledger.file_no: ledger for ledger in ledgers}
    for row in found:
        of[row["file_no"]].unread += row["n"]
