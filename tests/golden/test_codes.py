"""Every code that the source uses stands in the tables of codes, and every code in the tables is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxid import errors
from cxid.codes import FINDINGS, FLAGS, REASONS, WARNINGS, all_codes
from cxid.errors import CxidError, ErrorCode
from cxid.stages.link.estimate.gate import Status
from tests.conftest import ROOT
from tests.functional.cli_harness import cxid
from tests.golden.docs_pages import PAGES, blocks

SRC = ROOT / "src" / "cxid"
MODULES = {p: ast.parse(p.read_text(encoding="utf-8")) for p in sorted(SRC.rglob("*.py"))}
FAMILY = {name: c for name, c in vars(errors).items() if isinstance(c, type) and issubclass(c, CxidError)}
# Classes whose code alone is too little: it stands for the commonest of several situations.
MUST_NAME = {"InputError", "ResourceError"}
# How a warning is said, and which argument is its code.
SAYERS = {"warn": 0, "Warned": 1}
LINKAGE = {f"linkage_{status.value}" for status in Status if status is not Status.IDENTIFIED}


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rsplit(".", 1)[-1], node


RAISED = [
    (f"{path.relative_to(ROOT)}:{call.lineno}", name, {k.arg: ast.unparse(k.value) for k in call.keywords})
    for path, tree in MODULES.items()
    for name, call in _calls(tree)
    if name in FAMILY
]


def test_an_error_names_a_code_that_its_class_can_have() -> None:
    """The exit code that a caller expects of a class is the one that the code has."""
    for place, name, given in RAISED:
        member = given.get("code", "").removeprefix("ErrorCode.")
        if member in ErrorCode.__members__:
            assert ErrorCode[member].exit_code is FAMILY[name].code.exit_code, place


def test_an_error_of_many_situations_names_its_own() -> None:
    assert [place for place, name, given in RAISED if name in MUST_NAME and "code" not in given] == []


def test_every_error_code_is_used() -> None:
    named = set()
    for path, tree in MODULES.items():
        if path != SRC / "errors.py":
            named |= {
                n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "ErrorCode"
            }
    named |= {c.code.name for name, c in FAMILY.items() if any(name == raised for _, raised, _ in RAISED)}
    assert set(ErrorCode.__members__) - named == set()


def test_warnings_of_the_source_are_those_of_the_table() -> None:
    said: set[str] = set()
    for path, tree in MODULES.items():
        for name, call in _calls(tree):
            if name in SAYERS and not path.is_relative_to(SRC / "runs"):
                code = call.args[SAYERS[name]]
                if isinstance(code, ast.JoinedStr):
                    said |= LINKAGE
                elif isinstance(code, ast.Constant):
                    said.add(code.value)
    assert said == set(WARNINGS)


def _texts(folder: Path) -> set[str]:
    return {
        word
        for path, tree in MODULES.items()
        if path.is_relative_to(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", node.value)
    }


def test_reasons_of_quarantine_are_those_of_the_table() -> None:
    used = _texts(SRC / "files") | _texts(SRC / "stages" / "sources")
    assert set(REASONS) - used == set()
    shaped = re.compile(r"(too_few|too_many|bad|missing|duplicate)_[a-z]+|line_too_long")
    assert {w for w in used if shaped.fullmatch(w)} - set(REASONS) == set()


def test_flags_of_groups_are_those_of_the_table() -> None:
    sql = (SRC / "sql" / "stitch" / "match_group.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"THEN '; ([^']+)'", sql)) == set(FLAGS)


def test_findings_of_check_are_those_of_the_table() -> None:
    assert set(FINDINGS) <= _texts(SRC / "checking.py")


@pytest.mark.parametrize("code", list(all_codes()), ids=lambda c: c.name)
def test_each_code_has_words(code: object) -> None:
    assert code.meaning.endswith(".") and code.remedy.endswith(".")  # type: ignore[attr-defined]


def test_a_code_is_said_of_one_thing() -> None:
    names = [code.name for code in all_codes()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("asked", ["no_build", "error[no_build]", "NO_BUILD"])
def test_a_code_can_be_looked_up(asked: str) -> None:
    shown = cxid("docs", "errors", asked, tty=True, env={"NO_COLOR": "1"})
    assert shown.code == 0
    assert shown.out.startswith("no_build  (error, exit code 2)\n")
    assert ErrorCode.NO_BUILD.meaning in " ".join(shown.out.split())


def test_a_wrong_code_names_the_nearest() -> None:
    done = cxid("docs", "errors", "no_buil")
    assert (done.code, done.out) == (2, "")
    assert done.err == 'error[usage]: no code "no_buil"\nnext: did you mean no_build?\n'


def test_every_code_is_listed_for_a_program() -> None:
    listed = cxid("docs", "errors").out.splitlines()
    assert listed[0].split("\t") == ["kind", "code", "exit_code", "meaning", "remedy"]
    assert [line.split("\t")[1] for line in listed[1:]] == [code.name for code in all_codes()]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_codes_that_a_page_names_exist(page: Path) -> None:
    """In outputs that it shows, behind `cxid docs errors`, and in sentences such as: the build warns (`...`)."""
    text = page.read_text(encoding="utf-8")
    codes = {code.name for code in all_codes()}
    shown = set(re.findall(r"\b(?:error|warning)\[([^\]\s]+)\]", text)) - {"code"}
    asked = set(re.findall(r"cxid docs errors ([a-z_]+)", text))
    warned = set(re.findall(r"warn(?:s|ing)[^`.|\n]{0,20}`([a-z]+[_-][a-z_-]+)`", text))
    assert (shown | asked | warned) - codes == set()


def test_the_example_of_the_page_is_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = blocks(ROOT / "docs" / "reference" / "errors.md")
    crm = "{full_name: name}"
    text = f"version: 1\nproject: acme\nsources:\n  crm:\n    path: crm.csv\n    kind: people\n    key: no\n    colums: {crm}\n    columns: {crm}\n"
    (tmp_path / "cxid.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "$ cxid build\n" + cxid("build").err == block.text
