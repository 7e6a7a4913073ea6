# ruff: noqa: E501
"""The worlds of benchmarks/worlds.py: countries, systems, columns, faults. None copies another's columns."""

from __future__ import annotations

from dataclasses import dataclass

from world_records import Errors, Source


@dataclass
class World:
    """A labelled world to be: people of one country and the systems that know them."""

    name: str
    locale: str
    people: int
    sources: list[Source]
    kind: str = "people"  # or companies
    note: str = ""


def _cols(text: str) -> dict[str, str]:
    """`Header = part; Header = part` as a table."""
    pairs = (p.split(" = ", 1) for p in text.replace("\n", " ").split(" ;; "))
    return {header.strip(): part.strip() for header, part in pairs}


HEAVY = Errors(typo=0.1, missing=0.15, swap=0.03, dayswap=0.03, fold=0.15, initial=0.06, upper=0.1)
LIGHT = Errors(typo=0.01, missing=0.02, swap=0.0, dayswap=0.0, fold=0.02, initial=0.0)

WORLDS = [
    World(
        "de_crm_shop",
        "de_DE",
        2500,
        [
            Source(
                "kunden.csv",
                _cols(
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
                _cols(
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
                _cols(
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
                _cols(
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
                _cols("ref = key:A ;; nom_complet = full:G F ;; ddn = birth:words ;; commune = city"),
                share=0.5,
                more=0.02,
            ),
            Source(
                "boutique.csv",
                _cols("ticket = key: ;; client = full:U G ;; cp_ville = address:P C ;; naissance = birth:d/m/y"),
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
                _cols(
                    "nº socio = key: ;; nombre = given ;; apellidos = family ;; DNI = nid ;; f_nacimiento = birth:d/m/Y ;; "
                    "dirección = streetno ;; c.p. = postcode ;; población = city ;; móvil = phone:mobile-bare"
                ),
                share=0.6,
                more=0.1,
                delimiter=";",
            ),
            Source(
                "web.csv",
                _cols("uid = key:W ;; nombre y apellidos = full:G F ;; correo = email ;; teléfono = phone:mobile-int"),
                share=0.6,
                more=0.2,
            ),
            Source(
                "soporte.csv",
                _cols("caso = key:S- ;; quien = full:G F ;; tlf = phone:mobile-nat ;; sexo = gender"),
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
                _cols(
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
                _cols(
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
                _cols(
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
                _cols(
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
                _cols(
                    "cod_cliente = key: ;; cognome_nome = full:F G ;; codice_fiscale = nid ;; data_nascita = birth:d/m/Y ;; "
                    "indirizzo = streetno ;; CAP = postcode ;; città = city ;; prov = region ;; cell = phone:mobile-bare"
                ),
                share=0.7,
                more=0.1,
                delimiter=";",
            ),
            Source(
                "tessere.csv",
                _cols("tessera = key:T ;; Nome = given ;; Cognome = family ;; Nato il = birth:words ;; email = emails"),
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
                _cols(
                    "codigo = key: ;; nome_completo = full:G M F ;; cpf = nid ;; dt_nasc = birth:d/m/Y ;; endereco = address:S - C ;; "
                    "cep = postcode ;; uf = region ;; celular = phone:mobile-nat ;; e_mail = email"
                ),
                share=0.8,
                more=0.3,
                delimiter=";",
            ),
            Source(
                "app.parquet",
                _cols(
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
                _cols(
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
                _cols(
                    "müşteri_no = key: ;; ad = given ;; soyad = family ;; doğum_tarihi = birth:d.m.Y ;; adres = streetno ;; il = city ;; "
                    "posta_kodu = postcode ;; cep_tel = phone:mobile-nat ;; eposta = email ;; cinsiyet = gender"
                ),
                more=0.4,
                errors=Errors(upper=0.3, fold=0.2),
            ),
        ],
        note="dotless i, capitals",
    ),
    World(
        "ru_native",
        "ru_RU",
        2500,
        [
            Source(
                "клиенты.csv",
                _cols(
                    "ид = key: ;; фамилия = family ;; имя = given ;; дата рождения = birth:d.m.Y ;; город = city ;; адрес = streetno ;; "
                    "индекс = postcode ;; телефон = phone:mobile-nat ;; почта = email ;; пол = gender"
                ),
                more=0.4,
                delimiter=";",
                encoding="cp1251",
            ),
        ],
        note="Cyrillic headers and code page",
    ),
    World(
        "ru_mixed",
        "ru_RU",
        2500,
        [
            Source(
                "crm.csv",
                _cols(
                    "id = key: ;; full_name = full:F G ;; birthday = birth:words ;; phone = phone:mobile-nat ;; city = city"
                ),
                share=0.7,
                more=0.1,
            ),
            Source(
                "site.csv",
                _cols(
                    "user = key:U ;; first_name = given ;; last_name = family ;; email = email ;; dob = birth:Y-m-d ;; mobile = phone:mobile-int"
                ),
                share=0.6,
                more=0.1,
                errors=Errors(roman=1.0),
            ),
        ],
        note="Cyrillic against Latin",
    ),
    World(
        "uk_two",
        "uk_UA",
        1500,
        [
            Source(
                "абоненти.csv",
                _cols(
                    "код = key: ;; прізвище = family ;; ім'я = given ;; дата народження = birth:d.m.Y ;; місто = city ;; тел. = phone:mobile-nat"
                ),
                more=0.5,
            ),
        ],
    ),
    World(
        "el_greek",
        "el_GR",
        2000,
        [
            Source(
                "pelates.csv",
                _cols(
                    "κωδικός = key: ;; όνομα = given ;; επώνυμο = family ;; ημ. γέννησης = birth:d/m/Y ;; διεύθυνση = streetno ;; ΤΚ = postcode ;; "
                    "πόλη = city ;; τηλέφωνο = phone:mobile-nat ;; email = email"
                ),
                share=0.8,
                more=0.2,
                delimiter=";",
                encoding="cp1253",
            ),
            Source(
                "eshop.csv",
                _cols(
                    "customer = key:e ;; name = full:G F ;; email = email ;; phone = phone:mobile-int ;; city = city"
                ),
                share=0.6,
                more=0.1,
                errors=Errors(roman=1.0),
            ),
        ],
    ),
    World(
        "ja_mixed",
        "ja_JP",
        2000,
        [
            Source(
                "kokyaku.csv",
                _cols(
                    "顧客番号 = key: ;; 氏名 = full:FG ;; 生年月日 = birth:jp ;; 郵便番号 = postcode ;; 住所 = address:C S ;; 電話番号 = phone:mobile-nat ;; メール = email ;; 性別 = gender"
                ),
                share=0.7,
                more=0.2,
                encoding="cp932",
            ),
            Source(
                "members.csv",
                _cols(
                    "member_no = key:M ;; given_name = given ;; family_name = family ;; birth = birth:Y/m/d ;; email = email"
                ),
                share=0.6,
                more=0.1,
                errors=Errors(roman=1.0),
            ),
        ],
        note="kanji without a space, romanised members",
    ),
    World(
        "zh_native",
        "zh_CN",
        1500,
        [
            Source(
                "users.csv",
                _cols(
                    "编号 = key: ;; 姓名 = full:FG ;; 性别 = gender ;; 出生日期 = birth:Y-m-d ;; 手机 = phone:mobile-bare ;; 城市 = city ;; 地址 = streetno"
                ),
                more=0.5,
                encoding="gb18030",
            ),
        ],
    ),
    World(
        "ko_romanised",
        "ko_KR",
        1500,
        [
            Source(
                "회원.csv",
                _cols(
                    "회원번호 = key: ;; 이름 = full:FG ;; 생년월일 = birth:Y.m.d ;; 휴대폰 = phone:mobile-nat ;; 이메일 = email ;; 주소 = address:C S"
                ),
                more=0.5,
            ),
        ],
    ),
    World(
        "ar_names",
        "ar_SA",
        1500,
        [
            Source(
                "customers.csv",
                _cols(
                    "رقم العميل = key: ;; الاسم = given ;; اسم العائلة = family ;; تاريخ الميلاد = birth:Y-m-d ;; الجوال = phone:mobile-nat ;; المدينة = city ;; الجنس = gender"
                ),
                more=0.5,
            ),
        ],
    ),
    World(
        "hi_pan",
        "hi_IN",
        1500,
        [
            Source(
                "grahak.csv",
                _cols(
                    "cust_id = key: ;; cust_nm = full:G F ;; dob = birth:d-m-Y ;; mob_no = phone:mobile-bare ;; pin = postcode ;; addr = streetno ;; city = city ;; dist = region"
                ),
                more=0.5,
                errors=Errors(roman=0.5),
            ),
        ],
    ),
    World(
        "vi_names",
        "vi_VN",
        2000,
        [
            Source(
                "khach_hang.csv",
                _cols(
                    "ma_kh = key:KH ;; ho_ten = full:F M G ;; ngay_sinh = birth:d/m/Y ;; dien_thoai = phone:mobile-nat ;; dia_chi = address:S, C ;; gioi_tinh = choice:Nam|Nữ"
                ),
                share=1.0,
                more=0.3,
                errors=Errors(fold=0.4, middle=0.95),
            ),
            Source(
                "online.csv",
                _cols("id = key: ;; Họ và tên = full:F M G ;; Email = email ;; SĐT = phone:mobile-bare"),
                share=0.5,
                more=0.1,
                errors=Errors(fold=0.4, middle=0.95),
            ),
        ],
    ),
    World(
        "id_one_name",
        "id_ID",
        2000,
        [
            Source(
                "pelanggan.csv",
                _cols(
                    "no_pelanggan = key: ;; nama = full:G F ;; tgl_lahir = birth:d-m-Y ;; alamat = streetno ;; kota = city ;; kode_pos = postcode ;; no_hp = phone:mobile-nat ;; jenis_kelamin = choice:L|P"
                ),
                more=0.4,
            ),
        ],
    ),
    World(
        "cs_fi_hu",
        "hu_HU",
        2000,
        [
            Source(
                "ugyfelek.csv",
                _cols(
                    "ügyfélszám = key: ;; név = full:F G ;; születési dátum = birth:Y. m. d. ;; irányítószám = postcode ;; település = city ;; utca = streetno ;; mobiltelefon = phone:mobile-nat ;; e-mail cím = email"
                ),
                more=0.4,
                delimiter=";",
                encoding="cp1250",
            ),
        ],
        note="family name first",
    ),
    World(
        "cs_zena",
        "cs_CZ",
        2000,
        [
            Source(
                "zakaznici.csv",
                _cols(
                    "číslo zákazníka = key: ;; jméno = given ;; příjmení = family ;; datum narození = birth:d.m.Y ;; ulice = streetno ;; PSČ = postcode ;; obec = city ;; telefon = phone:mobile-int ;; e-mail = email ;; pohlaví = gender"
                ),
                more=0.4,
            ),
        ],
    ),
    World(
        "fi_kunta",
        "fi_FI",
        1500,
        [
            Source(
                "asiakkaat.csv",
                _cols(
                    "asiakasnumero = key: ;; etunimi = given ;; sukunimi = family ;; syntymäaika = birth:d.m.Y ;; katuosoite = streetno ;; postinumero = postcode ;; postitoimipaikka = city ;; puhelin = phone:mobile-nat ;; sähköposti = email"
                ),
                more=0.4,
            ),
        ],
    ),
    World(
        "strange_english",
        "en_GB",
        3000,
        [
            Source(
                "tbl_cust.csv",
                _cols(
                    "CUSTREF = key:C ;; FNAME = given ;; LName = family ;; DOB = birth:d/m/y ;; ADDR1 = streetno ;; TOWN = city ;; PCODE = postcode ;; TELNO = phone:mobile-nat ;; EML = emails:; "
                ),
                share=0.6,
                more=0.15,
            ),
            Source(
                "leads.csv",
                _cols(
                    "lead = key:L ;; contact = full:T G F ;; emailaddr = email ;; mob = phone:mobile-nat ;; postal_code = postcode"
                ),
                share=0.4,
                more=0.3,
            ),
            Source(
                "pos.csv",
                _cols("till_no = key:R ;; cardholder = full:U G ;; loyalty_card = card ;; postcode = postcode"),
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
            Source("voters.csv", _cols("rec = key: ;; fn = given ;; ln = family ;; dob = birth:m/d/Y"), more=0.35),
        ],
        note="three columns",
    ),
    World(
        "three_no_birth",
        "de_DE",
        2000,
        [
            Source("liste.csv", _cols("nr = key: ;; name = full:G F ;; ort = city ;; plz = postcode"), more=0.3),
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
                _cols(
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
                _cols(
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
                _cols(
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
                _cols(
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
            Source(f"system_{x}.csv", _cols(cols), share=share, more=0.03, errors=e)
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
            Source("website.csv", _cols("visitor = key: ;; e-mail = email ;; cookie_id = cookie"), share=0.7, more=0.2),
            Source("kassa.csv", _cols("bonnr = key:B ;; klantenkaart = card ;; naam = full:G F"), share=0.5, more=0.6),
            Source(
                "helpdesk.csv",
                _cols("zaak = key:Z ;; naam = full:G F ;; telefoonnummer = phone:mobile-nat ;; e-mailadres = email"),
                share=0.4,
                more=0.3,
            ),
            Source(
                "crm.csv",
                _cols(
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
                _cols(
                    "Debitor = key: ;; Firmenname = family ;; Straße = streetno ;; PLZ = postcode ;; Ort = city ;; USt-IdNr = nid ;; Telefon = phone:landline-nat"
                ),
                share=0.8,
                more=0.2,
                delimiter=";",
            ),
            Source(
                "lieferanten.csv",
                _cols("lfd_nr = key:L ;; company_name = family ;; address = address:S, P C ;; mail = email"),
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
                _cols(
                    "acct = key:A ;; first = given ;; mi = middle ;; last = family ;; dob = birth:m/d/Y ;; street_addr = streetno:Apt  ;; city = city ;; st = region ;; zip5 = postcode ;; home_ph = phone:landline-nat ;; cell_ph = phone:mobile-nat ;; email_addr = email"
                ),
                share=0.9,
                more=0.25,
            ),
            Source(
                "signup.csv",
                _cols("sid = key:S ;; fullname = full:G F ;; email = email ;; zip = postcode ;; created = moment"),
                share=0.4,
                more=0.1,
            ),
        ],
    ),
]
