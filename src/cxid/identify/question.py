"""From what was asked to what can be looked up: each value normalised as the build normalises it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from cxid.config.fields import DERIVED, norm_fields, people_sources, record_fields
from cxid.config.identifiers import IdentifierKind, canonical_type, identifier_kind
from cxid.config.model import Config, EnrichmentSource
from cxid.errors import ErrorCode, UsageError
from cxid.identify.keys import IDENTIFIER, key_of
from cxid.model import Field, FieldType
from cxid.stages.normalise.fullname import take_apart
from cxid.stages.normalise.identifiers import hash_source, normalise_identifier
from cxid.stages.normalise.idtables import hashed_as, ignored_identifiers
from cxid.stages.normalise.records import people_of
from cxid.stages.normalise.values import RULES, family_outcome, given_outcome, middle_outcome
from cxid.stages.normalise.wholenames import usual_order

CUSTOMER, RECORD, REQUEST = "customer_id", "record", "request_id"
_MOST_VALUES, _LONGEST = 20, 1_000  # values of one name, characters of one value
_T = FieldType
_NAMES = (_T.GIVEN_NAME, _T.MIDDLE_NAME, _T.FAMILY_NAME)
Row = dict[str, str | None]


@dataclass(frozen=True)
class Identifier:
    """One identifier that was asked for: under which name, and its keys in the index, the value itself first."""

    name: str
    id_type: str
    keys: tuple[int, ...]


@dataclass
class Question:
    """What was asked: identifiers, attributes as a row of record_norm, ids of customers, keys of records."""

    identifiers: list[Identifier] = field(default_factory=list)
    row: Row = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    records: list[tuple[str, str]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)  # names whose value says nothing
    request_id: str | int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.identifiers or self.row or self.customers or self.records)


def parse_arguments(arguments: list[str]) -> dict[str, Any]:
    """The request that arguments such as email=ann@x.com, crm:1042 and cx_... make; UsageError for anything else."""
    request: dict[str, list[str]] = {}
    for text in arguments:
        name, equals, value = text.partition("=")
        if equals and name.strip() and ":" not in name:
            request.setdefault(name.strip(), []).append(value)
        elif text.startswith("cx_"):
            request.setdefault(CUSTOMER, []).append(text)
        elif ":" in text:
            request.setdefault(RECORD, []).append(text)
        else:
            raise UsageError(
                "an argument says nothing that can be looked up", hint="write name=value, source:key, or cx_..."
            )
    return dict(request)


class Reader:
    """Reads requests as the project's config means them; `compared` are the run's fields, in the order of its model."""

    def __init__(self, config: Config, compared: tuple[Field, ...]) -> None:
        self._compared = {f.name: f for f in compared}
        self._country = config.country
        self._people = people_of(config.sources, config.country, config.match)
        self._written = {f.name: f for f in record_fields(config.sources) if f.name in self._usable(config)}
        self._sources = people_sources(config.sources)
        self._ids = tuple(
            sorted({t for s in config.sources.values() if not isinstance(s, EnrichmentSource) for t in s.ids})
        )
        self._ignored = ignored_identifiers(config.match, config.country)

    @staticmethod
    def _usable(config: Config) -> set[str]:
        ignored = config.match.ignore_fields
        compared = {f.name for f in norm_fields(config.sources, ignored)}
        whole = {f.name for f in record_fields(config.sources) if f.type is _T.FULL_NAME and f.name not in ignored}
        return compared | whole

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What can be asked for, by the project's own names."""
        fields = [n for n, f in self._written.items() if f.type is _T.FULL_NAME or n in self._compared]
        parts = [n for n, f in self._compared.items() if n not in self._written]
        whole = [_T.FULL_NAME.value] if self._is_named and _T.FULL_NAME.value not in fields else []
        own = [*fields, *parts, *whole]
        return (*own, *(t for t in self._ids if t not in own), CUSTOMER, RECORD)

    @property
    def _is_named(self) -> bool:
        return any(f.type in _NAMES for f in self._compared.values())

    # -- reading ------------------------------------------------------------------------------------------

    def read(self, request: Mapping[str, Any]) -> Question:
        """The question that a request asks. Raises UsageError for a name that is not known and a value that is none."""
        question = Question(request_id=_request_id(request.get(REQUEST)))
        asked = {n: list(_values(n, v)) for n, v in request.items() if n != REQUEST and v is not None}
        region = self._region(asked)
        for name, values in asked.items():
            if name == CUSTOMER:
                question.customers += values
            elif name == RECORD:
                question.records += [self._record(v) for v in values]
            else:
                self._take(question, name, values, region)
        return question

    def _record(self, reference: str) -> tuple[str, str]:
        source, colon, key = reference.partition(":")
        if not colon or source not in self._sources:
            known = ", ".join(self._sources) or "none"
            raise UsageError(
                "record names no people source",
                hint=f"write source:key; people sources: {known}",
                code=ErrorCode.SOURCE_UNKNOWN,
            )
        return source, key

    def _region(self, asked: Mapping[str, list[str]]) -> str:
        """The country that phone numbers without a code belong to."""
        for value in asked.get(_T.COUNTRY.value, ()):
            code = RULES[_T.COUNTRY](value, "")[0]
            if code and len(code) == 2:
                return code
        return self._country.lower()

    def _take(self, question: Question, name: str, values: list[str], region: str) -> None:
        found, is_whole = self._field_of(name)
        id_type = self._type_of(name)
        if found is None and not is_whole and id_type is None:
            near = get_close_matches(name, self.names, 1)
            hint = f'did you mean "{near[0]}"? ' if near else ""
            raise UsageError(
                "a name is not known here",
                hint=f"{hint}there are: {', '.join(self.names)}",
                code=ErrorCode.COLUMN_UNKNOWN,
            )
        heard = False
        for value in values:
            if is_whole:
                heard |= self._take_whole(question.row, value)
            if found is not None:
                heard |= self._take_value(question.row, found, value, region)
            if id_type is not None:
                heard |= self._take_identifier(question, name, id_type, value)
        if not heard:
            question.silent.append(name)

    def _field_of(self, name: str) -> tuple[Field | None, bool]:
        """The compared field that a name means, and whether it is a whole name."""
        known = self._written.get(name)
        if (known and known.type is _T.FULL_NAME) or (name == _T.FULL_NAME.value and self._is_named):
            return None, True
        if name in self._compared:
            return self._compared[name], False
        by_slot = next((f for f in self._compared.values() if name in f.slots), None)
        by_type = next((f for f in self._compared.values() if f.type.value == name), None)
        kind = {IdentifierKind.EMAIL: _T.EMAIL, IdentifierKind.PHONE: _T.PHONE}.get(identifier_kind(name))
        by_kind = next((f for f in self._compared.values() if kind and f.type is kind), None)
        return by_slot or by_type or by_kind, False

    def _type_of(self, name: str) -> str | None:
        """The identifier type that a name means."""
        if name in self._ids:
            return name
        found, _ = self._field_of(name)
        if found is not None and found.type in (_T.EMAIL, _T.PHONE):
            return found.type.value
        canonical = canonical_type(name)
        return canonical if canonical in {canonical_type(t) for t in self._ids} else None

    # -- values -------------------------------------------------------------------------------------------

    def _take_identifier(self, question: Question, name: str, id_type: str, value: str) -> bool:
        norm = normalise_identifier(id_type, value, self._country)
        kept_as = canonical_type(id_type)
        if norm is None or (kept_as, norm) in self._ignored:
            return False
        hashes = [key_of(IDENTIFIER, t, h) for t in self._ids if hash_source(t) == kept_as for h in hashed_as(t, norm)]
        question.identifiers.append(Identifier(name, kept_as, (key_of(IDENTIFIER, kept_as, norm), *hashes)))
        return True

    def _take_value(self, row: Row, into: Field, value: str, region: str) -> bool:
        outcome = self._outcome(into, value, region)
        if outcome[0] is None or outcome[0] in self._people.ignored.get(into.name, ()):
            return False
        self._put(row, into, outcome)
        return True

    def _outcome(self, into: Field, value: str, region: str) -> tuple[str | None, ...]:
        rule = RULES[into.type]
        if into.type is _T.PHONE:
            return rule(value, region)
        if into.type is not _T.BIRTH_DATE:
            return rule(value, "")
        found = [rule(value, written) for written in ("", *self._formats(into))]
        return next((o for o in found if o[0] and _is_date(o[0])), found[0])

    def _formats(self, into: Field) -> list[str]:
        """How the project's sources write this date."""
        columns = [s.columns[into.name] for s in self._sources.values() if into.name in s.columns]
        return list(dict.fromkeys(c.format for c in columns if c.format))

    def _take_whole(self, row: Row, value: str) -> bool:
        parts = take_apart(value, usual_order(self._country.lower())).compared
        outcomes = {
            _T.GIVEN_NAME: given_outcome(parts.given),
            _T.MIDDLE_NAME: middle_outcome(parts.middle),
            _T.FAMILY_NAME: family_outcome(parts.family),
        }
        heard = False
        for into in self._compared.values():
            outcome = outcomes.pop(into.type, (None,))
            if outcome[0] is not None:
                self._put(row, into, outcome)
                heard = True
        return heard

    @staticmethod
    def _put(row: Row, into: Field, outcome: tuple[str | None, ...]) -> None:
        """The outcome in the first column of the field that is free."""
        slot = next((s for s in into.slots if s not in row), None)
        if slot is not None and outcome[0] not in (row.get(s) for s in into.slots):
            row[slot] = outcome[0]
            for suffix, derived in zip(DERIVED.get(into.type, {}), outcome[1:], strict=True):
                row[f"{slot}_{suffix}"] = derived


def _is_date(norm: str) -> bool:
    return len(norm) == 8 and norm.isdigit() and "01" <= norm[4:6] <= "12" and "01" <= norm[6:] <= "31"


def _request_id(value: Any) -> str | int | None:
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= _LONGEST):
        return value
    raise UsageError(f"{REQUEST} has to be a text or a whole number", hint="it comes back with the answer")


def _values(name: str, value: Any) -> Iterator[str]:
    """The values of one name as texts. Raises UsageError for what is no value."""
    listed = value if isinstance(value, list) else [value]
    if len(listed) > _MOST_VALUES:
        raise UsageError(f"more than {_MOST_VALUES} values of one name", hint="ask with fewer")
    for each in listed:
        if isinstance(each, bool) or not isinstance(each, str | int):
            raise UsageError("a value is neither text nor a whole number", hint="write values as text")
        text = str(each)
        if len(text) > _LONGEST:
            raise UsageError(f"a value of more than {_LONGEST} characters", hint="ask with less")
        if text.strip():
            yield text
