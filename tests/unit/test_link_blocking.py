"""Which rules the search for blocking keeps, on records whose keys are plain to see."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np

from cxid.stages.link.atoms import Atom, key_atoms
from cxid.stages.link.blocking import Search
from cxid.stages.link.choice import Budget
from cxid.stages.link.keys import KeySample
from tests.reference.link_world import PEOPLE, company, linked


def _sample(**codes: list[int]) -> KeySample:
    size = len(next(iter(codes.values())))
    return KeySample(size, {k: [np.array(v, np.int64)] for k, v in codes.items()}, np.full(size, -1, np.int64))


def _atom(name: str, *coarser: str) -> Atom:
    return Atom((name.split()[0],), name, (name,), coarser, whole=" " not in name)


def test_the_size_of_a_rule_is_the_pairs_that_share_its_key() -> None:
    sample = _sample(a=[1, 1, 1, 2, 2, -1, -1], b=[1, 1, 2, 2, 2, 3, 3])
    pairs = [(i, j) for i, j in combinations(range(7), 2)]
    a, b = sample.codes["a"][0], sample.codes["b"][0]
    assert sample.size([_atom("a")], 100).pairs == sum(a[i] == a[j] >= 0 for i, j in pairs) == 4
    both = sum(a[i] == a[j] >= 0 and b[i] == b[j] >= 0 for i, j in pairs)
    assert sample.size([_atom("a"), _atom("b")], 100).pairs == both == 2


def test_pairs_within_a_source_that_holds_each_person_once_cost_nothing() -> None:
    sample = KeySample(4, {"a": [np.array([1, 1, 1, 1])]}, np.array([0, 0, -1, -1]))
    assert sample.size([_atom("a")], 100).pairs == 5


def test_a_rule_that_a_looser_one_holds_is_needless() -> None:
    atoms = [_atom("a", "a start"), _atom("a start")]
    sample = _sample(**{"a": [1, 1, 2, 3, 4, 5], "a start": [1, 1, 1, 3, 4, 5]})
    rules = Search(atoms, sample, Budget(100, 50)).loosest(10.0)
    assert [r.words for r in rules] == ["a start"]


def test_a_rule_too_wide_is_joined_with_a_second_field() -> None:
    size = 200
    sample = _sample(a=[i % 2 for i in range(size)], b=[i // 4 for i in range(size)], c=[0] * size)
    rules = Search([_atom("a"), _atom("b"), _atom("c")], sample, Budget(10**6, 150)).loosest(1.0)
    assert [r.words for r in rules] == ["a + b"]


def test_swapped_names_meet_in_a_key_of_their_own() -> None:
    assert "both names in any order" in {a.name for a in key_atoms(PEOPLE)}


def test_candidates_of_different_rules_are_one_pair_with_all_their_bits(tmp_path: Path) -> None:
    engine, _ = linked(PEOPLE, company(300)[0], tmp_path)
    assert (
        engine.scalar(
            "SELECT count(*) FROM (SELECT 1 FROM link_pair GROUP BY record_no_a, record_no_b HAVING count(*) > 1)"
        )
        == 0
    )
    assert engine.scalar("SELECT count(*) FROM link_pair WHERE bit_count(rules) > 1") > 0
