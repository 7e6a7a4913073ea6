"""What SQL decides about plain values is what the rules in Python decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.identifiers import IdentifierKind
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.normalise import normalise_identifier
from cxid.stages.normalise.emails import email_address
from cxid.stages.normalise.folding import alphanumeric
from cxid.stages.normalise.phones import phone_number
from cxid.stages.normalise.plain import plain_code, plain_email, plain_identifier, plain_phone

REGIONS = [
    *("gb", "de", "fr", "nl", "be", "ch", "at", "se", "au", "nz", "za", "us", "ca", "it", "es", "br", "ie", "hr", "pt"),
    *("gr", "dk", "no", "pl", "cz", "sk", "hu", "ee", "lv", "in", "jp"),
]
CODES_OF_COUNTRIES = [
    *("44", "49", "33", "31", "32", "41", "43", "46", "61", "64", "27", "1", "39", "34", "351", "30", "45", "47", "48"),
    *("420", "421", "36", "353", "385", "372", "371", "91", "81"),
]
STARTS = [*(f"+{code}" for code in CODES_OF_COUNTRIES), *CODES_OF_COUNTRIES, "0", "00", "1", "8", "", "", ""]
DIGITS = st.text("0123456789", min_size=6, max_size=11)
PHONES = st.builds(
    lambda start, head, gap, tail: start + head[:3] + gap + head[3:] + tail,
    st.sampled_from(STARTS), DIGITS, st.sampled_from(["", " ", "-", ".", " ("]), st.sampled_from(["", "", "0000000", " x3"]),
)  # fmt: skip
WORDS = st.text("aAbx09@._-+ ", min_size=1, max_size=14)
EMAILS = st.one_of(
    WORDS,
    st.builds(
        lambda name, host: f"{name}@{host}",
        st.one_of(st.text("aB.+-_7", max_size=8), st.sampled_from(["noemail", "no-reply", "TEST", "x", "aaa", "nöx"])),
        st.sampled_from(["x.com", "Shop.de", "a.aa", "localhost", "b..com", "c.com."]),
    ),
)
CODES = st.one_of(
    st.text("0123456789", min_size=1, max_size=12),
    st.text("aF01-9 /x", min_size=1, max_size=12),
    st.sampled_from(["null", "n/a", "123456", "AB CD-12", "6D92078A-8246-4BA4-AE5B-76104861E7DC", "0000-0000", "é1"]),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def assert_sql_agrees(engine: DuckDBEngine, values: list[str], sql: str, rule: Callable[[str], str | None]) -> None:
    engine.load("t", pa.table({"v": pa.array([v.strip() for v in values], pa.string())}))
    for row in engine.fetch(f"SELECT v, {sql} AS norm FROM t").to_pylist():
        assert row["norm"] is None or row["norm"] == rule(row["v"]), row["v"]


@settings(max_examples=60, deadline=None)
@given(region=st.sampled_from(REGIONS), values=st.lists(PHONES, min_size=20, max_size=40))
def test_sql_and_python_agree_on_phones(engine: DuckDBEngine, region: str, values: list[str]) -> None:
    assert_sql_agrees(engine, values, plain_phone("v", f"'{region}'"), lambda v: phone_number(v, region))


@settings(max_examples=40, deadline=None)
@given(values=st.lists(EMAILS, min_size=20, max_size=60))
def test_sql_and_python_agree_on_emails(engine: DuckDBEngine, values: list[str]) -> None:
    assert_sql_agrees(engine, values, plain_email("v"), email_address)
    assert_sql_agrees(
        engine,
        values,
        plain_identifier(IdentifierKind.EMAIL, "v", "'gb'"),
        lambda v: normalise_identifier("email", v, "gb"),
    )


NAMES = {
    IdentifierKind.NUMBER: "card",
    IdentifierKind.DEVICE: "cookie",
    IdentifierKind.HASH: "email_hash",
    IdentifierKind.HANDLE: "handle",
}


@settings(max_examples=40, deadline=None)
@given(values=st.lists(CODES, min_size=20, max_size=60))
def test_sql_and_python_agree_on_codes_of_every_kind(engine: DuckDBEngine, values: list[str]) -> None:
    assert_sql_agrees(engine, values, plain_code("v"), alphanumeric)
    for kind, id_type in NAMES.items():
        assert_sql_agrees(
            engine, values, plain_identifier(kind, "v", "'gb'"), lambda v, t=id_type: normalise_identifier(t, v, "gb")
        )


def test_ordinary_values_take_the_plain_way(engine: DuckDBEngine) -> None:
    ordinary = {
        plain_phone("v", "'gb'"): "020 7946 0018",
        plain_phone("v", "'us'"): "(555) 234-9876",
        plain_phone("v", "'es'"): "612 34 56 78",
        plain_phone("v", "'de'"): "30 1234567",
        plain_email("v"): "Ann.B@Shop.co.uk",
        plain_code("v"): "181-75-8017",
    }
    for sql, value in ordinary.items():
        engine.load("t", pa.table({"v": [value]}))
        assert engine.scalar(f"SELECT {sql} FROM t") is not None
