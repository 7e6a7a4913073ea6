"""Which formal names a given name may stand for."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import nicknames

from cxid.stages.normalise.folding import fold, fold_umlauts
from cxid.stages.normalise.nickname_table import SHORT_FORMS


@cache
def formal_names() -> dict[str, frozenset[str]]:
    """Compared given name -> the formal names it may stand for, itself among them.

    From the table of the nicknames package (English) and our own for other languages. A formal name maps to itself
    alone, so that it meets its nicknames; two nicknames meet in the formal name that they share.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for formal, nickname in _pairs():
        known[nickname] |= {nickname, formal}
        known[formal].add(formal)
    return {name: frozenset(formals) for name, formals in known.items()}


def _pairs() -> list[tuple[str, str]]:
    pairs = [(t.name1, t.name2) for t in nicknames.name_triplets() if t.relationship == "has_nickname"]
    for entry in SHORT_FORMS.split(";"):
        formal, *short = entry.split()
        pairs += [(formal, nickname) for nickname in short]
    return [(fold_umlauts(fold(a)), fold_umlauts(fold(b))) for a, b in pairs]


def also_known_as(name: str | None) -> str | None:
    """'|robert|william|' for bill, by the name's first word; None for a name that no table knows."""
    found = formal_names().get(name.split()[0]) if name else None
    return f"|{'|'.join(sorted(found))}|" if found else None


def is_given_name(name: str) -> bool:
    """Whether a table knows it as a given name, formal or short."""
    return name in formal_names()
