"""Values that are meant to do harm, in the files that commands write and in the messages that they speak."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.functional.cli_harness import PAINT, cxid
from tests.functional.hostile_company import PAYLOADS
from tests.functional.test_every_command import ACTING, is_formula
from tests.functional.test_review_app import sit


class _Page(HTMLParser):
    """The tags of a page, and the attributes that could run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.running: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.running += [(n, v) for n, v in attrs if n.startswith("on") or (n in ("href", "src") and v and v[0] != "#")]


@pytest.mark.parametrize("unmasked", [[], ["--unmasked"]], ids=["masked", "unmasked"])
def test_a_page_runs_and_fetches_nothing(company: Path, tmp_path: Path, unmasked: list[str]) -> None:
    file = tmp_path / "page.html"
    assert cxid("report", "--html", file, *unmasked, "-C", company).code == 0
    content = file.read_text(encoding="utf-8")
    page = _Page(content)
    assert page.tags & {"script", "img", "iframe", "object", "link", "b", "form", "base"} == set()
    assert page.running == []
    assert [line for line in content.split("\n") if ACTING.search(line)] == []
    assert "Content-Security-Policy" in content


def test_an_exported_file_holds_no_formula(company: Path, tmp_path: Path) -> None:
    exported = tmp_path / "rows.csv"
    assert cxid("export", "--no-purpose", "--columns", "*", "--to", exported, "-C", company).code == 0
    with exported.open(encoding="utf-8-sig", newline="") as opened:
        cells = [cell for row in csv.reader(opened, strict=True) for cell in row]
    assert [cell for cell in cells if is_formula(cell)] == []
    assert "'=cmd|' /C calc'!A0" in cells


def test_values_are_the_same_in_every_format_of_data(company: Path, tmp_path: Path) -> None:
    """What is inert on a screen is whole in a file."""
    query = "SELECT DISTINCT campaign FROM touchpoint WHERE campaign IS NOT NULL ORDER BY 1"
    as_json = {row["campaign"] for row in json.loads(cxid("query", query, "-f", "json", "-C", company).out)}
    lines = cxid("query", query, "-f", "jsonl", "-C", company).out.splitlines()
    assert {json.loads(line)["campaign"] for line in lines} == as_json
    rows = list(csv.reader(io.StringIO(cxid("query", query, "-f", "csv", "-C", company).out, newline="")))[1:]
    assert {row[0].removeprefix("'") for row in rows} == {value.removeprefix("'") for value in as_json}
    assert {"<script>alert(1)</script>", "[/bold]", "\x1b]0;owned\x07", "=cmd|' /C calc'!A0"} <= as_json


def test_a_description_for_dbt_is_yaml_whatever_the_project_is_called(company: Path, tmp_path: Path) -> None:
    file = tmp_path / "sources.yml"
    assert cxid("docs", "dbt", "--to", file, "-C", company).code == 0
    assert YAML(typ="safe").load(file.read_text(encoding="utf-8"))["sources"]
    assert [line for line in file.read_text(encoding="utf-8").split("\n") if ACTING.search(line)] == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(note AS INTEGER) FROM golden_customer",
        "SELECT error(note) FROM golden_customer",
        "SELECT strptime(note, '%Y') FROM golden_customer",
        "SELECT regexp_extract('a', note) FROM golden_customer",
        "SELECT json_extract(note, note) FROM golden_customer",
        "SELECT note::DATE, note::BLOB FROM golden_customer",
        "SELECT error('O''Brien ' || phone) FROM golden_customer",
        "SELECT CAST('it''s ' || note AS INT) FROM golden_customer",
        "SELECT 2000000000::INT * length(note)::INT * 1000::INT FROM golden_customer",
    ],
)
def test_an_error_of_sql_tells_no_value(company: Path, sql: str) -> None:
    done = cxid("query", sql, "-C", company)
    assert (done.code, done.out) in {(2, ""), (2, done.out)}
    said = done.err.replace(sql, "")
    values = [
        v for p in PAYLOADS for v in re.findall(r"[A-Za-z]{3,}", p) if v not in ("the", "table", "line", "record")
    ]
    assert [v for v in values if re.search(rf"\b{v}\b", said)] == []
    assert not ACTING.search(done.err)
    assert "7946" not in said


HOSTILE_KEY = '"<b>\\e[2J\\u202e": x'
CONFIGS = {
    "a key": "sources:\n  crm: {path: a.csv, kind: people, key: id, columns: {email: mail}, " + HOSTILE_KEY + "}\n",
    "a name": 'sources:\n  "\\e]0;x\\a": {path: a.csv, kind: people, key: id, columns: {email: mail}}\n',
    "a value": 'sources:\n  crm: {path: a.csv, kind: "\\e[31m[/bold]", key: id, columns: {email: mail}}\n',
    "a column": 'sources:\n  crm: {path: a.csv, kind: people, key: "\\e[2Jid", columns: {email: "ma\\u200bil\\n"}}\n',
    "a path": 'sources:\n  crm: {path: "\\e[2J.csv", kind: people, key: id, columns: {email: mail}}\n',
    "a variable": 'project: "${\\e[2J}"\nsources:\n  crm: {path: a.csv, kind: people, key: id, columns: {email: mail}}\n',
    "a control character": "project: a\x1b[2J\nsources: {}\n",
    "no UTF-8": b"project: \xff\xfe\n".decode("latin-1"),
}


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS.keys())
def test_a_config_that_means_harm_is_told_harmlessly(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text("id,mail\x1b[2J\n1,a@x.example\n")
    (tmp_path / "cxid.yml").write_text(text, encoding="latin-1")
    for words in (["check"], ["build", "--no-progress"], ["check", "-f", "json"]):
        for tty in (False, True):
            done = cxid(*words, "-C", tmp_path, tty=tty)
            assert done.code in (2, 4), done.err
            assert not any(ACTING.search(line) for line in PAINT.sub("", done.out + done.err).split("\n"))
            assert "Traceback" not in done.err


@pytest.mark.parametrize("text", [*PAYLOADS, "\ud800", "A" * 10_000, "a\x00b"])
def test_words_that_are_looked_for_are_not_repeated_as_they_are(company: Path, text: str) -> None:
    for words in (["find", "--", text], ["show", "--", f"crm:{text}"], ["show", "--", text], ["why", "--", text, text],
                  ["identify", "--", f"email={text}"], ["report", "--section", text], ["runs", "--", text],
                  ["link", "--dry-run", "--who", text, "--reason", text, "crm:k3", "shop:s4"]):  # fmt: skip
        done = cxid("-C", company, *words)
        assert done.code in (0, 2), done.err
        assert not any(ACTING.search(line) for line in (done.out + done.err).split("\n")), words[0]


def test_the_review_app_shows_pairs_that_mean_harm(company: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(company, copy, symlinks=True)
    seen = sit(copy, ["n", "?", "escape", "w", "escape", "s", "y", "q"], "--limit", "20", "--audit", "1")
    assert seen.outcome.code == 0, seen.outcome.err
    assert len(seen.screens) > 5
    assert [line for screen in seen.screens for line in screen.split("\n") if ACTING.search(line)] == []
    assert any(re.search(r"<script>|\[/bold\]|\[link=|\\x1b", screen) for screen in seen.screens)
