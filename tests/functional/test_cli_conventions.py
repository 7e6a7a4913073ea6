"""Streams, formats, terminals and exit codes: what every command keeps to."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxid.cli._registry import COMMANDS
from cxid.errors import ExitCode
from tests.functional.cli_harness import HOSTILE, cxid, too_wide, write_project
from tests.functional.report_figures import FIGURES

ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
LOOKING = {
    "runs": ["runs"],
    "report": ["report"],
    "show": ["show", "cx_ann"],
    "show several": ["show", "family_name=smith"],
    "find": ["find", "smith"],
    "query": ["query", "SELECT * FROM golden_customer ORDER BY customer_id"],
    "query nothing": ["query", "SELECT * FROM golden_customer WHERE false"],
    "doctor": ["doctor"],
    "clean": ["clean"],
    "link": ["link", "crm:1", "crm:3", "--dry-run"],
    "unlink": ["unlink", "crm:1", "crm:3", "--dry-run"],
    "pin": ["pin", "crm:1", "city=Rome", "--dry-run"],
}
PLACES: dict[str, dict[str, str]] = {
    "plain": {},
    "NO_COLOR": {"NO_COLOR": "1"},
    "FORCE_COLOR": {"FORCE_COLOR": "1"},
    "CI": {"CI": "1"},
    "40 columns": {"COLUMNS": "40"},
    "LANG=C": {"LANG": "C"},
    "dumb": {"TERM": "dumb"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), FIGURES)


@pytest.mark.parametrize("env", [PLACES[p] for p in ("plain", "FORCE_COLOR", "LANG=C")], ids=str)
@pytest.mark.parametrize("command", LOOKING.values(), ids=LOOKING.keys())
def test_a_pipe_gets_no_control_characters_and_full_values(
    project: Path, command: list[str], env: dict[str, str]
) -> None:
    done = cxid(*command, "-C", project, env=env)
    assert done.code == 0
    out = done.out if "FORCE_COLOR" not in env else re.sub(r"\x1b\[[0-9;]*m", "", done.out)
    assert ESCAPE.search(out) is None
    assert "…" not in done.out
    if command[0] == "query":
        assert "\x1b" not in done.out  # data is never coloured


@pytest.mark.parametrize("env", [PLACES[p] for p in ("40 columns", "FORCE_COLOR")], ids=str)
@pytest.mark.parametrize("command", LOOKING.values(), ids=LOOKING.keys())
def test_json_is_one_pure_document_everywhere(project: Path, command: list[str], env: dict[str, str]) -> None:
    for tty in (False, True):
        done = cxid(*command, "-C", project, "--format", "json", tty=tty, env=env)
        assert done.code == 0
        json.loads(done.out)
        assert ESCAPE.search(done.out) is None


@pytest.mark.parametrize("env", PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize("command", LOOKING.values(), ids=LOOKING.keys())
def test_a_terminal_gets_lines_that_fit_and_colour_only_where_wanted(
    project: Path, command: list[str], env: dict[str, str]
) -> None:
    done = cxid(*command, "-C", project, tty=True, env={"COLUMNS": "80", **env})
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.out)
    assert done.code == 0
    assert ESCAPE.search(plain) is None  # nothing that came from the data
    wanted = not ({"NO_COLOR"} & env.keys() or env.get("TERM") == "dumb")
    assert ("\x1b[" in done.out) is (wanted and bool(plain.strip()))
    assert too_wide(done.out + done.err, int(env.get("COLUMNS", "80"))) == []
    if env.get("LANG") == "C":
        assert not set(plain) & set("─█▏▌✓✗")


@pytest.mark.parametrize(
    ("format_", "empty"), [("json", "[]\n"), ("jsonl", ""), ("csv", "customer_id\n"), ("table", "customer_id\n")]
)
def test_nothing_is_an_empty_document(project: Path, format_: str, empty: str) -> None:
    done = cxid("query", "SELECT customer_id FROM golden_customer WHERE false", "-f", format_, "-C", project)
    assert (done.code, done.out) == (0, empty)


def test_the_four_formats_say_the_same(project: Path) -> None:
    sql = "SELECT customer_id, email, record_count FROM golden_customer ORDER BY customer_id"
    out = {f: cxid("query", sql, "-C", project, "-f", f).out for f in ("table", "json", "jsonl", "csv")}
    rows = [
        {"customer_id": "cx_ann", "email": "ann@x.example", "record_count": 2},
        {"customer_id": "cx_bob", "email": None, "record_count": 1},
    ]
    assert json.loads(out["json"]) == rows
    assert [json.loads(line) for line in out["jsonl"].splitlines()] == rows
    texts = [["customer_id", "email", "record_count"], ["cx_ann", "ann@x.example", "2"], ["cx_bob", "", "1"]]
    assert list(csv.reader(io.StringIO(out["csv"]))) == texts
    assert [line.split("\t") for line in out["table"].splitlines()] == texts


def test_values_from_data_survive_as_data_and_are_inert_as_text(project: Path) -> None:
    sql = "SELECT city FROM golden_customer WHERE city IS NOT NULL ORDER BY customer_id"
    assert [r["city"] for r in json.loads(cxid("query", sql, "-f", "json", "-C", project).out)] == [HOSTILE, "=cmd()"]
    shown = cxid("query", sql, "-C", project, tty=True, env={"COLUMNS": "200", "NO_COLOR": "1"}).out
    assert "\\x1b[31mred\\x07\\u202e[bold]x[/]\\nnext\\tcell" in shown
    cells = list(csv.reader(io.StringIO(cxid("query", sql, "-f", "csv", "-C", project).out)))
    assert cells == [["city"], [HOSTILE], ["'=cmd()"]]


@pytest.mark.parametrize("option", [["-f", "json"], ["--format", "json"], ["--format=json"], ["-fjson"]])
def test_shared_options_stand_on_either_side_of_the_command(project: Path, option: list[str]) -> None:
    before = cxid("-C", project, *option, "runs")
    after = cxid("runs", "-C", project, *option)
    mixed = cxid(*option, "runs", "--project", project)
    assert before.code == after.code == mixed.code == 0
    assert before.out == after.out == mixed.out
    assert json.loads(before.out)[0]["run_id"] == "r0001-00000000"


def test_the_option_behind_the_command_wins(project: Path) -> None:
    assert cxid("-f", "csv", "runs", "-f", "json", "-C", project).out.startswith("[")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_shared_options_and_shows_an_example(name: str) -> None:
    done = cxid(name, "--help", env={"COLUMNS": "200"})
    assert (done.code, done.err) == (0, "")
    for option in ("--project", "--target", "--format", "--quiet", "--verbose", "--no-progress", "--no-input"):
        assert option in done.out
    assert done.out.rstrip().splitlines()[-1].strip() == f"Example: {COMMANDS[name].example}"
    assert COMMANDS[name].summary.rstrip(".") in done.out  # the list in `cxid --help` says the same
    assert cxid(name, "-h").code == 0


def test_alone_it_prints_the_help() -> None:
    alone, helped = cxid(), cxid("--help")
    assert (alone.code, helped.code) == (0, 0)
    assert alone.out == helped.out
    assert all(f"  {name}" in alone.out for name in COMMANDS)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("bild", "cxid build"), ("reprot", "cxid report"), ("qurey", "cxid query"), ("initt", "cxid init")],
)
def test_a_command_misspelt_names_the_nearest(wrong: str, right: str) -> None:
    done = cxid(wrong)
    assert (done.code, done.out) == (2, "")
    assert right in done.err


@pytest.mark.parametrize(
    "args",
    [
        ["nosuch"],
        ["runs", "--nosuch"],
        ["runs", "-f", "xml"],
        ["show"],
        ["runs", "-C", "/nowhere/at/all"],
        ["report", "-C", "/nowhere/at/all"],
        ["demo", "x", "--people", "many"],
        ["demo", "x", "--people", "-5"],
    ],
    ids=" ".join,
)
def test_a_mistake_of_the_user_is_told_with_a_next_step(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cxid(*args)
    assert (done.code, done.out) == (2, "")
    assert "next: " in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_config_errors_come_all_at_once_with_their_place(tmp_path: Path) -> None:
    text = "sources:\n  crm:\n    path: a.csv\n    kind: people\n    key: no\n    colums: {email: mail}\n"
    (tmp_path / "cxid.yml").write_text(text, encoding="utf-8")
    done = cxid("runs", "-C", tmp_path)
    assert done.code == 2
    assert re.search(r'cxid\.yml:6:5: sources\.crm\.colums: unknown key, did you mean "columns"', done.err)


def test_quiet_says_nothing_beside_the_data(project: Path) -> None:
    assert cxid("find", "smith", "-q", "-C", project).err == ""
    assert cxid("find", "nobody at all", "-q", "-C", project, "-f", "json").out == "[]\n"


def test_no_format_asks_anything_or_waits_for_input(project: Path) -> None:
    done = cxid("query", "-", "-C", project, "--no-input", stdin="SELECT 1 AS one")
    assert (done.code, done.out) == (0, "one\n1\n")
    assert cxid("query", "-", "-C", project, tty=True).code == 2


# -- a bug ------------------------------------------------------------------------------------------------


def test_a_bug_leaves_a_crash_file_without_data(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ann@secret.example"

    def fail(*_: object) -> None:
        local_value = secret  # noqa: F841 - must not reach the file
        raise RuntimeError(f"no luck with {secret}")

    monkeypatch.setattr("cxid.cli._outputs.load_config", fail)
    done = cxid("find", secret, "-C", project)
    assert done.code == int(ExitCode.BUG) == 70
    assert "Traceback" not in done.err
    files = list((project / ".cxid").glob("crash-*.txt"))
    assert len(files) == 1
    assert str(files[0]) in done.err
    text = files[0].read_text(encoding="utf-8")
    files[0].unlink()
    assert "builtins.RuntimeError" in text
    assert "cxid/cli/_outputs.py" in text
    assert secret not in text + done.err
    assert "no luck" not in text + done.err
    assert str(Path.home()) not in text


# -- real processes ---------------------------------------------------------------------------------------

PROGRAM = [sys.executable, "-c", "from cxid.__main__ import main; main()"]


def _environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "CI", "LC_ALL", "COLUMNS")}
    return {**kept, "LANG": "C.UTF-8", **more}


def test_help_is_there_at_once() -> None:
    """In processor time, which other work on the machine does not change much."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*PROGRAM, "--help"], check=True, capture_output=True, env=_environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.3


def test_completion_loads_nothing_heavy_and_completes() -> None:
    code = (
        "import sys\nfrom cxid.cli import run\nrun([])\n"
        "print([m for m in ('duckdb', 'pyarrow', 'numpy', 'pandas', 'pydantic', 'scipy') if m in sys.modules], file=sys.stderr)"
    )
    env = _environment(_CXID_COMPLETE="complete_bash", COMP_WORDS="cxid re", COMP_CWORD="1")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.split() == ["report", "review"]
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell: str) -> None:
    done = cxid("completion", shell)
    assert done.code == 0
    assert "_CXID_COMPLETE" in done.out


def test_a_reader_that_stops_early_is_no_error(project: Path) -> None:
    command = (
        f'{" ".join(map(_shell, PROGRAM))} query "SELECT range FROM range(300000)" -f jsonl -C {project} | head -1'
    )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, env=_environment(), check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"range": 0}\n', "")


def test_closed_streams_do_not_matter(project: Path) -> None:
    program = " ".join(map(_shell, PROGRAM))
    for closed in (">&-", "<&- >&- 2>&-"):
        done = subprocess.run(["bash", "-c", f"{program} runs -C {project} {closed}"], env=_environment(), check=False)
        assert done.returncode == 0, closed
    assert not (project / "1").exists()


def test_data_that_did_not_arrive_is_an_error(project: Path) -> None:
    program = " ".join(map(_shell, PROGRAM))
    done = subprocess.run(
        ["bash", "-c", f"{program} runs -C {project} > /dev/full"],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )
    assert done.returncode == int(ExitCode.RESOURCES)
    assert "no space left" in done.stderr


@pytest.mark.parametrize(
    ("command", "env"),
    [
        ("show cx_ann", {"LC_ALL": "C"}),
        ("find smith", {"PYTHONIOENCODING": "ascii"}),
        ("report", {"PYTHONIOENCODING": "latin-1"}),
    ],
)
def test_a_poor_locale_breaks_nothing(project: Path, command: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [*PROGRAM, *command.split(), "-C", str(project)], capture_output=True, env=_environment(**env), check=False
    )
    assert (done.returncode, b"Error" in done.stderr) == (0, False)


def test_a_real_terminal_gets_a_drawn_table(project: Path) -> None:
    master, slave = pty.openpty()
    env = _environment(COLUMNS="90", TERM="xterm")
    child = subprocess.Popen([*PROGRAM, "runs", "-C", str(project)], stdout=slave, stderr=slave, stdin=slave, env=env)
    os.close(slave)
    text = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(master)
    assert child.wait() == 0
    assert "─" in text.decode() or "run_id: r0001" in text.decode()
    assert "\t" not in text.decode()


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def test_talk_that_nobody_hears_stops_no_command(tmp_path: Path) -> None:
    program = " ".join(map(_shell, PROGRAM))
    for lost in ("2>/dev/full", "2> >(true)"):
        done = subprocess.run(
            ["bash", "-c", f"{program} runs -v -C {tmp_path / 'none'} {lost}"], env=_environment(), check=False
        )
        assert done.returncode == 2, lost


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_loading_ends_quietly(number: signal.Signals, code: int) -> None:
    """The signal comes just after its handler is there, when nothing else is loaded yet."""
    program = (
        "import os, signal\nset_handler = signal.signal\n"
        "def strike(n, handler):\n    set_handler(n, handler)\n"
        f"    if n == {number:d}:\n        os.kill(os.getpid(), n)\n"
        "signal.signal = strike\nfrom cxid.__main__ import main\nmain(['--help'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=_environment(), check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
