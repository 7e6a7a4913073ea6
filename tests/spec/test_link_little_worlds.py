"""Little worlds that a sensible person decides at a glance, alone and among strangers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxid.model import Field, FieldType
from tests.reference.link_world import BIRTH, CITY, EMAIL, FAMILY, GIVEN, PHONE, Record, linked, summary

STREET = Field("street", FieldType.STREET, ("street",))
POSTCODE = Field("postcode", FieldType.POSTCODE, ("postcode",))
FULL = (GIVEN, FAMILY, BIRTH, EMAIL, PHONE, STREET, CITY, POSTCODE)
_COLUMNS = ("given_name", "family_name", "birth_date", "email", "phone", "street", "city", "postcode")
HOME = ("01743496009", "3 rose cottage", "church stretton", "sy66df")
GEORGE = ("george", "pemberton", "19500129")
HELEN = ("helen", "pemberton", "19520617")
Row = tuple[str | None, ...]
Pair = tuple[int, int]


def person(*values: str | None) -> dict[str, str | None]:
    return dict(zip(_COLUMNS, values, strict=False))


@dataclass(frozen=True)
class World:
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    one_person: tuple[Pair, ...] = ()
    two_people: tuple[Pair, ...] = ()
    most: int = 100  # strangers among whom it is decided so; more of them drown it


WORLDS = {
    "a couple": World(FULL, ((*GEORGE, None, *HOME), (*HELEN, "helen@post.example", *HOME)), two_people=((1, 2),)),
    "a couple, one of them twice": World(
        FULL,
        (
            (*GEORGE, None, *HOME),
            (*HELEN, "helen@post.example", *HOME),
            ("h", "pemberton", "19520617", "helen@post.example", None, None, "church stretton", "sy66df"),
        ),
        one_person=((2, 3),),
        two_people=((1, 2), (1, 3)),
    ),
    "a couple with one mailbox": World(
        FULL, ((*GEORGE, "us@post.example", *HOME), (*HELEN, "us@post.example", *HOME)), two_people=((1, 2),)
    ),
    "a father and a son of one name": World(
        FULL,
        (
            ("john", "miller", "19500305", "john@miller.example", *HOME),
            ("john", "miller", "19780912", "jm78@mail.example", *HOME),
        ),
        two_people=((1, 2),),
    ),
    "a woman who married": World(
        FULL,
        (
            ("dora", "hill", "19900505", "dora@mail.example", "07700900111", "12 canal street", "telford", "tf15lx"),
            ("dora", "smith", "19900505", "dora@mail.example", "07700900111", None, "telford", None),
        ),
        one_person=((1, 2),),
    ),
    "a slip in a name": World(
        FULL,
        (
            ("margaret", "whitfield", "19610412", "m.w@post.example", None, None, "ludlow", "sy81ab"),
            ("margret", "whitfield", "19610412", None, "07700900101", "4 orchard lane", "ludlow", "sy81ab"),
        ),
        one_person=((1, 2),),
    ),
    "namesakes of one town": World(
        (GIVEN, FAMILY, BIRTH, EMAIL, CITY, POSTCODE),
        (
            ("ann", "braun", "19810405", "ann.braun3@example.org", None, None, "graz", "8010"),
            ("ann", "braun", "19670921", "ann.braun91@example.org", None, None, "graz", "8010"),
        ),
        two_people=((1, 2),),
    ),
    "only names and birth dates": World(
        (GIVEN, FAMILY, BIRTH),
        (
            ("ann", "lee", "19800304"),
            ("ann", "lee", "19800304"),
            ("anne", "lee", "19800304"),
            ("ann", "lee", "19610811"),
            ("bob", "stone", "19700102"),
            ("carl", "moss", "19700102"),
            ("bob", "hill", "19551231"),
        ),
        one_person=((1, 2), (1, 3)),
        two_people=((1, 4), (5, 6), (5, 7)),
    ),
    "only names and e-mails": World(
        (GIVEN, FAMILY, EMAIL),
        (
            ("ann", "lee", None, "ann@x.example"),
            ("anne", "lee", None, "ann@x.example"),
            ("ann", "lee", None, "lee77@y.example"),
            ("bob", "stone", None, "bob@z.example"),
            ("bob", "stone", None, "bob@z.example"),
        ),
        one_person=((1, 2), (4, 5)),
        two_people=((1, 3),),
        most=20,
    ),
    "one person, six times": World(
        FULL,
        (
            ("john", "miller", "19500305", "john@miller.example", *HOME),
            ("john", "miller", "19500305", "john@miller.example", *HOME),
            ("jon", "miller", "19500305", "john@miller.example", None, None, "church stretton", None),
            ("john", "miller", None, "john@miller.example", *HOME),
            ("john", "miller", "19500305", None, *HOME),
            ("john", "miller", "19500503", "john@miller.example", *HOME),
        ),
        one_person=((1, 2), (1, 3), (1, 4), (1, 5), (1, 6)),
        most=20,
    ),
}
_GIVEN = "adam beth carl dora eve finn gail hugo iris jack kate leo mona nick olga paul".split()  # noqa: SIM905
_FAMILY = "adler costa duarte ebert fischer gomes huber ivanov jensen keller lopes meyer novak olsen peters".split()  # noqa: SIM905
_TOWNS = (("berlin", "10115"), ("lisboa", "1100"), ("leeds", "ls14ap"), ("lyon", "69001"), ("graz", "8010"))


def strangers(count: int) -> list[dict[str, str | None]]:
    """So many people, every fifth of them twice."""
    rng, found = random.Random(5), []
    for number in range(count):
        given, family, town = rng.choice(_GIVEN), rng.choice(_FAMILY), rng.choice(_TOWNS)
        born = f"{rng.randint(1940, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        phone, street = f"0770090{rng.randint(1000, 9999)}", f"{rng.randint(1, 99)} {rng.choice(_FAMILY)} street"
        found.append(person(given, family, born, f"{given}.{family}{number}@mail.example", phone, street, *town))
    return [*found, *({**p, "phone": None, "street": None} for p in found[::5])]


def linked_pairs(fields: tuple[Field, ...], records: list[Record], tmp_path: Path) -> set[Pair]:
    kept = {slot for f in fields for slot in f.slots}
    engine, _ = linked(fields, [{k: v for k, v in r.items() if k in kept} for r in records], tmp_path)
    found = engine.fetch("SELECT record_no_a AS a, record_no_b AS b FROM link_pair WHERE weight >= 0").to_pylist()
    return {(p["a"], p["b"]) for p in found}


@pytest.mark.parametrize(("story", "others"), [(k, n) for k, w in WORLDS.items() for n in (0, 20, 100) if n <= w.most])
def test_a_little_world_is_linked_as_a_sensible_person_would(story: str, others: int, tmp_path: Path) -> None:
    world = WORLDS[story]
    records: list[Record] = [*(person(*row) for row in world.rows), *strangers(others)]
    found = linked_pairs(world.fields, records, tmp_path)
    assert set(world.one_person) <= found
    assert not set(world.two_people) & found


def test_twins_are_two_people(tmp_path: Path) -> None:
    twins: list[Record] = [
        person("anna", "berg", "20010305", "anna@berg.example", *HOME),
        person("lukas", "berg", "20010305", "lukas@berg.example", *HOME),
    ]
    assert (1, 2) not in linked_pairs(FULL, [*twins, *strangers(20)], tmp_path)


def test_people_who_are_all_different_are_left_alone(tmp_path: Path) -> None:
    assert linked_pairs(FULL, [*strangers(24)[:24]], tmp_path) == set()


def test_households_that_far_outnumber_repeated_people_are_not_merged(tmp_path: Path) -> None:
    rng = random.Random(3)
    homes, records = strangers(900)[:900], []
    for number, head in enumerate(homes):
        records.append(head)
        if number % 2:  # a relative under the same roof
            name, born = (
                rng.choice(_GIVEN),
                f"{rng.randint(1940, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}",
            )
            records.append({**head, "given_name": name, "birth_date": born, "email": f"{name}{number}@home.example"})
    true = {(n + 1, len(records) + i + 1) for i, n in enumerate(range(0, 300, 20))}
    records += [{**records[a - 1], "phone": None} for a, _ in sorted(true)]
    found = linked_pairs(FULL, [*records], tmp_path)
    assert len(found & true) >= 0.8 * len(true)
    assert len(found - true) <= 0.3 * len(true)


def test_thin_evidence_says_that_care_is_asked(tmp_path: Path) -> None:
    world = WORLDS["only names and e-mails"]
    kept = ("given_name", "family_name", "email")
    engine, _ = linked(world.fields, [{k: person(*r).get(k) for k in kept} for r in world.rows], tmp_path)
    assert summary(engine)["status"] == "careful"
