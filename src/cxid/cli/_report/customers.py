"""Who the customers are: stages, voices, what they buy, where they are met, what they allow."""

from __future__ import annotations

from cxid.cli._report.drawing import bars, table
from cxid.cli._report.view import View, count, words
from cxid.figures import decimal, percent, whole
from cxid.figures.words import OWNERLESS

_STAGES = ("advocate", "repeat", "customer", "engaged", "aware", "at_risk", "lapsed", "unknown")
_GROUPS = ("promoter", "passive", "detractor")


def write_stages(view: View) -> None:
    """Known customers by the stage they are in."""
    now = {r["label"]: whole(r["customers"]) for r in view.figures.rows("stages")}
    ordered = [s for s in _STAGES if s in now] + sorted(s for s in now if s not in _STAGES)
    every = sum(now.values())
    bars(view, ("stage", "customers", "share"), [(words(s), now[s], (percent(now[s], every),)) for s in ordered])


def write_nps(view: View) -> None:
    """The net promoter score and its groups, each customer by the last answer."""
    groups = {r["label"]: whole(r["customers"]) for r in view.figures.rows("nps")}
    every = sum(groups.values())
    net = 100 * (groups.get("promoter", 0) - groups.get("detractor", 0)) / every
    view.note(f"net promoter score {net:+.1f}, from the last answer of {every:,} customers")
    told = [(group, groups[group], (percent(groups[group], every),)) for group in _GROUPS if group in groups]
    bars(view, ("group", "customers", "share"), told)


def write_influence(view: View) -> None:
    """Customers with a voice by the size of their audience."""
    table(
        view,
        ("audience", "customers", "influencers", "reach"),
        [
            (r["label"], count(r["customers"]), count(r["influencers"]), count(r["reach"]))
            for r in view.figures.rows("influence")
        ],
    )


def write_events(view: View) -> None:
    """Events by source and whose they are; why some are of nobody; which identifiers decided."""
    view.console.grid(
        ("source", "kind", "events", "of a customer", "share", "of a known one", "share", "customers"),
        [
            (
                r["label"], r["kind"], count(r["events"]), count(r["of_a_customer"]),
                percent(whole(r["of_a_customer"]), whole(r["events"])), count(r["of_a_known_customer"]),
                percent(whole(r["of_a_known_customer"]), whole(r["events"])), count(r["customers"]),
            )
            for r in view.figures.rows("events")
        ],
    )  # fmt: skip
    if lost := view.figures.rows("ownerless"):
        view.line()
        view.console.grid(
            ("source", "events of nobody", "why"),
            [(r["label"], count(r["events"]), f"they {OWNERLESS.get(r['reason'], r['reason'])}") for r in lost],
        )
    if deciders := view.figures.rows("deciders"):
        view.line()
        told = [(r["label"] or "-", whole(r["events"]), ()) for r in deciders]
        bars(view, ("identifier that decided", "events"), told)


def write_channels(view: View) -> None:
    """Customers and events by channel."""
    rows = [
        (r["label"], whole(r["customers"]), (f"{count(r['events'])} events",)) for r in view.figures.rows("channels")
    ]
    bars(view, ("channel", "customers", "events"), rows)


def write_months(view: View) -> None:
    """Events by month."""
    bars(view, ("month", "events"), [(r["label"], whole(r["events"]), ()) for r in view.figures.rows("months")])


def write_purchases(view: View) -> None:
    """Purchases, refunds and revenue by currency, and the revenue of customers."""
    view.console.grid(
        ("currency", "customers", "purchases", "refunds", "revenue", "of customers", "share"),
        [
            (
                r["label"] or "-", count(r["customers"]), count(r["purchases"]), count(r["refunds"]),
                f"{decimal(r['revenue']):,.2f}", f"{decimal(r['revenue_of_customers']):,.2f}",
                percent(decimal(r["revenue_of_customers"]), decimal(r["revenue"])),
            )
            for r in view.figures.rows("purchases")
        ],
    )  # fmt: skip


def write_value(view: View) -> None:
    """What buyers are expected to spend in twelve months, and how well the model of it fits."""
    view.console.grid(
        ("currency", "buyers", "foretold", "next 12 months", "a year so far"),
        [
            (
                r["label"] or "-", count(r["customers"]), count(r["foretold"]),
                f"{decimal(r.get('clv')):,.0f}" if whole(r["foretold"]) else "", f"{decimal(r.get('baseline')):,.0f}",
            )
            for r in view.figures.rows("worth")
        ],
    )  # fmt: skip
    for r in view.figures.rows("unvalued"):
        where = f" in {r['currency']}" if r["currency"] else ""
        view.note(f"no model of {r['label']}{where}: {r['note']}")
    if view.figures.rows("buying"):
        view.line()
        view.console.grid(
            ("repeat purchases", "customers", "the model expects"),
            [(r["label"], count(r["customers"]), count(r["expected"])) for r in view.figures.rows("buying")],
        )


def write_rfm(view: View) -> None:
    """Buyers by segment of recency and frequency."""
    segments: dict[str, int] = {}
    for r in view.figures.rows("rfm"):
        segments[r["segment"]] = segments.get(r["segment"], 0) + whole(r["customers"])
    buyers = sum(segments.values())
    ordered = sorted(segments.items(), key=lambda s: (-s[1], s[0]))
    bars(view, ("segment", "customers", "share"), [(words(s), n, (percent(n, buyers),)) for s, n in ordered])


def write_households(view: View) -> None:
    """Households by the number of customers in them."""
    rows = view.figures.rows("households")
    told = [(r["label"], whole(r["households"]), (f"{count(r['customers'])} customers",)) for r in rows]
    bars(view, ("customers of one household", "households", "in all"), told)


def write_ages(view: View) -> None:
    """Known customers by band of age."""
    rows = view.figures.rows("ages")
    every = sum(whole(r["customers"]) for r in rows)
    told = [(r["label"], whole(r["customers"]), (percent(whole(r["customers"]), every),)) for r in rows]
    bars(view, ("age", "customers", "share"), told)


def write_consents(view: View) -> None:
    """Permissions by purpose and channel."""
    view.console.grid(
        ("purpose", "channel", "granted", "denied", "unknown", "contradictory"),
        [
            (r["label"], r["channel"], *(count(r[n]) for n in ("granted", "denied", "unknown", "conflicts")))
            for r in view.figures.rows("consents")
        ],
    )


def write_journey(view: View) -> None:
    """Known customers by the stage of a year ago and that of today; which stages they entered lately."""
    if rows := view.figures.rows("shift"):
        view.console.grid(
            ("a year ago", "now", "customers"),
            [(words(r["label"]), words(r["stage"]), count(r["customers"])) for r in rows],
        )
    if moves := view.figures.rows("moves"):
        view.line()
        view.console.grid(
            ("from", "to", "customers", "in the last 90 days"),
            [(words(r["label"]), words(r["stage"]), count(r["customers"]), count(r["recent"])) for r in moves],
        )
    if paths := view.figures.rows("paths"):
        view.line()
        view.console.grid(
            ("first met by", "stage now", "customers"),
            [(r["label"], words(r["stage"]), count(r["customers"])) for r in paths],
        )
