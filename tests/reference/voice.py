"""Attitude, service and influence the slow and obvious way: loops over lists of happenings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cxid.config.influence import Influence
from tests.reference.profile import Event

TICKET = {
    "opened": "contact",
    "mail": "contact",
    "Ticket gelöst": "resolved",
    "reopened": "reopened",
    "assigned": "staff",
}
PARCEL = {"Lieferung": "delivered", "Lieferung verspätet": "late"}
VOICE = {"question": "post", "Antwort": "answer", "solution accepted": "accepted", "likes received": "liked"}


@dataclass(frozen=True)
class Said(Event):
    """A happening with all that it may say beside."""

    sentiment: Decimal | None = None
    reach: int | None = None
    likes: int | None = None
    followers: int | None = None
    score_worst: Decimal | None = None
    score_best: Decimal | None = None
    case_id: str | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None


def _known(said: list[Said], as_of: datetime) -> list[Said]:
    return [s for s in said if s.time is not None and s.time <= as_of]


def _mean(values: list[Decimal]) -> float:
    return float(sum(values)) / len(values)


def attitude(said: list[Said], as_of: datetime) -> dict[str, dict[str, Any]]:
    """Customer -> what the answers and the tones of texts say."""
    found: dict[str, dict[str, Any]] = {}
    for customer in sorted({s.customer for s in said if s.customer}):
        own = [s for s in _known(said, as_of) if s.customer == customer]
        surveys = [s for s in own if s.kind == "survey"]
        figures: dict[str, Any] = {"surveys": len(surveys)}
        for name in ("nps", "csat"):
            ways = []
            for s in surveys:
                if (s.type or "nps").startswith(name) and s.score is not None and s.time is not None:
                    worst = s.score_worst if s.score_worst is not None else Decimal(0 if name == "nps" else 1)
                    best = s.score_best if s.score_best is not None else Decimal(10 if name == "nps" else 5)
                    way = float((s.score - worst) / (best - worst))
                    if 0 <= way <= 1:
                        ways.append((s.time, -way))
            ways.sort()
            figures |= _answers(name, [(at, -way) for at, way in ways])
        tones = [(s.time, s.sentiment) for s in own if s.sentiment is not None and -1 <= s.sentiment <= 1 and s.time]
        new = [tone for at, tone in tones if (as_of.date() - at.date()).days < 90]
        old = [tone for at, tone in tones if (as_of.date() - at.date()).days >= 90]
        figures["sentiment_mean"] = _mean(new + old) if tones else None
        figures["sentiment_trend"] = _mean(new) - _mean(old) if new and old else None
        found[customer] = figures
    return found


def _answers(name: str, ways: list[tuple[datetime, float]]) -> dict[str, Any]:
    """Figures of one kind of survey; answers in order of time, of one moment the better first."""
    last = ways[-1][1] if ways else None
    figures: dict[str, Any] = {f"{name}_answers": len(ways), f"{name}_at": ways[-1][0] if ways else None}
    if name == "csat":
        figures["csat_last"] = last and 100 * last if last is not None else None
        figures["csat_mean"] = 100 * sum(w for _, w in ways) / len(ways) if ways else None
        figures["csat_group"] = None
        if last is not None:
            figures["csat_group"] = "satisfied" if last >= 0.75 else "neutral" if last >= 0.5 else "dissatisfied"
        return figures
    figures["nps_last"] = 10 * last if last is not None else None
    figures["nps_group"] = None
    if last is not None:
        figures["nps_group"] = "promoter" if last >= 0.9 else "passive" if last >= 0.7 else "detractor"
    earlier = [10 * w for _, w in ways[:-1]]
    figures["nps_trend"] = 10 * ways[-1][1] - sum(earlier) / len(earlier) if earlier else None
    return figures


def service(said: list[Said], as_of: datetime) -> dict[str, dict[str, Any]]:
    """Customer -> tickets and deliveries."""
    found: dict[str, dict[str, Any]] = {}
    for customer in sorted({s.customer for s in said if s.customer}):
        found[customer] = _tickets(said, customer, as_of) | _parcels(said, customer, as_of)
    return found


def _case(s: Said) -> Any:
    return (s.source, s.case_id) if s.case_id is not None else (s.source, "row", id(s))


def _tickets(said: list[Said], customer: str, as_of: datetime) -> dict[str, Any]:
    support = [s for s in _known(said, as_of) if s.kind == "events" and s.channel == "support"]
    telling = {s.source for s in support if s.ended_at is not None or TICKET.get(s.type or "") == "resolved"}
    cases = {_case(s) for s in support if s.customer == customer}
    hours, opened, last, contacts, switches, reopenings, reopened = [], [], [], 0, 0, 0, 0
    for case in cases:
        rows = [s for s in support if _case(s) == case]
        start = min(s.time for s in rows if s.time)
        ends = [s.ended_at for s in rows if s.ended_at is not None and s.ended_at <= as_of]
        closings = ends + [s.time for s in rows if TICKET.get(s.type or "") == "resolved" and s.time]
        again = [s.time for s in rows if TICKET.get(s.type or "") == "reopened" and s.time]
        closed = max(closings) if closings else None
        is_open = closed is None or any(at > closed for at in again)
        last.append(start)
        if case[0] in telling:
            opened.append(is_open)
        if not is_open and closed is not None and closed >= start and (len(rows) > 1 or ends):
            hours.append((closed - start) / timedelta(hours=1))
        own = [
            s for s in rows if s.customer == customer and TICKET.get(s.type or "", "contact") in ("contact", "reopened")
        ]
        contacts += max(1, len(own))
        switches += max(1, len({s.channel for s in own})) - 1
        reopenings += len(again)
        reopened += bool(again)
    return {
        "tickets": len(cases),
        "open_tickets": sum(opened) if opened else None,
        "last_ticket_at": max(last) if last else None,
        "resolution_hours": sum(hours) / len(hours) if hours else None,
        "contacts": contacts,
        "channel_switches": switches,
        "reopened_tickets": reopened,
        "effort": (contacts + switches + reopenings) / len(cases) if cases else None,
    }


def _parcels(said: list[Said], customer: str, as_of: datetime) -> dict[str, Any]:
    """Deliveries of channels store and web: by their words, or by a promise."""
    parcels = [
        s
        for s in said
        if s.kind in ("events", "transactions")
        and s.channel != "support"
        and (s.due_at is not None or (s.channel in ("store", "web") and s.type in PARCEL))
    ]
    arriving = [s for s in parcels if s.channel in ("store", "web") and s.type in PARCEL]
    tells_arrival = {s.source for s in parcels if s.ended_at is not None} | {s.source for s in arriving}
    tells_late = {s.source for s in parcels if s.due_at is not None}
    tells_late |= {s.source for s in arriving if PARCEL[str(s.type)] == "late"}
    count, late_ats, judged = 0, [], 0
    known = _known(parcels, as_of)
    for case in {_case(s) for s in known if s.customer == customer}:
        rows = [s for s in known if _case(s) == case]
        dues = [s.due_at for s in rows if s.due_at is not None]
        due = min(dues) if dues else None
        arrivals = [s.ended_at for s in rows if s.ended_at is not None and s.ended_at <= as_of]
        arrivals += [s.time for s in rows if s in arriving and s.ended_at is None and s.time]
        arrived = min(arrivals) if arrivals else None
        overdue = arrived is None and due is not None and due < as_of and case[0] in tells_arrival
        if arrived is None and not overdue:
            continue
        count += 1
        if case[0] in tells_late:
            judged += 1
            said_late = any(s in arriving and PARCEL[str(s.type)] == "late" for s in rows)
            if said_late or overdue or (due is not None and arrived is not None and arrived > due):
                late_ats.append(arrived if arrived is not None else due)
    return {
        "deliveries": count,
        "late_deliveries": len(late_ats) if judged else None,
        "last_late_delivery_at": max(at for at in late_ats if at) if late_ats else None,
    }


def advocacy(
    said: list[Said], followed: dict[str, int], influence: Influence, as_of: datetime
) -> dict[str, dict[str, Any]]:
    """Customer -> voice and influence; `followed` is what records say of followers."""
    found: dict[str, dict[str, Any]] = {}
    for customer in sorted({s.customer for s in said if s.customer} | set(followed)):
        own = [s for s in _known(said, as_of) if s.customer == customer]
        heard = [
            s
            for s in own
            if s.kind == "mentions"
            or s.followers is not None
            or (s.kind == "events" and (s.channel == "community" or s.type == "invited a friend"))
        ]
        if heard or customer in followed:
            found[customer] = _voice(heard, followed.get(customer), influence)
    scores = [f["influence_score"] for f in found.values()]
    for f in found.values():
        lower = sum(score < f["influence_score"] for score in scores)
        higher = sum(score > f["influence_score"] for score in scores)
        f["influence_percentile"] = 100 * lower / len(scores)
        f["is_influencer"] = f["influence_score"] > 0 and higher < influence.share * len(scores)
    return found


def _voice(heard: list[Said], followed: int | None, influence: Influence) -> dict[str, Any]:
    mentions = [s for s in heard if s.kind == "mentions"]
    seen = {id(s): s.reach if s.reach is not None else s.followers for s in mentions}
    reached = [n for n in seen.values() if n is not None]
    toned = [s.sentiment for s in mentions if s.sentiment is not None and -1 <= s.sentiment <= 1]
    both = []
    for s in mentions:
        reach = seen[id(s)]
        if reach is not None and s.sentiment is not None and -1 <= s.sentiment <= 1:
            both.append(reach * s.sentiment)
    good, bad = sum(t > 0 for t in toned), sum(t < 0 for t in toned)
    community = [s for s in heard if s.kind == "events" and s.channel == "community"]
    did = {
        what: sum(VOICE.get(s.type or "") == what for s in community)
        for what in ("post", "answer", "accepted", "liked")
    }
    likes = did["liked"] + sum(s.likes or 0 for s in community)
    points, weights = influence.reputation, influence.weights
    reputation = (
        did["post"] * points.post
        + did["answer"] * points.answer
        + did["accepted"] * points.accepted
        + likes * points.like
    )
    numbers = [n for n in [followed, *(s.followers for s in heard)] if n is not None]
    followers = max(numbers) if numbers else None
    referrals = sum(s.kind == "events" and s.type == "invited a friend" for s in heard)
    weighted = sum(both) if both else None

    def part(weight: Decimal, value: Any) -> float | None:
        if value is None:
            return None
        return round(math.copysign(float(weight) * math.log10(1 + abs(float(value))), float(value)), 4)

    parts = {
        "influence_followers": part(weights.followers, followers),
        "influence_reach": part(weights.reach, weighted),
        "influence_referrals": part(weights.referrals, referrals),
        "influence_reputation": part(weights.reputation, reputation),
    }
    audience = followers if followers is not None else (max(reached) if reached else None)
    tiers = [(cut, name) for name, cut in influence.tiers.items() if audience is not None and audience >= cut]
    return {
        "followers": followers,
        "mentions": len(mentions),
        "mentions_positive": good,
        "mentions_negative": bad,
        "mention_tone": ("advocate" if good > bad else "critic" if bad > good else "neutral") if toned else None,
        "reach": sum(reached) if reached else None,
        "weighted_reach": weighted,
        "referrals": referrals,
        "community_posts": did["post"],
        "community_answers": did["answer"],
        "community_accepted": did["accepted"],
        "community_likes": likes,
        "reputation": reputation,
        **parts,
        "influence_score": round(max(0.0, sum(p for p in parts.values() if p is not None)), 4),
        "influence_tier": max(tiers)[1] if tiers else None,
    }
