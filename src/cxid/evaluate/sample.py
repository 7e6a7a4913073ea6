"""Samples of pairs and customers for people to review: drawn by strata, the same for the same build and seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import floor, sqrt

import pyarrow as pa

from cxid.engine.base import Engine, quote
from cxid.sql import load

PAIR_HEADER = ("no", "same", "source_a", "key_a", "source_b", "key_b")
GROUP_HEADER = ("no", "person", "source", "key")
DESIGN = ("stratum", "stratum_size", "run")
_EVEN = 0.2  # of the sample is spread evenly over strata, so that none is without an answer
_LEAST_DOUBT = 0.02  # variance of a stratum that its scores are sure of: they may be wrong
_UNKNOWN = 0.9  # taken for the share of matches where nothing was scored


@dataclass(frozen=True)
class Wish:
    """What to draw; `shown` are the columns of `record` to show, each with what makes its values safe to show."""

    size: int
    seed: int
    run_id: str
    shown: Mapping[str, Callable[[str], str]]


Row = list[str]


def allocate(size: int, strata: Mapping[int, tuple[int, float]]) -> dict[int, int]:
    """How many to draw of each stratum, from (members, variance): by members times deviation, and some of each.

    Neyman's allocation (1934): for a total, the most exact use of so many answers. Strata that hold fewer give the
    rest to others. Each gives one at least, also when that makes more than `size`: a sample speaks of what is in it.
    """
    left = {k: n for k, (n, _) in strata.items()}
    drawn = dict.fromkeys(strata, 0)
    least = 2 if size >= 2 * len(strata) else 1
    even = max(least, floor(size * _EVEN / max(len(strata), 1)))
    for k in strata:
        drawn[k] = min(left[k], even)
    while (rest := size - sum(drawn.values())) > 0:
        open_ = [k for k in strata if drawn[k] < left[k]]
        if not open_:
            break
        pull = {k: strata[k][0] * sqrt(max(strata[k][1], _LEAST_DOUBT)) for k in open_}
        total = sum(pull.values())
        more = {k: min(left[k] - drawn[k], floor(rest * pull[k] / total)) for k in open_}
        if not any(more.values()):
            more = {max(open_, key=lambda k: (pull[k], -k)): 1}
        for k, count in more.items():
            drawn[k] += count
    return drawn


def _draw(engine: Engine, table: str, identity: str, wish: Wish, variance: str) -> int:
    """Table sample_drawn: the columns of `table` with no (1.. in shuffled order) and stratum_size; says how many."""
    rows = engine.fetch(
        f"SELECT stratum, count(*) AS n, {variance} AS variance FROM {table} GROUP BY stratum ORDER BY stratum"
    ).to_pylist()
    drawn = allocate(wish.size, {r["stratum"]: (r["n"], float(r["variance"] or 0.0)) for r in rows})
    engine.load(
        "sample_size",
        pa.table(
            {
                "stratum": pa.array(list(drawn), pa.int64()),
                "wanted": pa.array(list(drawn.values()), pa.int64()),
                "stratum_size": pa.array([r["n"] for r in rows], pa.int64()),
            }
        ),
    )
    engine.run(
        "sample_drawn",
        f"WITH mixed AS (SELECT t.*, md5(concat(CAST($seed AS VARCHAR), chr(31), {identity})) AS draw "
        f"FROM {table} AS t), "
        "ranked AS (SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY draw) AS place FROM mixed) "
        "SELECT row_number() OVER (ORDER BY md5(ranked.draw)) AS no, ranked.*, s.stratum_size FROM ranked "
        "INNER JOIN sample_size AS s ON ranked.stratum = s.stratum WHERE ranked.place <= s.wanted",
        {"seed": wish.seed},
    )
    return engine.count("sample_drawn")


def pair_sample(engine: Engine, wish: Wish) -> tuple[tuple[str, ...], Iterator[Row]]:
    """(header, rows) of a sample of pairs: joined ones, and compared ones that were left apart."""
    engine.run("eval_member", load("evaluate", "eval_member"))
    engine.run("sample_pair", load("evaluate", "sample_pair"))
    engine.run(
        "sample_named",
        "SELECT p.*, a.source AS source_a, a.record_key AS key_a, b.source AS source_b, b.record_key AS key_b "
        "FROM sample_pair AS p INNER JOIN record AS a ON p.record_no_a = a.record_no "
        "INNER JOIN record AS b ON p.record_no_b = b.record_no",
    )
    share = f"avg(coalesce(probability / 1000000.0, {_UNKNOWN}))"
    _draw(
        engine, "sample_named", "source_a, chr(31), key_a, chr(31), source_b, chr(31), key_b", wish,
        f"{share} * (1 - {share})",
    )  # fmt: skip
    columns = "".join(f", a.{quote(c)} AS {quote('a ' + c)}, b.{quote(c)} AS {quote('b ' + c)}" for c in wish.shown)
    found = engine.fetch(
        f"SELECT d.no, d.source_a, d.key_a, d.source_b, d.key_b, d.stratum, d.stratum_size{columns} "
        "FROM sample_drawn AS d INNER JOIN record AS a ON d.record_no_a = a.record_no "
        "INNER JOIN record AS b ON d.record_no_b = b.record_no ORDER BY d.no"
    ).to_pylist()
    header = (*PAIR_HEADER, *(f"{c} {side}" for c in wish.shown for side in "ab"), *DESIGN)
    return header, (
        [
            str(r["no"]), "", r["source_a"], r["key_a"], r["source_b"], r["key_b"],
            *(_shown(r[f"{side} {c}"], show) for c, show in wish.shown.items() for side in "ab"),
            str(r["stratum"]), str(r["stratum_size"]), wish.run_id,
        ]
        for r in found
    )  # fmt: skip


def group_sample(engine: Engine, wish: Wish) -> tuple[tuple[str, ...], Iterator[Row]]:
    """(header, rows) of a sample of customers of two or more records, a row for each record."""
    engine.run("sample_group", load("evaluate", "sample_group"))
    _draw(engine, "sample_group", "customer_id", wish, "max(CASE WHEN stratum <= 3 THEN 0.25 ELSE 0.05 END)")
    columns = "".join(f", r.{quote(c)} AS {quote(c)}" for c in wish.shown)
    found = engine.fetch(
        f"SELECT d.no, r.source AS sample_source, r.record_key AS sample_key, d.stratum, d.stratum_size{columns} "
        "FROM sample_drawn AS d INNER JOIN record_customer AS c ON d.customer_id = c.customer_id "
        "INNER JOIN record AS r ON c.record_no = r.record_no ORDER BY d.no, r.record_no"
    ).to_pylist()
    header = (*GROUP_HEADER, *wish.shown, *DESIGN)
    return header, (
        [
            str(r["no"]), "", r["sample_source"], r["sample_key"],
            *(_shown(r[c], show) for c, show in wish.shown.items()),
            str(r["stratum"]), str(r["stratum_size"]), wish.run_id,
        ]
        for r in found
    )  # fmt: skip


def _shown(value: str | None, show: Callable[[str], str]) -> str:
    return "" if value is None else show(value)
