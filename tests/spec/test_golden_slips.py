"""Golden names: of two that equally many records hold, a slip of the other does not stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cxid.config.model import Golden
from cxid.engine.duckdb import DuckDBEngine
from tests.property.test_golden_against_reference import SLOTS, load, run
from tests.reference.golden import Record


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def record(key: str, customer: str, source: str, given: str, family: str = "Ford") -> Record:
    raw = dict.fromkeys(SLOTS) | {"given_name": given, "family_name": family}
    return Record(source, key, customer, None, raw, {s: v.lower() if v else None for s, v in raw.items()})


CHOSEN = [
    # trusted, less trusted, how many others have each, golden
    ("Geroge", "George", 0, 15, "George"),  # two letters swapped, and 16 to 1
    ("Alii", "Ali", 0, 7, "Ali"),  # a letter too many, and 8 to 1
    ("Alii", "Ali", 0, 6, "Alii"),  # 7 to 1: both may be names
    ("Ai", "Al", 0, 20, "Ai"),  # two letters say too little
    ("Jon", "Ian", 0, 20, "Jon"),  # two letters of three: another name
    ("Matt", "Matthew", 0, 40, "Matt"),  # a short form is no slip: people choose what they are called
    ("George", "Geroge", 15, 0, "George"),
    ("Geroge", "George", 15, 15, "Geroge"),
]


@pytest.mark.parametrize(("trusted", "other", "like_it", "like_other", "golden"), CHOSEN)
def test_how_common_a_name_is_tells_the_slip(
    engine: DuckDBEngine, trusted: str, other: str, like_it: int, like_other: int, golden: str
) -> None:
    crowd = [record(f"o{n}", f"c{n}", "web", trusted, f"f{n}") for n in range(like_it)]
    crowd += [record(f"p{n}", f"d{n}", "web", other, f"g{n}") for n in range(like_other)]
    load(engine, [record("1", "x", "crm", trusted), record("2", "x", "web", other), *crowd])
    customers, _ = run(engine, Golden())
    assert next(c["given_name"] for c in customers if c["customer_id"] == "x") == golden


def test_most_records_still_decide_before_it(engine: DuckDBEngine) -> None:
    own = [record(str(n), "x", "web", "Geroge") for n in range(2)] + [record("9", "x", "crm", "George")]
    load(engine, own + [record(f"o{n}", f"c{n}", "web", "George") for n in range(40)])
    customers, _ = run(engine, Golden())
    assert next(c["given_name"] for c in customers if c["customer_id"] == "x") == "Geroge"
