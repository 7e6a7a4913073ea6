"""The customer in a few plain sentences, and what is not known of it and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.customer_page.model import ConsentStatus, Head, TriggerHolds, Unknown
from cxid.explain.words import percent

_STAGES = {
    "aware": "has been met, and does little",
    "engaged": "takes part, and has not bought",
    "customer": "has bought",
    "repeat": "buys again and again",
    "advocate": "speaks for the company",
    "at_risk": "stays away longer than usual",
    "lapsed": "has stopped buying",
}
_HELD_BACK = {
    "holdout": "the customer is held out, to measure what the action does",
    "capped": "others come first within its cap",
    "cooling": "it was done not long ago",
    "no_consent": "nothing permits it",
}


@dataclass(frozen=True)
class Facts:
    """What the sentences are made of."""

    head: Head
    profile: dict[str, Any]
    consent: tuple[ConsentStatus, ...]
    triggers: tuple[TriggerHolds, ...]
    has_triggers: bool  # the config names any
    has_touchpoints: bool


def summarise(facts: Facts) -> tuple[str, ...]:
    """At most six sentences: how known, where in the journey, value, attitude, influence, what to do."""
    parts = (_known, _journey, _value, _attitude, _influence, _doing)
    return tuple(sentence for part in parts for sentence in part(facts))


def _known(facts: Facts) -> Iterable[str]:
    head = facts.head
    places = _count(len(head.sources), "source")
    since = f", seen from {_day(head.first_seen)} to {_day(head.last_seen)}" if head.first_seen else ""
    if not head.is_known:
        yield f"An anonymous visitor of {places}{since}: no identifier says who it is."
        return
    held = f"; its weakest link is {_percent(head.confidence)} sure" if head.record_count > 1 else ""
    what = f"{_count(head.record_count, 'record')} and" if head.record_count else "identifiers in events of"
    yield f"Known from {what} {places}{since}{held}."


def _journey(facts: Facts) -> Iterable[str]:
    stage, since = facts.head.stage, facts.head.stage_since
    if stage in _STAGES:
        yield f"Stage {stage}{f' since {_day(since)}' if since else ''}: {_STAGES[stage]}."


def _value(facts: Facts) -> Iterable[str]:
    p = facts.profile
    orders = p.get("orders") or 0
    if not orders:
        return
    said = f"Bought {'once' if orders == 1 else f'{orders:,} times'}"
    if p.get("revenue") is not None:
        said += f" for {_money(p['revenue'], p.get('currency'))}"
    if p.get("days_since_purchase") is not None:
        days = p["days_since_purchase"]
        said += f", last {_count(days, 'day')} ago" if days else ", last on the day of this profile"
        if p.get("typical_gap_days") is not None:
            said += f" (usually every {_plain(p['typical_gap_days'])} days)"
    if p.get("clv_12m") is not None:
        low, high = p.get("clv_12m_low"), p.get("clv_12m_high")
        between = f" ({_plain(round(low))} to {_plain(round(high))})" if low is not None and high is not None else ""
        said += f"; {_money(p['clv_12m'], p.get('currency'))}{between} to expect in the next 12 months"
    yield f"{said}."


def _attitude(facts: Facts) -> Iterable[str]:
    p, said = facts.profile, []
    if p.get("nps_last") is not None:
        said.append(f"would recommend us {_plain(p['nps_last'])} of 10 ({p['nps_group']}, {_day(p['nps_at'])})")
    if p.get("open_tickets"):
        said.append(f"waits for {_count(p['open_tickets'], 'open ticket')}")
    if p.get("mentions_negative"):
        said.append(f"wrote {_count(p['mentions_negative'], 'critical post')}")
    if p.get("late_deliveries"):
        many = p["late_deliveries"]
        said.append("got a delivery late" if many == 1 else f"got {many:,} deliveries late")
    if said:
        text = "; ".join(said)
        yield f"{text[0].upper()}{text[1:]}."


def _influence(facts: Facts) -> Iterable[str]:
    p = facts.profile
    if p.get("is_influencer"):
        audience = f" with {p['followers']:,} followers" if p.get("followers") else ""
        tone = {"critic": ", a critic", "advocate": ", who speaks well of us"}.get(p.get("mention_tone") or "", "")
        yield f"An influencer{audience}{tone}."


def _doing(facts: Facts) -> Iterable[str]:
    acting = [t for t in facts.triggers if t.status == "act"]
    if acting:
        yield f"To do: {acting[0].action} ({acting[0].trigger}: {acting[0].reason})."
    elif facts.triggers:
        first = facts.triggers[0]
        yield f"Nothing to do now: {first.trigger} holds, but {_HELD_BACK.get(first.status, first.status)}."


# -- what is not known -----------------------------------------------------------------------------------------


def tell_unknown(facts: Facts) -> tuple[Unknown, ...]:
    """What one would look for on the page and does not find, and whether a source lacks or the customer."""
    p = facts.profile
    if not p:
        return (Unknown("profile", "this run has no profile of the customer"),)
    found = [Unknown(about, _lacking(p, column, nothing, fed)) for about, column, nothing, fed in _LOOKED_FOR]
    if not facts.has_touchpoints:
        found[0] = Unknown("timeline", "no event names this customer" if p.get("events") == 0 else found[0].words)
    if not facts.consent and p.get("consent_conflicts") is not None:
        found.append(Unknown("consent", "nobody has said what this customer agrees to"))
    elif p.get("consent_conflicts") is None:
        found.append(Unknown("consent", "no source tells of consent"))
    if not facts.has_triggers:
        found.append(Unknown("triggers", "the config names no trigger"))
    elif not facts.triggers:
        found.append(Unknown("triggers", "no trigger holds"))
    return tuple(u for u in found if u.words)


_LOOKED_FOR = (
    ("timeline", "events", "no event names this customer", "events"),
    ("value", "orders", "no purchases", "purchases"),
    ("attitude", "surveys", "no answer to a survey", "surveys"),
    ("influence", "influence_score", "no followers, mentions or referrals", "mentions or followers"),
    ("service", "tickets", "no tickets", "tickets"),
    ("household", "household_id", "no home is known", "homes"),
)
"""What, the column that tells, the words where the customer has none, and what the source would tell of."""


def _lacking(profile: dict[str, Any], column: str, nothing: str, fed: str) -> str:
    """'' where something is known."""
    value = profile.get(column)
    if value:
        return ""
    section_is_on = value is not None or _is_on(profile, column)
    return nothing if section_is_on else f"no source tells of {fed}"


def _is_on(profile: dict[str, Any], column: str) -> bool:
    """Of columns that are NULL also where a source feeds the section: another column of it says so."""
    witness = {"influence_score": "mentions", "household_id": "household_id"}.get(column)
    return witness == column or (witness is not None and profile.get(witness) is not None)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "an unknown day"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _plain(number: Any) -> str:
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(amount: Any, currency: str | None) -> str:
    return f"{Decimal(amount):,.2f}{f' {currency}' if currency else ''}"


def _percent(share: Any) -> str:
    return "100 %" if share == 1 else percent(int(share * 1_000_000))
