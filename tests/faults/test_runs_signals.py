"""Ctrl-C and SIGTERM while the database works, while Python works, and while nothing can be stopped any more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PROGRAM = """
import sys, time
from pathlib import Path
from cxid import api, pipeline
from cxid.errors import CxidError
from tests.reference import small_stages

def work(ctx, **parts):
    Path(sys.argv[1], "busy").touch()
    if sys.argv[2] == "database":
        ctx.engine.scalar("SELECT count(*) FROM range(100000000) AS a, range(100000) AS b WHERE a.range < b.range * 3")
    elif sys.argv[2] == "python":
        time.sleep(60)
    raise RuntimeError("not stopped")

small_stages.install()
config = small_stages.small_project(Path(sys.argv[1]))
if sys.argv[2] != "calm":
    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, work)
code = 0
try:
    api.build(config)
except CxidError as error:
    code = int(error.exit_code)
sys.exit(code)
"""


def _start(place: Path, at_work: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(place), at_work], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def _results(place: Path) -> list[dict[str, Any]]:
    return [json.loads(p.read_text()) for p in sorted(place.glob(".cxid/runs/*/run_results.json"))]


@pytest.mark.parametrize("at_work", ["database", "python"])
@pytest.mark.parametrize(
    ("number", "code", "status"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_stops_the_build_within_two_seconds(
    tmp_path: Path, at_work: str, number: signal.Signals, code: int, status: str
) -> None:
    process = _start(tmp_path, at_work)
    while not (tmp_path / "busy").exists():
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.01)
    time.sleep(0.1)  # well inside the statement
    sent = time.monotonic()
    os.kill(process.pid, number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - sent < 2
    assert (process.returncode, errors) == (code, "")
    assert [r["status"] for r in _results(tmp_path)] == [status]
    assert [s["name"] for s in _results(tmp_path)[0]["stages"]] == ["sources", "stitch"]
    assert not (tmp_path / "output").exists()
    assert not list(tmp_path.glob(".cxid/runs/*/work"))


def test_after_an_interruption_the_next_build_goes_on_after_the_last_finished_stage(tmp_path: Path) -> None:
    process = _start(tmp_path, "python")
    while not (tmp_path / "busy").exists():
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    calm = _start(tmp_path, "calm")
    calm.communicate(timeout=30)
    assert calm.returncode == 0
    (results,) = _results(tmp_path)
    assert [(s["name"], s["resumed"]) for s in results["stages"]] == [
        ("sources", True),
        ("stitch", True),
        ("golden", False),
    ]
    assert results["status"] == "published"
