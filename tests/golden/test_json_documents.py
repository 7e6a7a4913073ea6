"""The pages about JSON documents name every key that the commands write."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.functional.cli_harness import cxid

# Objects whose keys are the reader's own: tables, fields, sources.
NAMED = {"rows", "values", "events"}


def keys(content: Any) -> Iterator[str]:
    """Every key of a document but those that are names of the reader's own."""
    if isinstance(content, dict):
        for key, inner in content.items():
            yield key
            if key not in NAMED or isinstance(inner, list):
                yield from keys(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from keys(inner)


def told(*pages: str) -> set[str]:
    """The words that a page sets as code or as headings."""
    found: set[str] = set()
    for page in pages:
        text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
        code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
        found |= set(re.findall(r"\w+", " ".join(code)))
    return found


@pytest.fixture(scope="module")
def project(two_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: `cxid plan` goes on with the run that was held back."""
    copy = tmp_path_factory.mktemp("documents") / "acme"
    shutil.copytree(two_runs, copy, symlinks=True)
    return copy


@pytest.mark.parametrize(
    ("command", "pages"),
    [
        ("diff 1 2", ["diff.md"]),
        ("plan", ["plan.md", "diff.md"]),
        ("why crm:1001 crm:1002", ["why.md"]),
        ("why crm:1002 shop:w-501", ["why.md"]),
        ("why crm:1002", ["why.md"]),
        ("show crm:1002", ["show.md", "profile.md", "tables.md"]),
        ("report", ["report.md"]),
    ],
)
def test_the_page_names_every_key(project: Path, command: str, pages: list[str]) -> None:
    done = cxid(*command.split(), "-C", project, "-f", "json")
    assert done.out, done.err
    assert set(keys(json.loads(done.out))) - told(*pages) == set()
