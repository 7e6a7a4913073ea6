"""Rollback, clean and decisions that are killed or starved of disk: whole before or whole after, and a retry works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

KILLED, OUT_OF_DISK = 9, 5 << 8  # wait statuses: a signal; exit code 5


@pytest.mark.parametrize(("action", "status"), [("kill9", KILLED), ("enospc", OUT_OF_DISK)])
@pytest.mark.parametrize(("job", "places"), [("rollback", 4), ("clean", 4), ("decide", 3)])
def test_all_or_nothing_at_every_place(tmp_path: Path, job: str, places: int, action: str, status: int) -> None:
    command = [sys.executable, "-m", "tests.faults.decisions_under_fire", job, str(tmp_path), action]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["wrong"], found["statuses"]) == ([], [status])
    assert found["shots"] >= places
