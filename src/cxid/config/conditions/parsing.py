"""From words to the tree of a condition, or of an order. One function for each rule of the grammar.

condition   = conjunction {"or" conjunction}
conjunction = negation {"and" negation}
negation    = "not" negation | predicate
predicate   = sum [compare sum | ["not"] "in" "(" sum {"," sum} ")" | ["not"] "between" sum "and" sum
                  | ["not"] "like" text | "is" ["not"] "null"]
sum         = product {("+" | "-") product}
product     = factor {("*" | "/") factor}
factor      = "-" factor | number [unit] | text | date | "true" | "false" | "null" | column
              | "coalesce" "(" sum {"," sum} ")" | "(" condition ")"
order       = sum ["asc" | "desc"] {"," sum ["asc" | "desc"]}
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from cxid.config.conditions.tree import (
    Among,
    Arithmetic,
    Between,
    Coalesce,
    Column,
    Compare,
    ConditionError,
    Interval,
    Like,
    Literal,
    Logic,
    Missing,
    Node,
    Not,
    Ordering,
)
from cxid.config.conditions.words import UNITS, Word, words_of

_DEEPEST = 40  # parentheses and signs within each other
_LONGEST = 100_000  # of a span, in its unit
_COMPARE = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NOW = {"now", "today", "current_date", "current_timestamp", "sysdate", "getdate"}


def parse_condition(text: str) -> Node:
    """The tree of a condition. Raises ConditionError."""
    reader = _Reader(text)
    found = reader.condition()
    reader.end()
    return found


def parse_order(text: str) -> tuple[Ordering, ...]:
    """The parts of an order, the first decides first; the smallest comes first where nothing is said."""
    reader = _Reader(text)
    found = [reader.ordering()]
    while reader.take("sign", ","):
        found.append(reader.ordering())
    reader.end()
    return tuple(found)


class _Reader:
    def __init__(self, text: str) -> None:
        self._words, self._next, self._depth = words_of(text), 0, 0

    # -- words ------------------------------------------------------------------------------------------------

    @property
    def _word(self) -> Word:
        return self._words[self._next]

    def take(self, kind: str, *texts: str) -> Word | None:
        """The next word when it is of this kind (and one of these texts); it is used up then."""
        word = self._word
        if word.kind != kind or (texts and word.text not in texts):
            return None
        self._next += 1
        return word

    def _need(self, kind: str, text: str) -> Word:
        found = self.take(kind, text)
        if found is None:
            raise self._unexpected(f"expected {text}")
        return found

    def _unexpected(self, expected: str) -> ConditionError:
        word = self._word
        found = "the end" if word.kind == "end" else word.text
        return ConditionError(f"{expected}, found {found}", word.at)

    def end(self) -> None:
        """Raises ConditionError when a word is left."""
        if self._word.kind != "end":
            raise self._unexpected("expected and, or, or the end")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionError("too many parts within each other", self._word.at)

    # -- rules ------------------------------------------------------------------------------------------------

    def ordering(self) -> Ordering:
        value = self._sum()
        direction = self.take("keyword", "asc", "desc")
        return Ordering(value, direction is not None and direction.text == "desc")

    def condition(self) -> Node:
        return self._joined("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._joined("and", self._negation)

    def _joined(self, operator: str, rule: Callable[[], Node]) -> Node:
        parts = [rule()]
        while self.take("keyword", operator):
            parts.append(rule())
        return parts[0] if len(parts) == 1 else Logic(operator, tuple(parts), parts[0].at)

    def _negation(self) -> Node:
        word = self.take("keyword", "not")
        if word is None:
            return self._predicate()
        self._deeper()
        found = Not(self._negation(), word.at)
        self._depth -= 1
        return found

    def _predicate(self) -> Node:
        left = self._sum()
        word = self.take("sign", *_COMPARE)
        if word is not None:
            found = Compare(_COMPARE[word.text], left, self._sum(), word.at)
            if self._word.kind == "sign" and self._word.text in _COMPARE:
                raise ConditionError("compare two values at a time and join with and: 1 < x and x < 5", self._word.at)
            return found
        if word := self.take("keyword", "is"):
            negated = self.take("keyword", "not") is not None
            self._need("keyword", "null")
            return Missing(left, negated, word.at)
        negated = self.take("keyword", "not") is not None
        if word := self.take("keyword", "in"):
            return Among(left, self._list(), negated, word.at)
        if word := self.take("keyword", "between"):
            low = self._sum()
            self._need("keyword", "and")
            return Between(left, low, self._sum(), negated, word.at)
        if word := self.take("keyword", "like"):
            return Like(left, self._pattern(), negated, word.at)
        if negated:
            raise self._unexpected("expected in, between or like after not")
        return left

    def _pattern(self) -> Literal:
        word = self.take("text")
        if word is None:
            raise self._unexpected("expected a text in quotes")
        return _text(word)

    def _list(self) -> tuple[Node, ...]:
        self._need("sign", "(")
        found = [self._sum()]
        while self.take("sign", ","):
            found.append(self._sum())
        self._need("sign", ")")
        return tuple(found)

    def _sum(self) -> Node:
        left = self._product()
        while word := self.take("sign", "+", "-"):
            left = Arithmetic(word.text, left, self._product(), word.at)
        return left

    def _product(self) -> Node:
        left = self._factor()
        while word := self.take("sign", "*", "/"):
            left = Arithmetic(word.text, left, self._factor(), word.at)
        return left

    def _factor(self) -> Node:
        self._deeper()
        try:
            return self._any_factor()
        finally:
            self._depth -= 1

    def _any_factor(self) -> Node:
        if word := self.take("sign", "-"):
            return Arithmetic("-", Literal(Decimal(0), "", word.at), self._factor(), word.at)
        if self.take("sign", "("):
            found = self.condition()
            self._need("sign", ")")
            return found
        if word := self.take("number"):
            unit = self.take("name") if self._word.text.lower() in UNITS else None
            return _interval(word, unit) if unit else _literal_number(word)
        if word := self.take("text"):
            return _text(word)
        if word := self.take("date"):
            return _date(word)
        if word := self.take("keyword", "true", "false", "null"):
            return Literal({"true": True, "false": False, "null": None}[word.text], word.text, word.at)
        if word := self.take("name"):
            return self._named(word)
        raise self._unexpected("expected a column, a number, a text or a date")

    def _named(self, word: Word) -> Node:
        if word.text.lower() in _NOW:
            raise ConditionError("a condition never asks the clock: the moment of the profile is as_of", word.at)
        if self._word.text != "(":
            return Column(word.text, word.at)
        if word.text.lower() != "coalesce":
            raise ConditionError(f"unknown function {word.text}; there is coalesce(a, b)", word.at)
        return Coalesce(self._list(), word.at)


def _number(word: Word) -> Decimal:
    if word.text.endswith("%"):
        return Decimal(word.text[:-1].replace("_", "")) / 100
    return Decimal(word.text.replace("_", ""))


def _interval(word: Word, unit: Word) -> Interval:
    found = Interval(_number(word), UNITS[unit.text.lower()], word.at)
    if found.amount > _LONGEST:
        raise ConditionError(f"a span has at most {_LONGEST:,} {unit.text}", word.at)
    if found.unit in ("month", "year") and found.amount % 1:
        raise ConditionError(f"whole {found.unit}s alone: say a part of one in days", word.at)
    return found


def _literal_number(word: Word) -> Literal:
    value = _number(word)
    if len(value.as_tuple().digits) > 18:
        raise ConditionError("a number has at most 18 digits", word.at)
    return Literal(value, word.text, word.at)


def _text(word: Word) -> Literal:
    quote = word.text[0]
    value = word.text[1:-1].replace(quote * 2, quote)
    if "\x00" in value:
        raise ConditionError("a text has no NUL", word.at)
    return Literal(value, word.text, word.at)


def _date(word: Word) -> Literal:
    try:
        return Literal(datetime.fromisoformat(word.text), word.text, word.at)
    except ValueError:
        raise ConditionError(f"there is no date {word.text}", word.at) from None
