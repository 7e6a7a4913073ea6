"""One moment of the past: whom the trigger would have hit with what was known then, followed under today's ids."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.simulate.model import Ask, Known, Replay
from cxid.simulate.outcomes import follow, followed
from cxid.simulate.world import known_at, world_at
from cxid.sql import load
from cxid.stages.profile.triggers import holdout_limit, write_choice


def hits_at(config: Config, tables: Mapping[str, Path], ask: Ask, moment: datetime) -> tuple[Known, pa.Table]:
    """What was known at the moment, and the customers of today with the rank of what the trigger did to them.

    Rank 1 was chosen (under the cap, in either arm), 2 capped, 3 without consent, 4 not hit. Several customers of then
    who are one today count once, with the best rank.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cxid-simulate-") as scratch,
        world_at(config, tables, moment, Path(scratch)) as world,
    ):
        for name in ("record_customer", "identifier_customer"):
            world.view(f"today_{name}", tables[name])
        world.run("profile_moment", "SELECT CAST(? AS TIMESTAMP) AS as_of", [moment])
        write_choice(world, {ask.name: ask.trigger.model_copy(update={"cooldown": None})}, "profile")
        for name in ("vote", "heir", "group"):
            world.run(f"sim_{name}", load("simulate", f"sim_{name}"))
        return known_at(world), world.fetch("SELECT customer_id, rank FROM sim_group ORDER BY customer_id")


def replay(engine: Engine, ask: Ask, moment: datetime, hits: tuple[Known, pa.Table]) -> Replay:
    """The moment's hits, split by the keyed hash of today's ids, and what each group did next."""
    known, groups = hits
    engine.load("sim_group", groups)
    key = ask.trigger.holdout_key or ask.name
    engine.run(
        "sim_arm",
        "SELECT customer_id, CASE rank WHEN 1 THEN CASE WHEN "
        "substr(md5(concat(CAST($key AS VARCHAR), chr(31), customer_id)), 1, 8) < $below THEN 'holdout' ELSE 'act' END "
        "WHEN 2 THEN 'capped' WHEN 3 THEN 'no_consent' ELSE 'others' END AS arm FROM sim_group",
        {"key": key, "below": holdout_limit(float(ask.trigger.holdout))},
    )
    counted = engine.fetch("SELECT arm, count(*) AS n FROM sim_arm GROUP BY arm").to_pylist()
    counts = {row["arm"]: row["n"] for row in counted}
    engine.load("sim_since", pa.table({"since": pa.array([moment], pa.timestamp("us"))}))
    follow(engine, "SELECT a.customer_id, a.arm, s.since FROM sim_arm AS a CROSS JOIN sim_since AS s")
    capped, agreed_not = counts.get("capped", 0), counts.get("no_consent", 0)
    chosen = counts.get("act", 0) + counts.get("holdout", 0)
    return Replay(
        moment=moment,
        known=known,
        holds=chosen + capped + agreed_not,
        no_consent=agreed_not,
        capped=capped,
        act=followed(engine, "act"),
        holdout=followed(engine, "holdout"),
        others=followed(engine, "others"),
    )
