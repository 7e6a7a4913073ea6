"""What the customer is likely to be worth: is he still one, how often will he buy, for how much."""

from __future__ import annotations

import pyarrow as pa

from cxid import sql
from cxid.contracts import VALUE_MODEL
from cxid.engine.base import Engine
from cxid.stages.context import Reporter
from cxid.stages.profile.section import MONEY, Attribute, Section
from cxid.stages.profile.sections.purchases import is_fed
from cxid.stages.profile.value.fitting import REPEATERS, Account, fit_models

_NONE = "no purchase that was kept"
_UNFITTED = f"{_NONE}, or no model of buying: `value_model` says why"
_UNPRICED = f"{_NONE}, or no model of buying or of spending in `currency`: `value_model` says why"

ATTRIBUTES = (
    Attribute("frequency", "BIGINT", "Days with a purchase after the first one; what was given back is none.", _NONE),
    Attribute("recency", "DECIMAL(9,2)", "Weeks from the first day with a purchase to the last.", _NONE),
    Attribute("T", "DECIMAL(9,2)", "Weeks from the first day with a purchase to as_of.", _NONE),
    Attribute(
        "p_alive",
        "DECIMAL(9,6)",
        "Probability that the customer still buys, by BG/NBD.",
        f"{_UNFITTED}; bought on one day only, of whom the model says nothing",
    ),
    Attribute(
        "expected_purchases_90d",
        "DECIMAL(9,4)",
        "Days with a purchase to expect in the 90 days after as_of, by BG/NBD.",
        _UNFITTED,
    ),
    Attribute(
        "expected_purchases_12m",
        "DECIMAL(9,4)",
        "Days with a purchase to expect in the 365 days after as_of, by BG/NBD.",
        _UNFITTED,
    ),
    Attribute(
        "clv_12m",
        MONEY,
        "Money to expect in these 365 days, less refunds, in `currency`: expected purchases x expected spending, by "
        "BG/NBD and Gamma-Gamma. No margin and no discount are taken off.",
        _UNPRICED,
    ),
    Attribute("clv_12m_low", MONEY, "One customer of ten will spend less than this; often 0.", _UNPRICED),
    Attribute("clv_12m_high", MONEY, "One customer of ten will spend more than this.", _UNPRICED),
    Attribute(
        "baseline_12m",
        MONEY,
        "What the customer spent a year so far, less refunds, in `currency`: to compare clv_12m with. The first year "
        "counts as a whole one.",
        _NONE,
    ),
    Attribute(
        "lifecycle",
        "VARCHAR",
        "Who bought again, by p_alive: active above .6, cooling above .5, at_risk above .35, high_risk above .2, lost. "
        "Who did not, by the days since: new, cooling, at_risk, high_risk, lost, with 50, 20, 10, 5 % of those who "
        "came back still to come.",
        f"{_UNFITTED}; of one-time buyers also with fewer than {REPEATERS} who came back",
    ),
)
_BANDS = {"new": 50, "cooling": 20, "at_risk": 10, "high_risk": 5}
_WAITED = (
    "SELECT second_day, count(*) AS n FROM profile_buyer WHERE repeats > 0 GROUP BY second_day ORDER BY second_day"
)
_CELLS = (
    "SELECT currency, repeats, last_day, age_days FROM profile_buyer GROUP BY currency, repeats, last_day, age_days "
    "ORDER BY repeats, age_days, last_day, currency"
)
_UNKNOWN = ("p_alive", "soon", "year", "v", "mean", "low", "high")


def write(engine: Engine) -> None:
    """Tables `profile_value` and `value_model`; reads what the purchases left."""
    engine.run("profile_buyer", sql.load("profile", "profile_buyer"))
    account = Account()
    models = fit_models(engine, account)
    engine.run("profile_cell", _CELLS)
    if models is None:
        unknown = ", ".join(f"CAST(NULL AS DOUBLE) AS {name}" for name in _UNKNOWN)
        engine.run("profile_value_cell", f"SELECT *, {unknown} FROM profile_cell")
    else:
        engine.map_rows("profile_value_cell", "profile_cell", models.forecast)
    engine.load("profile_waiting", _waiting(engine, account))
    engine.run("profile_value", sql.load("profile", "profile_value"))
    engine.load("value_model", account.table())
    engine.drop("profile_buyer", "profile_cell", "profile_value_cell", "profile_waiting")


def _waiting(engine: Engine, account: Account) -> pa.Table:
    """One row: until which day after the first purchase a customer is in each band; missing with too few to tell."""
    waited = engine.fetch(_WAITED).to_pylist()
    buyers = sum(row["n"] for row in waited)
    ends: dict[str, list[int | None]] = {}
    for band, share in _BANDS.items():
        end, later = None, buyers
        for row in waited if buyers >= REPEATERS else ():
            if 100 * later <= share * buyers:
                break
            end, later = int(row["second_day"]), later - row["n"]
        ends[f"{band}_until"] = [end]
        if end is not None:
            account.say("lifecycle", "", f"{band}_until_days", value=end)
    return pa.table({name: pa.array(values, pa.int64()) for name, values in ends.items()})


def tell_value(engine: Engine, reporter: Reporter) -> None:
    """`value_model` also where nothing is sold; a warning for each model that could not be had."""
    if "value_model" not in engine.tables():
        columns = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in VALUE_MODEL.columns)
        engine.run("value_model", f"SELECT {columns} WHERE 1 = 0")
    refused = engine.fetch(
        "SELECT model, note, count(*) AS currencies FROM value_model WHERE figure = 'fitted' AND value = 0 "
        "GROUP BY model, note ORDER BY model, note"
    ).to_pylist()
    for row in refused:
        if row["model"] == "bg_nbd":
            reporter.warn("value_buying", f"no model of how often people buy: {row['note']}; baseline_12m remains")
        else:
            where = "one currency" if row["currencies"] == 1 else f"{row['currencies']} currencies"
            reporter.warn("value_spending", f"no model of spending in {where}: {row['note']}; baseline_12m remains")


SECTION = Section(
    "value", "Value", "transactions, or events of a purchase type with an amount", ATTRIBUTES, is_fed, write
)
