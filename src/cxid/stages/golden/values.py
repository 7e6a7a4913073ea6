"""Where the values of a field stand: as written, as compared, and how well each is written."""

from __future__ import annotations

from dataclasses import dataclass

from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType

NAME_TYPES = (FieldType.GIVEN_NAME, FieldType.MIDDLE_NAME, FieldType.FAMILY_NAME)
# Texts in which capitals and accents are a matter of writing; elsewhere they may mean something (codes, categories).
_SPELLED = frozenset((*NAME_TYPES, FieldType.FULL_NAME, FieldType.STREET, FieldType.CITY))
SPELLINGS = 2**5  # the worst spelling of a group is one less


@dataclass(frozen=True)
class Values:
    """SQL for the values of slots, over `record AS r`, `record_norm AS n` and `record_name AS w`."""

    compared_columns: frozenset[str]
    joined: dict[str, str]  # slot -> the part of a whole name that also feeds it

    @classmethod
    def of(cls, engine: Engine, fields: tuple[Field, ...]) -> Values:
        """The values of the tables as they are."""
        first = {f.type: f.slots[0] for f in reversed(fields)}
        parts = {first[t]: t.value for t in NAME_TYPES if t in first} if engine.count("record_name") else {}
        return cls(frozenset(engine.columns("record_norm")), parts)

    def tables(self, alias: str) -> str:
        """The joins of the tables to one that has `record_no`."""
        names = f" LEFT JOIN record_name AS w ON w.record_no = {alias}.record_no" if self.joined else ""
        return (
            f"JOIN record AS r ON r.record_no = {alias}.record_no "
            f"JOIN record_norm AS n ON n.record_no = {alias}.record_no{names}"
        )

    def written(self, slot: str) -> str:
        """The value as its source wrote it."""
        own = f"r.{quote(slot)}"
        return f"coalesce(w.{self.joined[slot]}, {own})" if slot in self.joined else own

    def compared(self, field: Field, slot: str) -> str:
        """The comparable text; NULL means that the value says nothing, and such a value never becomes golden."""
        if slot in self.compared_columns:
            norm = f"n.{quote(slot)}"
            return f"coalesce({norm}, lower(w.{self.joined[slot]}))" if slot in self.joined else norm
        if field.type is FieldType.FULL_NAME and field.slots[0] == slot:
            parts = [f"coalesce(n.{t.value}, '')" for t in NAME_TYPES if t.value in self.compared_columns]
            if parts:
                return f"nullif(trim({' || chr(32) || '.join(parts)}), '')"
        return f"lower({self.written(slot)})"

    def weight(self, field: Field, slot: str) -> str:
        """SQL for what a usable value is worth: 2, or 1 for a name that is an initial."""
        norm = self.compared(field, slot)
        if field.type in NAME_TYPES:
            return f"CASE WHEN length({norm}) = 1 THEN 1 ELSE 2 END"
        if field.type is FieldType.FULL_NAME:
            return f"CASE WHEN {norm} LIKE '_ %' THEN 1 ELSE 2 END"
        return "2"


def spelling(field: Field, text: str) -> str:
    """SQL for how badly a text is written, 0 to 15: all capitals or none weigh most, then missing accents and marks.

    Only texts that are equal as compared are held against each other. A text mostly in another script has no accents
    to speak of. 0 for every value of a type whose writing says nothing.
    """
    if field.type not in _SPELLED:
        return "0"
    foreign = f"(bit_length({text}) / 8 - length({text}))"
    marks = f"(2 * length({text}) - length(replace({text}, chr(39), '')) - length(replace({text}, '-', '')))"
    accents = f"CASE WHEN {foreign} * 2 > length({text}) THEN 0 ELSE {foreign} END"
    flat = f"upper({text}) <> lower({text}) AND ({text} = upper({text}) OR {text} = lower({text}))"
    return f"(CASE WHEN {flat} THEN 8 ELSE 0 END + 7 - least(7, CAST({accents} + {marks} AS INTEGER)))"
