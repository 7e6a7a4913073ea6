"""A small company whose extracts, config and decisions change from build to build, by chance and in every way."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

GIVEN = ("Ann", "Bob", "Carla", "Dieter", "Eve", "Frank", "Gita", "Hugo", "Ines", "Jan", "Lea", "Max", "Nora", "Otto")
FAMILY = ("Adler", "Braun", "Costa", "Duarte", "Ebert", "Fischer", "Gomes", "Huber", "Jensen", "Keller", "Lopes")
TOWNS = (("Berlin", "10115"), ("Lisboa", "1100"), ("Leeds", "LS1 4AP"), ("Lyon", "69001"), ("Graz", "8010"))
_DAY = "2026-02-{:02} {:02}:{:02}:00"
_GONE = ("", "null", "None", "N/A", "keine")

SOURCES: dict[str, dict[str, Any]] = {
    "crm": {
        "path": "data/crm/*.csv", "kind": "people", "key": "customer_no", "trust": 3, "updated_at": "modified",
        "columns": {
            "given_name": "first", "family_name": "last", "email": "mail", "gender": "sex", "city": "town",
            "birth_date": {"from": "born", "format": "%d/%m/%Y"}, "phone": "phone", "postcode": "zip",
        },
        "ids": {"member_no": "customer_no"},
    },
    "club": {
        "path": "data/club.jsonl", "kind": "people", "key": "member",
        "columns": {"full_name": "name", "email": "email", "birth_date": "birthday", "city": "city"},
        "ids": {"card": "card"},
    },
    "till": {
        "path": "data/till/*.csv", "kind": "transactions", "key": "receipt", "time": "at", "amount": "total",
        "ids": {"card": "card"},
    },
    "web": {
        "path": "data/web/*.parquet", "kind": "events", "time": "at", "type": {"from": "what"},
        "ids": {"cookie": "cookie", "email": "login"},
    },
    "areas": {
        "path": "data/areas.csv", "kind": "enrichment", "join": "postcode", "columns": {"area": "area"},
    },
    "optin": {
        "path": "data/optin.csv", "kind": "consent", "purpose": "marketing", "status": "said", "time": "at",
        "ids": {"email": "mail"},
    },
}  # fmt: skip


@dataclass
class Company:
    """What the extracts say now; `write` puts it into a folder, `change` moves it."""

    chance: random.Random
    crm: dict[str, dict[str, str]] = field(default_factory=dict)
    club: dict[str, dict[str, str]] = field(default_factory=dict)
    till: dict[str, list[str]] = field(default_factory=dict)  # file -> lines
    web: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    optin: list[str] = field(default_factory=list)
    people: int = 0
    told: list[str] = field(default_factory=list)  # what changed last

    @classmethod
    def founded(cls, seed: int, people: int = 110) -> Company:
        company = cls(random.Random(seed))
        company.sources = json.loads(json.dumps(SOURCES))
        company.areas = {code: "urban" for _, code in TOWNS}
        for _ in range(people):
            company._person()
        for day in range(1, 5):
            company._till_day(day)
            company._web_day(day)
        return company

    def change(self, times: int) -> None:
        """So many of the things that happen to a company, whichever."""
        happen: list[Callable[[], None]] = [
            self._person, self._person, self._leave, self._move, self._rename, self._new_day, self._new_day, self._shuffle,
            self._late_day, self._day_gone, self._day_mended, self._receipt_twice, self._decide, self._take_back,
            self._rule, self._filler, self._nothing_names, self._broken_rows, self._source_gone, self._opt_in, self._area,
            self._letters,
        ]  # fmt: skip
        self.told = []
        for _ in range(times):
            what = self.chance.choice(happen)
            self.told.append(what.__name__.strip("_"))
            what()

    # -- people -------------------------------------------------------------------------------------------

    def _person(self) -> None:
        n, c = self.people, self.chance
        self.people += 1
        given, family, (town, code) = c.choice(GIVEN), c.choice(FAMILY), c.choice(TOWNS)
        born = (c.randrange(1950, 2005), c.randrange(1, 13), c.randrange(1, 29))
        mail = f"{given}.{family}{n}@example.org".lower()
        if n % 5:
            self.crm[f"C{n:04}"] = {
                "first": given, "last": family, "mail": mail if n % 7 else "", "sex": c.choice("mf"), "town": town,
                "born": "{2:02}/{1:02}/{0}".format(*born), "phone": f"+44 20 7946 {n:04}" if n % 3 else "", "zip": code,
                "modified": f"2026-01-{n % 28 + 1:02}", "_file": f"part-{n % 3}",
            }  # fmt: skip
        if n % 2:
            self.club[f"M{n:04}"] = {
                "name": f"{given} {family}", "email": mail if n % 3 else f"{family}{n}@example.net".lower(),
                "birthday": "{}-{:02}-{:02}".format(*born), "city": town, "card": f"K{n:05}",
            }  # fmt: skip
            if n % 4 == 1:
                self.optin.append(f"{mail},{c.choice(('yes', 'no'))},2026-01-{n % 28 + 1:02}")

    def _some(self, of: dict[str, Any]) -> str | None:
        return self.chance.choice(sorted(of)) if of else None

    def _leave(self) -> None:
        for register in (self.crm, self.club):
            if key := self._some(register):
                del register[key]

    def _move(self) -> None:
        if key := self._some(self.crm):
            self.crm[key]["town"], self.crm[key]["zip"] = self.chance.choice(TOWNS)
        if key := self._some(self.club):
            self.club[key]["city"] = self.chance.choice(TOWNS)[0]

    def _rename(self) -> None:
        """One gets another name, an address of somebody else, or a file of its own."""
        if key := self._some(self.crm):
            self.crm[key]["last"] = self.chance.choice(FAMILY)
        if (key := self._some(self.crm)) and (other := self._some(self.club)):
            self.crm[key]["mail"] = self.club[other]["email"]
        if key := self._some(self.crm):
            self.crm[key]["_file"] = f"part-{self.chance.randrange(4)}"

    def _shuffle(self) -> None:
        for register in (self.crm, self.club):
            rows = list(register.items())
            self.chance.shuffle(rows)
            register.clear()
            register.update(rows)

    # -- what all records teach -----------------------------------------------------------------------------

    def _filler(self) -> None:
        """A form fills in one date for many, or stops doing so."""
        filled = [k for k, r in self.crm.items() if r["born"] == "01/01/1900"]
        for key in filled or list(self.crm)[:30]:
            self.crm[key]["born"] = "01/02/1988" if filled else "01/01/1900"

    def _nothing_names(self) -> None:
        for key in self.chance.sample(sorted(self.crm), 4):
            self.crm[key]["last"] = "Null"
        if key := self._some(self.crm):
            self.crm[key]["town"] = self.chance.choice(_GONE)

    def _letters(self) -> None:
        """Genders are written in other letters."""
        swap = {"m": "h", "h": "m"}
        for row in self.crm.values():
            row["sex"] = swap.get(row["sex"], row["sex"])

    # -- events -------------------------------------------------------------------------------------------

    def _till_day(self, day: int, name: str = "") -> None:
        cards = sorted(r["card"] for r in self.club.values())
        self.till[name or f"2026-02-{day:02}"] = [
            f"R{day:02}{n:03},{_DAY.format(day, n % 24, n % 60)},{n}.50,{card}"
            for n, card in enumerate(self.chance.sample(cards, min(len(cards), 20)))
        ]

    def _web_day(self, day: int, name: str = "") -> None:
        mails = sorted(r["mail"] for r in self.crm.values())
        self.web[name or f"2026-02-{day:02}"] = [
            (_DAY.format(day, n % 24, n % 60), self.chance.choice(("view", "search", "login")), f"ck{n % 17}",
             self.chance.choice(mails) if n % 5 == 0 else "")
            for n in range(30)
        ]  # fmt: skip

    def _new_day(self) -> None:
        day = len(self.till) % 27 + 1
        self._till_day(day, f"2026-02-{day:02}-n{self.people}")
        self._web_day(day, f"2026-02-{day:02}-n{self.people}")

    def _late_day(self) -> None:
        """A file that is sorted before the others."""
        self._till_day(28, f"2026-01-{len(self.till):02}")
        self._web_day(28, f"2026-01-{len(self.web):02}")

    def _day_gone(self) -> None:
        days: dict[str, Any]
        for days in (self.till, self.web):
            if len(days) > 1 and (name := self._some(days)):
                del days[name]

    def _day_mended(self) -> None:
        if name := self._some(self.till):
            lines = self.till[name]
            if lines:
                lines.pop(self.chance.randrange(len(lines)))

    def _receipt_twice(self) -> None:
        """A receipt of one file stands in another too, the same or another amount."""
        one, two = self._some(self.till), self._some(self.till)
        if one and two and self.till[one]:
            line = self.chance.choice(self.till[one])
            self.till[two].append(line if self.chance.random() < 0.5 else line.replace(".50,", ".75,"))

    def _broken_rows(self) -> None:
        if name := self._some(self.till):
            self.till[name].append(self.chance.choice(("only,two", "R,yesterday,1.00,K00001", "R9,,1.00,K1")))

    def _opt_in(self) -> None:
        if key := self._some(self.club):
            said = self.chance.choice(("yes", "no", "?"))
            self.optin.append(f"{self.club[key]['email']},{said},2026-02-{self.chance.randrange(1, 28):02}")

    def _area(self) -> None:
        self.areas[self.chance.choice(TOWNS)[1]] = self.chance.choice(("urban", "rural", ""))

    # -- people's decisions and the config ------------------------------------------------------------------

    def _decide(self) -> None:
        a, b = self._some(self.crm), self._some(self.club)
        if a and b and not any(a in line or b in line for line in self.decisions):
            pin = f"pin,crm,{a},,,city,Porto"
            self.decisions.append(self.chance.choice((f"link,crm,{a},club,{b},,", f"unlink,crm,{a},club,{b},,", pin)))

    def _take_back(self) -> None:
        if self.decisions:
            self.decisions.pop(self.chance.randrange(len(self.decisions)))

    def _rule(self) -> None:
        """A threshold, a rule of survivorship, the trust in a source, an ignored value, or a column less."""
        options: list[Callable[[], Any]] = [
            lambda: self.settings.update(match={"auto": self.chance.choice((0.9, 0.95, 0.99))}),
            lambda: self.settings.update(match={"ignore_values": {"city": ["Graz"]}}),
            lambda: self.settings.update(golden={"city": "most_frequent"}),
            lambda: self.settings.update(country=self.chance.choice(("GB", "DE"))),
            lambda: self.sources["crm"].update(trust=self.chance.randrange(1, 4)),
            lambda: self.sources["club"]["columns"].pop("city", None),
            lambda: self.sources["till"].update(timezone=self.chance.choice(("UTC", "Europe/Berlin"))),
            self.settings.clear,
        ]
        self.chance.choice(options)()

    def _source_gone(self) -> None:
        """A source is taken out of the config, or comes back."""
        name = self.chance.choice(("web", "areas", "optin"))
        if self.sources.pop(name, None) is None:
            self.sources[name] = json.loads(json.dumps(SOURCES[name]))

    # -- files --------------------------------------------------------------------------------------------

    def write(self, root: Path) -> None:
        """The extracts, the config and decisions.csv; other files of before are removed."""
        data = root / "data"
        kept = set[Path]()

        def put(name: str, lines: list[str]) -> None:
            path = data / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            kept.add(path)

        columns = ["first", "last", "mail", "sex", "town", "born", "phone", "zip", "modified"]
        for part in sorted({row["_file"] for row in self.crm.values()}):
            rows = [",".join([k, *(r[c] for c in columns)]) for k, r in self.crm.items() if r["_file"] == part]
            put(f"crm/{part}.csv", [",".join(["customer_no", *columns]), *rows])
        put("club.jsonl", [json.dumps({"member": k, **r}) for k, r in self.club.items()])
        for name, lines in self.till.items():
            put(f"till/{name}.csv", ["receipt,at,total,card", *lines])
        for name, events in self.web.items():
            path = data / "web" / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            names = ("at", "what", "cookie", "login")
            pq.write_table(pa.table({c: [e[i] or None for e in events] for i, c in enumerate(names)}), path)
            kept.add(path)
        put("areas.csv", ["postcode,area", *(f"{code},{area}" for code, area in self.areas.items())])
        put("optin.csv", ["mail,said,at", *self.optin])
        for path in data.rglob("*"):
            if path.is_file() and path not in kept:
                path.unlink()
        config = {"version": 1, "project": "company", "sources": self.sources, **self.settings}
        config = {"country": "GB", "profile": {"as_of": "2026-03-01"}, **config}
        config["checks"] = {"quarantine_max": 0.5}
        (root / "cxid.yml").write_text(json.dumps(config), encoding="utf-8")
        head = "action,source_a,key_a,source_b,key_b,field,value,who,when,reason"
        decided = "\n".join((head, *(f"{line},ann,2026-02-01," for line in self.decisions))) + "\n"
        (root / "decisions.csv").write_text(decided, encoding="utf-8")
