"""Stages, sessions, engagement and e-mail rates the slow and obvious way: what holds at one moment, event by event."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.reference.profile import Event

COMPANY = ("sent", "delivered", "bounce")
COMMITS = ("cart", "login", "purchase", "answer", "mention", "refer")
ACT_OF_TYPE = {
    "sent": "sent",
    "bounced": "bounce",
    "open": "open",
    "click": "click",
    "unsubscribed": "unsubscribe",
    "page_view": "view",
    "add_to_cart": "cart",
    "login": "login",
    "referral": "refer",
}
POINTS = {
    "purchase": 10,
    "refer": 8,
    "mention": 5,
    "answer": 4,
    "cart": 4,
    "click": 3,
    "login": 2,
    "view": 1,
    "open": 1,
}
HALF_LIVES = {"web": 30, "mobile": 30, "email": 60, "social": 90, "store": 180, "other": 90}


@dataclass(frozen=True)
class Rules:
    """How long silence means something, in days and in usual gaps."""

    engaged_days: int
    at_risk: Decimal
    lapsed: Decimal
    session_minutes: int


def act(event: Event) -> str:
    if event.kind == "transactions":
        return "purchase"
    return {"survey": "answer", "mentions": "mention"}.get(event.kind) or ACT_OF_TYPE[event.type or ""]


def is_own(event: Event) -> bool:
    return act(event) not in COMPANY


def known(events: list[Event], customer: str, at: datetime) -> list[Event]:
    found = [e for e in events if e.customer == customer and e.time is not None and e.time <= at]
    return sorted(found, key=lambda e: e.time or at)


def usual_gap(events: list[Event], as_of: datetime) -> int | None:
    """The lower median of the days between one day with a purchase and the next, over all customers."""
    gaps: list[int] = []
    for customer in {e.customer for e in events if e.customer}:
        days = buying_days(known(events, customer, as_of))
        gaps += [(b - a).days for a, b in pairwise(days)]
    return sorted(gaps)[(len(gaps) - 1) // 2] if gaps else None


def buying_days(own: list[Event]) -> list[Any]:
    return sorted({e.time.date() for e in own if e.time and act(e) == "purchase"})


def stage_at(events: list[Event], customer: str, at: datetime, as_of: datetime, rules: Rules) -> str:
    """The stage at one moment, from the events up to it; only the company's usual gap is that of `as_of`."""
    seen = known(events, customer, at)
    days = buying_days(seen)
    if days:
        # a day with a purchase is silent from its last purchase on
        whole_day = [e.time for e in known(events, customer, as_of) if e.time and act(e) == "purchase"]
        last = max(t for t in whole_day if t.date() == days[-1])
        usual = usual_gap(events, as_of)
        if usual is not None:
            gap = Fraction(2 * usual + (days[-1] - days[0]).days, 2 + len(days) - 1)
            risk = math.ceil(gap * Fraction(rules.at_risk))
            lapse = max(risk + 1, math.ceil(gap * Fraction(rules.lapsed)))
            if at >= last + timedelta(days=lapse):
                return "lapsed"
            if at >= last + timedelta(days=risk):
                return "at_risk"
        return "advocate" if speaks_well(seen) else "customer" if len(days) == 1 else "repeat"
    sells = any(act(e) == "purchase" and e.customer and e.time and e.time <= as_of for e in events)
    return _prospect(seen, at, rules, sells=sells)


def _prospect(seen: list[Event], at: datetime, rules: Rules, *, sells: bool) -> str:
    acts = [(e.time, act(e)) for e in seen if e.time and is_own(e)]
    if not acts:
        return "unknown"
    window = timedelta(days=rules.engaged_days)
    spells: list[list[tuple[datetime, str]]] = [[acts[0]]]
    for one in acts[1:]:
        if one[0] - spells[-1][-1][0] <= window:
            spells[-1].append(one)
        else:
            spells.append([one])
    engaged = [_engages(s) for s in spells]
    holds = engaged[-1] or (not sells and any(engaged[:-1]))
    silence = at - spells[-1][-1][0]
    if not holds:
        return "aware"
    if silence < window:
        return "engaged"
    if sells:
        return "aware"
    return "at_risk" if silence < 2 * window else "lapsed"


def _engages(spell: list[tuple[datetime, str]]) -> bool:
    came_back = any(b[0] - a[0] >= timedelta(hours=12) for a, b in pairwise(spell))
    return came_back or any(a in COMMITS for _, a in spell)


def speaks_well(seen: list[Event]) -> bool:
    """Promoter by the last answer whose last toned mention is a kind one; or refers others, and is no detractor."""
    answers = [(e.time, -(e.score or 0)) for e in seen if act(e) == "answer" and e.score is not None]
    score = -max(answers)[1] if answers else None
    tones = [(e.time, -e.sentiment) for e in seen if act(e) == "mention" and getattr(e, "sentiment", None)]
    kind = max(tones)[1] < 0 if tones else False
    refers = any(act(e) == "refer" for e in seen)
    return (score is not None and score >= 9 and kind) or (refers and (score is None or score >= 7))


def sessions(events: list[Event], customer: str, as_of: datetime, rules: Rules) -> tuple[int, datetime | None, int]:
    """(number, start of the last, seconds in all) of the visits: per source, an act after a long silence starts one."""
    visits: list[list[datetime]] = []
    for source in sorted({e.source for e in events}):
        times = [
            e.time
            for e in known(events, customer, as_of)
            if e.time and e.source == source and e.channel in ("web", "mobile") and is_own(e)
        ]
        own: list[list[datetime]] = []
        for time in times:
            if own and time - own[-1][-1] <= timedelta(minutes=rules.session_minutes):
                own[-1].append(time)
            else:
                own.append([time])
        visits += own
    seconds = sum(int((v[-1] - v[0]).total_seconds()) for v in visits)
    return len(visits), max((v[0] for v in visits), default=None), seconds


def points(events: list[Event], customer: str, as_of: datetime, channel: str | None) -> int:
    """Millionths of points of the own acts in a channel (in all when None), each halved by its half-lives."""
    total = 0
    for e in known(events, customer, as_of):
        if e.time and (channel is None or e.channel == channel):
            half_life = 180 if act(e) == "purchase" else HALF_LIVES[e.channel]
            age = (as_of.date() - e.time.date()).days
            total += round(1_000_000 * POINTS.get(act(e), 0) * 0.5 ** (age / half_life))
    return total


def score(events: list[Event], customer: str, as_of: datetime, channel: str | None) -> float | None:
    """Points over the 95th percentile of all who have some, in per cent; None when nobody has any."""
    everybody = {str(e.customer) for e in events if e.customer}
    some = sorted(p for c in everybody if (p := points(events, c, as_of, channel)) > 0)
    if not some:
        return None
    high = some[math.ceil(Fraction(95 * len(some), 100)) - 1]
    return min(100.0, 100 * points(events, customer, as_of, channel) / high)


def mails(events: list[Event], customer: str, as_of: datetime) -> dict[str, Any]:
    """What became of the e-mails: each answer goes to the latest mail of its campaign that was sent before it."""
    logged = [e for e in events if e.customer and e.channel == "email" and e.time and e.time <= as_of]
    own = [e for e in known(events, customer, as_of) if e.channel == "email"]
    sent: dict[tuple[str, int], set[str]] = {}
    stray: dict[str, set[str]] = {}
    for campaign in sorted({e.campaign or "" for e in own}):
        of_it = [e for e in own if (e.campaign or "") == campaign]
        starts = sorted({e.time for e in of_it if e.time and act(e) == "sent"})
        for start in starts:
            sent[campaign, starts.index(start)] = set()
        for e in of_it:
            place = sum(1 for s in starts if e.time and s <= e.time) - 1
            if act(e) in ("open", "click", "bounce"):
                (sent[campaign, place] if place >= 0 else stray.setdefault(campaign, set())).add(act(e))
    opens = any(act(e) == "open" for e in logged)
    clicks = any(act(e) == "click" for e in logged)
    outcomes = [*sent.values(), *stray.values()]
    reached = [s for s in sent.values() if "bounce" not in s]
    out = [e.time for e in own if act(e) == "unsubscribe"]
    return {
        "email_sent": len(sent) if any(act(e) == "sent" for e in logged) else None,
        "email_opened": sum(1 for s in outcomes if s & {"open", "click"}) if opens or clicks else None,
        "email_clicked": sum(1 for s in outcomes if "click" in s) if clicks else None,
        "email_bounced": sum(1 for s in outcomes if "bounce" in s),
        "email_open_rate": sum(1 for s in reached if s & {"open", "click"}) / len(reached)
        if reached and opens
        else None,
        "email_click_rate": sum(1 for s in reached if "click" in s) / len(reached) if reached and clicks else None,
        "email_unsubscribed_at": max((t for t in out if t), default=None),
    }
