"""The report page in a browser: accessible, silent, asking for nothing, legible on a phone, in print, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.demo import write_demo
from tests.functional.browser import browse, chromium, console, look
from tests.functional.cli_harness import cxid
from tests.functional.hostile_company import write_company

_ASKS = '<img src="https://x.example/a.png" alt="">'
_ALL = "#everything"
_SECTIONS = [
    "overview", "customers", "touchpoints", "journeys", "voices", "goals", "golden", "linkage", "inputs", "examples",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every section."""
    chromium()
    folder = tmp_path_factory.mktemp("company")
    write_demo(folder, people=120, seed=4)
    return _page(folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a company that means harm, with its values in clear."""
    chromium()
    return _page(write_company(tmp_path_factory.mktemp("hostile") / "company"), "--unmasked")


def _page(folder: Path, *options: str) -> Path:
    built = cxid("build", "-q", "-C", folder)
    assert built.code == 0, built.err
    done = cxid("report", "--html", folder / "report.html", *options, "-C", folder)
    assert done.code == 0, done.err
    return folder / "report.html"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_nobody_is_kept_out(page: Path, tmp_path: Path, width: int, *, dark: bool) -> None:
    seen = look(tmp_path, page, width, dark=dark, section=_ALL)
    assert seen.violations == []
    assert {"color-contrast", "heading-order", "svg-img-alt"} <= set(seen.rules)
    assert (seen.dark, seen.width, seen.sections) == (dark, width, _SECTIONS)
    assert (seen.fetched, seen.console) == ([], [])


def test_a_fault_would_be_found(page: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    text = page.read_text(encoding="utf-8").replace("--quiet:#4f5b69", "--quiet:#c4ccd6", 1)
    broken.write_text(text.replace("<h3", "<h5").replace("</h3>", "</h5>"), encoding="utf-8")
    seen = look(tmp_path, broken, 1280, section=_ALL)
    assert {v.split(":")[0] for v in seen.violations} >= {"color-contrast", "heading-order"}


def test_one_section_at_a_time_is_shown_and_all_of_them_on_demand(page: Path, tmp_path: Path) -> None:
    shown = {at: look(tmp_path, page, 1280, section=at, axe=False).sections for at in ("", "#journeys", _ALL)}
    assert shown == {"": ["overview"], "#journeys": ["journeys"], _ALL: _SECTIONS}


def test_the_policy_forbids_what_a_value_could_ask_for(page: Path, tmp_path: Path) -> None:
    quiet = browse(tmp_path, page, "--dump-dom")
    assert console(quiet) == []
    loud = tmp_path / "loud.html"
    loud.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{_ASKS}</main>"), encoding="utf-8")
    assert any("Content Security Policy" in line for line in console(browse(tmp_path, loud, "--dump-dom")))


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_values_neither_act_nor_break_the_layout(hostile: Path, tmp_path: Path, width: int) -> None:
    seen = look(tmp_path, hostile, width, section=_ALL)
    assert (seen.violations, seen.fetched, seen.console) == ([], [], [])
    assert seen.width == width


def test_it_prints_with_every_section_and_nothing_to_click(page: Path, tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    browse(tmp_path, page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    assert len(_SECTIONS) <= paper.read_bytes().count(b"/Type /Page\n") <= 2 * len(_SECTIONS)
