"""Figures, days and shares of a customer's page as people read them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.explain.words import percent


def money(amount: Any, currency: str | None = None) -> str | None:
    """An amount with two decimals, more where there are more."""
    if amount is None:
        return None
    number = Decimal(amount)
    text = f"{number:,.2f}" if number == round(number, 2) else f"{number.normalize():,f}"
    return f"{text} {currency}" if currency else text


def plain(number: Any) -> str | None:
    """A number without the zeros that end it."""
    if number is None:
        return None
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: Any) -> str | None:
    """A share from 0 to 1 in per cent."""
    return None if value is None else f"{plain(round(Decimal(value) * 100, 1))} %"


def sure(probability: Decimal) -> str:
    """A probability in per cent, that says 100 of nothing that is less."""
    return "100 %" if probability == 1 else percent(int(probability * 1_000_000))


def count(number: int, noun: str) -> str:
    """1 order, 2 orders."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day(moment: datetime | None) -> str | None:
    """2026-05-01."""
    return None if moment is None else f"{moment:%Y-%m-%d}"


def minute(moment: datetime | None) -> str | None:
    """2026-05-01 12:30."""
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def second(moment: datetime | None) -> str | None:
    """2026-05-01 12:30:15."""
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def joined(*parts: str | None, by: str = ", ") -> str:
    """Those that say something."""
    return by.join(part for part in parts if part)
