"""What a build takes over from the run before: rows of which everything that they were computed from is equal.

A stage is a pure function of its tables and its part of the config, so a row computed anew from the same things is
the same row. A build that takes nothing over runs the same code over everything; `--full-refresh` asks for that.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cxid.engine.base import Engine
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.inputs import code_digest
from cxid.runs.results import TableFile, load_results
from cxid.sql import load

RECORD, NORM, EVENT = "unchanged_record", "unchanged_norm", "unchanged_event"
UNCHANGED = (RECORD, NORM, EVENT)
_FIRST, _COMPARED = "sources", "normalise"  # whose rows tell what is unchanged
_RULES = "norm_rule"  # what normalise learned from all records: where it moved, any record may be another
_HERE = ("record", "source_file", "quarantine")
_BEFORE = {"earlier_record_row": "record", "earlier_source_file": "source_file", "earlier_quarantine": "quarantine"}


@cache
def program() -> str:
    """Digest of all that computes: cxid's own modules, the libraries that it names, Python."""
    needs = sorted({need.split(";")[0] for need in metadata.requires("cxid") or () if "extra ==" not in need})
    names = ["".join(c for c in need.split("[")[0] if c.isalnum() or c in "-_. ").split()[0] for need in needs]
    libraries = {name: _version(name) for name in names}
    return digest({"code": code_digest(), "libraries": libraries, "python": platform.python_version()})


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def digest(content: Any) -> str:
    """sha256 of values of a config; where the project lies does not count."""
    return hashlib.sha256(json.dumps(_plain(content), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True))
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return [[_plain(k), _plain(v)] for k, v in value.items()]  # order may matter: of fields, of sources
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_plain(v), ensure_ascii=False) for v in value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Path):
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


@dataclass
class Reuse:
    """What the run in `folder` may take over from the run in `earlier`, None when nothing."""

    engine: Engine
    folder: RunFolder
    earlier: RunFolder | None = None
    stages: frozenset[str] = frozenset()  # whose code and config are those of the run before
    _files: Mapping[str, TableFile] = field(default_factory=dict)
    _whole: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def between(cls, engine: Engine, folder: RunFolder, earlier: Path | None, bases: Mapping[str, str]) -> Reuse:
        """What may be taken over from the run whose tables lie in `earlier`, by the bases that its manifest names."""
        before = RunFolder(earlier.parent) if earlier is not None else None
        results = load_results(before.results, before.run_id) if before else None
        if before is None or results is None:
            return cls(engine, folder)
        known = (disk.read_json(before.manifest) or {}).get("bases")
        equal = {s for s, basis in bases.items() if isinstance(known, dict) and known.get(s) == basis}
        if _FIRST not in equal:
            return cls(engine, folder)
        tables = {name: file for stage in results.stages for name, file in stage.tables.items()}
        return cls(engine, folder, before, frozenset(equal), tables)

    def open(self, stage: str, views: Mapping[str, str]) -> frozenset[str]:
        """The names that the stage may read of the run before, made readable: all of `views`, or none.

        `views`: name here -> table there. After the sources, the tables of UNCHANGED are among them.
        """
        before = self.earlier
        if before is None or not views or stage not in self.stages:
            return frozenset()
        wanted = dict(views) if stage == _FIRST else {**views, **_BEFORE}
        if not all(self._is_whole(table) for table in wanted.values()):
            return frozenset()
        for here, there in wanted.items():
            self.engine.view(here, before.table(there))
        if stage == _FIRST:
            return frozenset(views)
        self._tell_unchanged(compared=stage != _COMPARED)
        return frozenset(views) | frozenset(UNCHANGED if stage != _COMPARED else (RECORD, EVENT))

    def _is_whole(self, table: str) -> bool:
        """Whether a table of the run before has the bytes that it was written with: a fault would live on for ever."""
        if table not in self._whole:
            path, file = (self.earlier or self.folder).table(table), self._files.get(table)
            self._whole[table] = (
                file is not None
                and path.is_file()
                and path.stat().st_size == file.bytes
                and disk.digest(path) == file.sha256
            )
        return self._whole[table]

    def _tell_unchanged(self, *, compared: bool) -> None:
        """The tables of UNCHANGED, as far as they can be known, and unless they are there."""
        known = self.engine.tables()
        if RECORD not in known:
            for name in _HERE:
                if name not in known:
                    self.engine.read(name, self.folder.table(name))
            self.engine.run(RECORD, load("reuse", RECORD))
            self.engine.run(EVENT, load("reuse", EVENT))
            self.engine.drop(*(name for name in _HERE if name not in known))
        if compared and NORM not in known:
            kept = "" if self._is_compared_alike() else " WHERE FALSE"
            self.engine.run(NORM, f"SELECT record_no, earlier_record_no FROM {RECORD}{kept}")

    def _is_compared_alike(self) -> bool:
        now, file = self.folder.table(_RULES), self._files.get(_RULES)
        return _COMPARED in self.stages and file is not None and now.is_file() and disk.digest(now) == file.sha256
