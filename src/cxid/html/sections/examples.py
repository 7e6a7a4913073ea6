"""Pairs with their waterfalls: how the evidence for one person adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cxid.explain.examples import JUST_APART, JUST_JOINED, REFUSED, TYPICAL
from cxid.explain.model import PairAnswer
from cxid.explain.words import bits, percent
from cxid.html.blocks import Fall, Section, Waterfall

_CAPTIONS = {
    TYPICAL: "A typical pair of one customer",
    JUST_JOINED: "The weakest pair that still speaks for one customer",
    JUST_APART: "The strongest pair below the cut that stayed apart",
    REFUSED: "The strongest pair above the cut that stayed apart",
}


def section(answers: Sequence[tuple[str, PairAnswer]], hide: Callable[[str], str]) -> Section | None:
    """One waterfall for each pair: (what it shows, why it is or is not one customer); keys are shown by `hide`."""
    if not answers:
        return None
    lede = "A typical pair and those nearest to the cut: what speaks for one person, and what against."
    note = "Each line adds or takes what its agreement is worth; the sum decides at the cut."
    return Section("examples", "Pairs", lede, [_waterfall(*a, hide) for a in answers], note)


def _waterfall(shows: str, answer: PairAnswer, hide: Callable[[str], str]) -> Waterfall:
    weighed = answer.weighed
    spoken = [s for s in weighed.steps if not s.silent]
    starts = [s.total - s.weight for s in spoken]
    low = min([0, *starts, *(s.total for s in spoken)])
    high = max([1, *starts, *(s.total for s in spoken)])
    falls = [
        Fall(
            s.name, " | ".join(s.values[0]), " | ".join(s.values[1]), s.words, bits(s.weight), bits(s.total),
            (min(s.total, start) - low) / (high - low), abs(s.weight) / (high - low), s.weight >= 0,
        )
        for s, start in zip(spoken, starts, strict=True)
    ]  # fmt: skip
    total = f"{bits(weighed.weight)} bits: {percent(weighed.probability)} one person; the cut is at {bits(answer.cut)}."
    one, other = (f"{r.source} {hide(r.key)}" for r in (weighed.a, weighed.b))
    customers = " ".join(dict.fromkeys(r.customer_id for r in (weighed.a, weighed.b)))
    return Waterfall(
        _CAPTIONS[shows], one, other, answer.verdict.outcome.value.replace("_", " "), falls, total,
        f"cxid why {customers}",
    )  # fmt: skip
