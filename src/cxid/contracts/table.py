"""What a contract says of a table and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Personal(StrEnum):
    """How close a column is to a person; decides masking, logging and erasure."""

    NONE = "none"
    PSEUDONYM = "pseudonym"  # an id that means nothing outside
    PERSONAL = "personal"  # says something about a person
    DIRECT = "direct"  # names or reaches a person


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, whether it may be missing, how personal it is, what it means."""

    name: str
    type: str
    note: str
    nullable: bool = False
    personal: Personal = Personal.NONE


@dataclass(frozen=True)
class Table:
    """One table. `key` is unique and never null; `order` is the total order it is published in."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    slots: bool = False
    published: bool = False


@dataclass(frozen=True)
class View:
    """What is published as a statement over tables: in the database of a run and for `cxid query`, in no file."""

    name: str
    grain: str
    reads: tuple[str, ...]
    columns: tuple[Column, ...]


def column(name: str, type_: str, note: str, *, null: bool = False, personal: Personal = Personal.NONE) -> Column:
    return Column(name, type_, note, null, personal)
