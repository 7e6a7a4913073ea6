"""How common each value is: the band of an exact agreement on it, by counts or as an earlier build had it.

Of a kept model a value keeps its band, and one that was not known then is as rare as can be: what a few new records
hold moves no weight. Only a value that by its count now belongs two bands higher is taken for as common as it has
become: a dummy address that a new extract is full of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.stages.link.pairs import Ints, Keys
from cxid.stages.link.relations import bands_of_counts, hash_sql

_RISE = 2  # bands that a value must have risen by its count before its kept band gives way


@dataclass
class Bands:
    """Bands of the values that stand in two or more places; `kept` takes those of kept_band and kept_field.

    Adds to table link_value, and remembers which values are not of the rarest band.
    """

    engine: Engine
    fields: Sequence[Field]
    kept: bool = False
    _common: list[pa.Table] = field(default_factory=list)

    def of(self, number: int, keys: Keys, sizes: Ints) -> tuple[Ints, Ints]:
        """(band of each value, which of them are to be remembered) of a field.

        `keys` are numbers of the field's repeated values, `sizes` how many records carry them.
        """
        now = self._counted(number, sizes)
        if not self.kept:
            return now, np.flatnonzero(now > 0)
        then = self._known(number, keys)
        risen = now >= then + _RISE
        return np.where(risen, now, then), np.flatnonzero(risen)

    def _counted(self, number: int, sizes: Ints) -> Ints:
        """Bands by how many records carry each value."""
        records, different = np.unique(sizes[sizes > 1], return_counts=True)
        counted = {"field": np.full(len(records), number, np.int32), "records": records, "different": different}
        self.engine.load("link_count", pa.table(counted))
        self.engine.append("link_value", bands_of_counts(number if self.kept else None))
        found = self.engine.fetch(f"SELECT records, band FROM link_value WHERE field = {number}")
        band = np.zeros(int(sizes.max(initial=1)) + 1, np.int64)
        band[found.column("records").to_numpy()] = found.column("band").to_numpy()
        return band.take(sizes)

    def _known(self, number: int, keys: Keys) -> Ints:
        """Bands as the model had them."""
        found = self.engine.fetch(
            f"SELECT {hash_sql('value')} AS key, CAST(band AS BIGINT) AS band FROM kept_band WHERE field_no = {number}"
        )
        known, band = found.column("key").to_numpy(), found.column("band").to_numpy()
        if not len(known):
            return np.zeros(len(keys), np.int64)
        order = np.argsort(known)
        known, band = known[order], band[order]
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, band[at], 0)

    def remember(self, number: int, record: Ints, slot: Ints, band: Ints) -> None:
        """Values of a field by where they stand: their texts are fetched at the end."""
        if len(record):
            field_no = np.full(len(record), number, np.int32)
            self._common.append(
                pa.table({"field_no": field_no, "record_no": record, "slot": slot, "band": band.astype(np.int32)})
            )

    def write(self) -> None:
        """Table link_band (field_no, value, band): the values that are not of the rarest band."""
        parts = [
            f"SELECT c.field_no, r.{quote(slot)} AS value, c.band FROM link_common c "
            f"JOIN record_norm r ON r.record_no = c.record_no WHERE c.field_no = {i} AND c.slot = {j}"
            for i, one in enumerate(self.fields)
            for j, slot in enumerate(one.slots)
        ]
        nothing = [
            (n, pa.int32() if n != "record_no" else pa.int64()) for n in ("field_no", "record_no", "slot", "band")
        ]
        common = pa.concat_tables(self._common) if self._common else pa.schema(nothing).empty_table()
        self.engine.load("link_common", common)
        self.engine.run("link_band", " UNION ALL ".join(parts))
        if self.kept:
            self.engine.append(
                "link_band",
                "SELECT k.field_no, k.value, k.band FROM kept_band k "
                "LEFT JOIN link_band b ON b.field_no = k.field_no AND b.value = k.value WHERE b.value IS NULL",
            )
        self.engine.run("link_band", "SELECT field_no, value, band FROM link_band ORDER BY field_no, value")
        self.engine.drop("link_common")
