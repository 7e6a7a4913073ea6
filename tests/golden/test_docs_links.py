"""Links of the pages lead somewhere, and columns that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cxid.contracts import TABLES, VIEWS
from cxid.stages.profile.attributes import SECTIONS
from tests.conftest import ROOT
from tests.golden.docs_pages import PAGES, anchors, inline_code, links

COLUMNS = {t.name: {c.name for c in t.columns} for t in (*TABLES.values(), *VIEWS)}
COLUMNS["profile"] |= {a.name for s in SECTIONS for a in s.attributes}
# Further columns are the fields of the reader's own config; the figures of link_summary are rows.
OPEN = {"golden_customer", "record", "record_norm", "profile", "link_summary"}
# Names of tables that are keys of cxid.yml as well, where other words stand behind the dot.
KEYS = {"profile", "kpi", "consent", "household", "decision", "customer"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for place, target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            broken.append(f"{place}: {target}: no such file")
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            broken.append(f"{place}: {target}: no such heading")
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_columns_that_a_page_names_exist(page: Path) -> None:
    wrong = []
    for place, text in inline_code(page):
        if not (found := re.fullmatch(r"([a-z_]+)\.([a-z_0-9]+)", text)) or found[1] not in COLUMNS:
            continue
        table, column = found.groups()
        if table not in OPEN | KEYS and column not in COLUMNS[table] | {"parquet", "csv"}:
            wrong.append(f"{place}: {text}")
    assert wrong == []


def test_a_heading_has_the_anchor_that_hosts_give_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A `Word`, twice\n\n```\n# no heading\n```\n\n## A word, twice\n\n## [Link](x.md) & more\n")
    assert anchors(page) == {"a-word-twice", "a-word-twice-1", "link--more"}
