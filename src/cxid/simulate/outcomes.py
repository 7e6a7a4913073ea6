"""What customers did after a moment, from everything known today: purchases, revenue, silence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from cxid.config.model import Config
from cxid.config.trade import TRADED, with_trades
from cxid.engine.base import Engine
from cxid.simulate.model import Followed
from cxid.sql import load
from cxid.stages.context import Silent
from cxid.stages.profile.doings import write_doings

NEEDED = (
    "event", "event_identifier", "event_customer", "customer", "profile", "household", "trigger_log",
)  # fmt: skip
_MOMENT = "SELECT max(as_of) AS as_of, CAST(? AS VARCHAR) AS timezone FROM profile"


def write_today(engine: Engine, config: Config, tables: Mapping[str, Path], window_days: int) -> None:
    """Tables sim_sale and sim_doing: purchases, and what customers did themselves, under the ids of today.

    sim_window has the currency in which most is bought and the window in seconds.
    """
    for name in NEEDED:
        engine.view(name, tables[name])
    engine.run("profile_moment", _MOMENT, [config.profile.timezone])
    engine.run("profile_currency", "SELECT upper(CAST(? AS VARCHAR)) AS currency", [config.profile.currency])
    engine.map_values("profile_trade", TRADED, with_trades)
    engine.run("profile_number", load("profile", "profile_number"))
    engine.run("profile_sale", load("profile", "profile_sale"))
    write_doings(engine, config.profile, Silent())
    named = "JOIN profile_number AS n ON n.customer_no = s.customer_no"
    engine.run(
        "sim_sale",
        f"SELECT n.customer_id, s.receipt, s.time, s.currency, s.is_refund, s.net FROM profile_sale AS s {named}",
    )
    engine.run("sim_doing", f"SELECT n.customer_id, s.time FROM profile_event AS s {named} WHERE s.own = 1")
    currency = engine.scalar(
        "SELECT currency FROM sim_sale WHERE is_refund = 0 GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"
    )
    engine.run(
        "sim_window",
        "SELECT CAST(? AS VARCHAR) AS currency, CAST(? AS BIGINT) AS seconds",
        [currency or "", 86_400 * window_days],
    )
    engine.drop("profile_sale", "profile_trade", "profile_event", "profile_said", "profile_spelling")


def follow(engine: Engine, units: str) -> None:
    """Table sim_outcome of the customers of query `units` (customer_id, arm, since)."""
    engine.run("sim_unit", units)
    engine.run("sim_outcome", load("simulate", "sim_outcome"))


def followed(engine: Engine, arm: str, among: str = "1 = 1") -> Followed:
    """What the customers of one arm did, those alone of whom `among` holds."""
    row = engine.fetch(
        "SELECT count(*) AS customers, count(CASE WHEN orders > 0 THEN 1 END) AS buyers, "
        "CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders, coalesce(sum(revenue), 0) AS revenue, "
        f"CAST(coalesce(sum(is_silent), 0) AS BIGINT) AS silent FROM sim_outcome AS o WHERE arm = $arm AND {among}",
        {"arm": arm},
    ).to_pylist()[0]
    return Followed(row["customers"], row["buyers"], row["orders"], Decimal(row["revenue"]), row["silent"])


def revenues(engine: Engine, arm: str, among: str = "1 = 1") -> list[float]:
    """The revenue of each customer of an arm, in the currency in which most is bought."""
    sql = f"SELECT CAST(revenue AS DOUBLE) AS r FROM sim_outcome AS o WHERE arm = $arm AND {among}"
    return [float(value) for value in engine.fetch(sql, {"arm": arm}).column(0).to_pylist()]
