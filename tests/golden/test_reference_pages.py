"""The pages of docs/reference that are made from code are those in the repository."""

from __future__ import annotations

import importlib.util

import pytest

from tests.conftest import ROOT

_spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
assert _spec is not None and _spec.loader is not None
make_reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_reference)


@pytest.mark.parametrize("name", sorted(make_reference.PAGES))
def test_the_page_is_current(name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert page.read_text(encoding="utf-8") == make_reference.PAGES[name](), "run: python docs/make_reference.py"
