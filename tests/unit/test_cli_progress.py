"""What long work shows while it runs, on a terminal and elsewhere: a clock and a terminal that the tests turn."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from cxid.cli import _progress
from cxid.cli._console import Console
from cxid.cli._options import Settings
from cxid.cli._progress import Progress
from cxid.runs.observer import RunStart
from tests.functional.cli_harness import Stream

BEFORE = RunStart(before="r0001-0badcafe", steps={"link": {"comparing pairs": 20.0}, "golden": {"ranking": 10.0}})


class Watched:
    """A progress whose clock stands until it is turned, and what it has written."""

    def __init__(self, progress: Progress, err: Stream) -> None:
        self.progress, self._err, self.now = progress, err, 1000.0

    @property
    def text(self) -> str:
        return self._err.text()

    @property
    def line(self) -> str:
        """The line that stands on the terminal now."""
        return re.split(r"\r *\r|\n", self.text)[-1]

    @property
    def shown(self) -> str:
        """What stays: all that was not wiped."""
        return re.sub(r"[^\n]*\r", "", self.text)

    def after(self, seconds: float) -> str:
        """The line when so much time has passed."""
        self.now += seconds
        self.progress.beat()
        return self.line


@contextmanager
def watching(
    settings: Settings | None = None, *, tty: bool, env: dict[str, str] | None = None, encoding: str = "utf-8"
) -> Iterator[Watched]:
    err = Stream(tty=tty, encoding=encoding)
    variables = {"TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "120", **(env or {})}
    with (
        patch.dict(os.environ, variables, clear=True),
        patch.object(sys, "stderr", err),
        patch.object(_progress, "resident_mb", lambda: 612),
    ):
        found: list[Watched] = []
        progress = Progress(Console(settings or Settings()), clock=lambda: found[0].now if found else 1000.0)
        found.append(Watched(progress, err))
        yield found[0]


def compare(seen: Watched, done: float = 250_000.0, seconds: float = 10.0) -> str:
    """The second stage of two, a quarter of its pairs compared in ten seconds; the line then."""
    seen.progress.stage_started("link", 2, 2)
    seen.progress.steps_planned("link", ["comparing pairs"])
    seen.progress.step_started("link", "comparing pairs")
    seen.now += seconds
    seen.progress.stage_progress("link", done, 1_000_000.0, "pairs")
    return seen.after(0)


def finish(progress: Progress) -> None:
    progress.stage_finished("link", 61.0, {"link_compared": 1_000_000, "link_pair": 5}, resumed=False, peak_mb=900)


def test_a_terminal_shows_stage_step_bar_share_units_rate_time_left_and_memory() -> None:
    with watching(tty=True) as seen:
        line = compare(seen)
    assert (
        line == "[2/2] link ████░░░░░░░░░░░░ 25% comparing pairs, 250k of 1.00M pairs, 25k/s, about 30 s left, 612 MB"
    )


def test_a_narrow_terminal_loses_the_least_important_first_and_never_wraps() -> None:
    lines = {}
    for width in (*range(12, 130), 200):
        with watching(tty=True, env={"COLUMNS": str(width)}) as seen:
            lines[width] = compare(seen)
            assert len(lines[width]) < width
    assert lines[80] == "[2/2] link 25% comparing pairs, 250k of 1.00M pairs, about 30 s left, 612 MB"
    assert lines[40] == "[2/2] 25% comparing pairs, 30 s left"
    assert lines[30] == "[2/2] 25% comparing pairs"
    assert lines[25] == "[2/2] comparing pairs"
    assert lines[16] == "[2/2] comparin…"


def test_without_unicode_all_is_ascii() -> None:
    with watching(tty=True, env={"LANG": "C"}, encoding="ascii") as seen:
        assert "####............ 25%" in compare(seen)
    with watching(tty=True, env={"LANG": "C", "COLUMNS": "16"}, encoding="ascii") as seen:
        assert compare(seen) == "[2/2] compari.."


def test_no_time_is_told_before_enough_is_known() -> None:
    with watching(tty=True) as seen:
        assert "10k of 1.00M pairs, 2,000/s, 5 s, 612 MB" in compare(seen, done=10_000, seconds=5)
        seen.now += 1
        seen.progress.stage_progress("link", 500_000.0, 1_000_000.0, "pairs")
        assert "about 6 s left" in seen.after(0)
        assert "about 2 s left" in seen.after(4)


def test_units_without_a_total_have_no_share() -> None:
    with watching(tty=True) as seen:
        seen.progress.step_started("", "reading people")
        seen.now += 2
        seen.progress.stage_progress("", 4200.0, None, "rows")
        line = seen.after(0)
    assert line == "reading people, 4,200 rows, 2,100/s, 2 s, 612 MB"


def test_work_that_is_over_at_once_shows_nothing() -> None:
    with watching(tty=True) as seen:
        seen.progress.step_started("", "reading people")
        seen.after(0.4)
        assert seen.text == ""


def test_a_share_does_not_go_back_between_steps_nor_stand_at_all() -> None:
    shares = []
    with watching(tty=True) as seen:
        seen.progress.stage_started("link", 1, 1)
        for step in ("finding identical records", "finding blocking rules", "comparing pairs", "scoring pairs"):
            seen.progress.step_started("link", step)
            for done in (0.0, 1.0, 2.0):
                seen.progress.stage_progress("link", done, 2.0, "things")
                shares += [int(s) for s in re.findall(r"(\d+)%", seen.after(1))]
    assert shares == sorted(shares)
    assert shares[-1] < 100


def test_a_run_before_tells_the_time_of_all() -> None:
    with watching(tty=True) as seen:
        seen.progress.run_started(BEFORE)
        line = compare(seen, seconds=5)
    assert seen.shown.startswith("about 30 s in all, by what r0001-0badcafe took\n")
    assert "about 15 s left, 25 s for all" in line


def test_what_is_spilled_to_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "duckdb_temp_storage-0.tmp").write_bytes(b"x" * 3_500_000)
    with watching(tty=True) as seen:
        seen.progress.run_started(RunStart(spill=tmp_path))
        assert compare(seen).endswith(", 612 MB, 3 MB on disk")


def test_a_finished_stage_stays_as_a_line_and_the_moving_one_is_wiped() -> None:
    with watching(tty=True) as seen:
        compare(seen)
        finish(seen.progress)
        seen.after(10)
    assert seen.shown == "[2/2] link        61.0 s  1,000,000 pairs compared, peak 900 MB\n"


def test_a_finished_stage_fits_a_narrow_terminal() -> None:
    with watching(tty=True, env={"COLUMNS": "40"}) as seen:
        compare(seen)
        finish(seen.progress)
    assert seen.shown == "[2/2] link        61.0 s\n"


def test_the_end_of_the_block_leaves_no_half_line() -> None:
    with watching(tty=True) as seen:
        with pytest.raises(KeyboardInterrupt), seen.progress:
            compare(seen)
            raise KeyboardInterrupt
        assert seen.shown == ""
        seen.progress.beat()
        assert seen.shown == ""


def test_a_terminal_that_became_narrower_is_wiped_whole() -> None:
    with watching(tty=True, env={"COLUMNS": "100"}) as seen:
        wide = len(compare(seen))
        os.environ["COLUMNS"] = "40"
        seen.progress.beat()
        assert f"\x1b[{(wide - 1) // 40}A\r\x1b[J" in seen.text  # the rows that the old line fills by now


@pytest.mark.parametrize("env", [{}, {"CI": "1"}, {"TERM": "dumb"}], ids=["pipe", "ci", "dumb"])
def test_where_nobody_watches_each_stage_is_a_line_and_a_heartbeat_tells_the_same(env: dict[str, str]) -> None:
    with watching(tty=bool(env), env=env) as seen:
        seen.progress.stage_started("sources", 1, 2)
        seen.progress.stage_finished("sources", 1.25, {"record": 1200}, resumed=True)
        compare(seen, seconds=30)
        finish(seen.progress)
    assert seen.text.splitlines() == [
        "[1/2] sources     before  1,200 records",
        "      link: comparing pairs, 250,000 of 1,000,000 pairs (8,333/s), 30 s so far, 25% of the stage, "
        "about 1 min 30 s left, 612 MB",
        "[2/2] link        61.0 s  1,000,000 pairs compared, peak 900 MB",
    ]


def test_without_progress_nothing_beats() -> None:
    with watching(Settings(no_progress=True), tty=True) as seen, seen.progress:
        compare(seen)
        assert seen.progress._thread is None
        finish(seen.progress)
    assert seen.text == "[2/2] link        61.0 s  1,000,000 pairs compared, peak 900 MB\n"


@pytest.mark.parametrize("tty", [True, False])
def test_quiet_is_silent(tty: bool) -> None:
    with watching(Settings(quiet=True), tty=tty) as seen, seen.progress:
        seen.progress.run_started(BEFORE)
        compare(seen)
        seen.after(60)
        finish(seen.progress)
    assert seen.text == ""


def test_verbose_adds_tables_and_warnings() -> None:
    with watching(Settings(verbose=True), tty=False) as seen:
        compare(seen)
        seen.progress.warned("link", "slow", "the pairs are many")
        finish(seen.progress)
    assert "      link_pair: 5 rows\n" in seen.text
    assert "      warning slow: the pairs are many\n" in seen.text


def test_the_thread_beats_by_itself_and_ends_with_the_block() -> None:
    with watching(tty=True) as seen:
        with seen.progress as progress:
            compare(seen)
            progress._over.wait(0.5)
            assert "25%" in seen.line
            thread = progress._thread
        assert thread is not None
        assert not thread.is_alive()
