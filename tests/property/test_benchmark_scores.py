"""The benchmarks' scores against slow ones that look at every pair, on any two partitions."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring import best_cut, joined, score_codes, score_cuts, score_people

from tests.reference.cluster_scores import bcubed, f1, hang_together, pairwise

_LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)
_EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([-3.0, 0.0, 2.5, 7.0])), max_size=15)


def _codes(values: list[int]) -> np.ndarray:
    return np.unique(np.array(values), return_inverse=True)[1].astype(np.int64)


@given(_LABELS)
def test_scores_are_those_of_looking_at_every_pair_and_every_record(labels: list[tuple[int, int]]) -> None:
    entities, customers = [str(e) for e, _ in labels], [str(c) for _, c in labels]
    score = score_codes(_codes([e for e, _ in labels]), _codes([c for _, c in labels]))
    precision, recall = pairwise(entities, customers)
    assert score.precision == pytest.approx(precision)
    assert score.recall == pytest.approx(recall)
    assert score.f1 == pytest.approx(f1(precision, recall))
    assert score.bcubed_f1 == pytest.approx(f1(*bcubed(entities, customers)))
    assert (score.customers, score.entities) == (len(set(customers)), len(set(entities)))
    assert score.largest == max(customers.count(c) for c in customers)


@given(_EDGES)
def test_records_hang_together_as_painting_them_says(edges: list[tuple[int, int, float]]) -> None:
    pairs = [(a, b) for a, b, _ in edges]
    a, b = np.array(pairs, np.int64).reshape(-1, 2).T
    found, expected = joined(10, a, b), hang_together(10, pairs)
    assert [[x == y for y in found] for x in found] == [[x == y for y in expected] for x in expected]


@settings(max_examples=20, deadline=None)
@given(_EDGES, st.lists(st.integers(0, 3), min_size=10, max_size=10))
def test_a_cut_scores_what_hangs_together_at_it(
    tmp_path_factory: pytest.TempPathFactory, edges: list[tuple[int, int, float]], entities: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    truth = _truth(folder, [(f"k{i}", "s", f"e{e}") for i, e in enumerate(entities)])
    pairs = _pairs(folder, [("s", f"k{a}", "s", f"k{b}", bits) for a, b, bits in edges])
    for cut in score_cuts(pairs, truth, [-5.0, 0.0, 2.5, 3.0, 8.0]):
        customers = hang_together(10, [(a, b) for a, b, bits in edges if bits >= cut.bits])
        precision, recall = pairwise([str(e) for e in entities], [str(c) for c in customers])
        assert (cut.score.precision, cut.score.recall) == pytest.approx((precision, recall))


def test_the_best_cut_is_between_the_right_pair_and_the_wrong_one(tmp_path: Path) -> None:
    truth = _truth(tmp_path, [("1", "s", "x"), ("2", "s", "x"), ("3", "s", "y")])
    best = best_cut(_pairs(tmp_path, [("s", "1", "s", "2", 6.0), ("s", "2", "s", "3", 1.0)]), truth)
    assert 1.0 < best.bits <= 6.0
    assert best.score.f1 == 1.0


RECORDS = [  # record, source, entity, customer (None: the map does not know it)
    ("1", "crm", "x", "c1"), ("2", "crm", "x", "c1"), ("1", "web", "x", "c2"), ("2", "web", "y", "c2"),
    ("3", "crm", "z", None), ("3", "web", "z", "c3"), ("4", "crm", "w", "c3"), ("5", "crm", "v", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "by_key"), [("same", False), ("other", False), ("same", True)],
    ids=["by source and key", "by key where no source is shared", "by key when asked"],
)  # fmt: skip
def test_records_meet_the_truth_by_source_and_key(tmp_path: Path, sources: str, by_key: bool) -> None:
    rows = RECORDS if sources == "same" and not by_key else [(s + k, s, e, c) for k, s, e, c in RECORDS]
    truth = _truth(tmp_path, [(k, s, e) for k, s, e, _ in rows])
    found = _map(tmp_path, [(s if sources == "same" else "all", k, c) for k, s, _, c in rows if c])
    score = score_people(found, truth, by_key=by_key)
    customers = [c or f"alone {i}" for i, (_, _, _, c) in enumerate(rows)]
    precision, recall = pairwise([e for _, _, e, _ in rows], customers)
    assert (score.precision, score.recall) == pytest.approx((precision, recall))
    assert score.records == len(rows)


def test_a_record_of_two_customers_is_no_partition(tmp_path: Path) -> None:
    truth = _truth(tmp_path, [("1", "s", "x")])
    with pytest.raises(ValueError, match="1 records belong to more than one customer"):
        score_people(_map(tmp_path, [("s", "1", "a"), ("s", "1", "b")]), truth)


@pytest.mark.shared_data
def test_scores_agree_with_the_scorer_beside_the_data(tmp_path: Path, shared_data: Path) -> None:
    scorer = shared_data.parent / "bench" / "score.py"
    if not scorer.is_file():
        pytest.skip("the scorer is not beside the data")
    truth = shared_data / "registers_6src" / "truth.csv"
    with truth.open(encoding="utf-8", newline="") as file:
        rows = [(r["source"], r["record_id"], r["household_id"]) for r in csv.DictReader(file)]
    found = _map(tmp_path, rows[: len(rows) * 9 // 10])
    done = subprocess.run(
        [sys.executable, str(scorer), str(found), str(truth), "--json"], capture_output=True, text=True, check=True
    )
    theirs, ours = json.loads(done.stdout), score_people(found, truth)
    for name in ("precision", "recall", "f1", "bcubed_f1", "records", "customers", "entities", "largest"):
        assert getattr(ours, name) == pytest.approx(theirs[name]), name


def _truth(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "truth.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("record_id", "source", "entity_id"), *rows])
    return path


def _map(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "map.parquet"
    schema = pa.schema([(name, pa.string()) for name in ("source", "record_key", "customer_id")])
    pq.write_table(_table(rows, schema), path)
    return path


def _pairs(folder: Path, rows: list[tuple[str, str, str, str, float]]) -> Path:
    path = folder / "pairs.parquet"
    texts = [(name, pa.string()) for name in ("source_a", "key_a", "source_b", "key_b")]
    pq.write_table(_table(rows, pa.schema([*texts, ("bits", pa.float64())])), path)
    return path


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
