"""Commands as processes: real terminals and streams, folders and rights as they come."""

from __future__ import annotations

import json
import os
import pty
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cxid.cli._registry import COMMANDS
from tests.functional.cli_harness import VARIABLES, cxid, too_wide, write_project
from tests.functional.report_figures import FIGURES
from tests.functional.test_every_command import ACTING, PAINT

PROGRAM = (sys.executable, "-c", "from cxid.__main__ import main; main()")
NOBODY = 65534


def _environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in VARIABLES}
    return {**kept, "LANG": "C.UTF-8", "TERM": "xterm-256color", **more}


def _run(*arguments: str | Path, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd, env=_environment(**more),
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _shell(script: str, project: Path) -> subprocess.CompletedProcess[str]:
    """A bash script in which `cxid` is the program and $P the project."""
    start = f'cxid() {{ {sys.executable} -c "from cxid.__main__ import main; main()" "$@"; }}\nset -o pipefail\n'
    return subprocess.run(
        ["bash", "-c", start + script], capture_output=True, text=True, check=False, env=_environment(P=str(project))
    )


def _on_terminal(arguments: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
    """(exit code, what the terminal got), all three streams being one real terminal."""
    master, slave = pty.openpty()
    child = subprocess.Popen([*PROGRAM, *arguments], stdin=slave, stdout=slave, stderr=slave, env=dict(env))
    os.close(slave)
    text = b""
    while True:
        try:
            piece = os.read(master, 65_536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(master)
    return child.wait(), text.decode("utf-8", "replace").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place") / "ein Größenvergleich"
    folder.mkdir()
    return write_project(folder, FIGURES)


# -- terminals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ("runs", {"COLUMNS": "40"}),
        ("report", {"COLUMNS": "80", "NO_COLOR": "1"}),
        ("show cx_ann", {"COLUMNS": "200", "CI": "1"}),
        ("find smith", {"LANG": "C", "COLUMNS": "80"}),
        ("doctor", {"TERM": "dumb", "COLUMNS": "60"}),
        ("query SELECT*FROM(golden_customer)", {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}),
        ("link crm:1 crm:3 --dry-run", {"LC_ALL": "POSIX", "COLUMNS": "80"}),
    ],
    ids=str,
)
def test_a_real_terminal_shows_it(project: Path, words: str, env: dict[str, str]) -> None:
    code, shown = _on_terminal([*words.split(), "-C", str(project)], _environment(**env))
    assert code == 0, shown
    plain = PAINT.sub("", shown)
    assert [line for line in plain.split("\n") if ACTING.search(line)] == []
    assert too_wide(shown, int(env["COLUMNS"])) == []
    assert ("\x1b[" in shown) is not ("NO_COLOR" in env or "TERM" in env)


def test_a_question_is_answered_at_a_terminal(project: Path) -> None:
    """Ctrl-D is no yes; with --no-input nobody is asked."""
    code, shown = _on_terminal(["clean", "--keep", "1", "-C", str(project), "--no-input"], _environment())
    assert (code, "[y/N]" in shown) == (0, False)


# -- streams --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('cxid report -C "$P" | head -1', 0),
        ('cxid query "SELECT range FROM range(300000)" -f csv -C "$P" | head -1', 0),
        ('cxid show cx_ann -C "$P" <&-', 0),
        ('cxid find smith -C "$P" >&-', 0),
        ('cxid runs -C "$P" 2>&-', 0),
        ('cxid doctor -C "$P" <&- >&- 2>&-', 0),
        ('cxid query - -C "$P" <&-', 2),
        ('cxid report -C "$P" >/dev/full', 5),
        ('cxid schema >/dev/full', 5),
        ('cxid --help >/dev/full', 5),
        ('cxid docs dbt --location x -C "$P" >/dev/full', 5),
        ('cxid find smith -C "$P" 2>/dev/full', 0),
        ('cxid review -C "$P" </dev/null', 2),
        ('cxid nosuch 2>/dev/full', 2),
    ],
)  # fmt: skip
def test_streams_that_are_closed_or_full(project: Path, script: str, code: int) -> None:
    before = sorted(project.rglob("*"))
    done = _shell(script, project)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(project.rglob("*")) == before


# -- folders --------------------------------------------------------------------------------------------------------


def test_a_project_is_found_however_it_is_named(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "link to it"
    link.symlink_to(project)
    ways = [
        (["-C", project], "/"), (["-C", project.name], project.parent), (["-C", link], "/"), (["-C", "."], link),
        (["-C", project / "cxid.yml"], "/"), ([], project), (["-C", "../.."], project / ".cxid" / "runs"),
    ]  # fmt: skip
    said = set()
    for where, folder in ways:
        monkeypatch.chdir(folder)
        said.add(cxid("runs", "-f", "csv", *where).out)
    assert len(said) == 1
    assert "r0001-00000000" in said.pop()


def test_outside_of_a_project_the_next_step_is_told(project: Path, tmp_path: Path) -> None:
    nowhere = _run("report", cwd=Path("/"))
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "cxid init" in nowhere.stderr
    below = project / "data" / "2026"
    below.mkdir(parents=True, exist_ok=True)
    inside = _run("report", cwd=below)
    shutil.rmtree(project / "data")
    assert inside.returncode == 2
    assert "-C ../.." in inside.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["HOME", "TMPDIR", "USER", "PATH"])
def test_a_bare_environment_is_enough(project: Path, missing: str) -> None:
    env = _environment()
    env.pop(missing, None)
    words = ["link", "crm:1", "crm:3", "--dry-run", "-C", str(project), "-f", "json"]
    done = subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


@pytest.mark.parametrize("umask", ["077", "000"])
def test_what_is_written_is_the_owners_alone(company: Path, tmp_path: Path, umask: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(company, copy, symlinks=True)
    done = _shell(f'umask {umask}; cxid export --no-purpose --to "$P/rows.csv" -C "$P" && '
                  'cxid report --html "$P/page.html" -C "$P" && cxid review export "$P/review.csv" -C "$P"', copy)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {(copy / name).stat().st_mode & 0o077 for name in ("rows.csv", "page.html", "review.csv")} == {0}


# One process a kind: what else reads and writes goes the same ways.
LOOKS = ["report", "why crm:k2", "query 'SHOW TABLES'", "identify email=bob.1@x.example", "eval --sample 3"]
WRITES = ["build --force", "clean", "link crm:k3 shop:s4", "export --no-purpose", 'report --html "$P/x.html"']


def test_who_may_only_read_can_look_and_is_told_that_he_may_not_write(company: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(company, copy, symlinks=True)
    for place in [copy, *copy.rglob("*")]:
        if not place.is_symlink():
            place.chmod(0o500 if place.is_dir() else 0o400)
    # Rights do not bind root: without this capability they do.
    bound = "" if os.geteuid() else "setpriv --bounding-set=-dac_override,-dac_read_search "
    python = f'{bound}{sys.executable} -c "from cxid.__main__ import main; main()"'
    if _shell(f'{bound}touch "$P/x"', copy).returncode == 0 or _shell(f"{bound}true", copy).returncode:
        pytest.skip("rights do not bind here")
    before = sorted(copy.rglob("*"))
    looked = [_shell(f'{python} {words} -C "$P"', copy) for words in LOOKS]
    wrote = [_shell(f'{python} {words} -C "$P"', copy) for words in WRITES]
    assert sorted(copy.rglob("*")) == before
    copy.chmod(0o700)
    assert [(words, d.stderr) for words, d in zip(LOOKS, looked, strict=True) if d.returncode] == []
    assert {d.returncode for d in wrote} == {2}
    assert [d.stderr for d in wrote if "error[no_permission]" not in d.stderr or "next: " not in d.stderr] == []


# -- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "--sektion", "kpis"], "did you mean --section?"),
        (["--qiet", "runs"], "did you mean --quiet?"),
        (["help", "report"], "`cxid report --help`"),
        (["help"], "`cxid --help`"),
        (["raport"], "did you mean `cxid report`"),
        (["runs", "-C", "nowhere"], "check the path behind --project"),
        (["report", "--section"], "`cxid report --help`"),
    ],
    ids=str,
)
def test_a_slip_of_the_fingers_is_told_what_to_type(words: list[str], said: str) -> None:
    done = cxid(*words)
    assert (done.code, done.out) == (2, "")
    assert f"next: {said}" in done.err


def test_the_version_is_one_line() -> None:
    done = _run("--version")
    assert (done.returncode, done.stderr, done.stdout.split()[0], done.stdout.count("\n")) == (0, "", "cxid", 1)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_what_the_shell_reads(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    script = tmp_path / "script"
    script.write_text(_run("completion", shell).stdout)
    checked = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(_run("completion", "bash").stdout)
    program = tmp_path / "cxid"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from cxid.__main__ import main; main()" "$@"\n')
    program.chmod(0o755)
    for words, wanted in (
        ("cxid rep", "report"),
        ("cxid report --sect", "--section"),
        ("cxid report --section kp", "kpis"),
    ):
        typed = words.split()
        done = subprocess.run(
            ["bash", "-c", f'. {script}; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _cxid_completion {program}; '
                           'echo "${COMPREPLY[@]}"'],
            capture_output=True, text=True, check=False, env=_environment(),
        )  # fmt: skip
        assert wanted in done.stdout.split(), done.stderr


@pytest.mark.parametrize("name", [n for i, n in enumerate(COMMANDS) if i % 4 == 0])
def test_help_of_a_command_is_there_at_once(name: str) -> None:
    """In processor time, which other work on the machine does not change much; the rest at night."""
    assert _help_seconds(name) < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_is_there_at_once(name: str) -> None:
    assert _help_seconds(name) < 0.3


def _help_seconds(name: str) -> float:
    """Seconds of processor time of `cxid NAME --help`, the quicker of two."""
    spent = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert _run(name, "--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)
