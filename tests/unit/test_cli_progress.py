"""What a build shows while it runs, on a terminal and elsewhere."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import replace
from unittest.mock import patch

import pytest

from cxid.cli._console import Console
from cxid.cli._options import Settings
from cxid.cli._progress import Progress, _span
from tests.functional.cli_harness import Stream


def watch(settings: Settings, *, tty: bool, env: dict[str, str] | None = None, heartbeat: float = 60.0) -> str:
    """What stands on stderr after a build of two stages; the second is slow."""
    err = Stream(tty=tty, encoding="utf-8")
    variables = {"TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "100", **(env or {})}
    with patch.dict(os.environ, variables, clear=True), patch.object(sys, "stderr", err):
        console = Console(settings)
        with Progress(console, heartbeat=heartbeat) as progress:
            progress.stage_started("sources", 1, 2)
            progress.stage_finished("sources", 1.25, {"record": 1200}, resumed=True)
            progress.stage_started("link", 2, 2)
            progress._unit_began -= 10  # as if ten seconds had gone into it
            progress._done = (250.0, 1000.0, "pairs")
            time.sleep(0.5)
            progress.warned("link", "slow", "the pairs are many")
            progress.stage_finished("link", 61.0, {}, resumed=False)
    return err.text()


def test_elsewhere_than_on_a_terminal_each_stage_is_a_line() -> None:
    assert watch(Settings(), tty=False) == "[1/2] sources: finished before\n[2/2] link: 61.0 s\n"


def test_a_long_stage_says_that_it_lives_with_the_time_left() -> None:
    lines = watch(Settings(), tty=False, heartbeat=0.2).splitlines()
    beats = [line for line in lines if "25% of pairs" in line]
    assert beats
    assert re.search(r"about (29|3\d) s left", beats[0])  # a quarter in some ten seconds: three quarters to go
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("env", [{"CI": "true"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_nobody_watches_gets_lines_too(env: dict[str, str]) -> None:
    assert watch(Settings(), tty=True, env=env) == watch(Settings(), tty=False)


def test_a_terminal_shows_stage_bar_share_and_time_left_and_wipes_it() -> None:
    text = watch(Settings(), tty=True)
    assert re.search(r"\[2/2\] █████░+ link, \d s, 25% of pairs, about \d+ s left", text)
    shown = re.sub(r"[^\n]*\r\x1b\[2K", "", text)  # what is wiped is gone
    assert shown == watch(Settings(), tty=False)


def test_without_progress_there_is_neither_bar_nor_heartbeat() -> None:
    settings = Settings(no_progress=True)
    assert watch(settings, tty=True) == watch(settings, tty=False, heartbeat=0.1) == watch(Settings(), tty=False)


def test_quiet_is_silent() -> None:
    assert watch(Settings(quiet=True), tty=True) == watch(Settings(quiet=True), tty=False, heartbeat=0.1) == ""


def test_verbose_adds_tables_and_warnings() -> None:
    text = watch(replace(Settings(), verbose=True), tty=False)
    assert "record: 1,200 rows" in text
    assert "warning slow: the pairs are many" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599, "59 min 59 s"), (7500, "2 h 05 min")],
)
def test_spans_of_time_are_short(seconds: float, words: str) -> None:
    assert _span(seconds) == words
