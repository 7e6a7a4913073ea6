"""Which country the data comes from: postcodes, phone prefixes, country columns, header languages, e-mail domains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from cxid.config.guess.words import listed

POSTCODES = {
    "GB": re.compile(r"(GIR ?0AA|[A-PR-UWYZ][A-HJ-Y0-9]?[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})", re.I),
    "NL": re.compile(r"[1-9]\d{3} ?[A-Z]{2}", re.I),
    "CA": re.compile(r"[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d", re.I),
    "PT": re.compile(r"[1-9]\d{3}-\d{3}"),
    "BR": re.compile(r"\d{5}-\d{3}"),
    "PL": re.compile(r"\d{2}-\d{3}"),
    "IE": re.compile(r"[A-Z]\d[\dW] ?[A-Z\d]{4}", re.I),
    "US": re.compile(r"\d{5}(-\d{4})?"),
    "DE": re.compile(r"(?:D-)?\d{5}"),
    "AU": re.compile(r"\d{4}"),
    "SE": re.compile(r"\d{3} \d{2}"),
    "JP": re.compile(r"〒?\d{3}-\d{4}"),
}
_DISTINCT = ("GB", "NL", "CA", "PT", "BR", "PL", "IE", "SE", "JP")
# Words of headers that one language writes; country variants where a word tells them apart.
_LANGUAGE = {
    "DE": "vorname nachname geburtsdatum gebdat plz strasse ort kunde kunden kundennr anrede geschlecht postleitzahl"
    " hausnummer betrag datum telefon stadt bestellung rechnung umsatz einwilligung",
    "FR": "prenom nom naissance naiss ville adresse codepostal rue sexe client courriel date montant pays civilite"
    " telephone commande",
    "ES": "nombre apellido apellidos nacimiento fecha calle ciudad poblacion sexo correo telefono movil provincia"
    " importe pedido cliente direccion",
    "PT": "nome apelido apelidos nascimento nasc morada localidade telemovel telefone sexo cidade concelho freguesia"
    " codigo rua encomenda valor endereco data",
    "BR": "sobrenome celular cep cpf bairro logradouro uf estado endereco",
    "IT": "cognome nome nascita citta indirizzo cap comune provincia telefono cellulare sesso importo ordine cliente"
    " fiscale via",
    "NL": "voornaam achternaam tussenvoegsel geboortedatum woonplaats straat huisnummer geslacht telefoonnummer plaats"
    " bestelling bedrag klant klantnummer",
    "US": "zip zipcode ssn state apt",
    "AU": "suburb",
    "MX": "colonia curp rfc",
    "PL": "imie nazwisko ulica miasto pocztowy pesel klienta urodzenia plec telefon nip",
    "CZ": "jmeno prijmeni ulice obec mesto psc narozeni zakaznika pohlavi",
    "SK": "meno priezvisko ulica obec psc narodenia",
    "HU": "nev keresztnev vezeteknev szuletesi iranyitoszam telepules utca ugyfel telefonszam neme",
    "RO": "prenume nume judet oras localitate nasterii adresa cnp telefon codpostal",
    "SE": "fornamn efternamn personnummer gatuadress postort kundnummer fodelsedatum kon epost",
    "DK": "fornavn efternavn vej kundenr fodselsdato cpr postnr mobil",
    "NO": "fornavn etternavn gateadresse poststed fodselsdato kundenr",
    "FI": "etunimi sukunimi syntymaaika katuosoite postinumero postitoimipaikka puhelin sahkoposti",
    "TR": "soyad soyadi adsoyad adisoyadi cinsiyet sehir ilce dogumtarihi postakodu ceptel eposta musteri",
    "ID": "nama alamat kota tgllahir tanggallahir kodepos nohp jeniskelamin pelanggan telp telepon",
    "VN": "hoten hovaten ngaysinh dienthoai sodienthoai diachi gioitinh khachhang sdt",
    "HR": "ime prezime grad postanskibroj rodjenja spol oib mobitel",
    "IN": "pincode aadhaar aadhar gstin panno mobno taluka tehsil",
}  # fmt: skip
# Scripts, and letters of the Latin one, that point to a country: the first of a language's countries stands for all.
_SCRIPTS = (
    ("GR", r"[\u0370-\u03ff\u1f00-\u1fff]"), ("UA", r"[іїєґІЇЄҐ]"), ("RU", r"[ыэъёЫЭЪЁ]"), ("RU", r"[\u0400-\u04ff]"),
    ("IL", r"[\u0590-\u05ff]"), ("IR", r"[پچژگ]"), ("SA", r"[\u0600-\u06ff]"), ("IN", r"[\u0900-\u0dff]"),
    ("TH", r"[\u0e00-\u0e7f]"), ("KR", r"[\uac00-\ud7af]"), ("JP", r"[\u3040-\u30ff]"), ("CN", r"[\u4e00-\u9fff]"),
    ("PL", r"[łŁąężźĄĘŻŹ]"), ("CZ", r"[řěůŘĚŮ]"), ("HU", r"[őűŐŰ]"), ("RO", r"[șțăȘȚĂ]"), ("TR", r"[ğıİĞ]"),
    ("VN", r"[đơưĐƠƯ\u1ea0-\u1ef9]"),
    ("DK", r"[øØ]"), ("SE", r"[åÅ]"), ("DE", r"ß"), ("ES", r"[ñÑ]"), ("BR", r"[ãõÃÕ]"),
)  # fmt: skip
_SHARE = {"UA": 0.2, "RU": 0.1, "JP": 0.05} | dict.fromkeys(("GR", "IL", "SA", "IN", "TH", "KR", "CN"), 0.3)
_RARE = 0.03  # share of the values with a letter of the Latin script that only few languages have
# Domains of countries that anybody uses.
_FREE_DOMAINS = listed("io co me tv ai cc ly to fm ws gg la so st sh eu")
_US_STATES = listed(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
_AU_STATES = listed("NSW VIC QLD WA SA TAS ACT NT")
_BR_STATES = listed("AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO")
_NAMES = {
    "GB": "united kingdom uk gb great britain england gbr scotland wales grossbritannien royaume-uni reino unido",
    "DE": "germany deutschland de deu d allemagne alemania alemanha germania duitsland",
    "FR": "france fr fra frankreich francia franca frankrijk", "ES": "spain espana es esp spanien espagne spagna",
    "PT": "portugal pt prt", "IT": "italy italia it ita italien italie", "NL": "netherlands nederland nl nld holland",
    "US": "united states usa us united states of america etats-unis estados unidos stati uniti",
    "BR": "brazil brasil br bra", "AT": "austria osterreich at aut", "CH": "switzerland schweiz ch che suisse svizzera",
    "BE": "belgium belgie belgique be bel", "IE": "ireland ie irl", "AU": "australia au aus", "CA": "canada ca can",
    "MX": "mexico mx mex", "AR": "argentina ar arg", "PL": "poland polska pl pol", "SE": "sweden sverige se swe",
}  # fmt: skip
_DEFAULT = "GB"
_MONTH_FIRST = frozenset(("US", "PH", "PR"))
MONEY = {"GB": "GBP", "US": "USD", "BR": "BRL", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "CH": "CHF", "MX": "MXN",
         "PL": "PLN", "SE": "SEK", "AR": "ARS"} | dict.fromkeys(
    ("DE", "FR", "ES", "PT", "IT", "NL", "AT", "BE", "IE"), "EUR")  # fmt: skip


@dataclass(frozen=True)
class CountryGuess:
    """The default country of the project."""

    code: str
    why: str
    certain: bool

    @property
    def month_first(self) -> bool:
        return self.code in _MONTH_FIRST


class CountryVotes:
    """Collects evidence and names the country that has most of it."""

    def __init__(self) -> None:
        self.votes: Counter[str] = Counter()
        self.reasons: dict[str, list[str]] = {}

    def add(self, code: str, weight: float, why: str) -> None:
        self.votes[code] += weight  # type: ignore[assignment]
        if why not in self.reasons.setdefault(code, []):
            self.reasons[code].append(why)

    def postcodes(self, sample: Iterable[str], column: str) -> None:
        values = list(sample)
        for code in _DISTINCT:
            share = sum(1 for v in values if POSTCODES[code].fullmatch(v)) / max(1, len(values))
            if share >= 0.6:
                self.add(code, 4 * share, f"{share:.0%} of the values of {column} have the shape of its postcodes")

    def countries(self, sample: Iterable[str], column: str) -> None:
        values = [v.strip().lower() for v in sample]
        for code, names in _NAMES.items():
            known = {names.split(" ")[0], code.lower(), *names.split(" "), names}
            share = sum(1 for v in values if v in known or v in names.split("  ")) / max(1, len(values))
            if share >= 0.2:
                self.add(code, 6 * share, f"{share:.0%} of the values of {column}")

    def regions(self, sample: Iterable[str], column: str) -> None:
        values = [v.strip().upper() for v in sample]
        lists = (("US", _US_STATES), ("AU", _AU_STATES), ("BR", _BR_STATES))
        shares = {code: sum(1 for v in values if v in states) / max(1, len(values)) for code, states in lists}
        code = max(shares, key=lambda c: shares[c])
        if shares[code] >= 0.6 and len(set(values)) > 3:
            self.add(code, 4 * shares[code], f"{shares[code]:.0%} of the values of {column} are its states")

    def emails(self, sample: Iterable[str], column: str) -> None:
        values = list(sample)
        found: Counter[str] = Counter()
        for value in values:
            last = value.strip().lower().rsplit(".", 1)[-1]
            code = {"uk": "GB"}.get(last, last.upper())
            found["" if last in _FREE_DOMAINS or code not in phonenumbers.SUPPORTED_REGIONS else code] += 1
        for code, count in found.items():
            if code and count >= 0.1 * len(values):
                self.add(code, 2 * count / len(values), f"{count / len(values):.0%} of the e-mails of {column}")

    def phones(self, sample: Iterable[str], column: str) -> None:
        """Numbers with a country code vote for it; others for the countries where they are valid, if few."""
        values = list(dict.fromkeys(sample))[:120]
        found: Counter[str] = Counter()
        for value in values:
            text = "+" + value[2:] if value.startswith("00") else value
            if text.startswith("+"):
                found[_region(text, None)] += 1
                continue
            valid = [c for c in ("GB", "US", "DE", "FR", "ES", "PT", "IT", "NL", "BR", "AU") if _region(text, c)]
            for code in valid if len(valid) <= 3 else ():
                found[code] += 1 / len(valid) / 2  # type: ignore[assignment]
            written = [c for c in _GROUPED if _is_written_so(text, c)]
            for code in written if len(written) <= 4 else ():
                found[code] += 1 / len(written) / 2  # type: ignore[assignment]
        for code, count in found.items():
            if code and count >= 0.15 * len(values):
                self.add(code, 4 * count / len(values), f"numbers of {column} are numbers of {code}")

    def scripts(self, sample: Iterable[str], column: str) -> None:
        """Names, streets and cities by the letters that they are written in."""
        values = list(sample)
        for code, pattern in _SCRIPTS:
            share = sum(1 for v in values if re.search(pattern, v)) / max(1, len(values))
            if share >= _SHARE.get(code, _RARE):
                self.add(code, 2.0 if code in _SHARE else 1.0, f"letters of {column}")
                return

    def headers(self, words: Iterable[str]) -> None:
        seen = set(words)
        for code, words_of_it in _LANGUAGE.items():
            known = sorted(seen & set(words_of_it.split()))
            if known:
                weight = 0.5 if code in ("US", "AU", "BR", "MX") else 0.35
                self.add(code, weight * len(known), f"headers such as {', '.join(known[:4])}")

    def money(self, code: str, column: str) -> None:
        for country, currency in MONEY.items():
            if currency == code and code != "EUR":
                self.add(country, 1.0, f"amounts of {column} in {code}")

    def verdict(self) -> CountryGuess:
        """The country with most votes; GB when none has enough."""
        ranked = sorted(self.votes.items(), key=lambda kv: (-kv[1], kv[0] != _DEFAULT, kv[0]))
        if not ranked or ranked[0][1] < 0.5:
            return CountryGuess(_DEFAULT, "nothing in the data names a country", False)
        code = ranked[0][0]
        return CountryGuess(code, "; ".join(self.reasons[code][:3]), True)


def is_country(value: str) -> bool:
    """Whether a value is the name or code of one of the countries known here."""
    text = value.strip().lower()
    return any(text in names.split() or text == names for names in _NAMES.values())


def valid_phones(sample: Iterable[str]) -> float:
    """The share that are valid phone numbers of one country, or carry a country's code; the best country's share."""
    texts = ["+" + v[2:] if v.startswith("00") else v for v in list(dict.fromkeys(sample))[:60]]
    coded = [t for t in texts if t.startswith("+")]
    good = sum(1 for t in coded if _region(t, None))
    rest = [t for t in texts if not t.startswith("+")]
    best = max((sum(1 for t in rest if _region(t, c)) for c in _GROUPED), default=0) if rest else 0
    return (good + best) / max(1, len(texts))


# Countries whose way to group the digits of a number is tried.
_GROUPED = sorted(
    listed(
        "GB US DE FR ES PT IT NL BR AU AT CH BE IE PL CZ SK HU RO SE DK NO FI GR TR RU"
        " UA IN JP KR CN ID VN MX AR CO ZA SA TH PH MY IL EG NZ CA"
    )
)


def _is_written_so(text: str, region: str) -> bool:
    """Whether a number without a country code is grouped as the region's own numbers are."""
    if text.isdigit():
        return False
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return usual == text.strip() and phonenumbers.is_valid_number(number)


def _region(text: str, default: str | None) -> str:
    """The country whose valid number this is, '' when it is none."""
    try:
        number = phonenumbers.parse(text, default)
    except phonenumbers.NumberParseException:
        return ""
    return (phonenumbers.region_code_for_number(number) or "") if phonenumbers.is_valid_number(number) else ""
