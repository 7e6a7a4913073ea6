"""The nouns of cxid: what a source is, what a column can mean, how a value came to be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """What one row of a source is about."""

    PEOPLE = "people"  # a person as one system knows them
    EVENTS = "events"  # something a person did
    TRANSACTIONS = "transactions"  # a purchase or refund
    MENTIONS = "mentions"  # a public post about the company
    SURVEY = "survey"  # an answer with a score
    ENRICHMENT = "enrichment"  # attributes joined by a shared value such as a postcode
    CONSENT = "consent"  # a permission given or withdrawn


class FieldType(StrEnum):
    """What the values of a people column mean; decides how they are normalised, compared and blocked."""

    GIVEN_NAME = "given_name"  # first name, or several
    MIDDLE_NAME = "middle_name"  # names between the first and the last
    FAMILY_NAME = "family_name"  # last name
    FULL_NAME = "full_name"  # a whole name in one value: it is taken apart
    EMAIL = "email"  # an e-mail address
    PHONE = "phone"  # a phone number, with or without the prefix of its country
    BIRTH_DATE = "birth_date"  # a date; `format` says how it is written
    STREET = "street"  # street with or without its number
    HOUSE_NUMBER = "house_number"  # the number alone
    CITY = "city"  # town
    REGION = "region"  # county, state or province
    POSTCODE = "postcode"  # postal code
    COUNTRY = "country"  # name or ISO code
    GENDER = "gender"  # a letter, word or number; the letters of a source are learned from its names
    IDENTIFIER = "identifier"  # a number such as a tax id: strong, but typed by people, so compared and not trusted
    CATEGORY = "category"  # few values, stable for a person (occupation, birth place)
    TEXT = "text"  # free text that helps to tell people apart
    ATTRIBUTE = "attribute"  # carried into the golden record, never compared


# A field of this name has this type unless the config says otherwise.
DEFAULT_TYPES: dict[str, FieldType] = {t.value: t for t in FieldType} | {
    "tax_id": FieldType.IDENTIFIER,
    "national_id": FieldType.IDENTIFIER,
    "birth_place": FieldType.CATEGORY,
    "occupation": FieldType.CATEGORY,
}


class SurvivorshipRule(StrEnum):
    """How one value is chosen among those of a customer's records."""

    MOST_TRUSTED_THEN_LATEST = "most_trusted_then_latest"  # by `trust` of the source, then by the latest change
    LATEST = "latest"  # of the record that was changed last, by `updated_at` of its source
    MOST_FREQUENT = "most_frequent"  # the one that most records have
    LONGEST = "longest"  # the longest text
    MOST_COMPLETE = "most_complete"  # of the record with most people fields filled


@dataclass(frozen=True)
class Field:
    """A field of people records, as all sources together know it.

    `slots` are the column names that hold its values in `record` and `record_norm`: the field's own
    name, then name_2, name_3 ... where a source has several columns for it.
    """

    name: str
    type: FieldType
    slots: tuple[str, ...]

    @property
    def compared(self) -> bool:
        return self.type is not FieldType.ATTRIBUTE


def slot_name(field: str, position: int) -> str:
    """The column that holds the value at `position` (from 0) of a field."""
    return field if position == 0 else f"{field}_{position + 1}"
