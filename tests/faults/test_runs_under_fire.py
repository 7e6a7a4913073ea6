"""Builds that are killed, starved of disk, raced and watched: all or nothing is published, and the next build heals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cxid.pipeline import STAGES
from tests.conftest import ROOT

KILLED, OUT_OF_DISK = 9, 5 << 8  # wait statuses: a signal; exit code 5


def _under_fire(job: str, place: Path, *options: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.builds_under_fire", job, str(place), *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_a_build_killed_at_any_place_publishes_all_or_nothing_and_the_next_gives_the_same_bytes(tmp_path: Path) -> None:
    found = _under_fire("shoot", tmp_path, "kill9", 1)
    assert (found["wrong"], found["statuses"]) == ([], [KILLED])
    assert found["shots"] > 50


@pytest.mark.parametrize(
    ("action", "status", "which"),
    [
        ("kill9", KILLED, "first"),
        ("enospc", OUT_OF_DISK, "second"),
        pytest.param("eio", OUT_OF_DISK, "second", marks=pytest.mark.slow),
    ],
)
def test_a_first_build_or_a_full_or_broken_disk_does_no_harm_either(
    tmp_path: Path, action: str, status: int, which: str
) -> None:
    found = _under_fire("shoot", tmp_path, action, 16, which)
    assert (found["wrong"], found["statuses"]) == ([], [status])
    assert found["shots"] >= 5


def test_a_reader_that_looks_every_five_milliseconds_never_sees_a_mixed_state(tmp_path: Path) -> None:
    found = _under_fire("watch", tmp_path)
    assert len(set(found["states"])) == 4
    assert set(found["seen"]) <= {"", *found["states"]}
    assert len(found["seen"]) >= 3


def test_of_eight_racers_one_wins_and_the_others_say_that_it_runs(tmp_path: Path) -> None:
    assert _under_fire("race", tmp_path, 8) == {"codes": [0] + [11] * 7, "published": True}


@pytest.mark.slow
def test_a_build_with_the_real_stages_killed_after_any_of_them_gives_the_same_bytes(tmp_path: Path) -> None:
    assert _under_fire("stages", tmp_path) == {"wrong": [], "stages": len(STAGES)}


@pytest.mark.slow
def test_a_build_that_takes_over_killed_after_a_stage_goes_on_to_the_bytes_of_a_full_one(tmp_path: Path) -> None:
    assert _under_fire("taking-over", tmp_path) == {"wrong": []}
