"""How people can be reached: mailboxes, phone numbers, handles; unique to a person unless shared on purpose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxid.demo.words import Texts, fold

# Under .example no mailbox can be anybody's.
DOMAINS = {
    0: ("webmail", "inbox-mail", "postbox", "skymail", "quickmail", "bluebird", "citynet", "homelink", "brightline"),
    1: ("webmail", "postfach", "netzpost", "inbox-mail", "freipost"),
    2: ("webmail", "boitelettre", "courriel-net", "inbox-mail"),
    3: ("webmail", "correio-net", "caixapostal", "inbox-mail"),
}
CALLING = ("44", "49", "33", "351")
SHARED_INBOX = 0.06
SWITCHBOARDS = 40


@dataclass(frozen=True)
class Contacts:
    """One entry is a person; '' means that they have none. Phones are in E.164."""

    email: Texts
    email_second: Texts
    mobile: Texts
    mobile_second: Texts
    landline: Texts  # of the household
    office: Texts  # a switchboard, shared by everyone who works there
    handle: Texts


def make_contacts(
    named: tuple[Texts, Texts, Texts],
    home: tuple[np.ndarray, np.ndarray],
    country_dial: tuple[np.ndarray, Texts],
    birth: Texts,
    rng: np.random.Generator,
) -> Contacts:
    """Contacts for people given as (given, family, nickname), (household, role), (country, dialling code), birth."""
    household, role = home
    country, dial = country_dial
    count = len(household)
    email = _emails(named, country, birth, set(), rng)
    second = _emails(named, country, birth, set(email.tolist()), rng)
    second[rng.random(count) >= 0.35] = ""
    inbox = np.flatnonzero((role >= 1) & (rng.random(count) < SHARED_INBOX))
    for i in inbox.tolist():
        email[i] = email[i - role[i]]
    mobile, mobile_second = _mobiles(country, rng), _mobiles(country, rng)
    mobile[rng.random(count) < 0.07] = ""
    mobile_second[(rng.random(count) >= 0.12) | (mobile == "")] = ""
    homes = int(household[-1]) + 1
    line = _landlines(country, dial, rng)
    first = np.searchsorted(household, np.arange(homes))
    landline = line[first[household]]
    landline[(rng.random(homes) < 0.42)[household]] = ""
    boards = np.array([f"+4420{n:08d}" for n in rng.integers(30_000_000, 89_999_999, SWITCHBOARDS)], dtype=object)
    works = (role < 2) & (country == 0) & (rng.random(count) < 0.03)
    office = np.where(works, boards[rng.integers(0, SWITCHBOARDS, count)], "")
    return Contacts(email, second, mobile, mobile_second, landline, office, _handles(named, birth, rng))


def _emails(
    named: tuple[Texts, Texts, Texts], country: np.ndarray, birth: Texts, taken: set[str], rng: np.random.Generator
) -> Texts:
    """One new address each, made of the name as people make them."""
    count = len(country)
    form, salt, provider = rng.random(count), rng.integers(1, 1000, count), rng.random(count) ** 1.7
    rows = zip(*(a.tolist() for a in (*named, country, birth, form, salt, provider)), strict=True)
    found = []
    for given, family, nickname, code, born, shape, number, place in rows:
        first, last = fold(given), fold(family)
        short = fold(nickname) if nickname and number % 2 else first
        local = _local_part(first, last, short, born, shape)
        options = DOMAINS[code]
        domain = options[int(place * len(options))] + ".example"
        address = f"{local}@{domain}"
        while address in taken:
            address = f"{local}{number}@{domain}"
            number = number * 7 % 9973 + 1
        taken.add(address)
        found.append(address)
    return np.array(found, dtype=object)


def _local_part(first: str, last: str, short: str, born: str, shape: float) -> str:
    forms = (
        (0.30, f"{first}.{last}"), (0.42, f"{first[:1]}{last}"), (0.54, f"{short}{last}"),
        (0.66, f"{short}.{last}{born[2:4]}"), (0.74, f"{first}{born[:4]}"), (0.82, f"{last}.{first}"),
        (0.90, f"{first[:1]}.{last}"), (0.96, f"{short}_{last[:4]}{born[8:]}"), (1.01, f"{last}{first[:2]}{born[2:4]}"),
    )  # fmt: skip
    return next(text for limit, text in forms if shape < limit)


def _digits(count: int, width: int, rng: np.random.Generator) -> list[str]:
    return [str(n).zfill(width) for n in rng.integers(0, 10**width, count).tolist()]


def _mobiles(country: np.ndarray, rng: np.random.Generator) -> Texts:
    starts = (("73", "74", "75", "77", "78", "79"), ("151", "160", "171", "176"), ("6", "7"), ("91", "93", "96"))
    width = (8, 8, 8, 7)
    eight, pick = _digits(len(country), 8, rng), rng.integers(0, 12, len(country)).tolist()
    return np.array(
        [
            f"+{CALLING[c]}{starts[c][p % len(starts[c])]}{d[: width[c]]}"
            for c, d, p in zip(country.tolist(), eight, pick, strict=True)
        ],
        dtype=object,
    )


def _landlines(country: np.ndarray, dial: Texts, rng: np.random.Generator) -> Texts:
    """The dialling code of the town and as many digits as its country's numbers take."""
    whole, body = (10, 10, 9, 9), _digits(len(country), 8, rng)
    return np.array(
        [
            f"+{CALLING[c]}{code}{int(d[0]) % 7 + 2}{d[1:]}"[: len(CALLING[c]) + 1 + whole[c]]
            for c, code, d in zip(country.tolist(), dial.tolist(), body, strict=True)
        ],
        dtype=object,
    )


def _handles(named: tuple[Texts, Texts, Texts], birth: Texts, rng: np.random.Generator) -> Texts:
    """A public name for three people of ten."""
    given, family, nickname = named
    count = len(given)
    has, shape, number = rng.random(count) < 0.32, rng.random(count), rng.integers(1, 10_000, count)
    odd = ("sunny", "just", "its", "real", "the", "little", "mrs", "team", "happy", "wild")
    taken: set[str] = {""}
    found = []
    rows = zip(*(a.tolist() for a in (given, family, nickname, birth, has, shape, number)), strict=True)
    for first, last, short, born, used, form, salt in rows:
        handle = ""
        if used:
            name, tail = fold(short or first), fold(last)
            forms = (f"{name}{tail}", f"{name}_{tail[:3]}", f"{odd[salt % 10]}{name}{born[2:4]}", f"{name}{salt}")
            handle = forms[int(form * 4)]
            while handle in taken:
                handle = f"{forms[int(form * 4)]}{salt}"
                salt = salt * 7 % 9973 + 1
            taken.add(handle)
        found.append(handle)
    return np.array(found, dtype=object)
