"""Is it sound, what came of the rows, what changed, and where to read on."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import CHANGES, Figures, verdict, whole
from cxid.html.blocks import Bar, Bars, Block, Card, Cards, Contents, Findings, Grid, Section
from cxid.html.sections.words import count, many, percent, sentences, share, short

# Each a funnel by itself, drawn against its first step: rows, records and customers differ by powers of ten.
_FUNNELS = (
    ("rest", ("rows", "accepted", "quarantined")),
    ("a", ("people records", "customers with records", "customers of two or more records", "customers to review")),
    ("c", ("events", "events of a customer")),
    ("d", ("customers and visitors", "known customers", "anonymous visitors")),
)


def section(figures: Figures, others: Sequence[Section]) -> Section:
    """The verdict, the figures that matter, the way from rows to customers, what changed, what the others say."""
    blocks: list[Block] = [_cards(figures), Findings("Is it sound?", verdict(figures))]
    blocks += [b for b in (_changes(figures), _contents(others), _funnel(figures)) if b]
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
        Card("known customers", short(amount("known customers")), f"{short(amount('anonymous visitors'))} visitors"),
        Card("people records", short(records), f"of {short(customers)} customers"),
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
        cards.append(Card("in quarantine", short(rejected), f"of {short(rows)} rows", "look" if rejected else "good"))
    return Cards(cards)


def _changes(figures: Figures) -> Block | None:
    names = ("changes", "records", "by_data", "by_config", "by_decision")
    rows = [
        (CHANGES.get(r["label"], r["label"]), *(count(whole(r.get(n))) for n in names))
        for r in figures.rows("identity")
    ]
    columns = ("change", "customers", "records", "by data", "by config", "by decisions")
    return Grid("What changed since the run before", columns, rows, frozenset(range(1, 6))) if rows else None


def _contents(others: Sequence[Section]) -> Block | None:
    ways = [(s.name, s.title, s.lede) for s in others]
    return Contents("In this report", ways) if ways else None


def _funnel(figures: Figures) -> Bars | None:
    amounts = {r["label"]: whole(r["amount"]) for r in figures.rows("funnel")}
    amounts["customers and visitors"] = amounts.get("known customers", 0) + amounts.get("anonymous visitors", 0)
    bars = []
    for tone, steps in _FUNNELS:
        first = amounts.get(steps[0], 0)
        for step in steps if first else ():
            n = amounts.get(step, 0)
            remark = "" if step == steps[0] else f"{percent(n, first)} of {steps[0]}"
            bars.append(Bar(step, share(n, first), count(n), remark, tone))
    return Bars("From rows to customers", ("step", "number", "share"), bars, wide=True) if bars else None
