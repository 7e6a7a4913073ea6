"""Extracts as many systems write them, and what a careful person would take each column for.

A column is `header|value|role`: the value is a word of guess_columns.VALUES. Roles: a field that is compared, key, id,
time, amount and the other parts of a source, `-` for left out or carried along uncompared, `?` for either.
"""

from __future__ import annotations

# name, language, then files: (path, kind, columns)
SCHEMAS: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("a sales system", "us", [
        ("Contact.csv", "people", "Id|uuid|key; AccountId|code|?; FirstName|given|given_name; LastName|family|family_name; Name|full|-; Email|mail|email; MobilePhone|phone|phone; Birthdate|born|birth_date; MailingStreet|streetno|street; MailingCity|city|city; MailingState|state|region; MailingPostalCode|zip|postcode; OwnerId|who|-; LastModifiedDate|timez|updated_at"),
        ("Case.csv", "events", "Id|rowuuid|key; ContactId|uuid|id; Subject|topic|category; Status|state4|type; CreatedDate|timez|time; ClosedDate|timez|end"),
    ]),
    ("a marketing hub", "en", [
        ("contacts.csv", "people", "Record ID|num|key; First Name|given|given_name; Last Name|family|family_name; Email|mail|email; Mobile Phone Number|phone|phone; Street Address|streetno|street; City|city|city; Postal Code|zip|postcode; Contact owner|who|-; Associated Company|firm|-; Last Modified Date|time|updated_at"),
        ("email_events.csv", "events", "id|rowuuid|key; created|timems|time; type|mailed|type; recipient|mail|id; emailCampaignId|campaign|campaign"),
    ]),
    ("business partners", "de", [
        ("BUT000.csv", "people", "PARTNER|sap|key; TITLE|herr|?; NAME_LAST|family|family_name; NAME_FIRST|given|given_name; BIRTHDT|bornsap|birth_date; STREET|street|street; HOUSE_NUM1|house|house_number; CITY1|city|city; POST_CODE1|zip|postcode; TEL_NUMBER|phone|phone; SMTP_ADDR|mail|email; CRDAT|day8|-; CHDAT|day8|updated_at"),
        ("VBRK.csv", "transactions", "VBELN|rowcode|key; FKDAT|day8|time; KUNAG|sap|id; NETWR|money,|amount; WAERK|currency|currency"),
    ]),
    ("numbered columns of a suite", "en", [
        ("contact.csv", "people", "contactid|uuid|key; firstname|given|given_name; lastname|family|family_name; fullname|full|-; emailaddress1|mail|email; emailaddress2|mail2|email; mobilephone|phone|phone; address1_line1|streetno|street; address1_city|city|city; address1_postalcode|zip|postcode; birthdate|born|birth_date; statecode|bit|-; modifiedon|timez|updated_at"),
    ]),
    ("a web shop with lines of orders", "en", [
        ("customer_entity.csv", "people", "entity_id|count|key; email|mail|email; firstname|given|given_name; lastname|family|family_name; dob|born|birth_date; is_active|bit|-; updated_at|time|updated_at"),
        ("sales_order.csv", "transactions", "entity_id|rows|key; state|state4|?; customer_id|count|id; customer_email|mail|id; grand_total|money|amount; tax_amount|money|-; order_currency_code|currency|currency; created_at|time|time; customer_lastname|family|-"),
        ("sales_order_item.csv", "", "item_id|rows|?; order_id|n|?; sku|n|?; name|goods|?; qty_ordered|ten|?; price|money|?; created_at|time|?"),
    ]),
    ("orders that carry addresses", "us", [
        ("orders.csv", "transactions", "Name|order|key; Email|mail|id; Currency|currency|currency; Total|money|amount; Discount Amount|money|-; Created at|time|time; Billing Name|full|-; Billing Street|streetno|-; Billing Zip|zip|-; Shipping Name|full|-; Shipping City|city|-"),
    ]),
    ("payments", "us", [
        ("charges.csv", "transactions", "id|rowuuid|key; Created date (UTC)|time|time; Amount|money|amount; Currency|currency|currency; Customer ID|code|id; Customer Email|mail|id; Fee|money|-"),
        ("customers.csv", "people", "id|code|key; Email|mail|email; Name|full|full_name; Address Line1|streetno|street; Address City|city|city; Address Postal Code|zip|postcode; Phone|phone|phone"),
    ]),
    ("a tracker with nested names", "en", [
        ("tracks.jsonl", "events", "messageId|rowuuid|key; anonymousId|uuid|id; userId|code|id; event|event|type; timestamp|timez|time; context.ip|ip|-; context.campaign.name|campaign|campaign; context.page.url|url|-"),
        ("identifies.jsonl", "people", "userId|code|key; traits.firstName|given|given_name; traits.lastName|family|family_name; traits.email|mail|email; traits.phone|phone|phone"),
    ]),
    ("an exported event log", "us", [("events.jsonl", "events", "event|event|type; properties.distinct_id|uuid|id; properties.time|times|time; properties.$insert_id|rowuuid|key; properties.$email|halfmail|id")]),
    ("answers to one question", "en", [("nps.csv", "survey", "How likely are you to recommend us?|ten|score; What is the reason?|text|-; Email|mail|id; Submit Date (UTC)|time|time")]),
    ("answers with a date that is named by what was done", "de", [("umfrage/nps.csv", "survey", "Antwort-ID|rowcode|key; beantwortet am|day.|time; E-Mail|mail|id; Wert|ten|score; Kommentar|text|-")]),
    ("French opinions", "fr", [("avis.csv", "survey", "id_avis|rowcode|key; date_avis|day/|time; courriel|mail|id; note|five|score; commentaire|text|-")]),
    ("posts with weekdays in their times", "en", [("tweets.csv", "mentions", "tweet_id|rowcode|key; created_at|tweeted|time; username|handle|id; text|text|-; followers_count|n|followers; sentiment|mood|sentiment")]),
    ("patients", "us", [("patients.csv", "people", "Id|uuid|key; BIRTHDATE|born|birth_date; SSN|ssn|national_id; FIRST|given|given_name; LAST|family|family_name; MAIDEN|maiden|family_name; RACE|race|race; GENDER|sex|gender; BIRTHPLACE|town|birth_place; ADDRESS|streetno|street; CITY|city|city; STATE|state|region; ZIP|zip|postcode; EXPENSES|money|-")]),
    ("cancer cases", "us", [("cases.csv", "people", "pat_id|num|key; name_last|family|family_name; name_first|given|given_name; name_middle|letter|middle_name; date_birth|born8|birth_date; sex|sex12|gender; soc_sec_num|seven|national_id; addr_at_dx_no_street|streetno|street; addr_at_dx_city|city|city; addr_at_dx_postal|zip|postcode; addr_current_city|city|-")]),
    ("voters", "us", [("voters.txt", "people", "voter_reg_num|num|?; last_name|family|family_name; first_name|given|given_name; midl_name|other|middle_name; age|age|-; sex_code|sex|gender; race_code|race|race; house_num|house|house_number; street_name|street|street; res_city_desc|city|city; zip_code|zip|postcode; birth_place|state|birth_place; register_dt|dayus|-")]),
    ("a labelled set of Australia", "au", [("ds.csv", "people", "rec_id|rowcode|key; given_name|given|given_name; surname|family|family_name; street_number|house|house_number; address_1|street|street; suburb|city|city; postcode|zip|postcode; state|state|region; date_of_birth|born8|birth_date; age|age|-; soc_sec_id|seven|national_id")]),
    ("a labelled set without words", "de", [("rl.csv", "people", "fname_c1|given|given_name; lname_c1|family|family_name; by|by|birth_date; bm|bm|birth_date; bd|bd|birth_date")]),
    ("residents of a census", "en", [("census.csv", "people", "resident_id|rowcode|key; pername1|given|given_name; pername2|family|family_name; full_name|full|-; sex|sex|gender; day_of_birth|bd|birth_date; month_of_birth|bm|birth_date; year_of_birth|by|birth_date; hse_num|house|house_number; enumcap|streetno|street; postcode|zip|postcode")]),
    ("short names of a site", "us", [("site.csv", "people", "ID|count|key; fname|given|given_name; mname|letter|middle_name; lname|family|family_name; dob_mm|bm|birth_date; dob_dd|bd|birth_date; dob_yyyy|by|birth_date; stnum|house|house_number; stname|street|street; st|state|region; zip5|zip|postcode; hphone|phone|phone")]),
    ("a German bank", "de", [
        ("konten.csv", "people", "KundenID|num|key; Nachname|family|family_name; Vorname|given|given_name; Geburtsname|maiden|family_name; Geburtsdatum|born.|birth_date; Geburtsort|town|birth_place; Straße und Hausnummer|streetno|street; PLZ Ort|zipcity|postcode_city; Kontostand|money€|-; Steuer-ID|tax|tax_id"),
        ("umsaetze.csv", "transactions", "Buchungstag|day.|time; KundenID|num|id; Betrag|money,|amount; Währung|currency|currency; Verwendungszweck|text|-"),
    ]),
    ("a German insurer", "de", [("vertraege.csv", "people", "Vertragsnummer|code|?; Versicherungsnehmer|full|full_name; Geb.-Datum|born.|birth_date; PLZ/Ort|zipcity|postcode_city; Strasse/Nr.|streetno|street; Tel.|phone|phone; Mobil|phone2|phone; Beginn|day.|-; Jahresbeitrag|money,|-")]),
    ("an address book", "de", [("adressen.csv", "people", "Nr|count|key; Name, Vorname|FULL|full_name; Geb.|born.|birth_date; Anschrift|address|street; Telefon privat|phone|phone; Telefon dienstl.|phone2|-; Mail|mail|email")]),
    ("contract accounts", "de", [("vertragskunden.csv", "people", "VERTRAGSKONTO|num|key; GP_NAME1|family|?; GP_NAME2|given|?; GEBURTSDATUM|born.|birth_date; ANSCHR_STR|street|street; ANSCHR_HNR|house|house_number; ANSCHR_PLZ|zip|postcode; ANSCHR_ORT|city|city; RUFNR_MOBIL|phone|phone; EMAIL|mail|email")]),
    ("a French operator", "fr", [
        ("abonnes.csv", "people", "Numéro client|num|key; Prénom|given|given_name; Nom|family|family_name; Nom de jeune fille|maiden|family_name; Date de naissance|born/|birth_date; Adresse|streetno|street; CP|zip|postcode; Ville|city|city; Courriel|mail|email; Tél. portable|phone|phone; Dernière modification|time/|updated_at"),
        ("appels.csv", "events", "N° appel|rowcode|key; Date appel|time/|time; Numéro client|num|id; Motif|topic|category"),
    ]),
    ("French members with the year only", "fr", [("adherents.csv", "people", "num_adherent|num|key; nom_prenom|turned|full_name; annee_naissance|by|birth_year; code_postal|zip|postcode; commune|city|city; tel1|phone|phone; tel2|phone2|phone")]),
    ("a French hospital", "fr", [("patients.csv", "people", "IPP|num|key; nom_usuel|family|family_name; nom_naissance|maiden|family_name; prenoms|given|given_name; date_naiss|born8|birth_date; no_voie|house|house_number; libelle_voie|street|street; num_secu|seven|national_id; tel_mobile|phone|phone")]),
    ("Brazilian customers", "pt", [
        ("clientes.csv", "people", "Código|count|key; Nome completo|full|full_name; Data Nascimento|born/|birth_date; CPF|tax|national_id; CEP|zip|postcode; Logradouro|street|street; Número|house|house_number; Cidade|city|city; Telemóvel|phone|phone; E-mail|mail|email; Sexo|sex|gender"),
        ("vendas.csv", "transactions", "Nº pedido|rowcode|key; Data da venda|time/|time; Cód. cliente|count|id; Valor total|money,|amount"),
    ]),
    ("Portuguese users", "pt", [("utentes.csv", "people", "N.º Cliente|num|key; Nome Próprio|given|given_name; Apelidos|family|family_name; Dt. Nasc.|born/|birth_date; Morada|streetno|street; Código Postal|zip|postcode; Localidade|city|city; Contacto|phone|phone; Correio eletrónico|mail|email; NIF|tax|tax_id; Última atualização|time/|updated_at")]),
    ("Spanish customers", "es", [("clientes.csv", "people", "Nº cliente|num|key; Nombre|given|given_name; Primer apellido|family|family_name; Segundo apellido|maiden|family_name; F. nacimiento|born/|birth_date; Domicilio|streetno|street; C.P.|zip|postcode; Población|city|city; Tfno. móvil|phone|phone; Correo|mail|email; Fecha de alta|day/|-")]),
    ("Italian customers", "it", [("anagrafica.csv", "people", "Codice cliente|code|key; Cognome|family|family_name; Nome|given|given_name; Data di nascita|born/|birth_date; Luogo di nascita|town|birth_place; Indirizzo|street|street; Civico|house|house_number; CAP|zip|postcode; Comune|city|city; Cellulare|phone|phone; Sesso|sex|gender")]),
    ("Dutch invoices", "nl", [
        ("klanten.csv", "people", "Klantnr|num|key; Roepnaam|given|given_name; Achternaam|family|family_name; Geboortedatum|born/|birth_date; Straat|street|street; Huisnr|house|house_number; Postcode|zip|postcode; Woonplaats|city|city; E-mailadres|mail|email"),
        ("facturen.csv", "transactions", "Factuurnummer|rowcode|key; Factuurdatum|day/|time; Klantnr|num|id; Bedrag incl. btw|money,|amount"),
    ]),
    ("Polish customers", "pl", [
        ("klienci.csv", "people", "ID klienta|num|key; Imię|given|given_name; Nazwisko|family|family_name; Data urodzenia|born|birth_date; PESEL|tax|national_id; Ulica|street|street; Nr domu|house|house_number; Kod pocztowy|zip|postcode; Miasto|city|city; Adres e-mail|mail|email; Płeć|sex|gender"),
        ("zamowienia.csv", "transactions", "Nr zamówienia|rowcode|key; Data zamówienia|time|time; ID klienta|num|id; Kwota|money,|amount; Waluta|currency|currency"),
    ]),
    ("Swedish customers", "sv", [
        ("kunder.csv", "people", "Kundnr|num|key; Förnamn|given|given_name; Efternamn|family|family_name; Personnummer|tax|national_id; Gatuadress|streetno|street; Postnummer|zip|postcode; Ort|city|city; Mobil|phone|phone; E-post|mail|email; Kön|sex|gender"),
        ("ordrar.csv", "transactions", "Ordernr|rowcode|key; Orderdatum|time|time; Kundnr|num|id; Belopp|money,|amount"),
    ]),
    ("Danish members", "sv", [("medlemmer.csv", "people", "Medlemsnr|num|key; Fornavn|given|given_name; Efternavn|family|family_name; Fødselsdato|born/|birth_date; Adresse|streetno|street; Postnr.|zip|postcode; By|city|city; Køn|sex|gender")]),
    ("Finnish customers", "sv", [("asiakkaat.csv", "people", "Asiakasnumero|num|key; Etunimi|given|given_name; Sukunimi|family|family_name; Syntymäaika|born.|birth_date; Katuosoite|streetno|street; Postinumero|zip|postcode; Postitoimipaikka|city|city; Puhelin|phone|phone; Sähköposti|mail|email")]),
    ("Czech customers", "pl", [("zakaznici.csv", "people", "ID zákazníka|num|key; Jméno|given|given_name; Příjmení|family|family_name; Datum narození|born.|birth_date; Ulice|streetno|street; PSČ|zip|postcode; Město|city|city; Pohlaví|sex|gender")]),
    ("headers in two languages", "fr", [("kontakte.csv", "people", "Kontakt-ID|code|key; Vorname/Prénom|given|given_name; Nachname/Nom|family|family_name; Strasse/Rue|streetno|street; PLZ/NPA|zip|postcode; Ort/Lieu|city|city; Geburtsdatum/Date de naissance|born.|birth_date; Telefon/Téléphone|phone|phone")]),
    ("two addresses and three phones", "us", [("people.csv", "people", "cust_key|code|key; nm_first|given|given_name; nm_last|family|family_name; billing_address_line1|streetno|street; billing_city|city|city; billing_zip|zip|postcode; shipping_address_line1|streetno|-; shipping_city|city|-; shipping_zip|zip|-; phone_home|phone|phone; phone_cell|phone2|phone; phone_work|phone3|-; birth_dt|bornus|birth_date")]),
    ("abbreviations of a warehouse", "us", [
        ("acct_holders.csv", "people", "CIF_NO|num|key; CUST_NM|turned|full_name; TAX_ID_NBR|seven|tax_id; BRTH_DT|bornus|birth_date; ADDR_LN1|streetno|street; CTY_NM|city|city; ST_CD|state|region; ZIP_CD|zip|postcode; HM_PHN|phone|phone; WRK_PHN|phone2|-; EML|mail|email"),
        ("card_txn.csv", "transactions", "TXN_REF|rowcode|key; POST_DT|dayus|time; CIF_NO|num|id; TXN_AMT|money$|amount; MERCH_NM|firm|-"),
    ]),
    ("pupils and their parents", "en", [("pupils.csv", "people", "UPN|code|key; Legal Surname|family|family_name; Legal Forename|given|given_name; DOB|bornb|birth_date; Parent Email|mail2|-; Parent Phone|phone2|-; House Number|house|house_number; Street|street|street; Town|city|city; Post Code|zip|postcode")]),
    ("a company without orders of its own", "en", [
        ("customers.csv", "people", "cust_ref|code|key; fore_name|given|given_name; sur_name|family|family_name; birthdate|bornb|birth_date; e_mail|mail|email; tel_no|phone|phone; addr1|streetno|street; town_city|city|city; pcode|zip|postcode; mktg_optin|yes|-; rec_upd_ts|timez|updated_at"),
        ("call_center.csv", "events", "call_ref|rowcode|key; call_start|time|time; caller_number|phone|id; agent_id|who|-; reason|topic|category"),
        ("optins.csv", "consent", "email|mail|id; channel|channel|channel; purpose|topic|purpose; granted|yes|status; granted_at|time|time"),
        ("ads/impressions.csv", "events", "imp_id|rowcode|key; served_at|timez|time; visitor_cookie|uuid|id; campaign|campaign|campaign; cost_usd|money|?"),
    ]),
    ("tickets and parcels", "en", [
        ("customers.csv", "people", "cust_ref|code|key; fore_name|given|given_name; sur_name|family|family_name; birthdate|bornb|birth_date; e_mail|mail|email"),
        ("helpdesk.csv", "events", "ticket_id|rowcode|key; created_at|timez|time; closed_at|timez|end; requester_email|mail|id; topic|topic|category"),
        ("shipments.csv", "events", "shipment_no|rowcode|key; shipped_at|timez|time; promised_delivery|timez|due; delivered_at|timez|end; email|mail|id"),
        ("forum/posts.csv", "events", "post_id|rowcode|key; created_at|timez|time; author_email|mail|id; upvotes|n|likes"),
    ]),
    ("Sendungen", "de", [
        ("kunden.csv", "people", "Kd-Nr.|code|key; Vorname|given|given_name; Nachname|family|family_name; E-Mail|mail|email; Geb.-Dat.|born.|birth_date"),
        ("sendungen.csv", "events", "Sendungsnr|rowcode|key; versandt am|time.|time; Liefertermin|day.|due; zugestellt am|time.|end; Kd-Nr.|code|id"),
    ]),
    ("papers beside a shop", "de", [
        ("crm/stammdaten.csv", "people", "Kd-Nr.|code|key; Vor- und Nachname|full|full_name; Geb.-Dat.|born.|birth_date; Straße + Nr.|streetno|street; PLZ|zip|postcode; Wohnort|city|city; Telefon 1|phone|phone; Telefon 2|phone2|phone; letzte Änderung|time.|updated_at"),
        ("shop/export.csv", "transactions", "Bestell-ID|rowcode|key; Kd-Nr.|code|id; Bestellzeitpunkt|timez|time; Warenwert|money,|amount; Kanal|channel|channel"),
        ("finanz/belege.csv", "events", "Beleg-Nr.|rowcode|key; Belegart|papers|type; Belegdatum|day.|time; Kd-Nr.|code|id; Betrag|money,|amount"),
        ("newsletter/log.csv", "events", "Zeit|time.|time; Empfänger|mail|id; Aktion|mailed|type; Mailing|campaign|campaign"),
    ]),
    ("guests of an event", "en", [("events/badges.csv", "people", "badge_no|rowcode|key; event|campaign|?; scanned|timeus|updated_at; full_name|full|full_name; email|halfmail|email; phone|phone2|phone; post_code|zip|postcode")]),
    ("one column for mails and phones", "en", [("c.csv", "people", "id|epochid|key; name|full|full_name; contact|mailorphone|email,phone; active|same|-")]),
    ("orders whose customers are called id", "en", [
        ("c.csv", "people", "id|epochid|key; name|full|full_name; email|mail|email"),
        ("o.csv", "transactions", "oid|rows|key; id|epochid|id; ts|times|time; total|money|amount"),
    ]),
]  # fmt: skip
