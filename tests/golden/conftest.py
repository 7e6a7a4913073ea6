"""One small company with runs, for the pages that tell what runs leave and what commands write as JSON."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.functional.cli_harness import cxid


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published run and one that a limit held back."""
    folder = tmp_path_factory.mktemp("golden") / "acme"
    shutil.copytree(ROOT / "examples" / "two-systems", folder)
    assert cxid("build", "-q", "-C", folder).code == 0
    text = (folder / "cxid.yml").read_text(encoding="utf-8")
    assert "project: two_systems" in text and "checks:" not in text
    text = text.replace("project: two_systems", "project: other\nchecks: {largest_group_max: 2}")
    (folder / "cxid.yml").write_text(text, encoding="utf-8")
    done = cxid("build", "-q", "-C", folder)
    assert done.code == 1 and done.err.startswith("error[limit_passed]"), done.err
    return folder
