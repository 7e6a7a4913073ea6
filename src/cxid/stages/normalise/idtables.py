"""From `record_id` and `event_id` to `record_identifier` and `event_identifier`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from cxid.config.identifiers import canonical_type
from cxid.config.model import EnrichmentSource, Match, Source
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.identifiers import hash_source, normalise_identifier

_HASHES = {32: "md5", 64: "sha256"}  # length in hexadecimal figures -> SQL function


def identifier_types(sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Every identifier type that the config maps, sorted."""
    return tuple(sorted({t for s in sources.values() if not isinstance(s, EnrichmentSource) for t in s.ids}))


def write_event_identifier(engine: Engine, sources: Mapping[str, Source], match: Match, country: str) -> None:
    """Table `event_identifier`: `event_id` normalised, each identifier of an event once."""
    _write_identifiers(engine, "event", identifier_types(sources), match, country)


def write_record_identifier(
    engine: Engine, sources: Mapping[str, Source], match: Match, country: str, fields: tuple[Field, ...]
) -> None:
    """Table `record_identifier`: `record_id` normalised, with the e-mail addresses and phones of `record_norm`."""
    types = identifier_types(sources)
    slots = [
        f"SELECT record_no, {literal(f.type.value)} AS id_type, {quote(slot)} AS id_value FROM record_norm "
        f"WHERE {quote(slot)} IS NOT NULL"
        + (f" AND regexp_matches({quote(slot)}, {literal(EXACT_EMAIL)})" if f.type is FieldType.EMAIL else "")
        for f in fields
        if f.type in (FieldType.EMAIL, FieldType.PHONE)
        for slot in f.slots
    ]
    _write_identifiers(engine, "record", types, match, country, tuple(slots))


EXACT_EMAIL = r'^[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;".]+$'
"""Of compared e-mail values, those that may identify; the same as `emails.is_exact`."""


def _write_identifiers(
    engine: Engine, of: str, types: tuple[str, ...], match: Match, country: str, more: tuple[str, ...] = ()
) -> None:
    number = f"{of}_no"
    engine.map_values(
        "norm_identifier_value",
        f"SELECT DISTINCT id_type, id_value AS raw FROM {of}_id",
        _rule(country, _ignored(match, country)),
    )
    parts = [
        f"SELECT i.{number}, v.kept_as AS id_type, v.norm AS id_value FROM {of}_id AS i "
        "JOIN norm_identifier_value AS v ON v.id_type = i.id_type AND v.raw = i.id_value WHERE v.norm IS NOT NULL",
        *more,
    ]
    engine.run(
        "norm_identifier", f"SELECT DISTINCT {number}, id_type, id_value FROM ({' UNION ALL '.join(parts)}) AS u"
    )
    hashed = [_hashed(number, t, found) for t in types if (found := hash_source(t))]
    plain = f"SELECT {number}, id_type, id_value FROM norm_identifier"
    union = f"SELECT DISTINCT {number}, id_type, id_value FROM ({' UNION ALL '.join([plain, *hashed])}) AS u"
    engine.run(f"{of}_identifier", union if hashed else plain)
    engine.drop("norm_identifier", "norm_identifier_value")


def _hashed(number: str, id_type: str, source: str) -> str:
    """The rows that an e-mail address or phone in clear adds under the name of its hash, in both usual hashes.

    The name of the type may not say which hash its values are; one that nobody sent matches nothing.
    """
    names = [f for f in _HASHES.values() if f in id_type.lower()] or list(_HASHES.values())
    return " UNION ALL ".join(
        f"SELECT {number}, {literal(id_type)} AS id_type, {f}(id_value) AS id_value FROM norm_identifier "
        f"WHERE id_type = {literal(source)}"
        for f in names
    )


def _ignored(match: Match, country: str) -> frozenset[tuple[str, str]]:
    """(type, normalised value) of the configured values that mean nothing."""
    return frozenset(
        (canonical_type(name), found)
        for name, values in match.ignore_values.items()
        for value in values
        if (found := normalise_identifier(name, value, country)) is not None
    )


def _rule(country: str, ignored: frozenset[tuple[str, str]]) -> Callable[[pa.Table], pa.Table]:
    def rule(batch: pa.Table) -> pa.Table:
        types, values = (batch.column(c).to_pylist() for c in ("id_type", "raw"))
        kept = [canonical_type(t) for t in types]
        found = [normalise_identifier(t, v, country) for t, v in zip(types, values, strict=True)]
        norm = [None if (k, n) in ignored else n for k, n in zip(kept, found, strict=True)]
        return batch.append_column("kept_as", pa.array(kept, pa.string())).append_column(
            "norm", pa.array(norm, pa.string())
        )

    return rule
