"""Identifiers of records and events as they compare, by the kind of their type."""

from __future__ import annotations

import re

from cxid.config.identifiers import IdentifierKind, identifier_kind
from cxid.stages.normalise.emails import email_address, is_exact
from cxid.stages.normalise.folding import fold, says_nothing
from cxid.stages.normalise.phones import phone_number


def normalise_identifier(id_type: str, value: str, country: str) -> str | None:
    """The comparable value of one identifier, None when it names nobody; the same as the build's SQL gives.

    `country` (ISO code) is where phone numbers without a country code belong.
    """
    kind = identifier_kind(id_type)
    if kind is IdentifierKind.EMAIL:
        address = email_address(value)
        return address if address and is_exact(address) else None
    if kind is IdentifierKind.PHONE:
        return phone_number(value, country)
    if kind is IdentifierKind.DEVICE:
        return device_id(value)
    folded = fold(value)
    if says_nothing(folded):
        return None
    if kind is IdentifierKind.HASH:
        return folded
    if kind is IdentifierKind.HANDLE:
        return folded.lstrip("@").strip() or None
    packed = re.sub(r"[\s\-]", "", folded)
    return None if set(packed) <= {"0"} else packed


_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\Z")
_NO_DEVICE = re.compile(r"[0\-]*\Z")


def device_id(value: str) -> str | None:
    """The id as the machine wrote it; a UUID in lower case, because systems differ; None for nulls and all zeros.

    Other ids keep their case: two cookies that differ in case only are two cookies.
    """
    text = value.strip()
    if _NO_DEVICE.match(text) or says_nothing(fold(text)):
        return None
    return text.lower() if _UUID.match(text) else text


def hash_source(id_type: str) -> str | None:
    """'email' or 'phone' when the type's name says that it holds their hash, else None."""
    if identifier_kind(id_type) is not IdentifierKind.HASH:
        return None
    name = id_type.lower()
    if "mail" in name or "hem" in name:
        return "email"
    return "phone" if any(p in name for p in ("phone", "mobile", "msisdn")) else None
