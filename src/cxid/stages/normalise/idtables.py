"""From `record_id` and `event_id` to `record_identifier` and `event_identifier`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from cxid.config.identifiers import IdentifierKind, canonical_type, identifier_kind
from cxid.config.model import EnrichmentSource, Match, Source
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.identifiers import hash_source, normalise_identifier
from cxid.stages.normalise.plain import plain_identifier

_HASHES = {32: "md5", 64: "sha256"}  # length in hexadecimal figures -> SQL function


def identifier_types(sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Every identifier type that the config maps, sorted."""
    return tuple(sorted({t for s in sources.values() if not isinstance(s, EnrichmentSource) for t in s.ids}))


def write_event_identifier(engine: Engine, sources: Mapping[str, Source], match: Match, country: str) -> None:
    """Table `event_identifier`: `event_id` normalised, each identifier of an event once."""
    _write_identifiers(engine, "event", identifier_types(sources), (match, country))


def write_record_identifier(
    engine: Engine, sources: Mapping[str, Source], match: Match, country: str, fields: tuple[Field, ...]
) -> None:
    """Table `record_identifier`: `record_id` normalised, with the e-mail addresses and phones of `record_norm`."""
    slots = [
        f"SELECT record_no, {literal(f.type.value)} AS id_type, {quote(slot)} AS id_value FROM record_norm "
        f"WHERE {quote(slot)} IS NOT NULL"
        + (f" AND regexp_matches({quote(slot)}, {literal(EXACT_EMAIL)})" if f.type is FieldType.EMAIL else "")
        for f in fields
        if f.type in (FieldType.EMAIL, FieldType.PHONE)
        for slot in f.slots
    ]
    _write_identifiers(engine, "record", identifier_types(sources), (match, country), tuple(slots))


EXACT_EMAIL = r'^[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;".]+$'
"""Of compared e-mail values, those that may identify; the same as `emails.is_exact`."""


def _write_identifiers(
    engine: Engine, of: str, types: tuple[str, ...], settings: tuple[Match, str], more: tuple[str, ...] = ()
) -> None:
    """Table <of>_identifier from <of>_id and the queries of `more`; plain values in SQL, the rest through Python."""
    match, country = settings
    number = f"{of}_no"
    engine.run("norm_plain", _plain(of, types, country.lower()))
    engine.map_values("norm_odd", "SELECT DISTINCT id_type, raw FROM norm_plain WHERE norm IS NULL", _rule(country))
    parts = [
        f"SELECT {number}, kept_as AS id_type, norm AS id_value FROM norm_plain WHERE norm IS NOT NULL",
        f"SELECT p.{number}, p.kept_as AS id_type, o.norm AS id_value FROM norm_plain AS p "
        "JOIN norm_odd AS o ON o.id_type = p.id_type AND o.raw = p.raw WHERE p.norm IS NULL AND o.norm IS NOT NULL",
        *more,
    ]
    ignored = sorted(_ignored(match, country))
    engine.load("norm_ignored", _ignored_table(ignored))
    kept = " ANTI JOIN norm_ignored AS g ON g.id_type = u.id_type AND g.id_value = u.id_value" if ignored else ""
    engine.run(
        "norm_identifier",
        f"SELECT DISTINCT u.{number}, u.id_type, u.id_value FROM ({' UNION ALL '.join(parts)}) AS u{kept}",
    )
    engine.drop("norm_plain", "norm_odd", "norm_ignored")
    hashed = [h for t in types if (found := hash_source(t)) for h in _hashed(engine, number, t, found)]
    if hashed:
        every = " UNION ALL ".join((f"SELECT {number}, id_type, id_value FROM norm_identifier", *hashed))
        engine.run(f"{of}_identifier", f"SELECT DISTINCT {number}, id_type, id_value FROM ({every}) AS u")
        engine.drop("norm_identifier")
    else:
        engine.rename("norm_identifier", f"{of}_identifier")


def _plain(of: str, types: tuple[str, ...], region: str) -> str:
    """Query of <of>_id with the name that its type is kept under and the values that are plain already."""
    kinds: dict[IdentifierKind, list[str]] = {}
    for t in types:
        kinds.setdefault(identifier_kind(t), []).append(t)
    cases = " ".join(
        f"WHEN id_type IN ({', '.join(map(literal, listed))}) "
        f"THEN {plain_identifier(kind, 'id_value', literal(region))}"
        for kind, listed in kinds.items()
    )
    renamed = " ".join(f"WHEN {literal(t)} THEN {literal(canonical_type(t))}" for t in types if canonical_type(t) != t)
    norm = f"CASE {cases} ELSE CAST(NULL AS VARCHAR) END" if cases else "CAST(NULL AS VARCHAR)"
    kept = f"CASE id_type {renamed} ELSE id_type END" if renamed else "id_type"
    return f"SELECT {of}_no, id_type, id_value AS raw, {kept} AS kept_as, {norm} AS norm FROM {of}_id"


def _hashed(engine: Engine, number: str, id_type: str, source: str) -> list[str]:
    """Queries of the rows that an e-mail address or phone in clear adds under the name of its hash.

    Which hash it is, the name of the type says (email_sha256), else the length of the values that sources sent.
    """
    named = [f for f in _HASHES.values() if f in id_type.lower()]
    return [
        f"SELECT {number}, {literal(id_type)} AS id_type, {f}(id_value) AS id_value FROM norm_identifier "
        f"WHERE id_type = {literal(source)}"
        for f in named or _sent_hashes(engine, id_type)
    ]


def _sent_hashes(engine: Engine, id_type: str) -> list[str]:
    """The hash functions that the lengths of a type's values tell, sorted."""
    found = engine.fetch(
        "SELECT DISTINCT length(id_value) AS size FROM (SELECT id_type, id_value FROM record_id UNION ALL "
        "SELECT id_type, id_value FROM event_id) AS i WHERE id_type = ?",
        [id_type],
    )
    return sorted(_HASHES[size] for size in found.column(0).to_pylist() if size in _HASHES)


def _ignored_table(ignored: list[tuple[str, str]]) -> pa.Table:
    text = pa.string()
    return pa.table(
        {"id_type": pa.array([t for t, _ in ignored], text), "id_value": pa.array([v for _, v in ignored], text)}
    )


def _ignored(match: Match, country: str) -> frozenset[tuple[str, str]]:
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
