"""What people decided about pairs of records, and how clustering is made to obey it.

A link is an edge that outweighs every evidence and merges before all others, above the guards. An unlink is
a guard that survives every merge. Records of an unlink stand in no node with others, however alike they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from cxid.engine.base import Engine
from cxid.stages.stitch.agglomerate import DECIDED_GAIN

_PAIRS = (
    "SELECT DISTINCT least(record_no_a, record_no_b) AS a, greatest(record_no_a, record_no_b) AS b FROM decision "
    "WHERE action = ? AND record_no_a IS NOT NULL AND record_no_b IS NOT NULL ORDER BY a, b"
)


@dataclass(frozen=True)
class Decided:
    """Pairs of records, by record number, the smaller first."""

    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()


UNDECIDED = Decided()


def read_decided(engine: Engine) -> Decided:
    """The links and unlinks of this build; tables stitch_together and stitch_apart hold them too."""
    if "decision" not in engine.tables():
        nothing = "SELECT CAST(NULL AS BIGINT) AS a, CAST(NULL AS BIGINT) AS b WHERE 1 = 0"
        engine.run("stitch_together", nothing)
        engine.run("stitch_apart", nothing)
        return UNDECIDED
    engine.run("stitch_together", _PAIRS, ["link"])
    engine.run("stitch_apart", _PAIRS, ["unlink"])
    return Decided(_pairs(engine, "stitch_together"), _pairs(engine, "stitch_apart"))


def _pairs(engine: Engine, table: str) -> tuple[tuple[int, int], ...]:
    found = engine.fetch(f"SELECT a, b FROM {table} ORDER BY a, b")
    return tuple(zip(found.column("a").to_pylist(), found.column("b").to_pylist(), strict=True))


def stand_alone(engine: Engine, decided: Decided) -> None:
    """stitch_split with a part of its own for each record that was decided to be another person than some record."""
    if not decided.apart:
        return
    engine.run(
        "stitch_parted",
        "SELECT r.record_no, coalesce(s.is_single, false) AS is_single, "
        "concat(coalesce(s.split, ''), CASE WHEN p.record_no IS NULL THEN '' "
        "ELSE concat(chr(30), CAST(r.record_no AS VARCHAR)) END) AS split FROM record AS r "
        "LEFT JOIN stitch_split AS s ON r.record_no = s.record_no "
        "LEFT JOIN (SELECT a AS record_no FROM stitch_apart UNION SELECT b AS record_no FROM stitch_apart) AS p "
        "ON r.record_no = p.record_no WHERE s.record_no IS NOT NULL OR p.record_no IS NOT NULL",
    )
    engine.rename("stitch_parted", "stitch_split")


def put_links_first(engine: Engine, decided: Decided) -> None:
    """stitch_edge with an edge for each decided link, which outweighs every other evidence."""
    if not decided.together:
        return
    engine.run(
        "stitch_linked",
        "WITH ends AS (SELECT coalesce(na.node, t.a) AS x, coalesce(nb.node, t.b) AS y, "
        "coalesce(na.size, 1) * coalesce(nb.size, 1) AS pairs FROM stitch_together AS t "
        "LEFT JOIN stitch_node AS na ON t.a = na.record_no LEFT JOIN stitch_node AS nb ON t.b = nb.record_no) "
        "SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b, "
        f"CAST(floor({DECIDED_GAIN} / pairs) AS BIGINT) AS weight FROM ends WHERE x <> y",
    )
    engine.run(
        "stitch_decided_edge",
        "SELECT e.* FROM stitch_edge AS e LEFT JOIN stitch_linked AS l ON e.a = l.a AND e.b = l.b WHERE l.a IS NULL "
        "UNION ALL SELECT a, b, weight, weight AS weight_without, CAST(1000000 AS INTEGER) AS probability, "
        "CAST(NULL AS VARCHAR) AS id_type FROM stitch_linked",
    )
    engine.rename("stitch_decided_edge", "stitch_edge")
    engine.drop("stitch_linked")
