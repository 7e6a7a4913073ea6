"""One linkage by Splink in a fresh process, run by the Python of benchmarks/.venv-peers.

python splink_link.py JOB.json OUT_DIR

JOB.json says where the records are, what kind of value each column holds and which blocking rules to use; the model is
made from the kinds alone, as its documentation advises for each. OUT_DIR gets clusters.parquet (at probability .95, in
the shape of cxid's identity_map), pairs.parquet (all scored pairs above the floor) and figures.json. Only loading,
training, prediction and clustering are timed; writing the answers down is not.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

_IMPORT_BEGUN = time.perf_counter()
import duckdb  # noqa: E402
import splink.comparison_library as cl  # noqa: E402
from machine import cpu_seconds, peak_mb, reset_peak  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402

_IMPORT_SECONDS = time.perf_counter() - _IMPORT_BEGUN

AUTO = 0.95
FLOOR_BITS = -10.0  # pairs below are not kept: no cut would be there
Rule = list[str]

# What each set of rules asks for; a rule whose columns the data lack is left out. "tight" and "wide" are for people
# files of a million; "generic" is for any schema: every pair of strong columns, and names by their beginnings.
RULES: dict[str, list[Rule]] = {
    "tight": [
        ["email"], ["phone"], ["family_name", "birth_date"], ["given_name", "birth_date"],
        ["given_name", "family_name"],
    ],
    "wide": [["email"], ["phone"], ["birth_date"], ["given_name", "family_name"], ["family_name", "city"]],
    "generic": [
        ["email"], ["phone"], ["tax_id"],
        ["family_name", "birth_date"], ["given_name", "birth_date"], ["given_name", "family_name"],
        ["given_name:3", "family_name:4"], ["given_name:2", "family_name:2", "birth_date:4"],
        *[[place, other] for place in ("postcode", "street", "city", "birth_place")
          for other in ("given_name", "family_name", "birth_date")],
        ["postcode:3", "birth_date"], ["postcode:3", "family_name"], ["postcode:3", "given_name"],
    ],
}  # fmt: skip
_LONE_COLUMN_PAIRS = 2_000_000
_CERTAIN = [["email"], ["tax_id"], ["phone", "given_name"], ["given_name", "family_name", "birth_date"]]
_CERTAIN_RECALL = 0.7
# Rules under which the model is trained, those first that block on what the others leave free.
_TRAINING = {
    "generic": [["given_name", "family_name"], ["birth_date"], ["postcode"]],
    "tight": [["given_name", "family_name"], ["email"]],
    "wide": [["given_name", "family_name"], ["email"]],
}


class Timings:
    """Wall and CPU seconds of each step, and the most memory over all of them."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.peak_mb = 0

    def __call__(self, step: str) -> Timings:
        self._step = step
        return self

    def __enter__(self) -> None:
        reset_peak()
        self._wall, self._cpu = time.perf_counter(), cpu_seconds()

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._wall, cpu_seconds() - self._cpu
        self.steps.append({"step": self._step, "wall": wall, "cpu": cpu})
        self.peak_mb = max(self.peak_mb, peak_mb())


def _on(rule: Rule) -> Any:
    """`column` whole, `column:3` its first three characters."""
    parts = [part.partition(":") for part in rule]
    return block_on(*(f"substr({name}, 1, {size})" if size else name for name, _, size in parts))


def _usable(rules: list[Rule], columns: set[str]) -> list[Rule]:
    return [rule for rule in rules if {part.partition(":")[0] for part in rule} <= columns]


def _comparisons(kinds: dict[str, str], names: str, *, plain_city: bool) -> list[Any]:
    """One comparison a column, by the kind of value in it.

    `names` together: one comparison of both, which sees swapped ones and counts how common the pair of names is;
    apart: one each, with how common each is.
    """
    made: list[Any] = []
    together = names == "together" and {"given_name", "family_name"} <= set(kinds)
    if together:
        made.append(
            cl.ForenameSurnameComparison("given_name", "family_name", forename_surname_concat_col_name="both_names")
        )
    for column, kind in kinds.items():
        if kind in ("given_name", "family_name"):
            if not together:
                made.append(cl.NameComparison(column).configure(term_frequency_adjustments=True))
        elif kind == "birth_date":
            made.append(cl.DateOfBirthComparison(column, input_is_string=True))
        elif kind == "email":
            made.append(cl.EmailComparison(column))
        elif kind == "phone":
            made.append(cl.LevenshteinAtThresholds(column, [1]))
        elif kind == "uk_postcode":
            made.append(cl.PostcodeComparison(column))
        elif kind in ("postcode", "tax_id"):
            made.append(cl.LevenshteinAtThresholds(column, [1, 2]))
        elif kind == "street":
            made.append(cl.JaroWinklerAtThresholds(column, [0.9, 0.7]))
        elif kind == "city" and not plain_city:
            made.append(cl.JaroWinklerAtThresholds(column, [0.9]).configure(term_frequency_adjustments=True))
        else:
            made.append(cl.ExactMatch(column).configure(term_frequency_adjustments=kind not in ("sex", "state")))
    return made


def _rules(con: duckdb.DuckDBPyConnection, job: dict[str, Any], tables: list[str]) -> list[Rule]:
    """The rules of the job; with "generic" also each single column whose blocks make few enough pairs."""
    rules = _usable(RULES[job["rules"]], set(job["kinds"]))
    if job["rules"] != "generic":
        return rules
    for column in (c for c in job["kinds"] if [c] not in rules):
        values = " UNION ALL ".join(f"SELECT {column} AS v FROM {t} WHERE {column} IS NOT NULL" for t in tables)
        found = con.execute(f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM ({values}) GROUP BY v)")
        if (found.fetchall()[0][0] or 0) <= _LONE_COLUMN_PAIRS:
            rules.append([column])
    return rules


def _load(con: duckdb.DuckDBPyConnection, job: dict[str, Any]) -> list[str]:
    """A table for each source: unique_id and the columns, both names in one beside them."""
    tables = []
    kinds = job["kinds"]
    both = "given_name" in kinds and "family_name" in kinds
    for number, source in enumerate(job["sources"]):
        path = source["path"]
        reader = "read_parquet(?)" if path.endswith(".parquet") else "read_csv(?, all_varchar = true)"
        columns = ", ".join(f"{source['columns'].get(c, 'NULL')}::VARCHAR AS {c}" for c in kinds)
        joined = ", given_name || ' ' || family_name AS both_names" if both else ""
        con.execute(
            f"CREATE TABLE source_{number} AS SELECT *{joined} FROM "
            f"(SELECT {source['key']}::VARCHAR AS unique_id, {columns} FROM {reader})",
            [path],
        )
        tables.append(f"source_{number}")
    if job["link_type"] == "dedupe_only" and len(tables) > 1:
        raise SystemExit("dedupe_only takes one source")
    return tables


def _train(linker: Linker, job: dict[str, Any], timings: Timings) -> list[str]:
    """Prior, chance agreement, and agreement among matches; what could not be trained is named."""
    columns, failed = set(job["kinds"]), []
    most = 5e6 if job["rules"] == "generic" else None  # a limit costs a look at the data, which the others do not need
    with timings("prior"):
        certain = [_on(r) for r in _usable(_CERTAIN, columns)]
        linker.training.estimate_probability_two_random_records_match(certain, recall=_CERTAIN_RECALL)
    with timings("chance agreement"):
        linker.training.estimate_u_using_random_sampling(max_pairs=job["chance_pairs"], seed=1)
    for rule in _usable(_TRAINING[job["rules"]], columns):
        with timings(f"training on {' and '.join(rule)}"):
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    _on(rule), estimate_without_term_frequencies=True, max_pairs=most
                )
            except Exception as error:  # a rule under which nothing can be learned is not the end
                failed.append(f"{' and '.join(rule)}: {type(error).__name__}")
    return failed


def _settings(job: dict[str, Any], rules: list[Rule]) -> SettingsCreator:
    return SettingsCreator(
        link_type=job["link_type"],
        comparisons=_comparisons(job["kinds"], job["names"], plain_city=job["rules"] != "generic"),
        blocking_rules_to_generate_predictions=[_on(r) for r in rules],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _write(con: duckdb.DuckDBPyConnection, job: dict[str, Any], out: Path, pairs: str, clusters: str) -> None:
    """The answers, with the sources' own names."""
    names = " ".join(f"WHEN 'source_{i}' THEN '{s['name']}'" for i, s in enumerate(job["sources"]))
    several = len(job["sources"]) > 1

    def source(column: str) -> str:
        return f"CASE {column} {names} END" if several else f"'{job['sources'][0]['name']}'"

    con.execute(
        f"COPY (SELECT {source('source_dataset')} AS source, unique_id AS record_key, "
        f"cluster_id::VARCHAR AS customer_id FROM {clusters}) TO '{out / 'clusters.parquet'}'"
    )
    con.execute(
        f"COPY (SELECT {source('source_dataset_l')} AS source_a, unique_id_l AS key_a, "
        f"{source('source_dataset_r')} AS source_b, unique_id_r AS key_b, match_weight AS bits FROM {pairs}) "
        f"TO '{out / 'pairs.parquet'}'"
    )


def link(job: dict[str, Any], out: Path) -> dict[str, Any]:
    """Link and write the answers; returns what it took."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    timings = Timings()
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    with timings("load"):
        tables = _load(con, job)
        database = DuckDBAPI(con)
        registered = [database.register(t, dataset_display_name=t) for t in tables]
        linker = Linker(registered if len(tables) > 1 else registered[0], _settings(job, _rules(con, job, tables)))
    failed = _train(linker, job, timings)
    with timings("blocking"):
        blocked = linker.inference.compute_blocked_pairs_for_predict()
    with timings("scoring"):
        scored = linker.inference.predict(threshold_match_weight=FLOOR_BITS)
    with timings("clustering"):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_probability=AUTO)
    candidates = con.execute(f"SELECT count(*) FROM {blocked.physical_name}").fetchall()[0][0]
    begun = time.perf_counter(), cpu_seconds()
    _write(con, job, out, scored.physical_name, clusters.physical_name)
    return {
        "writing": {"wall": time.perf_counter() - begun[0], "cpu": cpu_seconds() - begun[1]},
        "candidate_pairs": candidates,
        "steps": timings.steps,
        "peak_mb": timings.peak_mb,
        "import_seconds": _IMPORT_SECONDS,
        "untrained": failed,
    }


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    out = Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    figures = link(job, out)
    (out / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
