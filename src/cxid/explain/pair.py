"""Why two records are, or are not, one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cxid.explain.few import Few, try_rules
from cxid.explain.holding import (
    Evidence,
    composite_penalty,
    crossing,
    gather,
    merged_parts,
    oriented,
    path_between,
    spanning_tree,
)
from cxid.explain.model import (
    BestLevel,
    Composite,
    Link,
    LinkKind,
    Outcome,
    PairAnswer,
    Record,
    Refusal,
    Scored,
    Sharing,
    Step,
    Tried,
    Verdict,
    Weighed,
)
from cxid.explain.run import Mask, Run, Saved, as_is
from cxid.explain.weighing import read_weights, unpack, weigh_pairs
from cxid.explain.words import agreement
from cxid.weighing import Weighing

RIVALS = "(rivals)"


@dataclass(frozen=True)
class _Case:
    """Two records, their customers, and what the run says of the pair."""

    run: Run
    weighed: Weighed
    mine: tuple[Record, ...]
    theirs: tuple[Record, ...]
    scored: Scored | None
    tried: tuple[Tried, ...]
    mask: Mask

    @property
    def a(self) -> Record:
        return self.weighed.a

    @property
    def b(self) -> Record:
        return self.weighed.b

    @property
    def cut(self) -> int:
        return self.run.saved.cut


def explain_pair(run: Run, a: Record, b: Record, mask: Mask = as_is) -> PairAnswer:
    """Why two different records are one customer, or are not."""
    mine = run.members(a.customer_id)
    theirs = mine if a.customer_id == b.customer_id else run.members(b.customer_id)
    first, second = (run.twin_of(r.record_no) for r in (a, b))  # who stands for them where pairs are proposed
    scored = run.scored_pair(a.record_no, b.record_no)
    proposed = scored or run.scored_pair(first, second)
    weighed, tried = _weigh(run, a, b, scored, mask)
    case = _Case(run, weighed, mine, theirs, proposed, tried, mask)
    identical = first == second
    notes = tuple(_notes(case, identical=identical, twins=(first != a.record_no, second != b.record_no)))
    verdict = _joined(case, identical) if a.customer_id == b.customer_id else _apart(case)
    found = run.rules_of(proposed) if proposed else ()
    return PairAnswer(weighed, run.saved.cut, found, () if found or identical else tried, verdict, notes)


def _weigh(run: Run, a: Record, b: Record, scored: Scored | None, mask: Mask) -> tuple[Weighed, tuple[Tried, ...]]:
    """The waterfall, and the blocking rules held against the two."""
    if run.saved.weighing is None:
        return Weighed(a, b, 0, (), (), 0, False), ()
    few = Few.of(run, [a, b])
    pair = (few.numbers[a.record_no], few.numbers[b.record_no])
    weighed = weigh_pairs(few, [pair], mask)[0]
    if scored is not None and scored.rivals:
        words = "other candidates"
        step = Step(RIVALS, ((), ()), "", words, scored.rivals, weighed.weight + scored.rivals)
        weighed = replace(weighed, steps=(*weighed.steps, step), weight=step.total)
    return weighed, try_rules(few, run.saved, pair)


def _notes(case: _Case, *, identical: bool, twins: tuple[bool, bool]) -> list[str]:
    said = []
    for record, has_twin in zip((case.a, case.b), twins, strict=True):
        if has_twin and not identical:
            said.append(f"{record.ref} is identical to an earlier record, which was compared in its place")
    if case.run.saved.is_taught and not case.weighed.is_kept:
        said.append("what decisions taught is not kept for pairs as weak as this: the total is without it")
    return said


# -- one customer ------------------------------------------------------------------------------------------


def _joined(case: _Case, identical: bool) -> Verdict:
    a, b = case.a, case.b
    lines = tuple(line for line, action, *_ in case.run.decisions([a.record_no], [b.record_no]) if action == "link")
    if lines:
        return Verdict(Outcome.DECIDED, f"joined by {said_lines(lines)}", lines=lines)
    evidence = gather(case.run, case.mine)
    if identical and evidence.node[a] == evidence.node[b]:
        return Verdict(Outcome.IDENTICAL, "joined: identical in every compared value")
    links = evidence.links(case.mine)
    tree = spanning_tree(case.mine, links)
    own = next((k for k in links if {k.a, k.b} == {evidence.node[a], evidence.node[b]}), None)
    if own is not None and {own.a, own.b} == {a, b}:
        return _direct(case, evidence, tree, own)
    path = path_between(tree, a, b)
    if not path:
        return Verdict(Outcome.HELD, "one customer, by evidence that cannot be traced to single pairs any more")
    return Verdict(
        Outcome.PATH,
        f"joined through others: {len(path)} links, each stronger than any other way between the two",
        path=oriented(explained(case.run, path), a),
        composites=_composites(case, evidence, tree, path),
    )


def _direct(case: _Case, evidence: Evidence, tree: Sequence[Link], own: Link) -> Verdict:
    """The two are joined by a link of their own."""
    if own.kind is LinkKind.COMPOSITE:
        composites = _composites(case, evidence, tree, [own])
        return Verdict(Outcome.COMPOSITE, "joined as groups: taken together they are one person", composites=composites)
    if own.kind is LinkKind.STITCH:
        shared = case.run.shared_identifiers(own.a.record_no, own.b.record_no, own.detail, case.mask)
        words = f"joined by an identifier that both carry: {own.detail}"
        return Verdict(Outcome.IDENTIFIER, words, identifiers=shared)
    if own.kind is LinkKind.DECISION:
        lines = decision_lines(case.run, evidence, own.a, own.b)
        return Verdict(Outcome.DECIDED, f"joined by {said_lines(lines)}", lines=lines)
    words = "joined directly: the pair is at or above the cut"
    if own.detail:
        shared = case.run.shared_identifiers(own.a.record_no, own.b.record_no, own.detail, case.mask)
        return Verdict(Outcome.DIRECT, f"{words}, and both carry {own.detail}", identifiers=shared)
    return Verdict(Outcome.DIRECT, words)


def _composites(case: _Case, evidence: Evidence, tree: Sequence[Link], path: Sequence[Link]) -> tuple[Composite, ...]:
    groups = merged_parts(evidence, tree)
    return tuple(compose(case.run, evidence, *groups[k]) for k in path if k in groups)


def compose(run: Run, evidence: Evidence, left: tuple[Record, ...], right: tuple[Record, ...]) -> Composite:
    """Two groups compared as wholes: on each field the best level of their pairs."""
    saved = run.saved
    pairs = crossing(evidence.scored, left, right)
    nodes = evidence.nodes(left) * evidence.nodes(right)
    if not pairs:
        return Composite(left, right, (), nodes, 0, 0, 0)
    levels = np.array(unpack(saved, [p.pattern for _, _, p in pairs]), np.int64)
    best = levels.argmin(axis=0)
    weighing: Weighing = saved.weighing  # type: ignore[assignment]  # there are patterns, so there is a model
    pattern = weighing.pack(levels.min(axis=0)[None, :])
    weight = int(weighing.weigh(pattern)[0])
    told = tuple(_best_level(saved, i, int(levels[row, i]), pairs[int(row)][:2]) for i, row in enumerate(best))
    rivals = pairs[0][2].rivals
    return Composite(left, right, told, nodes, weight, rivals, weight + rivals - composite_penalty(nodes))


def _best_level(saved: Saved, number: int, level: int, ends: tuple[Record, Record]) -> BestLevel:
    comparison = saved.comparisons[number]
    found = saved.levels[comparison.name, level]
    words = found.words if not comparison.field.slots else agreement(comparison.field.type, found.words, (False, False))
    return BestLevel(comparison.name, found.words, words, found.weight, *ends)


def explained(run: Run, links: Sequence[Link]) -> tuple[Link, ...]:
    """Links with what speaks loudest for each."""
    pairs = {(k.a.record_no, k.b.record_no) for k in links}
    scored = run.scored(sorted({n for pair in pairs for n in pair}))
    patterns = sorted({scored[p].pattern for p in pairs if p in scored})
    if not patterns:
        return tuple(links)
    weights = read_weights(run, patterns)
    levels = dict(zip(patterns, unpack(run.saved, patterns), strict=True))
    found = []
    for link in links:
        pair = scored.get((link.a.record_no, link.b.record_no))
        found.append(replace(link, words=loudest(run.saved, levels[pair.pattern], weights[pair.pattern].fields))
                     if pair else link)  # fmt: skip
    return tuple(found)


def loudest(
    saved: Saved, levels: Sequence[int], weights: Mapping[str, int], *, against: bool = False
) -> tuple[str, ...]:
    """The three fields that say most for a pair, or against it, in words."""
    told = []
    for comparison, level in zip(saved.comparisons, levels, strict=True):
        weight = weights[comparison.name]
        if comparison.field.slots and (weight < 0 if against else weight > 0):
            words = agreement(comparison.field.type, saved.levels[comparison.name, level].words, (False, False))
            told.append((-abs(weight), f"{comparison.name} {words}"))
    return tuple(words for _, words in sorted(told)[:3])


def decision_lines(run: Run, evidence: Evidence, a: Record, b: Record) -> tuple[int, ...]:
    """The lines that link the records of two nodes."""
    mine, theirs = ([r.record_no for r, node in evidence.node.items() if node == end] for end in (a, b))
    return tuple(line for line, action, *_ in run.decisions(mine, theirs) if action == "link")


def said_lines(lines: Sequence[int]) -> str:
    """Lines of decisions.csv in words."""
    return f"decisions.csv, line{'s' if len(lines) != 1 else ''} {', '.join(map(str, lines))}"


# -- two customers -----------------------------------------------------------------------------------------


def _apart(case: _Case) -> Verdict:
    a, b = case.a, case.b
    mine, theirs = ([r.record_no for r in side] for side in (case.mine, case.theirs))
    lines = tuple(line for line, action, *_ in case.run.decisions([a.record_no], [b.record_no]) if action == "unlink")
    if lines:
        return Verdict(Outcome.REFUSED, f"kept apart by {said_lines(lines)}", lines=lines,
                       refusals=(Refusal("decision", "unlink", a, b, lines),))  # fmt: skip
    refusals = refusals_between(case.run, case.mine, case.theirs, case.mask)
    if not refusals and (own := _single_source(case)):
        refusals = (own,)
    between = case.run.scored_between(mine, theirs)
    strongest = _strongest(case, between)
    if refusals:
        words = f"kept apart: {refusal_words(refusals[0], len(mine) + len(theirs))}"
        return Verdict(Outcome.REFUSED, words, refusals=refusals, strongest=strongest)
    return _unjoined(case, between, strongest)


def _unjoined(case: _Case, between: dict[tuple[int, int], Scored], strongest: tuple[Record, Record] | None) -> Verdict:
    """No guard was at work: the evidence was too little, or never looked at."""
    verdict = _too_little(case)
    if not between:
        return replace(verdict, strongest=strongest)
    many = len(case.mine) + len(case.theirs) > 2
    if not many:
        return verdict
    evidence = gather(case.run, [*case.mine, *case.theirs])
    mean = evidence.mean(case.mine, case.theirs)
    composite = compose(case.run, evidence, case.mine, case.theirs)
    if verdict.outcome is Outcome.GROUPS_APART:
        words = "not joined: the pair is above the cut, the groups that the two belong to are not, taken together"
        verdict = replace(verdict, words=words)
    return replace(verdict, mean=mean, composites=(composite,), strongest=strongest)


def _too_little(case: _Case) -> Verdict:
    if case.scored is not None:
        if case.scored.weight >= case.cut:
            return Verdict(Outcome.GROUPS_APART, "not joined, although the pair is above the cut")
        return Verdict(Outcome.BELOW_CUT, "not joined: the pair is below the cut")
    if any(t.outcome is Sharing.SHARED for t in case.tried):
        if case.weighed.weight < case.cut and not case.weighed.is_kept:
            return Verdict(Outcome.BELOW_FLOOR, "not joined: weaker than any pair that the build keeps")
        return Verdict(
            Outcome.NEVER_PAIRED,
            "never paired: they share the key of a rule, but so many records do that only those are paired which "
            "share a further field",
        )
    if not case.tried:
        return Verdict(Outcome.NEVER_PAIRED, "never paired: the build had no blocking rule")
    worth = "; it would be joined" if case.weighed.weight >= case.cut else ""
    return Verdict(Outcome.NEVER_PAIRED, f"never paired: no blocking rule found the pair{worth}")


def _strongest(case: _Case, between: dict[tuple[int, int], Scored]) -> tuple[Record, Record] | None:
    """The strongest pair between the two customers, when it is another than this."""
    if not between:
        return None
    best = min(between, key=lambda pair: (-between[pair].weight, pair))
    if set(best) == {case.a.record_no, case.b.record_no}:
        return None
    known = {r.record_no: r for r in (*case.mine, *case.theirs)}
    return known[best[0]], known[best[1]]


def _single_source(case: _Case) -> Refusal | None:
    """The config says that a source holds each person once, so that its records are never paired."""
    if case.a.source == case.b.source and case.a.source in case.run.single_sources:
        return Refusal("one_per_source", case.a.source, case.a, case.b)
    return None


def refusals_between(
    run: Run, mine: Sequence[Record], theirs: Sequence[Record], mask: Mask = as_is
) -> tuple[Refusal, ...]:
    """The guards that keep two customers apart, with the pair at which each was met and the lines of unlinks."""
    left, right = ({r.record_no: r for r in side} for side in (mine, theirs))
    found = []
    for a, b, guard, detail in run.refused(list(left)):
        one = left.get(a) or right.get(a)
        other = left.get(b) or right.get(b)
        if one is None or other is None or (a in left) == (b in left):
            continue
        lines: tuple[int, ...] = ()
        if guard == "decision":
            rows = run.decisions(list(left), list(right))
            lines = tuple(line for line, action, *_ in rows if action == "unlink")
        found.append(Refusal(guard, detail, one, other, lines, _guarded(run, guard, detail, (one, other), mask)))
    return tuple(sorted(found, key=lambda r: (_GUARDS.index(r.guard) if r.guard in _GUARDS else 9, r.detail)))


_GUARDS = ("decision", "never_merge", "one_per_source", "group_size", "evidence")


def _guarded(
    run: Run, guard: str, detail: str, ends: tuple[Record, Record], mask: Mask
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values that a rule of the config is about."""
    if guard != "never_merge":
        return ((), ())
    return run.values_of(detail, ends[0].record_no, mask), run.values_of(detail, ends[1].record_no, mask)


def refusal_words(refusal: Refusal, records: int = 0) -> str:
    """What a guard says."""
    return {
        "decision": f"unlinked in {said_lines(refusal.lines)}" if refusal.lines else "unlinked in decisions.csv",
        "never_merge": f"match.never_merge_if: {refusal.detail} differs",
        "one_per_source": f"match.one_per_source: {refusal.detail} holds each person once",
        "group_size": "match.max_group: together they would hold "
        + (f"{records} records" if records else "more records than a customer may"),
        "evidence": f"they share {refusal.detail}, but what is known of them speaks against one person",
    }.get(refusal.guard, f"guard {refusal.guard} {refusal.detail}".strip())
