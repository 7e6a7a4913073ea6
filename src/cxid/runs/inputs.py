"""What goes into a run: the config, every input file, the versions. The same inputs give the same run id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from cxid.errors import InputError
from cxid.files.paths import find_files, shown_path
from cxid.runs import disk


@dataclass(frozen=True, order=True)
class InputFile:
    """One input file. `sha256` is '' when it cannot be read: the sources stage then says why."""

    source: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Inputs:
    """Everything that decides the outputs of a run, except the run before it."""

    config_sha256: str
    files: tuple[InputFile, ...]
    as_of: str | None
    versions: Mapping[str, str]
    decisions_sha256: str = ""  # '' without decisions

    def fingerprint(self, previous: str | None = None) -> str:
        """sha256 over all of it, and over the id of the published run before when given."""
        return _sha256_of({**self.as_json(), "previous": previous})

    def as_json(self) -> dict[str, Any]:
        return {
            "config_sha256": self.config_sha256,
            "files": [asdict(f) for f in self.files],
            "as_of": self.as_of,
            "decisions_sha256": self.decisions_sha256,
            "versions": dict(self.versions),
        }

    def run_id(self, number: int, previous: str | None, *, refit: bool = False) -> str:
        """The id of the run that these inputs make after run `previous`, or with the model learned anew."""
        made = self.fingerprint(previous)
        return f"r{number:04d}-{(_sha256_of([made, 'refit']) if refit else made)[:8]}"


def _sha256_of(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def config_digest(resolved: Any) -> str:
    """sha256 of the resolved config (as JSON values): comments, order of keys and spelling do not count."""
    return _sha256_of(resolved)


def digest_files(
    root: Path, patterns: Mapping[str, Iterable[str]], told: Callable[[int, int, str], None] = lambda *_: None
) -> tuple[InputFile, ...]:
    """Every input file of every source with its digest, in order. Reads each file once, as a stream.

    A source whose files are missing has none here: the sources stage then says which. `told` hears how many bytes of
    all are read.
    """
    found: list[tuple[str, Path]] = []
    for source, wanted in patterns.items():
        with suppress(InputError):
            found += [(source, path) for path in find_files(root, wanted)]
    total, done = sum(_size(path) for _, path in found), 0

    def read(size: int) -> None:
        nonlocal done
        done += size
        told(done, total, "bytes")

    return tuple(sorted(_input_file(root, source, path, read) for source, path in found))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _input_file(root: Path, source: str, path: Path, told: Callable[[int], None]) -> InputFile:
    name = shown_path(root, path)
    try:
        return InputFile(source, name, path.stat().st_size, disk.digest(path, told))
    except OSError:
        return InputFile(source, name, 0, "")


@cache
def code_digest(parts: tuple[str, ...] = ("",)) -> str:
    """sha256 of cxid's own modules and SQL, or of those parts of it: a changed program is a changed input.

    Parts are paths within cxid, such as `stages/link/`.
    """
    summed = hashlib.sha256()
    for name, part in sorted(_code("cxid", files("cxid"))):
        if not name.startswith(tuple(f"cxid/{p}" for p in parts)):
            continue
        summed.update(name.encode() + b"\0" + part.read_bytes() + b"\0")
    return summed.hexdigest()


def _code(name: str, folder: Traversable) -> Iterable[tuple[str, Traversable]]:
    for part in folder.iterdir():
        inner = f"{name}/{part.name}"
        if part.is_dir():
            if part.name != "__pycache__":
                yield from _code(inner, part)
        elif part.name.endswith((".py", ".sql", ".csv", ".json", ".txt")):
            yield inner, part
