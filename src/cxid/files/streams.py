"""The bytes of a file, decompressed to the very end or refused."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from cxid.errors import ErrorCode, InputError

CHUNK = 1 << 20
Progress = Callable[[int], None]  # bytes on disk read since the last call

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_REFUSED = {
    b"PK\x03\x04": "a zip archive or spreadsheet",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"PAR1": "a Parquet file",
}


def ignore_progress(_: int) -> None:
    """Nobody is waiting."""


@dataclass
class DiskReader:
    """Reads a file from disk, and knows its digest and size once all of it was read."""

    stream: IO[bytes]
    progress: Progress = ignore_progress
    size: int = 0
    sha: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.sha.update(data)
        self.size += len(data)
        self.progress(len(data))
        return data

    def drain(self) -> None:
        """Read what is left, so that digest and size speak of the whole file."""
        while self.read(CHUNK):
            pass

    @property
    def digest(self) -> str:
        return str(self.sha.hexdigest())


def is_compressed(path: Path) -> bool:
    """Whether the file's content is gzip or zstandard, whatever its name."""
    with path.open("rb") as stream:
        head = stream.read(4)
    return head.startswith(_GZIP) or _is_zstd(head)


def _is_zstd(head: bytes) -> bool:
    """A frame, or the skippable one that parallel compressors put first."""
    return head.startswith(_ZSTD) or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F)


def decompressed(path: Path, disk: DiskReader) -> Iterator[bytes]:
    """The file's content in pieces. Raises InputError when it is cut short, damaged or of another kind.

    The kind of compression is read from the content; a name that promises another one is refused.
    """
    head = disk.read(6)
    if head.startswith(_GZIP):
        yield from _gunzip(path, disk, head)
    elif _is_zstd(head):
        yield from _unzstd(path, disk, head)
    else:
        _refuse_other(path, head)
        if head:
            yield head
        while chunk := disk.read(CHUNK):
            yield chunk


def _refuse_other(path: Path, head: bytes) -> None:
    for magic, kind in _REFUSED.items():
        if head.startswith(magic):
            raise InputError(
                f"{path}: this is {kind}, not text",
                hint="export it as CSV, or say format: parquet",
                code=ErrorCode.FILE_UNREADABLE,
            )
    if path.suffix.lower() in (".gz", ".zst") and head:
        raise InputError(
            f"{path}: named {path.suffix} but its content is not compressed so",
            hint="rename it or compress it again",
            code=ErrorCode.FILE_UNREADABLE,
        )


class _Replayed:
    """A reader that gives back the first bytes again."""

    def __init__(self, head: bytes, disk: DiskReader) -> None:
        self._head, self._disk = head, disk

    def read(self, size: int = -1) -> bytes:
        if self._head:
            taken = len(self._head) if size < 0 else size
            head, self._head = self._head[:taken], self._head[taken:]
            return head
        return self._disk.read(size)

    def seekable(self) -> bool:
        return False


def _gunzip(path: Path, disk: DiskReader, head: bytes) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=_Replayed(head, disk)) as stream:  # type: ignore[call-overload]
            while chunk := stream.read(CHUNK):
                yield chunk
    except EOFError as error:
        raise _cut(path) from error
    except (OSError, zlib.error) as error:
        raise _damaged(path) from error


def _unzstd(path: Path, disk: DiskReader, head: bytes) -> Iterator[bytes]:
    # Frame by frame: the library's own stream reader takes a file that ends inside a frame for whole.
    context = zstandard.ZstdDecompressor(max_window_size=1 << 31)
    frame, data = context.decompressobj(), head
    started = False
    try:
        while data:
            started = True
            if chunk := frame.decompress(data):
                yield chunk
            if frame.eof:
                data, frame, started = frame.unused_data, context.decompressobj(), False
                if data:
                    continue
            data = disk.read(CHUNK)
    except zstandard.ZstdError as error:
        raise _damaged(path) from error
    if started:
        raise _cut(path)


def _cut(path: Path) -> InputError:
    return InputError(
        f"{path}: the compressed file ends too early", hint="copy or export it again", code=ErrorCode.FILE_UNREADABLE
    )


def _damaged(path: Path) -> InputError:
    return InputError(
        f"{path}: the compressed data is damaged", hint="copy or export it again", code=ErrorCode.FILE_UNREADABLE
    )
