"""The lives of customer ids: what each change of who is who writes down, and why it says it happened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest

from tests.reference.stitch_world import Happening, Row, World, stitched


def _id(text: str) -> str:
    return "cx_" + hashlib.md5(text.encode()).hexdigest()[:16]


NAMES = {_id(f"record\x1fcrm\x1f{key}"): key.upper() for key in "abcdef"}
NAMES |= {_id(f"record\x1fcrm\x1f{key}\x1f1"): f"{key.upper()}2" for key in "abcdef"}
NAMES |= {_id("identifier\x1fcookie\x1fk"): "K", _id("identifier\x1fphone\x1f1"): "PHONE"}

Pairs = Sequence[tuple[Any, ...]]
AB: Pairs = [("a", "b", 9)]


def _rows(keys: str, **values: str) -> list[Row]:
    return [Row(k, values={"given_name": values[k]} if k in values else {}) for k in keys]


def _next(before: World | None, rows: list[Row], pairs: Pairs = (), *, run: int = 2, **more: Any) -> World:
    return stitched(rows, pairs, previous=before.left if before else None, run_id=f"r{run:04d}-00000000", **more)


def _events(world: World, run: int = 2) -> set[tuple[str, str, str, int, str]]:
    """(event, id, other id, records, cause) of a run, ids by the record or identifier that they were named after."""
    return {
        (r["event"], NAMES[r["customer_id"]], NAMES.get(r["other_customer_id"], ""), r["records"], r["cause"])
        for r in world.rows("SELECT * FROM identity_event")
        if r["run_no"] == run
    }


def _aliases(world: World) -> dict[str, str | None]:
    return {
        NAMES[r["old_customer_id"]]: NAMES[r["customer_id"]] if r["customer_id"] else None
        for r in world.rows("SELECT * FROM customer_alias")
    }


def _groups(world: World) -> dict[str, str]:
    """id -> its records' keys."""
    found: dict[str, str] = {}
    for r in world.rows("SELECT customer_id, record_key FROM identity_map WHERE source <> '' ORDER BY record_key"):
        found[NAMES[r["customer_id"]]] = found.get(NAMES[r["customer_id"]], "") + r["record_key"]
    return found


# -- one change each --------------------------------------------------------------------------------------------

CHANGES: dict[str, tuple[tuple[str, Pairs], tuple[str, Pairs], set[tuple[str, str, str, int, str]], dict[str, Any]]] = {
    "a first build creates": (("", ()), ("abc", AB), {("created", "A", "", 2, "data"), ("created", "C", "", 1, "data")}, {}),
    "nothing changed": (("abc", AB), ("abc", AB), set(), {}),
    "a new record of a known customer is no event": (("a", ()), ("ab", AB), set(), {}),
    "a record that goes takes no id with it": (("ab", AB), ("b", ()), set(), {}),
    "a new customer": (("a", ()), ("ab", ()), {("created", "B", "", 1, "data")}, {}),
    "all records gone": (("ab", ()), ("a", ()), {("retired", "B", "", 1, "data")}, {"B": None}),
    "two become one: the larger keeps its id": (
        ("abc", [("b", "c", 9)]),
        ("abc", [("a", "b", 9), ("b", "c", 9), ("a", "c", 9)]),
        {("absorbed", "A", "B", 1, "data"), ("merged", "B", "A", 1, "data")},
        {"A": "B"},
    ),
    "one becomes two: the larger part keeps the id": (
        ("abc", [("a", "b", 9), ("b", "c", 9), ("a", "c", 9)]),
        ("abc", [("b", "c", 9)]),
        {("split", "A", "A2", 1, "data"), ("created", "A2", "A", 1, "data")},
        {},
    ),
    "a record that moves between two that stay": (
        ("abcde", [("a", "b", 9), ("b", "c", 9), ("a", "c", 9), ("d", "e", 9)]),
        ("abcde", [("a", "b", 9), ("c", "d", 9), ("d", "e", 9), ("c", "e", 9)]),
        {("split", "A", "D", 1, "data"), ("merged", "D", "A", 1, "data")},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_told_in_both_lives(case: str) -> None:
    (keys, pairs), (next_keys, next_pairs), events, aliases = CHANGES[case]
    before = _next(None, _rows(keys), pairs, run=1) if keys else None
    world = _next(before, _rows(next_keys), next_pairs)
    assert _events(world) == events
    assert _aliases(world) == aliases


@pytest.mark.parametrize(
    ("rows", "more", "cause"),
    [
        (_rows("ab"), {}, "data"),
        (_rows("ab"), {"basis": {"match": "other"}}, "config"),
        (_rows("ab", b="Ann"), {"basis": {"match": "other", "source crm": ""}}, "data"),
        (_rows("ab", b="Ann"), {"basis": {"match": "", "source crm": "read otherwise"}}, "config"),
        (_rows("abc"), {"basis": {"match": "other"}}, "config"),
        (_rows("ab", b="Ann"), {"decisions": [("link", "a", "b")]}, "decision"),
        (_rows("ab"), {"decisions": [("unlink", "a", "c")]}, "decision"),
    ],
    ids=[
        "nothing of theirs changed, so others moved the model", "other rules", "a row of theirs changed",
        "a row read by another mapping has not changed", "somebody else is new", "a link", "a decision about one of them",
    ],
)  # fmt: skip
def test_a_merge_says_what_changed(rows: list[Row], more: Mapping[str, Any], cause: str) -> None:
    before = _next(None, _rows("ab"), run=1)
    world = _next(before, rows, AB, **more)
    assert {e for e in _events(world) if e[0] != "created"} == {
        ("absorbed", "B", "A", 1, cause),
        ("merged", "A", "B", 1, cause),
    }


def test_a_decision_taken_back_is_the_cause_as_well() -> None:
    before = _next(None, _rows("ab"), run=1, decisions=[("link", "a", "b")])
    world = _next(before, _rows("ab"))
    assert _events(world) == {("split", "A", "B", 1, "decision"), ("created", "B", "A", 1, "decision")}


# -- longer lives -------------------------------------------------------------------------------------------------


def test_a_merge_undone_gives_the_absorbed_id_back() -> None:
    first = _next(None, _rows("abc"), [("a", "b", 9)], run=1)
    merged = _next(first, _rows("abc"), [("a", "b", 9)], decisions=[("link", "b", "c")])
    assert _aliases(merged) == {"C": "A"}
    undone = _next(merged, _rows("abc"), [("a", "b", 9)], run=3)
    assert _groups(undone) == {"A": "ab", "C": "c"}
    assert _aliases(undone) == {}
    assert _events(undone, 3) == {("split", "A", "C", 1, "decision"), ("created", "C", "A", 1, "decision")}


def test_an_id_comes_back_with_its_records() -> None:
    first = _next(None, _rows("abc"), [("b", "c", 9)], run=1)
    without = _next(first, _rows("a"))
    assert _aliases(without) == {"B": None}
    with_one_of_two = _next(without, _rows("ac"), run=3)
    assert _groups(with_one_of_two) == {"A": "a", "B": "c"}
    assert _aliases(with_one_of_two) == {}


def test_less_than_half_of_it_does_not_bring_an_id_back() -> None:
    pairs = [("b", "c", 9), ("c", "d", 9), ("b", "d", 9)]
    first = _next(None, _rows("abcd"), pairs, run=1)
    world = _next(_next(first, _rows("a")), _rows("ab"), run=3)
    assert _groups(world) == {"A": "a", "B2": "b"}
    assert _aliases(world) == {"B": "B2"}  # who holds most of what is left


def test_an_id_is_never_given_to_somebody_else() -> None:
    trio = [("a", "b", 9), ("b", "c", 9), ("a", "c", 9)]
    first = _next(None, _rows("abcdef"), [*trio, ("d", "e", 9), ("e", "f", 9), ("d", "f", 9)], run=1)
    world = _next(first, _rows("abcdef"), [("b", "c", 9), ("d", "e", 9), ("e", "f", 9), ("d", "f", 9)])
    assert _groups(world) == {"A": "bc", "A2": "a", "D": "def"}  # a's own digest is b's and c's id


def test_old_ids_lead_to_the_living_however_long_the_chain() -> None:
    first = _next(None, _rows("abc"), run=1)
    second = _next(first, _rows("abc"), [("a", "b", 9)])
    third = _next(second, _rows("abc"), decisions=[("link", "a", "b"), ("link", "b", "c")], run=3)
    assert _aliases(third) == {"B": "A", "C": "A"}
    since = {NAMES[r["old_customer_id"]]: r["since_run"] for r in third.rows("SELECT * FROM customer_alias")}
    assert since == {"B": "r0002-00000000", "C": "r0003-00000000"}
    fourth = _next(third, _rows("abc"), decisions=[("link", "b", "c")], run=4)
    assert _groups(fourth) == {"A": "bc", "A2": "a"}
    last = _next(fourth, _rows("d"), run=5)
    assert set(_aliases(last).values()) == {None}


def test_a_visitor_that_becomes_known_is_absorbed() -> None:
    ann = Row("a", values={"email": "ann@x.example"})
    seen = Happening([("cookie", "k")])
    first = stitched([ann], (), [seen], run_id="r0001-00000000")
    login = Happening([("cookie", "k"), ("email", "ann@x.example")], at=9)
    world = stitched([ann], (), [seen, login], previous=first.left)
    assert _events(world) == {("absorbed", "K", "A", 0, "data"), ("merged", "A", "K", 0, "data")}
    assert _aliases(world) == {"K": "A"}


def test_a_number_that_changes_hands_takes_no_id_along() -> None:
    first = stitched([Row("a", ids=[("phone", "1")]), Row("b")], run_id="r0001-00000000")
    world = stitched([Row("b", ids=[("phone", "1")])], previous=first.left)
    assert _groups(world) == {"B": "b"}
    assert _aliases(world) == {"A": None}


def test_a_customer_whose_records_go_lives_on_in_what_events_know() -> None:
    ann = Row("a", values={"email": "ann@x.example"})
    seen = Happening([("email", "ann@x.example")])
    first = stitched([ann], (), [seen], run_id="r0001-00000000")
    world = stitched([], (), [seen], previous=first.left)
    assert {NAMES[r["customer_id"]] for r in world.rows("SELECT customer_id FROM customer")} == {"A"}


def test_a_run_of_a_version_that_kept_no_events_is_gone_on_from() -> None:
    left = _next(None, _rows("ab"), run=1).left
    older = {"previous_identity_map": left["previous_identity_map"]}
    world = stitched(_rows("ab"), AB, previous=older)
    assert {(r["run_no"], r["event"], NAMES[r["customer_id"]]) for r in world.rows("SELECT * FROM identity_event")} == {
        (1, "created", "A"), (1, "created", "B"), (2, "absorbed", "B"), (2, "merged", "A"),
    }  # fmt: skip


def test_the_order_of_what_the_run_before_left_does_not_matter() -> None:
    first = _next(None, _rows("abcdef"), [("a", "b", 9), ("c", "d", 9), ("e", "f", 9)], run=1)
    turned = {
        name: table.take(pa.array(range(table.num_rows - 1, -1, -1), pa.int64())) for name, table in first.left.items()
    }
    pairs = [("b", "c", 9), ("d", "e", 9), ("a", "f", 9)]
    found = []
    for left, threads in ((first.left, 1), (turned, 2)):
        world = stitched(_rows("abcdef"), pairs, previous=left, threads=threads)
        found.append(
            {
                t: sorted(tuple(r.values()) for r in world.rows(f"SELECT * FROM {t}"))
                for t in ("identity_map", "identity_event", "former_member")
            }
        )
    assert found[0] == found[1]
