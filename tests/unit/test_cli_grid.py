"""Tables drawn for people: nothing lost, nothing too wide."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from cxid.cli._grid import bar, draw, fold, text_width
from cxid.cli._terminal import Terminal
from cxid.privacy import terminal_text

WIDE = Terminal(is_tty=True, colour=False, live=True, unicode=True, width=80)
ASCII = Terminal(is_tty=True, colour=False, live=True, unicode=False, width=80)


def test_numbers_stand_right_and_words_left() -> None:
    assert draw(("name", "rows"), [("crm", "12,000"), ("web", "7")], ASCII) == (
        "name    rows\n"
        "----  ------\n"
        "crm   12,000\n"
        "web        7\n"
    )  # fmt: skip


def test_a_table_without_headings_has_no_rule() -> None:
    assert draw(("", ""), [("a", "b")], WIDE) == "a  b\n"


def test_what_cannot_be_read_side_by_side_stands_below_each_other() -> None:
    narrow = Terminal(is_tty=True, colour=False, live=True, unicode=True, width=20)
    assert draw(("customer", "email", "city"), [("cx_1", "ann@x.example", "")], narrow) == (
        "customer: cx_1\nemail: ann@x.example\n"
    )


def test_wide_characters_take_two_columns() -> None:
    assert [text_width(t) for t in ("abc", "日本", "é", "e\u0301", "ก็", "a\u200db")] == [3, 4, 1, 1, 1, 2]


@given(st.text(max_size=60).map(terminal_text), st.integers(2, 40))
def test_folding_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = fold(text, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join("".join(lines).split(" ")) == "".join(text.split(" "))


def test_a_command_is_never_broken_in_two() -> None:
    said = (
        'decide them: `cxid review --limit 40`, or ask cxid query "SELECT a, b FROM golden_customer" -f json, then stop'
    )
    assert fold(said, 40) == [
        "decide them: `cxid review --limit 40`,",
        'or ask cxid query "SELECT a, b FROM golden_customer" -f json,',
        "then stop",
    ]
    assert fold("  the next step of all is cxid build -C acme", 30) == [
        "  the next step of all is",
        "  cxid build -C acme",
    ]
    assert fold("cxid is no command alone here", 12) == ["cxid is no", "command", "alone here"]


def test_a_command_in_a_table_stays_whole() -> None:
    narrow = Terminal(is_tty=True, colour=False, live=True, unicode=True, width=36)
    rows = [("cx_1", "a reason that is long enough", "cxid show cx_1")]
    assert draw(("customer", "why", "look"), rows, narrow).splitlines()[-1].strip() == "enough"
    assert "cxid show cx_1" in draw(("customer", "why", "look"), rows, narrow)
    assert draw(("customer", "look"), [("cx_1", "cxid show cx_1 --events 20 -C acme")], narrow) == (
        "customer: cx_1\nlook:\ncxid show cx_1 --events 20 -C acme\n"
    )


def test_headings_give_way_before_values_do() -> None:
    rows = [("cx_1", "ann@x.example", "2", "12")]
    drawn = [
        draw(("customer_id", "email", "record_count", "days"), rows, Terminal(True, False, True, False, width))
        for width in (44, 40, 39)
    ]
    assert [d.splitlines()[-1].split() for d in drawn] == [["cx_1", "ann@x.example", "2", "12"]] * 3
    assert [" ".join(d.splitlines()[1].split()) for d in drawn] == ["count", "id count", "id count"]


def test_a_page_in_a_cell_is_drawn_at_once() -> None:
    began = time.process_time()
    fold("A" * 100_000, 20)
    assert time.process_time() - began < 1


CELL = st.text(max_size=25).map(terminal_text)


@given(
    st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=4)),
    st.integers(30, 120),
)
def test_no_line_of_a_table_is_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    terminal = Terminal(is_tty=True, colour=False, live=True, unicode=True, width=width)
    columns = [f"column{i}" for i in range(len(rows[0]))]
    drawn = draw(columns, rows, terminal)
    assert all(text_width(line) <= width for line in drawn.split("\n"))
    everything = "".join(drawn.split())
    for row in rows:
        for cell in row:
            assert set(cell.split()) - {""} == set() or all(c in everything for c in cell if not c.isspace())


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(5, 80))
def test_a_bar_fits_and_shows_whatever_is_not_nothing(value: int, largest: int, width: int) -> None:
    value = min(value, largest)
    for terminal in (WIDE, ASCII):
        drawn = bar(value, largest, width, terminal)
        assert len(drawn) <= width
        assert bool(drawn) is (value > 0)
    assert bar(largest, largest, width, WIDE) == "█" * width
