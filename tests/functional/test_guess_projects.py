"""init on whole companies: the config that it writes is the one that an expert would have written."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from ruamel.yaml import YAML

from cxid.config.guess import Guess, guess_config, render_yaml
from cxid.config.loading import parse_config
from tests.functional.guess_files import people, write_csv


def config_of(folder: Path) -> dict[str, Any]:
    """The guessed config, after proving that its text is valid and says the same."""
    return checked(guess_config([folder], root=folder)).config


def checked(guess: Guess) -> Guess:
    text = render_yaml(guess)
    assert YAML(typ="safe", pure=True).load(text) == guess.config
    parse_config(text.encode(), Path("cxid.yml"), env={})
    return guess


def test_a_german_shop(tmp_path: Path) -> None:
    who, random = people("de"), Random(1)
    write_csv(
        tmp_path / "kunden.csv",
        ["KundenNr", "Anrede", "Vorname", "Nachname", "GebDat", "E-Mail", "Telefon", "Mobil", "Strasse", "HausNr", "PLZ", "Ort", "Geändert am"],
        [[f"K{10000 + p.number}", "Herr" if p.day % 2 else "Frau", p.given, p.family, p.born("{d:02}.{m:02}.{y}"), p.email, f"0221 {p.tail}",
          f"0171/{p.tail}", "Hauptstraße", p.house, p.zip, p.city, f"{p.day:02}.03.2024 12:30"] for p in who],
        delimiter=";", encoding="cp1252",
    )  # fmt: skip
    for month in (1, 2):
        write_csv(
            tmp_path / f"bestellungen_2024-{month:02}.csv",
            ["Bestellnummer", "Bestelldatum", "Kundennummer", "Gesamtbetrag", "Währung", "Artikel"],
            [[f"B{month}{i:03}", f"{random.randint(1, 28):02}.{month:02}.2024", f"K{10000 + random.randrange(200)}",
              f"{random.randint(5, 2000)},{random.randint(10, 99)}", "EUR", random.choice(["Schuh", "Hose"])] for i in range(300)],
            delimiter=";", encoding="cp1252",
        )  # fmt: skip
    write_csv(
        tmp_path / "webtracking.csv",
        ["Zeitstempel", "Ereignis", "Cookie-ID", "KundenNr", "Seite"],
        [[1700000000 + i * 97, random.choice(["klick", "ansicht"]), f"ck{random.randrange(300)}x",
          f"K{10000 + random.randrange(200)}" if i % 3 == 0 else "", f"/p/{i}"] for i in range(600)],
        delimiter="\t",
    )  # fmt: skip
    write_csv(
        tmp_path / "einwilligungen.csv",
        ["E-Mail", "Zweck", "Status", "Kanal", "Datum", "gültig bis"],
        [[p.email, "Werbung", "erteilt" if p.day % 2 else "widerrufen", "email", f"{p.day:02}.02.2024", "31.12.2026"] for p in who],
        delimiter=";", encoding="utf-8-sig",
    )  # fmt: skip
    write_csv(
        tmp_path / "umfrage.csv",
        ["Antwortdatum", "E-Mail", "Weiterempfehlung", "Kommentar"],
        [[f"2024-05-{p.day:02}", p.email, random.randint(0, 10), f"ganz gut {p.number}"] for p in who],
        delimiter=";",
    )

    config = config_of(tmp_path)

    assert config["country"] == "DE"
    sources = config["sources"]
    assert {n: s["kind"] for n, s in sources.items()} == {
        "kunden": "people", "bestellungen": "transactions", "webtracking": "events", "einwilligungen": "consent", "umfrage": "survey",
    }  # fmt: skip
    crm = sources["kunden"]
    assert (crm["key"], crm["delimiter"], crm["encoding"]) == ("KundenNr", ";", "latin-1")
    assert crm["updated_at"] == {"from": "Geändert am", "format": "%d.%m.%Y %H:%M"}
    assert crm["columns"] == {
        "given_name": "Vorname", "family_name": "Nachname", "email": "E-Mail", "phone": ["Telefon", "Mobil"],
        "birth_date": {"from": "GebDat", "format": "%d.%m.%Y"}, "street": "Strasse", "house_number": "HausNr",
        "city": "Ort", "postcode": "PLZ", "gender": "Anrede",
    }  # fmt: skip
    assert crm["ids"] == {"customer_no": "KundenNr"}
    orders = sources["bestellungen"]
    assert orders["path"] == "bestellungen_2024-*.csv"
    assert orders["time"] == {"from": "Bestelldatum", "format": "%d.%m.%Y"}
    assert orders["amount"] == {"from": "Gesamtbetrag", "decimal": ","}
    assert orders["ids"] == {"customer_no": "Kundennummer"}
    web = sources["webtracking"]
    assert web["time"] == {"from": "Zeitstempel", "format": "epoch_s"}
    assert web["ids"] == {"cookie": "Cookie-ID", "customer_no": "KundenNr"}
    assert sources["einwilligungen"]["purpose"] == {"from": "Zweck"}
    assert sources["umfrage"]["score"] == "Weiterempfehlung"
    assert config["golden"]["groups"] == [["street", "house_number", "city", "postcode"]]


def test_french_customers_whose_family_name_is_called_nom(tmp_path: Path) -> None:
    random = Random(2)
    write_csv(
        tmp_path / "clients.csv",
        ["id_client", "nom", "prenom", "date_naissance", "courriel", "tel_fixe", "tel_portable", "adresse", "code_postal", "ville"],
        [[p.number + 1, p.family, p.given, p.born("{d:02}/{m:02}/{y}"), p.email, f"01 {p.tail[:2]} {p.tail[2:4]} {p.tail[4:6]} 12",
          f"+33 6 {p.tail[:2]} {p.tail[2:4]} {p.tail[4:6]} 12", f"{p.house} rue de la Paix", p.zip, p.city] for p in people("fr")],
        delimiter="|", encoding="latin-1",
    )  # fmt: skip
    write_csv(
        tmp_path / "achats.txt",
        ["n_commande", "date_commande", "id_client", "montant_ttc"],
        [[i + 1, f"{random.randint(1, 28):02}/03/2024", random.randrange(200) + 1, f"{random.randint(5, 200)},{random.randint(10, 99)} €"] for i in range(400)],
        delimiter=";",
    )  # fmt: skip
    config = config_of(tmp_path)
    assert config["country"] == "FR"
    columns = config["sources"]["clients"]["columns"]
    assert (columns["given_name"], columns["family_name"]) == ("prenom", "nom")
    assert columns["phone"] == ["tel_fixe", "tel_portable"]
    buys = config["sources"]["achats"]
    assert (buys["format"], buys["currency"], buys["ids"]) == ("csv", "EUR", {"customer_no": "id_client"})
    assert config["sources"]["clients"]["ids"] == {"customer_no": "id_client"}


def test_brazilian_shop_receipts_name_the_customer_by_tax_number(tmp_path: Path) -> None:
    who, random = people("pt"), Random(3)
    cpf = {p.number: f"{p.tail[:3]}.{p.tail[3:6]}.{p.number:03}-{p.day:02}" for p in who}
    write_csv(
        tmp_path / "cadastro.csv",
        ["CPF", "NOME", "SOBRENOME", "DATA_NASC", "SEXO", "CELULAR", "EMAIL_1", "EMAIL_2", "LOGRADOURO", "NUMERO", "CIDADE", "UF", "CEP"],
        [[cpf[p.number], p.given, p.family, p.born("{d:02}/{m:02}/{y}"), "MF"[p.day % 2], f"(11) 9{p.tail[:4]}-{p.tail[3:]}", p.email,
          f"x{p.email}" if p.day % 3 == 0 else "", "Rua das Flores", p.house, p.city, random.choice(["SP", "RJ", "MG", "BA"]), f"{p.zip}-{p.tail[:3]}"] for p in who],
        delimiter=";",
    )  # fmt: skip
    write_csv(
        tmp_path / "vendas_loja.csv.gz",
        ["cupom", "data_compra", "hora", "cpf_cliente", "valor_total"],
        [[i, f"{random.randint(1, 28):02}/03/2024", f"{random.randint(8, 20):02}:{random.randint(0, 59):02}", random.choice(list(cpf.values())),
          f"1.{random.randint(100, 999)},{random.randint(10, 99)}"] for i in range(400)],
        delimiter=";",
    )  # fmt: skip
    config = config_of(tmp_path)
    people_source, sales = config["sources"]["cadastro"], config["sources"]["vendas_loja"]
    assert config["country"] == "BR"
    assert people_source["columns"]["email"] == ["EMAIL_1", "EMAIL_2"]
    assert people_source["columns"]["house_number"] == "NUMERO"
    assert people_source["columns"]["national_id"] == "CPF"
    assert people_source["ids"] == sales["ids"] | {"national_id": "CPF"}
    assert sales["ids"] == {"national_id": "cpf_cliente"}
    assert sales["time"] == {"from": ["data_compra", "hora"], "join": " ", "format": "%d/%m/%Y %H:%M"}
    assert sales["channel"] == "store"


def test_spanish_members_with_two_family_names(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "socios.tsv",
        ["num_socio", "nombre", "primer_apellido", "segundo_apellido", "fecha_nacimiento", "sexo", "movil", "correo_electronico", "estado_civil", "fecha_alta"],
        [[f"S-{p.number:05}", p.given, p.family, people("es")[p.number - 1].family, p.born("{d:02}-{m:02}-{y}"), ["Hombre", "Mujer"][p.day % 2],
          f"6{p.tail}1", p.email, ["soltero", "casado", "viudo"][p.day % 3], f"{p.day:02}-01-2020"] for p in people("es")],
        delimiter="\t",
    )  # fmt: skip
    source = config_of(tmp_path)["sources"]["socios"]
    assert (source["key"], source["delimiter"]) == ("num_socio", "\t")
    assert source["columns"]["given_name"] == "nombre"
    assert source["columns"]["family_name"] == ["primer_apellido", "segundo_apellido"]
    assert source["columns"]["marital_status"] == {"from": "estado_civil", "type": "category"}
    assert source["columns"]["fecha_alta"] == "fecha_alta"


def test_italian_json_lines_with_nested_objects(tmp_path: Path) -> None:
    lines = [
        json.dumps({
            "codice": f"A{p.number:06}",
            "anagrafica": {"nominativo": f"{p.given} {p.family}", "data_nascita": p.born("{y}-{m:02}-{d:02}")},
            "contatti": {"email": p.email, "cellulare": f"+39 3{p.tail}12"},
            "indirizzo": {"via": f"Via Roma {p.house}", "citta": p.city, "cap": p.zip}, "tags": ["a"],
        })
        for p in people("it")
    ]  # fmt: skip
    (tmp_path / "anagrafica.jsonl").write_text("\n".join(lines) + "\n")
    source = config_of(tmp_path)["sources"]["anagrafica"]
    assert source["key"] == "codice"
    assert source["columns"] == {
        "full_name": "anagrafica.nominativo", "email": "contatti.email", "phone": "contatti.cellulare",
        "birth_date": {"from": "anagrafica.data_nascita", "format": "%Y-%m-%d"},
        "street": "indirizzo.via", "city": "indirizzo.citta", "postcode": "indirizzo.cap",
    }  # fmt: skip


def test_days_of_a_json_log_are_one_source_named_by_its_folder(tmp_path: Path) -> None:
    days = (
        [{"ts": f"2026-05-30T10:{m:02}:00Z", "anonymous_id": f"c{m % 7}", "event": "view"} for m in range(60)],
        [{"event": "view", "utm_campaign": ("may", "spring")[m % 2], "ts": f"2026-05-31T10:{m:02}:00Z", "anonymous_id": f"c{m % 7}"} for m in range(60)],
    )  # fmt: skip
    (tmp_path / "visits").mkdir()
    for name, rows in zip(("2026-05-30", "2026-05-31"), days, strict=True):
        (tmp_path / "visits" / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (source,) = config_of(tmp_path)["sources"].items()
    assert source[0] == "visits"
    assert source[1]["path"] == "visits/*.jsonl"
    assert (source[1]["ids"], source[1]["campaign"]) == ({"cookie": "anonymous_id"}, "utm_campaign")


def test_a_uid_that_comes_back_in_a_log_names_who_it_was(tmp_path: Path) -> None:
    rows = [{"ts": f"2026-05-30T10:{m:02}:00Z", "uid": 100 + m % 7, "event": ("view", "buy")[m % 2]} for m in range(60)]
    (tmp_path / "log.json").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (source,) = config_of(tmp_path)["sources"].values()
    assert (source["path"], source["kind"], source["ids"]) == ("log.json", "events", {"user_id": "uid"})


def test_a_lone_file_named_by_a_date_is_named_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "till").mkdir()
    rows = "".join(f"R{n},2026-05-{n % 28 + 1:02} 10:00,a{n % 9}@x.example,{n}.50\n" for n in range(60))
    (tmp_path / "till" / "2026-05.csv").write_text(f"receipt,sold_at,email,total\n{rows}")
    assert list(config_of(tmp_path)["sources"]) == ["till"]


def test_dutch_customers_in_utf_16_with_a_prefix_column(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "klanten.csv",
        ["klantnummer", "voorletters", "voornaam", "tussenvoegsel", "achternaam", "geboortedatum", "geslacht", "straat", "huisnummer", "postcode", "woonplaats"],
        [[p.number + 1000, p.given[0], p.given, ["van", "de", ""][p.day % 3], p.family, f"{p.day}-{p.month}-{p.year}", ["man", "vrouw"][p.day % 2],
          "Dorpsstraat" if p.day % 2 else "Kerkweg", p.house, f"{1000 + p.number} AB", p.city] for p in people("nl")],
        delimiter=";", encoding="utf-16",
    )  # fmt: skip
    config = config_of(tmp_path)
    source = config["sources"]["klanten"]
    assert (config["country"], source["encoding"]) == ("NL", "utf-16")
    assert source["columns"]["family_name"] == {"from": ["tussenvoegsel", "achternaam"], "join": " "}
    assert "middle_name" not in source["columns"]


def english(folder: Path) -> None:
    who, random = people("en"), Random(4)
    write_csv(
        folder / "crm_contacts.csv",
        ["ID", "FullName", "DOB", "Email1", "Email2", "Home Phone", "Cell", "Addr1", "Addr2", "Town", "County", "Post Code", "Spouse Name", "Billing City"],
        [[p.number + 1, f"{p.given} {p.family}", p.born("{d:02}/{m:02}/{y}"), p.email, f"w{p.email}" if p.day % 2 else "", f"020 7{p.tail[:3]} {p.tail[3:]}",
          f"07{p.tail}11", f"{p.house} High Street", f"Flat {p.day}" if p.day % 3 == 0 else "", p.city, ["Kent", "Avon", "Fife", "Devon", "Essex"][p.day % 5],
          f"LS{p.day % 9 + 1} {p.month % 9 + 1}AB", f"Jo {p.family}", "London" if p.day % 2 else "Hull"] for p in who],
    )  # fmt: skip
    card = {p.number: f"63304{p.tail}" for p in who}
    write_csv(
        folder / "loyalty.csv",
        ["id", "card_no", "customer_email", "tier", "points"],
        [[n * 7 + 3, card[p.number], p.email, random.choice(["gold", "silver"]), random.randint(0, 9000)] for n, p in enumerate(who[:120])],
    )  # fmt: skip
    write_csv(
        folder / "pos.csv",
        ["receipt", "sold_at", "card", "receipt_email", "total", "store"],
        [[i, f"2024-03-{random.randint(1, 28):02} 10:{random.randint(10, 59)}:00", card[random.randrange(120)] if i % 3 else "",
          who[random.randrange(200)].email if i % 5 == 0 else "", random.randint(-20, 99) + 0.5, f"S{i % 2}"] for i in range(500)],
    )  # fmt: skip
    for part in (1, 2):
        write_csv(
            folder / "app_events" / f"part-000{part}.csv",
            ["event_time", "event_name", "device_id", "user_id", "app_version"],
            [[f"2024-03-{random.randint(1, 28):02}T10:{random.randint(10, 59)}:00.123+01:00", random.choice(["open", "tap"]),
              hashlib.md5(str(random.randrange(100)).encode()).hexdigest(), random.randrange(200) + 1 if i % 2 else "", f"1.{i % 3}"] for i in range(400)],
        )  # fmt: skip
    write_csv(
        folder / "mentions.csv",
        ["posted_at", "author_handle", "text", "sentiment", "followers"],
        [[f"03/{random.randint(1, 28):02}/2024 10:{random.randint(10, 59)} PM", f"@u{random.randrange(200)}", f"nice shop {i}",
          random.choice(["positive", "negative"]), random.randint(1, 9999)] for i in range(300)],
    )  # fmt: skip
    write_csv(
        folder / "email_campaign.csv",
        ["sent_date", "email_sha256", "campaign_name", "action"],
        [[f"2024-03-{random.randint(1, 28):02}", hashlib.sha256(who[random.randrange(200)].email.encode()).hexdigest(), random.choice(["spring", "sale"]),
          random.choice(["sent", "open", "click"])] for _ in range(300)],
    )  # fmt: skip
    write_csv(
        folder / "area_stats.csv",
        ["postcode", "income_band", "urbanity"],
        [[f"LS{b} {c}AB", random.randint(1, 9), random.choice("UR")] for b in range(1, 10) for c in range(1, 10)],
    )
    write_csv(
        folder / "preferences.csv",
        ["email", "email_optin", "sms_optin", "updated"],
        [[p.email, "Y" if p.day % 2 else "N", "Y" if p.day % 3 else "N", "2024-01-01"] for p in who],
    )


def test_an_english_company_with_nine_systems(tmp_path: Path) -> None:
    english(tmp_path)
    config = config_of(tmp_path)
    sources = config["sources"]
    assert config["country"] == "GB"
    assert {n: s["kind"] for n, s in sources.items()} == {
        "crm_contacts": "people", "loyalty": "people", "app_events": "events", "area_stats": "enrichment",
        "email_campaign": "events", "mentions": "mentions", "pos": "transactions",
        "preferences_email_optin": "consent", "preferences_sms_optin": "consent",
    }  # fmt: skip
    crm = sources["crm_contacts"]["columns"]
    assert crm["full_name"] == "FullName"
    assert crm["email"] == ["Email1", "Email2"]
    assert set(crm["phone"]) == {"Cell", "Home Phone"}
    assert (crm["street"], crm["city"], crm["postcode"]) == ("Addr1", "Town", "Post Code")
    assert crm["addr_line2"] == {"from": "Addr2", "type": "text"}
    assert (crm["spouse_name"], crm["billing_city"]) == ("Spouse Name", "Billing City")
    assert sources["loyalty"]["ids"] == {"loyalty_card": "card_no"}
    assert sources["pos"]["ids"] == {"loyalty_card": "card", "email": "receipt_email"}
    assert sources["app_events"]["path"] == "app_events/part-*.csv"
    assert sources["app_events"]["ids"] == {"device_id": "device_id", "user_id": "user_id"}
    assert sources["crm_contacts"]["ids"] == {"user_id": "ID"}
    assert sources["mentions"]["time"] == {"from": "posted_at", "format": "%m/%d/%Y %I:%M %p"}
    assert sources["email_campaign"]["ids"] == {"email_sha256": "email_sha256"}
    assert (sources["area_stats"]["join"], set(sources["area_stats"]["columns"])) == (
        "postcode",
        {"income_band", "urbanity"},
    )
    assert sources["preferences_sms_optin"]["channel"] == "sms"


def test_running_numbers_of_unrelated_tables_are_not_one_identifier(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "crm.csv",
        ["id", "first_name", "last_name", "email"],
        [[p.number + 1, p.given, p.family, p.email] for p in people("en")],
    )
    write_csv(
        tmp_path / "newsletter_members.csv",
        ["id", "first_name", "last_name", "email"],
        [[p.number + 1, p.given, p.family, f"z{p.email}"] for p in reversed(people("de"))],
    )
    sources = config_of(tmp_path)["sources"]
    assert all("ids" not in s for s in sources.values())


def test_orders_with_the_customers_name_in_each_row_are_transactions(tmp_path: Path) -> None:
    random, who = Random(5), people("en")
    rows = []
    for i in range(400):
        p = who[random.randrange(60)]
        rows.append(
            [
                f"O{i}",
                f"2024-03-{random.randint(1, 28):02}",
                f"{p.given} {p.family}",
                p.email,
                p.city,
                random.randint(5, 99) + 0.99,
                "GBP",
            ]
        )
    write_csv(
        tmp_path / "orders.csv",
        ["order_id", "order_date", "customer_name", "customer_email", "ship_city", "total_price", "currency"],
        rows,
    )
    guess = checked(guess_config([tmp_path], root=tmp_path))
    assert guess.config["sources"]["orders"]["kind"] == "transactions"
    assert guess.config["sources"]["orders"]["ids"] == {"email": "customer_email"}
    assert any(x.column == "customer_name" and "identifiers" in x.why for x in guess.left_out)


def test_years_of_a_register_are_sources_of_their_own_and_months_of_events_are_not(tmp_path: Path) -> None:
    for year in (2020, 2021):
        write_csv(
            tmp_path / f"register_{year}.csv",
            ["rid", "first_name", "last_name", "dob"],
            [[f"{year}-{p.number}", p.given, p.family, p.born("{y}-{m:02}-{d:02}")] for p in people("en")],
        )
    for month in (1, 2, 3):
        write_csv(
            tmp_path / "web" / f"2024-{month:02}.csv",
            ["ts", "cookie", "event"],
            [[f"2024-{month:02}-03 10:00:{i:02}", f"c{i % 30}", "view" if i % 2 else "tap"] for i in range(60)],
        )
    sources = config_of(tmp_path)["sources"]
    assert set(sources) == {"register_2020", "register_2021", "web"}
    assert sources["web"]["path"] == "web/*.csv"  # next year, too


def test_a_file_without_a_key_gets_columns_that_are_unique_together(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [p.number // 2, p.number % 2, p.given, p.family, p.email if p.day % 5 else ""] for p in people("en")
    ]
    write_csv(tmp_path / "contacts.csv", ["household_no", "person_no", "first_name", "last_name", "email"], rows)
    assert config_of(tmp_path)["sources"]["contacts"]["key"] == ["person_no", "household_no"]


def test_texts_that_mean_missing_are_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [p.number, p.given, p.family if p.day % 4 else "N/A", p.email if p.day % 3 else "NULL"] for p in people("en")
    ]
    write_csv(tmp_path / "crm.csv", ["id", "first_name", "last_name", "email"], rows)
    assert config_of(tmp_path)["sources"]["crm"]["null_values"] == ["N/A", "NULL"]


def test_a_key_that_a_few_broken_rows_lack_or_repeat_is_still_the_key(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"C{p.number}", p.given, p.family, p.email] for p in people("en")]
    rows[17][0], rows[33][0] = "", rows[34][0]
    write_csv(tmp_path / "crm.csv", ["customer_no", "first_name", "last_name", "email"], rows)
    guess = checked(guess_config([tmp_path], root=tmp_path))
    assert guess.config["sources"]["crm"]["key"] == "customer_no"
    assert any("2 of 200 rows" in w for w in guess.warnings)


def test_the_folder_says_the_channel_where_the_file_does_not(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [f"2024-03-{p.day:02} 10:{p.month:02}:00", p.email, ["open", "click"][p.day % 2]] for p in people("en")
    ]
    for folder in ("email", "app", "support"):
        write_csv(tmp_path / folder / "log.csv", ["timestamp", "recipient", "action"], rows)
    sources = config_of(tmp_path)["sources"]
    assert {Path(s["path"]).parent.name: s["channel"] for s in sources.values()} == {
        "email": "email",
        "app": "mobile",
        "support": "support",
    }
    assert all(s["ids"] == {"email": "recipient"} for s in sources.values())


def test_zstd_and_parquet_are_read_to_their_end(tmp_path: Path) -> None:
    header = ["id", "first_name", "last_name", "email"]
    plain = write_csv(tmp_path / "x.csv", header, [[p.number, p.given, p.family, p.email] for p in people("en", 9000)])
    (tmp_path / "crm.csv.zst").write_bytes(zstandard.compress(plain.read_bytes()))
    plain.unlink()
    table = pa.table({"member_no": [f"M{n}" for n in range(9000)], "born": [datetime.date(1950 + n % 50, 1 + n % 12, 1 + n % 28) for n in range(9000)],
                      "surname": [p.family for p in people("de", 9000)]})  # fmt: skip
    pq.write_table(table, tmp_path / "members.parquet", row_group_size=2000)
    sources = config_of(tmp_path)["sources"]
    assert (sources["crm"]["key"], sources["members"]["key"]) == ("id", "member_no")
    assert sources["members"]["columns"]["birth_date"] == {"from": "born", "format": "%Y-%m-%d"}


def test_the_file_decides_the_order_of_day_and_month_for_a_column_that_leaves_it_open(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [p.number, p.given, p.family, f"{p.month:02}/{p.day:02}/{p.year}", f"{p.month:02}/05/2024"]
        for p in people("en")
    ]
    write_csv(tmp_path / "crm.csv", ["id", "first_name", "last_name", "dob", "updated"], rows)
    guess = checked(guess_config([tmp_path], root=tmp_path, country="GB"))
    source = guess.config["sources"]["crm"]
    assert source["updated_at"] == {"from": "updated", "format": "%m/%d/%Y"}
    assert source["columns"]["birth_date"]["format"] == "%m/%d/%Y"
