"""Counts, sizes and spans of time in few letters."""

from __future__ import annotations

import pytest

from cxid.cli._progress_words import Units, counted, few, percent, size_mb, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (155.9, "2 min 35 s"), (3540, "59 min"), (7500, "2 h 05 min")],
)
def test_spans_of_time_are_short_and_coarser_the_longer_they_are(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (9_999, "9,999"), (41_234, "41k"), (999_499, "999k"), (1_939_940, "1.94M"),
     (12_345_678, "12.3M"), (123_456_789, "123M"), (2_500_000_000, "2.50G")],
)  # fmt: skip
def test_counts_have_three_digits(number: float, words: str) -> None:
    assert few(number) == words


@pytest.mark.parametrize(("mb", "words"), [(0, "0 MB"), (0.5, "512 kB"), (612.4, "612 MB"), (1434, "1.4 GB")])
def test_sizes_have_a_unit(mb: float, words: str) -> None:
    assert size_mb(mb) == words


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (Units(1200, 2800, "pairs"), "1,200 of 2,800 pairs"),
        (Units(1200, None, "rows"), "1,200 rows"),
        (Units(3 * 2**20, 2**30, "bytes"), "3 MB of 1.0 GB"),
    ],
)
def test_units_tell_how_many_of_how_many(units: Units, words: str) -> None:
    assert counted(units) == words


def test_nothing_is_whole_before_it_is() -> None:
    assert percent(0.999) == "99%"
