"""Attributes from enrichment sources, one column each, joined by a golden field or an identifier."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxid.engine.base import Engine, literal, quote
from cxid.model import Field
from cxid.stages.context import Reporter


@dataclass(frozen=True)
class Enriched:
    """An attribute of an enrichment source and the column it becomes."""

    source: str
    attribute: str
    join_field: str
    column: str

    @property
    def table(self) -> str:
        return f"profile_enrichment_{self.column}"


def write_enrichment(
    engine: Engine, fields: tuple[Field, ...], taken: frozenset[str], reporter: Reporter
) -> list[Enriched]:
    """One table (customer_id, value) for each attribute; what they are, sorted by source and name.

    `taken` are names that other columns have; an attribute of such a name gets its source's name in front.
    """
    rows = engine.fetch(
        "SELECT DISTINCT source, attribute, join_field FROM enrichment ORDER BY source, attribute, join_field"
    )
    slots = {f.name: f.slots for f in fields}
    types = {str(t) for t in engine.fetch("SELECT DISTINCT id_type FROM identifier_customer").column(0).to_pylist()}
    made: list[Enriched] = []
    names = set(taken)
    for row in rows.to_pylist():
        column = _column(row["attribute"], row["source"], names)
        if row["join_field"] in slots:
            found = Enriched(row["source"], row["attribute"], row["join_field"], column)
            engine.run(found.table, _by_field(found, slots[found.join_field]))
        elif row["join_field"] in types:
            found = Enriched(row["source"], row["attribute"], row["join_field"], column)
            engine.run(found.table, _by_identifier(found))
        else:
            reporter.warn(
                "enrichment-unjoined",
                f"source {row['source']}: no customer has a {row['join_field']}, by which it is joined; left out",
            )
            continue
        names.add(column)
        made.append(found)
    return made


def _column(attribute: str, source: str, taken: set[str]) -> str:
    """A name that is safe as a column and not taken."""
    name = re.sub(r"[^a-z0-9]+", "_", attribute.lower()).strip("_") or "attribute"
    if name[0].isdigit():
        name = f"a_{name}"
    wanted = name if name not in taken else f"{re.sub(r'[^a-z0-9]+', '_', source.lower()).strip('_')}_{name}"
    number = 2
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def _folded(value: str) -> str:
    """SQL for the letters and digits of a value in lower case: how joining values are compared."""
    return f"regexp_replace(lower({value}), '[^a-z0-9]', '', 'g')"


def _values(found: Enriched) -> str:
    """Query of (join_key, value): the smallest value where a joining value has several."""
    return (
        f"SELECT {_folded('join_value')} AS join_key, min(value) AS value FROM enrichment "
        f"WHERE source = {literal(found.source)} AND attribute = {literal(found.attribute)} "
        f"AND join_field = {literal(found.join_field)} AND value IS NOT NULL GROUP BY {_folded('join_value')}"
    )


def _by_field(found: Enriched, slots: tuple[str, ...]) -> str:
    """The value that the first of the field's golden values finds."""
    joins = " ".join(
        f"LEFT JOIN v AS v{i} ON v{i}.join_key = {_folded('g.' + quote(slot))}" for i, slot in enumerate(slots)
    )
    value = f"coalesce({', '.join(f'v{i}.value' for i in range(len(slots)))})"
    return (
        f"WITH v AS ({_values(found)}) SELECT g.customer_id, {value} AS value "
        f"FROM golden_customer AS g {joins} WHERE {value} IS NOT NULL"
    )


def _by_identifier(found: Enriched) -> str:
    """The value that the customer's identifiers find; of several the one of the smallest identifier."""
    return (
        f"WITH v AS ({_values(found)}) SELECT i.customer_id, arg_min(v.value, i.id_value) AS value "
        f"FROM identifier_customer AS i JOIN v ON v.join_key = {_folded('i.id_value')} "
        f"WHERE i.id_type = {literal(found.join_field)} GROUP BY i.customer_id"
    )
