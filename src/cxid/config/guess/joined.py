"""The config of consent sources and of attributes joined by a shared value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cxid.config.guess.columns import ID_MEANINGS, ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.found import Draft
from cxid.config.guess.happenings import name_persons, put
from cxid.config.guess.identity import Identity
from cxid.config.guess.keys import KeyGuess
from cxid.config.guess.kinds import times
from cxid.config.guess.people import dated_column
from cxid.config.guess.words import free_name, read_header, snake, words_of

_CONSENT = frozenset(("CONSENT", "OPT"))
_PURPOSES = frozenset(("newsletter", "marketing", "profiling", "analytics", "research", "personalisation"))
_BY_WORD = (("EMAIL", "email"), ("MOBILE", "sms"), ("PHONE", "phone"), ("POSTAL", "post"), ("MAILING", "post"))


def consent_sources(dataset: Dataset, identity: Identity, base: dict[str, Any]) -> list[Draft]:
    """One source for each column that says yes or no (a file may have one a channel)."""
    stated = dataset.find("consent_status") or [
        c for c in dataset.find("status", "flag", "result") if c.values.yes_no > 0.6
    ]
    stated = [c for c in stated if c.values.yes_no > 0.5]
    found: list[Draft] = []
    for c in stated if not dataset.find("purpose") else stated[:1]:
        name = (
            dataset.name
            if len(stated) == 1 or dataset.find("purpose")
            else free_name(f"{dataset.name}_{c.name}", [d.name for d in found], dataset.name)
        )
        draft = Draft(name, {**base, "kind": "consent"})
        name_persons(dataset, identity, draft)
        if not draft.source["ids"]:
            return []
        put(draft, "status", c)
        _purpose(dataset, c, draft)
        for part, columns in (("time", times(dataset)), ("expires_at", dataset.find("expires_at"))):
            free = [t for t in columns if t.name not in draft.used and t.values.dates]
            if free:
                put(draft, part, free[0], dated_column(free[0]))
        for other in dataset.columns:
            other_status = other in stated and other is not c
            draft.drop(other.name, "has a source of its own" if other_status else "not a part of a permission")
        found.append(draft)
    return found


def told_consents(dataset: Dataset, key: KeyGuess) -> list[ColumnGuess]:
    """The columns of a people file that say yes or no to contact, and when; none where no key joins them back."""
    stated = [c for c in dataset.find("consent_status") if c.values.yes_no > 0.5]
    if not stated or len(key.columns) != 1 or key.broken:
        return []
    return [*stated, *(c for c in times(dataset) if _CONSENT & set(read_header(c.name).atoms))]


def consents_of_people(dataset: Dataset, key: KeyGuess, identity: Identity, base: dict[str, Any]) -> list[Draft]:
    """The same file read for what its people agreed to: one source for each column that says yes or no."""
    told = told_consents(dataset, key)
    stated = [c for c in told if c.meaning == "consent_status"]
    dated = [c for c in told if c not in stated] or [c for c in dataset.find("updated_at") if c.values.dates]
    found: list[Draft] = []
    for c in stated:
        name = f"{dataset.name}_consent" if len(stated) == 1 else f"{dataset.name}_{snake(c.name)}"
        draft = Draft(free_name(name, [d.name for d in found], dataset.name), {**base, "kind": "consent"})
        place = (dataset.name, key.columns[0])
        draft.source["ids"] = {identity.types[place]: key.columns[0]}
        draft.note(("ids", identity.types[place]), key.columns[0], "names the row in both readings of the file", 0.9)
        put(draft, "status", c)
        _purpose(replace(dataset, columns=(c, *dataset.find("email"))), c, draft)
        if dated:
            put(draft, "time", dated[0], dated_column(dated[0]))
        found.append(draft)
    return found


def _purpose(dataset: Dataset, status: ColumnGuess, draft: Draft) -> None:
    purposes = [c for c in dataset.find("purpose", "type", "category") if c.name not in draft.used]
    if purposes:
        put(draft, "purpose", purposes[0], {"from": purposes[0].name})
    else:
        said = next((w for w in (*words_of(status.name), *words_of(dataset.name)) if w in _PURPOSES), "")
        draft.source["purpose"] = said or "marketing"
        why = "by the name of its column or file" if said else "no column says what for: marketing"
        draft.note(("purpose",), status.name, why, 0.7 if said else 0.5)
    channels = [c for c in dataset.find("channel") if c.name not in draft.used and not c.values.constant]
    if channels:
        put(draft, "channel", channels[0], {"from": channels[0].name})
        return
    atoms = read_header(status.name).atoms
    named = next((channel for atom, channel in _BY_WORD if atom in atoms), "")
    if named or (draft.source["purpose"] == "newsletter" and dataset.find("email")):
        draft.source["channel"] = named or "email"
        draft.note(("channel",), status.name, "by the column's name" if named else "newsletters are mailed", 0.8)


def enrichment_source(
    dataset: Dataset, fields: Mapping[str, str], identity: Identity, types: set[str], base: dict[str, Any]
) -> Draft | None:
    """The source as plain config, None when nothing of the other sources joins it.

    `fields` are the people fields that the other sources map, `types` their identifier types.
    """
    draft = Draft(dataset.name, {**base, "kind": "enrichment"})
    join = _join(dataset, fields, identity, types)
    if join is None:
        return None
    name, column = join
    draft.source["join"] = name
    draft.note(("join",), column.name, column.why, column.sure)
    draft.used.add(column.name)
    if column.name != name:
        draft.source["join_column"] = column.name
    columns: dict[str, Any] = {}
    for c in dataset.columns:
        if c.name in draft.used:
            continue
        if not c.values.filled or c.values.constant:
            draft.drop(c.name, "no value, or the same in every row")
            continue
        attribute = free_name(c.name, {*columns, *fields}, dataset.name)
        columns[attribute] = c.name
        draft.used.add(c.name)
        draft.note(
            ("columns", attribute),
            c.name,
            f"{c.meaning or 'attribute'} by its header" if c.meaning else "attribute",
            0.6,
        )
    draft.source["columns"] = columns
    return draft if columns else None


def _join(
    dataset: Dataset, fields: Mapping[str, str], identity: Identity, types: set[str]
) -> tuple[str, ColumnGuess] | None:
    for c in dataset.columns:
        kind = identity.types.get((dataset.name, c.name))
        known = kind in types and (c.meaning in ID_MEANINGS or (dataset.name, c.name) in identity.shared)
        if kind and known and c.values.variety > 0.9:
            return kind, c
    for field in ("email", "postcode", "city", "region"):
        for c in dataset.find(field):
            if field in fields and c.values.variety > 0.9:
                return field, c
    return None
