"""`cxid show`: the page of one customer at a terminal, in a pipe, and as a document."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from contextlib import chdir
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from cxid.cli._customer.page import ALL, SECTIONS
from cxid.customer_page import model
from tests.functional.cli_harness import HOSTILE, Outcome, cxid, too_wide, write_project
from tests.functional.show_project import write_show_project

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "show.md"
PARTS: dict[str, type] = {
    "head": model.Head,
    "values": model.GoldenValue,
    "records": model.RecordOfCustomer,
    "weakest_link": model.WeakestLink,
    "review": model.ReviewReason,
    "household": model.Household,
    "identifiers": model.Identifier,
    "timeline": model.Timeline,
    "answers": model.SurveyAnswer,
    "consent": model.ConsentStatus,
    "triggers": model.TriggerHolds,
    "history": model.History,
    "unknown": model.Unknown,
}
INSIDE: dict[tuple[str, str], type] = {
    ("values", "others"): model.OtherValue,
    ("records", "joined"): model.Joined,
    ("household", "members"): model.HouseholdMember,
    ("timeline", "months"): model.Month,
    ("timeline", "moments"): model.Moment,
    ("timeline", "touchpoints"): model.Touchpoint,
    ("history", "events"): model.IdentityEvent,
    ("history", "former_ids"): model.FormerId,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("show"))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built company, small enough to build here, with every kind of source."""
    folder = tmp_path_factory.mktemp("company") / "acme"
    assert cxid("demo", folder, "--people", "300", "-q").code == 0
    done = cxid("build", "-C", folder, "--threads", "1", "--memory-limit", "1GB", "-q")
    assert done.code == 0, done.err
    return folder


def show(project: Path, *args: str, tty: bool = False, columns: int = 80, **env: str) -> Outcome:
    return cxid("show", *args, "-C", project, tty=tty, env={"COLUMNS": str(columns), "NO_COLOR": "1", **env})


def document(project: Path, *args: str) -> Any:
    done = show(project, *args, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def customers(company: Path, where: str, most: int = 3) -> list[str]:
    """Ids of customers whose row of profile and golden record fits, those with most records first."""
    sql = (
        "SELECT g.customer_id FROM golden_customer AS g JOIN profile AS p ON p.customer_id = g.customer_id "
        f"WHERE {where} ORDER BY g.record_count DESC, g.customer_id LIMIT {most}"
    )
    ids = [r["customer_id"] for r in json.loads(cxid("query", sql, "-f", "json", "-C", company).out)]
    assert ids, where
    return ids


KINDS = {
    "many records": "g.record_count > 3",
    "a buyer who answered": "p.orders > 1 AND p.nps_answers > 0",
    "spoken of": "p.mentions > 0",
    "a trigger": "p.triggers IS NOT NULL",
    "a household": "p.household_size > 1",
    "consent": "p.consent_granted IS NOT NULL",
    "an anonymous visitor": "NOT g.is_known",
    "in doubt": "g.needs_review",
}


@pytest.fixture(scope="module")
def several(company: Path) -> dict[str, list[str]]:
    return {kind: customers(company, where) for kind, where in KINDS.items()}


# -- the document ------------------------------------------------------------------------------------------------


def documented() -> dict[str, set[str]]:
    """Heading -> the keys in the first column of its table; those of the document itself under ''."""
    found: dict[str, set[str]] = {}
    for part in re.split(r"^## ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE):
        heading = part.split("\n", 1)[0]
        name = heading if heading in PARTS else "" if part.startswith("# ") else None
        if name is not None:
            found[name] = {
                k for row in re.findall(r"^\| (`.*?) \|", part, re.MULTILINE) for k in re.findall("`(.*?)`", row)
            }
    return found


def names(type_: type) -> set[str]:
    return {f.name for f in fields(type_)}


def test_every_key_is_described_and_every_described_key_is_there() -> None:
    told = documented()
    assert told[""] == names(model.CustomerPage)
    assert {part: told[part] for part in PARTS} == {part: names(type_) for part, type_ in PARTS.items()}
    text = DOCS.read_text(encoding="utf-8")
    for (part, key), type_ in INSIDE.items():
        (row,) = re.findall(rf"^\| `{key}` \|.*$", text.split(f"\n## {part}\n")[1].split("\n## ")[0], re.MULTILINE)
        assert names(type_) <= set(re.findall("`(.*?)`", row)), (part, key)


@pytest.mark.parametrize("kind", KINDS)
def test_the_real_document_has_exactly_these_keys(company: Path, several: dict[str, list[str]], kind: str) -> None:
    for customer in several[kind]:
        found = document(company, customer)
        assert set(found) == names(model.CustomerPage)
        for part, type_ in PARTS.items():
            for entry in found[part] if isinstance(found[part], list) else [found[part]] if found[part] else []:
                assert set(entry) == names(type_)
        for (part, key), type_ in INSIDE.items():
            for entry in found[part] if isinstance(found[part], list) else [found[part]] if found[part] else []:
                inside = entry[key] if isinstance(entry[key], list) else [entry[key]] if entry[key] else []
                assert all(set(e) == names(type_) for e in inside)


def test_the_document_agrees_with_the_tables(company: Path, several: dict[str, list[str]]) -> None:
    for customer in {c for ids in several.values() for c in ids}:
        found = document(company, customer)
        where = f"FROM touchpoint WHERE customer_id = '{customer}'"
        (row,) = json.loads(cxid("query", f"SELECT count(*) AS n {where}", "-f", "json", "-C", company).out)
        assert found["timeline"]["events"] == row["n"]
        assert sum(m["events"] for m in found["timeline"]["months"]) + found["timeline"]["undated"] == row["n"]
        assert len(found["records"]) == found["head"]["record_count"]
        assert len(found["timeline"]["touchpoints"]) == min(20, row["n"])
        joined = [r for r in found["records"] if r["joined"]]
        assert len(joined) == max(len(found["records"]) - 1, 0)
        if joined:
            assert found["weakest_link"]["probability"] == min(r["joined"]["probability"] for r in joined)
        if found["household"]:
            assert len(found["household"]["members"]) + 1 == found["profile"]["household_size"]


def test_a_link_of_the_page_can_be_asked_about(company: Path, several: dict[str, list[str]]) -> None:
    command = document(company, several["many records"][0])["weakest_link"]["command"]
    done = cxid(*command.split()[1:], "-C", company)
    assert done.code == 0
    assert "joined" in done.out


def test_sections_leave_their_keys_and_their_columns(company: Path, several: dict[str, list[str]]) -> None:
    customer = several["a buyer who answered"][0]
    whole = document(company, customer)
    found = document(company, customer, "-s", "value", "-s", "consent")
    assert set(found) == {"run_id", "customer_id", "as_of", "profile", "consent"}
    assert set(found["profile"]) == set(SECTIONS["value"].columns)
    assert found["profile"]["revenue"] == whole["profile"]["revenue"]
    assert document(company, customer, "--all") == whole
    for name in ALL:
        assert set(document(company, customer, "-s", name)) <= set(whole)


def test_the_sections_of_the_reference_are_those_of_the_command(project: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `\w+` \| `(\w+)` \|", text, re.MULTILINE))
    named |= set(re.findall("`(.*?)`", next(line for line in text.splitlines() if line.startswith("The sections "))))
    assert named - {"profile"} == set(ALL)
    done = show(project, "cx_ann", "-s", "nosuch")
    assert done.code == 2
    assert all(name in done.err for name in ALL)


# -- at a terminal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_every_kind_of_customer_fits(company: Path, several: dict[str, list[str]], columns: int) -> None:
    for customer in {ids[0] for ids in several.values()}:
        done = show(company, customer, "--all", tty=True, columns=columns)
        assert done.code == 0
        assert too_wide(done.out, columns) == []
        plain = show(company, customer, tty=True, columns=columns, LC_ALL="C").out
        assert plain.isascii() or not set(plain) & set("▁▂▃▄▅▆▇█─…")


def test_a_page_says_what_is_not_known_and_leaves_out_the_rest(company: Path, several: dict[str, list[str]]) -> None:
    out = show(company, several["an anonymous visitor"][0], tty=True).out
    assert "An anonymous visitor" in out
    for heading in ("Golden values", "Records", "Household", "Value", "Consent", "Triggers"):
        assert f"\n{heading}" not in out
    assert "no purchases" in out
    done = show(company, several["an anonymous visitor"][0], "-s", "value", tty=True)
    assert "value: no purchases" in done.err


def test_as_many_touchpoints_as_wanted(project: Path) -> None:
    for wanted, listed in ((0, 0), (1, 1), (20, 20), (100, 25)):
        assert len(document(project, "cx_ann", "--events", str(wanted))["timeline"]["touchpoints"]) == listed
    assert show(project, "cx_ann", "--events", "-1").code == 2
    assert "Last 2 of 25 touchpoints" in show(project, "cx_ann", "-n", "2", tty=True).out


def test_values_from_data_are_inert_and_whole(project: Path) -> None:
    for columns in (40, 80, 200):
        out = show(project, "cx_ann", tty=True, columns=columns).out
        assert not set(out) & {"\x1b", "\x07", "\u202e", "\t"}
    assert "\\x1b[31mred\\x07\\u202e[bold]x[/]\\nnext\\tcell" in show(project, "cx_ann").out
    city = next(v["value"] for v in document(project, "cx_ann")["values"] if v["field"] == "city")
    assert city == HOSTILE


# -- in a pipe, as rows ----------------------------------------------------------------------------------------------


def test_a_pipe_gets_tables_that_a_program_can_read(company: Path, several: dict[str, list[str]]) -> None:
    customer = several["a buyer who answered"][0]  # of those who are, the one with most records
    whole = document(company, customer)
    out = show(company, customer).out
    blocks = {
        block.split("\n", 1)[0].split(";")[0].split(" (")[0]: block.splitlines()[1:] for block in out.split("\n\n")
    }
    values = [line.split("\t") for line in blocks["Golden values"]]
    assert {row[0]: row[1] for row in values[1:]} == {v["field"]: v["value"] for v in whole["values"]}
    names_of_it, weakest = (line.split("\t") for line in blocks["Weakest link"])
    assert dict(zip(names_of_it, weakest, strict=True))["ask why"] == whole["weakest_link"]["command"]
    told = dict(line.split("\t") for line in blocks["Value"][1:])
    assert told["orders"] == str(whole["profile"]["orders"])
    months = [line.split("\t") for line in blocks["Timeline"][1:]]
    assert sum(int(n) for _, _, n in months) == sum(m["events"] for m in whole["timeline"]["months"])


def test_csv_has_a_row_for_each_fact(company: Path, several: dict[str, list[str]]) -> None:
    customer = several["a household"][0]
    whole = document(company, customer)
    rows = list(csv.reader(io.StringIO(show(company, customer, "-f", "csv").out)))
    assert rows[0] == ["part", "name", "value", "detail"]
    assert {tuple(r[1:3]) for r in rows if r[0] == "value"} == {(v["field"], v["value"]) for v in whole["values"]}
    assert [r[2] for r in rows if r[1] == "member"] == [m["customer_id"] for m in whole["household"]["members"]]
    assert sum(int(r[2]) for r in rows if r[0] == "month") == sum(m["events"] for m in whole["timeline"]["months"])
    assert all(r[2] for r in rows)


def test_jsonl_is_the_document_on_one_line(project: Path) -> None:
    out = show(project, "cx_ann", "-f", "jsonl").out
    assert out.count("\n") == 1
    assert json.loads(out) == document(project, "cx_ann")


# -- references --------------------------------------------------------------------------------------------------------


def test_several_that_fit_are_listed_with_a_command_each(project: Path) -> None:
    done = show(project, "family_name=smith")
    assert done.code == 0
    assert [line.split("\t")[0] for line in done.out.splitlines()[1:]] == ["cx_ann", "cx_bob"]
    assert "2 customers fit" in done.err
    assert [line.split(" -C")[0] for line in done.err.splitlines() if line.startswith("next:")] == [
        "next: cxid show cx_ann",
        "next: cxid show cx_bob",
    ]


@pytest.mark.parametrize(
    ("reference", "near"),
    [("cx_anm", ["cx_ann"]), ("email=anne@x.example", ["cx_ann"]), ("given_name=ännchn", ["cx_ann"]),
     ("phone=+43664123456", ["cx_ann"]), ("email=ann@elsewhere.example", []), ("cx_zzzz", []), ("cx_", [])],
)  # fmt: skip
def test_who_is_not_found_is_offered_who_is_near(project: Path, reference: str, near: list[str]) -> None:
    done = show(project, reference)
    assert done.code == 2
    assert re.findall(r"cxid show (\w+)", done.err) == near
    assert "cxid find" in done.err
    assert "ann@x.example" not in done.err


def test_a_former_id_leads_to_the_customer_with_a_note(project: Path) -> None:
    done = show(project, "cx_old", "-s", "history", tty=True)
    assert "cx_old is now cx_ann" in done.err
    assert "Former ids" in done.out
    assert document(project, "cx_old")["history"]["former_ids"] == [
        {"customer_id": "cx_old", "since_run": "r0001-00000000"}
    ]


# -- the whole page ------------------------------------------------------------------------------------------------------


GOLDEN = Path(__file__).parent / "show_at_80_columns.txt"


def whole_page(folder: Path, **env: str) -> str:
    """What `cxid show` writes in the project's folder on a terminal of 80 columns."""
    customer = write_show_project(folder)
    with chdir(folder):
        done = cxid("show", customer, "-n", "5", tty=True, env={"COLUMNS": "80", "NO_COLOR": "1", **env})
    assert done.code == 0, done.err
    return done.out


def test_the_page_is_this_one(tmp_path: Path) -> None:
    """Read the page after a change, and write it anew: python -m tests.functional.test_show_command."""
    assert whole_page(tmp_path) == GOLDEN.read_text(encoding="utf-8")


def test_colour_changes_no_word_of_it(tmp_path: Path) -> None:
    coloured = whole_page(tmp_path, NO_COLOR="")
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", coloured))
    assert "1;36" in codes
    assert not [
        c for code in codes for c in code.split(";") if c in {"30", "37", "97"} or (c.startswith("4") and c != "4")
    ]
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        GOLDEN.write_text(whole_page(Path(made)), encoding="utf-8")
