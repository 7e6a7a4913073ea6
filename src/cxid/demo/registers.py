"""The extracts that describe people: crm, loyalty, social profiles and the guests of events."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa

from cxid.demo.clock import END, START, any_time, london, waking
from cxid.demo.company import SHOP, Company, row_copy, row_text
from cxid.demo.noise import write_day
from cxid.demo.observed import observe
from cxid.demo.words import Texts
from cxid.demo.writing import Dialect, numbered, stamp, texts, write_json_lines

CRM_SHARE, CRM_REPEATS = 0.965, 0.085
LOYALTY_SHARE, LOYALTY_REPEATS = 0.53, 0.05
PROFILE_SHARE = 0.75  # of those with a handle
GUEST_SHARE = 0.05
COMMA = Dialect()


def members(share: float, repeats: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Person numbers of a register in file order: a share of all people, some of them more than once."""
    once = np.flatnonzero(rng.random(count) < share)
    again = rng.choice(once, size=round(len(once) * repeats)) if len(once) else once
    return np.asarray(rng.permutation(np.concatenate([once, again])))


def write_crm(company: Company) -> None:
    """customers.csv: the register that most people are in, some twice, and the testers' accounts."""
    rng, people = company.rng("crm"), company.people
    who = members(CRM_SHARE, CRM_REPEATS, len(people), rng)
    testers = 3 + len(people) // 5000
    number = 104_000 + np.cumsum(rng.integers(1, 4, len(who) + testers))
    keys = np.array([f"C{n:07d}" for n in number.tolist()], dtype=object)
    company.customer_no = _latest(who, keys, len(people))
    company.customer_no_other = _latest(who[::-1], keys[: len(who)][::-1], len(people))
    columns = _crm_columns(company, who, keys[: len(who)], rng)
    tests = {name: [""] * testers for name in columns} | _tester_columns(keys[len(who) :], testers)
    whole = {name: pa.concat_arrays([texts(v), texts(tests[name])]) for name, v in columns.items()}
    broken = company.faults(
        len(who),
        {
            "missing_key": lambda i: row_text(whole, i, ",", customer_no=""),
            "duplicate_row": lambda i: row_copy(whole, i, ","),
            "duplicate_key": lambda i: row_copy(whole, i, ",", first_name="", last_name="", gender="", country=""),
            "too_few_columns": lambda i: row_text(whole, i, ",").rsplit(",", 5)[0],
            "too_many_columns": lambda i: row_text(whole, i, ",") + ",,moved",
        },
        rng,
    )
    company.csv("crm", "crm/customers.csv", whole, COMMA, broken)
    company.note_people("crm", whole["customer_no"], _with_testers(company.entities(who), testers))
    company.note_identifiers("customer_no", _small(keys[: len(who)]), who)


def _crm_columns(company: Company, who: np.ndarray, keys: Texts, rng: np.random.Generator) -> dict[str, Any]:
    at = waking(any_time(len(who), rng), rng)
    seen = observe(company.people, who, at, rng)
    shown_card = np.where(rng.random(len(who)) < 0.2, company.card_no[who], "")
    joined = at - rng.integers(0, 6 * 365 * 86_400, len(who))
    return {
        "customer_no": keys,
        "title": _titles(seen.gender, rng),
        "first_name": seen.given,
        "middle_name": seen.middle,
        "last_name": seen.family,
        "date_of_birth": _days(seen.birth, "%d/%m/%Y"),
        "gender": seen.gender,
        "email": seen.email,
        "mobile": seen.mobile,
        "landline": seen.landline,
        "address_line_1": _line_one(seen.number, seen.street),
        "town": seen.city,
        "county": seen.region,
        "postcode": seen.postcode,
        "country": seen.country,
        "loyalty_card": shown_card,
        "created": stamp(joined, "%d/%m/%Y"),
        "last_updated": stamp(london(at), "%d/%m/%Y %H:%M"),
    }


def _tester_columns(keys: Texts, testers: int) -> dict[str, list[str]]:
    return {
        "customer_no": keys.tolist(),
        "first_name": ["Test"] * testers,
        "last_name": ["Test"] * testers,
        "email": [f"test@{SHOP}"] * testers,
        "mobile": ["07000 000000"] * testers,
        "country": ["GB"] * testers,
        "last_updated": [f"{d % 28 + 1:02d}/03/2026 09:{d % 60:02d}" for d in range(testers)],
    }


def issue_cards(company: Company) -> None:
    """Decides who holds loyalty cards, some of them two, and under which number each is known at the till."""
    rng = company.rng("cards")
    who = members(LOYALTY_SHARE, LOYALTY_REPEATS, len(company.people), rng)
    number = 633_100_000_000 + np.cumsum(rng.integers(3, 90, len(who)))
    company.card_holder, company.cards = who, np.array([str(n) for n in number.tolist()], dtype=object)
    company.card_no = _latest(who, company.cards, len(company.people))


def write_loyalty(company: Company) -> None:
    """members.csv in UTF-16: one joined name, a day without separators, one phone."""
    rng, who, keys = company.rng("loyalty"), company.card_holder, company.cards
    at = waking(any_time(len(who), rng), rng)
    seen = observe(company.people, who, at, rng)
    name = np.array([_surname_first(g, f) for g, f in zip(seen.given, seen.family, strict=True)], dtype=object)
    phone = np.where((seen.mobile == "") | (rng.random(len(who)) < 0.15), seen.landline, seen.mobile)
    email = np.where(rng.random(len(who)) < 0.45, seen.email, "")
    columns: dict[str, Any] = {
        "CardNumber": keys,
        "Name": name,
        "BirthDate": _days(seen.birth, "%Y%m%d"),
        "Phone": phone,
        "Mail": email,
        "Street": seen.street,
        "HouseNo": seen.number,
        "Town": seen.city,
        "PostCode": seen.postcode,
        "Tier": np.array(["blue", "blue", "blue", "silver", "gold"], dtype=object)[rng.integers(0, 5, len(who))],
        "Points": rng.integers(0, 9000, len(who)),
        "Changed": stamp(at, "%Y%m%d%H%M%S"),
    }
    broken = company.faults(
        len(who),
        {
            "missing_key": lambda i: row_text(columns, i, ";", CardNumber=""),
            "too_few_columns": lambda i: row_text(columns, i, ";").rsplit(";", 3)[0],
        },
        rng,
    )
    company.csv("loyalty", "loyalty/members.csv", columns, Dialect(";", "utf-16-le", b"\xff\xfe"), broken)
    company.note_people("loyalty", keys, company.entities(who))
    company.note_identifiers("loyalty_card", keys, who)


def write_social_profiles(company: Company) -> None:
    """profiles.jsonl: a handle, the name people show, where they say they are."""
    rng, people = company.rng("profiles"), company.people
    who = np.flatnonzero((people.contacts.handle != "") & (rng.random(len(people)) < PROFILE_SHARE))
    who = rng.permutation(who)
    seen = observe(people, who, any_time(len(who), rng), rng)
    shape = rng.random(len(who))
    shown = np.where(
        seen.middle != "", seen.given + " " + seen.middle + " " + seen.family, seen.given + " " + seen.family
    )
    shown = np.where(shape < 0.1, seen.given, np.where(shape < 0.75, seen.given + " " + seen.family, shown))
    followers = np.minimum(np.exp(rng.normal(4.6, 1.6, len(who))), 2_000_000).astype(np.int64)
    at = any_time(len(who), rng)
    columns = {
        "handle": people.contacts.handle[who],
        "display_name": _stripped(shown),
        "location": np.where(shape < 0.8, seen.city, ""),
        "contact_email": np.where(rng.random(len(who)) < 0.35, seen.email, ""),
        "followers": followers,
        "network": np.array(["chirper", "pictogram", "facelink"], dtype=object)[rng.integers(0, 3, len(who))],
        "fetched_at": stamp(at, "%Y-%m-%dT%H:%M:%SZ"),
    }
    write_json_lines(company.ledger, company.data("social/profiles.jsonl"), _without_empty(columns))
    company.note_people("social_profiles", columns["handle"], company.entities(who))
    company.profiled = np.sort(who)


def write_event_guests(company: Company) -> None:
    """badge_scans.tsv: who came to an event; a row is a person and a touch at once."""
    rng, people = company.rng("guests"), company.people
    who = rng.permutation(np.flatnonzero(rng.random(len(people)) < GUEST_SHARE))
    again = who[rng.random(len(who)) < 0.25]
    who = np.concatenate([who, again])
    days = np.sort(waking(rng.integers(START, END, 14), rng))
    event = rng.integers(0, len(days), len(who))
    at = days[event] // 86_400 * 86_400 + rng.integers(9 * 3600, 12 * 3600, len(who))
    order = np.argsort(at, kind="stable")
    who, event, at = who[order], event[order], at[order]
    seen = observe(people, who, at, rng)
    titles = (
        "Open House",
        "Makers' Fair",
        "Kitchen Evening",
        "Garden Day",
        "Members' Preview",
        "Christmas Market",
        "Design Talk",
    )
    columns = {
        "badge_no": numbered("B", 40_000 + np.arange(len(who)), 6),
        "event": np.array(titles, dtype=object)[event % 7],
        "scanned": stamp(london(at), "%m/%d/%Y %H:%M"),
        "full_name": _latin(_stripped(seen.given + " " + seen.family)),
        "email": np.where(rng.random(len(who)) < 0.85, seen.email, ""),
        "phone": np.where(rng.random(len(who)) < 0.4, seen.mobile, ""),
        "post_code": seen.postcode,
    }
    company.csv("event_guests", "events/badge_scans.tsv", columns, Dialect("\t", "latin-1"))
    company.note_people("event_guests", columns["badge_no"], company.entities(who))
    company.note_events("event_attendance", columns["badge_no"], who)
    company.note_identifiers("badge", _small(columns["badge_no"].to_pylist()), who)
    company.note_channel("event", who)


def _latest(who: np.ndarray, keys: Texts, count: int) -> Texts:
    found = np.full(count, "", dtype=object)
    found[who] = keys[: len(who)]
    return found


def _with_testers(entities: pa.Array, testers: int) -> pa.Array:
    return pa.concat_arrays([entities, pa.array(["t0000001"] * testers)])


def _days(iso: Texts, pattern: str) -> Texts:
    return np.array([write_day(day, pattern) for day in iso.tolist()], dtype=object)


def _titles(gender: Texts, rng: np.random.Generator) -> Texts:
    pick = rng.random(len(gender))
    female = np.where(pick < 0.45, "Mrs", np.where(pick < 0.75, "Ms", "Miss"))
    return np.where(pick > 0.9, "", np.where(gender == "F", female, np.where(gender == "M", "Mr", ""))).astype(object)


def _line_one(number: Texts, street: Texts) -> pa.Array:
    return texts(
        np.array([f"{n} {s}".strip() for n, s in zip(number.tolist(), street.tolist(), strict=True)], dtype=object)
    )


def _surname_first(given: str, family: str) -> str:
    return f"{family.upper()}, {given}" if given and family else (family.upper() or given)


def _small(values: Any) -> Texts:
    return np.array([v.lower() for v in values], dtype=object)


def _stripped(values: Texts) -> Texts:
    return np.array([v.strip() for v in values.tolist()], dtype=object)


def _latin(values: Texts) -> Texts:
    """What a badge printer that knows only Latin-1 makes of names."""
    table = str.maketrans({"ł": "l", "Ł": "L", "ı": "i"})
    found = []
    for value in values.tolist():
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            plain = unicodedata.normalize("NFKD", value.translate(table))
            value = "".join(c for c in plain if ord(c) < 256 and not unicodedata.combining(c))
        found.append(value)
    return np.array(found, dtype=object)


def _without_empty(columns: dict[str, Any]) -> dict[str, Any]:
    """JSON leaves out what is not known."""
    return {
        k: pa.array([x or None for x in v.tolist()]) if isinstance(v, np.ndarray) and v.dtype == object else v
        for k, v in columns.items()
    }
