"""The people fields of a config, as all sources together know them."""

from __future__ import annotations

from collections.abc import Mapping

from cxid.config.model import Column, PeopleSource, Source
from cxid.model import DEFAULT_TYPES, Field, FieldType, slot_name

# Columns of `record_norm` that stand beside a slot, by type: suffix -> what it holds.
DERIVED: dict[FieldType, dict[str, str]] = {
    FieldType.GIVEN_NAME: {
        "phonetic": "phonetic code",
        "aka": "formal names it may stand for, '|robert|william|', NULL when none",
        "initial": "first letter",
    },
    FieldType.MIDDLE_NAME: {"initial": "first letter"},
    FieldType.FAMILY_NAME: {"phonetic": "phonetic code"},
    FieldType.EMAIL: {"local": "the part before @, dots and +tag removed"},
    FieldType.PHONE: {"tail": "last seven digits"},
    FieldType.BIRTH_DATE: {"swapped": "YYYYDDMM, NULL when day and month cannot be swapped or are equal"},
    FieldType.STREET: {"number": "first number in it", "words": "its words without numbers and street types"},
}


def people_sources(sources: Mapping[str, Source]) -> dict[str, PeopleSource]:
    return {name: s for name, s in sources.items() if isinstance(s, PeopleSource)}


def field_type(name: str, column: Column) -> FieldType:
    """The type that the config states, the name's own, or ATTRIBUTE."""
    return column.type or DEFAULT_TYPES.get(name, FieldType.ATTRIBUTE)


def record_fields(sources: Mapping[str, Source]) -> tuple[Field, ...]:
    """Every people field in config order; the slots are as many as the source with most columns for it has."""
    types: dict[str, FieldType] = {}
    width: dict[str, int] = {}
    for source in people_sources(sources).values():
        for name, column in source.columns.items():
            known = types.get(name)
            stated = field_type(name, column)
            types[name] = stated if known is None or known is FieldType.ATTRIBUTE else known
            width[name] = max(width.get(name, 0), column.width)
    return tuple(Field(n, t, tuple(slot_name(n, i) for i in range(width[n]))) for n, t in types.items())


def joined_names(sources: Mapping[str, Source]) -> tuple[Field, ...]:
    """The whole-name fields that are no golden columns of their own, because others hold the parts of names."""
    fields = record_fields(sources)
    if {FieldType.GIVEN_NAME, FieldType.FAMILY_NAME} <= {f.type for f in fields}:
        return tuple(f for f in fields if f.type is FieldType.FULL_NAME)
    return ()


def golden_fields(sources: Mapping[str, Source]) -> tuple[Field, ...]:
    """The people fields of `golden_customer` in config order; a whole name feeds the fields of its parts instead."""
    apart = joined_names(sources)
    return tuple(f for f in record_fields(sources) if f not in apart)


def norm_fields(sources: Mapping[str, Source], ignore: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """The fields of `record_norm`: compared ones only, a full name taken apart into its parts."""
    found = {f.name: f for f in record_fields(sources) if f.compared and f.name not in ignore}
    full = [f for f in found.values() if f.type is FieldType.FULL_NAME]
    for field in full:
        del found[field.name]
        for name, type_ in (
            ("given_name", FieldType.GIVEN_NAME),
            ("middle_name", FieldType.MIDDLE_NAME),
            ("family_name", FieldType.FAMILY_NAME),
        ):
            if name not in ignore and not any(f.type is type_ for f in found.values()):
                found[name] = Field(name, type_, (name,))
    return tuple(found.values())


def norm_columns(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Slot and derived columns of `record_norm`, in order."""
    return tuple(
        column
        for field in fields
        for slot in field.slots
        for column in (slot, *(f"{slot}_{suffix}" for suffix in DERIVED.get(field.type, {})))
    )
