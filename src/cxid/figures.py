"""The figures of one run as a report needs them: sections of rows, and the judgement drawn from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, str]
CHANGES = {
    "created": "new", "split": "split off", "merged": "merged into others", "retired": "retired",
    "moved": "records moved between customers that stay",
}  # fmt: skip
OUTCOMES = {"passed": "passed", "over": "over the limit", "accepted": "over the limit, accepted"}
_UNSURE_SHARE = 0.05  # customers to review above this share are worth a word in the verdict
_FLAGGED_LISTED = 20  # sql/report/suspicious.sql lists no more


@dataclass(frozen=True)
class Figures:
    """A run's report figures: section -> rows, each with `label` and its named figures as text."""

    run_id: str
    sections: Mapping[str, tuple[Row, ...]]

    def rows(self, section: str) -> tuple[Row, ...]:
        return self.sections.get(section, ())

    def amount(self, section: str, label: str) -> int:
        """A whole number from a section of (label, amount); 0 when it is not there."""
        return next((whole(r["amount"]) for r in self.rows(section) if r["label"] == label), 0)

    def text(self, section: str, label: str) -> str:
        """The same as text; '' when it is not there."""
        return next((r["amount"] for r in self.rows(section) if r["label"] == label), "")


@dataclass(frozen=True)
class Finding:
    """One sentence of the verdict. Level: ok, look or bad."""

    level: str
    text: str
    next: str = ""


def whole(text: str | None) -> int:
    """The whole number in a figure, 0 for none."""
    return int(text) if text and text.lstrip("-").isdigit() else 0


def decimal(text: str | None) -> float:
    """The number in a figure, 0 for none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def read_figures(engine: Any, run_id: str, run_dir: Path) -> Figures:
    """The figures of a run from its table `report_figure` and its results file."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for row in engine.fetch("SELECT * FROM report_figure ORDER BY section, row_no, name").to_pylist():
        line = found.setdefault(row["section"], {}).setdefault(row["row_no"], {"label": row["label"]})
        line[row["name"]] = row["value"]
    sections = {section: tuple(lines.values()) for section, lines in found.items()}
    return Figures(run_id, {**sections, **_account(run_dir)})


def _account(run_dir: Path) -> dict[str, tuple[Row, ...]]:
    """Gates, seconds and peak memory of each stage: limits and times are no part of what a run makes of its inputs."""
    try:
        account = json.loads((run_dir / "run_results.json").read_text(encoding="utf-8"))
        stages, gates = account["stages"], account["gates"]
    except (OSError, ValueError, KeyError):
        return {}
    timings = ({"label": s["name"], "seconds": str(s["seconds"]), "peak_mb": str(s["peak_mb"])} for s in stages)
    judged = ({"label": g["name"], "measured": g["value"], "limit": g["limit"], "outcome": _outcome(g)} for g in gates)
    return {"gates": tuple(judged), "timings": tuple(timings)}


def _outcome(gate: Mapping[str, Any]) -> str:
    return "passed" if gate["passed"] else "accepted" if gate.get("accepted") else "over"


def verdict(figures: Figures) -> list[Finding]:
    """What a reader should know first, gravest first."""
    found = [
        _accounting(figures), *_gates(figures), *_quarantine(figures), *_linkage(figures), *_groups(figures),
        *_events(figures),
    ]  # fmt: skip
    order = {"bad": 0, "look": 1, "ok": 2}
    return sorted(found, key=lambda f: order[f.level])


def _accounting(figures: Figures) -> Finding:
    lost = sum(abs(whole(r.get("unaccounted"))) for r in figures.rows("sources"))
    lines = sum(whole(r.get("lines")) for r in figures.rows("sources"))
    if lost:
        return Finding("bad", f"{lost:,} of {lines:,} lines are not accounted for", "cxid report --section sources")
    return Finding("ok", f"all {lines:,} lines of {figures.amount('funnel', 'files'):,} files are accounted for")


def _gates(figures: Figures) -> list[Finding]:
    """Limits that the run went over: held back by them, or published all the same."""
    over = {outcome: [r["label"] for r in figures.rows("gates") if r["outcome"] == outcome]
            for outcome in ("over", "accepted")}  # fmt: skip
    found = []
    if over["over"]:
        names = ", ".join(over["over"])
        found.append(Finding("bad", f"held back, not published: over {names}", "cxid plan"))
    if over["accepted"]:
        found.append(Finding("look", f"published over its limits by --accept: {', '.join(over['accepted'])}"))
    return found


def _quarantine(figures: Figures) -> list[Finding]:
    rejected, rows = figures.amount("funnel", "quarantined"), figures.amount("funnel", "rows")
    if not rejected:
        return []
    share = f"{rejected / rows:.2%}" if rows else "all"
    return [
        Finding("look", f"{rejected:,} of {rows:,} rows ({share}) in quarantine", "cxid report --section quarantine")
    ]


def _linkage(figures: Figures) -> list[Finding]:
    records = figures.amount("funnel", "people records")
    customers = figures.amount("funnel", "customers with records")
    if not records:
        return []
    status, reason = figures.text("summary", "status").replace("_", " "), figures.text("summary", "reason")
    found = [Finding("ok", f"{records:,} records became {customers:,} customers")]
    said = f"the linkage is {status}: {reason}" if reason else f"the linkage is {status}"
    if status == "identified":
        found.append(Finding("ok", said))
    elif status:
        found.append(Finding("look", said, "cxid report --section linkage"))
    if model := figures.text("summary", "decided_model"):
        said = "decisions left the weights as they were" if model == "unsupervised" else "decisions moved the weights"
        found.append(Finding("ok", f"{said}: {figures.text('summary', 'decided_reason')}"))
    return found


def _groups(figures: Figures) -> list[Finding]:
    review, customers = (
        figures.amount("funnel", "customers to review"),
        figures.amount("funnel", "customers with records"),
    )
    found = []
    if customers and review / customers > _UNSURE_SHARE:
        weak = f"customers that hang on weak links: {review:,} ({review / customers:.1%})"
        found.append(Finding("look", weak, "cxid report --section groups"))
    flagged = figures.rows("suspicious")
    if flagged:
        more = " or more" if len(flagged) == _FLAGGED_LISTED else ""
        said = f"groups that deserve a look: {len(flagged)}{more}"
        found.append(Finding("look", said, "cxid report --section suspicious"))
    return found


def _events(figures: Figures) -> list[Finding]:
    events, attached = figures.amount("funnel", "events"), figures.amount("funnel", "events of a customer")
    if not events:
        return []
    level = "ok" if attached == events else "look" if attached == 0 else "ok"
    return [Finding(level, f"{attached:,} of {events:,} events ({attached / events:.1%}) belong to a customer")]
