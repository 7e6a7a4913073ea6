"""Key atoms: what two records can share that makes them worth comparing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cxid.engine.base import quote
from cxid.model import Field, FieldType

_T = FieldType
_Key = Callable[[str], str]


@dataclass(frozen=True)
class Atom:
    """One way to key a record. `sql` has one expression for each value a record may have (its slots)."""

    fields: tuple[str, ...]  # the fields that it reads
    name: str  # in words, e.g. "family_name sounds alike"
    sql: tuple[str, ...]  # over the columns of record_norm; NULL where there is no key
    coarser: tuple[str, ...] = ()  # names of atoms that any two records sharing this one share too
    whole: bool = False  # the field's whole value


def _column(slot: str, suffix: str = "") -> str:
    return quote(f"{slot}_{suffix}" if suffix else slot)


def _part(slot: str, size: int, *, end: bool = False, suffix: str = "") -> str:
    """First or last characters of a value that is longer than that; shorter ones are left to the whole value."""
    column = _column(slot, suffix)
    cut = f"substr({column}, length({column}) - {size - 1}, {size})" if end else f"substr({column}, 1, {size})"
    return f"CASE WHEN length({column}) >= {size} THEN {cut} END"


def _year_and_day(slot: str) -> str:
    """A birth date without its month."""
    column = _column(slot)
    return f"CASE WHEN length({column}) = 8 THEN substr({column}, 1, 4) || substr({column}, 7, 2) END"


def _without_last_four(slot: str) -> str:
    """The front of a number that is long enough to tell something without its last four digits."""
    column = _column(slot)
    return f"CASE WHEN length({column}) >= 9 THEN substr({column}, 1, length({column}) - 4) END"


# (name, expression, names of coarser atoms) for each type, beside the whole value.
_Shape = tuple[str, _Key, tuple[str, ...]]
_SHAPES: dict[FieldType, tuple[_Shape, ...]] = {
    _T.GIVEN_NAME: (
        ("start", lambda s: _part(s, 3), ("initial",)),
        ("end", lambda s: _part(s, 3, end=True), ()),
        ("sound", lambda s: _column(s, "phonetic"), ()),
        ("initial", lambda s: _column(s, "initial"), ()),
    ),
    _T.MIDDLE_NAME: (("initial", lambda s: _column(s, "initial"), ()),),
    _T.FAMILY_NAME: (
        ("start", lambda s: _part(s, 4), ()),
        ("end", lambda s: _part(s, 4, end=True), ()),
        ("sound", lambda s: _column(s, "phonetic"), ()),
    ),
    _T.EMAIL: (
        ("local part", lambda s: _column(s, "local"), ("local start", "local end")),
        ("local start", lambda s: _part(s, 5, suffix="local"), ()),
        ("local end", lambda s: _part(s, 5, end=True, suffix="local"), ()),
    ),
    _T.PHONE: (
        ("tail", lambda s: _column(s, "tail"), ("last 4",)),
        ("last 4", lambda s: _part(s, 4, end=True), ()),
        ("all but the last 4", _without_last_four, ()),
    ),
    _T.BIRTH_DATE: (
        ("month and day", lambda s: _part(s, 4, end=True), ()),
        ("year and month", lambda s: _part(s, 6), ("year",)),
        ("year and day", _year_and_day, ("year",)),
        ("year", lambda s: _part(s, 4), ()),
        (
            "day and month in any order",
            lambda s: f"least({_column(s)}, coalesce({_column(s, 'swapped')}, {_column(s)}))",
            ("year",),
        ),
    ),
    _T.STREET: (
        ("words", lambda s: _column(s, "words"), ("words start",)),
        ("words start", lambda s: _part(s, 5, suffix="words"), ()),
        ("number", lambda s: _column(s, "number"), ()),
    ),
    _T.CITY: (("start", lambda s: _part(s, 4), ()),),
    _T.POSTCODE: (("start", lambda s: _part(s, 3), ()), ("end", lambda s: _part(s, 3, end=True), ())),
    _T.IDENTIFIER: (("start", lambda s: _part(s, 4), ()), ("end", lambda s: _part(s, 4, end=True), ())),
    _T.TEXT: (("start", lambda s: _part(s, 5), ()), ("end", lambda s: _part(s, 5, end=True), ())),
}


def _field_atoms(field: Field) -> Iterator[Atom]:
    shapes = _SHAPES.get(field.type, ())
    # A misspelt swap ("day and month in any order") or a code contains the whole value; so all are coarser than it.
    yield Atom(
        (field.name,),
        field.name,
        tuple(_column(s) for s in field.slots),
        coarser=tuple(f"{field.name} {name}" for name, _, _ in shapes),
        whole=True,
    )
    for name, key, coarser in shapes:
        yield Atom(
            (field.name,),
            f"{field.name} {name}",
            tuple(key(s) for s in field.slots),
            coarser=tuple(f"{field.name} {c}" for c in coarser),
        )


def _name_atoms(given: Field, family: Field) -> Iterator[Atom]:
    """Both names in any order (swapped columns), and either name in either column."""
    g, f = _column(given.slots[0]), _column(family.slots[0])
    gp, fp = _column(given.slots[0], "phonetic"), _column(family.slots[0], "phonetic")
    both = (given.name, family.name)

    def unordered(a: str, b: str) -> str:
        return f"(least({a}, {b}) || ' ' || greatest({a}, {b}))"

    yield Atom(both, "both names in any order", (unordered(g, f),), ("names sound alike in any order", "a name"))
    yield Atom(both, "names sound alike in any order", (unordered(gp, fp),))
    yield Atom(both, "a name", (g, f), (), False)


def key_atoms(fields: tuple[Field, ...]) -> tuple[Atom, ...]:
    """Every atom of the compared fields, whole values first within a field."""
    found = [atom for field in fields for atom in _field_atoms(field)]
    by_type: dict[FieldType, Field] = {}
    for field in fields:
        by_type.setdefault(field.type, field)
    if _T.GIVEN_NAME in by_type and _T.FAMILY_NAME in by_type:
        found += _name_atoms(by_type[_T.GIVEN_NAME], by_type[_T.FAMILY_NAME])
    return tuple(found)
