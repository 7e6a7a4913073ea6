"""How the text of a CSV file is cut into fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cxid.files.text import STAND_INS


@dataclass(frozen=True)
class Dialect:
    """Single characters; `quote` is '' where values are never quoted, `escape` is the quote where it is doubled."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'

    def field_pattern(self) -> re.Pattern[bytes]:
        """Matches one field up to its delimiter or line end: groups quoted, plain or open (never closed)."""
        return _field_pattern(self.delimiter.encode(), self.quote.encode(), self.escape.encode())

    def unescape(self, value: bytes) -> bytes:
        """The text between the quotes with its escapes taken away."""
        escape, quote = self.escape.encode(), self.quote.encode()
        if escape == quote:
            return value.replace(quote + quote, quote)
        return re.sub(re.escape(escape) + b"(" + re.escape(quote) + b"|" + re.escape(escape) + b")", rb"\1", value)


@cache
def _field_pattern(delimiter: bytes, quote: bytes, escape: bytes) -> re.Pattern[bytes]:
    d, q, e = re.escape(delimiter), re.escape(quote), re.escape(escape)
    if not quote:
        return re.compile(rb"(?P<quoted>(?!))?(?P<open>(?!))?(?P<plain>[^%b\n]*)" % d)
    # Possessive: pairs of quotes are read from left to right in one way only, so nothing is ever tried twice.
    doubled, escaped = rb"[^%b]*+(?:%b%b[^%b]*+)*+", rb"[^%b%b]*+(?:%b.[^%b%b]*+)*+"
    inner = doubled % (q, q, q, q) if escape == quote else escaped % (q, e, e, q, e)
    spaces = b"" if delimiter == b" " else b" *"
    return re.compile(
        rb"%b%b(?P<quoted>%b)%b%b(?=[%b\n])"  # "value", spaces around it do not count
        rb"|%b%b(?P<open>%b)\Z"  # "value to the end of what may be read
        rb"|(?!%b%b)(?P<plain>[^%b\n]*)" % (spaces, q, inner, q, spaces, d, spaces, q, inner, spaces, q, d),
        re.DOTALL,
    )


def plain_dialect(delimiter: str, quote: str, escape: str | None) -> tuple[Dialect, dict[str, str]]:
    """The dialect of the plain copy, and what must be replaced in it: separators outside ASCII get stand-ins."""
    wanted = {"delimiter": delimiter, "quote": quote, "escape": escape or quote}
    replaced = {text: STAND_INS[part] for part, text in wanted.items() if text and not text.isascii()}
    if escape is None and quote in replaced:
        replaced[quote] = STAND_INS["quote"]
    parts = {part: replaced.get(text, text) for part, text in wanted.items()}
    return Dialect(**parts), replaced
