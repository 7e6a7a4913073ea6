"""The slow and obvious way to compare two runs: who is who, and whose each event was under the other identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

Member = tuple[str, str]  # ("crm", "7") is a record, ("#email", "a@x") an identifier
Owners = Mapping[Member, str]
DEVICES = ("#cookie",)


@dataclass(frozen=True)
class Event:
    """Something that happened, with the identifiers that it shows; `owner` is told by the run that it is in."""

    source: str
    time: datetime
    ids: frozenset[Member]
    kind: str = "events"
    amount: Decimal | None = None
    score: int | None = None


@dataclass(frozen=True)
class Run:
    """What a run holds: the identifiers in its data, who owns which record and identifier, and each event's owner."""

    seen: frozenset[Member]
    owners: Owners
    events: tuple[tuple[Event, str | None], ...]

    @property
    def records(self) -> dict[Member, str]:
        return {m: c for m, c in self.owners.items() if not m[0].startswith("#")}

    @property
    def customers(self) -> dict[str, set[Member]]:
        found: dict[str, set[Member]] = {}
        for member, customer in self.owners.items():
            found.setdefault(customer, set()).add(member)
        return found


def owner_of(ids: Iterable[Member], owners: Owners) -> tuple[str | None, str | None]:
    """(customer, deciding type) of an event in these worlds: its first identifier that is somebody's decides."""
    for member in sorted(ids):
        if member in owners:
            return owners[member], member[0].removeprefix("#")
    return None, None


def counts(members: Iterable[Member]) -> tuple[int, int]:
    """(records, identifiers)."""
    listed = list(members)
    identifiers = sum(m[0].startswith("#") for m in listed)
    return len(listed) - identifiers, identifiers


def shared(before: Run, after: Run) -> dict[tuple[str, str], tuple[int, int]]:
    """(customer then, customer now) -> what leads from one to the other."""
    found = {}
    for a, then in before.customers.items():
        for b, now in after.customers.items():
            records, identifiers = counts(then & now)
            bare = not counts(then)[0] or not counts(now)[0]
            if records or (identifiers and bare):
                found[a, b] = (records, identifiers)
    return found


def moves(before: Run, after: Run) -> set[tuple[str, str, str, int, int]]:
    """(event, customer, other, records, identifiers) of everything that happened to customers."""
    then, now, common = before.customers, after.customers, shared(before, after)
    heirs = {}
    for a in then.keys() - now.keys():
        reached = [b for x, b in common if x == a]
        if reached:
            heirs[a] = min(reached, key=lambda b: _rank(a, b, common, after))
    found = {("retired", a, "", *counts(then[a])) for a in then.keys() - now.keys() - heirs.keys()}
    origins = {}
    for b in now.keys() - then.keys():
        sources = [a for a, x in common if x == b]
        if sources:
            origins[b] = min(sources, key=lambda a: (-common[a, b][0], -common[a, b][1], a))
        found.add(("split" if b in origins else "created", b, origins.get(b, ""), *counts(now[b])))
    for (a, b), (records, identifiers) in common.items():
        if a == b:
            continue
        if heirs.get(a) == b:
            found.add(("merged", a, b, records, identifiers))
        elif records and origins.get(b) != a:
            found.add(("moved", a, b, records, identifiers))
    return found


def _rank(a: str, b: str, common: Mapping[tuple[str, str], tuple[int, int]], after: Run) -> tuple[object, ...]:
    rivals = sorted((-r, -i, x) for (x, y), (r, i) in common.items() if y == b)
    place = [x for _, _, x in rivals].index(a)
    records, identifiers = common[a, b]
    own = sorted(m for m, c in after.records.items() if c == b)
    return -records, -identifiers, place, not own, own[:1], b


def moved(before: Run, after: Run) -> tuple[int, int]:
    """Records and identifiers of both runs that are at another id."""
    return counts(m for m, c in before.owners.items() if m in after.owners and after.owners[m] != c)


def label(b: str, before: Run, after: Run) -> str:
    """The customer of then that a customer of now continues; itself when none."""
    ways = {x: n for (x, y), n in shared(before, after).items() if y == b}
    if not ways or b in ways:
        return b
    return min(ways, key=lambda a: (-ways[a][0], -ways[a][1], a))


def between(before: Run, after: Run) -> Run:
    """The data of the second run under the identity of the first."""
    owners: dict[Member, str] = {}
    names = {b: label(b, before, after) for b in after.customers}
    for member, customer in before.owners.items():
        if member in after.owners or member in after.seen:
            owners[member] = customer
    for member, customer in after.owners.items():
        if member not in before.owners and member not in before.seen:
            owners[member] = names[customer]
    known = {(e.source, e.time, e.ids): owner for e, owner in before.events}
    events = []
    for event, owner in after.events:
        face = (event.source, event.time, event.ids)
        events.append((event, known[face] if face in known else _fresh(event, owner, names, (before, after))))
    return Run(after.seen, owners, tuple(events))


def _fresh(event: Event, owner: str | None, names: Mapping[str, str], runs: tuple[Run, Run]) -> str | None:
    """Whose an event that the first run never saw would have been."""
    before, after = runs
    if owner is None:
        let_go = {before.owners[m] for m in event.ids if m in before.owners and m not in after.owners}
        return let_go.pop() if len(let_go) == 1 else None
    _, deciding = owner_of(event.ids, after.owners)
    mine = [m for m in event.ids if m[0] == f"#{deciding}"]
    named = [before.owners[m] for m in mine if after.owners.get(m) == owner and m in before.owners]
    if named:
        return min(named)
    if any(m in before.seen and m not in before.owners and m in after.owners for m in mine):
        return None
    return names[owner]


def kpis(run: Run) -> dict[str, tuple[Decimal, Decimal | None]]:
    """KPI -> (numerator, denominator), counted customer by customer."""
    owned = [(e, c) for e, c in run.events if c is not None]
    customers = {c: set() for _, c in owned} | run.customers
    known = {c for c, held in customers.items() if any(not m[0].startswith("#") or m[0] not in DEVICES for m in held)}
    recorded = set(run.records.values())
    latest = max((e.time for e, _ in run.events), default=datetime(1970, 1, 1))
    orders = Counter(c for e, c in owned if e.kind == "transactions" and e.amount is not None and e.amount >= 0)
    active = {c for e, c in owned if c in known and (latest.date() - e.time.date()) < timedelta(days=90)}
    answers = {}
    for event, customer in sorted(
        ((e, c) for e, c in owned if e.kind == "survey"), key=lambda x: (x[0].time, -x[0].score)
    ):
        answers[customer] = event.score
    net = 100 * sum((s >= 9) - (s <= 6) for s in answers.values())
    money = sum((e.amount for e, _ in owned if e.kind == "transactions"), Decimal(0))
    counted = {
        "customers": (len(customers), None),
        "known_customers": (len(known), None),
        "records_per_customer": (len(run.records), len(recorded)),
        "known_events": (sum(c in known for _, c in owned), len(run.events)),
        "active_customers": (len(active), None),
        "buying_customers": (len(orders), None),
        "repeat_rate": (sum(n > 1 for n in orders.values()), len(orders)),
        "orders": (sum(orders.values()), None),
        "orders_per_buyer": (sum(orders.values()), len(orders)),
        "nps": (net, len(answers)),
        "revenue_eur": (money, None),
        "revenue_per_buyer_eur": (money, len(orders)),
    }
    return {name: (Decimal(n), None if d is None else Decimal(d)) for name, (n, d) in counted.items()}
