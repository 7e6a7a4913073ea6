"""Rows of event-like sources: events, transactions, mentions, survey answers."""

from __future__ import annotations

from cxid.config.model import EventLikeSource, SurveySource, TransactionSource
from cxid.engine.base import Engine, literal
from cxid.stages.sources.expressions import Expressions, implausible
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.money import amount_of, currency_of, traded
from cxid.stages.sources.people import id_selects
from cxid.stages.sources.reading import RAW
from cxid.stages.sources.refusals import ROW_COLUMNS, ROWS, first_fault, kept_rows, refuse_duplicates, refuse_faulty

_COLUMNS = (
    "event_key", "channel", "time", "type", "amount", "currency", "category", "campaign", "score", "sentiment", "reach",
    "likes", "followers", "score_worst", "score_best", "case_id", "due_at", "ended_at", "medium", "origin",
)  # fmt: skip
_OPTIONAL = {
    "sentiment": "sentiment",
    "reach": "reach",
    "likes": "likes",
    "followers": "followers",
    "due": "due_at",
    "end": "ended_at",
}
"""Part of a source -> column that stays empty where its text cannot be read."""
_DEFAULT_TYPE = {"survey": "nps", "mentions": "mention"}


def take_events(engine: Engine, located: LocatedSource, source: EventLikeSource) -> None:
    """Add the rows of RAW to the events; ROWS says of each whether an optional number or time could not be read."""
    make = Expressions(source, located.needed)
    what = _what(engine, located, source, make)
    cells = _cells(make, located.name, source, what)
    ids = [(name, make.slots(column)) for name, column in source.ids.items()]
    id_cells = "".join(f", {value} AS i{n}_{k}" for n, (_, values) in enumerate(ids) for k, value in enumerate(values))
    clean = make.clean(RAW)
    listed = "".join(f", {cells[name]} AS {name}" for name in _COLUMNS)
    unread = [
        f"({make.text(c)} IS NOT NULL AND {cells[name]} IS NULL)"
        for part, name in _OPTIONAL.items()
        if (c := getattr(source, part))
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
            factor = getattr(source, "quantity", None) if name == "amount" else None
            both = (*column.from_, *(factor.from_ if factor else ()))
            faults.append((f"has_{name} AND {name} IS NULL", "bad_number", "|".join(both)))
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


def _store(engine: Engine, name: str, kind: str, ids: list[tuple[str, list[str]]]) -> None:
    kept = kept_rows(engine)
    moments = {c: f"CASE WHEN {implausible(f's.{c}')} THEN NULL ELSE s.{c} END AS {c}" for c in ("due_at", "ended_at")}
    engine.append(
        "event",
        f"SELECT s.row_no AS event_no, {literal(name)} AS source, {literal(kind)} AS kind, "
        f"{', '.join(moments.get(c, f's.{c}') for c in _COLUMNS)} {kept}",
    )
    for n, (id_type, values) in enumerate(ids):
        for select in id_selects(n, len(values)):
            engine.append(
                "event_id",
                f"SELECT s.row_no AS event_no, {literal(id_type)} AS id_type, {select.value} AS id_value "
                f"{kept} WHERE {select.given}",
            )


def _cells(make: Expressions, name: str, source: EventLikeSource, what: tuple[str, str]) -> dict[str, str]:
    """Column of `event` -> expression; `what` happened and its amount are given."""
    kind, amount = what
    category = getattr(source, "category", None)
    return {
        "event_key": make.key(source.key) if source.key else _none("VARCHAR"),
        "channel": make.constant_or_text(source.channel, name),
        "time": make.time(source.time),
        "type": kind,
        "amount": f"CAST({amount} AS DECIMAL(18,4))",
        "currency": currency_of(make, source),
        "category": make.text(category) if category else _none("VARCHAR"),
        "campaign": make.text(source.campaign) if source.campaign else _none("VARCHAR"),
        **_answered(make, source, kind),
        "sentiment": make.sentiment(source.sentiment) if source.sentiment else _none("DECIMAL(9,4)"),
        **{
            n: make.counted(c) if (c := getattr(source, n)) else _none("BIGINT")
            for n in ("reach", "likes", "followers")
        },
        "case_id": make.text(source.case) if source.case else _none("VARCHAR"),
        "due_at": make.due(source.due) if source.due else _none("TIMESTAMP"),
        "ended_at": make.time(source.end) if source.end else _none("TIMESTAMP"),
        "medium": make.constant_or_text(source.medium),
        "origin": make.constant_or_text(source.origin),
    }


def _what(engine: Engine, located: LocatedSource, source: EventLikeSource, make: Expressions) -> tuple[str, str]:
    """Expressions of what happened and of its amount."""
    if isinstance(source, TransactionSource):
        return traded(engine, located, source, make)
    return make.constant_or_text(source.type, _DEFAULT_TYPE.get(source.kind)), amount_of(make, source)


def _answered(make: Expressions, source: EventLikeSource, kind: str) -> dict[str, str]:
    """The answer of a survey and the ends of its scale: stated ones are kept, usual ones only read words by."""
    none = _none("DECIMAL(9,4)")
    if not isinstance(source, SurveySource):
        return {"score": none, "score_worst": none, "score_best": none}
    if source.scale is None:
        nps = f"coalesce(lower({kind}), 'nps') LIKE '%nps%'"
        usual = [f"CAST(CASE WHEN {nps} THEN {n} ELSE {other} END AS DECIMAL(9,4))" for n, other in ((0, 1), (10, 5))]
        return {"score": make.answer(source.score, *usual), "score_worst": none, "score_best": none}
    worst, best = (f"CAST('{end:f}' AS DECIMAL(9,4))" for end in source.scale)
    return {"score": make.answer(source.score, worst, best), "score_worst": worst, "score_best": best}


def _none(sql_type: str) -> str:
    return f"CAST(NULL AS {sql_type})"
