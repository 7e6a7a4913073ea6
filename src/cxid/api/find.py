"""Customers by a piece of what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cxid import references
from cxid.api.published import opened
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import UsageError
from cxid.notebook import Listing


class Customers(Listing[dict[str, Any]]):
    """Customers that were found, the best first: customer_id, a few golden values, record_count.

    `columns` are these names; `is_all` is False where more were found than asked for.
    """

    columns: tuple[str, ...] = ()
    is_all: bool = True

    @property
    def headline(self) -> str:
        return f"{len(self):,}{'' if self.is_all else ' or more'} customer{'' if len(self) == 1 else 's'}"

    def to_list(self) -> list[dict[str, Any]]:
        return list(self)


def find(config: Config, text: str, *, limit: int = 20) -> Customers:
    """Customers whose golden values, identifiers or record keys hold every word of a text."""
    words = text.split()
    if not words:
        raise UsageError("nothing to look for", hint='cxid find "ann smith"')
    with opened(config) as (_, engine):
        return find_in(engine, words, limit)


def find_in(engine: Engine, words: Sequence[str], limit: int, say: Callable[[str], None] | None = None) -> Customers:
    """The same over an engine; `say` is told of an id of the past that stands for another now."""
    columns, rows = references.find_customers(engine, words, limit + 1)
    if not rows and len(words) == 1 and words[0].startswith("cx_"):
        columns, rows = references.customers_by_id(engine, references.resolve(engine, words[0], say))
    found = Customers(dict(zip(columns, row, strict=True)) for row in rows[:limit])
    found.columns, found.is_all = columns, len(rows) <= limit
    return found
