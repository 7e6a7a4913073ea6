"""Any text file as plain UTF-8 with one kind of line end, its physical lines counted."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cxid.errors import ErrorCode, InputError
from cxid.files.streams import DiskReader, Progress, decompressed, ignore_progress, is_compressed

LINE_MAX = 4_000_000  # bytes; the engine's own limit depends on its buffers, so we set it
MARK = "\ufdd0"  # a code point that is no character: stands in a copy where bytes did not decode
MARK_BYTES = MARK.encode()
_BOM = "\ufeff"
# One-byte stand-ins for separators outside ASCII: every reader below this line works on single bytes.
STAND_INS = {"delimiter": "\x1f", "quote": "\x1e", "escape": "\x1d"}


@dataclass(frozen=True)
class PlainText:
    """A text file, readable at `path` as UTF-8 without BOM, lines ended by LF."""

    path: Path
    copied: bool  # `path` is ours and is removed after reading
    digest: str
    size: int  # bytes on disk
    lines: int  # physical lines
    blank_lines: int
    inner_blanks: bool  # a blank line has text after it
    quotes: bool  # a quote character occurs
    spaced_quotes: bool  # a quote stands before a space and another quote or space
    undecodable: bool  # MARK stands where bytes were not valid in the encoding
    long_line: bool  # a line is longer than LINE_MAX

    def discard(self) -> None:
        """Remove the copy."""
        if self.copied:
            self.path.unlink(missing_ok=True)


@dataclass
class _Tally:
    """Counts lines of LF-ended text that comes in pieces."""

    quote: bytes
    lines: int = 0
    blanks: int = 0
    trailing: int = 0  # line ends at the very end
    open_bytes: int = 0  # since the last line end
    size: int = 0
    quotes: bool = False
    spaced_quotes: bool = False
    long_line: bool = False
    _end: bytes = b""  # the last bytes of the chunk before
    _fresh: bool = field(default=True)  # the next byte starts a line

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            return
        count = chunk.count(b"\n")
        self.lines += count
        if self.quote and self.quote in chunk:
            self.quotes = True
            for edge in (chunk, self._end + chunk[:2]):
                self.spaced_quotes |= self.quote + b"  " in edge or self.quote + b" " + self.quote in edge
        self._end = (self._end + chunk)[-2:] if len(chunk) < 2 else chunk[-2:]
        if self._fresh and chunk[0] == 10:
            self.blanks += 1
        if count > 1 and b"\n\n" in chunk:
            ends = np.frombuffer(chunk, np.uint8) == 10
            self.blanks += int(np.count_nonzero(ends[1:] & ends[:-1]))
        tail = len(chunk) - len(chunk.rstrip(b"\n"))
        self.trailing = self.trailing + tail if tail == len(chunk) else tail
        first = chunk.find(b"\n")
        if self.open_bytes + (first if first >= 0 else len(chunk)) > LINE_MAX:
            self.long_line = True
        self.open_bytes = len(chunk) - chunk.rfind(b"\n") - 1 if count else self.open_bytes + len(chunk)
        self._fresh = chunk[-1] == 10
        self.size += len(chunk)

    @property
    def all_lines(self) -> int:
        return self.lines + (0 if self._fresh else 1)

    @property
    def inner_blanks(self) -> bool:
        ending = self.trailing - 1 if self.trailing < self.size else self.trailing
        return self.blanks > max(ending, 0)


def plain_text(
    path: Path,
    *,
    encoding: str,
    quote: str,
    replaced: dict[str, str],
    copy: Path,
    progress: Progress = ignore_progress,
) -> PlainText:
    """The file as plain text: itself where it is plain already, else a copy written to `copy`.

    Raises InputError when it is empty, cut short, damaged or compressed in a way we do not read.
    """
    if path.stat().st_size == 0:
        raise InputError(
            f"{path}: the file is empty (0 bytes)",
            hint="export it again, or take it out of the config",
            code=ErrorCode.FILE_EMPTY,
        )
    quote_byte = replaced.get(quote, quote).encode()
    utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    if utf8 and not replaced and not is_compressed(path):
        found = _measure(path, quote_byte, progress)
        if found is not None:
            return found
    return _rewrite(path, encoding, quote_byte, replaced, copy, progress)


def _measure(path: Path, quote: bytes, progress: Progress) -> PlainText | None:
    """The counts of a file that is plain as it stands; None when it is not."""
    tally, decoder = _Tally(quote), codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as stream:
        disk = DiskReader(stream, progress)
        try:
            for chunk in decompressed(path, disk):
                if b"\r" in chunk or (tally.size == 0 and chunk.startswith(b"\xef\xbb\xbf")):
                    progress(-disk.size)
                    return None
                if not (chunk.isascii() and decoder.getstate()[0] == b""):
                    decoder.decode(chunk)
                tally.feed(chunk)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            progress(-disk.size)
            return None
    return _result(path, False, disk, tally, False)


def _rewrite(
    path: Path, encoding: str, quote: bytes, replaced: dict[str, str], copy: Path, progress: Progress
) -> PlainText:
    tally, undecodable = _Tally(quote), False
    with path.open("rb") as stream, copy.open("wb") as out:
        disk = DiskReader(stream, progress)
        for text in _decoded(path, decompressed(path, disk), encoding):
            undecodable = undecodable or MARK in text
            for old, new in replaced.items():
                text = text.replace(old, new)
            data = text.encode("utf-8", "replace")
            tally.feed(data)
            out.write(data)
        disk.drain()
    if tally.size == 0:
        copy.unlink()
        raise InputError(
            f"{path}: there is no text in this file",
            hint="export it again, or take it out of the config",
            code=ErrorCode.FILE_EMPTY,
        )
    return _result(copy, True, disk, tally, undecodable)


def _mark(error: UnicodeError) -> tuple[str, int]:
    return MARK, error.end if isinstance(error, UnicodeDecodeError) else 0


codecs.register_error("cxid-mark", _mark)


def _decoded(path: Path, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    """The text in pieces, MARK where bytes did not decode, every kind of line end as LF."""
    try:
        inner = codecs.getincrementaldecoder(encoding)("cxid-mark")
        decoder = io.IncrementalNewlineDecoder(inner, translate=True)
        first = True
        for chunk in chunks:
            text = decoder.decode(chunk)
            if first and text:
                text, first = text.removeprefix(_BOM), False
            yield text
        yield decoder.decode(b"", final=True)
    except (LookupError, TypeError, UnicodeError) as error:
        raise InputError(
            f"{path}: cannot be decoded as {encoding}",
            hint="name the file's encoding, for example utf-16-le",
            code=ErrorCode.ENCODING,
        ) from error


def _result(path: Path, copied: bool, disk: DiskReader, tally: _Tally, undecodable: bool) -> PlainText:
    return PlainText(
        path=path,
        copied=copied,
        digest=disk.digest,
        size=disk.size,
        lines=tally.all_lines,
        blank_lines=tally.blanks,
        inner_blanks=tally.inner_blanks,
        quotes=tally.quotes,
        spaced_quotes=tally.spaced_quotes,
        undecodable=undecodable,
        long_line=tally.long_line,
    )
