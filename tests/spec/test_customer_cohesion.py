"""What each record of a customer hangs on, and the weakest of these links."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.model import Config
from cxid.customer_page.cohesion import Cohesion, read_cohesion
from cxid.customer_page.tables import Tables
from tests.customer_tables import CONFIG
from tests.reference.explain_world import asked, person

BORN, YOUNG = "19800101", "19990909"
COLUMNS = "source, record_key, link_kind, probability, since_run"


def cohesion_of(
    key: str,
    rows: list[object],
    pairs: list[tuple[str, str]],
    flags: str = "",
    decisions: tuple[tuple[str, str, str], ...] = (),
) -> Cohesion:
    """The cohesion of the customer who has the record of this key."""
    world = asked(rows, pairs, decisions=decisions)  # type: ignore[arg-type]
    engine = world.world.engine
    customer = world.customer(key).customer_id
    engine.run(
        "identity_map",
        "SELECT c.customer_id, r.source, r.record_key, '' AS id_type, '' AS id_value, c.link_kind, "
        "CAST(c.probability AS DECIMAL(9, 0)) / 1000000 AS probability, 'r1' AS since_run "
        "FROM run_record_customer AS c JOIN run_record AS r USING (record_no)",
    )
    engine.run("match_group", f"SELECT '{customer}' AS customer_id, '{flags}' AS flags")
    return read_cohesion(Tables(engine, customer), Config.model_validate(CONFIG), Path("nowhere"))


CHAIN = [person("a", "ann", None), person("b", None, BORN), person("c", "ann", BORN)]
PAIRS = [("a", "c"), ("b", "c")]


def test_each_record_hangs_on_one_told_before_it() -> None:
    found = cohesion_of("a", CHAIN, PAIRS)
    told: list[str] = []
    for record in found.records:
        assert (record.joined.to in told) if record.joined else not told
        told.append(record.ref)
    assert sorted(told) == ["crm:a", "crm:b", "crm:c"]
    assert {r.joined.kind for r in found.records if r.joined} == {"model"}
    assert any("given_name same" in "; ".join(r.joined.because) for r in found.records if r.joined)


def test_the_weakest_link_is_named_with_its_parts_and_the_question() -> None:
    # born together is worth no more than named together: of equal links the later pair of records is the weakest
    found = cohesion_of("a", CHAIN, PAIRS).weakest
    assert found is not None
    assert {found.a, found.b} in ({"crm:a", "crm:c"}, {"crm:b", "crm:c"})
    assert found.command == f"cxid why {found.a} {found.b}"
    assert sorted(ref for part in found.parts for ref in part) == ["crm:a", "crm:b", "crm:c"]
    assert found.more == 0


def test_one_record_hangs_on_nothing() -> None:
    found = cohesion_of("x", [person("x", "ann", BORN)], [])
    assert ([r.ref for r in found.records], found.records[0].joined, found.weakest) == (["crm:x"], None, None)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("", []),
        ("weak link", ["its weakest link is below match.sure"]),
        ("few pairs agree; at the size limit",
         ["fewer than half of the pairs of its records agree", "it holds as many records as match.max_group allows"]),
    ],
)  # fmt: skip
def test_the_flags_of_the_group_are_reasons_to_look(flags: str, words: list[str]) -> None:
    found = cohesion_of("a", CHAIN, PAIRS, flags)
    assert [r.words for r in found.review] == words
    if flags == "weak link":
        assert found.weakest is not None
        assert found.review[0].command == found.weakest.command


def test_who_was_kept_apart_is_told_once_with_the_question() -> None:
    rows = [person("a", "ann", BORN), person("b", "ann", BORN), person("y", "ann", BORN)]
    found = cohesion_of("a", rows, [], "guard refused a merge", (("unlink", "a", "y"), ("unlink", "b", "y")))
    assert len(found.review) == 1
    assert "unlinked in decisions.csv" in found.review[0].words
    assert found.review[0].command in ("cxid why crm:a crm:y", "cxid why crm:b crm:y")
