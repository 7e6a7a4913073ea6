"""The rows of an export as a file: CSV in which no cell is a formula, Parquet, or JSON lines; whole or not there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cxid import faults
from cxid.engine.base import Engine, quote
from cxid.errors import ErrorCode, UsageError
from cxid.exporting.model import ENDINGS, Target
from cxid.privacy import csv_text, json_text
from cxid.runs import disk

_MAY_ACT = r"^[=+\-@\t\r\n＝＋－＠]"  # `csv_text` decides; the others need not be looked at one by one
_BATCH = 50_000


def ending_of(path: Path) -> str:
    """csv, parquet or jsonl, by the file's name. Raises UsageError for another."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise UsageError(
            "the file's ending says how it is written: " + ", ".join(f".{e}" for e in ENDINGS),
            hint="for example --to customers.csv",
        )
    return ending


def check_target(target: Target) -> None:
    """Raises UsageError when the file cannot be written there, or when a delta that lies there would be lost."""
    ending_of(target.path)
    if not target.path.parent.is_dir():
        raise UsageError(
            f"{target.path.parent}: no such folder",
            hint="make it, or name another place with --to",
            code=ErrorCode.PATH_INVALID,
        )
    if target.path.is_dir():
        raise UsageError(
            f"{target.path}: is a folder", hint="name a file in it, e.g. customers.csv", code=ErrorCode.PATH_INVALID
        )
    if target.delta is not None and not target.overwrite and target.path.exists():
        raise UsageError(
            f"{target.path}: is there already, and the changes in it may not have been fetched",
            hint="move it away, name another file, or give --overwrite when they have been",
            code=ErrorCode.FILE_EXISTS,
        )


def write_file(engine: Engine, path: Path, work: Path, told: Callable[[int, int, str], None] = lambda *_: None) -> int:
    """Write export_row by its ids to `path`, readable by its owner alone; the number of rows comes back.

    A reader sees the old file or the new one. `work` is a folder that the engine may write to, `told` hears how many
    rows of all are done.
    """
    total = engine.count("export_row")
    names = list(engine.columns("export_row"))
    key = next(n for n in names if n == "customer_id")
    made = work / f"export.{ending_of(path)}"
    if made.suffix == ".jsonl":
        _write_jsonl(engine, key, made, lambda done: told(done, total, "rows"))
    else:
        table = "export_row"
        if made.suffix == ".csv":
            done = 0

            def guarded(batch: pa.Table) -> pa.Table:
                nonlocal done
                told(done, total, "rows")
                done += len(batch)
                return _guarded(batch)

            engine.map_rows("export_cell", table, guarded, batch_rows=_BATCH)
            table = "export_cell"
        engine.write(table, made, order_by=(csv_text(key),))
    _put(made, path)
    return total


def _guarded(batch: pa.Table) -> pa.Table:
    """The same rows with an apostrophe before every text that a spreadsheet would run."""
    for at, name in enumerate(batch.column_names):
        column = batch.column(name)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            acts = pc.fill_null(pc.match_substring_regex(column, _MAY_ACT), False)
            if pc.any(acts).as_py():
                cells = [csv_text(v) for v in column.filter(acts).to_pylist()]
                column = pc.replace_with_mask(
                    column.combine_chunks(), acts.combine_chunks(), pa.array(cells, column.type)
                )
            batch = batch.set_column(at, name, column)
    return batch.rename_columns([csv_text(name) for name in batch.column_names])


def _write_jsonl(engine: Engine, key: str, path: Path, told: Callable[[int], None]) -> None:
    """One object a line, keys in the order of the columns; a decimal is a number, a time ISO 8601."""
    done = 0
    with path.open("w", encoding="utf-8") as file:
        for batch in engine.select(f"SELECT * FROM export_row ORDER BY {quote(key)}", batch_rows=_BATCH):
            for row in batch.to_pylist():
                file.write(json_text(json.dumps(row, ensure_ascii=False, allow_nan=False, default=_json_value)) + "\n")
            done += len(batch)
            told(done)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = int(value) if value == value.to_integral_value() else float(value)
        return whole if isinstance(whole, int) or Decimal(repr(whole)) == value else str(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _put(made: Path, path: Path) -> None:
    """Move the file to its place in one step, also onto another file system."""
    disk.sync_file(made)
    faults.hit("export.put")
    try:
        made.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with (
                made.open("rb") as source,
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to,
            ):
                shutil.copyfileobj(source, to)
                to.flush()
                os.fsync(to.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        made.unlink()
    disk.sync_folder(path.parent)
    faults.hit("export.placed")
