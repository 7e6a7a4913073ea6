"""Golden records: how full they are, and where their values come from."""

from __future__ import annotations

from cxid.cli._report.drawing import table
from cxid.cli._report.view import View, count
from cxid.figures import percent, whole

_FIELDS = 12
_BAR = 20
_ROOMY = 70


def write_fields(view: View) -> None:
    """Part of records and of customers that have a value, field by field."""
    rows = view.figures.rows("fields")
    shown = view.top(rows, _FIELDS)
    screen, draws = view.console.screen, view.console.screen.is_tty and view.width >= _ROOMY
    cells = []
    for r in shown:
        before = (whole(r["filled_records"]), whole(r["records"]))
        after = (whole(r["filled_customers"]), whole(r["customers"])) if "filled_customers" in r else (0, 0)
        picture = _bar(before, after, unicode=screen.unicode) if after[1] else ""
        cells.append((r["label"], percent(*before), percent(*after), picture)[: 4 if draws else 3])
    names = ("field", "of records", "of customers", "")
    table(view, names[: 4 if draws else 3], cells, texts=frozenset({0, 3} if draws else {0}))
    view.more(len(rows) - len(shown), "field", "fields")


def _bar(before: tuple[int, int], after: tuple[int, int], *, unicode: bool) -> str:
    """A bar of the part of customers that have a value; what records do not have of it is lighter."""
    ends = [round(_BAR * part / of_all) if of_all else 0 for part, of_all in (before, after)]
    full, gained = "█▒" if unicode else "#."
    return full * min(ends) + gained * (ends[1] - min(ends))


def write_survivorship(view: View) -> None:
    """Sources of golden values, field by field, and how many other values lost."""
    view.console.grid(
        ("field", "source", "values", "in conflict"),
        [
            (r["label"], r["source"], count(r["chosen"]), percent(whole(r["conflicts"]), whole(r["chosen"])))
            for r in view.figures.rows("survivorship")
        ],
    )
