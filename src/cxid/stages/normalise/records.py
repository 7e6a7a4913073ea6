"""From `record` to `record_norm`: distinct values through their rule, joined back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cxid import sql
from cxid.config.fields import DERIVED, joined_names, norm_fields, people_sources, record_fields
from cxid.config.genders import letter_codes
from cxid.config.model import Match, PeopleSource, Source
from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.carried import Carried
from cxid.stages.normalise.fullname import NameOrder
from cxid.stages.normalise.namewords import context, name_words
from cxid.stages.normalise.plain import plain_field
from cxid.stages.normalise.values import Outcomes, ignored_values
from cxid.stages.normalise.wholenames import PARTS, name_orders, record_names, write_name_parts

_COUNTRY_MAP = "norm_country_of"


@dataclass(frozen=True)
class People:
    """The people fields of the config, as this stage works on them."""

    sources: dict[str, PeopleSource]
    written: tuple[Field, ...]  # fields of `record` that are compared
    compared: tuple[Field, ...]  # fields of `record_norm`
    joined: tuple[Field, ...]  # whole names that are taken apart for the golden record too
    middle_apart: bool  # middle names have a column
    region: str
    ignored: dict[str, frozenset[str]]
    doubtful: frozenset[str] = frozenset()  # name fields with words for nothing that people are called too
    records: str = "record"  # the rows of it that are worked on

    @property
    def mapped(self) -> tuple[Field, ...]:
        """Compared fields that have columns of their own."""
        names = {f.name for f in self.written}
        return tuple(f for f in self.compared if f.name in names)

    @property
    def wholes(self) -> tuple[Field, ...]:
        """Whole names that are taken apart, for comparing or for the golden record."""
        return tuple(dict.fromkeys((*self.whole_names, *self.joined)))

    @property
    def whole_names(self) -> tuple[Field, ...]:
        return tuple(f for f in self.written if f.type is FieldType.FULL_NAME)

    @property
    def country_slot(self) -> str | None:
        """The column of `record` that says which country a record belongs to."""
        found = [f for f in self.written if f.type is FieldType.COUNTRY]
        return found[0].slots[0] if found else None


def people_of(sources: Mapping[str, Source], country: str, match: Match) -> People:
    """The people fields of a config with their ignored values."""
    compared = norm_fields(sources, match.ignore_fields)
    region = country.lower()
    return People(
        sources=people_sources(sources),
        written=tuple(f for f in record_fields(sources) if f.compared and f.name not in match.ignore_fields),
        compared=compared,
        joined=joined_names(sources),
        middle_apart=any(f.type is FieldType.MIDDLE_NAME for f in record_fields(sources)),
        region=region,
        ignored={
            f.name: ignored_values(f.type, match.ignore_values[f.name], region)
            for f in compared
            if f.name in match.ignore_values
        },
    )


@dataclass
class Learned:
    """What all records teach about their values."""

    people: People
    orders: dict[str, NameOrder]
    made: list[str]  # tables, to be dropped when the records are written


def learn(engine: Engine, people: People, rules: list[tuple[str, str, str]]) -> Learned:
    """What is learned from whole columns, added to `rules` too: (kind, about what, what)."""
    _write_country_map(engine, people)
    words = name_words(engine, people.sources, people.written)
    people = replace(people, doubtful=frozenset(field for _, field in words))
    _write_source_settings(engine, people, words)
    made = [_COUNTRY_MAP, "norm_source"]
    for row in engine.fetch("SELECT * FROM norm_source ORDER BY source").to_pylist():
        source = row.pop("source")
        rules += [(name, source, value or "") for name, value in row.items()]
    for field in people.mapped:
        if field.type is FieldType.BIRTH_DATE:
            _write_map(engine, people, field)
            rules += [("filler", field.name, norm) for norm in _drop_filler_dates(engine, field)]
            made.append(_map_name(field))
    orders: dict[str, NameOrder] = {}
    if people.wholes:
        for field in people.mapped:
            if field.name == FieldType.GIVEN_NAME:
                _write_map(engine, people, field)
                made.append(_map_name(field))
        orders = name_orders(engine, people.sources, people.wholes, people.region)
        rules += [("order", source, repr(order)) for source, order in orders.items()]
    return Learned(people, orders, made)


def write_record_norm(
    engine: Engine, learned: Learned, carried: Carried, told: Callable[[float, float, str], None] = lambda *_: None
) -> None:
    """Table `record_norm`, one row for each row of `record`, in order of record_no, and table `record_name`.

    `told` hears how many fields are done; putting the rows together counts as much as one field for each two.
    """
    people, made = replace(learned.people, records=carried.records), learned.made
    work = 1.5 * len(people.mapped)
    for done, field in enumerate(people.mapped):
        told(done, work, "fields")
        if _map_name(field) not in made:
            made.append(_map_name(field))
            _write_map(engine, people, field)
    if people.wholes:
        made.append("norm_name_parts")
        apart = people.middle_apart
        write_name_parts(engine, learned.orders, people.wholes, people.records, middle_apart=apart)
    told(len(people.mapped), work, "fields")
    engine.run(carried.norm, _joined(people))
    own = {f.type: (f, _context(f, f.slots[0], people)) for f in reversed(people.written) if f.type in PARTS}
    carried.write_names(record_names(people.joined, own, people.records))
    engine.drop(*made)


def _map_name(field: Field) -> str:
    return f"norm_map_{field.name}"


def _write_country_map(engine: Engine, people: People) -> None:
    """Country as written -> two-letter code, for the region of phone numbers."""
    slot = people.country_slot
    raw = (
        f"SELECT DISTINCT '' AS context, {quote(slot)} AS raw FROM {people.records} WHERE {quote(slot)} IS NOT NULL"
        if slot
        else ("SELECT '' AS context, '' AS raw WHERE 1 = 0")
    )
    engine.map_values(_COUNTRY_MAP, raw, Outcomes(FieldType.COUNTRY))


def _write_source_settings(engine: Engine, people: People, words: Mapping[tuple[str, str], str]) -> None:
    """Table norm_source: for each source the formats of its dates, the letters of its genders, words that are names."""
    dated = [f for f in people.compared if f.type is FieldType.BIRTH_DATE]
    coded = [f for f in people.written if f.type is FieldType.GENDER]
    named = [f for f in people.written if f.name in people.doubtful]
    columns = [
        "source",
        *(f"format_{f.name}" for f in dated),
        *(f"letters_{f.name}" for f in coded),
        *(f"words_{f.name}" for f in named),
    ]
    rows = [
        [
            name,
            *((source.columns[f.name].format or "") if f.name in source.columns else "" for f in dated),
            *(_letters(engine, name, f) if f.name in source.columns else "" for f in coded),
            *(words.get((name, f.name), "") for f in named),
        ]
        for name, source in people.sources.items()
    ]
    names = ", ".join(quote(c) for c in columns)
    if not rows:
        empty = ", ".join(f"CAST(NULL AS VARCHAR) AS {quote(c)}" for c in columns)
        engine.run("norm_source", f"SELECT {empty} WHERE 1 = 0")
        return
    places = ", ".join("(" + ", ".join(["?"] * len(columns)) + ")" for _ in rows)
    engine.run("norm_source", f"SELECT * FROM (VALUES {places}) AS v ({names})", [v for row in rows for v in row])


def _letters(engine: Engine, source: str, field: Field) -> str:
    """The letters that a source's column of genders holds, where they mean something together."""
    slots = " UNION ALL ".join(
        f"SELECT {quote(s)} AS v FROM record WHERE source = ? AND length({quote(s)}) = 1" for s in field.slots
    )
    found = engine.fetch(f"SELECT DISTINCT v FROM ({slots}) AS s ORDER BY v LIMIT 50", [source] * len(field.slots))
    return letter_codes(str(v) for v in found.column(0).to_pylist())


def _context(field: Field, slot: str, people: People) -> str:
    """SQL for what a value of a slot needs to be read rightly: the date's format, the phone's region."""
    if field.type is FieldType.BIRTH_DATE:
        return f"coalesce(s.{quote(f'format_{field.name}')}, '')"
    if field.type is FieldType.GENDER:
        return f"coalesce(s.{quote(f'letters_{field.name}')}, '')"
    if field.type is FieldType.PHONE:
        return f"CASE WHEN length(c.norm) = 2 THEN c.norm ELSE '{people.region}' END"
    if field.name in people.doubtful:
        return context(f"r.{quote(slot)}", f"coalesce(s.{quote(f'words_{field.name}')}, '')")
    return "''"


def _tables(people: People) -> str:
    """FROM of every query over records: the record, its source's settings, its country."""
    slot = people.country_slot
    country = (
        f"LEFT JOIN {_COUNTRY_MAP} AS c ON c.raw = r.{quote(slot)}"
        if slot
        else f"LEFT JOIN {_COUNTRY_MAP} AS c ON 1 = 0"
    )
    return f"{people.records} AS r LEFT JOIN norm_source AS s ON s.source = r.source {country}"


def _write_map(engine: Engine, people: People, field: Field) -> None:
    """Table norm_map_<field>: (context, raw) of every distinct value of all slots, with its outcome."""
    parts = " UNION ALL ".join(
        f"SELECT {_context(field, slot, people)} AS context, r.{quote(slot)} AS raw FROM {_tables(people)} "
        f"WHERE r.{quote(slot)} IS NOT NULL"
        for slot in field.slots
    )
    values = f"SELECT DISTINCT context, raw FROM ({parts}) AS v"
    outcomes = Outcomes(field.type, people.ignored.get(field.name, frozenset()))
    plain = plain_field(field.type, "raw", "context")
    if plain is None:
        engine.map_values(_map_name(field), values, outcomes)
        return
    engine.run("norm_plain", f"SELECT context, raw, {plain['norm']} AS norm FROM ({values}) AS d")
    engine.map_values(_map_name(field), "SELECT context, raw FROM norm_plain WHERE norm IS NULL", outcomes)
    ignored = sorted(outcomes.ignored)
    kept = f"WHERE norm NOT IN ({', '.join(['?'] * len(ignored))})" if ignored else "WHERE norm IS NOT NULL"
    derived = "".join(f", {expression} AS {name}" for name, expression in plain.items() if name != "norm")
    engine.append(_map_name(field), f"SELECT context, raw, norm{derived} FROM norm_plain {kept}", ignored)
    engine.drop("norm_plain")


def _drop_filler_dates(engine: Engine, field: Field) -> list[str]:
    """Take out of norm_map_<field> the dates that forms fill in, which come back: see sql/normalise/filler_date.sql."""
    counted = " UNION ALL ".join(
        f"SELECT m.norm FROM record AS r JOIN {quote(_map_name(field))} AS m ON m.raw = r.{quote(slot)} "
        "JOIN norm_source AS s ON s.source = r.source "
        f"AND m.context = coalesce(s.{quote(f'format_{field.name}')}, '') WHERE m.norm IS NOT NULL"
        for slot in field.slots
    )
    engine.run("norm_date_count", f"SELECT norm, count(*) AS n FROM ({counted}) AS c GROUP BY norm")
    engine.run("norm_filler_date", sql.load("normalise", "filler_date"))
    found = engine.fetch("SELECT norm FROM norm_filler_date ORDER BY norm").column(0).to_pylist()
    if found:
        engine.run(
            _map_name(field),
            f"SELECT m.context, m.raw, CASE WHEN f.norm IS NULL THEN m.norm END AS norm, "
            f"CASE WHEN f.norm IS NULL THEN m.swapped END AS swapped FROM {quote(_map_name(field))} AS m "
            "LEFT JOIN norm_filler_date AS f ON f.norm = m.norm",
        )
    engine.drop("norm_date_count", "norm_filler_date")
    return [str(norm) for norm in found]


def _joined(people: People) -> str:
    """The query of `record_norm`: every slot beside its map, whole names where the parts are missing."""
    written = {f.name for f in people.written}
    joins, columns = [], ["r.record_no", "r.source"]
    for slot in (s for f in people.whole_names for s in f.slots):
        alias = quote(f"w_{slot}")
        joins.append(
            f"LEFT JOIN norm_name_parts AS {alias} ON {alias}.raw = r.{quote(slot)} AND {alias}.source = r.source"
        )
    for field in people.compared:
        for position, slot in enumerate(field.slots):
            if field.name in written:
                alias = quote(f"m_{slot}")
                joins.append(
                    f"LEFT JOIN {quote(_map_name(field))} AS {alias} ON {alias}.raw = r.{quote(slot)} "
                    f"AND {alias}.context = {_context(field, slot, people)}"
                )
            columns += _slot_columns(people, field, slot, first=position == 0)
    return f"SELECT {', '.join(columns)} FROM {_tables(people)} {' '.join(joins)} ORDER BY r.record_no"


def _slot_columns(people: People, field: Field, slot: str, *, first: bool) -> list[str]:
    """SQL for a slot and its derived columns; all of them from the same place."""
    own = quote("m_" + slot) if field.name in {f.name for f in people.written} else None
    takes_parts = first and people.whole_names and field.type in PARTS and field == _first_of(people, field.type)
    wholes = [quote("w_" + s) for f in people.whole_names for s in f.slots] if takes_parts else []
    part = PARTS.get(field.type, "")
    columns = []
    for suffix in ("norm", *DERIVED.get(field.type, {})):
        name = slot if suffix == "norm" else f"{slot}_{suffix}"
        choices = [f"WHEN {own}.norm IS NOT NULL THEN {own}.{quote(suffix)}"] if own else []
        choices += [
            f"WHEN {w}.{quote(part + '_norm')} IS NOT NULL THEN {w}.{quote(part + '_' + suffix)}" for w in wholes
        ]
        chosen = f"CASE {' '.join(choices)} ELSE CAST(NULL AS VARCHAR) END" if choices else "CAST(NULL AS VARCHAR)"
        columns.append(f"{chosen} AS {quote(name)}")
    return columns


def _first_of(people: People, type_: FieldType) -> Field:
    return next(f for f in people.compared if f.type is type_)
