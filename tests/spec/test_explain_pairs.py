"""Why two records are one customer or not. What fields are worth in these worlds: see tests/reference/explain_world."""

from __future__ import annotations

import pytest

from cxid.config.model import Match
from cxid.explain.model import LinkKind, Outcome, Sharing
from tests.reference.explain_world import Asked, asked, person

ANN = person("a", "ann", "19800101")
BOTH = person("b", "ann", "19800101", values={"tax_id": "2"})
CARD = [("loyalty_card", "77")]
YOUNG = "19990909"

# The story, the records, the pairs that blocking proposed, further arguments, and the outcome for a and b.
CASES = [
    ("both fields agree: joined by their own pair",
     [ANN, person("b", "ann", "19800101"), person("c", "ann", None)], [], {}, Outcome.IDENTICAL),
    ("one agrees, the other is missing: above the cut by itself",
     [ANN, person("b", "ann", None)], [("a", "b")], {}, Outcome.DIRECT),
    ("one agrees, the other differs: below the cut",
     [ANN, person("b", "ann", YOUNG)], [("a", "b")], {}, Outcome.BELOW_CUT),
    ("both differ and nobody proposed the pair", [ANN, person("b", "bob", YOUNG)], [], {}, Outcome.NEVER_PAIRED),
    ("never proposed because a value is missing",
     [person("a", "ann", None), person("b", "ann", None), person("c", "ann", YOUNG)], [("a", "c")], {},
     Outcome.IDENTICAL),
    ("the rule's key is shared, the pair was weaker than what is kept",
     [ANN, person("b", "bob", "19800101")], [], {}, Outcome.BELOW_FLOOR),
    ("somebody linked them", [ANN, person("b", "bob", YOUNG)], [], {"decisions": [("link", "a", "b")]}, Outcome.DECIDED),
    ("somebody unlinked them", [ANN, person("b", "ann", None)], [("a", "b")],
     {"decisions": [("unlink", "a", "b")]}, Outcome.REFUSED),
    ("a card joins what no pair does", [person("a", "ann", None, ids=CARD), person("b", None, YOUNG, ids=CARD)], [], {},
     Outcome.IDENTIFIER),
    ("the source holds each person once",
     [person("a", "ann", YOUNG, source="web"), person("b", "ann", None, source="web")], [("a", "b")],
     {"match": Match(one_per_source=("web",))}, Outcome.REFUSED),
    ("tax numbers differ",
     [person("a", "ann", "19800101", values={"tax_id": "1"}), person("b", "ann", None, values={"tax_id": "2"})],
     [("a", "b")], {"match": Match(never_merge_if=("tax_id differs",))}, Outcome.REFUSED),
    ("through a third, who shares one value with either",
     [person("a", "ann", None), person("b", None, "19800101"), person("c", "ann", "19800101")],
     [("a", "c"), ("b", "c")], {}, Outcome.PATH),
    ("the pair is above the cut, the groups are not",
     [ANN, person("b", None, "19800101"), person("c", "ann", None)], [("a", "b"), ("a", "c"), ("b", "c")],
     {"decisions": [("link", "a", "c")], "match": Match(auto=0.6)}, Outcome.GROUPS_APART),
    ("two records agree with a third on one value each, and not with each other",
     [person("a", "ann", "19700101"), person("b", "ann", "19800101"), person("c", "bob", "19800101")],
     [("a", "b"), ("b", "c")], {"decisions": [("link", "a", "c")]}, Outcome.COMPOSITE),
]  # fmt: skip


@pytest.mark.parametrize(("story", "rows", "pairs", "more", "outcome"), CASES, ids=[c[0] for c in CASES])
def test_the_outcome_is_what_happened(story: str, rows: list, pairs: list, more: dict, outcome: Outcome) -> None:
    answer = asked(rows, pairs, **more).pair("a", "b")
    assert answer.verdict.outcome is outcome, answer.verdict
    assert answer.weighed.steps[-1].total == answer.weighed.weight == sum(s.weight for s in answer.weighed.steps)


def _outcome(world: Asked, a: str, b: str) -> Outcome:
    return world.pair(a, b).verdict.outcome


def test_the_waterfall_has_a_line_for_each_field_and_says_it_in_words() -> None:
    answer = asked([ANN, person("b", "ann", YOUNG)], [("a", "b")]).pair("a", "b")
    lines = [(s.name, s.values, s.words, s.weight / 1e6, s.total / 1e6) for s in answer.weighed.steps]
    assert lines == [
        ("(prior)", ((), ()), "any two records", -4.0, -4.0),
        ("given_name", (("ann",), ("ann",)), "same, rare", 6.0, 2.0),
        ("birth_date", (("19800101",), (YOUNG,)), "different", -4.0, -2.0),
        ("(together)", ((), ()), "beyond one by one", 0.0, -2.0),
    ]
    assert answer.found_by == ("birth_date",)
    assert answer.weighed.probability == 200_000


@pytest.mark.parametrize(
    ("given", "born", "outcome", "parts"),
    [
        ("bob", YOUNG, Sharing.DIFFERS, (("birth_date", Sharing.DIFFERS),)),
        ("bob", None, Sharing.MISSING, (("birth_date", Sharing.MISSING),)),
        ("bob", "19800101", Sharing.SHARED, ()),
    ],
)
def test_a_pair_that_nobody_proposed_is_held_against_every_rule(
    given: str, born: str | None, outcome: Sharing, parts: tuple
) -> None:
    answer = asked([ANN, person("b", given, born)], []).pair("a", "b")
    assert [(t.rule, t.outcome, t.parts) for t in answer.tried] == [("birth_date", outcome, parts)]


def test_a_pair_that_would_be_joined_had_a_rule_found_it_says_so() -> None:
    verdict = asked([person("a", "ann", None), person("b", "ann", YOUNG)], []).pair("a", "b").verdict
    assert verdict.words.endswith("it would be joined")


def test_the_way_between_two_is_told_link_by_link() -> None:
    rows = [person("a", "ann", None), person("b", None, "19800101"), person("c", "ann", "19800101")]
    path = asked(rows, [("a", "c"), ("b", "c")]).pair("a", "b").verdict.path
    assert [(k.a.key, k.b.key, k.kind, k.weight, k.words) for k in path] == [
        ("a", "c", LinkKind.MODEL, 2_000_000, ("given_name same, rare",)),
        ("c", "b", LinkKind.MODEL, 2_000_000, ("birth_date same, rare",)),
    ]


def test_groups_that_were_joined_as_wholes_are_named_with_the_best_of_each_field() -> None:
    rows = [person("a", "ann", "19700101"), person("b", "ann", "19800101"), person("c", "bob", "19800101")]
    world = asked(rows, [("a", "b"), ("b", "c")], decisions=[("link", "a", "c")])
    (composite,) = world.pair("a", "b").verdict.composites
    sides = {"".join(r.key for r in side) for side in (composite.left, composite.right)}
    assert sides == {"ac", "b"}
    best = {b.name: (b.words, {b.a.key, b.b.key}) for b in composite.levels}
    assert best == {"given_name": ("same, rare", {"a", "b"}), "birth_date": ("same, rare", {"b", "c"})}
    assert (composite.weight, composite.pairs, composite.worth) == (8_000_000, 2, 6_000_000)
    assert _outcome(world, "b", "c") is Outcome.PATH
    assert _outcome(world, "a", "c") is Outcome.DECIDED


@pytest.mark.parametrize(
    ("guard", "rows", "more", "words"),
    [
        ("decision", [ANN, person("b", "ann", None)], {"decisions": [("link", "a", "x"), ("unlink", "a", "b")]},
         "kept apart by decisions.csv, line 3"),
        ("never_merge", [person("a", "ann", "19800101", values={"tax_id": "1"}),
                         person("b", "ann", None, values={"tax_id": "2"})],
         {"match": Match(never_merge_if=("tax_id differs",))}, "kept apart: match.never_merge_if: tax_id differs"),
        ("one_per_source", [person("a", "ann", "19800101", source="web"), person("b", "ann", None, source="web")],
         {"match": Match(one_per_source=("web",))}, "kept apart: match.one_per_source: web holds each person once"),
        ("group_size", [ANN, person("b", "ann", None), person("c", "ann", "19800101", values={"tax_id": "3"})],
         {"match": Match(max_group=2)}, "kept apart: match.max_group: together they would hold 3 records"),
    ],
)  # fmt: skip
def test_the_guard_that_kept_two_apart_is_named(guard: str, rows: list, more: dict, words: str) -> None:
    verdict = asked(rows, [("a", "b")], **more).pair("a", "b").verdict
    assert verdict.outcome is Outcome.REFUSED
    assert (verdict.refusals[0].guard, verdict.words) == (guard, words)


def test_a_guard_between_two_groups_names_the_line_that_keeps_their_records_apart() -> None:
    rows = [ANN, person("b", None, "19800101"), person("d", "ann", None)]
    decided = [("link", "b", "d"), ("unlink", "a", "d")]
    verdict = asked(rows, [("a", "b"), ("a", "d")], decisions=decided).pair("a", "b").verdict
    assert verdict.words == "kept apart: unlinked in decisions.csv, line 3"
    assert verdict.refusals[0].lines == (3,)


def test_values_that_a_rule_is_about_are_shown_and_can_be_masked() -> None:
    rows = [
        person("a", "ann", "19800101", values={"tax_id": "111"}),
        person("b", "ann", None, values={"tax_id": "222"}),
    ]
    world = asked(rows, [("a", "b")], match=Match(never_merge_if=("tax_id differs",)))
    assert world.pair("a", "b").verdict.refusals[0].values == (("111",), ("222",))


def test_the_two_stand_in_the_order_in_which_they_were_asked_about() -> None:
    answer = asked([ANN, person("b", "ann", None)], [("a", "b")]).pair("b", "a")
    assert (answer.weighed.a.key, answer.weighed.b.key) == ("b", "a")
    assert (answer.weighed.steps[2].values, answer.weighed.steps[2].words) == (
        ((), ("19800101",)),
        "missing on the left",
    )


def test_a_record_for_which_a_twin_was_compared_says_so() -> None:
    world = asked([ANN, person("b", "ann", "19800101"), person("c", "ann", None)], [("a", "c")])
    answer = world.pair("b", "c")
    assert answer.notes == ("crm:b is identical to an earlier record, which was compared in its place",)
    assert answer.found_by == ("birth_date",)


def test_what_decisions_taught_is_a_line_of_its_own() -> None:
    world = asked([ANN, person("b", "ann", YOUNG)], [("a", "b")])
    pattern = world.pair("a", "b").weighed.pattern
    lines = {"given_name": 6.0, "birth_date": -4.0, "(prior)": -4.0, "(together)": 0.5, "(decisions)": 2.25}
    rows = [f"({pattern}, '{name}', '', CAST({round(bits * 1e6)} AS BIGINT))" for name, bits in lines.items()]
    world.world.engine.run(
        "run_link_pattern", f"SELECT * FROM (VALUES {', '.join(rows)}) AS p (pattern, field, level, weight)"
    )
    weighed = world.pair("a", "b").weighed
    assert weighed.is_kept
    assert [(s.name, s.weight / 1e6) for s in weighed.steps][-2:] == [("(together)", 0.5), ("(decisions)", 2.25)]
    assert weighed.weight == weighed.steps[-1].total == 750_000
