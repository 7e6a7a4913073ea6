"""The config held against its files: what `cxid check` finds before anything is matched.

Each source is read in earnest, alone, into a scratch database, so that a finding is what a build would meet.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from ruamel.yaml import YAML

from cxid.codes import FINDINGS, REASONS
from cxid.config.decisions import FILE_NAME, read_decisions
from cxid.config.fields import field_type, record_fields
from cxid.config.model import Column, Config, EnrichmentSource, PeopleSource, Source
from cxid.config.places import Path as KeyPath
from cxid.config.places import Places
from cxid.engine.base import Engine, quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ConfigError, CxidError, ErrorCode, ExitCode, InputError, Interrupted, Terminated, UsageError
from cxid.model import FieldType
from cxid.runs.home import Home
from cxid.runs.publish import OutputLink
from cxid.runs.signals import StopRequest, stoppable
from cxid.stages import sources as sources_stage
from cxid.stages.context import Silent, StageContext
from cxid.triggering import HINT as TRIGGERS_HINT
from cxid.triggering import trigger_problems

# A birth date that does not fit its format is kept as written, so no row is lost: past half it is no accident.
_MISFITS_ERROR, _MISFITS_WARNING = Decimal("0.5"), Decimal("0.05")
_NO_ROWS = "no source has a row of data"  # said of one source alone it is no error: its siblings may have rows
_KEYS_OF_REASONS = {
    "duplicate_key": "key", "missing_key": "key", "bad_time": "time", "missing_time": "time", "bad_number": "amount",
}  # fmt: skip


class Severity(StrEnum):
    ERROR = "error"  # a build would stop, or give something that nobody wants
    WARNING = "warning"  # a build would run; look at it


@dataclass(frozen=True)
class Finding:
    """One thing that config and files do not agree on; line and column of the config, 0 where unknown."""

    severity: Severity
    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.INPUT
    code: str = ""  # one of cxid.codes


def check_config(config: Config) -> list[Finding]:
    """Everything that a build of `config` would stumble over, in the order of the config file."""
    with stoppable(hint="run `cxid check` again", left="") as stop:
        checker = _Checker(config, stop)
        found = [finding for name, source in config.sources.items() for finding in checker.source(name, source)]
    found += [*checker.outputs(), *checker.decisions(), *checker.triggers()]
    return sorted(found, key=lambda f: (f.file == FILE_NAME, f.line, f.column, f.message))


class _Checker:
    def __init__(self, config: Config, stop: StopRequest) -> None:
        self._config, self._stop = config, stop
        self._places = Places(YAML(typ="rt").load(config.file.read_text(encoding="utf-8-sig")))

    def source(self, name: str, source: Source) -> Iterator[Finding]:
        """Read one source and say what is wrong with it."""
        with tempfile.TemporaryDirectory(prefix="cxid-check-") as scratch:
            engine = DuckDBEngine(temp_dir=Path(scratch) / "spill")
            reporter = Silent()
            ctx = StageContext(engine=engine, work_dir=Path(scratch), reporter=reporter, run_id="")
            self._stop.watch(engine)
            try:
                yield from self._read(name, source, ctx)
                for code, message in reporter.warnings:
                    if code == "no_rows" and isinstance(source, PeopleSource):
                        continue  # told as the error that it is
                    yield replace(self._finding(("sources", name), Severity.WARNING, message), code=code)
            finally:
                engine.close()

    def _read(self, name: str, source: Source, ctx: StageContext) -> Iterator[Finding]:
        """What reading the source says; after the limit on rejected rows was passed its tables are all there."""
        over = None
        try:
            sources_stage.run(ctx, sources={name: source}, root=self._config.root, checks=self._config.checks)
        except (Interrupted, Terminated):
            raise
        except CxidError as error:
            if "quarantine" not in ctx.engine.tables() or not ctx.engine.count("quarantine"):
                if error.message != _NO_ROWS or len(self._config.sources) == 1:
                    yield self._failed(name, source, error)
                return
            over = error
        if isinstance(over, InputError):
            yield self._failed(name, source, over)  # the one cause behind most of it
        else:
            yield from self._refused(name, source, ctx.engine, over is not None)
        if isinstance(source, PeopleSource):
            yield from self._dates(name, source, ctx.engine)

    def _finding(
        self, path: KeyPath, severity: Severity, message: str, hint: str = "", exit_code: ExitCode = ExitCode.INPUT
    ) -> Finding:
        place = self._places.locate(path, message, on_key=False)
        return Finding(severity, self._config.file.name, place.line, place.column, place.path, message, hint, exit_code)

    def _failed(self, name: str, source: Source, error: CxidError) -> Finding:
        path = ("sources", name, *_named_column(source, error.message))
        found = self._finding(path, Severity.ERROR, error.message, error.hint, error.exit_code)
        return replace(found, code=str(error.code))

    def decisions(self) -> Iterator[Finding]:
        """What is wrong in decisions.csv, at its own lines."""
        try:
            read_decisions(self._config)
        except ConfigError as error:
            for problem in error.problems:
                yield Finding(
                    Severity.ERROR, FILE_NAME, problem.line, problem.column, "", problem.message, error.hint,
                    error.exit_code, str(error.code),
                )  # fmt: skip

    def triggers(self) -> Iterator[Finding]:
        """What is wrong with triggers and targets, each at its word."""
        for problem in trigger_problems(self._config):
            yield Finding(
                Severity.ERROR, self._config.file.name, problem.line, problem.column, problem.path, problem.message,
                TRIGGERS_HINT, ExitCode.USAGE, str(ErrorCode.CONFIG),
            )  # fmt: skip

    def outputs(self) -> Iterator[Finding]:
        """What stands in the way of publishing."""
        home = Home(self._config.root.resolve())
        try:
            OutputLink(home.root / self._config.outputs.dir, home).check()
        except UsageError as error:
            said = error.message.removeprefix("outputs.dir: ")
            found = self._finding(("outputs", "dir"), Severity.ERROR, said, error.hint, error.exit_code)
            yield replace(found, code=str(error.code))

    def _refused(self, name: str, source: Source, engine: Engine, over: bool) -> Iterator[Finding]:
        """One finding for each reason that rows were refused for."""
        rows = int(engine.scalar("SELECT coalesce(sum(accepted), 0) FROM source_file"))
        refused = engine.fetch(
            "SELECT reason, field, count(*) AS n, min(file) AS file, min(line) AS line "
            "FROM quarantine GROUP BY reason, field ORDER BY reason, field"
        ).to_pylist()
        total = rows + sum(r["n"] for r in refused)
        limit = self._config.checks.quarantine_max if source.quarantine_max is None else source.quarantine_max
        for r in refused:
            about = f' in "{r["field"]}"' if r["field"] else ""
            key = _KEYS_OF_REASONS.get(r["reason"], "path")
            found = self._finding(
                ("sources", name, key),
                Severity.ERROR if over and r["reason"] != "duplicate_row" else Severity.WARNING,
                f"{r['n']} of {total} rows would be refused: {r['reason']}{about}, first at {r['file']}:{r['line']}"
                + (f"; {float(limit):.1%} may be" if over else ""),
                _as_hint(REASONS[r["reason"]][1]),
                ExitCode.GATE_FAILED,
            )
            yield replace(found, code=r["reason"])

    def _dates(self, name: str, source: PeopleSource, engine: Engine) -> Iterator[Finding]:
        """Birth dates that do not fit their format."""
        for field in record_fields({name: source}):
            column = source.columns[field.name]
            if field_type(field.name, column) is not FieldType.BIRTH_DATE:
                continue
            slot = quote(field.slots[0])
            given, fitting = (
                int(engine.scalar(f"SELECT count(*) FROM record WHERE {condition}"))
                for condition in (
                    f"{slot} IS NOT NULL",
                    f"regexp_matches({slot}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$')",
                )
            )
            misfits = given - fitting
            if given and misfits > _MISFITS_WARNING * given:
                severe = misfits >= _MISFITS_ERROR * given
                written = f"format {column.format}" if column.format else "YYYY-MM-DD"
                found = self._finding(
                    ("sources", name, "columns", field.name),
                    Severity.ERROR if severe else Severity.WARNING,
                    f'{misfits} of {given} values of "{column.from_[0]}" do not fit {written}',
                    _as_hint(FINDINGS["birth_date_format"][1]),
                    ExitCode.USAGE,
                )
                yield replace(found, code="birth_date_format")


def _as_hint(remedy: str) -> str:
    """A sentence of the reference as the words behind `next:`."""
    return remedy[:1].lower() + remedy[1:].rstrip(".")


def _named_column(source: Source, message: str) -> KeyPath:
    """The key of the source whose column the message names in quotes; its path when it names none."""
    for key in type(source).model_fields:
        value = getattr(source, key)
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        for inner, column in pairs:
            names = column.from_ if isinstance(column, Column) else column if key == "key" and column else ()
            if any(f'"{name}"' in message for name in names):
                return (key, inner) if inner else (key,)
    if isinstance(source, EnrichmentSource) and source.join_column and f'"{source.join_column}"' in message:
        return ("join_column",)
    return ("path",)


__all__ = ["Finding", "Severity", "check_config"]
