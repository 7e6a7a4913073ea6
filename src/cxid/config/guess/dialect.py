"""How a text file is written: its encoding, over the whole file, and the signs between its values."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from cxid.config.guess.codepages import guess_encoding

csv.field_size_limit(1 << 30)  # a cell may be larger than the 128 KiB that Python allows by default
BLOCK = 1 << 20  # bytes read at a time
KEPT = 24  # blocks kept from the middle of the file for the sample
_HEAD = 4 << 20  # bytes of the beginning kept for the sample
PLAIN = "plain ASCII"
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Scan:
    """One pass over a file: what its bytes are, its lines, and pieces of it."""

    encoding: str
    why: str
    lines: int
    head: bytes
    pieces: tuple[bytes, ...]  # from further on, cut anywhere
    binary: bool


@dataclass(frozen=True)
class Dialect:
    """The signs of a CSV file."""

    delimiter: str
    quote: str
    escape: str | None
    share: float  # of the rows looked at that have as many values as the header


def blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked, a block at a time."""
    name = path.name.lower()
    if name.endswith(".gz"):
        with gzip.open(path, "rb") as packed:
            while block := packed.read(BLOCK):
                yield block
    elif name.endswith(".zst"):
        yield from _unzstd(path)
    else:
        with path.open("rb") as plain:
            while block := plain.read(BLOCK):
                yield block


def _unzstd(path: Path) -> Iterator[bytes]:
    """The unpacked bytes of every frame. Raises EOFError when the last one is cut: the library alone would not."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    started = False
    with path.open("rb") as packed:
        while data := packed.read(BLOCK):
            while data:
                started = True
                yield frame.decompress(data)
                data = frame.unused_data if frame.eof else b""
                if frame.eof:
                    frame, started = zstandard.ZstdDecompressor().decompressobj(), bool(data)
    if started:
        raise EOFError("the last frame is cut")


def scan(path: Path) -> Scan:
    """What the file's bytes are. Raises OSError, EOFError or ZstdError when it cannot be unpacked."""
    head, kept, stride, lines = b"", [], 1, 0
    tally = _Tally()
    wide = ""
    for position, block in enumerate(b for b in blocks(path) if b):
        if position == 0:
            wide = _wide(block)
        if not wide:
            tally.add(block)
        lines += block.count(b"\n")
        if len(head) < _HEAD:
            head += block
        elif position % stride == 0:
            kept.append(block[: BLOCK // 8])
            if len(kept) > KEPT:
                kept, stride = kept[::2], stride * 2
    encoding, why = (wide, "two bytes a letter") if wide else tally.verdict(head)
    return Scan(encoding, why, lines, head, tuple(kept), not wide and b"\x00" in head[:4096])


def _wide(block: bytes) -> str:
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = block[:2000]
    if len(start) < 4:
        return ""
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if odd > 0.7 * (len(start) // 2) and even == 0:
        return "utf-16-le"
    if even > 0.7 * (len(start) // 2) and odd == 0:
        return "utf-16-be"
    return ""


class _Tally:
    """Counts, block by block, what speaks for UTF-8 and what against."""

    def __init__(self) -> None:
        self.invalid = 0
        self.valid = 0
        self.rest = b""
        self.odd: bytearray = bytearray()
        self.plain = True

    def add(self, block: bytes) -> None:
        if block.isascii() and not self.rest:
            return
        self.plain = False
        data = self.rest + block
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(data)
            self.rest = decoder.getstate()[0]
            self.valid += _starts(data)
        except UnicodeDecodeError:
            bad = data.decode("utf-8", errors="replace").count("�")
            self.invalid += bad
            self.valid += max(0, _starts(data) - bad)
            self.rest = b""
        if len(self.odd) < 200_000:
            for found in re.finditer(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data[:BLOCK]):
                self.odd += found[0] + b" "
                if len(self.odd) >= 200_000:
                    break

    def verdict(self, head: bytes) -> tuple[str, str]:
        if self.rest:
            self.invalid += 1
        if self.plain:
            return "utf-8", PLAIN
        if not self.invalid:
            return "utf-8", "valid over the whole file" + (", with a mark at its start" if _marked(head) else "")
        foreign = guess_encoding(head, bytes(self.odd))
        if foreign and self.valid <= 20 * self.invalid:
            return foreign, "not UTF-8; under it nearly all special letters are those of one language"
        if self.valid > 3 * self.invalid:
            return "utf-8", f"{self.invalid} bytes are not valid, {self.valid} letters are: their rows will be rejected"
        return _single_byte(bytes(self.odd))


def _marked(head: bytes) -> bool:
    return head.startswith(codecs.BOM_UTF8)


def _starts(data: bytes) -> int:
    """How many letters of several bytes begin in the data."""
    return len(re.findall(rb"[\xc2-\xf4]", data))


_USUAL = "äöüßÄÖÜéèêëàâáãåçñíìîïóòôõøúùûœæÉÀÇÓÁÍÚÑ€’´`°ªº–“”„«»½&"


def _single_byte(words: bytes) -> tuple[str, str]:
    """The code page under which most letters outside ASCII are those of western languages."""
    high = bytes(b for b in words if b >= 0x80)
    if not any(0x80 <= b < 0xA0 for b in high):
        return "latin-1", "not UTF-8, no byte between 80 and 9F"

    def usual(codec: str) -> float:
        text = high.decode(codec, errors="replace")
        return sum(c in _USUAL for c in text) / max(1, len(text))

    best = max(("cp1252", "cp850", "mac_roman"), key=usual)
    if usual(best) < usual("cp1252") + 0.3:
        best = "cp1252"
    return best, f"not UTF-8; as {best} {usual(best):.0%} of its special letters are usual ones"


def decode(data: bytes, encoding: str) -> str:
    """The text of a piece of a file, faults replaced."""
    if encoding == "utf-8" and data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    return data.decode(encoding, errors="replace")


def find_dialect(head: str) -> Dialect:
    """The signs of a CSV file, from its beginning: those under which the rows agree best in width."""
    text = "\n".join(head.splitlines()[:400])
    best: tuple[float, Dialect] | None = None
    for delimiter in _DELIMITERS:
        for quote in ('"', "'", ""):
            if quote == "'" and not re.search(
                rf"(^|{re.escape(delimiter)})'[^'\n]*'({re.escape(delimiter)}|$)", text, re.M
            ):
                continue
            escape = "\\" if quote and re.search(r'\\"', text) and not re.search(r'[^\\]""', text) else None
            widths = Counter(len(r) for r in parse(text, Dialect(delimiter, quote, escape, 0)) if r)
            if not widths:
                continue
            first = len(next(iter(parse(text, Dialect(delimiter, quote, escape, 0))), []))
            share = widths[first] / sum(widths.values())
            score = share * (1 + min(first, 40) / 10 if first > 1 else 0.3) + (0.2 if quote == '"' else 0.0)
            if best is None or score > best[0]:
                best = (score, Dialect(delimiter, quote, escape, share))
    return best[1] if best else Dialect(",", '"', None, 0.0)


def parse(text: str, dialect: Dialect) -> Iterator[list[str]]:
    """The rows of a piece of CSV text; a fault ends it."""
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote or '"',
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape, doublequote=dialect.escape is None,
    )  # fmt: skip
    try:
        yield from rows
    except csv.Error:
        return
