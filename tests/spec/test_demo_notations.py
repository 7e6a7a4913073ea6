"""How the demo's systems write what they know: each table is one rule."""

from __future__ import annotations

import phonenumbers
import pytest

from cxid.demo.noise import slip, write_day, write_phone

PHONES = [
    ("+447700900123", "GB"),
    ("+442079460123", "GB"),
    ("+441614960123", "GB"),
    ("+441752123456", "GB"),
    ("+4915112345678", "DE"),
    ("+33612345678", "FR"),
    ("+351912345678", "PT"),
]
DAYS = [
    ("1984-03-09", "%d/%m/%Y", "09/03/1984"),
    ("1984-03-09", "%Y%m%d", "19840309"),
    ("1984-03-09", "%d.%m.%Y", "09.03.1984"),
    ("", "%d/%m/%Y", ""),
]


@pytest.mark.parametrize(("number", "country"), PHONES)
def test_every_notation_of_a_phone_reads_back_as_the_same_number(number: str, country: str) -> None:
    for style in range(8):
        read = phonenumbers.parse(write_phone(number, style), country)
        assert phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) == number, style


def test_the_eight_notations_of_a_british_mobile_differ() -> None:
    assert len({write_phone("+447700900123", style) for style in range(8)}) == 8


def test_a_person_without_a_phone_has_an_empty_one_in_every_notation() -> None:
    assert {write_phone("", style) for style in range(8)} == {""}


@pytest.mark.parametrize(("iso", "pattern", "written"), DAYS)
def test_a_day_is_written_by_its_pattern(iso: str, pattern: str, written: str) -> None:
    assert write_day(iso, pattern) == written


def test_a_slip_keeps_the_first_letter_and_changes_at_most_two_in_length() -> None:
    for salt in range(2000):
        for name in ("Thornbury", "Ann", "O'Neill", "García Lopez"):
            wrong = slip(name, salt)
            assert wrong[0] == name[0]
            assert abs(len(wrong) - len(name)) <= 1


def test_most_slips_change_a_name() -> None:
    changed = sum(slip("Thornbury", salt) != "Thornbury" for salt in range(1000))
    assert changed > 980


def test_names_of_two_letters_are_never_mistyped() -> None:
    assert {slip("Li", salt) for salt in range(500)} == {"Li"}
