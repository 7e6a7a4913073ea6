"""Published tables about a few customers, for tests of the page of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from cxid.config.model import Config
from cxid.contracts import TABLES
from cxid.customer_page.model import CustomerPage
from cxid.customer_page.reading import Asked, read_page
from cxid.engine.duckdb import DuckDBEngine
from tests.spec.test_report_figures import ARROW

ME = "cx_me"
SLOTS = ("given_name", "family_name", "email", "birth_date", "city")
AS_OF = datetime(2026, 11, 1, 23, 59, 59)
CONFIG: dict[str, Any] = {
    "sources": {
        "crm": {
            "path": "crm.csv",
            "kind": "people",
            "key": "no",
            "columns": {slot: slot for slot in SLOTS},
        },
        "web": {"path": "web.csv", "kind": "events", "time": "at", "ids": {"email": "mail"}},
        "pos": {"path": "pos.csv", "kind": "transactions", "time": "at", "amount": "total", "ids": {"email": "mail"}},
        "nps": {"path": "nps.csv", "kind": "survey", "time": "at", "score": "score", "ids": {"email": "mail"}},
        "posts": {"path": "p.csv", "kind": "mentions", "time": "at", "ids": {"handle": "h"}},
    }
}
GOLDEN = {
    "customer_id": ME,
    "given_name": "Ann",
    "family_name": "Smith",
    "email": "ann@x.example",
    "city": "Linz",
    "is_known": True,
    "record_count": 2,
    "source_count": 2,
    "sources": "crm,web",
    "first_seen": datetime(2025, 1, 2),
    "last_seen": datetime(2026, 10, 3),
    "confidence": Decimal("0.97"),
    "completeness": Decimal("0.8"),
    "needs_review": False,
}
_EVENT = {
    "source": pa.string(),
    "event_key": pa.string(),
    "category": pa.string(),
    "score": pa.decimal128(9, 4),
}


def golden(customer_id: str = ME, **values: Any) -> dict[str, Any]:
    """A row of golden_customer: Ann Smith of Linz but for what is said."""
    return {**GOLDEN, "customer_id": customer_id, **values}


def touch(time: str | None, source: str = "web", **values: Any) -> dict[str, Any]:
    """A row of touchpoint: a view on the web but for what is said."""
    channel = {"web": "web", "pos": "store", "nps": "survey", "posts": "social"}.get(source, source)
    told = {"customer_id": ME, "source": source, "channel": channel, "type": "view", **values}
    return {**told, "time": None if time is None else datetime.fromisoformat(time)}


@contextmanager
def engine_of(rows: Mapping[str, Sequence[Mapping[str, Any]]], profile: Mapping[str, Any]) -> Iterator[DuckDBEngine]:
    """An engine with the tables named, and a profile of one row with these columns."""
    engine = DuckDBEngine()
    try:
        for name, listed in rows.items():
            engine.load(name, table_of(name, listed))
        if profile:
            engine.load("profile", pa.Table.from_pylist([{"customer_id": ME, "as_of": AS_OF, **profile}]))
        yield engine
    finally:
        engine.close()


def page_of(
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    profile: Mapping[str, Any] | None = None,
    *,
    triggers: Mapping[str, Any] | None = None,
    events: int = 20,
    masked: bool = False,
) -> CustomerPage:
    """The page of the customer over these tables; golden_customer has Ann Smith unless it is among them."""
    config = Config.model_validate({**CONFIG, "triggers": triggers or {}})
    with engine_of({"golden_customer": [golden()], **(rows or {})}, profile or {}) as engine:
        return read_page(engine, ME, Asked(config, "r0001", Path("nowhere"), events, masked))


def table_of(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as the table that the contract describes; what a row does not say is missing."""
    if name == "run_event":
        types: dict[str, pa.DataType] = _EVENT
    else:
        contract = TABLES[name]
        types = {c.name: ARROW[c.type] for c in contract.columns}
        if contract.slots:
            types = {"customer_id": pa.string(), **dict.fromkeys(SLOTS, pa.string()), **types}
    listed = [{column: row.get(column) for column in types} for row in rows]
    return pa.Table.from_pylist(listed, schema=pa.schema(list(types.items())))
