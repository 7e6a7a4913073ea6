"""Values made comparable: record -> record_norm, identifiers of records and events in one spelling.

What is done by type stands in docs/explanation/normalising.md. Display values are untouched: `record` keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping

from cxid.config.model import Match, Source
from cxid.stages.context import StageContext
from cxid.stages.normalise.carried import BEFORE, Carried, write_rules
from cxid.stages.normalise.identifiers import normalise_identifier
from cxid.stages.normalise.idtables import (
    Identifying,
    write_consent_identifier,
    write_event_identifier,
    write_record_identifier,
)
from cxid.stages.normalise.records import learn, people_of, write_record_norm

__all__ = ["READS", "WRITES", "normalise_identifier", "run"]

READS: tuple[str, ...] = ("record", "record_id", "event_id", "consent_row")
WRITES: tuple[str, ...] = (
    "norm_rule", "record_norm", "record_name", "record_identifier", "event_identifier", "consent_identifier",
)  # fmt: skip
REUSES = BEFORE


def run(ctx: StageContext, *, sources: Mapping[str, Source], country: str, match: Match) -> None:
    """Write `record_norm`, `record_name`, and the identifiers of records, events and consents."""
    engine = ctx.engine
    ctx.reporter.step("learning how values are written")
    people, how = people_of(sources, country, match), Identifying.of(engine, sources, match, country)
    rules = how.rules
    learned = learn(engine, people, rules)
    write_rules(engine, rules)
    carried = Carried.of(ctx)
    ctx.reporter.step("making people's values comparable")
    write_record_norm(engine, learned, carried, told=ctx.reporter.progress)
    ctx.reporter.step("making identifiers comparable")
    write_record_identifier(engine, how, carried, people.compared)
    carried.fill()
    ctx.reporter.progress(1, 3, "kinds")
    write_event_identifier(engine, how, carried)
    ctx.reporter.progress(2, 3, "kinds")
    write_consent_identifier(engine, how, carried)
    carried.close()
