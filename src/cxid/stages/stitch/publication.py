"""The tables of this stage that others read, from its working tables."""

from __future__ import annotations

from cxid.config.model import Match
from cxid.engine.base import Engine
from cxid.sql import load

_MILLION = 1_000_000


def write_customers(engine: Engine, match: Match, cut: int) -> None:
    """The published and handed-on tables of customers, all of WRITES but identity_map and match_pair."""
    sure = round(match.sure * _MILLION)
    engine.run("stitch_identifier_link", load("stitch", "identifier_link"))
    for name in ("record_customer", "identifier_customer", "event_customer", "hub_identifier"):
        engine.run(name, load("stitch", name))
    engine.run("refused_merge", load("stitch", "refused_merge"), {"cut": cut})
    engine.run("stitch_group", load("stitch", "group"))
    engine.run("customer", load("stitch", "customer"), {"sure": sure})
    engine.run("match_group", load("stitch", "match_group"), {"sure": sure, "max_group": match.max_group})


def write_identity_map(engine: Engine, run_id: str) -> None:
    """Table identity_map; an entry keeps its run while the run before had it at the same customer."""
    engine.run("identity_map", load("stitch", "identity_map"), {"run_id": run_id})


def write_match_pairs(engine: Engine, match: Match, cut: int) -> None:
    """Table match_pair: scored pairs that were merged, refused, or at or above `match.review`; match_level of them."""
    engine.run("stitch_rule_text", load("stitch", "rule_text"))
    engine.run("match_pair", load("stitch", "match_pair"), {"cut": cut, "review": round(match.review * _MILLION)})
    engine.run("match_level", load("stitch", "match_level"))
    engine.drop("stitch_rule_text")
