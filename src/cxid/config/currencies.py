"""Currencies as sources write them, in upper case: codes and their numbers, signs, names; each to its ISO 4217 code."""

from __future__ import annotations

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CODES = frozenset(_CODES.split())
_SPELLINGS = {
    "EUR": "€ EURO EUROS 978",
    "GBP": "£ ₤ POUND POUNDS STERLING UKP 826",
    "USD": "US$ $US USD$ U$ U$S US-$ 840",
    "CAD": "C$ CA$ CAN$ CAD$ 124",
    "AUD": "A$ AU$ AUD$ 036",
    "NZD": "NZ$ NZD$ 554",
    "HKD": "HK$ 344",
    "SGD": "S$ SG$ 702",
    "TWD": "NT$ NTD 901",
    "BRL": "R$ REAL REAIS 986",
    "MXN": "MX$ MEX$ 484",
    "CHF": "FR FR. SFR SFR. FRANKEN 756",
    "CNY": "RMB CN¥ 元 YUAN 156",
    "JPY": "円 YEN JP¥ 392",
    "INR": "₹ RUPEE RUPEES 356",
    "KRW": "₩ 원 WON 410",
    "RUB": "₽ РУБ РУБ. RUR 643",
    "UAH": "₴ ГРН ГРН. 980",
    "TRY": "₺ TL 949",
    "ILS": "₪ NIS 376",
    "THB": "฿ 764",
    "VND": "₫ Đ 704",
    "NGN": "₦ 566",
    "PHP": "₱ 608",
    "GHS": "₵ 936",
    "KZT": "₸ 398",
    "GEL": "₾ 981",
    "PLN": "ZŁ ZL ZŁOTY ZLOTY 985",
    "CZK": "KČ KC 203",
    "HUF": "FT FORINT 348",
    "RON": "LEI LEU 946",
    "BGN": "ЛВ ЛВ. LV LV. 975",
    "SEK": "752",
    "NOK": "578",
    "DKK": "208",
    "ISK": "352",
}
_DOLLARS = {
    "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "TW": "TWD", "MX": "MXN", "AR": "ARS", "CL": "CLP",
    "CO": "COP", "UY": "UYU", "DO": "DOP", "CU": "CUP", "FJ": "FJD", "JM": "JMD", "TT": "TTD", "BB": "BBD", "BS": "BSD",
    "BZ": "BZD", "BM": "BMD", "GY": "GYD", "SR": "SRD", "NA": "NAD", "LR": "LRD", "BN": "BND", "KY": "KYD",
}  # fmt: skip
_CROWNS = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "GL": "DKK", "FO": "DKK"}
_RUPEES = {"PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR", "SC": "SCR"}
_POUNDS = {"EG": "EGP", "GI": "GIP", "FK": "FKP"}


def spellings(country: str) -> dict[str, str]:
    """Every spelling but the codes themselves -> code; a sign that several currencies share means the country's own.

    A lone $ is the dollar (or peso) of a country that writes its money so, else the American one; kr is left out where
    no country says whose.
    """
    found = {word: code for code, text in _SPELLINGS.items() for word in text.split()}
    found |= dict.fromkeys(("$", "DOLLAR", "DOLLARS"), _DOLLARS.get(country, "USD"))
    found |= dict.fromkeys(("¥", "￥"), "CNY" if country == "CN" else "JPY")
    found |= dict.fromkeys(("RS", "RS."), _RUPEES.get(country, "INR"))
    if country in _POUNDS:
        found |= dict.fromkeys(("£", "POUND", "POUNDS"), _POUNDS[country])
    if country in _CROWNS:
        found |= dict.fromkeys(("KR", "KR."), _CROWNS[country])
    return found
