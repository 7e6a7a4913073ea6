"""`cxid simulate` over a small sample company: the past as it was known, the effect of its trial, refusals."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import cxid
from cxid.api import open_published
from cxid.demo import write_demo
from cxid.simulate.world import needed_tables, world_at
from tests.functional.cli_harness import cxid as command

NOON = datetime(2026, 6, 14, 7)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate")
    write_demo(folder, people=220, seed=4)
    cxid.open(folder).build()
    return folder


def _tables(project: Path) -> dict[str, Path]:
    published = open_published(cxid.open(project).config)
    return {**published.stage_tables, **published.tables}


def _rows(project: Path, tables: dict[str, Path], moment: datetime, scratch: Path) -> list[dict[str, object]]:
    with world_at(cxid.open(project).config, tables, moment, scratch) as world:
        return world.fetch("SELECT * FROM profile ORDER BY customer_id").to_pylist()  # type: ignore[no-any-return]


def test_the_world_at_the_published_moment_is_the_published_one(project: Path, tmp_path: Path) -> None:
    tables = _tables(project)
    published = pq.read_table(tables["profile"])
    moment = published.column("as_of")[0].as_py()
    names = [n for n in published.column_names if n not in ("triggers", "trigger_reason", "suggested_action")]
    rows = {r["customer_id"]: r for r in _rows(project, tables, moment, tmp_path)}
    assert [{n: rows[r["customer_id"]][n] for n in names} for r in published.to_pylist()] == published.select(
        names
    ).to_pylist()


def test_what_became_known_later_changes_nothing_of_the_past(project: Path, tmp_path: Path) -> None:
    """The same world from data in which everything later is missing."""
    tables, less = _tables(project), tmp_path / "less"
    less.mkdir()
    known = {}
    for name, column in (("event", "time"), ("record", "updated_at")):
        table = pq.read_table(tables[name])
        table = table.filter(pc.fill_null(pc.less_equal(table.column(column), NOON), name == "record"))
        known[name] = table.column(f"{name}_no")
        pq.write_table(table, less / f"{name}.parquet")
    for name in set(needed_tables()) - known.keys():
        table = pq.read_table(tables[name])
        for column, of in (("event_no", "event"), ("record_no", "record"), ("record_no_a", "record"),
                           ("record_no_b", "record")):  # fmt: skip
            if column in table.column_names and name != "decision":
                table = table.filter(pc.is_in(table.column(column), known[of]))
        pq.write_table(table, less / f"{name}.parquet")
    whole = _rows(project, tables, NOON, tmp_path / "a")
    assert len(whole) > 100
    assert whole == _rows(project, {n: less / f"{n}.parquet" for n in needed_tables()}, NOON, tmp_path / "b")


def test_an_effect_is_told_by_the_treatment_log_and_refused_without_it(project: Path, tmp_path: Path) -> None:
    done = command("simulate", "win_back", "--replays", "1", "-f", "json", "-C", project)
    assert done.code == 0
    found = json.loads(done.out)
    [trial] = found["trials"]
    whole = trial["uplifts"][0]
    bought = next(d for d in whole["differences"] if d["outcome"] == "bought")
    assert bought["low"] < bought["difference"] < bought["high"]
    assert whole["treated"]["customers"] + whole["control"]["customers"] == trial["customers"] - trial["in_both_arms"]
    assert whole["needed"] > 0
    [replay] = found["replays"]
    assert replay["holds"] >= replay["act"]["customers"] + replay["holdout"]["customers"]
    assert replay["known"]["records_left_out"] > 0

    blind = tmp_path / "blind"
    shutil.copytree(project, blind, symlinks=True)
    config = (blind / "cxid.yml").read_text(encoding="utf-8")
    lines = [line for line in config.split("\n") if not line.strip().startswith("trial: {source")]
    (blind / "cxid.yml").write_text("\n".join(lines), encoding="utf-8")
    told = command("simulate", "win_back", "--at", "2026-05-01", "-C", blind)
    assert told.code == 0
    assert "No effect is told: nobody was treated or held out by chance" in told.out
    assert "95 % interval" not in told.out
    assert "set `holdout`" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["win_bak"], "did you mean win_back?"),
        (["win_back", "--at", "2026-10-30"], "are not over at 2026-11-01"),
        (["win_back", "--at", "soon"], "neither a date nor a time"),
        (["win_back", "--when", "revenu > 3"], "did you mean revenue"),
        (["win_back", "--when", "orders > '3'"], "--when, sign 8"),
    ],
)
def test_a_mistake_is_told_with_the_next_step(project: Path, arguments: list[str], said: str) -> None:
    done = command("simulate", *arguments, "-C", project)
    assert done.code == 2
    assert said in done.err
    assert "next:" in done.err
    assert done.out == ""


def test_a_trigger_that_is_wrong_stops_check_and_build_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "cxid.yml").write_text(
        "sources:\n  crm: {path: nowhere.csv, kind: people, key: id, columns: {email: email}}\n"
        "triggers:\n  t: {when: ordrs > 1, action: x}\n",
        encoding="utf-8",
    )
    done = command("build", "-C", tmp_path)
    assert done.code == 2
    assert 'cxid.yml:4:13: triggers.t.when: the profile has no column "ordrs", did you mean orders' in done.err
    assert "did you mean orders" in command("check", "-C", tmp_path).err


def test_a_build_as_of_the_past_stitches_by_no_later_event(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text("id,email\n1,ann@x.example\n2,bob@y.example\n", encoding="utf-8")
    (tmp_path / "web.csv").write_text(
        "at,cookie,email\n2026-01-01,c1,\n2026-01-02,c1,\n2026-03-01,c1,ann@x.example\n2026-03-02,c2,\n",
        encoding="utf-8",
    )
    (tmp_path / "cxid.yml").write_text(
        "sources:\n  crm: {path: crm.csv, kind: people, key: id, columns: {email: email}}\n"
        "  web: {path: web.csv, kind: events, time: at, ids: {cookie: cookie, email: email}}\n",
        encoding="utf-8",
    )
    project = cxid.open(tmp_path)
    owners = "SELECT strftime(time, '%m-%d') AS day, is_known FROM touchpoint LEFT JOIN profile USING (customer_id)"
    said = {}
    for as_of in ("2026-02-01", "2026-04-01"):
        project.build(as_of=as_of)
        done = command("query", owners + " ORDER BY day", "-f", "json", "-C", tmp_path)
        said[as_of] = {r["day"]: r["is_known"] for r in json.loads(done.out)}
    assert said["2026-02-01"] == {"01-01": False, "01-02": False, "03-01": None, "03-02": None}
    assert said["2026-04-01"] == {"01-01": True, "01-02": True, "03-01": True, "03-02": False}
