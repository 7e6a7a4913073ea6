"""SQL for values that are plain already, so that only the odd ones go through Python.

Each expression is the comparable value, or NULL for "look closer": the rules in Python decide those. Where it is not
NULL it equals what the rule gives; tests hold both together. Only ASCII text passes the patterns.
"""

from __future__ import annotations

from collections.abc import Mapping

from cxid.config.identifiers import IdentifierKind
from cxid.engine.base import literal
from cxid.model import FieldType
from cxid.stages.normalise.emails import PLACEHOLDERS

_UP, _DOWN = "01234567890123456789", "98765432109876543210"
_ADDRESS = r"^[a-z0-9_][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]+$"
_UUID = "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"
# Regions whose numbers of nine or ten figures behind a 0 are the country code and those figures. Not those that keep
# the 0 (Italy), have none, write other digits in front, or drop it from some numbers only (Switzerland).
_LEADING_ZERO = {
    "gb": "44",
    "de": "49",
    "fr": "33",
    "nl": "31",
    "be": "32",
    "at": "43",
    "se": "46",
    "nz": "64",
    "za": "27",
    "ie": "353",
    "hr": "385",
}
# Regions whose numbers without a 0 in front are the country code and all their figures, and keep those figures behind
# a written + and country code: no prefix but 0 is ever taken off.
_AS_WRITTEN = _LEADING_ZERO | {
    "es": "34",
    "pt": "351",
    "it": "39",
    "gr": "30",
    "dk": "45",
    "no": "47",
    "pl": "48",
    "cz": "420",
    "sk": "421",
    "hu": "36",
    "ch": "41",
    "ee": "372",
    "lv": "371",
    "in": "91",
}
_NORTH_AMERICA = "[2-9][0-9]{2}[2-9][0-9]{6}"


def plain_email(value: str) -> str:
    """The lower-case address of an ordinary one that is no placeholder."""
    name = f"split_part(lower({value}), '@', 1)"
    listed = ", ".join(literal(p) for p in sorted(PLACEHOLDERS))
    return (
        f"CASE WHEN regexp_matches(lower({value}), {literal(_ADDRESS)}) "
        f"AND regexp_replace({name}, '[._-]', '', 'g') NOT IN ({listed}) "
        f"AND replace({name}, substr({name}, 1, 1), '') <> '' THEN lower({value}) END"
    )


def plain_phone(value: str, region: str) -> str:
    """'+' and digits of a number in the usual writing of North America or of a country that adds nothing to it but a 0.

    `region` is SQL for the two-letter code in lower case.
    """
    digits = f"regexp_replace({value}, '[ ()./-]', '', 'g')"
    bare = f"replace({digits}, '+', '')"
    codes = "|".join(_AS_WRITTEN.values())
    behind_zero = _by_region(region, _LEADING_ZERO)
    as_written = _by_region(region, _AS_WRITTEN | {"us": "1", "ca": "1"})
    return (
        f"CASE WHEN {_is_one_digit(f'right({digits}, 7)')} OR {_is_filler(bare)} THEN NULL "
        f"WHEN regexp_matches({digits}, '^[+]1{_NORTH_AMERICA}$') THEN {digits} "
        f"WHEN regexp_matches({digits}, '^[+]({codes})[1-9][0-9]{{7,9}}$') THEN {digits} "
        f"WHEN {region} IN ('us', 'ca') AND regexp_matches({digits}, '^1{_NORTH_AMERICA}$') THEN '+' || {digits} "
        f"WHEN regexp_matches({digits}, '^0[1-9][0-9]{{8,9}}$') THEN '+' || {behind_zero} || substr({digits}, 2) "
        f"WHEN regexp_matches({digits}, '^[1-9][0-9]{{6,11}}$') AND NOT starts_with({digits}, {as_written}) "
        f"THEN '+' || {as_written} || {digits} END"
    )


def _by_region(region: str, codes: Mapping[str, str]) -> str:
    """SQL for the country code of a region, NULL for one that is not listed."""
    return f"CASE {region} {' '.join(f'WHEN {literal(r)} THEN {literal(code)}' for r, code in codes.items())} END"


def plain_number(value: str) -> str:
    """Letters and digits of a card, customer or account number that has a digit other than 0."""
    return (
        f"CASE WHEN regexp_matches({value}, '^[A-Za-z0-9 -]*[1-9][A-Za-z0-9 -]*$') "
        f"THEN regexp_replace(lower({value}), '[ -]', '', 'g') END"
    )


def plain_code(value: str) -> str:
    """Letters and digits of an identifier field, as `plain_number`, when they are no filler."""
    packed = f"regexp_replace(lower({value}), '[^a-z0-9]', '', 'g')"
    return (
        f"CASE WHEN regexp_matches({value}, '^[A-Za-z0-9 ./-]*[1-9][A-Za-z0-9 ./-]*$') "
        f"AND NOT {_is_filler(packed)} THEN {packed} END"
    )


def plain_device(value: str) -> str:
    """The id as written, a UUID in lower case, when it has a digit other than 0."""
    return (
        f"CASE WHEN regexp_matches({value}, {literal(_UUID)}) AND regexp_matches({value}, '[1-9]') THEN lower({value}) "
        f"WHEN regexp_matches({value}, '^[A-Za-z0-9_.:-]*[1-9][A-Za-z0-9_.:-]*$') THEN {value} END"
    )


def plain_hash(value: str) -> str:
    """The hash in lower case, when it is hexadecimal and has a digit other than 0."""
    return f"CASE WHEN regexp_matches({value}, '^[0-9A-Fa-f]*[1-9][0-9A-Fa-f]*$') THEN lower({value}) END"


def plain_identifier(kind: IdentifierKind, value: str, region: str) -> str:
    """The expression for identifiers of a kind; `region` as in `plain_phone`."""
    if kind is IdentifierKind.EMAIL:
        return plain_email(value)
    if kind is IdentifierKind.PHONE:
        return plain_phone(value, region)
    if kind is IdentifierKind.DEVICE:
        return plain_device(value)
    if kind is IdentifierKind.HASH:
        return plain_hash(value)
    return plain_number(value) if kind is IdentifierKind.NUMBER else "CAST(NULL AS VARCHAR)"


def plain_field(type_: FieldType, value: str, context: str) -> dict[str, str] | None:
    """Column -> SQL for the fields that have a plain form: 'norm' first, then what is derived from column `norm`."""
    if type_ is FieldType.EMAIL:
        local = "nullif(replace(split_part(split_part(norm, '@', 1), '+', 1), '.', ''), '')"
        return {"norm": plain_email(value), "local": local}
    if type_ is FieldType.PHONE:
        return {"norm": plain_phone(value, context), "tail": "right(norm, 7)"}
    if type_ is FieldType.IDENTIFIER:
        return {"norm": plain_code(value)}
    return None


def _is_one_digit(text: str) -> str:
    """SQL for one digit (or x) over and over."""
    listed = ", ".join(f"'{d}'" for d in "0123456789x")
    first = f"substr({text}, 1, 1)"
    return f"(replace({text}, {first}, '') = '' AND {first} IN ({listed}))"


def _is_filler(text: str) -> str:
    """SQL for `folding.is_filler`."""
    runs = f"strpos('{_UP}', {text}) > 0 OR strpos('{_DOWN}', {text}) > 0"
    return f"(length({text}) >= 6 AND ({_is_one_digit(text)} OR {runs}))"
