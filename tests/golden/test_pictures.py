"""Pictures of the pages are small, fetch nothing, and are shown somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PICTURES = sorted(p for p in (ROOT / "docs/pictures").iterdir() if p.suffix in (".svg", ".png"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.name)
def test_a_picture_is_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < 300_000
    assert picture.relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("picture", [p for p in PICTURES if p.suffix == ".svg"], ids=lambda p: p.name)
def test_a_drawn_picture_fetches_nothing(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"url\(['\"]?http|href=|@import|@font-face", text)
    assert "/tmp" not in text
