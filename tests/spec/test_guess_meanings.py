"""A column's header and values, and what init takes them for: seven languages, one table."""

from __future__ import annotations

import pytest

from cxid.config.guess.columns import guess_column
from cxid.config.guess.shapes import measure

GIVEN = ["Anna", "Björn", "Chloé", "David", "Elena", "Fátima", "George", "Hélène"]
FAMILY = ["Smith", "Müller", "Dubois", "Gonçalves", "O'Brien", "Muñoz", "Rossi", "Jansen"]
FULL = [f"{g} {f}" for g, f in zip(GIVEN, FAMILY, strict=True)]
EMAILS = [f"{g.lower()}@mail.example" for g in ("anna", "bjorn", "chloe", "david", "elena")]
PHONES = ["+44 20 7946 0000", "020 7946 0123", "0171/1234567", "(11) 91234-5678", "06-12345678"]
BIRTHS = ["1954-03-02", "1960-07-30", "1971-12-12", "1985-01-25", "1999-09-09", "2003-05-17"]
DAY_FIRST = ["31.12.1960", "02.03.1971", "25.05.1999", "13.08.1985"]
TIMES = ["2024-01-03 10:15:00", "2024-02-03 11:16:30", "2024-03-01 00:10:12", "2024-03-05 23:59:59"]
STREETS = ["12 High Street", "Hauptstraße 5", "3 rue de la Paix", "Via Roma 10", "Calle Mayor 7"]
CITIES = ["Leeds", "Köln", "Lyon", "Porto", "Sevilla", "Torino", "Utrecht", "Bath"]
ZIPS = ["50667", "69001", "28013", "10115", "20095"]
NUMBERS = ["1001", "1002", "1003", "1004", "1007"]
CODES = ["K-1001", "K-1002", "K-1003", "K-1044", "K-1105"]
MONEY = ["12.50", "7.00", "103.99", "45.10", "9.95"]
COMMA = ["12,50", "7,00", "1.103,99", "45,10", "9,95"]
GENDERS = ["m", "f", "f", "m", "f", "m"]
YES_NO = ["yes", "no", "no", "yes", "yes"]
UUIDS = [f"0f8fad5b-d9cb-469f-a165-70867728950{i}" for i in range(6)]
SHA256 = [f"{i:064x}" for i in range(10**20, 10**20 + 6)]
MD5 = [f"{i:032x}" for i in range(10**20, 10**20 + 6)]
WORDS = ["view", "click", "buy", "view", "click"]

TABLE = [
    # What other systems and countries write
    ("C.P.", ZIPS, "postcode"), ("F. nacimiento", BIRTHS, "birth_date"), ("N.º Cliente", NUMBERS, "customer_id"),
    ("Imię", GIVEN, "given_name"), ("Nazwisko", FAMILY, "family_name"), ("Kod pocztowy", ZIPS, "postcode"),
    ("Efternamn", FAMILY, "family_name"), ("Personnummer", ["19800101-1234", "19751224-0021"], "national_id"),
    ("Etunimi", GIVEN, "given_name"), ("PSČ", ZIPS, "postcode"), ("By", CITIES, "city"), ("soc_sec_id", NUMBERS, "national_id"),
    ("Nom de jeune fille", FAMILY, "maiden_name"), ("midl_name", GIVEN, "middle_name"), ("hse_num", ["1", "12a"], "house_number"),
    ("cust_ref", CODES, "customer_id"), ("modifiedon", TIMES, "updated_at"), ("createdat", TIMES, "created_at"),
    ("caller_number", PHONES, "phone"), ("st", ["WA", "NY", "CA"], "region"), ("stname", ["High Street", "Mill Lane"], "street"),
    # A first meaning that the values refuse
    ("emailCampaignId", ["spring", "sale", "news"], "campaign"), ("answered_on", DAY_FIRST, "time"), ("note", ["1", "4", "5", "3"], "score"),
    ("Bedrag incl. btw", COMMA, "amount"), ("statecode", ["0", "1", "0", "1"], ""), ("ga_session_id", CODES, "session_id"),
    # English
    ("first_name", GIVEN, "given_name"), ("FIRST", GIVEN, "given_name"), ("fname_c1", GIVEN, "given_name"),
    ("Forename", GIVEN, "given_name"), ("givenName", GIVEN, "given_name"), ("last name", FAMILY, "family_name"),
    ("LAST", FAMILY, "family_name"), ("lname", FAMILY, "family_name"), ("Surname", FAMILY, "family_name"),
    ("middle_initial", ["A", "B", "J"], "middle_name"), ("MAIDEN", FAMILY, "maiden_name"),
    ("FullName", FULL, "full_name"), ("customer_name", FULL, "name"), ("first_and_surname", FULL, "full_name"),
    ("email_address", EMAILS, "email"), ("E-Mail 2", EMAILS, "email"), ("contact.email", EMAILS, "email"),
    ("PhoneNumber", PHONES, "phone"), ("Cell", PHONES, "phone"), ("home_phone", PHONES, "phone"),
    ("dob", BIRTHS, "birth_date"), ("BIRTHDATE", BIRTHS, "birth_date"), ("date_of_birth", BIRTHS, "birth_date"),
    ("dateofbirth", BIRTHS, "birth_date"), ("by", ["1960", "1971", "2001"], "birth_year"),
    ("bm", ["1", "7", "12"], "birth_month"), ("bd", ["1", "17", "31"], "birth_day"),
    ("dob_y", ["1960", "1971", "2001"], "birth_year"), ("street_number", ["1", "12a", "7"], "house_number"),
    ("street_name", ["High Street", "Station Road"], "street"), ("address_1", STREETS, "street"),
    ("unit_number", ["4", "5"], "unit"), ("zip", ZIPS, "postcode"), ("Post Code", ["LS1 4AB", "BA2 3CD"], "postcode"),
    ("suburb", CITIES, "city"), ("town", CITIES, "city"), ("state", ["WA", "NY", "CA"], "region"),
    ("County", ["Kent", "Avon"], "region"), ("country_code", ["GB", "DE"], "country"), ("sex", GENDERS, "gender"),
    ("ssn", ["181-75-8017", "157-72-7210"], "national_id"), ("race_ethnicity", ["White", "Asian"], "race"),
    ("marital status", ["single", "married"], "marital_status"), ("occupation", ["baker", "nurse"], "occupation"),
    ("birth_place", CITIES, "birth_place"), ("customer_id", CODES, "customer_id"), ("CustNo", CODES, "customer_id"),
    ("client number", NUMBERS, "customer_id"), ("loyalty_card", NUMBERS, "loyalty_card"),
    ("card_no", NUMBERS, "loyalty_card"), ("member_id", CODES, "member_id"), ("user_id", CODES, "user_id"),
    ("anonymous_id", UUIDS, "cookie"), ("cookieId", UUIDS, "cookie"), ("device_id", MD5, "device_id"),
    ("session_id", CODES, "session_id"), ("twitter_handle", ["@ann", "@bob", "@eve"], "handle"),
    ("email_sha256", SHA256, "email_hash"), ("hashed_email", MD5, "email_hash"), ("order_id", NUMBERS, "row_key"),
    ("order_date", BIRTHS, "time"), ("sold_at", TIMES, "time"), ("ts", TIMES, "time"),
    ("last_updated", TIMES, "updated_at"), ("modified", TIMES, "updated_at"), ("signup_date", BIRTHS, "created_at"),
    ("last_login", TIMES, "seen_at"), ("total", MONEY, "amount"), ("amount", COMMA, "amount"),
    ("quantity", ["1", "2"], "quantity"), ("currency", ["EUR", "GBP"], "currency"),
    ("event", WORDS, "event_type"), ("utm_campaign", ["spring", "autumn"], "campaign"),
    ("nps", ["9", "10", "0", "7"], "score"), ("rating", ["1", "5", "4"], "score"),
    ("sentiment", ["positive", "negative"], "sentiment"), ("followers", NUMBERS, "reach"),
    ("consent", YES_NO, "consent_status"), ("sms_opt_in", YES_NO, "consent_status"),
    ("purpose", ["marketing", "analytics"], "purpose"), ("expiry_date", BIRTHS, "expires_at"),
    ("record_id", CODES, "row_id"), ("entity_id", CODES, "truth"), ("household_id", CODES, "household_id"),
    ("tax_year", ["2020", "2021"], "year"), ("wages", NUMBERS, "income"), ("platform", ["ios", "web"], "platform"),
    ("mail_city", CITIES, "city"), ("mail_addr1", STREETS, "street"), ("strasse_nr", STREETS, "street"),
    ("Date de naissance (JJ/MM/AAAA)", DAY_FIRST, "birth_date"), ("Paid at", TIMES, "time"),
    # German
    ("Vorname", GIVEN, "given_name"), ("Nachname", FAMILY, "family_name"), ("Familienname", FAMILY, "family_name"),
    ("Geburtsname", FAMILY, "maiden_name"), ("GebDat", DAY_FIRST, "birth_date"),
    ("Geburtsdatum", DAY_FIRST, "birth_date"), ("Geburtsjahr", ["1960", "1971"], "birth_year"),
    ("Geburtsort", CITIES, "birth_place"), ("Geschlecht", ["w", "m"], "gender"), ("Anrede", ["Herr", "Frau"], "title"),
    ("Straße", STREETS, "street"), ("HausNr.", ["1", "12a"], "house_number"), ("PLZ", ZIPS, "postcode"),
    ("Ort", CITIES, "city"), ("Wohnort", CITIES, "city"), ("Bundesland", ["Hessen", "Bayern"], "region"),
    ("Telefonnummer", PHONES, "phone"), ("Handy", PHONES, "phone"), ("E-Mail-Adresse", EMAILS, "email"),
    ("Kundennummer", CODES, "customer_id"), ("KundenNr", CODES, "customer_id"), ("Kd-Nr", NUMBERS, "customer_id"),
    ("Kundenkarte", NUMBERS, "loyalty_card"), ("Bestellnummer", NUMBERS, "row_key"),
    ("Rechnungsnummer", NUMBERS, "row_key"), ("Bestelldatum", DAY_FIRST, "time"), ("Zeitstempel", TIMES, "time"),
    ("Betrag", COMMA, "amount"), ("Umsatz", COMMA, "amount"), ("Währung", ["EUR", "CHF"], "currency"),
    ("Ereignis", WORDS, "event_type"), ("Steuernummer", ["12/345/67890", "98/765/43210"], "tax_id"),
    ("Familienstand", ["ledig", "verheiratet"], "marital_status"), ("Beruf", ["Bäcker", "Arzt"], "occupation"),
    ("Geändert am", TIMES, "updated_at"), ("Zweck", ["Werbung", "Analyse"], "purpose"),
    # French
    ("prénom", GIVEN, "given_name"), ("nom_famille", FAMILY, "family_name"), ("nom", FAMILY, "name"),
    ("date_naissance", DAY_FIRST, "birth_date"), ("date de naissance", BIRTHS, "birth_date"),
    ("lieu_naissance", CITIES, "birth_place"), ("sexe", ["H", "F"], "gender"), ("adresse", STREETS, "street"),
    ("code_postal", ZIPS, "postcode"), ("ville", CITIES, "city"), ("pays", ["France", "Suisse"], "country"),
    ("tel_portable", PHONES, "phone"), ("courriel", EMAILS, "email"), ("id_client", NUMBERS, "customer_id"),
    ("numéro client", NUMBERS, "customer_id"), ("carte_fidelite", NUMBERS, "loyalty_card"),
    ("date_commande", BIRTHS, "time"), ("montant_ttc", COMMA, "amount"), ("n_commande", NUMBERS, "row_key"),
    # Portuguese
    ("NOME", GIVEN, "name"), ("primeiro nome", GIVEN, "given_name"), ("sobrenome", FAMILY, "family_name"),
    ("apelido", FAMILY, "family_name"), ("nome_completo", FULL, "full_name"), ("data_nasc", DAY_FIRST, "birth_date"),
    ("data de nascimento", DAY_FIRST, "birth_date"), ("sexo", ["M", "F"], "gender"), ("morada", STREETS, "street"),
    ("logradouro", STREETS, "street"), ("bairro", CITIES, "district"), ("cidade", CITIES, "city"),
    ("CEP", ["01310-100", "20040-020"], "postcode"), ("código postal", ["1000-001", "4000-123"], "postcode"),
    ("tel_mobile", PHONES, "phone"), ("telemóvel", PHONES, "phone"), ("celular", PHONES, "phone"),
    ("CPF", ["123.456.789-09", "987.654.321-00"], "national_id"), ("NIF", ["123456789", "987654321"], "tax_id"),
    ("valor_total", COMMA, "amount"), ("data_compra", BIRTHS, "time"),
    # Spanish
    ("nombre", GIVEN, "name"), ("primer_apellido", FAMILY, "family_name"), ("apellido2", FAMILY, "family_name"),
    ("apellidos", FAMILY, "family_name"), ("fecha_nacimiento", BIRTHS, "birth_date"), ("calle", STREETS, "street"),
    ("dirección", STREETS, "street"), ("cod_postal", ZIPS, "postcode"), ("población", CITIES, "city"),
    ("provincia", ["Madrid", "Cádiz"], "region"), ("móvil", PHONES, "phone"), ("correo", EMAILS, "email"),
    ("DNI", ["12345678Z", "87654321X"], "national_id"), ("num_cliente", NUMBERS, "customer_id"),
    ("importe", COMMA, "amount"), ("fecha_pedido", BIRTHS, "time"), ("estado_civil", ["soltero", "casado"], "marital_status"),
    # Italian
    ("cognome", FAMILY, "family_name"), ("data_nascita", BIRTHS, "birth_date"), ("luogo_nascita", CITIES, "birth_place"),
    ("sesso", ["M", "F"], "gender"), ("indirizzo", STREETS, "street"), ("CAP", ZIPS, "postcode"),
    ("città", CITIES, "city"), ("comune", CITIES, "city"), ("cellulare", PHONES, "phone"),
    ("codice_fiscale", ["RSSMRA80A01H501U", "VRDGPP75B12F205X"], "tax_id"), ("codice cliente", CODES, "customer_id"),
    ("importo", COMMA, "amount"), ("data_ordine", BIRTHS, "time"),
    # Dutch
    ("voornaam", GIVEN, "given_name"), ("achternaam", FAMILY, "family_name"), ("tussenvoegsel", ["van", "de"], "infix"),
    ("geboortedatum", BIRTHS, "birth_date"), ("geslacht", ["man", "vrouw"], "gender"), ("straat", STREETS, "street"),
    ("huisnummer", ["1", "22"], "house_number"), ("woonplaats", CITIES, "city"),
    ("postcode", ["1012 AB", "3511 CD"], "postcode"), ("telefoonnummer", PHONES, "phone"),
    ("klantnummer", NUMBERS, "customer_id"), ("bedrag", COMMA, "amount"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "meaning"), TABLE, ids=[f"{h}" for h, _, _ in TABLE])
def test_a_header_and_its_values_mean(header: str, values: list[str], meaning: str) -> None:
    assert guess_column(header, measure(values)).meaning == meaning


BY_VALUES = [
    ("col1", EMAILS, "email"), ("col2", ["+49 30 901820", "+49 221 2210", "+33 1 42 76 40 40"], "phone"),
    ("f3", ["Male", "Female", "Male"], "gender"), ("x7", ["EUR", "GBP", "EUR"], "currency"),
    ("field_4", ["SW1A 1AA", "M1 1AE", "LS1 4AP", "EH1 1YZ"], "postcode"),
    ("kx", ["James", "Mary", "Hans", "Giuseppe", "Carmen", "João", "Pierre"], "given_name"),
    ("ky", ["Smith", "Müller", "Rossi", "García", "Silva", "Jansen", "Dubois"], "family_name"),
    ("kz", ["James Smith", "Mary Jones", "Hans Müller", "Anna Rossi", "Pierre Dubois"], "full_name"),
    ("kw", ["London", "Berlin", "Paris", "Madrid", "Roma"], "city"), ("u", UUIDS, "uuid"),
    ("recipient", EMAILS, "email"),
    ("v9", ["2024-01-02", "2024-02-02"], "date"), ("zbar", MONEY, ""),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "meaning"), BY_VALUES, ids=[h for h, _, _ in BY_VALUES])
def test_where_the_header_is_silent_the_values_speak(header: str, values: list[str], meaning: str) -> None:
    assert guess_column(header, measure(values)).meaning == meaning


REFUSED = [
    ("email", ["yes", "no", "yes"], "a flag"),
    ("phone_model", ["iPhone", "Pixel", "Nokia"], "a model"),
    ("birth_date", ["red", "green", "blue"], "colours"),
    ("device", ["mobile", "desktop", "tablet"] * 30, "kinds of devices"),
    ("postcode", ["north", "south", "east"], "directions"),
    ("amount", ["low", "high", "low"], "words"),
]


@pytest.mark.parametrize(("header", "values", "what"), REFUSED, ids=[w for _, _, w in REFUSED])
def test_values_overrule_a_header_that_they_do_not_fit(header: str, values: list[str], what: str) -> None:
    assert guess_column(header, measure(values)).meaning == ""


STRANGERS = [
    ("employer_city", CITIES), ("spouse_first_name", GIVEN), ("Emergency Contact Phone", PHONES),
    ("company_email", EMAILS), ("store_postcode", ZIPS), ("mother_name", FULL),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values"), STRANGERS, ids=[h for h, _ in STRANGERS])
def test_a_column_about_somebody_else_is_marked(header: str, values: list[str]) -> None:
    assert guess_column(header, measure(values)).reading.stranger


PLACES = [
    ("mailing_address_city", "mailing"), ("billing_zip", "billing"), ("ship_street", "shipping"),
    ("city", ""), ("work_phone", "work"), ("Lieferadresse PLZ", "shipping"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "place"), PLACES, ids=[h for h, _ in PLACES])
def test_a_header_says_which_of_several_addresses_it_belongs_to(header: str, place: str) -> None:
    assert guess_column(header, measure(CITIES)).reading.place == place
