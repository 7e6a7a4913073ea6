"""Who is who in two runs, from the memberships of both.

The words are those of the lineage of ids (docs/explanation/identity.md), and between a run and the one built on it the
numbers are those of identity_event. Two runs far apart are compared by the same rules, with the ids that they have.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from cxid.diff.model import CustomerChange, GroupChange, IdentityChange, MemberChange, Move, SizeChange
from cxid.diff.opening import Pair
from cxid.engine.base import Engine
from cxid.runs.home import run_number
from cxid.sql import load
from cxid.stages.stitch.kinds import Rank, rank_of

_GROUPS = 5
_BANDS = {4: "4-5", 6: "6-10", 11: "11-20", 21: "21-50", 51: "over 50"}
_NO_CAUSE = "SELECT '' AS event, '' AS customer_id, '' AS other_customer_id, '' AS cause WHERE 1 = 0"


def write_memberships(engine: Engine) -> None:
    """Tables diff_record and diff_identifier (members at another id), diff_<side>_member, diff_overlap, diff_shared.

    Also diff_move: what happened to customers, each thing once.
    """
    types = "SELECT DISTINCT id_type FROM {0}_identity_map WHERE source = ''"
    found = engine.fetch(f"{types.format('before')} UNION {types.format('after')} ORDER BY id_type")
    names = found.column(0).to_pylist()
    named = pa.array([rank_of(name) < Rank.DEVICE for name in names], pa.bool_())
    engine.load("diff_type", pa.table({"id_type": pa.array(names, pa.string()), "is_personal": named}))
    tables = ("record", "identifier", "before_member", "after_member", "overlap", "shared", "heir", "move")
    for name in tables:
        engine.run(f"diff_{name}", load("diff", name))


def compare_identity(pair: Pair, moves: int) -> IdentityChange:
    """Customers, records and identifiers, and the `moves` largest things that happened."""
    engine = pair.engine
    happened = {
        r["event"]: int(r["things"])
        for r in engine.fetch("SELECT event, count(*) AS things FROM diff_move GROUP BY event").to_pylist()
    }
    customers = CustomerChange(
        before=engine.count("diff_before_member"),
        after=engine.count("diff_after_member"),
        created=happened.get("created", 0),
        split=happened.get("split", 0),
        merged=happened.get("merged", 0),
        retired=happened.get("retired", 0),
        regrouped=int(engine.scalar(f"SELECT count(*) FROM ({load('diff', 'regrouped')}) AS ids")),
    )
    return IdentityChange(customers, _members(engine, "record"), _members(engine, "identifier"), _largest(pair, moves))


def _members(engine: Engine, kind: str) -> MemberChange:
    before, after = (
        int(engine.scalar(f"SELECT coalesce(sum({kind}s), 0) FROM diff_{side}_member")) for side in ("before", "after")
    )
    counted: dict[str, Any] = engine.fetch(
        "SELECT count(CASE WHEN before_id IS NULL THEN 1 END) AS added, "
        "count(CASE WHEN after_id IS NULL THEN 1 END) AS removed, "
        f"count(CASE WHEN before_id <> after_id THEN 1 END) AS moved FROM diff_{kind}"
    ).to_pylist()[0]
    return MemberChange(before, after, **counted)


def _largest(pair: Pair, moves: int) -> tuple[Move, ...]:
    engine = pair.engine
    if pair.is_built_on:
        engine.run("diff_cause", load("diff", "cause"), {"run_no": run_number(pair.after.run_id)})
    else:
        engine.run("diff_cause", _NO_CAUSE)
    return tuple(Move(**r) for r in engine.fetch(load("diff", "largest_move"), {"moves": moves}).to_pylist())


def compare_sizes(engine: Engine) -> tuple[SizeChange, ...]:
    """How many customers hold how many records."""
    found = engine.fetch(load("diff", "size")).to_pylist()
    return tuple(SizeChange(_BANDS.get(r["least"], str(r["least"])), r["before"], r["after"]) for r in found)


def largest_groups(engine: Engine) -> tuple[GroupChange, ...]:
    """The largest customers of the second run."""
    return tuple(GroupChange(**r) for r in engine.fetch(load("diff", "largest_group"), {"groups": _GROUPS}).to_pylist())
