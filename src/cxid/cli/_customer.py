"""One customer as a page for the terminal: who it is, what is known and from where, what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.cli._console import Console
from cxid.cli._registry import part
from cxid.privacy import terminal_text

_ROOMY = 110
_NAMES = ("given_name", "middle_name", "family_name")
_TOLD_ABOVE = "Identity"  # the section whose figures are in the headline, or count what is listed
_SUMMED_UP = {"as_of", "currency"}  # told beside what they speak of


def draw_customer(console: Console, customer: dict[str, Any]) -> None:
    """Write the page; parts without anything to say are left out."""
    _headline(console, customer)
    _values(console, customer["values"])
    _records(console, customer["records"])
    _identifiers(console, customer["identifiers"])
    _timeline(console, customer["timeline"])
    _profile(console, customer["profile"], set(customer["summary"]))


def place(value: dict[str, Any]) -> str:
    """source:key of a golden value, '' when it is not known."""
    return f"{value['source']}:{value['record_key']}" if value["source"] else ""


def _headline(console: Console, customer: dict[str, Any]) -> None:
    values = {v["field"]: str(v["value"]) for v in customer["values"]}
    parts = [values[n] for n in _NAMES if n in values] or [values[n] for n in ("full_name",) if n in values]
    name = " ".join(parts)
    console.text(terminal_text(f"{name}  {customer['customer_id']}" if name else customer["customer_id"]), style="bold")
    told = customer["summary"]
    records, sources = told["record_count"], told["source_count"]
    said = [f"{records:,} record{'' if records == 1 else 's'}" if records else "no record"]
    said.append(f"{sources:,} source{'' if sources == 1 else 's'} ({str(told['sources']).replace(',', ', ')})")
    if told["first_seen"] is not None:
        said.append(f"seen {_day(told['first_seen'])} to {_day(told['last_seen'])}")
    said.append(f"confidence {Decimal(told['confidence']):.3f}")
    if customer["values"]:
        said.append(f"{Decimal(told['completeness']):.0%} of the fields filled")
    if not told["is_known"]:
        said.append("known by devices alone")
    console.grid(("",), [("; ".join(said),)])
    if told["needs_review"]:
        console.text("needs review: a weak link holds it together, or a guard was at work", style="yellow")


def _values(console: Console, values: Sequence[dict[str, Any]]) -> None:
    rows = [(v["field"], v["value"], place(v), _others(v), v["rule"]) for v in values]
    _part(console, "Golden values", ("field", "value", "from", "other values", "rule"), rows, spare="rule")


def _others(value: dict[str, Any]) -> str:
    listed = "; ".join(f"{o.get('value')} ({o.get('source')})" for o in value["others"])
    return f"conflict: {listed}" if value["conflict"] and listed else listed


def _records(console: Console, records: Sequence[dict[str, Any]]) -> None:
    rows = [(f"{r['source']}:{r['record_key']}", r["link_kind"], r["probability"], r["since_run"]) for r in records]
    _part(console, "Records", ("record", "joined by", "probability", "since run"), rows)


def _identifiers(console: Console, identifiers: Sequence[dict[str, Any]]) -> None:
    rows = [(i["id_type"], i["id_value"]) for i in identifiers]
    _part(console, "Identifiers", ("identifier", "value"), rows)


def _timeline(console: Console, timeline: Sequence[dict[str, Any]]) -> None:
    rows = [
        (_moment(t["time"]), t["source"], t["channel"], t["type"], _amount(t["value"], t["currency"]), t["campaign"],
         t["sentiment"], t["stage"])
        for t in timeline
    ]  # fmt: skip
    title = f"Last {len(rows)} touchpoints" if len(rows) > 1 else "Touchpoint"
    columns = ("time (UTC)", "source", "channel", "what", "value", "campaign", "sentiment", "stage")
    _part(console, title, columns, rows)


def _profile(console: Console, profile: dict[str, Any], told: set[str]) -> None:
    """The attributes that say something: no nothing, no zero, none that the headline has told."""
    known = {a.name: (s.title, a.type) for s in part("stages.profile.attributes").SECTIONS for a in s.attributes}
    currency, money = profile.get("currency"), part("stages.profile.section").MONEY
    rows = []
    for name, value in profile.items():
        section, type_ = known.get(name, ("Attributes", ""))
        if section == _TOLD_ABOVE or name in told or name in _SUMMED_UP or not value:
            continue
        if name == "revenue_by_currency" and value.count(":") < 2:
            continue
        rows.append((section, name, _amount(value, currency) if type_ == money else _shown(value)))
    title = f"Profile as of {_moment(profile['as_of'])}" if "as_of" in profile else "Profile"
    if console.screen.is_tty:  # a person needs the section's name once
        rows = [("" if i and rows[i - 1][0] == row[0] else row[0], *row[1:]) for i, row in enumerate(rows)]
    _part(console, title, ("section", "attribute", "value"), rows)


def _part(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, spare: str = ""
) -> None:
    """A heading and its table, without the columns that are empty; `spare` is left out where room is scarce."""
    if not rows:
        return
    narrow = console.screen.is_tty and console.screen.width < _ROOMY
    filled = [i for i, _ in enumerate(columns) if any(row[i] not in (None, "") for row in rows)]
    used = [i for i in filled if not (narrow and columns[i] == spare)]
    console.text()
    console.text(title, style="bold cyan")
    console.grid([columns[i] for i in used], [[row[i] for i in used] for row in rows])


def _amount(value: Any, currency: str | None) -> str | None:
    """Money with two decimals, more where there are more."""
    if value is None:
        return None
    number = Decimal(value)
    text = f"{number:,.2f}" if number == round(number, 2) else f"{number.normalize():,f}"
    return f"{text} {currency}" if currency else text


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _shown(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")
