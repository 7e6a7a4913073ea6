"""Whatever the records and the pairs: an explanation agrees with what the build wrote, and with plain reckoning."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.explain.holding import gather, merged_parts, path_between, spanning_tree
from cxid.explain.model import LinkKind, probability
from cxid.explain.pair import compose
from tests.reference.explain_world import Asked, asked, bits_of, levels_of, person
from tests.reference.stitch_world import Row

_NAMES, _DATES = ("ann", "bob", "zoltan", None), ("19800101", "19990909", "19531231", None)
_people = st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_DATES)), min_size=2, max_size=9)


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[Row], Asked]:
    rows = [
        person(chr(97 + i), given, born, ids=[("loyalty_card", card)] if card else ())
        for i, (given, born) in enumerate(draw(_people))
        for card in [draw(st.sampled_from(("", "", "", "7")))]
    ]
    told = [r for r in rows if r.values]
    pairs = [(a.key, b.key) for a, b in combinations(told, 2) if a.values != b.values and draw(st.booleans())]
    links = [("link", a.key, b.key) for a, b in combinations(rows, 2) if draw(st.integers(0, 19)) == 0][:1]
    return rows, asked(rows, pairs, decisions=links)


@settings(max_examples=6, deadline=None)
@given(_worlds())
def test_levels_weights_and_decisions_are_those_of_the_build(found: tuple[list[Row], Asked]) -> None:
    rows, world = found
    by_key = {r.key: r for r in rows}
    stored = {
        (r["a"], r["b"]): (r["pattern"], r["weight"])
        for r in world.world.rows(
            "SELECT a.record_key AS a, b.record_key AS b, p.pattern, p.weight FROM run_link_pair AS p "
            "JOIN run_record AS a ON a.record_no = p.record_no_a JOIN run_record AS b ON b.record_no = p.record_no_b"
        )
    }
    customer = {k: g for g in world.world.groups for k in g}
    for a, b in list(combinations(sorted(by_key), 2))[:4]:
        answer = world.pair(a, b)
        weighed, levels = answer.weighed, levels_of(by_key[a], by_key[b], rows)
        assert weighed.levels == levels
        assert weighed.weight == round(bits_of(levels) * 1e6) == sum(s.weight for s in weighed.steps)
        if (a, b) in stored:
            assert (weighed.pattern, weighed.weight) == stored[a, b]
        assert answer.verdict.is_joined == (customer[a] == customer[b])
    turned = world.pair(b, a)
    assert [(s.words, s.values[::-1], s.total) for s in turned.weighed.steps if s.values[0] and s.values[1]] == [
        (s.words, s.values, s.total) for s in answer.weighed.steps if s.values[0] and s.values[1]
    ]
    assert (turned.verdict.outcome, turned.verdict.words) == (answer.verdict.outcome, answer.verdict.words)


@settings(max_examples=6, deadline=None)
@given(_worlds())
def test_a_tree_holds_every_customer_and_its_weakest_link_is_the_one_that_was_published(
    found: tuple[list[Row], Asked],
) -> None:
    _, world = found
    run = world.run
    for row in world.world.rows("SELECT customer_id, weakest FROM run_customer WHERE record_count > 1"):
        members = run.members(row["customer_id"])
        evidence = gather(run, members)
        tree = spanning_tree(members, evidence.links(members))
        assert len(tree) == len(members) - 1
        assert min(k.probability for k in tree) == row["weakest"]
        for a, b in combinations(members, 2):
            path = path_between(tree, a, b)
            assert path and a in (path[0].a, path[0].b) and b in (path[-1].a, path[-1].b)
        for link, sides in merged_parts(evidence, tree).items():
            assert link.kind is LinkKind.COMPOSITE
            assert probability(compose(run, evidence, *sides).worth) == link.probability
