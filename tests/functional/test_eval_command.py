"""`cxid eval`: against truth, against decisions, and by a sample that somebody reviews."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.functional.cli_harness import Outcome, cxid

HEADER = ["action", "source_a", "key_a", "source_b", "key_b"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval") / "acme"
    assert cxid("demo", folder, "--people", "250", "-q").code == 0
    done = cxid("build", "-C", folder, "--threads", "1", "--memory-limit", "1GB", "-q")
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def decisions(company: Path) -> Iterator[Path]:
    file = company / "decisions.csv"
    yield file
    file.unlink(missing_ok=True)


def _json(*args: str | Path) -> Any:
    done = cxid("eval", *args, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def _truth(company: Path) -> list[dict[str, str]]:
    with (company / "truth" / "people.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _entities(company: Path) -> dict[tuple[str, str], str]:
    return {(r["source"], r["record_id"]): r["entity_id"] for r in _truth(company)}


def test_truth_by_source_and_key_gives_measures_losses_curve_and_errors(company: Path) -> None:
    found = _json(company / "truth" / "people.csv", "-C", company)
    m, losses = found["measures"], found["losses"]
    assert found["truth"]["source_column"] == "source"
    assert found["truth"]["unknown"] + m["records"] >= m["records"] > 250
    assert m["precision"] == round(m["right"] / (m["right"] + m["wrong"]), 6)
    assert m["recall"] == round(m["right"] / losses["true_pairs"], 6)
    assert 0.8 < m["f1"] <= 1
    assert m["measured_by"] == "recordlinkage"
    lost = sum(losses[n] for n in ("lost_unknown", "lost_unscored", "lost_below_cut", "lost_above_cut"))
    assert losses["joined"] + lost == losses["true_pairs"] == m["right"] + m["missed"]
    parts = [losses[f"lost_{name}"] for name in ("unpaired", "under_floor", "barred")]
    assert sum(parts) == losses["lost_unscored"]
    assert losses["unscored_is_exact"]
    assert sum(g["pairs"] for g in found["guards"]) == losses["lost_above_cut"]
    assert any(row["right"] == found["at_cut"]["right"] for row in found["cuts"])
    recalls = [row["recall"] for row in found["cuts"]]
    assert recalls == sorted(recalls)
    assert found["best"]["f1"] >= max(row["f1"] for row in found["cuts"] if row["f1"] is not None)
    assert all(
        low["high"] <= high["low"] for low, high in zip(found["calibration"], found["calibration"][1:], strict=False)
    )
    assert sum(r["false_pairs"] for r in found["false_groups"]) <= m["wrong"]


def test_parquet_and_other_column_names_say_the_same(company: Path, tmp_path: Path) -> None:
    rows = _truth(company)
    columns = {"who": "entity_id", "system": "source", "no": "record_id"}
    table = pa.table({new: [r[old] for r in rows] for new, old in columns.items()})
    pq.write_table(table, tmp_path / "t.parquet")
    named = ("--entity-column", "who", "--key-column", "no")
    found = _json(tmp_path / "t.parquet", *named, "-C", company, "-s", "measures")
    assert found["truth"]["source_column"] == "system"
    first = _json("--truth", company / "truth" / "people.csv", "-C", company, "-s", "measures")
    assert found["measures"] == first["measures"]


def test_records_that_the_build_lacks_are_told_and_may_be_left_out(company: Path, tmp_path: Path) -> None:
    rows = [[r["record_id"], r["source"], r["entity_id"]] for r in _truth(company)]
    known = _json(company / "truth" / "people.csv", "-C", company, "--known-only")
    more = [["gone-1", "crm", rows[0][2]], ["gone-2", "crm", rows[0][2]], ["gone-3", "crm", ""]]
    file = _write(tmp_path / "t.csv", ["record_id", "source", "entity_id"], [*rows, *more])
    found = _json(file, "-C", company)
    assert found["truth"]["unknown"] == known["truth"]["unknown"] + 2
    assert found["truth"]["without_entity"] == 1
    assert found["losses"]["lost_unknown"] > 0
    assert _json(file, "-C", company, "--known-only")["measures"] == known["measures"]
    table = cxid("eval", file, "-C", company)
    assert "records that the build does not have" in table.err


@pytest.mark.parametrize(
    ("header", "rows", "options", "code", "said"),
    [
        (["a", "b", "c"], [["1", "2", "3"]], (), 2, "cannot tell which column holds the record key"),
        (["record_id", "entity_id"], [["no-such", "1"]], (), 4, "no record of the build has a key"),
        (["record_id", "entity_id"], [["x", "1"], ["x", "2"]], (), 4, "1 records have more than one entity"),
        (["record_id", "entity_id"], [["x", "1"]], ("--entity-column", "who"), 2, 'no column "who"'),
        (["record_id", "record_id"], [["x", "1"]], (), 4, "the header names a column twice"),
        (["source", "record_id", "entity_id"], [["crn", "x", "1"]], ("--source-column", "source"), 4,
         "no record of the build has a source and key"),
        (["record_id", "entity_id"], [["x", "1", "2"]], (), 4, "cannot be read as CSV"),
        (["record_id", "entity_id"], [["x", "1"]], ("--section", "measure"), 2, 'no section "measure"'),
        (["record_id", "entity_id"], [["x", "1"]], ("--sample", "5"), 2, "do not go together"),
        (["record_id", "entity_id"], [["x", "1"]], ("--groups",), 2, "--groups goes with --sample N"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused_with_a_next_step(
    company: Path,
    tmp_path: Path,
    header: list[str],
    rows: list[list[str]],
    options: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    done = cxid("eval", _write(tmp_path / "t.csv", header, rows), *options, "-C", company)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "next: " in done.err


def test_nothing_to_measure_against_says_what_to_do(company: Path) -> None:
    done = cxid("eval", "-C", company)
    assert done.code == 2
    assert "no link and no unlink" in done.err
    assert "--sample" in done.err
    assert cxid("eval", "none.csv", "-C", company).code == 4


def test_decisions_are_measured_before_and_after_a_build_obeys_them(company: Path, decisions: Path) -> None:
    wrong = _json(company / "truth" / "people.csv", "-C", company, "-s", "errors")["wrong_pairs"]
    pairs = [
        ["link" if p["is_match"] else "unlink", p["source_a"], p["record_key_a"], p["source_b"], p["record_key_b"]]
        for p in wrong
    ]
    assert {p[0] for p in pairs} == {"link"} or len({p[0] for p in pairs}) == 2
    gone = [["link", "crm", "gone", *pairs[0][1:3]]]
    _write(decisions, HEADER, [*pairs, *gone])
    before = _json("-C", company)
    assert before["decisions"]["gone"] == 1
    assert before["decisions"]["known"] == 0
    assert (before["customers"]["right"], before["customers"]["f1"]) == (0, 0) or before["customers"]["recall"] == 0
    assert "after the build; `cxid build` obeys them" in cxid("eval", "-C", company).err
    done = cxid("build", "-C", company, "--threads", "1", "--memory-limit", "1GB")
    assert done.code == 0, done.err
    assert "decisions name a record that the data does not have: line" in done.err
    after = _json("-C", company)
    assert after["decisions"]["known"] == len(pairs) + 1
    assert after["customers"]["f1"] == 1
    assert after["scores"] == before["scores"]
    figures = json.loads(cxid("report", "-C", company, "-f", "json").out)
    assert {r["label"]: r["amount"] for r in figures["summary"]}["decided_model"] == "unsupervised"
    decisions.unlink()
    assert cxid("build", "-C", company, "--threads", "1", "--memory-limit", "1GB", "-q").code == 0


def test_a_build_and_a_check_refuse_decisions_that_contradict_each_other(company: Path, decisions: Path) -> None:
    a, b = (["crm", r["record_id"]] for r in [t for t in _truth(company) if t["source"] == "crm"][:2])
    _write(decisions, HEADER, [["link", *a, *b], ["unlink", *b, *a]])
    for command in ("build", "check", "eval"):
        done = cxid(command, "-C", company)
        assert done.code == 2, command
        assert "decisions.csv:3:1" in done.err, command
        assert "unlink contradicts: line 2 links these two records" in done.err, command
    assert cxid("report", "-C", company).code == 0


def _answer(path: Path, entities: dict[tuple[str, str], str]) -> list[str]:
    """Fill in what the truth says; gives the header."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    for row in rows:
        r = dict(zip(header, row, strict=True))
        if "same" in r:
            same = entities[r["source_a"], r["key_a"]] == entities[r["source_b"], r["key_b"]]
            row[1] = "yes" if same else "no"
        else:
            row[1] = entities[r["source"], r["key"]]
    _write(path, header, rows)
    return header


@pytest.mark.parametrize("groups", [False, True])
def test_a_reviewed_sample_says_about_what_the_truth_says(company: Path, tmp_path: Path, groups: bool) -> None:
    file = tmp_path / "sample.csv"
    kind = ["--groups"] if groups else []
    drawn = cxid("eval", "--sample", "150", "--out", file, "--values", "masked", *kind, "-C", company)
    assert drawn.code == 0, drawn.err
    assert f"next: cxid eval --reviewed {file}" in drawn.err
    assert file.stat().st_mode & 0o777 == 0o600
    assert cxid("eval", "--reviewed", file, "-C", company).code == 2  # nothing answered yet
    _answer(file, _entities(company))
    found = _json("--reviewed", file, "-C", company)
    truth = _json(company / "truth" / "people.csv", "-C", company, "-s", "measures", "--known-only")["measures"]
    assert found["unit"] == ("groups" if groups else "pairs")
    assert found["answered"] == found["drawn"] > 50
    assert found["precision"]["low"] - 0.01 <= truth["precision"] <= found["precision"]["high"] + 0.01
    assert found["precision"]["high"] - found["precision"]["low"] < 0.2
    assert (found["recall"] is None) == groups
    assert "95% interval" in cxid("eval", "--reviewed", file, "-C", company).out


def test_a_sample_is_the_same_for_the_same_seed_and_shows_keys_alone_unless_asked(company: Path) -> None:
    def sample(*more: str) -> Outcome:
        return cxid("eval", "--sample", "40", *more, "-C", company)

    first = sample()
    assert first.code == 0
    assert first.out == sample().out != sample("--seed", "2").out
    header, *rows = list(csv.reader(first.out.splitlines()))
    assert header == ["no", "same", "source_a", "key_a", "source_b", "key_b", "stratum", "stratum_size", "run"]
    assert [r[0] for r in rows] == [str(n) for n in range(1, 41)]
    plain = sample("--values", "plain").out
    masked = sample("--values", "masked").out
    assert "@" in plain
    emails = {cell for row in csv.reader(plain.splitlines()) for cell in row if "@" in cell and len(cell) > 8}
    assert not any(email in masked for email in emails)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 4, "not a sample"),
        ("no,same,a\n1,yes,2\n", 4, "not a sample"),
        ("no,same,source_a,key_a,source_b,key_b,stratum,stratum_size,run\n", 4, "the sample is empty"),
        ("no,same,source_a,key_a,source_b,key_b,stratum,stratum_size,run\n1,maybe,a,1,b,2,5,10,r1\n", 2, ".csv:2:1"),
        ("no,same,source_a,key_a,source_b,key_b,stratum,stratum_size,run\n1,yes,a,1,b,2,77,10,r1\n", 2, ".csv:2:1"),
    ],
)
def test_what_is_no_reviewed_sample_is_refused(company: Path, tmp_path: Path, text: str, code: int, said: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text(text, encoding="utf-8")
    done = cxid("eval", "--reviewed", file, "-C", company)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


HEADER_LINE = "no,same,source_a,key_a,source_b,key_b,stratum,stratum_size,run"


@pytest.mark.parametrize(
    ("rows", "place", "said"),
    [
        (["1,yes,a,1,b,2,5,10,r", "2,yes,a,1,b,2,5,10,r"], 3, "line 2 is about the same"),
        (["1,yes,a,1,b,2,5,10,r", "2,yes,a,1,b,3,5,11,r"], 3, "not as cxid wrote them"),
        (["1,yes,a,1,b,2,\u00b2,10,r"], 2, "not as cxid wrote them"),
        (["1,yes,a,1,b,2,5,10,r", '2,yes,"a' + "x" * 140_000], 3, "a quote is open"),
    ],
)
def test_a_sample_that_was_changed_is_told_by_its_line(tmp_path: Path, rows: list[str], place: int, said: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text("\n".join([HEADER_LINE, *rows]), encoding="utf-8")
    before = csv.field_size_limit(131_072)  # what Python sets; init sets another
    done = cxid("eval", "--reviewed", file)
    csv.field_size_limit(before)
    assert (done.code, done.out) == (2, "")
    assert f"s.csv:{place}:1: " in done.err and said in done.err


def test_joined_pairs_that_nobody_answered_widen_recall(tmp_path: Path) -> None:
    answered = [f"{i},yes,a,{i},b,{i},5,100,r" for i in range(50)] + [
        f"{90 + i},no,a,{90 + i},b,1,6,40,r" for i in range(9)
    ]
    open_ = "80,,a,80,b,80,2,100,r"
    found = {}
    for name, rows in (("whole", answered), ("open", [*answered, open_])):
        (tmp_path / f"{name}.csv").write_text("\n".join([HEADER_LINE, *rows]), encoding="utf-8")
        found[name] = _json("--reviewed", tmp_path / f"{name}.csv")
    assert found["whole"]["covered"] == 1 and found["open"]["covered"] == 0.5
    assert found["open"]["precision"] == found["whole"]["precision"]
    assert found["open"]["recall"]["low"] == found["whole"]["recall"]["low"]
    assert found["open"]["recall"]["value"] == found["whole"]["recall"]["value"] == 1


def test_a_very_small_sample_has_some_of_each_kind(company: Path) -> None:
    drawn = cxid("eval", "--sample", "2", "-C", company)
    rows = list(csv.DictReader(drawn.out.splitlines()))
    assert len({r["stratum"] for r in rows}) == len(rows) > 2
    assert "(2 would leave kinds of them out)" in drawn.err


def test_a_sample_never_overwrites_answers(company: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text("answers", encoding="utf-8")
    done = cxid("eval", "--sample", "5", "--out", file, "-C", company)
    assert done.code == 2
    assert file.read_text(encoding="utf-8") == "answers"


def test_tables_in_a_pipe_are_tab_separated_and_a_terminal_draws_the_calibration(company: Path) -> None:
    piped = cxid("eval", company / "truth" / "people.csv", "-C", company)
    assert "\x1b" not in piped.out
    assert "\tprecision\trecall\tF1\n" in piped.out
    drawn = cxid("eval", company / "truth" / "people.csv", "-C", company, "-s", "calibration", tty=True)
    assert "█" in drawn.out
    as_csv = cxid("eval", company / "truth" / "people.csv", "-C", company, "-s", "measures", "-f", "csv")
    assert next(csv.reader(as_csv.out.splitlines())) == ["section", "row", "figure", "value"]
