"""What a world of benchmarks/worlds.py is made of, and two grades of faults."""

from __future__ import annotations

from dataclasses import dataclass

from world_records import Errors, Source


@dataclass
class World:
    """A labelled world to be: people of one country and the systems that know them."""

    name: str
    locale: str
    people: int
    sources: list[Source]
    kind: str = "people"  # or companies
    note: str = ""


def headed(text: str) -> dict[str, str]:
    """`Header = part; Header = part` as a table."""
    pairs = (p.split(" = ", 1) for p in text.replace("\n", " ").split(" ;; "))
    return {header.strip(): part.strip() for header, part in pairs}


HEAVY = Errors(typo=0.1, missing=0.15, swap=0.03, dayswap=0.03, fold=0.15, initial=0.06, upper=0.1)
LIGHT = Errors(typo=0.01, missing=0.02, swap=0.0, dayswap=0.0, fold=0.02, initial=0.0)
