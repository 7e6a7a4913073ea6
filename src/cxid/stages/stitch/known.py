"""What events may say of identities: those up to the moment that the profiles speak of, where the config names one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cxid.stages.context import StageContext

_ALL = "every_event_identifier"  # not stitch_...: the stage drops those at its end


@contextmanager
def known_events(ctx: StageContext, as_of: datetime | None) -> Iterator[None]:
    """Within it, table event_identifier has no identifier of an event later than `as_of`; all of them without one.

    A later event joins nobody, belongs to nobody, and what it alone carries is no identifier yet.
    """
    engine = ctx.engine
    later = 0
    if as_of is not None:
        later = int(engine.scalar("SELECT count(*) FROM event WHERE time > CAST(? AS TIMESTAMP)", [as_of]))
    if not later:
        yield
        return
    engine.rename("event_identifier", _ALL)
    engine.run(
        "event_identifier",
        f"SELECT i.* FROM {_ALL} AS i LEFT JOIN (SELECT event_no FROM event WHERE time > CAST(? AS TIMESTAMP)) AS l "
        "ON l.event_no = i.event_no WHERE l.event_no IS NULL ORDER BY i.event_no, i.id_type, i.id_value",
        [as_of],
    )
    ctx.reporter.log("stitch.later_events", events=later)
    yield
    engine.rename(_ALL, "event_identifier")
