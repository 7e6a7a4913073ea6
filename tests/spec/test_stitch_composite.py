"""Groups of records that are one person only when they are taken together.

The model of these worlds has two fields of two levels each, 0 for agreeing and 1 for different. Agreeing on a
field is worth 6 bits, differing on it costs 4, and 4 bits are against any two records: both agree 8, one -2, none -12.
"""

from __future__ import annotations

import pytest

from cxid.config.model import Match
from tests.reference.stitch_world import Row, World, stitched

_MODEL = [
    (kind, field, level, word, bits)
    for kind, shares in ((0, (-1.0, -5.0)), (1, (-7.0, -1.0)))
    for field in (0, 1)
    for level, (word, bits) in enumerate(zip(("exact", "different"), shares, strict=True))
] + [(0, -1, 0, "prior", -4.0), (1, -1, 0, "prior", 0.0)]
BOTH, FIRST, SECOND, NEITHER = 0, 2, 1, 3  # the pattern: level of field 0, plus twice the level of field 1
_BITS = {BOTH: 8.0, FIRST: -2.0, SECOND: -2.0, NEITHER: -12.0}

Scored = tuple[str, str, int]


def _world(keys: str, scored: list[Scored], *, model: bool = True, **more: object) -> World:
    rows = [Row(k) for k in keys]
    pairs = [(a, b, _BITS[pattern], pattern) for a, b, pattern in scored]
    return stitched(rows, pairs, model=_MODEL if model else (), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("story", "scored", "groups"),
    [
        ("a group and a record that agree on all fields, each with another record of the group, are one",
         [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", SECOND)], {"abc", "d"}),
        ("both agreeing on the same field is no more than one agreeing",
         [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", FIRST)], {"ab", "c", "d"}),
        ("two single records have nothing to add to their pair",
         [("a", "b", FIRST)], {"a", "b", "c", "d"}),
        ("two groups of two: four pairs are asked for four bits more, and eight are there",
         [("a", "b", BOTH), ("c", "d", BOTH), ("a", "c", FIRST), ("b", "d", SECOND)], {"abcd"}),
        ("a merge brings what the next one lacked",
         [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", SECOND), ("a", "d", FIRST), ("c", "d", SECOND)], {"abcd"}),
    ],
)  # fmt: skip
def test_groups_are_weighed_as_a_whole(story: str, scored: list[Scored], groups: set[str]) -> None:
    world = _world("abcd", scored)
    assert world.groups == {frozenset(g) for g in groups}, story


def test_without_a_model_nothing_is_weighed_as_a_whole() -> None:
    scored = [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", SECOND)]
    assert _world("abc", scored, model=False).groups == {frozenset("ab"), frozenset("c")}


def test_of_many_pairs_some_agree_by_chance_so_that_a_large_group_is_asked_for_more() -> None:
    large = "abcdefghijklmnopq"  # 17 records and one more: 17 pairs, 8.2 bits of the 8 that both fields give
    inside = [(x, y, BOTH) for i, x in enumerate(large) for y in large[i + 1 :]]
    world = _world(large + "z", [*inside, ("a", "z", FIRST), ("b", "z", SECOND)])
    assert world.groups == {frozenset(large), frozenset("z")}
    inside = [p for p in inside if "q" not in p]
    world = _world(large[:-1] + "z", [*inside, ("a", "z", FIRST), ("b", "z", SECOND)])
    assert world.groups == {frozenset(large[:-1] + "z")}, "16 pairs are asked for 8 bits: the cut itself"


@pytest.mark.parametrize(
    ("guard", "match", "rows", "decisions"),
    [
        ("group_size", {"max_group": 2}, [Row("a"), Row("b"), Row("c")], ()),
        ("one_per_source", {"one_per_source": ["web"]}, [Row("a", "web"), Row("b"), Row("c", "web")], ()),
        ("never_merge", {"never_merge_if": ["tax_id differs"]},
         [Row("a", values={"tax_id": "1"}), Row("b"), Row("c", values={"tax_id": "2"})], ()),
        ("decision", {}, [Row("a"), Row("b"), Row("c")], [("unlink", "a", "c")]),
    ],
)  # fmt: skip
def test_a_guard_keeps_whole_groups_apart_and_says_so(
    guard: str, match: dict, rows: list[Row], decisions: list
) -> None:
    scored = [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", SECOND)]
    pairs = [(a, b, _BITS[pattern], pattern) for a, b, pattern in scored]
    world = stitched(rows, pairs, model=_MODEL, match=Match(**match), decisions=decisions)
    assert world.groups == {frozenset("ab"), frozenset("c")}
    assert {r["guard"] for r in world.rows("SELECT guard FROM refused_merge")} == {guard}


def test_the_pair_that_stands_for_the_merge_is_told_apart() -> None:
    world = _world("abc", [("a", "b", BOTH), ("a", "c", FIRST), ("b", "c", SECOND)])
    kinds = {r["record_key"]: r["link_kind"] for r in world.rows("SELECT record_key, link_kind FROM identity_map")}
    assert kinds == {"a": "model", "b": "model", "c": "composite"}
    pairs = {
        (r["record_key_a"], r["record_key_b"]): (r["decision"], r["decided_by"])
        for r in world.rows("SELECT record_key_a, record_key_b, decision, decided_by FROM match_pair")
    }
    assert pairs[("a", "c")] == ("merged", "composite")
    # six bits of eight are left after the two that a composite of two pairs is asked for
    assert world.rows("SELECT CAST(weakest_probability AS VARCHAR) AS p FROM match_group") == [{"p": "0.984615"}]
