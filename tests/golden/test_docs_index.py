"""The indexes of the documentation list every page under its title.

`python -m tests.golden.test_docs_index` writes the index of the decisions anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
THEMES = {
    "00": "Foundations",
    "01": "Linkage",
    "02": "Customers and their ids",
    "03": "Runs",
    "04": "Values",
    "05": "Looking and deciding",
    "06": "Profiles and what is done with them",
    "07": "Reports and documentation",
}
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#]+)\)")


def title_of(page: Path) -> str:
    return page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def decisions_index() -> str:
    """A list of the decisions for each theme, told by the first two figures of their numbers."""
    lines = ["# Decisions", "", "What was decided, what was refused, and why; a screen each."]
    for number, theme in THEMES.items():
        lines += ["", f"## {theme}", ""]
        for page in sorted(DECISIONS.glob(f"{number}*.md")):
            title = title_of(page)
            lines.append(f"- [{title[:4]}]({page.name}) {title[4:].lstrip(': ')}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", ["how-to", "explanation"])
def test_the_index_lists_every_page_under_its_title(kind: str) -> None:
    listed = _LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))
    assert {(title_of(p), f"{kind}/{p.name}") for p in (DOCS / kind).glob("*.md")} == {
        (title, target) for title, target in listed if target.startswith(f"{kind}/")
    }


def test_the_index_leads_to_every_example_and_to_the_other_indexes() -> None:
    targets = {target for _, target in _LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))}
    examples = {p.name for p in (ROOT / "examples").iterdir() if p.is_dir()}
    assert {t.split("/")[2] for t in targets if t.startswith("../examples/")} == examples
    assert {"tutorial/README.md", "reference/README.md", "decisions/README.md", "glossary.md"} <= targets


def test_every_decision_is_listed_under_its_theme() -> None:
    page = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert page == decisions_index(), "python -m tests.golden.test_docs_index writes it anew"


if __name__ == "__main__":
    (DECISIONS / "README.md").write_text(decisions_index(), encoding="utf-8")
