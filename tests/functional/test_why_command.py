"""`cxid why` at a terminal, in a pipe, and as documents."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli_harness import HOSTILE, Outcome, cxid, too_wide
from tests.reference.explain_world import Asked, asked, person
from tests.reference.stitch_world import Happening

CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: first, birth_date: born, email: mail}}
  web: {path: web.csv, kind: events, time: at, ids: {loyalty_card: card, cookie: cookie}}
"""
BORN, YOUNG = "19800101", "19990909"
RUN = "r0001-00000000"


@pytest.fixture(scope="module")
def world() -> Asked:
    """a, b and c are one customer, b with a through c; x has a name that would act on a terminal; y is unlinked."""
    card = [("loyalty_card", "77")]
    rows = [
        person("a", "ann", None, ids=card),
        person("b", None, BORN),
        person("c", "ann", BORN, values={"email": "ann@one.example"}),
        person("d e", "ann", YOUNG),
        person("x", HOSTILE, YOUNG),
        person("y", "ann", None, ids=[("loyalty_card", "78")]),
    ]
    pairs = [("a", "c"), ("b", "c"), ("c", "d e"), ("x", "d e"), ("c", "y")]
    events = [Happening([("loyalty_card", "77"), ("cookie", "k")])]
    return asked(rows, pairs, decisions=[("unlink", "a", "y"), ("unlink", "c", "y")], events=events)


@pytest.fixture(scope="module")
def project(world: Asked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as a published project."""
    folder = tmp_path_factory.mktemp("why")
    tables = folder / ".cxid" / "runs" / RUN / "tables"
    tables.mkdir(parents=True)
    engine = world.world.engine
    engine.run(
        "run_golden_customer",
        "SELECT c.customer_id, min(r.given_name) AS given_name, min(r.birth_date) AS birth_date, "
        "min(r.email) AS email, count(*) AS record_count "
        "FROM run_record AS r JOIN run_record_customer AS c USING (record_no) GROUP BY c.customer_id",
    )
    for name in engine.tables():
        if name.startswith("run_"):
            engine.write(name, tables / f"{name.removeprefix('run_')}.parquet")
    (folder / "cxid.yml").write_text(CONFIG, encoding="utf-8")
    (folder / ".cxid" / "published").symlink_to(f"runs/{RUN}")
    return folder


def why(project: Path, *args: str, tty: bool = False, columns: int = 80, **env: str) -> Outcome:
    return cxid("why", *args, "-C", project, tty=tty, env={"COLUMNS": str(columns), **env})


def document(project: Path, *args: str) -> Any:
    done = why(project, *args, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.mark.parametrize(
    ("a", "b", "outcome", "said"),
    [
        ("crm:a", "crm:c", "direct", "joined directly"),
        ("crm:a", "crm:b", "path", "joined through others: 2 links"),
        ("crm:a", "crm:d e", "never_paired", "never paired"),
        ("crm:c", "crm:d e", "below_cut", "below the cut"),
        ("crm:a", "crm:y", "refused", "decisions.csv, line 2"),
    ],
)
def test_each_decision_is_told_in_words_at_every_width(project: Path, a: str, b: str, outcome: str, said: str) -> None:
    assert document(project, a, b)["outcome"] == outcome
    for columns in (40, 80, 200):
        shown = why(project, a, b, tty=True, columns=columns)
        assert shown.code == 0, shown.err
        assert said in " ".join(shown.out.split()).replace("\x1b[0m", "").replace("  ", " ")
        assert too_wide(shown.out, columns) == []


def test_the_waterfall_of_a_terminal_has_bars_and_a_total(project: Path) -> None:
    shown = why(project, "crm:c", "crm:d e", tty=True, columns=120, NO_COLOR="1").out
    assert "\x1b" not in shown
    assert re.search(r"given_name\s+ann\s+ann\s+same, uncommon\s+\+6\.0\s+█+\s+\+2\.0", shown)
    assert re.search(r"birth_date\s+19800101\s+19990909\s+different\s+-4\.0\s+░+\s+-2\.0", shown)
    assert "total -2.0 bits: 20 % one person" in shown
    assert "found by 1 blocking rule: birth_date" in shown


def test_a_pipe_gets_tabs_whole_values_and_no_escapes(project: Path) -> None:
    piped = why(project, "crm:c", "crm:d e")
    assert "\x1b" not in piped.out
    assert "birth_date\t19800101\t19990909\tdifferent\t-4.0\t-2.0" in piped.out.splitlines()
    assert "\x1b" not in why(project, "crm:x", "crm:d e").out
    assert HOSTILE not in why(project, "crm:x", "crm:d e", tty=True).out


def test_the_document_adds_up(project: Path) -> None:
    told = document(project, "crm:a", "crm:b")
    assert sum(s["weight"] for s in told["steps"]) == pytest.approx(told["weight"])
    assert told["steps"][-1]["total"] == told["weight"]
    assert [(k["a"]["record_key"], k["b"]["record_key"]) for k in told["path"]] == [("a", "c"), ("c", "b")]
    assert told["path"][0]["command"] == "cxid why crm:a crm:c"
    never = document(project, "crm:a", "crm:d e")
    assert never["tried"] == [
        {"rule": "birth_date", "outcome": "missing", "unshared": [{"key": "birth_date", "how": "missing"}]}
    ]


def test_csv_is_the_waterfall(project: Path) -> None:
    lines = why(project, "crm:c", "crm:d e", "-f", "csv").out.splitlines()
    assert lines[0] == "name,a,b,agreement,weight,total"
    assert "birth_date,19800101,19990909,different,-4,-2" in lines


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_customer_is_told_by_its_links_and_the_weakest_of_them(project: Path, columns: int) -> None:
    shown = why(project, "crm:c", tty=True, columns=columns, NO_COLOR="1")
    assert shown.code == 0, shown.err
    for said in ("The weakest link", "Kept apart by guards", "Identifiers that hang on it", "Nearest records"):
        assert said in shown.out
    assert too_wide(shown.out, columns) == []
    assert "next: cxid why crm:a crm:c" in shown.err


def test_the_document_of_a_customer(project: Path, world: Asked) -> None:
    told = document(project, "crm:c")
    assert told["about"] == "customer"
    assert [m["record_key"] for m in told["members"]] == ["a", "b", "c"]
    assert [k["kind"] for k in told["links"]] == ["model", "model"]
    assert {r["record_key"] for r in told["weakest_link"]["left"]} == {"a"}
    assert told["refusals"][0]["lines"] == [2, 3]
    assert told["events"] == {"web": 1}
    assert told == document(project, told["customer_id"]) == document(project, "email=ann@one.example")


def test_two_customers_are_told_by_their_strongest_pair(project: Path) -> None:
    mine, other = document(project, "crm:c")["customer_id"], document(project, "crm:d e")["customer_id"]
    told = document(project, mine, other)
    assert {told["a"]["record_key"], told["b"]["record_key"]} == {"c", "d e"}
    assert document(project, mine, mine)["about"] == "customer"


def test_values_are_masked_on_request(project: Path) -> None:
    for args in (("crm:c", "crm:d e"), ("crm:c",)):
        assert BORN in why(project, *args).out
        hidden = why(project, *args, "--masked").out
        assert "ann@one.example" not in hidden and BORN not in hidden


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("crm:nobody",), "no customer of this reference"),
        (("crm:a", "crm:a"), "both name the same record"),
        (("crm:a", "shop:1"), "no people source of this name"),
        (("nonsense",), "not a customer reference"),
    ],
)
def test_what_cannot_be_asked_is_said_with_the_next_step(project: Path, args: tuple[str, ...], message: str) -> None:
    done = why(project, *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_reference_that_several_fit_lists_them(project: Path) -> None:
    done = why(project, "given_name=ann")
    assert done.code == 0
    assert "customers fit" in done.err and "next: cxid why cx_" in done.err


def test_decisions_made_since_the_build_are_mentioned(project: Path) -> None:
    manifest = project / ".cxid" / "runs" / RUN / "manifest.json"
    manifest.write_text('{"decisions_sha256": "of another file"}', encoding="utf-8")
    try:
        assert "decisions.csv has changed since run" in why(project, "crm:a").err
    finally:
        manifest.unlink()


def test_a_run_that_kept_no_model_says_what_to_do(project: Path) -> None:
    table = project / ".cxid" / "runs" / RUN / "tables" / "link_field.parquet"
    aside = table.rename(table.with_suffix(".aside"))
    try:
        done = why(project, "crm:a")
        assert done.code == 2 and "cxid build" in done.err
    finally:
        aside.rename(table)
