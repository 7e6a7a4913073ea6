"""The pages of docs/reference that are made from code are those in the repository."""

from __future__ import annotations

import importlib.util
import re

import pytest

from cxid.contracts import TABLES
from cxid.stages.profile.attributes import SECTIONS
from tests.conftest import ROOT

_spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
assert _spec is not None and _spec.loader is not None
make_reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_reference)


@pytest.mark.parametrize("name", sorted(make_reference.PAGES))
def test_the_page_is_current(name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert page.read_text(encoding="utf-8") == make_reference.PAGES[name](), "run: python docs/make_reference.py"


def test_each_description_stands_by_itself() -> None:
    """dbt, editors and `DESCRIBE` show one alone: it may not lean on the one before."""
    told = {f"{t.name}.{c.name}": c.note for t in TABLES.values() for c in t.columns}
    told |= {f"profile.{a.name}": a.definition for s in SECTIONS for a in s.attributes}
    leaning = re.compile(r"(its|their|of these|of them|the same|since when|latest such)\b", re.IGNORECASE)
    assert {name: text for name, text in told.items() if leaning.match(text) or len(text) < 3} == {}
