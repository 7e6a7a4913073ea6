"""What a condition is made of. `at` is the offset of a part in its text, from 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Type(StrEnum):
    """What a part of a condition is."""

    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    SPAN = "span of time"
    FLAG = "condition"
    NOTHING = "null"


class ConditionError(Exception):
    """A fault of a condition: what is wrong, and where in its text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


@dataclass(frozen=True)
class Literal:
    value: Decimal | str | datetime | bool | None
    text: str  # as written
    at: int


@dataclass(frozen=True)
class Interval:
    """A span of time: so many hours, days, weeks, months or years."""

    amount: Decimal
    unit: str
    at: int


@dataclass(frozen=True)
class Column:
    name: str
    at: int


@dataclass(frozen=True)
class Arithmetic:
    """left operator right; `type` is filled in when the types are known."""

    operator: str  # + - * /
    left: Node
    right: Node
    at: int
    type: Type | None = None


@dataclass(frozen=True)
class Coalesce:
    """The first of its parts that is not null."""

    parts: tuple[Node, ...]
    at: int


@dataclass(frozen=True)
class Compare:
    operator: str  # = <> < <= > >=
    left: Node
    right: Node
    at: int


@dataclass(frozen=True)
class Among:
    """value [not] in (options)."""

    value: Node
    options: tuple[Node, ...]
    negated: bool
    at: int


@dataclass(frozen=True)
class Between:
    value: Node
    low: Node
    high: Node
    negated: bool
    at: int


@dataclass(frozen=True)
class Missing:
    """value is [not] null."""

    value: Node
    negated: bool
    at: int


@dataclass(frozen=True)
class Like:
    """value [not] like a pattern in which % stands for any letters and _ for one."""

    value: Node
    pattern: Literal
    negated: bool
    at: int


@dataclass(frozen=True)
class Not:
    part: Node
    at: int


@dataclass(frozen=True)
class Logic:
    """Several conditions joined by `and`, or by `or`."""

    operator: str
    parts: tuple[Node, ...]
    at: int


Node = Literal | Interval | Column | Arithmetic | Coalesce | Compare | Among | Between | Missing | Like | Not | Logic


@dataclass(frozen=True)
class Ordering:
    """One part of `order`: what is looked at, and whether the largest comes first."""

    value: Node
    descending: bool


def columns_of(node: Node) -> tuple[str, ...]:
    """The columns that a condition names, each once, in order of appearance."""
    return tuple(dict.fromkeys(_columns(node)))


def _columns(node: Node) -> Iterator[str]:
    if isinstance(node, Column):
        yield node.name
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from _columns(part)
