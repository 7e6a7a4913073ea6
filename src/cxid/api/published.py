"""The published run of a project, or another one, opened for looking."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cxid.api.history import list_runs
from cxid.building import LOOK_MEMORY
from cxid.config.model import Config
from cxid.contracts import PUBLISHED, VIEWS
from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, InputError, UsageError
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home
from cxid.sql import load

# How the engine's library names what a file did wrong.
_DAMAGE = {"IOException", "InvalidInputException", "SerializationException"}


@dataclass(frozen=True)
class Published:
    """The published run: name -> Parquet file of each published table and of each other table of the run."""

    run_id: str
    run_dir: Path
    output_dir: Path
    tables: Mapping[str, Path]
    stage_tables: Mapping[str, Path] = field(default_factory=dict)


def open_published(config: Config) -> Published:
    """The published run of the project. Raises UsageError when there is none yet, StateVersionError as `build` does."""
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        current = home.published_dir()
        if current is None:
            raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD)
        folder = RunFolder(current)
        found = {path.stem: path for path in sorted(folder.tables.glob("*.parquet"))}
    names = {t.name for t in PUBLISHED}
    return Published(
        run_id=folder.run_id,
        run_dir=folder.path,
        output_dir=home.root / config.outputs.dir,
        tables={name: path for name, path in found.items() if name in names},
        stage_tables={name: path for name, path in found.items() if name not in names},
    )


def published_engine(published: Published) -> Engine:
    """An engine with a view for each table of the published run; it reaches no other file. Close it after use."""
    engine = DuckDBEngine(memory_limit=LOOK_MEMORY, allowed=[published.run_dir / "tables"])
    known = {**published.stage_tables, **published.tables}
    for name, path in known.items():
        engine.view(name, path)
    for view in VIEWS:
        if known.keys() >= set(view.reads):
            engine.define(view.name, load("published", view.name))
    return engine


def choose_run(config: Config, run: str | None) -> Published:
    """The published run, or the one of this id or beginning of an id.

    Raises UsageError for a name that is none, fits several, or is of a run whose tables are gone.
    """
    if run is None:
        return open_published(config)
    known = list_runs(config)
    found = [r for r in known if r.run_id == run] or [r for r in known if r.run_id.startswith(run)]
    if len(found) != 1:
        what = f'no run "{run}"' if not found else f'"{run}" fits {len(found)} runs'
        raise UsageError(what, hint="`cxid runs` lists them", code=ErrorCode.RUN_UNKNOWN)
    files = {p.stem: p for p in sorted((found[0].run_dir / "tables").glob("*.parquet"))}
    if "report_figure" not in files:
        raise UsageError(
            f"run {found[0].run_id} ({found[0].status}) has no report any more",
            hint="`cxid runs` shows which are whole",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    return Published(found[0].run_id, found[0].run_dir, config.root / config.outputs.dir, files)


@contextmanager
def reading(published: Published, make: Callable[[Published], Engine] = published_engine) -> Iterator[Engine]:
    """An engine over the tables of a run, made by `make`; Ctrl-C stops its statement.

    Raises InputError when a table cannot be read any more.
    """
    with damage_told(published.run_id), closing(make(published)) as engine, _stopping(engine):
        yield engine


@contextmanager
def opened(config: Config, run: str | None = None) -> Iterator[tuple[Published, Engine]]:
    """The published run, or the one named, and an engine over its tables."""
    published = choose_run(config, run)
    with reading(published) as engine:
        yield published, engine


@contextmanager
def _stopping(engine: Engine) -> Iterator[None]:
    """The database holds Ctrl-C back until its statement ends, so that a handler has to stop the statement itself.

    Only the main thread hears signals; a handler that is not Python's own stays as it is.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before in (None, signal.SIG_IGN):
        yield
        return

    def stop(*_: object) -> None:
        engine.interrupt()
        if not engine.busy:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def damage_told(run_id: str) -> Iterator[None]:
    """Raises InputError in the place of what the engine says of a table that it cannot read."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in _DAMAGE:
            raise
        raise InputError(
            f"the tables of run {run_id} are damaged or missing",
            hint="`cxid build --force` makes them anew",
            code=ErrorCode.RUN_DAMAGED,
        ) from error
