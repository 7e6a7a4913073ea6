"""From clusters of records and what events show together to the owner of every identifier and event."""

from __future__ import annotations

from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.stitch.kinds import Rank

_OWNED_PER_PERSON = 3  # cards or addresses of one kind that one person may show before a second person is assumed


def _make(engine: Engine, *names: str) -> None:
    for name in names:
        engine.run(f"stitch_{name}", load("stitch", name))


def write_identifier_owners(engine: Engine, hub_limit: int) -> None:
    """Tables stitch_owner, stitch_hub and stitch_event_owner, from stitch_cluster and the identifiers of events.

    Customers are numbers: the smallest record of a cluster, or minus the smallest identifier of an island.
    """
    _make(engine, "event_use", "anchor")
    _write_people(engine, hub_limit)
    _make(engine, "event_named", "event_disputed", "event_person")
    engine.drop("stitch_event_named", "stitch_event_disputed")
    _write_devices(engine, hub_limit)
    _make(engine, "owner")
    engine.run(
        "stitch_event_device",
        load("stitch", "event_device"),
        {"network": int(Rank.NETWORK), "session": int(Rank.SESSION)},
    )
    _make(engine, "event_nearest", "event_owner")
    engine.drop(
        "stitch_event_use",
        "stitch_anchor",
        "stitch_event_person",
        "stitch_event_device",
        "stitch_event_nearest",
        "stitch_candidate",
        "stitch_device_customer",
        "stitch_login",
        "stitch_record_hub",
        "stitch_record_use",
    )


def _write_people(engine: Engine, hub_limit: int) -> None:
    """Tables stitch_candidate and stitch_hub: whom each personal identifier may name."""
    _make(engine, "meeting")
    engine.run("stitch_event_hub", load("stitch", "event_hub"), {"hub_limit": hub_limit, "owned": _OWNED_PER_PERSON})
    _make(engine, "hub", "main_partner")
    engine.components(
        "stitch_island_node",
        "SELECT m.identifier_no AS a, m.partner_no AS b FROM stitch_main_partner AS m "
        "WHERE m.identifier_no NOT IN (SELECT identifier_no FROM stitch_anchor) "
        "AND m.partner_no NOT IN (SELECT identifier_no FROM stitch_anchor)",
    )
    _make(engine, "island", "island_customer", "candidate")
    engine.drop(
        "stitch_event_hub",
        "stitch_meeting",
        "stitch_main_partner",
        "stitch_island_node",
        "stitch_island",
        "stitch_island_customer",
    )


def _write_devices(engine: Engine, hub_limit: int) -> None:
    """Tables stitch_login and stitch_device_customer: who uses each device; adds the crowded ones to stitch_hub."""
    _make(engine, "login")
    engine.append("stitch_hub", load("stitch", "device_hub"), {"hub_limit": hub_limit})
    _make(engine, "device_use")
    engine.run("stitch_meeting", load("stitch", "device_meeting"))
    engine.drop("stitch_device_use")
    _make(engine, "main_partner")
    engine.components(
        "stitch_island_node",
        "SELECT m.identifier_no AS a, m.partner_no AS b FROM stitch_main_partner AS m "
        "WHERE m.identifier_no NOT IN (SELECT identifier_no FROM stitch_login) "
        "AND m.partner_no NOT IN (SELECT identifier_no FROM stitch_login)",
    )
    _make(engine, "device_customer")
    engine.drop("stitch_meeting", "stitch_main_partner", "stitch_island_node")
