"""What each type of field becomes: the comparable value and its derived columns, one row for each distinct value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from cxid.config.fields import DERIVED
from cxid.model import FieldType
from cxid.stages.normalise import dates, emails, names, phones, places
from cxid.stages.normalise.folding import alphanumeric, plain_words
from cxid.stages.normalise.namewords import MARK, NAME
from cxid.stages.normalise.nickname import also_known_as

Outcome = tuple[str | None, ...]
"""The comparable value, then the derived columns in the order of `DERIVED`."""

Rule = Callable[[str, str], Outcome]
"""From a value and its context (date format, phone region, whether a word is a name; else '') to its outcome."""

_IS_NAME = {NAME: True, MARK: False}


def _given(value: str, told: str) -> Outcome:
    return given_outcome(names.given_name(value, is_name=_IS_NAME.get(told)))


def _family(value: str, told: str) -> Outcome:
    return family_outcome(names.family_name(value, is_name=_IS_NAME.get(told)))


def _middle(value: str, told: str) -> Outcome:
    return middle_outcome(names.given_name(value, is_name=_IS_NAME.get(told)))


def given_outcome(name: str | None) -> Outcome:
    """A compared given name with its derived columns."""
    return name, names.phonetic(name), also_known_as(name), names.initial(name)


def middle_outcome(name: str | None) -> Outcome:
    """A compared middle name with its derived columns."""
    return name, names.initial(name)


def family_outcome(name: str | None) -> Outcome:
    """A compared family name with its derived columns."""
    return name, names.phonetic(name)


def _email(value: str, _: str) -> Outcome:
    address = emails.email_address(value)
    return address, emails.email_local(address)


def _phone(value: str, region: str) -> Outcome:
    number = phones.phone_number(value, region)
    return number, number[-7:] if number else None


def _birth_date(value: str, written_as: str) -> Outcome:
    date = dates.birth_date(value, written_as or None)
    return date, dates.swapped(date)


def _street(value: str, _: str) -> Outcome:
    text = places.street(value)
    return text, places.street_number(text), places.street_words(text)


def _gender(value: str, together: str) -> Outcome:
    return (places.gender(value, together),)


def _alone(function: Callable[[str], str | None]) -> Rule:
    def rule(value: str, _: str) -> Outcome:
        return (function(value),)

    return rule


RULES: dict[FieldType, Rule] = {
    FieldType.GIVEN_NAME: _given,
    FieldType.MIDDLE_NAME: _middle,
    FieldType.FAMILY_NAME: _family,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.BIRTH_DATE: _birth_date,
    FieldType.STREET: _street,
    FieldType.HOUSE_NUMBER: _alone(places.house_number),
    FieldType.CITY: _alone(places.city),
    FieldType.REGION: _alone(places.city),
    FieldType.POSTCODE: _alone(places.postcode),
    FieldType.COUNTRY: _alone(places.country),
    FieldType.GENDER: _gender,
    FieldType.IDENTIFIER: _alone(alphanumeric),
    FieldType.CATEGORY: _alone(plain_words),
    FieldType.TEXT: _alone(plain_words),
}


def outcome_columns(type_: FieldType) -> tuple[str, ...]:
    """The columns of a type's outcome: 'norm', then the derived suffixes."""
    return ("norm", *DERIVED.get(type_, {}))


@dataclass(frozen=True)
class Outcomes:
    """A type's rule over a table of distinct (context, raw), less the values that the config says to ignore."""

    type_: FieldType
    ignored: frozenset[str] = frozenset()

    def __call__(self, batch: pa.Table) -> pa.Table:
        """(context, raw, norm, derived ...) of each row; a value that says nothing has NULL throughout."""
        rule, width = RULES[self.type_], len(outcome_columns(self.type_))
        rows = zip(batch.column("raw").to_pylist(), batch.column("context").to_pylist(), strict=True)
        found = [rule(raw, context) for raw, context in rows]
        if self.ignored:
            found = [(None,) * width if o[0] in self.ignored else o for o in found]
        return with_outcomes(batch, outcome_columns(self.type_), found)


def with_outcomes(batch: pa.Table, columns: tuple[str, ...], found: Iterable[Outcome]) -> pa.Table:
    """The batch with one text column for each part of the outcomes."""
    turned = list(zip(*found, strict=True)) or [()] * len(columns)
    for name, values in zip(columns, turned, strict=True):
        batch = batch.append_column(name, pa.array(values, pa.string()))
    return batch


def ignored_values(type_: FieldType, listed: Iterable[str], region: str) -> frozenset[str]:
    """The configured values that mean nothing, normalised as the type's own values are."""
    context = region if type_ is FieldType.PHONE else ""
    found = (RULES[type_](value, context)[0] for value in listed)
    return frozenset(value for value in found if value is not None)
