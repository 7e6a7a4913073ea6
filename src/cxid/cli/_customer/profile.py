"""What the profile says of a customer: in words on a terminal, attribute by attribute in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.cli._console import Console
from cxid.cli._customer.frame import facts, table
from cxid.cli._customer.words import count, day, joined, money, plain, second, share, sure
from cxid.cli._registry import part
from cxid.customer_page.model import CustomerPage

Profile = dict[str, Any]
Lines = Sequence[tuple[str, str | None]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "value": (
        "orders", "refunds", "orders_returned", "currency", "revenue", "average_order", "revenue_by_currency",
        "first_purchase_at", "last_purchase_at", "typical_gap_days", "days_since_purchase", "recency_quintile",
        "frequency_quintile", "monetary_quintile", "rfm_segment", "categories", "top_category", "p_alive",
        "expected_purchases_90d", "expected_purchases_12m", "clv_12m", "clv_12m_low", "clv_12m_high", "baseline_12m",
        "lifecycle",
    ),
    "engagement": (
        "events", "engagement_score", "preferred_channel", "preferred_hour", "sessions", "last_session_at",
        "session_minutes", "email_sent", "email_opened", "email_clicked", "email_bounced", "email_send_rate",
        "email_open_rate", "email_click_rate", "email_unsubscribed_at",
    ),
    "attitude": (
        "surveys", "nps_answers", "nps_last", "nps_group", "nps_at", "nps_trend", "csat_answers", "csat_last",
        "csat_mean", "csat_group", "csat_at", "sentiment_mean", "sentiment_trend",
    ),
    "influence": (
        "followers", "mentions", "mentions_positive", "mentions_negative", "mention_tone", "reach", "weighted_reach",
        "referrals", "community_posts", "community_answers", "community_accepted", "community_likes", "reputation",
        "influence_followers", "influence_reach", "influence_referrals", "influence_reputation", "influence_score",
        "influence_percentile", "influence_tier", "is_influencer",
    ),
    "service": (
        "tickets", "open_tickets", "last_ticket_at", "resolution_hours", "contacts", "channel_switches",
        "reopened_tickets", "effort", "deliveries", "late_deliveries", "last_late_delivery_at",
    ),
}  # fmt: skip
"""Section -> its columns of the profile."""


def _value(p: Profile) -> Lines:
    if not p.get("orders") and not p.get("refunds"):
        return ()
    currency = p.get("currency")
    bounds = joined(money(p.get("clv_12m_low")), money(p.get("clv_12m_high")), by=" to ")
    quintiles = [p.get(f"{name}_quintile") for name in ("recency", "frequency", "monetary")]
    expected, average = p.get("expected_purchases_12m"), p.get("average_order")
    return (
        ("revenue", joined(money(p.get("revenue"), currency), _several_currencies(p))),
        ("orders", joined(
            f"{p.get('orders') or 0:,}",
            f"{money(round(average, 2), currency)} on average" if average is not None else None,
            f"{p['orders_returned']:,} given back" if p.get("orders_returned") else None,
            count(p["refunds"], "refund") if p.get("refunds") else None,
        )),
        ("bought", joined(
            joined(day(p.get("first_purchase_at")), day(p.get("last_purchase_at")), by=" to "),
            f"last {count(p['days_since_purchase'], 'day')} ago" if p.get("days_since_purchase") else None,
            f"usually every {plain(p['typical_gap_days'])} days" if p.get("typical_gap_days") is not None else None,
        )),
        ("most bought", joined(p.get("top_category"), f"of {p['categories']:,} categories"
                               if (p.get("categories") or 0) > 1 else None, by=", ")),
        ("RFM", joined(p.get("rfm_segment"), "recency {}, frequency {}, monetary {} of 5".format(*quintiles)
                       if None not in quintiles else None, by=": ")),
        ("lifecycle", joined(p.get("lifecycle"), f"{sure(p['p_alive'])} likely still a customer"
                             if p.get("p_alive") is not None else None, by=": ")),
        ("next 12 months", joined(
            joined(money(p.get("clv_12m"), currency), f"({bounds} in 8 of 10 cases)" if bounds else None, by=" ")
            if p.get("clv_12m") is not None else None,
            f"{plain(round(Decimal(expected), 1))} days with a purchase" if expected is not None else None,
        )),
        ("a year so far", money(p.get("baseline_12m"), currency)),
    )  # fmt: skip


def _several_currencies(p: Profile) -> str | None:
    told = str(p.get("revenue_by_currency") or "")
    return f"by currency {told}" if told.count(":") > 1 else None


def _engagement(p: Profile) -> Lines:
    hour = p.get("preferred_hour")
    return (
        ("score", f"{plain(p['engagement_score'])} of 100" if p.get("engagement_score") is not None else None),
        ("prefers", joined(p.get("preferred_channel"), None if hour is None else f"at {hour}:00", by=", ")),
        ("visits", joined(count(p["sessions"], "visit"), f"last {day(p.get('last_session_at'))}",
                          f"{plain(p['session_minutes'])} minutes each" if p.get("session_minutes") else None)
         if p.get("sessions") else None),
        ("e-mail", joined(
            f"{p['email_sent']:,} sent",
            f"{share(p['email_open_rate'])} opened" if p.get("email_open_rate") is not None else None,
            f"{share(p['email_click_rate'])} clicked" if p.get("email_click_rate") is not None else None,
            f"{p['email_bounced']:,} came back" if p.get("email_bounced") else None,
            f"unsubscribed {day(p['email_unsubscribed_at'])}" if p.get("email_unsubscribed_at") else None,
        ) if p.get("email_sent") else None),
    )  # fmt: skip


def _attitude(p: Profile) -> Lines:
    return (
        ("NPS", joined(f"{plain(p['nps_last'])} of 10", p.get("nps_group"), day(p.get("nps_at")),
                       f"{Decimal(p['nps_trend']):+.1f} against earlier answers"
                       if p.get("nps_trend") is not None else None) if p.get("nps_last") is not None else None),
        ("satisfaction", joined(f"{plain(p['csat_last'])} of 100", p.get("csat_group"), day(p.get("csat_at")))
         if p.get("csat_last") is not None else None),
        ("tone of texts", joined(f"{Decimal(p['sentiment_mean']):+.2f} of -1 to 1",
                                 f"{Decimal(p['sentiment_trend']):+.2f} in the last 90 days"
                                 if p.get("sentiment_trend") is not None else None)
         if p.get("sentiment_mean") is not None else None),
    )  # fmt: skip


def _influence(p: Profile) -> Lines:
    if not p.get("influence_score") and not p.get("mentions"):
        return ()
    components = [
        f"{name} {plain(p[f'influence_{name}'])}"
        for name in ("followers", "reach", "referrals", "reputation")
        if p.get(f"influence_{name}")
    ]
    return (
        ("score", joined(plain(p.get("influence_score")), " + ".join(components) if components else None, by=" = ")),
        ("rank", joined(
            f"above {plain(p['influence_percentile'])} % of those with a score"
            if p.get("influence_percentile") is not None else None,
            "an influencer" if p.get("is_influencer") else None,
            p.get("influence_tier"),
        )),
        ("followers", f"{p['followers']:,}" if p.get("followers") else None),
        ("mentions", joined(f"{p['mentions']:,}", f"{p.get('mentions_positive') or 0:,} good",
                            f"{p.get('mentions_negative') or 0:,} bad", p.get("mention_tone"),
                            f"seen by {p['reach']:,}" if p.get("reach") else None) if p.get("mentions") else None),
        ("referrals", f"{p['referrals']:,}" if p.get("referrals") else None),
        ("community", joined(*(f"{p[f'community_{n}']:,} {n}" for n in ("posts", "answers", "accepted", "likes")
                               if p.get(f"community_{n}")))),
    )  # fmt: skip


def _service(p: Profile) -> Lines:
    return (
        ("tickets", joined(
            f"{p['tickets']:,}",
            f"{p['open_tickets']:,} open" if p.get("open_tickets") is not None else None,
            f"last {day(p.get('last_ticket_at'))}",
            f"solved in {plain(round(Decimal(p['resolution_hours']), 1))} hours on average"
            if p.get("resolution_hours") is not None else None,
        ) if p.get("tickets") else None),
        ("effort", joined(f"{plain(p['effort'])} per ticket", count(p.get("contacts") or 0, "contact"),
                          count(p["reopened_tickets"], "reopened ticket") if p.get("reopened_tickets") else None)
         if p.get("effort") is not None else None),
        ("deliveries", joined(
            f"{p['deliveries']:,}",
            f"{p['late_deliveries']:,} late" if p.get("late_deliveries") is not None else None,
            f"last late one {day(p['last_late_delivery_at'])}" if p.get("last_late_delivery_at") else None,
        ) if p.get("deliveries") else None),
    )  # fmt: skip


_WORDS: dict[str, tuple[str, Callable[[Profile], Lines]]] = {
    "value": ("Value", _value),
    "engagement": ("Engagement", _engagement),
    "attitude": ("Attitude", _attitude),
    "influence": ("Influence", _influence),
    "service": ("Service", _service),
}


def drawing(name: str) -> Callable[[Console, CustomerPage], None]:
    """What draws a section of the profile: words on a terminal, its attributes in a pipe."""
    heading, words = _WORDS[name]

    def draw(console: Console, page: CustomerPage) -> None:
        if console.screen.is_tty:
            facts(console, heading, words(page.profile))
        else:
            told = ((c, page.profile.get(c)) for c in COLUMNS[name])
            table(console, heading, ("attribute", "value"), [(c, shown(v)) for c, v in told if v is not None])
        if name == "attitude":
            _draw_answers(console, page)

    return draw


def saying(name: str) -> Callable[[CustomerPage], bool]:
    """What tells whether a section of the profile has anything to say."""
    words = _WORDS[name][1]
    return lambda page: any(said for _, said in words(page.profile))


def has_answers(page: CustomerPage) -> bool:
    """Whether the customer answered a survey or wrote anything."""
    return bool(page.answers) or saying("attitude")(page)


def _draw_answers(console: Console, page: CustomerPage) -> None:
    """The answers over time; a single one is told already."""
    when = day if console.screen.is_tty else second
    rows = [(when(a.time), a.source, a.type, plain(a.score)) for a in page.answers]
    if len(rows) > 1 or (rows and not console.screen.is_tty):
        table(console, "Answers to surveys", ("time (UTC)", "source", "survey", "score"), rows)


def enrichment(profile: Profile) -> list[tuple[str, Any, str]]:
    """(attribute, value, source) of what enrichment says: each attribute has its source beside it."""
    return [
        (name, value, str(profile[f"{name}_source"]))
        for name, value in profile.items()
        if value is not None and profile.get(f"{name}_source") and not name.endswith("_touch")
    ]


def draw_enrichment(console: Console, page: CustomerPage) -> None:
    """What other tables say, and which."""
    table(console, "Enrichment", ("attribute", "value", "source"), enrichment(page.profile))


def draw_attributes(console: Console, page: CustomerPage) -> None:
    """Every attribute of the profile that says something, by section."""
    sections = part("stages.profile.attributes").SECTIONS
    known = {a.name: s.title for s in sections for a in s.attributes}
    rows = [
        (known.get(name, "Enrichment"), name, shown(value))
        for name, value in page.profile.items()
        if value is not None and name != "as_of"
    ]
    if console.screen.is_tty:  # a person needs the section's name once
        rows = [("" if i and rows[i - 1][0] == row[0] else row[0], *row[1:]) for i, row in enumerate(rows)]
    table(console, f"Every attribute, as of {second(page.as_of)}", ("section", "attribute", "value"), rows)


def shown(value: Any) -> Any:
    """An attribute's value in a table."""
    return second(value) if isinstance(value, datetime) else value
