"""This machine and this project, with what to do for each finding."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from cxid import __version__
from cxid.config.loading import load_config
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import CxidError
from cxid.notebook import Listing
from cxid.runs import lock, machine
from cxid.runs.home import Home

_LIBRARIES = ("duckdb", "pyarrow", "numpy", "scipy", "pydantic", "recordlinkage", "phonenumberslite", "typer", "rich")
_LITTLE_MEMORY = 2 << 30
_LITTLE_DISK = 2 << 30
_Look = Callable[[Path, str | None], Iterator["Check"]]


@dataclass(frozen=True)
class Check:
    """One finding. Status: ok, warning or error; `next` says what to do about the latter two."""

    name: str
    status: str
    detail: str
    next: str = ""


class Checks(Listing[Check]):
    """What was looked at on this machine and in this project."""

    @property
    def errors(self) -> int:
        """How many will stop a build."""
        return sum(check.status == "error" for check in self)

    @property
    def warnings(self) -> int:
        """How many are good to know."""
        return sum(check.status == "warning" for check in self)

    @property
    def headline(self) -> str:
        return f"{self.errors or 'nothing'} to mend, {self.warnings} to know"

    def to_list(self) -> list[dict[str, Any]]:
        return [asdict(check) for check in self]


def doctor(project: Path = Path(), target: str | None = None) -> Checks:
    """Versions, memory, processors, disk, locale, the engine; of a project also its config, state and lock."""
    return Checks(check for look in _LOOKS for check in _safely(look, project, target))


def _folder(project: Path) -> Path:
    return project.parent if project.is_file() else project


def _safely(look: _Look, project: Path, target: str | None) -> Iterator[Check]:
    """The findings of one look; a look that fails is a finding."""
    try:
        yield from look(project, target)
    except CxidError as error:
        yield Check(look.__name__.strip("_"), "error", error.message, error.hint)
    except OSError as error:
        yield Check(look.__name__.strip("_"), "error", error.strerror or type(error).__name__, "check the path")


def _versions(project: Path, target: str | None) -> Iterator[Check]:
    yield Check("cxid", "ok", __version__)
    supported = sys.version_info >= (3, 11)
    yield Check(
        "python",
        "ok" if supported else "error",
        platform.python_version(),
        "" if supported else "use Python 3.11 or newer",
    )
    yield Check("system", "ok", f"{platform.system()} {platform.release()} {platform.machine()}")
    for name in _LIBRARIES:
        try:
            yield Check(name, "ok", version(name))
        except PackageNotFoundError:
            yield Check(name, "error", "not installed", f"pip install {name}")


def _machine(project: Path, target: str | None) -> Iterator[Check]:
    mebibytes = machine.most_memory_mb()
    little = (mebibytes << 20) < _LITTLE_MEMORY * machine.MEMORY_SHARE
    yield Check("memory", "warning" if little else "ok", f"a build may use {mebibytes:,} MiB",
                "larger builds spill to disk and take longer; more memory helps" if little else "")  # fmt: skip
    yield Check("processors", "ok", str(machine.threads(None)))


def _disk(project: Path, target: str | None) -> Iterator[Check]:
    for name, folder in (
        ("disk of the project", _folder(project)),
        ("temporary folder", Path(tempfile.gettempdir())),
    ):
        if not folder.is_dir():
            yield Check(name, "error", f"{folder} is not there", "name a folder that exists with --project")
            continue
        free = shutil.disk_usage(folder).free
        little = free < _LITTLE_DISK
        yield Check(name, "warning" if little else "ok", f"{free / 1e9:,.1f} GB free at {folder}",
                    "a build needs several times the size of its input" if little else "")  # fmt: skip
        if not _writable(folder):
            yield Check(
                f"{name}, writing", "error", f"{folder} cannot be written", "give this user write permission there"
            )


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _locale(project: Path, target: str | None) -> Iterator[Check]:
    encoding = (getattr(sys.stdout, "encoding", "") or "unknown").lower()
    named = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "not set"
    fine = encoding.startswith("utf") and named not in ("C", "POSIX")
    yield Check("locale", "ok" if fine else "warning", f"{named}, output in {encoding}",
                "" if fine else "set LANG=C.UTF-8, or pictures are drawn in ASCII")  # fmt: skip


def _engine(project: Path, target: str | None) -> Iterator[Check]:
    """The features that a build stands on, tried and not only looked up."""
    engine = DuckDBEngine(memory_limit="256MiB", threads=1)
    tries = {
        "text distance": ("SELECT jaro_winkler_similarity('martha', 'marhta') > 0.9", True),
        "accents": ("SELECT strip_accents('é')", "e"),
        "exact money": (
            "SELECT CAST(sum(CAST(x AS DECIMAL(18, 4))) AS VARCHAR) FROM (VALUES ('0.1'), ('0.2')) AS t(x)",
            "0.3000",
        ),
    }
    try:
        for name, (sql, expected) in tries.items():
            right = engine.scalar(sql) == expected
            yield Check(f"engine: {name}", "ok" if right else "error", "works" if right else "gives a wrong answer",
                        "" if right else "install the duckdb version that cxid asks for")  # fmt: skip
    finally:
        engine.close()


def _project(project: Path, target: str | None) -> Iterator[Check]:
    folder = _folder(project)
    file = project if project.is_file() else folder / "cxid.yml"
    if not file.is_file():
        yield Check("config", "warning", f"no cxid.yml in {folder.resolve()}", "cxid init DATA... writes one")
        return
    config = load_config(project, target)
    yield Check("config", "ok", f"{file}: {len(config.sources)} sources")
    home = Home(config.root.resolve())
    home.check_version()
    yield Check("state", "ok", "readable" if home.folder.is_dir() else "none yet")
    busy = lock.is_held(home.lock)
    yield Check("lock", "warning" if busy else "ok", "a build is running" if busy else "free",
                "wait for it; a lock whose holder died frees itself" if busy else "")  # fmt: skip
    published = home.published_id()
    yield Check(
        "published run", "ok" if published else "warning", published or "none yet", "" if published else "cxid build"
    )


_LOOKS: tuple[Callable[[Path, str | None], Iterator[Check]], ...] = (
    _versions,
    _machine,
    _disk,
    _locale,
    _engine,
    _project,
)
