"""Columns of invented extracts: a word for what is in them, and a value for each row."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from random import Random
from uuid import UUID

_NAMES = {
    "en": ("James Mary Oliver Amelia Harry Freya George Isla", "Smith Jones Taylor O'Brien Khan Patel", "Leeds Bath York Derby", "High Street,Mill Lane"),
    "us": ("James Mary John Patricia Jose Maria Linda", "Smith Johnson Williams Brown Garcia Lopez", "Raleigh Austin Denver Miami", "Main St,Oak Ave"),
    "au": ("Jack Olivia Lachlan Mia Thomas Ruby", "Smith Nguyen Campbell Reid Webb", "Albion Parkdale Geelong", "george street,kings road"),
    "de": ("Hans Jürgen Petra Günther Anja Björn", "Müller Schmidt Weiß Schäfer Vogt Becker", "Köln Berlin Hamburg Essen", "Hauptstraße,Gartenweg"),
    "fr": ("Jean Hélène François Élise Pierre Marie", "Lefèvre Dubois Garnier Côté Martin", "Paris Lyon Nantes Lille", "rue de la Paix,bd Voltaire"),
    "pt": ("João Conceição Tiago Inês Maria Ana", "Silva Gonçalves Araújo Santos Costa", "Lisboa Porto Évora Braga", "Rua Augusta,Travessa do Carmo"),
    "es": ("José María Álvaro Lucía Carmen Pablo", "García Muñoz Peña López Sánchez", "Madrid Cádiz Sevilla Bilbao", "Calle Mayor,Plaza España"),
    "it": ("Giuseppe Niccolò Chiara Luca Marco Sara", "Rossi Bianchi Conti Greco Ferrari", "Roma Milano Torino Napoli", "Via Roma,Corso Italia"),
    "nl": ("Jan Sanne Daan Femke Willem Emma", "Jansen Visser Bakker Smit Mulder", "Utrecht Breda Assen", "Dorpsstraat,Kerkweg"),
    "pl": ("Jan Anna Piotr Katarzyna Paweł", "Kowalski Nowak Wójcik Kamiński", "Warszawa Kraków Łódź", "ul. Długa,ul. Polna"),
    "sv": ("Lars Anna Erik Karin Björn Åsa", "Andersson Johansson Karlsson Öberg", "Stockholm Göteborg Malmö", "Storgatan,Kungsgatan"),
}  # fmt: skip
_SYLLABLES = "ba be ko ka lo la me mo ni ra ri sa so ta te va vi ze"
_NUMBER_FIRST = ("en", "us", "au", "fr")
_MOBILES = {
    "en": "07{0:09}", "us": "(919) 55{0:05}", "au": "04{0:08}", "de": "0171/{0:07}", "fr": "06 12 {0:06}", "pt": "91{0:07}",
    "es": "6{0:08}", "it": "333 {0:07}", "nl": "06-{0:08}", "pl": "5{0:08}", "sv": "070-{0:07}",
}  # fmt: skip
_ZIPS = {"en": "LS{1} 4AB", "pt": "{0}-{1}21", "nl": "{0} AB", "pl": "{1}0-{0}", "sv": "{1}11 22", "au": "{0}"}
_DOMAINS = {"en": "co.uk", "us": "com", "au": "com.au", "sv": "se"}


class Row:
    """One row's person and chance, the same each time for a language and number."""

    def __init__(self, language: str, person: int, row: int) -> None:
        self.language, self.person, self.row = language, person, row
        of_person, self.chance = Random(f"{language}-{person}"), Random(f"{language}-{person}-{row}")
        given, family, city, street = _NAMES[language]
        self.given, self.other, self.city = (of_person.choice(w.split()) for w in (given, given, city))
        made = "".join(of_person.choice(_SYLLABLES.split()) for _ in range(3)).capitalize()
        self.family = of_person.choice(family.split()) if person % 2 else made
        self.maiden = of_person.choice(family.split()) + "er"
        self.street, self.house = of_person.choice(street.split(",")), of_person.randint(1, 180)
        self.born = datetime.date(1935, 1, 1) + datetime.timedelta(of_person.randint(0, 25000))
        self.then = datetime.datetime(2023, 1, 1) + datetime.timedelta(seconds=self.chance.randint(0, 70_000_000))
        self.sex, self.seven = of_person.choice("MF"), of_person.randint(1_000_000, 9_999_999)
        self.mail = f"p{person}.x{self.seven % 97}@mail.{_DOMAINS.get(language, language)}"
        self.zip = _ZIPS.get(language, "{0}{1}").format(of_person.randint(1000, 9999), of_person.randint(1, 9))

    def phone(self, shift: int = 0) -> str:
        form = _MOBILES[self.language]
        return form.format((self.seven * 7 + shift) % 10 ** int(form.split(":0")[1][0]))

    def some(self, words: str) -> str:
        return self.chance.choice(words.split())

    def money(self, form: str = "{}.{:02}") -> str:
        return form.format(self.chance.randint(1, 400), self.chance.randint(0, 99))


_GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
VALUES: dict[str, Callable[[Row], object]] = {
    "given": lambda r: r.given, "family": lambda r: r.family, "full": lambda r: f"{r.given} {r.family}",
    "FULL": lambda r: f"{r.family.upper()}, {r.given}", "turned": lambda r: f"{r.family} {r.given}", "other": lambda r: r.other,
    "letter": lambda r: r.other[0], "maiden": lambda r: r.maiden if r.person % 2 else "", "mail": lambda r: r.mail,
    "halfmail": lambda r: r.mail if r.person % 2 else "", "mail2": lambda r: f"y{r.mail}" if r.person % 3 == 0 else "",
    "phone": lambda r: r.phone(), "phone2": lambda r: r.phone(31) if r.person % 2 else "", "phone3": lambda r: r.phone(77) if r.person % 3 else "",
    "mailorphone": lambda r: r.mail if r.person % 2 else r.phone(),
    "born": lambda r: r.born.isoformat(), "born.": lambda r: f"{r.born:%d.%m.%Y}", "born/": lambda r: f"{r.born:%d/%m/%Y}",
    "bornus": lambda r: f"{r.born:%m/%d/%Y}", "born8": lambda r: f"{r.born:%Y%m%d}", "bornb": lambda r: f"{r.born:%d-%b-%Y}",
    "bornsap": lambda r: f"{r.born:%Y%m%d}" if r.person % 3 else "00000000", "by": lambda r: r.born.year, "bm": lambda r: r.born.month,
    "bd": lambda r: r.born.day, "age": lambda r: 2024 - r.born.year,
    "sex": lambda r: r.sex, "sex12": lambda r: 1 + (r.sex == "F"), "herr": lambda r: "Herr" if r.sex == "M" else "Frau",
    "street": lambda r: r.street, "house": lambda r: r.house, "city": lambda r: r.city, "zip": lambda r: r.zip,
    "streetno": lambda r: f"{r.house} {r.street}" if r.language in _NUMBER_FIRST else f"{r.street} {r.house}",
    "address": lambda r: f"{r.street} {r.house}, {r.zip} {r.city}", "zipcity": lambda r: f"{r.zip} {r.city}", "state": lambda r: r.some("NC TX AZ WA FL"),
    "area": lambda r: r.some("North South East West Mid"), "ssn": lambda r: f"{r.seven % 900 + 100}-{r.seven % 90 + 10}-{str(r.seven)[:4]}",
    "seven": lambda r: r.seven, "tax": lambda r: f"2{r.seven}3", "code": lambda r: f"C{100000 + r.person * 7}", "num": lambda r: 4_000_000 + r.person * 13,
    "sap": lambda r: f"{1_000_000 + r.person * 3:010}", "count": lambda r: r.person + 1, "rows": lambda r: r.row + 1, "rowcode": lambda r: f"R{r.row:06}",
    "order": lambda r: f"#{1001 + r.row}", "uuid": lambda r: UUID(int=Random(r.person).getrandbits(128)), "rowuuid": lambda r: UUID(int=Random(-1 - r.row).getrandbits(128)),
    "card": lambda r: f"63310000{r.person:08}", "epochid": lambda r: 1_600_000_000 + r.person, "handle": lambda r: f"@p{r.person}_{r.seven % 9}",
    "money": lambda r: r.money(), "money,": lambda r: r.money("{},{:02}"), "money€": lambda r: r.money("1.{:03},{:02} €"), "money$": lambda r: r.money("$1,{:03}.{:02}"),
    "currency": lambda r: r.some("EUR USD"), "n": lambda r: r.chance.randint(0, 5000), "ten": lambda r: r.chance.randint(0, 10), "five": lambda r: r.chance.randint(1, 5),
    "time": lambda r: f"{r.then:%Y-%m-%d %H:%M:%S}", "timez": lambda r: f"{r.then:%Y-%m-%dT%H:%M:%SZ}", "time.": lambda r: f"{r.then:%d.%m.%Y %H:%M}",
    "time/": lambda r: f"{r.then:%d/%m/%Y %H:%M}", "timeus": lambda r: f"{r.then:%m/%d/%Y %I:%M %p}", "timems": lambda r: int(r.then.timestamp()) * 1000,
    "times": lambda r: int(r.then.timestamp()), "tweeted": lambda r: f"{r.then:%a %b %d %H:%M:%S} +0000 {r.then:%Y}", "day": lambda r: f"{r.then:%Y-%m-%d}",
    "day.": lambda r: f"{r.then:%d.%m.%Y}", "day/": lambda r: f"{r.then:%d/%m/%Y}", "dayus": lambda r: f"{r.then:%m/%d/%Y}", "day8": lambda r: f"{r.then:%Y%m%d}",
    "event": lambda r: r.some("view click buy"), "mailed": lambda r: r.some("sent open click"), "topic": lambda r: r.some("Delivery Billing Returns"),
    "state4": lambda r: r.some("open closed pending solved"), "papers": lambda r: r.some("Rechnung Rechnung Lieferschein Mahnung"), "campaign": lambda r: r.some("spring_sale black_friday"),
    "channel": lambda r: r.some("email web store"), "mood": lambda r: r.some("positive negative neutral"), "yes": lambda r: r.some("yes no"), "bit": lambda r: r.some("0 1"),
    "true": lambda r: r.some("true false"), "tier": lambda r: r.some("gold silver bronze"), "shop": lambda r: r.some("Leeds-01 York-02"), "goods": lambda r: r.some("Chair Table Lamp"),
    "text": lambda r: f"it was {r.some('late good bad nice')} and number {r.chance.randint(1, 999)} rang", "firm": lambda r: f"{r.maiden} Ltd", "who": lambda r: r.some("anna.k bob.t"),
    "ip": lambda r: f"81.{r.chance.randint(1, 250)}.{r.chance.randint(1, 250)}.7", "url": lambda r: f"https://shop.example/p/{r.chance.randint(1, 50)}", "job": lambda r: r.some("nurse baker clerk"),
    "race": lambda r: r.some("W B A H"), "town": lambda r: f"{r.maiden[:4]}burg", "none": lambda r: "", "same": lambda r: "A", "germandate": lambda r: f"{r.born.day}. {_GERMAN.split()[r.born.month - 1]} {r.born.year}",
}  # fmt: skip
