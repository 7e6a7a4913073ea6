"""The sections of the report: what each is called, what it says, which figures it is made of, what writes it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import zip_longest

from cxid.cli._grid import paint, text_width
from cxid.cli._report import customers, goals, golden, inputs, linkage, overview
from cxid.cli._report.view import View

_COLUMNS = 160  # a terminal as wide as this shows two sections beside each other
_GAP = 4
_PAINT = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True)
class Section:
    """One part of the report.

    `title` says what one learns. `figures` are the sections of figures that it is made of; there is something to show
    where any of them has rows, or any of those in `needs`. `is_brief`: it is part of the report when no section is
    asked for.
    """

    title: str
    figures: tuple[str, ...]
    write: Callable[[View], None]
    is_brief: bool = False
    is_wide: bool = False  # never beside another
    needs: tuple[str, ...] = ()
    compares: bool = False  # sources with each other: with fewer than two it says nothing

    def has(self, view: View) -> bool:
        """There is something to show."""
        rows = view.figures.rows
        return any(rows(name) for name in self.needs or self.figures) and (
            not self.compares or len(rows("overlap")) > 1
        )


SECTIONS: dict[str, Section] = {
    "verdict": Section("Is the run sound?", (), overview.write_verdict, True, True, ("funnel",)),
    "changes": Section(
        "What changed since the run before", ("run", "changes", "identity"), overview.write_changes, True, True
    ),
    "funnel": Section("From rows to customers", ("funnel",), overview.write_funnel, True),
    "precision": Section(
        "How many joins are right, as the model estimates",
        ("summary", "joins"),
        linkage.write_precision,
        True,
        needs=("groups",),
    ),
    "weights": Section(
        "Pairs of records by match weight, and where they are joined", ("weights",), linkage.write_weights, True
    ),
    "groups": Section("How many records a customer has", ("groups",), linkage.write_groups, True),
    "suspicious": Section("Customers to look at first", ("suspicious",), linkage.write_suspicious, True),
    "blocking": Section("Which blocking rules found the matches", ("blocking",), linkage.write_blocking, True),
    "overlap": Section(
        "Which sources know the same customers", ("sets", "overlap"), inputs.write_overlap, True, compares=True
    ),
    "contributions": Section(
        "What each source contributes", ("contributions",), inputs.write_contributions, True, compares=True
    ),
    "fields": Section("How full fields are before and after merging", ("fields",), golden.write_fields, True),
    "quarantine": Section("Which rows were rejected, and why", ("quarantine",), inputs.write_quarantine, True),
    "stages": Section("Known customers by stage", ("stages",), customers.write_stages, True),
    "nps": Section("Would they recommend us?", ("nps", "scores"), customers.write_nps, True),
    "influence": Section("Whose voice carries far", ("influence",), customers.write_influence, True),
    "kpis": Section("KPIs by phase, against their targets", ("kpis",), goals.write_kpis, True, True),
    "obstacles": Section(
        "What holds the result back, and what to do", ("lacking",), overview.write_obstacles, True, True, ("funnel",)
    ),
    "sources": Section("Every line of every file accounted for", ("sources",), inputs.write_sources),
    "linkage": Section("The linkage in figures", ("summary",), linkage.write_linkage),
    "model": Section("What agreement in each field weighs", ("model",), linkage.write_model),
    "guards": Section("Merges refused, and identifiers that name nobody", ("guards", "hubs"), linkage.write_guards),
    "survivorship": Section("Which sources golden values come from", ("survivorship",), golden.write_survivorship),
    "events": Section(
        "Whose the events are, and why some are nobody's", ("events", "ownerless", "deciders"), customers.write_events
    ),
    "channels": Section("Where customers are met", ("channels",), customers.write_channels),
    "months": Section("Events by month", ("months",), customers.write_months),
    "journey": Section(
        "Which stages customers come from and go to", ("shift", "moves", "paths"), customers.write_journey
    ),
    "purchases": Section(
        "What is bought, and how much of it by customers we know", ("purchases",), customers.write_purchases
    ),
    "rfm": Section("Buyers by recency and frequency", ("rfm",), customers.write_rfm),
    "value": Section("What buyers are expected to spend", ("worth", "unvalued", "buying"), customers.write_value),
    "households": Section("Customers who live together", ("households",), customers.write_households),
    "ages": Section("Known customers by age", ("ages",), customers.write_ages),
    "consents": Section("What customers allow", ("consents",), customers.write_consents),
    "triggers": Section("Of whom triggers hold", ("triggers",), goals.write_triggers),
    "gates": Section("Limits, and what the run measured", ("gates",), inputs.write_gates),
    "timings": Section("Time and memory of each stage", ("timings",), inputs.write_timings),
}


def write_report(view: View, project: str, wanted: Sequence[str]) -> None:
    """Write the sections asked for, or the report: short on a terminal, whole elsewhere."""
    if wanted:
        for name in wanted:
            if SECTIONS[name].has(view):
                _write(view, name)
            else:
                view.console.say(f"{SECTIONS[name].title}: nothing to show in this run")
        return
    overview.write_head(view, project)
    names = [name for name, section in SECTIONS.items() if (view.is_whole or section.is_brief) and section.has(view)]
    if view.is_whole:  # what to do stands last
        names.sort(key=lambda name: name == "obstacles")
    for pair in _paired(view, names):
        if len(pair) == 1:
            _write(view, pair[0])
        else:
            _write_beside(view, *pair)
    others = [n for n, section in SECTIONS.items() if n not in names and section.has(view)]
    if others:
        view.line()
        view.line(f"more sections: {', '.join(others)}; {view.report('NAME')}")


def _paired(view: View, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Sections in rows of two where the terminal is wide enough for it, and alone where not."""
    found: list[tuple[str, ...]] = []
    for name in names:
        alone = not view.console.screen.is_tty or view.width < _COLUMNS or SECTIONS[name].is_wide
        if not alone and found and len(found[-1]) == 1 and not SECTIONS[found[-1][0]].is_wide:
            found[-1] = (found[-1][0], name)
        else:
            found.append((name,))
    return found


def _write(view: View, name: str) -> None:
    section, screen = SECTIONS[name], view.console.screen
    view.line()
    if screen.is_tty and text_width(section.title) + 2 < view.width:
        rule = ("─" if screen.unicode else "-") * (min(view.width, _COLUMNS) - len(section.title) - 1)
        view.console.text(f"{paint(section.title, 'bold', screen)} {paint(rule, 'dim', screen)}".rstrip())
    else:
        view.line(section.title, style="bold")
    section.write(view)


def _write_beside(view: View, left: str, right: str) -> None:
    half = (view.width - _GAP) // 2
    texts = []
    for name in (left, right):
        console = copy(view.console)
        console.out, console.screen = io.StringIO(), replace(console.screen, width=half)
        _write(replace(view, console=console), name)
        texts.append(console.out.getvalue().splitlines())
    for one, other in zip_longest(*texts, fillvalue=""):
        pad = " " * (half - text_width(_PAINT.sub("", one)) + _GAP)
        view.console.out.write(f"{one}{pad}{other}".rstrip() + "\n" if other else f"{one}\n")
