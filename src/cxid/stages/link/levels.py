"""Levels of agreement per field type, and the SQL that finds the level of two different values.

A level's number orders it from strongest to weakest, so the best over several slots is the smallest
number; "missing" comes near the end and wins only when one side has no value at all. A field that a
whole source lacks is not missing but "not in source": it says something about sources, not about people,
and fields absent together would otherwise count as evidence several times over.

Whether values are equal or missing is told from integers, in `compare`. So is, for most pairs, that they
differ: `Hint` says what two different values must share to be anything but "different". The SQL here
sees the rest, once for each two values. Every distance is computed once: similarity becomes a level by
arithmetic, because a CASE would compute it for each of its arms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from cxid.engine.base import quote
from cxid.model import Field, FieldType

BANDS = 6  # exact agreement is split by how common the value is
BAND_BITS = 3  # that a band takes in a value's code
_T = FieldType


class LevelKind(StrEnum):
    """What a level says, for the estimator."""

    EXACT = "exact"
    PARTIAL = "partial"
    CONTEXT = "context"  # not about the people: where the two records come from
    NEUTRAL = "neutral"  # says nothing: counted at another field, or a source has no such column
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True)
class Level:
    name: str
    kind: LevelKind


@dataclass(frozen=True)
class Hint:
    """What two different values share, at least one thing of these, unless their level is "different".

    Keys are SQL over a value's columns, `{x}` standing for the slot.
    """

    keys: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()  # keys too, but only together with at most `slips` edits
    slips: int = 0
    text: str = ""  # the column, after the slot's name, that likeness and edits are about
    alike: float = 0.0  # the least Jaro-Winkler similarity that matters
    contained: bool = False  # one may be a part of the other
    initials: bool = False  # one may be the first letter of the other
    aka: bool = False  # they may stand for one formal name
    date: bool = False  # figures of dates are compared as integers

    @property
    def signed(self) -> bool:
        """Whether signatures are needed."""
        return bool(self.alike or self.slips or self.contained or self.initials)


@dataclass(frozen=True)
class Comparison:
    """A compared field: its levels, and what finds the level of two values that are present and different."""

    field: Field
    levels: tuple[Level, ...]
    near: str  # SQL over the columns of records a and b, named as the field's first slot names them
    hint: Hint
    swaps_with: Field | None = None  # the other name of a person, where values may stand in each other's column

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def partial(self) -> int:
        """The number of the first level after the exact ones."""
        return BANDS

    @property
    def different(self) -> int:
        return len(self.levels) - 3

    @property
    def missing(self) -> int:
        return len(self.levels) - 2

    @property
    def not_in_source(self) -> int:
        return len(self.levels) - 1

    @property
    def swapped(self) -> int:
        """The number of "names swapped"."""
        return BANDS + _RULES[self.field.type].names.index("names swapped")


_BAND_NAMES = ("rare", "uncommon", "fairly common", "common", "very common", "most common")
_EXACT = tuple(Level(f"exact, {n}", LevelKind.EXACT) for n in _BAND_NAMES)


def _a(column: str) -> str:
    return f"a.{quote(column)}"


def _b(column: str) -> str:
    return f"b.{quote(column)}"


def _same(column: str) -> str:
    return f"{_a(column)} = {_b(column)}"


def _similarity(a: str, b: str) -> str:
    """Jaro-Winkler in alphabetical order: its greedy matching does not always count the same both ways."""
    return f"CASE WHEN {a} < {b} THEN jaro_winkler_similarity({a}, {b}) ELSE jaro_winkler_similarity({b}, {a}) END"


def _closeness(a: str, b: str, *, first: int, width: str, steps: int) -> str:
    """Level `first` for the most similar pair, one more for each step of 1/width of Jaro-Winkler, `steps` at most."""
    similarity = f"coalesce({_similarity(a, b)}, 0)"
    return f"({first} + least({steps}, CAST(floor((1 - {similarity}) * {width}) AS INTEGER)))"


def _slips(a: str, b: str, half: int, most: int) -> str:
    """At most `most` edits, looked at only where one half is intact: one slip leaves the other half alone."""
    intact = f"substr({a}, 1, {half}) = substr({b}, 1, {half}) OR right({a}, {half}) = right({b}, {half})"
    return f"({intact}) AND levenshtein({a}, {b}) <= {most}"


def _turned(a: str) -> str:
    """The words with the first one put last."""
    return f"substr({a}, position(' ' IN {a}) + 1) || ' ' || substr({a}, 1, position(' ' IN {a}) - 1)"


def _contained(a: str, b: str) -> str:
    """One is a word (or the leading words) of the other, or both have the same words with another one first."""
    return (
        f"(position(' ' IN {a}) > 0 AND position(' ' || {b} || ' ' IN ' ' || {a} || ' ') > 0) OR "
        f"(position(' ' IN {b}) > 0 AND position(' ' || {a} || ' ' IN ' ' || {b} || ' ') > 0) OR "
        f"(position(' ' IN {a}) > 0 AND position(' ' IN {b}) > 0 AND ({_turned(a)} = {b} OR {_turned(b)} = {a}))"
    )


@dataclass(frozen=True)
class _Slots:
    """The columns of one value on each side."""

    name: str

    @property
    def a(self) -> str:
        return _a(self.name)

    @property
    def b(self) -> str:
        return _b(self.name)

    def derived(self, suffix: str) -> tuple[str, str]:
        return _a(f"{self.name}_{suffix}"), _b(f"{self.name}_{suffix}")

    def equal(self, suffix: str) -> str:
        a, b = self.derived(suffix)
        return f"{a} = {b}"


@dataclass(frozen=True)
class _Rule:
    """The levels between exact and different, the arms of their CASE, and what spares a look at the texts."""

    names: tuple[str, ...]
    arms: Callable[[_Slots, int], str]  # (slots, number of the first partial level) -> WHEN ... ELSE different
    hint: Hint = field(default_factory=Hint)


_CLOSE = ("96% alike", "92% alike", "88% alike", "84% alike", "80% alike")


def _formal(aka: str) -> str:
    """The list of formal names in '|robert|william|'."""
    return f"string_split(trim({aka}, '|'), '|')"


def _given(s: _Slots, k: int) -> str:
    aka_a, aka_b = s.derived("aka")
    return (
        f"WHEN list_has_any({_formal(aka_a)}, {_formal(aka_b)}) THEN {k} "
        f"WHEN {s.equal('initial')} AND (length({s.a}) = 1 OR length({s.b}) = 1) THEN {k + 3} "
        f"WHEN {_contained(s.a, s.b)} THEN {k + 2} WHEN {s.equal('phonetic')} THEN {k + 4} "
        f"ELSE {_closeness(s.a, s.b, first=k + 5, width='25', steps=5)}"
    )


def _family(s: _Slots, k: int) -> str:
    return (
        f"WHEN {_contained(s.a, s.b)} THEN {k + 1} WHEN {s.equal('phonetic')} THEN {k + 2} "
        f"ELSE {_closeness(s.a, s.b, first=k + 3, width='25', steps=5)}"
    )


def _middle(s: _Slots, k: int) -> str:
    return (
        f"WHEN {s.equal('initial')} AND (length({s.a}) = 1 OR length({s.b}) = 1) THEN {k} "
        f"ELSE {_closeness(s.a, s.b, first=k + 1, width='12.5', steps=2)}"
    )


def _email(s: _Slots, k: int) -> str:
    a, b = s.derived("local")
    return f"WHEN {a} = {b} THEN {k} ELSE {_closeness(a, b, first=k + 1, width='12.5', steps=2)}"


def _phone(s: _Slots, k: int) -> str:
    return f"WHEN {s.equal('tail')} THEN {k} WHEN {_slips(s.a, s.b, 5, 2)} THEN {k + 1} ELSE {k + 2}"


def _date(s: _Slots, k: int) -> str:
    a, b = s.a, s.b
    swapped_a, swapped_b = s.derived("swapped")
    year = f"substr({a}, 1, 4) = substr({b}, 1, 4)"
    return (
        f"WHEN {swapped_a} = {b} OR {a} = {swapped_b} THEN {k} "
        f"WHEN {year} THEN CASE WHEN levenshtein({a}, {b}) <= 1 THEN {k + 1} "
        f"WHEN substr({a}, 5, 2) = substr({b}, 5, 2) THEN {k + 3} "
        f"WHEN right({a}, 2) = right({b}, 2) THEN {k + 4} ELSE {k + 5} END "
        f"WHEN right({a}, 4) = right({b}, 4) THEN CASE WHEN levenshtein({a}, {b}) <= 1 "
        f"OR (substr({a}, 3, 1) = substr({b}, 4, 1) AND substr({a}, 4, 1) = substr({b}, 3, 1)) "
        f"THEN {k + 1} ELSE {k + 2} END "
        f"WHEN substr({a}, 1, 3) = substr({b}, 1, 3) AND levenshtein({a}, {b}) <= 2 THEN {k + 6} ELSE {k + 7}"
    )


def _street(s: _Slots, k: int) -> str:
    a, b = s.derived("words")
    alike = f"{_similarity(a, b)} >= 0.88"
    return (
        f"WHEN {a} = {b} AND {s.equal('number')} THEN {k} WHEN {a} = {b} THEN {k + 2} "
        f"WHEN {s.equal('number')} THEN CASE WHEN {alike} "
        f"THEN {k + 1} ELSE {k + 4} END "
        f"WHEN {alike} THEN {k + 3} ELSE {k + 5}"
    )


def _postcode(s: _Slots, k: int) -> str:
    near = f"substr({s.a}, 1, 3) = substr({s.b}, 1, 3)"
    return f"WHEN {_slips(s.a, s.b, 2, 1)} THEN {k} WHEN {near} THEN {k + 1} ELSE {k + 2}"


def _identifier(s: _Slots, k: int) -> str:
    end = f"right({s.a}, 4) = right({s.b}, 4)"
    return f"WHEN {_slips(s.a, s.b, 4, 2)} THEN {k} WHEN {end} THEN {k + 1} ELSE {k + 2}"


def _near(s: _Slots, k: int) -> str:
    return f"ELSE {_closeness(s.a, s.b, first=k, width='12.5', steps=2)}"


def _text(s: _Slots, k: int) -> str:
    return f"WHEN {_contained(s.a, s.b)} THEN {k} ELSE {_closeness(s.a, s.b, first=k + 1, width='12.5', steps=2)}"


def _plain(s: _Slots, k: int) -> str:
    return f"ELSE {k}"


_RULES: dict[FieldType, _Rule] = {
    _T.GIVEN_NAME: _Rule(
        ("nickname", "names swapped", "part of the other", "initial only", "sounds alike", *_CLOSE),
        _given,
        Hint(("{x}_phonetic",), alike=0.8, contained=True, initials=True, aka=True),
    ),
    _T.FAMILY_NAME: _Rule(
        ("names swapped", "part of the other", "sounds alike", *_CLOSE),
        _family,
        Hint(("{x}_phonetic",), alike=0.8, contained=True),
    ),
    _T.MIDDLE_NAME: _Rule(("initial only", "92% alike", "84% alike"), _middle, Hint(alike=0.84, initials=True)),
    _T.EMAIL: _Rule(
        ("same local part, other domain", "local part 92% alike", "local part 84% alike"),
        _email,
        Hint(("{x}_local",), text="_local", alike=0.84),
    ),
    _T.PHONE: _Rule(
        ("same last seven digits", "one or two digits off"),
        _phone,
        Hint(("{x}_tail",), ("substr({x}, 1, 5)", "right({x}, 5)"), 2),
    ),
    _T.BIRTH_DATE: _Rule(
        (
            "day and month swapped",
            "one slip",
            "same month and day",
            "same year and month",
            "same year and day",
            "same year",
            "two slips",
        ),
        _date,
        Hint(date=True),
    ),
    _T.STREET: _Rule(
        ("same number and words", "same number, words alike", "same words", "words alike", "same number"),
        _street,
        Hint(("{x}_words", "{x}_number"), text="_words", alike=0.88),
    ),
    _T.CITY: _Rule(("92% alike", "84% alike"), _near, Hint(alike=0.84)),
    _T.POSTCODE: _Rule(
        ("one slip", "same area"), _postcode, Hint(("substr({x}, 1, 3)",), ("substr({x}, 1, 2)", "right({x}, 2)"), 1)
    ),
    _T.IDENTIFIER: _Rule(
        ("one or two slips", "same last four"),
        _identifier,
        Hint(("right({x}, 4)",), ("substr({x}, 1, 4)", "right({x}, 4)"), 2),
    ),
    _T.CATEGORY: _Rule(("92% alike", "84% alike"), _near, Hint(alike=0.84)),
    _T.TEXT: _Rule(("part of the other", "92% alike", "84% alike"), _text, Hint(alike=0.84, contained=True)),
}
_PLAIN = _Rule((), _plain)


def _kind(one: Field, name: str) -> LevelKind:
    # Swapped names are one observation on two fields: the given name carries it.
    swapped = name == "names swapped" and one.type is _T.FAMILY_NAME
    return LevelKind.NEUTRAL if swapped else LevelKind.PARTIAL


def origin() -> Comparison:
    """The comparison of where two records come from: how often a person is in one source twice, and how often in two.

    It comes last where there are several sources. Its name is one that no field may have.
    """
    levels = (Level("one source", LevelKind.CONTEXT), Level("two sources", LevelKind.CONTEXT))
    return Comparison(Field("source", _T.ATTRIBUTE, ()), levels, "", Hint())


def comparisons(fields: tuple[Field, ...]) -> tuple[Comparison, ...]:
    """One comparison for each field, in the order given."""
    given = next((f for f in fields if f.type is _T.GIVEN_NAME), None)
    family = next((f for f in fields if f.type is _T.FAMILY_NAME), None)
    partner = {given: family, family: given} if given and family else {}
    found = []
    for one in fields:
        rule = _RULES.get(one.type, _PLAIN)
        levels = (
            *_EXACT,
            *(Level(n, _kind(one, n)) for n in rule.names),
            Level("different", LevelKind.DIFFERENT),
            Level("missing", LevelKind.MISSING),
            Level("not in source", LevelKind.NEUTRAL),
        )
        arms = rule.arms(_Slots(one.slots[0]), len(_EXACT))
        near = f"CASE {arms} END" if arms.startswith("WHEN") else arms.removeprefix("ELSE ")
        found.append(Comparison(one, levels, near, rule.hint, partner.get(one)))
    return tuple(found)
