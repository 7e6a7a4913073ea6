"""Rows that say something about customers known elsewhere: enrichment and consent."""

from __future__ import annotations

from cxid.config.model import ConsentSource, EnrichmentSource
from cxid.engine.base import Engine, literal
from cxid.stages.sources.expressions import Expressions, status
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.people import id_selects
from cxid.stages.sources.reading import RAW
from cxid.stages.sources.refusals import ROW_COLUMNS, ROWS, first_fault, kept_rows, refuse_duplicates, refuse_faulty


def take_enrichment(engine: Engine, located: LocatedSource, source: EnrichmentSource) -> None:
    """Add the rows of RAW to the enrichment in long form, one row of the file for each joining value."""
    make = Expressions(source, located.needed)
    key = source.join_column or source.join
    cells = [
        make.text(c) if c.format is None else make.date_text(make.text(c), c.format) for c in source.columns.values()
    ]
    listed = "".join(f", {cell} AS a{n}" for n, cell in enumerate(cells))
    engine.run(
        ROWS,
        f"WITH clean AS ({make.clean(RAW)}) SELECT {ROW_COLUMNS}, {make.of(key)} AS join_value{listed}, "
        f"{first_fault([(f'{make.of(key)} IS NULL', 'missing_key', key)])} FROM clean",
        make.bindings.values,
    )
    refuse_faulty(engine)
    refuse_duplicates(engine, "join_value", key, len(located.needed))
    kept = kept_rows(engine)
    for n, name in enumerate(source.columns):
        engine.append(
            "enrichment",
            f"SELECT {literal(located.name)} AS source, {literal(source.join)} AS join_field, s.join_value, "
            f"{literal(name)} AS attribute, s.a{n} AS value {kept}",
        )


def take_consent(engine: Engine, located: LocatedSource, source: ConsentSource) -> None:
    """Add the rows of RAW to the consents, one for each identifier; ROWS says whose times could not be read.

    A permission whose end cannot be read counts as unknown: it is never granted for longer than was said.
    """
    make = Expressions(source, located.needed)
    ids = [(name, make.slots(column)) for name, column in source.ids.items()]
    cells = "".join(f", {value} AS i{n}_{k}" for n, (_, values) in enumerate(ids) for k, value in enumerate(values))
    none = "CAST(NULL AS TIMESTAMP)"
    time = make.time(source.time) if source.time else none
    expires = make.time(source.expires_at) if source.expires_at else none
    endless = f"({make.text(source.expires_at)} IS NOT NULL AND {expires} IS NULL)" if source.expires_at else "FALSE"
    undated = f"({make.text(source.time)} IS NOT NULL AND {time} IS NULL)" if source.time else "FALSE"
    said = status(make.text(source.status))
    purpose = make.constant_or_text(source.purpose)
    someone = [value for _, values in ids for value in values]
    id_names = "|".join(name for column in source.ids.values() for name in column.from_)
    purpose_name = "|".join(getattr(source.purpose, "from_", ()))
    faults = [
        (" AND ".join(f"{value} IS NULL" for value in someone), "missing_identifier", id_names),
        (f"{purpose} IS NULL", "missing_purpose", purpose_name),
    ]
    engine.run(
        ROWS,
        f"WITH clean AS ({make.clean(RAW)}) SELECT {ROW_COLUMNS}, {purpose} AS purpose, "
        f"{make.constant_or_text(source.channel, '')} AS channel, "
        f"CASE WHEN {endless} AND {said} = 'granted' THEN 'unknown' ELSE {said} END AS status, "
        f"{time} AS time, {expires} AS expires_at, {endless} OR {undated} AS unread{cells}, "
        f"{first_fault(faults)} FROM clean",
        make.bindings.values,
    )
    refuse_faulty(engine)
    kept = kept_rows(engine)
    for n, (id_type, values) in enumerate(ids):
        for select in id_selects(n, len(values)):
            start = engine.count("consent_row")
            engine.append(
                "consent_row",
                f"SELECT {start} + row_number() OVER (ORDER BY s.row_no) AS consent_no, "
                f"{literal(located.name)} AS source, {literal(id_type)} AS id_type, {select.value} AS id_value, "
                f"s.purpose, s.channel, s.status, s.time, s.expires_at {kept} WHERE {select.given}",
            )
