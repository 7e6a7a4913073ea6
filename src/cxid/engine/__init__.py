"""The only room that knows a database."""

from cxid.engine.base import CsvDialect, CsvRead, Engine, literal, quote

__all__ = ["CsvDialect", "CsvRead", "Engine", "literal", "quote"]
