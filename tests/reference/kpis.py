"""Metrics of table `kpi`, slowly, in plain Python: (metric, period, segment, currency) -> (numerator, denominator)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.profile import Event

Figures = dict[tuple[str, str, str, str], tuple[Any, Any]]


@dataclass(frozen=True)
class Asked:
    """What the oracle is told beside the events: moment, zone, spans, who is known, which events a device alone names."""

    as_of: datetime
    zone: str
    activation_days: int
    churn_days: int
    known: frozenset[str]
    by_device: frozenset[int]  # places in the list of events


class Company:
    def __init__(self, events: list[Event], asked: Asked) -> None:
        self.asked, self.zone = asked, ZoneInfo(asked.zone)
        self.events = [(i, e) for i, e in enumerate(events) if e.customer and e.time and e.time <= asked.as_of]
        self.customers = sorted({str(e.customer) for e in events if e.customer})
        self.today = self.day(asked.as_of)
        first = [self.day(e.time) for _, e in self.events if e.time]
        self.periods = self._periods(min(first, default=self.today))

    def day(self, time: datetime) -> date:
        return time.replace(tzinfo=UTC).astimezone(self.zone).date()

    def _periods(self, first: date) -> list[str]:
        found, at = [], date(first.year, first.month, 1)
        while at <= self.today:
            found.append(f"{at:%Y-%m}")
            at = (at + timedelta(days=31)).replace(day=1)
        return found

    def of(self, customer: str) -> list[tuple[int, Event]]:
        return [(i, e) for i, e in self.events if e.customer == customer]

    def first(self, customer: str) -> datetime | None:
        return min((e.time for _, e in self.of(customer) if e.time), default=None)

    def purchases(self, customer: str) -> list[date]:
        """A day for each purchase, in order."""
        own = [e for _, e in self.of(customer) if e.kind == "transactions" and (e.amount or 0) >= 0]
        return [self.day(e.time) for e in sorted(own, key=lambda e: (e.time, e.key)) if e.time]


def kpis(events: list[Event], asked: Asked) -> Figures:
    """Every metric that needs no mentions; metrics over nobody are left out."""
    company, found = Company(events, asked), {}
    for period in [*company.periods, "total"]:
        for name, of in _METRICS.items():
            for (segment, currency), (above, below) in of(company, period).items():
                if below is None or below > 0:
                    found[name, period, segment, currency] = (above, below)
    return found


def _in(day: date | None, period: str) -> bool:
    return day is not None and period in ("total", f"{day:%Y-%m}")


def _plain(above: Any, below: Any) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {("", ""): (above, below)}


def _first_days(company: Company) -> dict[str, date]:
    firsts = {c: company.first(c) for c in company.asked.known}
    return {c: company.day(t) for c, t in firsts.items() if t}


def _new(company: Company, period: str) -> Any:
    return _plain(sum(_in(d, period) for d in _first_days(company).values()), None)


def _anonymous(company: Company, period: str) -> Any:
    came = []
    for c in company.customers:
        own = [(i, e) for i, e in company.of(c) if e.type != "sent"]
        first = min((e.time for _, e in own if e.time), default=None)
        is_device = any(e.time == first and i in company.asked.by_device for i, e in own)
        if first and is_device and _in(company.day(first), period):
            came.append(c)
    return _plain(sum(c in company.asked.known for c in came), len(came))


def _activation(company: Company, period: str) -> Any:
    span = timedelta(days=company.asked.activation_days)
    old = {c: d for c, d in _first_days(company).items() if _in(d, period) and company.today - d >= span}
    done = [c for c, d in old.items() if (p := company.purchases(c)) and p[0] - d <= span]
    return _plain(len(done), len(old))


def _second(company: Company, period: str) -> Any:
    gaps = []
    for c in company.customers:
        days = sorted(set(company.purchases(c)))
        if len(days) > 1 and _in(days[1], period):
            gaps.append((days[1] - days[0]).days)
    return _plain(sum(gaps), len(gaps))


def _engaged(company: Company, period: str) -> Any:
    known = [c for c, d in _first_days(company).items() if period == "total" or f"{d:%Y-%m}" <= period]
    did = [c for c in known if any(e.time and e.type != "sent" and _in(company.day(e.time), period)
                                   for _, e in company.of(c))]  # fmt: skip
    return _plain(len(did), len(known))


def _repeat(company: Company, period: str) -> Any:
    bought = {c: company.purchases(c) for c in company.customers}
    buyers = [c for c, days in bought.items() if any(_in(d, period) for d in days)]
    again = [c for c in buyers if any(_in(d, period) for d in bought[c][1:])]
    return _plain(len(again), len(buyers))


def _churn(company: Company, period: str) -> Any:
    span = timedelta(days=company.asked.churn_days)
    bought = {c: sorted(set(company.purchases(c))) for c in company.customers}
    if period == "total":
        old = [c for c, days in bought.items() if days and company.today - days[0] >= span]
        return _plain(sum(company.today - bought[c][-1] >= span for c in old), len(old))
    start = datetime.strptime(period + "-01", "%Y-%m-%d").date()
    end = (start + timedelta(days=31)).replace(day=1)

    def is_there(days: list[date], at: date) -> bool:
        """Bought before the day, and not longer ago than the span."""
        return any(d < at <= d + span for d in days)

    def has_left(days: list[date]) -> bool:
        """By the end of the period, or by today where it is not over, without having come back."""
        before = [d for d in days if d < end]
        return before[-1] + span < end and before[-1] + span <= company.today

    there = [c for c, days in bought.items() if is_there(days, start)]
    return _plain(sum(has_left(bought[c]) for c in there), len(there))


def _nps(company: Company, period: str) -> Any:
    said = []
    for c in company.customers:
        own = [e for _, e in company.of(c) if e.kind == "survey" and e.time and _in(company.day(e.time), period)]
        if own:
            score = min(own, key=lambda e: (-e.time.timestamp(), e.score)).score or Decimal(0)  # type: ignore[union-attr]
            said.append(1 if score >= 9 else 0 if score >= 7 else -1)
    return _plain(100 * sum(said), len(said))


def _cost(company: Company, period: str) -> Any:
    costs: dict[str, Decimal] = {}
    for _, e in company.events:
        if e.channel == "ads" and e.amount and e.amount > 0 and e.time and _in(company.day(e.time), period):
            costs[e.currency or ""] = costs.get(e.currency or "", Decimal(0)) + e.amount
    new = sum(bool(p) and _in(p[0], period) for p in (company.purchases(c) for c in company.customers))
    return {("", currency): (cost, new) for currency, cost in costs.items()}


_METRICS = {
    "new_known_customers": _new,
    "anonymous_to_known_rate": _anonymous,
    "activation_rate": _activation,
    "days_to_second_purchase": _second,
    "engaged_share": _engaged,
    "repeat_rate": _repeat,
    "churn_rate": _churn,
    "nps": _nps,
    "cost_per_acquired_customer": _cost,
}
