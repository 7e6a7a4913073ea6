"""Null, None, Nan, Na: names of people, or how a system writes that it has no value."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from cxid.config.fields import people_sources, record_fields
from cxid.config.model import Match, Source
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import normalise
from cxid.stages.context import StageContext

FAMILIES = [f"Name{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(100)]
GIVEN = [f"Anna{chr(97 + i % 20)}" for i in range(200)]

# what stands in the family name of some of 200 rows, what else these rows hold, whether it is a name
CASES: dict[str, tuple[dict[int, str], dict[int, dict[str, str]], str | None]] = {
    "a person called Null": ({7: "Null"}, {}, "null"),
    "a person called None": ({7: "None"}, {}, "none"),
    "a couple called Geen": ({7: "Geen", 8: "Geen"}, {}, "geen"),
    "the same Ms Null seven times": (dict.fromkeys(range(20, 160, 20), "Null"), {}, "null"),
    "None of a script, for many": (dict.fromkeys(range(0, 200, 9), "None"), {}, None),
    "None of a script, in the city too": ({7: "None"}, {90: {"city": "None"}}, None),
    "None for both parts of a name": ({7: "None"}, {7: {"given_name": "None"}}, None),
    "NULL among mixed letters": ({7: "NULL"}, {}, None),
    "null among mixed letters": ({7: "null"}, {}, None),
    "NaN": ({7: "NaN"}, {}, None),
    "Na is the code of a country elsewhere": ({7: "Na"}, {90: {"country": "Na"}}, "na"),
    "a word that nobody is called": ({7: "Unknown"}, {}, None),
}


def _families(tmp_path: Path, rows: list[dict[str, str | None]]) -> list[str | None]:
    columns = {c: c for c in ("given_name", "family_name", "city", "country")}
    config = {"kind": "people", "path": "crm.csv", "key": "id", "columns": columns}
    sources: dict[str, Source] = {"crm": TypeAdapter(Source).validate_python(config)}
    engine = DuckDBEngine(threads=1)
    base = {s: None for f in record_fields(people_sources(sources)) for s in f.slots}
    full = [{"record_no": i, "source": "crm", "record_key": str(i), **base, **r} for i, r in enumerate(rows, start=1)]
    schema = pa.schema([("record_no", pa.int64()), *((c, pa.string()) for c in full[0] if c != "record_no")])
    engine.load("record", pa.Table.from_pylist(full, schema))
    engine.run("record_id", "SELECT CAST(1 AS BIGINT) AS record_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    engine.run("event_id", "SELECT CAST(1 AS BIGINT) AS event_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    engine.run("consent_row", "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    normalise.run(StageContext(engine, tmp_path), sources=sources, country="GB", match=Match())
    found = engine.fetch("SELECT family_name FROM record_norm ORDER BY record_no").column(0).to_pylist()
    assert len(found) == len(rows)
    return list(found)


@pytest.mark.parametrize("letters", ["mixed", "capitals", "small"])
@pytest.mark.parametrize("case", CASES)
def test_a_word_for_nothing_is_a_name_where_it_is_rare_and_written_like_one(
    tmp_path: Path, case: str, letters: str
) -> None:
    words, more, expected = CASES[case]
    change = {"mixed": str, "capitals": str.upper, "small": str.lower}[letters]
    if letters != "mixed" and case in ("NULL among mixed letters", "null among mixed letters", "NaN"):
        pytest.skip("speaks of mixed letters")
    rows: list[dict[str, str | None]] = [
        {"given_name": change(GIVEN[i]), "family_name": change(FAMILIES[i % 100]), "city": change("Leeds")}
        for i in range(200)
    ]
    for place, word in words.items():
        rows[place]["family_name"] = change(word)
    for place, cells in more.items():
        rows[place] |= {c: change(v) for c, v in cells.items()}
    families = _families(tmp_path, rows)
    assert {families[place] for place in words} == {expected}
    others = [f for place, f in enumerate(families) if place not in words]
    assert None not in others


def test_a_word_is_judged_source_by_source(tmp_path: Path) -> None:
    engine = DuckDBEngine(threads=1)
    config = {"kind": "people", "key": "id", "columns": {"family_name": "n", "full_name": "w"}}
    sources: dict[str, Source] = {
        name: TypeAdapter(Source).validate_python({**config, "path": f"{name}.csv"}) for name in ("crm", "shop")
    }
    rows = [("crm", "None"), *(("crm", f) for f in FAMILIES), *(("shop", "None") for _ in range(9))]
    rows += [("shop", f) for f in FAMILIES]
    engine.load(
        "record",
        pa.table(
            {
                "record_no": pa.array(range(1, len(rows) + 1), pa.int64()),
                "source": [s for s, _ in rows],
                "record_key": [str(i) for i in range(len(rows))],
                "family_name": [n for _, n in rows],
                "full_name": [f"Ann {n}" for _, n in rows],
            }
        ),
    )
    engine.run("record_id", "SELECT CAST(1 AS BIGINT) AS record_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    engine.run("event_id", "SELECT CAST(1 AS BIGINT) AS event_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    engine.run("consent_row", "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0")
    normalise.run(
        StageContext(engine, tmp_path), sources=sources, country="GB", match=Match(ignore_fields=("full_name",))
    )
    found = engine.fetch(
        "SELECT r.source, n.family_name AS name, count(*) AS n FROM record AS r "
        "INNER JOIN record_norm AS n ON r.record_no = n.record_no WHERE r.family_name = 'None' "
        "GROUP BY r.source, n.family_name ORDER BY r.source"
    ).to_pylist()
    assert found == [{"source": "crm", "name": "none", "n": 1}, {"source": "shop", "name": None, "n": 9}]
    assert engine.count("record_norm") == len(rows)
