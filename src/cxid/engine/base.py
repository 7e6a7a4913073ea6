"""The boundary to a database: what every engine can do, and nothing else.

A stage gets an `Engine`, reads tables by name, and writes tables by name. It never sees the database
behind it. SQL handed to an engine stays in the portable subset that docs/decisions describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

Params = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class CsvDialect:
    """How a UTF-8 CSV file is written, lines ended by LF. All of it is known before: nothing is guessed."""

    columns: tuple[str, ...]  # every column of the header, in file order
    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    skip_lines: int = 1  # the header
    keep: tuple[str, ...] | None = None  # the columns wanted in the table; all when left out
    quoted: bool = True  # a quote occurs in the file, so values may hold line breaks


@dataclass(frozen=True)
class CsvRead:
    """What came of reading one CSV file at the engine's speed.

    The two counts alone prove nothing: an engine may lose rows without a word. The reader checks them
    against the file's physical lines and reads the file again, record by record, when they do not add up.
    """

    accepted: int
    rejected: int
    value_newlines: int = 0  # line breaks inside the values of accepted rows, kept columns or not
    most_newlines: int = 0  # the most of them in one row


class Engine(Protocol):
    """A database that runs the stages. Table names are plain identifiers chosen by cxid."""

    def run(self, name: str, sql: str, params: Params = ()) -> None:
        """Create or replace table `name` with the rows of `sql`."""

    def append(self, name: str, sql: str, params: Params = ()) -> None:
        """Add the rows of `sql` to table `name`, matching columns by name; creates it when absent."""

    def fetch(self, sql: str, params: Params = ()) -> pa.Table:
        """The rows of `sql`, in its order."""

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first value of the first row of `sql`, None when there is none."""

    def select(self, sql: str, *, batch_rows: int = 10_000) -> Iterator[pa.RecordBatch]:
        """The rows of a statement that a user wrote, in batches; the first is empty and has the columns.

        Raises UsageError with the engine's own words when it is wrong, or is not one statement that only reads.
        """

    def load(self, name: str, table: pa.Table) -> None:
        """Create or replace table `name` with the rows of an Arrow table."""

    def extend(self, name: str, table: pa.Table) -> None:
        """Add the rows of an Arrow table to table `name`, matching columns by name."""

    def read_csv(self, name: str, path: Path, dialect: CsvDialect) -> CsvRead:
        """Create table `name` from a UTF-8 CSV file: the kept columns as text, `row_no` from 1 in file order,
        and `value_newlines`, the line breaks inside the row's values.

        Empty values are NULL. A file that the engine cannot read at all counts as one with rejects.
        """

    def read_parquet(self, name: str, path: Path) -> None:
        """Create table `name` from one Parquet file, columns as stored, plus `row_no` from 1 in file order."""

    def read(self, name: str, path: Path, columns: Sequence[str] = ()) -> None:
        """Make a Parquet file that cxid wrote readable as table `name`: all of it, or some of its columns.

        A column that an older version did not write is a text that is missing in every row.
        """

    def write(self, name: str, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Write table `name` to `path` as Parquet or CSV by its ending, sorted, atomically."""

    def convert(self, source: Path, target: Path) -> None:
        """Write a Parquet file that cxid wrote as CSV: the same rows in the same order.

        NULL is nothing between two commas, an empty text two quotes, a time ISO 8601 in UTC.
        """

    def view(self, name: str, path: Path) -> None:
        """Make a Parquet file that cxid wrote readable as `name`, read anew by each statement that asks for it."""

    def define(self, name: str, sql: str) -> None:
        """Make the rows of `sql` readable as `name`, computed anew by each statement that asks for them."""

    def export_database(
        self,
        tables: Mapping[str, Path],
        views: Mapping[str, str],
        path: Path,
        told: Callable[[Path], None] = lambda _: None,
    ) -> None:
        """Write a new database file at `path` holding a table for each Parquet file named, and views: name -> SQL.

        `told` hears of each file that is in.
        """

    def beside(self) -> AbstractContextManager[Engine]:
        """A second way into the same database for one other thread, within the same memory; ends with the block.

        Interrupting this one stops it too.
        """

    def rename(self, old: str, new: str) -> None:
        """Give table `old` the name `new`, replacing what stood there."""

    def drop(self, *names: str) -> None:
        """Forget tables that nobody reads any more; missing ones are ignored."""

    def tables(self) -> set[str]:
        """The names of all tables."""

    def columns(self, name: str) -> dict[str, str]:
        """Column name -> SQL type of a table, in order."""

    def count(self, name: str) -> int:
        """Rows in a table."""

    def ascends(self, name: str, columns: Sequence[str]) -> bool:
        """Whether each row of a table is larger in `columns` than the row before, as the rows lie: no two are equal."""

    def map_values(
        self, name: str, sql: str, function: Callable[[pa.Table], pa.Table], *, batch_rows: int = 100_000
    ) -> None:
        """Create table `name` by sending the rows of `sql` through a Python function, in batches.

        For work that SQL cannot do (phonetic codes, phone numbers): `sql` selects DISTINCT values, the
        result holds value and outcome, and is joined back.
        """

    def map_rows(
        self, name: str, source: str, function: Callable[[pa.Table], pa.Table], *, batch_rows: int = 100_000
    ) -> None:
        """Create table `name` by sending the rows of table `source` through a Python function, in batches.

        For work that costs an engine many times what it costs on arrays of integers. The function may use the
        engine; what a row becomes may not depend on its batch.
        """

    @property
    def threads(self) -> int:
        """How many threads the engine works with."""

    def components(self, name: str, edges_sql: str) -> None:
        """Create table `name` (node, component) from edges (a, b): component is its smallest node.

        Nodes are BIGINT; only nodes that have an edge appear.
        """

    @property
    def busy(self) -> bool:
        """A statement is running."""

    def interrupt(self) -> None:
        """Stop the running statement; safe from a signal handler or another thread, harmless when none is running."""

    def close(self) -> None:
        """Let go of memory, files and temporary space."""


def quote(identifier: str) -> str:
    """An identifier as SQL text. The only place where a name from a config or a file enters SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL literal, for the rare statement that takes no bound value."""
    return "'" + text.replace("'", "''") + "'"
