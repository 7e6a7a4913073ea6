# ruff: noqa: E501
"""Worlds of countries that write in Latin letters."""

from __future__ import annotations

from world_records import Errors, Source
from world_shape import HEAVY, World, headed

LATIN = [
    World(
        "de_crm_shop",
        "de_DE",
        2500,
        [
            Source(
                "kunden.csv",
                headed(
                    "Kundennr. = key:K ;; Anrede = title ;; Vorname = given ;; Nachname = family ;; "
                    "Geb.-Datum = birth:d.m.Y ;; Straße = street ;; Hausnr. = number ;; PLZ = postcode ;; Ort = city ;; "
                    "Tel. privat = phone:landline-nat ;; Mobil = phone:mobile-nat ;; E-Mail-Adresse = email"
                ),
                share=0.7,
                more=0.12,
                delimiter=";",
                encoding="cp1252",
            ),
            Source(
                "shop.csv",
                headed(
                    "id = key: ;; name = full:G F ;; mail = email ;; anschrift = address:S, P C ;; "
                    "telefon = phone:mobile-int ;; registriert = moment"
                ),
                share=0.5,
                more=0.2,
            ),
        ],
    ),
    World(
        "de_words",
        "de_DE",
        1500,
        [
            Source(
                "mitglieder.csv",
                headed(
                    "Mitglieds-Nr = key: ;; Name = full:F, G ;; geboren am = birth:words ;; "
                    "Wohnort = city ;; Postleitzahl = postcode ;; Strasse = streetno ;; Telefon = phone:mobile-nat"
                ),
                more=0.5,
                delimiter="\t",
            ),
        ],
        note="month names",
    ),
    World(
        "fr_register",
        "fr_FR",
        3000,
        [
            Source(
                "clients.csv",
                headed(
                    "N° client = key: ;; Civilité = title ;; NOM = full:U ;; Prénom = given ;; "
                    "Date de naissance = birth:d/m/Y ;; Adresse = streetno ;; CP = postcode ;; Ville = city ;; Tél. = phone:mobile-nat ;; Courriel = email"
                ),
                more=0.4,
                delimiter=";",
                encoding="latin-1",
            ),
        ],
    ),
    World(
        "fr_two_thin",
        "fr_FR",
        3000,
        [
            Source(
                "abonnes.csv",
                headed("ref = key:A ;; nom_complet = full:G F ;; ddn = birth:words ;; commune = city"),
                share=0.5,
                more=0.02,
            ),
            Source(
                "boutique.csv",
                headed("ticket = key: ;; client = full:U G ;; cp_ville = address:P C ;; naissance = birth:d/m/y"),
                share=0.25,
                more=0.02,
            ),
        ],
        note="thin overlap, no contact data",
    ),
    World(
        "es_three",
        "es_ES",
        2500,
        [
            Source(
                "socios.csv",
                headed(
                    "nº socio = key: ;; nombre = given ;; apellidos = family ;; DNI = nid ;; f_nacimiento = birth:d/m/Y ;; "
                    "dirección = streetno ;; c.p. = postcode ;; población = city ;; móvil = phone:mobile-bare"
                ),
                share=0.6,
                more=0.1,
                delimiter=";",
            ),
            Source(
                "web.csv",
                headed("uid = key:W ;; nombre y apellidos = full:G F ;; correo = email ;; teléfono = phone:mobile-int"),
                share=0.6,
                more=0.2,
            ),
            Source(
                "soporte.csv",
                headed("caso = key:S- ;; quien = full:G F ;; tlf = phone:mobile-nat ;; sexo = gender"),
                share=0.3,
                more=0.4,
            ),
        ],
    ),
    World(
        "mx_one",
        "es_MX",
        2000,
        [
            Source(
                "pacientes.csv",
                headed(
                    "expediente = key: ;; NOMBRE = given ;; APELLIDO = family ;; FECHA_NAC = birth:Y-m-d ;; SEXO = gender ;; "
                    "COLONIA = street ;; MUNICIPIO = city ;; ESTADO = region"
                ),
                more=0.5,
                errors=HEAVY,
            ),
        ],
        note="heavy errors, no contact data",
    ),
    World(
        "pl_umlaute",
        "pl_PL",
        2500,
        [
            Source(
                "klienci.csv",
                headed(
                    "nr_klienta = key: ;; imię = given ;; nazwisko = family ;; PESEL = nid ;; data ur. = birth:d.m.Y ;; "
                    "ulica = streetno ;; kod pocztowy = postcode ;; miasto = city ;; telefon = phone:mobile-nat ;; e-mail = email"
                ),
                share=0.6,
                more=0.15,
                delimiter=";",
                encoding="cp1250",
            ),
            Source(
                "sklep.jsonl",
                headed(
                    "zamawiajacy_id = key:z ;; imie_nazwisko = full:G F ;; email = email ;; adres = address:S, P C ;; tel = phone:mobile-bare"
                ),
                share=0.6,
                more=0.2,
                errors=Errors(fold=0.5),
            ),
        ],
    ),
    World(
        "nl_full",
        "nl_NL",
        2500,
        [
            Source(
                "relaties.csv",
                headed(
                    "relatienummer = key: ;; voorletters = roman:given ;; achternaam = family ;; geb_dat = birth:d-m-Y ;; "
                    "straat = street ;; huisnr = number ;; postcode = postcode ;; plaats = city ;; mobielnr = phone:mobile-nat ;; mailadres = email"
                ),
                more=0.35,
                delimiter=";",
            ),
        ],
    ),
    World(
        "it_codice",
        "it_IT",
        2500,
        [
            Source(
                "anagrafica.csv",
                headed(
                    "cod_cliente = key: ;; cognome_nome = full:F G ;; codice_fiscale = nid ;; data_nascita = birth:d/m/Y ;; "
                    "indirizzo = streetno ;; CAP = postcode ;; città = city ;; prov = region ;; cell = phone:mobile-bare"
                ),
                share=0.7,
                more=0.1,
                delimiter=";",
            ),
            Source(
                "tessere.csv",
                headed(
                    "tessera = key:T ;; Nome = given ;; Cognome = family ;; Nato il = birth:words ;; email = emails"
                ),
                share=0.6,
                more=0.15,
            ),
        ],
    ),
    World(
        "br_cadastro",
        "pt_BR",
        2500,
        [
            Source(
                "cadastro.csv",
                headed(
                    "codigo = key: ;; nome_completo = full:G M F ;; cpf = nid ;; dt_nasc = birth:d/m/Y ;; endereco = address:S - C ;; "
                    "cep = postcode ;; uf = region ;; celular = phone:mobile-nat ;; e_mail = email"
                ),
                share=0.8,
                more=0.3,
                delimiter=";",
            ),
            Source(
                "app.parquet",
                headed(
                    "user_id = key:u ;; nome = given ;; sobrenome = family ;; email = email ;; fone = phone:mobile-raw ;; device_id = cookie"
                ),
                share=0.5,
                more=0.1,
            ),
        ],
    ),
    World(
        "sv_personnr",
        "sv_SE",
        2000,
        [
            Source(
                "medlemmar.csv",
                headed(
                    "medlemsnr = key: ;; förnamn = given ;; efternamn = family ;; personnummer = nid ;; gatuadress = streetno ;; "
                    "postnr = postcode ;; postort = city ;; mobilnr = phone:mobile-nat ;; e-post = email ;; kön = gender"
                ),
                more=0.35,
            ),
        ],
    ),
    World(
        "tr_upper",
        "tr_TR",
        2000,
        [
            Source(
                "musteri.csv",
                headed(
                    "müşteri_no = key: ;; ad = given ;; soyad = family ;; doğum_tarihi = birth:d.m.Y ;; adres = streetno ;; il = city ;; "
                    "posta_kodu = postcode ;; cep_tel = phone:mobile-nat ;; eposta = email ;; cinsiyet = gender"
                ),
                more=0.4,
                errors=Errors(upper=0.3, fold=0.2),
            ),
        ],
        note="dotless i, capitals",
    ),
]
