"""Identifiers of records and events: which kind a type is, and how its values become comparable."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

from cxid.stages.normalise.emails import email_address, is_exact
from cxid.stages.normalise.folding import fold, is_filler, says_nothing, words
from cxid.stages.normalise.phones import phone_number


class IdentifierKind(StrEnum):
    """How the values of an identifier type are written, told from the type's name."""

    EMAIL = "email"  # an address
    PHONE = "phone"  # a number
    HASH = "hash"  # the hash of something, in hexadecimal
    HANDLE = "handle"  # a name in a network, with or without @
    DEVICE = "device"  # made by a machine, exact: cookie, device, session
    NUMBER = "number"  # a card, customer or account number, typed by people


_WORDS = re.compile(r"[a-z0-9]+")
_EMAIL_NAMES = ("email", "mail")
_PHONE_NAMES = frozenset(words("phone mobile telephone tel cell cellphone msisdn whatsapp sms handy landline telefon"))
_HASH_NAMES = ("hash", "sha1", "sha256", "sha512", "md5", "hem")
_HANDLE_NAMES = frozenset(words("handle username screen screenname twitter instagram tiktok nickname social github"))
_DEVICE_NAMES = frozenset(
    words("""cookie cookies device session anonymous anon visitor browser client idfa gaid aaid maid adid uuid guid
    fingerprint push install installation fbp gclid ga mac token""")
)


def identifier_kind(id_type: str) -> IdentifierKind:
    """The kind that the name of an identifier type tells; NUMBER when it tells none."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", id_type).lower()
    parts = set(_WORDS.findall(name.replace("_", " ")))
    if any(h in part for h in _HASH_NAMES for part in parts):
        return IdentifierKind.HASH
    if any(part.endswith(_EMAIL_NAMES) for part in parts) and not parts & {"id", "no", "campaign"}:
        return IdentifierKind.EMAIL
    if parts & _PHONE_NAMES:
        return IdentifierKind.PHONE
    if parts & _DEVICE_NAMES:
        return IdentifierKind.DEVICE
    return IdentifierKind.HANDLE if parts & _HANDLE_NAMES else IdentifierKind.NUMBER


def canonical_type(id_type: str) -> str:
    """The name under which the type's values are kept: every e-mail type is 'email', every phone type 'phone'."""
    kind = identifier_kind(id_type)
    return kind.value if kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE) else id_type


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
    return None if is_filler(packed) else packed or None


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


def hash_of(algorithm: str, value: str) -> str:
    """The hexadecimal hash of a normalised e-mail address or phone number, as partners exchange it."""
    return hashlib.new(algorithm, value.encode(), usedforsecurity=False).hexdigest()


def hash_source(id_type: str) -> str | None:
    """'email' or 'phone' when the type's name says that it holds their hash, else None."""
    if identifier_kind(id_type) is not IdentifierKind.HASH:
        return None
    name = id_type.lower()
    if "mail" in name or "hem" in name:
        return "email"
    return "phone" if any(p in name for p in ("phone", "mobile", "msisdn")) else None
