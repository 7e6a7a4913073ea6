"""Which columns of a file a source needs, and under what name each is found in the table of raw rows."""

from __future__ import annotations

from collections.abc import Iterator

from cxid.config.model import Column, EnrichmentSource, Source


def needed_columns(source: Source) -> tuple[str, ...]:
    """Every column that the config names for a source, each once, in the config's order."""
    return tuple(dict.fromkeys(_named(source)))


def _named(source: Source) -> Iterator[str]:
    if isinstance(source, EnrichmentSource):
        yield source.join_column or source.join
    yield from getattr(source, "key", None) or ()
    for key in type(source).model_fields:
        value = getattr(source, key)
        for column in value.values() if isinstance(value, dict) else [value]:
            if isinstance(column, Column):
                yield from column.from_
