"""Attributes from enrichment sources: one column each and one that says which source told it.

A source is joined by the records of a people source, by an identifier or by a golden field. Where several sources tell
an attribute of the same name the closest to the customer wins: record, identifier, field of a person, field of a place;
then the source's name in the alphabet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cxid.config.identifiers import identifier_kind
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType
from cxid.stages.context import Reporter

_PLACES = (FieldType.POSTCODE, FieldType.CITY, FieldType.REGION, FieldType.COUNTRY, FieldType.STREET)


@dataclass(frozen=True)
class Telling:
    """One enrichment source: its table (customer_no, v0, v1 ...) and the attributes that those columns hold."""

    source: str
    table: str
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Enriched:
    """A column of the profile and the cells (source, table, column) that it comes from, the first that is there."""

    column: str
    source_column: str
    cells: tuple[tuple[str, str, str], ...]

    @property
    def value(self) -> str:
        """SQL of the value, tables by their names."""
        named = [f"{quote(table)}.{cell}" for _, table, cell in self.cells]
        return named[0] if len(named) == 1 else f"coalesce({', '.join(named)})"

    @property
    def told_by(self) -> str:
        """SQL of the name of the source that tells it."""
        cases = (f"WHEN {quote(t)}.{cell} IS NOT NULL THEN {literal(source)}" for source, t, cell in self.cells)
        return f"CASE {' '.join(cases)} END"

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(table for _, table, _ in self.cells)


def write_enrichment(
    engine: Engine, fields: tuple[Field, ...], taken: frozenset[str], reporter: Reporter
) -> list[Enriched]:
    """A table for each enrichment source that joins; the columns that the profile gets, in order of their names.

    `taken` are names that other columns have; an attribute of such a name gets its source's name in front.
    """
    tellings = _write_tellings(engine, fields, reporter)
    names: dict[str, list[tuple[str, str, str]]] = {}
    for telling in tellings:
        for n, attribute in enumerate(telling.attributes):
            column = _column(attribute)
            if column in taken:
                column = f"{_column(telling.source)}_{column}"
            cells = names.setdefault(column, [])
            if telling.table not in {table for _, table, _ in cells}:  # two spellings of one name: the first counts
                cells.append((telling.source, telling.table, f"v{n}"))
    used = {*taken, *names}
    made = []
    for column in sorted(names):
        told, number = f"{column}_source", 2
        while told in used:
            told, number = f"{column}_source_{number}", number + 1
        used.add(told)
        made.append(Enriched(column, told, tuple(names[column])))
    return made


def _write_tellings(engine: Engine, fields: tuple[Field, ...], reporter: Reporter) -> list[Telling]:
    """The sources that join, the closest to the customer first."""
    rows = engine.fetch(
        "SELECT DISTINCT source, join_field, attribute FROM enrichment ORDER BY source, join_field, attribute"
    ).to_pylist()
    by_name = {f.name: f for f in fields}
    types = {str(t) for t in engine.fetch("SELECT DISTINCT id_type FROM identifier_customer").column(0).to_pylist()}
    people = {str(s) for s in engine.fetch("SELECT DISTINCT source FROM record").column(0).to_pylist()}
    routes: list[tuple[int, Telling, str]] = []
    for source, join in dict.fromkeys((r["source"], r["join_field"]) for r in rows):
        attributes = tuple(r["attribute"] for r in rows if (r["source"], r["join_field"]) == (source, join))
        table = f"profile_enrichment_{len(routes)}"
        telling = Telling(source, table, attributes)
        if join in by_name:
            field = by_name[join]
            routes.append((3 if field.type in _PLACES else 2, telling, _by_field(telling, field)))
        elif join in types:
            routes.append((1, telling, _by_identifier(telling, join)))
        elif join in people:
            routes.append((0, telling, _by_record(telling, join)))
        else:
            reporter.warn(
                "enrichment_unjoined",
                f"source {source}: no customer has a {join}, by which it is joined; left out",
            )
    for _, telling, query in routes:
        engine.run(telling.table, query)
    return [telling for _, telling, _ in sorted(routes, key=lambda r: (r[0], r[1].source))]


def _column(name: str) -> str:
    """A name that is safe as a column."""
    safe = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "attribute"
    return f"a_{safe}" if safe[0].isdigit() else safe


def _folded(value: str, *, as_written: bool) -> str:
    """SQL of a joining value as it is compared: letters and digits in lower case, of e-mails and hashes all signs."""
    if as_written:
        return f"lower(trim({value}))"
    return f"regexp_replace(lower({value}), '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def _wide(telling: Telling, join: str, *, as_written: bool) -> str:
    """Query of (join_key, v0, v1 ...): the smallest value where one joining value has several."""
    cells = ", ".join(
        f"min(CASE WHEN attribute = {literal(a)} THEN value END) AS v{n}" for n, a in enumerate(telling.attributes)
    )
    key = _folded("join_value", as_written=as_written)
    return (
        f"SELECT {key} AS join_key, {cells} FROM enrichment WHERE source = {literal(telling.source)} "
        f"AND join_field = {literal(join)} AND {key} <> '' GROUP BY {key}"
    )


def _numbered(telling: Telling) -> Sequence[str]:
    return [f"v{n}" for n in range(len(telling.attributes))]


def _by_field(telling: Telling, field: Field) -> str:
    """What the first of the field's golden values that finds something finds."""
    as_written = field.type is FieldType.EMAIL
    joins, several = [], range(len(field.slots))
    for i, slot in enumerate(field.slots):
        joins.append(f"LEFT JOIN w AS w{i} ON w{i}.join_key = {_folded('g.' + quote(slot), as_written=as_written)}")
    cells = ", ".join(f"coalesce({', '.join(f'w{i}.{v}' for i in several)}) AS {v}" for v in _numbered(telling))
    found = " OR ".join(f"w{i}.join_key IS NOT NULL" for i in several)
    return (
        f"WITH w AS ({_wide(telling, field.name, as_written=as_written)}) SELECT n.customer_no, {cells} "
        "FROM golden_customer AS g JOIN profile_number AS n ON n.customer_id = g.customer_id "
        f"{' '.join(joins)} WHERE {found}"
    )


def _by_identifier(telling: Telling, id_type: str) -> str:
    """What the customer's identifiers find; of several values the one of the smallest identifier."""
    as_written = identifier_kind(id_type).value in ("email", "hash")
    cells = ", ".join(f"arg_min(w.{v}, i.id_value) FILTER (WHERE w.{v} IS NOT NULL) AS {v}" for v in _numbered(telling))
    return (
        f"WITH w AS ({_wide(telling, id_type, as_written=as_written)}) SELECT n.customer_no, {cells} "
        "FROM identifier_customer AS i JOIN profile_number AS n ON n.customer_id = i.customer_id "
        f"JOIN w ON w.join_key = {_folded('i.id_value', as_written=as_written)} "
        f"WHERE i.id_type = {literal(id_type)} GROUP BY n.customer_no"
    )


def _by_record(telling: Telling, people: str) -> str:
    """What the keys of the customer's records in a people source find; of several values that of the smallest key."""
    cells = ", ".join(
        f"arg_min(w.{v}, r.record_key) FILTER (WHERE w.{v} IS NOT NULL) AS {v}" for v in _numbered(telling)
    )
    return (
        f"WITH w AS ({_wide(telling, people, as_written=True)}) SELECT n.customer_no, {cells} FROM record AS r "
        "JOIN record_customer AS c ON c.record_no = r.record_no "
        "JOIN profile_number AS n ON n.customer_id = c.customer_id "
        f"JOIN w ON w.join_key = {_folded('r.record_key', as_written=True)} "
        f"WHERE r.source = {literal(people)} GROUP BY n.customer_no"
    )
