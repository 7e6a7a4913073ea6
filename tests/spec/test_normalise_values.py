"""Dates, phones, e-mail addresses, places and identifiers as they compare, from several countries."""

from __future__ import annotations

import pytest

from cxid.config.identifiers import IdentifierKind, canonical_type, identifier_kind
from cxid.stages.normalise import normalise_identifier
from cxid.stages.normalise.dates import birth_date, swapped
from cxid.stages.normalise.emails import email_address, email_local, is_exact
from cxid.stages.normalise.folding import alphanumeric, plain_words
from cxid.stages.normalise.phones import phone_number
from cxid.stages.normalise.places import (
    city,
    country,
    gender,
    house_number,
    postcode,
    street,
    street_number,
    street_words,
)

DATES = [
    ("2001-12-31", None, "20011231"),
    ("2001-12-31 00:00:00", None, "20011231"),
    ("1980", None, "1980"),
    ("1980-05", None, "198005"),
    ("03z61996", "%m%d%Y", "199603z6"),
    ("31.12.8O", "%d.%m.%y", "8o1231"),
    ("31.12.80", "%d.%m.%y", "19801231"),
    ("31.12.05", "%d.%m.%y", "20051231"),
    ("3/4/1980", "%d/%m/%Y", "19800403"),
    ("45/13/1980", "%d/%m/%Y", "19801345"),
    ("12-Mar-1980", "%d-%b-%Y", "19800312"),
    ("0001-01-01", None, None),
    ("9999-12-31", None, None),
    ("0000-00-00", None, None),
    ("n/a", "%Y", None),
    ("05", None, None),
]


@pytest.mark.parametrize(("written", "written_as", "compared"), DATES, ids=lambda v: str(v))
def test_a_birth_date_is_year_month_day_even_when_it_is_no_date(
    written: str, written_as: str | None, compared: str | None
) -> None:
    assert birth_date(written, written_as) == compared


@pytest.mark.parametrize(
    ("date", "other"),
    [("19800403", "19800304"), ("19800303", None), ("19800413", None), ("1980", None), ("199603z6", None)],
)
def test_day_and_month_are_swapped_where_that_is_another_date(date: str, other: str | None) -> None:
    assert swapped(date) == other


PHONES = [
    ("+44 20 7946 0018", "DE", "+442079460018"),
    ("020 7946 0018", "GB", "+442079460018"),
    ("0044 20 79460018", "GB", "+442079460018"),
    ("tel:+442079460018", "US", "+442079460018"),
    ("0151 23456789", "DE", "+4915123456789"),
    ("+49 (0)151 23456789", "GB", "+4915123456789"),
    ("06 12 34 56 78", "FR", "+33612345678"),
    ("06 1234 5678", "IT", "+390612345678"),
    ("(11) 98765-4322", "BR", "+5511987654322"),
    ("(555) 123-9876 x33", "US", "+15551239876"),
    ("1-555-123-9876", "US", "+15551239876"),
    ("08 72986495", "AU", "+61872986495"),
    ("000000000", "GB", None),
    ("+44 0000000000", "GB", None),
    ("1234567", "US", None),
    ("0123456789", "GB", None),
    ("123", "GB", None),
    ("none", "GB", None),
]


@pytest.mark.parametrize(("written", "region", "compared"), PHONES, ids=lambda v: str(v))
def test_a_phone_is_plus_and_digits(written: str, region: str, compared: str | None) -> None:
    assert phone_number(written, region) == compared


EMAILS = [
    ("Ann@X.com", "ann@x.com", "ann"),
    (" mailto:ann.b+news@x.com ", "ann.b+news@x.com", "annb"),
    ("Ann B <ann@x.com>;", "ann@x.com", "ann"),
    ("ann @x.com", "ann@x.com", "ann"),
    ("müller@x.de", "muller@x.de", "muller"),
    ("s.davis16griffin.biz", "s.davis16griffin.biz", None),
    ("user12@example.com", "user12@example.com", "user12"),
    ("noemail@store.example", None, None),
    ("no-email@q.de", None, None),
    ("test@test.com", None, None),
    ("x@x.com", None, None),
    ("unknown@unknown.fr", None, None),
    ("sin.correo@x.es", None, None),
    ("@x.com", None, None),
    ("n/a", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("written", "compared", "local"), EMAILS, ids=lambda v: str(v))
def test_an_address_is_exact_lower_case_text(written: str, compared: str | None, local: str | None) -> None:
    assert email_address(written) == compared
    assert email_local(compared) == local


def test_only_an_address_that_mail_can_reach_identifies() -> None:
    assert is_exact("ann@x.com")
    assert not any(map(is_exact, ("annx.com", "ann@x", "a@b@c.com", "ann@x.")))


STREETS = [
    ("12 High St.", "12 high st", "12", "high"),
    ("12, High Street", "12 high st", "12", "high"),
    ("Hauptstraße 5a", "haupt st 5a", "5a", "haupt"),
    ("Haupt-Str. 5a", "haupt st 5a", "5a", "haupt"),
    ("Hauptstr. 5a", "haupt st 5a", "5a", "haupt"),
    ("Flat 3, 12 High Street", "flat 3 12 high st", "12", "high"),
    ("Rua das Flores, 123", "rua das flores 123", "123", "das flores"),
    ("R. das Flores 123", "rua das flores 123", "123", "das flores"),
    ("Avda. de América 7", "av de america 7", "7", "de america"),
    ("Via Roma", "via roma", None, "roma"),
    ("Avenue 5", "av 5", "5", "av"),
    ("n/a", None, None, None),
]


@pytest.mark.parametrize(("written", "compared", "number", "rest"), STREETS, ids=lambda v: str(v))
def test_a_street_has_one_spelling(written: str, compared: str | None, number: str | None, rest: str | None) -> None:
    assert street(written) == compared
    assert street_number(compared) == number
    assert street_words(compared) == rest


PLACES = [
    (city, "Köln", "koln"), (city, "Koeln", "koln"), (city, "St. Denis", "saint denis"), (city, "Saint-Denis", "saint denis"),
    (city, "-", None),
    (postcode, "SW1A 1AA", "sw1a1aa"), (postcode, "sw1a1aa", "sw1a1aa"), (postcode, "12345-6789", "12345"),
    (postcode, "1010-123", "1010123"), (postcode, "00000", None), (postcode, "unknown", None),
    (country, "Deutschland", "de"), (country, "DEU", "de"), (country, "UK", "gb"), (country, "U.S.A.", "us"),
    (country, "Österreich", "at"), (country, "Atlantis", "atlantis"), (country, "", None),
    (gender, "Female", "f"), (gender, "männlich", "m"), (gender, "H", "m"), (gender, "Femenino", "f"), (gender, "divers", "x"),
    (gender, "unknown", None), (gender, "agender", "agender"),
    (house_number, "12 A", "12a"), (house_number, "1111", "1111"), (house_number, "-", None),
    (alphanumeric, "12-34 567/X", "1234567x"), (alphanumeric, "000000000", None), (alphanumeric, "123456789", None),
    (plain_words, "Software-Engineer (f)", "software engineer f"), (plain_words, "N/A", None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "written", "compared"), PLACES, ids=lambda v: getattr(v, "__name__", str(v)))
def test_other_values_are_folded_by_their_type(rule: object, written: str, compared: str | None) -> None:
    assert rule(written) == compared  # type: ignore[operator]


KINDS = [
    ("email", IdentifierKind.EMAIL, "email"), ("receipt_email", IdentifierKind.EMAIL, "email"),
    ("billing_e_mail", IdentifierKind.EMAIL, "email"), ("email_hash", IdentifierKind.HASH, "email_hash"),
    ("phone_md5", IdentifierKind.HASH, "phone_md5"), ("mobile", IdentifierKind.PHONE, "phone"),
    ("cookie", IdentifierKind.DEVICE, "cookie"), ("anonymousId", IdentifierKind.DEVICE, "anonymousId"),
    ("twitter_handle", IdentifierKind.HANDLE, "twitter_handle"), ("loyalty_card", IdentifierKind.NUMBER, "loyalty_card"),
    ("customer_id", IdentifierKind.NUMBER, "customer_id"), ("user_id", IdentifierKind.NUMBER, "user_id"),
]  # fmt: skip


@pytest.mark.parametrize(("id_type", "kind", "kept_as"), KINDS, ids=lambda v: str(v))
def test_the_name_of_an_identifier_type_tells_its_kind(id_type: str, kind: IdentifierKind, kept_as: str) -> None:
    assert identifier_kind(id_type) is kind
    assert canonical_type(id_type) == kept_as


IDENTIFIERS = [
    ("email", "Ann@X.com", "ann@x.com"),
    ("email", "annx.com", None),
    ("mobile", "07700 900123", "+447700900123"),
    ("loyalty_card", " 0012-34 56A ", "00123456a"),
    ("customer_no", "123456", "123456"),
    ("customer_no", "0000", None),
    ("handle", "@Ann_B", "ann_b"),
    ("cookie", "aB3xYz", "aB3xYz"),
    ("device_id", "6D92078A-8246-4BA4-AE5B-76104861E7DC", "6d92078a-8246-4ba4-ae5b-76104861e7dc"),
    ("device_id", "00000000-0000-0000-0000-000000000000", None),
    ("email_hash", "ABCDEF0123", "abcdef0123"),
    ("cookie", "null", None),
]


@pytest.mark.parametrize(("id_type", "written", "compared"), IDENTIFIERS, ids=lambda v: str(v))
def test_an_identifier_compares_by_the_kind_of_its_type(id_type: str, written: str, compared: str | None) -> None:
    assert normalise_identifier(id_type, written, "GB") == compared
