"""A question held against customers: how alike it is to their records, and what that is worth by the run's model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from cxid.explain.words import MISSING, NOT_IN_SOURCE, agreement, bits
from cxid.identify.agreement import are_swapped, level_of, texts_of
from cxid.identify.index import Index
from cxid.identify.question import Row
from cxid.model import Field, FieldType
from cxid.stages.link.levels import Comparison, comparisons, origin
from cxid.weighing import MICRO, NANO, Weighing, read_weighing

_COMPOSITE_BITS = 2.0  # asked for each doubling of the records that a customer is compared as a whole by
_MOST_RECORDS = 30  # of one customer that a question is held against


@dataclass(frozen=True)
class Model:
    """The run's linkage model; a run that compared nothing has no weighing."""

    comparisons: tuple[Comparison, ...]
    weighing: Weighing | None
    weights: dict[tuple[str, int], int]  # (field, level) -> micro-bits against unrelated pairs
    words: dict[tuple[str, int], str]
    absent: dict[str, int]  # source -> bits of the fields that it does not have
    caution: float  # bits that are asked of each pair beyond its weight
    is_trusted: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(c.field for c in self.comparisons if c.field.slots)


def read_model(tables: Path) -> Model:
    """The model in the tables of a run."""

    def rows(name: str) -> list[dict[str, object]]:
        return list(pq.read_table(tables / f"{name}.parquet").to_pylist())

    named = sorted(rows("link_field"), key=lambda r: int(str(r["field_no"])))
    fields = tuple(
        Field(str(r["field"]), FieldType(str(r["type"])), tuple(str(r["slots"]).split(",")))
        for r in named
        if r["slots"]
    )
    context = tuple(origin() for r in named if not r["slots"])
    summary = {str(r["name"]): str(r["value"]) for r in rows("link_summary")}
    levels = [((str(r["field"]), int(str(r["level_no"]))), r) for r in rows("link_model")]
    return Model(
        comparisons=(*comparisons(fields), *context),
        weighing=read_weighing(
            pq.read_table(tables / "link_class.parquet"), pq.read_table(tables / "link_tie.parquet")
        ),
        weights={place: int(str(r["weight"])) for place, r in levels},
        words={place: str(r["level"]) for place, r in levels},
        absent={str(r["source"]): int(str(r["absent"])) for r in rows("link_source")},
        caution=int(summary.get("caution_micro_bits", "0")) / MICRO,
        is_trusted=summary.get("status") != "not_identified",
    )


@dataclass(frozen=True)
class Held:
    """What the attributes say for a customer: log2 of the likelihood against anybody else's, and of which levels."""

    no: int
    bits: float
    levels: tuple[int, ...]


class Holder:
    """Holds questions against the customers of a run."""

    def __init__(self, index: Index, model: Model) -> None:
        self._index, self._model = index, model
        self._told = [c for c in model.comparisons if c.field.slots]
        self._spoken = [{c.name, c.field.type.value} for c in self._told]  # identifier types that say the same
        self._swapping = [(i, c, c.swaps_with.name) for i, c in enumerate(self._told) if c.swaps_with is not None]

    def hold(self, row: Row, customers: Sequence[int], apart: frozenset[tuple[str, int]] = frozenset()) -> list[Held]:
        """The question's attributes held against each customer.

        `apart` names (identifier type, customer) that are not to count: the identifier has spoken there already.
        """
        if self._model.weighing is None or not row:
            return [Held(no, 0.0, ()) for no in customers]
        mine = [texts_of(c, row) for c in self._told]
        bands = [{str(t[0]): self._index.band(i, str(t[0])) for t in texts} for i, texts in enumerate(mine)]
        found: list[tuple[int, npt.NDArray[np.int64]]] = []
        apart_of = {no: {name for name, other in apart if other == no} for no in customers}
        for no in customers:
            silent = [not texts or bool(self._spoken[i] & apart_of[no]) for i, texts in enumerate(mine)]
            for place in self._index.places(no)[:_MOST_RECORDS]:
                found.append((no, self._levels(row, mine, bands, silent, place)))
        return self._weighed(customers, found)

    def spoken_for(self, row: Row, id_types: set[str]) -> bool:
        """Whether a question has no attributes but those that these types of identifiers say too."""
        return all(
            spoken & id_types or not texts_of(c, row) for c, spoken in zip(self._told, self._spoken, strict=True)
        )

    def _levels(
        self,
        row: Row,
        mine: Sequence[list[tuple[str | None, ...]]],
        bands: Sequence[dict[str, int]],
        silent: Sequence[bool],
        place: int,
    ) -> npt.NDArray[np.int64]:
        """The level of each compared field between the question and one record."""
        record = self._index.record(place)
        absent = self._model.absent.get(str(record["source"]), 0)
        levels = np.zeros(len(self._model.comparisons), np.int64)
        for number, comparison in enumerate(self._told):
            if silent[number]:
                levels[number] = comparison.not_in_source
                continue
            theirs = texts_of(comparison, record)
            if not theirs and absent >> number & 1:
                levels[number] = comparison.not_in_source
            else:
                levels[number] = level_of(comparison, mine[number], theirs, bands[number])
        self._mark_swapped(levels, row, record, silent)
        return levels

    def _mark_swapped(self, levels: npt.NDArray[np.int64], row: Row, record: Row, silent: Sequence[bool]) -> None:
        if len(self._swapping) != 2 or any(silent[i] for i, *_ in self._swapping):
            return
        (i, one, _), (j, other, _) = self._swapping
        if levels[i] >= one.partial and levels[j] >= other.partial and are_swapped(one, other, row, record):
            levels[i], levels[j] = one.swapped, other.swapped

    def _weighed(self, customers: Sequence[int], found: Sequence[tuple[int, npt.NDArray[np.int64]]]) -> list[Held]:
        """Of each customer its best record, or all of them taken together where that says more."""
        by_customer: dict[int, list[npt.NDArray[np.int64]]] = {no: [] for no in customers}
        for no, levels in found:
            by_customer[no].append(levels)
        rows: list[npt.NDArray[np.int64]] = []
        asked: list[tuple[int, float]] = []  # customer, bits that are asked beyond
        for no, records in by_customer.items():
            rows += records
            asked += [(no, 0.0)] * len(records)
            if len(records) > 1:
                rows.append(np.min(records, axis=0))
                asked.append((no, _COMPOSITE_BITS * log2(len(records))))
        best = {no: Held(no, 0.0, ()) for no in customers}
        if not rows:
            return list(best.values())
        weights = self._likelihoods(np.array(rows)) - np.array([a for _, a in asked])
        for number, (no, _) in enumerate(asked):
            if not best[no].levels or weights[number] > best[no].bits:
                best[no] = Held(no, float(weights[number]), tuple(int(n) for n in rows[number]))
        return list(best.values())

    def _likelihoods(self, levels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """log2 of "one person" against all other kinds of pairs, without the share of either; by row of levels.

        Where the records come from says nothing here: a question comes from no source.
        """
        weighing = self._model.weighing
        assert weighing is not None
        joint = weighing.joint(weighing.pack(levels))
        if len(self._told) < len(self._model.comparisons):
            joint -= weighing.shares[:, int(weighing.offsets[-1])][:, None] / NANO
        priors = weighing.priors / NANO
        same = joint[0] - priors[0]
        other = np.logaddexp2.reduce(joint[1:], axis=0) - np.logaddexp2.reduce(priors[1:])
        return np.asarray(same - other - self._model.caution)

    def words(self, held: Held) -> list[str]:
        """Each attribute's agreement, the loudest first."""
        found = []
        for number, comparison in enumerate(self._told):
            if not held.levels or held.levels[number] == comparison.not_in_source:
                continue
            place = (comparison.name, held.levels[number])
            level, weight = self._model.words.get(place, ""), self._model.weights.get(place, 0)
            if level in (MISSING, NOT_IN_SOURCE):
                said = "missing in the customer's records"
            else:
                said = agreement(comparison.field.type, level, (False, False))
            found.append((-abs(weight), number, f"{comparison.name}: {said} ({bits(weight)} bits)"))
        return [said for *_, said in sorted(found)]
