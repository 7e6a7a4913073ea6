"""Profile attributes the slow and obvious way: loops over lists of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

REFUNDS = ("refund", "return")


@dataclass(frozen=True)
class Event:
    """One event with its customer, None when nobody knows who it was."""

    customer: str | None
    source: str
    key: str | None
    kind: str
    channel: str
    time: datetime | None
    type: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    category: str | None = None
    campaign: str | None = None
    score: Decimal | None = None


def is_refund(event: Event) -> bool:
    return (event.amount is not None and event.amount < 0) or (event.type or "").lower() in REFUNDS


def is_sale(event: Event, events: list[Event]) -> bool:
    """A transaction; where nobody sends transactions, an event of a purchase or refund with an amount."""
    if any(e.kind == "transactions" for e in events):
        return event.kind == "transactions"
    return event.amount is not None and (event.type or "").lower() in ("purchase", *REFUNDS)


def engagement(events: list[Event], as_of: datetime) -> dict[str, dict[str, Any]]:
    """Customer -> events per channel, preferred channel and hour, first and last touch, touches before a purchase."""
    seen = [e for e in events if e.customer and e.time is not None and e.time <= as_of]
    found: dict[str, dict[str, Any]] = {}
    for customer in sorted({str(e.customer) for e in seen}):
        own = [e for e in seen if e.customer == customer]
        channels = {c: [e.time for e in own if e.channel == c and e.time] for c in {e.channel for e in own}}
        hours = [e.time.hour for e in own if e.time]
        first = min((e.time, e.channel, e.source, e.campaign or "") for e in own if e.time)
        last_at = max(e.time for e in own if e.time)
        last = min((e.channel, e.source, e.campaign or "") for e in own if e.time == last_at)
        bought = [e.time for e in own if is_sale(e, events) and not is_refund(e) and e.time]
        preferred = sorted(channels, key=lambda c: (-len(channels[c]), -max(channels[c]).timestamp(), c))[0]
        found[customer] = {
            "events": len(own),
            **{f"events_{c}": len(times) for c, times in channels.items()},
            **{f"last_{c}_at": max(times) for c, times in channels.items()},
            "preferred_channel": preferred,
            "preferred_hour": sorted(set(hours), key=lambda h: (-hours.count(h), h))[0],
            "first_touch_at": first[0],
            "first_touch_channel": first[1],
            "first_touch_source": first[2],
            "first_touch_campaign": first[3] or None,
            "last_touch_at": last_at,
            "last_touch_channel": last[0],
            "last_touch_source": last[1],
            "last_touch_campaign": last[2] or None,
            "touches_before_purchase": sum(e.time < min(bought) for e in own if e.time) if bought else None,
            "days_to_purchase": (min(bought).date() - first[0].date()).days if bought else None,
        }
    return found
