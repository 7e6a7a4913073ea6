"""Rows that poison a company's extracts, kind by kind: what is injected, and who each injected row really is.

All of them go where such rows are found: into the shop's own customer register (data/crm/customers.csv), its web
and app logs, or beside them as a file that was loaded twice. The same seed gives the same rows.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

REGISTER = Path("data/crm/customers.csv")
Row = dict[str, str]

# What a till, a form or a clerk puts where an address is asked for; some of it in every language of the market, some
# that no list of such words will ever have.
DUMMY_EMAILS = (  # noqa: SIM905
    "noemail@noemail.com nomail@gmail.com no-email@webmail.example a@a.a a@a.com x@x.xx test@test.com none@none.com "
    "na@na.com null@null.com abc@abc.com 123@123.com 1234@1234.com no@no.no asdf@asdf.com qwerty@qwerty.com "
    "customer@customer.com mail@mail.com email@email.com keine@email.de keinemail@web.de ohne@email.de "
    "unbekannt@unbekannt.de pasdemail@orange.fr sans@email.fr sinemail@correo.es notiene@correo.es "
    "nontiene@posta.it senzamail@posta.it geenemail@mail.nl nincs@email.hu brak@email.pl nema@email.hr "
    "info@harbourheath.example desk4@harbourheath.example kasse@harbourheath.example walkin@harbourheath.example "
    "declined@harbourheath.example privacy@harbourheath.example guest@guest.com anonymous@anonymous.com"
).split()
TEST_PEOPLE = (
    ("Test", "Test"), ("test", "test"), ("Testy", "McTest"), ("TEST", "CUSTOMER"), ("asdf", "asdf"), ("qwe", "qwe"),
    ("Mickey", "Mouse"), ("Donald", "Duck"), ("John", "Doe"), ("Jane", "Doe"), ("Max", "Mustermann"), ("xxx", "xxx"),
    ("Homer", "Simpson"), ("aaa", "bbb"), ("Fname", "Lname"), ("First", "Last"), ("Demo", "User"), ("Juan", "Nadie"),
    ("Jan", "Kowalski"), ("Mario", "Rossi"), ("Walk In", "Customer"), ("Guest", "Guest"), ("Cash", "Sale"),
)  # fmt: skip
TEST_BIRTHS = ("01/01/1970", "01/01/1900", "11/11/1911", "01/01/2000", "")
TEST_EMAILS = ("test@test.com", "test1@test.com", "qa@harbourheath.example", "asdf@asdf.com", "")
TEST_PHONES = ("07000000000", "07123456789", "0123456789", "07777777777", "")
FILLER_BIRTHS = ("01/01/1900", "01/01/1970")
DUMMY_CARDS = ("9999", "LC-DEFAULT", "1", "0000000001")
HOUSE = {"address_line_1": "1 Harbour Parade", "town": "Plymouth", "county": "Devon", "postcode": "PL1 1AA"}
SHOP_EMAIL, SHOP_PHONE = "reception@harbourheath.example", "01752 600100"
SWITCHBOARD_PEOPLE = 250


@dataclass
class Injection:
    """What one kind adds: rows of the register, and how to add what is not a row of the register.

    `person` says who each row really is, by key; rows of the same person may be one customer. A person of
    `earlier` is the owner of the register's row of that key. `values` are the poisoned identifiers, to see whether
    cxid calls them shared.
    """

    rows: list[Row] = field(default_factory=list)
    person: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)
    files: list[Callable[[Path], None]] = field(default_factory=list)
    values: set[tuple[str, str]] = field(default_factory=set)
    copied: str = ""  # the source under which rows of the register come again
    touched: set[str] = field(default_factory=set)  # keys of rows of the register that are no longer what they were

    def add(self, row: Row, person: str) -> None:
        self.rows.append(row)
        self.person[row["customer_no"]] = person

    def __add__(self, other: Injection) -> Injection:
        return Injection(
            self.rows + other.rows,
            self.person | other.person,
            self.earlier | other.earlier,
            self.files + other.files,
            self.values | other.values,
            self.copied or other.copied,
            self.touched | other.touched,
        )


class Register:
    """The company's customer register: its rows, and new people that look like those in it."""

    def __init__(self, company: Path, seed: int) -> None:
        with (company / REGISTER).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            self.columns = list(reader.fieldnames or ())
            self.rows = [row for row in reader if None not in row and None not in row.values()]
        self.random = random.Random(seed)
        self._number = 0

    def _any(self, column: str) -> str:
        """A value of the column that is not empty, as often as it is there."""
        while True:
            if value := self.random.choice(self.rows)[column]:
                return value

    def stranger(self, kind: str, **given: str) -> Row:
        """A person who was never seen: name and town as people here have them, birth, e-mail and phone her own."""
        self._number += 1
        chance = self.random
        row = dict.fromkeys(self.columns, "")
        first, last, home = self._any("first_name"), self._any("last_name"), chance.choice(self.rows)
        row |= {
            "customer_no": f"{kind.upper()[:3]}{self._number:07d}",
            "first_name": first,
            "last_name": last,
            "date_of_birth": f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{chance.randint(1935, 2006)}",
            "email": f"{first}.{last}{chance.randint(10_000, 999_999)}@new.example".replace(" ", "").lower(),
            "mobile": f"07{chance.randint(100_000_000, 999_999_999)}",
            "address_line_1": f"{chance.randint(1, 250)} {chance.choice(('Old', 'New', 'Upper'))} {last} Road",
            "town": home["town"],
            "county": home["county"],
            "postcode": home["postcode"],
            "country": "GB",
            "created": "03/02/2026",
            "last_updated": "03/02/2026 12:00",
        }
        return row | given


Make = Callable[[Register, int], Injection]


def ordinary(register: Register, count: int) -> Injection:
    """New people with nothing wrong: what any new rows change."""
    made = Injection()
    for _ in range(count):
        row = register.stranger("ord")
        made.add(row, row["customer_no"])
    return made


def dummy_emails(register: Register, count: int) -> Injection:
    """Different people under one of some forty addresses of nobody."""
    made = Injection(values={("email", e) for e in DUMMY_EMAILS})
    for _ in range(count):
        row = register.stranger("eml", email=DUMMY_EMAILS[int(len(DUMMY_EMAILS) * register.random.random() ** 2)])
        made.add(row, row["customer_no"])
    return made


def switchboard(register: Register, count: int) -> Injection:
    """Different people under the number of the firm, the hotel, the home that they live in."""
    made = Injection()
    for at in range(count):
        number = f"0117 96{at // SWITCHBOARD_PEOPLE:05d}"
        made.values.add(("phone", "+44" + number.replace(" ", "")[1:]))
        row = register.stranger("swb", mobile="", landline=number)
        if at % 3 == 0:  # some leave nothing but it and their name
            row |= {"email": "", "date_of_birth": "", "address_line_1": "", "postcode": ""}
        made.add(row, row["customer_no"])
    return made


def family_inboxes(register: Register, count: int) -> Injection:
    """Families of two to five under one address, one e-mail and one phone: every one of them is a person."""
    made = Injection()
    while len(made.rows) < count:
        home = register.stranger("fam")
        shared = {c: home[c] for c in ("last_name", "email", "address_line_1", "town", "county", "postcode", "mobile")}
        names: set[str] = set()
        for _ in range(min(register.random.randint(2, 5), count - len(made.rows))):
            row = register.stranger("fam", **shared)
            if row["first_name"] not in names:  # parents tell their children apart
                names.add(row["first_name"])
                made.add(row, row["customer_no"])
    return made


def shop_address(register: Register, count: int) -> Injection:
    """Guests under the address, the e-mail and the phone of the shop itself."""
    made = Injection(values={("email", SHOP_EMAIL), ("phone", "+441752600100")})
    for at in range(count):
        row = register.stranger("shp", **HOUSE, email=SHOP_EMAIL)
        if at % 2:
            row |= {"mobile": SHOP_PHONE, "date_of_birth": ""}
        made.add(row, row["customer_no"])
    return made


def trial_accounts(register: Register, count: int) -> Injection:
    """Test Test, Mickey Mouse and asdf, born on 1 January 1970 or 1900, as clerks and developers enter them.

    They are nobody, and nobody is wronged when they are joined: what counts is whom they take along.
    """
    made, chance = Injection(), register.random
    for _ in range(count):
        first, last = chance.choice(TEST_PEOPLE)
        row = register.stranger(
            "tst",
            first_name=first,
            last_name=last,
            date_of_birth=chance.choice(TEST_BIRTHS),
            email=chance.choice(TEST_EMAILS),
            mobile=chance.choice(TEST_PHONES),
        )
        if len(made.rows) % 2:
            row |= dict.fromkeys(("address_line_1", "town", "county", "postcode"), "")
        made.add(row, "nobody")
    return made


def filler_births(register: Register, count: int) -> Injection:
    """Different people born on the day that a form fills in."""
    made = Injection()
    for at in range(count):
        row = register.stranger("dob", date_of_birth=FILLER_BIRTHS[at % 2])
        made.add(row, row["customer_no"])
    return made


def bare_names(register: Register, count: int) -> Injection:
    """Rows of nothing but a name, as common as names are here."""
    made = Injection()
    for _ in range(count):
        row = register.stranger("nam")
        kept = ("customer_no", "first_name", "last_name", "created", "last_updated")
        made.add({c: v if c in kept else "" for c, v in row.items()}, row["customer_no"])
    return made


def dummy_cards(register: Register, count: int) -> Injection:
    """Different people under the loyalty card that the till has for those without one."""
    made = Injection(values={("loyalty_card", c.lower().replace("-", "")) for c in DUMMY_CARDS})
    for at in range(count):
        row = register.stranger("crd", loyalty_card=DUMMY_CARDS[at % len(DUMMY_CARDS)])
        made.add(row, row["customer_no"])
    return made


def swapped_columns(register: Register, count: int) -> Injection:
    """New people whose columns were shifted: the name in the e-mail's place, the e-mail in the phone's, and so on."""
    made, own = Injection(), ("first_name", "last_name", "email", "mobile", "address_line_1", "town", "postcode")
    for at in range(count):
        row = register.stranger("swp")
        by = 1 + at % 3
        moved = {own[(i + by) % len(own)]: row[c] for i, c in enumerate(own)}
        made.add(row | moved, row["customer_no"])
    return made


def loaded_twice(register: Register, count: int) -> Injection:
    """Part of the register once more as a source of another name: each row is the person it was."""
    chosen = register.random.sample(register.rows, min(count, len(register.rows)))
    keys = {row["customer_no"]: row["customer_no"] for row in chosen}

    def write(company: Path) -> None:
        path = company / "data/crm/customers_copy.csv"
        _append(path, register.columns, chosen, header=True)
        config = company / "cxid.yml"
        text = config.read_text(encoding="utf-8")
        start, end = text.index("  crm:\n"), text.index("  loyalty:\n")
        again = text[start:end].replace("  crm:\n", "  crm_copy:\n").replace(REGISTER.as_posix(), path.name)
        again = again.replace(path.name, f"data/crm/{path.name}")
        config.write_text(text[:end] + again + text[end:], encoding="utf-8")

    return Injection(earlier=keys, files=[write], copied="crm_copy")


def overwritten(register: Register, count: int) -> Injection:
    """Rows of the register in which a migration put a dummy e-mail, a switchboard or a filler for what was there."""
    chosen = register.random.sample(range(len(register.rows)), min(count, len(register.rows)))
    for at, number in enumerate(chosen):
        changed = (
            {"email": register.random.choice(DUMMY_EMAILS)},
            {"mobile": f"0117 97{at // SWITCHBOARD_PEOPLE:05d}", "landline": ""},
            {"date_of_birth": FILLER_BIRTHS[at % 2]},
        )[at % 3]
        register.rows[number] = register.rows[number] | changed

    def write(company: Path) -> None:
        path = company / REGISTER
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lines = list(reader)
        now = {register.rows[n]["customer_no"]: register.rows[n] for n in chosen}
        kept = [now.get(line["customer_no"], line) for line in lines if None not in line and None not in line.values()]
        path.unlink()
        _append(path, register.columns, kept, header=True)

    return Injection(files=[write], touched={register.rows[n]["customer_no"] for n in chosen})


def bot_cookie(register: Register, count: int) -> Injection:
    """A scraper that carries one cookie through hundreds of customers' links."""
    emails = [e for e in (row["email"] for row in register.rows) if "@" in e]
    known = register.random.sample(emails, min(len(emails), 500))

    def write(company: Path) -> None:
        like = next(iter(sorted((company / "data/web").glob("*.parquet"))))
        schema = pq.read_schema(like)
        table = duckdb.sql(
            "SELECT concat('bot', i) AS event_id, TIMESTAMP '2026-10-05 03:00:00' + to_seconds(i) AS event_time, "
            "'b07b07b07b07b07b' AS anonymous_id, CAST(? AS VARCHAR[])[1 + i % ?] AS user_email, "
            "CAST(NULL AS VARCHAR) AS user_email_sha256, 'page_view' AS event_type, '/offers' AS page_url, "
            "CAST(NULL AS VARCHAR) AS utm_source, CAST(NULL AS VARCHAR) AS utm_campaign FROM range(?) AS r (i)",
            params=[known, len(known), count],
        ).to_arrow_table()
        pq.write_table(table.select(schema.names).cast(schema), like.with_name("2026-11-bot.parquet"))

    return Injection(files=[write], values={("cookie", "b07b07b07b07b07b")})


def shop_device(register: Register, count: int) -> Injection:
    """The tablet on the shop's counter, on which hundreds of customers sign in to the app."""
    keys = [row["customer_no"] for row in register.random.sample(register.rows, min(len(register.rows), 500))]

    def write(company: Path) -> None:
        lines = (
            f'{{"id":"tab{i}","ts":"2026-10-0{1 + i % 9}T1{i % 10}:00:00Z","device_id":"C0FFEE00-0000-0001",'
            f'"event":"card_shown","app_version":"4.9.1","customer_no":"{keys[i % len(keys)]}"}}\n'
            for i in range(count)
        )
        path = company / "data/app/events.jsonl.zst"
        with pa.input_stream(str(path), compression="zstd") as file:
            before = file.read()
        with pa.output_stream(str(path), compression="zstd") as out:
            out.write(before)
            while part := "".join(islice(lines, 10_000)):
                out.write(part.encode())

    return Injection(files=[write], values={("device", "C0FFEE00-0000-0001")})


KINDS: dict[str, Make] = {
    f.__name__: f
    for f in (
        ordinary, dummy_emails, switchboard, family_inboxes, shop_address, trial_accounts, filler_births, bare_names,
        dummy_cards, swapped_columns, loaded_twice, overwritten, bot_cookie, shop_device,
    )
}  # fmt: skip
TOGETHER = "all together"


def inject(company: Path, kinds: tuple[str, ...], *, rows: int, seed: int) -> Injection:
    """Add so many rows, each kind an equal part of them, to the company's files; what was added comes back."""
    register = Register(company, seed)
    made = Injection()
    for kind in kinds:
        made = made + KINDS[kind](register, rows // len(kinds))
    _append(company / REGISTER, register.columns, made.rows)
    for write in made.files:
        write(company)
    return made


def _append(path: Path, columns: list[str], rows: list[Row], *, header: bool = False) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        if header:
            writer.writeheader()
        writer.writerows(rows)


def poisoned_kinds() -> Iterator[str]:
    """The kinds that are poured in together: poisoned rows beside what was there, of sources that were there."""
    apart = (ordinary.__name__, loaded_twice.__name__, overwritten.__name__)
    return (k for k in KINDS if k not in apart)
