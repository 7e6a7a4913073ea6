"""Files -> rows, typed, keyed, reconciled to the last line; the rest to quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxid.config.decisions import UNDECIDED, Decisions
from cxid.config.fields import record_fields
from cxid.config.model import Checks, ConsentSource, EnrichmentSource, PeopleSource, Source
from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.errors import InputError
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.sources.attached import take_consent, take_enrichment
from cxid.stages.sources.decided import take_decisions
from cxid.stages.sources.events import take_events
from cxid.stages.sources.expressions import empty_columns
from cxid.stages.sources.gate import Gate
from cxid.stages.sources.located import LocatedSource, locate_sources
from cxid.stages.sources.people import finish_people, start_people, take_people
from cxid.stages.sources.quarantine import store_files, store_quarantine
from cxid.stages.sources.reading import RAW, Ledger, SourceReader
from cxid.stages.sources.refusals import REFUSED, ROWS, book_refusals, start_refusals

READS: tuple[str, ...] = ()
WRITES: tuple[str, ...] = (
    "source_file", "quarantine", "record", "record_id", "event", "event_id", "enrichment", "consent_row", "decision",
)  # fmt: skip


def run(
    ctx: StageContext,
    *,
    sources: Mapping[str, Source],
    root: Path,
    checks: Checks,
    decisions: Decisions = UNDECIDED,
) -> None:
    """Load every source into the tables of WRITES; all of them exist afterwards, also when a limit was passed.

    Raises InputError (a file is missing, damaged, lacks a column or does not add up, or most of a source
    is refused for one cause) or GateError (more rows refused than `quarantine_max` allows).
    """
    located = locate_sources(sources, root)
    fields = record_fields(sources)
    _start(ctx.engine, fields)
    gate = Gate(ctx, checks)
    ledgers: list[Ledger] = []
    reader = SourceReader(ctx, sum(s.size for s in located))
    try:
        for source in located:
            read = reader.read(source)
            _take(ctx, source, fields)
            gate.look(source, read)
            book_refusals(ctx.engine, read)
            store_quarantine(ctx.engine, source.name, read)
            ledgers += read
            _tell(ctx, source, read)
            ctx.engine.drop(RAW, ROWS, REFUSED)
    finally:
        reader.close()
    finish_people(ctx.engine)
    take_decisions(ctx, decisions)
    store_files(ctx.engine, ledgers)
    gate.close()
    if not any(ledger.accepted + ledger.refused_rows + len(ledger.rejects) for ledger in ledgers):
        raise InputError(
            "no source has a row of data", hint="check the exports; the files have headers and nothing else"
        )


def _start(engine: Engine, fields: tuple[Field, ...]) -> None:
    for name in WRITES:
        columns = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in TABLES[name].columns)
        engine.run(name, f"SELECT {columns} WHERE FALSE")
    start_people(engine, fields)


def _take(ctx: StageContext, located: LocatedSource, fields: tuple[Field, ...]) -> None:
    """The rows of RAW into the tables of the source's kind."""
    engine, source = ctx.engine, located.source
    start_refusals(engine)
    unread, what = 0, "times"
    if isinstance(source, PeopleSource):
        unread, what = take_people(engine, located, source, fields), "updated_at times"
    elif isinstance(source, EnrichmentSource):
        take_enrichment(engine, located, source)
    elif isinstance(source, ConsentSource):
        unread = take_consent(engine, located, source)
    else:
        unread, what = take_events(engine, located, source), "optional values (sentiment, reach, due ...)"
    if unread:
        ctx.reporter.warn(
            "unread_values", f"source {located.name}: {unread} {what} could not be read and were left empty"
        )


def _tell(ctx: StageContext, located: LocatedSource, ledgers: list[Ledger]) -> None:
    if any(ledger.accepted for ledger in ledgers) and (empty := empty_columns(ctx.engine, located)):
        named = ", ".join(f'"{name}"' for name in empty)
        ctx.reporter.warn("empty_column", f"source {located.name}: no row has a value in {named}")
    for ledger in ledgers:
        if not ledger.accepted + ledger.refused_rows + len(ledger.rejects):
            ctx.reporter.warn("no_rows", f"source {located.name}: {ledger.file} has a header and no rows")
    ctx.reporter.log(
        "source_read",
        source=located.name,
        files=len(ledgers),
        lines=sum(ledger.lines for ledger in ledgers),
        accepted=sum(ledger.accepted for ledger in ledgers),
        rejected=sum(ledger.refused_rows + len(ledger.rejects) for ledger in ledgers),
    )
