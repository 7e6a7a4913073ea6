"""Who keeps which id, against the obvious way on small memberships, ties included."""

from __future__ import annotations

import random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.stitch.lineage import assign_ids
from tests.reference.lineage import Assignment, Groups, Member, assign, number_of

MEMBERS: list[Member] = [*(("record", n) for n in range(1, 8)), *(("identifier", n) for n in range(1, 6))]
IDS = ["cx_a", "cx_b", "cx_c", "cx_d", "cx_e"]
FORMER = ["cx_v", "cx_w", "cx_x"]


def _grouped(labels: dict[Member, str]) -> dict[str, frozenset[Member]]:
    found: dict[str, set[Member]] = {}
    for member, label in labels.items():
        if label:
            found.setdefault(label, set()).add(member)
    return {label: frozenset(members) for label, members in found.items()}


def memberships(names: list[str]) -> st.SearchStrategy[dict[str, frozenset[Member]]]:
    """Each member in one group, or in none."""
    return st.lists(st.sampled_from(["", *names]), min_size=len(MEMBERS), max_size=len(MEMBERS)).map(
        lambda labels: _grouped(dict(zip(MEMBERS, labels, strict=True)))
    )


former_ids = st.fixed_dictionaries(
    {}, optional={i: st.frozensets(st.sampled_from(MEMBERS), min_size=1) for i in FORMER}
)
ages = st.fixed_dictionaries({i: st.integers(1, 3) for i in [*IDS, *FORMER]})


def _past(engine: DuckDBEngine, kind: str, earlier: Groups, now: list[frozenset[Member]], seed: int) -> None:
    owner = {member: number_of(members) for members in now for member in members}
    rows = [(i, n, owner.get((kind, n))) for i, members in earlier.items() for k, n in members if k == kind]
    random.Random(seed).shuffle(rows)
    engine.load(
        f"stitch_{kind}_past",
        pa.table(
            {
                "earlier_id": pa.array([r[0] for r in rows], pa.string()),
                "since_run": pa.array(["r0001" for _ in rows], pa.string()),
                f"{kind}_no": pa.array([None if r[2] is None else r[1] for r in rows], pa.int64()),
                "customer_no": pa.array([r[2] for r in rows], pa.int64()),
            }
        ),
    )


def _former(engine: DuckDBEngine, former: Groups, now: list[frozenset[Member]]) -> None:
    owner = {member: number_of(members) for members in now for member in members}
    rows = [(i, m[0] == "record", owner.get(m)) for i, members in former.items() for m in sorted(members)]
    engine.load(
        "stitch_former_past",
        pa.table(
            {
                "earlier_id": pa.array([r[0] for r in rows], pa.string()),
                "is_record": pa.array([r[1] for r in rows], pa.bool_()),
                "customer_no": pa.array([r[2] for r in rows], pa.int64()),
            }
        ),
    )


def _assigned(
    engine: DuckDBEngine, earlier: Groups, former: Groups, now: list[frozenset[Member]], born: dict[str, int], seed: int
) -> Assignment:
    _past(engine, "record", earlier, now, seed)
    _past(engine, "identifier", earlier, now, seed)
    _former(engine, former, now)
    numbers = pa.array(list(born.values()), pa.int32())
    engine.load("stitch_history", pa.table({"customer_id": pa.array(list(born), pa.string()), "run_no": numbers}))
    assign_ids(engine)
    heirs = engine.fetch("SELECT * FROM stitch_heir").to_pylist()
    former_heirs = engine.fetch("SELECT * FROM stitch_former_heir").to_pylist()
    assert len(heirs) == len({r["earlier_id"] for r in heirs})
    assert len(former_heirs) == len({r["earlier_id"] for r in former_heirs})
    kept = [(r["customer_no"], r["earlier_id"]) for r in heirs if r["stays"]]
    returned = [(r["customer_no"], r["earlier_id"]) for r in former_heirs if r["returns"]]
    assert len(kept) + len(returned) == len(dict(kept) | dict(returned))
    return Assignment(
        dict(kept),
        dict(returned),
        {r["earlier_id"]: r["customer_no"] for r in heirs},
        {r["earlier_id"]: r["customer_no"] for r in former_heirs},
    )


ENGINE = DuckDBEngine(threads=1)


@settings(max_examples=150, deadline=None)
@given(memberships(IDS), memberships(["1", "2", "3", "4", "5"]), former_ids, ages, st.integers(0, 3))
def test_ids_are_kept_as_the_obvious_way_says(
    earlier: dict[str, frozenset[Member]],
    now: dict[str, frozenset[Member]],
    former: dict[str, frozenset[Member]],
    born: dict[str, int],
    seed: int,
) -> None:
    customers = list(now.values())
    assert _assigned(ENGINE, earlier, former, customers, born, seed) == assign(earlier, former, customers, born)


@settings(max_examples=60, deadline=None)
@given(memberships(IDS), memberships(["1", "2", "3", "4", "5"]), ages)
def test_who_is_unchanged_keeps_the_id_whatever_happens_around(
    earlier: dict[str, frozenset[Member]], now: dict[str, frozenset[Member]], born: dict[str, int]
) -> None:
    customers = list(now.values())
    found = _assigned(ENGINE, earlier, {}, customers, born, 0)
    for id_, members in earlier.items():
        if members in customers:
            assert found.kept[number_of(members)] == id_
