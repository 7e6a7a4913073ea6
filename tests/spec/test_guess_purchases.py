"""Of a file of lines `init` sees the number that the lines of a purchase share, and pieces beside a price."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.guess import guess_config

FILES = [  # file, header, what is guessed for case, quantity, amount
    (
        "sales.csv",
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID",
        "InvoiceNo",
        "Quantity",
        "UnitPrice",
    ),
    (
        "bestellungen.csv",
        "Bestellnummer,Artikelnummer,Menge,Bestelldatum,Einzelpreis,Kundennummer",
        "Bestellnummer",
        "Menge",
        "Einzelpreis",
    ),
    ("orders.csv", "order_id,sku,quantity,ordered_at,total,customer_id", "order_id", None, "total"),
]


@pytest.mark.parametrize(("file", "header", "case", "quantity", "amount"), FILES, ids=lambda v: str(v).split(",")[0])
def test_lines_of_a_purchase_are_seen(
    tmp_path: Path, file: str, header: str, case: str, quantity: str | None, amount: str
) -> None:
    lines = [header]
    for order in range(60):
        for line in range(order % 4 + 1):
            day = f"2024-0{order % 9 + 1}-1{order % 8} 10:{order % 60:02}:00"
            lines.append(
                f"{536000 + order},{20000 + 7 * order + line},{line + 1},{day},{order}.{line}5,C-{1000 + order % 23}"
            )
    (tmp_path / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = next(iter(guess_config([tmp_path], root=tmp_path).config["sources"].values()))
    assert source["kind"] == "transactions"
    found = [source.get(part) for part in ("case", "quantity", "amount")]
    assert found == [case, quantity, amount]
