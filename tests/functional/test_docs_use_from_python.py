"""The code of docs/how-to/use-from-python.md runs as it stands, over a small sample company."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cxid
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-to" / "use-from-python.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def test_the_code_runs_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cxid.write_demo(tmp_path / "acme", people=120, seed=3)
    monkeypatch.chdir(tmp_path)
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("published ")
    assert said[-2:] == ["unchanged", "no customer of this reference - `cxid find TEXT` searches names and identifiers"]
    assert "unlink" in said
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(blocks) == 5
