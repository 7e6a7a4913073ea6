"""The stage: what it reads and writes, and the order of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from cxid.config.model import Match
from cxid.engine.base import Engine
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.stitch.cluster import log_odds, write_clusters, write_nodes
from cxid.stages.stitch.composite import write_composites
from cxid.stages.stitch.customers import write_links
from cxid.stages.stitch.decided import read_decided, stand_alone
from cxid.stages.stitch.events import write_identifier_owners
from cxid.stages.stitch.evidence import (
    drop_mixed_numberings,
    write_identifiers,
    write_record_hubs,
    write_shared,
)
from cxid.stages.stitch.facts import Restraints, restraints_of, write_split
from cxid.stages.stitch.known import known_events
from cxid.stages.stitch.lineage import assign_ids, open_past, write_customer_ids, write_history
from cxid.stages.stitch.publication import write_customers, write_identity_map, write_match_pairs

READS: tuple[str, ...] = (
    "record",
    "record_norm",
    "record_identifier",
    "event",
    "event_identifier",
    "link_pair",
    "link_pattern",
    "link_class",
    "link_tie",
    "link_summary",
    "blocking_rule",
    "decision",
)
WRITES: tuple[str, ...] = (
    "record_customer",
    "identifier_customer",
    "event_customer",
    "customer",
    "match_group",
    "refused_merge",
    "hub_identifier",
    "identity_map",
    "match_pair",
    "match_level",
    "identity_event",
    "customer_alias",
    "former_member",
    "identity_basis",
)


def run(
    ctx: StageContext,
    *,
    match: Match,
    fields: tuple[Field, ...],
    basis: Mapping[str, str] = MappingProxyType({}),
    as_of: datetime | None = None,
) -> None:
    """Joins records into customers and gives every identifier and event its customer; writes the tables in WRITES.

    `basis` holds the digest of each part of the config that decides who is who (`cxid.config.basis`). Events later than
    `as_of` (UTC) say nothing of who is who, and belong to nobody.
    """
    with known_events(ctx, as_of):
        _stitch(ctx, match, fields, basis)


def _stitch(ctx: StageContext, match: Match, fields: tuple[Field, ...], basis: Mapping[str, str]) -> None:
    engine = ctx.engine
    cut = _cut(engine, match)
    restraints = restraints_of(ctx, match, fields)
    ctx.reporter.step("gathering identifiers")
    write_identifiers(engine, fields)
    ctx.reporter.step("joining records into customers")
    _cluster_records(ctx, match, fields, restraints)
    ctx.reporter.step("finding whose identifiers and events they are")
    write_identifier_owners(engine, match.hub_limit)
    ctx.reporter.step("giving customers their ids")
    write_links(engine, cut)
    open_past(engine)
    assign_ids(engine)
    write_customer_ids(engine)
    write_customers(engine, match, cut)
    ctx.reporter.step("writing who is who")
    write_identity_map(engine, ctx.run_id)
    write_history(ctx, basis)
    write_match_pairs(engine, match, cut)
    ctx.reporter.log(
        "stitch.customers",
        customers=engine.count("customer"),
        groups=engine.count("match_group"),
        hubs=engine.count("hub_identifier"),
        refused=engine.count("refused_merge"),
    )
    engine.drop(*sorted(t for t in engine.tables() if t.startswith("stitch_")))


def _cut(engine: Engine, match: Match) -> int:
    """The weight in micro-bits at which groups are joined; where a precision is asked for, the linkage found it."""
    if match.target_precision is None:
        return log_odds(match.auto)
    asked = "SELECT coalesce(max(CAST(value AS BIGINT)), 0) FROM link_summary WHERE name = 'cut_micro_bits'"
    return int(engine.scalar(asked))


def _cluster_records(ctx: StageContext, match: Match, fields: tuple[Field, ...], restraints: Restraints) -> None:
    """Tables stitch_edge, stitch_cluster, stitch_refused, stitch_record_hub.

    Clusters by scores alone say first how many people carry each identifier; those that few carry then join as
    evidence of their own, and the clusters are made again. Last, those join that are one person only together.
    """
    engine, cut = ctx.engine, _cut(ctx.engine, match)
    decided = read_decided(engine)
    write_split(engine, restraints)
    stand_alone(engine, decided)
    write_nodes(engine, restraints, cut)
    engine.run(
        "stitch_shared",
        "SELECT CAST(NULL AS BIGINT) AS a, CAST(NULL AS BIGINT) AS b, CAST(NULL AS VARCHAR) AS id_type, "
        "CAST(NULL AS BOOLEAN) AS contradicted WHERE 1 = 0",
    )
    write_clusters(engine, restraints, cut, decided)
    write_record_hubs(engine, fields, match)
    write_shared(engine, fields, match.max_group)
    for id_type in drop_mixed_numberings(engine):
        ctx.reporter.log("stitch.mixed_numbering", id_type=id_type)
        ctx.reporter.warn(
            "mixed_numbering",
            f"ids.{id_type}: most records that share a value bear different names, so that it joins no records; "
            "give it another name in the sources that number their customers themselves",
        )
    if engine.count("stitch_shared"):
        write_clusters(engine, restraints, cut, decided)
    write_composites(engine, restraints, cut, decided)
    engine.drop("stitch_split", "stitch_shared", "stitch_scored")
