"""Is it sound, and what came of the rows?"""

from __future__ import annotations

from cxid.figures import CHANGES, Figures, verdict, whole
from cxid.html.blocks import Bar, Bars, Block, Card, Cards, Findings, Grid, Section
from cxid.html.sections.words import count, percent, share, short


def section(figures: Figures) -> Section:
    """The verdict, the figures that matter, the way from rows to customers, what changed."""
    blocks: list[Block] = [_cards(figures), Findings(verdict(figures)), _funnel(figures)]
    if rows := figures.rows("identity"):
        blocks.append(
            Grid(
                "Customers since the run before",
                ("change", "customers", "records", "by data", "by config", "by decisions"),
                [
                    (CHANGES.get(r["label"], r["label"]), *(count(whole(r.get(n))) for n in (
                        "changes", "records", "by_data", "by_config", "by_decision",
                    )))
                    for r in rows
                ],
                frozenset(range(1, 6)),
            )
        )  # fmt: skip
    return Section("overview", "Overview", "", blocks)


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
        below = f"of {short(rows)} rows"
        cards.append(Card("rows in quarantine", short(rejected), below, "look" if rejected else "good"))
    return Cards(cards)


def _funnel(figures: Figures) -> Bars:
    rows = [(r["label"], whole(r["amount"])) for r in figures.rows("funnel")]
    largest = max((n for _, n in rows), default=1)
    bars = [Bar(label, share(n, largest), count(n)) for label, n in rows if n]
    return Bars("From rows to customers", ("step", "count", ""), bars)
