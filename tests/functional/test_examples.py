"""Examples print what their pages say, and ready configs are valid."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from cxid.config.loading import parse_config
from cxid.config.model import Config
from tests.functional.cli_harness import cxid
from tests.functional.example_pages import EXAMPLES, PAGES, copied, rewritten

ROOT = Path(__file__).parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yml"))


def parsed(file: Path) -> Config:
    return parse_config(file.read_bytes(), file, env={})


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    now = rewritten(text, copied(PAGES[page], tmp_path))
    assert now == text, "python -m tests.functional.example_pages writes it anew"


def test_there_are_examples() -> None:
    stories = {"two-systems", "anonymous-visitors", "bicycle-shop", "subscription", "bank"}
    assert stories == {e.name for e in EXAMPLES}


@pytest.mark.parametrize("file", CONFIGS, ids=lambda p: p.name)
def test_a_ready_config_is_valid(file: Path) -> None:
    assert parsed(file).sources


BUILT = {  # config -> where a test builds it on data
    "bank.yml": "examples/bank/cxid.yml",
    "subscription.yml": "examples/subscription/cxid.yml",
    "retail.yml": "src/cxid/demo/words/cxid.yml",
}


@pytest.mark.parametrize("name", BUILT)
def test_a_ready_config_is_the_one_that_is_built(name: str) -> None:
    assert (ROOT / "configs" / name).read_bytes() == (ROOT / BUILT[name]).read_bytes()


def test_the_minimal_config_fits_the_first_example(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples/two-systems/data", tmp_path / "data")
    shutil.copy(ROOT / "configs/minimal.yml", tmp_path / "cxid.yml")
    done = cxid("check", "-C", tmp_path, "--format", "json")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_every_ready_config_is_built_or_checked_somewhere() -> None:
    assert {c.name for c in CONFIGS} == {*BUILT, "minimal.yml", "online_shop.yml"}  # see test_online_shop


def test_the_config_in_the_readme_is_valid() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert set(parse_config(block.encode(), Path("cxid.yml"), env={}).sources) == {"crm", "web", "pos"}


def test_the_tutorials_files_are_those_of_its_script(tmp_path: Path) -> None:
    shop = ROOT / "examples/bicycle-shop"
    spec = importlib.util.spec_from_file_location("make_data", shop / "make_data.py")
    assert spec is not None and spec.loader is not None
    make_data = importlib.util.module_from_spec(spec)
    sys.modules["make_data"] = make_data  # dataclasses look their module up
    spec.loader.exec_module(make_data)
    make_data.main(tmp_path)
    made = {f.relative_to(tmp_path): f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    kept = [f for day in ("data", "next_day") for f in (shop / day).rglob("*") if f.is_file()] + [shop / "truth.csv"]
    assert made == {f.relative_to(shop): f.read_bytes() for f in kept}
