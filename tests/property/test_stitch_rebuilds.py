"""Twenty rebuilds of one company: rows shuffled, some gone, some new, merges and splits forced; ids last."""

from __future__ import annotations

import random
import re
from itertools import combinations
from typing import Any

import pyarrow as pa

from tests.reference.lineage import Groups, Member, assign, number_of
from tests.reference.stitch_world import Happening, Row, World, stitched

PEOPLE, REBUILDS = 80, 20
KEYS = [f"p{person:03d}r{n}" for person in range(PEOPLE) for n in range(1 + person % 3)]
NUMBER = {key: n for n, key in enumerate(sorted(KEYS), 1)}  # the same in every run, in the order of the records
Decision = tuple[str, str, str]


def _built(keys: list[str], decisions: list[Decision], previous: dict[str, pa.Table], run: int, threads: int) -> World:
    """Records of one person are alike; each third person is also seen with a cookie, with a login now and then."""
    rows = [Row(k, values={"email": f"{k[:4]}@x.example"} if k.endswith("r0") else {}) for k in keys]
    people: dict[str, list[str]] = {}
    for key in sorted(keys):
        people.setdefault(key[:4], []).append(key)
    pairs = [(a, b, 9) for found in people.values() for a, b in combinations(found, 2)]
    events = [Happening([("cookie", f"c{person}")], at=person) for person in range(0, PEOPLE, 3)]
    events += [
        Happening([("cookie", f"c{person}"), ("email", f"p{person:03d}@x.example")], at=person + 500)
        for person in range(0, PEOPLE, 3)
        if person % 7 < run % 7
    ]
    return stitched(
        rows, pairs, events, previous=previous, decisions=decisions, run_id=f"r{run:04d}-00000000", threads=threads
    )


def _members(world: World) -> dict[str, frozenset[Member]]:
    """id -> its members; identifiers are numbered in the order of their texts."""
    found: dict[str, set[Member]] = {}
    for r in world.rows("SELECT * FROM identity_map"):
        if r["source"]:
            member = ("record", NUMBER[r["record_key"]])
        else:
            place = int(re.sub(r"\D", "", r["id_value"]))
            member = ("identifier", place if r["id_type"] == "email" else 1000 + place)
        found.setdefault(r["customer_id"], set()).add(member)
    return {customer_id: frozenset(members) for customer_id, members in found.items()}


class Company:
    """The same company from run to run, and what the obvious way says of it."""

    def __init__(self) -> None:
        self.chance = random.Random(11)
        self.keys = list(KEYS)
        self.out: list[str] = []
        self.decisions: list[Decision] = []
        self.now: Groups = {}
        self.former: dict[str, frozenset[Member]] = {}
        self.born: dict[str, int] = {}

    def change(self, run: int) -> None:
        """1 % of the rows go, others come back, one pair is linked or parted, or an old decision is taken back."""
        self.chance.shuffle(self.keys)
        gone = [self.keys.pop() for _ in range(max(2, len(KEYS) // 100))]
        back = [self.out.pop(0) for _ in range(min(2, len(self.out)))] if run % 2 else []
        self.keys, self.out = self.keys + back, self.out + gone
        if run % 4 == 1:
            a, b = self.chance.sample([k for k in self.keys if k.endswith("r0")], 2)
            self.decisions.append(("link", a, b))
        elif run % 4 == 2:
            a = self.chance.choice([k for k in self.keys if k.endswith("r1") and f"{k[:4]}r0" in self.keys])
            self.decisions.append(("unlink", f"{a[:4]}r0", a))
        elif run % 4 == 3:
            self.decisions.pop(0)

    def check(self, world: World, run: int) -> None:
        """Ids, aliases and events against the memberships of then and now."""
        now = _members(world)
        said = assign(self.now, self.former, list(now.values()), self.born)
        names = {number_of(members): customer_id for customer_id, members in now.items()}
        stays = {**said.kept, **said.returned}
        assert {number: names[number] for number in stays} == stays
        then = {members: customer_id for customer_id, members in self.now.items()}
        assert all(then.get(members, customer_id) == customer_id for customer_id, members in now.items())
        new = set(now) - set(stays.values())
        assert not new & set(self.born)
        ended = set(self.now) - set(now)
        heirs = {**said.former_heirs, **{i: said.heirs[i] for i in ended if i in said.heirs}}
        self.former = {i: m for i, m in {**self.former, **{e: self.now[e] for e in ended}}.items() if i not in now}
        aliases = {r["old_customer_id"]: r["customer_id"] for r in world.rows("SELECT * FROM customer_alias")}
        assert set(aliases) == set(self.former)  # every id ever given is in use or leads somewhere
        assert set(aliases.values()) - {None} <= set(now)  # and at once: no chain, no circle
        assert {old: names[heir] for old, heir in heirs.items() if old not in now}.items() <= aliases.items()
        self._check_events(world, run, len(now))
        self.born |= dict.fromkeys(new, run)
        self.now = now

    def _check_events(self, world: World, run: int, customers: int) -> None:
        events = world.rows(f"SELECT * FROM identity_event WHERE run_no = {run}")
        times: dict[str, int] = {}
        for event in events:
            times[event["event"]] = times.get(event["event"], 0) + 1
        balance = times.get("created", 0) - times.get("absorbed", 0) - times.get("retired", 0)
        assert len(self.now) + balance == customers
        told = {(e["event"], e["customer_id"], e["other_customer_id"]) for e in events}
        assert {(o, c) for e, c, o in told if e == "absorbed"} <= {(c, o) for e, c, o in told if e == "merged"}
        assert {(o, c) for e, c, o in told if e == "created" and o} <= {
            (c, o) for e, c, o in told if e in ("split", "absorbed")
        }


def test_twenty_rebuilds_keep_every_id_whose_people_stay() -> None:
    company, left = Company(), dict[str, Any]()
    for run in range(1, REBUILDS + 2):
        if run > 1:
            company.change(run)
        world = _built(company.keys, company.decisions, left, run, threads=1)
        if run % 10 == 5:  # the order of rows, and how many work on them, changes nothing
            again = _built(sorted(company.keys, reverse=True), company.decisions, left, run, threads=2)
            for table in ("identity_map", "identity_event", "customer_alias", "former_member"):
                order = "SELECT * FROM " + table + " ORDER BY ALL"
                assert world.rows(order) == again.rows(order)
        company.check(world, run)
        left = world.left
    events = {r["event"] for r in world.rows("SELECT DISTINCT event FROM identity_event")}
    assert events == {"created", "split", "merged", "absorbed", "retired"}
    assert {r["cause"] for r in world.rows("SELECT DISTINCT cause FROM identity_event")} == {"data", "decision"}
