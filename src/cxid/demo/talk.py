"""What people say: posts about the company, the community, support tickets, the survey."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from cxid.demo.clock import DAY, END, any_time, waking
from cxid.demo.company import Company, row_text
from cxid.demo.noise import write_phone
from cxid.demo.words import Texts
from cxid.demo.writing import Dialect, join, numbered, stamp

TONES = ("negative", "neutral", "positive")
COMMA = Dialect()


def moods(company: Company) -> np.ndarray:
    """How each person feels about the company, around 0; it colours everything that they say."""
    return company.rng("moods").normal(0.25, 0.8, len(company.people))


def _tone(mood: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    felt = mood + rng.normal(0, 0.7, len(mood))
    return np.where(felt < -0.35, 0, np.where(felt < 0.4, 1, 2))


def _phrases(company: Company, tone: np.ndarray, rng: np.random.Generator) -> Texts:
    found = np.empty(len(tone), dtype=object)
    for code, name in enumerate(TONES):
        here = np.flatnonzero(tone == code)
        options = np.array(company.words.phrases[name], dtype=object)
        found[here] = options[rng.integers(0, len(options), len(here))]
    return found


def write_mentions(company: Company) -> None:
    """social/mentions.csv: posts by customers under their handle, and by people whom nobody knows."""
    rng, people = company.rng("mentions"), company.people
    talkers = np.flatnonzero((people.contacts.handle != "") & (rng.random(len(people)) < 0.45))
    strangers = company.new_strangers(len(people) // 12)
    author = np.concatenate([talkers, strangers])
    name = np.concatenate(
        [
            people.contacts.handle[talkers],
            np.array([f"user{s * 7919 % 9_999_991:07d}" for s in strangers.tolist()], dtype=object),
        ]
    )
    reach = np.exp(rng.normal(4.4, 1.5, len(author)))
    at = np.repeat(np.arange(len(author)), np.minimum(rng.geometric(0.38, len(author)), 40))
    time = np.sort(waking(any_time(len(at), rng), rng))
    known = author[at] < len(people)
    mood = np.where(known, moods(company)[np.where(known, author[at], 0)], 0.0)
    tone = _tone(mood, rng)
    text = _phrases(company, tone, rng)
    broken_up = np.flatnonzero(rng.random(len(at)) < 0.04)
    text[broken_up] = np.array([t.replace(", ", ",\n", 1) for t in text[broken_up]], dtype=object)
    columns: dict[str, Any] = {
        "post_id": numbered("sp", 50_000 + np.arange(len(at)), 8),
        "posted_at": stamp(time),
        "handle": join("@", pa.array(name[at])),
        "text": text,
        "sentiment": pa.array(TONES).take(pa.array(tone)),
        "reach": (reach[at] * rng.uniform(0.3, 1.6, len(at))).astype(np.int64),
        "topic": pa.array(company.words.phrases["topics"][0].split()).take(pa.array(rng.integers(0, 7, len(at)))),
    }
    company.csv("social_mentions", "social/mentions.csv", columns, COMMA)
    who = author[at]
    company.note_events("social_mentions", columns["post_id"], who, np.isin(who, company.profiled))
    company.note_channel("social", who)
    company.note_identifiers("handle", people.contacts.handle, np.arange(len(people)))
    company.note_identifiers("handle", name[len(talkers) :], strangers)
    mine = who[who < len(people)]
    company.truth.figures["mentions"] = pa.array(np.bincount(mine, minlength=len(people)))


def write_community(company: Company) -> None:
    """community/activity.csv: questions, answers and likes by handle; times in seconds since 1970."""
    rng, people = company.rng("community"), company.people
    member = np.flatnonzero((people.contacts.handle != "") & (rng.random(len(people)) < 0.28))
    who = np.repeat(member, np.minimum(rng.zipf(1.7, len(member)), 120))
    time = np.sort(waking(any_time(len(who), rng), rng))
    who = rng.permutation(who)
    columns: dict[str, Any] = {
        "activity_id": numbered("ca", 1 + np.arange(len(who)), 7),
        "created": time,
        "user_handle": people.contacts.handle[who],
        "activity": pa.array(["question", "answer", "answer", "like", "like"]).take(
            pa.array(rng.integers(0, 5, len(who)))
        ),
        "board": pa.array(["Recipes", "Repairs", "Garden talk", "Ideas"]).take(pa.array(rng.integers(0, 4, len(who)))),
    }
    company.csv("community", "community/activity.csv", columns, COMMA)
    company.note_events("community", columns["activity_id"], who, np.isin(who, company.profiled))
    company.note_channel("community", who)


def write_support(company: Company) -> None:
    """support/tickets.csv: a row when a ticket is opened and one when it is solved, by e-mail or phone."""
    rng, people = company.rng("support"), company.people
    caller = np.flatnonzero(rng.random(len(people)) < 0.16)
    caller = rng.permutation(np.repeat(caller, rng.geometric(0.7, len(caller))))
    begin = waking(any_time(len(caller), rng), rng)
    hours = rng.gamma(1.2, 30, len(caller))
    end = begin + (hours * 3600).astype(np.int64)
    solved = (rng.random(len(caller)) < 0.93) & (end < END)
    by_phone = rng.random(len(caller)) < 0.4
    contacts = people.contacts
    phone = np.where(contacts.mobile[caller] != "", contacts.mobile[caller], contacts.landline[caller])
    phone = np.where(by_phone, phone, "")
    email = np.where(phone == "", np.where(rng.random(len(caller)) < 0.15, contacts.email_second[caller], ""), "")
    email = np.where((phone == "") & (email == ""), contacts.email[caller], email)
    style = rng.integers(0, 8, len(caller)).tolist()
    phone = np.array([write_phone(p, s) for p, s in zip(phone.tolist(), style, strict=True)], dtype=object)
    at = np.concatenate([np.arange(len(caller)), np.flatnonzero(solved)])
    time = np.concatenate([begin, end[solved]])
    action = np.concatenate([np.zeros(len(caller), dtype=np.int8), np.ones(int(solved.sum()), dtype=np.int8)])
    order = np.argsort(time, kind="stable")
    at, time, action = at[order], time[order], action[order]
    topic = rng.integers(0, 6, len(caller))[at]
    columns: dict[str, Any] = {
        "log_id": numbered("L", 1 + np.arange(len(at)), 7),
        "ticket": numbered("T", 20_000 + at, 7),
        "logged": stamp(time, "%d-%m-%Y %H:%M"),
        "action": pa.array(["opened", "resolved"]).take(pa.array(action)),
        "contact_email": email[at],
        "contact_phone": phone[at],
        "category": pa.array(["Delivery", "Returns", "Product fault", "Payment", "Account", "Other"]).take(
            pa.array(topic)
        ),
    }
    company.csv("support", "support/tickets.csv", columns, Dialect(";"))
    company.note_events("support", columns["log_id"], caller[at])
    company.note_channel("support", caller[at])


def write_nps(company: Company) -> None:
    """survey/nps.csv: a score of 0 to 10 with a comment, by e-mail."""
    rng, people = company.rng("nps"), company.people
    who = np.flatnonzero(rng.random(len(people)) < 0.2)
    who = rng.permutation(np.repeat(who, rng.geometric(0.75, len(who))))
    time = np.sort(any_time(len(who), rng)) // DAY * DAY
    mood = moods(company)[who]
    score = np.clip(np.round(7.6 + 2.1 * mood + rng.normal(0, 1.3, len(who))), 0, 10).astype(np.int64)
    comment = np.where(
        rng.random(len(who)) < 0.4, _phrases(company, np.where(score > 8, 2, np.where(score > 6, 1, 0)), rng), ""
    )
    email = people.contacts.email[who]
    shout = rng.random(len(who)) < 0.05
    email[shout] = np.array([e.title() for e in email[shout]], dtype=object)
    columns: dict[str, Any] = {
        "response_id": numbered("N", 1 + np.arange(len(who)), 6),
        "answered_on": stamp(time, "%d.%m.%Y"),
        "email_address": email,
        "score": score,
        "comment": comment,
    }
    broken = company.faults(
        len(who), {"bad_time": lambda i: row_text(columns, i, ",", response_id=f"NX{i:06d}", answered_on="??")}, rng
    )
    company.csv("nps", "survey/nps.csv", columns, COMMA, broken)
    company.note_events("nps", columns["response_id"], who)
    company.note_channel("survey", who)
    last = np.full(len(people), -1)
    last[who] = score
    company.truth.figures["nps_answers"] = pa.array(np.bincount(who, minlength=len(people)))
    company.truth.figures["nps_last"] = pa.array([None if s < 0 else s for s in last.tolist()], pa.int64())
