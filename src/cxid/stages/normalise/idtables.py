"""From `record_id` and `event_id` to `record_identifier` and `event_identifier`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from cxid.config.identifiers import IdentifierKind, canonical_type, identifier_kind
from cxid.config.model import EnrichmentSource, Match, Source
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.carried import Carried
from cxid.stages.normalise.identifiers import hash_source, normalise_identifier
from cxid.stages.normalise.plain import plain_identifier

_HASHES = {32: "md5", 64: "sha256"}  # length in hexadecimal figures -> SQL function


def identifier_types(sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Every identifier type that the config maps, sorted."""
    return tuple(sorted({t for s in sources.values() if not isinstance(s, EnrichmentSource) for t in s.ids}))


@dataclass(frozen=True)
class Identifying:
    """How the identifiers of a project are normalised."""

    types: tuple[str, ...]
    match: Match
    country: str
    hashes: tuple[Hash, ...]

    @classmethod
    def of(cls, engine: Engine, sources: Mapping[str, Source], match: Match, country: str) -> Identifying:
        """By the config, and by the hashes that the data has."""
        types = identifier_types(sources)
        return cls(types, match, country, tuple(_hashes_of(engine, types)))

    @property
    def rules(self) -> list[tuple[str, str, str]]:
        """What is learned from the data: (kind, about what, what)."""
        return [("hash", h.id_type, h.function) for h in self.hashes]


def write_event_identifier(engine: Engine, how: Identifying, carried: Carried) -> None:
    """Table `event_identifier`: `event_id` normalised, each identifier of an event once."""
    _write_identifiers(engine, "event", how, carried)


def write_consent_identifier(engine: Engine, how: Identifying, carried: Carried) -> None:
    """Table `consent_identifier`: the identifiers of `consent_row` normalised, one row of it each."""
    engine.run("consent_id", "SELECT consent_no, id_type, id_value FROM consent_row")
    _write_identifiers(engine, "consent", how, carried)
    engine.drop("consent_id")


def write_record_identifier(engine: Engine, how: Identifying, carried: Carried, fields: tuple[Field, ...]) -> None:
    """Table `record_identifier`: `record_id` normalised, with the e-mail addresses and phones of `record_norm`."""
    slots = [
        f"SELECT record_no, {literal(f.type.value)} AS id_type, {quote(slot)} AS id_value FROM {carried.norm} "
        f"WHERE {quote(slot)} IS NOT NULL"
        + (f" AND regexp_matches({quote(slot)}, {literal(EXACT_EMAIL)})" if f.type is FieldType.EMAIL else "")
        for f in fields
        if f.type in (FieldType.EMAIL, FieldType.PHONE)
        for slot in f.slots
    ]
    _write_identifiers(engine, "record", how, carried, tuple(slots))


EXACT_EMAIL = r'^[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;".]+$'
"""Of compared e-mail values, those that may identify; the same as `emails.is_exact`."""


def _write_identifiers(engine: Engine, of: str, how: Identifying, carried: Carried, more: tuple[str, ...] = ()) -> None:
    """Table <of>_identifier from <of>_id and the queries of `more`, whose values are normalised already."""
    number, ids = f"{of}_no", carried.ids(of)
    _write_ignored(engine, (how.match, how.country))
    _write_value_map(engine, ids, how)
    found = (
        f"SELECT i.{number}, m.kept_as AS id_type, m.norm AS id_value FROM {ids} AS i "
        "JOIN norm_value AS m ON m.id_type = i.id_type AND m.raw = i.id_value"
    )
    if more:
        engine.run("norm_more", f"SELECT * FROM ({' UNION ALL '.join(more)}) AS m{_NOT_IGNORED.format('m')}")
        given = f"{number}, {{}} AS id_type, {{}} AS id_value FROM norm_more"
        hashed = [f"SELECT {given.format(*h.columns)} WHERE id_type = {literal(h.source)}" for h in how.hashes]
        every = " UNION ALL ".join((found, f"SELECT {given.format('id_type', 'id_value')}", *hashed))
        engine.run(f"{of}_identifier", f"SELECT DISTINCT * FROM ({every}) AS u")
    else:
        # only where two spellings are one value can a row stand twice
        engine.run(
            f"{of}_identifier",
            f"{found} WHERE NOT m.is_common UNION ALL SELECT DISTINCT * FROM ({found} WHERE m.is_common) AS u",
        )
    engine.drop("norm_value", "norm_ignored", "norm_more")
    carried.add_ids(of)


_NOT_IGNORED = " ANTI JOIN norm_ignored AS g ON g.id_type = {0}.id_type AND g.id_value = {0}.id_value"


def _write_value_map(engine: Engine, ids: str, how: Identifying) -> None:
    """Table norm_value (id_type, raw, kept_as, norm, is_common): every distinct value of `ids` with its outcomes.

    Those are its own, and one for each hash that it has. Plain values are made in SQL, the rest go through Python.
    `is_common` says that several spellings have this outcome.
    """
    engine.run("norm_plain", _plain(ids, how.types, how.country.lower()))
    engine.map_values("norm_odd", "SELECT id_type, raw FROM norm_plain WHERE norm IS NULL", _rule(how.country))
    engine.run(
        "norm_known",
        "SELECT u.raw_type, u.raw, u.id_type, u.id_value FROM ("
        "SELECT id_type AS raw_type, raw, kept_as AS id_type, norm AS id_value FROM norm_plain WHERE norm IS NOT NULL "
        "UNION ALL SELECT p.id_type AS raw_type, p.raw, p.kept_as AS id_type, o.norm AS id_value FROM norm_plain AS p "
        "JOIN norm_odd AS o ON o.id_type = p.id_type AND o.raw = p.raw WHERE p.norm IS NULL AND o.norm IS NOT NULL"
        f") AS u{_NOT_IGNORED.format('u')}",
    )
    given = "SELECT raw_type AS id_type, raw, {} AS kept_as, {} AS norm FROM norm_known"
    hashed = [f"{given.format(*h.columns)} WHERE id_type = {literal(h.source)}" for h in how.hashes]
    every = " UNION ALL ".join((given.format("id_type", "id_value"), *hashed))
    engine.run(
        "norm_value",
        f"SELECT *, count(*) OVER (PARTITION BY kept_as, norm) > 1 AS is_common FROM ({every}) AS v",
    )
    engine.drop("norm_plain", "norm_odd", "norm_known")


def _plain(ids: str, types: tuple[str, ...], region: str) -> str:
    """Query of the distinct values of `ids` with the name that their type is kept under and what is plain already."""
    kinds: dict[IdentifierKind, list[str]] = {}
    for t in types:
        kinds.setdefault(identifier_kind(t), []).append(t)
    cases = " ".join(
        f"WHEN id_type IN ({', '.join(map(literal, listed))}) THEN {plain_identifier(kind, 'raw', literal(region))}"
        for kind, listed in kinds.items()
    )
    renamed = " ".join(f"WHEN {literal(t)} THEN {literal(canonical_type(t))}" for t in types if canonical_type(t) != t)
    norm = f"CASE {cases} ELSE CAST(NULL AS VARCHAR) END" if cases else "CAST(NULL AS VARCHAR)"
    kept = f"CASE id_type {renamed} ELSE id_type END" if renamed else "id_type"
    values = f"SELECT DISTINCT id_type, id_value AS raw FROM {ids}"
    return f"SELECT id_type, raw, {kept} AS kept_as, {norm} AS norm FROM ({values}) AS v"


@dataclass(frozen=True)
class Hash:
    """A type whose values are hashes: an e-mail address or phone in clear has one too, under the name of the type."""

    id_type: str
    source: str  # email or phone
    function: str

    @property
    def columns(self) -> tuple[str, str]:
        """SQL for type and value of the hash of `id_value`."""
        return literal(self.id_type), f"{self.function}(id_value)"


def _hashes_of(engine: Engine, types: tuple[str, ...]) -> list[Hash]:
    """The hashes to make: which function, the name of the type says (email_sha256), else what sources sent."""
    found = []
    for id_type in types:
        if source := hash_source(id_type):
            named = [f for f in _HASHES.values() if f in id_type.lower()]
            found += [Hash(id_type, source, f) for f in named or _sent_hashes(engine, id_type)]
    return found


def hashed_as(id_type: str, value: str) -> tuple[str, ...]:
    """The hashes of an address or number that a type may hold: by the function in its name, else by each."""
    named = [f for f in _HASHES.values() if f in id_type.lower()] or sorted(_HASHES.values())
    return tuple(
        hashlib.new(f, value.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() for f in named
    )


def _sent_hashes(engine: Engine, id_type: str) -> list[str]:
    """The hash functions that the lengths of a type's values tell, sorted."""
    found = engine.fetch(
        "SELECT DISTINCT length(id_value) AS size FROM (SELECT id_type, id_value FROM record_id UNION ALL "
        "SELECT id_type, id_value FROM event_id) AS i WHERE id_type = ?",
        [id_type],
    )
    return sorted(_HASHES[size] for size in found.column(0).to_pylist() if size in _HASHES)


def _write_ignored(engine: Engine, settings: tuple[Match, str]) -> None:
    """Table norm_ignored (id_type, id_value): the configured values that mean nothing, normalised."""
    ignored, text = sorted(ignored_identifiers(*settings)), pa.string()
    columns = {"id_type": [t for t, _ in ignored], "id_value": [v for _, v in ignored]}
    engine.load("norm_ignored", pa.table({name: pa.array(values, text) for name, values in columns.items()}))


def ignored_identifiers(match: Match, country: str) -> frozenset[tuple[str, str]]:
    """(type, normalised value) of the configured values that mean nothing."""
    return frozenset(
        (canonical_type(name), found)
        for name, values in match.ignore_values.items()
        for value in values
        if (found := normalise_identifier(name, value, country)) is not None
    )


def _rule(country: str) -> Callable[[pa.Table], pa.Table]:
    def rule(batch: pa.Table) -> pa.Table:
        rows = zip(batch.column("id_type").to_pylist(), batch.column("raw").to_pylist(), strict=True)
        norm = [normalise_identifier(t, value, country) for t, value in rows]
        return batch.append_column("norm", pa.array(norm, pa.string()))

    return rule
