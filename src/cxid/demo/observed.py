"""What one system wrote down about people at certain moments: the truth, as of then, with its mishaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxid.demo.noise import Slips, mangle_birth, write_phone
from cxid.demo.people import People
from cxid.demo.words import COUNTRIES, Texts

SHORT_STREET = {
    " Street": " St",
    " Road": " Rd",
    " Avenue": " Ave",
    " Gardens": " Gdns",
    " Lane": " Ln",
    "straße": "str.",
    "Avenida ": "Av. ",
    "avenue ": "av. ",
    "boulevard ": "bd ",
}


@dataclass(frozen=True)
class Observed:
    """One entry is a record; '' where the system has nothing. Birth days are ISO, phones as people write them."""

    given: Texts
    middle: Texts
    family: Texts
    gender: Texts
    birth: Texts
    email: Texts
    mobile: Texts
    landline: Texts
    street: Texts
    number: Texts
    city: Texts
    region: Texts
    postcode: Texts
    country: Texts


def observe(people: People, who: np.ndarray, when: np.ndarray, rng: np.random.Generator) -> Observed:
    """Records of the people `who` (indexes) as they were at `when` (UTC seconds)."""
    slips = Slips(len(who), rng)
    given, family = _names(people, who, when, slips)
    birth = slips.lose(mangle_birth(people.birth[who], slips), 0.03)
    address = _address(people, who, when, slips)
    gender = np.where(people.sex[who] == "f", "F", "M").astype(object)
    return Observed(
        given=given,
        middle=slips.lose(people.middle[who], 0.25),
        family=family,
        gender=slips.lose(gender, 0.12),
        birth=birth,
        email=_emails(people, who, slips),
        mobile=_mobiles(people, who, slips),
        landline=_landlines(people, who, slips),
        **address,
    )


def _names(people: People, who: np.ndarray, when: np.ndarray, slips: Slips) -> tuple[Texts, Texts]:
    given = people.given[who]
    nickname = people.nickname[who]
    given = np.where((nickname != "") & (slips.rng.random(len(who)) < 0.4), nickname, given)
    given = np.where(slips.hit(0.012), np.array([g[:1] for g in given], dtype=object), given)
    old = (when < people.renamed_at[who]) | slips.hit(0.01)
    family = np.where(old, people.family_before[who], people.family[who])
    for i in np.flatnonzero(slips.hit(0.15)):
        parts = family[i].split("-")  # a double name of which one half is used, or written apart
        family[i] = parts[int(slips.rng.integers(2))] if len(parts) == 2 and i % 2 else " ".join(parts)
    given, family = slips.mistype(given, 0.02), slips.mistype(family, 0.022)
    swapped = slips.hit(0.005)
    given, family = np.where(swapped, family, given), np.where(swapped, given, family)
    given, family = slips.lose(given, 0.006), slips.lose(family, 0.004)
    case = slips.hit(0.03)
    for i in np.flatnonzero(case):
        given[i], family[i] = (given[i].upper(), family[i].upper()) if i % 2 else (given[i].lower(), family[i].lower())
    return given, family


def _emails(people: People, who: np.ndarray, slips: Slips) -> Texts:
    first, second = people.contacts.email[who], people.contacts.email_second[who]
    email = np.where((second != "") & (slips.rng.random(len(who)) < 0.3), second, first)
    return slips.lose(slips.change_case(slips.mistype(email, 0.008), 0.05), 0.07)


def _mobiles(people: People, who: np.ndarray, slips: Slips) -> Texts:
    first, second = people.contacts.mobile[who], people.contacts.mobile_second[who]
    mobile = np.where((second != "") & (slips.rng.random(len(who)) < 0.4), second, first)
    return _written(slips.lose(_wrong_digit(mobile, slips, 0.008), 0.08), slips)


def _landlines(people: People, who: np.ndarray, slips: Slips) -> Texts:
    home, office = people.contacts.landline[who], people.contacts.office[who]
    line = np.where((office != "") & (slips.rng.random(len(who)) < 0.8), office, home)
    return _written(slips.lose(_wrong_digit(line, slips, 0.006), 0.2), slips)


def _wrong_digit(numbers: Texts, slips: Slips, rate: float) -> Texts:
    found = numbers.copy()
    for i in np.flatnonzero(slips.hit(rate)):
        if found[i]:
            at = len(found[i]) - 1 - int(slips.rng.integers(6))
            found[i] = found[i][:at] + str(int(slips.rng.integers(10))) + found[i][at + 1 :]
    return found


def _written(numbers: Texts, slips: Slips) -> Texts:
    """Most systems have a favourite notation; a third of their rows are written some other way."""
    usual = int(slips.rng.integers(8))
    other = slips.rng.integers(0, 8, len(numbers))
    style = np.where(slips.rng.random(len(numbers)) < 0.67, usual, other)
    return np.array([write_phone(n, s) for n, s in zip(numbers.tolist(), style.tolist(), strict=True)], dtype=object)


def _address(people: People, who: np.ndarray, when: np.ndarray, slips: Slips) -> dict[str, Texts]:
    homes, places, household = people.homes, people.places, people.household[who]
    old = when < homes.moved_at[household]
    place = np.where(old, homes.place_before[household], homes.place[household])
    number = np.where(old, homes.number_before[household], homes.number[household])
    street = places.street[place]
    for i in np.flatnonzero(slips.rng.random(len(who)) < 0.16):
        for whole, short in SHORT_STREET.items():
            street[i] = street[i].replace(whole, short)
    missing = slips.hit(0.04)
    postcode = places.postcode[place]
    tight = slips.rng.random(len(who))
    postcode = np.array(
        [
            p.replace(" ", "") if t < 0.07 else p.lower() if t < 0.1 else p
            for p, t in zip(postcode.tolist(), tight.tolist(), strict=True)
        ],
        dtype=object,
    )
    columns = {
        "street": slips.mistype(street, 0.02),
        "number": number,
        "city": slips.change_case(slips.mistype(places.city[place], 0.008), 0.03),
        "region": places.region[place],
        "postcode": slips.lose(slips.mistype(postcode, 0.006), 0.02),
    }
    for values in columns.values():
        values[missing] = ""
    return columns | {"country": np.array(COUNTRIES, dtype=object)[people.country[who]]}
