"""Writes the extracts of Ternside Cycles, a bicycle shop that does not exist; the same bytes each time.

People are drawn first; each system then knows some of them, each in its own notation and with mistakes of its own.
`data` is what lies there on the first day, `next_day` what comes the night after, `truth.csv` who is who.
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

TODAY = date(2026, 5, 31)
GIVEN = """
Alice Amir Andrew Anita Barbara Ben Bronwen Callum Catherine Charlotte Claire Colin Daniel David Deborah Derek
Dilys Donald Edward Eilidh Elizabeth Emma Eoin Faisal Farah Fiona Frances Gareth Geraint Grace Hannah Harriet
Helen Henrik Ibrahim Imogen Isabel Jacob Jade Jean Joanna Joseph Joyce Katherine Kenneth Kofi Laura Leila Lewis
Lucy Maeve Malcolm Margaret Martin Matthew Maureen Michael Mohammed Nadia Natalie Nicholas Nigel Olivia Oscar
Owen Patricia Patrick Peter Philippa Priya Rachel Rebecca Rhys Richard Robert Rosa Ruth Samuel Sanjay Sarah
Shirley Simon Sophie Stephen Susan Thomas Timothy Tomasz Valerie Victoria Vikram Wendy William Yasmin Zoe
"""
SHORT = {
    "Catherine": "Cathy", "Daniel": "Dan", "David": "Dave", "Deborah": "Debbie", "Edward": "Ted", "Elizabeth": "Liz",
    "Katherine": "Kate", "Kenneth": "Ken", "Margaret": "Maggie", "Matthew": "Matt", "Michael": "Mike",
    "Nicholas": "Nick", "Patricia": "Pat", "Philippa": "Pippa", "Rebecca": "Becky", "Richard": "Rick",
    "Robert": "Bob", "Samuel": "Sam", "Stephen": "Steve", "Susan": "Sue", "Thomas": "Tom", "Timothy": "Tim",
    "Victoria": "Vicky", "William": "Bill",
}  # fmt: skip
FAMILY = """
Abbott Achterberg Adeyemi Ashworth Bainbridge Begum Blakeney Braithwaite Brown Calloway Chaudhry Clarke Crabtree
Davies Dhillon Dunmore Ellwood Evans Fairclough Fenwick Fitzgerald Garside Goddard Grimshaw Hargreaves Harris
Hedgecock Holloway Hughes Hussain Iqbal Jackson Jarvis Johnson Jones Kaur Kellaway Kowalska Lambert Lewis
Lockwood MacLeod Marchetti Marsden Mensah Mistry Moore Murphy Nightingale O'Connor O'Hara Okonkwo Oldroyd
Ormerod Osborne Patel Pendlebury Pickering Quigley Ramsbottom Reilly Roberts Robinson Rowbotham Saunders
Schofield Shah Sidebottom Singh Smith Stainthorpe Sutcliffe Tattersall Taylor Thackeray Thomas Thompson Thwaite
Tunstall Underhill Walker Warburton Watkins Whitworth Widdowson Williams Wilson Wojcik Wood Wright Yardley
"""
STREETS = """
Albion_Terrace Beck_Lane Bridge_Street Canal_Road Chapel_Walk Church_Lane Crag_View Ferry_Road Garden_Street
Harbour_Road High_Street Keswick_Avenue Limekiln_Road Market_Place Mill_Lane Moor_Road Orchard_Close Park_Avenue
Quay_Street Station_Road Tannery_Row The_Green Victoria_Road Weavers_Court Windmill_Hill
"""
TOWNS = (("Ternside", "ZT1"), ("Ternside", "ZT2"), ("Harrowgill", "ZT7"), ("Low Marsh", "ZT9"), ("Skelby", "ZT14"))
SYSTEMS = {"crm": 0.62, "shop": 0.5, "news": 0.45, "web": 0.4}  # the share of people that each knows
GOODS = {"inner tube": 699, "chain": 2499, "service": 6500, "helmet": 5400, "lights": 3250, "coat": 8900, "bike": 74900}
PAGES = ("/", "/bikes", "/bikes/gravel", "/clothing", "/lights", "/service", "/basket")
MAIL = ("postbox.example", "mailhaven.example", "brightmail.example")


def street(rng: random.Random) -> str:
    """A street of the district."""
    return rng.choice(STREETS.split()).replace("_", " ")


@dataclass(frozen=True)
class Person:
    """Somebody who lives near Ternside."""

    entity: str
    given: str
    family: str
    born: date
    street: str
    town: str
    postcode: str
    email: str
    phone: str  # ten digits after +44
    systems: frozenset[str]
    number: int
    card: str  # empty for who has none
    cookies: tuple[str, ...]


def people(rng: random.Random) -> list[Person]:
    """Households of one to four; those of a home share street, postcode and mostly the family name."""
    made: list[Person] = []
    while len(made) < 260:
        family, (town, district) = rng.choice(FAMILY.split()), rng.choice(TOWNS)
        home = f"{rng.randint(1, 140)} {street(rng)}"
        postcode = f"{district} {rng.randint(1, 9)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
        landline = f"1632960{rng.randrange(1000):03}"
        for _ in range(rng.choices((1, 2, 3, 4), (6, 4, 1, 1))[0]):
            given, number = rng.choice(GIVEN.split()), len(made)
            name = f"{given}.{family}".lower().replace("'", "")
            year = rng.choice(("", "", str(rng.randint(50, 99))))
            made.append(
                Person(
                    entity=f"p{number:03}", given=given,
                    family=family if rng.random() < 0.93 else rng.choice(FAMILY.split()),
                    born=date(1944, 1, 1) + timedelta(rng.randrange(60 * 365)), street=home, town=town,
                    postcode=postcode, email=f"{name}{year}@{rng.choice(MAIL)}",
                    phone=landline if rng.random() < 0.2 else f"7700900{number:03}",
                    systems=frozenset(s for s, p in SYSTEMS.items() if rng.random() < p),
                    number=1000 + number * 7 % 900, card=f"TC{400000 + number * 137}" if rng.random() < 0.4 else "",
                    cookies=tuple(f"{rng.getrandbits(40):010x}" for _ in range(rng.choice((1, 1, 2)))),
                )
            )  # fmt: skip
    return made


def slip(rng: random.Random, word: str) -> str:
    """The word as somebody in a hurry types it: a letter less, twice, or in its neighbour's place."""
    at = rng.randrange(1, len(word))
    before, here, after = word[:at], word[at], word[at + 1 :]
    return rng.choice((before + after, before + here + here + after, before[:-1] + here + before[-1] + after))


def careless(rng: random.Random, who: Person) -> Person:
    """The person as one system has them: a short name, a slip, an old address, day and month swapped."""
    if rng.random() < 0.25:
        who = replace(who, given=SHORT.get(who.given, who.given))
    if rng.random() < 0.06:
        who = replace(who, given=slip(rng, who.given))
    if rng.random() < 0.08:
        who = replace(who, family=slip(rng, who.family))
    if rng.random() < 0.04 and who.born.day <= 12:
        who = replace(who, born=date(who.born.year, who.born.day, who.born.month))
    if rng.random() < 0.08:
        moved = f"{rng.randint(1, 140)} {street(rng)}"
        who = replace(who, street=moved, postcode=f"ZT{rng.randint(3, 6)} {rng.randint(1, 9)}LA")
    if rng.random() < 0.15:
        local = f"{who.given[0]}.{who.family}".lower().replace("'", "")
        who = replace(who, email=f"{local}@{rng.choice(MAIL)}")
    return who


def crm_row(rng: random.Random, who: Person, number: int) -> list[str]:
    """What the customer says at the counter, in British notation."""
    w = careless(rng, who)
    area, rest = w.phone[:4], w.phone[4:]
    phone = rng.choice((f"0{area} {rest}", f"0{w.phone}", f"+44 {area} {rest}"))
    mail = rng.choice((w.email, w.email, w.email, "", "none@ternside.example"))
    seen = TODAY - timedelta(rng.randrange(900))
    return [
        str(number), w.given, w.family, f"{w.born:%d/%m/%Y}" if rng.random() < 0.85 else "", mail,
        phone if rng.random() < 0.8 else "", w.street, w.town, w.postcode, w.card, f"{seen:%d/%m/%Y}",
    ]  # fmt: skip


def shop_row(rng: random.Random, who: Person) -> list[str]:
    """What customers typed themselves: one column for the name, ISO dates."""
    w = careless(rng, who)
    whole = f"{w.given} {w.family}"
    name = rng.choice((whole, whole, f"{w.family}, {w.given}", whole.upper()))
    street = w.street.replace("Road", "Rd").replace("Street", "St.") if rng.random() < 0.5 else w.street
    postcode = w.postcode.replace(" ", "").lower() if rng.random() < 0.3 else w.postcode
    login = TODAY - timedelta(rng.randrange(500))
    return [
        f"W{w.number}", name, w.email, f"+44{w.phone}" if rng.random() < 0.6 else "",
        f"{w.born}" if rng.random() < 0.5 else "", f"{street}, {w.town}", postcode, f"{login}",
    ]  # fmt: skip


def receipts(rng: random.Random, everyone: list[Person], last: date, days: int, count: int) -> list[list[str]]:
    """Sales at the till, most of them known by a card or the address that the receipt went to."""
    sales = []
    for _ in range(count):
        who = rng.choice(everyone)
        at = datetime(last.year, last.month, last.day) - timedelta(rng.randrange(days))
        at += timedelta(hours=rng.randint(9, 17), minutes=rng.randrange(60))
        item = rng.choices(tuple(GOODS), (9, 6, 6, 3, 4, 2, 0.4))[0]
        mail = who.email if not who.card and rng.random() < 0.75 else ""
        pence = GOODS[item] if rng.random() > 0.04 else -GOODS[item]
        sales.append((at, who.card, mail, item, f"{pence / 100:.2f}"))
    return [[f"{at:%y%m%d}-{n:03}", f"{at:%d/%m/%Y %H:%M}", *rest] for n, (at, *rest) in enumerate(sorted(sales))]


def visits(rng: random.Random, everyone: list[Person], last: date, days: int, count: int) -> list[dict[str, str]]:
    """Pages that browsers showed; who has an account logs in now and then, and then the row names it."""
    rows = []
    visitors = [p for p in everyone if "web" in p.systems]
    for _ in range(count):
        who = rng.choice(visitors)
        at = datetime(last.year, last.month, last.day) - timedelta(rng.randrange(days))
        at += timedelta(seconds=rng.randrange(85000))
        row = {"anonymous_id": rng.choice(who.cookies)}
        if rng.random() < 0.2:
            row["utm_campaign"] = rng.choice(("spring-service", "gravel-launch"))
        login = "shop" in who.systems and rng.random() < 0.35
        for step in range(rng.randint(1, 4)):
            seen = {"ts": f"{at + timedelta(seconds=40 * step):%Y-%m-%dT%H:%M:%SZ}", "page": rng.choice(PAGES)}
            if login and step:
                row["account"] = f"W{who.number}"
            rows.append(seen | {"event": "login" if login and step == 1 else "page_view"} | row)
    return sorted(rows, key=lambda r: (r["ts"], r["anonymous_id"]))


def write_table(path: Path, header: str, rows: list[list[str]], *, delimiter: str = ",", mark: bool = False) -> None:
    """A CSV file; `mark` puts the byte order mark before it that spreadsheets like."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(header.split())
        out.writerows(rows)


def write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    """JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


CRM = "customer_no first_name surname date_of_birth email phone address town postcode loyalty_card last_seen"
SHOP = "account name email mobile birthday address zip last_login"
TILL = "receipt sold_at card receipt_email item total"


def write_registers(rng: random.Random, everyone: list[Person], here: Path) -> None:
    """CRM and accounts of the first day and of the next, when five people were new; and the truth about both."""
    crm, shop, truth = [], [], []
    for who in everyone:
        if "crm" in who.systems:  # one in twelve stands there twice
            for number in (who.number, 3000 + who.number)[: 1 + (rng.random() < 0.08)]:
                crm.append((who, crm_row(rng, who, number)))
                truth.append(["crm", str(number), who.entity])
        if "shop" in who.systems:
            shop.append((who, shop_row(rng, who)))
            truth.append(["webshop_accounts", f"W{who.number}", who.entity])
    late = {who.entity for who, _ in [*crm[-6::2], *shop[-6::2]]}
    for day, known in (("data", lambda who: who.entity not in late), ("next_day", lambda who: True)):
        write_table(here / day / "crm.csv", CRM, sorted(row for who, row in crm if known(who)))
        rows = sorted(row for who, row in shop if known(who))
        write_table(here / day / "webshop_accounts.csv", SHOP, rows, delimiter=";", mark=True)
    write_table(here / "truth.csv", "source record_id entity_id", sorted(truth))


def write_events(rng: random.Random, everyone: list[Person], here: Path) -> None:
    """Newsletter, till and web log: years and months on the first day, one day on the next."""
    news = [
        [
            p.email if rng.random() < 0.9 else p.email.upper(),
            rng.choice(("yes", "yes", "yes", "no")),
            f"{TODAY - timedelta(rng.randrange(800))}",
        ]
        for p in everyone
        if "news" in p.systems
    ]
    write_table(here / "data/newsletter.csv", "email subscribed changed_on", news)
    till = receipts(rng, everyone, TODAY, 700, 420)
    till[17][1], till[311][5] = "31/09/2024 11:20", "12.5O"  # no such day; a letter for a nought
    for year in ("2024", "2025", "2026"):
        rows = [row for row in till if row[0].startswith(year[2:])]
        write_table(here / f"data/till/{year}.csv", TILL, rows, delimiter=";")
    log = visits(rng, everyone, TODAY, 62, 360)
    for month in ("2026-04", "2026-05"):
        write_lines(here / f"data/web/{month}.jsonl", [row for row in log if row["ts"].startswith(month)])
    tomorrow = TODAY + timedelta(1)
    rows = receipts(rng, everyone, tomorrow, 1, 14)
    write_table(here / f"next_day/till/{tomorrow}.csv", TILL, rows, delimiter=";")
    write_lines(here / f"next_day/web/{tomorrow}.jsonl", visits(rng, everyone, tomorrow, 1, 12))


def main(here: Path) -> None:
    """Every file under `here`."""
    rng = random.Random(20260601)
    everyone = people(rng)
    write_registers(rng, everyone, here)
    write_events(rng, everyone, here)


if __name__ == "__main__":
    main(Path(__file__).parent)
