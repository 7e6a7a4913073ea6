"""A whole name taken apart into given, middle and family name, as compared and as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cxid.stages.normalise.folding import fold
from cxid.stages.normalise.names import (
    CONNECTORS,
    FAMILY_PARTICLES,
    PARTICLES,
    SUFFIXES,
    TITLES,
    family_text,
    given_text,
    join_particles,
    letter_runs,
    names_nobody,
    title_bounds,
)
from cxid.stages.normalise.nickname import is_given_name
from cxid.stages.normalise.surnames import GIVEN_LAST, family_letters

# What stands between the pieces of a name. Hyphens and apostrophes do not: Anne-Marie and O'Brien are one piece.
_PIECE = re.compile(r"""[^\s,._;:/\\|()\[\]{}<>"“”„«»!?*+=&#@%^~·•]+""")
_CLOSING = ')]}"”»'


@dataclass(frozen=True)
class NameParts:
    """The parts of a whole name; None for a part that it does not have."""

    given: str | None
    middle: str | None
    family: str | None


@dataclass(frozen=True)
class NameOrder:
    """How a source writes whole names where no comma says it."""

    family_first: bool = False
    two_surnames: bool = False  # Spanish: the last two words are the family name
    commas: bool = False  # "Family, Given" is its way to write a name
    region: str = ""  # country code, for names written without spaces


@dataclass(frozen=True)
class Word:
    """A word as compared, and where the piece of the name that it belongs to stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class TakenName:
    """A whole name with its words given to its parts; each part is one stretch of the name."""

    value: str
    given: Sequence[Word] = ()
    middle: Sequence[Word] = ()
    family: Sequence[Word] = ()

    @property
    def compared(self) -> NameParts:
        """The parts as compared."""
        return NameParts(
            given_text(_texts(self.given)), given_text(_texts(self.middle)), family_text(_texts(self.family))
        )

    def written(self, *, middle_apart: bool) -> NameParts:
        """The parts as the source wrote them; without a place of their own middle names follow the given name."""
        given = self.given if middle_apart else [*self.given, *self.middle]
        middle = self.middle if middle_apart else ()
        return NameParts(self._stretch(given), self._stretch(middle), self._stretch(self.family))

    def _stretch(self, found: Sequence[Word]) -> str | None:
        if not found:
            return None
        start, end = min(w.start for w in found), max(w.end for w in found)
        return " ".join(self.value[start:end].split()).strip("-") or None


def split_name(value: str, order: NameOrder) -> NameParts:
    """The parts of `value` as compared, see `take_apart`."""
    return take_apart(value, order).compared


def take_apart(value: str, order: NameOrder) -> TakenName:
    """The words of `value` by part: "Family, Given Middle" where a comma stands, else by `order`.

    A comma behind two words or more, in a source that writes few, begins an addition ("Ann Lee, 1st Baroness Lee"),
    which is left out. One piece alone is taken for a given name (a handle, a first name), without a family name;
    a piece with a hyphen is never torn.
    """
    if names_nobody(value, fold(value)):
        return TakenName(value)
    if apart := family_letters(value, order.region):
        ends = ((0, apart), (apart, len(value)))
        family, given = ([Word(w, a, b) for w in letter_runs(fold(value[a:b]))] for a, b in ends)
        return TakenName(value, given, (), family)
    comma = value.find(",")
    head = value if comma < 0 else value[:comma]
    before = _without_titles(_words(head, 0))
    after = _words(value[comma + 1 :], comma + 1) if comma >= 0 else []
    if before and after and not _only_suffixes(after) and _inverted(head, before, after, order):
        given = _without_titles(after)
        end = _piece_end(given, 1)
        return TakenName(value, given[:end], given[end:], before)
    return _by_order(value, before, order)


def _texts(found: Sequence[Word]) -> list[str]:
    return [w.text for w in found]


def _words(text: str, offset: int) -> list[Word]:
    """The words of a stretch of the name that begins at `offset`; [] when it says nothing."""
    folded = fold(text)
    if names_nobody(text, folded):
        return []
    found = []
    for piece in _PIECE.finditer(text):
        end = piece.end()
        if text[end : end + 1] == "." and not text[end + 1 : end + 2].strip(_CLOSING + ", "):
            end += 1
        if text[end : end + 1] in _CLOSING:
            end += len(text[end : end + 1])
        shown = piece.start() - (piece.start() > 0 and text[piece.start() - 1] in '([{"“„«')
        found += [Word(w, offset + shown, offset + end) for w in letter_runs(fold(piece[0]))]
    return found


def _without_titles(found: list[Word]) -> list[Word]:
    start, end = title_bounds(_texts(found))
    return found[start:end]


def _piece_end(found: Sequence[Word], position: int) -> int:
    """The position, moved on to where a piece ends."""
    while 0 < position < len(found) and found[position].start == found[position - 1].start:
        position += 1
    return position


def _piece_start(found: Sequence[Word], position: int) -> int:
    """The position, moved back to where a piece starts."""
    while 0 < position < len(found) and found[position].start == found[position - 1].start:
        position -= 1
    return position


def _inverted(head: str, before: list[Word], after: list[Word], order: NameOrder) -> bool:
    """Whether what stands before the comma is the family name."""
    one_name = len(join_particles(_texts(before))) == 1 or len(head.split()) == 1
    return order.commas or one_name or (is_given_name(after[0].text) and not is_given_name(before[0].text))


def _only_suffixes(found: list[Word]) -> bool:
    return all(w.text in SUFFIXES or w.text in TITLES for w in found)


def _by_order(value: str, found: list[Word], order: NameOrder) -> TakenName:
    if _piece_end(found, 1) >= len(found):
        return TakenName(value, found)
    if order.family_first and order.region in GIVEN_LAST:
        last = _piece_start(found, len(found) - 1)
        start = _piece_end(found, 1)
        return TakenName(value, found[last:], found[start:last], found[:start])
    if order.family_first:
        last = _piece_start(found, len(found) - 1)  # one piece is left for the given name
        start = min(_piece_end(found, _family_end(_texts(found))), last)
        end = _piece_end(found, start + 1)
        return TakenName(value, found[start:end], found[end:], found[:start])
    end = _piece_end(found, 1)
    start = max(_piece_start(found, _family_start(_texts(found), order)), end)
    return TakenName(value, found[:end], found[end:start], found[start:])


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
