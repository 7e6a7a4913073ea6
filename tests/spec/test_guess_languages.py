"""Headers, files and values of many languages, and what init makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.genders import gender_code, letter_codes
from cxid.config.guess.codepages import guess_encoding
from cxid.config.guess.dates import find_dates
from cxid.config.guess.meanings import read_meaning
from cxid.config.guess.project import guess_config
from cxid.config.guess.shapes import separator
from cxid.config.months import month_number

HEADERS = [
    ("имя", "given_name"), ("фамилия", "family_name"), ("дата рождения", "birth_date"), ("индекс", "postcode"),
    ("почта", "email"), ("телефон", "phone"), ("ФИО", "full_name"), ("ім'я", "given_name"), ("прізвище", "family_name"),
    ("επώνυμο", "family_name"), ("ημ. γέννησης", "birth_date"), ("ΤΚ", "postcode"), ("τηλέφωνο", "phone"),
    ("soyad", "family_name"), ("doğum_tarihi", "birth_date"), ("posta_kodu", "postcode"), ("cep_tel", "phone"),
    ("név", "name"), ("születési dátum", "birth_date"), ("irányítószám", "postcode"), ("prenume", "given_name"),
    ("nume_complet", "full_name"), ("judet", "region"), ("tgl_lahir", "birth_date"), ("no_hp", "phone"),
    ("jenis_kelamin", "gender"), ("ho_ten", "full_name"), ("Họ và tên", "full_name"), ("ngay_sinh", "birth_date"),
    ("SĐT", "phone"), ("الاسم", "given_name"), ("اسم العائلة", "family_name"), ("تاريخ الميلاد", "birth_date"),
    ("الجوال", "phone"), ("氏名", "full_name"), ("生年月日", "birth_date"), ("郵便番号", "postcode"), ("携帯電話番号", "phone"),
    ("顧客番号", "customer_id"), ("姓名", "full_name"), ("手机号码", "phone"), ("出生日期", "birth_date"), ("이름", "full_name"),
    ("회원번호", "member_id"), ("생년월일", "birth_date"), ("เบอร์โทรศัพท์", "phone"), ("date d'achat", "time"), ("Full Name", "full_name"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "meaning"), HEADERS, ids=[h for h, _ in HEADERS])
def test_a_header_means_the_same_in_every_language(header: str, meaning: str) -> None:
    assert read_meaning(header).meaning == meaning


DATES = [
    ("12 janvier 1980", "%d %B %Y"), ("3. März 1970", "%d. %B %Y"), ("5 de mayo de 1980", "%d de %B de %Y"),
    ("5 Ιανουαρίου 1980", "%d %B %Y"), ("12 जनवरी 1980", "%d %B %Y"), ("1980年3月12日", "%Y年%m月%d日"),
    ("1980년 3월 12일", "%Y년 %m월 %d일"), ("1980. 03. 12.", "%Y. %m. %d."), ("12-Mar-1980", "%d-%b-%Y"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), DATES, ids=[v for v, _ in DATES])
def test_a_date_is_read_as_its_country_writes_it(value: str, written: str) -> None:
    shape = find_dates([value])
    assert shape is not None
    assert shape.format == written


MONTHS = [("März", 3), ("Mrz.", 3), ("sept.", 9), ("août", 8), ("aout", 8), ("AUG", 8), ("marca", 3), ("мая", 5),
          ("Ağustos", 8), ("mai", 5), ("juin", 6), ("Okt", 10), ("červenec", 7), ("June", 6), ("Monday", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "number"), MONTHS)
def test_months_are_known_by_name_and_cut_short(word: str, number: int | None) -> None:
    assert month_number(word) == number


ENCODINGS = [
    ("příjmení číslo Dvořák Černý Růžička Jiří", "cp1250", "cp1250"), ("Łukasz Żółć Wiśniewski Kraków", "cp1250", "cp1250"),
    ("Ayşe Yılmaz Öğün Şükrü", "cp1254", "cp1254"), ("Иванов Пётр Сергеевич", "cp1251", "cp1251"),
    ("Иванов Пётр Сергеевич", "koi8-r", "koi8-r"), ("Παπαδόπουλος Γιώργος", "cp1253", "cp1253"),
    ("佐藤 健太 すずき ハナコ", "cp932", "cp932"), ("王小明 张伟 李娜 刘洋", "gb18030", "gb18030"), ("김민수 이영희", "cp949", "cp949"),
    ("Muñoz José Peña García", "cp1252", ""), ("Hélène Lefèvre François Noël", "cp1252", ""), ("Müller Jäger Groß", "cp1252", ""),
    ("João Gonçalves Conceição", "cp1252", ""), ("Åsa Öberg Björn", "cp1252", ""), ("Müller Muñoz Hélène", "cp1252", ""),
    ("Hélène Lefèvre François", "mac_roman", ""), ("Müller Jäger", "cp850", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codec", "found"), ENCODINGS)
def test_letters_tell_the_code_page_of_a_language(text: str, codec: str, found: str) -> None:
    data = (text * 3).encode(codec)
    assert guess_encoding(data, data) == found


SEVERAL = [
    ("email", ["a@x.de", "b@x.de; c@y.de", "d@x.de;e@y.de"], ";"), ("email", ["a@x.de", "b@x.de"], ""),
    ("email", ["a@x.de, b@y.de", "c@x.de, d@y.de"], ","), ("phone", ["030 1234567 / 0151 2345678", "030 2345678 / 0171 345678"], " / "),
    ("phone", ["030/1234567", "040/2345678"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("meaning", "cells", "sign"), SEVERAL)
def test_several_values_in_a_cell_are_taken_apart(meaning: str, cells: list[str], sign: str) -> None:
    assert separator(meaning, cells) == sign


GENDERS = [("Mme", "", "f"), ("Herr", "", "m"), ("Sra.", "", "f"), ("жен", "", "f"), ("муж", "", "m"), ("男", "", "m"), ("여", "", "f"),
           ("kadın", "", "f"), ("h", "hm", "m"), ("m", "hm", "f"), ("K", "km", "f"), ("M", "km", "m"), ("P", "lp", "f"), ("1", "12", "m"),
           ("2", "12", "f"), ("1", "", None)]  # fmt: skip


@pytest.mark.parametrize(("word", "together", "code"), GENDERS)
def test_a_gender_is_known_by_its_word_or_by_the_letters_of_its_column(
    word: str, together: str, code: str | None
) -> None:
    assert gender_code(word, together) == code


def test_letters_mean_something_together_only_where_the_column_has_no_others() -> None:
    assert [letter_codes(x) for x in ("HM", "hmx", "MF", "HMF", "12", "012", "123")] == [
        "hm",
        "hm",
        "",
        "",
        "12",
        "12",
        "",
    ]


FILES = [
    ("a line sep= before the header", "sep=;\nNr;Nachname;Vorname;Mail\n1;Ott;Ann;a@x.de\n2;Ray;Bob;b@x.de\n", "family_name", "Nachname"),
    ("Turkish words that mean other things elsewhere", "no,ad,soyad,cinsiyet,il\n1,Ali,Kaya,Erkek,Van\n2,Can,Ak,Kadın,Ordu\n", "city", "il"),
    ("companies and no people", "id;Firmenname;Telefon\n1;Ott Bau GmbH;030 1234567\n2;Ray Druck AG;030 1234568\n", "organisation", {"from": "Firmenname", "type": "text"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "field", "column"), FILES, ids=[f[0] for f in FILES])
def test_a_file_is_read_as_it_is_written(tmp_path: Path, what: str, text: str, field: str, column: object) -> None:
    (tmp_path / "kunden.csv").write_text(text, encoding="utf-8")
    config = guess_config([tmp_path / "kunden.csv"], root=tmp_path).config
    assert config["sources"]["kunden"]["columns"][field] == column


def test_names_under_a_header_that_does_not_say_so_are_names(tmp_path: Path) -> None:
    rows = "".join(f"{i},Anna{chr(97 + i % 26)} Smith{chr(97 + i // 2)},+4930123{i:04}\n" for i in range(40))
    (tmp_path / "tickets.csv").write_text("ticket,caller,phone\n" + rows, encoding="utf-8")
    config = guess_config([tmp_path / "tickets.csv"], root=tmp_path).config
    assert config["sources"]["tickets"]["columns"]["full_name"] == "caller"


COUNTRIES = [
    ("имя,фамилия,город", ["Иван,Петров,Рыльск", "Пётр,Быков,Выборг"], "RU"),
    ("név,utca", ["Kovács Győző,Fő út 5", "Szűcs Ernő,Petőfi utca 3"], "HU"),
    ("name,phone", ["Ann Lee,06 12 34 56 78", "Bob Ray,06 22 34 56 78"], "FR"),
    ("name,email", ["Ann Lee,a@x.gr", "Bob Ray,b@y.gr"], "GR"),
]


@pytest.mark.parametrize(("header", "rows", "code"), COUNTRIES, ids=[c for *_, c in COUNTRIES])
def test_the_country_shows_in_letters_headers_phones_and_domains(
    tmp_path: Path, header: str, rows: list[str], code: str
) -> None:
    lines = [f"id,{header}", *(f"{i},{row}" for i, row in enumerate(rows * 10))]
    (tmp_path / "crm.csv").write_text("\n".join(lines), encoding="utf-8")
    assert guess_config([tmp_path / "crm.csv"], root=tmp_path).config["country"] == code


@pytest.mark.parametrize("kept", [True, False])
def test_a_card_that_comes_back_names_a_person_where_its_rows_share_a_name(tmp_path: Path, kept: bool) -> None:
    everybody = [f"{name}{chr(97 + n)}" for n in range(20) for name in ("Ann Lee", "Bob Ray", "Cid Ott")]
    rows = [
        f"R{n},{everybody[n % 25] if kept else everybody[n * 7 % 60]},63{n % 25:08},{10115 + n % 12}"
        for n in range(150)
    ]
    (tmp_path / "pos.csv").write_text("till_no,cardholder,loyalty_card,postcode\n" + "\n".join(rows), encoding="utf-8")
    config = guess_config([tmp_path / "pos.csv"], root=tmp_path).config
    assert ("loyalty_card" in config["sources"]["pos"].get("ids", {})) == kept
