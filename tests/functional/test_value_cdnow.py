"""Real purchases, from the file through a whole build: the published counts, parameters and likelihoods come out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxid import api
from cxid.config.loading import load_config

CONFIG = """version: 1
project: cdnow
sources:
  shop:
    path: purchases.csv
    kind: transactions
    time: order_date
    amount: amount
    currency: USD
    ids: {customer_no: customer_id}
profile: {as_of: 1997-09-30}
outputs: {formats: [parquet]}
"""
# Fader, Hardie, Lee (2005), table 2; Fader, Hardie (2013), section 5
PUBLISHED = {
    ("bg_nbd", "r"): 0.2426, ("bg_nbd", "alpha"): 4.414, ("bg_nbd", "a"): 0.793, ("bg_nbd", "b"): 2.426,
    ("bg_nbd", "log_likelihood"): -9582.4,
    ("gamma_gamma", "p"): 6.249, ("gamma_gamma", "q"): 3.745, ("gamma_gamma", "v"): 15.448,
}  # fmt: skip

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def sample() -> dict[str, int]:
    return {}


@pytest.fixture(scope="module")
def built(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """(output of a build of the sampled customers' purchases up to the end of the data, as of 1997-09-30; the data)."""
    data, root = shared_data / "purchases_cdnow", tmp_path_factory.mktemp("cdnow")
    with (data / "sample_ids.csv").open(encoding="utf-8") as file:
        sampled = {row["customer_id"] for row in csv.DictReader(file)}
    with (data / "transactions.csv").open(encoding="utf-8") as raw, (root / "purchases.csv").open("w") as made:
        rows = csv.reader(raw)
        out = csv.writer(made)
        out.writerow(next(rows))
        out.writerows(row for row in rows if row[0] in sampled)
    (root / "cxid.yml").write_text(CONFIG, encoding="utf-8")
    api.build(load_config(root / "cxid.yml"))
    return root / "output", data


def _profiles(output: Path) -> dict[str, dict[str, Any]]:
    """customer_no of the shop -> its row of the profile."""
    profile = {row["customer_id"]: row for row in pq.read_table(output / "profile.parquet").to_pylist()}
    known = pq.read_table(output / "identity_map.parquet").to_pylist()
    return {row["id_value"]: profile[row["customer_id"]] for row in known if row["id_type"] == "customer_no"}


def test_frequency_recency_and_t_are_the_published_ones_of_every_customer(built: tuple[Path, Path]) -> None:
    output, data = built
    with (data / "sample_ids.csv").open(encoding="utf-8") as file:
        number = {row["customer_id"]: int(row["sample_id"]) for row in csv.DictReader(file)}
    with (data / "cdnow_customers_summary.csv").open(encoding="utf-8") as file:
        published = {
            int(r["ID"]): (int(r["frequency"]), Decimal(r["recency"]), Decimal(r["T"])) for r in csv.DictReader(file)
        }
    found = {number[c]: (row["frequency"], row["recency"], row["T"]) for c, row in _profiles(output).items()}
    assert len(found) == 2357
    assert found == published


def test_parameters_and_likelihood_are_within_half_a_percent_of_the_published(built: tuple[Path, Path]) -> None:
    rows = pq.read_table(built[0] / "value_model.parquet").to_pylist()
    found = {(row["model"], row["figure"]): float(row["value"]) for row in rows}
    assert found["gamma_gamma", "repeat_buyers"] == 946
    for at, published in PUBLISHED.items():
        assert found[at] == pytest.approx(published, rel=0.005), at


def test_bounds_hold_four_of_five_customers_of_the_following_months(built: tuple[Path, Path]) -> None:
    """The data end on 1998-06-30, 273 days after as_of: the lower bounds of a year lie below that, the upper above."""
    output, _ = built
    spent: dict[str, Decimal] = {}
    with (output.parent / "purchases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["order_date"] > "1997-09-30":
                spent[row["customer_id"]] = spent.get(row["customer_id"], Decimal(0)) + Decimal(row["amount"])
    profiles = _profiles(output)
    above = sum(spent.get(c, Decimal(0)) > row["clv_12m_high"] for c, row in profiles.items())
    assert above / len(profiles) < 0.12
    repeat = {c: row for c, row in profiles.items() if row["frequency"]}
    for lower, upper in ((0.8, 1.0), (0.5, 0.8), (0.0, 0.5)):
        band = [c for c, row in repeat.items() if lower < row["p_alive"] <= upper]
        came = sum(c in spent for c in band) / len(band)
        assert came <= upper, "nobody comes back who is no customer any more"
