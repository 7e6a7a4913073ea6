"""What tests of every folder share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that a red suite means a change and not a chance; EXPLORE=1 looks further.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "steady")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of labelled data sets; the test is skipped where it is not beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the labelled data sets are not beside this checkout")
    return SHARED
