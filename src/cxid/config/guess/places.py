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
}
_DISTINCT = ("GB", "NL", "CA", "PT", "BR", "PL", "IE", "SE")
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
}  # fmt: skip
_US_STATES = listed(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
_AU_STATES = listed("NSW VIC QLD WA SA TAS ACT NT")
_BR_STATES = listed("AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO")
_DOMAINS = {
    ".de": "DE", ".fr": "FR", ".pt": "PT", ".com.br": "BR", ".es": "ES", ".it": "IT", ".nl": "NL", ".co.uk": "GB",
    ".uk": "GB", ".com.au": "AU", ".at": "AT", ".ch": "CH", ".be": "BE", ".ie": "IE", ".mx": "MX", ".ca": "CA",
    ".pl": "PL", ".se": "SE", ".co.nz": "NZ",
}  # fmt: skip
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
            ending = next((e for e in sorted(_DOMAINS, key=len, reverse=True) if value.lower().endswith(e)), "")
            found[_DOMAINS.get(ending, "")] += 1
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
        for code, count in found.items():
            if code and count >= 0.15 * len(values):
                self.add(code, 4 * count / len(values), f"numbers of {column} are numbers of {code}")

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


def valid_phones(sample: Iterable[str]) -> float:
    """The share that are valid phone numbers of one country, or carry a country's code; the best country's share."""
    texts = ["+" + v[2:] if v.startswith("00") else v for v in list(dict.fromkeys(sample))[:60]]
    coded = [t for t in texts if t.startswith("+")]
    good = sum(1 for t in coded if _region(t, None))
    rest = [t for t in texts if not t.startswith("+")]
    best = max((sum(1 for t in rest if _region(t, c)) for c in MONEY), default=0) if rest else 0
    return (good + best) / max(1, len(texts))


def _region(text: str, default: str | None) -> str:
    """The country whose valid number this is, '' when it is none."""
    try:
        number = phonenumbers.parse(text, default)
    except phonenumbers.NumberParseException:
        return ""
    return (phonenumbers.region_code_for_number(number) or "") if phonenumbers.is_valid_number(number) else ""
