"""Is the run sound, what changed, what came of the rows, and what holds the result back."""

from __future__ import annotations

from datetime import datetime

from cxid.cli._report.drawing import table, tree
from cxid.cli._report.view import View, count
from cxid.figures import CHANGES, Row, decimal, obstacles, percent, verdict, whole

_STYLES = {"ok": "green", "look": "bold", "bad": "red"}  # yellow cannot be seen on white
_MARKS = {"ok": "✓", "look": "!", "bad": "✗"}
_PLAIN_MARKS = {"ok": "+", "look": "!", "bad": "x"}
_OBSTACLES = 8


def write_head(view: View, project: str) -> None:
    """Whose run it is, when it was, of which moment it speaks."""
    started, as_of = view.figures.text("run", "started_at"), view.figures.text("run", "as_of")
    built = f" of {_moment(started)}" if started else ""
    view.line(f"{project}: run {view.figures.run_id}{built}" + (f", as of {as_of}" if as_of else ""), style="bold")


def write_verdict(view: View) -> None:
    """Each finding with its mark; the next step where there is one."""
    marks = _MARKS if view.console.screen.unicode else _PLAIN_MARKS
    for finding in verdict(view.figures):
        level = finding.level
        view.marked(marks[level], finding.text, style=_STYLES[level], bold=level == "bad")
        if finding.next and level != "ok":
            view.line(f"  next: {view.here(finding.next)}")


def write_changes(view: View) -> None:
    """Counts before and after, then what became of customers."""
    figures, before = view.figures, view.figures.text("run", "previous")
    rows = [r for r in figures.rows("changes") if view.is_whole or r["before"] != r["after"]]
    if not figures.rows("changes"):
        first = "the first build: there is no run to compare it with"
        view.note(f"run {before} left no figures to compare with" if before else first)
    elif not rows:
        view.note(f"every count is what it was in run {before}")
    else:
        cells = [_change(view, r) for r in rows]
        table(view, ("", before.partition("-")[0] or "before", "now", "change", ""), cells)
    if told := figures.rows("identity"):
        view.line()
        table(
            view,
            ("customers", "", "records", "by data", "by config", "by decisions"),
            [
                (CHANGES.get(r["label"], r["label"]), *(count(r[n]) for n in (
                    "changes", "records", "by_data", "by_config", "by_decision",
                )))
                for r in told
            ],
        )  # fmt: skip
        view.note(f"next: {view.console.here('cxid diff')}")


def _change(view: View, row: Row) -> tuple[str, ...]:
    """Label, before, now, the difference with an arrow, its share of before."""
    up, down, same = "▲▼=" if view.console.screen.unicode else "+-="
    then, now = decimal(row["before"]), decimal(row["after"])
    arrow = up if now > then else down if now < then else same
    if row["label"].startswith("expected_precision"):
        names = {"expected_precision": "estimated precision of pairs"}
        label = names.get(row["label"], "estimated precision of customers")
        points = f" {abs(now - then) * 100:.1f} points" if now != then else ""
        return label, f"{then:.1%}", f"{now:.1%}", f"{arrow}{points}", ""
    percent = f"{(now - then) / then:+.1%}" if then else ""
    difference = f"{arrow} {abs(now - then):,.0f}"
    return row["label"], f"{then:,.0f}", f"{now:,.0f}", difference, percent


def write_funnel(view: View) -> None:
    """Each step with the part of the step above that it keeps."""
    n = {r["label"]: whole(r["amount"]) for r in view.figures.rows("funnel")}
    of_known = sum(whole(r["of_a_known_customer"]) for r in view.figures.rows("events"))
    records, grouped = n.get("people records", 0), n.get("customers with records", 0)
    visitors = n.get("anonymous visitors", 0)
    customers = n.get("known customers", 0) + visitors if n.get("events") else 0  # without events all have records
    ratio = f"{records / grouped:.2f} records each" if grouped else ""
    steps = [
        (0, "rows read", n.get("rows", 0), 0, ""),
        (1, "accepted", n.get("accepted", 0), n.get("rows", 0), ""),
        (1, "in quarantine", n.get("quarantined", 0), n.get("rows", 0), ""),
        (0, "people records", records, 0, ""),
        (1, "customers with records", grouped, records, ratio),
        (2, "of two or more records", n.get("customers of two or more records", 0), grouped, ""),
        (2, "to review", n.get("customers to review", 0), grouped, ""),
        (0, "events", n.get("events", 0), 0, ""),
        (1, "of a customer", n.get("events of a customer", 0), n.get("events", 0), ""),
        (1, "of a known customer", of_known, n.get("events", 0), ""),
        (0, "customers", customers, 0, ""),
        (1, "known", n.get("known customers", 0) if customers else 0, customers, ""),
        (1, "anonymous visitors", visitors, customers, ""),
    ]
    tree(view, [step for step in steps if step[2]])


def write_obstacles(view: View) -> None:
    """Each obstacle with its part of the whole, the command and the key of the config that bear on it."""
    found = obstacles(view.figures)
    shown = view.top(found, _OBSTACLES)
    width = len(str(len(shown)))
    for number, obstacle in enumerate(shown, 1):
        part = f" ({percent(obstacle.share, 1)} of all {obstacle.unit})" if 0 < obstacle.share < 1 else ""
        config = f"; config: {obstacle.config}" if obstacle.config else ""
        view.marked(f"{number:>{width}}.", f"{obstacle.text}{part}{config}")
        view.line(f"{' ' * (width + 2)}next: {view.here(obstacle.command)}")
    view.more(len(found) - len(shown), "thing", "obstacles")
    if not found:
        view.note("nothing that the figures of this run show")


def _moment(iso: str) -> str:
    try:
        return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return iso
