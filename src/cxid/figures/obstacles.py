"""What holds the result of a run back, and what to do about it: every word follows from figures of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cxid.figures.model import Figures, Row, counted, decimal, whole
from cxid.figures.words import GUARDS, OWNERLESS

_MICRO = 1_000_000
_TELLING = 0.01  # of a source's events, or of its customers: a smaller part is not worth a line
_HALF = 0.5
_SMALL = 0.001  # what has no share of its own stands before what concerns less than this
_MOST_CHANGED = 0.1  # a model is learned anew past this share of changed records, see stages/link/kept.py
_NAMED = 3  # fields or sources that one sentence names
_OPTIONS = {
    "too_few_columns": "delimiter", "too_many_columns": "delimiter", "bad_quote": "quote", "bad_encoding": "encoding",
    "bad_json": "format", "missing_key": "key", "duplicate_key": "key", "missing_time": "time", "bad_time": "time",
    "bad_number": "decimal", "missing_identifier": "ids", "missing_purpose": "purpose",
}  # fmt: skip
"""Reason of a rejected row -> key of its source in the config that says how such rows are read."""
_QUARANTINE = "cxid report --section quarantine"
_HARMLESS = {"duplicate_row"}  # the very same row stands there already


@dataclass(frozen=True)
class Obstacle:
    """One thing that holds the result back.

    `amount` of `unit` (events, pairs, customers, records, rows, merges, identifiers) are concerned, `share` of all of
    them, 0 where that cannot be said. `command` looks at them or acts on them, `config` is the key of cxid.yml that
    bears on them; '' where none does.
    """

    name: str
    text: str
    amount: int
    unit: str
    share: float
    command: str = ""
    config: str = ""


def obstacles(figures: Figures) -> list[Obstacle]:
    """What holds the result back, the largest part of it first; [] where nothing does."""
    found = [obstacle for find in _FINDERS for obstacle in find(figures)]
    return sorted(found, key=lambda o: (-(o.share or _SMALL), -o.amount, o.name, o.text))


# ---- linkage ----------------------------------------------------------------------------------------------


def _trust(figures: Figures) -> Iterator[Obstacle]:
    """The model says of itself that it cannot be trusted, or not without a look."""
    status, reason = figures.text("summary", "status"), figures.text("summary", "reason")
    records = figures.amount("funnel", "people records")
    if not records or status not in ("careful", "not_identified"):
        return
    if status == "careful":
        yield Obstacle("careful_model", f"the linkage is careful: {reason}", records, "records", 1.0, "cxid review")
        return
    text = f"the linkage cannot tell people apart by the fields it has: {reason}"
    yield Obstacle(
        "untrusted_model", text, records, "records", 1.0, "cxid report --section fields", "sources.*.columns"
    )


def _target(figures: Figures) -> Iterator[Obstacle]:
    if figures.text("summary", "target_reached") == "no":
        asked, records = figures.text("summary", "target_precision"), figures.amount("funnel", "people records")
        text = f"a precision of {asked} was asked for and cannot be promised"
        yield Obstacle("target_precision", text, records, "records", 1.0, "cxid review", "match.target_precision")


def _doubts(figures: Figures) -> Iterator[Obstacle]:
    """Pairs that people could decide."""
    rows = figures.rows("joins")
    apart = sum(whole(r["doubtful"]) for r in rows if r["label"] == "review")
    joined = sum(whole(r["doubtful"]) for r in rows if r["label"] == "merged")
    if not apart + joined:
        return
    every = sum(whole(r["pairs"]) for r in rows)
    parts = [f"{joined:,} joined"] * bool(joined) + [f"{apart:,} left apart"] * bool(apart)
    text = f"{counted(apart + joined, 'pair')} of records in doubt: {' and '.join(parts)}"
    yield Obstacle("doubtful_pairs", text, apart + joined, "pairs", (apart + joined) / every, "cxid review")


def _lacking(figures: Figures) -> Iterator[Obstacle]:
    """Fields that would settle most pairs in doubt by agreeing, and that those pairs do not have on both sides."""
    settles = _bits(figures, "sure_micro_bits") - _bits(figures, "review_micro_bits")
    found = []
    for r in figures.rows("lacking"):
        lacks, pairs = whole(r["missing"]) + whole(r["unmapped"]), whole(r["pairs"])
        bits = _agreement_bits(figures.rows("model"), r["label"])
        if settles > 0 and bits >= settles and lacks / pairs >= _HALF:
            found.append((lacks, bits, whole(r["unmapped"]) > whole(r["missing"]), r["label"], pairs))
    if not found:
        return
    found.sort(key=lambda f: (-f[0] * f[1], f[3]))
    named = ", ".join(f"{field} in {lacks / pairs:.0%}" for lacks, _, _, field, pairs in found[:_NAMED])
    lacks, _, unmapped, field, pairs = found[0]
    text = f"pairs in doubt lack on one side what would settle them: {named} of {pairs:,}"
    every = sum(whole(r["pairs"]) for r in figures.rows("joins"))
    key = f"sources.*.columns.{field}" if unmapped else ""
    yield Obstacle("lacking_fields", text, lacks, "pairs", lacks / max(every, 1), "cxid report --section fields", key)


def _agreement_bits(rows: Sequence[Row], field: str) -> float:
    """What agreement in a field weighs among matches, in bits: the mean over its levels that speak for one person."""
    agreeing = [r for r in rows if r["label"] == field and whole(r["weight"]) > 0]
    share = sum(decimal(r["m"]) for r in agreeing)
    return sum(decimal(r["m"]) * whole(r["weight"]) for r in agreeing) / share / _MICRO if share else 0.0


def _uncovered(figures: Figures) -> Iterator[Obstacle]:
    left, compared = figures.amount("summary", "uncovered_pairs"), figures.amount("summary", "candidates")
    if left:
        budget = figures.amount("summary", "pair_budget")
        text = f"up to {left:,} pairs of large blocks were not compared: the budget is {budget:,} pairs"
        share = left / (left + compared)
        yield Obstacle(
            "uncovered_pairs", text, left, "pairs", share, "cxid report --section blocking", "match.pairs_per_record"
        )


def _model_age(figures: Figures) -> Iterator[Obstacle]:
    changed, learned = (figures.amount("summary", f) for f in ("changed_since_learned", "learned_records"))
    if learned and changed / learned > _MOST_CHANGED:
        text = f"{changed:,} records changed since the linkage was learned from {learned:,}"
        yield Obstacle("old_model", text, changed, "records", min(changed / learned, 1.0), "cxid build --refit")


def _unchecked(figures: Figures) -> Iterator[Obstacle]:
    """Nobody has said of any pair whether it is right: precision is the model's own word."""
    rows = figures.rows("joins")
    joined = sum(whole(r["pairs"]) for r in rows if r["label"] == "merged")
    if joined and all(r["decided_by"] != "decision" for r in rows):
        text = f"none of the {joined:,} joined pairs was checked by people: precision is the model's own estimate"
        yield Obstacle("unchecked", text, joined, "pairs", 0.0, "cxid eval --sample 200 --out sample.csv")


def _guards(figures: Figures) -> Iterator[Obstacle]:
    refused: dict[str, int] = {}
    for r in figures.rows("guards"):
        refused[r["label"]] = refused.get(r["label"], 0) + whole(r["refused"])
    keys = {"never_merge": "match.never_merge_if", "one_per_source": "match.one_per_source",
            "group_size": "match.max_group", "hub": "match.hub_limit"}  # fmt: skip
    for guard, number in refused.items():
        if guard != "decision":
            text = f"{counted(number, 'merge')} refused by {GUARDS.get(guard, guard)}"
            yield Obstacle("refused_merges", text, number, "merges", 0.0, "cxid review", keys.get(guard, ""))


def _hubs(figures: Figures) -> Iterator[Obstacle]:
    """Identifiers that would join people, and are carried by too many of them."""
    for r in figures.rows("hubs"):
        if r["reason"] == "shared":
            number, most = whole(r["identifiers"]), whole(r["most_people"])
            text = (
                f"{counted(number, 'value')} of {r['label']} carried by too many people to name anybody, up to {most:,}"
            )
            yield Obstacle(
                "shared_identifiers",
                text,
                number,
                "identifiers",
                0.0,
                "cxid report --section guards",
                "match.hub_limit",
            )


# ---- sources ----------------------------------------------------------------------------------------------


def _ownerless(figures: Figures) -> Iterator[Obstacle]:
    """Events without a customer, by source, with the reason that most of them have."""
    every = figures.amount("funnel", "events")
    lost: dict[str, list[Row]] = {}
    for r in figures.rows("ownerless"):
        lost.setdefault(r["label"], []).append(r)
    of_source = {r["label"]: whole(r["events"]) for r in figures.rows("events")}
    for source, rows in lost.items():
        number, own = sum(whole(r["events"]) for r in rows), of_source.get(source, 0)
        if not own or number / own < _TELLING:
            continue
        first = max(rows, key=lambda r: (whole(r["events"]), r["reason"]))
        part = whole(first["events"]) / number
        who = "all" if part == 1 else f"{part:.0%}"
        reason = OWNERLESS.get(first["reason"], first["reason"])
        text = f"events of {source} without a customer: {number:,} of {own:,}, {who} of which {reason}"
        key = "match.hub_limit" if first["reason"] == "names_nobody" else f"sources.{source}.ids"
        yield Obstacle("ownerless_events", text, number, "events", number / every, "cxid report --section events", key)


def _strangers(figures: Figures) -> Iterator[Obstacle]:
    """Sources that share next to no customer with any other."""
    rows = [r for r in figures.rows("contributions") if whole(r["customers"])]
    every = figures.amount("funnel", "known customers") + figures.amount("funnel", "anonymous visitors")
    if len(rows) < 2:
        return
    for r in rows:
        customers, shared = whole(r["customers"]), whole(r["customers"]) - whole(r["only_here"])
        if shared / customers < _TELLING:
            what = "none" if not shared else f"only {shared:,}"
            text = f"of the {customers:,} customers of {r['label']} {what} are known to another source"
            key = f"sources.{r['label']}.{'columns' if whole(r['records']) else 'ids'}"
            share = customers / max(every, customers)
            yield Obstacle("strange_source", text, customers, "customers", share, "cxid report --section overlap", key)


def _rejected(figures: Figures) -> Iterator[Obstacle]:
    """Rejected rows by reason, with the option of the source that has most of them; what is little in one line."""
    every = figures.amount("funnel", "rows")
    by_reason: dict[str, dict[str, int]] = {}
    for r in figures.rows("quarantine"):
        if r["reason"] not in _HARMLESS:
            sources = by_reason.setdefault(r["reason"], {})
            sources[r["label"]] = sources.get(r["label"], 0) + whole(r["amount"])
    counts = sorted(((reason, sum(s.values())) for reason, s in by_reason.items()), key=lambda c: (-c[1], c[0]))
    little = [(reason, number) for reason, number in counts if number < _SMALL * every]
    for reason, number in counts:
        if (reason, number) not in little:
            ordered = sorted(by_reason[reason].items(), key=lambda s: (-s[1], s[0]))
            text = f"{counted(number, 'row')} in quarantine for {reason}: {_named(ordered)}"
            yield _quarantine(text, number, every, f"sources.{ordered[0][0]}.{_OPTIONS.get(reason, '')}".rstrip("."))
    if little:
        number = sum(n for _, n in little)
        harmless = sum(whole(r["amount"]) for r in figures.rows("quarantine") if r["reason"] in _HARMLESS)
        beside = f"; beside them {harmless:,} that repeat another row" if harmless else ""
        yield _quarantine(f"{counted(number, 'row')} in quarantine: {_named(little)}{beside}", number, every, "")


def _quarantine(text: str, number: int, every: int, key: str) -> Obstacle:
    return Obstacle("quarantine", text, number, "rows", number / max(every, number), _QUARANTINE, key)


def _named(counts: Sequence[tuple[str, int]]) -> str:
    more = f" and {len(counts) - _NAMED} more" if len(counts) > _NAMED else ""
    return ", ".join(f"{name} {number:,}" for name, number in counts[:_NAMED]) + more


def _bits(figures: Figures, name: str) -> float:
    return figures.amount("summary", name) / _MICRO


_FINDERS: tuple[Callable[[Figures], Iterator[Obstacle]], ...] = (
    _trust, _target, _doubts, _lacking, _uncovered, _model_age, _guards, _hubs, _unchecked, _ownerless, _strangers,
    _rejected,
)  # fmt: skip
