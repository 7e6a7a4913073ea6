"""One customer of the published run as a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cxid.api.published import Published, choose_run, reading
from cxid.config.model import Config
from cxid.customer_page import opening
from cxid.customer_page.model import CustomerPage
from cxid.customer_page.reading import EVENTS, Asked, read_page
from cxid.engine.base import Engine
from cxid.references import resolve_one


def show(
    config: Config, reference: str, *, events: int = EVENTS, masked: bool = False, run: str | None = None
) -> CustomerPage:
    """The page of the customer that a reference names: cx_... (a former id too), source:key or field=value.

    `events` is how many of the last touchpoints it has; `masked` hides most of each personal value; `run` is another
    run than the published one. Raises UsageError when nothing is published or nobody fits, AmbiguousReference when
    several customers do.
    """
    with opened(config, run) as (published, engine):
        customer_id = resolve_one(engine, reference)
        return read_page(engine, customer_id, Asked(config, published.run_id, published.run_dir, events, masked))


@contextmanager
def opened(config: Config, run: str | None = None) -> Iterator[tuple[Published, Engine]]:
    """The published run, or the one named, and an engine over what a page is made of."""
    published = choose_run(config, run)
    with reading(published, _engine) as engine:
        yield published, engine


def _engine(published: Published) -> Engine:
    return opening.open_engine(published.run_dir, {**published.stage_tables, **published.tables})
