"""One project as an object: each command of the command line as a method, with answers as values."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Unpack, overload

from cxid import api, demo
from cxid.api.check import Findings, check
from cxid.api.deciding import Decided, Signature
from cxid.api.diff import Diff, Wanted, diff
from cxid.api.docs import docs
from cxid.api.doctor import Checks
from cxid.api.doctor import doctor as find_trouble
from cxid.api.evaluate import (
    DecisionEvaluation,
    Sample,
    SampleEvaluation,
    Truth,
    TruthEvaluation,
    evaluate_by_decisions,
    evaluate_by_truth,
    evaluate_sample,
    sample,
)
from cxid.api.export import Export, Selection, export, select
from cxid.api.find import Customers, find
from cxid.api.history import Cleaning, Runs, rollback, runs, tidy
from cxid.api.identify import identify, open_identifier
from cxid.api.init import Guessing, Initialised
from cxid.api.init import init as init_project
from cxid.api.link import link
from cxid.api.pin import pin
from cxid.api.query import Rows, query
from cxid.api.report import Report, report
from cxid.api.review import Asked, Doubts, Imported, Review, answer, import_review, review
from cxid.api.showing import show
from cxid.api.simulate import Options, Simulation, simulate
from cxid.api.unlink import Splitting, unlink
from cxid.api.why import CustomerWhy, PairWhy, why
from cxid.building import Means
from cxid.built import BuildResult
from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.config.schema import config_schema
from cxid.customer_page.model import CustomerPage
from cxid.demo import DemoSummary
from cxid.exporting.model import Exported
from cxid.identify.asking import Identifier
from cxid.identify.model import Answer
from cxid.notebook import Shown, Table
from cxid.planning import PlanResult
from cxid.runs.publish import KEEP_RUNS
from cxid.runs.rollback import Rollback

AnyPath = str | os.PathLike[str]


class Project(Shown):
    """A folder with its cxid.yml, opened by `cxid.open`.

    The config is read once, when the project is opened; nothing else is kept between calls, so that a project needs no
    closing and may be used from several threads. Every failure is a `cxid.CxidError`: `message` says what is wrong,
    `hint` what to do next. Nothing is printed.
    """

    def __init__(self, config: Config) -> None:
        self.config = config

    @property
    def folder(self) -> Path:
        """The folder of cxid.yml."""
        return self.config.root

    @property
    def headline(self) -> str:
        published = next((run for run in self.runs() if run.is_current), None)
        told = f"published: {published.run_id}" if published else "not built yet"
        return f"{self.config.project or self.folder.resolve().name}: {len(self.config.sources)} sources, {told}"

    def tables(self) -> Sequence[Table]:
        rows = ((name, source.kind, ", ".join(source.path)) for name, source in self.config.sources.items())
        return [Table("", ("source", "kind", "files"), rows)]

    # -- run ------------------------------------------------------------------------------------------------

    def check(self) -> Findings:
        """What config and files do not agree on, each with its line; empty when all is well. Matches nothing."""
        return check(self.config)

    def plan(self, *, force: bool = False, discard: bool = False, **means: Unpack[Means]) -> PlanResult:
        """What a build would do and change; nothing is published.

        `means` are those of `build`. The finished stages stay, so that a build of the same inputs has only to publish;
        with `discard` nothing stays. Raises as `build` does, but for limits: they are told in `verdicts`.
        """
        return api.plan(self.config, force=force, discard=discard, **means)

    def build(self, *, force: bool = False, **means: Unpack[Means]) -> BuildResult:
        """Resolve the customers and publish the outputs; status `unchanged` when nothing changed since the last build.

        `force` builds also then. `means`: as_of (2026-11-01), memory_limit (4GB), threads, observer (told of progress),
        accept (limits that may be passed this once), refit, full_refresh. Raises GateError where a limit of `checks`
        is passed, InputError, ResourceError, LockError while another build runs; what was published then stays.
        In the main thread Ctrl-C and SIGTERM stop the build, which raises Interrupted or Terminated.
        """
        return api.build(self.config, force=force, **means)

    # -- look -----------------------------------------------------------------------------------------------

    def report(self, run: str | None = None) -> Report:
        """What the published run did, or another one: verdict, obstacles, figures; `.to_html(path)` is the page."""
        return report(self.config, run)

    def show(self, reference: str, *, events: int = 20, masked: bool = False, run: str | None = None) -> CustomerPage:
        """One customer on one page: cx_... (a former id too), source:key or field=value.

        `events` is how many of the last touchpoints it has; `masked` hides most of each personal value. Raises
        AmbiguousReference where several customers fit.
        """
        return show(self.config, reference, events=events, masked=masked, run=run)

    def why(
        self, reference: str, other: str | None = None, *, masked: bool = False, run: str | None = None
    ) -> PairWhy | CustomerWhy:
        """Why two records are one customer or not; with one reference, how its customer holds together.

        Of two customers the strongest pair between them is explained.
        """
        return why(self.config, reference, other, masked=masked, run=run)

    def find(self, text: str, *, limit: int = 20) -> Customers:
        """Customers whose golden values, identifiers or record keys hold every word of `text`, the best first."""
        return find(self.config, text, limit=limit)

    def diff(self, before: str | None = None, after: str | None = None, **wanted: Unpack[Wanted]) -> Diff:
        """What differs between two runs, and why the figures do; the published run and the one before by default.

        `wanted`: moves (10 are listed), values (golden values that flipped), masked.
        """
        return diff(self.config, before, after, **wanted)

    def query(self, sql: str) -> Rows:
        """The rows of one SELECT over the published tables; `.arrow()` is the Arrow table, iteration gives tuples.

        Nothing else on this machine can be read or written. Raises UsageError with the engine's words for wrong SQL.
        """
        return query(self.config, sql)

    def identify(
        self, question: Mapping[str, Any], *, sure: float = 0.9, columns: Sequence[str] | None = None
    ) -> Answer:
        """Who has these identifiers and attributes: {"email": "ann@example.com"}, {"record": "crm:1042"}.

        `sure` is the confidence that names one customer, `columns` are those of profile and golden record to give. For
        many questions keep one `identifier()` open.
        """
        return identify(self.config, question, sure=sure, columns=columns)

    def identifier(self, *, sure: float = 0.9, columns: Sequence[str] | None = None) -> Identifier:
        """Answers many questions: `with project.identifier() as who: who.ask({"phone": "+44 20 7946 0000"})`."""
        return open_identifier(self.config, sure=sure, columns=columns)

    def simulate(self, trigger: str, **options: Unpack[Options]) -> Simulation:
        """A trigger replayed at past days with what was known then, and its effect where a trial allows one.

        `options`: at (past days), replays (3), window (days), when (another condition), detect (2.0 points).
        """
        return simulate(self.config, trigger, **options)

    # -- decide ---------------------------------------------------------------------------------------------

    def review(self, **wanted: Unpack[Doubts]) -> Review:
        """Pairs in doubt as questions, what is expected to put most records right first; answer them with `answer`.

        `wanted`: limit (100), audit (share drawn at random, 0.2), source, masked. `.to_csv(path)` writes a sheet for
        people, whose answers `import_review` takes in.
        """
        return review(self.config, **wanted)

    def answer(
        self, asked: Asked, said: Literal["same", "different", "unsure"], **signature: Unpack[Signature]
    ) -> Decided:
        """Answer a question of `review`; it is written to decisions.csv, and the next build obeys it."""
        return answer(self.config, asked, said, **signature)

    def import_review(self, path: AnyPath, **signature: Unpack[Signature]) -> Imported:
        """The answers of a sheet into decisions.csv, all or none. Raises ConfigError with every line at fault."""
        return import_review(self.config, Path(path), **signature)

    def link(self, *references: str, **signature: Unpack[Signature]) -> Decided:
        """Decide that records are one person; `signature`: who, when, reason, dry_run."""
        return link(self.config, *references, **signature)

    def unlink(self, *references: str, **how: Unpack[Splitting]) -> Decided:
        """Decide that records are different people: of two references, or of one customer that is split.

        `how`: apart (records that are somebody else), keep, parts (a CSV file), each, together; and a signature.
        """
        return unlink(self.config, *references, **how)

    def pin(self, reference: str, values: Mapping[str, str], **signature: Unpack[Signature]) -> Decided:
        """Decide golden values: `project.pin("crm:1042", {"email": "ann@example.com"}, reason="she called")`."""
        return pin(self.config, reference, values, **signature)

    @overload
    def evaluate(self, truth: AnyPath, **how: Unpack[Truth]) -> TruthEvaluation: ...

    @overload
    def evaluate(self, truth: None = None, **how: Unpack[Truth]) -> DecisionEvaluation: ...

    def evaluate(self, truth: AnyPath | None = None, **how: Unpack[Truth]) -> TruthEvaluation | DecisionEvaluation:
        """How good the published build is: against a file of truth, or without it against decisions.csv.

        `how`: source_column, key_column, entity_column (found by name), known_only, errors (10 of each kind).
        """
        if truth is not None:
            return evaluate_by_truth(self.config, Path(truth), **how)
        return evaluate_by_decisions(self.config, errors=how.get("errors", 10))

    def sample(self, size: int, *, groups: bool = False, seed: int = 1, values: str = "none") -> Sample:
        """Pairs, or customers with `groups`, for people to look at; `evaluate_sample` reads what they found.

        `values` of the records: none, masked or plain.
        """
        return sample(self.config, size, groups=groups, seed=seed, values=values)

    def evaluate_sample(self, path: AnyPath) -> SampleEvaluation:
        """What people found in a sample, as estimates of the whole build with 95% intervals."""
        return evaluate_sample(Path(path))

    # -- operate --------------------------------------------------------------------------------------------

    def runs(self) -> Runs:
        """The runs of this project, the newest first."""
        return runs(self.config)

    def rollback(self, run: str | None = None) -> Rollback:
        """Publish an earlier run again: the one named, or the last before the published one."""
        return rollback(self.config, run)

    def clean(self, *, keep: int = KEEP_RUNS, yes: bool = False) -> Cleaning:
        """What may go from .cxid when `keep` published runs stay; with `yes` it is removed."""
        return tidy(self.config, keep=keep, yes=yes)

    def select(self, **wanted: Unpack[Selection]) -> Rows:
        """Customers for another system as rows: those who agreed to `purpose` (and `channel`), or `no_purpose=True`.

        `wanted`: columns, where, masked, key (of pseudonyms), as_of.
        """
        return select(self.config, **wanted)

    def export(self, to: AnyPath, file: Export | None = None, **wanted: Unpack[Selection]) -> Exported:
        """The same into a .csv, .parquet or .jsonl file, as a whole or not at all; counts say who was left out.

        `file`: {"delta": name} writes what changed since the last export of that name.
        """
        return export(self.config, Path(to), file or {}, wanted)

    def docs(self, *, location: str | None = None) -> str:
        """The text of a sources.yml for dbt: every published table and column with its meaning and tests."""
        return docs(self.config, location=location)


def open(folder: AnyPath = ".", target: str | None = None) -> Project:
    """The project in a folder (or of a config file), with this part of `targets` laid over its config.

    Raises ConfigError with every fault of cxid.yml at its line, UsageError where there is no config.
    """
    return Project(load_config(Path(folder), target))


def init(folder: AnyPath = ".", *data: AnyPath, **how: Unpack[Guessing]) -> Initialised:
    """Look at data files (the folder's own when none are named) and write its cxid.yml, with the evidence for it.

    `how`: country (two letters, when the data does not show it), name, force (write over a cxid.yml), observer.
    Raises UsageError where there is a config already, or no data.
    """
    return init_project(Path(folder), [Path(path) for path in data], **how)


def doctor(folder: AnyPath = ".", target: str | None = None) -> Checks:
    """This machine and the project in a folder, if there is one, checked for trouble, with what to do about it."""
    return find_trouble(Path(folder), target)


def schema() -> dict[str, Any]:
    """The JSON Schema of cxid.yml."""
    return config_schema()


def write_demo(folder: AnyPath = "cxid-demo", *, people: int = 2000, seed: int = 1) -> DemoSummary:
    """Write a sample company, its truth and its config; the same `people` and `seed` give the same files.

    Files of the same names are overwritten. `people`: 50 to 9,000,000.
    """
    return demo.write_demo(Path(folder), people=people, seed=seed)
