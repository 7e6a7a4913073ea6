"""A whole simulation: the replays, the trials, and what may be concluded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, UsageError
from cxid.runs.observer import Observer
from cxid.runs.signals import StopRequest
from cxid.simulate.model import Ask, Simulation, Trial
from cxid.simulate.outcomes import NEEDED, write_today
from cxid.simulate.replaying import hits_at, replay
from cxid.simulate.trials import assigned_moments, count_rows, judge_trial, write_holdout, write_log
from cxid.sql import load

_MOST_MOMENTS = 6  # of assignment that the trigger is replayed at for a trial
NO_TRIAL = (
    "nobody was treated or held out by chance, so what these customers did next is not the effect of the action: those "
    "who were hit differ from the others by the very condition"
)
HOW_TO_TRY = (
    "set `holdout`, act on `trigger_hit` and build again when the window is over; or name a treatment log under `trial`"
)


def simulate(
    config: Config, run_id: str, tables: Mapping[str, Path], ask: Ask, stop: StopRequest, observer: Observer
) -> Simulation:
    """The answer to `ask` over the published run `run_id`. Raises UsageError where the run cannot tell."""
    if missing := [name for name in NEEDED if name not in tables]:
        raise UsageError(
            f"the published run has no table {missing[0]}: another version of cxid made it",
            hint="run `cxid build`",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    with closing(DuckDBEngine(allowed=sorted({path.parent for path in tables.values()}))) as engine:
        stop.watch(engine)
        write_today(engine, config, tables, ask.window_days)
        engine.view("today_household", tables["household"])
        as_of = engine.scalar("SELECT as_of FROM profile_moment")
        ask = _with_moments(ask, as_of)
        _require_window(ask, as_of)
        observer.step_started("", "replaying days")
        replays = []
        for done, moment in enumerate(ask.moments):
            observer.stage_progress("", done, len(ask.moments), "days")
            replays.append(replay(engine, ask, moment, hits_at(config, tables, ask, moment)))
        observer.step_started("", "measuring the effect")
        other = int(engine.scalar("SELECT CAST(coalesce(sum(other), 0) AS BIGINT) FROM sim_outcome")) if replays else 0
        trials, notes = _trials(engine, config, tables, ask, as_of)
        return Simulation(
            run_id=run_id,
            name=ask.name,
            when=ask.trigger.when,
            action=ask.trigger.action,
            as_of=as_of,
            window_days=ask.window_days,
            detect=ask.detect,
            currency=str(engine.scalar("SELECT currency FROM sim_window")),
            other_currencies=other,
            replays=tuple(replays),
            trials=trials,
            refused="" if any(not t.refused for t in trials) else trials[0].refused if trials else NO_TRIAL,
            notes=notes,
        )


def _with_moments(ask: Ask, as_of: datetime) -> Ask:
    """The moments named, else the latest whose window is over and those a window apart before it, oldest first."""
    if ask.moments:
        return ask
    windows = range(ask.replays, 0, -1)
    return replace(ask, moments=tuple(as_of - timedelta(days=ask.window_days * n) for n in windows))


def _require_window(ask: Ask, as_of: datetime) -> None:
    late = [m for m in ask.moments if m + timedelta(days=ask.window_days) > as_of]
    if late:
        raise UsageError(
            f"{late[0]:%Y-%m-%d} and {ask.window_days} days more are not over at {as_of:%Y-%m-%d}, the moment of the "
            "published profiles",
            hint=f"name an earlier day with --at, or a shorter --window than {ask.window_days}",
        )


def _trials(
    engine: Engine, config: Config, tables: Mapping[str, Path], ask: Ask, as_of: datetime
) -> tuple[tuple[Trial, ...], tuple[str, ...]]:
    found, notes = [], []
    if ask.trigger.trial is not None:
        write_log(engine, ask)
        if not engine.count("sim_log_row"):
            notes.append(f"source {ask.trigger.trial.source} has no row whose type means treated or held out")
        else:
            engine.run("sim_logged", load("simulate", "sim_logged"))
            notes += _write_would_hit(engine, config, tables, ask)
            found.append(judge_trial(engine, ask, "log", as_of))
            engine.drop("sim_would_hit")
    write_holdout(engine, ask)
    rows = count_rows(engine)
    if rows.get("control") and rows.get("treated"):
        engine.run("sim_logged", load("simulate", "sim_logged"))
        trial = judge_trial(engine, ask, "holdout", as_of)
        if trial.too_late < trial.customers - trial.in_both_arms:
            found.append(trial)
        else:
            notes.append(
                f"{trial.customers:,} customers were chosen by builds, but their {ask.window_days} days are not over"
            )
    return tuple(found), tuple(notes)


def _write_would_hit(engine: Engine, config: Config, tables: Mapping[str, Path], ask: Ask) -> list[str]:
    """Table sim_would_hit (customer_id): those in the trial whom the trigger hit just before they were assigned."""
    moments = assigned_moments(engine, _MOST_MOMENTS)
    if not moments:
        return [f"customers were assigned at more than {_MOST_MOMENTS} moments: the trigger is not replayed at each"]
    parts = []
    for moment in moments:
        _, groups = hits_at(config, tables, ask, moment)
        chosen = groups.filter(pc.equal(groups.column("rank"), 1))
        since = pa.array([moment + timedelta(microseconds=1)] * chosen.num_rows, pa.timestamp("us"))
        parts.append(chosen.select(["customer_id"]).append_column("since", since))
    engine.load("sim_moment_hit", pa.concat_tables(parts))
    engine.run(
        "sim_would_hit",
        "SELECT h.customer_id FROM sim_moment_hit AS h JOIN sim_logged AS l "
        "ON l.customer_id = h.customer_id AND l.since = h.since",
    )
    return []
