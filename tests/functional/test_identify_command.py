"""`cxid identify` on a sample company: one question, streams of them, runs that come and go underneath."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cxid as library
from cxid.config.loading import load_config
from cxid.demo import write_demo
from cxid.errors import UsageError
from cxid.identify.asking import Identifier, open_identifier
from cxid.identify.holding import Holder, read_model
from cxid.identify.index import Index
from cxid.identify.making import index_folder, is_made, make_index
from cxid.identify.question import Reader
from cxid.runs.home import Home
from cxid.stages.normalise.dates import birth_date
from tests.functional.cli_harness import HOSTILE, cxid


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample company of 100 people, built once."""
    folder = tmp_path_factory.mktemp("identify") / "demo"
    write_demo(folder, people=100)
    library.open(folder).build(threads=1)
    return folder


@pytest.fixture(scope="module")
def identifier(company: Path) -> Iterator[Identifier]:
    with open_identifier(load_config(company)) as opened:
        yield opened


@pytest.fixture(scope="module")
def owner(company: Path) -> dict[tuple[str, str], str]:
    """(source, key) or (identifier type, value) -> customer."""
    rows = pq.read_table(company / "output" / "identity_map.parquet").to_pylist()
    return {(r["source"] or r["id_type"], r["record_key"] or r["id_value"]): r["customer_id"] for r in rows}


@pytest.fixture(scope="module")
def crm(company: Path, owner: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """The customers in the register that the build took."""
    with (company / "data" / "crm" / "customers.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if ("crm", row["customer_no"]) in owner]
    often = Counter(row["customer_no"] for row in rows)  # a broken row has the key of a whole one
    return [row for row in rows if often[row["customer_no"]] == 1]


def _table(company: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(
        company / ".cxid" / "published" / "tables" / f"{name}.parquet"
    ).to_pylist()
    return rows


# -- who is it ----------------------------------------------------------------------------------------------


def test_every_certain_identifier_of_the_build_names_its_customer(company: Path, identifier: Identifier) -> None:
    rows = [r for r in _table(company, "identifier_customer") if r["probability"] == 1_000_000]
    assert len({r["id_type"] for r in rows}) >= 6
    for row in rows[:: max(len(rows) // 400, 1)]:
        answer = identifier.ask({row["id_type"]: row["id_value"]})
        assert (answer.status.value, answer.customer_id) == ("identified", row["customer_id"])


def test_every_record_is_found_by_its_key(identifier: Identifier, owner: dict[tuple[str, str], str]) -> None:
    for (source, key), customer in list(owner.items())[::7]:
        if source in ("crm", "loyalty"):
            answer = identifier.ask({"record": f"{source}:{key}"})
            assert customer in (answer.customer_id, *(c.customer_id for c in answer.candidates))


def test_people_are_found_by_name_and_birth_date(
    identifier: Identifier, crm: list[dict[str, str]], owner: dict[tuple[str, str], str]
) -> None:
    asked = [r for r in crm if r["first_name"] and r["last_name"] and len(r["date_of_birth"]) == 10]
    answers = [
        (identifier.ask({"full_name": f"{r['first_name']} {r['last_name']}", "birth_date": r["date_of_birth"]}), r)
        for r in asked
    ]
    named = [(a, r) for a, r in answers if a.customer_id]
    right = [a for a, r in named if a.customer_id == owner["crm", r["customer_no"]]]
    assert len(named) > 0.8 * len(asked)
    assert len(right) > 0.95 * len(named)


def test_a_record_asked_about_is_compared_as_the_build_compared_it(
    company: Path, identifier: Identifier, crm: list[dict[str, str]]
) -> None:
    config = load_config(company)
    reader = Reader(config, read_model(company / ".cxid" / "published" / "tables").fields)
    numbers = {r["record_key"]: r["record_no"] for r in _table(company, "record") if r["source"] == "crm"}
    norm = {r["record_no"]: r for r in _table(company, "record_norm")}
    columns = config.sources["crm"].columns  # type: ignore[union-attr]
    seen = 0
    for row in crm:
        record = norm[numbers[row["customer_no"]]]
        asked = {name: [row[c] for c in column.from_ if row[c]] for name, column in columns.items()}
        if len(asked["phone"]) == 1 and not row["mobile"]:
            continue  # the build keeps the place of a value that is missing
        found = reader.read({n: v for n, v in asked.items() if v}).row
        for name in columns:
            assert found.get(name) == record[name], name
            seen += found.get(name) is not None
    assert seen > 400


def test_the_index_finds_whom_comparing_with_everybody_finds(
    company: Path, identifier: Identifier, crm: list[dict[str, str]]
) -> None:
    run = (company / ".cxid" / "published").resolve()
    index, model = Index(run), read_model(run / "tables")
    reader, holder = Reader(load_config(company), model.fields), Holder(index, model)
    everybody = [no for no in range(len(index.ids)) if len(index.places(no))]
    for row in crm[::12]:
        request = {"family_name": row["last_name"], "postcode": row["postcode"], "birth_date": row["date_of_birth"]}
        request = {n: v for n, v in request.items() if v}
        best = max(holder.hold(reader.read(request).row, everybody), key=lambda h: (h.bits, -h.no))
        answer = identifier.ask(request)
        if answer.customer_id:
            assert answer.customer_id == index.customer_id(best.no)


@pytest.mark.parametrize("written", ["23/02/1968", "1968-02-23", "19680223"])
def test_a_date_is_read_as_the_projects_sources_write_it(company: Path, written: str) -> None:
    reader = Reader(load_config(company), read_model(company / ".cxid" / "published" / "tables").fields)
    assert reader.read({"birth_date": written}).row["birth_date"] == birth_date("1968-02-23")


def test_the_hash_of_an_address_names_whom_the_address_names(
    identifier: Identifier, owner: dict[tuple[str, str], str]
) -> None:
    known = [v for t, v in owner if t == "email"][:40]
    for value in known:
        digest = hashlib.sha256(value.encode()).hexdigest().upper()
        plain, hashed = identifier.ask({"email": value}), identifier.ask({"email_sha256": digest})
        assert hashed.customer_id == plain.customer_id


def test_two_identifiers_of_two_customers_are_a_conflict_that_is_told(
    identifier: Identifier, owner: dict[tuple[str, str], str]
) -> None:
    cards = [(v, c) for (t, v), c in owner.items() if t == "loyalty_card"]
    badges = [(v, c) for (t, v), c in owner.items() if t == "badge" and c != cards[0][1]]
    answer = identifier.ask({"loyalty_card": cards[0][0], "badge": badges[0][0]})
    assert answer.status.value == "ambiguous"
    assert {c.customer_id for c in answer.candidates} == {cards[0][1], badges[0][1]}
    assert any("conflict: " in reason for c in answer.candidates for reason in c.reasons)


def test_attributes_that_contradict_an_identifier_take_from_it(
    identifier: Identifier, crm: list[dict[str, str]], owner: dict[tuple[str, str], str]
) -> None:
    row = next(r for r in crm if r["email"] and r["date_of_birth"] and ("email", r["email"].lower()) in owner)
    alone = identifier.ask({"email": row["email"]})
    other = identifier.ask(
        {"email": row["email"], "full_name": "Zebulon Quackenbush", "birth_date": "1931-12-01", "gender": "x"}
    )
    assert other.confidence < alone.confidence or other.status.value != "identified"


def _shares(company: Path) -> dict[tuple[str, str], dict[str, float]]:
    """Identifier -> customer -> how likely the build has it theirs, worked out in the most obvious way."""
    owners = {(r["id_type"], r["id_value"]): r for r in _table(company, "identifier_customer")}
    customer = {r["record_no"]: r["customer_id"] for r in _table(company, "record_customer")}
    met = {r["event_no"]: r["customer_id"] for r in _table(company, "event_customer")}
    carried: dict[tuple[str, str], Counter[str]] = {i: Counter() for i in owners}
    for rows, who in ((_table(company, "record_identifier"), customer), (_table(company, "event_identifier"), met)):
        for row in rows:
            holder = who.get(row.get("record_no", row.get("event_no")))
            if holder is not None and (row["id_type"], row["id_value"]) in carried:
                carried[row["id_type"], row["id_value"]][holder] += 1
    found: dict[tuple[str, str], dict[str, float]] = {}
    for identifier, owner in owners.items():
        sure = owner["probability"] / 1e6
        others = {c: n for c, n in carried[identifier].items() if c != owner["customer_id"] and sure < 1}
        total = sum(others.values())
        found[identifier] = {owner["customer_id"]: sure} | {c: (1 - sure) * n / total for c, n in others.items()}
    return found


_BELIEVED = {
    "customer_no": 0.995, "badge": 0.99, "handle": 0.99, "email": 0.99, "loyalty_card": 0.98, "phone": 0.98,
    "email_sha256": 0.98, "cookie": 0.95, "device": 0.95,
}  # fmt: skip


def test_identifiers_together_are_as_probable_as_plain_arithmetic_says(company: Path, identifier: Identifier) -> None:
    """Each identifier speaks for whom it names, or for nobody; half of those who ask are nobody."""
    shares = _shares(company)
    # no e-mail and no phone: those are attributes too
    known = sorted(i for i in shares if i[0] not in ("email", "phone"))
    shared = [i for i in known if len(shares[i]) > 1]
    assert shared
    chance = random.Random(1)
    for number in range(150):
        picked = chance.sample(known, number % 3 + 1) + ([chance.choice(shared)] if number % 2 else [])
        asked = {t: sorted({v for u, v in picked if u == t}) for t, _ in picked}
        nobody, odds = 1.0, dict.fromkeys((c for i in set(picked) for c in shares[i]), 1 / identifier.people)
        for one in set(picked):
            faith = _BELIEVED[one[0]]
            nobody *= 1 - faith
            for customer in odds:
                share = shares[one].get(customer)
                odds[customer] *= 1 - faith if share is None else faith * share * identifier.people
        total = nobody + sum(odds.values())
        answer = identifier.ask(asked)
        told = {c.customer_id: c.confidence for c in answer.candidates} or {answer.customer_id: answer.confidence}
        wanted = {c: o / total for c, o in odds.items()}
        assert (max(wanted.values()) >= 0.9) == (answer.status.value == "identified")
        for customer, confidence in told.items():
            assert confidence == pytest.approx(wanted.get(str(customer), 0.0), abs=2e-5)


# -- at the command line ------------------------------------------------------------------------------------


def test_an_answer_as_one_document(company: Path, owner: dict[tuple[str, str], str]) -> None:
    (_, value), customer = next(i for i in owner.items() if i[0][0] == "loyalty_card")
    done = cxid("identify", f"loyalty_card={value}", "-C", company, "-f", "json", "--columns", "given_name,orders")
    answer = json.loads(done.out)
    assert done.code == 0
    assert answer["customer_id"] == customer
    assert list(answer["profile"]) == ["given_name", "orders"]
    assert answer["run"] == Home(company).published_id()
    assert answer["reasons"] == ["loyalty_card: names this customer alone"]


def test_a_pipe_gets_rows_and_a_terminal_a_page(company: Path) -> None:
    piped = cxid("identify", "customer_no=nobody", "-C", company)
    assert piped.out.splitlines()[:2] == ["part\tname\tvalue", "answer\tstatus\tunknown"]
    page = cxid("identify", "customer_no=nobody", "-C", company, tty=True)
    assert "unknown" in page.out
    assert "customer_no: not known" in page.out
    assert piped.code == page.code == 0  # nobody is an answer


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing was asked"),
        (["ann"], "says nothing that can be looked up"),
        (["emial=a@b.example"], 'did you mean "email"'),
        (["email=a@b.example", "--stream"], "take no arguments"),
        (["email=a@b.example", "--columns", "nope"], "no column nope"),
        (["nope:1"], "names no people source"),
        (["--stream", "-f", "csv"], "writes JSON lines"),
    ],
)
def test_a_question_that_is_none_says_what_to_do(company: Path, arguments: list[str], words: str) -> None:
    done = cxid("identify", *arguments, "-C", company)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_what_comes_from_outside_is_safe_on_a_terminal(company: Path) -> None:
    done = cxid("identify", f"full_name={HOSTILE}", f"city={HOSTILE}", "-C", company, tty=True)
    assert done.code == 0
    assert "\x1b[31m" not in done.out
    assert "\u202e" not in done.out + done.err


# -- streams ------------------------------------------------------------------------------------------------

LINES: list[tuple[str, str]] = [
    ('{"customer_no": "nobody", "request_id": 1}', "unknown"),
    ("", "error"),
    ("[1, 2]", "error"),
    ('"text"', "error"),
    ('{"emial": "x"}', "error"),
    ('{"phone": [1, {}]}', "error"),
    ('{"phone": true}', "error"),
    ('{"phone": 1.5}', "error"),
    ('{"phone": NaN}', "error"),
    ('{"phone": 1e999}', "error"),
    ('{"phone": ' + "9" * 5000 + "}", "error"),
    ('{"email": "a\u0000b"}', "error"),  # a bare NUL is no JSON
    ('{"full_name": "a\\u0000b \\ud800 \\u001b[31m <script>"}', "unknown"),
    ('{"email": "\\ud800@\\udfff.example", "customer_no": "\\ud800"}', "unknown"),
    ("{" * 3000, "error"),
    ("[" * 60000, "error"),
    ('{"email": null}', "error"),
    ("{}", "error"),
    ('{"email": "' + "x" * 70000 + '"}', "error"),
    ('{"email": "' + "x" * 2000 + '"}', "error"),
    ('{"email": []}', "unknown"),
    ('{"phone": ["1"' + ', "2"' * 30 + "]}", "error"),
    ('{"request_id": {"a": 1}, "email": "a@b.example"}', "error"),
    ('{"customer_id": "cx_none"}', "unknown"),
    ('{"record": "crm"}', "error"),
    ('{"customer_no": "nobody", "request_id": "last"}', "unknown"),
]


def test_every_line_has_an_answer_in_its_place(company: Path) -> None:
    done = cxid("identify", "--stream", "-C", company, stdin="".join(line + "\n" for line, _ in LINES))
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [a["status"] for a in answers] == [status for _, status in LINES]
    assert (answers[0]["request_id"], answers[-1]["request_id"]) == (1, "last")
    assert all(a["error"] and "a bug" not in a["error"] for a in answers if a["status"] == "error")
    assert {a["code"] for a in answers if a["status"] == "error"} == {"usage", "column_unknown", "source_unknown"}
    assert done.code == 0
    assert f"{len(LINES)} answers, 20 of them errors" in done.err


def test_the_last_line_needs_no_end_and_bytes_need_not_be_text(company: Path, identifier: Identifier) -> None:
    done = cxid("identify", "--stream", "-q", "-C", company, stdin='{"customer_no": "nobody"}')
    assert json.loads(done.out)["status"] == "unknown"
    assert cxid("identify", "--stream", "-q", "-C", company, stdin="").out == ""


# -- runs that come and go ----------------------------------------------------------------------------------


@pytest.fixture
def copy(company: Path, tmp_path: Path) -> Path:
    """The company once more, to be changed."""
    folder = tmp_path / "demo"
    shutil.copytree(company, folder, symlinks=True)
    return folder


def test_the_index_is_made_once_and_is_gone_with_its_run(copy: Path) -> None:
    run = (copy / ".cxid" / "published").resolve()
    shutil.rmtree(index_folder(run), ignore_errors=True)
    first = cxid("identify", "--prepare", "-C", copy)
    second = cxid("identify", "--prepare", "-C", copy)
    assert "making the index" in first.err
    assert "making the index" not in second.err
    assert make_index(run) is False
    assert index_folder(run).is_relative_to(run)
    assert {p.stat().st_mode & 0o077 for p in (index_folder(run), *index_folder(run).iterdir())} == {0}


def test_an_index_that_was_cut_short_is_made_anew(copy: Path) -> None:
    run = (copy / ".cxid" / "published").resolve()
    shutil.rmtree(index_folder(run), ignore_errors=True)
    (run / "identify.part").mkdir()
    (run / "identify.part" / "name_key.npy").write_bytes(b"half")
    index_folder(run).mkdir()  # of another version: no meta that can be read
    with open_identifier(load_config(copy)) as opened:
        assert opened.ask({"customer_no": "nobody"}).status.value == "unknown"
    assert not (run / "identify.part").exists()


def test_an_index_that_cannot_be_read_is_made_anew(copy: Path, owner: dict[tuple[str, str], str]) -> None:
    (_, card), customer = next(i for i in owner.items() if i[0][0] == "loyalty_card")
    run = (copy / ".cxid" / "published").resolve()
    for name in ("name_key.npy", "customer.npy", "profile.rows"):
        make_index(run)
        path = index_folder(run) / name
        if name == "profile.rows":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:40])
        with open_identifier(load_config(copy)) as opened:
            assert opened.ask({"loyalty_card": card}).customer_id == customer


def test_a_table_that_cannot_be_read_is_told(copy: Path) -> None:
    run = (copy / ".cxid" / "published").resolve()
    shutil.rmtree(index_folder(run), ignore_errors=True)
    path = run / "tables" / "record_norm.parquet"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])
    done = cxid("identify", "email=a@b.example", "-C", copy)
    assert done.code == 4
    assert "damaged or missing" in done.err
    path.unlink()
    missing = cxid("identify", "email=a@b.example", "-C", copy)
    assert (missing.code, "did not keep record_norm" in missing.err) == (2, True)
    assert not (run / "identify.part").exists()


def test_a_build_underneath_changes_the_run_that_answers(copy: Path, crm: list[dict[str, str]]) -> None:
    with open_identifier(load_config(copy)) as opened:
        before = opened.ask({"customer_no": "C9999999"})
        _add_customer(copy, crm)
        library.open(copy).build(threads=1)
        meanwhile = opened.ask({"customer_no": "C9999999"})  # the new index is made beside
        opened.close()
        after = opened.ask({"customer_no": "C9999999"})
    assert (before.status.value, after.status.value) == ("unknown", "identified")
    assert meanwhile.run_id in (before.run_id, after.run_id)
    assert after.run_id == Home(copy).published_id() != before.run_id
    assert is_made(copy / ".cxid" / "published")


def _add_customer(copy: Path, crm: list[dict[str, str]]) -> None:
    row = {**crm[0], "customer_no": "C9999999", "first_name": "Quirina", "last_name": "Zweistein", "email": ""}
    with (copy / "data" / "crm" / "customers.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(row)).writerow(row)


def test_a_run_that_is_being_removed_does_not_come_back(copy: Path) -> None:
    run = (copy / ".cxid" / "published").resolve()
    gone = run.with_name(run.name + ".gone")
    run.rename(gone)
    with pytest.raises((UsageError, FileNotFoundError)):
        make_index(run)
    assert not run.exists()


def test_former_ids_lead_to_what_they_became(copy: Path, owner: dict[tuple[str, str], str]) -> None:
    run = (copy / ".cxid" / "published").resolve()
    path = run / "tables" / "customer_alias.parquet"
    living = next(iter(owner.values()))
    rows = [
        {"old_customer_id": "cx_former", "customer_id": living, "since_run": "r0001"},
        {"old_customer_id": "cx_retired", "customer_id": None, "since_run": "r0001"},
    ]
    path.unlink()  # two names of one file
    pq.write_table(pa.Table.from_pylist(rows), path)
    shutil.rmtree(index_folder(run), ignore_errors=True)
    with open_identifier(load_config(copy)) as opened:
        assert opened.ask({"customer_id": "cx_former"}).customer_id == living
        retired = opened.ask({"customer_id": "cx_retired"})
    assert (retired.status.value, retired.reasons) == (
        "unknown",
        ("customer_id is retired: nothing of it is left in the data",),
    )


def test_an_identifier_of_too_many_people_names_nobody(copy: Path) -> None:
    run = (copy / ".cxid" / "published").resolve()
    path = run / "tables" / "hub_identifier.parquet"
    schema = pq.read_schema(path)
    row = {"id_type": "phone", "id_value": "+442071234567", "people": 12, "reason": "shared"}
    path.unlink()
    pq.write_table(pa.Table.from_pylist([row], schema=schema), path)
    shutil.rmtree(index_folder(run), ignore_errors=True)
    with open_identifier(load_config(copy)) as opened:
        answer = opened.ask({"phone": "020 7123 4567"})
    assert answer.status.value == "unknown"
    assert answer.reasons == ("phone: names nobody, 12 people carry it",)


def test_what_holds_for_the_customer_is_told(copy: Path, owner: dict[tuple[str, str], str]) -> None:
    run = (copy / ".cxid" / "published").resolve()
    (_, card), customer = next(i for i in owner.items() if i[0][0] == "loyalty_card")
    schema = pa.schema([("customer_id", "string"), ("trigger", "string"), ("reason", "string")])
    rows = [
        {"customer_id": customer, "trigger": t, "reason": HOSTILE} for t in ("win_back", "thank")
    ]  # in no order, and with what acts on a terminal
    (run / "tables" / "trigger_hit.parquet").unlink(missing_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), run / "tables" / "trigger_hit.parquet")
    shutil.rmtree(index_folder(run), ignore_errors=True)
    with open_identifier(load_config(copy)) as opened:
        answer = opened.ask({"loyalty_card": card})
    assert [t["trigger"] for t in answer.triggers] == ["win_back", "thank"]
    shown = cxid("identify", f"loyalty_card={card}", "-C", copy, tty=True)
    assert "win_back" in shown.out
    assert "\x1b[31m" not in shown.out
