"""What browsers and phones leave behind: web visits by cookie, advertisement clicks, the app's events."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxid.demo.clock import DAY, END, START, any_time, waking
from cxid.demo.company import Company, row_text
from cxid.demo.writing import Dialect, numbered, stamp, write_json_lines, write_parquet

COOKIES_PER_PERSON = (0.27, 0.40, 0.21, 0.08, 0.04)
STRANGER_SHARE = 0.55  # browsers that never log in, per person
CAMPAIGNS = (
    "spring-refresh",
    "summer-sale",
    "back-to-school",
    "autumn-home",
    "black-friday",
    "christmas",
    "new-year-sale",
    "brand",
)
WEB_TYPES = ("page_view", "product_view", "search", "add_to_cart", "wishlist_add", "checkout_start", "store_finder")
WEB_SHARES = (0.50, 0.29, 0.08, 0.06, 0.02, 0.03, 0.02)
PAGES = ["/", "/sale", "/kitchen", "/garden", "/living", "/bedroom", "/gifts", "/stores", "/help", "/account"]
APP_TYPES = ("app_open", "screen_view", "product_view", "push_open", "add_to_cart", "card_shown")
APP_SHARES = (0.22, 0.38, 0.22, 0.06, 0.06, 0.06)


@dataclass(frozen=True)
class Browsers:
    """One entry is a cookie: who owns it, who else uses it (-1: nobody), when it lived, when it first logs in."""

    cookie: pa.Array
    owner: np.ndarray
    guest: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    logs_in: np.ndarray  # share of its life after which logins happen; above 1: never
    sessions: np.ndarray
    hashes: np.ndarray  # its logins are kept as a sha256 only


@dataclass(frozen=True)
class Hits:
    """One entry is an event of a browser, in order of time."""

    browser: np.ndarray
    who: np.ndarray
    time: np.ndarray
    logged_in: np.ndarray
    type: pa.Array
    campaign: np.ndarray  # -1: none


class Tied:
    """The (machine, person) pairs that a login ties together; what else the machine does is then that person's."""

    def __init__(self, machine: np.ndarray, who: np.ndarray, logged_in: np.ndarray) -> None:
        self.pairs = np.unique((machine.astype(np.int64) << 32 | who)[logged_in])

    def holds(self, machine: np.ndarray, who: np.ndarray) -> np.ndarray:
        """For each event whether its pair is tied."""
        return np.asarray(np.isin(machine.astype(np.int64) << 32 | who, self.pairs))


def digests(values: list[str]) -> list[str]:
    """The sha256 of every text in hexadecimal; '' stays ''."""
    return [sha256(v.encode()).hexdigest() if v else "" for v in values]


def make_browsers(company: Company) -> Browsers:
    """The cookies of people, and of strangers who look around once or twice."""
    rng, count = company.rng("browsers"), len(company.people)
    mine = np.repeat(np.arange(count), rng.choice(5, size=count, p=COOKIES_PER_PERSON))
    others = company.new_strangers(round(count * STRANGER_SHARE))
    owner = np.concatenate([mine, others])
    total, is_person = len(owner), np.arange(len(owner)) < len(mine)
    begin = rng.integers(START, END - 3 * DAY, total)
    life = (rng.gamma(1.5, 90, total) * DAY).astype(np.int64) + DAY
    end = np.minimum(begin + np.where(is_person, life, life // 12), END - 7200)
    household, role = company.people.household, company.people.role
    guest = np.full(total, -1)
    shared = np.flatnonzero(is_person & (rng.random(total) < 0.03))
    partner = np.minimum(owner[shared] + 1, count - 1)
    has_partner = (
        (role[owner[shared]] == 0) & (household[partner] == household[owner[shared]]) & (partner != owner[shared])
    )
    guest[shared[has_partner]] = partner[has_partner]
    logs_in = np.where(is_person & (rng.random(total) < 0.62), rng.beta(1.0, 2.2, total), 2.0)
    lived = (end - begin) / np.maximum(np.where(is_person, life, life // 12), 1)  # a life cut off by the span's end
    sessions = (
        1
        + (np.minimum(rng.geometric(np.where(is_person, 0.21, 0.7)), 60) * lived).astype(np.int64)
        + np.where(guest >= 0, 3, 0)
    )
    parts = rng.integers(0, 1 << 31, (2, total)).tolist()
    cookie = pa.array([f"{a:08x}{b:08x}" for a, b in zip(*parts, strict=True)])
    return Browsers(cookie, owner, guest, begin, end, logs_in, sessions, rng.random(total) < 0.3)


def make_hits(company: Company, browsers: Browsers, orders: tuple[np.ndarray, np.ndarray]) -> Hits:
    """Visits of all browsers, and the purchase event of every online order (person, UTC seconds)."""
    rng = company.rng("hits")
    at = np.repeat(np.arange(len(browsers.owner)), browsers.sessions)
    position = rng.random(len(at))
    start = browsers.begin[at] + (position * (browsers.end[at] - browsers.begin[at])).astype(np.int64)
    start = np.clip(waking(start, rng), START, END - 3600)
    member = np.where((browsers.guest[at] >= 0) & (rng.random(len(at)) < 0.4), browsers.guest[at], browsers.owner[at])
    known = (position >= browsers.logs_in[at]) & (rng.random(len(at)) < 0.75)
    campaign = np.where(rng.random(len(at)) < 0.3, rng.integers(0, len(CAMPAIGNS), len(at)), -1)
    length = np.minimum(rng.geometric(0.31, len(at)), 25)
    session = np.repeat(np.arange(len(at)), length)
    first = np.repeat(np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    nth = np.arange(len(session)) - first
    gaps = np.cumsum(rng.integers(8, 140, len(session)))
    time = start[session] + gaps - gaps[first]
    kind = rng.choice(len(WEB_TYPES), size=len(session), p=WEB_SHARES)
    kind = np.where(nth == 0, 0, kind)
    kind = np.where((nth == 1) & known[session], len(WEB_TYPES), kind)
    person, moment = orders
    home = _browser_of(browsers, len(company.people))[person]
    person, moment, home = person[home >= 0], moment[home >= 0], home[home >= 0]
    time = np.minimum(np.concatenate([time, moment]), END - 1)
    order = np.argsort(time, kind="stable")
    kinds = pa.array([*WEB_TYPES, "login", "purchase"])
    return Hits(
        browser=np.concatenate([at[session], home])[order],
        who=np.concatenate([member[session], person])[order],
        time=time[order],
        logged_in=np.concatenate([known[session] & (nth > 0), np.ones(len(home), dtype=bool)])[order],
        type=kinds.take(pa.array(np.concatenate([kind, np.full(len(home), len(WEB_TYPES) + 1)])[order])),
        campaign=np.concatenate([campaign[session], np.full(len(home), -1)])[order],
    )


def _browser_of(browsers: Browsers, count: int) -> np.ndarray:
    """A cookie of each person that logs in, -1 for those without."""
    found = np.full(count, -1)
    usable = np.flatnonzero((browsers.owner < count) & (browsers.logs_in <= 1))
    found[browsers.owner[usable]] = usable
    return found


def write_web(company: Company, orders: tuple[np.ndarray, np.ndarray]) -> None:
    """web/2024-11.parquet and so on, a file a month; ads/clicks.csv beside it."""
    browsers = make_browsers(company)
    hits = make_hits(company, browsers, orders)
    logins = company.people.contacts.email
    email, hashed = pa.array(logins), pa.array(digests(logins.tolist()))
    key = numbered("w", np.arange(1, len(hits.time) + 1), 9)
    names = pa.array([*CAMPAIGNS, None])
    sources = pa.array(["newsletter", "search", "search", "social", "search", "social", "newsletter", "display", None])
    months = hits.time.astype("datetime64[s]").astype("datetime64[M]")
    for month in np.unique(months):
        rows = np.flatnonzero(months == month)
        campaign = pa.array(np.where(hits.campaign[rows] < 0, len(CAMPAIGNS), hits.campaign[rows]))
        known, by_hash = hits.logged_in[rows], browsers.hashes[hits.browser[rows]]
        who = pa.array(np.where(known, hits.who[rows], 0))
        table = pa.table(
            {
                "event_id": key.take(pa.array(rows)),
                "event_time": pa.array(hits.time[rows] * 1_000_000, pa.timestamp("us")),
                "anonymous_id": browsers.cookie.take(pa.array(hits.browser[rows])),
                "user_email": _where(known & ~by_hash, email.take(who)),
                "user_email_sha256": _where(known & by_hash, hashed.take(who)),
                "event_type": hits.type.take(pa.array(rows)),
                "page_url": pa.array(PAGES).take(pa.array(hits.browser[rows] * 7 % len(PAGES))),
                "utm_source": sources.take(campaign),
                "utm_campaign": names.take(campaign),
            }
        )
        write_parquet(company.ledger, company.data(f"web/{month}.parquet"), table)
    tied = Tied(hits.browser, hits.who, hits.logged_in)
    company.note_events("web", key, hits.who, tied.holds(hits.browser, hits.who))
    company.note_channel("web", hits.who)
    company.note_identifiers("cookie", browsers.cookie, browsers.owner)
    also = np.flatnonzero(browsers.guest >= 0)
    company.note_identifiers("cookie", browsers.cookie.take(pa.array(also)), browsers.guest[also])
    _write_ads(company, browsers, tied)


def _where(there: np.ndarray, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(there), values, pa.scalar(None, pa.string()))


def _write_ads(company: Company, browsers: Browsers, tied: Tied) -> None:
    rng = company.rng("ads")
    browser = np.flatnonzero(rng.random(len(browsers.owner)) < 0.45)
    browser = np.repeat(browser, np.minimum(rng.geometric(0.6, len(browser)), 8))
    time = browsers.begin[browser] + rng.integers(0, 3600, len(browser))
    order = np.argsort(time, kind="stable")
    browser, time = browser[order], time[order]
    pence = rng.integers(9, 240, len(browser))
    pick = rng.integers(0, len(CAMPAIGNS), len(browser))
    columns = {
        "click_id": numbered("ad", np.arange(1, len(browser) + 1), 8),
        "clicked_at": stamp(time, "%Y-%m-%dT%H:%M:%SZ"),
        "cookie_id": browsers.cookie.take(pa.array(browser)),
        "campaign_name": pa.array(CAMPAIGNS).take(pa.array(pick)),
        "network": pa.array(["search", "display", "video"]).take(pa.array(pick % 3)),
        "cost": pa.array([f"{p / 100:.2f}" for p in range(240)]).take(pa.array(pence)),
    }
    broken = company.faults(
        len(browser),
        {
            "too_few_columns": lambda i: row_text(columns, i, ",").rsplit(",", 2)[0],
            "bad_time": lambda i: row_text(columns, i, ",", click_id=f"adx{i:07d}", clicked_at="not set"),
        },
        rng,
    )
    company.csv("ad_clicks", "ads/clicks.csv", columns, Dialect(), broken)
    who = browsers.owner[browser]
    company.note_events("ad_clicks", columns["click_id"], who, tied.holds(browser, who))
    company.note_channel("ads", who)


def write_app(company: Company) -> None:
    """app/events.jsonl.zst: a device, and the customer number once they are logged in."""
    rng, people = company.rng("app"), company.people
    owner = np.flatnonzero(rng.random(len(people)) < 0.33)
    owner = np.concatenate([owner, owner[rng.random(len(owner)) < 0.18]])
    numbers = rng.integers(0, 1 << 31, (2, len(owner))).tolist()
    device = pa.array([f"{a:08X}-{b >> 16:04X}-{b & 65535:04X}" for a, b in zip(*numbers, strict=True)])
    second = np.where(rng.random(len(owner)) < 0.015, np.minimum(owner + 1, len(people) - 1), owner)
    at = np.repeat(np.arange(len(owner)), np.minimum(2 + rng.geometric(0.06, len(owner)), 300))
    begin = any_time(len(owner), rng)[at]
    time = np.minimum(waking(begin + (rng.random(len(at)) * (END - begin)).astype(np.int64), rng), END - 1)
    user = np.where(rng.random(len(at)) < 0.35, second[at], owner[at])
    known = (rng.random(len(owner)) < 0.8)[at] & (rng.random(len(at)) < 0.85)
    order = np.argsort(time, kind="stable")
    at, time, user, known = at[order], time[order], user[order], known[order]
    number = np.where((np.arange(len(people)) % 4) > 0, company.customer_no, company.customer_no_other)
    customer = pa.array([n or None for n in number.tolist()]).take(pa.array(user))
    columns = {
        "id": numbered("m", np.arange(1, len(at) + 1), 9),
        "ts": stamp(time, "%Y-%m-%dT%H:%M:%SZ"),
        "device_id": device.take(pa.array(at)),
        "customer_no": pc.if_else(pa.array(known), customer, pa.scalar(None, pa.string())),
        "event": pa.array(APP_TYPES).take(pa.array(rng.choice(len(APP_TYPES), size=len(at), p=APP_SHARES))),
        "app_version": pa.array(["4.9.1", "5.0.0", "5.1.2", "5.2.0"]).take(
            pa.array((time - START) * 4 // (END - START))
        ),
    }
    write_json_lines(company.ledger, company.data("app/events.jsonl.zst"), columns, compression="zstd")
    tied = Tied(at, user, known & (number != "")[user])
    company.note_events("mobile_app", columns["id"], user, tied.holds(at, user))
    company.note_channel("mobile", user)
    company.note_identifiers("device", device, owner)
    also = np.flatnonzero(second != owner)
    company.note_identifiers("device", device.take(pa.array(also)), second[also])
