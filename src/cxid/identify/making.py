"""The index of a published run: made once, in the run's folder, whole or not at all, and gone with the run.

identify/
    meta.json                        version, what lies here, what it took
    customer.npy                     ids of the customers, ascending; their place is their number
    name_*.npy                       key of an identifier, record or former id -> customers
    record.rows, record_*.npy        records as compared, in the order of their customers
    trait_<n>_*.npy                  key of a value of a field -> records
    band_*.npy                       key of a value -> how common it is
    <table>.rows, <table>_first.npy  what is told of a customer
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cxid.config.fields import DERIVED
from cxid.contracts import TABLES
from cxid.engine.base import Engine, literal, quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, UsageError
from cxid.identify.keys import CUSTOMER, IDENTIFIER, RECORD, band_kind, key_sql, trait_kind
from cxid.identify.rows import text_sql, write_rows
from cxid.model import Field, FieldType
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.observer import Observer, Unobserved

VERSION = 1
FOLDER = "identify"
NOBODY = 0xFFFFFFFF  # a former id of which nothing is left
HUB = 0xFFFFFFFE  # an identifier of too many people
TOLD = ("golden_customer", "profile", "trigger_hit", "consent")  # tables of what is told of a customer
_NEEDED = (
    "golden_customer", "identity_map", "record", "record_norm", "record_customer", "record_identifier",
    "identifier_customer", "hub_identifier", "event_identifier", "event_customer", "link_field", "link_band",
    "link_class", "link_tie", "link_model", "link_source", "link_summary",
)  # fmt: skip
_MEMORY = "1GiB"
_T = FieldType
_TRAITS: dict[FieldType, tuple[str, ...]] = {
    _T.GIVEN_NAME: ("", "phonetic", "aka"),
    _T.FAMILY_NAME: ("", "phonetic"),
    _T.EMAIL: ("", "local"),
    _T.PHONE: ("", "tail"),
    _T.BIRTH_DATE: ("",),
    _T.STREET: ("", "words"),
    **dict.fromkeys((_T.CITY, _T.POSTCODE, _T.IDENTIFIER, _T.CATEGORY, _T.TEXT), ("",)),
}
"""What records are looked up by: values, and what is derived from them. Others are too common to find anybody."""

# What an index is made of, in order, and how much of the time each takes: measured with a million people.
_PARTS: Mapping[str, float] = {
    "customers": 0.02,
    "names": 0.3,
    "records": 0.15,
    "traits": 0.27,
    "told": 0.25,
    "bands": 0.01,
}


def index_folder(run_dir: Path) -> Path:
    """Where the index of a run lies."""
    return run_dir / FOLDER


def is_made(run_dir: Path) -> bool:
    """Whether the run has an index that this version can read."""
    meta = disk.read_json(index_folder(run_dir) / "meta.json")
    return meta is not None and meta.get("version") == VERSION


def make_index(run_dir: Path, observer: Observer | None = None) -> bool:
    """Make the run's index unless it is there; False when it was. Waits while another process makes it.

    `observer` hears how much of it is made.
    Raises UsageError for a run of a version that did not keep what an index is made of.
    """
    tables = RunFolder(run_dir).tables
    if missing := [name for name in _NEEDED if not (tables / f"{name}.parquet").is_file()]:
        raise UsageError(
            f"run {run_dir.name} did not keep {', '.join(missing)}",
            hint="run `cxid build --force` with this version",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    with disk.private_umask(), _alone(run_dir):
        if is_made(run_dir):
            return False
        part = run_dir / f"{FOLDER}.part"
        disk.remove(part)
        disk.remove(index_folder(run_dir))  # of another version
        part.mkdir()  # not its parents: a run that is being removed must not come back
        try:
            _Making(run_dir, part, observer or Unobserved()).make()
            for file in part.iterdir():
                disk.sync_file(file)
            part.rename(index_folder(run_dir))
        except BaseException:
            disk.remove(part)
            raise
    return True


@contextmanager
def _alone(run_dir: Path) -> Iterator[None]:
    """One process at a time makes the index of a run; the folder itself is the lock."""
    descriptor = os.open(run_dir, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def trait_columns(fields: list[Field]) -> list[tuple[str, str, tuple[str, ...]]]:
    """(field, what of it, columns of record_norm) of every trait, in the order of its number."""
    return [
        (field.name, suffix, tuple(f"{slot}_{suffix}" if suffix else slot for slot in field.slots))
        for field in fields
        for suffix in _TRAITS.get(field.type, ())
    ]


class _Making:
    """One index being made in the folder `part`."""

    def __init__(self, run_dir: Path, part: Path, observer: Observer) -> None:
        self._run_dir, self._part, self._observer = run_dir, part, observer
        self._seconds: dict[str, float] = {}

    def make(self) -> None:
        tables = RunFolder(self._run_dir).tables
        self._observer.step_started("", "making the index of the published run")
        self._engine: Engine = DuckDBEngine(memory_limit=_MEMORY, allowed=[tables])
        try:
            for path in sorted(tables.glob("*.parquet")):
                self._engine.view(path.stem, path)
            with self._timed("customers"):
                customers = self._customers()
            with self._timed("names"):
                names = self._names()
            with self._timed("records"):
                record, fields = self._records(customers)
            with self._timed("traits"):
                traits = self._traits(fields)
            with self._timed("told"):
                told = {name: self._told(name, customers) for name in TOLD if self._has(name)}
            with self._timed("bands"):
                self._bands()
        finally:
            self._engine.close()
        meta = {
            "version": VERSION, "run_id": self._run_dir.name, "customers": customers, "names": names,
            "people": record.pop("people"), "records": record, "traits": traits, "told": told,
            "seconds": {name: round(s, 2) for name, s in self._seconds.items()},
            "bytes": sum(p.stat().st_size for p in self._part.iterdir()),
        }  # fmt: skip
        disk.write_json(self._part / "meta.json", meta, fault="identify")

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begun, done = time.perf_counter(), len(self._seconds)
        self._observer.stage_progress("", done, len(_PARTS), "parts", sum(list(_PARTS.values())[:done]))
        yield
        self._seconds[name] = time.perf_counter() - begun

    def _has(self, table: str) -> bool:
        return RunFolder(self._run_dir).table(table).is_file()

    def _save(self, name: str, values: npt.NDArray[Any]) -> None:
        np.save(self._part / f"{name}.npy", values)

    def _customers(self) -> int:
        """customer.npy, and table customer_no (customer_id, no)."""
        self._engine.run(
            "customer_no",
            "SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) - 1 AS UINTEGER) AS no "
            "FROM golden_customer",
        )
        ids = self._engine.fetch("SELECT customer_id FROM customer_no ORDER BY no").column(0)
        self._save("customer", _fixed(ids))
        return len(ids)

    def _names(self) -> int:
        """name_*.npy: for each key the customers that it may mean, the likeliest first."""
        self._engine.run("name_entry", _names_sql(aliases=self._has("customer_alias")))
        found = self._engine.fetch(
            "SELECT key, CAST(no AS UINTEGER) AS no, CAST(sure AS UINTEGER) AS sure, CAST(seen AS UINTEGER) AS seen "
            "FROM name_entry ORDER BY key, sure DESC, seen DESC, no"
        )
        columns = {c: found.column(c).to_numpy() for c in found.column_names}
        keys, starts = _runs(columns["key"])
        self._save("name_key", keys)
        self._save("name_first", starts)
        for name in ("no", "sure", "seen"):
            self._save(f"name_{name}", columns[name].astype(np.uint32))
        self._engine.drop("name_entry")
        return len(keys)

    def _records(self, customers: int) -> tuple[dict[str, Any], list[Field]]:
        """record.rows, record_no.npy, record_first.npy and table place (record_no, place)."""
        rows = self._engine.fetch("SELECT field, type, slots FROM link_field ORDER BY field_no").to_pylist()
        fields = [Field(r["field"], FieldType(r["type"]), tuple(r["slots"].split(","))) for r in rows if r["slots"]]
        wanted = ["source"]
        for field in fields:
            for slot in field.slots:
                wanted += [slot, *(f"{slot}_{suffix}" for suffix in DERIVED.get(field.type, {}))]
        columns = dict.fromkeys(wanted, "VARCHAR")
        self._engine.run(
            "place",
            "SELECT r.record_no, c.no, row_number() OVER (ORDER BY c.no, r.record_no) - 1 AS place "
            "FROM record_customer AS r INNER JOIN customer_no AS c ON c.customer_id = r.customer_id ORDER BY place",
        )
        text = text_sql({f"n.{c}": t for c, t in columns.items()}).replace('"n.', 'n."')
        self._engine.run(
            "placed",
            f"SELECT p.place, {text} AS told FROM place AS p INNER JOIN record_norm AS n ON n.record_no = p.record_no "
            "ORDER BY p.place",
        )
        count = write_rows(self._part / "record.rows", self._engine.select("SELECT told FROM placed"))
        self._engine.drop("placed")
        owner = self._engine.fetch("SELECT no FROM place ORDER BY place").column(0).to_numpy()
        self._save("record_no", owner.astype(np.uint32))
        self._save("record_first", _firsts(owner, customers))
        return {"columns": list(columns), "count": count, "people": len(np.unique(owner))}, fields

    def _traits(self, fields: list[Field]) -> list[list[str]]:
        """trait_<n>_*.npy: for each key the places of records that have it, ascending."""
        told = trait_columns(fields)
        for number, (field, suffix, columns) in enumerate(told):
            found = self._engine.fetch(_trait_sql(field, suffix, columns))
            keys, starts = _runs(found.column("key").to_numpy())
            self._save(f"trait_{number}_key", keys)
            self._save(f"trait_{number}_first", starts)
            self._save(f"trait_{number}_place", found.column("place").to_numpy().astype(np.uint32))
        return [[field, suffix] for field, suffix, _ in told]

    def _bands(self) -> None:
        """band_key.npy, band.npy."""
        key = key_sql("'band ' || CAST(field_no AS VARCHAR)", "value")
        assert band_kind(1) == "band 1"
        found = self._engine.fetch(f"SELECT {key} AS key, band FROM link_band ORDER BY key")
        self._save("band_key", found.column("key").to_numpy())
        self._save("band", found.column("band").to_numpy().astype(np.uint8))

    def _told(self, table: str, customers: int) -> list[list[str]]:
        """<table>.rows and <table>_first.npy; the columns with their types."""
        columns = {c: t for c, t in self._engine.columns(table).items() if c != "customer_id"}
        first = f"SELECT t.customer_id, c.no FROM {quote(table)} AS t LEFT JOIN customer_no AS c USING (customer_id)"
        ids = self._engine.fetch(f"SELECT customer_id FROM {quote(table)}").column(0)
        owner = self._engine.fetch(f"SELECT no FROM ({first}) AS o WHERE no IS NOT NULL ORDER BY no").column(0)
        is_sorted = len(ids) == len(owner) and _ascends(ids)
        within = [quote(c) for c in TABLES[table].key if c != "customer_id"]
        order = "" if is_sorted else f" ORDER BY {', '.join(['customer_id', *within])}"
        known = "" if is_sorted else " WHERE customer_id IN (SELECT customer_id FROM customer_no)"
        rows = f"SELECT {text_sql(columns)} AS told FROM {quote(table)}{known}{order}"
        write_rows(self._part / f"{table}.rows", self._engine.select(rows))
        self._save(f"{table}_first", _firsts(owner.to_numpy(), customers))
        return [list(c) for c in columns.items()]


def _ascends(ids: pa.ChunkedArray) -> bool:
    """Whether texts stand in ascending order, none missing."""
    if ids.null_count:
        return False
    return bool(pc.all(pc.greater_equal(ids.slice(1), ids.slice(0, max(len(ids) - 1, 0))), min_count=0).as_py())


def _fixed(ids: pa.ChunkedArray) -> npt.NDArray[np.bytes_]:
    """Texts, none missing, as bytes of one width."""
    texts = ids.cast(pa.binary()).combine_chunks()
    lengths = pc.binary_length(texts)
    width = int(pc.max(lengths).as_py() or 1)
    if int(pc.min(lengths).as_py() or 0) != width:
        return np.array(texts.to_pylist(), f"S{width}")
    first = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset]
    return np.frombuffer(texts.buffers()[2], f"S{width}", len(texts), int(first))


def _runs(keys: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint32]]:
    """(different keys, where each begins and the last ends) of ascending keys."""
    new = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    return keys[new].astype(np.uint64), np.append(new, len(keys)).astype(np.uint32)


def _firsts(owner: npt.NDArray[Any], customers: int) -> npt.NDArray[np.uint32]:
    """Where the rows of each customer begin, and the last ones end, by the ascending numbers of their customers."""
    return np.searchsorted(owner, np.arange(customers + 1)).astype(np.uint32)


def _trait_sql(field: str, suffix: str, columns: tuple[str, ...]) -> str:
    """(key, place) of a trait in order; formal names one by one."""
    kind = literal(trait_kind(field, suffix))
    parts = []
    for column in columns:
        value = f"n.{quote(column)}"
        if suffix == "aka":
            value = f"unnest(string_split(trim({value}, '|'), '|'))"
        parts.append(
            f"SELECT {value} AS value, p.place FROM record_norm AS n INNER JOIN place AS p "
            f"ON p.record_no = n.record_no WHERE n.{quote(column)} IS NOT NULL"
        )
    different = "DISTINCT " if len(columns) > 1 or suffix == "aka" else ""
    every = " UNION ALL ".join(parts)
    return (
        f"SELECT {different}{key_sql(kind, 'value')} AS key, CAST(place AS UINTEGER) AS place "
        f"FROM ({every}) AS v ORDER BY key, place"
    )


def _names_sql(*, aliases: bool) -> str:
    """(key, no, sure in millionths, seen) of all that names customers.

    An identifier's owner is as sure as the build was; where that is not certain, the others who carry it, on records
    or in events, share the rest by how often they do.
    """
    identifier = key_sql(literal(IDENTIFIER), "id_type", "id_value")
    past = (
        f"UNION ALL SELECT {key_sql(literal(CUSTOMER), 'a.old_customer_id')}, coalesce(c.no, {NOBODY}), 1000000, 0 "
        "FROM customer_alias AS a LEFT JOIN customer_no AS c ON c.customer_id = a.customer_id "
        if aliases
        else ""
    )
    return f"""
    WITH owner AS (SELECT id_type, id_value, customer_id, probability FROM identifier_customer),
    doubtful AS (SELECT id_type, id_value FROM owner WHERE probability < 1000000),
    carried AS (
        SELECT i.id_type, i.id_value, r.customer_id, count(*) AS seen FROM record_identifier AS i
        INNER JOIN record_customer AS r ON r.record_no = i.record_no GROUP BY i.id_type, i.id_value, r.customer_id
    ),
    met AS (
        SELECT i.id_type, i.id_value, e.customer_id, count(*) AS seen FROM event_identifier AS i
        INNER JOIN doubtful AS d ON d.id_type = i.id_type AND d.id_value = i.id_value
        INNER JOIN event_customer AS e ON e.event_no = i.event_no WHERE e.customer_id IS NOT NULL
        GROUP BY i.id_type, i.id_value, e.customer_id
    ),
    seen AS (
        SELECT id_type, id_value, customer_id, CAST(sum(seen) AS BIGINT) AS seen
        FROM (SELECT * FROM carried UNION ALL SELECT * FROM met) AS u GROUP BY id_type, id_value, customer_id
    ),
    other AS (
        SELECT s.id_type, s.id_value, s.customer_id, s.seen, 1000000 - o.probability AS left_over,
            sum(s.seen) OVER (PARTITION BY s.id_type, s.id_value) AS total
        FROM seen AS s INNER JOIN owner AS o ON o.id_type = s.id_type AND o.id_value = s.id_value
        WHERE s.customer_id <> o.customer_id
    ),
    entry AS (
        SELECT o.id_type, o.id_value, o.customer_id, o.probability AS sure, coalesce(s.seen, 0) AS seen FROM owner AS o
        LEFT JOIN seen AS s
        ON s.id_type = o.id_type AND s.id_value = o.id_value AND s.customer_id = o.customer_id
        UNION ALL
        SELECT id_type, id_value, customer_id, CAST(left_over * seen / total AS INTEGER), seen FROM other
    )
    SELECT {identifier} AS key, CAST(c.no AS BIGINT) AS no, e.sure, e.seen FROM entry AS e
    INNER JOIN customer_no AS c ON c.customer_id = e.customer_id
    UNION ALL
    SELECT {identifier}, {HUB}, 0, people FROM hub_identifier
    UNION ALL
    SELECT {key_sql(literal(RECORD), "m.source", "m.record_key")}, c.no, CAST(m.probability * 1000000 AS INTEGER), 1
    FROM identity_map AS m INNER JOIN customer_no AS c ON c.customer_id = m.customer_id WHERE m.source <> ''
    {past}"""
