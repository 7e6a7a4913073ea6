"""How records were joined: how sure that is, what pairs and fields weigh, how large customers are."""

from __future__ import annotations

from collections.abc import Mapping

from cxid.cli._report.drawing import bars, facts, histogram, table
from cxid.cli._report.view import View, count, words
from cxid.figures import decimal, percent, whole
from cxid.figures.words import GUARDS

_MICRO = 1_000_000
_LOWEST, _HIGHEST = -20, 40  # all pairs beyond stand together, see sql/report/weights.sql
_RULES = 6
_LOOKS = 6
_LONGEST_NUMBER = 19
_CUTS = (
    ("R", "review_micro_bits", "yellow", "left apart, to review"),
    ("J", "cut_micro_bits", "cyan", "joined, in doubt"),
    ("S", "sure_micro_bits", "green", "joined, sure"),
)
"""Letter below the histogram, figure with the place, style of what lies from there on, and what becomes of it."""


def write_precision(view: View) -> None:
    """What share of the joins is right by the model's own estimate, what part is in doubt, or why that is unknown."""
    figures, joins = view.figures, view.figures.rows("joins")
    status, reason = figures.text("summary", "status"), figures.text("summary", "reason")
    merged = sum(whole(r["pairs"]) for r in joins if r["label"] == "merged")
    of_pairs, of_customers = (
        figures.text("summary", name) for name in ("expected_precision", "expected_precision_of_customers")
    )
    told = []
    if of_pairs and of_pairs != "unknown":
        told.append(("pairs above the cut", f"{decimal(of_pairs):.1%} are of one person"))
    if of_customers and of_customers != "unknown":
        wrong = round(merged * (1 - decimal(of_customers)))
        about = f"; about {wrong:,} of {merged:,} are not" if merged and wrong else ""
        told.append(("pairs inside customers", f"{decimal(of_customers):.1%} are of one person{about}"))
    if told and reason:
        told.append(("how far to trust it", f"{words(status)}: {reason}"))
    elif not told:
        told.append(("unknown", reason or "no pair of records was scored"))
    if model := figures.text("summary", "model"):
        told.append(("model", model))
    doubtful = {name: sum(whole(r["doubtful"]) for r in joins if r["label"] == name) for name in ("merged", "review")}
    if every := sum(doubtful.values()):
        told.append(("in doubt", f"{every:,} pairs: {doubtful['merged']:,} joined, {doubtful['review']:,} left apart"))
    if review := figures.amount("funnel", "customers to review"):
        of_all = percent(review, figures.amount("funnel", "customers with records"))
        told.append(("to review", f"{review:,} customers, {of_all} of those with records"))
    facts(view, told)


def write_linkage(view: View) -> None:
    """Every figure of the linkage, in words and units that people know."""
    rows = [_figure(r["label"], r["amount"]) for r in view.figures.rows("summary") if r["amount"]]
    table(view, ("figure", "value"), rows, texts=frozenset({0, 1}))


def _figure(label: str, value: str) -> tuple[str, str]:
    for ending, unit in (("_micro_bits", " bits"), ("_millionths", "")):
        if label.endswith(ending):
            return words(label.removesuffix(ending)), f"{decimal(value) / _MICRO:.4g}{unit}"
    is_whole = value.lstrip("-").isdigit() and len(value) < _LONGEST_NUMBER
    return words(label), f"{int(value):,}" if is_whole else words(value)


def write_weights(view: View) -> None:
    """The histogram of match weights with the cuts, then pairs on either side of each."""
    pairs = {whole(r["label"]): whole(r["pairs"]) for r in view.figures.rows("weights")}
    known = {
        r["label"]: whole(r["amount"]) / _MICRO for r in view.figures.rows("summary") if r["label"].endswith("_bits")
    }
    cuts = _cuts(known)
    if view.console.screen.is_tty:
        histogram(view, pairs, [cut[:3] for cut in cuts])
        swatch = "  █" if view.console.screen.unicode else "  #"
        for letter, place, style, meaning in cuts:
            view.marked(swatch, f"{letter} from {place:+.1f} bits: {meaning}", style=style)
        return
    rows = []
    for bits in range(min(pairs), max(pairs) + 1):
        label = (
            f"below {bits + 1}"
            if bits == _LOWEST
            else f"{bits} or more"
            if bits == _HIGHEST
            else f"{bits} to {bits + 1}"
        )
        here = [f"{meaning} from {place:+.1f}" for _, place, _, meaning in cuts if bits <= place < bits + 1]
        rows.append((label, pairs.get(bits, 0), "; ".join(here)))
    view.console.grid(("bits", "pairs", "cut"), rows)


def _cuts(known: Mapping[str, float]) -> list[tuple[str, float, str, str]]:
    """(letter, bits, style, meaning) of the cuts; where all that is joined is sure, or nobody says, no part is."""
    cuts = [(letter, known[name], style, meaning) for letter, name, style, meaning in _CUTS if name in known]
    joined = known.get("cut_micro_bits", 0.0)
    if known.get("sure_micro_bits", joined) > joined:
        return cuts
    return [(letter, bits, "green", "joined") if letter == "J" else (letter, bits, style, meaning)
            for letter, bits, style, meaning in cuts if letter != "S"]  # fmt: skip


def write_groups(view: View) -> None:
    """How many customers have how many records."""
    rows = view.figures.rows("groups")
    every = sum(whole(r["customers"]) for r in rows)
    told = [
        (r["label"], whole(r["customers"]), (percent(whole(r["customers"]), every), f"{count(r['records'])} records"))
        for r in rows
    ]
    bars(view, ("records", "customers", "share", "in all"), told)


def write_suspicious(view: View) -> None:
    """Customers that deserve a look, with the command that explains each."""
    rows = view.figures.rows("suspicious")
    shown = view.top(rows, _LOOKS)
    table(
        view,
        ("look", "records", "links", "weakest", "why"),
        [
            (f"cxid why {r['label']}", count(r["size"]), count(r["edges"]),
             f"{decimal(r['weakest_probability']):.1%}", r["flags"])
            for r in shown
        ],
        texts=frozenset({0, 4}),
    )  # fmt: skip
    view.more(len(rows) - len(shown), "customer", "suspicious")
    first = f"cxid why {rows[0]['label']}"
    if view.console.here(first) != first:
        view.note(f"next: {view.console.here(first)}")


def write_guards(view: View) -> None:
    """Merges that guards refused, and identifiers that name nobody."""
    if rows := view.figures.rows("guards"):
        view.console.grid(
            ("merges refused", "by", "on"),
            [(count(r["refused"]), GUARDS.get(r["label"], r["label"]), r.get("detail", "")) for r in rows],
        )
    if rows and view.figures.rows("hubs"):
        view.line()
    if hubs := view.figures.rows("hubs"):
        view.console.grid(
            ("identifier", "why it names nobody", "values", "most people"),
            [(r["label"], r["reason"], count(r["identifiers"]), count(r["most_people"])) for r in hubs],
        )


def write_blocking(view: View) -> None:
    """Rules by the matches they found; a pair counts for each rule that proposes it, so nothing is summed."""
    rows = sorted(view.figures.rows("blocking"), key=lambda r: (-whole(r["matches"]), whole(r["pairs"]), r["label"]))
    shown = view.top(rows, _RULES)
    cells = [
        (r["label"], count(r["pairs"]), count(r["matches"]), percent(whole(r["matches"]), whole(r["pairs"])),
         count(r["largest_block"]))
        for r in shown
    ]  # fmt: skip
    table(view, ("records that share", "pairs", "matches", "share", "largest block"), cells)
    compared = view.figures.amount("summary", "candidates")
    if 0 < compared < sum(whole(r["pairs"]) for r in rows):
        view.note(f"{compared:,} pairs compared in all; many are proposed by several rules")
    view.more(len(rows) - len(shown), "rule", "blocking")


def write_model(view: View) -> None:
    """Every level of every field: what it weighs and how often matches and other pairs are at it."""
    cells = [
        (r["label"], r["level"], f"{whole(r['weight']) / _MICRO:+.1f}", f"{decimal(r['m']):.3%}",
         f"{decimal(r['u']):.4%}", count(r["pairs"]))
        for r in view.figures.rows("model")
    ]  # fmt: skip
    names = ("field", "agreement", "bits", "of matches", "of others", "pairs")
    table(view, names, cells, texts=frozenset({0, 1}))
