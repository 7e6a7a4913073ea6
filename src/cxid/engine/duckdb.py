"""DuckDB behind the engine protocol.

What is switched off or pinned here, and why, stands in docs/decisions/0002-duckdb.md.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from cxid.engine.base import CsvDialect, CsvRead, Params, literal, quote
from cxid.errors import ErrorCode, InputError, Interrupted, ResourceError, UsageError

Result = TypeVar("Result")

_MAX_LINE_BYTES = 4_000_000
_FIRST_ROWS = 10_000  # of a table that is not sorted, these will show it
# How messages begin that are worth telling without the values in them; what else a library says may be a value alone.
_TOLD = re.compile(r"[A-Za-z ]+ Error: (Could not|Failed to|Cannot|Casting|Overflow|Type|Division)\b")
_QUOTED = re.compile(r"""(['"])(.*)\1""", re.DOTALL)
_NUMBER = re.compile(r"(?<!\w)\d[\d.]*")
_EXPLAIN = re.compile(r"\A\s*explain(\s+analyze)?\b", re.IGNORECASE)


def _line_breaks(columns: Sequence[str]) -> str:
    """SQL that counts the line breaks in a row's values."""
    each = "CASE WHEN contains({0}, chr(10)) THEN length({0}) - length(replace({0}, chr(10), '')) ELSE 0 END"
    return " + ".join(each.format(quote(c)) for c in columns)


class DuckDBEngine:
    """One in-memory database that spills to `temp_dir`; see `Engine` for what each method promises."""

    def __init__(
        self,
        *,
        temp_dir: Path | None = None,
        memory_limit: str | None = None,
        threads: int | None = None,
        database: Path | None = None,
        read_only: bool = False,
        allowed: Sequence[Path] | None = None,
    ) -> None:
        self._own_temp = None if temp_dir else tempfile.TemporaryDirectory(prefix="cxid-")
        spill = temp_dir or Path(self._own_temp.name if self._own_temp else ".")
        spill.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._running = 0
        self._twin: DuckDBEngine | None = None
        self._ceiling: str | None = None
        config: dict[str, Any] = {"temp_directory": str(spill)}
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        self._con = duckdb.connect(str(database) if database else ":memory:", read_only=read_only, config=config)
        for setting in (
            "preserve_insertion_order = true",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "TimeZone = 'UTC'",
        ):
            self._con.execute(f"SET {setting}")
        # In a notebook without ipywidgets the library refuses to count: `progress` is unknown then.
        with suppress(duckdb.InvalidInputException):
            self._con.execute("SET enable_progress_bar_print = false")
            self._con.execute("SET enable_progress_bar = true")
        if allowed is not None:
            self._lock_down([*allowed, spill])

    def _lock_down(self, allowed: Sequence[Path]) -> None:
        """Files outside `allowed` are out of reach of any SQL from here on."""
        listed = ", ".join(literal(str(p.resolve())) for p in allowed)
        self._con.execute(f"SET allowed_directories = [{listed}]")
        self._con.execute("SET allowed_configs = ['memory_limit']")  # see `may_grow_to`
        self._con.execute("SET enable_external_access = false")
        self._con.execute("SET lock_configuration = true")

    def may_grow_to(self, ceiling: str) -> None:
        """Let the memory limit rise to `ceiling`, once, when a statement cannot do within it."""
        self._ceiling = ceiling

    # -- statements ---------------------------------------------------------------------------------

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """DuckDB's errors as ours. Its messages can quote values, so only their kind is passed on."""
        self._running += 1
        try:
            yield
        except duckdb.InterruptException as error:
            raise Interrupted("interrupted while a statement was running") from error
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # what comes out when a signal handler raised inside a statement
                raise Interrupted("interrupted while a statement was running") from error
            raise
        except duckdb.OutOfMemoryException as error:
            raise ResourceError(
                "out of memory, or the temporary directory is full",
                hint="give more with --memory-limit, or free disk space where the project lies",
                code=ErrorCode.MEMORY,
            ) from error
        except (duckdb.IOException, duckdb.TransactionException) as error:
            if _is_disk_full(error):
                raise ResourceError(
                    "no space left on the device", hint="free disk space and run again", code=ErrorCode.DISK_FULL
                ) from error
            raise
        finally:
            self._running -= 1

    def _rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        return self._with_room(lambda: self._con.execute(sql, params).fetchall())

    def _with_room(self, statement: Callable[[], Result]) -> Result:
        """What a statement gives, tried again under the ceiling when it is out of memory: a failed one left nothing."""
        with self._translated():
            try:
                return statement()
            except duckdb.OutOfMemoryException:
                if self._ceiling is None:
                    raise
                self._con.execute(f"SET memory_limit = {literal(self._ceiling)}")
                self._ceiling = None
                return statement()

    def _execute(self, sql: str, params: Params = ()) -> None:
        self._rows(sql, params)

    def run(self, name: str, sql: str, params: Params = ()) -> None:
        self._execute(f"CREATE OR REPLACE TABLE {quote(name)} AS {sql}", params)

    def append(self, name: str, sql: str, params: Params = ()) -> None:
        if name in self.tables():
            self._execute(f"INSERT INTO {quote(name)} BY NAME {sql}", params)
        else:
            self.run(name, sql, params)

    def fetch(self, sql: str, params: Params = ()) -> pa.Table:
        return self._with_room(lambda: self._con.sql(sql, params=params or None).to_arrow_table())

    def scalar(self, sql: str, params: Params = ()) -> Any:
        rows = self._rows(sql, params)
        return rows[0][0] if rows else None

    def select(self, sql: str, *, batch_rows: int = 10_000) -> Iterator[pa.RecordBatch]:
        try:
            _require_select(sql)
            with self._translated():
                reader = self._con.sql(sql).to_arrow_reader(batch_rows)
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            while True:
                with self._translated():
                    try:
                        batch = reader.read_next_batch()
                    except StopIteration:
                        return
                yield batch
        except (duckdb.Error, pa.ArrowException) as error:
            words = str(error) or type(error).__name__
            if not isinstance(error, duckdb.ProgrammingError) or isinstance(error, duckdb.InvalidInputException):
                words = _without_values(words, sql)
            raise UsageError(words, hint='`cxid query "SHOW TABLES"` lists the tables', code=ErrorCode.SQL) from error

    def load(self, name: str, table: pa.Table) -> None:
        self._con.register("cx_arrow", table)
        try:
            self.run(name, "SELECT * FROM cx_arrow")
        finally:
            self._con.unregister("cx_arrow")

    def extend(self, name: str, table: pa.Table) -> None:
        self._con.register("cx_arrow", table)
        try:
            self._execute(f"INSERT INTO {quote(name)} BY NAME SELECT * FROM cx_arrow")
        finally:
            self._con.unregister("cx_arrow")

    # -- files --------------------------------------------------------------------------------------

    def read_csv(self, name: str, path: Path, dialect: CsvDialect) -> CsvRead:
        columns = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in dialect.columns)
        kept = dialect.columns if dialect.keep is None else dialect.keep
        wanted = "".join(f"{quote(c)}, " for c in kept)
        breaks = _line_breaks(dialect.columns) if dialect.quoted else "0"
        self._execute("DROP TABLE IF EXISTS cx_reject_scan; DROP TABLE IF EXISTS cx_reject")
        statement = (
            f"CREATE OR REPLACE TABLE {quote(name)} AS SELECT {wanted}row_number() OVER () AS row_no, "
            f"CAST({breaks} AS INTEGER) AS value_newlines FROM read_csv(?, auto_detect = false, header = false, "
            f"skip = {dialect.skip_lines}, columns = {{{columns}}}, delim = ?, quote = ?, escape = ?, "
            f"strict_mode = true, null_padding = false, max_line_size = {_MAX_LINE_BYTES}, "
            "allow_quoted_nulls = true, nullstr = '', compression = 'none', "
            "store_rejects = true, rejects_table = 'cx_reject', rejects_scan = 'cx_reject_scan', rejects_limit = 0)"
        )
        try:
            self._execute(statement, [str(path), dialect.delimiter, dialect.quote, dialect.escape])
        except duckdb.InvalidInputException:
            return CsvRead(accepted=0, rejected=1)
        rejected = self.scalar("SELECT count(DISTINCT line) FROM cx_reject")
        self._execute("DROP TABLE IF EXISTS cx_reject_scan; DROP TABLE IF EXISTS cx_reject")
        counts = f"SELECT count(*), sum(value_newlines), max(value_newlines) FROM {quote(name)}"
        accepted, newlines, most = (int(column[0].as_py() or 0) for column in self.fetch(counts).columns)
        return CsvRead(accepted=accepted, rejected=int(rejected), value_newlines=newlines, most_newlines=most)

    def read_parquet(self, name: str, path: Path) -> None:
        try:
            self._execute(
                f"CREATE OR REPLACE TABLE {quote(name)} AS SELECT * EXCLUDE (file_row_number), "
                "file_row_number + 1 AS row_no FROM read_parquet(?, file_row_number = true, hive_partitioning = false)",
                [str(path)],
            )
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise InputError(
                f"{path}: not a readable Parquet file", hint="write the file again", code=ErrorCode.FILE_UNREADABLE
            ) from error

    def read(self, name: str, path: Path, columns: Sequence[str] = ()) -> None:
        source, listed = "read_parquet(?, hive_partitioning = false)", "*"
        if columns:
            found = {r[0] for r in self._rows(f"DESCRIBE SELECT * FROM {source}", [str(path)])}
            cells = (quote(c) if c in found else f"CAST(NULL AS VARCHAR) AS {quote(c)}" for c in columns)
            listed = ", ".join(cells)
        self._execute(f"CREATE OR REPLACE TABLE {quote(name)} AS SELECT {listed} FROM {source}", [str(path)])

    def write(self, name: str, path: Path, *, order_by: Sequence[str] = ()) -> None:
        sorted_already = not order_by or self.ascends(name, order_by)
        order = "" if sorted_already else f" ORDER BY {', '.join(quote(c) for c in order_by)}"
        # level 1 takes a seventh less time than the default, and the files are 2 % larger; dictionaries of many values
        # cost another seventh, and the files are no smaller for them
        parquet = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 10000"
        options = "FORMAT csv, HEADER" if path.suffix == ".csv" else parquet
        part = path.with_name(path.name + ".part")
        self._execute(f"COPY (SELECT * FROM {quote(name)}{order}) TO {literal(str(part))} ({options})")
        with part.open("rb") as done:
            os.fsync(done.fileno())
        part.replace(path)

    def convert(self, source: Path, target: Path) -> None:
        part = target.with_name(target.name + ".part")
        self._execute(
            f"COPY (SELECT * FROM read_parquet({literal(str(source))}, hive_partitioning = false)) "
            f"TO {literal(str(part))} (FORMAT csv, HEADER)"
        )
        with part.open("rb") as done:
            os.fsync(done.fileno())
        part.replace(target)

    def export_database(
        self,
        tables: Mapping[str, Path],
        views: Mapping[str, str],
        path: Path,
        told: Callable[[Path], None] = lambda _: None,
    ) -> None:
        path.unlink(missing_ok=True)
        self._execute(f"ATTACH {literal(str(path))} AS cx_export (STORAGE_VERSION 'v1.4.0')")
        try:
            for name, parquet in tables.items():
                self._execute(
                    f"CREATE TABLE cx_export.{quote(name)} AS SELECT * FROM read_parquet({literal(str(parquet))})"
                )
                told(parquet)
            for name, sql in views.items():
                self._execute(f"CREATE VIEW cx_export.{quote(name)} AS {sql}")
            self._execute("CHECKPOINT cx_export")
        finally:
            self._execute("DETACH cx_export")

    # -- the catalogue ------------------------------------------------------------------------------

    def view(self, name: str, path: Path) -> None:
        self._execute(
            f"CREATE OR REPLACE VIEW {quote(name)} AS "
            f"SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)"
        )

    def define(self, name: str, sql: str) -> None:
        self._execute(f"CREATE OR REPLACE VIEW {quote(name)} AS {sql}")

    def rename(self, old: str, new: str) -> None:
        self.drop(new)
        self._execute(f"ALTER TABLE {quote(old)} RENAME TO {quote(new)}")

    def drop(self, *names: str) -> None:
        for name in names:
            self._execute(f"DROP TABLE IF EXISTS {quote(name)}")

    def tables(self) -> set[str]:
        return {r[0] for r in self._con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    def columns(self, name: str) -> dict[str, str]:
        return {r[0]: r[1] for r in self._con.execute(f"DESCRIBE {quote(name)}").fetchall()}

    def count(self, name: str) -> int:
        return int(self.scalar(f"SELECT count(*) FROM {quote(name)}"))

    def ascends(self, name: str, columns: Sequence[str]) -> bool:
        # rows are scanned in the order in which they were inserted, and a window without order keeps it
        before, rows = ", ".join(f"lag({quote(c)}) OVER () AS p{i}" for i, c in enumerate(columns)), quote(name)
        listed = ", ".join(quote(c) for c in columns)
        larger = ""
        for i, column in reversed(list(enumerate(columns))):
            further = f" OR (p{i} = {quote(column)} AND ({larger}))" if larger else ""
            larger = f"p{i} < {quote(column)}{further}"
        first = self.scalar(f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {_FIRST_ROWS}) AS f")
        for some in (f"(SELECT {listed} FROM {rows} LIMIT {_FIRST_ROWS})", rows)[: 1 + (first == _FIRST_ROWS)]:
            wrong = f"SELECT {listed}, {before} FROM {some} AS s"
            if not self.scalar(f"SELECT count(*) <= 1 + count(*) FILTER (WHERE {larger}) FROM ({wrong}) AS w"):
                return False
        return True

    # -- what SQL cannot do ---------------------------------------------------------------------------

    def map_values(
        self, name: str, sql: str, function: Callable[[pa.Table], pa.Table], *, batch_rows: int = 100_000
    ) -> None:
        self.run(f"{name}_in", sql)
        self.map_rows(name, f"{name}_in", function, batch_rows=batch_rows)
        self.drop(f"{name}_in")

    def map_rows(
        self, name: str, source: str, function: Callable[[pa.Table], pa.Table], *, batch_rows: int = 100_000
    ) -> None:
        total = self.count(source)
        for start in range(0, max(total, 1), batch_rows):
            # a range of row numbers is found at once; OFFSET reads all that it skips
            batch = self.fetch(
                f"SELECT * FROM {quote(source)} WHERE rowid >= ? AND rowid < ?",
                [start, start + batch_rows],
            )
            self._con.register("cx_arrow", function(batch))
            try:
                self._execute(
                    f"INSERT INTO {quote(name)} SELECT * FROM cx_arrow"
                    if start
                    else f"CREATE OR REPLACE TABLE {quote(name)} AS SELECT * FROM cx_arrow"
                )
            finally:
                self._con.unregister("cx_arrow")

    @property
    def threads(self) -> int:
        return int(self.scalar("SELECT current_setting('threads')"))

    def components(self, name: str, edges_sql: str) -> None:
        edges = self.fetch(edges_sql)
        a = edges.column(0).to_numpy().astype(np.int64, copy=False)
        b = edges.column(1).to_numpy().astype(np.int64, copy=False)
        nodes, flat = np.unique(np.concatenate([a, b]), return_inverse=True)
        half = len(a)
        graph = coo_matrix((np.ones(half, np.int8), (flat[:half], flat[half:])), shape=(len(nodes), len(nodes)))
        count, label = connected_components(graph, directed=False)
        smallest = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(smallest, label, nodes)
        self.load(name, pa.table({"node": nodes, "component": smallest[label] if count else nodes}))

    @contextmanager
    def beside(self) -> Iterator[DuckDBEngine]:
        twin = copy(self)
        twin._con, twin._own_temp, twin._running = self._con.cursor(), None, 0
        self._twin = twin
        try:
            yield twin
        finally:
            self._twin = None
            twin._con.close()

    # -- the connection -------------------------------------------------------------------------------

    def progress(self) -> float:
        """Share of the running statement that is done, 0 to 100; -1 when unknown. Safe from another thread."""
        try:
            return float(self._con.query_progress())
        except duckdb.Error:
            return -1.0

    @property
    def busy(self) -> bool:
        """A statement is running, here or beside."""
        return self._running > 0 or ((twin := self._twin) is not None and twin.busy)

    def interrupt(self) -> None:
        """Stop the running statement; safe from a signal handler or another thread, harmless after `close`."""
        with suppress(duckdb.Error):
            self._con.interrupt()
        if (twin := self._twin) is not None:
            twin.interrupt()

    @staticmethod
    def version() -> str:
        return str(duckdb.__version__)

    def close(self) -> None:
        self._con.close()
        if self._own_temp:
            self._own_temp.cleanup()


def _without_values(message: str, sql: str) -> str:
    """The message of a failed query; what it quotes and the query does not say is a value of the data."""
    said, line, excerpt = message.rpartition("\n\nLINE ")
    if excerpt.partition(": ")[2].partition("\n")[0].strip(" .") not in sql or not line:
        said, line, excerpt = message, "", ""
    if not _TOLD.match(said):
        return f"{said.partition(':')[0]}: a value does not fit what is asked of it{line}{excerpt}"
    said = _QUOTED.sub(lambda found: found[0] if found[2] in sql else f"{found[1]}…{found[1]}", said)
    said = _NUMBER.sub(lambda found: found[0] if found[0] in sql else "…", said.partition("\n")[0])
    return f"{said}{line}{excerpt}"


def _is_disk_full(error: duckdb.Error) -> bool:
    text = str(error)
    return "No space left" in text or "errno 28" in text


def _require_select(sql: str) -> None:
    """Raises UsageError unless `sql` is one statement that only reads, duckdb.Error when it cannot be parsed."""
    statements = duckdb.extract_statements(sql)
    kinds = [s.type for s in statements]
    if kinds == [duckdb.StatementType.EXPLAIN]:
        explained = _EXPLAIN.sub("", sql)
        kinds = [s.type for s in duckdb.extract_statements(explained)]
    if kinds != [duckdb.StatementType.SELECT]:
        more = "one SELECT at a time" if len(kinds) > 1 else "only SELECT"
        what = more if kinds else "there is no statement in it"
        raise UsageError(
            f"the outputs are read-only: {what}",
            hint="write one SELECT, without a semicolon inside",
            code=ErrorCode.SQL,
        )
