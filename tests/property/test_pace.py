"""The estimate of what is left: never back, never all, nothing from nothing, and right where the pace is even."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxid.runs.observer import RunStart
from cxid.runs.pace import RunPace, StagePace

_NAMES = st.sampled_from(["read", "compare", "fit", "write", "unheard-of"])
_WEIGHTS = st.dictionaries(_NAMES, st.just(0.0) | st.floats(1e-6, 100), max_size=4)
# (seconds until it is told, a step or None, units done and total)
_SIGNALS = st.lists(
    st.tuples(st.floats(0, 60), st.none() | _NAMES, st.floats(-5, 200), st.none() | st.floats(-5, 150)), max_size=30
)


@given(weights=_WEIGHTS, signals=_SIGNALS, timed=st.booleans())
def test_a_share_never_goes_back_and_is_never_all(
    weights: dict[str, float], signals: list[tuple[float, str | None, float, float | None]], timed: bool
) -> None:
    pace, now, before = StagePace(weights, 0.0, timed=timed), 0.0, 0.0
    for later, step, done, total in signals:
        now += later
        if step is None:
            pace.units(done, total, now)
        else:
            pace.step(step, now)
        share, left = pace.share, pace.left(now + 1)
        if share is not None:
            assert before <= share < 1
            before = share
        assert left is None or left >= 0


@given(weights=_WEIGHTS, waited=st.floats(0, 10_000))
def test_nothing_is_estimated_from_nothing(weights: dict[str, float], waited: float) -> None:
    pace = StagePace(weights, 0.0)
    assert pace.left(waited) is None
    pace.step("compare", 0.0)
    pace.units(0, 100, waited)
    assert pace.left(waited) is None


def test_nothing_is_estimated_before_enough_of_the_stage_is_done() -> None:
    pace = StagePace({"compare": 10.0, "write": 10.0}, 0.0)
    pace.step("compare", 0.0)
    pace.units(9, 100, 30.0)  # 4.5 % of the stage
    assert pace.left(30.0) is None
    pace.units(11, 100, 30.0)
    assert pace.left(30.0) is not None


def test_nothing_is_estimated_within_the_first_second() -> None:
    pace = StagePace({"compare": 10.0}, 0.0)
    pace.step("compare", 0.0)
    pace.units(50, 100, 0.9)
    assert pace.left(0.9) is None
    pace.units(60, 100, 1.2)
    assert pace.left(1.2) == pytest.approx(0.8)


def test_between_two_counts_the_time_left_runs_down() -> None:
    pace = StagePace({"read": 10.0}, 0.0)
    pace.step("read", 0.0)
    pace.units(50, 100, 20.0)
    assert [pace.left(20.0 + later) for later in (0, 5, 15)] == pytest.approx([20.0, 15.0, 5.0])
    assert pace.left(60.0) == pytest.approx(6.0)  # it takes longer: 15 % of the 40 seconds without a count
    pace.units(75, 100, 60.0)
    assert pace.left(60.0) == pytest.approx(20.0)


@given(
    weights=st.lists(st.floats(1, 50), min_size=1, max_size=6),
    speed=st.floats(0.1, 20),
    at=st.floats(0.2, 0.95),
    timed=st.booleans(),
)
def test_an_even_pace_is_told_exactly(weights: list[float], speed: float, at: float, timed: bool) -> None:
    """Where steps take what they usually take, times one factor, the estimate is what is left."""
    named = {f"step {i}": weight for i, weight in enumerate(weights)}
    took = {name: weight / speed for name, weight in named.items()}
    whole = sum(took.values())
    now, begun = at * whole, 0.0
    pace = StagePace(named, 0.0, timed=timed)
    for name, seconds in took.items():
        if begun > now:
            break
        pace.step(name, begun)
        if begun + seconds > now:
            pace.units(now - begun, seconds, now)
        begun += seconds
    left = pace.left(now)
    if left is None:
        assert not timed
        assert now < 1 or at < 0.05
    else:
        today, before = whole - now, (1 - at) * sum(weights)  # the speed of the run before counts beside today's
        first, last = sorted((today, before if timed else today))
        assert 0.99 * first - 0.01 <= left <= 1.01 * last + 0.01


def test_steps_that_are_left_out_are_neither_done_nor_to_come() -> None:
    pace = StagePace({"search": 40.0, "compare": 10.0, "fit": 40.0, "write": 10.0}, 0.0)
    pace.plan(["compare", "write"])
    pace.step("compare", 0.0)
    pace.units(5, 10, 5.0)
    assert pace.share == pytest.approx(0.25)
    assert pace.left(5.0) == pytest.approx(15.0)
    pace.step("write", 10.0)  # the step before it counts whole, though it had told of a half
    assert pace.share == pytest.approx(0.5)


def test_a_step_that_comes_before_its_turn_leaves_out_those_between() -> None:
    pace = StagePace({"search": 80.0, "write": 20.0}, 0.0)
    pace.step("write", 0.0)
    pace.units(1, 2, 1.0)
    assert pace.share == pytest.approx(0.5)


def test_a_step_that_takes_longer_than_usual_is_expected_to_take_on() -> None:
    pace = StagePace({"read": 10.0, "sort": 10.0}, 0.0)
    pace.step("read", 0.0)
    pace.step("sort", 10.0)
    assert pace.left(15.0) == pytest.approx(5.0)
    assert pace.left(60.0) == pytest.approx(7.5)  # 15 % of the 50 seconds that it has taken


def test_work_without_a_total_has_no_share() -> None:
    pace = StagePace({}, 0.0)
    pace.step("reading", 0.0)
    pace.units(500, None, 60.0)
    assert pace.share is None
    assert pace.left(60.0) is None


def test_work_without_steps_goes_by_its_units() -> None:
    pace = StagePace({}, 0.0)
    pace.step("making people", 0.0)
    pace.units(250, 1000, 10.0)
    assert pace.share == pytest.approx(0.25)
    assert pace.left(10.0) == pytest.approx(30.0)


def test_a_run_goes_by_the_run_before_and_by_how_fast_it_was_so_far() -> None:
    before = RunStart(before="r0001", steps={"link": {"compare": 60.0}, "golden": {"choose": 30.0}}, rest=10.0)
    assert before.seconds == 100
    pace = RunPace(before)
    assert pace.left("link", None) == pytest.approx(100.0)
    assert pace.left("link", 20.0) == pytest.approx(60.0)
    pace.finish_stage("link", 130.0, resumed=False)  # twice as slow
    assert pace.left("golden", 60.0) == pytest.approx(80.0)
    assert pace.left("golden", None) == pytest.approx(80.0)


def test_a_stage_that_was_finished_before_tells_nothing_of_the_speed() -> None:
    pace = RunPace(RunStart(steps={"link": {"compare": 60.0}, "golden": {"choose": 40.0}}))
    pace.finish_stage("link", 1.0, resumed=True)
    assert pace.left("golden", None) == pytest.approx(40.0)


def test_without_a_run_before_nothing_is_said_of_the_whole() -> None:
    assert RunPace(RunStart()).left("link", 10.0) is None
