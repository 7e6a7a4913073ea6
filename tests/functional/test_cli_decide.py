"""link, unlink and pin through the command line, and what the next builds make of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli_harness import Outcome, cxid
from tests.functional.test_pipeline_end_to_end import make_project

TWIN = "Ann,Zweifel,ann.zweifel@example.org,01/02/1980,Graz,8010"
WHO = {"GIT_AUTHOR_NAME": "Ann Steward"}
MERGED = [f"crm:T{n:02}" for n in range(12)]


def decide(*args: str | Path, project: Path, **more: Any) -> Outcome:
    return cxid(*args, "-C", project, env=WHO, **more)


def written(project: Path) -> list[dict[str, str]]:
    with (project / "decisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def customers(project: Path) -> dict[str, str]:
    """source:key -> customer."""
    sql = "SELECT source || ':' || record_key AS record, customer_id FROM identity_map WHERE source <> ''"
    rows = json.loads(cxid("query", sql, "-f", "json", "-C", project).out)
    return {row["record"]: row["customer_id"] for row in rows}


def build(project: Path) -> dict[str, Any]:
    done = cxid("build", "-f", "json", "-C", project)
    assert done.code == 0, done.err
    told: dict[str, Any] = json.loads(done.out)
    return told


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project in which twelve records were merged into one customer."""
    root = tmp_path_factory.mktemp("merged") / "acme"
    make_project(root)
    with (root / "data" / "crm.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"T{n:02},{TWIN},2026-01-{n + 1:02}\n" for n in range(12))
    build(root)
    owners = customers(root)
    assert len({owners[r] for r in MERGED}) == 1
    return root


@pytest.fixture
def project(merged: Path, tmp_path: Path) -> Path:
    shutil.copytree(merged, tmp_path / "acme", symlinks=True)
    return tmp_path / "acme"


# -- what is written ---------------------------------------------------------------------------------------


def test_a_link_of_two_records_is_one_line_and_says_when_it_takes_effect(project: Path) -> None:
    done = decide(
        "link", "crm:1", "club:M77", "--reason", "same  person\nafter a move", "--when", "2026-11-02", project=project
    )
    assert done.code == 0
    assert written(project) == [
        {"action": "link", "source_a": "crm", "key_a": "1", "source_b": "club", "key_b": "M77", "field": "", "value": "",
         "who": "Ann Steward", "when": "2026-11-02", "reason": "same person after a move"},
    ]  # fmt: skip
    assert "1 line added; takes effect with the next build" in done.err
    assert "next: cxid build" in done.err


def test_what_a_command_writes_is_its_data_in_every_format(project: Path) -> None:
    told = json.loads(decide("link", "crm:1", "club:M77", "-n", "-f", "json", project=project).out)
    assert [(r["line"], r["status"], r["action"], r["key_b"]) for r in told] == [(2, "not written", "link", "M77")]
    assert not (project / "decisions.csv").exists()
    assert decide("link", "crm:1", "club:M77", "-q", project=project) == Outcome(0, "", "")
    again = json.loads(decide("link", "club:M77", "crm:1", "-f", "json", project=project).out)
    assert [(r["line"], r["status"]) for r in again] == [(2, "known")]
    assert decide("link", "club:M77", "crm:1", project=project).err.splitlines()[0] == (
        "decisions.csv says it already: line 2"
    )


def test_customers_are_linked_by_the_records_that_are_most_alike(project: Path) -> None:
    sql = (
        "SELECT a.customer_id AS one, b.customer_id AS other, p.source_a || ':' || p.record_key_a AS a, "
        "p.source_b || ':' || p.record_key_b AS b FROM match_pair AS p "
        "JOIN identity_map AS a ON a.source = p.source_a AND a.record_key = p.record_key_a "
        "JOIN identity_map AS b ON b.source = p.source_b AND b.record_key = p.record_key_b "
        "WHERE a.customer_id <> b.customer_id ORDER BY p.weight DESC, a, b LIMIT 1"
    )
    (best,) = json.loads(cxid("query", sql, "-f", "json", "-C", project).out)
    assert decide("link", best["other"], best["one"], project=project).code == 0
    (row,) = written(project)
    assert {f"{row['source_a']}:{row['key_a']}", f"{row['source_b']}:{row['key_b']}"} == {best["a"], best["b"]}


def test_customers_that_were_never_compared_are_linked_by_the_records_that_say_most(project: Path) -> None:
    owners = customers(project)
    assert decide("link", owners["crm:T00"], owners["club:M140"], project=project).code == 0
    (row,) = written(project)
    assert owners[f"{row['source_a']}:{row['key_a']}"] == owners["crm:T00"]
    assert owners[f"{row['source_b']}:{row['key_b']}"] == owners["club:M140"]


def test_several_references_are_linked_one_after_the_other(project: Path) -> None:
    assert decide("link", "crm:1", "club:M77", "crm:5", project=project).code == 0
    assert [(r["key_a"], r["key_b"]) for r in written(project)] == [("1", "M77"), ("M77", "5")]


def test_two_customers_are_unlinked_record_by_record(project: Path) -> None:
    owners = customers(project)
    one, other = owners["crm:T00"], owners["crm:40"]
    sizes = [sum(o == c for o in owners.values()) for c in (one, other)]
    assert decide("unlink", one, other, project=project).code == 0
    assert len(written(project)) == sizes[0] * sizes[1]
    assert {r["action"] for r in written(project)} == {"unlink"}


def test_a_record_is_unlinked_from_the_rest_of_its_customer(project: Path) -> None:
    owner = customers(project)["crm:T03"]
    assert decide("unlink", owner, "crm:T03", project=project).code == 0
    rows = written(project)
    assert len(rows) == 11
    assert {r["key_b"] for r in rows} == {"T03"}


@pytest.mark.parametrize(
    ("story", "options", "parts"),
    [
        ("two set apart from the rest", ["--apart", "crm:T00", "--apart", "crm:T01"], [10, 2]),
        ("the rest set apart from two", ["--keep", "crm:T00", "--keep", "crm:T01"], [2, 10]),
        ("two from two, the others as the evidence says",
         ["--keep", "crm:T00", "--keep", "crm:T01", "--apart", "crm:T02", "--apart", "crm:T03"], [2, 2]),
        ("every one from every other", ["--each"], [1] * 12),
    ],
)  # fmt: skip
def test_a_split_writes_every_pair_across_its_parts(
    project: Path, story: str, options: list[str], parts: list[int]
) -> None:
    assert decide("unlink", customers(project)["crm:T00"], *options, project=project).code == 0
    expected = sum(a * b for n, a in enumerate(parts) for b in parts[:n])
    assert len({(r["key_a"], r["key_b"]) for r in written(project)}) == len(written(project)) == expected, story


def test_a_form_of_the_records_comes_back_filled_in(project: Path) -> None:
    owner = customers(project)["crm:T00"]
    form = list(csv.DictReader(io.StringIO(decide("unlink", owner, "--list", "-f", "csv", project=project).out)))
    assert [f"{r['source']}:{r['record_key']}" for r in form] == MERGED
    assert {r["email"] for r in form} == {"ann.zweifel@example.org"}  # what tells records apart is beside them
    filled = "".join(f"{r['source']};{r['record_key']};{'AAABBBCC    '[n].strip()}\n" for n, r in enumerate(form))
    done = decide("unlink", owner, "--parts", "-", project=project, stdin="Source;record_key;part\n" + filled)
    assert done.code == 0
    assert len(written(project)) == 3 * 3 + 3 * 2 + 3 * 2


# -- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "args", "said"),
    [
        ("a reference alone", ["link", "crm:1"], "a link needs two references"),
        ("the same record twice", ["link", "crm:1", "crm:1"], "are the same"),
        ("records of one customer by its id", ["link", "email=ann.zweifel@example.org", "CX"], "CX and CX are the same"),
        ("a record and its customer", ["link", "crm:T00", "CX"], "one customer already"),
        ("a record that nobody knows", ["link", "crm:1", "crm:nobody"], "no customer of this reference"),
        ("a source that nobody knows", ["link", "crm:1", "nosuch:1"], "no people source of this name"),
        ("a reference that fits many", ["link", "crm:1", "city=Graz"], "customers fit this reference"),
        ("a day that is none", ["link", "crm:1", "crm:2", "--when", "soon"], "when is neither a date nor a time"),
        ("a customer alone", ["unlink", "CX"], "which of the 12 records of CX are somebody else?"),
        ("a customer and itself", ["unlink", "CX", "email=ann.zweifel@example.org"], "is named twice"),
        ("a record of somebody else", ["unlink", "CX", "--apart", "crm:1"], "crm:1 is no record of CX"),
        ("everybody set apart", ["unlink", "CX", *[x for r in MERGED for x in ("--apart", r)]], "nobody is set apart"),
        ("kept and set apart", ["unlink", "CX", "--apart", "crm:T00", "--keep", "crm:T00"], "both kept and set apart"),
        ("two ways at once", ["unlink", "CX", "--each", "--apart", "crm:T00"], "do not go together"),
        ("a split of two", ["unlink", "crm:1", "crm:2", "--each"], "two references and --each do not go together"),
        ("a pin without a value", ["pin", "crm:1", "email="], "a pin is FIELD=VALUE"),
        ("a pin of no field", ["pin", "crm:1", "mail=x"], "no golden column of this name"),
        ("a pin of a whole name", ["pin", "crm:1", "full_name=Ann Lee"], "no golden column of this name"),
        ("a birthday as nobody can be sure of it", ["pin", "crm:1", "birth_date=01/02/1980"], "birth_date is a date"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_says_why_and_what_next(project: Path, story: str, args: list[str], said: str) -> None:
    owner = customers(project)["crm:T00"]
    done = decide(*(a.replace("CX", owner) for a in args), project=project)
    assert (done.code, done.out) == (2, ""), story
    assert said.replace("CX", owner) in done.err
    assert "next: " in done.err
    assert not (project / "decisions.csv").exists()


def test_a_link_across_a_split_names_the_lines_in_its_way(project: Path) -> None:
    owner = customers(project)["crm:T00"]
    assert decide("unlink", owner, "--apart", "crm:T11", project=project).code == 0
    done = decide("link", "crm:T04", "crm:T11", project=project)
    assert done.code == 2
    assert done.err.splitlines()[1] == "decisions.csv:6: unlinks two records that this link makes one person"
    assert "next: remove line 6 of decisions.csv" in done.err
    assert len(written(project)) == 11


def test_lines_of_a_form_that_fit_nobody_are_told_all_at_once(project: Path) -> None:
    form = "source,record_key,part\ncrm,T00,A\ncrm,nobody,B\ncrm,T00,B\n"
    (project / "parts.csv").write_text(form)
    done = decide("unlink", customers(project)["crm:T00"], "--parts", project / "parts.csv", project=project)
    assert done.code == 2
    assert [line.split(":")[1] for line in done.err.splitlines()[:2]] == ["3", "4"]


def test_a_form_with_an_open_quote_is_refused(project: Path) -> None:
    (project / "parts.csv").write_text('source,record_key,part\ncrm,T00,"A\n' + "crm,T01,B\n" * 20_000)
    done = decide("unlink", "crm:T00", "--parts", project / "parts.csv", project=project)
    assert (done.code, "a quote is open" in done.err) == (2, True)


def test_before_the_first_build_records_can_be_decided_and_customers_cannot(tmp_path: Path) -> None:
    make_project(tmp_path / "new")
    assert decide("link", "crm:1", "club:M77", project=tmp_path / "new").code == 0
    assert decide("pin", "crm:1", "city=Rome", project=tmp_path / "new").code == 0
    assert [r["action"] for r in written(tmp_path / "new")] == ["link", "pin"]
    for args in (["link", "cx_1", "crm:1"], ["unlink", "crm:1", "--each"], ["unlink", "nosuch:1", "crm:1"]):
        assert decide(*args, project=tmp_path / "new").code == 2


# -- what builds make of it --------------------------------------------------------------------------------


def test_a_split_of_twelve_into_two_people_holds_through_builds(project: Path) -> None:
    """One command; then records come, go and change their order, and somebody is linked to either side."""
    owner = customers(project)["crm:T00"]
    gone = MERGED[:6]
    assert decide("unlink", owner, *[x for r in gone for x in ("--apart", r)], "--together", project=project).code == 0
    build(project)
    owners = customers(project)
    assert [len({owners[r] for r in half}) for half in (MERGED[:6], MERGED[6:])] == [1, 1]
    assert owners["crm:T00"] != owners["crm:T11"]
    for record in ("crm:T00", "crm:T11"):  # what people decided needs no second look
        assert json.loads(cxid("show", record, "-f", "json", "-C", project).out)["head"]["needs_review"] is False

    crm = project / "data" / "crm.csv"
    header, *rows = crm.read_text().splitlines()
    left = [r for r in rows if not r.startswith(("T00", "T06", "T07"))]  # among them those that a chain hangs on
    more = [f"T{n},{TWIN},2026-02-01" for n in (20, 21)]
    crm.write_text("\n".join([header, *reversed(left + more)]) + "\n")
    assert decide("link", "crm:T01", "crm:1", project=project).code == 0
    assert decide("link", "crm:T11", "club:M77", project=project).code == 0
    build(project)
    owners = customers(project)
    assert {owners[f"crm:T{n:02}"] for n in range(1, 6)}.isdisjoint({owners[f"crm:T{n:02}"] for n in range(8, 12)})
    assert owners["crm:T01"] == owners["crm:1"]
    assert owners["crm:T11"] == owners["club:M77"]


def test_pins_are_golden_and_go_with_their_record(project: Path) -> None:
    assert decide("pin", "crm:T03", "email=pinned@example.org", "city=Linz", project=project).code == 0
    assert decide("pin", "crm:T05", "email=later@example.org", "--when", "2999-01-01", project=project).code == 0
    done = cxid("build", "-f", "json", "-C", project)
    warnings = json.loads(done.out)["warnings"]
    assert [w["message"] for w in warnings if w["code"] == "pin_overruled"] == [
        "decisions.csv: 1 pin gives way to a later one of the same customer: line 2"
    ]
    customer = json.loads(cxid("show", "crm:T00", "-f", "json", "-C", project).out)
    values = {v["field"]: v for v in customer["values"]}
    assert (values["email"]["value"], values["email"]["rule"], values["email"]["record_key"]) == (
        "later@example.org", "pinned", "T05",
    )  # fmt: skip
    assert values["email"]["others"][0]["value"] == "ann.zweifel@example.org"
    assert (values["city"]["value"], values["postcode"]["value"]) == ("Linz", "8010")
    # T05 leaves, and its pin with it: now line 2 counts.
    assert decide("unlink", customer["customer_id"], "--apart", "crm:T05", project=project).code == 0
    build(project)
    owners = customers(project)
    sql = "SELECT customer_id, email, city FROM golden_customer WHERE city = 'Linz' OR email = 'later@example.org'"
    rows = {r["customer_id"]: r for r in json.loads(cxid("query", sql, "-f", "json", "-C", project).out)}
    assert rows[owners["crm:T03"]]["email"] == "pinned@example.org"
    assert rows[owners["crm:T05"]]["email"] == "later@example.org"
    assert rows[owners["crm:T05"]]["city"] == "Graz"


def test_a_pin_whose_record_is_gone_is_a_warning(project: Path) -> None:
    assert decide("pin", "crm:T11", "email=pinned@example.org", project=project).code == 0
    crm = project / "data" / "crm.csv"
    crm.write_text("\n".join(r for r in crm.read_text().splitlines() if not r.startswith("T11")) + "\n")
    told = build(project)["warnings"]
    assert [w["code"] for w in told if w["stage"] == "sources"] == ["decision_without_record"]
    assert "pinned@example.org" not in (project / "output" / "golden_customer.csv").read_text()
