"""Names of people as they compare best, from several countries."""

from __future__ import annotations

import pytest

from cxid.stages.normalise.fullname import NameOrder, NameParts, split_name, take_apart
from cxid.stages.normalise.names import family_name, given_name, phonetic
from cxid.stages.normalise.nickname import also_known_as
from cxid.stages.normalise.wholenames import is_family_first, writes_commas

SAME_FAMILY = [
    ("Müller", "Mueller", "Muller", "MÜLLER", " müller "),
    ("Schäfer", "Schaefer", "Schafer"),
    ("Weiß", "Weiss", "WEISS"),
    ("Øresund", "Oeresund", "Oresund"),
    ("O'Brien", "O’Brien", "OBrien", "O Brien"),
    ("de la Cruz", "De La Cruz", "Dela Cruz", "Delacruz"),
    ("McDonald", "Mc Donald", "MCDONALD"),
    ("von der Leyen", "Von Der Leyen", "vonderLeyen"),
    ("Smith-Jones", "Smith Jones", "SMITH - JONES"),
    ("García y Vega", "Garcia Vega"),
    ("Smith", "Smith Jr.", "Dr. Smith", "smith III"),
]


@pytest.mark.parametrize("spellings", SAME_FAMILY, ids=lambda s: s[0])
def test_spellings_of_one_family_name_are_one_text(spellings: tuple[str, ...]) -> None:
    assert len({family_name(s) for s in spellings}) == 1


@pytest.mark.parametrize("name", ["Bauer", "Rodriguez", "Samuels", "Guerra", "Michaels", "Breuer", "Vasquez", "Lee"])
def test_vowels_that_are_no_umlaut_stay(name: str) -> None:
    assert family_name(name) == name.lower()


GIVEN = [
    ("Dr. Anna", "anna"),
    ("Jürgen", "jurgen"),
    ("Juergen", "jurgen"),
    ("Günther", "gunther"),
    ("Guenther", "gunther"),
    ("Michael", "michael"),
    ("Michaela", "michaela"),
    ("Manuel", "manuel"),
    ("Noëlle", "noelle"),
    ("Joel", "joel"),
    ("Zoë", "zoe"),
    ("Jean-Pierre", "jean pierre"),
    ("J. R.", "j r"),
    ("João", "joao"),
    ("Иван", "ivan"),
    ("Na", "na"),
    ("Null", "null"),
    ("Nan", "nan"),
]


@pytest.mark.parametrize(("written", "compared"), GIVEN, ids=lambda v: v)
def test_a_given_name_is_folded(written: str, compared: str) -> None:
    assert given_name(written) == compared


@pytest.mark.parametrize(
    "written", ["", " ", "-", "n/a", "N/A", "NA", "xxx", "Unknown", "none", "NULL", "?", "123", "unbekannt"]
)
def test_a_value_that_says_nothing_is_no_name(written: str) -> None:
    assert given_name(written) is None
    assert family_name(written) is None


WHOLE = [
    ("John Smith", "john", None, "smith"),
    ("Smith, John A.", "john", "a", "smith"),
    ("John A. Smith", "john", "a", "smith"),
    ("Dr. Maria de la Cruz", "maria", None, "delacruz"),
    ("Maria del Carmen Ruiz", "maria", "del carmen", "ruiz"),
    ("Ludwig van Beethoven", "ludwig", None, "vanbeethoven"),
    ("Prof. Dr. Hans von Storch", "hans", None, "vonstorch"),
    ("van Dijk, Piet", "piet", None, "vandijk"),
    ("Müller-Lüdenscheidt, Hans Peter", "hans", "peter", "muller ludenscheidt"),
    ("García López, María", "maria", None, "garcia lopez"),
    ("John Smith, Jr.", "john", None, "smith"),
    ("Walter Phillimore, 1st Baron Phillimore", "walter", None, "phillimore"),
    ("Conan O'Brien", "conan", None, "obrien"),
    ("Ana Paula da Silva", "ana", "paula", "dasilva"),
    ("anna92", "anna", None, None),
    ("Madonna", "madonna", None, None),
    ("n/a", None, None, None),
    (",", None, None, None),
]


@pytest.mark.parametrize(("written", "given", "middle", "family"), WHOLE, ids=lambda v: str(v))
def test_a_whole_name_is_taken_apart(written: str, given: str | None, middle: str | None, family: str | None) -> None:
    assert split_name(written, NameOrder()) == NameParts(given, middle, family)


def test_the_family_name_stands_first_where_the_source_writes_it_so() -> None:
    assert split_name("Nagy Anna Maria", NameOrder(family_first=True)) == NameParts("anna", "maria", "nagy")
    assert split_name("de Vries Anna", NameOrder(family_first=True)) == NameParts("anna", None, "devries")


FAMILY_FIRST = [
    ("Lê Thị Anh", "vn", "anh", "thi", "le"),
    ("Kovács Anna Mária", "hu", "anna", "maria", "kovacs"),
    ("Nguyễn Hiếu", "vn", "hieu", None, "nguyen"),
]


@pytest.mark.parametrize(("written", "region", "given", "middle", "family"), FAMILY_FIRST)
def test_where_the_family_comes_first_the_given_name_stands_where_the_country_puts_it(
    written: str, region: str, given: str, middle: str | None, family: str
) -> None:
    assert split_name(written, NameOrder(True, region=region)) == NameParts(given, middle, family)


UNSPACED = [
    ("王小明", "cn", "小明", "王"),
    ("欧阳娜娜", "cn", "娜娜", "欧阳"),
    ("김민수", "kr", "민수", "김"),
    ("남궁민수", "kr", "민수", "남궁"),
    ("佐藤健太", "jp", "健太", "佐藤"),
    ("佐々木健太", "jp", "健太", "佐々木"),
    ("林彩花", "jp", "彩花", "林"),
]


@pytest.mark.parametrize(("written", "region", "given", "family"), UNSPACED)
def test_a_name_without_spaces_begins_with_the_family_name(written: str, region: str, given: str, family: str) -> None:
    taken = take_apart(written, NameOrder(region=region)).written(middle_apart=True)
    assert (taken.given, taken.family) == (given, family)


ORDERS = [
    (["Иванова Анна", "Петров Иван"], False, True),
    (["Anna Ivanova", "Ivan Petrov"], False, False),
    (["Nguyen Thi Anh", "Le Van Binh"], False, True),
    (["Anh Nguyen", "Binh Le"], True, False),
    (["Qwe Asd", "Zxc Rty"], True, True),
    (["Qwe Asd", "Zxc Rty"], False, False),
]


@pytest.mark.parametrize(("values", "usual", "first"), ORDERS)
def test_family_names_tell_the_order_too_and_the_country_decides_where_none_does(
    values: list[str], usual: bool, first: bool
) -> None:
    assert is_family_first(values * 10, frozenset(), usual=usual) == first


def test_two_surnames_are_one_family_name_in_spanish_order() -> None:
    assert split_name("Juan Carlos García López", NameOrder(two_surnames=True)) == NameParts(
        "juan", "carlos", "garcia lopez"
    )


def test_the_order_of_a_source_is_found_from_known_given_names() -> None:
    given = ["Anna", "Peter", "John", "Mary", "Robert", "Susan", "David", "Linda", "Karen", "Thomas", "Daniel", "Laura"]
    assert is_family_first([f"Kowalczyk{i} {name}" for i, name in enumerate(given)], frozenset())
    assert not is_family_first([f"{name} Kowalczyk" for name in given], frozenset())
    assert not is_family_first(["Kowalczyk Anna"], frozenset()), "one value is no evidence"
    assert is_family_first([f"Kowalczyk {name}" for name in ["Zdzislaw"] * 10], frozenset({"zdzislaw"}))


def test_a_source_that_writes_commas_is_seen() -> None:
    assert writes_commas(["Smith, Ann", "Lee, Bo", "Cher"])
    assert not writes_commas(["Ann Smith", "Bo Lee", "Ann Lee, Baroness"])


MEET = [
    ("Bill", "William"),
    ("Bob", "Rob"),
    ("Pepe", "José"),
    ("Paco", "Francisco"),
    ("Hans", "Johannes"),
    ("Sepp", "Josef"),
    ("Zé", "José"),
    ("Beppe", "Giuseppe"),
    ("Uschi", "Ursula"),
    ("Sascha", "Alexander"),
    ("Tomek", "Tomasz"),
    ("Gosia", "Małgorzata"),
    ("Honza", "Jan"),
    ("Саша", "Александр"),
    ("Henk", "Hendrik"),
    ("Laci", "László"),
    ("Giannis", "Ioannis"),
]


@pytest.mark.parametrize(("one", "other"), MEET, ids=lambda v: v)
def test_a_short_form_meets_its_formal_name(one: str, other: str) -> None:
    assert _formals(one) & _formals(other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Robert"), ("Paco", "Pepe"), ("Hans", "Sepp")], ids=lambda v: v)
def test_names_that_share_no_formal_name_do_not_meet(one: str, other: str) -> None:
    assert not _formals(one) & _formals(other)


def _formals(name: str) -> set[str]:
    return set((also_known_as(given_name(name)) or "").strip("|").split("|")) - {""}


def test_a_name_that_no_table_knows_has_no_formal_names() -> None:
    assert also_known_as("wangxiaoming") is None


@pytest.mark.parametrize(
    ("one", "other"), [("Schmidt", "Schmit"), ("Meier", "Maier"), ("Philip", "Filip")], ids=lambda v: v
)
def test_names_that_sound_alike_share_a_code_or_its_start(one: str, other: str) -> None:
    codes = [phonetic(family_name(n)) for n in (one, other)]
    assert codes[0] and codes[1] and codes[0][:3] == codes[1][:3]


@pytest.mark.parametrize("name", ["w", "oo", "gh", "y", "aa"])
def test_a_name_without_consonant_sounds_is_its_own_code(name: str) -> None:
    assert phonetic(name) == name
