"""Rows of event-like sources: events, transactions, mentions, survey answers."""

from __future__ import annotations

from cxid.config.model import EventLikeSource, TransactionSource
from cxid.engine.base import Engine, literal
from cxid.stages.sources.expressions import Expressions, implausible, is_purchase, is_refund
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.people import id_selects
from cxid.stages.sources.reading import RAW
from cxid.stages.sources.refusals import ROW_COLUMNS, ROWS, first_fault, kept_rows, refuse_duplicates, refuse_faulty

_COLUMNS = (
    "event_key", "channel", "time", "type", "amount", "currency", "category", "campaign", "score", "sentiment", "reach",
)  # fmt: skip
_DEFAULT_TYPE = {"survey": "nps", "mentions": "mention"}
_SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY"}


def take_events(engine: Engine, located: LocatedSource, source: EventLikeSource) -> int:
    """Add the rows of RAW to the events; how many optional numbers (sentiment, reach) could not be read."""
    make = Expressions(source, located.needed)
    cells = _cells(make, located.name, source)
    ids = [(name, make.slots(column)) for name, column in source.ids.items()]
    id_cells = "".join(f", {value} AS i{n}_{k}" for n, (_, values) in enumerate(ids) for k, value in enumerate(values))
    clean = make.clean(RAW)
    listed = "".join(f", {cells[name]} AS {name}" for name in _COLUMNS)
    unread = [
        f"({make.text(c)} IS NOT NULL AND {cells[n]} IS NULL)"
        for n in ("sentiment", "reach")
        if (c := getattr(source, n, None))
    ]
    valued = "".join(
        f", {make.text(c)} IS NOT NULL AS has_{n}"
        for n in ("time", "amount", "score")
        if (c := getattr(source, n, None))
    )
    faults = [
        ("NOT has_time", "missing_time", "|".join(source.time.from_)),
        (f"time IS NULL OR {implausible('time')}", "bad_time", "|".join(source.time.from_)),
    ]
    for name in ("amount", "score"):
        if column := getattr(source, name, None):
            faults.append((f"has_{name} AND {name} IS NULL", "bad_number", "|".join(column.from_)))
    engine.run(
        ROWS,
        f"WITH clean AS ({clean}), valued AS (SELECT {ROW_COLUMNS}{listed}{id_cells}{valued}, "
        f"{' OR '.join(unread) or 'FALSE'} AS unread FROM clean) SELECT *, {first_fault(faults)} FROM valued",
        make.bindings.values,
    )
    refuse_faulty(engine)
    if source.key:
        refuse_duplicates(engine, "event_key", "|".join(source.key), len(located.needed))
    _store(engine, located.name, source.kind, ids)
    return int(engine.scalar(f"SELECT count(*) FROM {ROWS} WHERE unread AND reason IS NULL"))


def _store(engine: Engine, name: str, kind: str, ids: list[tuple[str, list[str]]]) -> None:
    kept = kept_rows(engine)
    engine.append(
        "event",
        f"SELECT s.row_no AS event_no, {literal(name)} AS source, {literal(kind)} AS kind, "
        f"{', '.join(f's.{c}' for c in _COLUMNS)} {kept}",
    )
    for n, (id_type, values) in enumerate(ids):
        for select in id_selects(n, len(values)):
            engine.append(
                "event_id",
                f"SELECT s.row_no AS event_no, {literal(id_type)} AS id_type, {select.value} AS id_value "
                f"{kept} WHERE {select.given}",
            )


def _cells(make: Expressions, name: str, source: EventLikeSource) -> dict[str, str]:
    """Column of `event` -> expression."""
    optional = {
        n: getattr(source, n, None)
        for n in ("amount", "category", "campaign", "score", "sentiment", "reach", "currency", "type")
    }
    text = "CAST(NULL AS VARCHAR)"
    amount = make.decimal(optional["amount"], "DECIMAL(18,4)") if optional["amount"] else "CAST(NULL AS DECIMAL(18,4))"
    if isinstance(source, TransactionSource):
        given = make.constant_or_text(optional["type"])
        amount = f"CASE WHEN {is_refund(given)} THEN -abs({amount}) ELSE {amount} END"
        kind = (
            f"CASE WHEN {is_refund(given)} THEN 'refund' WHEN {given} IS NULL OR {is_purchase(given)} THEN "
            f"CASE WHEN {amount} < 0 THEN 'refund' ELSE 'purchase' END ELSE {given} END"
        )
    else:
        kind = make.constant_or_text(optional["type"], _DEFAULT_TYPE.get(source.kind))
    currency = f"upper({make.constant_or_text(optional['currency'])})"
    symbols = " ".join(f"WHEN {literal(sign)} THEN {literal(code)}" for sign, code in _SYMBOLS.items())
    return {
        "event_key": make.key(source.key) if source.key else text,
        "channel": make.constant_or_text(source.channel, name),
        "time": make.time(source.time),
        "type": kind,
        "amount": f"CAST({amount} AS DECIMAL(18,4))",
        "currency": f"CASE {currency} {symbols} ELSE {currency} END",
        "category": make.text(optional["category"]) if optional["category"] else text,
        "campaign": make.text(optional["campaign"]) if optional["campaign"] else text,
        "score": make.decimal(optional["score"], "DECIMAL(9,4)") if optional["score"] else "CAST(NULL AS DECIMAL(9,4))",
        "sentiment": make.sentiment(optional["sentiment"]) if optional["sentiment"] else "CAST(NULL AS DECIMAL(9,4))",
        "reach": make.whole(optional["reach"]) if optional["reach"] else "CAST(NULL AS BIGINT)",
    }
