"""Pairwise and B-cubed scores of customers against truth, all true pairs counted; and of scored pairs at any cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1; `customers` found against `entities` that there are."""

    precision: float
    recall: float
    f1: float
    bcubed_f1: float
    records: int
    customers: int
    entities: int
    largest: int


@dataclass(frozen=True)
class Cut:
    """What comes of joining every pair of at least `bits` and all that hangs together."""

    bits: float
    score: Score


def score_people(identity_map: Path, truth: Path, *, by_key: bool = False) -> Score:
    """Score customers of records. `truth` holds record_id, source, entity_id.

    Records meet by source and key where both sides know the source, else (and with `by_key`) by key. A record that
    the map lacks counts as a customer of its own.
    """
    con = _truth(truth)
    con.execute(
        "CREATE TABLE found AS SELECT source, record_key AS key, min(customer_id) AS customer, "
        "count(DISTINCT customer_id) AS customers FROM read_parquet(?) WHERE record_key <> '' GROUP BY source, key",
        [str(identity_map)],
    )
    torn = con.execute("SELECT count(*) FROM found WHERE customers > 1").fetchone() or (0,)
    if torn[0]:
        raise ValueError(f"{torn[0]} records belong to more than one customer")
    con.execute(f"CREATE TABLE joined AS SELECT t.row_no, t.entity_id, f.customer {_meeting(con, by_key)}")
    columns = con.execute(
        "SELECT entity_id, coalesce('=' || customer, '?' || row_no) AS customer FROM joined ORDER BY row_no"
    ).fetchnumpy()
    return score_codes(_codes(columns["entity_id"]), _codes(columns["customer"]))


def score_cuts(pairs: Path, truth: Path, cuts: Sequence[float]) -> list[Cut]:
    """Scores of clustering at each cut. `pairs` holds source_a, key_a, source_b, key_b and bits.

    Records meet the truth as in `score_people`; two records whose pair has at least the cut's bits are joined.
    """
    con = _truth(truth)
    con.execute(
        "CREATE TABLE found AS SELECT DISTINCT source, key FROM (SELECT source_a AS source, key_a AS key FROM "
        "read_parquet($1) UNION ALL SELECT source_b, key_b FROM read_parquet($1))",
        [str(pairs)],
    )
    con.execute(f"CREATE TABLE node AS SELECT f.source, f.key, t.row_no {_meeting(con, False)} WHERE f.key IS NOT NULL")
    edges = con.execute(
        "SELECT a.row_no AS a, b.row_no AS b, p.bits FROM read_parquet(?) p "
        "JOIN node a ON a.source = p.source_a AND a.key = p.key_a "
        "JOIN node b ON b.source = p.source_b AND b.key = p.key_b",
        [str(pairs)],
    ).fetchnumpy()
    entities = _codes(con.execute("SELECT entity_id FROM truth ORDER BY row_no").fetchnumpy()["entity_id"])
    a, b, bits = (np.asarray(edges[c]) for c in ("a", "b", "bits"))
    return [Cut(cut, score_codes(entities, joined(len(entities), a[bits >= cut], b[bits >= cut]))) for cut in cuts]


def best_cut(pairs: Path, truth: Path) -> Cut:
    """The cut of highest F1, found with the labels: every two bits first, then ever closer around the best of them."""
    best = max(score_cuts(pairs, truth, range(-8, 61, 2)), key=_f1_of)
    for step in (1.0, 0.5, 0.25):
        best = max([best, *score_cuts(pairs, truth, [best.bits - step, best.bits + step])], key=_f1_of)
    return best


def _f1_of(cut: Cut) -> float:
    return cut.score.f1


def joined(records: int, a: Codes, b: Codes) -> Codes:
    """The customer of each record when the records a[i] and b[i] are one, and all that hangs together."""
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(records, records))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def score_codes(entities: Codes, customers: Codes) -> Score:
    """Scores of two partitions of the same records, each given as a number from 0 for each record."""
    records = len(entities)
    if not records:
        return Score(1.0, 1.0, 1.0, 1.0, 0, 0, 0, 0)
    entity_sizes, customer_sizes = np.bincount(entities), np.bincount(customers)
    _, cell, cell_sizes = np.unique(
        entities * np.int64(len(customer_sizes)) + customers, return_inverse=True, return_counts=True
    )
    both, found, true = _pairs(cell_sizes), _pairs(customer_sizes), _pairs(entity_sizes)
    precision, recall = (both / found if found else 1.0), (both / true if true else 1.0)
    shared = cell_sizes[cell]
    b_precision = float(np.mean(shared / customer_sizes[customers]))
    b_recall = float(np.mean(shared / entity_sizes[entities]))
    return Score(
        precision, recall, _f1(precision, recall), _f1(b_precision, b_recall), records,
        int(np.count_nonzero(customer_sizes)), int(np.count_nonzero(entity_sizes)), int(customer_sizes.max()),
    )  # fmt: skip


def score_events(output: Path, truth: Path, *, by_key: bool = False) -> tuple[float, float, int]:
    """(precision, recall, events) of the events' customers, over people who have a record.

    An event is right when its customer is the one that holds most records of the entity. Precision looks at the
    events of customers with records, recall at every event that its identifiers allow to attach (`identifiable`).
    """
    identity_map, touchpoint = str(output / "identity_map.parquet"), str(output / "touchpoint.parquet")
    same_source = (lambda a, b: "TRUE") if by_key else (lambda a, b: f"{a}.source = {b}.source")
    con = quiet_database()
    con.execute(
        "CREATE TABLE owner AS SELECT entity_id, arg_max(customer_id, n) AS customer_id FROM ("
        "SELECT t.entity_id, m.customer_id, count(*) AS n FROM read_csv(?, all_varchar = true) t "
        f"JOIN read_parquet(?) m ON {same_source('m', 't')} AND m.record_key = t.record_id "
        "GROUP BY ALL) GROUP BY entity_id",
        [str(truth / "people.csv"), identity_map],
    )
    row = con.execute(
        "SELECT count(*) FILTER (p.customer_id = o.customer_id), count(c.customer_id), count(*) "
        "FROM read_csv(?, all_varchar = true) t JOIN owner o USING (entity_id) "
        f"JOIN read_parquet(?) p ON {same_source('p', 't')} AND p.event_key = t.record_id "
        "LEFT JOIN (SELECT DISTINCT customer_id FROM read_parquet(?) WHERE record_key <> '') c "
        "ON c.customer_id = p.customer_id WHERE t.identifiable = 'true'",
        [str(truth / "events.csv"), touchpoint, identity_map],
    ).fetchone()
    right, attached, all_events = row or (0, 0, 0)
    return (right / attached if attached else 1.0, right / all_events if all_events else 1.0, all_events)


def quiet_database() -> duckdb.DuckDBPyConnection:
    """A database in memory that draws no progress bar into the table."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    return con


def _truth(path: Path) -> duckdb.DuckDBPyConnection:
    """A database with table truth (row_no from 0, key, source, entity_id)."""
    con = quiet_database()
    con.execute(
        "CREATE TABLE truth AS SELECT row_number() OVER () - 1 AS row_no, record_id AS key, source, entity_id "
        "FROM (SELECT DISTINCT record_id, source, entity_id FROM read_csv(?, all_varchar = true))",
        [str(path)],
    )
    return con


def _meeting(con: duckdb.DuckDBPyConnection, by_key: bool) -> str:
    """FROM truth t with what was found as f: by source and key when the two have a source in common."""
    shared = "SELECT count(*) FROM (SELECT source FROM found INTERSECT SELECT source FROM truth)"
    both = (con.execute(shared).fetchone() or (0,))[0]
    on = "t.key = f.key" + (" AND t.source = f.source" if both and not by_key else "")
    return f"FROM truth t LEFT JOIN found f ON {on}"


def _codes(values: Any) -> Codes:
    return np.unique(np.asarray(values, dtype=str), return_inverse=True)[1].ravel().astype(np.int64)


def _pairs(sizes: Codes) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
