"""Whole names taken apart, source by source: each source has its own order of given and family name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from cxid.config.model import PeopleSource
from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.folding import fold_umlauts, words
from cxid.stages.normalise.fullname import NameOrder, NameParts, split_name
from cxid.stages.normalise.names import name_words, without_titles
from cxid.stages.normalise.nickname import is_given_name
from cxid.stages.normalise.values import family_outcome, given_outcome, middle_outcome, outcome_columns, with_outcomes

PARTS = {FieldType.GIVEN_NAME: "given", FieldType.MIDDLE_NAME: "middle", FieldType.FAMILY_NAME: "family"}
_SAMPLE = 20_000  # distinct values looked at to find a source's order
_KNOWN = 200_000  # given names of other sources held in memory
_EVIDENCE = 10  # names that must speak for family-first before it is believed
_TWO_SURNAMES = frozenset(words("es mx co ar cl pe ve ec gt cu bo do hn py sv ni cr pa uy pr"))
_COLUMNS = tuple(f"{PARTS[t]}_{c}" for t in PARTS for c in outcome_columns(t))


def write_name_parts(
    engine: Engine, sources: Mapping[str, PeopleSource], fields: tuple[Field, ...], region: str
) -> list[str]:
    """Table norm_name_parts (source, raw, given_norm, ... middle_norm, ... family_norm, ...); the tables made."""
    slots = [slot for f in fields for slot in f.slots]
    parts = " UNION ALL ".join(
        f"SELECT source, {quote(s)} AS raw FROM record WHERE {quote(s)} IS NOT NULL" for s in slots
    )
    engine.run("norm_name_value", f"SELECT DISTINCT source, raw FROM ({parts}) AS v")
    known = _given_names(engine)
    orders = {
        name: NameOrder(is_family_first(sample, known), region in _TWO_SURNAMES, writes_commas(sample))
        for name in sources
        for sample in [_sample(engine, name)]
    }

    def outcomes(batch: pa.Table) -> pa.Table:
        rows = zip(batch.column("raw").to_pylist(), batch.column("source").to_pylist(), strict=True)
        return with_outcomes(batch, _COLUMNS, [_outcome(split_name(raw, orders[source])) for raw, source in rows])

    engine.map_values("norm_name_parts", "SELECT source, raw FROM norm_name_value ORDER BY source, raw", outcomes)
    return ["norm_name_value", "norm_name_parts"]


def _outcome(parts: NameParts) -> tuple[str | None, ...]:
    return given_outcome(parts.given) + middle_outcome(parts.middle) + family_outcome(parts.family)


def _given_names(engine: Engine) -> frozenset[str]:
    """Given names that other sources write in a column of their own, as compared."""
    if "norm_map_given_name" not in engine.tables():
        return frozenset()
    found = engine.fetch(
        "SELECT norm FROM norm_map_given_name WHERE norm IS NOT NULL "
        f"GROUP BY norm ORDER BY md5(norm), norm LIMIT {_KNOWN}"
    )
    return frozenset(found.column(0).to_pylist())


def _sample(engine: Engine, source: str) -> list[str]:
    found = engine.fetch(
        f"SELECT raw FROM norm_name_value WHERE source = ? ORDER BY md5(raw), raw LIMIT {_SAMPLE}", [source]
    )
    return [str(v) for v in found.column(0).to_pylist()]


def writes_commas(values: Sequence[str]) -> bool:
    """Whether at least half of the values that have several words have a comma."""
    several = [value for value in values if len(value.split()) > 1]
    return bool(several) and 2 * sum("," in value for value in several) >= len(several)


def is_family_first(values: Iterable[str], known: frozenset[str]) -> bool:
    """Whether a source writes the family name first where no comma says so.

    Counts the values of which exactly one end is a known given name; the last must win two to one.
    """
    first = last = 0
    for value in values:
        found = [] if "," in value else [fold_umlauts(w) for w in without_titles(name_words(value))]
        if len(found) < 2:
            continue
        ends = [w in known or is_given_name(w) for w in (found[0], found[-1])]
        if ends[0] != ends[1]:
            first, last = first + ends[0], last + ends[1]
    return last >= _EVIDENCE and last > 2 * first
