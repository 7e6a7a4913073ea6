"""The types of a condition's parts, checked before anything runs: a text is not larger than a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

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
    Type,
)

_NUMBERS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER", "DOUBLE", "FLOAT", "DECIMAL")
_CALENDAR = ("month", "year")
Typed = tuple[Node, Type]


def type_of_column(sql_type: str) -> Type:
    """What a column of this SQL type is in a condition."""
    name = sql_type.upper().split("(")[0].strip()
    if name in _NUMBERS:
        return Type.NUMBER
    if name in ("TIMESTAMP", "DATE"):
        return Type.TIME
    return Type.FLAG if name == "BOOLEAN" else Type.TEXT


def resolve_condition(node: Node, columns: Mapping[str, Type]) -> Node:
    """The condition with texts that stand for times made times. Raises ConditionError for the first fault."""
    found, type_ = _resolve(node, columns)
    if type_ is not Type.FLAG:
        raise ConditionError(f"expected a condition, found a {type_}", node.at)
    return found


def resolve_order(parts: tuple[Ordering, ...], columns: Mapping[str, Type]) -> tuple[Ordering, ...]:
    """The order with every type checked. Raises ConditionError for the first fault."""
    return tuple(replace(part, value=_resolve(part.value, columns)[0]) for part in parts)


def _resolve(node: Node, columns: Mapping[str, Type]) -> Typed:
    match node:
        case Literal():
            return node, _literal_type(node)
        case Interval():
            return node, Type.SPAN
        case Column():
            return node, _column_type(node, columns)
        case Arithmetic():
            return _arithmetic(node, columns)
        case Coalesce():
            parts = _alike([_resolve(p, columns) for p in node.parts], node.at)
            return replace(node, parts=tuple(p for p, _ in parts)), parts[0][1]
        case Not():
            return replace(node, part=_flag(node.part, columns)), Type.FLAG
        case Logic():
            return replace(node, parts=tuple(_flag(p, columns) for p in node.parts)), Type.FLAG
    return _predicate(node, columns), Type.FLAG


def _predicate(node: Compare | Among | Between | Missing | Like, columns: Mapping[str, Type]) -> Node:
    match node:
        case Compare():
            return _compare(node, columns)
        case Among():
            first, *others = _alike([_resolve(p, columns) for p in (node.value, *node.options)], node.at)
            return replace(node, value=first[0], options=tuple(p for p, _ in others))
        case Between():
            parts = _alike([_resolve(p, columns) for p in (node.value, node.low, node.high)], node.at)
            _require_order(parts[0][1], node.at)
            value, low, high = (p for p, _ in parts)
            return replace(node, value=value, low=low, high=high)
        case Missing():
            return replace(node, value=_resolve(node.value, columns)[0])
    value, type_ = _resolve(node.value, columns)
    if type_ is not Type.TEXT:
        raise ConditionError(f"like looks at texts, this is a {type_}", node.value.at)
    return replace(node, value=value)


def _literal_type(node: Literal) -> Type:
    if node.value is None:
        return Type.NOTHING
    if isinstance(node.value, bool):
        return Type.FLAG
    if isinstance(node.value, str):
        return Type.TEXT
    return Type.TIME if isinstance(node.value, datetime) else Type.NUMBER


def _column_type(node: Column, columns: Mapping[str, Type]) -> Type:
    found = columns.get(node.name)
    if found is not None:
        return found
    near = get_close_matches(node.name, list(columns), n=3, cutoff=0.6)
    if node.name.lower() in columns:
        near = [node.name.lower()]
    hint = f", did you mean {' or '.join(near)}?" if near else "; docs/reference/profile.md lists them"
    raise ConditionError(f'the profile has no column "{node.name}"{hint}', node.at)


def _flag(node: Node, columns: Mapping[str, Type]) -> Node:
    found, type_ = _resolve(node, columns)
    if type_ is not Type.FLAG:
        raise ConditionError(f"expected a condition here, found a {type_}: compare it with something", node.at)
    return found


def _compare(node: Compare, columns: Mapping[str, Type]) -> Node:
    (left, kind), (right, other) = _alike([_resolve(p, columns) for p in (node.left, node.right)], node.at)
    if Type.NOTHING in (kind, other):
        negated = " not" if node.operator == "<>" else ""
        raise ConditionError(f"nothing compares with null: write is{negated} null", node.at)
    if node.operator not in ("=", "<>"):
        _require_order(kind, node.at)
    return replace(node, left=left, right=right)


def _require_order(kind: Type, at: int) -> None:
    if kind is Type.FLAG:
        raise ConditionError("a condition is neither larger nor smaller than another", at)


def _alike(parts: list[Typed], at: int) -> list[Typed]:
    """The parts as one type: a text between times becomes one. Raises ConditionError where they differ."""
    kinds = {kind for _, kind in parts} - {Type.NOTHING}
    if kinds == {Type.TEXT, Type.TIME}:
        parts = [_as_time(part) for part in parts]
        kinds = {Type.TIME}
    if kinds == {Type.SPAN, Type.NUMBER}:
        raise ConditionError("compare a span of time with a span, such as 30 days", at)
    if len(kinds) > 1:
        first = parts[0][1]
        other = next(kind for _, kind in parts if kind not in (first, Type.NOTHING))
        raise ConditionError(f"a {first} does not compare with a {other}{_quotes(parts)}", at)
    if kinds == {Type.SPAN}:
        _require_fixed([node for node, _ in parts])
    return parts


def _quotes(parts: list[Typed]) -> str:
    """A word of help where quotes make a text of a number."""
    for node, kind in parts:
        if kind is Type.TEXT and isinstance(node, Literal):
            try:
                float(str(node.value))
            except ValueError:
                continue
            return f": write {node.value} without quotes"
    return ""


def _require_fixed(nodes: list[Node]) -> None:
    for node in nodes:
        if isinstance(node, Interval) and node.unit in _CALENDAR:
            raise ConditionError(f"a {node.unit} has no fixed length: say it in days", node.at)


def _as_time(part: Typed) -> Typed:
    node, kind = part
    if kind is not Type.TEXT:
        return part
    if isinstance(node, Literal):
        try:
            return replace(node, value=datetime.fromisoformat(str(node.value)).replace(tzinfo=None)), Type.TIME
        except ValueError:
            pass
    raise ConditionError("a time compares with a time: write it as 2026-11-01 or 2026-11-01 12:30", node.at)


def _arithmetic(node: Arithmetic, columns: Mapping[str, Type]) -> Typed:
    (left, kind), (right, other) = _resolve(node.left, columns), _resolve(node.right, columns)
    found = _RESULTS.get((kind, node.operator, other))
    if found is None:
        raise ConditionError(f"{kind} {node.operator} {other} is nothing", node.at)
    if found is Type.SPAN:
        _require_fixed([left, right])
    return replace(node, left=left, right=right, type=found), found


_N, _T, _S = Type.NUMBER, Type.TIME, Type.SPAN
_RESULTS = {
    **{(_N, operator, _N): _N for operator in "+-*/"},
    (_T, "-", _T): _S,
    (_T, "+", _S): _T,
    (_T, "-", _S): _T,
    (_S, "+", _S): _S,
    (_S, "-", _S): _S,
    (_S, "*", _N): _S,
    (_N, "*", _S): _S,
    (_S, "/", _N): _S,
    (_S, "/", _S): _N,
}
