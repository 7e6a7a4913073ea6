"""What people decided is obeyed: links above every guard, unlinks through every merge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cxid.config.model import Match
from tests.reference.stitch_world import Row, stitched

A, B, C, D = Row("a"), Row("b"), Row("c"), Row("d")
LOYAL = [replace(r, source="loyalty") for r in (A, B)]


@pytest.mark.parametrize(
    ("story", "pairs", "decisions", "groups"),
    [
        ("a link joins what was never compared", [], [("link", "a", "b")], {"ab", "c", "d"}),
        ("a link joins against all evidence", [("a", "b", -30)], [("link", "a", "b")], {"ab", "c", "d"}),
        ("links chain", [], [("link", "a", "b"), ("link", "c", "b"), ("link", "c", "d")], {"abcd"}),
        ("a link brings both groups together where their evidence allows it",
         [("a", "b", 9), ("c", "d", 9)], [("link", "a", "c")], {"abcd"}),
        ("an unlink parts what is alike", [("a", "b", 30)], [("unlink", "a", "b")], {"a", "b", "c", "d"}),
        ("an unlink holds in a group: the third goes with the one it is more like",
         [("a", "b", 9), ("a", "c", 9), ("b", "c", 5)], [("unlink", "a", "b")], {"ac", "b", "d"}),
        ("an unlink survives the merges around it",
         [("a", "b", 12), ("c", "d", 12), ("b", "c", 11), ("a", "c", 11), ("b", "d", 11), ("a", "d", 11)],
         [("unlink", "a", "d")], {"ab", "cd"}),
        ("an unlink parts two identical records, and the third stays with one",
         [("a", "b", 9, "identical"), ("a", "c", 9, "identical")], [("unlink", "b", "c")], {"ab", "c", "d"}),
        ("an unlink parts a record from the one that stands for it",
         [("a", "b", 9, "identical"), ("a", "c", 9, "identical")], [("unlink", "a", "b")], {"ac", "b", "d"}),
        ("a link of one and an unlink of another both hold",
         [("a", "b", 9), ("b", "c", 9), ("a", "c", 9)], [("unlink", "a", "c"), ("link", "c", "d")], {"ab", "cd"}),
        ("a decision about a record that is gone changes nothing",
         [("a", "b", 9)], [("unlink", "a", "gone"), ("link", "c", "gone")], {"ab", "c", "d"}),
    ],
)  # fmt: skip
def test_decisions_are_obeyed(story: str, pairs: list, decisions: list, groups: set[str]) -> None:
    assert stitched([A, B, C, D], pairs, decisions=decisions).groups == {frozenset(g) for g in groups}, story


@pytest.mark.parametrize(
    ("story", "rows", "match"),
    [
        ("one per source", [*LOYAL, C], {"one_per_source": ["loyalty"]}),
        ("values that differ", [Row("a", values={"tax_id": "1"}), Row("b", values={"tax_id": "2"}), C],
         {"never_merge_if": ["tax_id differs"]}),
        ("the size of a group", [A, B, C], {"max_group": 2}),
    ],
)  # fmt: skip
def test_a_link_stands_above_the_guards(story: str, rows: list[Row], match: dict) -> None:
    links = [("link", "a", "b"), ("link", "b", "c")]
    assert stitched(rows, [("a", "b", 5)], match=Match(**match), decisions=links).groups == {frozenset("abc")}, story


def test_what_was_decided_says_so() -> None:
    world = stitched(
        [A, B, C, D],
        [("a", "b", 2), ("c", "d", 9), ("a", "d", -1)],
        decisions=[("link", "a", "b"), ("unlink", "c", "d"), ("unlink", "a", "d")],
    )
    kinds = world.rows("SELECT record_key, link_kind, probability FROM identity_map WHERE source <> ''")
    assert {(r["record_key"], r["link_kind"], float(r["probability"])) for r in kinds} == {
        ("a", "decision", 1.0), ("b", "decision", 1.0), ("c", "single", 1.0), ("d", "single", 1.0),
    }  # fmt: skip
    pairs = world.rows("SELECT record_key_a AS a, record_key_b AS b, decision, decided_by FROM match_pair")
    assert {tuple(r.values()) for r in pairs} == {
        ("a", "b", "merged", "decision"), ("c", "d", "apart", "decision"), ("a", "d", "apart", "decision"),
    }  # fmt: skip
    assert ("c", "d", "decision", "unlink") in world.refused


_KEYS = "abcdefgh"
_PAIRS = [(x, y) for i, x in enumerate(_KEYS) for y in _KEYS[i + 1 :]]


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(st.data())
def test_every_decision_without_contradiction_holds_in_any_world(data: st.DataObject) -> None:
    scored = data.draw(st.dictionaries(st.sampled_from(_PAIRS), st.integers(-14, 14), max_size=16))
    person = {k: data.draw(st.integers(0, 3)) for k in _KEYS}  # who is who: decisions drawn from it agree
    decided = data.draw(st.lists(st.sampled_from(_PAIRS), max_size=8, unique=True))
    decisions = [("link" if person[a] == person[b] else "unlink", a, b) for a, b in decided]
    pairs = [(a, b, w) for (a, b), w in scored.items()]
    pairs += [("a", k, 9, "identical") for k in data.draw(st.sets(st.sampled_from("bcd"))) if ("a", k) not in scored]
    world = stitched([Row(k) for k in _KEYS], pairs, decisions=decisions, threads=1)
    group = {key: g for g in world.groups for key in g}
    assert [d for d in decisions if (group[d[1]] == group[d[2]]) != (d[0] == "link")] == []
