"""The model of the published run, and whether this build keeps it or learns anew.

A model that is learned in every build moves every weight a little with every new row, and customers that hang on a
doubtful pair come and go with it. So what is learned is kept: blocking rules, bands of values, weights, the share of
records with rivals, what decisions taught, where the cut is. It is learned anew when the question is another one
(fields, rules, sources), when a tenth of the records are other ones, when the model was not trusted, or when somebody
asks. A model that was trusted still stays where the one that is learned anew would not be: thousands of test accounts
teach that a name makes a person. All of that is told by tables of the published run: the same inputs after the same run
give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.runs.home import run_number
from cxid.sql import load
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Rule
from cxid.stages.link.estimate.gate import Gate, Status
from cxid.stages.link.levels import Comparison, comparisons, origin
from cxid.stages.link.target import Cut

EARLIER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "kept_summary": ("link_summary", ()),
    "kept_rule": ("blocking_rule", ("rule_no", "rule", "pairs")),
    "kept_field": ("link_field", ()),
    "kept_source": ("link_source", ()),
    "kept_band": ("link_band", ()),
    "kept_class": ("link_class", ()),
    "kept_tie": ("link_tie", ()),
    "kept_alone": ("link_alone", ()),
    "kept_taught": ("link_taught", ()),
    "kept_record": ("record", ("source", "record_key", "row_digest")),
    "kept_decision": ("decision", ("action", "source_a", "record_key_a", "source_b", "record_key_b")),
}
"""Table here -> (table of the published run, the columns of it that are needed; () for all)."""

_MOST_CHANGED = 0.1  # of the records, or of the decisions, that a model was learned from


@dataclass(frozen=True)
class Wanted:
    """What this build would learn for: a digest of what learning depends on, and whether learning anew is asked for."""

    basis: str = ""
    refit: bool = False


@dataclass(frozen=True)
class Kept:
    """A model that is kept, by the figures of the run before, and what changed since it was learned."""

    figures: Mapping[str, str]
    changed: int  # records that came, went or are other ones, over all builds since
    redecided: int  # decisions that came or went, over all builds since
    rules: tuple[str, ...]
    idle: frozenset[int]  # rules that proposed nothing: most were left out to stay within the budget
    compared: tuple[str, ...]  # names of the fields, in the order of the pattern
    instead: str = ""  # why it stays although it was time for another

    @property
    def records(self) -> int:
        """Those that the model was learned from."""
        return int(self.figures["learned_records"])

    @property
    def learned_in(self) -> str:
        return self.figures["learned_in"]

    @property
    def words(self) -> str:
        share = 100 * self.changed / max(self.records, 1)
        why = f"; {self.instead}" if self.instead else ""
        return f"kept from {self.learned_in} (learned on {self.records:,} records; {share:.1f} % changed since{why})"

    @property
    def is_taught_anew(self) -> bool:
        """Whether so many decisions changed that what they teach is asked again."""
        return self.redecided > _MOST_CHANGED * int(self.figures["learned_decisions"])

    @cached_property
    def gate(self) -> Gate:
        """The verdict on the model when it was learned."""
        checked = self.figures["checked_precision"]
        precision = None if checked == "unknown" else float(checked)
        bar = int(self.figures["caution_micro_bits"]) / 1_000_000
        return Gate(Status(self.figures["status"]), precision, bar, self.figures["reason"])

    def cut(self, target: float) -> Cut | None:
        """Where the cut was put for this precision; None where it was put for another, or for none."""
        figures = self.figures
        if figures.get("target_precision") != f"{target:g}":
            return None
        lost, reached = figures["expected_recall_lost"], figures["target_reached"] == "yes"
        return Cut(
            int(figures["cut_micro_bits"]) / 1_000_000, target, 0.0 if lost == "unknown" else float(lost), reached
        )

    def comparisons(self, fields: Sequence[Field]) -> tuple[Comparison, ...]:
        by_name = {f.name: f for f in fields}
        told = tuple(by_name[name] for name in self.compared if name in by_name)
        return (*comparisons(told), *((origin(),) if len(told) < len(self.compared) else ()))

    def blocking(self, atoms: Sequence[Atom]) -> list[Rule]:
        by_name = {a.name: a for a in atoms}
        return [Rule(tuple(by_name[name] for name in words.split(" + ")), 0.0) for words in self.rules]


def run_word(run_id: str) -> str:
    """A run as people call it: r0003."""
    return f"r{run_number(run_id):04d}"


def find_kept(ctx: StageContext, wanted: Wanted) -> tuple[Kept | str, Kept | None]:
    """The model of the published run, or why one is to be learned; and the one to go back to if that is not trusted."""
    told = _find(ctx, wanted)
    if isinstance(told, str):
        return told, None
    share = told.changed / max(told.records, 1)
    if share > _MOST_CHANGED:
        return f"{100 * share:.1f} % of the records changed since {told.learned_in}", told
    return told, told


def _find(ctx: StageContext, wanted: Wanted) -> Kept | str:
    """The model of the published run where it answers the same question, however much changed."""
    engine = ctx.engine
    known = engine.tables()
    if not any(name in known for name in EARLIER):
        return "the first build"
    if wanted.refit:
        return "asked for by --refit"
    if not ({*EARLIER} | {"record"}) <= known:
        return "the run before has none that can be kept"
    figures = {r["name"]: r["value"] for r in engine.fetch("SELECT name, value FROM kept_summary").to_pylist()}
    if "learned_in" not in figures:
        return "the run before had none"
    if figures["model_basis"] != wanted.basis:
        return "fields, rules or the program changed"
    return _still_good(engine, figures)


def _still_good(engine: Engine, figures: Mapping[str, str]) -> Kept | str:
    """The model, unless its data or its standing say otherwise."""
    if figures["status"] == Status.NOT_IDENTIFIED:
        return f"that of {figures['learned_in']} was {Status.NOT_IDENTIFIED.value.replace('_', ' ')}"
    if sources := _moved_sources(engine):
        return f"sources came or went: {', '.join(sources)}"
    engine.run("link_changed", load("link", "changed"))
    now = engine.fetch("SELECT records, decisions FROM link_changed").to_pylist()[0]
    engine.drop("link_changed")
    changed = now["records"] + int(figures["changed_since_learned"])
    rules = engine.fetch("SELECT rule, pairs FROM kept_rule ORDER BY rule_no").to_pylist()
    fields = engine.fetch("SELECT field FROM kept_field ORDER BY field_no")
    return Kept(
        figures,
        changed,
        now["decisions"] + int(figures["decisions_changed"]),
        tuple(r["rule"] for r in rules),
        frozenset(i for i, r in enumerate(rules) if not r["pairs"]),
        tuple(fields.column("field").to_pylist()),
    )


def _moved_sources(engine: Engine) -> list[str]:
    """Names of the sources that have records now and had none, or the other way round."""
    now = "SELECT DISTINCT source FROM record_norm"
    found = engine.fetch(
        f"SELECT coalesce(n.source, k.source) AS source FROM ({now}) n FULL OUTER JOIN kept_source k "
        "ON n.source = k.source WHERE n.source IS NULL OR k.source IS NULL ORDER BY source"
    )
    return list(found.column("source").to_pylist())


def take_over(engine: Engine, names: Sequence[str], orders: Sequence[str]) -> None:
    """Tables of the kept model as tables of this run, each in the order of its columns named."""
    for name, order in zip(names, orders, strict=True):
        sorted_by = ", ".join(quote(c) for c in order.split())
        engine.run(f"link_{name}", f"SELECT * FROM kept_{name} ORDER BY {sorted_by}")


def learned_figures(ctx: StageContext, wanted: Wanted, told: Kept | str) -> dict[str, str]:
    """What link_summary says of how old the model is, for people and for the builds to come."""
    if isinstance(told, Kept):
        return {
            "model": told.words,
            "model_basis": wanted.basis,
            "learned_in": told.learned_in,
            "learned_records": str(told.records),
            "changed_since_learned": str(told.changed),
        }
    return {
        "model": f"learned: {told}",
        "model_basis": wanted.basis,
        "learned_in": run_word(ctx.run_id),
        "learned_records": str(ctx.engine.count("record_norm")),
        "changed_since_learned": "0",
    }


def decided(engine: Engine) -> int:
    """Links and unlinks of this build."""
    if "decision" not in engine.tables():
        return 0
    return int(engine.scalar("SELECT count(*) FROM decision WHERE action IN ('link', 'unlink')"))
