"""What people bought: receipts of the tills and the web shop, and the papers that the finance system wrote for them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxid.demo.clock import DAY, END, START, any_time, london, waking
from cxid.demo.company import SHOP, Company, row_copy, row_text
from cxid.demo.words import Texts
from cxid.demo.writing import Dialect, join, numbered, stamp, texts

DEPARTMENTS = ("Kitchen", "Bedroom", "Garden", "Lighting", "Home – Décor", "Café & Deli", "Gifts", "Bath")
DUMMIES = np.array(
    [f"noemail@{SHOP}", f"noemail@{SHOP}", f"till@{SHOP}", "none@none.example", "a@a.example"], dtype=object
)
CURRENCY = np.array(["GBP", "EUR", "EUR", "EUR"], dtype=object)
WALK_IN_SHARE = 0.45  # receipts of people whom no register knows, per person
PAPERS = pa.array(["Rechnung", "Lieferung", "Lieferung verspätet", "Gutschrift"])


@dataclass(frozen=True)
class Sales:
    """One entry is a receipt, in order of time; pence are negative for a refund, `who` past the people is a walk-in."""

    who: np.ndarray
    time: np.ndarray
    pence: np.ndarray
    online: np.ndarray
    card: Texts
    email: Texts

    @property
    def identified(self) -> np.ndarray:
        """Carries an identifier that can name somebody."""
        return np.asarray((self.card != "") | ((self.email != "") & ~np.isin(self.email, DUMMIES)))


def money(pence: np.ndarray, decimal: str) -> pa.Array:
    """12,50 or -3.20: pence as a decimal text with two places."""
    cents = pc.utf8_lpad(texts(np.abs(pence) % 100), 2, "0")
    sign = pc.if_else(pa.array(pence < 0), "-", "")
    return join(sign, texts(np.abs(pence) // 100), decimal, cents)


def make_sales(company: Company) -> Sales:
    """Every receipt of the span: habits differ from person to person, one sale of 25 comes back."""
    rng, people = company.rng("sales"), company.people
    count = len(people)
    loyal = company.card_no != ""
    habit = rng.gamma(0.7, np.where(loyal, 5.6, 2.9), count) * (rng.random(count) < np.where(loyal, 0.92, 0.62))
    orders = np.minimum(rng.poisson(habit), 150)
    who = np.repeat(np.arange(count), orders)
    walk_ins = company.new_strangers(round(count * WALK_IN_SHARE))
    who = np.concatenate([who, walk_ins])
    is_person = who < count
    known = np.where(is_person, who, 0)
    since = rng.integers(START, END, count)  # nobody buys before becoming a customer
    since = np.where(rng.random(count) < 0.55, START, since)
    time = since[known] + (rng.random(len(who)) * (END - since[known])).astype(np.int64)
    time = np.minimum(waking(np.where(is_person, time, any_time(len(who), rng)), rng), END - 1)
    taste = np.exp(rng.normal(0, 0.35, count))
    pence = (100 * np.exp(rng.normal(3.2, 0.75, len(who))) * np.where(is_person, taste[known], 0.8)).astype(
        np.int64
    ) + 95
    online = is_person & (rng.random(len(who)) < np.where(rng.random(count) < 0.5, 0.55, 0.1)[known])
    card, email = _identifiers(company, known, is_person, online, rng)
    back = np.flatnonzero(rng.random(len(who)) < 0.04)
    later = np.minimum(time[back] + rng.integers(1, 25, len(back)) * DAY, END - 1)
    whole = (
        np.concatenate([who, who[back]]),
        np.concatenate([time, later]),
        np.concatenate([pence, -pence[back]]),
        np.concatenate([online, online[back]]),
        np.concatenate([card, card[back]]),
        np.concatenate([email, email[back]]),
    )
    order = np.argsort(whole[1], kind="stable")
    return Sales(*(column[order] for column in whole))


def _identifiers(
    company: Company, known: np.ndarray, is_person: np.ndarray, online: np.ndarray, rng: np.random.Generator
) -> tuple[Texts, Texts]:
    """Card and receipt e-mail of each sale: a forgotten card, a partner's card, the cashier's dummy address."""
    count, people = len(known), company.people
    card = company.card_no[known]
    partner = np.maximum(known - 1, 0)
    borrows = (card == "") & (people.household[partner] == people.household[known]) & (rng.random(count) < 0.05)
    card = np.where(borrows, company.card_no[partner], card)
    card = np.where(is_person & ~online & (rng.random(count) < 0.8), card, "")
    asked = rng.random(count)
    email = np.where(is_person & (online | (asked < 0.12)), people.contacts.email[known], "")
    upper = rng.random(count) < 0.02
    email[upper] = np.array([e.upper() for e in email[upper]], dtype=object)
    dummy = ~online & (email == "") & (asked > 0.95)
    return card, np.where(dummy, DUMMIES[rng.integers(0, len(DUMMIES), count)], email)


def write_pos(company: Company, sales: Sales) -> None:
    """pos/receipts.csv.gz as tills write it: semicolons, decimal commas, London time, Windows-1252."""
    rng, count = company.rng("pos"), len(sales.who)
    pick = rng.integers(0, len(DEPARTMENTS), count)
    stores = pa.array(["Web shop"] + [f"Store {n:02d}" for n in range(1, 31)])
    country = company.people.country[np.where(sales.who < len(company.people), sales.who, 0)]
    columns: dict[str, Any] = {
        "receipt_no": numbered("R", np.arange(1, count + 1), 9),
        "sold_at": stamp(london(sales.time), "%d/%m/%Y %H:%M"),
        "store": stores.take(pa.array(np.where(sales.online, 0, sales.who % 30 + 1))),
        "channel": pa.array(["store", "online"]).take(pa.array(sales.online.astype(np.int8))),
        "department": pa.array(DEPARTMENTS).take(pa.array(pick)),
        "total": money(sales.pence, ","),
        "currency": pa.array(CURRENCY).take(pa.array(np.where(sales.who < len(company.people), country, 0))),
        "card_no": pa.array(sales.card),
        "receipt_email": pa.array(sales.email),
    }
    broken = company.faults(
        count,
        {
            "bad_time": lambda i: row_text(columns, i, ";", receipt_no=f"RX{i:08d}", sold_at="31/02/2026 10:00"),
            "too_many_columns": lambda i: row_text(columns, i, ";", receipt_no=f"RY{i:08d}") + ";void",
            "duplicate_row": lambda i: row_copy(columns, i, ";"),
            "duplicate_key": lambda i: row_copy(columns, i, ";", department=""),
        },
        rng,
    )
    company.csv("pos", "pos/receipts.csv.gz", columns, Dialect(";", "cp1252", compression="gzip"), broken)
    company.note_events("pos", columns["receipt_no"], sales.who, sales.identified)
    company.note_channel("online", sales.who[sales.online])
    company.note_channel("store", sales.who[~sales.online])


def note_figures(company: Company, *parts: Sales) -> None:
    """What each person truly bought, all of it and the part that carries an identifier."""
    count = len(company.people)
    figures = company.truth.figures
    columns = [np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sales)]
    sales = Sales(*columns)
    for suffix, mask in (("", sales.who < count), ("_identified", (sales.who < count) & sales.identified)):
        who, pence = sales.who[mask], sales.pence[mask]
        figures[f"orders{suffix}"] = pa.array(np.bincount(who[pence > 0], minlength=count))
        figures[f"refunds{suffix}"] = pa.array(np.bincount(who[pence < 0], minlength=count))
        total = np.zeros(count, dtype=np.int64)
        np.add.at(total, who, pence)
        figures[f"revenue{suffix}"] = money(total, ".")
        bought = sales.time[mask][pence > 0]
        first, last = np.full(count, END), np.zeros(count, dtype=np.int64)
        np.minimum.at(first, who[pence > 0], bought)
        np.maximum.at(last, who[pence > 0], bought)
        none = pa.array(last == 0)
        for name, moment in (("first", first), ("last", last)):
            text = stamp(moment // 60 * 60, "%Y-%m-%d %H:%M:%S")
            figures[f"{name}_purchase{suffix}"] = pc.if_else(none, "", text)
    figures["currency"] = pa.array(CURRENCY[company.people.country])


def write_billing(company: Company, sales: Sales) -> None:
    """finance/belege.csv: an invoice and a delivery for each online order, a credit note for what came back.

    The finance system is German: so are its headers. Its amounts repeat those of the receipts.
    """
    rng = company.rng("billing")
    count = len(company.people)
    number = np.where(np.arange(count) % 3 > 0, company.customer_no, company.customer_no_other)
    there = np.flatnonzero(sales.online & (sales.who < count))
    there = there[number[sales.who[there]] != ""]
    back = sales.pence[there] < 0
    bought = there[~back]
    late = rng.random(len(bought)) < 0.08
    days = np.where(late, rng.integers(6, 20, len(bought)), rng.integers(1, 5, len(bought)))
    at = np.concatenate([there, bought])
    time = np.concatenate([sales.time[there] + 600, sales.time[bought] + days * DAY])
    kind = np.concatenate([np.where(back, 3, 0), np.where(late, 2, 1)])
    inside = time < END
    at, time, kind = at[inside], time[inside], kind[inside]
    order = np.argsort(time, kind="stable")
    at, time, kind = at[order], time[order], kind[order]
    who = sales.who[at]
    amount = pc.if_else(pa.array((kind == 0) | (kind == 3)), money(sales.pence[at], ","), "")
    columns: dict[str, Any] = {
        "Belegnummer": numbered("BL", 700_000 + np.arange(len(at)), 8),
        "Belegart": PAPERS.take(pa.array(kind)),
        "Buchungsdatum": stamp(time, "%d.%m.%Y %H:%M"),
        "Kundennummer": pa.array(number[who]),
        "Betrag": amount,
        "Währung": pa.array(CURRENCY[company.people.country[who]]),
    }
    company.csv("billing", "finance/belege.csv", columns, Dialect(";", bom=b"\xef\xbb\xbf"))
    company.note_events("billing", columns["Belegnummer"], who)
    company.note_channel("billing", who)
