"""The runs that a project knows: which there are, the way back to one, what of them may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.config.model import Config
from cxid.diff import choosing
from cxid.errors import ErrorCode, UsageError
from cxid.notebook import Listing, Shown, Table
from cxid.runs import disk, lock, publish
from cxid.runs.clean import Removable, removable, remove_all
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home, run_number
from cxid.runs.results import load_results
from cxid.runs.rollback import Rollback, roll_back
from cxid.runs.signals import stoppable


@dataclass(frozen=True)
class RunInfo:
    """One run of the past or of now.

    Status: published, planned, dropped (a plan whose data gave way to another run), running, killed, gate_failed,
    failed, interrupted or terminated.
    """

    run_id: str
    status: str
    is_current: bool
    started_at: str
    seconds: float
    run_dir: Path
    counts: Mapping[str, int]
    error: str


class Runs(Listing[RunInfo]):
    """The runs that a project still knows, newest first."""

    @property
    def headline(self) -> str:
        published = next((run.run_id for run in self if run.is_current), "none")
        return f"{len(self):,} run{'' if len(self) == 1 else 's'}, published: {published}"

    def to_list(self) -> list[dict[str, Any]]:
        names = ("run_id", "status", "is_current", "started_at", "seconds", "counts", "error")
        return [{**{name: getattr(run, name) for name in names}, "counts": dict(run.counts)} for run in self]

    def tables(self) -> Iterable[Table]:
        rows = ((r.run_id, r.status, r.started_at, r.seconds, r.counts.get("customers"), r.error) for r in self)
        return [Table("", ("run", "status", "started", "seconds", "customers", "error"), rows)]


def runs(config: Config) -> Runs:
    """The runs that the project still knows, newest first."""
    return Runs(reversed(list_runs(config)))


def list_runs(config: Config) -> list[RunInfo]:
    """The runs that the project still knows, oldest first."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        current, busy = home.published_id(), lock.is_held(home.lock)
        found = [_run_info(RunFolder(path), current, busy) for path in home.run_dirs()]
    return sorted(found, key=lambda run: (run_number(run.run_id), run.is_current, run.started_at))


def _run_info(folder: RunFolder, current: str | None, busy: bool) -> RunInfo:
    results = load_results(folder.results, folder.run_id)
    is_current = folder.run_id == current
    status = results.status if results else "running"
    if is_current:
        status = "published"
    elif status == "running" and not busy:
        status = "killed"
    return RunInfo(
        run_id=folder.run_id,
        status=status,
        is_current=is_current,
        started_at=results.started_at if results else "",
        seconds=results.seconds if results else 0.0,
        run_dir=folder.path,
        counts=results.counts if results else {},
        error=results.reason.split("\n", 1)[0] if results else "",
    )


def choose_runs(config: Config, before: str | None = None, after: str | None = None) -> tuple[Path, Path]:
    """The folders of two runs to compare: those named, by default the published run and the one before it.

    Raises UsageError where a name fits no run or several, or where there is no run before.
    """
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        return choosing.choose_runs(home, before, after)


def rollback(config: Config, run: str | None = None) -> Rollback:
    """Publish an earlier run again, ids and outputs: the run named, or the last one before the published one.

    The next build goes on from it. Raises UsageError when there is no such run, InputError when its files are not
    those that it wrote, LockError while a build is at work; what was published then stays.
    """
    home = Home(config.root.resolve())
    link = publish.OutputLink(home.root / config.outputs.dir, home)
    told = stoppable("run `cxid runs` to see which run is published", "the published run is as it was")
    with disk.translated(home.root), disk.private_umask(), told as stop:
        home.check_version()
        _require_build(home)
        with lock.held(home.lock):
            link.check()
            publish.repair(home)
            return roll_back(home, link, run, stop.seal)


def _require_build(home: Home) -> None:
    if home.published_id() is None:
        raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD)


def list_removable(config: Config, keep: int = publish.KEEP_RUNS) -> list[Removable]:
    """What `clean` would remove when `keep` published runs stay; never the published one. LockError during a build."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        if not home.folder.is_dir():
            return []
        with lock.held(home.lock):
            return removable(home, keep)


def clean(config: Config, things: Sequence[Removable], keep: int = publish.KEEP_RUNS) -> list[Removable]:
    """Remove those of `things` that may still go; what was removed comes back. Raises LockError during a build."""
    home = Home(config.root.resolve())
    with disk.translated(home.root), disk.private_umask():
        home.check_version()
        with lock.held(home.lock):
            wanted = {(thing.path, thing.kind) for thing in things}
            going = [thing for thing in removable(home, keep) if (thing.path, thing.kind) in wanted]
            remove_all(going)
            return going


@dataclass(frozen=True, repr=False)
class Cleaning(Shown):
    """What may go from .cxid, or went."""

    things: tuple[Removable, ...]
    is_removed: bool

    @property
    def headline(self) -> str:
        size = sum(thing.bytes for thing in self.things) / 1e6
        what = "removed" if self.is_removed else "may go; yes=True removes it" if self.things else "nothing to remove"
        return f"{len(self.things):,} thing{'' if len(self.things) == 1 else 's'}, {size:,.1f} MB: {what}"

    def to_list(self) -> list[dict[str, Any]]:
        """The list that the command writes with `--format json`."""
        names = ("kind", "name", "bytes", "reason")
        return [{**{n: getattr(t, n) for n in names}, "removed": self.is_removed} for t in self.things]

    def tables(self) -> Iterable[Table]:
        rows = ((t.kind, t.name, t.bytes, t.reason) for t in self.things)
        return [Table("", ("kind", "name", "bytes", "reason"), rows)]


def tidy(config: Config, *, keep: int = publish.KEEP_RUNS, yes: bool = False) -> Cleaning:
    """What may go when `keep` published runs stay; with `yes` it is removed, and what went comes back."""
    things = list_removable(config, keep)
    return Cleaning(tuple(clean(config, things, keep) if yes and things else things), yes)
