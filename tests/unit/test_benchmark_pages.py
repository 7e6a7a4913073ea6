"""What the benchmarks write and how they are asked; nothing here is timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import accuracy
import company
import machine
import pages
import peers
import peers_speed
import pytest
import runners
import scaling
import stages
from labelled import Folders, Missing, recipes
from machine import Measured, measured, measured_run
from pages import Rows, number, ratio, table
from runners import Run, Spent, cxid_figures, run_from_json, splink_figures

BENCHMARKS = Path(machine.__file__).parent


def test_a_table_keeps_bars_inside_their_cells() -> None:
    assert table(("a", "b"), [("x|y", 1)]) == "| a | b |\n|---|---|\n| x\\|y | 1 |"


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(1234567.0, 0, "1,234,567"), (0.12345, 4, "0.1235"), (None, 2, "-"), (0, 0, "0")],
)
def test_numbers_are_written_as_people_read_them(value: float | None, digits: int, words: str) -> None:
    assert number(value, digits) == words


@pytest.mark.parametrize(("value", "by", "words"), [(6.0, 4.0, "1.50"), (None, 4.0, "-"), (1.0, 0.0, "-")])
def test_a_ratio_of_nothing_is_a_dash(value: float | None, by: float, words: str) -> None:
    assert ratio(value, by) == words


def test_finished_rows_are_found_again_and_a_line_cut_short_is_not(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    Rows(path, resume=False).add("a", {"n": 1})
    with path.open("a") as file:
        file.write('{"key": "b", "row": {"n"')
    again = Rows(path, resume=True)
    assert (again.get("a"), again.get("b")) == ({"n": 1}, None)
    assert Rows(path, resume=False).get("a") is None


def test_a_page_says_each_part_that_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RESULTS", tmp_path / "results")
    assert pages.page("p", "Title", "one", "", "two").read_text() == "# Title\n\none\n\ntwo\n"


@pytest.mark.parametrize(
    ("sizes", "values", "exponent"),
    [([1, 10, 100], [2, 20, 200], 1.0), ([10, 100], [3, 300], 2.0), ([10, 20, 40], [5, 5, 5], 0.0)],
)
def test_the_exponent_is_the_slope_of_the_logarithms(sizes: list[float], values: list[float], exponent: float) -> None:
    assert scaling.slope(sizes, values) == pytest.approx(exponent)


def test_one_size_has_no_exponent() -> None:
    assert scaling.slope([10, 10], [1, 2]) is None


def _size(records: int, wall: float, error: str = "") -> dict[str, Any]:
    stage = {"stage": "link", "wall": wall / 2, "cpu": wall, "peak_mb": 500}
    return {"records": records, "of": "people", "wall": wall, "cpu": 2 * wall, "peak_mb": 900.0, "disk_mb": 10.0,
            "most_disk_mb": 20.0, "outputs_mb": 5.0, "stages": [stage], "error": error,
            "counts": {"scored_pairs": 7, "customers": 3}, "f1": None if error else 0.9}  # fmt: skip


def test_growth_is_told_for_the_sizes_that_came_to_an_end() -> None:
    text = scaling.scaling_text([_size(100, 1.0), _size(1000, 10.0), _size(10000, 1.0, "ResourceError: no disk")])
    assert "| 1,000 | 7 | 3 | 0.9000 | 10.0 | 20.0 |" in text
    assert "| 10.0 | 10.0 | 10.0 |" in text
    assert "10,000 records failed: ResourceError: no disk" in text
    assert "wall time 1.00, CPU time 1.00, peak memory 0.00" in text
    assert "| link | 0.5 / 1.0 / 500 | 5.0 / 10.0 / 500 | 1.00 |" in text


def test_disk_counts_a_file_of_two_names_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 2**20)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert scaling.folder_mb(tmp_path) == pytest.approx(1.0, abs=0.2)


STAGES = {
    "stages": [
        {"stage": "normalise", "wall": 1.0, "cpu": 2.0, "peak_mb": 300, "rows": 5},
        {"stage": "link", "wall": 4.0, "cpu": 6.0, "peak_mb": 700, "rows": None},
        {"stage": "stitch", "wall": 2.0, "cpu": 3.0, "peak_mb": 600, "rows": 2},
    ],
    "relations": [
        {"stage": "link", "what": "load link_score", "wall": 0.5, "cpu": 0.5, "calls": 1, "rows": 1, "peak_mb": 1},
        {"stage": "link", "what": "run link_pair", "wall": 0.5, "cpu": 1.0, "calls": 1, "rows": 9, "peak_mb": 1},
        {"stage": "link", "what": "fetch", "wall": 1.0, "cpu": 1.0, "calls": 4, "rows": None, "peak_mb": 1},
    ],
    "phases": [{"stage": "link", "what": "comparing pairs", "wall": 1.0, "cpu": 2.0, "rows": 3000}],
    "whole": {"stage": "", "what": "whole process", "wall": 8.0, "cpu": 12.0, "peak_mb": 700, "rows": None},
    "error": "",
}  # fmt: skip


def test_linkage_of_cxid_is_link_and_stitch_and_scoring_ends_with_the_weights() -> None:
    run = cxid_figures(STAGES, Measured(9.0, 13.0, 720.0))
    assert (run.linkage, run.scoring, run.whole) == (Spent(6.0, 9.0), Spent(2.0, 3.5), Spent(9.0, 13.0))
    assert (run.linkage_peak_mb, run.whole_peak_mb, run.candidate_pairs) == (700, 720.0, 3000)
    assert run.pairs_per_second == 1500.0


def test_linkage_of_splink_leaves_out_loading_and_writing_its_answers() -> None:
    steps = [{"step": s, "wall": w, "cpu": 2 * w} for s, w in (("load", 1.0), ("prior", 0.5), ("scoring", 2.0))]
    figures = {"steps": steps, "writing": {"wall": 3.0, "cpu": 3.0}, "candidate_pairs": 1000, "peak_mb": 400}
    run = splink_figures(figures, Measured(10.0, 15.0, 450.0))
    assert (run.linkage, run.scoring, run.whole) == (Spent(2.5, 5.0), Spent(2.0, 4.0), Spent(7.0, 12.0))
    assert run.pairs_per_cpu_second == 250.0


def test_a_run_survives_being_written_down() -> None:
    run = cxid_figures({**STAGES, "relations": STAGES["relations"][:2]}, Measured(9.0, 13.0, 720.0))
    assert run_from_json(run.as_json()).as_json() == run.as_json()


def _run(wall: float, pairs: int) -> Run:
    spent = Spent(wall, 2 * wall)
    return Run({"link": spent}, spent, spent, Spent(wall / 2, wall), Spent(3 * wall, 6 * wall), pairs, 100.0, 200.0)


def test_the_table_of_speed_says_how_many_times_better_cxid_is() -> None:
    runs = {
        "cxid": [_run(2.0, 100), _run(4.0, 100)],
        "splink tight": [_run(6.0, 150)],
        "splink wide": [_run(30.0, 900)],
    }
    scores = {tool: {"auto": {"f1": 0.9, "bcubed_f1": 0.8}} for tool in runs}
    text = peers_speed.speed_table(runs, scores)
    assert "| linkage, wall s | 3.0 | 6.0 | 30.0 | 2.00 | 10.00 |" in text
    assert (
        "| whole process, wall s | 6.0 | 18.0 | 90.0 | 3.00 | 15.00 |" in text
    )  # the first run of cxid alone is whole
    assert "| pairs scored per second | 75 | 50 | 60 | 1.50 | 1.25 |" in text
    assert "| F1, Splink at its best cut by labels | 0.9000 | - | - |  |  |" in text


def test_a_profile_names_what_costs_most_and_what_no_statement_explains() -> None:
    text = stages.profile_text(STAGES)
    assert "| link | 4.00 | 6.00 | 50.0 % | 700 | - |" in text
    assert "| link | fetch | 4 | 1.00 | 1.00 | 12.5 % | 1 | - |" in text
    assert "| link | outside the engine |  | 2.00 | 3.50 | 25.0 % |" in text


ASKED = [
    (accuracy, ["somewhere", "--only", "a", "b"], {"data": Path("somewhere"), "only": ["a", "b"], "write": False}),
    (company, ["--people", "50", "--init"], {"people": 50, "init": True, "seed": 1}),
    (peers, ["speed", "--repeats", "2", "--write"], {"command": "speed", "repeats": 2, "records": 1_000_000, "write": True, "resume": False}),
    (peers, ["--resume", "accuracy", "--only", "febrl3"], {"command": "accuracy", "only": ["febrl3"], "seeds": [1, 2, 3], "resume": True, "write": False}),
    (scaling, [], {"sizes": [100_000, 1_000_000, 5_000_000, 10_000_000], "memory_limit": "8GB", "again": False}),
    (scaling, ["--sizes", "1000", "2000", "--memory-limit", "1GB"], {"sizes": [1000, 2000], "memory_limit": "1GB"}),
    (stages, ["proj", "--threads", "1"], {"project": Path("proj"), "threads": 1, "memory_limit": None}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "words", "options"), ASKED, ids=[f"{m.__name__} {' '.join(w)}" for m, w, _ in ASKED]
)
def test_commands_understand_their_options(module: Any, words: list[str], options: dict[str, Any]) -> None:
    found = vars(module.arguments().parse_args(words))
    assert {name: found[name] for name in options} == options


def test_a_command_that_fails_tells_its_words_and_stops_the_benchmark() -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('out of luck')"]
    assert (measured(failing).code, measured(failing).words.strip()) == (1, "out of luck")
    with pytest.raises(SystemExit, match="out of luck"):
        measured_run(failing)


def test_measuring_counts_the_memory_of_the_command_itself() -> None:
    # the system counts the memory of whoever starts a process as the process's own: the benchmark that asks is small
    measuring = (
        "import sys; from machine import measured; "
        "took = measured([sys.executable, '-c', 'b = bytearray(90_000_000)']); print(took.code, took.peak_mb)"
    )
    told = subprocess.run([sys.executable, "-c", measuring], cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    code, peak = (float(word) for word in told.stdout.split())
    assert code == 0
    assert 85 < peak < 400


def test_each_set_that_is_not_there_says_so(tmp_path: Path) -> None:
    nowhere = Folders(tmp_path / "data", tmp_path / "bench", tmp_path / "cache")
    for recipe in recipes():
        if not recipe.name.startswith("febrl3") and not recipe.name.startswith("febrl4"):  # these come with a package
            with pytest.raises(Missing):
                recipe.make(nowhere)


@pytest.mark.shared_data
def test_each_labelled_set_names_columns_that_its_files_have(shared_data: Path, tmp_path: Path) -> None:
    folders = Folders(data=shared_data, generators=tmp_path / "none", cache=tmp_path)
    for recipe in recipes():
        if recipe.name.startswith(("people", "thin", "febrl3", "febrl4")):
            continue
        data = recipe.make(folders)
        assert all(f.is_file() for f in (*data.files, data.truth))
        assert {c for s in data.sources for c in s.columns} == set(data.kinds)
        assert runners.splink_version().startswith("splink==5")
