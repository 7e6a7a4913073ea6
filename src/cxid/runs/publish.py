"""From finished tables to published outputs: written and flushed in the run's folder, then one link changes.

The link `.cxid/published` names the published run. The user's output folder is a link through it, so it never needs to
change again, and the two cannot disagree: a reader sees all of the old run or all of the new one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cxid import faults
from cxid.contracts import PUBLISHED, VIEWS
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, ResourceError, UsageError
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home, run_number
from cxid.runs.results import RunResults, load_results
from cxid.sql import load

DATABASE = "cxid.duckdb"
_SETTLED = {"running": "killed", "planned": "dropped"}
KEEP_RUNS = 5  # published runs kept, the current one included; as many of the others
_CSV_GROWTH = 4  # a CSV file is up to about four times its Parquet file
_NAMES = {f"{t.name}.{ending}" for t in PUBLISHED for ending in ("parquet", "csv")} | {DATABASE}


@dataclass(frozen=True)
class OutputLink:
    """The user's output folder: a link to the output of whichever run is published."""

    path: Path
    home: Home

    @property
    def target(self) -> str:
        """What the link says: relative inside the project, so that the project can be moved."""
        wanted = self.home.pointer / "output"
        place = self.path.parent.resolve()
        return os.path.relpath(wanted, place) if place.is_relative_to(self.home.root) else str(wanted)

    def check(self) -> None:
        """Raises UsageError when something stands there that cxid did not make."""
        root, folder = self.home.root.resolve(), self.home.folder.resolve()
        place = self.path.parent.resolve() / self.path.name
        if root.is_relative_to(place) or place.is_relative_to(folder):
            raise UsageError(
                f"outputs.dir: {self.path} is in use for something else",
                hint="name a folder of its own, such as output",
                code=ErrorCode.FOLDER_UNUSABLE,
            )
        if self.path.is_symlink():
            if not self._is_ours():
                raise self._refusal("is a link that cxid did not make")
        elif self.path.is_dir():
            if os.path.ismount(self.path):
                raise self._refusal("is a mount point, which a link cannot replace")
            if not all(p.name in _NAMES and p.is_file() for p in self.path.iterdir()):
                raise self._refusal("holds files that cxid did not write")
        elif self.path.exists():
            raise self._refusal("is a file")

    def _is_ours(self) -> bool:
        return self.path.readlink().parts[-3:] == (".cxid", "published", "output")

    def _refusal(self, what: str) -> UsageError:
        return UsageError(
            f"outputs.dir: {self.path} {what}",
            hint="move it away, or name another folder in outputs.dir",
            code=ErrorCode.FOLDER_UNUSABLE,
        )

    def make(self) -> None:
        """Put the link in place. A folder of outputs that were copied there gives way to it."""
        target = self.target
        if self.path.is_symlink() and str(self.path.readlink()) == target:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.home.folder / "replaced-output"
        if self.path.is_dir() and not self.path.is_symlink():
            disk.remove(aside)
            faults.hit("output.aside")
            try:
                self.path.rename(aside)
            except OSError as error:  # a mount point, or another file system
                raise self._refusal("cannot be replaced by a link") from error
        disk.swap_link(self.path, target)
        disk.remove(aside)


def write_outputs(
    folder: RunFolder, engine: Engine, formats: Sequence[str], told: Callable[[float, float, str, float], None]
) -> dict[str, dict[str, Any]]:
    """File name -> bytes and sha256 of everything to publish, written into the run's `output` and on the device.

    `told` hears how far it is. Raises ResourceError before writing when the disk has too little room.
    """
    part = folder.path / "output.part"
    disk.remove(part)
    disk.remove(folder.output)
    tables = {t.name: folder.table(t.name) for t in PUBLISHED}
    size = sum(path.stat().st_size for path in tables.values())
    disk.require_space(folder.path, size * (2 + _CSV_GROWTH * ("csv" in formats)), "publishing")
    disk.make_folder(part)
    if "parquet" in formats:
        for path in tables.values():
            faults.hit("output.link")
            os.link(path, part / path.name)
    written = _write_beside(engine, tables if "csv" in formats else {}, tables, part, told)
    written |= {path.name: _described(path) for path in part.iterdir() if path.name not in written}
    disk.sync_folder(part)
    faults.hit("output.rename")
    part.rename(folder.output)
    disk.sync_folder(folder.path)
    return dict(sorted(written.items()))


class _Tally:
    """Tells how many tables are written, by writers that work beside each other: the one behind says how far it is."""

    def __init__(self, outputs: Mapping[str, Iterable[Path]], told: Callable[[float, float, str, float], None]) -> None:
        self._waiting = {writer: set(paths) for writer, paths in outputs.items() if paths}
        every = set[Path]().union(*self._waiting.values())
        self._cost = {path: _cells(path) for path in every}  # 0.1 s a million, whatever is in them
        self._whole = {writer: self._cost_of(paths) for writer, paths in self._waiting.items()}
        self._tables = sum(map(len, self._waiting.values()))
        self._told, self._lock = told, threading.Lock()
        self._tell()

    def add(self, writer: str, path: Path) -> None:
        """A writer has done with the table in `path`."""
        with self._lock:
            self._waiting[writer].discard(path)
            self._tell()

    def _tell(self) -> None:
        left = max(self._cost_of(paths) / max(self._whole[writer], 1) for writer, paths in self._waiting.items())
        waiting = sum(map(len, self._waiting.values()))
        self._told(self._tables - waiting, self._tables, "tables", 1.0 - min(left, 1.0))

    def _cost_of(self, paths: Iterable[Path]) -> int:
        return sum(self._cost[path] for path in paths)


def _cells(path: Path) -> int:
    """Rows times columns of a Parquet file."""
    found = pq.read_metadata(path)
    return int(found.num_rows * found.num_columns)


def _write_beside(
    engine: Engine,
    converted: Mapping[str, Path],
    tables: Mapping[str, Path],
    part: Path,
    told: Callable[[float, float, str, float], None],
) -> dict[str, dict[str, Any]]:
    """Write the CSV files, and beside them the database; neither keeps all processors at work alone.

    What had too little memory beside the other is written once more by itself. Comes back with the CSV files' bytes
    and digests, by name.
    """
    views = {v.name: load("published", v.name) for v in VIEWS}
    faults.hit("output.database")
    tally = _Tally({"csv": converted.values(), "database": tables.values()}, told)
    with engine.beside() as other, ThreadPoolExecutor(2) as pool:
        exported = pool.submit(other.export_database, tables, views, part / DATABASE, partial(tally.add, "database"))
        described: dict[str, Future[dict[str, Any]]] = {}
        left: dict[str, Path] = {}
        try:
            for name, path in converted.items():
                faults.hit("output.csv")
                csv = part / f"{name}.csv"
                try:
                    engine.convert(path, csv)
                except ResourceError:
                    left[name] = path
                    continue
                described[csv.name] = pool.submit(_described, csv)
                tally.add("csv", path)
        except BaseException:
            other.interrupt()
            raise
        is_short = isinstance(exported.exception(), ResourceError)
        if not is_short:
            exported.result()
    for name, path in left.items():
        engine.convert(path, part / f"{name}.csv")
    if is_short:
        engine.export_database(tables, views, part / DATABASE)
    return {name: each.result() for name, each in described.items()}


def _described(path: Path) -> dict[str, Any]:
    """A database file is never the same twice and may be opened for writing, so its digest says nothing."""
    disk.sync_file(path)
    size = path.stat().st_size
    return {"bytes": size} if path.name == DATABASE else {"bytes": size, "sha256": disk.digest(path)}


def point_at(home: Home, folder: RunFolder) -> None:
    """Publish: from one moment to the next, readers see this run."""
    faults.hit("publish.swap")
    disk.swap_link(home.pointer, f"{home.runs.name}/{folder.run_id}")
    faults.hit("publish.swapped")


def repair(home: Home) -> None:
    """Finish what a build that was killed around the swap left undone: the published run says that it is published."""
    current = home.published_dir()
    if current is None:
        return
    folder = RunFolder(current)
    results = load_results(folder.results, folder.run_id)
    if results is not None and results.status != "published":
        results.status, results.error = "published", None
        results.save()
    disk.remove(folder.work)


def is_whole(folder: RunFolder, results: RunResults) -> bool:
    """Every published file is there with the bytes that were written."""
    for name, file in results.outputs.items():
        path = folder.output / name
        if not path.is_file():
            return False
        if "sha256" in file and (path.stat().st_size != file["bytes"] or disk.digest(path) != file["sha256"]):
            return False
    return bool(results.outputs)


def published_ids(home: Home) -> list[str]:
    """Runs that are or were published, oldest first."""
    current = home.published_id()
    found = []
    for path in home.run_dirs():
        results = load_results(RunFolder(path).results, path.name)
        if path.name == current or (results is not None and results.status == "published"):
            found.append(path.name)
    return found


def clear_old(home: Home, keep: str) -> None:
    """Remove published runs beyond the last five, never the current one; of unpublished ones keep only the account."""
    for left in disk.leftovers(home.runs):
        disk.remove(left)
    current, published = home.published_id(), published_ids(home)
    for run_id in published[:-KEEP_RUNS]:
        if run_id not in (current, keep):
            faults.hit("retention.remove")
            disk.discard(home.run_dir(run_id))
    clear_unpublished(home, keep)


def clear_unpublished(home: Home, keep: str) -> None:
    """Keep only the account of runs that were not published, of the last five; `keep` stays as it is."""
    published = published_ids(home)
    failed = [p for p in home.run_dirs() if p.name not in published and p.name != keep]
    for path in failed:
        faults.hit("retention.shrink")
        settle(RunFolder(path))
    for path in failed[:-KEEP_RUNS]:
        disk.discard(path)


def settle(folder: RunFolder) -> None:
    """Nobody will finish this run: keep its account, and say so where it claims to be running or planned."""
    folder.shrink()
    results = load_results(folder.results, folder.run_id)
    if results is not None and (status := _SETTLED.get(results.status)):
        results.status = status
        results.save()


def next_number(home: Home) -> int:
    """One more than the highest number that was published."""
    known = [*published_ids(home), *([current] if (current := home.published_id()) else [])]
    return max((run_number(run_id) for run_id in known), default=0) + 1
