"""Every metric of table `kpi`: what it counts, over what, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass

ACQUISITION = "awareness/acquisition"
ENGAGEMENT = "onboarding/engagement"
RETENTION = "retention/advocacy"
PHASES = (ACQUISITION, ENGAGEMENT, RETENTION)


@dataclass(frozen=True)
class Metric:
    """One metric: `value` in words, what stands above and below the line, what feeds it.

    `needs` are columns of the profile without which it cannot be known; a `count` has nothing below the line.
    """

    name: str
    phase: str
    unit: str  # customers, share, money, days, points
    definition: str
    numerator: str
    denominator: str
    fed_by: str
    needs: tuple[str, ...] = ()

    @property
    def is_count(self) -> bool:
        return not self.denominator


METRICS: tuple[Metric, ...] = (
    Metric(
        "new_known_customers",
        ACQUISITION,
        "customers",
        "Known customers (a record or an identifier names a person) who were first seen in the period.",
        "known customers whose earliest record change or event lies in it",
        "",
        "any source with times",
    ),
    Metric(
        "anonymous_to_known_rate",
        ACQUISITION,
        "share",
        "Of those who first came as a device without a name, the share that is known by as_of. Late periods had less "
        "time to become known.",
        "of them, customers that are known at as_of",
        "customers whose first touch lies in the period, and only a cookie, device or session speaks for it",
        "events with cookies, devices or sessions",
    ),
    Metric(
        "cost_per_acquired_customer",
        ACQUISITION,
        "money",
        "What advertising cost for each customer who bought for the first time, whatever brought them: a blended "
        "figure, for each currency of the costs.",
        "amounts of events in channel ads that are no sales",
        "customers whose first purchase lies in the period",
        "advertising events with an amount, and purchases",
    ),
    Metric(
        "activation_rate",
        ENGAGEMENT,
        "share",
        "Of the known customers first seen in the period, the share that bought within kpis.activation_days. Those who "
        "have not had the time yet are left out of both numbers.",
        "of them, customers with a purchase within kpis.activation_days of the first sight",
        "known customers first seen in the period, kpis.activation_days or longer ago",
        "purchases",
    ),
    Metric(
        "days_to_second_purchase",
        ENGAGEMENT,
        "days",
        "Days from the first day with a purchase to the second, the mean of those whose second lies in the period.",
        "sum of these days",
        "customers whose second day with a purchase lies in the period",
        "purchases",
    ),
    Metric(
        "engaged_share",
        ENGAGEMENT,
        "share",
        "Share of the known customers who did something themselves in the period: what the company did (mails sent, "
        "invoices, deliveries) does not count.",
        "known customers with an event of their own in the period",
        "known customers first seen by its end",
        "events, transactions, mentions or survey",
    ),
    Metric(
        "repeat_rate",
        RETENTION,
        "share",
        "Of those who bought in the period, the share for whom it was not the first purchase.",
        "of them, customers with a second or later purchase in the period",
        "customers with a purchase in the period",
        "purchases",
    ),
    Metric(
        "churn_rate",
        RETENTION,
        "share",
        "Of the customers at the beginning of the period (a purchase in the kpis.churn_days before), the share that "
        "left in it: kpis.churn_days without a purchase, and not back by its end. Of the whole span: customers who "
        "have left at as_of, of those who first bought kpis.churn_days ago or earlier.",
        "customers who left in the period",
        "customers at its beginning",
        "purchases",
    ),
    Metric(
        "nps",
        RETENTION,
        "points",
        "Net promoter score: 100 x (promoters - detractors) over respondents, the last answer of each in the period "
        "(the lower one of two at the same time). `margin` is 1.96 standard errors. For everybody, and for each value "
        "of kpis.segment; those who did not answer are no part of it.",
        "100 x (promoters less detractors)",
        "customers who answered in the period",
        "survey answers of type nps",
    ),
    Metric(
        "promoters_who_advocate",
        RETENTION,
        "share",
        "Of the promoters of the period, the share that speaks up: public mentions with an advocate's tone, or a "
        "referral, up to as_of.",
        "of them, customers with mentions of an advocate's tone or a referral",
        "customers whose last answer in the period is a promoter's",
        "survey answers of type nps, with mentions or referrals",
        ("mentions", "mention_tone", "referrals"),
    ),
    Metric(
        "revenue_from_influencers",
        RETENTION,
        "share",
        "Share of the revenue that comes from influencers (`is_influencer` of the profile, as it is at as_of), by "
        "currency. What their followers buy because of them is not in it.",
        "purchases less refunds of influencers",
        "purchases less refunds of all customers",
        "purchases, with followers or mentions",
        ("is_influencer",),
    ),
)
