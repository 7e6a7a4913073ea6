"""The SQL that gives identifiers and events their customers says what plain Python says, in any order of rows."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.model import Match
from cxid.stages.stitch.kinds import rank_of
from tests.reference.stitch_events import Attribution, Carried, Event, Identifier
from tests.reference.stitch_world import Happening, Row, stitched

POOL: list[Identifier] = [
    *[("user_id", v) for v in "123"],
    *[("email", v) for v in "abcd"],
    *[("handle", v) for v in "pq"],
    *[("loyalty_card", v) for v in "xyz"],
    *[("cookie", v) for v in "kl"],
    *[("session_id", v) for v in "st"],
    ("ip", "1"),
]
EMAILS = st.sampled_from(["a", "b", None])


@st.composite
def corners(draw: st.DrawFn, name: str) -> tuple[list[Row], list[tuple[str, str, int]], list[Happening]]:
    """A few records and events that share identifiers among themselves and with no other corner of the world."""
    cards = draw(st.lists(st.sampled_from(["x", "y", None]), max_size=5, unique_by=lambda c: c or object()))
    rows = [
        Row(
            f"{name}{i}",
            values={"given_name": f"{name}{i}"} | ({"email": name + email} if (email := draw(EMAILS)) else {}),
            ids=[("loyalty_card", name + card)] if card else [],
            updated=draw(st.one_of(st.none(), st.integers(0, 2))),
        )
        for i, card in enumerate(cards)
    ]
    pairs = [(f"{name}0", f"{name}1", 9)] if len(rows) > 1 and draw(st.booleans()) else []
    ids = st.lists(st.sampled_from([(t, name + v) for t, v in POOL]), min_size=0, max_size=3, unique=True)
    events = draw(st.lists(st.builds(Happening, ids, st.one_of(st.none(), st.integers(0, 6))), max_size=14))
    return rows, pairs, events


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[tuple[str, str, int]], list[Happening], int]:
    """Several corners at once: one run of the stage costs the same for all of them."""
    parts = [draw(corners(name)) for name in "ABCDEF"]
    rows, pairs, events = ([x for part in parts for x in part[i]] for i in range(3))
    return rows, pairs, events, draw(st.sampled_from([1, 2, 5]))


def said_plainly(rows: list[Row], pairs: list, events: list[Happening], limit: int) -> Attribution:
    customer = {row.key: i for i, row in enumerate(rows, 1)}
    for a, b, _ in pairs:
        customer[b] = customer[a]
    holders: dict[Identifier, list[Row]] = defaultdict(list)
    for row in rows:
        for identifier in [*row.ids, *(("email", v) for f, v in row.values.items() if f == "email")]:
            holders[identifier].append(row)
    carried, hubs = {}, set()
    for identifier, found in holders.items():
        of: dict[int, list[Row]] = defaultdict(list)
        for row in found:
            of[customer[row.key]].append(row)
        carried[identifier] = [
            Carried(c, len(r), max((x.updated for x in r if x.updated is not None), default=None))
            for c, r in of.items()
        ]
        if len(of) > limit:
            hubs.add(identifier)
    plain = [Event(frozenset(e.ids), e.at) for e in events]
    return Attribution(carried, hubs, plain, lambda t: int(rank_of(t)), limit)


def readable(owner: object, rows: list[Row]) -> str | None:
    if owner is None:
        return None
    return rows[owner - 1].key if isinstance(owner, int) else ":".join(owner)  # type: ignore[arg-type]


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_owners_of_identifiers_and_events_are_those_of_the_reference(world) -> None:
    rows, pairs, events, limit = world
    wanted = said_plainly(rows, pairs, events, limit)
    found = stitched(rows, pairs, events, match=Match(hub_limit=limit), threads=1)
    assert found.hubs == {":".join(i) for i in wanted.hubs}
    assert found.owners == {":".join(i): readable(c, rows) for i, c in wanted.owner.items()}
    assert found.attributed == [readable(c, rows) for c in wanted.customer]


@settings(max_examples=4, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_number_of_threads_change_nothing(world, rng: random.Random) -> None:
    rows, pairs, events, limit = world
    shuffled = list(enumerate(events))
    rng.shuffle(shuffled)
    first = stitched(rows, pairs, events, match=Match(hub_limit=limit), threads=1)
    mixed = stitched(
        rng.sample(rows, len(rows)), pairs, [e for _, e in shuffled], match=Match(hub_limit=limit), threads=4
    )
    for table in ("customer", "identity_map", "match_group", "match_pair", "hub_identifier", "refused_merge"):
        assert sorted(map(str, first.rows(f"FROM {table}"))) == sorted(map(str, mixed.rows(f"FROM {table}"))), table
    assert [mixed.attributed[[i for i, _ in shuffled].index(at)] for at in range(len(events))] == first.attributed
