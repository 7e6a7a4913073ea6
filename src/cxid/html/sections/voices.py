"""What customers say, and who is heard."""

from __future__ import annotations

from cxid.figures import Figures, decimal, whole
from cxid.html import drawing
from cxid.html.blocks import Bar, Bars, Block, Grid, Picture, Piece, Section, Stack, Stacks
from cxid.html.sections.words import count, many, percent, sentences, share

_NPS = (("promoter", "good"), ("passive", "rest"), ("detractor", "bad"))
_SCORES = range(11)
_PROMOTES, _DETRACTS = 9, 6
_COMPONENTS = {"by_followers": "followers", "by_reach": "reach, by its tone", "by_referrals": "referrals",
               "by_reputation": "reputation in the community"}  # fmt: skip


def section(figures: Figures) -> Section | None:
    """Recommendation and its course; influence by audience and by what it is made of."""
    found = (_groups(figures), _scores(figures), _course(figures), _tiers(figures), _components(figures))
    blocks: list[Block] = [b for b in found if b]
    return Section("voices", "What they say", _lede(figures), blocks) if blocks else None


def _held(figures: Figures) -> tuple[dict[str, int], int]:
    held = {r["label"]: whole(r["customers"]) for r in figures.rows("nps")}
    return held, sum(held.values())


def _points(held: dict[str, int], asked: int) -> float:
    return 100 * (held.get("promoter", 0) - held.get("detractor", 0)) / asked


def _lede(figures: Figures) -> str:
    held, asked = _held(figures)
    heard = sum(whole(r["customers"]) for r in figures.rows("influence"))
    influencers = sum(whole(r["influencers"]) for r in figures.rows("influence"))
    return sentences(
        (
            f"by their last answers, {percent(held.get('promoter', 0), asked)} of {many(asked, 'customer')} would "
            f"recommend us and {percent(held.get('detractor', 0), asked)} would not: NPS {_points(held, asked):+.0f}"
            if asked
            else "",
            f"{many(heard, 'customer')} are heard by others; {count(influencers)} of them count as influencers"
            if heard
            else "",
        )
    )


def _groups(figures: Figures) -> Block | None:
    held, asked = _held(figures)
    if not asked:
        return None
    pieces = [
        Piece(n, share(held.get(n, 0), asked), f"{count(held.get(n, 0))} ({percent(held.get(n, 0), asked)})", t)
        for n, t in _NPS
        if held.get(n)
    ]
    stack = Stack("NPS", pieces, f"{_points(held, asked):+.0f} of {many(asked, 'answer')}")
    return Stacks("Would recommend us, by the last answer", _NPS, [stack])


def _scores(figures: Figures) -> Block | None:
    held = {whole(r["label"]): whole(r["customers"]) for r in figures.rows("scores")}
    if not held:
        return None
    largest = max(held.values())
    tones = {n: "good" if n >= _PROMOTES else "bad" if n <= _DETRACTS else "rest" for n in _SCORES}
    return Picture(
        "Last answers from 0 to 10",
        drawing.columns("Last answers", [(str(n), share(held.get(n, 0), largest), tones[n]) for n in _SCORES]),
        ("answer", "customers"),
        [(str(n), count(held.get(n, 0))) for n in _SCORES],
    )


def _course(figures: Figures) -> Block | None:
    points = [
        (r["period"], decimal(r["value"]))
        for r in figures.rows("kpis")
        if r["label"] == "nps" and r["period"] != "total" and r["complete"] == "yes" and "value" in r
    ]
    if len(points) < 2:
        return None
    return Picture(
        f"NPS from {points[0][0]} to {points[-1][0]}",
        drawing.course("NPS by period", points, ""),
        ("period", "NPS"),
        [(period, f"{value:+.1f}") for period, value in points],
    )


def _tiers(figures: Figures) -> Block | None:
    rows = [
        (r["label"], count(whole(r["customers"])), count(whole(r["influencers"])), count(whole(r["reach"])))
        for r in figures.rows("influence")
    ]
    columns = ("audience", "customers", "influencers", "reach of their mentions")
    return Grid("Who is heard, by the size of the audience", columns, rows, frozenset((1, 2, 3))) if rows else None


def _components(figures: Figures) -> Block | None:
    """What the scores of all add up from."""
    sums = {words: sum(decimal(r[name]) for r in figures.rows("influence")) for name, words in _COMPONENTS.items()}
    largest = max(abs(s) for s in sums.values())
    if not largest:
        return None
    bars = [Bar(words, share(abs(s), largest), f"{s:,.0f}", "", "bad" if s < 0 else "a") for words, s in sums.items()]
    return Bars("What influence is made of, in points of all customers", ("component", "points", ""), bars)
