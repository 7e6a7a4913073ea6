# ruff: noqa: E501
"""People of a country for benchmarks/worlds.py: who there is, apart from how any system writes them down.

Names, streets and towns come from Faker's tables. What Faker has not: skewed name counts, households, twins, a father
and a son of one name, shared mailboxes and phones, moves, marriages, and names in two scripts.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import phonenumbers
from anyascii import anyascii
from faker import Faker

REGION = {
    "de_DE": "DE", "fr_FR": "FR", "es_ES": "ES", "es_MX": "MX", "pl_PL": "PL", "nl_NL": "NL", "it_IT": "IT",
    "pt_BR": "BR", "sv_SE": "SE", "tr_TR": "TR", "ru_RU": "RU", "uk_UA": "UA", "el_GR": "GR", "ja_JP": "JP",
    "zh_CN": "CN", "ko_KR": "KR", "ar_SA": "SA", "hi_IN": "IN", "vi_VN": "VN", "id_ID": "ID", "cs_CZ": "CZ",
    "fi_FI": "FI", "hu_HU": "HU", "da_DK": "DK", "ro_RO": "RO", "en_IN": "IN", "en_GB": "GB", "en_US": "US",
}  # fmt: skip
_NUMBER_FIRST = ("FR", "GB", "US", "IN")
_TWO_FAMILIES = ("ES", "MX")
_JA_GIVEN = (
    "大翔 Hiroto;蓮 Ren;陽太 Yota;健太 Kenta;翔太 Shota;大輔 Daisuke;誠 Makoto;直樹 Naoki;拓也 Takuya;健一 Kenichi;浩 Hiroshi;"
    "学 Manabu;亮 Ryo;隆 Takashi;和也 Kazuya;雄太 Yuta;悠斗 Yuto;修 Osamu;進 Susumu;勇 Isamu|陽菜 Hina;結衣 Yui;葵 Aoi;美咲 Misaki;"
    "愛 Ai;由美 Yumi;恵子 Keiko;裕子 Yuko;久美子 Kumiko;真由美 Mayumi;直美 Naomi;智子 Tomoko;陽子 Yoko;明美 Akemi;幸子 Sachiko;"
    "洋子 Hiroko;千尋 Chihiro;彩 Aya;舞 Mai;香織 Kaori"
)
_JA_FAMILY = (
    "佐藤 Sato;鈴木 Suzuki;高橋 Takahashi;田中 Tanaka;伊藤 Ito;渡辺 Watanabe;山本 Yamamoto;中村 Nakamura;小林 Kobayashi;加藤 Kato;"
    "吉田 Yoshida;山田 Yamada;佐々木 Sasaki;山口 Yamaguchi;松本 Matsumoto;井上 Inoue;木村 Kimura;林 Hayashi;斎藤 Saito;清水 Shimizu;"
    "山崎 Yamazaki;森 Mori;池田 Ikeda;橋本 Hashimoto;阿部 Abe;石川 Ishikawa;山下 Yamashita;中島 Nakajima;石井 Ishii;小川 Ogawa;"
    "前田 Maeda;岡田 Okada;長谷川 Hasegawa;藤田 Fujita;後藤 Goto;近藤 Kondo;村上 Murakami;遠藤 Endo;青木 Aoki;坂本 Sakamoto"
)
_VI_MIDDLE = [
    "Thị",
    "Văn",
    "Minh",
    "Hữu",
    "Đức",
    "Ngọc",
    "Thu",
    "Thanh",
    "Quang",
    "Xuân",
    "Hồng",
    "Kim",
    "Anh",
    "Bảo",
    "Gia",
    "Phương",
    "Tuấn",
    "Mai",
    "Hoàng",
    "Như",
]
_VI_GIVEN = [
    "Anh",
    "Bình",
    "Châu",
    "Chi",
    "Cường",
    "Dung",
    "Dũng",
    "Duy",
    "Đạt",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiền",
    "Hiếu",
    "Hoa",
    "Hòa",
    "Hùng",
    "Hương",
    "Huy",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Minh",
    "My",
    "Nam",
    "Nga",
    "Ngân",
    "Ngọc",
    "Nhung",
    "Phong",
    "Phúc",
    "Phương",
    "Quân",
    "Quỳnh",
    "Sơn",
    "Tâm",
    "Thảo",
    "Thắng",
    "Thủy",
    "Tiến",
    "Trang",
    "Trung",
    "Tú",
    "Tuấn",
    "Vân",
    "Việt",
    "Yến",
]
_ROMAN = {"김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho", "윤": "Yoon"}


@dataclass
class Home:
    """Where a household lives."""

    street: str
    number: str
    unit: str
    postcode: str
    city: str
    region: str
    landline: str


@dataclass
class Person:
    """One person, with everything that some system may know; lists hold what changes over the years."""

    entity: str
    sex: str
    given: str
    middle: str
    families: list[str]  # before and after marriage
    homes: list[Home]
    born: date
    mobiles: list[str]
    emails: list[str]
    national_id: str
    card: str
    cookie: str
    nick: str = ""
    roman: dict[str, str] = field(default_factory=dict)  # native text -> a romanisation


@dataclass
class Country:
    """What people of one country are made of."""

    locale: str
    rng: random.Random
    fake: Faker = field(init=False)
    given: dict[str, list[str]] = field(default_factory=dict)
    family: dict[str, list[str]] = field(default_factory=dict)
    roman: dict[str, str] = field(default_factory=dict)
    towns: list[tuple[str, str, str]] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fake = Faker(self.locale)
        self.fake.seed_instance(self.rng.randrange(1 << 30))
        self._names()

    @property
    def region(self) -> str:
        return REGION[self.locale]

    def _names(self) -> None:
        if self.locale == "ja_JP":
            for sex, names in zip("mf", _JA_GIVEN.split("|"), strict=True):
                self.given[sex] = self._pairs(names)
            self.family = dict.fromkeys("mf", self._pairs(_JA_FAMILY))
            return
        makers = {"m": self.fake.first_name_male, "f": self.fake.first_name_female}
        family = {
            "m": getattr(self.fake, "last_name_male", self.fake.last_name),
            "f": getattr(self.fake, "last_name_female", self.fake.last_name),
        }
        for sex in "mf":
            self.given[sex] = _pool(makers[sex], 1200)
            self.family[sex] = _pool(family[sex], 3000)
        if self.locale == "vi_VN":
            self.given = dict.fromkeys("mf", _VI_GIVEN)

    def _pairs(self, text: str) -> list[str]:
        pairs = [p.split() for p in text.split(";")]
        self.roman.update(dict(pairs))
        return [native for native, _ in pairs]

    def settle(self, people: int) -> None:
        """Towns and streets for so many people."""
        self.towns = []
        for _ in range(max(4, people // 120)):
            region = getattr(
                self.fake, "state", getattr(self.fake, "region", getattr(self.fake, "province", lambda: ""))
            )
            city = re.sub(r"^[A-ZÁČŘŠŽ]-?\d+ ", "", self.fake.city())
            self.towns.append((self.fake.postcode(), city, str(region())))
        self.streets = _pool(self.fake.street_name, 60 + people // 12)

    def skewed(self, pool: list[str]) -> str:
        """One of the pool; the first ones far more often."""
        return pool[int(len(pool) * self.rng.random() ** 1.9)]

    def home(self) -> Home:
        rng = self.rng
        postcode, city, region = self.towns[int(len(self.towns) * rng.random() ** 1.4)]
        unit = f"{rng.randint(1, 90)}" if rng.random() < 0.3 else ""
        number = f"{rng.randint(1, 140)}" + (rng.choice("abc") if rng.random() < 0.08 else "")
        return Home(rng.choice(self.streets), number, unit, postcode, city, region, self.phone("FIXED_LINE"))

    def phone(self, kind: str) -> str:
        """A number that the country's plan knows, with + and country code."""
        sample = phonenumbers.example_number_for_type(self.region, getattr(phonenumbers.PhoneNumberType, kind))
        digits = str(sample.national_number)
        for _ in range(20):
            new = digits[:-7] + "".join(self.rng.choice("0123456789") for _ in range(min(7, len(digits))))
            number = phonenumbers.PhoneNumber(
                sample.country_code, int(new), italian_leading_zero=sample.italian_leading_zero
            )
            if phonenumbers.is_valid_number(number):
                break
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def romanise(self, text: str) -> str:
        """The usual spelling in Latin letters."""
        if text.isascii():
            return text
        if text not in self.roman:
            latin = _ROMAN.get(text) or anyascii(text).strip()
            self.roman[text] = re.sub(r"(?<=[a-z])[A-Z]", lambda m: m[0].lower(), latin)
        return self.roman[text]


def _pool(make: object, draws: int) -> list[str]:
    found = dict.fromkeys(str(make()) for _ in range(draws))  # type: ignore[operator]
    return list(found)


def populate(country: Country, people: int) -> list[Person]:
    """So many people in households of one to five, with namesakes and twins among them."""
    country.settle(people)
    rng, found = country.rng, []
    while len(found) < people:
        found += _household(country, len(found), rng.choices([1, 2, 3, 4, 5], [45, 25, 14, 12, 4])[0])
    return found[:people]


def _household(c: Country, start: int, size: int) -> list[Person]:
    rng, home = c.rng, c.home()
    place = int(len(c.family["m"]) * rng.random() ** 1.9)
    members: list[Person] = []
    for i in range(size):
        sex = rng.choice("mf") if i != 1 else ("f" if members[0].sex == "m" else "m")
        own = c.family[sex]
        family = own[place % len(own)] if i == 0 or rng.random() < 0.85 else c.skewed(own)
        if c.region in _TWO_FAMILIES:
            family = (
                f"{family} {c.skewed(own)}" if i < 2 else f"{family.split()[0]} {members[1].families[0].split()[0]}"
            )
        year = rng.randint(1940, 1998) if i < 2 else rng.randint(1985, 2007)
        born = date(year, 1, 1) + timedelta(days=rng.randrange(365))
        given = c.skewed(c.given[sex])
        if i == 2 and sex == members[0].sex and rng.random() < 0.25:  # the son bears his father's name
            given = members[0].given
        if i >= 3 and rng.random() < 0.3:  # twins
            born = members[-1].born
        members.append(_person(c, f"e{start + i:06}", sex, (given, family, born), home))
    if size > 1 and rng.random() < 0.2:
        members[1].emails[0] = members[0].emails[0]
    if size > 1 and rng.random() < 0.15:
        members[1].mobiles[0] = members[0].mobiles[0]
    return members


def _person(c: Country, entity: str, sex: str, name: tuple[str, str, date], home: Home) -> Person:
    rng = c.rng
    given, family, born = name
    middle = ""
    if c.locale == "vi_VN":
        middle = "Thị" if sex == "f" and rng.random() < 0.6 else rng.choice(_VI_MIDDLE)
    elif rng.random() < 0.3 and c.locale not in ("ja_JP", "zh_CN", "ko_KR", "hu_HU"):
        middle = c.skewed(c.given[sex])
    families = [family]
    if sex == "f" and rng.random() < 0.12:
        families.append(c.skewed(c.family["f"]))
    homes = [home] + ([c.home()] if rng.random() < 0.25 else [])
    mobiles = [c.phone("MOBILE") for _ in range(1 + (rng.random() < 0.2))]
    person = Person(
        entity, sex, given, middle, families, homes, born, mobiles, [], _national(c, born), _digits(rng, "63", 10),
        f"{rng.getrandbits(96):024x}",
    )  # fmt: skip
    person.emails = list(dict.fromkeys(_email(c, person) for _ in range(1 + (rng.random() < 0.3))))
    if len(given) > 5 and given.isascii() and rng.random() < 0.3:
        person.nick = given[: rng.randint(3, 4)]
    return person


def _digits(rng: random.Random, start: str, count: int) -> str:
    return start + "".join(rng.choice("0123456789") for _ in range(count))


def _national(c: Country, born: date) -> str:
    shape = {"ES": "########L", "IT": "LLLLLL##L##L###L", "BR": "###.###.###-##", "PL": "ymd#####", "SE": "Ymd-####"}
    made = shape.get(c.region, "ymd####").replace("Y", f"{born:%Y}").replace("ymd", f"{born:%y%m%d}")
    made = made.replace("md", f"{born:%m%d}")
    return "".join(
        c.rng.choice("0123456789") if x == "#" else c.rng.choice("ABCDEFGHJKLMNPRSTVXYZ") if x == "L" else x
        for x in made
    )


def _email(c: Country, p: Person) -> str:
    rng = c.rng
    first, last = (re.sub(r"[^a-z]", "", c.romanise(x).lower()) for x in (p.given, p.families[0].split()[0]))
    first, last = first or "a", last or "b"
    tail = rng.choice(["", "", f"{p.born:%y}", f"{p.born:%Y}", str(rng.randint(1, 99))])
    local = rng.choice([f"{first}.{last}{tail}", f"{first}{last}{tail}", f"{first[0]}.{last}{tail}", f"{last}.{first}{tail}",
                        f"{first}{rng.randint(1, 9999)}", f"{anyascii(c.fake.user_name())}{rng.randint(1, 999)}"])  # fmt: skip
    host = rng.choice(["gmail.com", "gmail.com", "outlook.com", f"yahoo.{c.region.lower()}", f"mail.{c.region.lower()}",
                       f"{last}-{rng.randint(1, 99)}.{c.region.lower()}"])  # fmt: skip
    return f"{local}@{host}"
