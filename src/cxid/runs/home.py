"""The project's own folder, `.cxid`: where runs, state and the lock lie, and which run is published.

`.cxid/published` is a link to the published run and the only record of it: one rename publishes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cxid.errors import ErrorCode, StateVersionError, UsageError
from cxid.runs import disk

STATE_VERSION = 1
_REFUSED_IN_PATHS = {"?", "\\"}  # the engine takes ? for the start of options and turns \ into /
RUN_ID = re.compile(r"r(\d{4,})-([0-9a-f]{8})")


@dataclass(frozen=True)
class Home:
    """The folder `.cxid` of the project at `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".cxid"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def pointer(self) -> Path:
        return self.folder / "published"

    def make(self) -> None:
        """Make the folders, private. Any number of builds may do so at once. Raises as `check_version` does."""
        if odd := sorted(set(str(self.root)) & _REFUSED_IN_PATHS):
            raise UsageError(
                f"{self.root}: the database cannot open files in a folder with {' or '.join(odd)} in its path",
                hint="move or rename the project's folder",
                code=ErrorCode.FOLDER_UNUSABLE,
            )
        self.check_version()
        for folder in (self.folder, self.runs, self.state):
            mode = disk.make_folder(folder).stat().st_mode
            if mode & 0o077:  # taken from others; who closed it to himself means that, too
                folder.chmod(mode & 0o700)

    def _check_folder(self) -> None:
        """Raises UsageError when something else stands where the state lies."""
        if self.folder.is_symlink() and not self.folder.exists():
            raise UsageError(
                f"{self.folder}: is a link to nowhere",
                hint="remove it, or put back what it points at",
                code=ErrorCode.FOLDER_UNUSABLE,
            )
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(
                f"{self.folder}: is a file, and cxid keeps its state in a folder of this name",
                hint="move it away",
                code=ErrorCode.FOLDER_UNUSABLE,
            )

    def sign(self) -> None:
        """Name the version of the state, and keep the folder out of git; for the holder of the lock."""
        ignored = self.folder / ".gitignore"  # customers' data must not slip into a commit
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
            ignored.chmod(0o600)
        if not self._version_file.exists():
            disk.write_json(self._version_file, {"version": STATE_VERSION}, fault="version")

    def check_version(self) -> None:
        """Raises StateVersionError when a newer cxid wrote the state, or when nobody can tell.

        UsageError when something else stands where the state lies.
        """
        self._check_folder()
        if not self._version_file.exists():
            return
        found = (disk.read_json(self._version_file) or {}).get("version")
        if not isinstance(found, int) or found > STATE_VERSION or found < 1:
            written = f"version {found}" if isinstance(found, int) else "an unknown version"
            raise StateVersionError(
                f"{self.state}: written in state format {written}, this cxid reads up to {STATE_VERSION}",
                hint="use the newer cxid that wrote it, or move .cxid away to start afresh",
            )

    @property
    def _version_file(self) -> Path:
        return self.state / "version"

    def run_dir(self, run_id: str) -> Path:
        return self.runs / run_id

    def run_dirs(self) -> list[Path]:
        """Folders of runs, oldest number first."""
        if not self.runs.is_dir():
            return []
        found = [p for p in self.runs.iterdir() if RUN_ID.fullmatch(p.name) and p.is_dir()]
        return sorted(found, key=lambda p: (run_number(p.name), p.name))

    def published_id(self) -> str | None:
        """The run that the pointer names, also when its folder is gone; None before the first."""
        if not self.pointer.is_symlink():
            return None
        name = self.pointer.readlink().name
        return name if RUN_ID.fullmatch(name) else None

    def published_dir(self) -> Path | None:
        """The folder of the published run; None when there is none, or when somebody removed it."""
        name = self.published_id()
        folder = self.run_dir(name) if name else None
        return folder if folder and folder.is_dir() else None


def run_number(run_id: str) -> int:
    """The number in a run's id."""
    found = RUN_ID.fullmatch(run_id)
    return int(found[1]) if found else 0
