"""What the two models say of each buyer: alive or not, purchases to come, money to come and its bounds.

A buyer is a cell (repeat purchases, day of the last, days of history); the money of his repeat purchases only scales
what he will spend. His spending is S = (v + money) x R, where R is a ratio of gamma variables for each number of
purchases to come: a beta prime. So the bounds of R are found once for a cell, from the distribution of the purchases to
come and that of the spending of each, and no simulation is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import betainc

from cxid.stages.profile.value.bgnbd import Rates, at_least, p_alive, reach
from cxid.stages.profile.value.gammagamma import Spend
from cxid.stages.profile.value.search import Floats, Places

SOON, YEAR = 90 / 7, 365 / 7
"""Weeks ahead."""
BOUNDS = (0.10, 0.90)
"""Of ten customers one will spend less than the lower bound, one more than the upper one."""
_POINTS = 64  # of a grid over R, evenly spaced in its logarithm: steps of about 15 %
_SCHEMA = pa.schema(
    [
        ("p_alive", pa.float64()),
        ("soon", pa.float64()),
        ("year", pa.float64()),
        ("v", pa.float64()),
        ("mean", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Models:
    """What was fitted: one model of buying, and one of spending for each currency that has enough repeat buyers."""

    rates: Rates
    spends: Mapping[str, Spend]

    def forecast(self, cells: pa.Table) -> pa.Table:
        """The cells with p_alive, purchases to come `soon` and in a `year`; v, and mean, low, high of R.

        R and v are missing where the currency has no model. No row depends on another.
        """
        x, t, age = (cells.column(n).to_numpy().astype(np.float64) for n in ("repeats", "last_day", "age_days"))
        currency = np.array(cells.column("currency").to_pylist(), dtype=object)
        found = {name: np.full(len(x), np.nan) for name in _SCHEMA.names}
        found["p_alive"] = p_alive(self.rates, x, t / 7, age / 7)
        for kind in np.unique(x):
            self._fill(found, np.flatnonzero(x == kind), float(kind), age / 7, currency)
        for field in _SCHEMA:
            values = pa.array(found[field.name], field.type, from_pandas=True)
            cells = cells.append_column(field, values)
        return cells

    def _fill(
        self, found: dict[str, Floats], rows: Places, x: float, weeks: Floats, currency: NDArray[np.object_]
    ) -> None:
        """The forecasts of the rows with x repeat purchases."""
        spans, place = np.unique(weeks[rows], return_inverse=True)
        alive = found["p_alive"][rows]
        soon = at_least(self.rates, x, spans, SOON, reach(self.rates, x, SOON))
        year = at_least(self.rates, x, spans, YEAR, reach(self.rates, x, YEAR))
        found["soon"][rows] = alive * np.sum(soon, axis=1)[place]
        found["year"][rows] = alive * np.sum(year, axis=1)[place]
        for code in sorted(set(currency[rows])):
            if (spend := self.spends.get(code)) is None:
                continue
            here = np.flatnonzero(currency[rows] == code)
            own = rows[here]
            found["v"][own] = spend.v
            found["mean"][own] = found["year"][own] * spend.p / (spend.p * x + spend.q - 1)
            grid, above = spendings_above(spend, x, year)
            for name, share in zip(("low", "high"), BOUNDS, strict=True):
                found[name][own] = crossing(grid, above, place[here], (1 - share) / alive[here])


def spendings_above(spend: Spend, x: float, reached: Floats) -> tuple[Floats, Floats]:
    """A grid over R, and P(R above it) for those alive: a row for each row of `reached`, P(at least y purchases)."""
    most = reached.shape[1]
    typical = spend.p / (spend.p * x + spend.q)
    grid = np.geomspace(typical * 0.02, typical * 10 * (most + 2), _POINTS)
    share = grid / (1 + grid)
    exactly = reached - np.append(reached[:, 1:], np.zeros((len(reached), 1)), axis=1)
    exactly = np.where(exactly > 1e-8, exactly, 0.0)  # each by itself, so that no row depends on another
    above = np.zeros((len(reached), _POINTS))
    for y in np.flatnonzero(np.max(exactly, axis=0)):
        above += exactly[:, y, None] * (1 - betainc(spend.p * (y + 1), spend.q + spend.p * x, share))
    return grid, above


def crossing(grid: Floats, above: Floats, place: Places, target: Floats) -> Floats:
    """Where P(R above) of row `place` falls to `target`: 0 where it is never so high, straight lines in between."""
    rows = above[place]
    passed = np.sum(rows > target[:, None], axis=1)
    right = np.clip(passed, 1, len(grid) - 1)
    upper = np.take_along_axis(rows, right[:, None] - 1, axis=1)[:, 0]
    lower = np.take_along_axis(rows, right[:, None], axis=1)[:, 0]
    part = np.clip((upper - target) / np.maximum(upper - lower, 1e-300), 0, 1)
    logs = np.log(grid)
    return np.where(passed == 0, 0.0, np.exp(logs[right - 1] + part * (logs[right] - logs[right - 1])))
