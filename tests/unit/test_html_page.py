"""The page of figures that no company of a test has: none at all, huge ones, names without end."""

from __future__ import annotations

import re

import pytest

from cxid.figures import Figures, Row
from cxid.html import drawing
from cxid.html.report import report_page
from cxid.html.sections.words import listed, many, sentences, short
from tests.functional.report_figures import FIGURES

_MOST_BYTES = 2_000_000
_LONG = "<b>" + "A" * 10_000


def _figures(**more: list[Row]) -> Figures:
    sections: dict[str, dict[int, dict[str, str]]] = {}
    for section, row_no, label, name, value in FIGURES:
        sections.setdefault(section, {}).setdefault(row_no, {"label": label})[name] = value
    return Figures("r0001", {**{s: tuple(rows.values()) for s, rows in sections.items()}, **more})


def _headings(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]*)", page)


def test_without_any_figure_there_is_a_page() -> None:
    assert _headings(report_page(Figures("r0001", {}), "shop")) == ["Overview", "What went in"]


@pytest.mark.parametrize("times", [1, 50_000])
def test_figures_of_any_size_are_drawn(times: int) -> None:
    figures = _figures()
    grown = {
        section: tuple({k: str(int(v) * times) if k in ("amount", "customers", "events") and v.isdigit() else v
                        for k, v in row.items()} for row in rows)
        for section, rows in figures.sections.items()
    }  # fmt: skip
    page = report_page(Figures("r0001", grown), "shop")
    assert f"{15_000 * times:,}" in page
    assert "nan" not in page


def test_no_data_makes_the_page_too_large() -> None:
    kpis = [
        {"label": "revenue", "phase": "retention/advocacy", "period": period, "currency": f"{n}{_LONG}", "value": "1.0",
         "numerator": "1", "denominator": "1", "unit": "money", "status": "no_target", "complete": "yes"}
        for n in range(500) for period in ("total", *(f"2026-{month:02}" for month in range(1, 13)))
    ]  # fmt: skip
    money = [{"label": f"{n}{_LONG}", "customers": "1", "purchases": "1", "refunds": "0", "revenue": "1.0",
              "revenue_of_customers": "1.0"} for n in range(5_000)]  # fmt: skip
    names = [f"s{n}" for n in range(60)]
    fields = [{"label": f"{n}{_LONG}", "records": "9", "filled_records": "5", "customers": "9", "filled_customers": "6"}
              for n in range(400)]  # fmt: skip
    chosen = [{"label": field["label"], "source": name, "chosen": "3", "conflicts": "1"}
              for field in fields for name in names]  # fmt: skip
    sets = [{"label": ",".join(names[:n]), "customers": "5", "known": "5"} for n in range(1, 60)]
    page = report_page(_figures(kpis=kpis, purchases=money, fields=fields, survivorship=chosen, sets=sets), _LONG)
    assert len(page.encode()) < _MOST_BYTES
    assert "<b>" not in page
    assert "4,900 more" in page


def test_names_that_do_not_fit_into_a_drawing_are_cut_there_and_whole_in_its_table() -> None:
    name = "a_source_with_a_name_of_forty_letters___"
    page = report_page(_figures(events=[
        {"label": name, "kind": "events", "events": "9", "of_a_customer": "9", "of_a_known_customer": "9", "customers": "1"}
    ]), "shop")  # fmt: skip
    assert f">{drawing.fitting(name, 94)}</text>" in page
    assert f"<td>{name}</td>" in page


def test_streams_with_one_end_or_none_are_drawn() -> None:
    assert "<path" not in drawing.flows("none", [], short)
    assert drawing.flows("one", [("a", "b", 5.0, "a")], short).count("<path") == 1


def test_a_line_has_gaps_where_there_is_no_figure() -> None:
    path = re.search(' d="([^"]*)"', drawing.line("kpi", [1.0, None, 2.0, 3.0], target=9.0))
    assert path is not None
    assert [c for c in path[1] if c in "ML"] == ["M", "M", "L"]


def test_words() -> None:
    assert (many(1, "row"), many(2_000, "row"), many(2, "thing is", "things are")) == (
        "1 row",
        "2,000 rows",
        "2 things are",
    )
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert sentences(("one thing", "", "two")) == "One thing. Two."
    assert [short(n) for n in (999, 12_345, 1_234_567, 2_500_000_000)] == ["999", "12.3k", "1.2M", "2.5B"]


def _lede(figures: Figures, title: str) -> str:
    found = re.search(f'{title}</h2>\n<p class="lede">([^<]*)</p>', report_page(figures, "shop"))
    assert found is not None
    return found[1]


def test_how_customers_moved_is_told_by_where_they_were_a_year_ago() -> None:
    shift = [
        {"label": "unknown", "stage": "aware", "customers": "30"},  # new
        {"label": "unknown", "stage": "unknown", "customers": "8"},  # still without any event
        {"label": "aware", "stage": "repeat", "customers": "5"},  # ahead
        {"label": "lapsed", "stage": "repeat", "customers": "2"},  # ahead
        {"label": "customer", "stage": "lapsed", "customers": "4"},  # back, and lost
        {"label": "repeat", "stage": "engaged", "customers": "1"},  # back
        {"label": "repeat", "stage": "repeat", "customers": "50"},
    ]
    moves = [{"label": "unknown", "stage": "aware", "customers": "90", "recent": "1"},
             {"label": "aware", "stage": "engaged", "customers": "20", "recent": "3"}]  # fmt: skip
    assert _lede(_figures(shift=shift, moves=moves), "How they move") == (
        "30 of 100 known customers (30.0%) are new within a year. Of those met before, 7 moved ahead and 5 fell back, "
        "4 of them newly at risk or lapsed. The step taken most in the last 90 days is from aware to engaged "
        "(3 customers)."
    )


def test_it_says_why_nothing_is_foretold() -> None:
    page = report_page(
        _figures(unvalued=[{"label": "what they spend", "currency": "EUR", "note": "too few buyers"}]), "shop"
    )
    assert "<td>EUR</td><td>too few buyers</td>" in page


def test_recommendation_is_promoters_less_detractors() -> None:
    nps = [{"label": "detractor", "customers": "20"}, {"label": "passive", "customers": "30"},
           {"label": "promoter", "customers": "50"}]  # fmt: skip
    assert "50.0% of 100 customers would recommend us and 20.0% would not: NPS +30." in _lede(
        _figures(nps=nps), "What they say"
    )


def test_a_set_of_sources_is_joined_from_its_first_to_its_last() -> None:
    sets = [{"label": "a,b", "customers": "9", "known": "9"}, {"label": "a,c", "customers": "5", "known": "5"}]
    dots = re.findall(r'<td class="dot([^"]*)"><span class="(on|off)', report_page(_figures(sets=sets), "shop"))
    assert dots[:3] == [(" joined-right", "on"), (" joined-left", "on"), ("", "off")]
    assert dots[3:] == [(" joined-right", "on"), (" joined-left joined-right", "off"), (" joined-left", "on")]
