"""Golden values taken over from the run before are those that choosing anew gives, whatever changed in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.model import Golden
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import SurvivorshipRule
from cxid.stages import golden as stage
from cxid.stages.context import StageContext
from tests.property.test_golden_against_reference import FIELDS, RULES, SLOTS, TRUST, load, record_lists
from tests.property.test_golden_pins_against_reference import PINS, Pin, load_pins
from tests.reference.golden import Record

FATES = ["stays", "stays", "stays", "stays", "moves", "changes", "goes"]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def numbered(records: list[Record]) -> dict[str, int]:
    return {r.key: n for n, r in enumerate(sorted(records, key=lambda r: (r.source, r.key)), 1)}


def changed(records: list[Record], fates: list[str], more: list[Record]) -> list[Record]:
    """The records of the next run: some are gone, changed or with another customer, and some are new."""
    left = []
    for record, fate in zip(records, fates, strict=False):
        if fate == "moves":
            record = replace(record, customer="xyzw"["yzxw".index(record.customer)])
        elif fate == "changes":
            record = replace(record, raw={**record.raw, "city": "new"}, norm={**record.norm, "city": "new"})
        if fate != "goes":
            left.append(record)
    return left + [replace(r, key=f"l{n}") for n, r in enumerate(more)]


def load_unchanged(engine: DuckDBEngine, then: list[Record], now: list[Record]) -> None:
    before = {r.key: r for r in then}
    numbers, earlier = numbered(now), numbered(then)
    same = [r for r in now if r.key in before and replace(before[r.key], customer=r.customer) == r]
    rows = sorted((numbers[r.key], earlier[r.key]) for r in same)
    columns = zip(*rows, strict=True) if rows else ([], [])
    names = ("record_no", "earlier_record_no")
    arrays = {n: pa.array(list(c), pa.int64()) for n, c in zip(names, columns, strict=True)}
    engine.load("unchanged_norm", pa.table(arrays))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    then=record_lists(),
    fates=st.lists(st.sampled_from(FATES), min_size=8, max_size=8),
    more=record_lists().map(lambda rows: rows[:2]),
    pins=st.tuples(PINS, PINS),
    keeps_pins=st.booleans(),
    rule=st.sampled_from(RULES),
)
def test_rows_taken_over_are_those_computed_anew(
    engine: DuckDBEngine, then: list[Record], fates: list[str], more: list[Record], pins: tuple[list[Pin], list[Pin]],
    keeps_pins: bool, rule: SurvivorshipRule | None,
) -> None:  # fmt: skip
    groups = (("street", "city"),)
    golden = Golden(groups=groups) if rule is None else Golden(default=rule, groups=groups)
    load(engine, then)
    load_pins(engine, then, pins[0])
    stage.run(StageContext(engine, Path()), golden=golden, fields=FIELDS, trust=TRUST)
    for here, there in stage.REUSES.items():
        engine.run(here, f"SELECT * FROM {there}")
    now = changed(then, fates, more)
    load(engine, now)
    load_pins(engine, now, pins[0] if keeps_pins else pins[1])
    load_unchanged(engine, then, now)
    found = []
    for reused in (frozenset[str](), frozenset(stage.REUSES) | {"unchanged_norm"}):
        stage.run(StageContext(engine, Path(), reused=reused), golden=golden, fields=FIELDS, trust=TRUST)
        found.append([engine.fetch(f"SELECT * FROM {name}").to_pylist() for name in stage.WRITES])
    anew, taken = found
    assert taken == anew
    engine.drop(*stage.REUSES, "unchanged_norm", "decision")


def test_what_is_taken_over_is_not_computed(engine: DuckDBEngine) -> None:
    """The earlier value of a customer of whom nothing changed is believed, so it is not chosen a second time."""
    raw: dict[str, str | None] = dict.fromkeys(SLOTS, "ann")
    rows = [Record("crm", "k0", "x", None, raw, raw), Record("crm", "k1", "y", None, raw, raw)]
    load(engine, rows)
    load_pins(engine, rows, [])
    stage.run(StageContext(engine, Path()), golden=Golden(), fields=FIELDS, trust=TRUST)
    for here, there in stage.REUSES.items():
        engine.run(here, f"SELECT * FROM {there}")
    engine.run("earlier_golden_customer", "SELECT * REPLACE ('bob' AS city) FROM earlier_golden_customer")
    changed_rows = [replace(rows[0], raw={**raw, "email": "new"}), rows[1]]
    load(engine, changed_rows)
    load_unchanged(engine, rows, changed_rows)
    reused = frozenset(stage.REUSES) | {"unchanged_norm"}
    stage.run(StageContext(engine, Path(), reused=reused), golden=Golden(), fields=FIELDS, trust=TRUST)
    cities = engine.fetch("SELECT customer_id, city FROM golden_customer").to_pylist()
    assert {c["customer_id"]: c["city"] for c in cities if c["customer_id"] in "xy"} == {"x": "ann", "y": "bob"}
