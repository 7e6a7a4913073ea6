# ruff: noqa: E501
"""The worlds of benchmarks/worlds.py: countries, systems, columns, faults. None copies another's columns."""

from __future__ import annotations

from world_latin import LATIN
from world_records import Errors, Source
from world_scripts import SCRIPTS
from world_shape import HEAVY, LIGHT, World, headed

WORLDS = [
    *LATIN,
    *SCRIPTS,
    World(
        "strange_english",
        "en_GB",
        3000,
        [
            Source(
                "tbl_cust.csv",
                headed(
                    "CUSTREF = key:C ;; FNAME = given ;; LName = family ;; DOB = birth:d/m/y ;; ADDR1 = streetno ;; TOWN = city ;; PCODE = postcode ;; TELNO = phone:mobile-nat ;; EML = emails:; "
                ),
                share=0.6,
                more=0.15,
            ),
            Source(
                "leads.csv",
                headed(
                    "lead = key:L ;; contact = full:T G F ;; emailaddr = email ;; mob = phone:mobile-nat ;; postal_code = postcode"
                ),
                share=0.4,
                more=0.3,
            ),
            Source(
                "pos.csv",
                headed("till_no = key:R ;; cardholder = full:U G ;; loyalty_card = card ;; postcode = postcode"),
                share=0.3,
                more=1.0,
                most=8,
            ),
        ],
    ),
    World(
        "three_columns",
        "en_US",
        2500,
        [
            Source("voters.csv", headed("rec = key: ;; fn = given ;; ln = family ;; dob = birth:m/d/Y"), more=0.35),
        ],
        note="three columns",
    ),
    World(
        "three_no_birth",
        "de_DE",
        2000,
        [
            Source("liste.csv", headed("nr = key: ;; name = full:G F ;; ort = city ;; plz = postcode"), more=0.3),
        ],
        note="name and town only",
    ),
    World(
        "excel_sep",
        "de_DE",
        600,
        [
            Source(
                "export.csv",
                headed(
                    "Nr = key: ;; Nachname = family ;; Vorname = given ;; Geburtstag = birth:d.m.y ;; Telefon = phone:landline+mobile-nat ;; Mail = emails:; "
                ),
                more=0.8,
                delimiter=";",
                encoding="cp1252",
                before="sep=;\n",
            ),
        ],
        note="sep= line, two numbers in a cell",
    ),
    World(
        "headerless",
        "fr_FR",
        600,
        [
            Source(
                "noms.csv",
                headed(
                    "0 = key: ;; 1 = given ;; 2 = family ;; 3 = birth:Y-m-d ;; 4 = email ;; 5 = city ;; 6 = postcode"
                ),
                more=0.6,
                before="-",
            ),
        ],
        note="no header",
    ),
    World(
        "big_groups",
        "en_IN",
        400,
        [
            Source(
                "tickets.csv",
                headed(
                    "ticket = key:T ;; caller = full:G F ;; phone = phone:mobile-nat ;; email = email ;; city = city"
                ),
                more=0.93,
                most=30,
            ),
        ],
        note="up to 30 records a person",
    ),
    World(
        "small_300",
        "da_DK",
        220,
        [
            Source(
                "kunder.csv",
                headed(
                    "kundenr = key: ;; fornavn = given ;; efternavn = family ;; fødselsdato = birth:d-m-Y ;; vej = streetno ;; postnr = postcode ;; by = city ;; mobil = phone:mobile-nat"
                ),
                more=0.3,
            ),
        ],
    ),
    World(
        "ro_six",
        "ro_RO",
        1500,
        [
            Source(f"system_{x}.csv", headed(cols), share=share, more=0.03, errors=e)
            for x, cols, share, e in (
                (
                    "a",
                    "id = key:a ;; prenume = given ;; nume = family ;; data nasterii = birth:d.m.Y ;; oras = city",
                    0.8,
                    Errors(),
                ),
                (
                    "b",
                    "id = key:b ;; nume_complet = full:G F ;; telefon = phone:mobile-nat ;; judet = region",
                    0.5,
                    HEAVY,
                ),
                ("c", "id = key:c ;; given = given ;; family = family ;; email = email ;; zip = postcode", 0.5, LIGHT),
                ("d", "id = key:d ;; name = full:F, G ;; birth = birth:Y-m-d", 0.3, LIGHT),
                ("e", "id = key:e ;; cnp = nid ;; nume = family ;; prenume = given", 0.2, LIGHT),
                (
                    "f",
                    "id = key:f ;; email = email ;; telefon = phone:mobile-int ;; adresa = address:S, P C",
                    0.4,
                    Errors(),
                ),
            )
        ],
        note="six sources, few columns in common",
    ),
    World(
        "web_pos_support",
        "nl_NL",
        2500,
        [
            Source(
                "website.csv", headed("visitor = key: ;; e-mail = email ;; cookie_id = cookie"), share=0.7, more=0.2
            ),
            Source("kassa.csv", headed("bonnr = key:B ;; klantenkaart = card ;; naam = full:G F"), share=0.5, more=0.6),
            Source(
                "helpdesk.csv",
                headed("zaak = key:Z ;; naam = full:G F ;; telefoonnummer = phone:mobile-nat ;; e-mailadres = email"),
                share=0.4,
                more=0.3,
            ),
            Source(
                "crm.csv",
                headed(
                    "klantnr = key: ;; voornaam = given ;; achternaam = family ;; email = email ;; mobiel = phone:mobile-nat ;; kaartnummer = card ;; postcode = postcode ;; huisnummer = number"
                ),
                share=0.8,
                more=0.08,
            ),
        ],
    ),
    World(
        "companies_de",
        "de_DE",
        1500,
        [
            Source(
                "firmen.csv",
                headed(
                    "Debitor = key: ;; Firmenname = family ;; Straße = streetno ;; PLZ = postcode ;; Ort = city ;; USt-IdNr = nid ;; Telefon = phone:landline-nat"
                ),
                share=0.8,
                more=0.2,
                delimiter=";",
            ),
            Source(
                "lieferanten.csv",
                headed("lfd_nr = key:L ;; company_name = family ;; address = address:S, P C ;; mail = email"),
                share=0.5,
                more=0.1,
            ),
        ],
        kind="companies",
    ),
    World(
        "us_50k",
        "en_US",
        30000,
        [
            Source(
                "accounts.csv",
                headed(
                    "acct = key:A ;; first = given ;; mi = middle ;; last = family ;; dob = birth:m/d/Y ;; street_addr = streetno:Apt  ;; city = city ;; st = region ;; zip5 = postcode ;; home_ph = phone:landline-nat ;; cell_ph = phone:mobile-nat ;; email_addr = email"
                ),
                share=0.9,
                more=0.25,
            ),
            Source(
                "signup.csv",
                headed("sid = key:S ;; fullname = full:G F ;; email = email ;; zip = postcode ;; created = moment"),
                share=0.4,
                more=0.1,
            ),
        ],
    ),
]
