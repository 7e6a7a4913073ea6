"""Customers that a question's attributes may mean: those whose records share most of what is rare in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log2

import numpy as np
import numpy.typing as npt

from cxid.identify.index import Index, Places
from cxid.identify.making import trait_columns
from cxid.identify.question import Row
from cxid.model import Field, FieldType

_LOOKED_AT = 20_000  # records of rare values whose sharing is counted; one value is looked at in any case
_LARGEST = 200_000  # records of one value
_HELD_TO = 256  # records that are asked whether they share the common values too
_BEHIND = 15.0  # bits that a record may share less than the best one and still be compared
_MOST = 40  # records that are compared


def _best(places: Places, told: npt.NDArray[np.float32], most: int) -> tuple[Places, npt.NDArray[np.float32]]:
    """The records that share most, in their order; of those that share as much, the first ones."""
    if len(places) <= most:
        return places, told
    least = np.partition(told, -most)[-most]
    sure, even = np.flatnonzero(told > least), np.flatnonzero(told == least)
    kept = np.sort(np.concatenate([sure, even[: most - len(sure)]]))
    return places[kept], told[kept]


class Searcher:
    """Finds the records that share the rarest values with a question."""

    def __init__(self, index: Index, fields: Sequence[Field]) -> None:
        self._index, self._fields = index, fields
        self._traits = trait_columns(list(fields))
        self._score: npt.NDArray[np.float32] | None = None

    def find(self, row: Row) -> list[int]:
        """Numbers of customers, those first whose records share most."""
        lists = self._lists(row)
        if not lists:
            return []
        looked = np.cumsum([len(places) for _, places in lists])
        rare = max(int(np.searchsorted(looked, _LOOKED_AT, "right")), 1)
        places, told = self._counted(lists[:rare])
        places, told = _best(places, told, _HELD_TO)
        for bits, common in lists[rare:]:
            at = np.minimum(np.searchsorted(common, places), len(common) - 1)
            told = told + np.where(common[at] == places, np.float32(bits), np.float32(0))
        order = np.lexsort((places, -told))[:_MOST]
        near = order[told[order] >= told[order[0]] - _BEHIND]
        return list(dict.fromkeys(self._index.owner(int(place)) for place in places[near]))

    def _counted(self, lists: Sequence[tuple[float, Places]]) -> tuple[Places, npt.NDArray[np.float32]]:
        """(records of any list, ascending; bits that each shares)."""
        if self._score is None:
            self._score = np.zeros(self._index.records, np.float32)
        for bits, places in lists:
            self._score[places] += np.float32(bits)
        every = np.sort(np.concatenate([places for _, places in lists]))
        every = every[np.concatenate([[True], every[1:] != every[:-1]])]  # np.unique takes ten times as long
        told = self._score[every]
        self._score[every] = 0
        return every, told

    def _lists(self, row: Row) -> list[tuple[float, Places]]:
        """(bits that sharing adds, records) of each value, the rarest first.

        What is derived from a value is shared by whoever shares the value; so both together count as the value does.
        """
        by_field: dict[tuple[str, str], list[Places]] = {}
        for field, suffix, value in self._values(row):
            places = self._index.having(field, suffix, value)
            if 0 < len(places) <= _LARGEST:
                by_field.setdefault((field, value if not suffix else ""), []).append(places)
        whole = log2(self._index.records + 1)
        found: list[tuple[float, Places]] = []
        for lists in by_field.values():
            common = whole
            for places in sorted(lists, key=len, reverse=True):
                own = log2(len(places))
                found.append((max(common - own, 0.1), places))
                common = min(common, own)
        return sorted(found, key=lambda each: len(each[1]))

    def _values(self, row: Row) -> Iterator[tuple[str, str, str]]:
        """(field, what of it, value) of what the question can be looked up by."""
        for field, suffix, columns in self._traits:
            for column in columns:
                value = row.get(column)
                if value is not None and suffix == "aka":
                    for formal in value.strip("|").split("|"):
                        yield field, suffix, formal
                elif value is not None:
                    yield field, suffix, value
        yield from self._turned(row)

    def _turned(self, row: Row) -> Iterator[tuple[str, str, str]]:
        """Names in each other's column, day and month in each other's place."""
        by_type = {f.type: f for f in reversed(self._fields)}
        given, family = by_type.get(FieldType.GIVEN_NAME), by_type.get(FieldType.FAMILY_NAME)
        if given and family:
            one, other = row.get(given.slots[0]), row.get(family.slots[0])
            if one and other and one != other:
                yield family.name, "", one
                yield given.name, "", other
        born = by_type.get(FieldType.BIRTH_DATE)
        if born and (swapped := row.get(f"{born.slots[0]}_swapped")):
            yield born.name, "", swapped
