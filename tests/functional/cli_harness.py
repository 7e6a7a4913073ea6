"""The command line in this process, with streams that are a terminal or not, and a small published project."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq

from cxid.cli import run
from cxid.cli._grid import text_width
from cxid.contracts import TABLES
from tests.spec.test_report_figures import ARROW

PAINT = re.compile(r"\x1b\[[0-9;]*m")
VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CI", "TERM", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG", "_CXID_COMPLETE")


class Stream(io.TextIOWrapper):
    """A stream in memory that says of itself whether it is a terminal."""

    def __init__(self, *, tty: bool, encoding: str, text: str = "") -> None:
        super().__init__(io.BytesIO(text.encode()), encoding=encoding, errors="strict", newline="")
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def fileno(self) -> int:
        raise OSError("no descriptor")

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8" if self.encoding == "utf-8" else "ascii")  # type: ignore[attr-defined]


class Unread(Stream):
    """A stdin that nobody may read: whoever does fails."""

    def __init__(self, *, tty: bool) -> None:
        super().__init__(tty=tty, encoding="utf-8")

    def readable(self) -> bool:
        raise AssertionError("stdin was read")

    read = readline = __next__ = buffer = property(readable)  # type: ignore[assignment]


@dataclass(frozen=True)
class Outcome:
    """What a command wrote and how it ended."""

    code: int
    out: str
    err: str


@contextmanager
def _environment(env: Mapping[str, str]) -> Any:
    kept = {k: v for k, v in os.environ.items() if k not in VARIABLES}
    with patch.dict(os.environ, {**kept, "LANG": "C.UTF-8", **env}, clear=True):
        yield


def cxid(
    *args: str | Path,
    tty: bool = False,
    env: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    stdin: str | None = "",
    is_typed: bool = True,
) -> Outcome:
    """Run `cxid args` here; all streams are a terminal when `tty`, stdin only if `is_typed`. None: reading it fails."""
    out, err = Stream(tty=tty, encoding=encoding), Stream(tty=tty, encoding=encoding)
    out.reconfigure(errors="backslashreplace")
    err.reconfigure(errors="backslashreplace")
    inn = Unread(tty=tty) if stdin is None else Stream(tty=tty and is_typed, encoding="utf-8", text=stdin)
    with (
        _environment({"TERM": "xterm-256color", **(env or {})}),
        patch.multiple(sys, stdout=out, stderr=err, stdin=inn),
    ):
        code = run([str(a) for a in args])
    return Outcome(code, out.text(), err.text())


def too_wide(shown: str, columns: int) -> list[str]:
    """The lines that do not fit on a terminal, those with a command aside: a command is never broken in two."""
    plain = PAINT.sub("", shown)
    return [line for line in plain.splitlines() if text_width(line) > columns and "cxid " not in line]


HOSTILE = "\x1b[31mred\x07\u202e[bold]x[/]\nnext\tcell"  # an escape, a bell, a turn of direction, markup, a line break
SLOTS = ("given_name", "family_name", "email", "city")
CONFIG = """version: 1
project: acme
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: first, family_name: last, email: mail, city: town}}
  web: {path: web.csv, kind: events, time: at, ids: {email: mail, cookie: cookie}}
outputs: {dir: output, formats: [parquet]}
"""
_AT = datetime(2026, 5, 1, 12, 0)
PUBLISHED: dict[str, list[dict[str, Any]]] = {
    "golden_customer": [
        {
            "customer_id": "cx_ann",
            "given_name": "Ännchen",
            "family_name": "Smith",
            "email": "ann@x.example",
            "city": HOSTILE,
            "is_known": True,
            "record_count": 2,
            "source_count": 2,
            "sources": "crm,web",
            "first_seen": _AT,
            "last_seen": _AT,
            "confidence": Decimal("0.98"),
            "completeness": Decimal(1),
            "needs_review": False,
        },
        {
            "customer_id": "cx_bob",
            "given_name": "Bob",
            "family_name": "Smith",
            "email": None,
            "city": "=cmd()",
            "is_known": True,
            "record_count": 1,
            "source_count": 1,
            "sources": "crm",
            "confidence": Decimal(1),
            "completeness": Decimal("0.75"),
            "needs_review": False,
        },
    ],
    "identity_map": [
        {
            "customer_id": "cx_ann",
            "source": "crm",
            "record_key": "1",
            "id_type": "",
            "id_value": "",
            "link_kind": "model",
            "probability": Decimal("0.98"),
            "since_run": "r0001-00000000",
        },
        {
            "customer_id": "cx_ann",
            "source": "crm",
            "record_key": "a:2",
            "id_type": "",
            "id_value": "",
            "link_kind": "model",
            "probability": Decimal("0.98"),
            "since_run": "r0001-00000000",
        },
        {
            "customer_id": "cx_bob",
            "source": "crm",
            "record_key": "3",
            "id_type": "",
            "id_value": "",
            "link_kind": "single",
            "probability": Decimal(1),
            "since_run": "r0001-00000000",
        },
        {
            "customer_id": "cx_ann",
            "source": "",
            "record_key": "",
            "id_type": "phone",
            "id_value": "+436641234567",
            "link_kind": "stitch",
            "probability": Decimal(1),
            "since_run": "r0001-00000000",
        },
        {
            "customer_id": "cx_ann",
            "source": "",
            "record_key": "",
            "id_type": "email",
            "id_value": "ann@x.example",
            "link_kind": "stitch",
            "probability": Decimal(1),
            "since_run": "r0001-00000000",
        },
    ],
    "customer_alias": [
        {"old_customer_id": "cx_old", "customer_id": "cx_ann", "since_run": "r0001-00000000"},
        {"old_customer_id": "cx_gone", "customer_id": None, "since_run": "r0001-00000000"},
    ],
    "golden_provenance": [
        {
            "customer_id": "cx_ann",
            "field": "email",
            "value": "ann@x.example",
            "source": "crm",
            "record_key": "1",
            "rule": "latest",
            "losing_values": '[{"value": "a.smith@x.example", "source": "crm", "record_key": "a:2"}]',
            "conflict": True,
        },
    ],
    "touchpoint": [
        {
            "customer_id": "cx_ann",
            "time": datetime(2026, 1, day),
            "channel": "web",
            "source": "web",
            "event_key": None,
            "type": "view",
            "value": Decimal("1.5000") if day == 1 else None,
            "campaign": HOSTILE if day == 2 else None,
        }
        for day in range(1, 26)
    ],
    "profile": [{"customer_id": "cx_ann", "as_of": _AT, "orders": 3}, {"customer_id": "cx_bob", "as_of": _AT}],
    "quarantine": [{"source": "crm", "file": "crm.csv", "line": 4, "reason": "too_few_columns", "field": ""}],
}


def write_project(
    folder: Path, figures: Sequence[tuple[str, int, str, str, str]] = (), run_id: str = "r0001-00000000"
) -> Path:
    """A project with one published run, as `cxid build` leaves it."""
    (folder / "cxid.yml").write_text(CONFIG, encoding="utf-8")
    run_dir = folder / ".cxid" / "runs" / run_id
    (run_dir / "tables").mkdir(parents=True)
    for name, rows in PUBLISHED.items():
        table = TABLES[name]
        types = {c.name: ARROW[c.type] for c in table.columns}
        extra = (
            {"orders": pa.int64()} if name == "profile" else dict.fromkeys(SLOTS, pa.string()) if table.slots else {}
        )
        names = [table.columns[0].name, *extra, *(c.name for c in table.columns[1:])]
        schema = pa.schema([(n, {**types, **extra}[n]) for n in names])
        data = pa.Table.from_pylist([{n: row.get(n) for n in names} for row in rows], schema=schema)
        pq.write_table(data, run_dir / "tables" / f"{name}.parquet")
    names_of_figures = ("section", "row_no", "label", "name", "value")
    types_of_figures = (pa.string(), pa.int32(), pa.string(), pa.string(), pa.string())
    listed = [dict(zip(names_of_figures, f, strict=True)) for f in figures]
    schema = pa.schema(list(zip(names_of_figures, types_of_figures, strict=True)))
    pq.write_table(pa.Table.from_pylist(listed, schema=schema), run_dir / "tables" / "report_figure.parquet")
    (run_dir / "run_results.json").write_text(_RESULTS.replace("RUN", run_id), encoding="utf-8")
    (folder / ".cxid" / "published").symlink_to(f"runs/{run_id}")
    return folder


_RESULTS = """{"run_id": "RUN", "status": "published", "started_at": "2026-05-01T12:00:00.000+00:00", "seconds": 12.5,
 "stages": [{"name": "sources", "seconds": 3.5, "peak_mb": 210, "tables": {},
  "warnings": [], "facts": [], "resumed": false}],
 "gates": [], "outputs": {}, "counts": {"records": 3, "customers": 2}, "error": null, "finished_at": null}"""
