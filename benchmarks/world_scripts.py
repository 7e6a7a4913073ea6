# ruff: noqa: E501
"""Worlds of countries with scripts, names or files of another kind."""

from __future__ import annotations

from world_records import Errors, Source
from world_shape import World, headed

SCRIPTS = [
    World(
        "ru_native",
        "ru_RU",
        2500,
        [
            Source(
                "клиенты.csv",
                headed(
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
                headed(
                    "id = key: ;; full_name = full:F G ;; birthday = birth:words ;; phone = phone:mobile-nat ;; city = city"
                ),
                share=0.7,
                more=0.1,
            ),
            Source(
                "site.csv",
                headed(
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
                headed(
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
                headed(
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
                headed(
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
                headed(
                    "顧客番号 = key: ;; 氏名 = full:FG ;; 生年月日 = birth:jp ;; 郵便番号 = postcode ;; 住所 = address:C S ;; 電話番号 = phone:mobile-nat ;; メール = email ;; 性別 = gender"
                ),
                share=0.7,
                more=0.2,
                encoding="cp932",
            ),
            Source(
                "members.csv",
                headed(
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
                headed(
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
                headed(
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
                headed(
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
                headed(
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
                headed(
                    "ma_kh = key:KH ;; ho_ten = full:F M G ;; ngay_sinh = birth:d/m/Y ;; dien_thoai = phone:mobile-nat ;; dia_chi = address:S, C ;; gioi_tinh = choice:Nam|Nữ"
                ),
                share=1.0,
                more=0.3,
                errors=Errors(fold=0.4, middle=0.95),
            ),
            Source(
                "online.csv",
                headed("id = key: ;; Họ và tên = full:F M G ;; Email = email ;; SĐT = phone:mobile-bare"),
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
                headed(
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
                headed(
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
                headed(
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
                headed(
                    "asiakasnumero = key: ;; etunimi = given ;; sukunimi = family ;; syntymäaika = birth:d.m.Y ;; katuosoite = streetno ;; postinumero = postcode ;; postitoimipaikka = city ;; puhelin = phone:mobile-nat ;; sähköposti = email"
                ),
                more=0.4,
            ),
        ],
    ),
]
