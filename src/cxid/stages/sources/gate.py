"""The limit on rejected rows, and the cause when most of a source falls to one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cxid.config.model import Checks, Column, PeopleSource
from cxid.errors import CxidError, ErrorCode, GateError, InputError
from cxid.files.rows import FILE_REASONS
from cxid.stages.context import StageContext
from cxid.stages.sources.advice import encoding_advice, epoch_format, first_bytes, legacy_encoding, time_formats
from cxid.stages.sources.expressions import Bindings, Expressions, number
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.reading import RAW, Ledger
from cxid.stages.sources.refusals import HARMLESS, REFUSED

_SAMPLE = 1_000
_HEAD = 1 << 20


class Gate:
    """Looks at each source after it was read; `close` raises what it found, when all tables are written."""

    def __init__(self, ctx: StageContext, checks: Checks) -> None:
        self._ctx, self._checks = ctx, checks
        self._problems: list[CxidError] = []
        self._over: list[str] = []  # sources over their limit for no one cause

    def look(self, located: LocatedSource, ledgers: Sequence[Ledger]) -> None:
        """Compare a source's rejected rows with its limit. RAW and REFUSED still hold the source."""
        counts = self._counts(ledgers)
        rows = sum(ledger.accepted + ledger.refused_rows + len(ledger.rejects) for ledger in ledgers)
        if not rows and isinstance(located.source, PeopleSource):
            # Events may be missing for a while; a register without a person in it is an export that failed.
            file = ledgers[0].file if len(ledgers) == 1 else f"{len(ledgers)} files"
            message = f"source {located.name}: a header and no rows in {file}"
            hint = f"export it again, or take source {located.name} out of the config"
            self._problems.append(InputError(message, hint=hint, code=ErrorCode.FILE_EMPTY))
        rejected = sum(n for reason, n in counts.items() if reason not in HARMLESS)
        own = located.source.quarantine_max
        limit = self._checks.quarantine_max if own is None else own
        self._ctx.reporter.log("sources.rejected", source=located.name, rejected=rejected, rows=rows)
        if rejected and Decimal(rejected) > limit * rows:
            self._problems.append(
                self._cause(located, ledgers, counts, rows) or self._gate(located, ledgers, counts, rows, limit)
            )

    def close(self) -> None:
        """Raise one error for all sources over their limit: InputError when a cause is known for one of them."""
        if not self._problems:
            return
        first = next((p for p in self._problems if isinstance(p, InputError)), self._problems[0])
        hints = list(dict.fromkeys(p.hint for p in self._problems if not isinstance(p, GateError)))
        if over := [p for p in self._problems if isinstance(p, GateError)]:
            sources = ", ".join(self._over)
            look = "`cxid check` says more"
            if self._ctx.run_id:
                look = f".cxid/runs/{self._ctx.run_id}/tables/quarantine.parquet lists every row"
            hints.append(f"mend the file{'s' * (len(over) > 1)}, or raise quarantine_max of {sources}; {look}")
        raise type(first)("\n".join(p.message for p in self._problems), hint="; ".join(hints), code=first.code)

    def _counts(self, ledgers: Sequence[Ledger]) -> dict[str, int]:
        """Reason -> rejected rows of a source."""
        found = self._ctx.engine.fetch(
            f"SELECT reason, count(*) AS n FROM {REFUSED} GROUP BY reason ORDER BY reason"
        ).to_pylist()
        counts = {row["reason"]: int(row["n"]) for row in found}
        for reason in FILE_REASONS:
            if n := sum(ledger.rejects.count(reason) for ledger in ledgers):
                counts[reason] = n
        for ledger in ledgers:
            for reason, n in ledger.reasons.items():
                counts[reason] = counts.get(reason, 0) + n
        return counts

    def _gate(
        self, located: LocatedSource, ledgers: Sequence[Ledger], counts: dict[str, int], rows: int, limit: Decimal
    ) -> GateError:
        rejected = sum(n for reason, n in counts.items() if reason not in HARMLESS)
        listed = ", ".join(
            f"{reason} {n}" for reason, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )
        file, line = self._first(ledgers)
        self._over.append(located.name)
        return GateError(
            f"source {located.name}: {rejected} of {rows} rows rejected "
            f"({rejected / rows:.1%}, limit {float(limit):.1%}): {listed}; the first at {file}:{line}"
        )

    def _first(self, ledgers: Sequence[Ledger]) -> tuple[str, int]:
        """File and line of the first rejected row."""
        refused = {
            r["file_no"]: r["line"]
            for r in self._ctx.engine.fetch(
                f"SELECT file_no, min(line) AS line FROM {REFUSED} WHERE reason <> 'duplicate_row' GROUP BY file_no"
            ).to_pylist()
        }
        for ledger in ledgers:
            lines = [
                *([min(ledger.rejects.lines)] if len(ledger.rejects) else []),
                *([refused[ledger.file_no]] if ledger.file_no in refused else []),
                *([ledger.first_refused] if ledger.first_refused else []),
            ]
            if lines:
                return ledger.file, min(lines)
        return ledgers[0].file, 1

    # -- causes -------------------------------------------------------------------------------------------

    def _cause(
        self, located: LocatedSource, ledgers: Sequence[Ledger], counts: dict[str, int], rows: int
    ) -> InputError | None:
        """An InputError that names the one cause behind most rejects, when it can be told."""
        if RAW not in self._ctx.engine.tables():  # every file is the one that the run before read
            return None
        reason, most = max(((r, n) for r, n in counts.items() if r not in HARMLESS), key=lambda item: item[1])
        if reason == "bad_encoding":
            return self._encoding(located, ledgers, most)
        if most * 2 <= rows:
            return None
        if reason == "bad_time":
            return self._time_format(located, most, rows)
        if reason == "bad_number":
            return self._decimal_sign(located, most, rows)
        return None

    def _encoding(self, located: LocatedSource, ledgers: Sequence[Ledger], most: int) -> InputError | None:
        file = next(f for f, ledger in zip(located.files, ledgers, strict=True) if ledger.rejects.count("bad_encoding"))
        if file.format == "parquet":
            return None
        head = first_bytes(file.path, _HEAD)
        other = encoding_advice(head, located.source.encoding) or legacy_encoding(head)
        return InputError(
            f"source {located.name}: {most} rows of {file.shown} are not valid {located.source.encoding}",
            hint=f"the bytes look like {other}: say encoding: {other} for source {located.name}",
            code=ErrorCode.ENCODING,
        )

    def _time_format(self, located: LocatedSource, most: int, rows: int) -> InputError | None:
        column = getattr(located.source, "time", None)
        if not isinstance(column, Column):
            return None
        make = Expressions(located.source, located.needed)
        text = make.text(column)
        clean = f"WITH clean AS ({make.clean(RAW)})"
        values = self._ctx.engine.fetch(
            f"{clean} SELECT {text} AS value FROM clean "
            f"WHERE row_no IN (SELECT row_no FROM {REFUSED} WHERE reason = 'bad_time') ORDER BY row_no LIMIT {_SAMPLE}",
            make.bindings.values,
        )
        sample = [v for v in values.column("value").to_pylist() if v]
        best = epoch_format(sample) or self._best_format(sample)
        written = f"format {column.format}" if column.format else "ISO 8601"
        if not best:
            return None
        return InputError(
            f'source {located.name}: {most} of {rows} values of "{"|".join(column.from_)}" do not fit {written}',
            hint=f'at least half of them fit {best}: say time: {{from: {column.from_[0]}, format: "{best}"}}',
            code=ErrorCode.VALUE_FORMAT,
        )

    def _best_format(self, sample: list[str]) -> str:
        """The format that most of the sample fits; '' when it is not half of it."""
        forms = time_formats(sample)
        if not forms or not sample:
            return ""
        bound = Bindings()
        counts = ", ".join(f"count(try_strptime(value, {bound.add(f)})) AS n{i}" for i, f in enumerate(forms))
        marks = ", ".join(f"({bound.add(v)})" for v in dict.fromkeys(sample))
        row = self._ctx.engine.fetch(
            f"SELECT {counts}, count(*) AS total FROM (VALUES {marks}) AS v (value)", bound.values
        ).to_pylist()[0]
        total = row.pop("total")
        best = max(range(len(forms)), key=lambda i: (row[f"n{i}"], -i))
        return forms[best] if row[f"n{best}"] * 2 >= total else ""

    def _decimal_sign(self, located: LocatedSource, most: int, rows: int) -> InputError | None:
        for name in ("amount", "score"):
            column = getattr(located.source, name, None)
            if not isinstance(column, Column):
                continue
            make = Expressions(located.source, located.needed)
            other = "," if column.decimal == "." else "."
            clean, text = make.clean(RAW), make.text(column)
            fits = self._ctx.engine.scalar(
                f"WITH clean AS ({clean}) SELECT count({number(text, other, 'DECIMAL(18,4)')}) FROM clean "
                f"WHERE row_no IN (SELECT row_no FROM {REFUSED} WHERE reason = 'bad_number')",
                make.bindings.values,
            )
            if fits * 2 >= most:
                return InputError(
                    f'source {located.name}: {most} of {rows} values of "{column.from_[0]}" '
                    f'are no numbers with decimal sign "{column.decimal}"',
                    hint=f'most fit the other sign: say {name}: {{from: {column.from_[0]}, decimal: "{other}"}}',
                    code=ErrorCode.VALUE_FORMAT,
                )
        return None
