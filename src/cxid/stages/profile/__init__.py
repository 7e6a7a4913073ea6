"""The 360: one row per customer, section by section, and every touchpoint.

A section is a module in `sections/` with its attributes and its SQL in sql/profile; `attributes.SECTIONS` is their
order. docs/reference/profile.md is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cxid import sql
from cxid.config.kpis import Kpis
from cxid.config.model import Profile
from cxid.config.trade import TRADED, with_trades
from cxid.config.triggers import Trigger
from cxid.engine.base import quote
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.profile.attributes import SECTIONS, attributes
from cxid.stages.profile.consent import write_consent
from cxid.stages.profile.doings import TABLES as DOINGS
from cxid.stages.profile.doings import write_doings
from cxid.stages.profile.enrichment import Enriched, write_enrichment
from cxid.stages.profile.kpis import write_kpis
from cxid.stages.profile.moment import write_moment
from cxid.stages.profile.sections import next as next_
from cxid.stages.profile.sections.attitude import tell_answers
from cxid.stages.profile.sections.journey import write_stages
from cxid.stages.profile.sections.purchases import TABLES as SALES
from cxid.stages.profile.sections.value import tell_value
from cxid.stages.profile.triggers import write_triggers
from cxid.stages.profile.voices import TABLES as VOICES
from cxid.stages.profile.voices import write_voices

__all__ = ["EARLIER", "READS", "WRITES", "attributes", "run"]

NO_KPIS = Kpis()

READS: tuple[str, ...] = (
    "record",
    "record_customer",
    "event",
    "event_customer",
    "event_identifier",
    "customer",
    "identifier_customer",
    "customer_alias",
    "enrichment",
    "golden_customer",
    "household",
    "record_identifier",
    "hub_identifier",
    "consent_row",
    "consent_identifier",
)
WRITES: tuple[str, ...] = (
    "customer_stage",
    "touchpoint",
    "value_model",
    "profile",
    "consent",
    "kpi",
    "trigger_hit",
    "trigger_log",
)
EARLIER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "previous_trigger_log": ("trigger_log", ()),
    "previous_trigger_hit": ("trigger_hit", ("customer_id", "trigger", "since")),
}


def run(
    ctx: StageContext,
    *,
    profile: Profile,
    fields: tuple[Field, ...],
    kpis: Kpis = NO_KPIS,
    triggers: Mapping[str, Trigger] = MappingProxyType({}),
) -> None:
    """Write `customer_stage`, `touchpoint` and `profile` as they were at `profile.as_of`."""
    engine = ctx.engine
    ctx.reporter.step("gathering what customers did")
    write_moment(engine, profile.as_of, profile.timezone)
    engine.run("profile_currency", "SELECT upper(CAST(? AS VARCHAR)) AS currency", [profile.currency])
    engine.map_values("profile_trade", TRADED, with_trades)
    engine.run("profile_number", sql.load("profile", "profile_number"))
    write_doings(engine, profile, ctx.reporter)
    ctx.reporter.step("finding who agreed to what")
    permissions = write_consent(engine, profile, ctx.reporter)
    ctx.reporter.step("finding who spoke of us")
    write_voices(engine, profile.influence, fields)
    on = _write_sections(ctx)
    tell_value(engine, ctx.reporter)
    tell_answers(engine, ctx.reporter)
    ctx.reporter.step("following customers through their stages")
    write_stages(engine)
    taken = frozenset(("customer_id", "as_of", *permissions, *(a.name for a in attributes())))
    ctx.reporter.step("adding attributes of sources")
    enriched = write_enrichment(engine, fields, taken, ctx.reporter)
    engine.define("profile_draft", _assembled(on, enriched, permissions))
    ctx.reporter.step("measuring KPIs")
    write_kpis(ctx, kpis, "profile_draft")
    ctx.reporter.step("testing triggers")
    write_triggers(ctx, triggers, "profile_draft")
    on |= {next_.SECTION.name} if triggers else set()
    ctx.reporter.step("putting profiles together")
    engine.run("profile", _assembled(on, enriched, permissions) + " ORDER BY p.customer_no")
    made = (f"profile_{t}" for t in ("moment", "permission", "currency", "number", "next", "answer", *sorted(on)))
    engine.drop(*made, *SALES, *DOINGS, *VOICES, *(t for e in enriched for t in e.tables))


def _write_sections(ctx: StageContext) -> set[str]:
    """The tables of the sections that a source feeds; the names of those sections."""
    on: set[str] = set()
    for section in SECTIONS:
        if section is next_.SECTION:
            continue  # it is made from all the others
        if section.is_fed(ctx.engine):
            ctx.reporter.step(f"making section {section.name}")
            section.write(ctx.engine)
            on.add(section.name)
        else:
            ctx.reporter.log("section off", section=section.name, missing=section.fed_by)
    return on


def _assembled(on: set[str], enriched: list[Enriched], permissions: list[str]) -> str:
    """The query of `profile`: each section beside the customer, the columns of sections that are off NULL.

    Only what some section says is sorted, and by number: the columns that are NULL everywhere come afterwards.
    """
    said, columns, joins = ["n.customer_no", "c.customer_id", "m.as_of"], ["p.customer_id", "p.as_of"], []
    for section in SECTIONS:
        if section.name in on:
            alias = quote(section.name)
            joins.append(f"LEFT JOIN {section.table} AS {alias} ON {alias}.customer_no = n.customer_no")
            said += [f"{alias}.{quote(a.name)}" for a in section.attributes]
        for a in section.attributes:
            value = f"coalesce(p.{quote(a.name)}, {a.nothing})" if section.name in on else "NULL"
            columns.append(f"CAST({value} AS {a.type}) AS {quote(a.name)}")
    for name in map(quote, permissions):
        said += [f"consent.{name}"] if "consent" in on else []
        columns.append(f"p.{name}" if "consent" in on else f"CAST(NULL AS BOOLEAN) AS {name}")
    for table in sorted({t for e in enriched for t in e.tables}):
        joins.append(f"LEFT JOIN {quote(table)} ON {quote(table)}.customer_no = n.customer_no")
    for e in enriched:
        said += [f"{e.value} AS {quote(e.column)}", f"{e.told_by} AS {quote(e.source_column)}"]
        columns += [f"p.{quote(e.column)}", f"p.{quote(e.source_column)}"]
    return (
        f"SELECT {', '.join(columns)} FROM (SELECT {', '.join(said)} FROM customer AS c "
        "JOIN profile_number AS n ON n.customer_id = c.customer_id CROSS JOIN profile_moment AS m "
        f"{' '.join(joins)}) AS p"
    )
