"""What a header says its column means, before any value is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from cxid.config.guess.words import Header, listed, read_header

# Who the column speaks of when it is not the person of the row.
_STRANGERS = listed(
    "EMPLOYER COMPANY SPOUSE PARENT CHILD EMERGENCY BANK DOCTOR BENEFICIARY STORE AGENT CARRIER PRODUCT"
)
# Which of a person's several addresses (phones, e-mails) the column belongs to.
_PLACES = ("HOME", "MAILING", "BILLING", "SHIPPING", "WORK", "PREVIOUS")
_IGNORABLE = frozenset(("PERSON", "CUSTOMER", "MEMBER", "USER", "PERSON", "SUBSCRIBER", *_PLACES))
PERSON_MEANINGS = listed(
    "email phone birth_date birth_year birth_month birth_day birth_place full_name maiden_name middle_name given_name"
    " family_name name street house_number unit district postcode city region country gender national_id tax_id po_box"
    " passport_no licence_no age title suffix insurance_no initial nationality occupation marital_status"
)


@dataclass(frozen=True)
class Reading:
    """What a header says: the meaning, how sure (0 to 1), whose it is and which of several."""

    meaning: str  # "" when the header says nothing
    sure: float
    stranger: bool = False  # about an employer, a spouse, a shop
    place: str = ""  # home, mailing, billing, shipping, work, previous; '' when plain
    index: int = 0


@cache
def _rules() -> tuple[tuple[str, frozenset[str], bool, int], ...]:
    found: list[tuple[str, frozenset[str], bool, int]] = []
    text = files(__package__).joinpath("meanings.txt").read_text(encoding="utf-8")
    for line in (x for x in text.splitlines() if x and not x.startswith("#")):
        meaning, alternatives = line.split(":", 1)
        for alternative in alternatives.split("|"):
            atoms = alternative.split()
            found.append((meaning.strip(), frozenset(atoms) - {"!"}, "!" in atoms, len(found)))
    return tuple(found)


def _judge(header: Header, atoms: frozenset[str], wanted: frozenset[str], exact: bool) -> float:
    """How well an alternative explains the words; 0 when it does not."""
    if not wanted <= atoms:
        return 0.0
    rest = atoms - wanted
    over = len(rest - _IGNORABLE)
    if exact and (over or header.unknown or (rest and not rest <= _IGNORABLE)):
        return 0.0
    return 2 * len(wanted) - 1.0 * over - 0.4 * len(header.unknown) - 0.1 * len(rest & _IGNORABLE)


@cache
def other_readings(text: str) -> tuple[Reading, ...]:
    """What else the header may say, the likeliest first: for values that refuse its first meaning."""
    first = read_meaning(text)
    found = {first.meaning: first}
    for score, meaning, wanted in sorted(_scored(read_header(text)), key=lambda x: -x[0]):
        if score >= 0.5 and meaning not in found:
            found[meaning] = replace(first, meaning=meaning, sure=round(0.7 * _share(read_header(text), wanted), 3))
    return tuple(found.values())[1:]


@cache
def read_meaning(text: str) -> Reading:
    """What a header says its column means; of a nested name (contact.email) the last part speaks first."""
    whole = _read(text)
    if "." in text.strip("."):
        last = _read(text.rsplit(".", 1)[-1])
        if last.meaning not in ("", "id", "number", "code", "type", "name") and last.sure > whole.sure:
            return replace(whole, meaning=last.meaning, sure=last.sure, index=last.index)
        if last.meaning == "name" and not whole.meaning and not whole.stranger:
            return replace(whole, meaning="name", sure=last.sure)
    return whole


def _scored(header: Header) -> list[tuple[float, str, frozenset[str]]]:
    """Every meaning that explains words of the header, with its score and those words, in the file's order."""
    atoms = frozenset(header.atoms)
    judged = ((_judge(header, atoms, wanted, exact), meaning, wanted) for meaning, wanted, exact, _ in _rules())
    return [x for x in judged if x[0]]


def _share(header: Header, wanted: frozenset[str]) -> float:
    """How much of the header these words explain."""
    left = len(frozenset(header.atoms) - wanted - _IGNORABLE) + len(header.unknown)
    return len(wanted) / (len(wanted) + 0.7 * left)


def _read(text: str) -> Reading:
    header = read_header(text)
    atoms = frozenset(header.atoms)
    scored = _scored(header)
    spot = next((p.lower() for p in _PLACES if p in atoms), "")
    stranger = bool(atoms & _STRANGERS)
    if not scored:
        return Reading("", 0.0, stranger, spot, header.index)
    _, meaning, wanted = max(scored, key=lambda x: x[0])  # the first of equals, as the file has them
    sure = _share(header, wanted)
    owned = stranger and meaning in PERSON_MEANINGS and not wanted & _STRANGERS
    second = "CONTACT" in text.upper() and header.index >= 2
    return Reading(meaning, round(sure, 3), owned or second, spot, header.index)
