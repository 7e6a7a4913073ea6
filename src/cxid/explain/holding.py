"""What holds a few groups of records together: the build's own clustering, run again on their records alone.

Best-first merging within a customer does not depend on the rest of the data, so the same code over the same evidence
gives the same merges; only what rests on all records (which identifiers are hubs, which numberings collide) is taken
from the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cxid.explain.few import Few
from cxid.explain.model import MICRO, Link, LinkKind, Record, Scored
from cxid.explain.run import Run
from cxid.stages.stitch.agglomerate import unscored_weight
from cxid.stages.stitch.cluster import write_clusters, write_nodes
from cxid.stages.stitch.composite import write_composites
from cxid.stages.stitch.customers import write_links
from cxid.stages.stitch.decided import read_decided, stand_alone
from cxid.stages.stitch.evidence import write_identifiers, write_shared
from cxid.stages.stitch.facts import Restraints, write_split

_ONE_COMPOSITE_BIT = 2.0  # bits for each doubling of the pairs that a composite is made of, as in the stage


@dataclass(frozen=True)
class Edge:
    """What holds two nodes of one customer together, as the stage tells it."""

    a: Record
    b: Record
    kind: LinkKind
    probability: int


@dataclass(frozen=True)
class Evidence:
    """All that holds the records together, or speaks for it.

    `node` is the record that stands for each record among those identical to it; `part` is the group that each was
    in before groups were compared as wholes, named by its smallest record.
    """

    few: Few
    cut: int
    node: dict[Record, Record]
    part: dict[Record, Record]
    edges: tuple[Edge, ...]
    scored: dict[tuple[int, int], Scored]  # by the run's record numbers
    weight: dict[tuple[Record, Record], int]  # of evidence between two nodes, identifiers and decisions included
    shared: dict[tuple[Record, Record], str] = field(default_factory=dict)  # identifier type that two nodes share

    def links(self, records: Iterable[Record]) -> list[Link]:
        """What holds these records together, strongest first; identical ones hang on the first of them."""
        wanted = sorted(set(records))
        found = [self._link(e) for e in self.edges if e.a in wanted and e.b in wanted]
        for record in wanted:
            stands = self.node[record]
            if stands != record and stands in wanted:
                found.append(self._twins(stands, record))
        return sorted(found, key=lambda k: (-k.probability, -(k.weight or 0), k.a, k.b))

    def _link(self, edge: Edge) -> Link:
        pair = self.scored.get((edge.a.record_no, edge.b.record_no))
        detail = "" if edge.kind is LinkKind.DECISION else self.shared.get((edge.a, edge.b), "")
        return Link(edge.a, edge.b, edge.kind, edge.probability, pair.weight if pair else None, detail)

    def _twins(self, first: Record, second: Record) -> Link:
        pair = self.scored.get((first.record_no, second.record_no))
        return Link(
            first, second, LinkKind.IDENTICAL, pair.probability if pair else MICRO, pair.weight if pair else None
        )

    def mean(self, left: Sequence[Record], right: Sequence[Record]) -> int:
        """Mean weight of all pairs between two groups, as joining judges it."""
        base = unscored_weight(self.cut)
        nodes = [(self._sizes(side)) for side in (left, right)]
        total = pairs = 0
        for a, many in nodes[0].items():
            for b, more in nodes[1].items():
                pairs += many * more
                total += many * more * self.weight.get((min(a, b), max(a, b)), base)
        return round(total / pairs) if pairs else base

    def _sizes(self, side: Iterable[Record]) -> dict[Record, int]:
        sizes: dict[Record, int] = {}
        for record in side:
            sizes[self.node[record]] = sizes.get(self.node[record], 0) + 1
        return sizes

    def nodes(self, side: Iterable[Record]) -> int:
        """How many different records a group has."""
        return len({self.node[r] for r in side})


def gather(run: Run, records: Iterable[Record]) -> Evidence:
    """The evidence among some records; guards do not act, for what they refused is told by the run."""
    few = Few.of(run, records)
    engine, saved = few.engine, run.saved
    few.take("record", ("source", "record_key"))
    few.take("record_identifier")
    for table in ("link_pair", "decision"):
        few.take_pairs(table)
    engine.run("event_identifier", "SELECT * FROM run_event_identifier WHERE FALSE")
    restraints = Restraints((), (), len(few.records) + 1)
    decided = read_decided(engine)
    write_identifiers(engine, saved.fields)
    write_split(engine, restraints)
    stand_alone(engine, decided)
    write_nodes(engine, restraints, saved.cut)
    _share(few)
    write_clusters(engine, restraints, saved.cut, decided)
    parts = engine.fetch("SELECT record_no, cluster FROM stitch_cluster").to_pylist()
    write_composites(engine, restraints, saved.cut, decided)
    write_links(engine, saved.cut)
    return _read(few, {few.record(r["record_no"]): few.record(r["cluster"]) for r in parts})


def _share(few: Few) -> None:
    """Table stitch_shared without hubs and without numberings that collide."""
    few.engine.run(
        "stitch_record_hub",
        "SELECT i.identifier_no FROM stitch_identifier AS i INNER JOIN run_hub_identifier AS h "
        "ON i.id_type = h.id_type AND i.id_value = h.id_value",
    )
    write_shared(few.engine, few.run.saved.fields, len(few.records) + 1)
    if few.run.numbered:
        marks = ", ".join("?" for _ in few.run.numbered)
        few.engine.run(
            "stitch_kept", f"SELECT * FROM stitch_shared WHERE id_type NOT IN ({marks})", list(few.run.numbered)
        )
        few.engine.rename("stitch_kept", "stitch_shared")


def _read(few: Few, part: dict[Record, Record]) -> Evidence:
    engine = few.engine
    node = {r: r for r in few.records}
    for row in engine.fetch("SELECT record_no, node FROM stitch_node").to_pylist():
        node[few.record(row["record_no"])] = few.record(row["node"])
    inside = engine.fetch("SELECT a, b, probability, link_kind FROM stitch_inside ORDER BY a, b").to_pylist()
    edges = engine.fetch("SELECT a, b, weight, id_type FROM stitch_edge ORDER BY a, b").to_pylist()
    ends = [(few.record(r["a"]), few.record(r["b"]), r) for r in edges]
    return Evidence(
        few=few,
        cut=few.run.saved.cut,
        node=node,
        part=part,
        edges=tuple(
            Edge(few.record(r["a"]), few.record(r["b"]), LinkKind(r["link_kind"]), r["probability"]) for r in inside
        ),
        scored=few.run.scored(list(few.numbers)),
        weight={(a, b): r["weight"] for a, b, r in ends},
        shared={(a, b): r["id_type"] for a, b, r in ends if r["id_type"] is not None},
    )


# -- trees and paths ---------------------------------------------------------------------------------------


def spanning_tree(records: Iterable[Record], links: Sequence[Link]) -> list[Link]:
    """The strongest links that hold the records together, strongest first. `links` come strongest first."""
    group = {r: r for r in records}

    def root(record: Record) -> Record:
        while group[record] != record:
            record = group[record]
        return record

    tree = []
    for link in links:
        a, b = root(link.a), root(link.b)
        if a != b:
            group[max(a, b)] = min(a, b)
            tree.append(link)
    return tree


def path_between(tree: Sequence[Link], a: Record, b: Record) -> tuple[Link, ...]:
    """The links of a tree from one record to another, in that order; none where they do not hang together."""
    came: dict[Record, Link | None] = {a: None}
    open_ = [a]
    while open_ and b not in came:
        here = open_.pop()
        for link in tree:
            if here in (link.a, link.b):
                other = link.b if link.a == here else link.a
                if other not in came:
                    came[other] = link
                    open_.append(other)
    steps: list[Link] = []
    at = b
    while (step := came.get(at)) is not None:
        steps.append(step)
        at = step.a if step.b == at else step.b
    return tuple(reversed(steps))


def oriented(path: Sequence[Link], start: Record) -> tuple[Link, ...]:
    """The links of a path, each from the end that comes first on the way from `start`."""
    found, at = [], start
    for link in path:
        found.append(link if link.a == at else replace(link, a=link.b, b=link.a))
        at = found[-1].b
    return tuple(found)


def sides(tree: Sequence[Link], without: Link) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """The records on either side of a link of a tree."""

    def reach(start: Record) -> tuple[Record, ...]:
        seen, open_ = {start}, [start]
        while open_:
            here = open_.pop()
            for link in tree:
                if link is not without and here in (link.a, link.b):
                    other = link.b if link.a == here else link.a
                    if other not in seen:
                        seen.add(other)
                        open_.append(other)
        return tuple(sorted(seen))

    return reach(without.a), reach(without.b)


# -- groups as wholes ----------------------------------------------------------------------------------------


def composite_penalty(nodes: int) -> int:
    """Micro-bits that are asked of two groups beyond the cut, by the pairs of nodes between them."""
    return round(_ONE_COMPOSITE_BIT * MICRO * float(np.log2(max(nodes, 1))))


def crossing(
    scored: dict[tuple[int, int], Scored], left: Sequence[Record], right: Sequence[Record]
) -> list[tuple[Record, Record, Scored]]:
    """The scored pairs between two groups, the strongest first."""
    by_number = {r.record_no: (r, 0) for r in left} | {r.record_no: (r, 1) for r in right}
    found = []
    for (a, b), pair in scored.items():
        if a in by_number and b in by_number and by_number[a][1] != by_number[b][1]:
            found.append((by_number[a][0], by_number[b][0], pair))
    return sorted(found, key=lambda f: (-f[2].weight, f[0], f[1]))


Sides = tuple[tuple[Record, ...], tuple[Record, ...]]


def merged_parts(evidence: Evidence, tree: Sequence[Link]) -> dict[Link, Sides]:
    """For each composite link of a tree, the two groups that it joined: what stronger merges had made of the parts."""
    groups: dict[Record, set[Record]] = {}
    for record, part in evidence.part.items():
        groups.setdefault(part, set()).add(record)
    of = {record: groups[part] for record, part in evidence.part.items()}
    found: dict[Link, Sides] = {}
    for link in sorted((k for k in tree if k.kind is LinkKind.COMPOSITE), key=lambda k: (-k.probability, k.a, k.b)):
        left, right = of[link.a], of[link.b]
        found[link] = (tuple(sorted(left)), tuple(sorted(right)))
        both = left | right
        for record in both:
            of[record] = both
    return found
