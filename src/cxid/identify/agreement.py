"""The level of agreement of two values, in plain Python: for the few records that a question is held against.

The same levels as the SQL of `stages.link.levels`, which is for millions; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from jellyfish import jaro_winkler_similarity, levenshtein_distance

from cxid.config.fields import DERIVED
from cxid.model import FieldType
from cxid.stages.link.levels import BANDS, Comparison

Row = Mapping[str, str | None]
_T = FieldType
_Texts = tuple[str | None, ...]  # the value, then what is derived from it in the order of DERIVED
_Near = Callable[[_Texts, _Texts], int]  # the number after the exact levels; a large one is "different"
_OTHER = 99


def _alike(a: str, b: str) -> float:
    """Jaro-Winkler in alphabetical order, as the build has it."""
    return float(jaro_winkler_similarity(a, b) if a < b else jaro_winkler_similarity(b, a))


def _closeness(a: str | None, b: str | None, first: int, width: float, steps: int) -> int:
    place = int((1 - (_alike(a, b) if a and b else 0.0)) * width)
    return first + place if place < steps else _OTHER


def _contained(a: str, b: str) -> bool:
    wide, long = " " in a, " " in b
    if not wide and not long:
        return False
    if (wide and f" {b} " in f" {a} ") or (long and f" {a} " in f" {b} "):
        return True
    return wide and long and (_turned(a) == b or _turned(b) == a)


def _turned(a: str) -> str:
    first, _, rest = a.partition(" ")
    return f"{rest} {first}"


def _slips(a: str, b: str, half: int, most: int) -> bool:
    intact = a[:half] == b[:half] or a[-half:] == b[-half:]
    return intact and levenshtein_distance(a, b) <= most


def _initial(a: str, b: str) -> bool:
    return a[0] == b[0] and 1 in (len(a), len(b))


def _same(a: str | None, b: str | None) -> bool:
    return a is not None and a == b


def _given(a: _Texts, b: _Texts) -> int:
    (x, sound, aka, *_), (y, other_sound, other_aka, *_) = a, b
    assert x and y
    if aka and other_aka and set(aka.strip("|").split("|")) & set(other_aka.strip("|").split("|")):
        return 0
    if _initial(x, y):
        return 3
    if _contained(x, y):
        return 2
    return 4 if _same(sound, other_sound) else _closeness(x, y, 5, 25, 5)


def _family(a: _Texts, b: _Texts) -> int:
    x, y = str(a[0]), str(b[0])
    if _contained(x, y):
        return 1
    return 2 if _same(a[1], b[1]) else _closeness(x, y, 3, 25, 5)


def _middle(a: _Texts, b: _Texts) -> int:
    x, y = str(a[0]), str(b[0])
    return 0 if _initial(x, y) else _closeness(x, y, 1, 12.5, 2)


def _email(a: _Texts, b: _Texts) -> int:
    return 0 if _same(a[1], b[1]) else _closeness(a[1], b[1], 1, 12.5, 2)


def _phone(a: _Texts, b: _Texts) -> int:
    if _same(a[1], b[1]):
        return 0
    return 1 if _slips(str(a[0]), str(b[0]), 5, 2) else _OTHER


def _date(a: _Texts, b: _Texts) -> int:
    x, y = str(a[0]), str(b[0])
    if a[1] == y or x == b[1]:
        return 0
    if x[:4] == y[:4]:
        if levenshtein_distance(x, y) <= 1:
            return 1
        if x[4:6] == y[4:6]:
            return 3
        return 4 if x[-2:] == y[-2:] else 5
    if x[-4:] == y[-4:]:
        crossed = x[2:3] == y[3:4] and x[3:4] == y[2:3]
        return 1 if crossed or levenshtein_distance(x, y) <= 1 else 2
    if x[:3] != y[:3]:
        return _OTHER
    plain = len(x) == len(y) == 8 and (x + y).isdigit()
    slips = sum(p != q for p, q in zip(x, y, strict=True)) if plain else levenshtein_distance(x, y)
    return 6 if slips <= 2 else _OTHER


def _street(a: _Texts, b: _Texts) -> int:
    number, words = _same(a[1], b[1]), _same(a[2], b[2])
    if words:
        return 0 if number else 2
    if a[2] and b[2] and _alike(a[2], b[2]) >= 0.88:
        return 1 if number else 3
    return 4 if number else _OTHER


def _postcode(a: _Texts, b: _Texts) -> int:
    x, y = str(a[0]), str(b[0])
    if _slips(x, y, 2, 1):
        return 0
    return 1 if x[:3] == y[:3] else _OTHER


def _identifier(a: _Texts, b: _Texts) -> int:
    x, y = str(a[0]), str(b[0])
    if _slips(x, y, 4, 2):
        return 0
    return 1 if x[-4:] == y[-4:] else _OTHER


def _word(a: _Texts, b: _Texts) -> int:
    return _closeness(a[0], b[0], 0, 12.5, 2)


def _text(a: _Texts, b: _Texts) -> int:
    return 0 if _contained(str(a[0]), str(b[0])) else _closeness(a[0], b[0], 1, 12.5, 2)


_NEAR: dict[FieldType, _Near] = {
    _T.GIVEN_NAME: _given, _T.FAMILY_NAME: _family, _T.MIDDLE_NAME: _middle, _T.EMAIL: _email, _T.PHONE: _phone,
    _T.BIRTH_DATE: _date, _T.STREET: _street, _T.POSTCODE: _postcode, _T.IDENTIFIER: _identifier,
    _T.CITY: _word, _T.CATEGORY: _word, _T.TEXT: _text,
}  # fmt: skip


def texts_of(comparison: Comparison, row: Row) -> list[_Texts]:
    """The values that a row has for a field, each with what is derived from it."""
    suffixes = DERIVED.get(comparison.field.type, {})
    return [
        (value, *(row.get(f"{slot}_{suffix}") for suffix in suffixes))
        for slot in comparison.field.slots
        if (value := row.get(slot)) is not None
    ]


def level_of(comparison: Comparison, mine: Sequence[_Texts], theirs: Sequence[_Texts], bands: Mapping[str, int]) -> int:
    """The number of the best level of two records' values; `bands` says how common a value is, 0 where it does not.

    Names that stand in each other's column are left to `swap`.
    """
    if not mine or not theirs:
        return comparison.missing
    near = _NEAR.get(comparison.field.type)
    best = comparison.different
    for a, b in product(mine, theirs):
        if a[0] == b[0]:
            best = min(best, bands.get(str(a[0]), 0))
        elif near is not None and best >= BANDS:
            best = min(best, BANDS + near(a, b))
    return best


def are_swapped(comparison: Comparison, partner: Comparison, mine: Row, theirs: Row) -> bool:
    """Whether given and family name stand in each other's column."""
    one, other = comparison.field.slots[0], partner.field.slots[0]
    return _same(mine.get(one), theirs.get(other)) and _same(mine.get(other), theirs.get(one))
