"""What need not be normalised again: records that are as they were, while what all records taught is as it was.

A value is made comparable by itself, but for what is learned from whole columns: letters of genders, words that are
names, dates that forms fill in, the order of names, which hashes sources send. That is in table `norm_rule`. Where it
moved, any record may be another, and all are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.stages.context import StageContext

BEFORE: dict[str, str] = {
    f"earlier_{name}": name
    for name in ("norm_rule", "record_norm", "record_name", "record_identifier", "event_identifier")
}
_RECORDS, _FRESH = "norm_record", "norm_fresh"
_MOVED = """
SELECT count(*) FROM (
    (SELECT rule, about, value FROM norm_rule EXCEPT SELECT rule, about, value FROM earlier_norm_rule)
    UNION ALL
    (SELECT rule, about, value FROM earlier_norm_rule EXCEPT SELECT rule, about, value FROM norm_rule)
) AS moved
"""


def write_rules(engine: Engine, rules: Iterable[tuple[str, str, str]]) -> None:
    """Table `norm_rule`, in order."""
    columns = list(zip(*sorted(rules), strict=True)) or [(), (), ()]
    named = {name: pa.array(c, pa.string()) for name, c in zip(("rule", "about", "value"), columns, strict=True)}
    engine.load("norm_rule", pa.table(named))


@dataclass(frozen=True)
class Carried:
    """What is taken over: `records`, and what is made of them, are those that are made anew; else all of them."""

    engine: Engine
    some: bool = False

    @classmethod
    def of(cls, ctx: StageContext) -> Carried:
        """Once `norm_rule` is there: records that changed, or all of them."""
        engine = ctx.engine
        if not ctx.reused or engine.scalar(_MOVED):
            return cls(engine)
        engine.run(_RECORDS, "SELECT r.* FROM record AS r ANTI JOIN unchanged_record AS u ON u.record_no = r.record_no")
        return cls(engine, some=True)

    @property
    def records(self) -> str:
        return _RECORDS if self.some else "record"

    @property
    def norm(self) -> str:
        """Where `record_norm` of these records stands until `fill`."""
        return _FRESH if self.some else "record_norm"

    def write_names(self, sql: str) -> None:
        """Table `record_name` from the query over `records`, in order of record_no."""
        if self.some:
            sql = f"SELECT * FROM ({sql}) AS n UNION ALL {_renumbered('earlier_record_name', self._names)}"
        self.engine.run("record_name", f"SELECT * FROM ({sql}) AS m ORDER BY record_no")

    @property
    def _names(self) -> tuple[str, ...]:
        return ("given_name", "middle_name", "family_name")

    def fill(self) -> None:
        """Table `record_norm`: `norm` and the rows that are taken over, in order of record_no."""
        if self.some:
            others = [c for c in self.engine.columns(_FRESH) if c != "record_no"]
            self.engine.run(
                "record_norm",
                f"SELECT * FROM (SELECT * FROM {_FRESH} UNION ALL {_renumbered('earlier_record_norm', others)}) AS n "
                "ORDER BY record_no",
            )

    def ids(self, of: str) -> str:
        """Relation like `<of>_id` (record, event) with the rows that are made anew."""
        if not self.some or of not in _OLD:
            return f"{of}_id"
        name, (key, old) = f"norm_{of}_id", _OLD[of]
        self.engine.run(name, f"SELECT i.* FROM {of}_id AS i ANTI JOIN {old} AS u ON {key}")
        return name

    def add_ids(self, of: str) -> None:
        """The rows that are taken over to `<of>_identifier`."""
        if not self.some or of not in _OLD:
            return
        listed = ("id_type", "id_value")
        taken = _renumbered("earlier_record_identifier", listed) if of == "record" else _EVENTS
        self.engine.append(f"{of}_identifier", taken)
        self.engine.drop(f"norm_{of}_id")

    def close(self) -> None:
        self.engine.drop(_RECORDS, *([_FRESH] if self.some else []))


_OLD = {
    "record": ("u.record_no = i.record_no", "unchanged_record"),
    "event": ("i.event_no BETWEEN u.first_no AND u.last_no", "unchanged_event"),
}
_EVENTS = """
SELECT e.event_no - u.earlier_first_no + u.first_no AS event_no, e.id_type, e.id_value
FROM earlier_event_identifier AS e
INNER JOIN unchanged_event AS u
    ON e.event_no BETWEEN u.earlier_first_no AND u.earlier_first_no + u.last_no - u.first_no
"""


def _renumbered(table: str, columns: Iterable[str]) -> str:
    """Rows of a table of the run before, of records that are as they were, under their numbers now."""
    listed = "".join(f", e.{quote(c)}" for c in columns)
    return (
        f"SELECT u.record_no{listed} FROM {table} AS e "
        "INNER JOIN unchanged_record AS u ON u.earlier_record_no = e.record_no"
    )
