"""Purchases, RFM and the counts under the value of a customer, the slow and obvious way: loops over lists of sales."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.profile import Event

SOLD, BACK, UNSOLD = ("purchase", "bestellung"), ("refund", "credit_note"), ("order cancelled",)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Sale(Event):
    """An event that may be one line of a purchase."""

    case_id: str | None = None


@dataclass
class Receipt:
    """The lines of one purchase or refund in one currency."""

    number: str
    currency: str
    bought: list[Sale]
    back: list[Sale]
    returned: bool = False  # as a whole; of a refund: it is known what it gave back

    @property
    def standing(self) -> Decimal:
        return sum((e.amount or ZERO for e in self.bought), ZERO) - self.given_back

    @property
    def given_back(self) -> Decimal:
        return sum((abs(e.amount or ZERO) for e in self.back), ZERO)

    @property
    def at(self) -> datetime:
        return min(e.time for e in self.bought or self.back if e.time)


def is_refund(event: Event) -> bool:
    return (event.amount is not None and event.amount < 0) or (event.type or "").lower() in BACK


def sold_by(events: list[Sale], as_of: datetime) -> list[Sale]:
    """The sales of known customers up to as_of: transactions, or where there are none what shops call a purchase."""
    till = any(e.kind == "transactions" for e in events)
    found = []
    for e in events:
        word = (e.type or "").lower()
        if till:
            meant = e.kind == "transactions"
        else:
            meant = e.amount is not None and word in (*SOLD, *BACK)
        if meant and word not in UNSOLD and e.customer and e.time is not None and e.time <= as_of:
            found.append(e)
    return found


def number_of(sale: Sale) -> str:
    """The purchase that a line belongs to: its case, else its key, else where and when it was."""
    named = sale.case_id or sale.key
    return f"{sale.source} k {named}" if named is not None else f"{sale.source} t {sale.time}"


def receipts(sales: list[Sale]) -> list[Receipt]:
    """The receipts of one customer, with those marked that were given back."""
    found: dict[tuple[str, str], Receipt] = {}
    for sale in sales:
        at = (number_of(sale), sale.currency or "")
        receipt = found.setdefault(at, Receipt(*at, [], []))
        (receipt.back if is_refund(sale) else receipt.bought).append(sale)
    for receipt in found.values():
        receipt.returned = bool(receipt.bought) and receipt.given_back > 0 and receipt.standing <= 0
    ordered = sorted(found.values(), key=lambda r: (r.at, not r.bought, _spelled(r.number)))
    stacks: dict[tuple[str, Decimal], list[Receipt]] = {}
    for receipt in ordered:
        if receipt.bought and receipt.standing > 0:
            stacks.setdefault((receipt.currency, receipt.standing), []).append(receipt)
        elif not receipt.bought and (stack := stacks.get((receipt.currency, receipt.given_back))):
            stack.pop().returned = receipt.returned = True
    return list(found.values())


def _spelled(number: str) -> str:
    return number.replace(" k ", "/k").replace(" t ", "/t")


def quintile(value: Any, everyone: list[Any]) -> int:
    """1 + the number of cut-points that the value lies above: the values at 20, 40, 60 and 80 % of the sorted list."""
    ordered = sorted(everyone)
    cuts = [ordered[math.ceil(k * len(ordered) / 5) - 1] for k in (1, 2, 3, 4)]
    return 1 + sum(value > cut for cut in cuts)


def purchases(events: list[Sale], as_of: datetime, zone: str) -> dict[str, dict[str, Any]]:
    """Customer -> orders, refunds, currency, revenue, gap, dates, quintiles, and the counts under their value."""
    sold = sold_by(events, as_of)
    found = {
        c: _bought([e for e in sold if e.customer == c], as_of, zone) for c in sorted({str(e.customer) for e in sold})
    }
    buyers = [f for f in found.values() if f["orders"]]
    for f in buyers:
        same = [b["revenue"] for b in buyers if b["currency"] == f["currency"]]
        last = [_day(b["last_purchase_at"], zone) for b in buyers]
        f["recency_quintile"] = quintile(_day(f["last_purchase_at"], zone), last)
        f["frequency_quintile"] = quintile(f["orders"], [b["orders"] for b in buyers])
        f["monetary_quintile"] = quintile(f["revenue"], same)
    return found


def _day(time: datetime, zone: str) -> date:
    return time.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


def _bought(sales: list[Sale], as_of: datetime, zone: str) -> dict[str, Any]:
    bought = [e for e in sales if not is_refund(e)]
    every = receipts(sales)
    money = []
    for currency in sorted({e.currency or "" for e in sales}):
        own = [r for r in every if r.currency == currency]
        gross = sum((e.amount or ZERO for r in own for e in r.bought), ZERO)
        net = gross - sum((r.given_back for r in own), ZERO)
        money.append((-sum(bool(r.bought) for r in own), -gross, currency, net))
    count, gross, currency, revenue = sorted(money)[0]
    days = sorted({_day(e.time, zone) for e in bought if e.time})
    gaps = [(b - a).days for a, b in pairwise(days)]
    times = [e.time for e in bought if e.time]
    return {
        "orders": len({r.number for r in every if r.bought}),
        "refunds": len({r.number for r in every if r.back}),
        "orders_returned": len({r.number for r in every if r.bought and r.returned}),
        "currency": currency or None,
        "revenue": revenue,
        "average_order": (gross / count).quantize(Decimal("0.0001")) if count else None,
        "first_purchase_at": min(times) if times else None,
        "last_purchase_at": max(times) if times else None,
        "days_since_purchase": (_day(as_of, zone) - days[-1]).days if days else None,
        "typical_gap_days": Decimal(str(float(median(gaps)))) if gaps else None,
        "categories": len({e.category for e in bought if e.category is not None}),
        **_kept(every, currency, _day(as_of, zone), zone),
    }


def _kept(every: list[Receipt], currency: str, today: date, zone: str) -> dict[str, Any]:
    """Frequency, recency, T and what was spent a year; missing where nothing was kept."""
    kept = [r for r in every if r.bought and not r.returned]
    days = sorted({_day(r.at, zone) for r in kept})
    if not days:
        return dict.fromkeys(("frequency", "recency", "T", "baseline_12m"))
    spent = sum((r.standing for r in kept if r.currency == currency), ZERO)
    for r in every:
        loose = not r.bought and not r.returned and r.currency == currency
        if loose and _day(r.at, zone) >= days[0]:
            spent -= r.given_back
    age = (today - days[0]).days
    return {
        "frequency": len(days) - 1,
        "recency": _weeks((days[-1] - days[0]).days),
        "T": _weeks(age),
        "baseline_12m": Decimal(repr(round(float(spent) * 365 / max(age, 365), 2))),
    }


def _weeks(days: int) -> Decimal:
    return Decimal(repr(round(days / 7, 2)))
