"""Files that are whole or not there: written beside, flushed to the device, then renamed; private to the user."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cxid import faults
from cxid.errors import ErrorCode, ResourceError, UsageError

_CHUNK = 1 << 20
_GONE = ".gone"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def private_umask() -> Iterator[None]:
    """Whatever is created inside is readable by its owner alone: files 0600, folders 0700."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def translated(place: Path) -> Iterator[None]:
    """Errors of the file system as ours: a full or broken disk is a ResourceError, a closed door a UsageError."""
    try:
        yield
    except ResourceError as error:
        if error.message != "no space left on the device":
            raise
        raise _full(place) from error
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(place)
        if error.errno in _FULL:
            raise _full(place) from error
        if error.errno == errno.EIO:
            raise ResourceError(
                f"{where}: the disk reports an input/output error",
                hint="check the disk, then run again",
                code=ErrorCode.DISK_FAULT,
            ) from error
        if error.errno in _FORBIDDEN:
            raise UsageError(
                f"{where}: no permission to write or read here",
                hint=f"give this user access to {place}",
                code=ErrorCode.NO_PERMISSION,
            ) from error
        raise


def _full(place: Path) -> ResourceError:
    return ResourceError(
        "no space left on the device",
        hint=f"free disk space where {place} lies and run again",
        code=ErrorCode.DISK_FULL,
    )


def make_folder(path: Path) -> Path:
    """The folder, made with its parents when missing, mode 0700."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def sync_file(path: Path) -> None:
    """Return when the file's bytes are on the device."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Return when the folder's list of names is on the device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, content: Any, *, fault: str) -> None:
    """Write `content` as JSON with sorted keys; a reader sees the old file or the new one. `fault` names the place."""
    text = json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    write_bytes(path, text.encode(), fault=fault)


def write_bytes(path: Path, content: bytes, *, fault: str, mode: int = 0o600) -> None:
    """Write the file anew, with that mode; a reader sees the old file or the new one. `fault` names the place."""
    part = path.with_name(path.name + ".part")
    faults.hit(f"{fault}.write")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        faults.hit(f"{fault}.rename")
        part.replace(path)
    except OSError:  # a full disk needs the room back
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    faults.hit(f"{fault}.renamed")


def read_json(path: Path) -> dict[str, Any] | None:
    """The file's object; None when it is missing or is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def digest(path: Path, told: Callable[[int], None] = lambda _: None) -> str:
    """sha256 of the file's bytes, in hex. `told` hears of each part by its bytes."""
    summed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            summed.update(chunk)
            told(len(chunk))
    return summed.hexdigest()


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raises ResourceError when fewer than `needed` bytes are free where `folder` lies."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ResourceError(
            f"{what} needs about {needed / 1e6:.0f} MB and {free / 1e6:.0f} MB are free",
            hint=f"free disk space where {folder} lies and run again",
            code=ErrorCode.DISK_FULL,
        )


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; nothing happens when it is not there."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    elif path.is_dir():
        shutil.rmtree(path)


def discard(folder: Path) -> None:
    """Remove a folder so that whoever looks sees all of it or nothing, also when we are killed on the way.

    What a kill leaves lies beside it as <name>.gone, see `leftovers`.
    """
    gone = folder.with_name(folder.name + _GONE)
    remove(gone)
    faults.hit("discard.aside")
    folder.rename(gone)
    sync_folder(folder.parent)
    faults.hit("discard.remove")
    remove(gone)


def leftovers(folder: Path) -> list[Path]:
    """Folders in `folder` that were being discarded when the process was killed."""
    return sorted(folder.glob("*" + _GONE)) if folder.is_dir() else []


def swap_link(link: Path, target: str) -> None:
    """Make `link` point at `target` in one step: a reader follows the old link or the new one."""
    beside = link.with_name(link.name + ".part")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    faults.hit("link.rename")
    beside.replace(link)
    sync_folder(link.parent)
