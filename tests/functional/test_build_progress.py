"""What somebody who waits for a build is told: every stage, the writing of its tables, and the publishing."""

from __future__ import annotations

from pathlib import Path

from cxid import api
from cxid.pipeline import STAGES, STEPS
from cxid.runs.observer import Unobserved
from tests.functional.test_pipeline_end_to_end import make_project


class Watcher(Unobserved):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.started: list[tuple[str, int, int]] = []
        self.finished: list[str] = []
        self.told: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def stage_started(self, stage: str, position: int, total: int) -> None:
        self.started.append((stage, position, total))

    def stage_progress(self, stage: str, done: float, total: float, what: str) -> None:
        self.told.setdefault((stage, what), []).append((done, total))

    def stage_finished(self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool) -> None:
        self.finished.append(stage)


def test_every_step_is_announced_up_to_the_last_which_publishes(tmp_path: Path) -> None:
    watcher = Watcher()
    api.build(make_project(tmp_path), threads=1, observer=watcher)
    names = [*(stage.name for stage in STAGES), "publish"]
    assert watcher.started == [(name, place, STEPS) for place, name in enumerate(names, 1)]
    assert watcher.finished == names
    for (stage, what), told in watcher.told.items():
        assert [done for done, _ in told] == sorted(done for done, _ in told), (stage, what)
        assert all(0 <= done <= total for done, total in told), (stage, what)
    assert {stage for stage, what in watcher.told if what == "tables written"} == set(names[:-1])
    done, total = watcher.told["publish", "outputs"][-1]
    assert 0 < done < total  # the database comes after what is counted
