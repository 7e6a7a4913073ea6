"""Is it sound, what came of the rows, what changed, and where to read on."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import CHANGES, Figures, Row, decimal, obstacles, verdict, whole
from cxid.html.blocks import Bar, Bars, Block, Card, Cards, Contents, Findings, Grid, Remedies, Remedy, Section
from cxid.html.sections.words import count, many, percent, sentences, share, short

# Each a funnel by itself, drawn against its first step: rows, records and customers differ by powers of ten.
_FUNNELS = (
    ("rest", ("rows", "accepted", "quarantined")),
    ("a", ("people records", "customers with records", "customers of two or more records", "customers to review")),
    ("c", ("events", "events of a customer", "events of a known customer")),
    ("d", ("customers and visitors", "known customers", "anonymous visitors")),
)
_CAUSES = {"by_data": "data", "by_config": "config", "by_decision": "decisions"}
_REMEDIES = 8  # the terminal lists all of them
_TELLING = 0.001  # of all; a smaller part is shown as a number only


def section(figures: Figures, others: Sequence[Section]) -> Section:
    """The verdict, the figures that matter, the way from rows to customers, what changed, what the others say."""
    blocks: list[Block] = [_cards(figures), Findings("Is it sound?", verdict(figures))]
    found = (_changes(figures), _identity(figures), _contents(others), _funnel(figures), _remedies(figures))
    blocks += [b for b in found if b]
    return Section("overview", "Overview", _lede(figures), blocks)


def _lede(figures: Figures) -> str:
    def amount(label: str) -> int:
        return figures.amount("funnel", label)

    found = verdict(figures)
    bad, look = (sum(f.level == level for f in found) for level in ("bad", "look"))
    judged = many(bad, "thing is wrong", "things are wrong") if bad else ""
    looks = many(look, "thing deserves a look", "things deserve a look") if look else ""
    return sentences(
        (
            f"{many(amount('rows'), 'row')} of {many(amount('files'), 'file')} became "
            f"{many(amount('known customers'), 'known customer')} and "
            f"{many(amount('anonymous visitors'), 'anonymous visitor')}",
            ", ".join(said for said in (judged, looks) if said) or "nothing speaks against this run",
        )
    )


def _cards(figures: Figures) -> Cards:
    def amount(label: str) -> int:
        return figures.amount("funnel", label)

    records, customers = amount("people records"), amount("customers with records")
    cards = [
        Card("known customers", short(amount("known customers")), _of(amount("anonymous visitors"), "visitor")),
        Card("people records", short(records), f"of {_of(customers, 'customer')}"),
    ]
    if joined := amount("customers of two or more records"):
        cards.append(Card("joined customers", short(joined), f"{percent(joined, customers)} have two or more records"))
    if events := amount("events"):
        attached = amount("events of a customer")
        cards.append(Card("events", short(events), f"{percent(attached, events)} belong to a customer"))
    review = amount("customers to review")
    cards.append(Card("to review", short(review), percent(review, customers), "look" if review else "good"))
    if rows := amount("rows"):
        rejected = amount("quarantined")
        cards.append(Card("in quarantine", short(rejected), f"of {_of(rows, 'row')}", "look" if rejected else "good"))
    return Cards(cards)


def _of(number: int, noun: str) -> str:
    return f"{short(number)} {noun}{'' if number == 1 else 's'}"


def _changes(figures: Figures) -> Block | None:
    """Counts of the run before and of this one."""
    rows = [_change(r) for r in figures.rows("changes")]
    caption = f"What changed since run {figures.text('run', 'previous')}".rstrip()
    return Grid(caption, ("figure", "before", "now", "change"), rows, frozenset((1, 2, 3))) if rows else None


def _change(row: Row) -> tuple[str, str, str, str]:
    before, after = decimal(row["before"]), decimal(row["after"])
    if row["label"].startswith("expected_precision"):
        label = "estimated precision " + ("of customers" if row["label"].endswith("customers") else "of pairs")
        points = round((after - before) * 100, 1)
        return label, f"{before:.1%}", f"{after:.1%}", f"{points:+.1f} points" if points else "="
    return row["label"], f"{before:,.0f}", f"{after:,.0f}", f"{after - before:+,.0f}" if after != before else "="


def _identity(figures: Figures) -> Block | None:
    """What became of customers, and why."""
    rows = []
    for r in figures.rows("identity"):
        causes = ", ".join(f"{count(n)} {words}" for name, words in _CAUSES.items() if (n := whole(r.get(name))))
        rows.append((CHANGES[r["label"]], count(whole(r["changes"])), count(whole(r["records"])), causes))
    columns = ("change", "customers", "records", "by")
    return Grid("What became of customers", columns, rows, frozenset((1, 2))) if rows else None


def _contents(others: Sequence[Section]) -> Block | None:
    ways = [(s.name, s.title, s.lede) for s in others]
    return Contents("In this report", ways) if ways else None


def _funnel(figures: Figures) -> Bars | None:
    amounts = {r["label"]: whole(r["amount"]) for r in figures.rows("funnel")}
    amounts["events of a known customer"] = sum(whole(r["of_a_known_customer"]) for r in figures.rows("events"))
    amounts["customers and visitors"] = amounts.get("known customers", 0) + amounts.get("anonymous visitors", 0)
    bars = []
    for tone, steps in _FUNNELS:
        first = amounts.get(steps[0], 0)
        for step in steps if first else ():
            n = amounts.get(step, 0)
            remark = "" if step == steps[0] else percent(n, first)
            bars.append(Bar(step, share(n, first), count(n), remark, tone))
    return Bars("From rows to customers", ("step", "number", "of the first"), bars, wide=True) if bars else None


def _remedies(figures: Figures) -> Block | None:
    remedies = [
        Remedy(o.text, f"{o.share:.1%} of all {o.unit}" if _TELLING <= o.share < 1 else "", o.config, o.command)
        for o in obstacles(figures)[:_REMEDIES]
    ]
    return Remedies("What holds the result back, and what to do", remedies) if remedies else None
