"""Back to an earlier run, ids and outputs alike: its files are checked, one link changes, what readers see is checked.

A run's folder holds all that the next build reads of the run before, so that the link is all there is to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.errors import ErrorCode, InputError, UsageError
from cxid.notebook import Document, Table
from cxid.runs import disk, publish
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home, run_number
from cxid.runs.journal import Journal
from cxid.runs.results import RunResults, load_results

_FAULTS_TOLD = 5


@dataclass(frozen=True, repr=False)
class Rollback(Document):
    """A change of the published run from `before` to `folder`; `results` are those of the run gone back to.

    `counts_before` are those of the run before, {} when its folder is gone; `files` were checked by digest.
    """

    before: str
    folder: RunFolder
    results: RunResults
    counts_before: Mapping[str, int]
    files: int

    @property
    def headline(self) -> str:
        return f"published {self.folder.run_id} again, in the place of {self.before}"

    def to_dict(self) -> dict[str, Any]:
        told = {"run_id": self.folder.run_id, "before": self.before, "started_at": self.results.started_at}
        return {**told, "counts": dict(self.results.counts), "counts_before": dict(self.counts_before)}

    def tables(self) -> Iterable[Table]:
        rows = ((name, now, self.counts_before.get(name)) for name, now in self.results.counts.items())
        return [Table("", ("count", "now", "before"), rows)]


def roll_back(home: Home, link: publish.OutputLink, run: str | None, seal: Callable[[], None]) -> Rollback:
    """Publish an earlier run again: the one named, or the last one before the published one. For the lock's holder.

    `seal` is called when it is too late to stop.
    Raises UsageError when there is no such run, InputError when its files are not those that it wrote; the published
    run then stays.
    """
    current = home.published_id()
    if current is None:
        raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD)
    folder = RunFolder(home.run_dir(_chosen(home, current, run)))
    results = load_results(folder.results, folder.run_id)
    _refuse_damage(folder.run_id, list(damage(folder, results)))
    assert results is not None  # a run without results counts as damaged
    seal()
    publish.point_at(home, folder)
    link.make()
    if seen := list(damage(RunFolder(home.pointer), results)) + _unseen(link, folder):
        if home.run_dir(current).is_dir():
            publish.point_at(home, RunFolder(home.run_dir(current)))
        _refuse_damage(folder.run_id, seen)
    journal = Journal(folder.log)
    journal.write("rolled_back", to=folder.run_id, before=current)
    journal.close()
    left = load_results(RunFolder(home.run_dir(current)).results, current)
    files = sum(len(s.tables) for s in results.stages) + sum("sha256" in file for file in results.outputs.values())
    return Rollback(current, folder, results, left.counts if left else {}, files)


def _chosen(home: Home, current: str, run: str | None) -> str:
    published = [run_id for run_id in publish.published_ids(home) if home.run_dir(run_id).is_dir()]
    if run is None:
        earlier = [r for r in published if run_number(r) < run_number(current)]
        if not earlier:
            kept = ", ".join(r for r in published if r != current)
            raise UsageError(
                f"no run before {current} is kept",
                hint=f"name one of {kept}" if kept else "`cxid runs` lists the runs",
                code=ErrorCode.RUN_UNKNOWN,
            )
        return earlier[-1]
    found = [r for r in published if r == run] or [r for r in published if r.startswith(run)]
    if len(found) != 1:
        known = [p.name for p in home.run_dirs() if p.name.startswith(run)]
        what = f'"{run}" fits {len(found)} runs' if found else f'no run "{run}"'
        if not found and known:
            what = f"run {known[0]} was never published"
        raise UsageError(
            what,
            hint="`cxid runs` lists them; those of status published can be gone back to",
            code=ErrorCode.RUN_UNKNOWN,
        )
    if found[0] == current:
        raise UsageError(
            f"run {current} is the published one already",
            hint="`cxid runs` lists the others",
            code=ErrorCode.RUN_UNKNOWN,
        )
    return found[0]


def damage(folder: RunFolder, results: RunResults | None) -> Iterator[str]:
    """What is not as the run wrote it: tables by size and digest, published files too, the database by being there."""
    if results is None or not results.outputs or not results.stages:
        yield "run_results.json"
        return
    for stage in results.stages:
        for name, table in stage.tables.items():
            if not _is(folder.table(name), table.bytes, table.sha256):
                yield f"tables/{name}.parquet"
    for name, file in results.outputs.items():
        path = folder.output / name
        if not (_is(path, file["bytes"], file["sha256"]) if "sha256" in file else path.is_file()):
            yield f"output/{name}"


def _is(path: Path, size: int, sha256: str) -> bool:
    return path.is_file() and path.stat().st_size == size and disk.digest(path) == sha256


def _unseen(link: publish.OutputLink, folder: RunFolder) -> list[str]:
    """The output folder, when it does not show this run."""
    return [] if link.path.resolve() == folder.output.resolve() else [link.path.name]


def _refuse_damage(run_id: str, faults: list[str]) -> None:
    if not faults:
        return
    more = f" and {len(faults) - _FAULTS_TOLD} more" if len(faults) > _FAULTS_TOLD else ""
    raise InputError(
        f"run {run_id} cannot be gone back to: not as it was written: {', '.join(faults[:_FAULTS_TOLD])}{more}",
        hint="the published run stays; choose another one of `cxid runs`",
        code=ErrorCode.RUN_DAMAGED,
    )
