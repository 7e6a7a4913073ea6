"""Whole names taken apart, source by source: each source has its own order of given and family name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from cxid.config.model import PeopleSource
from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.folding import fold_umlauts, words
from cxid.stages.normalise.fullname import NameOrder, TakenName, take_apart
from cxid.stages.normalise.names import name_words, without_titles
from cxid.stages.normalise.nickname import is_given_name
from cxid.stages.normalise.surnames import FAMILY_FIRST, is_family_name
from cxid.stages.normalise.values import family_outcome, given_outcome, middle_outcome, outcome_columns, with_outcomes

PARTS = {FieldType.GIVEN_NAME: "given", FieldType.MIDDLE_NAME: "middle", FieldType.FAMILY_NAME: "family"}
_SAMPLE = 20_000  # distinct values looked at to find a source's order
_KNOWN = 200_000  # given names of other sources held in memory
_EVIDENCE = 10  # names that must speak for family-first before it is believed
_TWO_SURNAMES = frozenset(words("es mx co ar cl pe ve ec gt cu bo do hn py sv ni cr pa uy pr"))
_VALUES = "norm_name_value"
_COLUMNS = tuple(f"{PARTS[t]}_{c}" for t in PARTS for c in (*outcome_columns(t), "written"))


def name_orders(
    engine: Engine, sources: Mapping[str, PeopleSource], fields: tuple[Field, ...], region: str
) -> dict[str, NameOrder]:
    """How each source writes whole names, learned from all of its records."""
    engine.run(_VALUES, _whole_names(fields, "record"))
    known = _given_names(engine)
    orders = {
        name: NameOrder(
            is_family_first(sample, known, usual=region in FAMILY_FIRST),
            region in _TWO_SURNAMES,
            writes_commas(sample),
            region,
        )
        for name in sources
        for sample in [_sample(engine, name)]
    }
    engine.drop(_VALUES)
    return orders


def write_name_parts(
    engine: Engine, orders: Mapping[str, NameOrder], fields: tuple[Field, ...], records: str, *, middle_apart: bool
) -> None:
    """Table norm_name_parts (source, raw, given_norm, ... given_written, middle_norm, ...) of the names in `records`.

    With `middle_apart` middle names have a place of their own, else they are written with the given name.
    """

    def outcomes(batch: pa.Table) -> pa.Table:
        rows = zip(batch.column("raw").to_pylist(), batch.column("source").to_pylist(), strict=True)
        found = [_outcome(take_apart(raw, orders[source]), middle_apart) for raw, source in rows]
        return with_outcomes(batch, _COLUMNS, found)

    engine.map_values("norm_name_parts", f"{_whole_names(fields, records)} ORDER BY source, raw", outcomes)


def _whole_names(fields: tuple[Field, ...], records: str) -> str:
    """Query of the distinct whole names of each source."""
    parts = " UNION ALL ".join(
        f"SELECT source, {quote(s)} AS raw FROM {records} WHERE {quote(s)} IS NOT NULL" for f in fields for s in f.slots
    )
    return f"SELECT DISTINCT source, raw FROM ({parts}) AS v"


def usual_order(region: str) -> NameOrder:
    """How names are written in a country: what stands where no source says more."""
    return NameOrder(region in FAMILY_FIRST, region in _TWO_SURNAMES, False, region)


def _outcome(name: TakenName, middle_apart: bool) -> tuple[str | None, ...]:
    parts, written = name.compared, name.written(middle_apart=middle_apart)
    return (
        *(*given_outcome(parts.given), written.given),
        *(*middle_outcome(parts.middle), written.middle),
        *(*family_outcome(parts.family), written.family),
    )


def record_names(wholes: tuple[Field, ...], own: Mapping[FieldType, tuple[Field, str]], records: str) -> str:
    """Query of `record_name`: the parts of each whole name as written, where its record has no such value of its own.

    `own` names the fields that hold parts in columns of their own and have a table norm_map_<field>, each with SQL for
    the context of its values.
    """
    slots = [slot for f in wholes for slot in f.slots]
    if not slots:
        return _NO_NAMES
    joins = [
        f"LEFT JOIN norm_name_parts AS {quote('w_' + s)} ON {quote('w_' + s)}.raw = r.{quote(s)} "
        f"AND {quote('w_' + s)}.source = r.source"
        for s in slots
    ]
    columns = []
    for type_, part in PARTS.items():
        choices = [
            f"WHEN {quote('w_' + s)}.{part}_norm IS NOT NULL THEN {quote('w_' + s)}.{part}_written" for s in slots
        ]
        if type_ in own:
            field, context = own[type_]
            joins.append(
                f"LEFT JOIN {quote(f'norm_map_{field.name}')} AS m_{part} ON m_{part}.raw = r.{quote(field.slots[0])} "
                f"AND m_{part}.context = {context}"
            )
            choices.insert(0, f"WHEN m_{part}.norm IS NOT NULL THEN NULL")
        columns.append(f"CASE {' '.join(choices)} END AS {type_.value}")
    return (
        f"SELECT * FROM (SELECT r.record_no, {', '.join(columns)} FROM {records} AS r "
        f"LEFT JOIN norm_source AS s ON s.source = r.source {' '.join(joins)}) AS n "
        "WHERE coalesce(given_name, middle_name, family_name) IS NOT NULL"
    )


_NO_NAMES = """
SELECT CAST(NULL AS BIGINT) AS record_no, CAST(NULL AS VARCHAR) AS given_name,
       CAST(NULL AS VARCHAR) AS middle_name, CAST(NULL AS VARCHAR) AS family_name
WHERE 1 = 0
"""


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
    found = engine.fetch(f"SELECT raw FROM {_VALUES} WHERE source = ? ORDER BY md5(raw), raw LIMIT {_SAMPLE}", [source])
    return [str(v) for v in found.column(0).to_pylist()]


def writes_commas(values: Sequence[str]) -> bool:
    """Whether at least half of the values that have several words have a comma."""
    several = [value for value in values if len(value.split()) > 1]
    return bool(several) and 2 * sum("," in value for value in several) >= len(several)


def is_family_first(values: Iterable[str], known: frozenset[str], *, usual: bool = False) -> bool:
    """Whether a source writes the family name first where no comma says so.

    Counts the values of which exactly one end is a known given name, and those of which exactly one end is a family
    name by its ending or by the lists; the winner needs two to one. `usual` is what the country does: it stands where
    the values do not say.
    """
    first = last = 0
    for value in values:
        found = [] if "," in value else [fold_umlauts(w) for w in without_titles(name_words(value))]
        if len(found) < 2:
            continue
        for votes in (_given_ends(found, known), _family_ends(found)):
            if votes[0] != votes[1]:
                first, last = first + votes[0], last + votes[1]
                break
    if usual:
        return not (first >= _EVIDENCE and first > 2 * last)
    return last >= _EVIDENCE and last > 2 * first


def _given_ends(found: list[str], known: frozenset[str]) -> tuple[bool, bool]:
    """Whether the first and the last word are given names."""
    one, two = ((w in known or is_given_name(w)) and not is_family_name(w) for w in (found[0], found[-1]))
    return one, two


def _family_ends(found: list[str]) -> tuple[bool, bool]:
    """Whether the other end than the first and the last word is a family name."""
    return is_family_name(found[-1]), is_family_name(found[0])
