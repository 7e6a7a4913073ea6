"""What tests of every folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of labelled data sets; the test is skipped where it is not beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the labelled data sets are not beside this checkout")
    return SHARED
