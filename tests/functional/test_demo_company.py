"""The sample company as a whole: its files, its config and its truth agree, and a seed fixes every byte."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard

from cxid.config.loading import load_config
from cxid.config.model import Column, Config, ConsentSource, EnrichmentSource, PeopleSource
from cxid.demo import DemoSummary, write_demo
from cxid.errors import UsageError
from cxid.stages.normalise.identifiers import normalise_identifier

PEOPLE = 1500


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoSummary, Config]:
    folder = tmp_path_factory.mktemp("demo")
    summary = write_demo(folder, people=PEOPLE, seed=5)
    return folder, summary, load_config(folder, env={})


def _text(path: Path, encoding: str) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if path.suffix == ".zst":
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)


def _rows(folder: Path, source: Any, broken: set[tuple[str, int]]) -> list[dict[str, Any]]:
    """The good rows of a source, read by nothing of cxid; lines known to be broken are cut out first."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob(source.path[0])):
        if path.suffix == ".parquet":
            found += pq.read_table(path).to_pylist()
            continue
        name = path.relative_to(folder).as_posix()
        lines = _text(path, source.encoding).split("\n")
        text = "\n".join(line for i, line in enumerate(lines, 1) if (name, i) not in broken)
        if ".jsonl" in path.name:
            found += [json.loads(line) for line in text.splitlines()]
        else:
            found += csv.DictReader(io.StringIO(text, newline=""), delimiter=source.delimiter)
    return found


def _truth(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _broken(folder: Path) -> set[tuple[str, int]]:
    return {(row["file"], int(row["line"])) for row in _truth(folder, "broken")}


def _digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_demo(tmp_path / name, people=120, seed=seed)
    a, b, c = (_digests(tmp_path / name) for name in "abc")
    assert a == b
    assert a.keys() == c.keys()
    assert [name for name in a if a[name] == c[name]] == ["cxid.yml"]


def test_the_summary_lists_every_file_with_its_size(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, summary, _ = demo
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
    assert {f.path: f.bytes for f in summary.files} == sizes
    assert summary.people == PEOPLE
    assert summary.seconds > 0
    assert summary.broken_rows == len(_truth(folder, "broken"))


def test_the_config_names_columns_that_the_files_have(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    for name, source in config.sources.items():
        there = {column for row in _rows(folder, source, _broken(folder)) for column in row}
        assert there, name
        named = {c for part in source for c in _columns_of(part[1])}
        named |= set(getattr(source, "key", None) or ())
        assert named <= there, name


def _columns_of(part: Any) -> set[str]:
    if isinstance(part, Column):
        return set(part.from_)
    return {c for value in part.values() for c in _columns_of(value)} if isinstance(part, dict) else set()


def test_the_prod_target_writes_where_the_environment_says(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    assert config.outputs.dir == Path("output")
    assert load_config(folder, "prod", env={"CXID_OUT": "/srv/out"}).outputs.dir == Path("/srv/out")


def test_every_key_is_in_the_truth_exactly_once(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    truth = {
        name: Counter((r["source"], r["record_id"]) for r in _truth(folder, name)) for name in ("people", "events")
    }
    keys: dict[str, Counter[tuple[str, str]]] = {"people": Counter(), "events": Counter()}
    for name, source in config.sources.items():
        if isinstance(source, EnrichmentSource | ConsentSource) or source.key is None:
            continue
        kind = "people" if isinstance(source, PeopleSource) else "events"
        keys[kind].update((name, row[source.key[0]]) for row in _rows(folder, source, _broken(folder)))
    assert keys == truth
    assert {count for kind in truth.values() for count in kind.values()} == {1}


def test_every_broken_line_is_broken_in_the_way_that_the_truth_says(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    seen = set()
    for row in _truth(folder, "broken"):
        source = config.sources[row["source"]]
        lines = _text(folder / row["file"], source.encoding).split("\n")
        head, line = lines[0].split(source.delimiter), lines[int(row["line"]) - 1]
        [cells] = csv.reader([line], delimiter=source.delimiter)
        namesakes = sum(other.split(source.delimiter)[0] == cells[0] for other in lines)
        seen.add(row["reason"])
        assert {
            "too_few_columns": len(cells) < len(head),
            "too_many_columns": len(cells) > len(head),
            "bad_quote": line.count('"') in (1, 2),
            "bad_time": len(cells) == len(head) and hasattr(source, "time") and not _is_time(cells, head, source),
            "missing_key": len(cells) == len(head) and cells[0] == "",
            "duplicate_row": len(cells) == len(head) and lines.count(line) >= 2,
            "duplicate_key": len(cells) == len(head) and lines.count(line) == 1 and namesakes >= 2,
        }[row["reason"]], row["reason"]
    assert seen == {
        "too_few_columns", "too_many_columns", "bad_quote", "bad_time", "missing_key", "duplicate_row", "duplicate_key",
    }  # fmt: skip


def _is_time(cells: list[str], head: list[str], source: Any) -> bool:
    try:
        datetime.strptime(cells[head.index(source.time.from_[0])], source.time.format)
    except ValueError:
        return False
    return True


def test_web_events_are_identifiable_where_that_person_logged_in_with_that_cookie(
    demo: tuple[Path, DemoSummary, Config],
) -> None:
    folder, _, config = demo
    truth = {r["record_id"]: r for r in _truth(folder, "events") if r["source"] == "web"}
    rows = [(row, truth[row["event_id"]]) for row in _rows(folder, config.sources["web"], set())]
    tied = {(r["anonymous_id"], t["entity_id"]) for r, t in rows if r["user_email"] or r["user_email_sha256"]}
    for row, answer in rows:
        assert (answer["identifiable"] == "true") == ((row["anonymous_id"], answer["entity_id"]) in tied)
    assert 0.3 < sum(t["identifiable"] == "true" for _, t in rows) / len(rows) < 0.7


def test_a_login_names_the_person_who_is_at_the_browser(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    holders: dict[str, set[str]] = {}
    for row in _truth(folder, "identifiers"):
        holders.setdefault(row["id_value"], set()).add(row["entity_id"])
    truth = {r["record_id"]: r["entity_id"] for r in _truth(folder, "events") if r["source"] == "web"}
    logins = 0
    for row in _rows(folder, config.sources["web"], set()):
        for name in ("user_email", "user_email_sha256"):
            if row[name]:
                logins += 1
                assert truth[row["event_id"]] in holders[row[name]]
    assert logins > 100


def test_identifiers_of_the_truth_are_written_as_cxid_publishes_them(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, _ = demo
    rows = _truth(folder, "identifiers")
    wrong = Counter(
        r["id_type"] for r in rows if normalise_identifier(r["id_type"], r["id_value"], "GB") != r["id_value"]
    )
    assert not wrong
    assert {r["id_type"] for r in rows} == {
        "badge", "cookie", "customer_no", "device", "email", "email_sha256", "handle", "loyalty_card", "phone",
    }  # fmt: skip


def test_a_person_s_true_revenue_is_the_sum_of_their_receipts(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, _, config = demo
    owner = {r["record_id"]: r for r in _truth(folder, "events") if r["source"] == "pos"}
    pence: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for row in _rows(folder, config.sources["pos"], _broken(folder)):
        who, value = owner[row["receipt_no"]], int(row["total"].replace(",", ""))
        pence[who["entity_id"]] += value
        known[who["entity_id"]] += value if who["identifiable"] == "true" else 0
    for person in _truth(folder, "customers"):
        name = person["entity_id"]
        assert person["revenue"] == _pounds(pence[name])
        assert person["revenue_identified"] == _pounds(known[name])


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def test_the_company_looks_like_one(demo: tuple[Path, DemoSummary, Config]) -> None:
    folder, summary, _ = demo
    people = Counter(r["source"] for r in _truth(folder, "people"))
    records: dict[str, Counter[str]] = {}
    for row in _truth(folder, "people"):
        records.setdefault(row["source"], Counter())[row["entity_id"]] += 1
    twice = sum(n > 1 for n in records["crm"].values()) / len(records["crm"])
    assert 1.0 < people["crm"] / PEOPLE < 1.1
    assert 0.05 < twice < 0.10
    assert 0.45 < people["loyalty"] / PEOPLE < 0.65
    assert 0.15 < people["social_profiles"] / PEOPLE < 0.3
    assert 35 < summary.rows / PEOPLE < 65
    names = Counter((r["given_name"], r["family_name"]) for r in _truth(folder, "customers"))
    assert max(names.values()) <= 12
    assert len(names) > 0.9 * PEOPLE
    homes = Counter(r["household_id"] for r in _truth(folder, "customers"))
    assert 0.35 < sum(n > 1 for n in homes.values()) / len(homes) < 0.7


@pytest.mark.parametrize(("people", "seed"), [(0, 1), (49, 1), (10**8, 1), (100, -1)])
def test_sizes_that_make_no_company_are_refused(tmp_path: Path, people: int, seed: int) -> None:
    with pytest.raises(UsageError):
        write_demo(tmp_path / "x", people=people, seed=seed)
    assert not (tmp_path / "x").exists()
