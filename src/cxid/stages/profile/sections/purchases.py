"""What the customer bought, and recency, frequency, monetary value (RFM)."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.moment import on_the_wall
from cxid.stages.profile.section import MONEY, Attribute, Section, count, has_rows

_NONE = "no purchase up to as_of"

ATTRIBUTES = (
    count(
        "orders",
        "Purchases, those given back later included: what shares the case (else the key) counts once; without "
        "either, what is bought of a source at one time.",
    ),
    count("refunds", "Refunds: receipts with a negative amount or of a refund's type."),
    count(
        "orders_returned",
        "Purchases given back as a whole: by the same receipt, or by a later refund of the same amount.",
    ),
    Attribute("currency", "VARCHAR", "The currency of most of the customer's orders.", "unknown, or no purchase"),
    Attribute("revenue", MONEY, "Purchases less refunds in `currency`.", _NONE),
    Attribute("average_order", MONEY, "Purchases in `currency` over the orders in it.", _NONE),
    Attribute(
        "revenue_by_currency",
        "VARCHAR",
        'Purchases less refunds by currency, as JSON: {"EUR":"12.0000"}; "unknown" where none is named.',
        _NONE,
    ),
    Attribute("first_purchase_at", "TIMESTAMP", "Time of the first purchase, UTC.", _NONE),
    Attribute("last_purchase_at", "TIMESTAMP", "Time of the last purchase up to as_of, UTC.", _NONE),
    Attribute(
        "typical_gap_days",
        "DECIMAL(9,1)",
        "Median of the days between one day with a purchase and the next.",
        "fewer than two days with a purchase",
    ),
    Attribute("days_since_purchase", "BIGINT", "Days from the day of the last purchase to that of as_of.", _NONE),
    Attribute("recency_quintile", "INTEGER", "5 for the latest last purchases, 1 for the earliest.", _NONE),
    Attribute("frequency_quintile", "INTEGER", "5 for most orders, 1 for fewest.", _NONE),
    Attribute(
        "monetary_quintile", "INTEGER", "5 for most revenue, 1 for least, among customers of the same currency.", _NONE
    ),
    Attribute("rfm_segment", "VARCHAR", "Name of the cell in the grid of recency and frequency.", _NONE),
    count("categories", "Different categories bought."),
    Attribute("top_category", "VARCHAR", "The category of most orders.", "no purchase with a category"),
)
_RELATIONS = ("receipt", "return", "money", "main_money", "gap", "order", "rfm", "purchases")
TABLES = ("profile_trade", "profile_today", "profile_sale", "profile_receipt", "profile_return")
"""What the sections after this one read as well."""
_TODAY = "SELECT CAST({} AS DATE) AS today FROM profile_moment"
_SALE = "SELECT s.*, CAST({} AS DATE) AS day FROM ({}) AS s"


def write(engine: Engine) -> None:
    """Table `profile_purchases`; leaves those of the sales for the sections after it. Days are those of the wall."""
    engine.run("profile_today", _TODAY.format(on_the_wall(engine, "as_of")))
    engine.run("profile_sale", _SALE.format(on_the_wall(engine, "s.time"), sql.load("profile", "profile_sale")))
    for relation in _RELATIONS:
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.drop("profile_money", "profile_main_money", "profile_gap", "profile_order", "profile_rfm")


def is_fed(engine: Engine) -> bool:
    """Whether any event is a transaction, or a purchase with an amount."""
    return has_rows(engine, "profile_trade", "kind = 'transactions' OR trade = 'purchase'")


SECTION = Section(
    "purchases", "Purchases", "transactions, or events of a purchase type with an amount", ATTRIBUTES, is_fed, write
)
