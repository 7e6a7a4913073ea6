"""A win-back campaign that was randomised: who was sent a voucher, who was held out, and what the voucher truly did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxid.demo.clock import DAY, END, london, waking
from cxid.demo.company import Company
from cxid.demo.sales import CURRENCY, DEPARTMENTS, Sales, money
from cxid.demo.writing import Dialect, numbered, stamp

CAMPAIGN = "win-back"
ASSIGNED = END - 140 * DAY + 8 * 3600
QUIET_DAYS = 45  # who bought later than this before the campaign is no case for it
WINDOW_DAYS = 60  # the purchases that the truth counts
REDEEMED = 0.18  # of those who get a voucher, whatever else they do
REDEEM_DAYS = 45  # within which they do
ARMS = pa.array(["held_out", "voucher"])


def write_trial(company: Company, sales: Sales) -> Sales:
    """trial/win_back.csv and pos/voucher_receipts.csv.gz; the receipts of the vouchers come back.

    Everybody who is quiet and can be reached is in it; a coin says who gets the voucher. What each person would do
    with and without one is drawn for all of them, so that the truth knows the effect and not only the outcome.
    """
    rng = company.rng("trial")
    who = _quiet(company, sales)
    arm = rng.integers(0, 2, len(who))
    would = rng.random(len(who)) < REDEEMED
    time = ASSIGNED + rng.integers(1, REDEEM_DAYS, len(who)) * DAY
    time = waking(time, rng)
    pence = (100 * np.exp(rng.normal(3.2, 0.6, len(who)))).astype(np.int64) + 500
    department = rng.integers(0, len(DEPARTMENTS), len(who))
    _write_log(company, who, arm)
    _note_truth(company, sales, (who, arm, would))
    made = np.flatnonzero(would & (arm == 1))
    made = made[np.argsort(time[made], kind="stable")]
    card = company.card_no[who[made]]
    email = np.where(card == "", company.people.contacts.email[who[made]], "")
    found = Sales(who[made], time[made], pence[made], np.zeros(len(made), dtype=bool), card, email)
    _write_receipts(company, found, department[made])
    return found


def _quiet(company: Company, sales: Sales) -> np.ndarray:
    """People who bought, not lately, with a mailbox of their own."""
    count = len(company.people)
    seen = sales.identified & (sales.who < count) & (sales.pence > 0) & (sales.time < ASSIGNED)
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, sales.who[seen], sales.time[seen])
    email = company.people.contacts.email
    mailboxes, uses = np.unique(email.astype(str), return_counts=True)
    own = np.isin(email.astype(str), mailboxes[(uses == 1) & (mailboxes != "")])
    return np.flatnonzero((last > 0) & (last < ASSIGNED - QUIET_DAYS * DAY) & own)


def _write_log(company: Company, who: np.ndarray, arm: np.ndarray) -> None:
    """trial/win_back.csv: everybody in the trial, with the arm; those held out got nothing."""
    columns: dict[str, Any] = {
        "assignment_no": numbered("T", np.arange(1, len(who) + 1), 6),
        "assigned_at": stamp(np.full(len(who), ASSIGNED)),
        "campaign": pa.array([CAMPAIGN] * len(who), pa.string()),
        "arm": ARMS.take(pa.array(arm)),
        "email": company.people.contacts.email[who],
    }
    company.csv("win_back_trial", "trial/win_back.csv", columns, Dialect())
    company.note_events("win_back_trial", columns["assignment_no"], who)


def _write_receipts(company: Company, sales: Sales, department: np.ndarray) -> None:
    """pos/voucher_receipts.csv.gz: written as the other receipts are."""
    columns: dict[str, Any] = {
        "receipt_no": numbered("V", np.arange(1, len(sales.who) + 1), 9),
        "sold_at": stamp(london(sales.time), "%d/%m/%Y %H:%M"),
        "store": pa.array([f"Store {n % 30 + 1:02d}" for n in sales.who.tolist()], pa.string()),
        "channel": pa.array(["store"] * len(sales.who), pa.string()),
        "department": pa.array(DEPARTMENTS).take(pa.array(department)),
        "total": money(sales.pence, ","),
        "currency": pa.array(CURRENCY[company.people.country[sales.who]], pa.string()),
        "card_no": pa.array(sales.card, pa.string()),
        "receipt_email": pa.array(sales.email, pa.string()),
    }
    company.csv("pos", "pos/voucher_receipts.csv.gz", columns, Dialect(";", "cp1252", compression="gzip"))
    company.note_events("pos", columns["receipt_no"], sales.who)
    company.note_channel("store", sales.who)


def _note_truth(company: Company, sales: Sales, drawn: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """truth/trial.csv: what each of them would do in either arm, of purchases that carry an identifier."""
    who, arm, would = drawn
    count = len(company.people)
    after = sales.identified & (sales.who < count) & (sales.pence > 0)
    after &= (sales.time >= ASSIGNED) & (sales.time < ASSIGNED + WINDOW_DAYS * DAY)
    buys = np.bincount(sales.who[after], minlength=count)[who] > 0
    company.truth.trial = {
        "entity_id": company.entities(who),
        "campaign": pa.array([CAMPAIGN] * len(who), pa.string()),
        "arm": ARMS.take(pa.array(arm)),
        "assigned_at": stamp(np.full(len(who), ASSIGNED)),
        "window_days": pa.array([WINDOW_DAYS] * len(who)),
        "buys_if_held_out": pc.if_else(pa.array(buys), "true", "false"),
        "buys_if_voucher": pc.if_else(pa.array(buys | would), "true", "false"),
    }
