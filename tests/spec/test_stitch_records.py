"""How records become customers, one small world at a time."""

from __future__ import annotations

import pytest

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.sql import load
from cxid.stages.stitch import WRITES
from tests.reference.stitch_world import Happening, Row, stitched

A, B, C, D = Row("a"), Row("b"), Row("c"), Row("d")


def person(key: str, name: str | None = None, born: str | None = None, **more: object) -> Row:
    values = {k: v for k, v in (("given_name", name), ("birth_date", born)) if v}
    return Row(key, values=values, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("story", "pairs", "groups"),
    [
        ("two records above the cut are one customer", [("a", "b", 5)], {"ab", "c", "d"}),
        ("at the cut itself they are joined", [("a", "b", 0)], {"ab", "c", "d"}),
        ("below it they are not", [("a", "b", -1)], {"a", "b", "c", "d"}),
        ("one odd strong pair does not chain two customers",
         [("a", "b", 12), ("c", "d", 12), ("b", "c", 3), ("a", "d", -9)], {"ab", "cd"}),
        ("a pair that nobody scored counts one bit against", [("a", "b", 9), ("b", "c", 0.5)], {"ab", "c", "d"}),
        ("one strong pair is enough where the other was not scored", [("a", "b", 9), ("b", "c", 5)], {"abc", "d"}),
        ("evidence against breaks a chain", [("a", "b", 9), ("b", "c", 5), ("a", "c", -8)], {"ab", "c", "d"}),
        ("no pair outweighs twelve bits", [("a", "b", 40), ("a", "c", 12), ("b", "c", -13)], {"ab", "c", "d"}),
        ("identical records come with one pair to the first",
         [("a", "b", 9, "identical"), ("a", "c", 9, "identical"), ("a", "d", 6)], {"abcd"}),
    ],
)  # fmt: skip
def test_evidence_clusters_records(story: str, pairs: list, groups: set[str]) -> None:
    assert stitched([A, B, C, D], pairs).groups == {frozenset(g) for g in groups}, story


def test_forty_identical_records_are_one_customer_although_only_a_star_of_pairs_is_scored() -> None:
    rows = [Row(f"r{i:02}") for i in range(40)]
    world = stitched(rows, [("r00", r.key, 11, "identical") for r in rows[1:]])
    assert len(world.groups) == 1
    assert world.rows("SELECT size, edges, density FROM match_group") == [{"size": 40, "edges": 780, "density": 1}]


@pytest.mark.parametrize(
    ("story", "rows", "match", "groups", "refused"),
    [
        (
            "values that differ keep records apart, whatever the score",
            [Row("a", values={"tax_id": "1"}), Row("b", values={"tax_id": "2"}), C],
            {"never_merge_if": ["tax_id differs"]},
            {"ac", "b"},
            {("a", "b", "never_merge", "tax_id")},
        ),
        (
            "a missing value differs from nothing",
            [Row("a", values={"tax_id": "1"}), B, C],
            {"never_merge_if": ["tax_id differs"]},
            {"abc"},
            set(),
        ),
        (
            "a source that holds each person once has one record in a customer",
            [Row("a", "loyalty"), Row("b", "loyalty"), C],
            {"one_per_source": ["loyalty"]},
            {"ac", "b"},
            {("a", "b", "one_per_source", "loyalty")},
        ),
        (
            "a customer holds no more records than allowed",
            [A, B, C],
            {"max_group": 2},
            {"ac", "b"},
            {("b", "c", "group_size", "max_group")},
        ),
    ],
)
def test_guards_refuse_merges_and_say_so(story: str, rows: list, match: dict, groups: set, refused: set) -> None:
    world = stitched(rows, [("a", "b", 8), ("a", "c", 11), ("b", "c", 9)], match=Match(**match))
    assert world.groups == {frozenset(g) for g in groups}, story
    got = {(frozenset(r[:2]) & frozenset("b"), *r[2:]) for r in world.refused}
    assert got == {(frozenset("b"), *r[2:]) for r in refused}
    review = {r["needs_review"] for r in world.rows("SELECT needs_review FROM customer WHERE record_count = 2")}
    assert review <= {bool(refused)}


def test_identical_records_of_a_source_that_holds_each_person_once_stay_apart() -> None:
    rows = [Row("a", "crm"), Row("b", "loyalty"), Row("c", "loyalty")]
    world = stitched(
        rows, [("a", "b", 9, "identical"), ("a", "c", 9, "identical")], match=Match(one_per_source=("loyalty",))
    )
    assert world.groups == {frozenset("ab"), frozenset("c")}


CARD = [("loyalty_card", "77")]


@pytest.mark.parametrize(
    ("story", "rows", "pairs", "joined", "guard"),
    [
        ("a shared card joins records that linkage never compared",
         [person("a", "ann", ids=CARD), person("b", "ann", ids=CARD)], [], True, None),
        ("and records without a name",
         [person("a", "ann", "1980-01-01", ids=CARD), person("b", ids=CARD)], [], True, None),
        ("husband and wife with one card are two people",
         [person("a", "ann", "1980-01-01", ids=CARD), person("b", "peter", "1978-05-02", ids=CARD)], [], False, "evidence"),
        ("also when only their names are known",
         [person("a", "ann", ids=CARD), person("b", "peter", ids=CARD)], [], False, "evidence"),
        ("a misspelt name with the same card is one person",
         [person("a", "catherine", ids=CARD), person("b", "cathrine", ids=CARD)], [], True, None),
        ("a new given name with the same birth date is one person",
         [person("a", "ann", "1980-01-01", ids=CARD), person("b", "mary", "1980-01-01", ids=CARD)], [], True, None),
        ("a score that leans against is outweighed by the card",
         [person("a", "ann", ids=CARD), person("b", "ann", ids=CARD)], [("a", "b", -6)], True, None),
        ("a score that is sure is not",
         [person("a", "ann", ids=CARD), person("b", "ann", ids=CARD)], [("a", "b", -14)], False, "evidence"),
        ("one household needs more than a card",
         [person("a", "ann", ids=CARD), person("b", "anna", ids=CARD)], [("a", "b", -6, "household")], False, "evidence"),
        ("a cookie joins no records",
         [person("a", "ann", ids=[("cookie", "k")]), person("b", "ann", ids=[("cookie", "k")])], [], False, None),
    ],
)  # fmt: skip
def test_identifiers_of_records_join_people_not_households(
    story: str, rows: list, pairs: list, joined: bool, guard: str | None
) -> None:
    world = stitched(rows, pairs)
    assert (world.groups == {frozenset("ab")}) is joined, story
    assert {r[2] for r in world.refused} == ({guard} if guard else set())


def test_a_card_of_many_different_people_names_nobody() -> None:
    people = [person(f"p{i}", f"name{'abcdefgh'[i] * 4}", f"19{50 + i}-01-01", ids=CARD) for i in range(8)]
    world = stitched([*people, person("x", ids=CARD)])
    assert len(world.groups) == 9
    assert world.hubs == {"loyalty_card:77"}


def test_a_card_on_more_nameless_records_than_customers_could_hold_names_nobody() -> None:
    world = stitched([Row(f"p{i:02}", ids=CARD) for i in range(13)], match=Match(max_group=2))
    assert len(world.groups) == 13
    assert world.hubs == {"loyalty_card:77"}


def test_two_systems_that_both_count_from_one_share_numbers_and_no_customers() -> None:
    names = ["anna", "bertram", "cyril", "dora", "edmund", "fiona", "gustav", "hilda", "ivo", "judith", "konrad"]
    rows = [
        person(f"{source}{i}", name, source=source, ids=[("customer_no", str(i))])
        for source, order in (("shop", names), ("club", names[3:] + names[:3]))
        for i, name in enumerate(order)
    ]
    world = stitched([*rows, person("shop99", source="shop", ids=[("customer_no", "1")])])
    assert all(len(group) == 1 for group in world.groups)
    assert [code for code, _ in world.reporter.warnings] == ["mixed_numbering"]


def test_many_records_of_one_person_do_not_make_a_hub() -> None:
    rows = [person(f"p{i}", "ann", "1980-01-01", ids=CARD) for i in range(9)]
    world = stitched(rows)
    assert len(world.groups) == 1
    assert world.hubs == set()


def test_each_record_says_how_it_came_to_its_customer() -> None:
    rows = [Row("a"), Row("b"), Row("c"), Row("d", ids=CARD), Row("e", ids=CARD), Row("f")]
    world = stitched(rows, [("a", "b", 9, "identical"), ("a", "c", 3)])
    kinds = {
        r["record_key"]: r["link_kind"]
        for r in world.rows("SELECT record_key, link_kind FROM identity_map WHERE source <> ''")
    }
    assert kinds == {"a": "exact", "b": "exact", "c": "model", "d": "stitch", "e": "stitch", "f": "single"}


def test_the_weakest_necessary_link_is_the_weakest_on_the_strongest_tree() -> None:
    world = stitched([A, B, C], [("a", "b", 10), ("b", "c", 4), ("a", "c", 1)])
    assert world.rows("SELECT weakest, needs_review FROM customer") == [{"weakest": 941176, "needs_review": True}]
    assert world.rows("SELECT weakest_probability AS w, flags FROM match_group")[0]["flags"] == "weak link"


def test_pairs_are_published_when_merged_refused_or_in_doubt() -> None:
    rows = [Row("a", values={"tax_id": "1"}), Row("b", values={"tax_id": "2"}), C, D, Row("e")]
    pairs = [("a", "b", 9), ("a", "c", 8), ("c", "d", -1), ("d", "e", -6)]
    world = stitched(rows, pairs, match=Match(never_merge_if=("tax_id differs",)))
    found = {
        (r["record_key_a"] + r["record_key_b"]): (r["decision"], r["decided_by"], r["rules"], r["pattern"])
        for r in world.rows("SELECT * FROM match_pair")
    }
    assert found == {
        "ab": ("apart", "never_merge", "0", 1),
        "ac": ("merged", "model", "0", 1),
        "cd": ("review", "model", "0", 1),
    }


def test_a_published_pair_says_which_rules_found_it_and_how_its_fields_agree() -> None:
    world = stitched([A, B, C, D], [("a", "b", 9), ("b", "c", 8, "identical"), ("c", "d", 7, 2)])
    levels = world.rows("SELECT field, level, CAST(weight AS VARCHAR) AS bits FROM match_level WHERE pattern = 1")
    assert levels == [
        {"field": "birth_date", "level": "exact", "bits": "9.000000"},
        {"field": "given_name", "level": "exact", "bits": "2.500000"},
    ]
    in_words = {
        r["record_key_a"] + r["record_key_b"]: (r["rules"], r["levels"])
        for r in world.rows(load("published", "match_pair_in_words"))
    }
    agree = "birth_date=exact (9.0); given_name=exact (2.5)"
    assert in_words == {"ab": ("birth_date", agree), "bc": ("identical", agree), "cd": ("birth_date", "")}


def test_a_published_pair_says_what_its_rivals_took() -> None:
    world = stitched([A, B], [("a", "b", 9, ("rivals", -2))])
    assert world.rows("SELECT CAST(rivals AS VARCHAR) AS bits FROM match_pair") == [{"bits": "-2.000000"}]


def test_patterns_of_pairs_that_are_not_published_have_no_levels() -> None:
    world = stitched([A, B], [("a", "b", -9)])
    assert world.rows("SELECT * FROM match_level") == []


def test_pairs_are_published_in_the_order_of_their_keys_as_they_are_written() -> None:
    world = stitched([A, B, C, D], [("c", "d", 5), ("a", "d", 6), ("b", "c", 7), ("a", "b", 8)])
    assert world.engine.ascends("match_pair", TABLES["match_pair"].order)


def test_an_entry_keeps_the_run_in_which_it_came_to_its_customer() -> None:
    first = stitched([A, B, C], [("a", "b", 9)], run_id="r0001-00000000")
    world = stitched([A, B, C], [("a", "b", 9), ("b", "c", 9)], previous=first.left)
    assert {r["record_key"]: r["since_run"] for r in world.rows("SELECT * FROM identity_map")} == {
        "a": "r0001-00000000", "b": "r0001-00000000", "c": "r0002-00000000",
    }  # fmt: skip


@pytest.mark.parametrize("table", WRITES)
def test_every_table_is_written_as_its_contract_says_also_when_there_is_nothing(table: str) -> None:
    for world in (stitched(), stitched([A, B], [("a", "b", 5)], [Happening([("email", "x")])])):
        found = world.engine.columns(table)
        contract = TABLES[table]
        assert found == {c.name: c.type for c in contract.columns}
        for column in contract.columns:
            if not column.nullable:
                assert world.engine.scalar(f'SELECT count(*) FROM {table} WHERE "{column.name}" IS NULL') == 0
        key = ", ".join(contract.key)
        assert world.engine.scalar(f"SELECT count(*) - count(DISTINCT ({key})) FROM {table}") == 0


def test_nothing_of_its_working_tables_is_left() -> None:
    world = stitched([A, B], [("a", "b", 5)], [Happening([("email", "x")])])
    assert not {t for t in world.engine.tables() if t.startswith("stitch_")}
