"""What happened to ids in this run, and what must be known of them in the next."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from cxid.engine.base import Engine
from cxid.runs.home import run_number
from cxid.sql import load
from cxid.stages.context import StageContext


def write_history(ctx: StageContext, basis: Mapping[str, str]) -> None:
    """Tables identity_basis, identity_event, customer_alias and former_member; the run's events by number as a fact.

    `basis` holds the digest of each part of the config that decides who is who.
    """
    engine = ctx.engine
    parts = sorted(basis)
    texts = {"part": pa.array(parts, pa.string()), "digest": pa.array([basis[p] for p in parts], pa.string())}
    engine.load("identity_basis", pa.table(texts))
    for name in ("move", "change", "decided_record", "changed_member"):
        engine.run(f"stitch_{name}", load("stitch", name))
    is_first = not engine.scalar("SELECT 1 FROM stitch_history LIMIT 1")
    is_config = not is_first and _is_another_config(engine)
    values = {"run_id": ctx.run_id, "run_no": run_number(ctx.run_id), "is_config": is_config}
    engine.run("identity_event", load("stitch", "identity_event"), values)
    engine.run("customer_alias", load("stitch", "customer_alias"), {"run_id": ctx.run_id})
    engine.run("former_member", load("stitch", "former_member"))
    if not is_first:
        ctx.reporter.log("stitch.identity", **_counts(engine))


def _is_another_config(engine: Engine) -> bool:
    """Whether a part of the config that decides who is who is not what it was."""
    sql = (
        "SELECT count(*) FROM identity_basis AS a FULL OUTER JOIN previous_identity_basis AS b "
        "ON a.part = b.part WHERE a.digest IS DISTINCT FROM b.digest"
    )
    return bool(engine.scalar(sql))


def _counts(engine: Engine) -> dict[str, int]:
    """Customers that are new, that split off others, that were merged into others, that are gone."""
    found = engine.fetch(
        "SELECT count(CASE WHEN event = 'created' AND other_customer_id = '' THEN 1 END) AS created, "
        "count(CASE WHEN event = 'created' AND other_customer_id <> '' THEN 1 END) AS split, "
        "count(CASE WHEN event = 'absorbed' THEN 1 END) AS merged, "
        "count(CASE WHEN event = 'retired' THEN 1 END) AS retired FROM stitch_change"
    )
    return {name: int(number) for name, number in found.to_pylist()[0].items()}
