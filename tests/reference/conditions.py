"""Conditions over one row, slowly: SQL's three truth values in plain Python. True, False or None for unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
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
    Literal,
    Logic,
    Missing,
    Node,
    Not,
)

_SECONDS = {"hour": 3600, "day": 86_400, "week": 604_800}


def value_of(node: Node, row: Mapping[str, Any]) -> Any:
    """What a condition or a part of it is for one customer."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Interval):
        return timedelta(seconds=int(node.amount * _SECONDS[node.unit]))
    if isinstance(node, Column):
        return row[node.name]
    if isinstance(node, Coalesce):
        return next((v for v in (value_of(p, row) for p in node.parts) if v is not None), None)
    if isinstance(node, Arithmetic):
        return _arithmetic(node.operator, value_of(node.left, row), value_of(node.right, row))
    if isinstance(node, Not):
        inner = value_of(node.part, row)
        return None if inner is None else not inner
    if isinstance(node, Logic):
        return _logic(node.operator, [value_of(p, row) for p in node.parts])
    if isinstance(node, Missing):
        return (value_of(node.value, row) is None) != node.negated
    return _compared(node, row)


def _compared(node: Any, row: Mapping[str, Any]) -> bool | None:
    if isinstance(node, Compare):
        return _compare(node.operator, value_of(node.left, row), value_of(node.right, row))
    value = value_of(node.value, row)
    if isinstance(node, Among):
        found = _logic("or", [_compare("=", value, value_of(o, row)) for o in node.options])
    elif isinstance(node, Between):
        low, high = value_of(node.low, row), value_of(node.high, row)
        found = _logic("and", [_compare(">=", value, low), _compare("<=", value, high)])
    else:
        raise AssertionError(node)
    return found if found is None or not node.negated else not found


def _compare(operator: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def _logic(operator: str, parts: list[bool | None]) -> bool | None:
    decisive = operator == "or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, datetime | timedelta) or isinstance(right, datetime | timedelta):
        return left + right if operator == "+" else left - right
    if operator in "*/":
        left, right = float(left), float(right)
        return left * right if operator == "*" else (None if right == 0 else left / right)
    left, right = Decimal(str(left)), Decimal(str(right))
    return left + right if operator == "+" else left - right
