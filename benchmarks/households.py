"""Households against the truth of a sample company: python benchmarks/households.py PROJECT... [--write].

Each PROJECT is a sample company (`cxid demo`) that was built. Counted are pairs of two different people who are
customers: found, right among them, and missing, by what their golden records say of name and address.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
from machine import stamp
from pages import number, page, table

_PEOPLE = """
CREATE OR REPLACE TABLE person AS
WITH held AS (
    SELECT m.customer_id, p.entity_id, count(*) AS records FROM read_parquet('{out}/identity_map.parquet') AS m
    JOIN read_csv('{truth}/people.csv', all_varchar = true) AS p ON p.source = m.source AND p.record_id = m.record_key
    GROUP BY ALL
),
main AS (SELECT customer_id, arg_max(entity_id, (records, entity_id)) AS entity_id FROM held GROUP BY customer_id)
SELECT main.customer_id, main.entity_id, c.household_id AS true_home, h.household_id AS home, h.rule,
       c.family_name, g.street IS NULL OR g.postcode IS NULL AS is_homeless
FROM main JOIN read_csv('{truth}/customers.csv', all_varchar = true) AS c ON c.entity_id = main.entity_id
JOIN read_parquet('{out}/golden_customer.parquet') AS g ON g.customer_id = main.customer_id
LEFT JOIN read_parquet('{out}/household.parquet') AS h ON h.customer_id = main.customer_id
"""
_FOUND = """
SELECT count(*) AS found, count(*) FILTER (a.true_home = b.true_home) AS agreed FROM person AS a
JOIN person AS b ON a.home = b.home AND a.customer_id < b.customer_id AND a.entity_id <> b.entity_id
"""
_TRUE = """
SELECT
    count(*) AS pairs,
    count(*) FILTER (a.home IS NOT DISTINCT FROM b.home AND a.home IS NOT NULL) AS found,
    count(*) FILTER (a.family_name = b.family_name AND NOT a.is_homeless AND NOT b.is_homeless) AS plain,
    count(*) FILTER (a.family_name = b.family_name AND NOT a.is_homeless AND NOT b.is_homeless AND a.home = b.home)
        AS plain_found,
    count(*) FILTER (a.family_name <> b.family_name) AS other_name,
    count(*) FILTER (a.family_name <> b.family_name AND a.home = b.home) AS other_name_found
FROM person AS a
JOIN person AS b ON a.true_home = b.true_home AND a.customer_id < b.customer_id AND a.entity_id <> b.entity_id
"""
_RULES = "SELECT rule, count(*) FROM person WHERE rule IS NOT NULL GROUP BY rule ORDER BY count(*) DESC"
_HEAD = (
    "company", "people", "true pairs", "found", "precision", "recall", "same name, both addresses known",
    "other family names",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows, rules = [], []
    for project in options.project:
        con = duckdb.connect()
        con.execute(_PEOPLE.format(out=project / "output", truth=project / "truth"))
        rows.append(_row(con, project))
        rules.append((project.name, ", ".join(f"{rule} {count:,}" for rule, count in con.execute(_RULES).fetchall())))
    text = table(_HEAD, rows) + "\n\n" + table(("company", "customers by rule"), rules)
    print(text)
    if options.write:
        page("households", "Households of sample companies", stamp(), text)


def _row(con: duckdb.DuckDBPyConnection, project: Path) -> tuple[object, ...]:
    found, agreed = con.execute(_FOUND).fetchone() or (0, 0)
    pairs, hit, plain, plain_hit, other, other_hit = con.execute(_TRUE).fetchone() or (0, 0, 0, 0, 0, 0)
    people = (con.execute("SELECT count(DISTINCT entity_id) FROM person").fetchone() or (0,))[0]
    return (
        project.name, number(people), number(pairs), number(found), f"{agreed / max(found, 1):.4f}",
        f"{hit / max(pairs, 1):.3f}", f"{plain_hit / max(plain, 1):.3f} of {plain:,}",
        f"{other_hit / max(other, 1):.3f} of {other:,}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
