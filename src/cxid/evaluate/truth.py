"""A file that says which records are one person, held against the records of a build."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cxid.engine.base import Engine
from cxid.errors import ErrorCode, InputError, UsageError
from cxid.sql import load

_NAMES = {
    "source": ("source", "sourcename", "sourcesystem", "system", "dataset", "src"),
    "key": ("recordkey", "recordid", "recid", "key", "rowid", "id", "uniqueid", "uid", "rid"),
    "entity": (
        "entityid", "entity", "truth", "trueid", "personid", "person", "clusterid", "cluster", "customerid",
        "customer", "groupid", "group", "goldenid", "masterid", "label",
    ),
}  # fmt: skip
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class TruthColumns:
    """The file's columns; `source` is None where the key alone names a record."""

    source: str | None
    key: str
    entity: str


@dataclass(frozen=True)
class Located:
    """How a truth file and a build fit together, in records."""

    columns: TruthColumns
    rows: int  # of the file
    without_entity: int  # rows that name no entity, or no record: left out
    repeated: int  # rows that say again what an earlier row says
    unknown: int  # records of the file that the build does not have
    without_truth: int  # records of the build that the file says nothing of


def read_truth(engine: Engine, path: Path, given: dict[str, str | None]) -> Located:
    """Table eval_record (truth_no, entity, record_no, customer_id), and how the file fits the build.

    `given` holds the columns that the user named, under source, key and entity. Raises UsageError for columns that
    cannot be told, InputError for a file that cannot be read, contradicts itself or has no record of the build.
    """
    table = _read(path)
    columns = _columns(path, table.column_names, given)
    wanted = [c for c in (columns.source, columns.key, columns.entity) if c]
    texts = [pc.utf8_trim_whitespace(table.column(c).cast(pa.string())) for c in wanted]
    source, key, entity = texts if columns.source else (pa.nulls(table.num_rows, pa.string()), *texts)
    engine.load("eval_file", pa.table({"source": source, "record_key": key, "entity": entity}))
    rows = engine.count("eval_file")
    filled = "entity IS NOT NULL AND entity <> '' AND record_key IS NOT NULL AND record_key <> ''"
    engine.run(
        "eval_truth",
        "SELECT row_number() OVER (ORDER BY source, record_key) AS truth_no, source, record_key, "
        f"min(entity) AS entity, max(entity) AS other FROM eval_file WHERE {filled} GROUP BY source, record_key",
    )
    without = rows - int(engine.scalar(f"SELECT count(*) FROM eval_file WHERE {filled}"))
    engine.drop("eval_file")
    _refuse_contradictions(engine, path)
    used = _locate(engine, path, columns, asked=given.get("source") is not None)
    engine.run("eval_record", load("evaluate", "eval_record"))
    known = int(engine.scalar("SELECT count(DISTINCT record_no) FROM eval_record"))
    total = engine.count("eval_truth")
    located = Located(
        used, rows, without, rows - without - total, total - known, engine.count("record_customer") - known
    )
    engine.drop("eval_truth", "eval_place")
    return located


def leave_out_unknown(engine: Engine) -> None:
    """eval_record without the records that the build does not have."""
    engine.run("eval_known", "SELECT * FROM eval_record WHERE record_no IS NOT NULL")
    engine.rename("eval_known", "eval_record")


# -- the file -------------------------------------------------------------------------------------------


def _read(path: Path) -> pa.Table:
    """The file's rows, every column as text when it is CSV. Raises InputError."""
    if not path.is_file():
        raise InputError(
            f"{path}: no such file",
            hint="name a CSV or Parquet file with record keys and entity ids",
            code=ErrorCode.FILE_MISSING,
        )
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pq.read_table(path)
        return _read_csv(path)
    except (pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
        kind = "Parquet" if path.suffix.lower() in (".parquet", ".pq") else "CSV in UTF-8"
        raise InputError(
            f"{path}: cannot be read as {kind}", hint="mend the file, or export it anew", code=ErrorCode.FILE_UNREADABLE
        ) from error


def _read_csv(path: Path) -> pa.Table:
    with pa.input_stream(str(path), compression="detect") as stream:
        head = stream.read(65_536).decode("utf-8-sig", errors="ignore").splitlines()
    if not head:
        raise InputError(
            f"{path}: the file is empty", hint="it needs a header and a row for each record", code=ErrorCode.FILE_EMPTY
        )
    delimiter = max(_DELIMITERS, key=head[0].count)
    names = next(csv.reader([head[0]], delimiter=delimiter))
    if len(set(names)) != len(names):
        raise InputError(
            f"{path}: the header names a column twice", hint="give each column a name of its own", code=ErrorCode.HEADER
        )
    return pa_csv.read_csv(
        path,
        read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _columns(path: Path, names: Sequence[str], given: dict[str, str | None]) -> TruthColumns:
    found: dict[str, str | None] = {}
    for role in ("entity", "key", "source"):
        asked = given.get(role)
        if asked is not None and asked not in names:
            raise UsageError(
                f'{path}: no column "{asked}"', hint="columns there: " + ", ".join(names), code=ErrorCode.COLUMN_UNKNOWN
            )
        found[role] = asked or _by_name(role, [n for n in names if n not in found.values()])
    rest = [n for n in names if n not in found.values()]
    for role in ("key", "entity"):
        if found[role] is None and len(rest) == 1:
            found[role] = rest.pop()
    key, entity = found["key"], found["entity"]
    if key is None or entity is None:
        missing = "record key" if key is None else "entity"
        option = "--key-column" if key is None else "--entity-column"
        raise UsageError(
            f"{path}: cannot tell which column holds the {missing}",
            hint=f"name it with {option}; columns there: {', '.join(names)}",
            code=ErrorCode.COLUMN_UNKNOWN,
        )
    return TruthColumns(found["source"], key, entity)


def _by_name(role: str, names: Sequence[str]) -> str | None:
    """The column whose name is best known for the role."""
    plain = {re.sub(r"[^a-z0-9]", "", n.lower()): n for n in reversed(names)}
    return next((plain[word] for word in _NAMES[role] if word in plain), None)


# -- the build --------------------------------------------------------------------------------------------


def _refuse_contradictions(engine: Engine, path: Path) -> None:
    twice = int(engine.scalar("SELECT count(*) FROM eval_truth WHERE entity <> other"))
    if twice:
        raise InputError(
            f"{path}: {twice} records have more than one entity",
            hint="a record is of one entity: mend the file",
            code=ErrorCode.TRUTH_UNFIT,
        )


_PLACES = (
    "SELECT t.truth_no, r.record_no, c.customer_id FROM eval_truth AS t INNER JOIN record AS r ON {on} "
    "INNER JOIN record_customer AS c ON r.record_no = c.record_no"
)


def _locate(engine: Engine, path: Path, columns: TruthColumns, *, asked: bool) -> TruthColumns:
    """Table eval_place (truth_no, record_no, customer_id); the columns that were used."""
    by_key = "t.record_key = r.record_key"
    if columns.source is not None:
        engine.run("eval_place", _PLACES.format(on=f"{by_key} AND t.source = r.source"))
        if engine.count("eval_place"):
            return columns
    sources = [r["source"] for r in engine.fetch("SELECT DISTINCT source FROM record ORDER BY source").to_pylist()]
    if asked:
        raise InputError(
            f'{path}: no record of the build has a source and key as under "{columns.source}" and "{columns.key}"',
            hint="sources of the build: " + ", ".join(sources),
            code=ErrorCode.TRUTH_UNFIT,
        )
    engine.run("eval_place", _PLACES.format(on=by_key))
    if not engine.count("eval_place"):
        raise InputError(
            f'{path}: no record of the build has a key as under "{columns.key}"',
            hint='name the columns with --key-column and --entity-column; `cxid query "SELECT source, record_key '
            'FROM identity_map LIMIT 5"` shows keys of the build',
            code=ErrorCode.TRUTH_UNFIT,
        )
    doubled = int(
        engine.scalar("SELECT count(*) FROM (SELECT truth_no FROM eval_place GROUP BY truth_no HAVING count(*) > 1)")
    ) + int(
        engine.scalar("SELECT count(*) FROM (SELECT record_no FROM eval_place GROUP BY record_no HAVING count(*) > 1)")
    )
    if doubled:
        raise InputError(
            f"{path}: {doubled} keys occur in several sources, so that a key alone does not name a record",
            hint="give the file a column with the source's name in the config (" + ", ".join(sources) + ")",
            code=ErrorCode.TRUTH_UNFIT,
        )
    return TruthColumns(None, columns.key, columns.entity)
