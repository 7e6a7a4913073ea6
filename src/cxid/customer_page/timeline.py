"""What happened to the customer: events a month and channel, the moments that matter, the last touchpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from cxid.config.acts import act_of
from cxid.config.channels import channel_of
from cxid.customer_page.model import Moment, Month, SurveyAnswer, Timeline, Touchpoint
from cxid.customer_page.tables import Row, Tables
from cxid.explain.run import RUN

_MOST_OF_A_KIND = 5  # moments of one kind: the latest
_MOST_ANSWERS = 50
_MOST_WORDS = 500  # different words for what happened: of a source that writes sentences there is no end
_OWN = "page_touchpoint"
_TOLD = {"ticket": "ticket", "refund": "refund", "unsubscribe": "unsubscribed", "refer": "referral", "answer": "survey",
         "mention": "complaint"}  # fmt: skip
"""Act -> what a moment is called; of mentions only those with a bad word."""
_FIRST = ("first touch", "first purchase")
_LAST = ("last purchase", "last touch")
_ORDER = (*_FIRST, "stage", *dict.fromkeys(_TOLD.values()), *_LAST)


def read_timeline(tables: Tables, kinds: Mapping[str, str], last: int) -> tuple[Timeline, tuple[SurveyAnswer, ...]]:
    """The timeline with the `last` touchpoints, and the answers of surveys, oldest first.

    `kinds` are the kinds of sources by name: what a word means depends on it.
    """
    if "touchpoint" not in tables.known:
        return Timeline(0, 0, (), (), ()), ()
    tables.engine.run(_OWN, "SELECT * FROM touchpoint WHERE customer_id = ?", [tables.customer_id])
    told = _notable(tables, kinds)
    rows = _with_more(tables, told)
    months = _months(tables)
    events = tables.engine.count(_OWN)
    moments = [*_milestones(tables), *_stages(tables), *_happenings(rows)]
    moments.sort(key=lambda m: (m.time, _ORDER.index(m.what), m.source or "", m.words))
    timeline = Timeline(
        events=events,
        undated=events - sum(m.events for m in months),
        months=months,
        moments=tuple(moments),
        touchpoints=_touchpoints(tables, last),
    )
    return timeline, _answers(rows)


def _months(tables: Tables) -> tuple[Month, ...]:
    found = tables.engine.fetch(
        f"SELECT year(time) AS year, month(time) AS month, channel, count(*) AS events FROM {_OWN} "
        "WHERE time IS NOT NULL GROUP BY year(time), month(time), channel ORDER BY year, month, channel"
    ).to_pylist()
    months: dict[str, dict[str, int]] = {}
    for row in found:
        channels = months.setdefault(f"{row['year']:04}-{row['month']:02}", {})
        channels[row["channel"]] = channels.get(row["channel"], 0) + row["events"]
    return tuple(Month(month, sum(channels.values()), channels) for month, channels in months.items())


def _touchpoints(tables: Tables, last: int) -> tuple[Touchpoint, ...]:
    found = tables.engine.fetch(
        f"SELECT time, source, channel, type, value, currency, campaign, sentiment, stage FROM {_OWN} "
        "ORDER BY time DESC NULLS LAST, source, event_key, channel, type, value, currency, campaign, sentiment, stage "
        f"LIMIT {int(last)}"
    ).to_pylist()
    return tuple(Touchpoint(**row) for row in found)


# -- moments -------------------------------------------------------------------------------------------------


def _milestones(tables: Tables) -> Iterable[Moment]:
    """First and last touch and purchase, as the profile has them."""
    profile = tables.profile
    for what, name in (("first touch", "first_touch"), ("last touch", "last_touch")):
        channel, campaign = profile.get(f"{name}_channel"), profile.get(f"{name}_campaign")
        words = ", campaign ".join(filter(None, (channel, campaign)))
        if profile.get(f"{name}_at") is not None:
            yield Moment(profile[f"{name}_at"], what, words, profile.get(f"{name}_source"), channel)
    first, last = profile.get("first_purchase_at"), profile.get("last_purchase_at")
    days, orders = profile.get("days_to_purchase"), profile.get("orders") or 0
    if first is not None:
        yield Moment(first, "first purchase", f"{days:,} days after the first touch" if days else "", None, None)
    if last is not None and last != first:
        yield Moment(last, "last purchase", f"{orders:,} purchases in all", None, None)


def _stages(tables: Tables) -> list[Moment]:
    """When a stage began; who was unknown from the beginning did not become so."""
    found = tables.rows("customer_stage", "stage, since", "ORDER BY since")
    found = found[1:] if found and found[0]["stage"] == "unknown" else found
    return [Moment(row["since"], "stage", row["stage"], None, None) for row in found]


def _notable(tables: Tables, kinds: Mapping[str, str]) -> list[Row]:
    """The customer's events that say more than that somebody was there, newest first, with what each is."""
    words = tables.engine.fetch(
        f"SELECT source, channel, coalesce(type, '') AS type FROM {_OWN} GROUP BY source, channel, coalesce(type, '') "
        f"ORDER BY count(*) DESC, source, channel, type LIMIT {_MOST_WORDS}"
    ).to_pylist()
    found: list[Row] = []
    for word in words:
        kind, channel = kinds.get(word["source"], "events"), channel_of(word["channel"])
        act = act_of(kind, channel, word["type"])
        if act not in _TOLD:
            continue
        bad = "AND sentiment < 0" if act == "mention" else ""
        most = _MOST_ANSWERS if act == "answer" else _MOST_OF_A_KIND
        rows = tables.engine.fetch(
            f"SELECT time, source, channel, event_key, type, value, currency, sentiment FROM {_OWN} WHERE source = ? "
            f"AND channel = ? AND coalesce(type, '') = ? AND time IS NOT NULL {bad} "
            f"ORDER BY time DESC, event_key, value LIMIT {most}",
            [word["source"], word["channel"], word["type"]],
        ).to_pylist()
        found += [{**row, "what": _TOLD[act]} for row in rows]
    return sorted(found, key=lambda r: (r["time"], r["source"], r["event_key"] or ""), reverse=True)


def _with_more(tables: Tables, rows: Sequence[Row]) -> list[Row]:
    """The same events with what their sources say of category and score, by their keys."""
    more: dict[tuple[str, str], Row] = {}
    for source in sorted({row["source"] for row in rows}):
        keys = sorted({row["event_key"] for row in rows if row["source"] == source and row["event_key"] is not None})
        if keys:
            marks = ", ".join("?" for _ in keys)
            for found in tables.fetch(
                RUN + "event",
                f"SELECT event_key, category, score FROM {RUN}event WHERE source = ? AND event_key IN ({marks})",
                [source, *keys],
            ):
                more[source, found["event_key"]] = found
    nothing: Row = {"category": None, "score": None}
    return [{**nothing, **row, **more.get((row["source"], row["event_key"]), {})} for row in rows]


def _happenings(rows: Sequence[Row]) -> Iterable[Moment]:
    """The latest of each kind; what two sources tell of one day and amount (a refund and its paper) once."""
    counts: dict[str, int] = {}
    told: set[tuple[str, date, Decimal]] = set()
    for row in rows:
        if row["value"] is not None:
            same = (row["what"], row["time"].date(), row["value"])
            if same in told:
                continue
            told.add(same)
        counts[row["what"]] = counts.get(row["what"], 0) + 1
        if counts[row["what"]] <= _MOST_OF_A_KIND:
            yield Moment(row["time"], row["what"], _words(row), row["source"], row["channel"])


def _words(row: Row) -> str:
    said = [str(row["type"])] if row["type"] else []
    if row["what"] == "survey" and row["score"] is not None:
        said.append(f"{row['score'].normalize():f}")
    if row["category"]:
        said.append(str(row["category"]))
    if row["value"] is not None and row["what"] == "refund":
        said.append(" ".join(filter(None, (f"{row['value']:.2f}", row["currency"]))))
    if row["what"] == "complaint":
        said.append(f"sentiment {Decimal(row['sentiment']).normalize():f}")
    return ", ".join(said)


def _answers(rows: Sequence[Row]) -> tuple[SurveyAnswer, ...]:
    found = [r for r in rows if r["what"] == "survey" and r["score"] is not None][:_MOST_ANSWERS]
    return tuple(SurveyAnswer(r["time"], r["source"], r["type"], r["score"]) for r in reversed(found))
