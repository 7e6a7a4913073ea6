"""What matches look like, learned where they can be told apart without the field in question.

A rule such as "family name and birth date agree exactly" holds matches and chance in known proportion.
Among its pairs the fields outside the rule follow two classes: unrelated, whose levels are known, and
match, whose levels are not. Every field is learned from rules that do not read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from cxid.model import FieldType
from cxid.stages.link.estimate.chance import Edge, tie
from cxid.stages.link.estimate.mixture import Mixture, log_joint, posteriors
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

# How often one person's two records differ or nearly agree on a field, before any data is seen. People move and
# have several addresses of every kind; they are born once.
_NEARLY, _DIFFERENT = 0.10, 0.05
_CHANGES: dict[FieldType, float] = {
    FieldType.GIVEN_NAME: 0.02, FieldType.BIRTH_DATE: 0.02, FieldType.IDENTIFIER: 0.02, FieldType.GENDER: 0.02,
    FieldType.EMAIL: 0.2, FieldType.PHONE: 0.2, FieldType.STREET: 0.2, FieldType.HOUSE_NUMBER: 0.2,
    FieldType.POSTCODE: 0.2, FieldType.CITY: 0.15, FieldType.TEXT: 0.2, FieldType.CATEGORY: 0.2,
}  # fmt: skip
_AT_MOST = 3.0
_LEAST_SHARE, _MOST_SHARE = 0.3, 0.97
_MOST_FIELDS, _OUTSIDE, _MOST_RULES = 4, 2, 40
_FEWEST_MATCHES = 30.0  # that a rule must hold to teach anything
_RULE_CAP = 1_000.0  # matches that one rule may weigh
_DEFAULT_WEIGHT = 20.0  # matches that the default weighs


def default_match(space: Space, missing: Floats, population: Floats, unrelated: Floats) -> Floats:
    """Levels of a match before anything is known.

    `missing` is the share of pairs where a side is missing (by field), `population` how the records
    that share a value with another spread over the bands (cells). Where the records come from is as with the
    unrelated.
    """
    exact, partial = space.is_kind(LevelKind.EXACT), space.is_kind(LevelKind.PARTIAL)
    cells = np.zeros(space.cells)
    cells[exact] = population[exact] + 0.01
    differs = np.array([_CHANGES.get(c.field.type, _DIFFERENT) for c in space.comparisons])[space.field_of]
    shown = np.maximum(space.sums(np.where(exact, cells, 0.0)), 1e-12)
    cells[exact] *= ((1 - _NEARLY - differs) / shown[space.field_of])[exact]
    for number in range(space.fields):
        part = space.part(number)
        steps = 0.5 ** np.arange(int(partial[part].sum()))
        inside = np.flatnonzero(partial[part]) + part.start
        cells[inside] = _NEARLY * steps / max(steps.sum(), 1e-12)
    cells = np.where(space.is_kind(LevelKind.DIFFERENT), differs, cells)
    cells = space.normalise(cells)
    absent = space.is_kind(LevelKind.MISSING)
    share = missing[space.field_of]
    cells = np.where(absent, np.maximum(share, 1e-6), cells * np.maximum(1 - share, 1e-6))
    return space.normalise(np.where(space.is_kind(LevelKind.CONTEXT), unrelated, cells))


@dataclass(frozen=True)
class _Anchor:
    fields: tuple[int, ...]
    chosen: npt.NDArray[np.bool_]
    matches: float
    share: float


def _anchors(patterns: Patterns, match: Floats, covered: Sequence[frozenset[int]]) -> list[_Anchor]:
    """Rules whose pairs blocking has seen completely, with a mixed share of matches, richest in matches first."""
    found = []
    for count in range(1, _MOST_FIELDS + 1):
        if patterns.space.telling - count < _OUTSIDE:
            break
        for fields in combinations(range(patterns.space.telling), count):
            if not any(rule <= set(fields) for rule in covered):
                continue
            chosen = np.asarray(patterns.exact[:, fields].all(axis=1))
            pairs = float(patterns.pairs[chosen].sum())
            matches = float(match[chosen].sum())
            if matches >= _FEWEST_MATCHES and _LEAST_SHARE <= matches / pairs <= _MOST_SHARE:
                found.append(_Anchor(fields, chosen, matches, matches / pairs))
    found.sort(key=lambda a: (-a.matches, a.fields))
    return found[:_MOST_RULES]


def _otherwise(patterns: Patterns, mixture: Mixture, edges: Sequence[Edge], inside: tuple[int, ...]) -> Floats:
    """Log share of what is no match on the fields outside the rule, given the fields inside it.

    That is a mixture too: people of one household agree outside the rule for their own reasons.
    """
    read = np.isin(patterns.space.field_of, inside)
    within = tuple(e for e in edges if e.left in inside and e.right in inside)
    rule_only = replace(
        mixture,
        classes=tuple(np.where(read, c, 1.0) for c in mixture.classes),
        unrelated=np.where(read, mixture.unrelated, 1.0),
        tie=tie(patterns, within),
    )
    whole, rule = (np.logaddexp.reduce(log_joint(patterns, m)[1:], axis=0) for m in (mixture, rule_only))
    return np.asarray(whole - rule)


def _learn(inside: Patterns, anchor: _Anchor, start: Floats, chance: Floats, rounds: int = 60) -> tuple[Floats, float]:
    """(levels of matches outside the rule, expected matches) by EM with everything but the match class fixed."""
    space = inside.space
    outside = ~np.isin(space.field_of, anchor.fields)
    match, share = np.where(outside, start, 1.0), anchor.share
    for _ in range(rounds):
        odds = np.log(share / (1 - share)) + inside.log_share(np.maximum(match, 1e-12)) - chance
        weight = inside.pairs / (1 + np.exp(-np.clip(odds, -60, 60)))
        learned = space.normalise(inside.tally(weight) + 2.0 * start)
        match = np.where(outside, learned, 1.0)
        new = float(np.clip(weight.sum() / inside.pairs.sum(), 1e-6, 1 - 1e-6))
        if abs(new - share) < 1e-5:
            share = new
            break
        share = new
    return match, share * float(inside.pairs.sum())


def anchored_match(
    patterns: Patterns, mixture: Mixture, edges: Sequence[Edge], covered: Sequence[frozenset[int]]
) -> tuple[Floats, int]:
    """(levels of matches, rules used): the average over anchor rules, the default where there is none."""
    space = patterns.space
    weight = posteriors(patterns, mixture)[0] * patterns.pairs
    anchors = _anchors(patterns, weight, covered)
    total = _DEFAULT_WEIGHT * mixture.match
    for anchor in anchors:
        inside = patterns.subset(anchor.chosen)
        seen = replace(mixture, tie=mixture.tie[anchor.chosen])
        learned, matches = _learn(inside, anchor, mixture.match, _otherwise(inside, seen, edges, anchor.fields))
        outside = ~np.isin(space.field_of, anchor.fields)
        total += np.where(outside, learned * min(matches, _RULE_CAP), 0.0)
    return _born_once(space, space.normalise(total)), len(anchors)


def _born_once(space: Space, match: Floats) -> Floats:
    """The same, where what stays with a person differs no more than a few times as often as is usual.

    A rule on names and town holds namesakes too: what they differ in is not what a person differs in.
    """
    usual = np.array([_CHANGES.get(c.field.type, 1.0) for c in space.comparisons])[space.field_of]
    stays = space.is_kind(LevelKind.DIFFERENT) & (usual < _DIFFERENT)
    return space.normalise(np.where(stays, np.minimum(match, _AT_MOST * usual), match))
