"""The stage: what it reads and writes, and the order of its steps."""

from __future__ import annotations

from collections.abc import Mapping

from cxid import sql
from cxid.config.household import Household
from cxid.engine.base import Engine
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.household.ids import write_household_ids
from cxid.stages.household.places import home_field, write_addresses, write_family_names

READS: tuple[str, ...] = (
    "record",
    "record_norm",
    "record_identifier",
    "record_customer",
    "customer",
    "customer_alias",
    "hub_identifier",
    "link_pair",
    "golden_provenance",
)
WRITES: tuple[str, ...] = ("household",)
EARLIER: Mapping[str, tuple[str, tuple[str, ...]]] = {"previous_household": ("household", ())}
"""Table here -> (table of the published run, the columns of it that are needed; () for all)."""


def run(ctx: StageContext, *, household: Household, fields: tuple[Field, ...]) -> None:
    """Write `household`: a row for each customer whose home is known or who is joined to another.

    `fields` are those of `record_norm`. Ids stay with most of the members that the run before knew.
    """
    engine = ctx.engine
    ctx.reporter.step("reading addresses")
    _relation(engine, "number")
    _relation(engine, "owner")
    write_addresses(engine, fields)
    write_family_names(engine, fields)
    _relation(engine, "place", {"field": home_field(fields)})
    _relation(engine, "name")
    ctx.reporter.step("finding who shares a home")
    for name in ("key", "crowd", "share", "group", "contact", "contact_pair", "linked_pair"):
        _relation(engine, name)
    _relation(engine, "edge", {"most": household.max_size})
    _relation(engine, "near_pair")
    ctx.reporter.step("forming households")
    _write_homes(engine, household.max_size)
    _relation(engine, "pick")
    _relation(engine, "mover", {"most": household.max_size})
    _relation(engine, "member")
    ctx.reporter.step("giving households their ids")
    write_household_ids(engine)
    engine.run("household", sql.load("household", "household"))
    _tell(ctx)
    engine.drop(*sorted(t for t in engine.tables() if t.startswith("household_")))


def _relation(engine: Engine, name: str, params: Mapping[str, object] | None = None) -> None:
    engine.run(f"household_{name}", sql.load("household", f"household_{name}"), params or {})


def _write_homes(engine: Engine, most: int) -> None:
    """Table household_home (customer_no, root): who lives together by what is certain enough to pass on.

    What has become larger than a household is taken apart and joined again by name and whole address alone; what is
    too large then is an institution, and nobody's household.
    """
    engine.components("household_core", "SELECT a, b FROM household_edge")
    large = "SELECT component FROM household_core GROUP BY component HAVING count(*) > ?"
    engine.run("household_large", f"SELECT node FROM household_core WHERE component IN ({large})", [most])
    engine.components(
        "household_again",
        "SELECT e.a, e.b FROM household_edge AS e JOIN household_large AS l ON l.node = e.a WHERE e.is_whole",
    )
    engine.run("household_home", sql.load("household", "household_home"), {"most": most})


def _tell(ctx: StageContext) -> None:
    """The figures of the stage as a fact."""
    sizes = (
        "SELECT count(*) AS households, coalesce(sum(size), 0) AS customers FROM ("
        "SELECT household_id, count(*) AS size FROM household GROUP BY household_id HAVING count(*) > 1) AS s"
    )
    found = ctx.engine.fetch(sizes).to_pylist()[0]
    ctx.reporter.log(
        "household.homes", joined=int(found["customers"]), homes=int(found["households"]),
        known=ctx.engine.count("household"),
    )  # fmt: skip
