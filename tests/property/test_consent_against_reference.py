"""The table of permissions is what the slow reference says, whoever holds which identifier, and after every split."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.consent import Permission
from cxid.config.model import Profile
from cxid.consenting import permission
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.context import Silent
from cxid.stages.profile.consent import write_consent
from cxid.stages.profile.sections import consent as section
from tests.reference.consent import Word, World, answer, withdrawn_at

AS_OF = datetime(2026, 3, 15)
CUSTOMERS, IDENTIFIERS = ("cx_a", "cx_b", "cx_c"), ("i1", "i2", "i3", "i4")
PURPOSES, CHANNELS = ("", "news", "offers"), ("", "email", "sms")
DAYS = st.integers(-3, 3).map(lambda n: AS_OF + timedelta(days=n))
WORDS = st.builds(
    Word,
    identifier=st.sampled_from(IDENTIFIERS),
    purpose=st.sampled_from(PURPOSES),
    channel=st.sampled_from(CHANNELS),
    status=st.sampled_from(("granted", "granted", "denied", "unknown")),
    time=st.one_of(st.none(), DAYS, DAYS),
    expires_at=st.one_of(st.none(), DAYS),
)
WORLDS = st.builds(
    World,
    carried=st.frozensets(st.tuples(st.sampled_from(CUSTOMERS), st.sampled_from(IDENTIFIERS)), max_size=7),
    named=st.dictionaries(st.sampled_from(IDENTIFIERS), st.sampled_from(CUSTOMERS), max_size=4),
    hubs=st.frozensets(st.sampled_from(IDENTIFIERS), max_size=1),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, world: World, words: list[Word]) -> None:
    text, time, number = pa.string(), pa.timestamp("us"), pa.int64()
    numbers = pa.array(range(1, len(words) + 1), number)
    values = pa.array([w.identifier for w in words], text)
    kinds = pa.array(["card"] * len(words), text)
    row = {"consent_no": numbers, "source": pa.array(["book"] * len(words), text), "id_type": kinds, "id_value": values}
    row |= {n: pa.array([getattr(w, n) for w in words], text) for n in ("purpose", "channel", "status")}
    row |= {n: pa.array([getattr(w, n) for w in words], time) for n in ("time", "expires_at")}
    engine.load("consent_row", pa.table(row))
    engine.load("consent_identifier", pa.table({"consent_no": numbers, "id_type": kinds, "id_value": values}))
    named = sorted(world.named.items())
    carried = sorted(world.carried)
    columns = {
        "id_type": ["card"] * len(named),
        "id_value": [i for i, _ in named],
        "customer_id": [c for _, c in named],
    }
    engine.load("identifier_customer", pa.table({n: pa.array(v, text) for n, v in columns.items()}))
    records = pa.array(range(1, len(carried) + 1), number)
    owners = pa.array([c for c, _ in carried], text)
    engine.load("record_customer", pa.table({"record_no": records, "customer_id": owners}))
    held = {"id_type": pa.array(["card"] * len(carried), text), "id_value": pa.array([i for _, i in carried], text)}
    engine.load("record_identifier", pa.table({"record_no": records, **held}))
    hubs = sorted(world.hubs)
    engine.load(
        "hub_identifier", pa.table({"id_type": pa.array(["card"] * len(hubs), text), "id_value": pa.array(hubs, text)})
    )
    people = {"customer_id": pa.array(CUSTOMERS, text), "customer_no": pa.array([1, 2, 3], number)}
    engine.load("profile_number", pa.table(people))
    engine.run("profile_moment", "SELECT CAST(? AS TIMESTAMP) AS as_of, 'UTC' AS timezone", [AS_OF])


@settings(max_examples=30, deadline=None)
@given(world=WORLDS, words=st.lists(WORDS, max_size=9), seed=st.integers(0, 3))
def test_strictest_wins_in_every_world(engine: DuckDBEngine, world: World, words: list[Word], seed: int) -> None:
    shuffled = list(words)
    random.Random(seed).shuffle(shuffled)
    load(engine, world, shuffled)
    wanted = tuple(Permission(purpose=p, channel=c) for p in PURPOSES[1:] for c in CHANNELS)
    columns = write_consent(engine, Profile(as_of=AS_OF.isoformat(), consent=wanted), Silent())
    rows = engine.fetch("SELECT * FROM consent").to_pylist()
    assert [(r["customer_id"], r["purpose"], r["channel"]) for r in rows] == sorted(
        {(r["customer_id"], r["purpose"], r["channel"]) for r in rows}
    )
    for row in rows:
        asked = (row["customer_id"], row["purpose"], row["channel"])
        assert row["status"] == answer(world, words, AS_OF, *asked), asked
        assert row["withdrawn_at"] == withdrawn_at(world, words, AS_OF, asked), asked
    section.write(engine)
    profile = {r["customer_no"]: r for r in engine.fetch("SELECT * FROM profile_consent").to_pylist()}
    for purpose, channel, column in zip([p.purpose for p in wanted], [p.channel for p in wanted], columns, strict=True):
        found = engine.fetch(permission(f"'{purpose}'", f"'{channel}'")).to_pylist()
        told = {r["customer_id"]: r["status"] for r in found}
        for number, customer in enumerate(CUSTOMERS, start=1):
            # a channel of which nothing was said has the answer for all channels
            expected = answer(world, words, AS_OF, customer, purpose, channel)
            assert told.get(customer) == expected, (customer, purpose, channel)
            flag = {"granted": True, "denied": False}.get(expected or "")
            assert profile.get(number, {}).get(column) is flag
    engine.drop("profile_consent", "profile_permission")
    assert {t for t in engine.tables() if t.startswith("profile_consent")} == set()


@settings(max_examples=10, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=8), cut=st.integers(1, 3))
def test_a_split_leaves_each_part_its_own_words(engine: DuckDBEngine, words: list[Word], cut: int) -> None:
    def told(world: World) -> dict[tuple[str, str, str], str]:
        load(engine, world, words)
        write_consent(engine, Profile(as_of=AS_OF.isoformat()), Silent())
        rows = engine.fetch("SELECT customer_id, purpose, channel, status FROM consent").to_pylist()
        return {(r["customer_id"], r["purpose"], r["channel"]): r["status"] for r in rows}

    parts = {i: CUSTOMERS[0] if at < cut else CUSTOMERS[1] for at, i in enumerate(IDENTIFIERS)}
    whole = told(World(frozenset(), dict.fromkeys(IDENTIFIERS, CUSTOMERS[0]), frozenset()))
    apart = told(World(frozenset(), parts, frozenset()))
    for customer in CUSTOMERS[:2]:
        own = [w for w in words if parts[w.identifier] == customer]
        alone = told(World(frozenset(), {w.identifier: customer for w in own}, frozenset())) if own else {}
        assert {k: v for k, v in apart.items() if k[0] == customer} == {
            k: v for k, v in alone.items() if any(w.identifier in parts for w in own)
        }
    refused = {(p, c) for (_, p, c), status in apart.items() if status == "denied"}
    assert refused <= {(p, c) for (_, p, c), status in whole.items() if status == "denied"}, (
        "a merge never forgets a refusal"
    )
