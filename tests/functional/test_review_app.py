"""`cxid review` as it is used: keys in a terminal, sheets through the command line, and the build that obeys."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual.widgets import Static

from cxid.cli import _review_app
from cxid.cli._review_app import Desk, ReviewApp
from cxid.review.questions import Cause
from tests.functional.cli_harness import Outcome, cxid

WHO = {"GIT_AUTHOR_NAME": "Ann Steward"}
NO_AUDIT = ("--audit", "0")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company, built once."""
    root = tmp_path_factory.mktemp("company") / "acme"
    assert cxid("demo", root, "--people", "150", "-q").code == 0
    assert cxid("build", "-q", "-C", root).code == 0
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "acme", symlinks=True)
    return tmp_path / "acme"


def written(project: Path) -> list[dict[str, str]]:
    file = project / "decisions.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass
class Sitting:
    """What was seen: the text of the screen before each key and after the last, and how the command ended."""

    screens: list[str] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome(0, "", ""))
    causes: list[Cause] = field(default_factory=list)


def screen_text(app: ReviewApp) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def sit(
    project: Path,
    keys: Sequence[str],
    *options: str,
    size: tuple[int, int] = (80, 24),
    env: dict[str, str] | None = None,
) -> Sitting:
    """`cxid review` with these keys; the app is the real one, its terminal is not."""
    seen = Sitting()

    def run(desk: Desk) -> None:
        seen.causes = [q.cause for q in desk.session.questions]

        async def play() -> None:
            app = ReviewApp(desk)
            async with app.run_test(size=size) as pilot:
                for key in keys:
                    await pilot.pause()
                    seen.screens.append(screen_text(app))
                    if key.startswith("resize"):
                        await pilot.resize_terminal(*(int(n) for n in key.split()[1:]))
                    else:
                        await pilot.press(key)
                await pilot.pause()
                seen.screens.append(screen_text(app) if app.is_running else "")

        asyncio.run(play())

    with patch.object(_review_app, "run_app", run):
        seen.outcome = cxid("review", *options, "-C", project, tty=True, env={**WHO, **(env or {})})
    return seen


# -- answering ---------------------------------------------------------------------------------------------------


def test_twenty_decisions_undo_and_a_second_sitting_that_goes_on(project: Path) -> None:
    keys = [*"yynsynnyyn", "u", *"nyyysnnyyyny", "q"]
    first = sit(project, keys, "--limit", "60", *NO_AUDIT)
    assert first.outcome.code == 0, first.outcome.err
    assert len(written(project)) == 19
    assert "19 decided: 12 same, 7 different, 2 skipped" in first.outcome.err
    assert "next: cxid build" in first.outcome.err
    assert {(r["who"], r["reason"]) for r in written(project)} == {("Ann Steward", "review")}
    decided = {(r["key_a"], r["key_b"]) for r in written(project)}

    second = sit(project, ["y", "u", "y", "q"], "--limit", "60", *NO_AUDIT, size=(140, 40))
    assert second.screens[0].splitlines()[2:9] == second.screens[2].splitlines()[2:9]
    assert "taken back" in second.screens[2]
    assert len(written(project)) == 20
    new = [(r["key_a"], r["key_b"]) for r in written(project)][-1]
    assert new not in decided
    assert all(key in second.screens[0] for key in new)


def test_the_score_is_hidden_until_somebody_asks_and_for_that_pair_only(project: Path) -> None:
    seen = sit(project, ["p", "y", "q"], *NO_AUDIT).screens
    assert ["one person; asked as" in " ".join(s.split()) for s in seen[:3]] == [False, True, False]
    assert "customer" not in seen[0].replace("customer_no", "")


def test_a_pair_stands_side_by_side_and_differences_are_marked(project: Path) -> None:
    page = sit(project, ["q"], *NO_AUDIT).screens[0]
    assert "Are these two records one person?" in page
    assert any(mark in page for mark in "=≈≠")
    assert "0/0 matches" in page.splitlines()[0]
    assert page.splitlines()[-1].startswith("y same  n different")


@pytest.mark.parametrize(
    ("size", "env"), [((80, 24), {"NO_COLOR": "1"}), ((200, 50), {}), ((40, 12), {"LANG": "C"}), ((20, 8), {})], ids=str
)
def test_it_works_at_every_size_without_colour_and_in_ascii(
    project: Path, size: tuple[int, int], env: dict[str, str]
) -> None:
    seen = sit(
        project,
        ["w", "escape", "g", "down", "escape", "question_mark", "escape", "resize 100 30", "n", "q"],
        *NO_AUDIT,
        size=size,
        env=env,
    )
    assert seen.outcome.code == 0
    assert len(written(project)) == 1
    assert all(len(line) <= size[0] for line in seen.screens[0].splitlines())
    if env.get("LANG") == "C":
        assert not set("".join(seen.screens)) & set("≈≠─█")


def test_why_shows_the_waterfall_and_answers_nothing(project: Path) -> None:
    seen = sit(project, ["w", "y", "n", "s", "escape", "q"], *NO_AUDIT, size=(120, 60))
    assert "(prior)" in seen.screens[2] and "the cut is at" in seen.screens[2]
    assert written(project) == []
    assert "0/0 matches" in seen.screens[5]


def test_a_group_is_split_into_who_is_who(project: Path) -> None:
    seen = sit(project, ["g", "2", "enter", "q"], *NO_AUDIT, size=(120, 60))
    group = [line for line in seen.screens[2].splitlines() if line.lstrip("> ").startswith(("1  ", "2  "))]
    rows = written(project)
    assert len(group) >= 2
    assert {r["action"] for r in rows} == {"unlink"}
    assert len(rows) == len(group) - 1
    sit(project, ["g", "enter", "y", "u", "q"], *NO_AUDIT)  # one number alone is refused, all one person, taken back
    assert written(project) == rows


def test_a_group_is_one_person_with_one_key(project: Path) -> None:
    sit(project, ["g", "y", "q"], *NO_AUDIT)
    assert {r["action"] for r in written(project)} == {"link"}


def test_masked_values_are_hidden_on_every_page(project: Path) -> None:
    plain = sit(project, ["g", "escape", "w", "escape", "q"], *NO_AUDIT, size=(140, 60)).screens
    hidden = sit(project, ["g", "escape", "w", "escape", "q"], "--masked", *NO_AUDIT, size=(140, 60)).screens
    mails = {word for page in plain for word in page.split() if word.endswith(".example")}
    assert mails
    assert not any(mail in page for mail in mails for page in hidden)


def test_nothing_left_says_so_and_undo_works_there(project: Path) -> None:
    seen = sit(project, ["n", "y", "u", "q"], "--limit", "1", *NO_AUDIT)
    assert "Nothing is left to ask" in seen.screens[1]
    assert "nothing is left to answer" in seen.screens[2]
    assert written(project) == []


def test_a_refused_answer_is_told_and_the_question_stays(project: Path) -> None:
    def run(desk: Desk) -> None:
        async def play() -> None:
            app = ReviewApp(desk)
            async with app.run_test(size=(80, 24)) as pilot:
                (source, key), (other, second) = desk.session.current.ends  # type: ignore[union-attr]
                (project / "decisions.csv").write_text(
                    f"action,source_a,key_a,source_b,key_b\nunlink,{source},{key},{other},{second}\n"
                )
                await pilot.press("y")
                said = str(app.query_one("#said", Static).content)
                assert "contradicts" in said and "line 2" in said
                assert desk.session.steps == []

        asyncio.run(play())

    with patch.object(_review_app, "run_app", run):
        assert cxid("review", *NO_AUDIT, "-C", project, tty=True, env=WHO).code == 0


def test_a_bug_shows_no_value_and_ends_as_every_bug_does(project: Path) -> None:
    def broken(self: Any) -> None:
        raise RuntimeError("SECRET value")

    with patch.object(ReviewApp, "action_score", broken):
        failure: list[BaseException] = []

        def run(desk: Desk) -> None:
            async def play() -> None:
                app = ReviewApp(desk)
                async with app.run_test() as pilot:
                    await pilot.press("p")

            try:
                asyncio.run(play())
            except RuntimeError as error:
                failure.append(error)
                raise

        with patch.object(_review_app, "run_app", run):
            done = cxid("review", "-C", project, tty=True, env=WHO)
    assert failure and done.code == 70
    assert "SECRET" not in done.err + done.out


# -- the audit ---------------------------------------------------------------------------------------------------


def test_some_questions_are_drawn_at_random_and_eval_tells_precision_from_them(project: Path) -> None:
    seen = sit(project, [*"y" * 30, "q"], "--audit", "50%", "--limit", "30")
    assert seen.causes.count(Cause.AUDIT) == 15
    assert seen.causes[1::2] == [Cause.AUDIT] * 15
    report = json.loads(cxid("eval", "-f", "json", "-C", project).out)["audit"]
    assert report["answered"] >= 15
    assert report["precision"]["value"] == 1.0 and report["precision"]["low"] < 1.0
    shown = cxid("eval", "-C", project)
    assert "precision of pairs" in shown.out and "audit of `cxid review`" in shown.err


# -- without a terminal ------------------------------------------------------------------------------------------


def export(project: Path, *options: str) -> list[list[str]]:
    done = cxid("review", "export", "-", *options, "-C", project)
    assert done.code == 0
    return list(csv.reader(io.StringIO(done.out.removeprefix("\ufeff"), newline="")))


def test_a_pipe_is_told_to_export(project: Path) -> None:
    for options in ({}, {"env": {"TERM": "dumb"}, "tty": True}):
        done = cxid("review", "-C", project, **options)  # type: ignore[arg-type]
        assert (done.code, done.out) == (2, "")
        assert "cxid review export review.csv" in done.err
    assert cxid("review", "--no-input", "-C", project, tty=True).code == 2


def test_a_sheet_goes_out_is_filled_in_and_comes_back_and_the_build_obeys(project: Path) -> None:
    sheet = project / "review.csv"
    out = cxid("review", "export", sheet, "--limit", "40", *NO_AUDIT, "-C", project)
    assert out.code == 0 and f"cxid review import {sheet}" in out.err
    assert sheet.stat().st_mode & 0o777 == 0o600
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        cells = list(csv.reader(lines))
    cells[1][0], cells[2][0], cells[3][0], cells[3][2] = "same", "Different", "unsure", "ask the shop"
    saved = project / "saved.csv"
    with saved.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(cells)
    done = cxid("review", "import", saved, "-f", "json", "-C", project, env=WHO)
    assert done.code == 0, done.err
    assert json.loads(done.out) == {
        "same": 1,
        "different": 1,
        "unsure": 1,
        "unanswered": len(cells) - 4,
        "lines": 2,
        "known": 0,
    }
    assert [r["action"] for r in written(project)] == ["link", "unlink"]

    again = [row[1] for row in export(project, "--limit", "100000", *NO_AUDIT)[1:]]
    assert cells[1][1] not in again and cells[2][1] not in again
    assert again[-1] == cells[3][1]  # who could not tell is asked last

    assert cxid("build", "-q", "-C", project).code == 0
    sql = "SELECT source || ':' || record_key AS record, customer_id FROM identity_map WHERE source <> ''"
    owner = {r["record"]: r["customer_id"] for r in json.loads(cxid("query", sql, "-f", "json", "-C", project).out)}
    (a, b), (c, d) = cells[1][1].split(), cells[2][1].split()
    assert owner[a] == owner[b] and owner[c] != owner[d]
    after = [row[1] for row in export(project, "--limit", "100000", *NO_AUDIT)[1:]]
    assert cells[1][1] not in after and cells[2][1] not in after


def test_a_source_is_asked_about_alone(project: Path) -> None:
    pairs = [row[1].split() for row in export(project, "--source", "event_guests", "--limit", "1000")[1:]]
    assert pairs and all(any(ref.startswith("event_guests:") for ref in pair) for pair in pairs)


def test_a_masked_sheet_holds_no_value(project: Path) -> None:
    plain, hidden = export(project, *NO_AUDIT), export(project, "--masked", *NO_AUDIT)
    mail = plain[0].index("email a")
    assert [row[1] for row in plain] == [row[1] for row in hidden]
    assert {row[mail] for row in plain[1:] if row[mail]}.isdisjoint({row[mail] for row in hidden[1:]})


REFUSED = [
    (["bogus"], 'review has no "bogus"'),
    (["export"], "review export needs a file"),
    (["export", "cxid.yml"], "is there already"),
    (["import", "none.csv"], "no such file"),
    (["import", "."], "is a folder"),
    (["export", "x.csv", "--audit", "150%"], "--audit is no share"),
    (["export", "x.csv", "--audit", "nan"], "--audit is no share"),
    (["export", "x.csv", "--source", "nope"], "no people source of this name"),
    (["export", "x.csv", "--source", "crm", "--audit", "0.2"], "do not go together"),
    (["export", "x.csv", "--separator", "|"], "--separator is not known"),
    (["--dry-run"], "--dry-run goes with import"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_what_cannot_be_done_is_told_with_the_next_step(built: Path, options: list[str], said: str) -> None:
    done = cxid(
        "review", *(str(built / o) if o.endswith((".csv", ".yml")) or o == "." else o for o in options), "-C", built
    )
    assert done.code in (2, 4)
    assert said in done.err and "next:" in done.err


def test_nothing_in_the_terminal_app_is_loaded_before_it_runs() -> None:
    code = "import sys; from cxid.cli import run; run(['review', '--help']); print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_killed_sitting_loses_no_answer(project: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "cxid", "review", *NO_AUDIT, "-C", str(project)])
    os.set_blocking(terminal, False)
    deadline, seen, keys = time.monotonic() + 30, b"", iter([b"y", b"n"])
    while time.monotonic() < deadline and len(written(project)) < 2:
        try:
            seen += os.read(terminal, 65536)
        except BlockingIOError:
            time.sleep(0.05)
        if b"one person?" in seen and (key := next(keys, None)):
            os.write(terminal, key)
            time.sleep(0.3)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    assert [r["action"] for r in written(project)] == ["link", "unlink"]
