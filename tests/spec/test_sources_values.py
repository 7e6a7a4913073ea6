"""What a text in a file becomes: numbers, times, dates, words. Each test is its table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.reference.sources_runner import run_sources


def _column(tmp_path: Path, values: list[str], config: str, select: str) -> list[object]:
    """`select` for each value of a one-column extract `v` with key `k`; rejected rows are left out."""
    lines = ["k;v", *(f'{i:03};"{v}"' for i, v in enumerate(values))]
    (tmp_path / "f.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    outcome = run_sources(tmp_path, config)
    return [row[-1] for row in outcome.rows(select)]


def _events(role: str) -> str:
    return (
        "  e: {path: f.csv, kind: events, delimiter: ';', quarantine_max: 100%, key: k, "
        f"ids: {{c: k}}, {role}}}\n  p: {{path: p.csv, kind: people, key: k, columns: {{city: k}}}}"
    )


@pytest.fixture(autouse=True)
def _people(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("k\n1\n")


NUMBERS = {
    ".": {
        "12": "12", "12.5": "12.5", "-12.50": "-12.5", "+3": "3", "1,234.50": "1234.5", "1,234,567": "1234567", "1 234.5": "1234.5",
        "1\u00a0234.5": "1234.5", "1'234.50": "1234.5", "€ 12.00": "12", "$1,000": "1000", "12.00 EUR": "12", "-$5.00": "-5", "$-5.00": "-5",
        "(12.50)": "-12.5", "12.50-": "-12.5", "\u221212": "-12", ".5": "0.5", "5.": "5", "1.5e3": "1500", "0.00005": "0.0001",
        "1,23,456.50": "123456.5", "12,34,567": "1234567", "US$5": "5", "12.50 z\u0142": "12.5", "K\u010d 1,200": "1200", "\u20b9 1,00,000": "100000",
        "-0": "0", "-0.00": "0", "12,50": None, "1,2,345": None, "1,23,45": None, "12 pieces": None, "twelve": None, "12.5.1": None, "1234,567": None, "--": None, "€": None, "12a": None,
        "99999999999999999999": None, "1 2": None,
    },
    ",": {"12,5": "12.5", "1.234,50": "1234.5", "-1.234": "-1234", "12,-": "12", "€ 1.000,00": "1000", "12.50": None, "1 234,5 €": "1234.5", "12": "12"},
}  # fmt: skip


@pytest.mark.parametrize("sign", NUMBERS)
def test_numbers_are_read_by_their_decimal_sign_or_not_at_all(tmp_path: Path, sign: str) -> None:
    table = NUMBERS[sign]
    rows = [f'{i:03};2024-01-01;"{v}"' for i, v in enumerate(table)]
    (tmp_path / "f.csv").write_text("\n".join(["k;t;v", *rows]), encoding="utf-8")
    outcome = run_sources(tmp_path, _events(f"time: t, amount: {{from: v, decimal: '{sign}'}}"), catch=True)
    read = dict(outcome.rows("SELECT event_key, amount FROM event WHERE source = 'e'"))
    expected = {f"{i:03}": Decimal(v) for i, v in enumerate(table.values()) if v is not None}
    assert {list(table)[int(k)]: v for k, v in read.items()} == {list(table)[int(k)]: v for k, v in expected.items()}
    assert {row[2:] for row in outcome.quarantine()} == {("bad_number", "v")}


TIMES = {
    "": {
        "2024-03-01": "2024-03-01 00:00:00", "2024-03-01 10:20": "2024-03-01 10:20:00", "2024-03-01T10:20:30": "2024-03-01 10:20:30",
        "2024-03-01T10:20:30Z": "2024-03-01 10:20:30", "2024-03-01T10:20:30.250Z": "2024-03-01 10:20:30.250000",
        "2024-03-01T10:20:30+02:00": "2024-03-01 08:20:30", "2024-03-01 10:20:30 +0530": "2024-03-01 04:50:30",
        "2024-03-01 10:20:30-03": "2024-03-01 13:20:30", "2024-03-01 10:20:30 UTC": "2024-03-01 10:20:30", "20240301": "2024-03-01 00:00:00",
        "2024/03/01 10:20:30": "2024-03-01 10:20:30", "2024-3-1": "2024-03-01 00:00:00", "2024-03-01 10:20:30,5": "2024-03-01 10:20:30.500000",
        "2024-02-30": None, "01/03/2024": None, "2024-13-01": None, "soon": None, "20241301": None,
    },
    "%d/%m/%Y": {"01/03/2024": "2024-03-01 00:00:00", "1/3/2024": "2024-03-01 00:00:00", "31/02/2024": None, "13/13/2024": None, "2024-03-01": "2024-03-01 00:00:00", "01/03/24": None},
    "%d.%m.%Y %H:%M": {"01.03.2024 10:20": "2024-03-01 10:20:00", "01.03.2024": None},
    "%Y-%m-%dT%H:%M:%S%z": {"2024-03-01T10:20:30+0200": "2024-03-01 08:20:30"},
    "%m/%d/%Y %I:%M %p": {"03/01/2024 1:05 PM": "2024-03-01 13:05:00"},
    "epoch_s": {"1709288430": "2024-03-01 10:20:30", "1709288430.5": "2024-03-01 10:20:30.500000", "x": None},
    "epoch_ms": {"1709288430250": "2024-03-01 10:20:30.250000"},
    "epoch_us": {"1709288430250001": "2024-03-01 10:20:30.250001"},
}  # fmt: skip


@pytest.mark.parametrize("form", TIMES)
def test_times_are_utc_and_fit_their_format_or_are_refused(tmp_path: Path, form: str) -> None:
    table = TIMES[form]
    time = f"{{from: v, format: '{form}'}}" if form else "v"
    (tmp_path / "f.csv").write_text("\n".join(["k;v", *(f'{v};"{v}"' for v in table)]), encoding="utf-8")
    outcome = run_sources(tmp_path, _events(f"time: {time}"), catch=True)
    read = dict(outcome.rows("SELECT event_key, CAST(time AS VARCHAR) FROM event WHERE source = 'e'"))
    full = {k: v for k, v in table.items() if v is not None}
    assert {k: datetime.fromisoformat(v) for k, v in read.items()} == {
        k: datetime.fromisoformat(v) for k, v in full.items()
    }
    assert len(outcome.quarantine()) == len(table) - len(full)


ZONED = {
    "2024-01-15 12:00:00": "2024-01-15 11:00:00",  # winter
    "2024-07-15 12:00:00": "2024-07-15 10:00:00",  # summer
    "2024-07-15": "2024-07-14 22:00:00",
    "2024-07-15T12:00:00Z": "2024-07-15 12:00:00",  # its own zone wins
    "2024-10-27 02:30:00": "2024-10-27 01:30:00",  # told twice that night: the second, winter time
    "2024-03-31 02:30:00": "2024-03-31 01:30:00",  # never told: as if winter time went on
}


def test_times_without_a_zone_are_of_the_sources_zone(tmp_path: Path) -> None:
    config = _events("timezone: Europe/Berlin, time: v")
    read = _column(
        tmp_path,
        list(ZONED),
        config,
        "SELECT CAST(time AS VARCHAR) AS t FROM event WHERE source = 'e' ORDER BY event_key",
    )
    assert read == list(ZONED.values())


BIRTHS = {
    "": {"1990-01-05": "1990-01-05", "19900105": "1990-01-05", "1990/1/5": "1990-01-05", "1990-01-05 00:00:00": "1990-01-05", "1990-1-5": "1990-01-05",
         "05/01/1990": "05/01/1990", "1990": "1990", "1990-02-30": "1990-02-30", "03z61996": "03z61996"},
    "%d/%m/%Y": {"05/01/1990": "1990-01-05", "5/1/1990": "1990-01-05", "31/02/1990": "31/02/1990", "1990-01-05": "1990-01-05"},
    "%d.%m.%y": {"05.01.90": "1990-01-05", "05.01.45": "1945-01-05", "05.01.12": "2012-01-05"},
    "%d %B %Y": {"5 janvier 1990": "1990-01-05", "12 Juli 1980": "1980-07-12", "3 мая 1971": "1971-05-03", "5 Jan 1990": "1990-01-05",
                 "5 Okt. 1990": "1990-10-05", "5 brumaire 1990": "5 brumaire 1990"},
    "%d de %B de %Y": {"5 de mayo de 1980": "1980-05-05"},
    "%Y年%m月%d日": {"1980年3月12日": "1980-03-12"},
    "%d%m%Y": {"05011990": "1990-01-05", "19900105": "19900105"},
}  # fmt: skip


@pytest.mark.parametrize("form", BIRTHS)
def test_a_birth_date_that_fits_is_iso_and_one_that_does_not_stays_as_written(tmp_path: Path, form: str) -> None:
    table = BIRTHS[form]
    birth = f"{{from: v, format: '{form}'}}" if form else "v"
    config = f"  s: {{path: f.csv, kind: people, delimiter: ';', key: k, columns: {{birth_date: {birth}}}}}"
    assert _column(tmp_path, list(table), config, "SELECT birth_date FROM record ORDER BY record_no") == list(
        table.values()
    )


STATUS = {"yes": "granted", "Ja": "granted", "OUI": "granted", "sim": "granted", "true": "granted", "1": "granted", "opt-in": "granted",
          "no": "denied", "nein": "denied", "non": "denied", "não": "denied", "0": "denied", "Opt-Out": "denied", "withdrawn": "denied",
          "": "unknown", "perhaps": "unknown"}  # fmt: skip


def test_consent_is_understood_in_several_languages(tmp_path: Path) -> None:
    config = "  s: {path: f.csv, kind: consent, delimiter: ';', ids: {customer: k}, purpose: marketing, status: v}\n  p: {path: p.csv, kind: people, key: k, columns: {city: k}}"
    assert _column(tmp_path, list(STATUS), config, "SELECT status FROM consent_row ORDER BY id_value") == list(
        STATUS.values()
    )


TRANSACTIONS = [  # type column, amount, type and amount that come of it
    ("", "10", "purchase", "10"),
    ("", "-10", "refund", "-10"),
    ("Sale", "10", "purchase", "10"),
    ("REFUND", "10", "refund", "-10"),
    ("Retoure", "-10", "refund", "-10"),
    ("devolução", "3", "refund", "-3"),
    ("partial refund", "4", "refund", "-4"),
    ("Credit-Note", "4", "refund", "-4"),
    ("gift card", "5", "gift card", "5"),
]


def test_a_refund_is_negative_whatever_its_sign_in_the_file(tmp_path: Path) -> None:
    lines = ["k,t,v,a", *(f"{i},2024-01-01,{word},{amount}" for i, (word, amount, _, _) in enumerate(TRANSACTIONS))]
    (tmp_path / "f.csv").write_text("\n".join(lines), encoding="utf-8")
    outcome = run_sources(
        tmp_path,
        "  e: {path: f.csv, kind: transactions, key: k, time: t, ids: {c: k}, amount: a, type: {from: v}, currency: eur}",
    )
    read = outcome.rows("SELECT type, amount, currency FROM event ORDER BY event_key")
    assert read == [(kind, Decimal(amount), "EUR") for _, _, kind, amount in TRANSACTIONS]


def test_sentiment_may_be_a_number_or_a_word(tmp_path: Path) -> None:
    table = {"positive": "1", "NEGATIV": "-1", "neutre": "0", "0.25": "0.25", "-1": "-1", "": None, "meh": None}
    rows = [f"{i},2024-01-01,{v}" for i, v in enumerate(table)]
    (tmp_path / "f.csv").write_text("\n".join(["k,t,v", *rows]))
    outcome = run_sources(
        tmp_path, "  e: {path: f.csv, kind: mentions, key: k, time: t, ids: {handle: k}, sentiment: v}"
    )
    assert [r[0] for r in outcome.rows("SELECT sentiment FROM event ORDER BY event_key")] == [
        v and Decimal(v) for v in table.values()
    ]
    assert outcome.reporter.warnings == [
        (
            "unread_values",
            "source e: 1 optional values (sentiment, reach, due ...) could not be read and were left empty",
        )
    ]


def test_values_are_trimmed_of_every_kind_of_space_and_missing_ones_are_null(tmp_path: Path) -> None:
    table = {
        " Ann ": "Ann",
        "\u00a0Bo\u200b": "Bo",
        "": None,
        "  ": None,
        "N/A": None,
        " null ": None,
        "José": "José",
        "\ufeffé\u3000": "é",
        "a b": "a b",
    }
    config = (
        "  s: {path: f.csv, kind: people, delimiter: ';', key: k, null_values: [N/A, 'null'], columns: {given_name: v}}"
    )
    assert _column(tmp_path, list(table), config, "SELECT given_name FROM record ORDER BY record_no") == list(
        table.values()
    )


def test_several_columns_fill_slots_or_join_into_one_value(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("k,m,l,y,mo,d,a,b\n1,07,08,1931,1,10,x|,y\n2,,08,1931,,10,x,|y\n3,,,,,,x,\n")
    outcome = run_sources(
        tmp_path,
        "  s: {path: f.csv, kind: people, key: [a, b], columns: {phone: [m, l], birth_date: {from: [y, mo, d], join: '-'}}, ids: {tel: [m, l]}}",
    )
    assert outcome.rows("SELECT record_key, phone, phone_2, birth_date FROM record ORDER BY record_no") == [
        ("x\\||y", "07", "08", "1931-01-10"),
        ("x|", None, None, None),
        ("x|\\|y", None, "08", "1931-10"),
    ]
    assert outcome.rows("SELECT record_no, id_value FROM record_id ORDER BY 1, 2") == [(1, "07"), (1, "08"), (3, "08")]


def test_parquet_values_become_text_without_loss(tmp_path: Path) -> None:
    table = pa.table({
        "k": pa.array([42.0, None, 7.5]), "i": pa.array([2**53 + 1, 0, -1]), "d": pa.array(["12.50", None, "0.10"]).cast(pa.decimal128(12, 2)),
        "t": pa.array([datetime(1990, 1, 5), None, datetime(1990, 1, 5, 1, 2, 3, 4)]), "b": pa.array([True, None, False]),
        "l": pa.array([[1, 2], None, []]), "s": pa.array([{"a": {"b": "é"}}, None, {"a": {"b": None}}]),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "f.parquet")
    outcome = run_sources(
        tmp_path,
        "  s: {path: f.parquet, kind: people, key: i, columns: {k: {from: k, type: attribute}, d: d, birth_date: t, b: b, l: l, s: s, ab: s.a.b}}",
    )
    assert outcome.rows("SELECT record_key, k, d, birth_date, b, l, s, ab FROM record ORDER BY record_no") == [
        ("-1", "7.5", "0.10", "1990-01-05", "false", "[]", '{"a": {"b": null}}', None),
        ("0", None, None, None, None, None, None, None),
        ("9007199254740993", "42", "12.50", "1990-01-05", "true", "[1, 2]", '{"a": {"b": "é"}}', "é"),
    ]


def test_json_numbers_keep_their_digits_and_a_dot_reaches_inside(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_text(
        '{"id": 12345678901234567890, "u": {"mail": "a@x.org", "n": [1.10, {"z": 2}]}, "v": 1.10, "a.b": true}\n\n{"id": "x", "u": {}, "v": null}\n'
    )
    outcome = run_sources(
        tmp_path, "  s: {path: f.jsonl, kind: people, key: id, columns: {email: u.mail, n: u.n, v: v, ab: a.b}}"
    )
    assert outcome.rows("SELECT record_key, email, n, v, ab FROM record ORDER BY record_no") == [
        ("12345678901234567890", "a@x.org", '[1.10, {"z": 2}]', "1.10", "true"),
        ("x", None, None, None, None),
    ]
