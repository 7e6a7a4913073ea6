"""Money on its way from a file: prices times pieces, currencies in columns and beside amounts, purchases of many lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cxid.config.currencies import CODES, spellings
from cxid.config.trade import trade_of
from tests.reference.sources_runner import run_sources


@pytest.fixture(autouse=True)
def _people(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("k\n1\n")


def _transactions(more: str) -> str:
    return (
        "  e: {path: f.csv, kind: transactions, key: k, delimiter: ';', time: t, ids: {c: k}, " + more + "}\n"
        "  p: {path: p.csv, kind: people, key: k, columns: {city: k}}"
    )


def _read(tmp_path: Path, header: str, lines: list[str], config: str, sql: str) -> list[tuple[object, ...]]:
    rows = [f"{i:03};2024-01-01;{line}" for i, line in enumerate(lines)]
    (tmp_path / "f.csv").write_text("\n".join([f"k;t;{header}", *rows]), encoding="utf-8")
    return run_sources(tmp_path, _transactions(config)).rows(sql)


CURRENCIES = [  # currency column, amount, country, code
    ("EUR", "1", "GB", "EUR"), ("eur", "1", "GB", "EUR"), ("Euro", "1", "GB", "EUR"), ("€", "1", "GB", "EUR"), ("978", "1", "GB", "EUR"),
    ("", "€ 12.00", "GB", "EUR"), ("", "12.00 usd", "GB", "USD"), ("", "12.50 zł", "GB", "PLN"), ("", "12", "GB", None), ("", "1e3", "GB", None),
    ("GBP", "€ 12.00", "GB", "GBP"), ("", "$5", "US", "USD"), ("", "$5", "AU", "AUD"), ("", "$5", "GB", "USD"), ("", "US$5", "AU", "USD"),
    ("", "R$ 5", "BR", "BRL"), ("kr", "5", "SE", "SEK"), ("kr", "5", "DK", "DKK"), ("kr", "5", "GB", "KR"), ("¥", "5", "CN", "CNY"), ("¥", "5", "JP", "JPY"),
    ("Miles", "5", "GB", "MILES"), ("", "-£5.00", "GB", "GBP"), ("", "(5.00 CHF)", "GB", "CHF"), ("", "5 Fr.", "CH", "CHF"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "amount", "country", "code"), CURRENCIES)
def test_the_currency_stands_in_its_column_or_beside_the_amount(
    tmp_path: Path, column: str, amount: str, country: str, code: str | None
) -> None:
    config = f"amount: a, currency: {{from: c}}, country: {country}"
    assert _read(tmp_path, "a;c", [f"{amount};{column}"], config, "SELECT currency FROM event") == [(code,)]


def test_a_lone_dollar_is_the_project_s_unless_the_source_has_a_country(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("k;t;a\n1;2024-01-01;$5\n", encoding="utf-8")
    config = _transactions("amount: a") + "\ncountry: CA"
    assert run_sources(tmp_path, config).rows("SELECT currency FROM event") == [("CAD",)]


PRICES = [  # price, pieces, amount
    ("2.50", "4", "10"), ("2.50", "-2", "-5"), ("2.50", "", "2.5"), ("0.3333", "3", "0.9999"), ("1,000.10", "1,000", "1000100"),
    ("3", "0.250", "0.75"), ("0", "12", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "pieces", "amount"), PRICES)
def test_of_a_price_and_pieces_the_amount_is_their_product(
    tmp_path: Path, price: str, pieces: str, amount: str
) -> None:
    found = _read(tmp_path, "a;q", [f"{price};{pieces}"], "amount: a, quantity: q", "SELECT amount FROM event")
    assert found == [(Decimal(amount),)]


@pytest.mark.parametrize("line", ["2.50;many", "99999999999999;1000", "x;1"])
def test_a_product_that_cannot_be_had_is_refused_and_never_another_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "f.csv").write_text(f"k;t;a;q\n1;2024-01-01;{line}\n2;2024-01-01;1;1\n", encoding="utf-8")
    outcome = run_sources(tmp_path, _transactions("quarantine_max: 1, amount: a, quantity: q"))
    assert outcome.quarantine() == [("f.csv", 2, "bad_number", "a|q")]
    assert outcome.rows("SELECT event_key FROM event") == [("2",)]


TRADES = [  # kind, word of the source, what it means
    ("transactions", None, "purchase"), ("transactions", "Visa", "purchase"), ("transactions", "Online order", "purchase"),
    ("transactions", "Order cancelled", "unsold"), ("transactions", "VOID", "unsold"), ("transactions", "payment failed", "unsold"),
    ("transactions", "storniert", "refund"), ("transactions", "Rückgabe", "refund"), ("transactions", "zwrot towaru", "refund"),
    ("transactions", "reçu", "purchase"), ("transactions", "devolução parcial", "refund"), ("transactions", "återbetalning", "refund"),
    ("events", "purchase", "purchase"), ("events", "order_completed", "purchase"), ("events", "Bestellung", "purchase"), ("events", "köp", "purchase"),
    ("events", "view_order", None), ("events", "order_shipped", None), ("events", "order confirmation email", None), ("events", "add_to_cart", "unsold"),
    ("events", "begin_checkout", "unsold"), ("events", "checkout", "purchase"), ("events", "refundIssued", "refund"), ("events", "click", None), ("events", None, None), ("events", "satış", "purchase"),
    ("events", "invoice", None), ("events", "OrderPlaced", "purchase"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "meaning"), TRADES, ids=str)
def test_one_list_of_words_says_what_was_sold(kind: str, said: str | None, meaning: str | None) -> None:
    assert trade_of(kind, said) == meaning


def test_no_spelling_of_a_currency_is_a_code_or_means_two() -> None:
    for country in ("GB", "US", "SE", "CN"):
        known = spellings(country)
        assert not known.keys() & CODES
        assert set(known.values()) <= CODES
