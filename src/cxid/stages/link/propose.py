"""Rules into candidate pairs: exact sizes, blocks over the cap taken apart, the budget held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxid.engine.base import Engine
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Rule
from cxid.stages.link.relations import blocks_sql, crowd_sql, proposals_sql


@dataclass(frozen=True)
class Proposal:
    """What came of the rules."""

    rules: tuple[Rule, ...]
    largest: tuple[int, ...]  # block of each rule
    pairs: int  # different ones
    uncovered: int  # at most this many pairs of blocks over the cap were not proposed by their rule


def _refined(engine: Engine, rule: Rule, number: int, wholes: Sequence[Atom], cap: int) -> int:
    """Pairs proposed from the rule's blocks over the cap, each block split by one more field at a time."""
    engine.run("link_crowd", crowd_sql(rule, cap))
    before = engine.count("link_part")
    for atom in wholes:
        if not set(atom.fields) & rule.fields:
            finer = Rule((*rule.atoms, atom), 0.0)
            engine.append("link_part", proposals_sql(finer, number, cap, capped=True, within="link_crowd"))
    engine.drop("link_crowd")
    return engine.count("link_part") - before


def _drop_widest(engine: Engine, rules: Sequence[Rule], budget: int) -> list[int]:
    """Numbers of the rules that stay so that the different pairs fit the budget; the widest go first."""
    kept = list(range(len(rules)))
    order = sorted(kept, key=lambda i: (-rules[i].estimate, i))
    while len(kept) > 1 and engine.count("link_proposal") > budget:
        kept.remove(order.pop(0))
        mask = sum(1 << i for i in kept)
        engine.run("link_kept", f"SELECT pair, rules & {mask} AS rules FROM link_proposal WHERE (rules & {mask}) <> 0")
        engine.rename("link_kept", "link_proposal")
    return kept


def propose(ctx: StageContext, rules: Sequence[Rule], atoms: Sequence[Atom], *, budget: int, cap: int) -> Proposal:
    """Writes link_proposal (pair, rules) and says what it holds."""
    engine, wholes = ctx.engine, [a for a in atoms if a.whole]
    engine.run("link_part", "SELECT CAST(0 AS BIGINT) AS pair, CAST(0 AS BIGINT) AS rules WHERE FALSE")
    largest, uncovered = [], 0
    for number, rule in enumerate(rules):
        ctx.reporter.progress(number, len(rules), "blocking rules")
        found = engine.fetch(blocks_sql(rule.atoms, cap)).to_pylist()[0]
        top, crowds, crowd_pairs = (int(v or 0) for v in found.values())
        largest.append(top)
        engine.append("link_part", proposals_sql(rule, number, cap, capped=crowds > 0))
        if crowds:
            uncovered += max(0, crowd_pairs - _refined(engine, rule, number, wholes, cap))
    engine.run("link_proposal", "SELECT pair, bit_or(rules) AS rules FROM link_part GROUP BY pair")
    engine.drop("link_part")
    kept = _drop_widest(engine, rules, budget)
    if len(kept) < len(rules):
        ctx.reporter.warn(
            "pair-budget",
            f"{len(rules) - len(kept)} blocking rules were left out to stay within the pair budget; "
            "raise match.pairs_per_record to use them",
        )
    return Proposal(tuple(rules), tuple(largest), engine.count("link_proposal"), uncovered)
