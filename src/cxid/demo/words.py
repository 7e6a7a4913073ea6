"""The word lists that the sample company is made of: names by culture, towns, streets, phrases."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[Any]  # object array of str
Weights = NDArray[np.float64]

COUNTRIES = ("GB", "DE", "FR", "PT")
COUNTRY_SHARE = (0.90, 0.04, 0.03, 0.03)
# culture -> share of the households of a country, in the order of COUNTRIES
CULTURES: dict[str, tuple[float, float, float, float]] = {
    "english": (0.62, 0.02, 0.02, 0.02),
    "celtic": (0.13, 0.0, 0.0, 0.0),
    "southasian": (0.09, 0.01, 0.01, 0.01),
    "african": (0.04, 0.01, 0.06, 0.05),
    "polish": (0.04, 0.06, 0.01, 0.0),
    "german": (0.01, 0.80, 0.03, 0.01),
    "french": (0.01, 0.01, 0.74, 0.01),
    "portuguese": (0.02, 0.01, 0.04, 0.89),
    "eastasian": (0.02, 0.01, 0.02, 0.01),
    "arabic": (0.02, 0.07, 0.07, 0.0),
}


@dataclass(frozen=True)
class NameList:
    """Names and how often each is drawn; the shares sum to 1."""

    names: Texts
    shares: Weights


@dataclass(frozen=True)
class Town:
    """A town with what its postcodes, phones and region look like."""

    country: int
    city: str
    area: str
    dial: str
    region: str
    weight: float


@dataclass(frozen=True)
class Words:
    """Every list, ready to draw from."""

    given: dict[tuple[str, str], NameList]
    family: dict[str, NameList]
    nicknames: dict[str, tuple[str, ...]]
    towns: tuple[Town, ...]
    streets: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    phrases: dict[str, tuple[str, ...]]


def load_words() -> Words:
    """The lists of the package; the same on every call."""
    listed = {culture: tuple(names.split()) for culture, names in _lines("family.txt")}
    parts = dict(_lines("family_parts.txt"))
    streets = {label: tuple(names.split(" | ")) for label, names in _lines("streets.txt")}
    return Words(
        given={
            (culture, sex): _given(names.split())
            for label, names in _lines("given.txt")
            for culture, sex in [label.split()]
        },
        family={culture: _family(names, parts.get(culture, "")) for culture, names in listed.items()},
        nicknames={formal: tuple(names.split()) for formal, names in _lines("nicknames.txt")},
        towns=_towns(),
        streets={c: (streets[f"{c} first"], streets[f"{c} second"]) for c in COUNTRIES},
        phrases={tone: tuple(names.split(" | ")) for tone, names in _lines("phrases.txt")},
    )


def read_text(name: str) -> str:
    """The text of a file of the package's folder `words`."""
    return (files("cxid.demo") / "words" / name).read_text(encoding="utf-8")


def _lines(name: str) -> list[tuple[str, str]]:
    """(label, rest) of every line `label: rest`."""
    return [(label, rest.strip()) for label, _, rest in (x.partition(":") for x in read_text(name).splitlines() if x)]


def zipf(count: int, offset: float, exponent: float) -> Weights:
    """Shares that fall with the rank as names do: 1 / (rank + offset) ** exponent, summing to 1."""
    raw = (np.arange(count) + 1.0 + offset) ** -exponent
    return np.asarray(raw / raw.sum(), dtype=np.float64)


def _given(names: list[str]) -> NameList:
    """The listed names, then rare compounds of two of them."""
    unique = list(dict.fromkeys(names))
    compounds = [f"{a}-{b}" for i, a in enumerate(unique[:30]) for b in unique[i + 1 : i + 8] if len(a + b) < 12]
    shares = np.concatenate([0.965 * zipf(len(unique), 4, 0.7), 0.035 * zipf(len(compounds), 30, 0.5)])
    return NameList(np.array(unique + compounds, dtype=object), shares / shares.sum())


def _family(listed: tuple[str, ...], parts: str) -> NameList:
    """The listed names, then the rarer ones that heads and tails make, in one falling curve."""
    heads, _, tails = parts.partition(" | ")
    made = [head + tail for tail in tails.split() for head in heads.split() if not head.endswith(tail)]
    rare = [name for name in dict.fromkeys(made) if name not in listed]
    order = np.random.default_rng(7).permutation(len(rare))
    names = list(dict.fromkeys(listed)) + [rare[i] for i in order]
    return NameList(np.array(names, dtype=object), zipf(len(names), 3, 0.85))


def _towns() -> tuple[Town, ...]:
    return tuple(
        Town(COUNTRIES.index(r["country"]), r["city"], r["area"], r["dial"], r["region"], float(r["weight"]))
        for r in csv.DictReader(read_text("towns.csv").splitlines())
    )


def fold(text: str) -> str:
    """Lower-case letters and digits of the ASCII alphabet only, as logins and handles are made of."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SPECIAL))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


_SPECIAL = str.maketrans({"ß": "ss", "ł": "l", "ı": "i", "ø": "o", "æ": "ae"})
