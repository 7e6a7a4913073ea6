"""A plan that is killed, or whose disk fails, at every place where it writes: what is published stays."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def _fire(folder: Path, *args: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.plans_under_fire", str(folder), *args],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("action", "stride", "more", "status"),
    [
        pytest.param("kill9", "1", (), int(signal.SIGKILL), marks=pytest.mark.slow),
        ("kill9", "13", (), int(signal.SIGKILL)),
        pytest.param("kill9", "13", ("discard",), int(signal.SIGKILL), marks=pytest.mark.slow),
        ("enospc", "13", (), 5 << 8),
    ],
    ids=["killed everywhere", "killed", "killed while nothing is to be kept", "disk full"],
)
def test_a_plan_that_fails_anywhere_leaves_what_is_published_and_a_build_makes_it_good(
    tmp_path: Path, action: str, stride: str, more: tuple[str, ...], status: int
) -> None:
    found = _fire(tmp_path, action, stride, *more)
    assert found["wrong"] == []
    assert found["statuses"] == [status]
    assert isinstance(found["shots"], int) and found["shots"] > 3
