"""The page of a customer, read from the tables of a published run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxid.config.fields import record_fields
from cxid.config.model import Config
from cxid.customer_page.cohesion import read_cohesion
from cxid.customer_page.identity import (
    Hide,
    as_is,
    read_head,
    read_history,
    read_household,
    read_identifiers,
    read_values,
)
from cxid.customer_page.model import ConsentStatus, CustomerPage, TriggerHolds
from cxid.customer_page.summary import Facts, summarise, tell_unknown
from cxid.customer_page.tables import Tables
from cxid.customer_page.timeline import read_timeline
from cxid.engine.base import Engine
from cxid.model import DEFAULT_TYPES, FieldType
from cxid.privacy import mask

EVENTS = 20
"""Touchpoints on a page unless asked for otherwise."""


@dataclass(frozen=True)
class Asked:
    """What a page is made from: the project's config, the run, the touchpoints wanted, whether values are hidden."""

    config: Config
    run_id: str
    run_dir: Path
    events: int = EVENTS
    masked: bool = False


def read_page(engine: Engine, customer_id: str, asked: Asked) -> CustomerPage:
    """The page of a customer that golden_customer has; the engine is one of `opening.open_engine`."""
    tables = Tables(engine, customer_id)
    types = {slot: f.type for f in record_fields(asked.config.sources) for slot in f.slots}
    hide = _masking(types) if asked.masked else as_is
    head = read_head(tables, types, hide)
    consent, triggers = _read_consent(tables), _read_triggers(tables)
    kinds = {name: source.kind for name, source in asked.config.sources.items()}
    timeline, answers = read_timeline(tables, kinds, asked.events)
    facts = Facts(head, tables.profile, consent, triggers, bool(asked.config.triggers), timeline.events > 0)
    values, household = read_values(tables, hide), read_household(tables, types, hide)
    identifiers, history = read_identifiers(tables, hide), read_history(tables)
    cohesion = read_cohesion(tables, asked.config, asked.run_dir)  # last: it makes tables of its own
    return CustomerPage(
        run_id=asked.run_id,
        customer_id=customer_id,
        as_of=tables.profile.get("as_of"),
        head=head,
        summary=summarise(facts),
        values=values,
        records=cohesion.records,
        weakest_link=cohesion.weakest,
        review=cohesion.review,
        household=household,
        identifiers=identifiers,
        timeline=timeline,
        profile=tables.profile,
        answers=answers,
        consent=consent,
        triggers=triggers,
        history=history,
        unknown=tell_unknown(facts),
    )


def _masking(types: dict[str, FieldType]) -> Hide:
    def hide(value: str, name: str) -> str:
        return mask(value, types.get(name, DEFAULT_TYPES.get(name)))

    return hide


def _read_consent(tables: Tables) -> tuple[ConsentStatus, ...]:
    found = tables.rows(
        "consent",
        'purpose, channel, status, "time" AS since, source, id_type, expires_at, conflict, withdrawn_at',
        "ORDER BY purpose, channel",
    )
    return tuple(ConsentStatus(**row) for row in found)


def _read_triggers(tables: Tables) -> tuple[TriggerHolds, ...]:
    """Those that are acted on first, in the order of the config as the profile names the first of them."""
    found = tables.rows(
        "trigger_hit", '"trigger", action, status, reason, since', "ORDER BY status <> 'act', \"trigger\""
    )
    return tuple(TriggerHolds(**row) for row in found)
