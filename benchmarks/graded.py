"""Cases graded match, possible_match or no_match against what a linkage made of them: merged, review or apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import ClassVar

import duckdb
import numpy as np
from scoring import joined, quiet_database

GRADES = ("match", "possible_match", "no_match")
OUTCOMES = ("merged", "review", "apart")
SHOWN_CUTS = (4.25, 10, 20, 30, 40, 50)
_REVIEW_BITS = log2(0.70 / 0.30)


@dataclass(frozen=True)
class CaseTable:
    """Counts of cases, a row of `counts` for each grade with a column for each outcome."""

    what: str
    counts: Sequence[Sequence[int]]

    HEAD: ClassVar = (
        "linkage", *(f"{g} {o}" for g in GRADES for o in OUTCOMES), "right", "of",
    )  # fmt: skip

    @property
    def right(self) -> int:
        """match merged, possible_match in review, no_match not merged."""
        match, possible, different = self.counts
        return match[0] + possible[1] + different[1] + different[2]

    def line(self) -> tuple[str, ...]:
        cells = [str(n) for row in self.counts for n in row]
        return (self.what, *cells, str(self.right), str(sum(map(sum, self.counts))))


def cases_of_map(identity_map: Path, match_pair: Path, truth: Path) -> CaseTable:
    """cxid: merged is one customer, review a pair of the case's records with that decision."""
    con = _cases(truth)
    con.execute("CREATE TABLE map AS SELECT source, record_key, customer_id FROM read_parquet(?)", [str(identity_map)])
    con.execute(
        "CREATE TABLE review AS SELECT record_key_a AS a, record_key_b AS b FROM read_parquet($1) "
        "WHERE decision = 'review' UNION ALL SELECT record_key_b, record_key_a FROM read_parquet($1) "
        "WHERE decision = 'review'",
        [str(match_pair)],
    )
    merged = (
        "JOIN map x ON x.record_key = c.key JOIN map y ON y.record_key = c.other WHERE y.customer_id = x.customer_id"
    )
    review = "JOIN review r ON r.a = c.key AND r.b = c.other"
    found = [
        {key for (key,) in con.execute(f"SELECT DISTINCT c.key FROM candidate c {join}").fetchall()}
        for join in (merged, review)
    ]
    return CaseTable("cxid", _counts(_grades(con), *found))


def cases_of_cuts(pairs: Path, truth: Path, who: str) -> list[CaseTable]:
    """A linkage with weights: at some cuts with a review band down to p .70, and at the best cut and band by labels."""
    con = _cases(truth)
    grades = _grades(con)
    number = {key: i for i, (key,) in enumerate(con.execute("SELECT DISTINCT record_id FROM truth").fetchall())}
    scored = con.execute(
        "SELECT key_a, key_b, bits FROM read_parquet(?) ORDER BY key_a, key_b, bits", [str(pairs)]
    ).fetchall()
    known = [(number[a], number[b], w) for a, b, w in scored if a in number and b in number]
    candidates = con.execute("SELECT DISTINCT key, other FROM candidate").fetchall()
    weight = {(a, b): w for a, b, w in known} | {(b, a): w for a, b, w in known}
    highest: dict[str, float] = {}
    for key, other in candidates:
        found = weight.get((number[key], number[other]))
        if found is not None:
            highest[key] = max(highest.get(key, found), found)
    tables, best = [], CaseTable("", [[0, 0, 0]] * len(GRADES))
    for cut in sorted({*range(61), *SHOWN_CUTS}):
        merged = _merged(known, candidates, number, cut)
        if cut in SHOWN_CUTS:
            tables.append(CaseTable(f"{who}, {cut:g} bits", _counts(grades, merged, _from(highest, _REVIEW_BITS))))
        for low in sorted({*highest.values()}):
            counts = _counts(grades, merged, _from(highest, low))
            best = max(best, CaseTable(f"{who}, best: {cut:g} bits, review from {low:.1f}", counts), key=_right)
    return [*tables, best]


def _right(table: CaseTable) -> int:
    return table.right


def _merged(
    known: Sequence[tuple[int, int, float]],
    candidates: Sequence[tuple[str, str]],
    number: Mapping[str, int],
    cut: float,
) -> set[str]:
    """Cases that hang together with their entity when every pair of at least `cut` bits is joined."""
    kept = [(a, b) for a, b, w in known if w >= cut]
    a, b = np.array(kept, np.int64).reshape(-1, 2).T
    customer = joined(len(number), a, b)
    return {key for key, other in candidates if customer[number[key]] == customer[number[other]]}


def _from(bits: Mapping[str, float], low: float) -> set[str]:
    return {key for key, weight in bits.items() if weight >= low}


def _cases(truth: Path) -> duckdb.DuckDBPyConnection:
    """truth, and candidate: each graded record (key) with each other record of the entity it may be."""
    con = quiet_database()
    con.execute("CREATE TABLE truth AS SELECT * FROM read_csv(?, all_varchar = true)", [str(truth)])
    con.execute(
        "CREATE TABLE candidate AS SELECT c.record_id AS key, o.record_id AS other "
        "FROM truth c JOIN truth o ON o.entity_id = c.candidate_match_id AND o.record_id <> c.record_id "
        "AND o.expected IS NULL WHERE c.expected IS NOT NULL"
    )
    return con


def _grades(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT record_id, expected FROM truth WHERE expected IS NOT NULL").fetchall())


def _counts(grades: Mapping[str, str], merged: set[str], review: set[str]) -> list[list[int]]:
    counts = [[0, 0, 0] for _ in GRADES]
    for key, grade in grades.items():
        outcome = 0 if key in merged else 1 if key in review else 2
        counts[GRADES.index(grade)][outcome] += 1
    return counts
