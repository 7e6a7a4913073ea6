"""The user's output folder: made as a link, and never at the cost of files that cxid did not write."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.errors import StateVersionError, UsageError
from cxid.runs.home import Home
from cxid.runs.publish import OutputLink


def _link(root: Path, name: str = "output") -> OutputLink:
    home = Home(root.resolve())
    home.make()
    home.sign()
    return OutputLink(home.root / name, home)


def test_it_is_relative_inside_the_project_and_absolute_outside(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name, target in (
        ("output", ".cxid/published/output"),
        ("deep/er/output", "../../.cxid/published/output"),
        (str(tmp_path / "elsewhere"), str(project / ".cxid/published/output")),
    ):
        link = _link(project, name)
        link.check()
        link.make()
        assert str(link.path.readlink()) == target
        link.check()


@pytest.mark.parametrize("name", [".", "..", ".cxid", ".cxid/runs/output"])
def test_the_project_and_its_state_cannot_be_the_output(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        _link(tmp_path, name).check()


def test_an_empty_folder_and_copied_outputs_give_way(tmp_path: Path) -> None:
    link = _link(tmp_path)
    link.path.mkdir()
    link.check()
    (link.path / "golden_customer.csv").touch()
    (link.path / "cxid.duckdb").touch()
    link.check()
    link.make()
    assert link.path.is_symlink()
    assert sorted(p.name for p in (tmp_path / ".cxid").iterdir()) == [".gitignore", "runs", "state"]


def test_a_folder_with_other_files_a_file_and_a_foreign_link_are_refused(tmp_path: Path) -> None:
    folder, file, foreign = _link(tmp_path, "folder"), _link(tmp_path, "file"), _link(tmp_path, "foreign")
    folder.path.mkdir()
    (folder.path / "thesis.docx").touch()
    file.path.touch()
    foreign.path.symlink_to(folder.path)
    for link in (folder, file, foreign):
        with pytest.raises(UsageError) as raised:
            link.check()
        assert "outputs.dir" in raised.value.hint
    assert (folder.path / "thesis.docx").exists()


@pytest.mark.parametrize("written", ['{"version": 2}', "{}", "", "not json"])
def test_state_of_an_unknown_version_is_not_touched(tmp_path: Path, written: str) -> None:
    home = _link(tmp_path).home
    (home.state / "version").write_text(written)
    with pytest.raises(StateVersionError):
        home.make()
