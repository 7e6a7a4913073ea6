"""What a user should change when most of a file is refused for one cause."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cxid.errors import InputError
from cxid.files.streams import DiskReader, decompressed

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ORDERS = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%Y{0}%d{0}%m")
_CLOCKS = (
    "",
    " %H:%M:%S",
    " %H:%M",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    " %H:%M:%S.%f",
    " %H:%M:%S %z",
    "T%H:%M:%S%z",
)


def first_bytes(path: Path, size: int = 1 << 16) -> bytes:
    """The start of a file's text, decompressed; what could be had of it when it is damaged."""
    with path.open("rb") as stream:
        head = b""
        with suppress(InputError):
            for chunk in decompressed(path, DiskReader(stream)):
                head += chunk
                if len(head) >= size:
                    break
    return head[:size]


def encoding_advice(head: bytes, configured: str) -> str:
    """The encoding that the first bytes of a file speak for, '' when it is the configured one or none stands out."""
    if head and head.count(0) == len(head):
        return ""  # a hole that a disk left, in no encoding
    found = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    if not found and head[1::2].count(0) > len(head) // 4:
        found = "utf-16-le"
    elif not found and head[::2].count(0) > len(head) // 4:
        found = "utf-16-be"
    elif not found and configured.lower().replace("_", "-").startswith("utf-16"):
        found = "utf-8" if _decodes(head, "utf-8") else "cp1252"
    elif not found and not _decodes(head, "utf-8") and codecs.lookup(configured).name == "utf-8":
        found = legacy_encoding(head)
    if not found or codecs.lookup(found).name.split("-sig")[0] == codecs.lookup(configured).name.split("-sig")[0]:
        return ""
    return found


def legacy_encoding(sample: bytes) -> str:
    """The one-byte encoding that bytes which are not UTF-8 are most likely written in."""
    return "cp1252" if _decodes(sample, "cp1252") else "latin-1"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeError:
        return False
    return True


def time_formats(values: Sequence[str]) -> list[str]:
    """Formats worth trying on values that did not fit: every order of day, month and year with their own sign."""
    found: list[str] = []
    for sign in ("-", "/", ".", ""):
        if any(_signed(v, sign) for v in values):
            found += [order.format(sign) + clock for order in _ORDERS for clock in _CLOCKS]
    if any(re.search("[A-Za-z]{3}", v) for v in values):
        words = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d%b%Y")
        found += [date + clock for date in words for clock in _CLOCKS]
    return found


def _signed(value: str, sign: str) -> bool:
    return re.match(r"\d+" + re.escape(sign) + r"\d+" + re.escape(sign) + r"\d+", value) is not None


def epoch_format(values: Sequence[str]) -> str:
    """epoch_s, epoch_ms or epoch_us when the values count seconds or parts of them of our time, else ''."""
    lengths = [len(v.split(".")[0]) for v in values if re.fullmatch(r"\d+(\.\d+)?", v)]
    if len(lengths) * 2 <= len(values):
        return ""
    return {10: "epoch_s", 13: "epoch_ms", 16: "epoch_us"}.get(max(set(lengths), key=lengths.count), "")
