"""Pairwise and B-cubed scores of an identity map against truth, all true pairs counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


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


def score_people(identity_map: Path, truth: Path, *, by_key: bool = False) -> Score:
    """Score customers of records. `truth` holds record_id, source, entity_id.

    Records meet by source and key where both sides know the source, else (and with `by_key`) by key. A record that
    the map lacks counts as a customer of its own.
    """
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE found AS SELECT source, record_key, customer_id FROM read_parquet(?) WHERE record_key <> ''",
        [str(identity_map)],
    )
    con.execute(
        "CREATE TABLE truth AS SELECT record_id, source, entity_id FROM read_csv(?, all_varchar = true)", [str(truth)]
    )
    sources = "SELECT count(*) FROM (SELECT source FROM found INTERSECT SELECT source FROM truth)"
    both = (con.execute(sources).fetchone() or (0,))[0]
    on = "t.record_id = f.record_key" + (" AND t.source = f.source" if both and not by_key else "")
    con.execute(
        "CREATE TABLE joined AS SELECT t.entity_id AS e, coalesce(f.customer_id, '?' || t.source || t.record_id) AS c "
        f"FROM truth t LEFT JOIN found f ON {on}"
    )
    return _score(con)


def score_events(output: Path, truth: Path, *, by_key: bool = False) -> tuple[float, float, int]:
    """(precision, recall, events) of the events' customers, over people who have a record.

    An event is right when its customer is the one that holds most records of the entity. Precision looks at the
    events of customers with records, recall at every event that its identifiers allow to attach (`identifiable`).
    """
    identity_map, touchpoint = str(output / "identity_map.parquet"), str(output / "touchpoint.parquet")
    same_source = (lambda a, b: "TRUE") if by_key else (lambda a, b: f"{a}.source = {b}.source")
    con = duckdb.connect()
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


def _score(con: duckdb.DuckDBPyConnection) -> Score:
    def pairs(by: str) -> float:
        found = con.execute(f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM joined GROUP BY {by})")
        return float((found.fetchone() or (0,))[0] or 0)

    both, found, true = pairs("c, e"), pairs("c"), pairs("e")
    precision, recall = (both / found if found else 1.0), (both / true if true else 1.0)
    b_precision, b_recall, records, customers, entities = con.execute(
        "WITH n AS (SELECT c, e, count(*) OVER (PARTITION BY c, e) AS ces, count(*) OVER (PARTITION BY c) AS cs, "
        "count(*) OVER (PARTITION BY e) AS es FROM joined) "
        "SELECT avg(ces / cs), avg(ces / es), count(*), count(DISTINCT c), count(DISTINCT e) FROM n"
    ).fetchone() or (0, 0, 0, 0, 0)
    largest = con.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM joined GROUP BY c)").fetchone() or (0,)
    return Score(
        precision, recall, _f1(precision, recall), _f1(b_precision, b_recall), records, customers, entities, largest[0]
    )


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
