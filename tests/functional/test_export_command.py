"""cxid export: who is in the file, what the next file says, what leaks nowhere."""

from __future__ import annotations

import csv
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxid import api
from cxid.config.loading import load_config
from cxid.privacy import pseudonymise
from tests.functional.cli_harness import Outcome, cxid

CONFIG = """version: 1
project: small
sources:
  crm: {path: crm.csv, kind: people, key: no, updated_at: changed,
        columns: {given_name: first, family_name: last, email: mail, phone: phone, street: street, postcode: zip, city: town}}
  shop: {path: shop.csv, kind: transactions, key: receipt, time: at, amount: total, currency: GBP, ids: {email: mail}}
  book: {path: consent.csv, kind: consent, ids: {email: mail}, purpose: {from: purpose}, channel: {from: channel},
         status: answer, time: said, expires_at: until}
profile: {as_of: 2026-03-01}
outputs: {dir: output, formats: [parquet]}
"""
CRM = """no,changed,first,last,mail,phone,street,zip,town
1,2026-01-01,Ann,Smith,ann@x.example,+441225111111,5 High St,BA1 1AA,Bath
2,2026-01-01,Bob,Jones,bob@x.example,+441225111112,7 Mill Ln,BA1 1AB,Bath
3,2026-01-01,=cmd|'/c calc'!A1,O'Neil,cmd@x.example,+441225111113,9 Mill Ln,BA1 1AB,"Bath, or <b>Wells</b>"
4,2026-01-01,Dora,Patel,dora@x.example,+441225111114,1 Low St,YO1 1AA,York
5,2026-01-01,Eve,Quinn,eve@x.example,+441225111115,3 Low St,YO1 1AA,York
6,2026-01-01,Finn,Rees,finn@x.example,+441225111116,4 Low St,YO1 1AA,York
"""
SHOP = "receipt,at,total,mail\nr1,2026-02-01,10.50,ann@x.example\nr2,2026-02-02,99,cmd@x.example\n"
CONSENT = """mail,purpose,channel,answer,said,until
ann@x.example,news,email,yes,2025-01-01,
bob@x.example,news,email,yes,2025-01-01,
bob@x.example,news,all,no,2025-06-01,
cmd@x.example,news,all,yes,2025-01-01,
dora@x.example,news,email,yes,2025-01-01,2026-06-01
eve@x.example,offers,email,yes,2025-01-01,
"""
KEY = {"CXID_EXPORT_KEY": "0123456789abcdef0123456789abcdef"}
NEWS = ("--purpose", "news", "--channel", "email", "--as-of", "2026-03-02")


def write(folder: Path, *, crm: str = CRM, consent: str = CONSENT) -> None:
    for name, text in (("cxid.yml", CONFIG), ("crm.csv", crm), ("shop.csv", SHOP), ("consent.csv", consent)):
        (folder / name).write_text(text, encoding="utf-8")
    api.build(load_config(folder))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    write(folder)
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of its own, for tests that build again."""
    folder = tmp_path / "project"
    shutil.copytree(built, folder, symlinks=True)
    yield folder


def exported(project: Path, *arguments: str | Path, env: dict[str, str] | None = None) -> Outcome:
    return cxid("export", "-C", project, *arguments, env=env)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(path: Path) -> set[str]:
    return {r["family_name"] for r in rows(path)}


def test_only_who_agreed_is_in_the_file_and_the_others_are_counted(built: Path, tmp_path: Path) -> None:
    to = tmp_path / "news.csv"
    done = exported(built, *NEWS, "--to", to, "--format", "json")
    assert done.code == 0, done.err
    assert names(to) == {"Smith", "O'Neil", "Patel"}
    counts = {row["customers"]: row["number"] for row in json.loads(done.out)}
    assert counts == {"customers": 6, "refused": 1, "did not agree": 2, "exported": 3}
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    quiet = exported(built, *NEWS, "--to", to, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", ""), "nothing to mail from cron"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--purpose", "NEWS", "--channel", "E-Mail"), {"Smith", "O'Neil", "Patel"}),
        (("--purpose", "news", "--channel", "sms"), {"O'Neil"}),
        (("--purpose", "news"), {"O'Neil"}),
        (("--purpose", "offers", "--channel", "email"), {"Quinn"}),
        (("--no-purpose",), {"Smith", "Jones", "O'Neil", "Patel", "Quinn", "Rees"}),
        (("--no-purpose", "--where", "orders > 0 and revenue >= 10.5"), {"Smith", "O'Neil"}),
        (("--no-purpose", "--where", "city = 'York' and orders = 0"), {"Patel", "Quinn", "Rees"}),
        (("--purpose", "news", "--channel", "email", "--as-of", "2026-06-02"), {"Smith", "O'Neil"}),
    ],
    ids=lambda p: " ".join(p) if isinstance(p, tuple) else "",
)
def test_who_is_chosen(built: Path, tmp_path: Path, asked: tuple[str, ...], expected: set[str]) -> None:
    to = tmp_path / "x.csv"
    as_of = () if "--as-of" in asked or "--no-purpose" in asked else ("--as-of", "2026-03-02")
    done = exported(built, *asked, *as_of, "--to", to)
    assert (done.code, names(to)) == (0, expected), done.err


def test_columns_are_those_asked_for_in_every_format(built: Path, tmp_path: Path) -> None:
    wanted = ("--columns", "email, orders,revenue,last_purchase_at,may_news_email")
    for ending in ("csv", "parquet", "jsonl"):
        assert exported(built, *NEWS, *wanted, "--to", tmp_path / f"x.{ending}").code == 0
    columns = ["customer_id", "email", "orders", "revenue", "last_purchase_at", "may_news_email"]
    as_csv = rows(tmp_path / "x.csv")
    as_parquet = pq.read_table(tmp_path / "x.parquet").to_pylist()
    as_json = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    for found in (as_csv, as_parquet, as_json):
        assert [list(r) for r in found] == [columns] * 3
        assert [r["customer_id"] for r in found] == sorted(r["customer_id"] for r in as_csv)
    ann = next(r for r in as_json if r["email"] == "ann@x.example")
    assert (ann["orders"], ann["revenue"], ann["last_purchase_at"]) == (1, 10.5, "2026-02-01T00:00:00")


def test_no_cell_is_a_formula(built: Path, tmp_path: Path) -> None:
    assert exported(built, *NEWS, "--to", tmp_path / "x.csv").code == 0
    hostile = next(r for r in rows(tmp_path / "x.csv") if r["family_name"] == "O'Neil")
    assert hostile["given_name"].startswith("'=cmd")
    assert hostile["city"] == "Bath, or <b>Wells</b>"
    assert hostile["phone"].startswith("+44"), "a telephone number is none"


def test_a_pipe_gets_rows_and_the_counts_go_beside(built: Path) -> None:
    done = exported(built, *NEWS, "--columns", "email", "--format", "csv")
    assert done.out.splitlines()[0] == "customer_id,email"
    assert len(done.out.splitlines()) == 4
    assert "3 of 6 customers; left out: 1 refused, 2 did not agree" in done.err


def test_masked_and_pseudonyms_hide_what_names_a_person(built: Path, tmp_path: Path) -> None:
    plain, masked, hidden = (tmp_path / f"{n}.csv" for n in ("plain", "masked", "hidden"))
    wanted = ("--columns", "email,family_name,household_id,orders")
    assert exported(built, *NEWS, *wanted, "--to", plain).code == 0
    assert exported(built, *NEWS, *wanted, "--to", masked, "--masked").code == 0
    assert exported(built, *NEWS, *wanted, "--to", hidden, "--pseudonymise", env=KEY).code == 0
    for path in (masked, hidden):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("ann@x.example", "Smith", "O'Neil"))
        assert [r["orders"] for r in rows(path)].count("1") == 2
    key = KEY["CXID_EXPORT_KEY"].encode()
    expected = {pseudonymise(r["customer_id"], key): pseudonymise(r["email"], key) for r in rows(plain)}
    assert {r["customer_id"]: r["email"] for r in rows(hidden)} == expected
    assert (
        exported(built, *NEWS, "--to", hidden, "--pseudonymise", "--masked", env={"CXID_EXPORT_KEY": "x" * 16}).code
        == 0
    )
    both = rows(hidden)
    assert not {r["customer_id"] for r in both} & set(expected), "another key, no overlap"
    assert {r["email"] for r in both} == {r["email"] for r in rows(masked)}


def test_identifiers_are_columns_too(built: Path, tmp_path: Path) -> None:
    """A customer of whom only events are known has an address all the same."""
    to = tmp_path / "x.csv"
    assert exported(built, *NEWS, "--to", to, "--columns", "email,ids.email,ids.phone").code == 0
    assert all(r["email"] == r["ids.email"] and r["ids.phone"].startswith("+44") for r in rows(to))
    assert exported(built, *NEWS, "--to", to, "--columns", "ids.email", "--masked").code == 0
    assert {r["ids.email"] for r in rows(to)} == {"a**@x********", "c**@x********", "d***@x********"}
    assert exported(built, *NEWS, "--to", to, "--columns", "ids.email", "--pseudonymise", env=KEY).code == 0
    assert pseudonymise("ann@x.example", KEY["CXID_EXPORT_KEY"].encode()) in {r["ids.email"] for r in rows(to)}
    assert "did you mean ids.email" in exported(built, *NEWS, "--columns", "ids.emial").err


def test_a_key_comes_from_a_file_too_and_never_short(built: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32 + b"\n")
    key.chmod(0o644)
    done = exported(built, *NEWS, "--pseudonymise", "--key-file", key, "--format", "csv")
    assert (done.code, "chmod 600" in done.err) == (0, True)
    assert pseudonymise(ids(built)[0], b"k" * 32) in done.out
    for env in ({}, {"CXID_EXPORT_KEY": "short"}):
        assert exported(built, *NEWS, "--pseudonymise", env=env).code == 2


def ids(project: Path) -> list[str]:
    return [
        r["customer_id"]
        for r in json.loads(
            cxid(
                "query",
                "-C",
                project,
                "-f",
                "json",
                "SELECT c.customer_id FROM consent AS c WHERE status = 'granted' AND purpose = 'news' ORDER BY 1",
            ).out
        )
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--no-purpose exports everyone"),
        (("--purpose", "newz"), "did you mean news?"),
        (("--purpose", "offers", "--no-purpose"), "choose one"),
        (("--no-purpose", "--columns", "emial"), "did you mean email"),
        (("--no-purpose", "--where", "ordres > 3"), "did you mean orders"),
        (("--no-purpose", "--where", "orders > 3; DROP TABLE profile"), "--where, at character"),
        (("--no-purpose", "--where", "orders > (SELECT 1)"), "--where, at character"),
        (("--no-purpose", "--to", "x.xlsx"), ".parquet"),
        (("--no-purpose", "--to", "/nowhere/x.csv"), "no such folder"),
        (("--no-purpose", "--delta", "d"), "--to PATH"),
        (("--no-purpose", "--delta", "../d", "--to", "x.csv"), "letters, digits"),
        (("--no-purpose", "--restart"), "go with --delta"),
        (("--no-purpose", "--as-of", "soon"), "neither a date nor a time"),
    ],
)
def test_what_cannot_be_says_what_can(built: Path, arguments: tuple[str, ...], says: str) -> None:
    done = exported(built, *arguments)
    assert done.code == 2
    assert says in done.err
    assert not (built / ".cxid" / "state" / "d.parquet").exists()


def test_without_a_consent_source_nobody_agreed(tmp_path: Path) -> None:
    write(tmp_path, consent=CONSENT.splitlines()[0] + "\n")
    done = exported(tmp_path, "--purpose", "news")
    assert (done.code, "nobody agreed" in done.err) == (2, True)
    assert exported(tmp_path, "--no-purpose").code == 0


def changes(path: Path) -> dict[str, str]:
    return {r["family_name"] or r["customer_id"]: r["op"] for r in rows(path)}


def test_a_delta_says_who_came_who_changed_and_who_withdrew(project: Path, tmp_path: Path) -> None:
    def delta(name: str, *more: str) -> dict[str, str]:
        done = exported(project, *NEWS, "--delta", "news", "--to", tmp_path / name, *more)
        assert done.code == 0, done.err
        return changes(tmp_path / name)

    assert delta("1.csv") == {"Smith": "added", "O'Neil": "added", "Patel": "added"}
    assert delta("2.csv") == {}, "nothing changed"
    ann = next(r["customer_id"] for r in rows(tmp_path / "1.csv") if r["family_name"] == "Smith")
    write(
        project,
        crm=CRM.replace("4,2026-01-01,Dora", "4,2026-02-02,Theodora"),
        consent=CONSENT + "ann@x.example,news,all,no,2026-02-01,\nfinn@x.example,news,email,yes,2026-02-01,\n",
    )
    assert delta("3.csv") == {ann: "removed", "Patel": "changed", "Rees": "added"}
    assert delta("4.csv", "--as-of", "2026-06-02").popitem()[1] == "removed", "a permission that ended meanwhile"
    assert set(delta("5.csv", "--restart").values()) == {"added"}
    assert set(delta("6.csv", "--columns", "family_name").values()) == {"changed"}, "other columns, other rows"


def test_a_refusal_after_as_of_keeps_a_customer_out(project: Path, tmp_path: Path) -> None:
    write(
        project,
        consent=CONSENT
        + "ann@x.example,news,all,no,2026-03-01 12:00:00+14:00,\ncmd@x.example,news,email,no,2026-04-01,\n",
    )
    done = exported(project, *NEWS, "--to", tmp_path / "x.csv")
    assert names(tmp_path / "x.csv") == {"Patel"}
    assert "refused since\t1" in done.out


def test_a_delta_that_may_not_have_been_fetched_is_not_replaced(project: Path, tmp_path: Path) -> None:
    to = tmp_path / "x.jsonl"
    asked = (*NEWS, "--delta", "news", "--to", to)
    assert exported(project, *asked).code == 0
    before = to.read_bytes()
    assert exported(project, *asked).code == 2
    assert to.read_bytes() == before
    assert exported(project, *asked, "--overwrite").code == 0
    assert to.read_bytes() == b""


@pytest.mark.parametrize("place", ["export.put", "export.state"])
def test_a_fault_leaves_the_old_file_or_the_whole_new_one(project: Path, tmp_path: Path, place: str) -> None:
    to = tmp_path / "x.csv"
    asked = (*NEWS, "--delta", "news", "--to", to)
    failed = exported(project, *asked, env={"CXID_FAULT": f"{place}:1:eio"})
    assert failed.code == 5, failed.err
    assert to.exists() == (place == "export.state")
    assert exported(project, *asked, "--overwrite").code == 0
    assert len(rows(to)) == 3, "what was not noted as exported comes again"
    assert [p.name for p in (project / ".cxid").iterdir() if p.name.startswith("export-")] == []
    assert {p.name for p in tmp_path.iterdir()} == {"project", "x.csv"}


def test_a_split_gives_each_part_its_own_permission_back(project: Path, tmp_path: Path) -> None:
    """Two records under one e-mail are one customer; decided apart, each answers for itself again."""
    twins = CRM + "7,2026-01-01,Ann,Smith,ann.smith@y.example,+441225111111,5 High St,BA1 1AA,Bath\n"
    refusal = CONSENT + "ann.smith@y.example,news,email,no,2026-01-01,\n"
    write(project, crm=twins, consent=refusal)
    asked = "SELECT p.may_news_email AS may, m.record_key AS key FROM profile AS p JOIN identity_map AS m ON m.customer_id = p.customer_id WHERE m.record_key IN ('1', '7') ORDER BY 2"
    told = [(r["key"], r["may"]) for r in json.loads(cxid("query", "-C", project, "-f", "json", asked).out)]
    assert told == [("1", False), ("7", False)], "one customer, and the refusal wins"
    conflict = json.loads(
        cxid(
            "query", "-C", project, "-f", "json", "SELECT conflict FROM consent WHERE status = 'denied' AND conflict"
        ).out
    )
    assert len(conflict) == 1
    assert cxid("unlink", "-C", project, "crm:1", "crm:7").code == 0
    api.build(load_config(project))
    told = [(r["key"], r["may"]) for r in json.loads(cxid("query", "-C", project, "-f", "json", asked).out)]
    assert told == [("1", True), ("7", False)]
    assert exported(project, *NEWS, "--to", tmp_path / "x.csv").code == 0
    assert [r["email"] for r in rows(tmp_path / "x.csv") if r["family_name"] == "Smith"] == ["ann@x.example"]


def test_nothing_personal_in_messages(built: Path, tmp_path: Path) -> None:
    done = exported(built, *NEWS, "--to", tmp_path / "x.csv", "-v")
    assert not any(word in done.err + done.out for word in ("ann@", "Smith", "O'Neil", "cmd@"))
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
