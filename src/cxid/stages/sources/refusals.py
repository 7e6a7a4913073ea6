"""Rows that were read but cannot be used: what each lacks, and which of several rows of a key stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cxid.engine.base import Engine, literal
from cxid.stages.sources.reading import RAW, Ledger

REFUSED = "src_refused"
ROWS = "src_row"
# Refusals that lose nothing: the same row stands there already.
HARMLESS = ("duplicate_row",)

ROW_COLUMNS = "row_no, file_no, line, value_newlines"

_NONE = (
    "SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS INTEGER) AS file_no, CAST(NULL AS BIGINT) AS line, "
    "CAST(NULL AS INTEGER) AS value_newlines, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS field "
    "WHERE FALSE"
)


def start_refusals(engine: Engine) -> None:
    engine.run(REFUSED, _NONE)


def refuse_faulty(engine: Engine) -> None:
    """Refuse the rows of ROWS whose `reason` is set."""
    engine.append(REFUSED, f"SELECT {ROW_COLUMNS}, reason, field FROM {ROWS} WHERE reason IS NOT NULL")


def refuse_duplicates(engine: Engine, key: str, field: str, width: int, *, latest: str = "") -> None:
    """Refuse all but one row of each key: the latest, then the fullest, then the smallest text, then the first.

    The choice rests on what the rows say, so the order of rows and files does not matter.
    """
    twice = f"SELECT {key} FROM {ROWS} WHERE reason IS NULL AND {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    if not engine.scalar(f"SELECT count(*) FROM ({twice}) AS twice"):
        return
    texts = [f"r.c{i}" for i in range(width)]
    filled = " + ".join(f"CASE WHEN {t} IS NULL THEN 0 ELSE 1 END" for t in texts)
    content = f"concat_ws(chr(31), {', '.join(f'coalesce({t}, chr(30))' for t in texts)})"
    dated, order = "", "filled DESC, content, row_no"
    if latest:
        dated, order = f"s.{latest} AS latest, ", f"latest DESC NULLS LAST, {order}"
    window = f"OVER (PARTITION BY key ORDER BY {order})"
    engine.append(
        REFUSED,
        f"WITH twice AS ({twice}), "
        f"candidate AS (SELECT s.row_no, s.file_no, s.line, s.value_newlines, s.{key} AS key, {dated}"
        f"{filled} AS filled, {content} AS content FROM {ROWS} AS s INNER JOIN twice ON s.{key} = twice.{key} "
        f"INNER JOIN {RAW} AS r ON s.row_no = r.row_no WHERE s.reason IS NULL), "
        f"ranked AS (SELECT {ROW_COLUMNS}, content, row_number() {window} AS place, "
        f"first_value(content) {window} AS best FROM candidate) "
        f"SELECT {ROW_COLUMNS}, "
        f"CASE WHEN content = best THEN 'duplicate_row' ELSE 'duplicate_key' END AS reason, {literal(field)} AS field "
        "FROM ranked WHERE place > 1",
    )


def kept_rows(engine: Engine) -> str:
    """A FROM clause for the rows of ROWS that stay, as `s`."""
    if not engine.count(REFUSED):
        return f"FROM {ROWS} AS s"
    return f"FROM {ROWS} AS s ANTI JOIN {REFUSED} AS x ON s.row_no = x.row_no"


def book_refusals(engine: Engine, ledgers: Sequence[Ledger]) -> None:
    """Move the refused rows from accepted to rejected in their files' ledgers."""
    counts = engine.fetch(
        f"SELECT file_no, count(*) AS n, CAST(sum(value_newlines) AS BIGINT) AS breaks FROM {REFUSED} "
        "GROUP BY file_no ORDER BY file_no"
    ).to_pylist()
    of = {ledger.file_no: ledger for ledger in ledgers}
    for row in counts:
        of[row["file_no"]].refuse(row["n"], row["breaks"])


def first_fault(rules: Iterable[tuple[str, str, str]]) -> str:
    """Two columns, reason and field, of the first rule (condition, reason, field) that a row breaks."""
    listed = list(rules)
    if not listed:
        return "CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS field"
    reason = " ".join(f"WHEN {condition} THEN {literal(code)}" for condition, code, _ in listed)
    field = " ".join(f"WHEN {condition} THEN {literal(column)}" for condition, _, column in listed)
    return f"CASE {reason} END AS reason, CASE {field} END AS field"
