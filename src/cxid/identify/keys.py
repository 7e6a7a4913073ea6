"""The key under which an index finds a value: 64 bits of its md5. The value itself is not kept."""

from __future__ import annotations

from hashlib import md5

from cxid.engine.base import literal

CUSTOMER = "customer"  # an id of the past
RECORD = "record"  # a record's key in its source
IDENTIFIER = "identifier"
_APART = chr(31)


def key_of(*parts: str) -> int:
    """The key of a value: what kind of thing it is, then the value."""
    text = _APART.join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(md5(text, usedforsecurity=False).digest()[8:], "little")


def key_sql(*parts: str) -> str:
    """SQL for the same; `parts` are SQL expressions of text, none of them NULL."""
    return f"md5_number_lower(concat_ws({literal(_APART)}, {', '.join(parts)}))"


def band_kind(field_no: int) -> str:
    """The kind of a value whose band is asked for."""
    return f"band {field_no}"


def trait_kind(field: str, suffix: str) -> str:
    """The kind of a value, or of what is derived from it, that records are looked up by."""
    return f"trait {field} {suffix}"
