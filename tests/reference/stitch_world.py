"""Small worlds for tests of the stage: records, scored pairs and events in; customers out, by readable names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from cxid.config.model import Match
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.context import Silent, StageContext
from cxid.stages.stitch import EARLIER, run
from cxid.stages.stitch.kinds import rank_of

FIELDS = (
    Field("given_name", FieldType.GIVEN_NAME, ("given_name",)),
    Field("family_name", FieldType.FAMILY_NAME, ("family_name",)),
    Field("birth_date", FieldType.BIRTH_DATE, ("birth_date",)),
    Field("email", FieldType.EMAIL, ("email",)),
    Field("tax_id", FieldType.IDENTIFIER, ("tax_id",)),
)
START = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Row:
    """A record: its name for the test is its key; `ids` are its identifiers besides the fields."""

    key: str
    source: str = "crm"
    values: Mapping[str, str] = field(default_factory=dict)
    ids: Sequence[tuple[str, str]] = ()
    updated: int | None = None  # days after START


@dataclass(frozen=True)
class Happening:
    """An event `at` minutes after START with the identifiers (type, value) that it carries."""

    ids: Sequence[tuple[str, str]]
    at: int | None = 0


def _text(values: Iterable[str | None]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _numbers(values: Iterable[int]) -> pa.Array:
    return pa.array(list(values), pa.int64())


def _load_records(engine: DuckDBEngine, rows: list[Row]) -> dict[str, int]:
    rows = sorted(rows, key=lambda r: (r.source, r.key))
    number = {row.key: i for i, row in enumerate(rows, 1)}
    slots = {f.name: _text(r.values.get(f.name) for r in rows) for f in FIELDS}
    base = {"record_no": _numbers(number.values()), "source": _text(r.source for r in rows)}
    updated = pa.array(
        [None if r.updated is None else START + timedelta(days=r.updated) for r in rows], pa.timestamp("us")
    )
    digests = {"row_digest": _text(f"{sorted(r.values.items())}{r.ids}" for r in rows)}
    engine.load("record", pa.table(base | {"record_key": _text(number), "updated_at": updated} | digests | slots))
    nothing = _text(None for _ in rows)
    engine.load("record_norm", pa.table(base | slots | {"given_name_aka": nothing}))
    carried = [
        (number[r.key], type_, value)
        for r in rows
        for type_, value in dict.fromkeys([*r.ids, *((f, r.values[f]) for f in ("email",) if f in r.values)])
    ]
    engine.load("record_identifier", _identifiers("record_no", carried))
    return number


def _identifiers(number: str, rows: list[tuple[int, str, str]]) -> pa.Table:
    return pa.table(
        {
            number: _numbers(r[0] for r in rows),
            "id_type": _text(r[1] for r in rows),
            "id_value": _text(r[2] for r in rows),
        }
    )


def _load_pairs(engine: DuckDBEngine, number: Mapping[str, int], pairs: Sequence[tuple[Any, ...]]) -> None:
    """Pairs are (key, key, bits), then in any order 'household', 'identical', ('rivals', bits), the pattern's number."""
    found = [(*sorted((number[p[0]], number[p[1]])), *p[2:]) for p in pairs]
    marks = [set(p[3:]) for p in found]
    weights = [round(p[2] * 1_000_000) for p in found]
    engine.load(
        "link_pair",
        pa.table(
            {
                "record_no_a": _numbers(p[0] for p in found),
                "record_no_b": _numbers(p[1] for p in found),
                "rules": _numbers(0 if "identical" in m else 1 for m in marks),
                "pattern": _numbers(next((x for x in m if isinstance(x, int)), 1) for m in marks),
                "weight": _numbers(weights),
                "probability": pa.array([round(1e6 / (1 + math.pow(2, -w / 1e6))) for w in weights], pa.int32()),
                "household": pa.array([900_000 if "household" in m else 0 for m in marks], pa.int32()),
                "rivals": _numbers(next((x[1] * 1_000_000 for x in m if isinstance(x, tuple)), 0) for m in marks),
            }
        ),
    )
    engine.load(
        "link_pattern",
        pa.table(
            {
                "pattern": _numbers([1, 1]),
                "field": _text(["given_name", "birth_date"]),
                "level": _text(["exact", "exact"]),
                "weight": _numbers([2_500_000, 9_000_000]),
            }
        ),
    )
    engine.load(
        "blocking_rule",
        pa.table(
            {
                "rule_no": pa.array([0], pa.int32()),
                "rule": _text(["birth_date"]),
                "pairs": _numbers([1]),
                "largest_block": _numbers([1]),
                "matches": _numbers([1]),
            }
        ),
    )


def _load_model(engine: DuckDBEngine, classes: Sequence[tuple[int, int, int, str, float]]) -> None:
    """Rows are (class_no, field_no, level_no, kind, bits); see `cxid.weighing`."""
    columns = ("class_no", "field_no", "level_no")
    numbers = {c: pa.array([row[i] for row in classes], pa.int32()) for i, c in enumerate(columns)}
    bits = _numbers(round(row[4] * 1_000_000_000) for row in classes)
    engine.load("link_class", pa.table(numbers | {"kind": _text(row[3] for row in classes), "nano_bits": bits}))
    names = ("field_no_a", "field_no_b", "agree_a", "agree_b")
    engine.load("link_tie", pa.table({c: pa.array([], pa.int32()) for c in names} | {"nano_bits": _numbers([])}))


def _load_events(engine: DuckDBEngine, events: Sequence[Happening]) -> None:
    engine.load(
        "event",
        pa.table(
            {
                "event_no": _numbers(range(1, len(events) + 1)),
                "time": pa.array(
                    [None if e.at is None else START + timedelta(minutes=e.at) for e in events], pa.timestamp("us")
                ),
            }
        ),
    )
    engine.load("event_identifier", _identifiers("event_no", [(i, *p) for i, e in enumerate(events, 1) for p in e.ids]))


def _load_decisions(
    engine: DuckDBEngine, rows: Sequence[Row], number: Mapping[str, int], decisions: Sequence[tuple[str, str, str]]
) -> None:
    """Decisions are (action, key, key); a key that no record has is a record that is gone."""
    source = {row.key: row.source for row in rows}
    engine.load(
        "decision",
        pa.table(
            {
                "line": _numbers(range(2, len(decisions) + 2)),
                "action": _text(d[0] for d in decisions),
                "source_a": _text(source.get(d[1], "crm") for d in decisions),
                "record_key_a": _text(d[1] for d in decisions),
                "source_b": _text(source.get(d[2], "crm") for d in decisions),
                "record_key_b": _text(d[2] for d in decisions),
                "record_no_a": pa.array([number.get(d[1]) for d in decisions], pa.int64()),
                "record_no_b": pa.array([number.get(d[2]) for d in decisions], pa.int64()),
            }
        ),
    )


class World:
    """What the stage made of it."""

    def __init__(self, engine: DuckDBEngine, reporter: Silent) -> None:
        self.engine, self.reporter = engine, reporter

    @property
    def left(self) -> dict[str, pa.Table]:
        """What the next run reads of this one."""
        return {
            here: self.engine.fetch(f"SELECT {', '.join(columns) or '*'} FROM {there}")
            for here, (there, columns) in EARLIER.items()
        }

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return list(self.engine.fetch(sql).to_pylist())

    @property
    def groups(self) -> set[frozenset[str]]:
        """The records of each customer, by key."""
        found: dict[str, set[str]] = {}
        for row in self.rows("SELECT customer_id, record_key FROM record_customer JOIN record USING (record_no)"):
            found.setdefault(row["customer_id"], set()).add(row["record_key"])
        return {frozenset(g) for g in found.values()}

    @property
    def names(self) -> dict[str, str]:
        """customer_id -> a readable name: its smallest record key, else the identifier that names it best."""
        identifiers = self.rows("SELECT * FROM identifier_customer")
        identifiers.sort(key=lambda r: (rank_of(r["id_type"]), r["id_type"], r["id_value"]), reverse=True)
        found = {r["customer_id"]: f"{r['id_type']}:{r['id_value']}" for r in identifiers}
        rows = self.rows(
            "SELECT customer_id, record_key FROM record_customer JOIN record USING (record_no) ORDER BY 2 DESC"
        )
        return found | {r["customer_id"]: r["record_key"] for r in rows}

    @property
    def owners(self) -> dict[str, str]:
        """'type:value' -> the customer's name."""
        names = self.names
        return {
            f"{r['id_type']}:{r['id_value']}": names[r["customer_id"]]
            for r in self.rows("SELECT * FROM identifier_customer")
        }

    @property
    def attributed(self) -> list[str | None]:
        """The customer's name of each event, in the order given."""
        names = self.names
        return [
            names[r["customer_id"]] if r["customer_id"] else None
            for r in self.rows("SELECT * FROM event_customer ORDER BY event_no")
        ]

    @property
    def hubs(self) -> set[str]:
        return {f"{r['id_type']}:{r['id_value']}" for r in self.rows("SELECT * FROM hub_identifier")}

    @property
    def refused(self) -> set[tuple[str, str, str, str]]:
        """(key, key, guard, detail) of every refused merge."""
        return {
            (*sorted((r["a"], r["b"])), r["guard"], r["detail"])
            for r in self.rows(
                "SELECT a.record_key AS a, b.record_key AS b, m.guard, m.detail FROM refused_merge AS m "
                "JOIN record AS a ON a.record_no = m.record_no_a JOIN record AS b ON b.record_no = m.record_no_b"
            )
        }


def stitched(
    rows: Sequence[Row] = (),
    pairs: Sequence[tuple[Any, ...]] = (),
    events: Sequence[Happening] = (),
    *,
    match: Match | None = None,
    threads: int | None = None,
    previous: Mapping[str, pa.Table] | None = None,
    run_id: str = "r0002-00000000",
    basis: Mapping[str, str] | None = None,
    decisions: Sequence[tuple[str, str, str]] = (),
    model: Sequence[tuple[int, int, int, str, float]] = (),
) -> World:
    """Run the stage over a small world; `previous` is what an earlier one `left`.

    `model` is what groups of records taken together are weighed by.
    """
    engine, reporter = DuckDBEngine(threads=threads), Silent()
    number = _load_records(engine, list(rows))
    _load_pairs(engine, number, pairs)
    _load_model(engine, model)
    _load_events(engine, events)
    _load_decisions(engine, rows, number, decisions)
    for name, table in (previous or {}).items():
        engine.load(name, table)
    ctx = StageContext(engine, Path(), run_id=run_id, reporter=reporter)
    run(ctx, match=match or Match(), fields=FIELDS, basis=basis or {"match": "", "source crm": ""})
    return World(engine, reporter)
