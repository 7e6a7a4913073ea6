"""Two records side by side: what either holds in each field, and whether that is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from cxid.engine.base import Engine, quote
from cxid.explain.model import Record
from cxid.model import Field, FieldType

Mask = Callable[[str, FieldType], str]
Values = tuple[str, ...]
_PARTS = ("given_name", "middle_name", "family_name")
_CHANGED = "last change"
_LEAST_ALIKE = 0.4  # below this two texts have letters in common by chance alone


class Mark(StrEnum):
    """How two values of a field stand to each other."""

    SAME = "="
    ALIKE = "≈"  # the same, written otherwise
    DIFFERENT = "≠"
    ONE_SIDED = " "  # a side has none, or nothing can be said


@dataclass(frozen=True)
class Line:
    """A field of two records; () where a record has no value."""

    name: str
    a: Values
    b: Values
    mark: Mark


@dataclass(frozen=True)
class _Held:
    """What a record holds, by field: as written, and as it is compared."""

    written: Mapping[str, Values]
    compared: Mapping[str, Values]
    parts: Mapping[str, Values]  # of its whole name


class Cards:
    """The values of records of a run, by the fields of the config."""

    def __init__(self, engine: Engine, fields: Sequence[Field], mask: Mask | None = None) -> None:
        self._engine, self._fields, self._mask = engine, fields, mask
        self._columns = {name: set(engine.columns(name)) for name in ("record", "record_norm")}
        self.is_masked = mask is not None
        self._read: dict[int, _Held] = {}

    def read(self, records: Iterable[Record]) -> None:
        """Fetch the values of many records at once, for `lines` and `rows` of them."""
        self._read |= self._fetched(r.record_no for r in records)

    def lines(self, a: Record, b: Record) -> list[Line]:
        """The fields that either record has, in the order of the config; then other identifiers; then the last change.

        Marks are of the values themselves, also where masked ones are shown.
        """
        held = self._held([a.record_no, b.record_no])
        one, other = held[a.record_no], held[b.record_no]
        names = [f.name for f in self._fields]
        more = sorted({*one.written, *other.written} - {*names, ""})
        found = []
        for name in (*names, *more, ""):
            left, right = one.written.get(name, ()), other.written.get(name, ())
            if {*left, *right} <= {a.key, b.key} and name in more:
                continue  # the records' own keys stand above
            if left or right:  # a whole name is taken apart where the other record has parts
                left, right = left or one.parts.get(name, ()), right or other.parts.get(name, ())
            if left or right:
                mark = _mark(left, right, one.compared.get(name, ()), other.compared.get(name, ()))
                told = (self._safe(name, left), self._safe(name, right))
                found.append(Line(name or _CHANGED, *told, mark if name else Mark.ONE_SIDED))
        return found

    def order(self, name: str) -> tuple[int, str]:
        """Where a line of this name stands among others."""
        names = [f.name for f in self._fields]
        place = names.index(name) if name in names else len(names) + (name == _CHANGED)
        return place, name

    def rows(self, records: Sequence[Record]) -> list[dict[str, str]]:
        """The values of each record by field, several joined, in the order of the config."""
        held = self._held([r.record_no for r in records])
        return [
            {
                f.name: " | ".join(self._safe(f.name, held[r.record_no].written[f.name]))
                for f in self._fields
                if held[r.record_no].written.get(f.name)
            }
            for r in records
        ]

    def _safe(self, name: str, values: Values) -> Values:
        if self._mask is None or not name:
            return values
        type_ = next((f.type for f in self._fields if f.name == name), FieldType.IDENTIFIER)
        return tuple(self._mask(v, type_) for v in values)

    def _held(self, numbers: Sequence[int]) -> dict[int, _Held]:
        return self._read if all(n in self._read for n in numbers) else self._fetched(numbers)

    def _fetched(self, numbers: Iterable[int]) -> dict[int, _Held]:
        wanted = ", ".join(str(int(n)) for n in sorted(set(numbers))) or "NULL"
        written = self._slots("record", wanted)
        compared = self._slots("record_norm", wanted)
        parts = {
            row["record_no"]: {name: (row[name],) for name in _PARTS if row[name] is not None}
            for row in self._fetch("record_name", _PARTS, wanted)
        }
        fields = {f.name for f in self._fields}
        for row in self._fetch("record_id", ("id_type", "id_value"), wanted):
            if row["id_type"] not in fields:
                values = written[row["record_no"]]
                values[row["id_type"]] = (*values.get(row["id_type"], ()), row["id_value"])
        for row in self._fetch("record", ("updated_at",), wanted):
            if row["updated_at"] is not None:
                written[row["record_no"]][""] = (row["updated_at"].isoformat(sep=" "),)
        return {n: _Held(written[n], compared[n], parts.get(n, {})) for n in written}

    def _slots(self, table: str, wanted: str) -> dict[int, dict[str, Values]]:
        known = self._columns[table]
        slots = [s for f in self._fields for s in f.slots if s in known]
        parts = [p for p in _PARTS if p in known and p not in slots and table == "record_norm"]
        found: dict[int, dict[str, Values]] = {}
        for row in self._fetch(table, (*slots, *parts), wanted):
            values = {f.name: tuple(row[s] for s in f.slots if row.get(s) is not None) for f in self._fields}
            values |= {p: (row[p],) for p in parts if row[p] is not None}
            found[row["record_no"]] = {name: held for name, held in values.items() if held}
        return found

    def _fetch(self, table: str, columns: Sequence[str], wanted: str) -> list[dict[str, Any]]:
        listed = "".join(f", {quote(c)}" for c in columns)
        order = "".join(f", {quote(c)}" for c in columns[:2])
        found: list[dict[str, Any]] = self._engine.fetch(
            f"SELECT record_no{listed} FROM {table} WHERE record_no IN ({wanted}) ORDER BY record_no{order}"
        ).to_pylist()
        return found


def _mark(a: Values, b: Values, compared_a: Values, compared_b: Values) -> Mark:
    if not a or not b:
        return Mark.ONE_SIDED
    if set(a) & set(b):
        return Mark.SAME
    if set(compared_a) & set(compared_b) or {_plain(v) for v in a} & {_plain(v) for v in b}:
        return Mark.ALIKE
    return Mark.DIFFERENT


def _plain(value: str) -> str:
    """Its words in any order: Smith, Ann is Ann Smith."""
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in value.casefold()).split())) or value


def unlike_parts(a: str, b: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where two texts differ: (begin, end) of each stretch of either. All of both where hardly a letter agrees."""
    matcher = SequenceMatcher(None, a.casefold(), b.casefold(), autojunk=False)
    if len(a.casefold()) != len(a) or len(b.casefold()) != len(b) or matcher.ratio() < _LEAST_ALIKE:
        return [(0, len(a))], [(0, len(b))]
    codes = [c for c in matcher.get_opcodes() if c[0] != "equal"]
    return [(i, j) for _, i, j, _, _ in codes if j > i], [(i, j) for _, _, _, i, j in codes if j > i]
