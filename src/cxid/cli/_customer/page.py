"""The sections of a customer's page: which there are, how each is drawn, what of the document is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cxid.cli._console import Console
from cxid.cli._customer import identity, profile, timeline
from cxid.customer_page.model import CustomerPage


@dataclass(frozen=True)
class Section:
    """How a section is drawn, whether it says anything, its keys of the document, its columns of the profile."""

    draw: Callable[[Console, CustomerPage], None]
    has: Callable[[CustomerPage], bool]
    keys: tuple[str, ...]
    columns: tuple[str, ...] = ()


def _of_profile(name: str) -> Section:
    has = profile.has_answers if name == "attitude" else profile.saying(name)
    keys = ("answers",) if name == "attitude" else ()
    return Section(profile.drawing(name), has, keys, profile.COLUMNS[name])


SECTIONS: dict[str, Section] = {
    "summary": Section(identity.draw_summary, lambda p: bool(p.summary), ("head", "summary", "review")),
    "triggers": Section(identity.draw_triggers, lambda p: bool(p.triggers), ("triggers",)),
    "values": Section(identity.draw_values, lambda p: bool(p.values), ("values",)),
    "records": Section(identity.draw_records, lambda p: bool(p.records), ("records", "weakest_link")),
    "household": Section(identity.draw_household, identity.has_home, ("household",)),
    **{name: _of_profile(name) for name in profile.COLUMNS},
    "consent": Section(identity.draw_consent, lambda p: bool(p.consent), ("consent",)),
    "timeline": Section(timeline.draw_timeline, lambda p: bool(p.timeline.events), ("timeline",)),
    "identifiers": Section(identity.draw_identifiers, lambda p: bool(p.identifiers), ("identifiers",)),
    "enrichment": Section(profile.draw_enrichment, lambda p: bool(profile.enrichment(p.profile)), ("profile",)),
    "history": Section(identity.draw_history, identity.has_history, ("history",)),
    "unknown": Section(identity.draw_unknown, lambda p: bool(p.unknown), ("unknown",)),
    "attributes": Section(profile.draw_attributes, lambda p: bool(p.profile), ("profile",)),
}
ALL = tuple(SECTIONS)
USUAL = tuple(name for name in SECTIONS if name != "attributes")
_NOTHING = {
    "summary": "nothing to say",
    "household": "nobody else is known to live there",
    "history": "the id has been the same since it was made",
}
_ALWAYS = ("run_id", "customer_id", "as_of")


def draw_page(console: Console, page: CustomerPage, wanted: Sequence[str]) -> None:
    """Write the heading and the sections that have something to say; one asked for by name says when it has not."""
    identity.draw_heading(console, page)
    for name in dict.fromkeys(wanted):
        if SECTIONS[name].has(page):
            SECTIONS[name].draw(console, page)
        elif wanted not in (ALL, USUAL):
            known = _NOTHING.get(name, "nothing to show")
            why = next((u.words for u in page.unknown if u.about == name), known)
            console.say(f"{name}: {why}")


def document(page: CustomerPage, wanted: Sequence[str]) -> dict[str, Any]:
    """The document of a page, or the parts of it that belong to some sections."""
    whole = page.to_dict()
    if set(wanted) >= set(USUAL):
        return whole
    sections = [SECTIONS[name] for name in wanted]
    keys = {*_ALWAYS, *(key for section in sections for key in section.keys)}
    columns = {column for section in sections for column in section.columns}
    found = {key: value for key, value in whole.items() if key in keys}
    if columns and "profile" not in keys:
        found["profile"] = {name: value for name, value in whole["profile"].items() if name in columns}
    return found
