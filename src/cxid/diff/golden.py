"""Golden values of customers that are in both runs: which flipped, came and went."""

from __future__ import annotations

from cxid.contracts import GOLDEN_CUSTOMER
from cxid.diff.ask import Ask
from cxid.diff.model import FieldChange, Flip, GoldenChange
from cxid.diff.opening import Pair
from cxid.engine.base import Engine, quote
from cxid.privacy import mask

_FIXED = {c.name for c in GOLDEN_CUSTOMER.columns}


def compare_golden(pair: Pair, ask: Ask) -> GoldenChange | None:
    """The golden columns with how many of their values flipped; None where a run has none.

    `ask.examples` customers are named for each column, largest first; their values are there with `ask.with_values`.
    """
    if not pair.has("golden_customer"):
        return None
    engine = pair.engine
    then, now = (_columns(engine, f"{side}_golden_customer") for side in ("before", "after"))
    both = [name for name in now if name in then]
    counts = _counts(engine, both)
    _write_touched(engine, both)
    flips = engine.fetch(_flip_counts(both)).to_pylist()[0]
    return GoldenChange(
        customers=counts["customers"],
        touched=engine.count("diff_golden"),
        fields=tuple(
            FieldChange(
                field=name,
                had=counts[f"had_{n}"],
                flipped=flips[f"flipped_{n}"],
                gained=flips[f"gained_{n}"],
                lost=flips[f"lost_{n}"],
                examples=_examples(engine, n, name, ask) if flips[f"flipped_{n}"] else (),
            )
            for n, name in enumerate(both)
        ),
        columns_added=tuple(name for name in now if name not in then),
        columns_removed=tuple(name for name in then if name not in now),
    )


def _columns(engine: Engine, table: str) -> list[str]:
    return [name for name in engine.columns(table) if name not in _FIXED]


_BOTH = "before_golden_customer AS b INNER JOIN after_golden_customer AS a ON b.customer_id = a.customer_id"


def _counts(engine: Engine, columns: list[str]) -> dict[str, int]:
    had = "".join(f", count(b.{quote(name)}) AS had_{n}" for n, name in enumerate(columns))
    found: dict[str, int] = engine.fetch(f"SELECT count(*) AS customers{had} FROM {_BOTH}").to_pylist()[0]
    return found


def _write_touched(engine: Engine, columns: list[str]) -> None:
    """Table diff_golden: customers with a value that is not what it was, all their values of then and now."""
    values = "".join(
        f", CAST(b.{quote(c)} AS VARCHAR) AS b{n}, CAST(a.{quote(c)} AS VARCHAR) AS a{n}" for n, c in enumerate(columns)
    )
    differs = " OR ".join(f"b.{quote(c)} IS DISTINCT FROM a.{quote(c)}" for c in columns) or "1 = 0"
    engine.run("diff_golden", f"SELECT a.customer_id, a.record_count AS records{values} FROM {_BOTH} WHERE {differs}")


def _flip_counts(columns: list[str]) -> str:
    cells = ["count(*) AS touched"]
    for n in range(len(columns)):
        cells += [
            f"count(CASE WHEN b{n} <> a{n} THEN 1 END) AS flipped_{n}",
            f"count(CASE WHEN b{n} IS NULL THEN a{n} END) AS gained_{n}",
            f"count(CASE WHEN a{n} IS NULL THEN b{n} END) AS lost_{n}",
        ]
    return f"SELECT {', '.join(cells)} FROM diff_golden"


def _examples(engine: Engine, n: int, name: str, ask: Ask) -> tuple[Flip, ...]:
    found = engine.fetch(
        f"SELECT customer_id, b{n}, a{n} FROM diff_golden WHERE b{n} <> a{n} "
        f"ORDER BY records DESC, customer_id LIMIT {int(ask.examples)}"
    ).to_pylist()
    return tuple(Flip(r["customer_id"], *(_shown(r[side], name, ask) for side in (f"b{n}", f"a{n}"))) for r in found)


def _shown(value: str, name: str, ask: Ask) -> str | None:
    if not ask.with_values:
        return None
    return mask(value, ask.types.get(name)) if ask.masked else value
