"""Who is one household and who is not, and what becomes of the ids."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from tests.reference.household_world import Person, households, together

# fmt: off
TOWN = [Person(f"t{n:02d}", f"name{n}", f"street{n}", str(n), f"p{n % 5}", "bath") for n in range(40)]
SMITHS = [Person("a", "smith", "high", "5", "x1", "bath"), Person("b", "smith", "high", "5", "x1", "bath")]


def home(id: str, name: str, number: str = "5", contacts: str = "", street: str = "high") -> Person:
    return Person(id, name, street, number, "x1", "bath", contacts)


CASES: dict[str, tuple[list[Person], set[frozenset[str]]]] = {
    "one name at one address": (SMITHS, {frozenset("ab")}),
    "a flat share: other names at one address": ([home("a", "smith"), home("b", "jones"), home("c", "patel")], set()),
    "other names at one address with one telephone": ([home("a", "smith", contacts="+441"), home("b", "jones", contacts="+441")], {frozenset("ab")}),
    "a double name and each of its halves": ([home("a", "smith jones"), home("b", "smith"), home("c", "jones")], {frozenset("abc")}),
    "neighbours of one name": ([home("a", "smith", "5"), home("b", "smith", "7")], set()),
    "one name at one address, one postcode mistyped": ([*SMITHS[:1], Person("b", "smith", "high", "5", "x9", "bath")], {frozenset("ab")}),
    "one name, one street mistyped": ([*SMITHS[:1], home("b", "smith", street="hihg")], {frozenset("ab")}),
    "a house number that is missing": ([home("a", "smith"), home("b", "smith", "")], {frozenset("ab")}),
    "a missing number that may be either house's": ([home("a", "smith"), home("b", "smith", "7"), home("c", "smith", "")], set()),
    "two flats of one house": ([home("a", "smith", street="high flat 1"), home("b", "smith", street="high flat 2")], set()),
    "one flat of a large house": (
        [home("a", "smith", street="high flat 1"), home("b", "smith", street="high flat 1"), *(home(f"n{n}", f"name{n % 40}", street=f"high flat {n + 9}") for n in range(30))],
        {frozenset("ab")},
    ),
    "no address, one name and one telephone": ([home("a", "smith", contacts="+441"), Person("b", "smith", contacts="+441")], {frozenset("ab")}),
    "no address, another name and one telephone": ([home("a", "smith", contacts="+441"), Person("b", "jones", contacts="+441")], set()),
    "two homes of one name with one telephone: a child that moved out": (
        [home("a", "smith", contacts="+441"), home("b", "smith"), Person("c", "smith", "mill", "8", "y2", "york", "+441")], {frozenset("ab")},
    ),
    "a switchboard: a telephone of six": ([home(c, f"other{c}", contacts="+441") for c in "abcdef"], set()),
    "a chain over one who has no address": (
        [home("a", "smith", contacts="+441"), Person("b", "smith", contacts="+441 x@y.example"), Person("c", "smith", "mill", "8", "y2", "york", "x@y.example")],
        {frozenset("ab")},
    ),
    "nobody but strangers": ([], set()),
}
# fmt: on


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES)
def test_who_lives_together(engine: DuckDBEngine, case: str) -> None:
    people, expected = CASES[case]
    found = together(households(engine, [*TOWN, *people]))
    assert {h & {p.id for p in people} for h in found} == expected


def test_a_common_name_in_a_tower_block_is_no_household_and_a_rare_one_is(engine: DuckDBEngine) -> None:
    """200 people at one address without flat numbers; one in fifty of the town is a Smith."""
    tower = [home(f"f{n:03d}", f"name{n % 90}") for n in range(90)] + [
        home(f"g{n:03d}", f"other{n}") for n in range(106)
    ]
    town = [
        Person(f"u{n:03d}", "smith" if n % 50 == 0 else f"far{n}", f"way{n}", "1", f"q{n}", "york") for n in range(400)
    ]
    couples = [home("s1", "smith"), home("s2", "smith"), home("z1", "zwirner"), home("z2", "zwirner")]
    assert together(households(engine, [*tower, *town, *couples])) == {frozenset({"z1", "z2"})}


def test_what_is_larger_than_a_household_is_an_institution(engine: DuckDBEngine) -> None:
    convent = [home(f"n{n}", "sister") for n in range(5)]
    assert together(households(engine, [*TOWN, *convent], max_size=4)) == set()
    assert together(households(engine, [*TOWN, *convent], max_size=5)) == {frozenset(p.id for p in convent)}


def test_the_linkage_joins_where_an_address_does_not(engine: DuckDBEngine) -> None:
    people = [*TOWN, home("a", "smith"), Person("b", "smyth"), Person("c", "smyth", "mill", "8", "y2", "york")]
    assert together(households(engine, people, linked={("a", "b"): 600_000})) == {frozenset("ab")}
    assert together(households(engine, people, linked={("a", "b"): 400_000})) == set(), "not sure enough"
    assert together(households(engine, people, linked={("a", "c"): 900_000})) == set(), "two places, nothing in common"
    neighbours = [*TOWN, home("a", "smith"), home("b", "smyth", "7")]
    assert together(households(engine, neighbours, linked={("a", "b"): 900_000})) == set(), "two houses of one street"


def test_whoever_lives_alone_has_a_home_and_whoever_has_no_address_has_none(engine: DuckDBEngine) -> None:
    found = households(engine, [home("a", "smith"), Person("b", "jones")])
    assert set(found) == {"a"}
    assert found["a"][1] == "alone"


def test_an_id_goes_with_most_of_its_members(engine: DuckDBEngine) -> None:
    family = [home(c, "smith") for c in "abc"]
    first = {c: h for c, (h, _) in households(engine, family).items()}
    assert len(set(first.values())) == 1
    moved = [Person("a", "smith", "mill", "8", "y2", "york"), *family[1:]]
    second = {c: h for c, (h, _) in households(engine, moved, before=first).items()}
    assert second["b"] == second["c"] == first["a"], "two of three stay, and the id with them"
    assert second["a"] not in first.values(), "whose id is the digest of the one who left: it gets another"
    third = {c: h for c, (h, _) in households(engine, family, before=second).items()}
    assert set(third.values()) == {first["a"]}


def test_an_id_follows_a_customer_who_was_merged(engine: DuckDBEngine) -> None:
    before = {"old": "hh_x", "b": "hh_x"}
    found = households(engine, [home("a", "smith"), home("b", "smith")], before=before, aliases={"old": "a"})
    assert {h for h, _ in found.values()} == {"hh_x"}
    gone = households(engine, [home("a", "smith")], before={"old": "hh_x"}, aliases={"old": "a"})
    assert gone["a"][0] == "hh_x"


PEOPLE = st.lists(
    st.builds(
        Person,
        id=st.sampled_from([f"c{n}" for n in range(9)]),
        name=st.sampled_from(["smith", "jones", "smith jones", ""]),
        street=st.sampled_from(["high", "mill", "high flat 1", ""]),
        number=st.sampled_from(["5", "7", ""]),
        postcode=st.sampled_from(["x1", "y2", ""]),
        city=st.sampled_from(["bath", ""]),
        contacts=st.sampled_from(["", "+441", "+442 a@x.example", "a@x.example"]),
    ),
    max_size=9,
    unique_by=lambda p: p.id,
)


@settings(max_examples=15, deadline=None)
@given(now=PEOPLE, later=PEOPLE)
def test_ids_last_and_are_nobody_else_s(engine: DuckDBEngine, now: list[Person], later: list[Person]) -> None:
    first = {c: h for c, (h, _) in households(engine, now).items()}
    again = {c: h for c, (h, _) in households(engine, now, before=first).items()}
    assert again == first, "nothing changed, no id changes"
    second = {c: h for c, (h, _) in households(engine, later, before=first).items()}
    homes: dict[str, set[str]] = {}
    for customer, household_id in second.items():
        homes.setdefault(household_id, set()).add(customer)
    for household_id, members in homes.items():
        former = {c for c, h in first.items() if h == household_id}
        assert not former or former & members, "an id never goes to a home that has nobody of it"
    for household_id in set(first.values()):
        left = {c for c, h in first.items() if h == household_id} & set(second)
        if left and all(second[c] == second[min(left)] for c in left) and household_id not in homes:
            rivals = {first[c] for c in homes[second[min(left)]] if c in first} - {household_id}
            assert second[min(left)] in rivals, "an id whose members stayed together gives way to another's alone"


def test_the_same_whatever_the_threads_and_the_order() -> None:
    people = [*TOWN, *(p for members, _ in CASES.values() for p in members)]
    unique = list({p.id: p for p in people}.values())
    found = []
    for threads in (1, 2):
        made = DuckDBEngine(threads=threads)
        found.append(households(made, unique[::-1] if threads == 2 else unique))
        made.close()
    assert found[0] == found[1]
