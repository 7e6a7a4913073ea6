"""How long the profile stage takes and how much memory it needs: python benchmarks/profile_speed.py [--write]

Makes the tables that the stage reads, customers and events of every channel over two years, straight in the database:
no files are read, nobody is linked. Then the stage runs in a fresh process under a memory limit and writes what a
build writes of it. Measured for a tenth of the customers and for all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from cxid_build import Watch, watched
from labelled import CACHE
from machine import cpu_seconds, measured, peak_mb, stamp
from pages import number, page, table
from runners import HERE, fresh

from cxid.config.kpis import Kpis
from cxid.config.model import Profile
from cxid.contracts import TABLES
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import profile as stage
from cxid.stages.context import StageContext

# share of the events in hundredths: source, kind, channel, type
_SHAPES = (
    (30, "web", "events", "web", "page_view"),
    (10, "web", "events", "web", "product_view"),
    (4, "web", "events", "web", "add_to_cart"),
    (12, "app", "events", "mobile", "screen_view"),
    (6, "app", "events", "mobile", "app_open"),
    (14, "mailing", "events", "email", "sent"),
    (5, "mailing", "events", "email", "open"),
    (1, "mailing", "events", "email", "click"),
    (1, "mailing", "events", "email", "bounced"),
    (8, "till", "transactions", "store", "purchase"),
    (1, "till", "transactions", "store", "refund"),
    (2, "support", "events", "support", "opened"),
    (2, "posts", "mentions", "social", "mention"),
    (1, "forum", "events", "community", "answer"),
    (1, "survey", "survey", "survey", "nps"),
    (2, "ads", "events", "ads", "click"),
)


def main() -> None:
    options = arguments().parse_args()
    if options.child:
        run_stage(options.child, options)
        return
    done = []
    for customers in (options.customers // 10, options.customers):
        folder = options.cache / f"profile_speed_{customers}"
        make_tables(folder, customers, options.events_each)
        figures = folder / "figures.json"
        figures.unlink(missing_ok=True)
        command = [sys.executable, str(HERE / "profile_speed.py"), "--child", str(folder)]
        command += [
            "--memory-limit",
            options.memory_limit,
            *(["--threads", str(options.threads)] if options.threads else []),
        ]
        took = measured(command, said=sys.stderr)
        if not figures.is_file():
            sys.exit(f"the stage ended with {took.code}\n{took.words}")
        content = json.loads(figures.read_text(encoding="utf-8"))
        done.append({"customers": customers, **content})
    text = report(done, options.memory_limit)
    print(text)
    if options.write:
        page("profile_speed", "The profile of a million customers", stamp(), __doc__.split("\n\n")[1], text)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events-each", type=int, default=20, help="on average; few have many, many have few")
    parser.add_argument("--memory-limit", default="6GB", metavar="SIZE", help="of the engine; the process needs more")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--cache", type=Path, default=CACHE, help="generated data and work files; may be removed")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser


def make_tables(folder: Path, customers: int, each: int) -> None:
    """Parquet files of the tables that the stage reads, in the folder; made once."""
    if (folder / "made").is_file():
        return
    fresh(folder)
    engine = DuckDBEngine(memory_limit="6GB")
    try:
        for name, sql in tables(customers, customers * each).items():
            columns = {c.name: c for c in TABLES[name].columns} if name in TABLES else {}
            listed = ", ".join(
                f"CAST(t.{n} AS {c.type}) AS {n}" for n, c in columns.items() if n in _given(engine, sql)
            )
            engine.run(name, f"SELECT {listed or '*'} FROM ({sql}) AS t")
            engine.write(name, folder / f"{name}.parquet")
            engine.drop(name)
    finally:
        engine.close()
    (folder / "made").write_text("", encoding="ascii")


def _given(engine: DuckDBEngine, sql: str) -> set[str]:
    return set(engine.fetch(f"SELECT * FROM ({sql}) AS t LIMIT 0").column_names)


def _random(salt: int, most: int) -> str:
    """A whole number from 0 below `most` by the row's number: the same in every run."""
    return f"CAST(hash(range * 8 + {salt}) % {most} AS BIGINT)"


def tables(customers: int, events: int) -> dict[str, str]:
    """Query of each table that the stage reads. A quarter of the customers has three quarters of the events."""
    whose = f"CASE WHEN {_random(1, 4)} < 3 THEN {_random(2, customers)} // 4 ELSE {_random(3, customers)} END"
    drawn, upper = [], 0
    for share, *shape in _SHAPES:
        upper += share
        drawn.append((upper, shape))
    case = lambda place: " ".join(f"WHEN draw < {up} THEN '{shape[place]}'" for up, shape in drawn)  # noqa: E731
    event = (
        f"SELECT range + 1 AS event_no, CASE {case(0)} END AS source, "
        f"CASE WHEN draw < 76 OR draw > 84 THEN 'k' || range END AS event_key, CASE {case(1)} END AS kind, "
        f"CASE {case(2)} END AS channel, CASE {case(3)} END AS type, "
        f"TIMESTAMP '2024-01-01 00:00:00' + INTERVAL 1 SECOND * {_random(4, 63_072_000)} AS time, "
        f"CASE WHEN draw >= 83 AND draw < 92 THEN CAST({_random(5, 20_000)} AS DECIMAL(18,4)) / 100 END AS amount, "
        "CASE WHEN draw >= 83 AND draw < 92 THEN 'EUR' END AS currency, "
        f"CASE WHEN draw >= 83 AND draw < 92 THEN 'c' || {_random(6, 12)} END AS category, "
        f"CASE WHEN draw < 34 AND {_random(6, 3)} = 0 OR (draw >= 62 AND draw < 83) THEN "
        f"'campaign ' || {_random(7, 40)} END"
        f" AS campaign, CASE WHEN draw = 97 THEN {_random(5, 11)} END AS score, "
        f"CASE WHEN draw IN (94, 95) THEN CAST({_random(5, 201)} - 100 AS DECIMAL(9,4)) / 100 END AS sentiment, "
        f"CASE WHEN draw IN (94, 95) THEN {_random(6, 5_000)} END AS reach "
        f"FROM (SELECT range, {_random(0, 100)} AS draw FROM range({events})) AS r"
    )
    named = {c.name for c in TABLES["event"].columns}
    told = {"event_no", "source", "event_key", "kind", "channel", "type", "time", "amount", "currency", "category"}
    told |= {"campaign", "score", "sentiment", "reach"}
    rest = "".join(f", NULL AS {n}" for n in sorted(named - told))
    customer_id = "'cx_' || substr(md5(CAST({} AS VARCHAR)), 1, 20)"
    made = {
        "event": f"SELECT e.*{rest} FROM ({event}) AS e",
        "event_customer": f"SELECT range + 1 AS event_no, CASE WHEN {_random(5, 50)} > 0 THEN "
        f"{customer_id.format(whose)} END AS customer_id, "
        f"'card' AS id_type FROM range({events})",
        "customer": f"SELECT {customer_id.format('range')} AS customer_id, TRUE AS is_known, "
        f"1 AS record_count, 2 AS identifier_count, 1000000 AS weakest, FALSE AS needs_review "
        f"FROM range({customers}) ORDER BY customer_id",
        "record": "SELECT range + 1 AS record_no, 'crm' AS source, 'r' || range AS record_key, "
        f"TIMESTAMP '2024-06-01 00:00:00' AS updated_at FROM range({customers})",
        "record_customer": f"SELECT range + 1 AS record_no, {customer_id.format('range')} AS customer_id, "
        f"'single' AS link_kind, 1000000 AS probability FROM range({customers})",
        "identifier_customer": f"SELECT t AS id_type, t || range AS id_value, "
        f"{customer_id.format('range')} AS customer_id, 'single' AS link_kind, 1000000 AS probability "
        f"FROM range({customers}), (VALUES ('email'), ('card')) AS v(t)",
        "golden_customer": f"SELECT {customer_id.format('range')} AS customer_id, 'p' || range % 5000 AS postcode, "
        f"1 AS record_count, 1 AS confidence, 0.5 AS completeness, FALSE AS needs_review FROM range({customers})",
    }
    made["golden_customer"] = f"SELECT * FROM ({made['golden_customer']}) AS g ORDER BY customer_id"
    for name in stage.READS:
        if name not in made:
            columns = ", ".join(f"CAST(NULL AS {c.type}) AS {c.name}" for c in TABLES[name].columns)
            made[name] = f"SELECT {columns} WHERE 1 = 0"
    return made


def run_stage(folder: Path, options: argparse.Namespace) -> None:
    """The stage on the tables of a folder, and its tables written; figures.json says what each step took."""
    watch = Watch("", rows=True, tell=False)
    watched(watch)
    watch.stage_started("profile", 1, 1)
    engine = DuckDBEngine(temp_dir=folder / "spill", memory_limit=options.memory_limit, threads=options.threads)
    out = fresh(folder / "out")
    try:
        for name in stage.READS:
            engine.view(name, folder / f"{name}.parquet")
        begun, used = time.perf_counter(), cpu_seconds()
        context = StageContext(engine, folder)
        stage.run(context, profile=Profile(as_of="2025-12-31"), fields=(), kpis=Kpis())
        ran, cpu = time.perf_counter() - begun, cpu_seconds() - used
        for name in stage.WRITES:
            engine.write(name, out / f"{name}.parquet", order_by=TABLES[name].order)
        rows = {name: engine.count(name) for name in stage.WRITES}
        written = time.perf_counter() - begun - ran
        events = engine.count("event")
    finally:
        engine.close()
    steps = sorted(watch.figures.relations.values(), key=lambda s: -s.wall)
    content = {
        "run": ran,
        "run_cpu": cpu,
        "written": written,
        "events": events,
        "rows": rows,
        "steps": [(s.what, s.wall, s.cpu, s.peak_mb, s.rows) for s in steps],
        "end_mb": peak_mb(),
    }
    (folder / "figures.json").write_text(json.dumps(content), encoding="utf-8")


def report(done: list[dict[str, Any]], limit: str) -> str:
    """Both sizes side by side, then the steps that cost most of the larger one."""
    head = ("customers", "events", "stage wall s", "stage CPU s", "tables written s", "peak MB", "CPU us per event")
    rows = [
        (
            number(d["customers"]),
            number(d["events"]),
            number(d["run"], 1),
            number(d["run_cpu"], 1),
            number(d["written"], 1),
            number(max(peak for _, _, _, peak, _ in d["steps"])),
            number(1e6 * d["run_cpu"] / d["events"], 1),
        )
        for d in done
    ]
    steps = [
        (what, number(wall, 1), number(cpu, 1), number(peak), number(made))
        for what, wall, cpu, peak, made in done[-1]["steps"][:25]
    ]
    return "\n\n".join(
        [
            f"Engine's memory limit {limit}.",
            table(head, rows),
            "## Steps of the larger one",
            table(("step", "wall s", "CPU s", "peak MB", "rows"), steps),
        ]
    )


if __name__ == "__main__":
    main()
