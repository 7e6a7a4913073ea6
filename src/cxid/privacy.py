"""What may leave: text made safe for its medium, values masked or replaced by a keyed pseudonym.

Every value that comes from data passes one of these functions before a person or a file sees it.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re

from cxid.model import FieldType

# Control characters (C0, DEL, C1), line separators, bidirectional overrides, invisible fillers, lone surrogates
# and tag characters: each can move a cursor, hide text or turn its order round. The two joiners U+200C and
# U+200D stay: Persian and emoji need them, and they hide nothing.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
# A spreadsheet runs a cell that starts with one of these ...
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the full-width forms too
# ... unless it is plainly a number or a phone number.
_NUMBER = re.compile(r"[+-][0-9][0-9 ().,/-]*")


def terminal_text(value: str) -> str:
    """The text on one line, with every character that could act on a terminal written as its code, e.g. \\x1b."""
    return value if value.isprintable() else _UNSAFE.sub(_code, value)


def json_text(document: str) -> str:
    """The same JSON document with the characters that act on a terminal as \\uXXXX: equal when parsed."""
    return document if document.isprintable() else _UNSAFE.sub(_json_code, document)


def html_text(value: str) -> str:
    """The text for HTML content and quoted attributes."""
    return html.escape(terminal_text(value), quote=True)


def csv_text(value: str, *, guard: bool = True) -> str:
    """The text for a CSV cell; with `guard`, a formula gets an apostrophe before it and stays text."""
    if guard and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def mask(value: str, type_: FieldType | None = None) -> str:
    """Enough of the value to recognise it by someone who knows it, too little for one who does not."""
    text = value.strip()
    if type_ is FieldType.EMAIL and "@" in text:
        local, _, domain = text.rpartition("@")
        return f"{_head(local, 1)}@{_head(domain, 1)}"
    if type_ is FieldType.PHONE:
        digits = sum(c.isdigit() for c in text)
        return _last_digits(text, 2) if digits >= 7 else "*" * len(text)
    if type_ is FieldType.BIRTH_DATE:
        year = re.search(r"(?<!\d)\d{4}(?!\d)", text)
        return f"{year[0]}-**-**" if year else "*" * len(text)
    if type_ in (FieldType.COUNTRY, FieldType.GENDER):
        return text
    return " ".join(_head(word, 1 if len(word) > 2 else 0) for word in text.split())


def pseudonymise(value: str | bytes, key: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the value under `key`, as 64 hexadecimal digits.

    The same value and key give the same pseudonym; without the key nobody can test a guess. Raises ValueError
    for an empty key, which would give everybody the same pseudonyms.
    """
    if not key:
        raise ValueError("a pseudonym needs a key")
    text = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _code(found: re.Match[str]) -> str:
    char = found[0]
    point = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _json_code(found: re.Match[str]) -> str:
    point = ord(found[0])
    if point < 0x10000:
        return found[0] if point in (0x0A, 0x0D, 0x09) else f"\\u{point:04x}"
    point -= 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"


def _head(text: str, keep: int) -> str:
    return text[:keep] + "*" * min(max(len(text) - keep, 1), 8)


def _last_digits(text: str, keep: int) -> str:
    hidden = sum(c.isdigit() for c in text) - keep
    out = []
    for char in text:
        out.append("*" if char.isdigit() and hidden > 0 else char)
        hidden -= char.isdigit()
    return "".join(out)
