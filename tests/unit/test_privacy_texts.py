"""Text made safe per medium, masks, and pseudonyms against the vectors of RFC 4231."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxid.model import FieldType
from cxid.privacy import _UNSAFE, csv_text, html_text, json_text, mask, pseudonymise, terminal_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann Smith", "Ann Smith"),
        ("Ännchen 日本 🙂", "Ännchen 日本 🙂"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),  # colour
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),  # window title
        ("\x9b2J", "\\x9b2J"),  # the one-byte form of escape [
        ("a\rb\nc\td", "a\\rb\\nc\\td"),
        ("abc\u202ecba", "abc\\u202ecba"),  # turns the direction
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),  # invisible
        ("tag\U000e0041", "tag\\U000e0041"),
        ("lone\ud800", "lone\\ud800"),
        ("نام\u200cخانوادگی", "نام\u200cخانوادگی"),  # a joiner that Persian needs
    ],
)
def test_no_value_acts_on_a_terminal(written: str, shown: str) -> None:
    assert terminal_text(written) == shown


def test_what_python_calls_printable_holds_nothing_unsafe() -> None:
    """The short cut for ordinary values rests on this."""
    assert [hex(i) for i in range(0x110000) if chr(i).isprintable() and _UNSAFE.fullmatch(chr(i))] == []


@given(st.text())
def test_terminal_text_is_printable_on_one_line_and_stays_so(text: str) -> None:
    shown = terminal_text(text)
    assert terminal_text(shown) == shown
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in shown)


@given(
    st.recursive(st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
)
def test_a_json_document_means_the_same_after_it_is_made_safe(content: object) -> None:
    document = json.dumps(content, ensure_ascii=False, indent=1)
    assert json.loads(json_text(document)) == json.loads(document)
    assert "\x1b" not in json_text(document)
    assert "\x9b" not in json_text(document)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Ann", "Ann"),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+cmd()", "'-2+cmd()"),
        ("\t=1", "'\t=1"),
        ("＝cmd()", "'＝cmd()"),
        ("+49 664 123-45", "+49 664 123-45"),  # a phone number stays one
        ("-12.50", "-12.50"),
        ("", ""),
    ],
)
def test_a_formula_stays_text_in_a_spreadsheet(value: str, cell: str) -> None:
    assert csv_text(value) == cell
    assert csv_text(value, guard=False) == value


def test_html_is_inert() -> None:
    assert html_text("<script>alert('x')</script>\x07") == "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;\\x07"
    assert html_text('" onload="x') == "&quot; onload=&quot;x"


@pytest.mark.parametrize(
    ("value", "type_", "hidden"),
    [
        ("ann.smith@example.com", FieldType.EMAIL, "a********@e********"),
        ("+43 664 1234567", FieldType.PHONE, "+** *** *****67"),
        ("12345", FieldType.PHONE, "*****"),
        ("1980-05-17", FieldType.BIRTH_DATE, "1980-**-**"),
        ("17.05.1980", FieldType.BIRTH_DATE, "1980-**-**"),
        ("170580", FieldType.BIRTH_DATE, "******"),
        ("Anna Maria", FieldType.FULL_NAME, "A*** M****"),
        ("Li", FieldType.FAMILY_NAME, "**"),
        ("AT", FieldType.COUNTRY, "AT"),
        ("10 Main Street", FieldType.STREET, "** M*** S*****"),
        ("", None, ""),
    ],
)
def test_a_mask_shows_what_its_owner_recognises(value: str, type_: FieldType | None, hidden: str) -> None:
    assert mask(value, type_) == hidden


@pytest.mark.parametrize(
    ("key", "value", "digest"),
    [
        (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_pseudonyms_are_hmac_sha256_of_rfc_4231(key: bytes, value: bytes, digest: str) -> None:
    assert pseudonymise(value, key) == digest


def test_another_key_gives_other_pseudonyms_and_no_key_none() -> None:
    values = [f"person{i}@example.com" for i in range(200)]
    assert {pseudonymise(v, b"one") for v in values}.isdisjoint(pseudonymise(v, b"two") for v in values)
    with pytest.raises(ValueError, match="key"):
        pseudonymise("ann", b"")
