"""The library beside the command line: a call for every command, the same documents, quiet, in any thread."""

from __future__ import annotations

import ast
import inspect
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

import cxid
from cxid.api.reference import CALLS, find
from cxid.cli._console import _json_value
from cxid.cli._registry import COMMANDS
from cxid.notebook import Shown, Table, render
from tests.conftest import ROOT
from tests.functional.cli_harness import cxid as command

# command -> the library's module that it uses
MODULES = {
    "init": "api.init",
    "demo": "demo",
    "check": "check",
    "plan": "api",
    "build": "api",
    "report": "report",
    "show": "api.showing",
    "why": "api.why",
    "find": "api.find",
    "diff": "api.diff",
    "simulate": "api.simulate",
    "query": "api.query",
    "identify": "identify.asking",
    "review": "review",
    "link": "link",
    "unlink": "unlink",
    "pin": "pin",
    "eval": "evaluate",
    "runs": "api.history",
    "clean": "api",
    "export": "export",
    "docs": "docs",
    "doctor": "doctor",
    "schema": "config.schema",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample company of 150 people, built twice."""
    place = tmp_path_factory.mktemp("library") / "acme"
    cxid.write_demo(place, people=150, seed=5)
    project = cxid.open(place)
    project.build(threads=1)
    project.build(threads=1, as_of="2026-10-01")
    return place


@pytest.fixture
def project(folder: Path) -> cxid.Project:
    return cxid.open(folder)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_call(name: str) -> None:
    for each in CALLS[name]:
        call = find(cxid, each)
        assert inspect.getdoc(call), f"{each} has no docstring"
        assert inspect.signature(call).return_annotation is not inspect.Signature.empty
    if name == "completion":  # of a shell
        return
    text = (ROOT / "src/cxid/cli" / f"{COMMANDS[name].module}.py").read_text(encoding="utf-8")
    assert re.search(rf'(part|library)\("{re.escape(MODULES[name])}"\)', text), f"{name} goes its own way"


def test_the_stub_names_what_the_package_loads() -> None:
    tree = ast.parse((ROOT / "src/cxid/__init__.pyi").read_text(encoding="utf-8"))
    stub = {a.asname: n.module for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert stub == cxid._PUBLIC
    assert (ROOT / "src/cxid/py.typed").is_file()


def _as_json(content: Any) -> Any:
    return json.loads(json.dumps(content, default=_json_value))


def _look(project: cxid.Project) -> dict[str, tuple[list[str], Any]]:
    """name -> (command line, what the call gives as a document)."""
    customer = project.query(
        "SELECT customer_id FROM golden_customer ORDER BY record_count DESC, customer_id LIMIT 1"
    ).to_list()[0]["customer_id"]
    a, b = (f"{r['source']}:{r['record_key']}" for r in project.query(
        f"SELECT source, record_key FROM identity_map WHERE customer_id = '{customer}' AND source <> '' "
        "ORDER BY source, record_key LIMIT 2"
    ).to_list())  # fmt: skip
    sql = "SELECT customer_id, confidence, first_seen, is_known FROM golden_customer ORDER BY customer_id LIMIT 5"
    return {
        "report": (["report"], project.report().to_dict()),
        "show": (["show", customer, "--all"], project.show(customer).to_dict()),
        "pair": (["why", a, b], project.why(a, b).to_dict()),
        "customer": (["why", customer], project.why(customer).to_dict()),
        "find": (["find", "smith"], project.find("smith").to_list()),
        "diff": (["diff"], project.diff().to_dict()),
        "query": (["query", sql], project.query(sql).to_list()),
        "identify": (["identify", f"customer_id={customer}"], project.identify({"customer_id": customer}).to_dict()),
        "simulate": (["simulate", "win_back", "--replays", "1"], project.simulate("win_back", replays=1).to_dict()),
        "runs": (["runs"], project.runs().to_list()),
        "check": (["check"], project.check().to_list()),
        "clean": (["clean"], project.clean().to_list()),
        "link": (["link", a, b, "--dry-run", "--who", "ann"], project.link(a, b, dry_run=True, who="ann").to_list()),
    }


def test_a_call_and_its_command_give_the_same_document(
    project: cxid.Project, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    documents = _look(project)
    assert capfd.readouterr() == ("", ""), "a library call writes nothing"
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    for name, (line, document) in documents.items():
        done = command(*line, "-C", folder, "-f", "json")
        assert json.loads(done.out) == _as_json(document), name


class _Tags(HTMLParser):
    """Tags, and attributes other than those of layout."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"@{name}" for name, _ in attrs)}


_LAYOUT = {
    "div", "p", "strong", "table", "caption", "thead", "tbody", "tr", "th", "td", "@class", "@style", "@scope",
}  # fmt: skip


def _tags(page: str) -> set[str]:
    parser = _Tags()
    parser.feed(page)
    return parser.found


def test_what_a_notebook_shows_is_small_and_inert(project: cxid.Project, folder: Path) -> None:
    shown: list[Shown] = [
        project, project.plan(), project.build(), project.report(), project.diff(), project.find("smith"),
        project.query("SELECT * FROM golden_customer"), project.runs(), project.check(), project.clean(),
        project.review(limit=5), project.simulate("win_back", replays=1), cxid.doctor(folder), project.sample(5),
    ]  # fmt: skip
    for each in shown:
        page = each._repr_html_()
        assert _tags(page) <= _LAYOUT, type(each).__name__
        assert len(page) < 60_000
        assert repr(each).startswith(f"<{type(each).__name__}: ")
        assert "\n" not in repr(each)


def test_hostile_values_are_text() -> None:
    nasty = "<script>alert(1)</script>\x1b[31m\u202e\" onload='x'"
    page = render(nasty, [Table(nasty, [nasty, "n"], [[nasty, 1234], [None, None]])])
    assert _tags(page) <= _LAYOUT
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert page.count("&lt;script&gt;") == 4
    assert ">1,234</td>" in page


def test_a_long_table_says_how_much_is_left_out(project: cxid.Project) -> None:
    rows = project.query("SELECT * FROM (VALUES (1)) AS t(n), range(45) AS r(i)")
    assert "and 25 more" in rows._repr_html_()


def test_names_that_come_twice_stay_apart(project: cxid.Project) -> None:
    rows = project.query("SELECT 1 AS a, 2 AS a")
    assert rows.to_list() == [{"a": 1, "a_2": 2}]
    assert list(rows) == [(1, 2)]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda p: p.query("DELETE FROM golden_customer"), cxid.UsageError),
        (lambda p: p.show("crm:nobody"), cxid.UsageError),
        (lambda p: p.diff("r9999"), cxid.UsageError),
        (lambda p: p.rollback("r9999"), cxid.UsageError),
        (lambda p: p.evaluate(), cxid.UsageError),
        (lambda p: p.evaluate("no-such-file.csv"), cxid.CxidError),
        (lambda p: p.simulate("win_bak"), cxid.UsageError),
        (lambda p: p.select(), cxid.UsageError),
        (lambda p: cxid.open(p.folder / "nowhere"), cxid.UsageError),
        (lambda p: p.build(as_of="yesterday"), cxid.UsageError),
    ],
)
def test_failures_are_ours(
    project: cxid.Project, wrong: Callable[[cxid.Project], object], error: type[cxid.CxidError]
) -> None:
    with pytest.raises(error) as caught:
        wrong(project)
    assert caught.value.message
    assert caught.value.hint


def test_an_ambiguous_reference_names_the_customers(project: cxid.Project) -> None:
    city = project.query(
        "SELECT city FROM golden_customer WHERE city IS NOT NULL GROUP BY city HAVING count(*) > 1 ORDER BY city"
    ).to_list()[0]["city"]
    with pytest.raises(cxid.AmbiguousReference) as caught:
        project.why(f"city={city}")
    assert len(caught.value.customer_ids) > 1


# -- threads and processes -----------------------------------------------------------------------------------


def _in_threads(*jobs: Callable[[], None]) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.slow
def test_looking_goes_on_while_another_thread_builds(tmp_path: Path) -> None:
    """Each look sees one whole run; a second build at the same time is refused."""
    cxid.write_demo(tmp_path, people=80, seed=2)
    project = cxid.open(tmp_path)
    first = project.build(threads=1).run_id
    done, seen, refused = threading.Event(), set[str](), list[str]()

    def build() -> None:
        try:
            project.build(force=True, threads=1)
        finally:
            done.set()

    def look() -> None:
        while not done.is_set():
            report = project.report()
            rows = project.query("SELECT count(*) AS n FROM golden_customer").to_list()
            assert rows[0]["n"] > 0
            seen.add(report.published.run_id)
            try:
                project.plan()
            except cxid.LockError as error:
                refused.append(error.message)
                done.wait(0.2)

    assert _in_threads(build, look) == []
    assert seen <= {first, project.runs()[0].run_id}
    assert refused


@pytest.mark.slow
def test_two_projects_build_side_by_side(tmp_path: Path) -> None:
    built: dict[str, int] = {}

    def build(name: str) -> Callable[[], None]:
        def job() -> None:
            cxid.write_demo(tmp_path / name, people=60, seed=1)
            built[name] = cxid.open(tmp_path / name).build(threads=1).counts["customers"]

        return job

    assert _in_threads(build("a"), build("b")) == []
    assert built["a"] == built["b"] > 0


_QUIET = """
import gc, sys, cxid
project = cxid.open(sys.argv[1])
customer = project.query("SELECT customer_id FROM golden_customer LIMIT 1").to_list()[0]["customer_id"]
project.show(customer); project.why(customer); project.find("a"); project.report().to_html(); project.diff()
project.identify({"customer_id": customer}); project.review(limit=2); project.select(no_purpose=True)
batches = project.query("SELECT * FROM golden_customer")
try:
    project.query("SELECT no_such_column FROM golden_customer")
except cxid.UsageError:
    pass
del project, batches
gc.collect()
"""


def test_nothing_stays_open(folder: Path) -> None:
    """No file, thread or engine is left to the collector: Python would warn of it."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-W", "error::ResourceWarning", "-c", _QUIET, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_notebook_where_the_engine_cannot_count_is_no_hindrance(
    project: cxid.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB refuses to switch its progress on in a notebook that has no ipywidgets."""
    connect = duckdb.connect

    class Refusing:
        def __init__(self, *args: Any, **options: Any) -> None:
            self._real = connect(*args, **options)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

        def execute(self, sql: str, *args: Any) -> Any:
            if sql.startswith("SET enable_progress_bar"):
                raise duckdb.InvalidInputException("required package 'ipywidgets' is missing")
            return self._real.execute(sql, *args)

    monkeypatch.setattr(duckdb, "connect", Refusing)
    assert project.query("SELECT 1 AS one").to_list() == [{"one": 1}]
