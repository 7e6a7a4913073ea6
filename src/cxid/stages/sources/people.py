"""Rows of people sources: keyed, deduplicated, values in their slots."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.config.fields import field_type
from cxid.config.model import Column, PeopleSource
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType
from cxid.sql import load
from cxid.stages.sources.expressions import Expressions, implausible
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.reading import RAW
from cxid.stages.sources.refusals import ROW_COLUMNS, ROWS, first_fault, kept_rows, refuse_duplicates, refuse_faulty

PERSON, PERSON_ID = "src_person", "src_person_id"


def start_people(engine: Engine, fields: Sequence[Field]) -> None:
    """Empty tables to collect people of every source in."""
    slots = "".join(f", CAST(NULL AS VARCHAR) AS {quote(s)}" for f in fields for s in f.slots)
    head = "CAST(NULL AS VARCHAR) AS source, CAST(NULL AS VARCHAR) AS record_key"
    engine.run(
        PERSON,
        f"SELECT {head}, CAST(NULL AS TIMESTAMP) AS updated_at, CAST(NULL AS VARCHAR) AS row_digest{slots} WHERE FALSE",
    )
    columns = "CAST(NULL AS VARCHAR) AS id_type, CAST(NULL AS VARCHAR) AS id_value"
    engine.run(PERSON_ID, f"SELECT {head}, {columns} WHERE FALSE")


def take_people(engine: Engine, located: LocatedSource, source: PeopleSource, fields: Sequence[Field]) -> None:
    """Add the rows of RAW to the people."""
    make = Expressions(source, located.needed)
    cells: dict[str, str] = {}
    for field in fields:
        column = source.columns.get(field.name)
        values = _slot_values(make, field, column) if column else []
        cells |= dict(zip(field.slots, values, strict=False))
    ids = [(name, make.slots(column)) for name, column in source.ids.items()]
    id_cells = "".join(f", {value} AS i{n}_{k}" for n, (_, values) in enumerate(ids) for k, value in enumerate(values))
    updated = make.time(source.updated_at) if source.updated_at else "CAST(NULL AS TIMESTAMP)"
    unread = f"{make.text(source.updated_at)} IS NOT NULL" if source.updated_at else "FALSE"
    key_name = "|".join(source.key)
    clean = make.clean(RAW)
    key = make.key(source.key)
    engine.run(
        ROWS,
        f"WITH clean AS ({clean}) SELECT {ROW_COLUMNS}, {key} AS record_key, {updated} AS updated_at, {unread} AS dated"
        f"{''.join(f', {value} AS {quote(slot)}' for slot, value in cells.items())}{id_cells}, "
        f"{first_fault([(f'{key} IS NULL', 'missing_key', key_name)])} FROM clean",
        make.bindings.values,
    )
    refuse_faulty(engine)
    refuse_duplicates(engine, "record_key", key_name, len(located.needed), latest="updated_at")
    kept, name = kept_rows(engine), literal(located.name)
    slots = "".join(f", s.{quote(slot)}" for slot in cells)
    dated = f"CASE WHEN {implausible('s.updated_at')} THEN NULL ELSE s.updated_at END"
    digest = _row_digest(sorted(cells), sorted((t, n, len(values)) for n, (t, values) in enumerate(ids)))
    engine.append(
        PERSON,
        f"SELECT {name} AS source, s.record_key, {dated} AS updated_at, {digest} AS row_digest{slots} {kept}",
    )
    for n, (id_type, values) in enumerate(ids):
        for select in id_selects(n, len(values)):
            engine.append(
                PERSON_ID,
                f"SELECT {name} AS source, s.record_key, {literal(id_type)} AS id_type, {select.value} AS id_value "
                f"{kept} WHERE {select.given}",
            )


def _row_digest(slots: Sequence[str], ids: Sequence[tuple[str, int, int]]) -> str:
    """SQL of a digest of all that is mapped; `ids` are (type, number, columns). The config's order does not matter."""
    cells = ["CAST(s.updated_at AS VARCHAR)", *(f"s.{quote(slot)}" for slot in slots)]
    cells += [f"s.i{n}_{k}" for _, n, columns in ids for k in range(columns)]
    text = ", chr(31), ".join(f"coalesce({cell}, chr(30))" for cell in cells)
    return f"substr(md5(concat({text})), 1, 16)"


def _slot_values(make: Expressions, field: Field, column: Column) -> list[str]:
    is_date = field.type is FieldType.BIRTH_DATE or field_type(field.name, column) is FieldType.BIRTH_DATE
    values = make.slots(column)
    return [make.date_text(v, column.format) for v in values] if is_date or column.format else values


class IdSelect:
    """One column of an identifier: its value, and when it is there and not said by an earlier column already."""

    def __init__(self, number: int, position: int) -> None:
        self.value = f"s.i{number}_{position}"
        earlier = "".join(f" AND {self.value} IS DISTINCT FROM s.i{number}_{k}" for k in range(position))
        self.given = f"{self.value} IS NOT NULL{earlier}"


def id_selects(number: int, columns: int) -> list[IdSelect]:
    return [IdSelect(number, position) for position in range(columns)]


def finish_people(engine: Engine) -> None:
    """Number the records of all sources in order of (source, record_key)."""
    engine.run("record", f"SELECT row_number() OVER (ORDER BY source, record_key) AS record_no, * FROM {PERSON}")
    engine.run("record_id", load("sources", "record_id"))
    engine.drop(PERSON, PERSON_ID)
