"""What a reader should know first of a run: its verdict."""

from __future__ import annotations

from cxid.figures.model import Figures, Finding, counted, decimal, percent, whole

_UNSURE_SHARE = 0.05  # customers to review above this share are worth a word in the verdict
_FLAGGED_LISTED = 20  # sql/report/suspicious.sql lists no more


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
    files = figures.amount("funnel", "files")
    return Finding("ok", f"all {counted(lines, 'line')} of {counted(files, 'file')} are accounted for")


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
    share = percent(rejected, rows) or "all"
    return [
        Finding("look", f"{rejected:,} of {rows:,} rows ({share}) in quarantine", "cxid report --section quarantine")
    ]


def _linkage(figures: Figures) -> list[Finding]:
    records = figures.amount("funnel", "people records")
    customers = figures.amount("funnel", "customers with records")
    if not records:
        return []
    status, reason = figures.text("summary", "status").replace("_", " "), figures.text("summary", "reason")
    right = figures.text("summary", "expected_precision_of_customers")
    sure = f"; {decimal(right):.1%} of the pairs inside them are estimated to be right" if decimal(right) else ""
    found = [Finding("ok", f"{counted(records, 'record')} became {counted(customers, 'customer')}{sure}")]
    said = f"the linkage is {status}: {reason}" if reason else f"the linkage is {status}"
    if status == "identified":
        found.append(Finding("ok", said))
    elif status:
        found.append(Finding("look", said, "cxid report --section precision"))
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
        of_all = f"{review:,} of {counted(customers, 'customer')} ({percent(review, customers)})"
        weak = f"{of_all} to review: a weak link holds them, or a guard refused a merge"
        found.append(Finding("look", weak, "cxid review"))
    flagged = figures.rows("suspicious")
    if flagged:
        many = f"{len(flagged)} or more" if len(flagged) == _FLAGGED_LISTED else str(len(flagged))
        said = f"{many} customers deserve a look" if len(flagged) > 1 else "1 customer deserves a look"
        found.append(Finding("look", said, "cxid report --section suspicious"))
    return found


def _events(figures: Figures) -> list[Finding]:
    events, attached = figures.amount("funnel", "events"), figures.amount("funnel", "events of a customer")
    if not events:
        return []
    level = "ok" if attached == events else "look" if attached == 0 else "ok"
    return [Finding(level, f"{attached:,} of {events:,} events ({attached / events:.1%}) belong to a customer")]
