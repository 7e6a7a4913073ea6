"""Why true pairs have no score: what the blocking rules say of each."""

from __future__ import annotations

import pyarrow as pa
import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.evaluate.unscored import Unscored, explain_unscored
from cxid.sql import load

# record -> (source, entity, customer, family name, its sound, e-mail)
RECORDS = [
    ("crm", "p", "c1", "smith", "sm0", None),
    ("crm", "p", "c2", "smyth", "sm0", None),  # sounds alike: a rule fits
    ("shop", "p", "c3", "jones", "jns", None),  # nothing in common
    ("shop", "q", "c4", "brown", "brn", "a@b.example"),
    ("shop", "q", "c5", "green", "krn", "a@b.example"),  # same e-mail: a rule fits, and the pair has a score
    ("shop", "q", "c6", None, None, "a@b.example"),  # same e-mail, no score
    ("shop", "q", "c6", "hall", "hl", None),  # with c4, c5: nothing in common
]


@pytest.fixture
def engine() -> DuckDBEngine:
    made = DuckDBEngine(threads=1)
    number = pa.array(range(1, len(RECORDS) + 1), pa.int64())
    source, entity, customer, family, sound, email = (list(c) for c in zip(*RECORDS, strict=True))
    made.load("record", pa.table({"record_no": number, "source": source}))
    made.load(
        "eval_record", pa.table({"truth_no": number, "entity": entity, "record_no": number, "customer_id": customer})
    )
    made.load(
        "record_norm",
        pa.table(
            {
                "record_no": number, "family_name": family, "family_name_phonetic": sound,
                "email": email, "email_local": [e and e.split("@")[0] for e in email],
            }
        ),
    )  # fmt: skip
    fields = {"field_no": [0, 1, 2], "field": ["family_name", "email", "source"], "slots": ["family_name", "email", ""]}
    made.load("link_field", pa.table({**fields, "type": ["family_name", "email", "category"]}))
    made.load("blocking_rule", pa.table({"rule_no": [0, 1], "rule": ["family_name sound", "email"]}))
    made.load("link_summary", pa.table({"name": ["uncovered_pairs"], "value": ["0"]}))
    scored = {"record_no_a": [4], "record_no_b": [5], "rules": [1]}
    made.load("link_pair", pa.table({name: pa.array(c, pa.int64()) for name, c in scored.items()}))
    made.run("eval_member", load("evaluate", "eval_member"))
    return made


# The lost pairs without a score: 1-2 (sound), 1-3, 2-3, 4-6 and 5-6 (e-mail), 4-7, 5-7.
def test_a_lost_pair_was_never_paired_or_scored_under_the_floor(engine: DuckDBEngine) -> None:
    assert explain_unscored(engine, 7) == Unscored(0, 4, 3, 0, True)


def test_pairs_within_a_source_that_holds_each_person_once_were_barred(engine: DuckDBEngine) -> None:
    assert explain_unscored(engine, 7, ("shop",)) == Unscored(4, 2, 1, 0, True)


def test_nothing_lost_is_nothing_to_explain(engine: DuckDBEngine) -> None:
    assert explain_unscored(engine, 0) == Unscored(0, 0, 0, 0, True)


def test_a_build_that_did_not_keep_its_fields_cannot_tell(engine: DuckDBEngine) -> None:
    engine.drop("link_field")
    assert explain_unscored(engine, 7) is None


def test_of_very_many_pairs_a_sample_of_people_is_looked_at(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxid.evaluate.unscored._MOST", 4)
    found = explain_unscored(engine, 7)
    assert found is not None
    assert not found.is_exact
    assert found.barred + found.unpaired + found.under_floor == 7
