"""What the linkage hands on, told with small companies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.context import StageContext
from cxid.stages.link import WRITES, run
from cxid.weighing import read_weighing
from tests.reference.link_world import (
    BIRTH,
    EMAIL,
    FAMILY,
    GIVEN,
    PEOPLE,
    PHONE,
    Record,
    company,
    linked,
    summary,
    table,
)

ANN = {"given_name": "ann", "family_name": "lee", "birth_date": "19800304"}
BEN = {"given_name": "benedict", "family_name": "osborne", "birth_date": "19550617"}


@pytest.mark.parametrize(
    ("story", "fields", "records"),
    [
        ("no fields", (), [ANN, ANN]),
        ("no records", (GIVEN, FAMILY), []),
        ("one record", (GIVEN, FAMILY, BIRTH), [ANN]),
        ("nothing known", (GIVEN, FAMILY), [{}, {}, {}]),
        ("one field", (EMAIL,), [{"email": f"p{i}@x.example"} for i in range(40)]),
        ("all different", (GIVEN, FAMILY), [{"given_name": f"g{i}", "family_name": f"f{i}"} for i in range(40)]),
        ("all alike", (GIVEN, FAMILY), [{"given_name": "ann", "family_name": f"f{i}"} for i in range(40)]),
    ],
)
def test_thin_data_gives_every_table_and_no_links(
    story: str, fields: tuple[object, ...], records: list[Record], tmp_path: Path
) -> None:
    engine, _ = linked(fields, records, tmp_path)  # type: ignore[arg-type]
    for name in WRITES:
        assert engine.columns(name) == {c.name: c.type for c in TABLES[name].columns}, story
    assert engine.scalar("SELECT count(*) FROM link_pair WHERE weight >= 0") == 0, story


def test_identical_records_are_a_star_that_no_rule_proposed(tmp_path: Path) -> None:
    engine, _ = linked((GIVEN, FAMILY, BIRTH), [ANN, BEN, ANN, ANN], tmp_path)
    pairs = engine.fetch("SELECT record_no_a, record_no_b, rules FROM link_pair WHERE weight >= 0").to_pylist()
    assert [tuple(p.values()) for p in pairs] == [(1, 3, 0), (1, 4, 0)]


def test_records_that_share_only_a_common_name_are_not_one_person_however_identical(tmp_path: Path) -> None:
    records = [{"given_name": name} for name in ("ann", "bob", "cy", "di") for _ in range(100)]
    engine, _ = linked((GIVEN,), records, tmp_path)
    assert engine.scalar("SELECT count(*) FROM link_pair WHERE weight >= 0") == 0


def test_a_source_that_holds_each_person_once_never_pairs_within_itself(tmp_path: Path) -> None:
    records = [{**p, "source": s} for p in (ANN, BEN) for s in ("loyalty", "loyalty", "crm")]
    engine, _ = linked((GIVEN, FAMILY, BIRTH), records, tmp_path, match=Match(one_per_source=("loyalty",)))
    pairs = engine.fetch("SELECT record_no_a AS a, record_no_b AS b FROM link_pair").to_pylist()
    assert pairs
    assert not any({p["a"], p["b"]} in ({1, 2}, {4, 5}) for p in pairs)


@pytest.fixture(scope="module")
def people() -> tuple[list[dict[str, str | None]], list[int]]:
    return company(700)


def test_people_are_found_again_behind_typos_moves_and_gaps(
    people: tuple[list[dict[str, str | None]], list[int]], tmp_path: Path
) -> None:
    records, person = people
    engine, _ = linked(PEOPLE, records, tmp_path)
    pairs = engine.fetch("SELECT record_no_a AS a, record_no_b AS b FROM link_pair WHERE weight >= 0").to_pylist()
    right = sum(person[p["a"] - 1] == person[p["b"] - 1] for p in pairs)
    true = len(records) - len(set(person))
    assert right / len(pairs) > 0.95
    assert right / true > 0.9
    found = summary(engine)
    assert found["status"] == "identified"
    assert abs(int(found["expected_matches"]) - true) < 0.15 * true


def test_what_the_fields_add_sums_to_the_weight_of_the_pair(
    people: tuple[list[dict[str, str | None]], list[int]], tmp_path: Path
) -> None:
    engine, _ = linked(PEOPLE, people[0], tmp_path)
    wrong = engine.scalar(
        "SELECT count(*) FROM (SELECT l.pattern FROM link_pattern l "
        "JOIN (SELECT DISTINCT pattern, weight - rivals AS weight FROM link_pair) p ON p.pattern = l.pattern "
        "GROUP BY l.pattern, p.weight HAVING sum(l.weight) <> p.weight)"
    )
    unexplained = engine.scalar(
        "SELECT count(*) FROM link_pair WHERE pattern NOT IN (SELECT pattern FROM link_pattern)"
    )
    assert (wrong, unexplained) == (0, 0)


def test_the_saved_model_weighs_each_pattern_as_the_stage_did(
    people: tuple[list[dict[str, str | None]], list[int]], tmp_path: Path
) -> None:
    engine, _ = linked(PEOPLE, people[0], tmp_path)
    saved = read_weighing(engine.fetch("SELECT * FROM link_class"), engine.fetch("SELECT * FROM link_tie"))
    assert saved is not None
    pairs = engine.fetch("SELECT DISTINCT pattern, weight - rivals AS weight FROM link_pair")
    patterns = pairs.column("pattern").to_numpy()
    apart = np.abs(saved.weigh(patterns) - pairs.column("weight").to_numpy())
    assert apart.max() <= 2, "micro-bits"
    assert (saved.pack(saved.unpack(patterns)) == patterns).all()


@pytest.mark.parametrize("per_record", [1, 3, 30])
def test_the_pair_budget_is_a_hard_limit(
    per_record: int, people: tuple[list[dict[str, str | None]], list[int]], tmp_path: Path
) -> None:
    engine, _ = linked(PEOPLE, people[0], tmp_path, match=Match(pairs_per_record=per_record))
    assert int(summary(engine)["candidates"]) <= per_record * len(people[0])


def test_a_number_that_everyone_carries_is_split_by_other_fields(tmp_path: Path) -> None:
    records, _ = company(700, seed=3)
    shared = [{**r, "phone": "5550000000"} for r in records]
    engine, _ = linked((*PEOPLE, PHONE), shared, tmp_path, match=Match(pairs_per_record=5))
    found = summary(engine)
    assert 0 < int(found["candidates"]) <= 5 * len(shared)
    assert engine.scalar("SELECT count(*) FROM blocking_rule WHERE rule = 'phone'") == 0


def test_threads_change_nothing(people: tuple[list[dict[str, str | None]], list[int]], tmp_path: Path) -> None:
    one, _ = linked(PEOPLE, people[0], tmp_path, threads=1)
    two, _ = linked(PEOPLE, people[0], tmp_path, threads=2)
    for name in WRITES:
        order = ", ".join(TABLES[name].key)
        left, right = (e.fetch(f"SELECT * FROM {name} ORDER BY {order}") for e in (one, two))
        assert left.equals(right), name


def test_a_field_that_one_source_lacks_adds_nothing(tmp_path: Path) -> None:
    records, _ = company(700, seed=2, sources=("crm", "web"))
    bare = [{**r, "city": None} if r["source"] == "web" else r for r in records]
    engine, _ = linked(PEOPLE, bare, tmp_path)
    weights = engine.fetch("SELECT DISTINCT weight FROM link_pattern WHERE level = 'not in source'")
    assert weights.column("weight").to_pylist() == [0]


def test_eight_records_are_judged_by_what_is_usual(tmp_path: Path) -> None:
    names = ("given_name", "family_name", "birth_date", "city", "email")
    rows = [
        ("ann", "lee", "19800304", "york", "ann.lee@x.example"),
        ("anne", "lee", "19800304", "york", "ann.lee@x.example"),
        ("bob", "stone", "19700102", "leeds", "bob@x.example"),
        ("robert", "stone", "19700102", "leeds", None),
        ("carl", "stone", "20010102", "leeds", "carl@x.example"),  # of the same home, another person
        ("dora", "hill", "19900505", "york", "dora@x.example"),
        ("dora", "hill", "19900505", "hull", "dora.h@y.example"),
        ("eve", "moss", "19991231", "bath", "eve@x.example"),
    ]
    engine, _ = linked(PEOPLE, [dict(zip(names, row, strict=True)) for row in rows], tmp_path)
    found = engine.fetch("SELECT record_no_a, record_no_b FROM link_pair WHERE weight >= 0").to_pylist()
    assert [tuple(p.values()) for p in found] == [(1, 2), (3, 4), (6, 7)]
    assert summary(engine)["status"] == "careful"


def test_the_order_of_rows_and_the_number_of_threads_change_no_byte(tmp_path: Path) -> None:
    records, _ = company(400, sources=("crm", "shop"))
    rows = table(PEOPLE, records)
    shuffled = rows.take(np.random.default_rng(5).permutation(rows.num_rows))
    tables = []
    for given, threads in ((rows, 1), (shuffled, 1), (shuffled, 3)):
        engine = DuckDBEngine(threads=threads)
        engine.load("record_norm", given)
        run(StageContext(engine, tmp_path), fields=PEOPLE, match=Match())
        tables.append({name: engine.fetch(f"SELECT * FROM {name}") for name in WRITES})
    assert tables[0]["link_pair"].num_rows > 50
    for name in WRITES:
        assert tables[0][name].equals(tables[1][name]), name
        assert tables[0][name].equals(tables[2][name]), name
