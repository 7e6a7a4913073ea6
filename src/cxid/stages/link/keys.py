"""Keys of a sample of records as integer codes, and the pairs that sharing them would propose."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from cxid.engine.base import Engine
from cxid.stages.link.atoms import Atom

SAMPLE_RECORDS = 40_000
Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Size:
    """What a rule would propose, scaled up from the sample."""

    pairs: float
    left_out: float  # share of keyed records in blocks over the cap


@dataclass(frozen=True)
class KeySample:
    """Codes of each atom's values: one array a slot, -1 where there is no key."""

    records: int  # in the whole data
    codes: dict[str, list[Codes]]
    alone: Codes  # code of a source that holds each person once, -1 for all others
    threads: int = 1

    @property
    def taken(self) -> int:
        return len(self.alone)

    @property
    def rate(self) -> float:
        return self.taken / self.records if self.records else 1.0

    def keyed(self, atoms: Sequence[Atom]) -> tuple[Codes, Codes]:
        """(key, record) for every way in which a record has all of the atoms."""
        keys, rows = [], []
        for slots in product(*(self.codes[a.name] for a in atoms)):
            key = np.zeros(self.taken, np.int64)
            present = np.ones(self.taken, bool)
            for code in slots:
                present &= code >= 0
                key = key * (int(code.max(initial=0)) + 2) + code
            rows.append(np.flatnonzero(present))
            keys.append(key[rows[-1]])
        return np.concatenate(keys), np.concatenate(rows)

    def size(self, atoms: Sequence[Atom], cap: int) -> Size:
        key, row = self.keyed(atoms)
        if not len(key):
            return Size(0.0, 0.0)
        runs = _runs(np.sort(key))
        limit = max(cap * self.rate, 3.0)
        kept = runs[runs <= limit].astype(float)
        pairs = float((kept * (kept - 1) / 2).sum())
        if (self.alone >= 0).any():
            inside = self.alone[row] >= 0
            width = int(self.alone.max()) + 1
            own = _runs(np.sort(key[inside] * width + self.alone[row[inside]])).astype(float)
            pairs = max(pairs - float((own * (own - 1) / 2).sum()), 0.0)
        return Size(pairs / self.rate**2, float(runs[runs > limit].sum() / len(key)))

    def agreeing(self, names: Sequence[str]) -> float:
        """Pairs of the sample that share all of the named atoms, whatever the size of their blocks."""
        key = np.zeros(self.taken, np.int64)
        present = np.ones(self.taken, bool)
        for code in (self.codes[n][0] for n in names):
            present &= code >= 0
            key = key * (int(code.max(initial=0)) + 2) + code
        runs = _runs(np.sort(key[present])).astype(float)
        return float((runs * (runs - 1) / 2).sum())

    def pairs(self, atoms: Sequence[Atom], cap: int, thin: int) -> Codes:
        """Sorted codes of the pairs that share all of the atoms; one pair code in `thin` is kept."""
        limit = max(cap * self.rate, 3.0)
        key, row = self.keyed(atoms)
        order = np.argsort(key, kind="stable")
        key, row = key[order], row[order]
        runs = _runs(key)
        keep = np.repeat(runs, runs) <= limit
        return distinct(_pairs(key[keep], row[keep], self.taken, thin))

    def bits(self, pairs: Codes, atoms: Sequence[Atom]) -> Floats:
        """A first guess at the evidence in pairs: the rarest thing that each field shares, in bits."""
        told = [
            [(a, [(code, self._rarity(a, code)) for code in self.codes[a.name]]) for a in atoms if a.fields == fields]
            for fields in dict.fromkeys(a.fields for a in atoms if len(a.fields) == 1)
        ]
        parts = [pairs[i : i + _PAIRS_AT_ONCE] for i in range(0, len(pairs), _PAIRS_AT_ONCE)]
        with ThreadPoolExecutor(self.threads) as pool:
            found = list(pool.map(lambda part: _bits(*np.divmod(part, self.taken), told), parts))
        return np.concatenate([np.zeros(0), *found])

    def _rarity(self, atom: Atom, code: Codes) -> Floats:
        """Bits that sharing each value of an atom is worth."""
        rarity = -np.log2(np.maximum(np.bincount(code[code >= 0], minlength=1), 1) / self.taken)
        return np.asarray(rarity * (1.0 if atom.whole else _PARTIAL))


_Told = Sequence[Sequence[tuple[Atom, Sequence[tuple[Codes, Floats]]]]]  # fields, their atoms, the slots of each


def _bits(left: Codes, right: Codes, told: _Told) -> Floats:
    total = np.zeros(len(left))
    for atoms in told:
        best, present = np.zeros(len(left)), np.zeros(len(left), np.bool_)
        for _, slots in atoms:
            for (one, rarity), (other, _) in product(slots, repeat=2):
                mine, theirs = one.take(left), other.take(right)
                present |= (mine | theirs) >= 0
                same = np.flatnonzero((mine == theirs) & (mine >= 0))
                best[same] = np.maximum(best[same], rarity.take(mine.take(same)))
        total += np.where(present & (best == 0), _DIFFERENT_BITS, best)
    return total


_PAIRS_AT_ONCE = 50_000  # whose bits are found by one thread
_PARTIAL = 0.7  # of the rarity of a part of a value that two records share
_DIFFERENT_BITS = -3.0


def distinct(values: Codes) -> Codes:
    """The different values in ascending order."""
    ordered = np.sort(values)
    return np.asarray(ordered[np.concatenate([np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]])])


def _runs(ordered: Codes) -> Codes:
    """Lengths of the runs of equal values."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return np.asarray(np.diff(np.r_[starts, len(ordered)]))


def _pairs(key: Codes, row: Codes, width: int, thin: int) -> Codes:
    """Codes of one in `thin` of the pairs of rows that share a key; `key` is sorted."""
    found = [np.zeros(0, np.int64)]
    at = np.arange(len(key))
    step = 0
    while len(at):
        step += 1
        at = at[at + step < len(key)]
        at = at[key[at] == key[at + step]]
        low, high = np.minimum(row[at], row[at + step]), np.maximum(row[at], row[at + step])
        code = low * width + high
        found.append(code if thin == 1 else code[_mixed(code) % np.uint64(thin) == 0])
    return np.concatenate(found)


def _mixed(code: Codes) -> npt.NDArray[np.uint64]:
    """Numbers without the order of the codes: the upper half of a multiplication that overflows."""
    spread = (code.astype(np.uint64) ^ np.uint64(0x5851F42D4C957F2D)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((spread ^ (spread >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(33))


def sample_keys(engine: Engine, atoms: Sequence[Atom], records: int) -> KeySample:
    """The keys of at most `SAMPLE_RECORDS` records, spread evenly by a multiplicative hash of their rank."""
    share = min(1.0, SAMPLE_RECORDS / records) if records else 1.0
    columns = [(a.name, sql) for a in atoms for sql in a.sql]
    chosen = ", ".join(f"CAST({sql} AS VARCHAR) AS k{i}" for i, (_, sql) in enumerate(columns))
    bound = int(share * 1_000_003)
    rows = engine.fetch(
        "WITH drawn AS (SELECT record_no AS drawn_no, alone FROM link_record "
        f"WHERE (rank * 611953) % 1000003 < {bound + 1}) "
        f"SELECT alone, {chosen} FROM record_norm JOIN drawn ON drawn_no = record_no ORDER BY record_no"
    )
    codes: dict[str, list[Codes]] = {}
    for i, (name, _) in enumerate(columns):
        encoded = rows.column(f"k{i}").combine_chunks().dictionary_encode()
        codes.setdefault(name, []).append(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64))
    alone = rows.column("alone").fill_null(-1).to_numpy().astype(np.int64)
    return KeySample(records, codes, alone, engine.threads)
