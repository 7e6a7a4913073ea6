"""What somebody who waits for a build is told: every stage, the writing of its tables, and the publishing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid import api
from cxid.pipeline import STAGES, STEPS
from cxid.runs.observer import RunStart, Unobserved
from cxid.runs.usual import WRITING, usual
from tests.functional.test_pipeline_end_to_end import make_project


class Watcher(Unobserved):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.started: list[tuple[str, int, int]] = []
        self.finished: list[str] = []
        self.told: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
        self.steps: list[tuple[str, str]] = []
        self.runs: list[RunStart] = []

    def run_started(self, run: RunStart) -> None:
        self.runs.append(run)

    def stage_started(self, stage: str, position: int, total: int) -> None:
        self.started.append((stage, position, total))

    def step_started(self, stage: str, step: str) -> None:
        self.steps.append((stage, step))

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None:
        assert total is not None
        step = self.steps[-1][1]
        self.told.setdefault((stage, step), []).append((done, total, done / max(total, 1) if part is None else part))

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        self.finished.append(stage)
        assert peak_mb > 0


def test_every_step_is_announced_up_to_the_last_which_publishes(tmp_path: Path) -> None:
    watcher = Watcher()
    api.build(make_project(tmp_path), threads=1, observer=watcher)
    names = [*(stage.name for stage in STAGES), "publish"]
    assert watcher.started == [(name, place, STEPS) for place, name in enumerate(names, 1)]
    assert watcher.finished == names
    for place, told in watcher.told.items():
        assert [done for done, _, _ in told] == sorted(done for done, _, _ in told), place
        assert [part for _, _, part in told] == sorted(part for _, _, part in told), place
        assert all(0 <= done <= total and 0 <= part <= 1 for done, total, part in told), place
    assert {stage for stage, step in watcher.steps if step == WRITING} == set(names[:-1])
    done, total, part = watcher.told["publish", "writing outputs"][-1]
    assert done == total
    assert part == pytest.approx(1.0)
    assert watcher.told["", "looking for what changed in the files"]


def test_what_a_step_usually_takes_is_known_of_each(tmp_path: Path) -> None:
    """A step that is renamed, or a new one, would weigh nothing; one that is gone would be waited for."""
    watcher = Watcher()
    api.build(make_project(tmp_path), threads=1, observer=watcher)
    for stage in (*(stage.name for stage in STAGES), "publish"):
        taken = [step for at, step in watcher.steps if at == stage]
        known = list(usual(stage, None, None))
        assert [step for step in known if step in taken] == taken, stage
        optional = {step for step in known if step.startswith("making section")}
        assert set(known) - set(taken) <= optional, stage


def test_a_later_run_is_told_what_the_one_before_took(tmp_path: Path) -> None:
    watcher, config = Watcher(), make_project(tmp_path)
    first = api.build(config, threads=1, observer=watcher)
    api.build(config, threads=1, full_refresh=True, observer=watcher)
    before, after = watcher.runs
    assert before.seconds == 0
    assert before.before == ""
    assert after.before == first.run_id
    assert after.seconds == pytest.approx(first.seconds, rel=0.2)
    assert list(after.steps) == [stage.name for stage in STAGES]
    assert set(after.steps["link"]) <= set(usual("link", None, None))
    api.build(
        config, threads=1, force=True, observer=watcher
    )  # goes on from the one before, of which kind none is known
    assert watcher.runs[-1].seconds == 0
