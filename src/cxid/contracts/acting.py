"""Tables that say how the company does and what shall be done: KPIs and triggers."""

from __future__ import annotations

from cxid.contracts.table import Personal, Table
from cxid.contracts.table import column as _c

_P, _S = Personal.PERSONAL, Personal.PSEUDONYM

KPI = Table(
    "kpi",
    "metric x period, by segment or currency where it has them",
    ("phase", "metric", "period", "segment", "currency"),
    (
        _c("phase", "VARCHAR", "awareness/acquisition, onboarding/engagement or retention/advocacy"),
        _c("metric", "VARCHAR", "the metric: see docs/reference/kpi.md"),
        _c("period", "VARCHAR", "2026-03, 2026-W09, 2026-Q1 or 2026, by the clock of profile.timezone; or total"),
        _c("segment", "VARCHAR", "value of the column kpis.segment, '' for everybody"),
        _c("currency", "VARCHAR", "of metrics of money, '' for the others or where none is named"),
        _c("value", "DECIMAL(18,6)", "numerator over denominator; the numerator of a count", null=True),
        _c("numerator", "DECIMAL(18,4)", "what stands above the line", null=True),
        _c("denominator", "DECIMAL(18,4)", "what stands below it; missing for a count", null=True),
        _c("margin", "DECIMAL(18,4)", "of NPS: 1.96 standard errors, in points", null=True),
        _c("unit", "VARCHAR", "customers, share, money, days or points"),
        _c("target", "DECIMAL(18,6)", "what it should be, from kpis.targets", null=True),
        _c("status", "VARCHAR", "met, missed, no_target, or unknown where there is no value"),
        _c("is_complete", "BOOLEAN", "the period was over at as_of"),
        _c("missing", "VARCHAR", "what would feed a metric that is unknown", null=True),
    ),
    ("phase", "metric", "period", "segment", "currency"),
    published=True,
)
TRIGGER_HIT = Table(
    "trigger_hit",
    "customer x trigger that holds at as_of",
    ("trigger", "customer_id"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("trigger", "VARCHAR", "the trigger's name in the config"),
        _c("action", "VARCHAR", "what shall be done: the action of the trigger"),
        _c("status", "VARCHAR", "act, or why not: holdout, capped, cooling or no_consent"),
        _c("place", "BIGINT", "place by importance among those who may be chosen, from 1", null=True),
        _c("reason", "VARCHAR", "the parts of the condition that hold, with the customer's values", personal=_P),
        _c("facts", "VARCHAR", "JSON: column -> value, of every column that the condition names", personal=_P),
        _c("since", "TIMESTAMP", "as_of of the first build since which it holds without a break, UTC"),
        _c("as_of", "TIMESTAMP", "the moment that it speaks of, UTC"),
    ),
    ("trigger", "customer_id"),
    published=True,
)
TRIGGER_LOG = Table(
    "trigger_log",
    "customer x trigger x moment in which the customer was chosen, in this build or one before",
    ("customer_id", "name", "chosen_at"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("name", "VARCHAR", "the trigger"),
        _c("chosen_at", "TIMESTAMP", "as_of of that build, UTC"),
        _c("arm", "VARCHAR", "act or holdout"),
    ),
)
"""What cooling down and the effect of a trigger are measured by; it is handed on from build to build."""
