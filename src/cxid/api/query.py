"""SQL over the outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cxid.api.published import opened
from cxid.config.model import Config
from cxid.notebook import Shown, Table


@dataclass(frozen=True, repr=False)
class Rows(Shown):
    """The answer to a query: an Arrow table, and what is made of it."""

    table: pa.Table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns; those that come twice have a number behind them."""
        return tuple(self.table.column_names)

    @property
    def headline(self) -> str:
        return f"{len(self):,} row{'' if len(self) == 1 else 's'}: {', '.join(self.columns)}"

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table: `.to_pandas()` and Polars' `from_arrow` take it from here."""
        return self.table

    def to_list(self) -> list[dict[str, Any]]:
        """A dict for each row: the list that the command writes with `--format json`, as Python values."""
        return list(self.table.to_pylist())

    def tables(self) -> list[Table]:
        return [Table("", self.columns, self)] if self.columns else []

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for batch in self.table.to_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def query(config: Config, sql: str) -> Rows:
    """The rows of one SELECT over the published tables."""
    with opened(config) as (_, engine):
        batches = engine.select(sql)
        first = next(batches)
        return Rows(pa.Table.from_batches([first, *batches]).rename_columns(unique(first.schema.names)))


def unique(names: list[str]) -> list[str]:
    """Column names made different, so that no value of a JSON object is lost."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        wanted = name
        while wanted in seen:
            seen[name] += 1
            wanted = f"{name}_{seen[name]}"
        seen[wanted] = 1
        found.append(wanted)
    return found
