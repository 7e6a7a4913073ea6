"""The rows of published tables that are about one customer; a table that an older run lacks has none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from cxid.contracts import GOLDEN_CUSTOMER
from cxid.engine.base import Engine

Row = dict[str, Any]
_OWN = {c.name for c in GOLDEN_CUSTOMER.columns}


class Tables:
    """The published tables behind an engine, asked about one customer.

    Every statement filters on columns that the files are sorted by, or reads only the columns that it needs.
    """

    def __init__(self, engine: Engine, customer_id: str) -> None:
        self.engine, self.customer_id = engine, customer_id

    @cached_property
    def known(self) -> set[str]:
        """Tables and views that there are."""
        names = self.engine.fetch("SELECT table_name FROM information_schema.tables")
        return set(names.column(0).to_pylist())

    def rows(self, table: str, columns: str = "*", rest: str = "", params: Sequence[Any] = ()) -> list[Row]:
        """The customer's rows of a table; `rest` follows the condition, with `params` for its question marks."""
        if table not in self.known:
            return []
        sql = f"SELECT {columns} FROM {table} WHERE customer_id = ? {rest}"
        found: list[Row] = self.engine.fetch(sql, [self.customer_id, *params]).to_pylist()
        return found

    def fetch(self, table: str, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """The rows of a statement over a table; none where there is no such table."""
        found: list[Row] = self.engine.fetch(sql, list(params)).to_pylist() if table in self.known else []
        return found

    @cached_property
    def golden(self) -> Row:
        """The customer's row of golden_customer."""
        return self.rows("golden_customer")[0]

    @cached_property
    def identity(self) -> list[Row]:
        """The customer's rows of identity_map, records and identifiers: the file is not sorted by customer, so once."""
        return self.rows("identity_map", rest="ORDER BY source, record_key, id_type, id_value")

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The people columns of golden_customer, in config order."""
        return tuple(name for name in self.golden if name not in _OWN)

    @cached_property
    def profile(self) -> Row:
        """Every column of the profile but the id; empty where there is no row."""
        found = self.rows("profile")
        return {name: value for name, value in found[0].items() if name != "customer_id"} if found else {}
