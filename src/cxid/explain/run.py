"""A published run, opened for questions about a few of its records.

The engine has a view `run_<table>` for each table of the run. Single rows are read through them with filters that
reach the files, so that a question costs what it asks for and not what the run holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cxid.engine.base import Engine, quote
from cxid.explain.model import Record, Scored
from cxid.model import DEFAULT_TYPES, Field, FieldType
from cxid.stages.link.levels import Comparison, comparisons, origin
from cxid.weighing import Weighing, read_weighing

RUN = "run_"  # before the name of each of the run's tables
Mask = Callable[[str, FieldType], str]
_UNTAUGHT = "unsupervised"


@dataclass(frozen=True)
class Level:
    """A level of a compared field as the model has it."""

    words: str
    weight: int
    m: float
    u: float

    @classmethod
    def of(cls, row: dict[str, Any]) -> Level:
        """A row of link_model."""
        return cls(row["level"], row["weight"], float(row["m"]), float(row["u"]))


@dataclass(frozen=True)
class Saved:
    """The fitted model, what it compares, and where it cuts."""

    comparisons: tuple[Comparison, ...]
    weighing: Weighing | None
    levels: dict[tuple[str, int], Level]
    prior: int
    cut: int
    is_taught: bool  # decisions have added to the weights

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those that are about people."""
        return tuple(c.field for c in self.comparisons if c.field.slots)


def listed(numbers: Iterable[int]) -> str:
    """Record numbers for IN (...)."""
    return ", ".join(str(int(n)) for n in numbers) or "NULL"


class Run:
    """What the tables of a run say about records, customers and pairs.

    `single_sources` hold each person once, by the config; `numbered` are types of identifiers that the build left
    out because several systems number their customers themselves.
    """

    def __init__(self, engine: Engine, single_sources: Sequence[str] = (), numbered: Sequence[str] = ()) -> None:
        self.engine = engine
        self.single_sources, self.numbered = tuple(single_sources), tuple(numbered)

    # -- the model --------------------------------------------------------------------------------------

    @cached_property
    def saved(self) -> Saved:
        """The model of the run."""
        fetch = self.engine.fetch
        rows = fetch("SELECT field, type, slots FROM run_link_field ORDER BY field_no").to_pylist()
        fields = tuple(
            Field(r["field"], FieldType(r["type"]), tuple(r["slots"].split(","))) for r in rows if r["slots"]
        )
        context = tuple(origin() for r in rows if not r["slots"])
        summary = {r["name"]: r["value"] for r in fetch("SELECT name, value FROM run_link_summary").to_pylist()}
        levels = fetch("SELECT field, level_no, level, weight, m, u FROM run_link_model").to_pylist()
        return Saved(
            comparisons=(*comparisons(fields), *context),
            weighing=read_weighing(fetch("SELECT * FROM run_link_class"), fetch("SELECT * FROM run_link_tie")),
            levels={
                (r["field"], r["level_no"]): Level(r["level"], r["weight"], float(r["m"]), float(r["u"]))
                for r in levels
            },
            prior=int(summary.get("prior_micro_bits", 0)),
            cut=int(summary.get("cut_micro_bits", 0)),
            is_taught=summary.get("decided_model", _UNTAUGHT) != _UNTAUGHT,
        )

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The blocking rules in words, by number."""
        found = self.engine.fetch("SELECT rule FROM run_blocking_rule ORDER BY rule_no")
        return tuple(found.column("rule").to_pylist())

    # -- records ------------------------------------------------------------------------------------------

    def record(self, source: str, key: str) -> Record | None:
        """The record of this key."""
        found = self._records("r.source = ? AND r.record_key = ?", [source, key])
        return found[0] if found else None

    def records(self, numbers: Iterable[int]) -> dict[int, Record]:
        """Records by number."""
        wanted = listed(numbers)
        found = self._records(f"r.record_no IN ({wanted}) AND c.record_no IN ({wanted})", [])
        return {r.record_no: r for r in found}

    def members(self, customer_id: str) -> tuple[Record, ...]:
        """The records of a customer, in the order of their numbers."""
        found = self.engine.fetch(
            "SELECT record_no FROM run_record_customer WHERE customer_id = ? ORDER BY record_no", [customer_id]
        )
        return tuple(sorted(self.records(found.column(0).to_pylist()).values()))

    def _records(self, where: str, params: list[str]) -> list[Record]:
        found = self.engine.fetch(
            "SELECT r.record_no, r.source, r.record_key, c.customer_id FROM run_record AS r "
            f"INNER JOIN run_record_customer AS c ON r.record_no = c.record_no WHERE {where} ORDER BY r.record_no",
            params,
        ).to_pylist()
        return [Record(r["record_no"], r["source"], r["record_key"], r["customer_id"]) for r in found]

    def written(self, numbers: Collection[int]) -> dict[int, dict[str, str]]:
        """The people columns of records as their sources wrote them, parts of whole names included."""
        slots = self._written_slots
        if not slots or not numbers:
            return {n: {} for n in numbers}
        columns = ", ".join(quote(s) for s in slots)
        found = self.engine.fetch(
            f"SELECT record_no, {columns} FROM run_record WHERE record_no IN ({listed(numbers)})"
        ).to_pylist()
        rows = {r["record_no"]: {s: r[s] for s in slots if r[s] is not None} for r in found}
        parts = self.engine.fetch(
            "SELECT record_no, given_name, middle_name, family_name FROM run_record_name "
            f"WHERE record_no IN ({listed(numbers)})"
        ).to_pylist()
        for part in parts:
            for name in ("given_name", "middle_name", "family_name"):
                if part[name] is not None:
                    rows.get(part["record_no"], {}).setdefault(name, part[name])
        return rows

    @cached_property
    def _written_slots(self) -> list[str]:
        """The people columns of record: those of text that are not its own."""
        own = {"record_no", "source", "record_key", "updated_at", "row_digest"}
        return [c for c in self.engine.columns("run_record") if c not in own]

    # -- pairs --------------------------------------------------------------------------------------------

    def scored(self, numbers: Collection[int]) -> dict[tuple[int, int], Scored]:
        """The pairs among these records that the build scored and kept, the smaller number first."""
        wanted = listed(numbers)
        return self._pairs(f"record_no_a IN ({wanted}) AND record_no_b IN ({wanted})")

    def scored_pair(self, a: int, b: int) -> Scored | None:
        """What the build made of two records, if it kept the pair."""
        return self.scored([a, b]).get((min(a, b), max(a, b)))

    def scored_around(self, numbers: Collection[int], most: int) -> dict[tuple[int, int], Scored]:
        """The strongest pairs that have one of these records, strongest first."""
        where = f"record_no_a IN ({listed(numbers)}) OR record_no_b IN ({listed(numbers)})"
        return self._pairs(f"({where}) ORDER BY weight DESC, record_no_a, record_no_b LIMIT {int(most)}")

    def scored_between(self, left: Collection[int], right: Collection[int]) -> dict[tuple[int, int], Scored]:
        """The pairs with one record on either side."""
        a, b = listed(left), listed(right)
        where = f"(record_no_a IN ({a}) AND record_no_b IN ({b})) OR (record_no_a IN ({b}) AND record_no_b IN ({a}))"
        return self._pairs(where)

    def _pairs(self, where: str) -> dict[tuple[int, int], Scored]:
        columns = ("rules", "pattern", "weight", "probability", "household", *self._more_columns)
        found = self.engine.fetch(
            f"SELECT record_no_a, record_no_b, {', '.join(columns)} FROM run_link_pair WHERE {where}"
        ).to_pylist()
        return {(r["record_no_a"], r["record_no_b"]): Scored(**{c: r[c] for c in columns}) for r in found}

    @cached_property
    def _more_columns(self) -> tuple[str, ...]:
        """What newer runs know of a pair."""
        return tuple(c for c in ("rivals",) if c in self.engine.columns("run_link_pair"))

    def twin_of(self, number: int) -> int:
        """The first record that is identical to this one: it stands for it wherever pairs are proposed."""
        found = self.engine.scalar(
            f"SELECT min(record_no_a) FROM run_link_pair WHERE record_no_b = {int(number)} AND rules = 0"
        )
        return int(number if found is None else found)

    def rules_of(self, pair: Scored) -> tuple[str, ...]:
        """The blocking rules that proposed a pair."""
        return tuple(rule for no, rule in enumerate(self.rules) if pair.rules >> no & 1)

    # -- decisions and guards ------------------------------------------------------------------------------

    def decisions(self, left: Collection[int], right: Collection[int]) -> list[tuple[int, str, int, int]]:
        """(line, action, record, record) of the links and unlinks between two sets of records."""
        a, b = listed(left), listed(right)
        found = self.engine.fetch(
            "SELECT line, action, record_no_a, record_no_b FROM run_decision WHERE action IN ('link', 'unlink') "
            f"AND ((record_no_a IN ({a}) AND record_no_b IN ({b})) OR (record_no_a IN ({b}) AND record_no_b IN ({a}))) "
            "ORDER BY line"
        ).to_pylist()
        return [(r["line"], r["action"], r["record_no_a"], r["record_no_b"]) for r in found]

    def refused(self, numbers: Collection[int]) -> list[tuple[int, int, str, str]]:
        """(record, record, guard, detail) of the merges that guards refused at one of these records."""
        wanted = listed(numbers)
        found = self.engine.fetch(
            "SELECT record_no_a, record_no_b, guard, detail FROM run_refused_merge "
            f"WHERE record_no_a IN ({wanted}) OR record_no_b IN ({wanted}) ORDER BY record_no_a, record_no_b, guard"
        ).to_pylist()
        return [(r["record_no_a"], r["record_no_b"], r["guard"], r["detail"]) for r in found]

    # -- values -------------------------------------------------------------------------------------------

    def values_of(self, name: str, number: int, mask: Mask) -> tuple[str, ...]:
        """What a record holds in a field, as written, however many columns the field has."""
        written = self.written([number]).get(number, {})
        type_ = next((f.type for f in self.saved.fields if f.name == name), FieldType.IDENTIFIER)
        return tuple(mask(v, type_) for slot, v in written.items() if re.fullmatch(re.escape(name) + r"(_\d+)?", slot))

    def shared_identifiers(self, a: int, b: int, id_type: str, mask: Mask) -> tuple[tuple[str, str], ...]:
        """(type, value) of the identifiers of a type that two records share."""
        found = self.engine.fetch(
            "SELECT id_type, id_value FROM run_record_identifier WHERE record_no IN (?, ?) AND id_type = ? "
            "GROUP BY id_type, id_value HAVING count(DISTINCT record_no) = 2 ORDER BY id_type, id_value",
            [a, b, id_type],
        ).to_pylist()
        return tuple((r["id_type"], mask(r["id_value"], identifier_type(r["id_type"]))) for r in found)


def identifier_type(id_type: str) -> FieldType:
    """What the values of an identifier type are masked as."""
    return DEFAULT_TYPES.get(id_type, FieldType.IDENTIFIER)


def as_is(value: str, _: FieldType) -> str:
    """The value itself: nothing is masked."""
    return value
