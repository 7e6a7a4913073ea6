"""Where people live: postcodes with their street and town, and what is known of each area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxid.demo.words import COUNTRIES, Texts, Town, Words

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Places:
    """One entry is a postcode: its street, town, dialling code and country."""

    country: np.ndarray
    postcode: Texts
    street: Texts
    city: Texts
    region: Texts
    dial: Texts
    by_country: tuple[np.ndarray, ...]  # entries of each country, to draw from


def make_places(words: Words, count: int, rng: np.random.Generator) -> Places:
    """About `count` postcodes, spread over the towns by their size; every country has some."""
    share = np.array([t.weight * (1.0 if t.country == 0 else 0.35) for t in words.towns])
    per_town = np.maximum(3, np.round(count * share / share.sum())).astype(int)
    town_of = np.repeat(np.arange(len(words.towns)), per_town)
    seen: set[str] = set()
    postcodes: list[str] = []
    for index in town_of:
        town = words.towns[index]
        code = _postcode(town, rng)
        while (COUNTRIES[town.country] in ("GB", "PT")) and code in seen:
            code = _postcode(town, rng)
        seen.add(code)
        postcodes.append(code)
    towns = [words.towns[i] for i in town_of]
    country = np.array([t.country for t in towns], dtype=np.int8)
    return Places(
        country=country,
        postcode=np.array(postcodes, dtype=object),
        street=np.array([_street(words, COUNTRIES[t.country], rng) for t in towns], dtype=object),
        city=np.array([t.city for t in towns], dtype=object),
        region=np.array([t.region for t in towns], dtype=object),
        dial=np.array([t.dial for t in towns], dtype=object),
        by_country=tuple(np.flatnonzero(country == c) for c in range(len(COUNTRIES))),
    )


def _postcode(town: Town, rng: np.random.Generator) -> str:
    a, b, c, d = (int(x) for x in rng.integers(0, (30, 9, 20, 20)))
    if town.country == 0:
        return f"{town.area}{a + 1} {b + 1}{LETTERS[c]}{LETTERS[d]}"
    if town.country == 3:
        return f"{town.area}{rng.integers(0, 1000):03d}"[:4].ljust(4, "0") + f"-{rng.integers(1, 999):03d}"
    return f"{town.area}{rng.integers(1, 800):03d}"[:5]


def _street(words: Words, country: str, rng: np.random.Generator) -> str:
    first, second = words.streets[country]
    head, tail = first[rng.integers(len(first))], second[rng.integers(len(second))]
    if country == "DE":
        return head + " " + tail.capitalize() if head.endswith("er") and len(head) > 7 else head + tail
    return f"{head} {tail}"


def draw_places(places: Places, country: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For every country code of `country` (0 = GB ...) the index of a place there."""
    found = np.zeros(len(country), dtype=np.int32)
    for code, options in enumerate(places.by_country):
        here = np.flatnonzero(country == code)
        found[here] = options[rng.integers(0, len(options), len(here))]
    return found


def house_numbers(count: int, rng: np.random.Generator) -> Texts:
    """House numbers such as 12, 7A and Flat 3, 40."""
    number, kind, flat = rng.integers(1, 140, count), rng.random(count), rng.integers(1, 24, count)
    return np.array(
        [
            f"Flat {f}, {n}" if k < 0.10 else f"{n}{'ABC'[f % 3]}" if k < 0.15 else str(n)
            for n, k, f in zip(number.tolist(), kind.tolist(), flat.tolist(), strict=True)
        ],
        dtype=object,
    )
