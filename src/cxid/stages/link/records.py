"""The records that are compared: the distinct ones, and every value of theirs as a number.

The engine turns texts into hashes of 63 bits; which values are equal, how many records carry them and where they stand
first is then a matter of sorting integers, a tenth of what grouping and joining the texts costs. That two different
values of ten million have one hash is less likely than one in a hundred thousand builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.errors import ErrorCode, ResourceError
from cxid.model import Field
from cxid.stages.link.bands import Bands
from cxid.stages.link.levels import BAND_BITS
from cxid.stages.link.pairs import Ints, Keys, Truths, changes, mixed, repeated
from cxid.stages.link.relations import hash_sql

_MOST_PLACES = 2 ** (31 - BAND_BITS)
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Repeats:
    """The values of a field that stand in two or more places, by their position among all values."""

    at: Ints  # where, equal ones side by side
    sizes: Ints  # how often each
    first: Ints  # where each stands first

    @classmethod
    def of(cls, keys: Keys) -> _Repeats:
        there = np.flatnonzero(keys)
        at, found = repeated(keys.take(there) if len(there) < len(keys) else keys)
        at = there.take(at) if len(there) < len(keys) else at
        starts = np.flatnonzero(changes(found))
        return cls(at, np.diff(np.append(starts, len(at))), at[starts])


def _hashes(engine: Engine, fields: Sequence[Field], order: Ints | None) -> Iterator[Keys]:
    """For each field a number of every value, slot beside slot and record after record; 0 where there is none."""
    for field in fields:
        columns = ", ".join(f"{hash_sql(quote(slot))} AS h{i}" for i, slot in enumerate(field.slots))
        found = [c.to_numpy() for c in engine.fetch(f"SELECT {columns} FROM record_norm").columns]
        every = found[0] if len(found) == 1 else np.column_stack(found)
        yield (every if order is None else every[order]).ravel()


@dataclass(frozen=True)
class _Numbering:
    """Gives each value of some records its code."""

    engine: Engine
    fields: Sequence[Field]
    record: Ints  # ascending
    bands: Bands

    def codes(self, number: int, keys: Keys, repeats: _Repeats) -> Iterator[tuple[str, Codes]]:
        """(slot, code of each record's value, -1 where there is none) of a field."""
        slots = self.fields[number].slots
        place = self.record if len(slots) == 1 else _places(self.record, len(slots))
        code = place << BAND_BITS
        code[keys == 0] = -1
        band, common = self.bands.of(number, keys[repeats.first], repeats.sizes)
        where = repeats.first[common]
        self.bands.remember(number, self.record[where // len(slots)], where % len(slots), band[common])
        code[repeats.at] = np.repeat((place.take(repeats.first) << BAND_BITS) + band, repeats.sizes)
        for i, slot in enumerate(slots):
            yield slot, code[i :: len(slots)].astype(np.int32)


def _places(record: Ints, slots: int) -> Ints:
    """Record number and slot in one, slot beside slot."""
    return np.asarray(np.add.outer(record * slots, np.arange(slots)).ravel())


def _number_values(numbering: _Numbering, order: Ints | None) -> dict[str, Codes]:
    """The codes of all slots; writes tables link_value and link_band.

    link_value (field, records, different, band): so many different values are carried by so many records, two or more.
    """
    record, fields = numbering.record, numbering.fields
    if (int(record[-1]) + 1) * max(len(f.slots) for f in fields) > _MOST_PLACES:
        raise ResourceError(
            "too many records to link in one build", hint="link fewer sources at a time", code=ErrorCode.TOO_LARGE
        )
    numbering.engine.drop("link_value")
    found: dict[str, Codes] = {}
    with ThreadPoolExecutor(1) as pool:  # the values of one field are sorted while those of the next are fetched
        ahead: tuple[Keys, Future[_Repeats]] | None = None
        for number, keys in enumerate(_hashes(numbering.engine, fields, order)):
            following = keys, pool.submit(_Repeats.of, keys)
            if ahead is not None:
                found.update(numbering.codes(number - 1, ahead[0], ahead[1].result()))
            ahead = following
        if ahead is not None:
            found.update(numbering.codes(len(fields) - 1, ahead[0], ahead[1].result()))
    numbering.engine.drop("link_count")
    numbering.bands.write()
    return found


def _representatives(record: Ints, codes: Sequence[Codes], apart: Truths) -> Ints:
    """Of each record the first one that is identical to it; -1 where it has no value at all.

    Those of `apart` stand for themselves.
    """
    key, present = np.zeros(len(record), np.uint64), np.zeros(len(record), np.bool_)
    for code in codes:
        key = mixed(key, (code + 1).astype(np.uint64))
        present |= code >= 0
    rep = np.where(present, record, -1)
    asked = np.flatnonzero(present & ~apart)
    at, found = repeated(key.take(asked))
    at, starts = asked.take(at), np.flatnonzero(changes(found))
    first = np.repeat(at[starts], np.diff(np.append(starts, len(at))))
    same = np.logical_and.reduce([code.take(at) == code.take(first) for code in codes])
    rep[at[same]] = record[first[same]]
    return rep


def _told_of_sources(engine: Engine, one_per_source: Sequence[str], order: Ints | None) -> tuple[Ints, Ints]:
    """(position in `one_per_source` or -1, bits of the fields that the source lacks) of each record."""
    lacking = engine.fetch("SELECT source, absent FROM link_source").to_pylist()
    absent = {row["source"]: row["absent"] for row in lacking}
    encoded = engine.fetch("SELECT source FROM record_norm").column("source").combine_chunks()
    encoded = encoded.dictionary_encode()
    names, numbers = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
    if order is not None:
        numbers = numbers[order]
    place = {name: i for i, name in enumerate(one_per_source)}
    alone = np.array([place.get(n, -1) for n in names], np.int64)
    return alone.take(numbers), np.array([absent[n] for n in names], np.int64).take(numbers)


def make_records(engine: Engine, fields: Sequence[Field], one_per_source: Sequence[str], *, kept: bool = False) -> None:
    """Tables link_member, link_value, link_band and link_record. Reads link_source; kept_band and kept_field if `kept`.

    link_member (record_no, rep): each record that has a value, and the first record that is identical to it. Records
    of a source that holds each person once stand for themselves: they may not be one person.
    link_record (record_no, rank, alone, absent, copies, codes): a row for each distinct record, ascending; its texts
    are in record_norm.
    """
    record: Ints = engine.fetch("SELECT record_no FROM record_norm").column("record_no").to_numpy()
    order = None if bool((record[1:] > record[:-1]).all()) else np.argsort(record)
    record = record if order is None else record[order]
    codes = _number_values(_Numbering(engine, fields, record, Bands(engine, fields, kept)), order)
    alone, absent = _told_of_sources(engine, one_per_source, order)
    rep = _representatives(record, list(codes.values()), alone >= 0)
    there = rep >= 0
    engine.load("link_member", pa.table({"record_no": record[there], "rep": rep[there]}))
    rows = np.flatnonzero(rep == record)
    copies = np.bincount(np.searchsorted(record[rows], rep[there]), minlength=len(rows))
    columns = {
        "record_no": record[rows],
        "rank": np.arange(len(rows)),
        "alone": pa.array(alone[rows], pa.int32(), mask=alone[rows] < 0),
        "absent": absent[rows],
        "copies": copies,
        **{f"{slot}_code": code[rows] for slot, code in codes.items()},
    }
    engine.load("link_record", pa.table(columns))
