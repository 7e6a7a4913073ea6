"""Graded cases: merged, review or apart, and how many of them are right."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graded import CaseTable, cases_of_cuts, cases_of_map

TRUTH = [  # record, source, entity, expected, the entity that it may be
    ("m1", "master", "A", "", ""),
    ("m2", "master", "B", "", ""),
    ("m3", "master", "C", "", ""),
    ("i1", "incoming", "A", "match", "A"),
    ("i2", "incoming", "case2", "possible_match", "B"),
    ("i3", "incoming", "case3", "no_match", "C"),
]
PAIRS = [("i1", "m1", 9.0), ("i2", "m2", 3.0), ("i3", "m3", 1.5), ("i3", "m1", -2.0)]


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    path = tmp_path / "truth.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        head = ("record_id", "source", "entity_id", "expected", "candidate_match_id")
        csv.writer(file).writerows([head, *TRUTH])
    return path


@pytest.mark.parametrize(
    ("customers", "review", "counts"),
    [
        ("abcabc", [], [[1, 0, 0], [1, 0, 0], [1, 0, 0]]),
        ("abcaef", ["i2 m2"], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ("abcdef", ["m1 i1", "i3 m3"], [[0, 1, 0], [0, 0, 1], [0, 1, 0]]),
        ("abcdef", ["i2 m1"], [[0, 0, 1], [0, 0, 1], [0, 0, 1]]),  # in review with another entity: apart from its own
        ("abcabf", ["i2 m2"], [[1, 0, 0], [1, 0, 0], [0, 0, 1]]),  # merged is merged, whatever one pair says
    ],
)
def test_a_case_is_merged_in_review_or_apart(
    tmp_path: Path, truth: Path, customers: str, review: list[str], counts: list[list[int]]
) -> None:
    keys = [row[0] for row in TRUTH]
    sources = [row[1] for row in TRUTH]
    pq.write_table(
        pa.table({"source": sources, "record_key": keys, "customer_id": list(customers)}), tmp_path / "m.parquet"
    )
    a, b = ([pair.split()[i] for pair in review] for i in (0, 1))
    pairs = pa.table({"record_key_a": pa.array(a, pa.string()), "record_key_b": pa.array(b, pa.string()),
                      "decision": pa.array(["review"] * len(review), pa.string())})  # fmt: skip
    pq.write_table(pairs, tmp_path / "p.parquet")
    assert cases_of_map(tmp_path / "m.parquet", tmp_path / "p.parquet", truth).counts == counts


def test_right_is_match_merged_possible_in_review_and_no_match_not_merged() -> None:
    assert CaseTable("x", [[5, 1, 1], [2, 3, 4], [1, 7, 8]]).right == 5 + 3 + 7 + 8


def test_weights_join_at_each_cut_and_the_labels_choose_the_best(tmp_path: Path, truth: Path) -> None:
    a, b, bits = zip(*PAIRS, strict=True)
    pq.write_table(pa.table({"key_a": a, "key_b": b, "bits": bits}), tmp_path / "p.parquet")
    tables = {t.what: t for t in cases_of_cuts(tmp_path / "p.parquet", truth, "w")}
    assert tables["w, 4.25 bits"].counts == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]  # p .70 is 1.22 bits
    assert tables["w, 10 bits"].counts == [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
    (best,) = [t for name, t in tables.items() if "best" in name]
    assert best.right == 3
