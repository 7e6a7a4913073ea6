"""The company as it was known at a moment of the past, identity included.

The stages from stitching to profiles run again over what the published run read and scored, cut down to what was known
then: no event, permission or decision of later, no record that was changed later. What is left of later knowledge: the
weights of the linkage model and how files are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from cxid import pipeline
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, UsageError
from cxid.simulate.model import Known
from cxid.stages.context import Silent, StageContext

_STAGES = ("stitch", "golden", "household", "profile")
_PARTS = {
    "event": "time <= $moment",
    "record": "updated_at IS NULL OR updated_at <= $moment",
    "consent_row": "time IS NULL OR time <= $moment",
    "decision": "try_cast(decided_at AS TIMESTAMP) <= $moment",
}
_FOLLOWING = {
    "record_no": "record",
    "record_no_a": "record",
    "record_no_b": "record",
    "event_no": "event",
    "consent_no": "consent_row",
}  # column -> the table that says which of its numbers are known


@contextmanager
def world_at(config: Config, tables: Mapping[str, Path], moment: datetime, scratch: Path) -> Iterator[Engine]:
    """An engine in which every table of stitching, golden values, households and profiles is as at `moment`."""
    folders = sorted({path.parent for path in tables.values()})
    with closing(DuckDBEngine(temp_dir=scratch / "spill", allowed=folders)) as engine:
        _open(engine, tables, moment)
        ctx = StageContext(engine=engine, work_dir=scratch, run_id="r0000-00000000", reporter=Silent())
        then = _at(config, moment)
        for stage in pipeline.STAGES:
            if stage.name in _STAGES:
                stage.load().run(ctx, **stage.part(then))
        yield engine


def known_at(engine: Engine) -> Known:
    """How much of the data was known in a world."""
    row = engine.fetch(
        "SELECT (SELECT count(*) FROM record) AS records, (SELECT count(*) FROM whole_record) AS all_records, "
        "(SELECT count(*) FROM record WHERE updated_at IS NULL) AS undated, (SELECT count(*) FROM event) AS events, "
        "(SELECT count(*) FROM whole_event) AS all_events, (SELECT count(*) FROM customer) AS customers"
    ).to_pylist()[0]
    return Known(
        records=row["records"],
        records_left_out=row["all_records"] - row["records"],
        records_undated=row["undated"],
        events=row["events"],
        events_left_out=row["all_events"] - row["events"],
        customers=row["customers"],
    )


def _at(config: Config, moment: datetime) -> Config:
    profile = config.profile.model_copy(update={"as_of": moment.isoformat() + "+00:00"})
    return config.model_copy(update={"profile": profile, "triggers": {}})


def needed_tables() -> tuple[str, ...]:
    """The tables of a run that a world is made from."""
    written: set[str] = set()
    read: dict[str, None] = {}
    for stage in pipeline.STAGES:
        if stage.name in _STAGES:
            module = stage.load()
            read |= dict.fromkeys(name for name in module.READS if name not in written)
            written |= set(module.WRITES)
    return tuple(read)


def _open(engine: Engine, tables: Mapping[str, Path], moment: datetime) -> None:
    """Every table that the stages read, as far as it was known; `whole_<name>` are views of all of it."""
    needed = needed_tables()
    if missing := [name for name in needed if name not in tables]:
        raise UsageError(
            f"the published run has no table {missing[0]}: another version of cxid made it",
            hint="run `cxid build`",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    for name in sorted(needed, key=lambda n: n not in _PARTS):
        engine.view(f"whole_{name}", tables[name])
        where, values = _known_part(engine, name, moment)
        if where:
            engine.run(name, f"SELECT * FROM whole_{name} WHERE {where}", values)
        else:
            engine.read(name, tables[name])


def _known_part(engine: Engine, name: str, moment: datetime) -> tuple[str, dict[str, Any]]:
    if name in _PARTS:
        return _PARTS[name], {"moment": moment}
    columns = engine.columns(f"whole_{name}")
    following = [(column, table) for column, table in _FOLLOWING.items() if column in columns]
    where = [f"{column} IN (SELECT {_number(table)} FROM {table})" for column, table in following]
    return " AND ".join(where), {}


def _number(table: str) -> str:
    return {"record": "record_no", "event": "event_no", "consent_row": "consent_no"}[table]
