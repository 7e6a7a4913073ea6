"""What the config's guards need to know of each record, as SQL: the one place of this stage that builds SQL from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxid.config.model import Match
from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.stages.context import StageContext

_RULE = re.compile(r"^\s*(?P<field>.+?)\s+differs?\s*$")


@dataclass(frozen=True)
class NeverMerge:
    """A rule such as 'tax_id differs'.

    `columns` are the field's slots; `compared` says that they are columns of `record_norm`, else of `record`.
    """

    field: str
    columns: tuple[str, ...]
    compared: bool


@dataclass(frozen=True)
class Restraints:
    """What the config says about who must stay apart."""

    never_merge: tuple[NeverMerge, ...]
    single_sources: tuple[str, ...]
    max_group: int

    @property
    def guarded(self) -> bool:
        return bool(self.never_merge or self.single_sources)

    @property
    def guard_names(self) -> list[tuple[str, str]]:
        """(guard, detail) of each guard, in the order in which they are asked."""
        names = [("group_size", "max_group")]
        names += [("one_per_source", source) for source in self.single_sources]
        names += [("never_merge", rule.field) for rule in self.never_merge]
        return [*names, ("decision", "unlink")]

    @property
    def fact_columns(self) -> tuple[str, ...]:
        """Columns of stitch_fact beside the node: one per guarded source, then one per slot of each rule."""
        sources = [f"source_{i}" for i in range(len(self.single_sources))]
        slots = [f"rule_{i}_{j}" for i, rule in enumerate(self.never_merge) for j in range(len(rule.columns))]
        return (*sources, *slots)


def restraints_of(ctx: StageContext, match: Match, fields: tuple[Field, ...]) -> Restraints:
    """The guards of a config; a rule about a field that no record has is dropped with a warning."""
    compared = {f.name: f for f in fields}
    written = ctx.engine.columns("record")
    rules = []
    for text in match.never_merge_if:
        found = _RULE.match(text)
        name = found["field"] if found else text
        if name in compared:
            rules.append(NeverMerge(name, compared[name].slots, compared=True))
        elif found and name in written:
            slots = [c for c in written if c == name or re.fullmatch(re.escape(name) + r"_\d+", c)]
            rules.append(NeverMerge(name, tuple(slots), compared=False))
        else:
            ctx.reporter.warn(
                "never_merge_without_field", f"match.never_merge_if: no people source has the field of '{text}'"
            )
    return Restraints(tuple(rules), tuple(dict.fromkeys(match.one_per_source)), match.max_group)


def write_split(engine: Engine, restraints: Restraints) -> None:
    """Table stitch_split: records that may not stand in one node with another although they look identical.

    That is: of a source that holds each person once, or under a rule on a field that is not compared.
    """
    rules = [r for r in restraints.never_merge if not r.compared]
    values = ", chr(31), ".join(f"coalesce(lower({quote(c)}), '')" for rule in rules for c in rule.columns)
    split = f"concat({values})" if values else "''"
    listed = ", ".join("?" for _ in restraints.single_sources)
    single = f"source IN ({listed})" if listed else "false"
    some = "" if restraints.guarded else " WHERE false"
    engine.run(
        "stitch_split",
        f"SELECT record_no, {single} AS is_single, {split} AS split FROM record{some}",
        list(restraints.single_sources),
    )


def write_facts(engine: Engine, restraints: Restraints, members: str = "stitch_component_node") -> None:
    """Tables stitch_fact and stitch_trouble, of the nodes and components of `members`.

    stitch_fact has a row per node: a flag per guarded source, a code per slot of each rule, 0 for none.
    stitch_trouble names the components in which a guard could forbid a merge. Where there is no guard, both are empty.
    """
    if not restraints.guarded:
        engine.run("stitch_fact", f"SELECT node, component FROM {members} WHERE false")
        engine.run("stitch_trouble", f"SELECT component FROM {members} WHERE false")
        return
    for i, rule in enumerate(restraints.never_merge):
        _write_codes(engine, i, rule)
    sources = ", ".join(
        f", CAST(max(CASE WHEN source = ? THEN 1 ELSE 0 END) AS BIGINT) AS source_{i}".lstrip(", ")
        for i in range(len(restraints.single_sources))
    )
    joins, codes = [], []
    for i, rule in enumerate(restraints.never_merge):
        for j in range(len(rule.columns)):
            joins.append(
                f" LEFT JOIN stitch_code_{i} AS c{i}_{j} ON f.node = c{i}_{j}.record_no AND c{i}_{j}.slot = {j}"
            )
            codes.append(f"coalesce(c{i}_{j}.code, 0) AS rule_{i}_{j}")
    flags = [f"f.source_{i}" for i in range(len(restraints.single_sources))]
    engine.run(
        "stitch_fact",
        f"WITH f AS (SELECT n.node, n.component{', ' + sources if sources else ''} FROM {members} AS n "
        "LEFT JOIN stitch_node AS m ON m.node = n.node "
        "INNER JOIN record AS r ON r.record_no = coalesce(m.record_no, n.node) GROUP BY n.node, n.component) "
        f"SELECT {', '.join(['f.node', 'f.component', *flags, *codes])} FROM f{''.join(joins)}",
        list(restraints.single_sources),
    )
    clauses = [f"sum(source_{i}) > 1" for i in range(len(restraints.single_sources))]
    clauses += [
        f"count(DISTINCT nullif(rule_{i}_{j}, 0)) > 1"
        for i, rule in enumerate(restraints.never_merge)
        for j in range(len(rule.columns))
    ]
    clauses += [_slots_disagree(i, len(r.columns)) for i, r in enumerate(restraints.never_merge) if len(r.columns) > 1]
    engine.run(
        "stitch_trouble",
        f"SELECT component FROM stitch_fact GROUP BY component HAVING {' OR '.join(clauses)}",
    )
    engine.drop(*(f"stitch_code_{i}" for i in range(len(restraints.never_merge))))


def _slots_disagree(rule: int, slots: int) -> str:
    """SQL: some records lack a slot that others fill, so that values may meet across slots: leave it to the guard."""
    return " OR ".join(
        f"(count(nullif(rule_{rule}_{j}, 0)) > 0 AND count(nullif(rule_{rule}_{j}, 0)) < count(*))"
        for j in range(slots)
    )


def _write_codes(engine: Engine, position: int, rule: NeverMerge) -> None:
    """Table stitch_code_<position>: record_no, slot, a number for the value, the same in every slot."""
    table = "record_norm" if rule.compared else "record"
    parts = " UNION ALL ".join(
        f"SELECT record_no, {j} AS slot, {quote(c) if rule.compared else f'lower({quote(c)})'} AS value "
        f"FROM {table} WHERE {quote(c)} IS NOT NULL"
        for j, c in enumerate(rule.columns)
    )
    engine.run(
        f"stitch_code_{position}",
        f"WITH v AS ({parts}) SELECT record_no, slot, dense_rank() OVER (ORDER BY value) AS code FROM v",
    )
