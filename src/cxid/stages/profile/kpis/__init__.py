"""The figures of the whole company: every metric by period, numerator and denominator shown, against its target."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from cxid import sql
from cxid.config.identifiers import IdentifierKind, identifier_kind
from cxid.config.kpis import HIGHER_IS_BETTER, Kpis
from cxid.engine.base import Engine, quote
from cxid.stages.context import StageContext
from cxid.stages.profile.kpis.definitions import METRICS, Metric
from cxid.stages.profile.kpis.periods import period_of, periods
from cxid.stages.profile.moment import on_the_wall

__all__ = ["METRICS", "write_kpis"]

_SAID = (
    "SELECT CAST(NULL AS VARCHAR) AS period, '' AS segment, '' AS currency, CAST(NULL AS DECIMAL(38, 4)) AS numerator, "
    "CAST(NULL AS DECIMAL(38, 4)) AS denominator, CAST(NULL AS DECIMAL(38, 4)) AS spread WHERE 1 = 0"
)
_MADE = (
    "rule", "customer", "sale", "order", "buying_day", "active", "answer", "respondent", "cost", "period", "figure",
    "metric", "device",
)  # fmt: skip


def write_kpis(ctx: StageContext, kpis: Kpis, draft: str) -> None:
    """Table `kpi`, from the profiles of table or view `draft` and the events and sales that the sections read."""
    engine = ctx.engine
    _write_grounds(engine, kpis, draft)
    columns = engine.columns(draft)
    engine.run("kpi_figure", f"SELECT CAST(NULL AS VARCHAR) AS metric, s.* FROM ({_SAID}) AS s")
    for metric in METRICS:
        if all(name in columns for name in metric.needs):
            figures = f"SELECT * FROM ({sql.load('profile', f'kpi_{metric.name}')}) AS f"
            only = "" if kpis.segment in columns else " WHERE segment = ''"
            engine.append("kpi_figure", f"SELECT '{metric.name}' AS metric, f.* FROM ({figures}) AS f{only}")
    _write_metrics(engine, kpis)
    engine.run("kpi", sql.load("profile", "kpi"))
    unknown = engine.fetch("SELECT metric FROM kpi WHERE status = 'unknown' AND period = 'total' ORDER BY metric")
    for name in dict.fromkeys(unknown.column(0).to_pylist()):
        ctx.reporter.log("profile.kpi unknown", metric=name)
    engine.drop(*(f"kpi_{name}" for name in _MADE))


def _write_grounds(engine: Engine, kpis: Kpis, draft: str) -> None:
    """What the metrics count, in tables kpi_*."""
    today = engine.scalar(f"SELECT CAST({on_the_wall(engine, 'as_of')} AS DATE) FROM profile_moment")
    engine.run(
        "kpi_rule",
        "SELECT CAST(? AS DATE) AS today, CAST(? AS BIGINT) AS activation_days, CAST(? AS BIGINT) AS churn_days",
        [today, kpis.activation_days, kpis.churn_days],
    )
    day, period = _Days(engine, kpis.period).day, _Days(engine, kpis.period).period
    _write_customers(engine, kpis, draft)
    is_sold = "profile_sale" in engine.tables() and "receipt" in engine.columns("profile_sale")
    sales = "profile_sale" if is_sold else f"({_EMPTY_SALE})"
    engine.run(
        "kpi_sale",
        f"SELECT customer_no, receipt, time, currency, is_refund, net, {day('time')} AS day, "
        f"{period('time')} AS period FROM {sales} AS s",
    )
    for name in ("kpi_order", "kpi_buying_day"):
        engine.run(name, sql.load("profile", name))
    engine.run(
        "kpi_active",
        f"SELECT DISTINCT customer_no, {period('time')} AS period FROM profile_event WHERE own = 1",
    )
    engine.run("kpi_answer", _answers(engine, period("time")))
    engine.run("kpi_respondent", sql.load("profile", "kpi_respondent"))
    engine.run(
        "kpi_cost",
        f"SELECT {period('e.time')} AS period, coalesce(upper(e.currency), d.currency, '') AS currency, e.amount "
        "FROM event AS e JOIN profile_moment AS m ON e.time <= m.as_of CROSS JOIN profile_currency AS d "
        "JOIN profile_said AS s ON s.kind = e.kind AND s.said_channel = e.channel "
        "AND s.said_type = coalesce(e.type, '') WHERE s.channel = 'ads' AND e.kind = 'events' AND e.amount > 0 "
        "AND s.act NOT IN ('purchase', 'refund')",
    )
    first = engine.scalar(
        "SELECT min(day) FROM (SELECT min(first_day) AS day FROM kpi_customer "
        "UNION ALL SELECT min(day) AS day FROM kpi_sale) AS d"
    )
    engine.load("kpi_period", periods(first or today, today, kpis.period))


class _Days:
    """SQL for the day and the period on the wall of a UTC time."""

    def __init__(self, engine: Engine, kind: str) -> None:
        self._engine, self._kind = engine, kind

    def day(self, time: str) -> str:
        return f"CAST({on_the_wall(self._engine, time)} AS DATE)"

    def period(self, time: str) -> str:
        return period_of(on_the_wall(self._engine, time), self._kind)


_EMPTY_SALE = (
    "SELECT CAST(NULL AS BIGINT) AS customer_no, '' AS receipt, CAST(NULL AS TIMESTAMP) AS time, '' AS currency, "
    "0 AS is_refund, CAST(NULL AS DECIMAL(18, 4)) AS net WHERE 1 = 0"
)


def _write_customers(engine: Engine, kpis: Kpis, draft: str) -> None:
    """Table kpi_customer: of each customer what metrics ask of the profile."""
    columns, days = engine.columns(draft), _Days(engine, kpis.period)
    types = engine.fetch("SELECT DISTINCT id_type FROM event_customer WHERE id_type IS NOT NULL").column(0).to_pylist()
    devices = sorted(t for t in types if identifier_kind(t) is IdentifierKind.DEVICE)
    engine.load("kpi_device", pa.table({"id_type": pa.array(devices, pa.string())}))
    came = (
        "SELECT e.customer_no, min(e.time) AS time FROM event_customer AS o "
        "JOIN kpi_device AS d ON d.id_type = o.id_type JOIN profile_event AS e ON e.event_no = o.event_no "
        "WHERE e.own = 1 GROUP BY e.customer_no"
    )
    segment = f"CAST(p.{quote(kpis.segment)} AS VARCHAR)" if kpis.segment in columns else "CAST(NULL AS VARCHAR)"
    advocate = (
        "coalesce(p.referrals, 0) > 0 OR (coalesce(p.mentions, 0) > 0 AND p.mention_tone = 'advocate')"
        if {"referrals", "mentions", "mention_tone"} <= set(columns)
        else "FALSE"
    )
    influencer = "p.is_influencer" if "is_influencer" in columns else "FALSE"
    engine.run(
        "kpi_customer",
        f"SELECT n.customer_no, p.is_known, {days.day('p.first_seen')} AS first_day, "
        f"{days.period('p.first_seen')} AS first_period, {days.period('p.first_touch_at')} AS first_touch_period, "
        "coalesce(c.time = p.first_touch_at, FALSE) AS came_as_device, "
        f"{segment} AS segment, coalesce({advocate}, FALSE) AS is_advocate, "
        f"coalesce({influencer}, FALSE) AS is_influencer "
        f"FROM {draft} AS p JOIN profile_number AS n ON n.customer_id = p.customer_id "
        f"LEFT JOIN ({came}) AS c ON c.customer_no = n.customer_no",
    )


def _answers(engine: Engine, period: str) -> str:
    """The query of (customer_no, period, time, nps_group, place): `place` puts the lower of two answers first."""
    if "profile_answer" not in engine.tables():
        return (
            "SELECT CAST(NULL AS BIGINT) AS customer_no, CAST(NULL AS VARCHAR) AS period, CAST(NULL AS TIMESTAMP) AS "
            "time, CAST(NULL AS VARCHAR) AS nps_group, CAST(NULL AS DECIMAL(9, 4)) AS place WHERE 1 = 0"
        )
    return (
        f"SELECT customer_no, {period} AS period, time, CASE WHEN way >= 90 THEN 'promoter' WHEN way >= 70 THEN "
        "'passive' ELSE 'detractor' END AS nps_group, way AS place FROM profile_answer WHERE survey = 'nps'"
    )


def _write_metrics(engine: Engine, kpis: Kpis) -> None:
    """Table kpi_metric: phase, unit, target and what would feed it, of every metric."""
    rows = [_row(metric, kpis.targets.get(metric.name)) for metric in METRICS]
    schema = pa.schema(
        [
            ("phase", pa.string()),
            ("metric", pa.string()),
            ("unit", pa.string()),
            ("fed_by", pa.string()),
            ("is_count", pa.bool_()),
            ("is_floor", pa.bool_()),
            ("target", pa.decimal128(18, 6)),
        ]
    )
    engine.load("kpi_metric", pa.Table.from_pylist(rows, schema=schema))


def _row(metric: Metric, target: Decimal | None) -> dict[str, object]:
    return {
        "phase": metric.phase,
        "metric": metric.name,
        "unit": metric.unit,
        "fed_by": metric.fed_by,
        "is_count": metric.is_count,
        "is_floor": HIGHER_IS_BETTER[metric.name],
        "target": None if target is None else target.quantize(Decimal("0.000001")),
    }
