"""What the optional parts of a happening become: promises, ends, counts, answers. Each test is its table."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.reference.sources_runner import run_sources


def _read(tmp_path: Path, values: list[str], config: str, select: str) -> list[object]:
    """The column `select` for each value `v` of an extract, by key; a rejected row is left out."""
    rows = [f'{i:03};2024-05-01;"{v}"' for i, v in enumerate(values)]
    (tmp_path / "f.csv").write_text("\n".join(["k;t;v", *rows]) + "\n", encoding="utf-8")
    head = "  e: {path: f.csv, delimiter: ';', quarantine_max: 100%, key: k, time: t, ids: {c: k}, "
    outcome = run_sources(tmp_path, f"{head}{config}}}")
    return [row[0] for row in outcome.rows(f"SELECT {select} FROM event ORDER BY event_key")]


DUE = {
    "2024-05-01": "2024-05-01 23:59:59.999999",
    "2024-05-01 00:00:00": "2024-05-01 23:59:59.999999",
    "2024-05-01T00:00:00Z": "2024-05-01 23:59:59.999999",
    "2024-05-01 10:00": "2024-05-01 10:00:00",
    "2024-05-01 10:00:00": "2024-05-01 10:00:00",
    "9999-12-31": None,
    "soon": None,
    "": None,
}


def test_a_promised_day_is_promised_until_its_end(tmp_path: Path) -> None:
    read = _read(tmp_path, list(DUE), "kind: events, due: v", "CAST(due_at AS VARCHAR)")
    assert dict(zip(DUE, read, strict=True)) == DUE


@pytest.mark.parametrize(
    ("text", "form", "due"),
    [
        ("01.05.2024", "%d.%m.%Y", "2024-05-01 23:59:59.999999"),
        ("20240501000000", "%Y%m%d%H%M%S", "2024-05-01 00:00:00"),
        ("1714521600", "epoch_s", "2024-05-01 00:00:00"),
    ],
)
def test_a_format_says_whether_a_promise_has_a_clock(tmp_path: Path, text: str, form: str, due: str) -> None:
    config = f"kind: events, due: {{from: v, format: '{form}'}}"
    assert _read(tmp_path, [text], config, "CAST(due_at AS VARCHAR)") == [due]


def test_the_end_of_time_is_no_end(tmp_path: Path) -> None:
    table = {"2024-05-02 08:00": "2024-05-02 08:00:00", "9999-12-31": None, "0001-01-01": None, "?": None}
    read = _read(tmp_path, list(table), "kind: events, end: v", "CAST(ended_at AS VARCHAR)")
    assert dict(zip(table, read, strict=True)) == table


COUNTS = {
    "12": 12, "1,234": 1234, "12.5K": 12500, "12.5 k": 12500, "1.2M": 1_200_000, "3 Mio.": 3_000_000, "2 Mrd": 2_000_000_000,
    "1.6": 2, "": None, "many": None, "K": None,
}  # fmt: skip


@pytest.mark.parametrize("part", ["reach", "likes", "followers"])
def test_counts_are_read_also_where_they_are_shortened(tmp_path: Path, part: str) -> None:
    read = _read(tmp_path, list(COUNTS), f"kind: mentions, {part}: v", part)
    assert dict(zip(COUNTS, read, strict=True)) == COUNTS


ANSWERS = {
    # type, scale, text -> score
    ("nps", "", "9"): "9",
    ("nps", "", "11"): "11",
    ("csat", "", "very satisfied"): "5",
    ("csat", "", "Zufrieden"): "4",
    ("csat", "", "neutre"): "3",
    ("csat", "", "bad"): "2",
    ("csat", "", "molto insoddisfatto"): "1",
    ("csat", "scale: [1, 7], ", "very good"): "7",
    ("csat", "scale: [6, 1], ", "sehr gut"): "1",
    ("csat", "scale: [0, 100], ", "satisfied"): "75",
    ("csat", "scale: [0, 100], ", "73.5"): "73.5",
}


@pytest.mark.parametrize("case", ANSWERS, ids=" ".join)
def test_an_answer_is_a_number_or_a_word_for_a_place_on_the_scale(tmp_path: Path, case: tuple[str, str, str]) -> None:
    kind, scale, text = case
    read = _read(tmp_path, [text], f"kind: survey, {scale}type: {kind}, score: v", "score")
    assert read == [Decimal(ANSWERS[case])]


def test_an_answer_that_is_neither_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, ["4", "whatever"], "kind: survey, type: csat, score: v", "score") == [Decimal(4)]


def test_every_other_part_is_kept_as_written(tmp_path: Path) -> None:
    columns = "case_id || '/' || medium || '/' || origin"
    assert _read(tmp_path, ["T-1"], "kind: events, case: v, medium: cpc, origin: {from: v}", columns) == ["T-1/cpc/T-1"]
