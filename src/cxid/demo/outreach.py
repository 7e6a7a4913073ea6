"""How the company reaches people: newsletters, what they allowed it to do, what it knows of their neighbourhood."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxid.demo.clock import DAY, END, START, any_time, waking
from cxid.demo.company import Company, row_text
from cxid.demo.visits import CAMPAIGNS, digests
from cxid.demo.writing import Broken, Dialect, stamp

ACTIONS = pa.array(["sent", "open", "click", "unsubscribe"])
SENDINGS = 48
COMMA = Dialect()


def write_email_campaign(company: Company) -> None:
    """email/log.csv: what was sent, by address; what was opened and clicked, by the sha256 of the address."""
    rng, people = company.rng("email"), company.people
    reader = np.flatnonzero(rng.random(len(people)) < 0.62)
    who = np.repeat(reader, np.minimum(rng.poisson(8.5, len(reader)), SENDINGS))
    sending = rng.integers(0, SENDINGS, len(who))
    day = START + (np.arange(SENDINGS) + 0.5) * (END - START) / SENDINGS
    sent = day[sending].astype(np.int64) // DAY * DAY + rng.integers(7 * 3600, 9 * 3600, len(who))
    keen = rng.beta(1.3, 3.0, len(people))[who]
    opened = np.flatnonzero(rng.random(len(who)) < keen)
    clicked = opened[rng.random(len(opened)) < 0.16]
    left = opened[rng.random(len(opened)) < 0.004]
    at = np.concatenate([np.arange(len(who)), opened, clicked, left])
    kind = np.repeat(np.arange(4), [len(who), len(opened), len(clicked), len(left)])
    wait = np.where(kind == 0, 0, rng.integers(60, 40 * 3600, len(at)) + 30 * kind)
    time = np.minimum(sent[at] + wait, END - 1)
    order = np.argsort(time, kind="stable")
    at, kind, time = at[order], kind[order], time[order]
    first, second = people.contacts.email, people.contacts.email_second
    email = np.where((rng.random(len(people)) < 0.2) & (second != ""), second, first)
    names = pa.array([f"{CAMPAIGNS[s % len(CAMPAIGNS)]}-{s // len(CAMPAIGNS) + 1}" for s in range(SENDINGS)])
    address, hashed = pa.array(email), pa.array(digests(email.tolist()))
    person, by_hash = pa.array(who[at]), pa.array((kind == 1) | (kind == 2))
    columns: dict[str, Any] = {
        "timestamp": stamp(time, "%d/%m/%Y %H:%M:%S"),
        "action": ACTIONS.take(pa.array(kind)),
        "campaign": names.take(pa.array(sending[at])),
        "recipient": pc.if_else(by_hash, "", address.take(person)),
        "recipient_sha256": pc.if_else(by_hash, hashed.take(person), ""),
    }
    broken = company.faults(
        len(at),
        {
            "bad_quote": lambda i: row_text(columns, i, ",", campaign='"spring"refresh'),
            "bad_time": lambda i: row_text(columns, i, ",", timestamp="00/00/0000 00:00:00"),
        },
        rng,
    )
    middle = len(at) // 2
    unclosed = Broken(middle, _unclosed(columns, middle), "bad_quote")
    company.csv("email_campaign", "email/log.csv", columns, COMMA, (*broken, unclosed))
    company.note_channel("email", who)


def _unclosed(columns: dict[str, Any], at: int) -> str:
    """The row with a quote before its campaign that nothing closes."""
    moment, action, rest = row_text(columns, at, ",").split(",", 2)
    return f'{moment},{action},"{rest}'


def write_consent(company: Company) -> None:
    """consent/preferences.csv: what for, by which channel, yes or no, until when; by e-mail, the latest counts."""
    rng, people = company.rng("consent"), company.people
    who = np.flatnonzero(rng.random(len(people)) < 0.55)
    who = np.repeat(who, rng.integers(1, 4, len(who)))
    again = who[rng.random(len(who)) < 0.12]
    first = any_time(len(who), rng)
    later = first[rng.integers(0, len(first), len(again))] if len(again) else first[:0]
    who, time = np.concatenate([who, again]), waking(np.concatenate([first, later]), rng)
    order = np.argsort(time, kind="stable")
    who, time = who[order], time[order]
    expires = np.where(rng.random(len(who)) < 0.5, time + 730 * DAY, 0)
    columns: dict[str, Any] = {
        "email": people.contacts.email[who],
        "purpose": pa.array(["newsletter", "offers", "personalisation", "partners"]).take(
            pa.array(rng.integers(0, 4, len(who)))
        ),
        "channel": pa.array(["email", "sms", "post"]).take(pa.array(rng.choice(3, size=len(who), p=(0.6, 0.25, 0.15)))),
        "opt_in": pa.array(["yes", "no"]).take(pa.array((rng.random(len(who)) < 0.28).astype(np.int8))),
        "recorded": stamp(time),
        "valid_until": pc.if_else(pa.array(expires == 0), "", stamp(expires, "%Y-%m-%d")),
    }
    company.csv("consent", "consent/preferences.csv", columns, COMMA)
    company.note_identifiers("email", people.contacts.email, np.arange(len(people)))
    company.note_identifiers("email", people.contacts.email_second, np.arange(len(people)))
    for mailbox in (people.contacts.email, people.contacts.email_second):
        company.note_identifiers("email_sha256", digests(mailbox.tolist()), np.arange(len(people)))
    company.note_identifiers("phone", people.contacts.mobile, np.arange(len(people)))
    company.note_identifiers("phone", people.contacts.mobile_second, np.arange(len(people)))
    company.note_identifiers("phone", people.contacts.landline, np.arange(len(people)))


def write_areas(company: Company) -> None:
    """reference/areas.csv: income band and segment of nearly every postcode."""
    rng, places = company.rng("areas"), company.people.places
    postcode = np.array(sorted(set(places.postcode.tolist())), dtype=object)
    postcode = postcode[rng.random(len(postcode)) < 0.97]
    segments = (
        "Urban starters",
        "Family suburbs",
        "Country comfort",
        "City prosperity",
        "Settled seniors",
        "Student quarter",
    )
    columns: dict[str, Any] = {
        "postcode": postcode,
        "income_band": pa.array(["A", "B", "C", "D", "E"]).take(
            pa.array(rng.choice(5, size=len(postcode), p=(0.1, 0.22, 0.33, 0.23, 0.12)))
        ),
        "segment": pa.array(segments).take(pa.array(rng.integers(0, 6, len(postcode)))),
        "households": rng.integers(8, 90, len(postcode)),
    }
    company.csv("areas", "reference/areas.csv", columns, COMMA)
