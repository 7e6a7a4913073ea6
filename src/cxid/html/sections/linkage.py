"""How records were joined, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.figures import Figures, Row, decimal, whole
from cxid.figures.words import GUARDS
from cxid.html import drawing
from cxid.html.blocks import Bar, Bars, Block, Grid, Picture, Section
from cxid.html.sections.pictures import bars_of
from cxid.html.sections.words import count, many, percent, plain, sentences, share

_MICRO = 1_000_000
_CUTS = {"review_micro_bits": "review", "cut_micro_bits": "cut", "sure_micro_bits": "sure"}
_RULES = 20
_TELLING = 24  # levels of fields that are drawn; the terminal lists all


def section(figures: Figures) -> Section | None:
    """Weights of pairs, fields and groups; what blocking found; what deserves a look."""
    if not figures.amount("funnel", "people records"):
        return None
    found = (
        _weights(figures), _groups(figures.rows("groups")), _levels(figures.rows("model")), _summary(figures),
        _joins(figures.rows("joins")), _guards(figures), _rules(figures.rows("blocking")), _suspicious(figures),
    )  # fmt: skip
    blocks: list[Block] = [b for b in found if b]
    note = "A pair of records weighs as many bits as its agreement speaks for one person: one bit doubles the odds."
    return Section("linkage", "Linkage", _lede(figures), blocks, note)


def _lede(figures: Figures) -> str:
    records = figures.amount("funnel", "people records")
    customers = figures.amount("funnel", "customers with records")
    status, reason = figures.text("summary", "status"), figures.text("summary", "reason")
    right = figures.text("summary", "expected_precision_of_customers")
    return sentences(
        (
            f"{many(records, 'record')} became {many(customers, 'customer')}",
            f"by the model's own estimate {decimal(right):.1%} of the joined pairs are right" if right else "",
            f"the linkage is {plain(status)}" + (f": {reason}" if reason else "") if status else "",
        )
    )


def _weights(figures: Figures) -> Block | None:
    pairs = {whole(r["label"]): whole(r["pairs"]) for r in figures.rows("weights")}
    if not pairs:
        return None
    cut = figures.amount("summary", "cut_micro_bits") / _MICRO
    largest = max(pairs.values())
    bits = range(min(pairs), max(pairs) + 1)
    bars = [(str(b), share(pairs.get(b, 0), largest), "a" if b >= cut else "rest") for b in bits]
    above = sum(n for b, n in pairs.items() if b >= cut)
    cuts = []
    for name, word in _CUTS.items():
        if figures.text("summary", name):
            bit = figures.amount("summary", name) / _MICRO
            if min(bits) <= bit <= max(bits) + 1:
                cuts.append((bit - min(bits), word))
    about = "" if cut.is_integer() else "about "
    return Picture(
        f"Scored pairs by weight in bits: {about}{above:,} of {sum(pairs.values()):,} at or above the cut",
        drawing.columns("Histogram of match weights", bars, cuts),
        ("bits from", "pairs"),
        [(str(b), count(n)) for b, n in sorted(pairs.items())],
    )


def _groups(rows: Sequence[Row]) -> Block | None:
    return bars_of(rows, "Records per customer", ("records", "customers", "in all"), "customers", "records")


def _levels(rows: Sequence[Row]) -> Block | None:
    """The levels that pairs show most, as far as they say anything: strongest for, then strongest against."""
    seen = [r for r in rows if whole(r["pairs"]) and abs(whole(r["weight"])) >= _MICRO]
    told = sorted(seen, key=lambda r: (-whole(r["pairs"]), r["label"], r["level"]))[:_TELLING]
    told.sort(key=lambda r: (-whole(r["weight"]), r["label"], r["level"]))
    largest = max((abs(whole(r["weight"])) for r in told), default=1)
    bars = [
        Bar(
            f"{r['label']}: {r['level']}", share(abs(whole(r["weight"])), largest),
            f"{whole(r['weight']) / _MICRO:+.1f}",
            f"{decimal(r['m']):.1%} / {decimal(r['u']):.2%}",
            "good" if whole(r["weight"]) > 0 else "bad",
        )
        for r in told
    ]  # fmt: skip
    caption = "What agreement weighs, on the levels that most pairs show"
    return Bars(caption, ("field and agreement", "bits", "of matches / others"), bars, wide=True) if bars else None


def _rules(rows: Sequence[Row]) -> Block | None:
    if not rows:
        return None
    most = sorted(rows, key=lambda r: (-whole(r["matches"]), r["label"]))[:_RULES]
    listed = [
        (r["label"], count(whole(r["pairs"])), count(whole(r["matches"])),
         percent(whole(r["matches"]), whole(r["pairs"])), count(whole(r["largest_block"])))
        for r in most
    ]  # fmt: skip
    columns = ("records are compared that share", "pairs", "above the cut", "share", "largest block")
    chosen = f"The {len(most)} of {len(rows)} blocking rules that find most"
    caption = "Blocking rules" if len(most) == len(rows) else chosen
    return Grid(caption, columns, listed, frozenset((1, 2, 3, 4)))


_TOLD = {
    "records": "records", "candidates": "pairs compared", "expected_matches": "matches expected among them",
    "expected_precision_millionths": "estimated precision of pairs", "expected_recall_lost": "estimated recall lost",
    "status": "verdict", "reason": "because", "model": "model",
}  # fmt: skip


def _summary(figures: Figures) -> Block | None:
    rows = []
    for name, words in _TOLD.items():
        if value := figures.text("summary", name):
            known = f"{whole(value) / _MICRO:.1%}" if name.endswith("_millionths") else value
            rows.append((words, count(int(known)) if known.isdigit() else known.replace("_", " ")))
    return Grid("The linkage in figures", ("figure", "value"), rows) if rows else None


def _joins(rows: Sequence[Row]) -> Block | None:
    told = [
        (plain(r["label"]), plain(r["decided_by"]), count(whole(r["pairs"])), count(whole(r["doubtful"]))) for r in rows
    ]
    columns = ("what became of pairs", "decided by", "pairs", "in doubt")
    return Grid("Pairs and who decided", columns, told, frozenset((2, 3))) if told else None


def _guards(figures: Figures) -> Block | None:
    rows = [
        (
            f"{GUARDS.get(r['label'], r['label'])} {r.get('detail', '')}".strip(),
            "merges refused",
            count(whole(r["refused"])),
        )
        for r in figures.rows("guards")
    ]
    rows += [
        (f"{r['label']} ({r['reason']})", "identifiers that name nobody", count(whole(r["identifiers"])))
        for r in figures.rows("hubs")
    ]
    return Grid("Guards at work", ("guard", "what", "number"), rows, frozenset((2,))) if rows else None


def _suspicious(figures: Figures) -> Block | None:
    rows = [
        (f"cxid why {r['label']}", count(whole(r["size"])), count(whole(r["edges"])),
         f"{decimal(r['weakest_probability']):.3f}", r["flags"])
        for r in figures.rows("suspicious")
    ]  # fmt: skip
    if not rows:
        return None
    columns = ("look", "records", "links", "weakest", "why")
    return Grid("Customers that deserve a look", columns, rows, frozenset((1, 2, 3)), frozenset((0,)))
