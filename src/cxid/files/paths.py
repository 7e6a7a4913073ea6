"""Which files a path or glob of the config means."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from cxid.errors import ErrorCode, InputError


def find_files(root: Path, patterns: Iterable[str]) -> tuple[Path, ...]:
    """Every file that `patterns` name, each once, in the byte order of their shown names.

    A file that exists under the very name is meant literally, also when the name holds `*` or `[`.
    Raises InputError naming the first pattern that matches nothing.
    """
    found: dict[str, Path] = {}
    for pattern in patterns:
        for path in _matches(root, pattern):
            found.setdefault(shown_path(root, path), path)
    return tuple(found[name] for name in sorted(found, key=os.fsencode))


def shown_path(root: Path, path: Path) -> str:
    """The path as users see it: relative to the project, with forward slashes."""
    return Path(os.path.relpath(path, root)).as_posix()


def input_folders(root: Path, patterns: Iterable[str]) -> set[Path]:
    """The real folders that hold the input files, symlinks followed: what the engine must be let into."""
    folders: set[Path] = set()
    for pattern in patterns:
        with suppress(OSError):  # a closed folder: who reads the file says so
            for path in [root / pattern, *_globbed(root, pattern)]:
                if path.is_file():
                    folders |= {path.parent.resolve(), path.resolve().parent}
    return folders


def _globbed(root: Path, pattern: str) -> list[Path]:
    # Not Path.glob: the pattern may be absolute.
    return [root / name for name in glob.glob(pattern, root_dir=root, recursive=True)]  # noqa: PTH207


def _matches(root: Path, pattern: str) -> list[Path]:
    literal = root / pattern
    try:
        if literal.is_file():
            return [literal]
        if literal.is_dir():
            raise InputError(
                f"{pattern}: is a folder, not a file",
                hint=f"name its files, for example {pattern.rstrip('/')}/*.csv",
                code=ErrorCode.FILE_UNREADABLE,
            )
        found = [p for p in _globbed(root, pattern) if p.is_file()]
    except OSError as error:  # a folder on the way is closed, a name is too long
        reason = (error.strerror or "failed").lower()
        raise InputError(
            f"{pattern}: cannot be opened: {reason}",
            hint="check the path and its permissions",
            code=ErrorCode.FILE_UNREADABLE,
        ) from error
    if not found:
        kind = "no file matches" if glob.has_magic(pattern) else "no such file"
        raise InputError(f"{pattern}: {kind}", hint=_where_it_may_be(root, pattern), code=ErrorCode.FILE_MISSING)
    return found


def _where_it_may_be(root: Path, pattern: str) -> str:
    """Where to look for a file that is not there: names like it in its folder, and where paths start."""
    if "\\" in pattern:
        return f"write the path with forward slashes; paths start from the config's folder, {root}"
    folder = (root / pattern).parent
    try:
        names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    except OSError:
        names = []
    close = get_close_matches(Path(pattern).name, names, n=2, cutoff=0.6)
    shown = " or ".join(shown_path(root, folder / name) for name in close)
    asked = f"did you mean {shown}? " if close else ""
    return f"{asked}paths start from the config's folder, {root}"
