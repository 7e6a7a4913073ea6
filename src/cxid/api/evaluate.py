"""How good the published build is."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxid.api.published import opened
from cxid.config.decisions import decisions_file, read_decisions
from cxid.config.fields import record_fields
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, UsageError
from cxid.evaluate.against_decisions import DecisionReport, evaluate_decisions
from cxid.evaluate.against_truth import Question, TruthReport, evaluate_truth
from cxid.evaluate.document import decision_document, review_document, truth_document
from cxid.evaluate.intervals import Estimate
from cxid.evaluate.reviewed import ReviewReport, evaluate_review
from cxid.evaluate.sample import Wish, group_sample, pair_sample
from cxid.evaluate.sections import SECTIONS
from cxid.notebook import Document, Shown, Table
from cxid.privacy import csv_text, mask
from cxid.review.audit import audit_report
from cxid.review.decided import decided_records
from cxid.runs import disk


class Truth(TypedDict, total=False):
    """How a file of truth is read: its columns, found by their names when left out; errors listed of each kind (10).

    `known_only` leaves out records of the truth that the build does not have.
    """

    source_column: str | None
    key_column: str | None
    entity_column: str | None
    known_only: bool
    errors: int


class TruthEvaluation(Document, TruthReport):
    """The published build against a file of truth: pairwise and B-cubed measures, and where true pairs went."""

    __repr__ = Document.__repr__

    @property
    def headline(self) -> str:
        p = self.measures.pairs
        return f"precision {_share(p.precision)}, recall {_share(p.recall)}, F1 {_share(p.f1)} of pairs"

    def to_dict(self, sections: Sequence[str] = SECTIONS) -> dict[str, Any]:
        """The document that the command writes with `--format json`."""
        return truth_document(self, sections)

    def tables(self) -> Iterable[Table]:
        m, p = self.measures, self.measures.pairs
        yield Table("", ("", "precision", "recall", "F1"), [
            ("pairs", p.precision, p.recall, p.f1),
            ("B-cubed", m.bcubed_precision, m.bcubed_recall, m.bcubed_f1),
        ])  # fmt: skip
        yield Table("", ("records", "people", "customers", "pairs joined rightly", "wrongly", "missed"),
                    [(m.records, m.entities, m.customers, p.right, p.wrong, p.missed)])  # fmt: skip
        rules = ((r.rule, r.pairs, r.true_pairs, r.alone) for r in self.rules)
        yield Table("Blocking rules", ("rule", "scored pairs", "true pairs", "by it alone"), rules)


@dataclass(frozen=True, repr=False)
class DecisionEvaluation(Document, DecisionReport):
    """The published build against the links and unlinks of decisions.csv; `audit` is what a random sample says."""

    audit: ReviewReport | None = None

    @property
    def headline(self) -> str:
        p = self.scores
        return f"{self.links:,} links, {self.unlinks:,} unlinks: scores alone reach F1 {_share(p.f1)} of them"

    def to_dict(self, sections: Sequence[str] = SECTIONS) -> dict[str, Any]:
        """The document that the command writes with `--format json`."""
        document = decision_document(self, sections)
        if "measures" in sections:
            document["audit"] = None if self.audit is None else review_document(self.audit)
        return document

    def tables(self) -> Iterable[Table]:
        rows = ((name, c.precision, c.recall, c.f1) for name, c in
                (("customers, which obey decisions", self.customers), ("scores alone", self.scores)))  # fmt: skip
        yield Table("Of decided pairs", ("", "precision", "recall", "F1"), rows)
        if self.audit is not None:
            yield _estimates(self.audit)


class SampleEvaluation(Document, ReviewReport):
    """What a reviewed sample says of the whole build, with 95% intervals."""

    __repr__ = Document.__repr__

    @property
    def headline(self) -> str:
        return f"{self.seen:,} of {self.drawn:,} {self.unit} answered, of run {self.run_id}"

    def to_dict(self) -> dict[str, Any]:
        return review_document(self)

    def tables(self) -> Iterable[Table]:
        return [_estimates(self)]


@dataclass(frozen=True, repr=False)
class Sample(Shown):
    """Pairs, or customers, drawn for people to look at; `units` is how many there are."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str  # pairs or customers

    @property
    def units(self) -> int:
        return len({row[0] for row in self.rows})

    @property
    def headline(self) -> str:
        return f"{self.units:,} {self.unit} to review, {len(self.rows):,} rows"

    def tables(self) -> Iterable[Table]:
        return [Table("", self.header, self.rows)]

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str:
        """The sample as a sheet to fill in, for `evaluate_sample`; written to `path`, which must be new."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows([csv_text(value) for value in row] for row in self.rows)
        if path is not None:
            with disk.translated(Path(path)):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                    file.write(out.getvalue())
        return out.getvalue()


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _estimates(report: ReviewReport) -> Table:
    found: list[tuple[str, Estimate | None]] = [
        ("precision of pairs", report.precision), ("recall among scored pairs", report.recall),
        ("B-cubed precision of joined records", report.bcubed_precision),
        ("customers that hold one person only", report.pure),
    ]  # fmt: skip
    rows = ((name, e.value, e.low, e.high) for name, e in found if e is not None)
    return Table("", ("estimate", "value", "from", "to"), rows)


def evaluate_by_truth(config: Config, truth: Path, **how: Unpack[Truth]) -> TruthEvaluation:
    """The published build against a file that says which records are one person."""
    columns = {"source": how.get("source_column"), "key": how.get("key_column"), "entity": how.get("entity_column")}
    question = Question(
        truth, columns, how.get("errors", 10), how.get("known_only", False), config.match.one_per_source
    )
    with opened(config) as (_, engine):
        return TruthEvaluation(**vars(evaluate_truth(engine, question, _library)))


def evaluate_by_decisions(config: Config, *, errors: int = 10) -> DecisionEvaluation:
    """The published build, and its scores alone, against the pairs that people decided."""
    decisions = [d for d in read_decisions(config).rows if d.b is not None]
    if not decisions:
        raise UsageError(
            f"{decisions_file(config)}: no link and no unlink to measure against",
            hint="cxid eval TRUTH, or look at pairs: cxid review, cxid eval --sample 200 --out sample.csv",
        )
    with opened(config) as (_, engine):
        report = evaluate_decisions(engine, decisions, errors, _library)
    audit = audit_report(config.root, decided_records(decisions))
    return DecisionEvaluation(**vars(report), audit=audit)


def sample(config: Config, size: int, *, groups: bool = False, seed: int = 1, values: str = "none") -> Sample:
    """Pairs, or customers with `groups`, for people to look at: none, masked or plain of their values are shown."""
    if values not in ("none", "masked", "plain"):
        raise UsageError(f'--values "{values}" is not known', hint="none, masked or plain")
    with opened(config) as (published, engine):
        draw = group_sample if groups else pair_sample
        header, rows = draw(engine, Wish(size, seed, published.run_id, _shown(config, engine, values)))
        return Sample(tuple(header), tuple(tuple(row) for row in rows), "customers" if groups else "pairs")


def evaluate_sample(file: Path) -> SampleEvaluation:
    """What people found in a sample, as estimates of the whole build."""
    report = evaluate_review(file)
    if not report.seen:
        raise UsageError(
            f"{file}: nothing is answered yet",
            hint="fill in the second column of some rows",
            code=ErrorCode.SHEET_INVALID,
        )
    return SampleEvaluation(**vars(report))


def _shown(config: Config, engine: Engine, values: str) -> dict[str, Callable[[str], str]]:
    """Column of `record` -> what makes its values fit to show."""
    if values == "none":
        return {}
    columns = engine.columns("record")
    return {
        slot: str if values == "plain" else partial(mask, type_=field.type)
        for field in record_fields(config.sources)
        for slot in field.slots
        if slot in columns
    }


def _library() -> Any:
    """The measures of the recordlinkage library: it takes seconds to load, and only evaluations need it."""
    return import_module("cxid.evaluate.library")
