"""Who owns each identifier and each event, said once more in plain Python over small lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

Identifier = tuple[str, str]
Customer = Hashable  # a record's customer, or the smallest identifier of an island
PERSONAL, SESSION, NETWORK = (1, 2, 3), 5, 6


@dataclass(frozen=True)
class Carried:
    """A customer whose records carry an identifier: how many of them, and the latest change among those."""

    customer: int
    records: int
    updated: int | None


@dataclass(frozen=True)
class Event:
    ids: frozenset[Identifier]
    time: int | None


class Attribution:
    """`owner` of each identifier that has one, `hubs`, and the `customer` of each event."""

    def __init__(
        self,
        carried: dict[Identifier, list[Carried]],
        record_hubs: set[Identifier],
        events: Sequence[Event],
        rank: Callable[[str], int],
        hub_limit: int,
    ) -> None:
        self.events, self.limit = events, hub_limit
        self.rank = {i: rank(i[0]) for i in {*carried, *(i for e in events for i in e.ids)}}
        self.carried = {i: self._in_order(c) for i, c in carried.items() if i not in record_hubs}
        self.hubs = set(record_hubs)
        self._find_people()
        self.customer: list[Customer | None] = [self._by_name(e) for e in events]
        self._find_devices()
        for at, event in enumerate(events):
            if self.customer[at] is None:
                self.customer[at] = self._by_device(event)

    def key(self, identifier: Identifier) -> tuple[int, str, str]:
        return (self.rank[identifier], *identifier)

    def personal(self, ids: Iterable[Identifier]) -> list[Identifier]:
        return sorted((i for i in ids if self.rank[i] in PERSONAL), key=self.key)

    def devices(self, ids: Iterable[Identifier]) -> list[Identifier]:
        return sorted((i for i in ids if self.rank[i] not in PERSONAL), key=self.key)

    @staticmethod
    def _in_order(found: list[Carried]) -> list[Carried]:
        return sorted(found, key=lambda c: (-c.records, c.updated is None, -(c.updated or 0), c.customer))

    # -- people -------------------------------------------------------------------------------------

    def _find_people(self) -> None:
        met: Counter[tuple[Identifier, Identifier]] = Counter()
        for event in self.events:
            ids = self.personal(event.ids)
            met.update((a, b) for a in ids for b in ids if a != b)
        anchors = {i: c[0].customer for i, c in self.carried.items()}
        self.hubs |= {i for i in self.rank if self._people_met(i, met, anchors) > self.limit}
        met = Counter({p: n for p, n in met.items() if not self.hubs & set(p)})
        main = self._main_partners(met)
        free = [i for i in self.personal(self.rank) if i not in self.carried and i not in self.hubs]
        self.owner: dict[Identifier, Customer] = {
            i: c for i, c in anchors.items() if i not in self.hubs and self.rank[i] in PERSONAL
        }
        for island in self._components(free, main):
            owner = self._island_owner(island, main, met, anchors)
            self.owner |= dict.fromkeys(island, min(island, key=self.key) if owner is None else owner)

    def _people_met(self, one: Identifier, met: Counter, anchors: dict[Identifier, int]) -> int:
        partners = [b for a, b in met if a == one]
        unnamed: Counter[str] = Counter(p[0] for p in partners if p not in anchors and p not in self.hubs)
        of_kind = {p[0]: self.rank[p] for p in partners}
        counts = [n if of_kind[t] <= self.rank[one] else -(-n // 3) for t, n in unnamed.items()]
        return max([len({anchors[p] for p in partners if p in anchors}), *counts])

    def _main_partners(self, met: Counter) -> Counter:
        """Both directions of: each identifier's most-met owner, and of each kind of equal rank the mutual best."""
        main: Counter[tuple[Identifier, Identifier]] = Counter()
        best: dict[tuple[Identifier, str], Identifier] = {}
        for one in {a for a, _ in met}:
            partners = sorted((b for a, b in met if a == one), key=lambda b: (-met[one, b], self.key(b)))
            owners = [b for b in partners if self.rank[b] < self.rank[one]]
            if owners:
                main[one, owners[0]] = main[owners[0], one] = met[one, owners[0]]
            for b in partners:
                if self.rank[b] == self.rank[one] and b[0] != one[0]:
                    best.setdefault((one, b[0]), b)
        for (one, _), b in best.items():
            if best.get((b, one[0])) == one:
                main[one, b] = met[one, b]
        return main

    @staticmethod
    def _components(
        nodes: Sequence[Identifier], edges: Iterable[tuple[Identifier, Identifier]]
    ) -> list[set[Identifier]]:
        group = {n: {n} for n in nodes}
        for a, b in edges:
            if a in group and b in group and group[a] is not group[b]:
                joined = group[a] | group[b]
                for n in joined:
                    group[n] = joined
        return list({id(g): g for g in group.values()}.values())

    @staticmethod
    def _island_owner(
        island: set[Identifier], main: Counter, met: Counter, anchors: dict[Identifier, int]
    ) -> int | None:
        for edges, share in ((main, 0.0), (met, 0.5)):
            votes: Counter[int] = Counter()
            total = 0.0
            for (a, b), n in edges.items():
                if a in island:
                    total += n / 2 if b in island else n
                    if b in anchors:
                        votes[anchors[b]] += n
            winners = [(-n, c) for c, n in votes.items() if n >= share * total]
            if winners:
                return min(winners)[1]
        return None

    def _by_name(self, event: Event) -> Customer | None:
        claims: dict[Customer, list[tuple[bool, int, int, Identifier]]] = defaultdict(list)
        for i in self.personal(event.ids):
            if i in self.hubs:
                continue
            if i in self.carried:
                shared = len(self.carried[i]) > 1
                for place, c in enumerate(self.carried[i]):
                    claims[c.customer].append((shared, 99 if shared else self.rank[i], place, i))
            else:
                claims[self.owner[i]].append((False, self.rank[i], 0, i))
        if not claims:
            return None
        return min(
            claims,
            key=lambda c: (
                min(x[0] for x in claims[c]),
                min(x[1] for x in claims[c]),
                -len(claims[c]),
                min(x[2] for x in claims[c]),
                min(self.key(x[3]) for x in claims[c]),
                self._number(c),
            ),
        )

    def _number(self, customer: Customer) -> tuple[int, ...] | tuple[int, tuple[int, str, str]]:
        """Order of customers: those without records first, the one of the largest identifier before all."""
        if isinstance(customer, int):
            return (1, customer)
        ordered = sorted(self.rank, key=self.key)
        return (0, -ordered.index(customer))  # type: ignore[arg-type]

    # -- devices ------------------------------------------------------------------------------------

    def _find_devices(self) -> None:
        self.logins: dict[Identifier, Counter[Customer]] = defaultdict(Counter)
        last: dict[tuple[Identifier, Customer], int] = {}
        for event, customer in zip(self.events, self.customer, strict=True):
            for d in self.devices(event.ids) if customer is not None else ():
                self.logins[d][customer] += 1
                if event.time is not None:
                    last[d, customer] = max(last.get((d, customer), event.time), event.time)
        self.hubs |= {d for d, users in self.logins.items() if len(users) > self.limit}
        met: Counter[tuple[Identifier, Identifier]] = Counter()
        for event in self.events:
            ids = [d for d in self.devices(event.ids) if d not in self.hubs]
            met.update((a, b) for a in ids for b in ids if a != b and not (a in self.logins and b in self.logins))
        main = self._main_partners(met)
        self.users: dict[Identifier, Customer] = {}
        for d, users in self.logins.items():
            self.users[d] = min(
                users, key=lambda c: (-users[c], (d, c) not in last, -last.get((d, c), 0), self._number(c))
            )
        free = [d for d in self.devices(self.rank) if d not in self.logins and d not in self.hubs]
        for island in self._components(free, main):
            votes: Counter[Customer] = Counter()
            for (a, b), n in main.items():
                if a in island and b in self.users and b not in island:
                    votes[self.users[b]] += n
            best = min(votes, key=lambda c: (-votes[c], self._number(c))) if votes else min(island, key=self.key)
            self.owner |= dict.fromkeys(island, best)
        self.owner |= {d: c for d, c in self.users.items() if d not in self.hubs}

    def _by_device(self, event: Event) -> Customer | None:
        usable = [d for d in self.devices(event.ids) if d not in self.hubs]
        if not usable:
            return None

        def order(d: Identifier) -> tuple[bool, int, tuple[int, str, str]]:
            logged_in = d in self.logins
            first = SESSION if logged_in else 4
            return (not logged_in, 2 if self.rank[d] == NETWORK else int(self.rank[d] != first), self.key(d))

        device = min(usable, key=order)
        if len(self.logins.get(device, ())) < 2:
            return self.owner[device]
        endless = float("inf")
        now = endless if event.time is None else event.time
        seen = [(endless if e.time is None else e.time, self._by_name(e)) for e in self.events if device in e.ids]
        seen = [(t, c) for t, c in seen if c is not None]
        before = [(t, self._number(c), c) for t, c in seen if t <= now]
        if before:
            latest = max(t for t, _, _ in before)
            return min((n, c) for t, n, c in before if t == latest)[1]
        earliest = min(t for t, _ in seen)
        return min((self._number(c), c) for t, c in seen if t == earliest)[1]
