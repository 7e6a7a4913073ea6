"""A whole name taken apart into given, middle and family name."""

from __future__ import annotations

from dataclasses import dataclass

from cxid.stages.normalise.folding import fold, says_nothing
from cxid.stages.normalise.names import (
    CONNECTORS,
    FAMILY_PARTICLES,
    PARTICLES,
    SUFFIXES,
    TITLES,
    family_text,
    given_text,
    join_particles,
    name_words,
    without_titles,
)
from cxid.stages.normalise.nickname import is_given_name


@dataclass(frozen=True)
class NameParts:
    """The parts of a whole name as compared; None for a part that it does not have."""

    given: str | None
    middle: str | None
    family: str | None


@dataclass(frozen=True)
class NameOrder:
    """How a source writes whole names where no comma says it."""

    family_first: bool = False
    two_surnames: bool = False  # Spanish: the last two words are the family name
    commas: bool = False  # "Family, Given" is its way to write a name


NOTHING = NameParts(None, None, None)


def split_name(value: str, order: NameOrder) -> NameParts:
    """The parts of `value`: "Family, Given Middle" where a comma stands, else by `order`.

    A comma behind two words or more, in a source that writes few, begins an addition ("Ann Lee, 1st Baroness Lee"),
    which is left out. One word alone is taken for a given name (a handle, a first name), without a family name.
    """
    if says_nothing(fold(value)):
        return NOTHING
    head, comma, tail = value.partition(",")
    after = name_words(tail)
    before = without_titles(name_words(head))
    if comma and before and after and not _only_suffixes(after) and _inverted(head, before, after, order):
        given = without_titles(after)
        return _parts(given[:1], given[1:], before)
    if not before:
        return NOTHING
    return _by_order(before, order)


def _inverted(head: str, before: list[str], after: list[str], order: NameOrder) -> bool:
    """Whether what stands before the comma is the family name."""
    one_name = len(join_particles(before)) == 1 or len(head.split()) == 1
    return order.commas or one_name or (is_given_name(after[0]) and not is_given_name(before[0]))


def _only_suffixes(found: list[str]) -> bool:
    return all(w in SUFFIXES or w in TITLES for w in found)


def _parts(given: list[str], middle: list[str], family: list[str]) -> NameParts:
    return NameParts(given_text(given), given_text(middle), family_text(family))


def _by_order(found: list[str], order: NameOrder) -> NameParts:
    if len(found) == 1:
        return _parts(found, [], [])
    if order.family_first:
        start = _family_end(found)
        return _parts(found[start : start + 1], found[start + 1 :], found[:start])
    start = _family_start(found, order)
    return _parts(found[:1], found[1:start], found[start:])


def _family_end(found: list[str]) -> int:
    """Where the given name starts when the family name comes first."""
    position = 0
    while position < len(found) - 2 and found[position] in PARTICLES:
        position += 1
    return position + 1


def _family_start(found: list[str], order: NameOrder) -> int:
    """Where the family name starts when the given name comes first."""
    last = len(found) - 1
    for position in range(1, last):
        if found[position] in FAMILY_PARTICLES and not _between_given(found, position):
            return position
    start = last
    if order.two_surnames and last >= 2 and len(found[last - 1]) > 1:
        start = last - 1
    while start > 1 and (found[start - 1] in PARTICLES or found[start - 1] in CONNECTORS):
        start -= 1
    return start


def _between_given(found: list[str], position: int) -> bool:
    """Whether the particle belongs to given names: Maria de los Angeles Lopez, Maria del Carmen Ruiz."""
    end = position
    while end < len(found) and found[end] in PARTICLES:
        end += 1
    return " ".join(found[position : end + 1]) in _GIVEN_PHRASES and end + 1 < len(found)


_GIVEN_PHRASES = frozenset(
    """del carmen;de los angeles;del pilar;de las mercedes;del rosario;de la luz;de jesus;de fatima;de lourdes;del mar
    de la concepcion;de los dolores;de las nieves;de guadalupe;del socorro;de los santos;das gracas;das dores
    da conceicao;do carmo;de la paz;de la cruz""".replace("\n", ";")
    .replace("    ", "")
    .split(";")
) - {"de la cruz"}
