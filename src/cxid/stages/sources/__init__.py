"""Files -> rows, typed, keyed, reconciled to the last line; the rest to quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from cxid.config.basis import reading_basis
from cxid.config.decisions import UNDECIDED, Decisions
from cxid.config.fields import record_fields
from cxid.config.model import Checks, ConsentSource, EnrichmentSource, PeopleSource, Source
from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.errors import ErrorCode, InputError
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.sources.attached import take_consent, take_enrichment
from cxid.stages.sources.decided import take_decisions
from cxid.stages.sources.events import take_events
from cxid.stages.sources.filled import note_filled, note_unread
from cxid.stages.sources.gate import Gate
from cxid.stages.sources.located import LocatedSource, locate_sources
from cxid.stages.sources.people import finish_people, start_people, take_people
from cxid.stages.sources.quarantine import store_files, store_quarantine
from cxid.stages.sources.reading import RAW, Ledger, SourceReader
from cxid.stages.sources.refusals import REFUSED, ROWS, book_refusals, start_refusals
from cxid.stages.sources.taken import BEFORE, EarlierFiles

READS: tuple[str, ...] = ()
REUSES = BEFORE
WRITES: tuple[str, ...] = (
    "source_file", "quarantine", "record", "record_id", "event", "event_id", "enrichment", "consent_row", "decision",
)  # fmt: skip

_OPTIONAL = {PeopleSource: "updated_at times", ConsentSource: "times"}


def run(
    ctx: StageContext,
    *,
    sources: Mapping[str, Source],
    root: Path,
    checks: Checks,
    decisions: Decisions = UNDECIDED,
    digests: Mapping[tuple[str, str], str] | None = None,
) -> None:
    """Load every source into the tables of WRITES; all of them exist afterwards, also when a limit was passed.

    `digests`: (source, file) -> sha256, of files that need not be read when the run before read the same.
    Raises InputError (a file is missing, damaged, lacks a column or does not add up, or most of a source
    is refused for one cause) or GateError (more rows refused than `quarantine_max` allows).
    """
    located = locate_sources(sources, root)
    fields = record_fields(sources)
    _start(ctx.engine, fields)
    gate = Gate(ctx, checks)
    ledgers: list[Ledger] = []
    ctx.reporter.step("reading files")
    reader = SourceReader(ctx, located)
    earlier = EarlierFiles(ctx, digests or {})
    try:
        for source in located:
            read = _read(reader, source, earlier)
            earlier.take(source, read, fields)
            _take(ctx, source, fields, read)
            gate.look(source, read)
            book_refusals(ctx.engine, read)
            store_quarantine(ctx.engine, source.name, read)
            ledgers += read
            _tell(ctx, source, read)
            ctx.engine.drop(RAW, ROWS, REFUSED)
            reader.finish_source(source)
    finally:
        reader.close()
    ctx.reporter.step("numbering records")
    finish_people(ctx.engine)
    take_decisions(ctx, decisions)
    store_files(ctx.engine, ledgers, {source.name: reading_basis(source.source) for source in located})
    gate.close()
    if not any(ledger.accepted + ledger.refused_rows + len(ledger.rejects) for ledger in ledgers):
        raise InputError(
            "no source has a row of data",
            hint="check the exports; the files have headers and nothing else",
            code=ErrorCode.FILE_EMPTY,
        )


def _start(engine: Engine, fields: tuple[Field, ...]) -> None:
    for name in WRITES:
        columns = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in TABLES[name].columns)
        engine.run(name, f"SELECT {columns} WHERE FALSE")
    start_people(engine, fields)


def _read(reader: SourceReader, located: LocatedSource, earlier: EarlierFiles) -> list[Ledger]:
    """RAW and the ledgers of a source, but for files that the run before read and that stand for themselves."""
    known = earlier.find(located)
    read = reader.read(located, known)
    if known and earlier.meets(located, known):
        read = reader.read_again(located, read)
    earlier.describe(located.name, read)
    return read


def _take(ctx: StageContext, located: LocatedSource, fields: tuple[Field, ...], read: list[Ledger]) -> None:
    """The rows of RAW into the tables of the source's kind."""
    engine, source = ctx.engine, located.source
    start_refusals(engine)
    if all(ledger.taken for ledger in read):
        return
    if isinstance(source, PeopleSource):
        take_people(engine, located, source, fields)
    elif isinstance(source, EnrichmentSource):
        take_enrichment(engine, located, source)
    elif isinstance(source, ConsentSource):
        take_consent(engine, located, source)
    else:
        take_events(engine, located, source)
        if any(after.taken and not before.taken for before, after in pairwise(read)):
            engine.run("event", "SELECT * FROM event ORDER BY event_no")
    note_filled(engine, located, read)
    if not isinstance(source, EnrichmentSource):
        note_unread(engine, located, read)


def _tell(ctx: StageContext, located: LocatedSource, ledgers: list[Ledger]) -> None:
    if unread := sum(ledger.unread for ledger in ledgers):
        what = _OPTIONAL.get(type(located.source), "optional values (sentiment, reach, due ...)")
        ctx.reporter.warn(
            "unread_values", f"source {located.name}: {unread} {what} could not be read and were left empty"
        )
    filled = set[int]().union(*(ledger.filled for ledger in ledgers))
    empty = [name for i, name in enumerate(located.needed) if i not in filled]
    if empty and any(ledger.accepted for ledger in ledgers):
        named = ", ".join(f'"{name}"' for name in empty)
        ctx.reporter.warn("empty_column", f"source {located.name}: no row has a value in {named}")
    for ledger in ledgers:
        if not ledger.accepted + ledger.refused_rows + len(ledger.rejects):
            ctx.reporter.warn("no_rows", f"source {located.name}: {ledger.file} has a header and no rows")
    taken = [ledger for ledger in ledgers if ledger.taken]
    if taken:
        rows = sum(ledger.accepted for ledger in taken)
        ctx.reporter.log("source_taken_over", source=located.name, files=len(taken), rows=rows)
    ctx.reporter.log(
        "source_read",
        source=located.name,
        files=len(ledgers),
        lines=sum(ledger.lines for ledger in ledgers),
        accepted=sum(ledger.accepted for ledger in ledgers),
        rejected=sum(ledger.refused_rows + len(ledger.rejects) for ledger in ledgers),
    )
