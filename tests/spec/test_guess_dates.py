"""Dates as they are written, and the format that init finds for them."""

from __future__ import annotations

import pytest

from cxid.config.guess.dates import find_dates
from cxid.config.guess.shapes import measure

FORMATS = [
    (["1990-12-31", "1971-01-02"], "%Y-%m-%d", True),
    (["31/12/1990", "02/01/1971"], "%d/%m/%Y", True),
    (["12/31/1990", "01/02/1971"], "%m/%d/%Y", True),
    (["31.12.1990", "2.1.1971"], "%d.%m.%Y", True),
    (["2.1.1971", "3.4.1980"], "%d.%m.%Y", False),
    (["01/02/1971", "03/04/1980"], "%d/%m/%Y", False),
    (["31-12-90", "02-01-71"], "%d-%m-%y", True),
    (["19901231", "19710102"], "%Y%m%d", True),
    (["31121990", "02011971"], "%d%m%Y", True),
    (["12311990", "01021971"], "%m%d%Y", True),
    (["1990/12/31", "1971/01/02"], "%Y/%m/%d", True),
    (["31 Dec 1990", "2 Jan 1971"], "%d %b %Y", True),
    (["31-Dec-1990", "02-Jan-1971"], "%d-%b-%Y", True),
    (["December 31, 1990", "January 2, 1971"], "%B %d, %Y", True),
    (["20240102030405", "20231231235959"], "%Y%m%d%H%M%S", True),
    (["2024-01-02T03:04:05Z", "2024-01-03T03:04:05Z"], "%Y-%m-%dT%H:%M:%SZ", True),
    (["2024-01-02T03:04:05.123+01:00"], "%Y-%m-%dT%H:%M:%S.%f%z", True),
    (["31.12.2024 23:59", "01.02.2024 00:00"], "%d.%m.%Y %H:%M", True),
    (["12/31/2024 11:59 PM", "01/02/2024 01:00 AM"], "%m/%d/%Y %I:%M %p", True),
    (["Wed Oct 10 20:19:24 +0000 2018", "Mon Jan 07 08:00:00 +0000 2019"], "%a %b %d %H:%M:%S %z %Y", True),
    (["Wed, 10 Oct 2018 20:19:24 +0200", "Mon, 07 Jan 2019 08:00:00 +0200"], "%a, %d %b %Y %H:%M:%S %z", True),
]


@pytest.mark.parametrize(("values", "form", "certain"), FORMATS, ids=[v[0] for v, _, _ in FORMATS])
def test_the_format_is_read_from_the_values(values: list[str], form: str, certain: bool) -> None:
    found = find_dates(values)
    assert found is not None
    assert (found.format, found.certain) == (form, certain)


@pytest.mark.parametrize(("day_first", "form"), [(True, "%d/%m/%Y"), (False, "%m/%d/%Y"), (None, "%d/%m/%Y")])
def test_other_evidence_settles_what_the_values_leave_open(day_first: bool | None, form: str) -> None:
    found = find_dates(["01/02/1971", "03/04/1980"], day_first=day_first)
    assert found is not None
    assert found.format == form


def test_a_typing_error_in_some_values_does_not_change_the_format() -> None:
    found = find_dates(["02222021", "03z61996", "05282014", "12311999", "0131"])
    assert found is not None
    assert found.format == "%m%d%Y"


def test_a_value_that_is_month_first_by_mistake_does_not_win() -> None:
    found = find_dates([f"{d:02}/03/1990" for d in range(13, 29)] + ["03/28/1990"])
    assert found is not None
    assert (found.format, found.certain) == ("%d/%m/%Y", True)


@pytest.mark.parametrize(("values", "unit"), [(["1700000000", "1710000000"], "s"), (["1700000000123"], "ms")])
def test_seconds_and_milliseconds_since_1970(values: list[str], unit: str) -> None:
    found = find_dates(values)
    assert found is not None
    assert found.epoch == unit


@pytest.mark.parametrize("values", [["12.50", "3.99"], ["abc"], [], ["555-1234"], ["10:15"], ["99/99/2020"] * 3])
def test_what_is_no_date_has_no_format(values: list[str]) -> None:
    assert find_dates(values) is None


NUMBERS = [
    (["1.234,56", "12,00"], ","), (["1,234.56", "12.00"], "."), (["12,5", "3,25"], ","), (["1.000.000", "2.500"], ","),
    (["7", "8"], "."), (["€ 12,50", "€ 3,00"], ","), (["12.50 EUR"], "."), (["-3,10", "(4,20)"], ","),
]  # fmt: skip


@pytest.mark.parametrize(("values", "sign"), NUMBERS, ids=[v[0] for v, _ in NUMBERS])
def test_the_decimal_sign_is_read_from_the_values(values: list[str], sign: str) -> None:
    found = measure(values).number
    assert found is not None
    assert found.decimal == sign
