"""The levels of agreement in plain Python: slow, obvious, independent of the SQL."""

from __future__ import annotations

from collections.abc import Mapping

import jellyfish

from cxid.model import FieldType

Row = Mapping[str, str | None]
_T = FieldType


def edits(a: str, b: str) -> int:
    return int(jellyfish.levenshtein_distance(a, b))


def alike(a: str | None, b: str | None) -> float:
    return float(jellyfish.jaro_winkler_similarity(a, b)) if a and b else 0.0


def step(a: str | None, b: str | None, width: float, names: tuple[str, ...]) -> str:
    """The name of the first step of 1/width that the similarity falls into, else "different"."""
    place = int((1 - alike(a, b)) * width)
    return names[place] if place < len(names) else "different"


def contained(a: str, b: str) -> bool:
    def within(part: str, whole: str) -> bool:
        return " " in whole and f" {part} " in f" {whole} "

    def turned(name: str) -> str:
        first, _, rest = name.partition(" ")
        return f"{rest} {first}"

    both = " " in a and " " in b
    return within(a, b) or within(b, a) or (both and (turned(a) == b or turned(b) == a))


_FINE = ("96% alike", "92% alike", "88% alike", "84% alike", "80% alike")
_COARSE = ("92% alike", "84% alike")


def given(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    if set((a["x_aka"] or "").split("|")) & set((b["x_aka"] or "").split("|")) - {""}:
        return "nickname"
    if x[0] == y[0] and 1 in (len(x), len(y)):
        return "initial only"
    if contained(x, y):
        return "part of the other"
    if a["x_phonetic"] and a["x_phonetic"] == b["x_phonetic"]:
        return "sounds alike"
    return step(x, y, 25, _FINE)


def phone(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    if a["x_tail"] and a["x_tail"] == b["x_tail"]:
        return "same last seven digits"
    if (x[:5] == y[:5] or x[-5:] == y[-5:]) and edits(x, y) <= 2:
        return "one or two digits off"
    return "different"


def email(a: Row, b: Row) -> str:
    if a["x_local"] and a["x_local"] == b["x_local"]:
        return "same local part, other domain"
    return step(a["x_local"], b["x_local"], 12.5, ("local part 92% alike", "local part 84% alike"))


def birth_date(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    whole = len(x) == len(y) == 8 and (x + y).isdigit()
    if a["x_swapped"] == y or b["x_swapped"] == x:
        return "day and month swapped"
    if x[:4] == y[:4]:
        if edits(x, y) <= 1:
            return "one slip"
        if x[4:6] == y[4:6]:
            return "same year and month"
        return "same year and day" if x[-2:] == y[-2:] else "same year"
    if x[-4:] == y[-4:]:
        crossed = x[2:3] == y[3:4] and x[3:4] == y[2:3]
        return "one slip" if edits(x, y) <= 1 or crossed else "same month and day"
    slips = sum(one != other for one, other in zip(x, y, strict=False)) if whole else edits(x, y)
    return "two slips" if x[:3] == y[:3] and slips <= 2 else "different"


def postcode(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    if (x[:2] == y[:2] or x[-2:] == y[-2:]) and edits(x, y) <= 1:
        return "one slip"
    return "same area" if x[:3] == y[:3] else "different"


def city(a: Row, b: Row) -> str:
    return step(a["x"], b["x"], 12.5, _COARSE)


def family(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    if contained(x, y):
        return "part of the other"
    if a["x_phonetic"] and a["x_phonetic"] == b["x_phonetic"]:
        return "sounds alike"
    return step(x, y, 25, _FINE)


def middle(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    return "initial only" if x[0] == y[0] and 1 in (len(x), len(y)) else step(x, y, 12.5, _COARSE)


def text(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    return "part of the other" if contained(x, y) else step(x, y, 12.5, _COARSE)


def street(a: Row, b: Row) -> str:
    number = a["x_number"] is not None and a["x_number"] == b["x_number"]
    words = a["x_words"] is not None and a["x_words"] == b["x_words"]
    near = alike(a["x_words"], b["x_words"]) >= 0.88
    if words:
        return "same number and words" if number else "same words"
    if near:
        return "same number, words alike" if number else "words alike"
    return "same number" if number else "different"


def identifier(a: Row, b: Row) -> str:
    x, y = str(a["x"]), str(b["x"])
    if (x[:4] == y[:4] or x[-4:] == y[-4:]) and edits(x, y) <= 2:
        return "one or two slips"
    return "same last four" if x[-4:] == y[-4:] else "different"


def plain(a: Row, b: Row) -> str:
    return "different"


LEVELS = {
    _T.GIVEN_NAME: given, _T.PHONE: phone, _T.EMAIL: email, _T.BIRTH_DATE: birth_date, _T.POSTCODE: postcode,
    _T.CITY: city, _T.CATEGORY: city, _T.FAMILY_NAME: family, _T.MIDDLE_NAME: middle, _T.TEXT: text,
    _T.STREET: street, _T.IDENTIFIER: identifier, _T.HOUSE_NUMBER: plain, _T.GENDER: plain,
}  # fmt: skip


def level(type_: FieldType, a: Row, b: Row) -> str:
    """The level of agreement in words; an exact one without its band."""
    if a["x"] is None or b["x"] is None:
        return "missing"
    return "exact" if a["x"] == b["x"] else LEVELS[type_](a, b)
