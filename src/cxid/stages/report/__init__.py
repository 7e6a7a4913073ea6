"""Every table of a run -> the figures that a report shows.

One table comes out, `report_figure`: a figure a row, all of them counts and names of our own, none of them
personal but the ids of groups that deserve a look. What shows it (the terminal, a page) reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from cxid import sql
from cxid.config.trade import TRADED, with_trades
from cxid.contracts import RECORD, REPORT_FIGURE, TABLES
from cxid.engine.base import Engine, literal, quote
from cxid.stages.context import StageContext

READS: tuple[str, ...] = (
    "source_file", "quarantine", "record", "event", "blocking_rule", "link_pair", "link_model", "link_summary",
    "record_customer", "event_customer", "customer", "match_group", "refused_merge", "hub_identifier",
    "golden_customer", "golden_provenance", "identity_event", "profile", "touchpoint", "household", "consent", "kpi",
    "trigger_hit", "value_model", "customer_stage", "match_pair", "match_level", "event_id", "event_identifier",
    "record_name",
)  # fmt: skip
WRITES: tuple[str, ...] = (REPORT_FIGURE.name,)
EARLIER: Mapping[str, tuple[str, tuple[str, ...]]] = {"previous_report_figure": ("report_figure", ())}

# The sections in the order of a report; each is a relation in sql/report, but those that depend on columns.
SECTIONS: tuple[str, ...] = (
    "funnel", "identity", "sources", "quarantine", "blocking", "weights", "model", "summary", "joins", "lacking",
    "groups", "suspicious", "guards", "hubs", "overlap", "sets", "contributions", "events", "ownerless", "deciders",
    "channels", "months", "paths", "purchases", "rfm", "worth", "buying", "unvalued", "stages", "shift", "moves",
    "ages", "households", "consents", "kpis", "nps", "scores", "influence", "triggers", "fields", "survivorship",
)  # fmt: skip

# What two runs are compared by: (section, label) of figures that have an amount.
COMPARED: tuple[tuple[str, str], ...] = (
    ("funnel", "rows"), ("funnel", "quarantined"), ("funnel", "people records"), ("funnel", "customers with records"),
    ("funnel", "customers of two or more records"), ("funnel", "customers to review"), ("funnel", "known customers"),
    ("funnel", "anonymous visitors"), ("funnel", "events"), ("funnel", "events of a customer"),
    ("summary", "expected_precision"), ("summary", "expected_precision_of_customers"),
)  # fmt: skip

_EVENTS = "events_"  # before the channel, in columns of the profile
_TYPES = pa.schema(
    [
        ("section", pa.string()),
        ("row_no", pa.int32()),
        ("label", pa.string()),
        ("name", pa.string()),
        ("value", pa.string()),
    ]
)


def run(ctx: StageContext) -> None:
    """Write `report_figure` from every table of the run."""
    figures: dict[str, list[str | int]] = {name: [] for name in _TYPES.names}
    ctx.engine.map_values("report_trade", TRADED, with_trades)
    ctx.engine.run("report_doubt", sql.load("report", "doubt"))
    ctx.reporter.step("counting figures")
    for done, section in enumerate(SECTIONS):
        ctx.reporter.progress(done, len(SECTIONS), "sections")
        text = _BY_COLUMNS[section](ctx.engine) if section in _BY_COLUMNS else sql.load("report", section)
        if text:
            _add(figures, section, ctx.engine.fetch(text, {"run_id": ctx.run_id} if "$run_id" in text else ()))
    ctx.reporter.progress(len(SECTIONS), len(SECTIONS), "sections")
    _add_changes(ctx.engine, figures)
    ctx.engine.drop("report_trade", "report_doubt", *EARLIER)
    ctx.engine.load(REPORT_FIGURE.name, pa.table(figures, schema=_TYPES))


def _add(figures: dict[str, list[str | int]], section: str, found: pa.Table) -> None:
    """The rows of one section, one figure each; a NULL is no figure."""
    for row_no, row in enumerate(found.to_pylist(), start=1):
        label = str(row.pop("label"))
        for name, value in row.items():
            if value is not None:
                for column, cell in zip(_TYPES.names, (section, row_no, label, name, str(value)), strict=True):
                    figures[column].append(cell)


def _add_changes(engine: Engine, figures: dict[str, list[str | int]]) -> None:
    """Section `changes`: what this run and the one before are compared by; nothing in a first build."""
    before = {}
    if "previous_report_figure" in engine.tables():
        earlier = engine.fetch("SELECT section, label, value FROM previous_report_figure WHERE name = 'amount'")
        before = {(r["section"], r["label"]): r["value"] for r in earlier.to_pylist()}
    told = zip(figures["section"], figures["label"], figures["name"], figures["value"], strict=True)
    after = {(section, label): value for section, label, name, value in told if name == "amount"}
    both = [c for c in COMPARED if c in before and c in after]
    rows = [{"label": c[1], "before": before[c], "after": after[c]} for c in both]
    if rows:
        _add(figures, "changes", pa.Table.from_pylist(rows))


def _fields_sql(engine: Engine) -> str:
    """Filled values per people field, in records and in customers; '' when no people field is mapped.

    A whole name that was taken apart counts as its parts. Customers without records have no golden values by nature and
    are left out.
    """
    fixed = {c.name for c in RECORD.columns}
    slots = [name for name in engine.columns("record") if name not in fixed]
    if not slots:
        return ""
    parts = {
        c.name for c in TABLES["record_name"].columns if c.name != "record_no"
    }  # of whole names that were taken apart
    values = [f"coalesce(r.{quote(s)}, w.{quote(s)})" if s in parts else f"r.{quote(s)}" for s in slots]
    filled = ", ".join(f"count({value}) AS f{n}" for n, value in enumerate(values))
    golden = engine.columns("golden_customer")  # a whole name that is taken apart is not there
    counts = [f"count({quote(slot)})" if slot in golden else "CAST(NULL AS BIGINT)" for slot in slots]
    of_customers = ", ".join(f"{count} AS f{n}" for n, count in enumerate(counts))
    rows = " UNION ALL ".join(
        f"SELECT {n} AS slot_no, {literal(slot)} AS label, all_records.rows_seen AS records, "
        f"all_records.f{n} AS filled_records, all_customers.rows_seen AS customers, "
        f"all_customers.f{n} AS filled_customers FROM all_records CROSS JOIN all_customers"
        for n, slot in enumerate(slots)
    )
    return (
        f"WITH all_records AS (SELECT count(*) AS rows_seen, {filled} FROM record AS r "
        "LEFT JOIN record_name AS w ON r.record_no = w.record_no), "
        f"all_customers AS (SELECT count(*) AS rows_seen, {of_customers} FROM golden_customer WHERE record_count > 0), "
        f"filled AS ({rows}) "
        "SELECT label, records, filled_records, customers, filled_customers FROM filled ORDER BY slot_no"
    )


def _channels_sql(engine: Engine) -> str:
    """Events, and customers who have any, by channel: the columns events_<channel> of the profile."""
    counts = [c for c, type_ in engine.columns("profile").items() if c.startswith(_EVENTS) and type_ == "BIGINT"]
    said = ", ".join(
        f"sum({quote(c)}) AS e{n}, count(CASE WHEN {quote(c)} > 0 THEN 1 END) AS c{n}" for n, c in enumerate(counts)
    )
    rows = " UNION ALL ".join(
        f"SELECT {n} AS channel_no, {literal(c.removeprefix(_EVENTS))} AS label, CAST(e{n} AS BIGINT) AS events, "
        f"c{n} AS customers FROM counted"
        for n, c in enumerate(counts)
    )
    return (
        f"WITH counted AS (SELECT {said} FROM profile), rows_of AS ({rows}) "
        "SELECT label, events, customers FROM rows_of WHERE events > 0 ORDER BY channel_no"
    )


_BY_COLUMNS = {"fields": _fields_sql, "channels": _channels_sql}
