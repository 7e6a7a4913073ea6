"""Worlds of two runs, made at random, as tables of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from hypothesis import strategies as st

from cxid.diff.opening import Pair
from cxid.engine.base import Engine
from cxid.runs.folder import RunFolder
from tests.reference.run_diff import Event, Member, Owners, Run, owner_of

RECORDS: tuple[Member, ...] = tuple((s, str(n)) for s in ("crm", "web") for n in range(4))
IDENTIFIERS: tuple[Member, ...] = tuple((t, str(n)) for t in ("#email", "#cookie") for n in range(4))
_START = datetime(2026, 1, 1)
_EVENT = pa.schema([
    ("event_no", pa.int64()), ("source", pa.string()), ("event_key", pa.string()), ("kind", pa.string()),
    ("channel", pa.string()), ("time", pa.timestamp("us")), ("type", pa.string()), ("amount", pa.decimal128(18, 4)),
    ("currency", pa.string()), ("category", pa.string()), ("campaign", pa.string()), ("score", pa.decimal128(9, 4)),
    ("sentiment", pa.decimal128(9, 4)), ("reach", pa.int64()),
])  # fmt: skip


@dataclass(frozen=True)
class LoadedPair(Pair):
    """Two runs whose tables were loaded; `same_events` stands for the comparison of files."""

    same_events: bool = False

    def has(self, *names: str) -> bool:
        return False

    def is_same(self, *names: str) -> bool:
        return self.same_events


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Something that happened; two of one moment and the same identifiers are of one source."""
    ids = draw(st.sets(st.sampled_from(IDENTIFIERS), min_size=0, max_size=2))
    kind = draw(st.sampled_from(("events", "transactions", "survey")))
    time = _START + timedelta(days=draw(st.integers(0, 120)))
    amount = Decimal(draw(st.integers(-3, 9))) if kind == "transactions" else None
    score = draw(st.integers(0, 10)) if kind == "survey" else None
    return Event(kind, time, frozenset(ids), kind, amount, score)


@st.composite
def owners(draw: st.DrawFn, members: Sequence[Member], ids: Sequence[str], unowned: bool = True) -> Owners:
    """Who owns which member; an identifier may be nobody's."""
    found = {}
    for member in members:
        is_identifier = member[0].startswith("#")
        if is_identifier and unowned and draw(st.integers(0, 4)) == 0:
            continue
        found[member] = draw(st.sampled_from(ids))
    return found


def as_run(seen: Sequence[Member], owned: Owners, happened: Sequence[Event]) -> Run:
    """A run of these: every identifier of the events is in its data."""
    return Run(frozenset(seen), owned, tuple((e, owner_of(e.ids, owned)[0]) for e in happened))


def load_pair(engine: Engine, before: Run, after: Run, *, same_events: bool = False) -> LoadedPair:
    """The two runs as tables before_<table> and after_<table>."""
    for side, run in (("before", before), ("after", after)):
        _load(engine, side, run)
    nowhere = RunFolder(Path("/nonexistent/r0001-00000000"))
    return LoadedPair(engine, nowhere, nowhere, {"before": {}, "after": {}}, same_events)


def _load(engine: Engine, side: str, run: Run) -> None:
    def text(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        listed = [[row[n] for row in rows] for n in range(len(columns))]
        types = [pa.int64() if c.endswith("_no") else pa.string() for c in columns]
        arrays = [pa.array(values, type_) for values, type_ in zip(listed, types, strict=True)]
        engine.load(f"{side}_{name}", pa.table(arrays, names=list(columns)))

    records = sorted(run.records)
    entries = [(c, *(m if not m[0].startswith("#") else ("", "")), *(
        (m[0][1:], m[1]) if m[0].startswith("#") else ("", "")
    )) for m, c in run.owners.items()]  # fmt: skip
    text("identity_map", ("customer_id", "source", "record_key", "id_type", "id_value"), entries)
    text("record_customer", ("record_no", "customer_id"), [(n, run.records[m]) for n, m in enumerate(records)])
    text("identity_event", ("run_no", "event", "customer_id", "other_customer_id", "cause"), [])
    text("record_identifier", ("record_no", "id_type", "id_value"), [(0, m[0][1:], m[1]) for m in sorted(run.seen)])
    engine.run(f"{side}_record", "SELECT CAST(NULL AS TIMESTAMP) AS updated_at WHERE 1 = 0")
    rows, ids, told = [], [], []
    for n, (event, customer) in enumerate(run.events):
        rows.append({
            "event_no": n, "source": event.source, "kind": event.kind, "time": event.time, "amount": event.amount,
            "currency": "EUR" if event.amount is not None else None, "score": event.score, "channel": "web",
        })  # fmt: skip
        ids += [(n, m[0][1:], m[1]) for m in sorted(event.ids)]
        told.append((n, customer, owner_of(event.ids, run.owners)[1]))
    engine.load(f"{side}_event", pa.Table.from_pylist(rows, schema=_EVENT))
    text("event_identifier", ("event_no", "id_type", "id_value"), ids)
    text("event_customer", ("event_no", "customer_id", "id_type"), told)
