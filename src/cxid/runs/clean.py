"""What may go from the project's folder, with the room that it takes; never the published run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxid.runs import disk, publish
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home
from cxid.runs.results import load_results


@dataclass(frozen=True)
class Removable:
    """One thing that may go: what it is, why nobody needs it, the bytes that its removal frees."""

    path: Path
    kind: str  # old run, unfinished run, account, leftover, crash file
    name: str
    reason: str
    bytes: int
    keeps_account: bool = False  # of the run's folder only the data goes


def removable(home: Home, keep: int = publish.KEEP_RUNS) -> list[Removable]:
    """What may go when `keep` published runs stay, the current one included. Oldest runs first, then leftovers."""
    return [*_old_runs(home, keep), *_unpublished(home, keep), *_leftovers(home)]


def _old_runs(home: Home, keep: int) -> Iterator[Removable]:
    current = home.published_id()
    others = [r for r in publish.published_ids(home) if r != current]
    stays = others[len(others) - (keep - 1) :] if keep > 1 else []
    for run_id in others:
        if run_id not in stays:
            path = home.run_dir(run_id)
            yield Removable(path, "old run", run_id, "published before; cannot be gone back to then", _size(path))


def _unpublished(home: Home, keep: int) -> Iterator[Removable]:
    """Runs that were never published: the accounts of the last `keep` stay, the data of none."""
    published = {*publish.published_ids(home), home.published_id()}
    failed = [p for p in home.run_dirs() if p.name not in published]
    for path in failed[: max(len(failed) - keep, 0)]:
        yield Removable(
            path, "account", path.name, f"{_status(path)}; its account is older than the last {keep}", _size(path)
        )
    for path in failed[max(len(failed) - keep, 0) :]:
        folder = RunFolder(path)
        size = _size(path) - sum(_size(p) for p in (folder.manifest, folder.results, folder.log))
        if any(p.exists() for p in (folder.stages, folder.output, folder.work, folder.path / "output.part")):
            reason = f"{_status(path)}; a build of the same inputs could go on from it"
            yield Removable(path, "unfinished run", path.name, reason, size, keeps_account=True)


def _status(path: Path) -> str:
    results = load_results(RunFolder(path).results, path.name)
    status = results.status if results else "running"
    return "killed" if status == "running" else status  # nobody holds the lock but us


def _leftovers(home: Home) -> Iterator[Removable]:
    current = home.published_dir()
    places = [*disk.leftovers(home.runs), home.folder / "replaced-output", *sorted(home.folder.glob("*.part"))]
    for run in home.run_dirs():
        if run == current or run.name in publish.published_ids(home):
            places += [run / "work", run / "output.part", *sorted(run.glob("*.part"))]
    for path in places:
        if path.exists() or path.is_symlink():
            yield Removable(
                path, "leftover", str(path.relative_to(home.folder)), "of a command that was killed", _size(path)
            )
    for path in sorted(home.folder.glob("crash-*.txt")):
        yield Removable(path, "crash file", path.name, "written for a bug report", _size(path))


def _size(path: Path) -> int:
    """Bytes that its removal frees: a file of two names counts once, and not at all when the other is elsewhere."""
    names: dict[tuple[int, int], int] = {}
    files = {}
    for file in [path] if path.is_file() or path.is_symlink() else path.rglob("*"):
        told = file.lstat()
        if not file.is_dir() or file.is_symlink():
            place = (told.st_dev, told.st_ino)
            names[place] = names.get(place, 0) + 1
            files[place] = told
    return sum(told.st_size for place, told in files.items() if told.st_nlink <= names[place])


def remove_all(things: Sequence[Removable]) -> None:
    """Remove them, each whole or not at all. For the lock's holder."""
    for thing in things:
        if thing.keeps_account:
            publish.settle(RunFolder(thing.path))
        elif thing.kind in ("old run", "account"):
            disk.discard(thing.path)
        else:
            disk.remove(thing.path)
