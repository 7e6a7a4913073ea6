"""What init writes is read back the same, and its date formats parse what it saw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cxid.config.guess.dates import find_dates
from cxid.config.guess.found import Evidence, Guess, LeftOut
from cxid.config.guess.render import render_yaml
from cxid.config.guess.words import free_name, read_header

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)
COLUMN = st.one_of(TEXT, st.lists(TEXT, min_size=1, max_size=3), st.fixed_dictionaries({"from": TEXT, "format": TEXT}))


@settings(max_examples=150, deadline=None)
@given(columns=st.dictionaries(TEXT, COLUMN, min_size=1, max_size=5), path=TEXT, why=TEXT)
def test_any_name_survives_the_way_through_the_file(columns: dict[str, Any], path: str, why: str) -> None:
    source = {"path": path, "kind": "people", "key": path, "columns": columns}
    guess = Guess(
        {"version": 1, "project": path, "country": "GB", "sources": {"crm": source}},
        tuple(Evidence(("sources", "crm", "columns", f), f, why, 0.5) for f in columns),
        (LeftOut("crm", path, why), LeftOut(path, "", why)),
        (why,),
    )
    assert YAML(typ="safe", pure=True).load(render_yaml(guess)) == guess.config


FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%d-%m-%Y",
    "%d %b %Y",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
)


@settings(max_examples=150, deadline=None)
@given(
    days=st.lists(st.dates(date(1900, 1, 1), date(2029, 12, 31)), min_size=30, max_size=60, unique=True),
    form=st.sampled_from(FORMATS),
)
def test_the_format_found_reads_the_dates_that_were_written(days: list[date], form: str) -> None:
    moments = [datetime(d.year, d.month, d.day, 10, 30, 15 if "%S" in form else 0) for d in days]
    found = find_dates([m.strftime(form) for m in moments])
    assert found is not None
    if found.certain:
        assert [datetime.strptime(m.strftime(form), found.format).date() for m in moments] == days


@settings(max_examples=200, deadline=None)
@given(header=TEXT, taken=st.sets(st.sampled_from(["email", "phone", "city", "x", "crm_x"])))
def test_any_header_gives_a_safe_name_that_is_not_taken(header: str, taken: set[str]) -> None:
    name = free_name(header, taken, "crm")
    assert name not in taken
    assert name.isascii() and name == name.lower() and name.isidentifier() and len(name) <= 60
    read_header(header)
