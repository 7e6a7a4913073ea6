"""init on the labelled data sets: what a person who knows them would map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxid.config.guess import guess_config, render_yaml
from cxid.config.loading import parse_config

pytestmark = pytest.mark.shared_data


def sources_of(folder: Path) -> dict[str, Any]:
    guess = guess_config([folder], root=folder)
    parse_config(render_yaml(guess).encode(), folder / "cxid.yml", env={})
    assert "truth" not in guess.config["sources"]
    return dict(guess.config["sources"])


def test_historical_people(shared_data: Path) -> None:
    source = sources_of(shared_data / "historical_50k")["records"]
    assert source["key"] == "record_id"
    assert {"given_name", "family_name", "birth_date", "birth_place", "postcode", "gender", "occupation"} == set(
        source["columns"]
    )


@pytest.mark.parametrize("name", ["fake_1000", "fake_20000"])
def test_fake_people(shared_data: Path, name: str) -> None:
    source = sources_of(shared_data / name)["records"]
    assert set(source["columns"]) == {"given_name", "family_name", "email", "birth_date", "city"}
    assert "ids" not in source


def test_birth_dates_in_three_columns(shared_data: Path) -> None:
    columns = sources_of(shared_data / "rldata10000")["records"]["columns"]
    assert columns["birth_date"] == {"from": ["by", "bm", "bd"], "join": "-", "format": "%Y-%m-%d"}


def test_australian_addresses(shared_data: Path) -> None:
    columns = sources_of(shared_data / "febrl_dsgen_c")["records"]["columns"]
    assert (columns["house_number"], columns["street"], columns["city"]) == ("street_number", "address_1", "suburb")
    assert columns["birth_date"]["format"] == "%Y%m%d"


def test_a_master_index_and_its_incoming_cases(shared_data: Path) -> None:
    sources = sources_of(shared_data / "mpi_cases")
    assert set(sources) == {"records_incoming", "records_mpi_seed"}
    for source in sources.values():
        assert source["columns"]["family_name"] == ["LAST", "MAIDEN"]
        assert source["columns"]["national_id"] == "SSN"
        assert "ids" not in source


def test_six_registers_with_three_date_formats(shared_data: Path) -> None:
    sources = sources_of(shared_data / "registers_6src")
    formats = {n: s["columns"]["birth_date"]["format"] for n, s in sources.items() if "birth_date" in s["columns"]}
    assert formats == {
        "records_census_2020": "%m/%d/%Y", "records_census_2030": "%m/%d/%Y", "records_ssa_2020": "%Y%m%d", "records_wic_2019_2024": "%m%d%Y",
    }  # fmt: skip
    wages = sources["records_w2_2020"]["columns"]
    assert (wages["street"], wages["city"]) == ("mailing_address_street_name", "mailing_address_city")


def test_purchases_and_their_side_tables(shared_data: Path) -> None:
    sources = sources_of(shared_data / "purchases_cdnow")
    assert set(sources) == {"transactions"}
    assert sources["transactions"]["ids"] == {"customer_no": "customer_id"}


def test_web_events(shared_data: Path) -> None:
    source = sources_of(shared_data / "web_events")["events"]
    assert (source["kind"], source["ids"], source["time"]) == ("events", {"user_id": "user_id"}, "timestamp")
