"""Identifiers as evidence between records: who carries them, which are hubs, which pairs share one."""

from __future__ import annotations

from cxid.config.model import Match
from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.sql import load
from cxid.stages.stitch.kinds import type_table

_ALIKE = 0.8  # Jaro-Winkler: given names above this may be one name misspelt
_ENOUGH_PAIRS = 10  # fewer may be one family


def write_identifiers(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Tables stitch_type, stitch_identifier and stitch_record_use."""
    types = engine.fetch("SELECT id_type FROM record_identifier UNION SELECT id_type FROM event_identifier")
    engine.load("stitch_type", type_table(types.column("id_type").to_pylist(), fields))
    engine.run("stitch_identifier", load("stitch", "identifier"))
    engine.run("stitch_record_use", load("stitch", "record_use"))


def write_record_hubs(engine: Engine, fields: tuple[Field, ...], match: Match) -> None:
    """Table stitch_record_hub: identifiers whose records are more than `hub_limit` people, by stitch_cluster."""
    engine.run("stitch_crowd", load("stitch", "crowd"), {"hub_limit": match.hub_limit})
    _write_persons(engine, fields)
    limits = {"hub_limit": match.hub_limit, "max_group": match.max_group}
    engine.run("stitch_record_hub", load("stitch", "record_hub"), limits)
    engine.drop("stitch_person", "stitch_crowd")


def _write_persons(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Table stitch_person (record_no, person): who the records of a crowd say they are; without words, no row."""
    named = [s for s in (_slot(fields, t) for t in _NAMING) if s]
    values = ", chr(31), ".join(["''", *(f"coalesce({quote(s)}, '')" for s in named)])
    known = " OR ".join(f"{quote(s)} IS NOT NULL" for s in named) or "false"
    engine.run(
        "stitch_person",
        f"SELECT n.record_no, concat({values}) AS person FROM record_norm AS n "
        "INNER JOIN (SELECT DISTINCT u.record_no FROM stitch_crowd AS c INNER JOIN stitch_record_use AS u "
        f"ON c.identifier_no = u.identifier_no) AS m ON n.record_no = m.record_no WHERE {known}",
    )


def write_shared(engine: Engine, fields: tuple[Field, ...], max_group: int) -> None:
    """Table stitch_shared (a, b, id_type, contradicted): pairs of nodes that share an identifier which is no hub.

    Of an identifier on more than `max_group` nodes only neighbours are paired: no customer may hold them all.
    """
    engine.run("stitch_carrier", load("stitch", "carrier"))
    compared = [f.slots[0] for f in fields if f.type in (FieldType.EMAIL, FieldType.PHONE)]
    seen = " OR ".join(f"(na.{quote(s)} IS NOT NULL AND nb.{quote(s)} IS NOT NULL)" for s in compared) or "false"
    engine.run(
        "stitch_shared",
        "WITH shared AS ("
        "SELECT ca.node AS a, cb.node AS b, i.id_type, t.is_hash FROM stitch_carrier AS ca "
        "INNER JOIN stitch_carrier AS cb ON ca.identifier_no = cb.identifier_no AND ca.node < cb.node "
        f"AND (ca.nodes <= {int(max_group)} OR cb.place = ca.place + 1) "
        "INNER JOIN stitch_identifier AS i ON ca.identifier_no = i.identifier_no "
        "INNER JOIN stitch_type AS t ON i.id_type = t.id_type) "
        "SELECT s.a, s.b, min(s.id_type) AS id_type, "
        f"CAST(max(CASE WHEN {_contradiction(fields)} THEN 1 ELSE 0 END) AS INTEGER) = 1 AS contradicted "
        "FROM shared AS s INNER JOIN record_norm AS na ON s.a = na.record_no "
        f"INNER JOIN record_norm AS nb ON s.b = nb.record_no WHERE NOT (s.is_hash AND ({seen})) GROUP BY s.a, s.b",
    )
    engine.drop("stitch_carrier")


def drop_mixed_numberings(engine: Engine) -> tuple[str, ...]:
    """The identifier types of which most shared values join clearly different names; taken out of stitch_shared.

    Two systems that each count their customers from 1 share every number and no customer.
    """
    counted = engine.fetch(
        "SELECT id_type FROM stitch_shared GROUP BY id_type "
        f"HAVING count(*) >= {_ENOUGH_PAIRS} AND count(CASE WHEN contradicted THEN 1 END) * 2 > count(*) "
        "ORDER BY id_type"
    )
    found = tuple(counted.column("id_type").to_pylist())
    if found:
        listed = ", ".join("?" for _ in found)
        engine.run("stitch_kept", f"SELECT * FROM stitch_shared WHERE id_type NOT IN ({listed})", found)
        engine.rename("stitch_kept", "stitch_shared")
    return found


_NAMING = (FieldType.GIVEN_NAME, FieldType.FAMILY_NAME, FieldType.BIRTH_DATE)


def _slot(fields: tuple[Field, ...], type_: FieldType) -> str | None:
    return next((f.slots[0] for f in fields if f.type is type_), None)


def _contradiction(fields: tuple[Field, ...]) -> str:
    """SQL: the two records bear clearly different given names, and no birth date says that they are one person.

    The one place of this stage that uses a string distance (`jaro_winkler_similarity`).
    """
    given, family, birth = (_slot(fields, t) for t in _NAMING)
    if given is None:
        return "false"
    a, b = f"na.{quote(given)}", f"nb.{quote(given)}"
    aka_a, aka_b = f"na.{quote(given + '_aka')}", f"nb.{quote(given + '_aka')}"
    clauses = [
        f"{a} IS NOT NULL AND {b} IS NOT NULL",
        f"jaro_winkler_similarity({a}, {b}) < {_ALIKE}",
        # an initial, or one of several names
        f"NOT starts_with({a}, {b}) AND NOT starts_with({b}, {a})",
        f"NOT contains(concat(' ', {a}, ' '), concat(' ', {b}, ' '))",
        f"NOT contains(concat(' ', {b}, ' '), concat(' ', {a}, ' '))",
        # a nickname
        f"NOT contains(coalesce({aka_a}, ''), concat('|', {b}, '|'))",
        f"NOT contains(coalesce({aka_b}, ''), concat('|', {a}, '|'))",
        # two nicknames of one formal name
        f"NOT regexp_matches(coalesce({aka_b}, ''), concat('[|](', trim(coalesce({aka_a}, '-'), '|'), ')[|]'))",
    ]
    if family is not None:  # given and family name in each other's place
        f_a, f_b = f"na.{quote(family)}", f"nb.{quote(family)}"
        clauses.append(f"coalesce({a} <> {f_b}, true) AND coalesce({b} <> {f_a}, true)")
    if birth is not None:
        clauses.append(f"coalesce(na.{quote(birth)} <> nb.{quote(birth)}, true)")
    return "(" + " AND ".join(clauses) + ")"
