"""A small company whose every text is meant to do harm to who shows it: as values, columns, files, decisions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

# What would act: markup of HTML and of terminals' libraries, escape sequences, turns of direction, what has no width,
# line breaks, formulas, a cell as long as a page, SQL, options, variables and formats.
PAYLOADS = (
    "<script>alert(1)</script>",
    "[/bold]",
    "[link=https://x.example]here[/link]",
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[31mred",
    "\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "two\nlines",
    "two\r\ncells\tof a table",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\x9b31mC1\x85",
    "'; DROP TABLE record; --",
    "--help",
    "${HOME} %s {0}",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "line\u2028separator\u2029",
)
LONG = "A" * 10_000
PEOPLE = 40
_FIRST = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jana")
_LAST = ("Adler", "Brook", "Carter", "Dumont")
CRM_FILE = "<crm>[bold]\u202e=cmd() ü.csv"

CONFIG = r"""version: 1
project: "<script>alert(1)</script>[/bold]\e]0;owned\a"
country: GB
sources:
  crm:
    path: "data/<crm>*.csv"
    kind: people
    key: "no\e[2J"
    trust: 3
    updated_at: changed
    columns:
      given_name: "=first()"
      family_name: "[bold]last"
      email: "<b>mail</b>"
      phone: phone
      city: "town\u202e"
      postcode: postcode
      note: {from: "note\tof\x07it", type: attribute}
    ids: {card: card}
  shop:
    path: data/shop.jsonl
    kind: people
    key: id
    columns: {full_name: name, email: mail, city: town, note: {from: note, type: attribute}}
    ids: {card: card, handle: handle}
  web:
    path: data/web.csv
    kind: events
    time: at
    type: {from: type}
    channel: {from: channel}
    campaign: campaign
    medium: {from: medium}
    origin: {from: origin}
    category: category
    case: case
    ids: {cookie: cookie, email: mail}
  sales:
    path: data/sales.csv
    kind: transactions
    key: receipt
    time: at
    amount: total
    currency: {from: currency}
    channel: {from: channel}
    category: category
    ids: {card: card}
  posts: {path: data/posts.csv, kind: mentions, time: at, sentiment: mood, category: topic, ids: {handle: handle}}
  nps: {path: data/nps.csv, kind: survey, time: at, score: score, category: topic, ids: {email: mail}}
  areas: {path: data/areas.csv, kind: enrichment, join: postcode, columns: {segment: segment}}
  consent:
    path: data/consent.csv
    kind: consent
    ids: {email: mail}
    purpose: {from: purpose}
    channel: {from: channel}
    status: status
  trial: {path: data/trial.csv, kind: events, time: at, type: {from: arm}, campaign: campaign, ids: {email: mail}}
match: {ignore_values: {email: ["<script>@x.example"]}}
profile: {as_of: 2026-06-01, currency: GBP}
kpis: {targets: {repeat_rate: 60%}}
triggers:
  win_back:
    when: "orders >= 1 and nps_group <> '<script>'"
    action: "[/bold]<script>alert(2)</script>\e[31m"
    holdout: 20%
    trial: {source: trial, treated: "<b>treated\e[2J", control: "[held] out"}
checks: {quarantine_max: 30%}
outputs: {dir: output, formats: [parquet, csv]}
"""


def write_company(folder: Path) -> Path:
    """Files, config and decisions; not built."""
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "cxid.yml").write_text(CONFIG, encoding="utf-8")
    _people(data)
    _happenings(data)
    decided = [
        (
            "link",
            "crm",
            "k0\x1b[2J",
            "shop",
            "s20",
            "",
            "",
            "<script>[/bold]",
            "2026-05-01",
            "=because()\x1b]0;owned\x07",
        ),
        ("unlink", "crm", "k1", "shop", "s2", "", "", "\u202eann", "2026-05-01", "two\nlines"),
    ]
    header = ("action", "source_a", "key_a", "source_b", "key_b", "field", "value", "who", "when", "reason")
    (folder / "decisions.csv").write_bytes(_csv(header, decided))
    decided.append(("pin", "crm", "k4", "", "", "city", "=town()\x1b[2J", "ann", "2026-05-01", "<script>"))
    truth = [("crm", _key(i), f"<b>{i}\x1b[31m") for i in range(PEOPLE)]
    truth += [("shop", f"s{i}", f"<b>{i}\x1b[31m") for i in range(0, PEOPLE, 2)]
    (folder / "truth.csv").write_bytes(_csv(("source", "record_key", "person_id"), truth))
    return folder


def _key(number: int) -> str:
    return f"k{number}\x1b[2J" if number % 10 == 0 else f"=k{number}" if number % 10 == 5 else f"k{number}"


def _mail(number: int) -> str:
    return f"{_FIRST[number % 10]}.{number}@x.example".lower()


def _people(data: Path) -> None:
    bad = cycle(PAYLOADS)
    rows = []
    for i in range(PEOPLE):
        first, last = _FIRST[i % 10], _LAST[i // 10]
        name = f"{first}{next(bad)}" if i % 3 == 0 else first
        town = f"{next(bad)}Bath" if i % 2 else "Bath"
        note = LONG if i == 7 else next(bad)
        changed = f"2026-0{1 + i % 5}-03"
        rows.append((_key(i), changed, name, last, _mail(i), f"+44 20 7946 0{100 + i}", town, "BA1 1AA", note, f"c{i}"))
    rows.append(("k99", "soon", *PAYLOADS[:5], "BA1 1AB", PAYLOADS[9], "c99\x07"))
    header = ("no\x1b[2J", "changed", "=first()", "[bold]last", "<b>mail</b>", "phone", "town\u202e", "postcode")
    content = _csv((*header, "note\tof\x07it", "card"), rows)
    content += b"k100,2026-01-01,broken \xff\xfe\r\nk101\x00,too,few\r\n"
    (data / CRM_FILE).write_bytes(content)
    lines = []
    for i in range(0, PEOPLE, 2):
        name = f"{_FIRST[i % 10]} {_LAST[i // 10]}"
        row = {"id": f"s{i}", "name": name, "mail": _mail(i), "town": next(bad), "note": next(bad), "card": f"c{i}"}
        lines.append(json.dumps({**row, "handle": f"@{next(bad)}{i}"}))
    lines.append('{"id": "s98", "name": "Lone \\ud800 Surrogate", "mail": "s98@x.example", "note": "\\udfff"}')
    (data / "shop.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _happenings(data: Path) -> None:
    bad = cycle(PAYLOADS)
    web, sales, posts, nps, consent, trial = ([] for _ in range(6))
    for i in range(PEOPLE):
        for month in range(1, 5):
            at = f"2026-0{month}-{1 + i % 27:02d} 10:00:00"
            texts = [next(bad) for _ in range(7)]
            web.append((at, *texts[:6], f"ck{i}{texts[6]}", _mail(i) if month == 1 else ""))
            currency = next(bad) if i % 9 == 0 else "GBP"
            sales.append((f"r{i}-{month}", at, f"{10 + i}.50", currency, next(bad), next(bad), f"c{i}"))
        if i % 2 == 0:
            posts.append(("2026-03-01", "negative", next(bad), f"@{next(bad)}{i}"))
        nps.append(("2026-04-01", str(i % 11), next(bad), _mail(i)))
        consent.append((_mail(i), PAYLOADS[i % 3], PAYLOADS[3 + i % 2] if i % 5 else "email", "yes" if i % 4 else "no"))
        trial.append(("2026-03-01", "<b>treated\x1b[2J" if i % 2 else "[held] out", "<c>\x1b[31m", _mail(i)))
    events = ("at", "type", "channel", "campaign", "medium", "origin", "category", "cookie", "mail")
    web = [(*row[:7], *row[7:]) for row in web]
    _put(
        data, "web.csv", (*events[:7], "cookie", "mail", "case"), [(*row, f"t{n % 7}\x07") for n, row in enumerate(web)]
    )
    _put(data, "sales.csv", ("receipt", "at", "total", "currency", "channel", "category", "card"), sales)
    _put(data, "posts.csv", ("at", "mood", "topic", "handle"), posts)
    _put(data, "nps.csv", ("at", "score", "topic", "mail"), nps)
    _put(data, "areas.csv", ("postcode", "segment"), [("BA1 1AA", "<b>rich\x1b[31m"), ("BA1 1AB", "=poor()")])
    _put(data, "consent.csv", ("mail", "purpose", "channel", "status"), consent)
    _put(data, "trial.csv", ("at", "arm", "campaign", "mail"), trial)


def _put(data: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    (data / name).write_bytes(_csv(header, rows))


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
