"""Every command, subcommand and option, over a company whose every text is meant to do harm, in every surrounding."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cxid.cli import app
from cxid.cli._group import CommandGroup
from cxid.cli._options import shared_options
from cxid.cli._registry import COMMANDS
from tests.functional.cli_harness import PAINT, Outcome, cxid, too_wide
from tests.functional.command_lines import LINES, Data, Line, Place
from tests.functional.hostile_company import LONG

# Everything that acts on a terminal; line ends and the tabs of a pipe are ours.
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
REDRAWN = re.compile(r"[^\r\n]*\r +\r")  # a line of progress, and the blanks that take it away
LIGHT = [line for line in LINES if not line.is_heavy]
PIPES: dict[str, dict[str, Any]] = {
    "FORCE_COLOR": {"env": {"FORCE_COLOR": "1"}},
    "POSIX, ASCII, 40 columns": {"env": {"LC_ALL": "POSIX", "COLUMNS": "40"}, "encoding": "ascii"},
}
TERMINALS: dict[str, dict[str, str]] = {
    "40 columns, LANG=C": {"COLUMNS": "40", "LANG": "C"},
    "80 columns, NO_COLOR": {"COLUMNS": "80", "NO_COLOR": "1"},
    "200 columns, CI": {"COLUMNS": "200", "CI": "1"},
    "dumb": {"COLUMNS": "80", "TERM": "dumb"},
}
STREAMS: dict[str, dict[str, Any]] = {
    "a pipe": {},
    "a terminal": {"tty": True, "env": {"COLUMNS": "40", "FORCE_COLOR": "1"}},
}


# -- the company ------------------------------------------------------------------------------------------------


@pytest.fixture
def run(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs a line where it belongs and sees that nothing is written where nothing should be."""
    new, home = tmp_path / "new", tmp_path / "home"
    new.mkdir()
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    before = _state(company)

    def run_line(line: Line, *more: str, **surroundings: Any) -> Outcome:
        project = _placed(line.place, company, tmp_path)
        shutil.rmtree(new)
        new.mkdir()
        arguments = line.arguments(str(new), str(project))
        return cxid(*arguments, "-C", project, *more, stdin=line.stdin, is_typed=not line.stdin, **surroundings)

    yield run_line
    assert _state(company) == before
    assert {p.name for p in tmp_path.iterdir()} <= {"new", "home", "project"}


def _placed(place: Place, company: Path, tmp_path: Path) -> Path:
    if place is Place.BUILT:
        return company
    project = tmp_path / "project"
    shutil.rmtree(project, ignore_errors=True)
    if place is Place.COPY:
        shutil.copytree(company, project, symlinks=True)
    else:
        project.mkdir()
    if place is Place.FILES:
        shutil.copytree(company / "data", project / "data")
    return project


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """What there is and when it was written; folders aside, as temporary files come and go in them."""
    return {
        str(p.relative_to(folder)): (p.lstat().st_mtime_ns, p.lstat().st_size)
        for p in folder.rglob("*")
        if not p.is_dir()
    }


# -- nothing is left out ------------------------------------------------------------------------------------------


def _parameters(name: str) -> list[Any]:
    group = typer.main.get_command(app)
    assert isinstance(group, CommandGroup)
    return list(group.get_command(None, name).params)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_subcommand_and_option_has_a_line(name: str) -> None:
    lines = [line.words.split() for line in LINES if line.command == name]
    assert lines, f"add lines of `cxid {name}` to tests/functional/command_lines.py"
    said = {word for words in lines for word in words}
    shared = {o for option in shared_options() for o in option.opts}
    options = [set(p.opts) for p in _parameters(name) if p.param_type_name == "option"]
    assert [o for o in options if not o & (said | shared | {"--help"})] == []
    words = [p.metavar or "" for p in _parameters(name) if p.param_type_name == "argument"]
    fixed = {word for metavar in words if metavar.islower() for word in metavar.split("|")}
    assert fixed <= said, "words that are commands of their own have lines too"


# -- what has to hold everywhere ------------------------------------------------------------------------------------


def _acting(text: str) -> list[str]:
    """The lines that would do something to a terminal."""
    return [row for row in text.split("\n") if ACTING.search(row)]


def _faults(done: Any, **held: bool) -> list[str]:
    """What of it was not held, with what the command said."""
    return [f"{what}: {done.err[-2000:]}" for what, is_held in held.items() if not is_held]


def _check_pipe(run: Any, line: Line, where: dict[str, Any]) -> list[str]:
    """Full values, nothing that acts, no colour but where it is forced."""
    done = run(line, **where)
    is_other = line.data is Data.REFUSED  # what goes to other programs has the values as they are
    return _faults(
        done,
        exit_code=done.code == line.code,
        stderr_is_inert=_acting(PAINT.sub("", done.err)) == [],
        no_colour="\x1b[0m" not in done.out + done.err or "FORCE_COLOR" in where["env"],
        stdout_is_inert=is_other or _acting(PAINT.sub("", done.out)) == [],
        whole_values=is_other or "…" not in done.out,
    )


def _check_terminal(run: Any, line: Line, where: dict[str, str]) -> list[str]:
    """Lines that fit, nothing that acts, colour and more than ASCII only where they can be shown."""
    done = run(line, "--no-input", tty=True, env=where)
    shown = PAINT.sub("", done.out)
    is_plain = "NO_COLOR" in where or where.get("TERM") == "dumb"
    is_drawn = line.data is not Data.REFUSED and line.command != "schema"
    return _faults(
        done,
        exit_code=done.code == line.code,
        stdout_is_inert=_acting(shown) == [],
        stderr_is_inert=_acting(REDRAWN.sub("", PAINT.sub("", done.err))) == [],
        no_colour=not is_plain or "\x1b" not in done.out + done.err,
        lines_fit=not is_drawn or too_wide(done.out + done.err, int(where["COLUMNS"])) == [],
        ascii_alone=where.get("LANG") != "C" or not set(shown) & set("─█▏▌✓✗░"),
    )


def _check_json(run: Any, line: Line, where: dict[str, Any]) -> list[str]:
    """One document, or a plain no."""
    done = run(line, "--format", "json", **where)
    is_refused = line.data is Data.REFUSED
    return _faults(
        done,
        exit_code=done.code == (2 if is_refused else line.code),
        stdout_is_inert=_acting(done.out) == [],
        one_document=is_document(done.out) if line.data is Data.DOCUMENT else done.out == "",
        next_step=not is_refused or "leave --format out" in done.err,
    )


def _check_csv(run: Any, line: Line, where: dict[str, Any]) -> list[str]:
    """Even rows, of which no cell is a formula."""
    if line.data is not Data.DOCUMENT or line.command == "schema":  # that is a document, whatever is asked
        return []
    done = run(line, "--format", "csv", **where)
    header, *rows = csv.reader(io.StringIO(done.out), strict=True)
    return _faults(
        done,
        exit_code=done.code == line.code,
        even_rows=all(len(row) == len(header) for row in rows),
        no_formula=not any(is_formula(cell) for row in [header, *rows] for cell in row),
        stdout_is_inert=_acting(done.out) == [] or not where.get("tty"),
    )


def _check_json_lines(run: Any, line: Line, where: dict[str, Any]) -> list[str]:
    """Lines that are each a document."""
    if line.data is not Data.DOCUMENT:
        return []
    done = run(line, "--format", "jsonl", **where)
    return _faults(
        done,
        exit_code=done.code == line.code,
        stdout_is_inert=_acting(done.out) == [],
        documents=all(is_document(row) and json.loads(row) for row in done.out.splitlines()),
    )


def is_document(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def is_formula(cell: str) -> bool:
    return cell[:1] in set("=+-@\t\r\n") and re.fullmatch(r"[+-][0-9][0-9 ().,/-]*", cell) is None


# -- each line in some surroundings; in all of them at night ---------------------------------------------

EVERY: dict[str, tuple[Callable[..., list[str]], dict[str, Any]]] = {
    f"{check.__name__} {name}": (check, where)
    for check, places in (
        (_check_pipe, PIPES), (_check_terminal, TERMINALS), (_check_json, STREAMS), (_check_csv, STREAMS),
        (_check_json_lines, STREAMS),
    )
    for name, where in places.items()
}  # fmt: skip
# By turns, so that the commands meet all of them and each line three.
TURNS = [
    [k for k in EVERY if k.startswith(kinds)]
    for kinds in (("_check_pipe",), ("_check_terminal",), ("_check_json", "_check_csv"))
]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")  # what a library would print
@pytest.mark.parametrize(("number", "line"), list(enumerate(LIGHT)), ids=[line.words for line in LIGHT])
def test_a_line_keeps_the_conventions(run: Any, number: int, line: Line) -> None:
    for names in TURNS:
        check, where = EVERY[names[number % len(names)]]
        assert check(run, line, where) == []


@pytest.mark.slow
@pytest.mark.parametrize("check_and_where", EVERY.values(), ids=EVERY.keys())
@pytest.mark.parametrize("line", LINES, ids=[line.words for line in LINES])
def test_a_line_keeps_the_conventions_everywhere(run: Any, line: Line, check_and_where: Any) -> None:
    check, where = check_and_where
    assert check(run, line, where) == []


# -- one by one -----------------------------------------------------------------------------------------------------


def test_nobody_is_asked_where_nobody_answers(run: Any) -> None:
    """Whoever reads stdin here fails."""
    line = Line("clean --keep 1", Place.COPY)
    for done in (run(line), run(line, "--no-input", tty=True), run(line, "-f", "json", tty=True)):
        assert done.code == 0
        assert "[y/N]" not in done.err


def test_a_value_as_long_as_a_page_is_whole(run: Any) -> None:
    for words in ("show crm:k7", "export --no-purpose --columns '*'", "query 'SELECT note FROM golden_customer'"):
        is_whole = LONG in run(Line(words)).out
        assert is_whole, words
