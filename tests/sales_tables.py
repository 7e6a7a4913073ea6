"""Runs the sections of the profile that are about sales, on sales that a test makes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid import sql
from cxid.config.trade import TRADED, with_trades
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.context import Silent
from cxid.stages.profile.moment import write_moment
from cxid.stages.profile.sections import purchases, value
from tests.profile_tables import load_events
from tests.reference.sales import Sale

_FOUND = """
SELECT n.customer_id, p.*, v.* FROM profile_number AS n
LEFT JOIN profile_purchases AS p ON p.customer_no = n.customer_no
LEFT JOIN profile_value AS v ON v.customer_no = n.customer_no
ORDER BY n.customer_no
"""


def sale(customer: str, when: str, amount: str | None = None, **more: Any) -> Sale:
    """A row of a till without a number, at a time such as 2024-03-01T10."""
    given = {"source": "till", "key": None, "kind": "transactions", "channel": "store", "currency": "EUR", **more}
    money = None if amount is None else Decimal(amount)
    return Sale(customer=customer, time=datetime.fromisoformat(when), amount=money, **given)


def write_sales(
    engine: DuckDBEngine, sales: list[Sale], *, as_of: str, zone: str = "UTC", more: tuple[str, ...] = ()
) -> tuple[dict[str, dict[str, Any]], Silent]:
    """Customer -> purchases and value, and what was warned of; `more` are customers without sales."""
    load_events(engine, list(sales), more=more)
    write_moment(engine, as_of, zone)
    engine.run("profile_currency", "SELECT CAST(NULL AS VARCHAR) AS currency")
    engine.map_values("profile_trade", TRADED, with_trades)
    engine.run("profile_number", sql.load("profile", "profile_number"))
    engine.drop("value_model")
    purchases.SECTION.write(engine)
    value.SECTION.write(engine)
    told = Silent()
    value.tell_value(engine, told)
    return {row["customer_id"]: row for row in engine.fetch(_FOUND).to_pylist()}, told
