"""What the check of a stage's table finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cxid.contracts import Column, Table
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ContractError
from cxid.runs import contract

TABLE = Table(
    "match_group", "group", ("id", "part"),
    (Column("id", "BIGINT", ""), Column("part", "VARCHAR", ""), Column("note", "VARCHAR", "", nullable=True)),
    ("id",),
)  # fmt: skip
SLOTS = Table("match_group", "group", ("id",), (Column("id", "BIGINT", ""),), ("id",), slots=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    found = DuckDBEngine()
    yield found
    found.close()


@pytest.mark.parametrize(
    ("table", "sql", "complaint"),
    [
        (TABLE, "SELECT 1::BIGINT AS id, 'a' AS part, NULL::VARCHAR AS note", ""),
        (TABLE, "SELECT 1::BIGINT AS id, 'a' AS part, NULL::VARCHAR AS note WHERE false", ""),
        (TABLE, "SELECT 1::BIGINT AS id, 'a' AS part", "column note is missing"),
        (TABLE, "SELECT 1::INTEGER AS id, 'a' AS part, '' AS note", "column id is INTEGER, not BIGINT"),
        (TABLE, "SELECT 'a' AS part, 1::BIGINT AS id, '' AS note", "columns stand in the order part, id, note"),
        (TABLE, "SELECT 1::BIGINT AS id, 'a' AS part, '' AS note, 2 AS more", "column more is not in the contract"),
        (TABLE, "SELECT 1::BIGINT AS id, NULL::VARCHAR AS part, '' AS note", "column part has 1 missing values"),
        (
            TABLE,
            "SELECT 1::BIGINT AS id, 'a' AS part, range::VARCHAR AS note FROM range(2)",
            "1 keys (id, part) occur more than once",
        ),
        (TABLE, "SELECT 1::BIGINT AS id, range::VARCHAR AS part, '' AS note FROM range(2)", ""),
        (SLOTS, "SELECT 1::BIGINT AS id, 'x' AS email, 'y' AS email_2", ""),
        (SLOTS, "SELECT 1::BIGINT AS id, 1 AS email", "slot email is INTEGER, not VARCHAR"),
    ],
)
def test_a_table_is_what_its_contract_says_or_the_fault_is_named(
    engine: DuckDBEngine, table: Table, sql: str, complaint: str
) -> None:
    engine.run(table.name, sql)
    if not complaint:
        contract.check(engine, table, "stitch")
        return
    with pytest.raises(ContractError) as raised:
        contract.check(engine, table, "stitch")
    assert raised.value.message == f"stage stitch broke the contract of table match_group: {complaint}"
