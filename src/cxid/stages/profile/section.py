"""What a section of the profile is: attributes, what feeds it, and how its table is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cxid.engine.base import Engine

MONEY = "DECIMAL(28,4)"  # type of sums of money, which is how they are known


@dataclass(frozen=True)
class Attribute:
    """One column of `profile`.

    `nothing` is its value for a customer of whom the section knows nothing: a number as SQL, or NULL when left out.
    """

    name: str
    type: str
    definition: str
    null: str = ""  # when it is NULL although the section is on, in words
    nothing: str = "NULL"


@dataclass(frozen=True)
class Section:
    """One part of the profile. It is on when a source feeds it; when off its columns stand there and are NULL.

    `write` makes table `profile_<name>`: customer_no of `profile_number`, unique, and one column for each attribute.
    """

    name: str
    title: str
    fed_by: str
    attributes: tuple[Attribute, ...]
    is_fed: Callable[[Engine], bool]
    write: Callable[[Engine], None]

    @property
    def table(self) -> str:
        return f"profile_{self.name}"


def count(name: str, definition: str) -> Attribute:
    """A number of things: 0 when there is none."""
    return Attribute(name, "BIGINT", definition, nothing="0")


def has_rows(engine: Engine, table: str, where: str = "1 = 1") -> bool:
    """Whether a table has a row that fits."""
    return bool(engine.scalar(f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT 1) AS t"))
