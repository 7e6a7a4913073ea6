"""`cxid report` in a terminal and in a pipe, by figures of a small company."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path

import pytest

from cxid.cli._report import SECTIONS
from tests.functional.cli_harness import HOSTILE, cxid, write_project
from tests.functional.report_figures import FIGURES

GOLDEN = Path(__file__).parent / "report_at_80_columns.txt"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), FIGURES)


def on_terminal(project: Path, *options: str, width: int = 80, **env: str) -> str:
    """What `cxid report` writes in the project's folder on a terminal without colour."""
    with chdir(project):
        said = cxid("report", *options, tty=True, env={"COLUMNS": str(width), "NO_COLOR": "1", **env})
    assert said.code == 0
    return said.out


def test_the_report_is_this_page(project: Path) -> None:
    """Read the page after a change, and write it anew: python -m tests.functional.test_report_command."""
    assert on_terminal(project) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_the_report_fits_the_terminal(project: Path, width: int) -> None:
    said = cxid("report", "-C", project, tty=True, env={"COLUMNS": str(width), "NO_COLOR": "1"}).out
    assert [x for x in said.splitlines() if len(x) > width and "cxid " not in x and str(project) not in x] == []
    assert "█" in said


def test_without_unicode_it_is_ascii(project: Path) -> None:
    said = cxid("report", "--section", "all", "-C", project, tty=True, env={"LC_ALL": "C", "NO_COLOR": "1"}).out
    assert said.isascii()
    assert "####" in said


def test_colour_is_only_on_marks_and_bars(project: Path) -> None:
    """Text in a colour is hard to read on a light or on a dark ground; bold and faint are legible on both."""
    said = cxid("report", "-C", project, tty=True, env={"COLUMNS": "80"}).out
    coloured = {piece.split("\x1b[0m")[0] for code in (31, 32, 33, 36) for piece in said.split(f"\x1b[{code}m")[1:]}
    assert coloured
    assert {text for text in coloured if set(text) - set("✓!✗▁▂▃▄▅▆▇█ ")} == set()


def test_a_pipe_gets_everything_and_no_picture(project: Path) -> None:
    done = cxid("report", "-C", project)
    assert "all 120,009 lines of 3 files are accounted for" in done.out
    assert "the linkage is careful: few pairs could be checked" in done.out
    assert "cxid why cx_bad" in done.out
    assert "0 to 1\t12\tjoined, in doubt from +0.0" in done.out
    assert "\\x1b[2J" in done.out  # the name of a file is data too
    assert " more " not in done.out
    titles = [SECTIONS[name].title for name in ("sources", "model", "survivorship", "rfm")]
    assert [title for title in titles if title not in done.out] == []
    assert not set(done.out) & set("█─●\x1b")


def test_what_is_long_is_cut_to_its_top_and_says_where_the_rest_is(tmp_path: Path) -> None:
    rules = [
        ("blocking", number, f"rule {number:02}", name, value)
        for number in range(1, 21)
        for name, value in (("pairs", "100"), ("matches", str(50 - number)), ("largest_block", str(number)))
    ]
    write_project(tmp_path, (*FIGURES, *(r for r in rules if r[1] > 1)))
    short = on_terminal(tmp_path)
    assert "and 14 more rules: cxid report --section blocking" in short
    assert "rule 20" not in short
    assert "rule 20" in on_terminal(tmp_path, "-s", "blocking")
    assert "and 14 more rules: cxid report r0001 --section blocking" in on_terminal(tmp_path, "r0001")


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        ("0", ["R from -3.2 bits: left apart, to review", "J from +0.0 bits: joined, in doubt",
               "S from +4.2 bits: joined, sure"]),
        ("6600000", ["R from -3.2 bits: left apart, to review", "J from +6.6 bits: joined"]),  # match.auto: 0.99
    ],
)  # fmt: skip
def test_the_cuts_are_told_as_the_config_has_them(tmp_path: Path, cut: str, told: list[str]) -> None:
    figures = [(*f[:4], cut) if f[2] == "cut_micro_bits" else f for f in FIGURES]
    write_project(tmp_path, figures)
    shown = on_terminal(tmp_path, "-s", "weights").splitlines()
    assert [line.lstrip(" █") for line in shown if " bits: " in line] == told


def test_a_section_can_be_had_alone(project: Path) -> None:
    assert cxid("report", "-s", "blocking", "-C", project).out.splitlines() == [
        "",
        "Which blocking rules found the matches",
        "records that share\tpairs\tmatches\tshare\tlargest block",
        "email\t9,000\t8,000\t88.9%\t12",
    ]
    report = json.loads(cxid("report", "-s", "guards", "-f", "json", "-C", project).out)
    assert set(report) == {"run_id", "hubs", "guards"}
    assert report["guards"][0] == {"label": "hub", "detail": "phone", "refused": 9}


def test_an_unknown_section_is_answered_with_what_each_holds(project: Path) -> None:
    done = cxid("report", "-s", "nosuch", "-C", project)
    assert (done.code, done.out) == (2, "")
    assert [name for name, section in SECTIONS.items() if f"{name:<14} {section.title}" not in done.err] == []
    assert "blocking (Which blocking rules found the matches)" in " ".join(cxid("report", "--help").out.split())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_hostile_names_are_inert(tmp_path: Path, width: int) -> None:
    """Sources, files, rules, fields, reasons and actions that try to move the cursor, colour, or break a line."""
    ours = ("funnel", "summary", "weights", "run", "changes")  # their labels are words of our own
    write_project(tmp_path, [(s, n, label if s in ours else HOSTILE + label, *rest) for s, n, label, *rest in FIGURES])
    shown = cxid("report", "-s", "all", "-C", tmp_path, tty=True, env={"COLUMNS": str(width), "NO_COLOR": "1"})
    assert shown.code == 0
    piped = cxid("report", "-C", tmp_path)
    assert piped.code == 0
    assert not (set(shown.out) - {"\n"} | set(piped.out) - {"\n", "\t"}) & {*map(chr, range(32)), "\u202e", "\x7f"}
    assert shown.out.count("\\x1b[31mred") >= 20


def test_a_run_is_named_by_the_beginning_of_its_id(project: Path) -> None:
    assert cxid("report", "r0001", "-C", project).code == 0
    assert cxid("report", "r0009", "-C", project).code == 2


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_text(on_terminal(write_project(Path(folder), FIGURES)), encoding="utf-8")
