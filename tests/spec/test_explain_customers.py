"""How a customer holds together. What fields are worth in these worlds: see tests/reference/explain_world."""

from __future__ import annotations

from cxid.config.model import Match
from cxid.explain.model import LinkKind
from cxid.explain.question import strongest_pair
from cxid.privacy import mask
from tests.reference.explain_world import asked, person
from tests.reference.stitch_world import Happening

BORN, YOUNG = "19800101", "19990909"
CHAIN = [person("a", "ann", None), person("b", None, BORN), person("c", "ann", BORN), person("d", "ann", BORN)]
CHAINED = [("a", "c"), ("b", "c")]


def test_the_links_that_hold_a_customer_are_a_tree_strongest_first() -> None:
    answer = asked(CHAIN, CHAINED).customer("a")
    assert [m.record.key for m in answer.members] == ["a", "b", "c", "d"]
    assert [(k.a.key, k.b.key, k.kind) for k in answer.links] == [
        ("c", "d", LinkKind.IDENTICAL),
        ("a", "c", LinkKind.MODEL),
        ("b", "c", LinkKind.MODEL),
    ]
    assert answer.weakest == min(k.probability for k in answer.links) == 800_000


def test_without_its_weakest_link_a_customer_falls_into_two_named_parts() -> None:
    split = asked(CHAIN, CHAINED).customer("a").split
    assert split is not None
    assert {split.link.a.key, split.link.b.key} == {"a", "c"}
    assert [r.key for r in split.left] == ["a"]
    assert [r.key for r in split.right] == ["b", "c", "d"]
    assert split.across == 1


def test_links_that_go_across_as_well_are_counted() -> None:
    rows = [person("a", "ann", None), person("b", "ann", BORN), person("c", "ann", YOUNG)]
    answer = asked(rows, [("a", "b"), ("a", "c"), ("b", "c")], decisions=[("link", "b", "c")]).customer("a")
    assert [k.kind for k in answer.links] == [LinkKind.DECISION, LinkKind.MODEL]
    assert answer.links[0].words == ("decisions.csv, line 2",)
    assert answer.split is not None and answer.split.across == 2


def test_a_single_record_names_its_nearest_neighbours_and_what_speaks_against_them() -> None:
    rows = [person("a", "ann", BORN), person("b", "ann", YOUNG), person("c", "bob", BORN)]
    answer = asked(rows, [("a", "b"), ("a", "c"), ("b", "c")]).customer("a")
    assert (answer.links, answer.split) == ((), None)
    assert [(n.b.key, n.weight, n.against, n.outcome) for n in answer.neighbours] == [
        ("b", -2_000_000, ("birth_date different",), "below the cut"),
        ("c", -2_000_000, ("given_name different",), "below the cut"),
    ]


def test_what_guards_refused_names_the_other_customer() -> None:
    rows = [
        person("a", "ann", BORN, values={"tax_id": "1"}), person("b", "ann", None, values={"tax_id": "2"}),
    ]  # fmt: skip
    world = asked(rows, [("a", "b")], match=Match(never_merge_if=("tax_id differs",)))
    (refused,) = world.customer("a").refusals
    assert (refused[0].guard, refused[0].detail, refused[0].values) == ("never_merge", "tax_id", (("1",), ("2",)))
    assert refused[1] == world.pair("a", "b").weighed.b.customer_id
    assert world.customer("a").neighbours[0].outcome == "match.never_merge_if: tax_id differs"


def test_identifiers_say_who_carries_them_and_how_often_events_show_them() -> None:
    card = [("loyalty_card", "77")]
    rows = [person("a", "ann", None, ids=card), person("b", None, BORN, ids=card)]
    visits = [Happening([("loyalty_card", "77"), ("cookie", "x")], at) for at in range(3)]
    answer = asked(rows, [], events=[*visits, Happening([("cookie", "x")], 9)]).customer("a")
    held = {h.id_type: ([r.key for r in h.records], h.events, h.with_) for h in answer.identifiers}
    assert held == {"loyalty_card": (["a", "b"], 3, ()), "cookie": ([], 4, ("loyalty_card in 3",))}
    assert answer.events == {"web": 4}
    assert [(k.kind, k.detail, k.words) for k in answer.links] == [
        (LinkKind.STITCH, "loyalty_card", ("both carry loyalty_card",))
    ]


def test_a_customer_without_any_record_is_told_by_its_identifiers() -> None:
    world = asked([person("a", "ann", BORN)], [], events=[Happening([("email", "x@y.example"), ("cookie", "z")])])
    found = world.world.rows("SELECT customer_id FROM run_identifier_customer WHERE id_type = 'email'")
    answer = world.by_id(found[0]["customer_id"])
    assert (answer.members, answer.links, answer.split) == ((), (), None)
    assert {h.id_type for h in answer.identifiers} == {"email", "cookie"}


def test_values_can_be_masked_everywhere() -> None:
    rows = [person("a", "annabelle", BORN, values={"email": "annabelle@x.example"}), person("b", "annabelle", None)]
    world = asked(rows, [("a", "b")])
    told = repr(world.customer("a", mask)) + repr(world.pair("a", "b", mask))
    for value in ("annabelle", BORN, "19800101"):
        assert value not in told


def test_of_two_customers_the_strongest_pair_is_asked_about() -> None:
    rows = [*CHAIN, person("x", "bob", YOUNG), person("y", "ann", YOUNG)]
    world = asked(rows, [*CHAINED, ("c", "y"), ("c", "x")])
    mine = [m.record for m in world.customer("a").members]
    for other, expected in (("y", ("c", "y")), ("x", ("c", "x"))):
        pair = strongest_pair(world.run, mine, [m.record for m in world.customer(other).members])
        assert pair is not None and (pair[0].key, pair[1].key) == expected


def test_where_the_build_scored_no_pair_the_strongest_is_found_by_comparing_anew() -> None:
    rows = [*CHAIN, person("y", "ann", YOUNG)]
    world = asked(rows, CHAINED)
    pair = strongest_pair(
        world.run, [m.record for m in world.customer("a").members], [m.record for m in world.customer("y").members]
    )
    assert pair is not None and (pair[0].key, pair[1].key) == ("a", "y")  # a lacks the birth date that differs
