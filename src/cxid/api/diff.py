"""Two runs compared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxid.api.history import choose_runs
from cxid.api.published import Published, reading
from cxid.config.fields import golden_fields
from cxid.config.model import Config
from cxid.diff.ask import Ask
from cxid.diff.comparing import compare
from cxid.diff.document import diff_document
from cxid.diff.model import RunDiff
from cxid.diff.opening import open_engine
from cxid.notebook import Document, Table


class Wanted(TypedDict, total=False):
    """What a comparison lists: so many `moves` (10), golden `values` that flipped (no), and these `masked` (no)."""

    moves: int
    values: bool
    masked: bool


class Diff(Document, RunDiff):
    """Two runs compared: what went in, who is who, golden values, the matching, the bridge of KPIs."""

    __repr__ = Document.__repr__

    @property
    def headline(self) -> str:
        told = self.identity.customers
        changes = [f"{n:,} {what}" for what, n in (("created", told.created), ("split", told.split),
                   ("merged", told.merged), ("retired", told.retired)) if n]  # fmt: skip
        words = ", ".join(changes) or ("the same customers" if self.is_changed else "nothing differs")
        return f"{self.before.run_id} to {self.after.run_id}: {words}"

    def to_dict(self) -> dict[str, Any]:
        """The document of docs/reference/diff.md."""
        fields = self.golden.fields if self.golden else ()
        shown = any((e.before, e.after) != (None, None) for f in fields for e in f.examples)
        return diff_document(self, with_values=shown)

    def tables(self) -> Iterable[Table]:
        c = self.identity.customers
        yield Table("Customers", ("before", "created", "split", "merged", "retired", "after"),
                    [(c.before, c.created, c.split, c.merged, c.retired, c.after)])  # fmt: skip
        changed = (s for s in self.inputs.sources if s.is_changed)
        sources = ((s.source, s.rows_before, s.rows_after, s.added, s.removed, s.changed) for s in changed)
        yield Table("Rows of the sources", ("source", "before", "after", "added", "removed", "changed"), sources)
        moves = ((m.event, m.customer_id, m.other_customer_id, m.records, m.cause) for m in self.identity.moves)
        yield Table("Largest moves", ("what", "customer", "other", "records", "cause"), moves)
        golden = self.golden.fields if self.golden else ()
        fields = ((f.field, f.had, f.flipped, f.gained, f.lost) for f in golden if f.flipped or f.gained or f.lost)
        yield Table("Golden values", ("field", "had", "flipped", "gained", "lost"), fields)
        kpis = ((k.name, k.before.value, k.behaviour, k.identity, k.after.value) for k in self.bridge if k.is_changed)
        yield Table("KPIs", ("kpi", "before", "by behaviour", "by identity", "after"), kpis)


def diff(config: Config, before: str | None = None, after: str | None = None, **wanted: Unpack[Wanted]) -> Diff:
    """What differs between two runs, by default the published one and the one before it."""
    runs = choose_runs(config, before, after)
    ask = Ask(
        moves=wanted.get("moves", 10),
        with_values=wanted.get("values", False),
        masked=wanted.get("masked", False),
        currency=config.profile.currency or "",
        types={s: f.type for f in golden_fields(config.sources) for s in f.slots},
    )
    named = Published(" or ".join(run.name for run in runs), Path(), Path(), {})
    with reading(named, lambda _: open_engine(*runs, ask.memory)) as engine:
        return Diff(**vars(compare(engine, *runs, ask)))
