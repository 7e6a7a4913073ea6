"""The people of the sample company as they really are: households, names and how they changed, contacts.

What the systems wrote down about them is in `cxid.demo.observed`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxid.demo.clock import DAY, END, START
from cxid.demo.contacts import Contacts, make_contacts
from cxid.demo.places import Places, draw_places, house_numbers, make_places
from cxid.demo.words import COUNTRIES, COUNTRY_SHARE, CULTURES, NameList, Texts, Words

HOUSEHOLD_SHARES = (0.46, 0.29, 0.13, 0.09, 0.03)  # of one to five members
LONG_AGO = 0


@dataclass(frozen=True)
class Homes:
    """One entry is a household: who they are as a family and where they live."""

    size: np.ndarray
    country: np.ndarray
    culture: np.ndarray
    family: Texts
    shares_family: np.ndarray  # False in a flat share: each has a name of their own
    place: np.ndarray
    number: Texts
    place_before: np.ndarray
    number_before: Texts
    moved_at: np.ndarray  # LONG_AGO when they never moved within the span


@dataclass(frozen=True)
class People:
    """One entry is a person. Times are UTC seconds; '' means that they have none."""

    entity: Texts
    household: np.ndarray
    role: np.ndarray  # 0 and 1 the adults, 2 and up their children
    country: np.ndarray
    sex: Texts
    given: Texts
    middle: Texts
    family: Texts
    family_before: Texts
    renamed_at: np.ndarray
    nickname: Texts
    birth: Texts  # ISO
    homes: Homes
    places: Places
    contacts: Contacts

    def __len__(self) -> int:
        return len(self.entity)


def make_people(words: Words, count: int, rng: np.random.Generator) -> People:
    """`count` people in households, every draw by `rng`."""
    homes, places = _homes(words, count, rng)
    household = np.repeat(np.arange(len(homes.size)), homes.size)[:count]
    first = np.concatenate([[0], np.cumsum(homes.size)[:-1]])
    role = np.arange(count) - first[household]
    country, culture = homes.country[household], homes.culture[household]
    sex = _sexes(role, rng)
    given = _given_names(words, culture, sex, rng)
    birth = _birth_days(role, household, homes, rng)
    _twins_and_juniors(given, birth, sex, role, rng)
    family, before, renamed_at = _families(words, homes, household, role, sex, rng)
    middle = _given_names(words, culture, sex, rng)
    middle[rng.random(count) < 0.55] = ""
    initial = rng.random(count) < 0.5
    middle[initial] = np.array([m[:1] for m in middle[initial]], dtype=object)
    nickname = _nicknames(words, given, rng)
    iso = np.datetime_as_string(birth).astype(object)
    dial = places.dial[homes.place[household]]
    named = (given, np.where(renamed_at > 0, before, family), nickname)
    contacts = make_contacts(named, (household, role), (country, dial), iso, rng)
    return People(
        entity=np.array([f"p{i:07d}" for i in range(1, count + 1)], dtype=object),
        household=household,
        role=role,
        country=country,
        sex=sex,
        given=given,
        middle=middle,
        family=family,
        family_before=before,
        renamed_at=renamed_at,
        nickname=nickname,
        birth=iso,
        homes=homes,
        places=places,
        contacts=contacts,
    )


def draw(names: NameList, count: int, rng: np.random.Generator) -> Texts:
    """`count` names by their shares."""
    at = np.searchsorted(np.cumsum(names.shares), rng.random(count), side="right")
    return np.asarray(names.names[np.minimum(at, len(names.names) - 1)])


def _homes(words: Words, count: int, rng: np.random.Generator) -> tuple[Homes, Places]:
    size = rng.choice(np.arange(1, 6), size=count, p=HOUSEHOLD_SHARES)
    number = int(np.searchsorted(np.cumsum(size), count)) + 1
    size = size[:number]
    country = rng.choice(len(COUNTRIES), size=number, p=COUNTRY_SHARE)
    cultures, culture = list(CULTURES), np.empty(number, dtype=object)
    family = np.empty(number, dtype=object)
    for code in range(len(COUNTRIES)):
        here = np.flatnonzero(country == code)
        share = np.array([CULTURES[c][code] for c in cultures])
        culture[here] = np.array(cultures, dtype=object)[rng.choice(len(cultures), len(here), p=share / share.sum())]
    for name in cultures:
        here = np.flatnonzero(culture == name)
        family[here] = draw(words.family[name], len(here), rng)
    places = make_places(words, max(200, number // 5), rng)
    moved = rng.random(number) < 0.11
    return Homes(
        size=size,
        country=country,
        culture=culture,
        family=family,
        shares_family=rng.random(number) > 0.05,
        place=draw_places(places, country, rng),
        number=house_numbers(number, rng),
        place_before=draw_places(places, country, rng),
        number_before=house_numbers(number, rng),
        moved_at=np.where(moved, rng.integers(START + 60 * DAY, END - 60 * DAY, number), LONG_AGO),
    ), places


def _sexes(role: np.ndarray, rng: np.random.Generator) -> Texts:
    sex = np.where(rng.random(len(role)) < 0.52, "f", "m").astype(object)
    partner = np.flatnonzero((role == 1) & (rng.random(len(role)) < 0.94))
    sex[partner] = np.where(sex[partner - 1] == "f", "m", "f")
    return sex


def _given_names(words: Words, culture: Texts, sex: Texts, rng: np.random.Generator) -> Texts:
    """A name of the household's culture, or in one case of thirty of the country at large."""
    given = np.empty(len(sex), dtype=object)
    stray = rng.random(len(sex)) < 0.03
    for (name, of_sex), names in words.given.items():
        here = np.flatnonzero(((culture == name) & ~stray | (stray & (name == "english"))) & (sex == of_sex))
        given[here] = draw(names, len(here), rng)
    return given


def _birth_days(role: np.ndarray, household: np.ndarray, homes: Homes, rng: np.random.Generator) -> np.ndarray:
    """Adults of 19 to 90, partners close in age, children of 16 and up (a shop's customers)."""
    count = len(role)
    head = 1936 + 70 * rng.beta(2.2, 1.8, len(homes.size))
    parent = (homes.size > 2) & (head > 1986)
    head = np.where(parent, rng.uniform(1958, 1986, len(head)), head)
    year = head[household] + np.where(role == 1, rng.normal(0, 3.2, count), 0)
    child = head[household] + rng.uniform(21, 38, count)
    child = np.where(child > 2009.8, rng.uniform(1999, 2009.8, count), child)
    year = np.where((role >= 2) & homes.shares_family[household], child, year)
    days = ((np.minimum(year, 2009.8) - 1970) * 365.2425).astype(np.int64)
    return np.datetime64("1970-01-01", "D") + days


def _twins_and_juniors(given: Texts, birth: np.ndarray, sex: Texts, role: np.ndarray, rng: np.random.Generator) -> None:
    """Some children share the birthday of the one before, some sons their father's name; changed in place."""
    chance = rng.random(len(role))
    twin = np.flatnonzero((role == 3) & (chance < 0.06))
    birth[twin] = birth[twin - 1]
    for i in np.flatnonzero((role == 2) & (chance < np.where(sex == "m", 0.05, 0.01))):
        parent = i - 2 if sex[i - 2] == sex[i] else i - 1
        if sex[parent] == sex[i]:
            given[i] = given[parent]


def _families(
    words: Words, homes: Homes, household: np.ndarray, role: np.ndarray, sex: Texts, rng: np.random.Generator
) -> tuple[Texts, Texts, np.ndarray]:
    """Family name now, the one before, and when it changed (LONG_AGO when it did not within the span)."""
    count = len(role)
    own = np.empty(count, dtype=object)
    culture = homes.culture[household]
    for name, names in words.family.items():
        here = np.flatnonzero(culture == name)
        own[here] = draw(names, len(here), rng)
    shared = homes.family[household]
    keeps = (role == 1) & (rng.random(count) < 0.24)
    family = np.where(homes.shares_family[household] & ~keeps, shared, own)
    married = (role == 1) & ~keeps & (sex == "f") & homes.shares_family[household] & (rng.random(count) < 0.13)
    before = np.where(married, own, family)
    double = married & (rng.random(count) < 0.25)
    family = np.where(double, own + "-" + shared, family)
    two_names = (culture == "portuguese") & (rng.random(count) < 0.45)
    family = np.where(two_names & ~married, own + " " + family, family)
    before = np.where(two_names & ~married, family, before)
    when = rng.integers(START + 45 * DAY, END - 45 * DAY, count)
    return family, before, np.where(married, when, LONG_AGO)


def _nicknames(words: Words, given: Texts, rng: np.random.Generator) -> Texts:
    """The short name that a person goes by, '' for those who use none."""
    uses, pick = rng.random(len(given)) < 0.45, rng.integers(0, 1 << 16, len(given))
    found = []
    for name, used, at in zip(given.tolist(), uses.tolist(), pick.tolist(), strict=True):
        options = words.nicknames.get(name) if used else None
        found.append(options[at % len(options)] if options else "")
    return np.array(found, dtype=object)
