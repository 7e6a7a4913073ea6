"""The laws of the house: sizes, places of imports, SQL files with true headers in the portable subset."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from cxid.contracts import TABLES
from tests.conftest import ROOT

SRC = ROOT / "src" / "cxid"
MODULES = sorted(SRC.rglob("*.py"))
SQL_FILES = sorted((SRC / "sql").rglob("*.sql"))
HEAVY = ("duckdb", "pyarrow", "pandas", "numpy", "scipy", "recordlinkage", "sklearn", "pydantic", "textual")


def _functions(path: Path) -> list[tuple[str, int, int]]:
    """(name, lines, parameters) of every function in a file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            args = node.args
            names = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs) if a.arg not in ("self", "cls")]
            found.append(
                (f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1, len(names))
            )
    return found


FUNCTIONS = [f for path in MODULES for f in _functions(path)]


def _share(values: list[int], limit: int) -> float:
    return sum(v <= limit for v in values) / len(values)


def test_files_fit_their_rooms() -> None:
    sizes = {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8").count("\n") for p in MODULES}
    assert {name: n for name, n in sizes.items() if n > 500} == {}
    assert _share(list(sizes.values()), 400) >= 0.95


def test_functions_are_short() -> None:
    assert [f for f in FUNCTIONS if f[1] > 60] == []
    assert _share([f[1] for f in FUNCTIONS], 45) >= 0.95


def test_more_than_six_parameters_means_a_missing_noun() -> None:
    # A command's options are its parameters: the command line is the one place where many are right.
    inside = [f for f in FUNCTIONS if not f[0].startswith(("src/cxid/cli/", "src/cxid/engine/"))]
    assert [f for f in inside if f[2] > 6] == []


def test_imports_stand_at_the_top() -> None:
    """Lazy loading has one named place each: the command registry and the public package."""
    hidden = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.If):
                hidden += [
                    f"{path.relative_to(ROOT)}:{sub.lineno}"
                    for sub in ast.walk(node)
                    if isinstance(sub, ast.Import | ast.ImportFrom)
                ]
    assert hidden == []


def test_recordlinkage_is_imported_by_its_adapters_alone() -> None:
    users = [
        str(p.relative_to(SRC))
        for p in MODULES
        if re.search(r"^\s*(import|from) recordlinkage", p.read_text(encoding="utf-8"), re.M)
    ]
    assert [u for u in users if not u.startswith(("stages/link/", "evaluate/"))] == []


def test_nothing_left_undone_is_shipped() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|type: ignore$", re.M)
    assert [str(p.relative_to(ROOT)) for p in MODULES if marks.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "command", [["--help"], ["--version"], ["build", "--help"], ["report", "--help"]], ids=" ".join
)
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys\n"
        "from cxid.cli import main\n"
        f"sys.argv = ['cxid', *{command!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


# -- SQL ----------------------------------------------------------------------------------------------

HEADER = re.compile(r"\A-- grain: (?P<grain>.+)\n-- reads: (?P<reads>.*)\n-- writes: (?P<writes>\w+)\n")
REFUSED = {
    "strip_accents", "nfc_normalize", "damerau_levenshtein", "jaccard", "list_has_any", "list_intersect", "list_zip",
    "list_position", "list_reduce", "try_strptime", "quantile_cont", "epoch_us", "hash", "any_value", "random", "now",
    "list_distinct", "string_split",
}  # fmt: skip


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_sql_file_says_what_it_reads_and_writes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = HEADER.match(text)
    assert header is not None, "expected three lines: -- grain: / -- reads: / -- writes:"
    tree = sqlglot.parse_one(text, read="duckdb")
    inner = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    read = {t.name for t in tree.find_all(exp.Table) if t.name} - inner
    assert {name.strip() for name in header["reads"].split(",") if name.strip()} == read


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_sql_stays_in_the_portable_subset(path: Path) -> None:
    tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="duckdb")
    called = {f.name.lower() if isinstance(f, exp.Anonymous) else f.sql_name().lower() for f in tree.find_all(exp.Func)}
    assert called & REFUSED == set()
    assert [o.sql() for a in tree.find_all(exp.ArrayAgg) for o in a.find_all(exp.Order)] == []
    assert list(tree.find_all(exp.Star, bfs=False)) == [s for s in tree.find_all(exp.Star) if not s.args.get("except_")]
    assert not any(g.args.get("all") for g in tree.find_all(exp.Group))
    assert not any(isinstance(d, exp.DataType) and d.this == exp.DataType.Type.INT128 for d in tree.walk())


def test_every_contract_has_a_key_or_says_that_rows_may_repeat() -> None:
    assert [name for name, table in TABLES.items() if not table.key and not table.order] == []
    for table in TABLES.values():
        assert len({c.name for c in table.columns}) == len(table.columns)
        assert set(table.key) <= {c.name for c in table.columns}
        assert not any(c.nullable for c in table.columns if c.name in table.key)
