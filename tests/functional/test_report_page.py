"""`cxid report --html`: one page that is whole, inert and legible."""

from __future__ import annotations

import csv
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cxid.demo import write_demo
from tests.functional.cli_harness import cxid

_SECTIONS = [
    "overview", "customers", "touchpoints", "journeys", "voices", "goals", "golden", "linkage", "inputs", "examples",
]  # fmt: skip
_HOSTILE = ("<script>alert(1)</script>", "[/bold]", "\x1b[31mred", '"><img src=x onerror=alert(1)>')
_MOST_BYTES = 2_000_000


class _Page(HTMLParser):
    """What a browser would find: elements, attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_demo(folder, people=120, seed=4)
    done = cxid("build", "-q", "-C", folder)
    assert done.code == 0, done.err
    return folder


def _page(folder: Path, *options: str) -> str:
    target = folder / "report.html"
    done = cxid("report", "--html", target, *options, "-C", folder)
    assert (done.code, done.out) == (0, ""), done.err
    return target.read_text(encoding="utf-8")


def test_the_page_asks_nobody_for_anything_and_runs_nothing(company: Path) -> None:
    page = _Page(_page(company))
    assert not {"script", "iframe", "img", "link", "object", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert all(link.startswith("#") for link in page.of("href"))
    assert any(policy.startswith("default-src 'none'") for policy in page.of("content"))
    assert not page.open


def test_the_page_has_its_sections_and_is_small_and_private(company: Path) -> None:
    text = _page(company)
    assert re.findall(r'<section id="([a-z]+)"', text) == _SECTIONS
    assert len(text.encode()) < _MOST_BYTES
    assert stat.S_IMODE((company / "report.html").stat().st_mode) == 0o600


def test_every_name_to_link_to_is_there_once(company: Path) -> None:
    page = _Page(_page(company))
    names = page.of("id")
    assert len(names) == len(set(names))
    assert {link[1:] for link in page.of("href")} <= set(names)


def test_every_drawing_has_a_name_and_its_figures_beside_it(company: Path) -> None:
    blocks = re.split(r'<div class="block ', _page(company))[1:]
    drawn = [block for block in blocks if "<svg" in block]
    assert len(drawn) >= 8
    for block in drawn:
        assert all('role="img" aria-label="' in svg for svg in re.findall("<svg[^>]*>", block))
        assert block.index("<svg") < block.index("<details>") < block.index("<table")


def test_every_section_says_what_it_found_and_every_block_what_it_shows(company: Path) -> None:
    text = _page(company)
    assert len(re.findall(r'<p class="lede">[^<]*[0-9][^<]*\.</p>', text)) == len(_SECTIONS) - 1  # not the examples
    blocks = re.findall(r'<div class="block (\w+)[^>]*>\s*(<h3)?', text)
    assert {kind for kind, heading in blocks if not heading} == {"cards"}


def test_who_goes_by_keyboard_sees_where(company: Path) -> None:
    style = re.search("<style>(.*?)</style>", _page(company), re.DOTALL)
    assert style is not None
    assert ":focus-visible{outline:2px solid" in style[1]
    assert "outline:none" not in style[1]
    assert "outline:0" not in style[1]


def test_values_are_masked_unless_asked_for(company: Path) -> None:
    with (company / "output" / "golden_customer.csv").open(encoding="utf-8") as file:
        addresses = {row["email"] for row in csv.DictReader(file) if row["email"]}
    masked, clear = _page(company), _page(company, "--unmasked")
    assert not any(address in masked for address in addresses)
    assert any(address in clear for address in addresses)


@pytest.mark.parametrize("masked", [True, False])
def test_hostile_values_are_text_and_nothing_else(tmp_path: Path, *, masked: bool) -> None:
    rows = [["no", "name", "mail", "town"]]
    for n in range(12):
        hostile = _HOSTILE[n % len(_HOSTILE)]
        rows.append([f"{hostile}{n}", f"Ann {hostile}", f"ann{n // 2}@x.example", hostile])
    with (tmp_path / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (tmp_path / "cxid.yml").write_text(
        "version: 1\nproject: '<b>shop</b>'\nsources:\n  crm: {path: crm.csv, kind: people, key: no, "
        "columns: {full_name: name, email: mail, city: town}}\n",
        encoding="utf-8",
    )
    assert cxid("build", "-q", "-C", tmp_path).code == 0
    text = _page(tmp_path, *(() if masked else ("--unmasked",)))
    page = _Page(text)
    assert not {"script", "img", "b"} & set(page.tags)
    assert not [c for c in text if ord(c) < 32 and c != "\n"]


def test_a_project_without_events_or_people_has_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "web.csv").write_text("at,cookie\n2026-05-01,a\n2026-05-02,b\n", encoding="utf-8")
    (tmp_path / "cxid.yml").write_text(
        "version: 1\nsources:\n  web: {path: web.csv, kind: events, time: at, ids: {cookie: cookie}}\n",
        encoding="utf-8",
    )
    assert cxid("build", "-q", "-C", tmp_path).code == 0
    assert re.findall(r'<section id="([a-z]+)"', _page(tmp_path)) == ["overview", "touchpoints", "goals", "inputs"]


@pytest.mark.parametrize(("target", "said"), [(".", "is a folder"), ("none/report.html", "no such folder")])
def test_a_place_that_cannot_be_written_is_told(company: Path, target: str, said: str) -> None:
    done = cxid("report", "--html", company / target, "-C", company)
    assert done.code == 2
    assert said in done.err
