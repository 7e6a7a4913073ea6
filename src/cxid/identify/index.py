"""The index of a published run, opened for reading: memory-mapped, shared by all processes that read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxid.errors import ErrorCode, UsageError
from cxid.identify.keys import key_of, trait_kind
from cxid.identify.making import index_folder
from cxid.identify.rows import RowsReader
from cxid.runs import disk

Places = npt.NDArray[np.uint32]
_NONE: Places = np.zeros(0, np.uint32)


@dataclass(frozen=True)
class Named:
    """One customer that an identifier may mean; `sure` in millionths, `seen` how often it is carried."""

    no: int
    sure: int
    seen: int


@dataclass(frozen=True)
class Postings:
    """Keys, ascending, and what stands under each."""

    keys: npt.NDArray[np.uint64]
    firsts: Places

    def span(self, key: int) -> tuple[int, int]:
        """From where to where the entries of a key stand; the same twice where there are none."""
        place = int(np.searchsorted(self.keys, np.uint64(key)))
        if place == len(self.keys) or int(self.keys[place]) != key:
            return 0, 0
        return int(self.firsts[place]), int(self.firsts[place + 1])


class Index:
    """What an index says of identifiers, records and customers; customers go by number."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir, self._folder = run_dir.resolve(), index_folder(run_dir.resolve())
        self.run_id = self.run_dir.name
        meta = disk.read_json(self._folder / "meta.json")
        if meta is None:
            raise UsageError(
                f"run {self.run_id} has no index",
                hint="`cxid identify --prepare` makes it",
                code=ErrorCode.RUN_INCOMPLETE,
            )
        self.meta: dict[str, Any] = meta
        self.ids = self._load("customer")
        self._names = Postings(self._load("name_key"), self._load("name_first"))
        self._name_no, self._name_sure, self._name_seen = (self._load(f"name_{n}") for n in ("no", "sure", "seen"))
        self._owner, self._record_first = self._load("record_no"), self._load("record_first")
        self._records = RowsReader.open(
            self._folder / "record.rows", dict.fromkeys(meta["records"]["columns"], "VARCHAR")
        )
        self._traits = {
            (field, suffix): (
                Postings(self._load(f"trait_{n}_key"), self._load(f"trait_{n}_first")),
                self._load(f"trait_{n}_place"),
            )
            for n, (field, suffix) in enumerate(meta["traits"])
        }
        self._bands, self._band = self._load("band_key"), self._load("band")
        self._told = {
            table: (self._load(f"{table}_first"), RowsReader.open(self._folder / f"{table}.rows", dict(columns)))
            for table, columns in meta["told"].items()
        }

    def _load(self, name: str) -> npt.NDArray[Any]:
        path = self._folder / f"{name}.npy"
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)  # each access of a memmap costs more
        return array

    # -- customers ----------------------------------------------------------------------------------------

    @property
    def people(self) -> int:
        """Customers that have a record."""
        return int(self.meta["people"])

    def customer_id(self, no: int) -> str:
        return str(self.ids[no].decode())

    def number(self, customer_id: str) -> int | None:
        """The number of a customer; None for an id that is not in use."""
        wanted = customer_id.encode("utf-8", "surrogatepass")
        if len(wanted) > self.ids.dtype.itemsize:
            return None
        place = int(np.searchsorted(self.ids, np.bytes_(wanted)))
        return place if place < len(self.ids) and self.ids[place] == wanted else None

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of what is told; none where the run has no such table."""
        return tuple(self._told[table][1].columns) if table in self._told else ()

    def told(self, table: str, no: int, wanted: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
        """The rows that a table has of a customer."""
        if table not in self._told:
            return []
        firsts, rows = self._told[table]
        return [rows.row(place, wanted) for place in range(int(firsts[no]), int(firsts[no + 1]))]

    # -- identifiers --------------------------------------------------------------------------------------

    def named(self, key: int) -> list[Named]:
        """The customers that a key may mean, the likeliest first."""
        first, last = self._names.span(key)
        return [
            Named(int(self._name_no[i]), int(self._name_sure[i]), int(self._name_seen[i])) for i in range(first, last)
        ]

    # -- records ------------------------------------------------------------------------------------------

    @cached_property
    def record_columns(self) -> tuple[str, ...]:
        return tuple(self.meta["records"]["columns"])

    @property
    def records(self) -> int:
        return len(self._owner)

    def owner(self, place: int) -> int:
        """The customer of a record."""
        return int(self._owner[place])

    def places(self, no: int) -> range:
        """The records of a customer."""
        return range(int(self._record_first[no]), int(self._record_first[no + 1]))

    def record(self, place: int) -> dict[str, str | None]:
        """A record as compared: its source and the columns of record_norm that comparing needs."""
        return {c: v or None for c, v in zip(self.record_columns, self._records.cells(place), strict=True)}

    def having(self, field: str, suffix: str, value: str) -> Places:
        """The places of the records with this value, ascending."""
        if (field, suffix) not in self._traits:
            return _NONE
        postings, places = self._traits[field, suffix]
        first, last = postings.span(key_of(trait_kind(field, suffix), value))
        found: Places = places[first:last]
        return found

    def band(self, field_no: int, value: str) -> int:
        """How common a value is: 0 for the rarest."""
        key = key_of(f"band {field_no}", value)
        place = int(np.searchsorted(self._bands, np.uint64(key)))
        return int(self._band[place]) if place < len(self._bands) and int(self._bands[place]) == key else 0
