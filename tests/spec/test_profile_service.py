"""Tickets and deliveries case by case: the table is the whole story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.profile.sections import service
from tests.property.test_voice_against_reference import load, rows_of
from tests.reference.voice import Said


def at(text: str) -> datetime | None:
    """Day and hour of May 2024."""
    return datetime(2024, 5, int(text[:2]), int(text[3:])) if text else None


TICKETS = {
    # rows of one case: time, type, end -> open_tickets, resolution_hours
    "resolved": ([("01 08", "opened", ""), ("01 10", "resolved", "")], 0, 2),
    "later of the two ends": ([("01 08", "opened", "01 09"), ("01 12", "resolved", "")], 0, 4),
    "later of the two ends, the other way": ([("01 08", "opened", "01 20"), ("01 12", "resolved", "")], 0, 12),
    "reopened after it": ([("01 08", "opened", ""), ("01 10", "resolved", ""), ("01 11", "reopened", "")], 1, None),
    "reopened in the same moment": ([("01 08", "opened", ""), ("01 10", "resolved", ""), ("01 10", "reopened", "")], 0, 2),
    "closed again": ([("01 08", "opened", ""), ("01 09", "closed", ""), ("01 10", "reopened", ""), ("01 12", "closed", "")], 0, 4),
    "said closed, not when": ([("01 08", "closed", "")], 0, None),
    "ended before it began": ([("01 08", "opened", "01 07")], 0, None),
    "never said to end": ([("01 08", "opened", ""), ("01 10", "mail", "")], None, None),
}  # fmt: skip

PARCELS = {
    # rows of one case: time, type, due, end -> deliveries, late_deliveries
    "in time": ([("01 08", "order", "03 10", "03 09")], 1, 0),
    "late": ([("01 08", "order", "03 10", "03 11")], 1, 1),
    "at the last moment": ([("01 08", "order", "03 10", "03 10")], 1, 0),
    "the first promise counts": ([("01 08", "order", "03 10", ""), ("02 08", "order", "05 10", "04 10")], 1, 1),
    "the first parcel counts": ([("01 08", "order", "03 10", "03 09"), ("01 08", "order", "03 10", "05 09")], 1, 0),
    "said late": ([("04 08", "Lieferung verspätet", "", "")], 1, 1),
    "delivered, and nobody says what is late": ([("04 08", "Lieferung", "", "")], 1, None),
    "under way, promised for later": ([("01 08", "order", "30 10", "")], 0, None),
    "promised, and the source tells no arrivals": ([("01 08", "order", "03 10", "")], 0, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def row_of(engine: DuckDBEngine, rows: list[Said]) -> dict[str, Any]:
    load(engine, rows, {})
    return rows_of(engine, service.SECTION).get("a", {"deliveries": 0, "late_deliveries": None})


@pytest.mark.parametrize("story", TICKETS)
def test_a_ticket_is_open_until_something_closes_it(engine: DuckDBEngine, story: str) -> None:
    rows, still_open, hours = TICKETS[story]
    said = [
        Said("a", "desk", None, "events", "support", at(when), kind, case_id="1", ended_at=at(end))
        for when, kind, end in rows
    ]
    found = row_of(engine, said)
    assert (found["tickets"], found["open_tickets"], found["resolution_hours"]) == (1, still_open, hours)


@pytest.mark.parametrize("story", PARCELS)
def test_a_delivery_is_late_after_its_first_promise(engine: DuckDBEngine, story: str) -> None:
    rows, deliveries, late = PARCELS[story]
    said = [
        Said("a", "van", None, "events", "store", at(when), kind, case_id="1", due_at=at(due), ended_at=at(end))
        for when, kind, due, end in rows
    ]
    found = row_of(engine, said)
    assert (found["deliveries"], found["late_deliveries"]) == (deliveries, late)
