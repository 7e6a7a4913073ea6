"""How long a text of the page may be, and how many lines a block."""

from __future__ import annotations

LINES = 100  # of one block; `cxid report --format json` has all of them
_CHARACTERS = 400  # of one text; sentences of our own are shorter


def bounded(text: str) -> str:
    """The text, cut where it is longer than a page can show: one value of a file must not make a page of its own."""
    if len(text) <= _CHARACTERS:
        return text
    return f"{text[:_CHARACTERS]}\N{HORIZONTAL ELLIPSIS} ({len(text):,} characters)"
