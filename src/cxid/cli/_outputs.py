"""The published run, opened for looking: its tables behind an engine that reaches no other file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cxid.cli._options import Settings
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import InputError, UsageError

# How the engine's library names what a file did wrong; it is not imported here.
_DAMAGE = {"IOException", "InvalidInputException", "SerializationException"}


@contextmanager
def opened(settings: Settings) -> Iterator[Any]:
    """An engine over the published run; Ctrl-C stops its statement. Raises UsageError when nothing is published."""
    published = part("api").open_published(load_config(settings))
    with reading(published) as engine:
        yield engine


@contextmanager
def reading(published: Any, make: Callable[[Any], Any] | None = None) -> Iterator[Any]:
    """An engine over the tables of a run, made by `make`. Raises InputError when a table cannot be read any more."""
    with damage_told(published.run_id):
        part("cli._arrow").settle()
        engine = (make or part("api").published_engine)(published)
        main = threading.current_thread() is threading.main_thread()
        # The database holds Ctrl-C back until its statement ends, so the handler has to stop the statement itself.
        before = signal.signal(signal.SIGINT, lambda *_: _stop(engine)) if main else None
        try:
            yield engine
        finally:
            if main:
                signal.signal(signal.SIGINT, before)
            engine.close()


@contextmanager
def damage_told(run_id: str) -> Iterator[None]:
    """Raises InputError in the place of what the engine says of a table that it cannot read."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in _DAMAGE:
            raise
        raise InputError(
            f"the tables of run {run_id} are damaged or missing", hint="`cxid build --force` makes them anew"
        ) from error


def _stop(engine: Any) -> None:
    engine.interrupt()
    if not engine.busy:
        raise KeyboardInterrupt


def pick_run(settings: Settings, run: str | None) -> Any:
    """The published run, or the one named. Raises UsageError for a name that is none, or whose tables are gone."""
    api, config = part("api"), load_config(settings)
    if run is None:
        return api.open_published(config)
    known = api.list_runs(config)
    found = [r for r in known if r.run_id == run] or [r for r in known if r.run_id.startswith(run)]
    if len(found) != 1:
        what = f'no run "{run}"' if not found else f'"{run}" fits {len(found)} runs'
        raise UsageError(what, hint="`cxid runs` lists them")
    files = {p.stem: p for p in sorted((found[0].run_dir / "tables").glob("*.parquet"))}
    if "report_figure" not in files:
        raise UsageError(
            f"run {found[0].run_id} ({found[0].status}) has no report any more",
            hint="`cxid runs` shows which are whole",
        )
    return api.Published(found[0].run_id, found[0].run_dir, config.root / config.outputs.dir, files)
