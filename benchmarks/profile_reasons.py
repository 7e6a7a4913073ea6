"""Why a figure of a profile is not what the person did: split, merged, or events that lie elsewhere."""

from __future__ import annotations

from pathlib import Path

import duckdb

REASONS = ("split", "merged", "not in the data", "unknown identifier", "elsewhere", "others' events", "figure")
CHANNELS = ("ads", "community", "event", "mobile", "social", "store", "support", "web")

_OWNED = """
CREATE OR REPLACE TABLE owned AS
SELECT r.entity_id, m.customer_id, count(*) AS records
FROM read_csv($people, all_varchar=true) AS r
JOIN read_parquet($map) AS m ON m.source = r.source AND m.record_key = r.record_id AND m.record_key <> ''
GROUP BY ALL
"""
_MAIN = """
CREATE OR REPLACE TABLE main AS
SELECT entity_id, customer_id, is_split,
       (SELECT count(DISTINCT o.entity_id) FROM owned AS o WHERE o.customer_id = ranked.customer_id) > 1 AS is_merged
FROM (
    SELECT *, count(*) OVER (PARTITION BY entity_id) > 1 AS is_split,
           row_number() OVER (PARTITION BY entity_id ORDER BY records DESC, customer_id) AS place
    FROM owned
) AS ranked WHERE place = 1
"""
_TRUE_EVENT = """
CREATE OR REPLACE TABLE true_event AS
SELECT e.source, e.record_id, e.entity_id, e.identifiable = 'true' AS identifiable, t.customer_id
FROM read_csv($events, all_varchar=true) AS e
LEFT JOIN (SELECT DISTINCT source, event_key, customer_id FROM read_parquet($touch) WHERE event_key IS NOT NULL) AS t
    ON t.source = e.source AND t.event_key = e.record_id
"""
_TRUTH = """
CREATE OR REPLACE TABLE truth AS
SELECT c.entity_id, c.orders, c.refunds, c.revenue, c.first_purchase, c.last_purchase, c.mentions, c.nps_answers,
       c.nps_last, c.channels, coalesce(s.tickets, 0) AS tickets, coalesce(k.contributions, 0) AS contributions
FROM (
    SELECT entity_id, CAST(orders AS BIGINT) AS orders, CAST(refunds AS BIGINT) AS refunds,
           CAST(revenue AS DECIMAL(18, 4)) AS revenue, CAST(first_purchase AS TIMESTAMP) AS first_purchase,
           CAST(last_purchase AS TIMESTAMP) AS last_purchase, CAST(mentions AS BIGINT) AS mentions,
           CAST(nps_answers AS BIGINT) AS nps_answers, CAST(nps_last AS DECIMAL(9, 4)) AS nps_last,
           list_sort(list_filter(list_distinct(list_transform(string_split(coalesce(channels, ''), ' '),
               lambda c: CASE c WHEN 'online' THEN 'web' ELSE c END)), lambda c: list_contains($known, c))) AS channels
    FROM read_csv($customers, all_varchar=true)
) AS c
LEFT JOIN (
    SELECT e.entity_id, count(DISTINCT l.ticket) AS tickets
    FROM read_csv($tickets, delim=';', all_varchar=true, strict_mode=false) AS l
    JOIN true_event AS e ON e.source = 'support' AND e.record_id = l.log_id GROUP BY 1
) AS s ON s.entity_id = c.entity_id
LEFT JOIN (
    SELECT e.entity_id, count(*) AS contributions
    FROM read_csv($community, all_varchar=true, strict_mode=false) AS a
    JOIN true_event AS e ON e.source = 'community' AND e.record_id = a.activity_id
    WHERE a.activity IN ('question', 'answer') GROUP BY 1
) AS k ON k.entity_id = c.entity_id
"""


def load_company(con: duckdb.DuckDBPyConnection, project: Path) -> tuple[int, int]:
    """Load truth and outputs; (people with a record, people without)."""
    truth, out = project / "truth", project / "output"
    con.execute(_OWNED, {"people": str(truth / "people.csv"), "map": str(out / "identity_map.parquet")})
    con.execute(_MAIN)
    con.execute(_TRUE_EVENT, {"events": str(truth / "events.csv"), "touch": str(out / "touchpoint.parquet")})
    con.execute(
        _TRUTH,
        {
            "customers": str(truth / "customers.csv"),
            "known": list(CHANNELS),
            "tickets": str(project / "data/support/tickets.csv"),
            "community": str(project / "data/community/activity.csv"),
        },
    )
    con.execute("CREATE OR REPLACE TABLE found AS SELECT * FROM read_parquet(?)", [str(out / "profile.parquet")])
    (people,) = con.execute("SELECT count(*) FROM main").fetchone() or (0,)
    (everyone,) = con.execute("SELECT count(*) FROM truth").fetchone() or (0,)
    return int(people), int(everyone) - int(people)


def event_faults(con: duckdb.DuckDBPyConnection, sources: tuple[str, ...]) -> None:
    """Table fault: of each person, whether events of these sources are missing (and why) or are somebody else's."""
    con.execute(
        """
        CREATE OR REPLACE TABLE fault AS
        SELECT entity_id, bool_or(why = 'not in the data') AS lost, bool_or(why = 'unknown') AS unknown,
               bool_or(why = 'elsewhere') AS elsewhere, bool_or(why = 'others') AS others
        FROM (
            SELECT m.entity_id, CASE WHEN e.customer_id = m.customer_id THEN 'right'
                WHEN NOT e.identifiable THEN 'not in the data'
                WHEN e.customer_id IS NULL OR e.customer_id NOT IN (SELECT customer_id FROM owned) THEN 'unknown'
                ELSE 'elsewhere' END AS why
            FROM main AS m JOIN true_event AS e ON e.entity_id = m.entity_id WHERE list_contains($sources, e.source)
            UNION ALL
            SELECT m.entity_id, 'others' FROM main AS m JOIN true_event AS e ON e.customer_id = m.customer_id
            WHERE e.entity_id <> m.entity_id AND list_contains($sources, e.source)
        ) AS f GROUP BY entity_id
        """,
        {"sources": list(sources)},
    )


def figure_rows(con: duckdb.DuckDBPyConnection, true: str, found: str) -> list[tuple[str, tuple[int, int]]]:
    """(reason or 'right', (people, of these with something to find)) of one figure."""
    rows = con.execute(
        f"""
        SELECT CASE WHEN truly IS NOT DISTINCT FROM said THEN 'right'
            WHEN is_split THEN 'split' WHEN is_merged THEN 'merged'
            WHEN elsewhere THEN 'elsewhere' WHEN others THEN 'others'' events'
            WHEN unknown THEN 'unknown identifier' WHEN lost THEN 'not in the data' ELSE 'figure' END AS reason,
            count(*),
            count(*) FILTER (WHERE coalesce(CAST(truly AS VARCHAR), '0') NOT IN ('0', '0.0000', 'false', '[]'))
        FROM (
            SELECT m.is_split, m.is_merged, f.lost, f.unknown, f.elsewhere, f.others,
                   {true} AS truly, {found} AS said
            FROM main AS m JOIN truth AS t ON t.entity_id = m.entity_id
            LEFT JOIN found AS p ON p.customer_id = m.customer_id LEFT JOIN fault AS f ON f.entity_id = m.entity_id
        ) AS c GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    return [(str(r[0]), (int(r[1]), int(r[2]))) for r in rows]
