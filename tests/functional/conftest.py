"""What the tests of commands share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.functional.cli_harness import cxid
from tests.functional.hostile_company import write_company


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, the second with another day; everything that looking makes once is made."""
    folder = write_company(tmp_path_factory.mktemp("companies") / "Märkte & co")
    for as_of in ("2026-05-01", "2026-06-01"):
        built = cxid("build", "-C", folder, "--as-of", as_of, "-q")
        assert (built.code, built.err) == (0, "")
    (folder / "key").write_text("a key of some length\n")
    (folder / "key").chmod(0o600)
    reviewed = cxid("eval", "--sample", "5", "-C", folder).out.splitlines()
    answered = [reviewed[0], *(re.sub(r"^([^,]*),", r"\1,yes", row, count=1) for row in reviewed[1:])]
    (folder / "reviewed.csv").write_text("\n".join(answered) + "\n")
    assert cxid("identify", "--prepare", "-C", folder).code == 0
    return folder
