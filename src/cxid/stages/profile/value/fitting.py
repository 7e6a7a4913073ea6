"""The models of a company: fitted where its buyers allow it, and everything by which to judge them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine, literal
from cxid.stages.profile.value import bgnbd, gammagamma
from cxid.stages.profile.value.bgnbd import Counts, Rates
from cxid.stages.profile.value.forecast import Models
from cxid.stages.profile.value.gammagamma import Spend, Spendings
from cxid.stages.profile.value.search import Floats, Found

BUYERS, REPEATERS = 100, 50
"""Fewer fit no model: the 95 % interval of a parameter then spans a factor of ten."""
TIED = 0.3
"""Rank correlation of how often and how much people buy, above which the models may not be put together."""
_HISTOGRAM = 7
_CELLS = 500_000  # above that every n-th is taken, in order: the rest would move no parameter by its third digit
_SIX = Decimal("0.000001")
_COLUMNS = ("value", "low", "high", "expected")
_SCHEMA = pa.schema(
    [(n, pa.string()) for n in ("model", "currency", "figure")]
    + [(n, pa.decimal128(28, 6)) for n in _COLUMNS]
    + [("note", pa.string())]
)

_COUNTS = "SELECT repeats, last_day, age_days, count(*) AS n FROM profile_buyer GROUP BY repeats, last_day, age_days"
_SPENT = (
    "SELECT repeats, CAST(spent_again AS DOUBLE) AS total, count(*) AS n FROM profile_buyer "
    "WHERE repeats > 0 AND spent_again > 0 AND currency = {} GROUP BY repeats, CAST(spent_again AS DOUBLE)"
)
_CURRENCIES = "SELECT currency FROM profile_buyer GROUP BY currency ORDER BY currency"


@dataclass
class Account:
    """Rows of `value_model` as they come."""

    rows: list[dict[str, str | Decimal | None]] = field(default_factory=list)

    def say(self, model: str, currency: str, figure: str, note: str | None = None, **figures: float) -> None:
        given = {name: Decimal(repr(float(v))).quantize(_SIX) for name, v in figures.items() if np.isfinite(v)}
        empty = dict.fromkeys(_COLUMNS)
        self.rows.append({"model": model, "currency": currency, "figure": figure, **empty, **given, "note": note})

    def parameters(self, model: str, currency: str, names: tuple[str, ...], found: Found) -> None:
        for name, value, low, high in zip(names, found.values, found.low, found.high, strict=True):
            self.say(model, currency, name, value=value, low=low, high=high)
        self.say(model, currency, "log_likelihood", value=found.log_likelihood)

    def table(self) -> pa.Table:
        ordered = sorted(self.rows, key=lambda row: (row["model"], row["currency"], row["figure"]))
        return pa.Table.from_pylist(ordered, schema=_SCHEMA)


def fit_models(engine: Engine, account: Account) -> Models | None:
    """The models of table profile_buyer; None when not even buying can be modelled. What was found is told."""
    rates = _fit_buying(engine, account)
    spends = {}
    for currency in engine.fetch(_CURRENCIES).column(0).to_pylist():
        if (spend := _fit_spending(engine, str(currency), account)) is not None:
            spends[str(currency)] = spend
    return None if rates is None else Models(rates, spends)


def _fit_buying(engine: Engine, account: Account) -> Rates | None:
    columns = _thinned(engine, _COUNTS, "repeats, last_day, age_days")
    counts = Counts(columns["repeats"], columns["last_day"] / 7, columns["age_days"] / 7, columns["n"])
    again = float(np.sum(counts.weight[counts.x > 0]))
    account.say("bg_nbd", "", "buyers", value=round(counts.buyers))
    account.say("bg_nbd", "", "repeat_buyers", value=round(again))
    if counts.buyers < BUYERS or again < REPEATERS:
        account.say(
            "bg_nbd", "", "fitted", f"too few: {BUYERS} buyers, {REPEATERS} of them repeat, are needed", value=0
        )
        return None
    if (found := bgnbd.fit(counts)) is None:
        account.say("bg_nbd", "", "fitted", "no peak of the likelihood was found", value=0)
        return None
    account.say("bg_nbd", "", "fitted", value=1)
    account.parameters("bg_nbd", "", ("r", "alpha", "a", "b"), found)
    rates = Rates(*found.values)
    account.say("bg_nbd", "", "purchases_a_week", value=rates.r / rates.alpha)
    account.say("bg_nbd", "", "dropout_a_purchase", value=rates.a / (rates.a + rates.b))
    expected = bgnbd.shares(rates, counts, _HISTOGRAM)
    actual = np.bincount(np.minimum(counts.x, _HISTOGRAM).astype(np.int64), counts.weight, _HISTOGRAM + 1)
    for n in range(_HISTOGRAM + 1):
        more = "_or_more" if n == _HISTOGRAM else ""
        account.say("bg_nbd", "", f"repeats_{n}{more}", value=actual[n], expected=expected[n])
    return rates


def _fit_spending(engine: Engine, currency: str, account: Account) -> Spend | None:
    columns = _thinned(engine, _SPENT.format(literal(currency)), "repeats, total")
    spendings = Spendings(columns["repeats"], columns["total"], columns["n"])
    buyers = spendings.buyers
    account.say("gamma_gamma", currency, "repeat_buyers", value=round(buyers))

    why, found = _spending(spendings, currency, account)
    if found is None:
        account.say("gamma_gamma", currency, "fitted", why, value=0)
        return None
    spend = Spend(*found.values)
    account.say("gamma_gamma", currency, "fitted", value=1)
    account.parameters("gamma_gamma", currency, ("p", "q", "v"), found)
    mean = float(np.sum(spendings.weight * spendings.total / spendings.x)) / buyers
    account.say("gamma_gamma", currency, "mean_purchase", value=mean, expected=spend.p * spend.v / (spend.q - 1))
    return spend


def _spending(spendings: Spendings, currency: str, account: Account) -> tuple[str, Found | None]:
    """The parameters of spending, or why there are none."""
    if spendings.buyers < REPEATERS:
        return f"too few: {REPEATERS} repeat buyers who spent something are needed", None
    tied = correlation(spendings)
    account.say("gamma_gamma", currency, "correlation", value=tied)
    if abs(tied) > TIED:
        return f"those who buy often spend another amount each time: correlation beyond {TIED}", None
    found = gammagamma.fit(spendings)
    if found is None:
        return "no peak of the likelihood was found", None
    if found.values[1] <= 1:
        return "the spending of the largest buyers has no mean: q is not above 1", None
    return "", found


def correlation(spendings: Spendings) -> float:
    """Spearman's, between the number of repeat purchases and their mean: 0 where either is the same for all."""
    count, mean = _ranks(spendings.x, spendings.weight), _ranks(spendings.total / spendings.x, spendings.weight)
    weight = spendings.weight / spendings.buyers
    count, mean = count - np.sum(weight * count), mean - np.sum(weight * mean)
    spread = np.sqrt(np.sum(weight * count**2) * np.sum(weight * mean**2))
    return float(round(np.sum(weight * count * mean) / spread, 6)) if spread > 0 else 0.0


def _ranks(values: Floats, weight: Floats) -> Floats:
    """The middle rank of each value, equal ones sharing it, where each stands for `weight` customers."""
    place = np.unique(values, return_inverse=True)[1]  # scipy.stats would take longer to load than to rank
    of_value = np.bincount(place, weights=weight)
    return np.asarray((np.cumsum(of_value) - of_value / 2)[place])


def _thinned(engine: Engine, sql: str, order: str) -> dict[str, Floats]:
    """The rows of `sql` as arrays, sorted; of more than _CELLS every n-th, standing for n."""
    cells = int(engine.scalar(f"SELECT count(*) FROM ({sql}) AS c"))
    step = -(-cells // _CELLS) or 1
    if step == 1:
        found = engine.fetch(f"{sql} ORDER BY {order}")
    else:
        numbered = f"SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM ({sql}) AS c"
        # cells of many customers are few and weigh most: all of them stay
        found = engine.fetch(
            f"SELECT {order}, CASE WHEN n >= {step} THEN n ELSE n * {step} END AS n FROM ({numbered}) AS p "
            f"WHERE n >= {step} OR place % {step} = 0 ORDER BY {order}"
        )
    return {name: found.column(name).to_numpy().astype(np.float64) for name in found.column_names}
