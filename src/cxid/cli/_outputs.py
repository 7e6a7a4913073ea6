"""The published run, opened for looking: its tables behind an engine that reaches no other file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cxid.cli._options import Settings
from cxid.cli._project import load_config
from cxid.cli._registry import part


@contextmanager
def opened(settings: Settings) -> Iterator[Any]:
    """An engine over the published run; Ctrl-C stops its statement. Raises UsageError when nothing is published."""
    published = part("api").open_published(load_config(settings))
    with reading(published) as engine:
        yield engine


@contextmanager
def reading(published: Any, make: Callable[[Any], Any] | None = None) -> Iterator[Any]:
    """An engine over the tables of a run, made by `make`. Raises InputError when a table cannot be read any more."""
    api = part("api.published")
    part("cli._arrow").settle()
    with api.reading(published, make or api.published_engine) as engine:
        yield engine


def damage_told(run_id: str) -> Any:
    """Inside, InputError comes in the place of what the engine says of a table that it cannot read."""
    return part("api.published").damage_told(run_id)


def pick_run(settings: Settings, run: str | None) -> Any:
    """The published run, or the one named. Raises UsageError for a name that is none, or whose tables are gone."""
    return part("api.published").choose_run(load_config(settings), run)
