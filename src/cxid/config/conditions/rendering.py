"""A checked condition as SQL with every value bound, and as words with the values of a customer in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.config.conditions.tree import (
    Among,
    Arithmetic,
    Between,
    Coalesce,
    Column,
    Compare,
    Interval,
    Like,
    Literal,
    Logic,
    Missing,
    Node,
    Not,
    Type,
)
from cxid.engine.base import quote

_SECONDS = {"hour": 3_600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_OTHER = {"and": "or", "or": "and"}


class Rendering:
    """Conditions over one table as SQL; `values` are what they bind, by name.

    `columns` are those of the table with their SQL types; one that it lacks is NULL: nobody's value is known then.
    """

    def __init__(self, columns: Mapping[str, str], prefix: str) -> None:
        self.values: dict[str, Any] = {}
        self._columns, self._prefix = columns, prefix

    def sql(self, node: Node) -> str:
        """The condition or value as SQL."""
        match node:
            case Column():
                return quote(node.name) if node.name in self._columns else "NULL"
            case Literal():
                return self._literal(node)
            case Interval():
                return self._bound(int(node.amount * _SECONDS[node.unit]), "BIGINT")
            case Arithmetic():
                return self._arithmetic(node)
            case Coalesce():
                return f"coalesce({self._all(node.parts)})"
            case Not():
                return f"(NOT {self.sql(node.part)})"
            case Logic():
                return "(" + f" {node.operator.upper()} ".join(self.sql(p) for p in node.parts) + ")"
        return self._predicate(node)

    def _predicate(self, node: Compare | Among | Between | Missing | Like) -> str:
        word = "" if isinstance(node, Compare) or not node.negated else "NOT "
        match node:
            case Compare():
                return f"({self.sql(node.left)} {node.operator} {self.sql(node.right)})"
            case Among():
                return f"({self.sql(node.value)} {word}IN ({self._all(node.options)}))"
            case Between():
                return f"({self.sql(node.value)} {word}BETWEEN {self.sql(node.low)} AND {self.sql(node.high)})"
            case Missing():
                return f"({self.sql(node.value)} IS {word}NULL)"
        return f"({self.sql(node.value)} {word}LIKE {self.sql(node.pattern)})"

    def _all(self, nodes: tuple[Node, ...]) -> str:
        return ", ".join(self.sql(n) for n in nodes)

    def _bound(self, value: Any, type_: str) -> str:
        name = f"{self._prefix}{len(self.values)}"
        self.values[name] = value
        return f"CAST(${name} AS {type_})"

    def _literal(self, node: Literal) -> str:
        value = node.value
        if value is None or isinstance(value, bool):
            return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
        if isinstance(value, Decimal):
            places = max(0, -int(value.as_tuple().exponent))
            return self._bound(str(value), f"DECIMAL(18, {places})") if places else self._bound(int(value), "BIGINT")
        return self._bound(value, "TIMESTAMP" if isinstance(value, datetime) else "VARCHAR")

    def _arithmetic(self, node: Arithmetic) -> str:
        """Sums stay exact; products and quotients are floats, and a quotient by zero is NULL."""
        if node.type is Type.TIME:
            return self._moved(node)
        left, right = self.sql(node.left), self.sql(node.right)
        if node.type is Type.SPAN and _is_time(node.left, self):
            return f"date_diff('second', {right}, {left})"
        if node.operator in "*/":
            left, right = f"CAST({left} AS DOUBLE)", f"CAST({right} AS DOUBLE)"
            right = f"nullif({right}, 0)" if node.operator == "/" else right
        return f"({left} {node.operator} {right})"

    def _moved(self, node: Arithmetic) -> str:
        """A time moved by a span."""
        span = node.right
        if isinstance(span, Interval) and span.unit in _MONTHS:
            step = f"to_months({self._bound(int(span.amount * _MONTHS[span.unit]), 'INTEGER')})"
        else:
            step = f"to_seconds(CAST({self.sql(span)} AS BIGINT))"
        return f"({self.sql(node.left)} {node.operator} {step})"

    # -- words --------------------------------------------------------------------------------------------------

    def reason(self, node: Node) -> str:
        """SQL of a text: the parts of the condition that hold, each with the customer's values in it."""
        if isinstance(node, Logic):
            parts = [self.reason(p) for p in node.parts]
            if node.operator == "or":
                parts = [f"CASE WHEN {self.sql(p)} THEN {r} END" for p, r in zip(node.parts, parts, strict=True)]
            return f"concat_ws(' and ', {', '.join(parts)})"
        return "concat(" + ", ".join(self._words(node)) + ")"

    def _words(self, node: Node) -> list[str]:
        """SQL texts that make up the words of a part."""
        match node:
            case Column():
                return [self._said(f"{node.name} ("), self.value_text(node.name), self._said(")")]
            case Literal():
                return [self._said(node.text or str(node.value))]
            case Interval():
                return [self._said(f"{node.amount.normalize():f} {node.unit}{'' if node.amount == 1 else 's'}")]
            case Arithmetic():
                sign = [] if isinstance(node.left, Literal) and not node.left.text else self._nested(node.left)
                return [*sign, self._said(f" {node.operator} " if sign else "-"), *self._nested(node.right)]
            case Coalesce():
                return [self._said("coalesce("), *self._listed(node.parts), self._said(")")]
            case Compare():
                return [*self._words(node.left), self._said(f" {node.operator} "), *self._words(node.right)]
            case Among():
                word = " not in (" if node.negated else " in ("
                return [*self._words(node.value), self._said(word), *self._listed(node.options), self._said(")")]
            case Between():
                word = " not between " if node.negated else " between "
                ends = [*self._words(node.low), self._said(" and "), *self._words(node.high)]
                return [*self._words(node.value), self._said(word), *ends]
            case Missing():
                return [*self._words(node.value), self._said(" is not null" if node.negated else " is null")]
            case Like():
                word = " not like " if node.negated else " like "
                return [*self._words(node.value), self._said(word), self._said(node.pattern.text)]
            case Not():
                return [self._said("not "), *self._words(node.part)]
        return [self.reason(node)]

    def _nested(self, node: Node) -> list[str]:
        words = self._words(node)
        return [self._said("("), *words, self._said(")")] if isinstance(node, Arithmetic) else words

    def _listed(self, nodes: tuple[Node, ...]) -> list[str]:
        found: list[str] = []
        for n in nodes:
            found += [self._said(", "), *self._words(n)] if found else self._words(n)
        return found

    def _said(self, text: str) -> str:
        return self._bound(text, "VARCHAR")

    def value_text(self, column: str, missing: str = "'unknown'") -> str:
        """SQL of a column's value as text, numbers without empty places; `missing` where there is none."""
        if column not in self._columns:
            return missing
        text = f"CAST({quote(column)} AS VARCHAR)"
        if not self._columns[column].upper().startswith(("DECIMAL", "DOUBLE", "FLOAT")):
            return f"coalesce({text}, {missing})"
        return f"coalesce(regexp_replace({text}, '([.][0-9]*[1-9])0+$|[.]0+$', '\\1'), {missing})"


def _is_time(node: Node, rendering: Rendering) -> bool:
    """Whether the left side of a difference is a time: only two times differ by a span without being one."""
    if isinstance(node, Arithmetic):
        return node.type is Type.TIME
    if isinstance(node, Coalesce):
        return any(_is_time(p, rendering) for p in node.parts)
    return isinstance(node, Column) or (isinstance(node, Literal) and isinstance(node.value, datetime))


def without_not(node: Node, negated: bool = False) -> Node:
    """The same condition with every `not` moved down to what it denies, so that reasons can be told part by part."""
    match node:
        case Not():
            return without_not(node.part, not negated)
        case Logic():
            operator = _OTHER[node.operator] if negated else node.operator
            return Logic(operator, tuple(without_not(p, negated) for p in node.parts), node.at)
    return _denied(node) if negated else node


def _denied(node: Node) -> Node:
    match node:
        case Compare():
            return Compare(_OPPOSITE[node.operator], node.left, node.right, node.at)
        case Among():
            return Among(node.value, node.options, not node.negated, node.at)
        case Between():
            return Between(node.value, node.low, node.high, not node.negated, node.at)
        case Missing():
            return Missing(node.value, not node.negated, node.at)
        case Like():
            return Like(node.value, node.pattern, not node.negated, node.at)
    return Not(node, node.at)
