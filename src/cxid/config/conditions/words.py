"""The text of a condition as words: numbers, texts, dates, names and signs, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cxid.config.conditions.tree import ConditionError

_WORD = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?![\w.-]))
    |(?P<number>(?:\d[\d_]*)(?:\.\d+)?%?)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|==|[-+*/()<>=,])""",
    re.VERBOSE,
)
KEYWORDS = {"and", "or", "not", "in", "is", "null", "like", "between", "true", "false", "asc", "desc"}
UNITS = {
    word: unit
    for unit in ("hour", "day", "week", "month", "year")
    for word in (unit, unit + "s")
}  # fmt: skip
_MEANT = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not"}


@dataclass(frozen=True)
class Word:
    """One word: its kind (date, number, text, name, keyword, sign, end), how it is written, where it begins."""

    kind: str
    text: str
    at: int


def words_of(text: str) -> list[Word]:
    """The words of a condition, an `end` behind them. Raises ConditionError for what is no word."""
    return list(_words(text))


def _words(text: str) -> Iterator[Word]:
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise ConditionError(_stray(text, at), at)
        kind, written = str(found.lastgroup), found[0]
        if kind == "name" and written.lower() in KEYWORDS:
            yield Word("keyword", written.lower(), at)
        elif kind != "space":
            yield Word(kind, written, at)
        at = found.end()
    yield Word("end", "", len(text))


def _stray(text: str, at: int) -> str:
    if text[at] in "'\"":
        return f"this text has no closing {text[at]}"
    sign = text[at : at + 2] if text[at : at + 2] in _MEANT else text[at]
    meant = f", did you mean {_MEANT[sign]}?" if sign in _MEANT else ""
    return f"a condition has no {sign!r}{meant}" if sign.isprintable() else "a condition has no such sign"
