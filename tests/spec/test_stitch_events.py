"""How identifiers and events find their customer, one small world at a time."""

from __future__ import annotations

import pytest

from cxid.config.model import Match
from tests.reference.stitch_world import Happening, Row, stitched

ANN = Row("ann", values={"given_name": "ann", "email": "ann@x"}, updated=3)
BOB = Row("bob", values={"given_name": "bob", "email": "bob@x"}, ids=[("loyalty_card", "b1")])


def e(*ids: str, at: int | None = 0) -> Happening:
    """An event; ids are written 'type:value'."""
    return Happening([tuple(i.split(":", 1)) for i in ids], at)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("story", "events", "owners"),
    [
        ("an e-mail of a record leads to its customer", [e("email:ann@x")], ["ann"]),
        ("an unknown one is a customer of its own", [e("email:new@x")], ["email:new@x"]),
        ("a login belongs to the e-mail that it was seen with",
         [e("user_id:7", "email:ann@x"), e("user_id:7")], ["ann", "ann"]),
        ("an unknown e-mail seen with a known card belongs to the card's owner",
         [e("email:new@x", "loyalty_card:b1"), e("email:new@x")], ["bob", "bob"]),
        ("and so does what is known through what is known",
         [e("email:ann@x", "user_id:7"), e("user_id:7", "loyalty_card:c9"), e("loyalty_card:c9")], ["ann"] * 3),
        ("a friend's card at the checkout joins nobody: the purchase is the account's",
         [e("user_id:7", "email:ann@x"), e("user_id:7", "loyalty_card:b1"), e("loyalty_card:b1")], ["ann", "ann", "bob"]),
        ("a stranger who borrowed a known account's card once stays himself",
         [e("user_id:7", "email:ann@x"), *[e("email:z@x", "loyalty_card:z1")] * 5, e("user_id:7", "loyalty_card:z1"),
          e("email:z@x")],
         ["ann", *["email:z@x"] * 5, "ann", "email:z@x"]),
        ("two accounts with one unknown e-mail are two customers",
         [*[e("user_id:1", "email:home@x")] * 3, e("user_id:2", "email:home@x"), e("email:home@x")],
         [*["user_id:1"] * 3, "user_id:2", "user_id:1"]),
        ("one account with two e-mails is one",
         [e("user_id:1", "email:old@x"), e("user_id:1", "email:new@x"), e("email:new@x")], ["user_id:1"] * 3),
        ("events with nothing but a user id give a customer for each",
         [e("user_id:1"), e("user_id:2"), e("user_id:1")], ["user_id:1", "user_id:2", "user_id:1"]),
        ("an event without any identifier is nobody's", [e(), e("user_id:1")], [None, "user_id:1"]),
    ],
)  # fmt: skip
def test_identifiers_of_people_lead_to_customers(story: str, events: list, owners: list) -> None:
    assert stitched([ANN, BOB], events=events).attributed == owners, story


@pytest.mark.parametrize(
    ("story", "events", "owners"),
    [
        ("a cookie belongs to who logs in on it, also before",
         [e("cookie:k", at=0), e("cookie:k", "email:ann@x", at=5), e("cookie:k", at=9)], ["ann"] * 3),
        ("a cookie that two people use is divided by time, the last login before counting",
         [e("cookie:k", at=0), e("cookie:k", "email:ann@x", at=5), e("cookie:k", at=7), e("cookie:k", "email:bob@x", at=8),
          e("cookie:k", at=90)],
         ["ann", "ann", "ann", "bob", "bob"]),
        ("at the same moment the login comes first",
         [e("cookie:k", "email:ann@x", at=5), e("cookie:k", at=8), e("cookie:k", "email:bob@x", at=8)], ["ann", "bob", "bob"]),
        ("of two logins at one moment the smaller customer counts",
         [e("cookie:k", "email:bob@x", at=5), e("cookie:k", "email:ann@x", at=5), e("cookie:k", at=4), e("cookie:k", at=6)],
         ["bob", "ann", "ann", "ann"]),
        ("an event without a time goes to the latest login",
         [e("cookie:k", "email:ann@x", at=5), e("cookie:k", at=None), e("cookie:k", "email:bob@x", at=8)],
         ["ann", "bob", "bob"]),
        ("it never makes two people one",
         [e("cookie:k", "user_id:1"), e("cookie:k", "user_id:2")], ["user_id:1", "user_id:2"]),
        ("a visitor who never logs in is a customer without a name",
         [e("cookie:k"), e("cookie:k")], ["cookie:k", "cookie:k"]),
        ("the session of a login says more than the cookie",
         [e("cookie:k", "session_id:s1", "email:ann@x", at=1), e("cookie:k", "session_id:s2", "email:bob@x", at=2),
          e("cookie:k", "session_id:s1", at=3)],
         ["ann", "bob", "ann"]),
        ("sessions of one cookie are one visitor",
         [e("cookie:k", "session_id:s1"), e("cookie:k", "session_id:s2"), e("session_id:s2")], ["cookie:k"] * 3),
        ("a session that never logged in follows its cookie",
         [e("cookie:k", "session_id:s1", "email:ann@x", at=1), e("cookie:k", "session_id:s2", at=2), e("session_id:s2", at=3)],
         ["ann"] * 3),
        ("two cookies behind one address on the net are two visitors",
         [e("cookie:k", "ip:1.1.1.1"), e("cookie:l", "ip:1.1.1.1")], ["cookie:k", "cookie:l"]),
    ],
)  # fmt: skip
def test_devices_follow_the_people_who_use_them(story: str, events: list, owners: list) -> None:
    assert stitched([ANN, BOB], events=events).attributed == owners, story


def test_an_inbox_of_two_customers_goes_where_the_other_identifiers_say_else_to_its_main_customer() -> None:
    rows = [
        Row("p1", values={"email": "home@x"}, ids=[("loyalty_card", "c1")], updated=1),
        Row("p2", values={"email": "home@x"}, ids=[("loyalty_card", "c2")], updated=5),
    ]
    events = [e("email:home@x"), e("email:home@x", "loyalty_card:c1"), e("email:home@x", "loyalty_card:c2")]
    world = stitched(rows, events=events)
    assert world.attributed == ["p2", "p1", "p2"]
    assert world.owners["email:home@x"] == "p2"
    assert world.rows("SELECT probability FROM identifier_customer WHERE id_type = 'email'") == [
        {"probability": 500000}
    ]


def test_a_dummy_email_of_a_cashier_names_nobody_and_joins_nobody() -> None:
    rows = [Row(f"p{i}", ids=[("loyalty_card", f"c{i}")]) for i in range(8)]
    events = [e("email:no@x", f"loyalty_card:c{i}") for i in range(8)]
    world = stitched(rows, events=[*events, e("email:no@x")])
    assert world.attributed == [*(f"p{i}" for i in range(8)), None]
    assert world.hubs == {"email:no@x"}
    assert "email:no@x" not in world.owners
    assert len(world.groups) == 8


def test_a_dummy_email_is_found_also_when_nobody_knows_the_cards() -> None:
    events = [e("email:no@x", f"loyalty_card:c{i}") for i in range(16)]
    world = stitched(events=events)
    assert world.hubs == {"email:no@x"}
    assert len(set(world.attributed)) == 16


def test_a_person_with_six_cards_is_no_hub() -> None:
    world = stitched(events=[e("email:a@x", f"payment_card:c{i}") for i in range(6)])
    assert world.hubs == set()
    assert len(set(world.attributed)) == 1


def test_an_inbox_of_many_customers_in_the_records_names_nobody() -> None:
    rows = [
        Row(f"p{i}", values={"given_name": f"n{i}", "email": "desk@x"}, ids=[("loyalty_card", f"c{i}")])
        for i in range(7)
    ]
    world = stitched(rows, events=[e("email:desk@x"), e("email:desk@x", "loyalty_card:c3")])
    assert world.attributed == [None, "p3"]
    assert world.hubs == {"email:desk@x"}


def test_a_terminal_that_many_people_use_says_nothing_about_who_is_before_it() -> None:
    logins = [e("device_id:till", f"user_id:{i}", at=i) for i in range(8)]
    world = stitched(events=[*logins, e("device_id:till", at=20), e("device_id:till", "session_id:s", at=21)])
    assert world.attributed[8:] == [None, "session_id:s"]
    assert world.hubs == {"device_id:till"}


def test_the_limit_of_people_is_the_users_to_set() -> None:
    logins = [e("device_id:till", f"user_id:{i}", at=i) for i in range(8)]
    world = stitched(events=[*logins, e("device_id:till", at=20)], match=Match(hub_limit=20))
    assert world.attributed[8] == "user_id:7"


def test_customers_are_known_by_a_record_or_a_name_not_by_a_device() -> None:
    world = stitched([ANN], events=[e("user_id:1"), e("cookie:k")])
    names = world.names
    known = {names[r["customer_id"]]: r["is_known"] for r in world.rows("SELECT * FROM customer")}
    assert known == {"ann": True, "user_id:1": True, "cookie:k": False}


def test_identifier_customers_are_named_for_ever_by_what_names_a_person_best() -> None:
    before = stitched(events=[e("user_id:1")])
    after = stitched(events=[e("user_id:1", "cookie:a", "anonymous_id:9")])
    assert before.rows("SELECT customer_id FROM customer") == after.rows("SELECT customer_id FROM customer")


POISON = [
    *[e("email:no@x", f"loyalty_card:z{i}") for i in range(20)],
    *[e("cookie:kiosk", f"user_id:z{i}") for i in range(20)],
]


def test_poison_leaves_all_others_as_they_were() -> None:
    rows = [
        ANN,
        BOB,
        Row("cyd", ids=[("loyalty_card", "c1"), ("customer_no", "5")]),
        Row("cyd2", ids=[("customer_no", "5")]),
    ]
    events = [
        e("user_id:7", "email:ann@x"), e("cookie:k", "user_id:7", at=3), e("cookie:k", at=4), e("loyalty_card:b1"),
        e("loyalty_card:c1", "email:cyd@x"), e("email:cyd@x"),
    ]  # fmt: skip
    clean = stitched(rows, [("ann", "bob", -5)], events)
    poisoned_rows = [
        *rows,
        *(
            Row(f"t{i}", values={"given_name": f"t{i}", "email": "test@x"}, ids=[("customer_no", "0")])
            for i in range(20)
        ),
    ]
    poisoned = stitched(poisoned_rows, [("ann", "bob", -5)], [*events, e("email:no@x", "loyalty_card:b1"), *POISON])
    assert {g for g in poisoned.groups if not any(k.startswith("t") for k in g)} == clean.groups
    assert poisoned.attributed[: len(events)] == clean.attributed
    assert {k: v for k, v in poisoned.owners.items() if k in clean.owners} == clean.owners
    assert poisoned.hubs == {"email:no@x", "email:test@x", "customer_no:0", "cookie:kiosk"}
