"""Addresses and family names of records, from whatever columns the config maps."""

from __future__ import annotations

from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType

# a flat within a building: what stands behind one of these words
_UNIT = r"(?:^| )(?:flat|apt|apartment|unit|suite|apto|wohnung|whg|top|stiege|appt|interno|piso|puerta) ([0-9]+[a-z]?|[a-z])(?: |$)"  # noqa: E501


def _slots(fields: tuple[Field, ...], type_: FieldType) -> tuple[str, ...]:
    return tuple(slot for f in fields if f.type is type_ for slot in f.slots)


def _first(columns: list[str]) -> str:
    """SQL for the first of the columns that has a value."""
    if not columns:
        return "CAST(NULL AS VARCHAR)"
    return quote(columns[0]) if len(columns) == 1 else f"coalesce({', '.join(map(quote, columns))})"


def home_field(fields: tuple[Field, ...]) -> str:
    """The golden column that says which record a customer's address comes from, '' where no address is mapped."""
    return next((s for t in (FieldType.STREET, FieldType.POSTCODE, FieldType.CITY) for s in _slots(fields, t)), "")


def write_addresses(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Table household_address: record_no with postcode, city, words, number, unit, where they make an address.

    An address is a street or a house number, and the town or postcode where it lies.
    """
    streets = _slots(fields, FieldType.STREET)
    numbers = [*_slots(fields, FieldType.HOUSE_NUMBER), *(f"{s}_number" for s in streets)]
    texts = ", ".join(f"coalesce({quote(s)}, '')" for s in streets)
    unit = f"nullif(regexp_extract(concat_ws(' ', {texts}), '{_UNIT}', 1), '')" if streets else "CAST(NULL AS VARCHAR)"
    engine.run(
        "household_address",
        "SELECT record_no, postcode, city, words, number, unit FROM (SELECT record_no, "
        f"{_first([*_slots(fields, FieldType.POSTCODE)])} AS postcode, "
        f"{_first([*_slots(fields, FieldType.CITY)])} AS city, "
        f"{_first([f'{s}_words' for s in streets])} AS words, {_first(numbers)} AS number, {unit} AS unit "
        "FROM record_norm) AS r WHERE (words IS NOT NULL AND (postcode IS NOT NULL OR city IS NOT NULL)) "
        "OR (number IS NOT NULL AND postcode IS NOT NULL)",
    )


def write_family_names(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Table household_named (record_no, name): every family name of every record."""
    slots = _slots(fields, FieldType.FAMILY_NAME)
    each = [f"SELECT record_no, {quote(s)} AS name FROM record_norm WHERE {quote(s)} IS NOT NULL" for s in slots]
    engine.run(
        "household_named", " UNION ALL ".join(each) or "SELECT record_no, '' AS name FROM record_norm WHERE 1 = 0"
    )
