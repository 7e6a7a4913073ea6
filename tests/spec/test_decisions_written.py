"""Decisions added to decisions.csv: what is written, what stays byte for byte, what is refused and with which line."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cxid.config.deciding import add_decisions
from cxid.config.decisions import Action, Decision, read_decisions
from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.errors import ConfigError, CxidError, LockError, UsageError

HEADER = "action,source_a,key_a,source_b,key_b,field,value,who,when,reason\n"
CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: n, email: mail, city: town}}
  shop: {path: shop.csv, kind: people, key: no, columns: {email: mail, full_name: name, family_name: f}}
  web: {path: web.csv, kind: events, time: at, ids: {email: mail}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "cxid.yml").write_text(CONFIG)
    return load_config(tmp_path)


def link(a: str, b: str, **told: str) -> Decision:
    return Decision(0, Action.LINK, ("crm", a), ("crm", b), **told)


def unlink(a: str, b: str) -> Decision:
    return Decision(0, Action.UNLINK, ("crm", a), ("crm", b))


def pin(key: str, field: str, value: str) -> Decision:
    return Decision(0, Action.PIN, ("crm", key), None, field, value)


SIGNED = {"who": "ann", "when": "2026-11-22", "reason": "same, she says"}


@pytest.mark.parametrize(
    ("story", "before", "wanted", "after"),
    [
        ("a file is made with its header", None, [link("1", "2", **SIGNED)],
         HEADER + 'link,crm,1,crm,2,,,ann,2026-11-22,"same, she says"\n'),
        ("an empty file gets its header", "", [unlink("1", "2")], HEADER + "unlink,crm,1,crm,2,,,,,\n"),
        ("lines stay as they are written, odd ones too", HEADER + '\n"link" ,crm, 1,crm,"2",,,,,\n', [link("3", "4")],
         HEADER + '\n"link" ,crm, 1,crm,"2",,,,,\n' + "link,crm,3,crm,4,,,,,\n"),
        ("a last line without an end gets one", HEADER + "link,crm,1,crm,2,,,,,", [link("3", "4")],
         HEADER + "link,crm,1,crm,2,,,,,\nlink,crm,3,crm,4,,,,,\n"),
        ("a file of Windows keeps its line ends and its mark", "\ufeff" + HEADER.replace("\n", "\r\n"), [link("3", "4")],
         "\ufeff" + HEADER.replace("\n", "\r\n") + "link,crm,3,crm,4,,,,,\r\n"),
        ("the order of the file's own columns counts", "key_b,source_b,key_a,source_a,action\n", [link("1", "2")],
         "key_b,source_b,key_a,source_a,action\n2,crm,1,crm,link\n"),
        ("what the file has no column for is left out", "action,source_a,key_a,source_b,key_b,who\n",
         [link("1", "2", **SIGNED)], "action,source_a,key_a,source_b,key_b,who\nlink,crm,1,crm,2,ann\n"),
        ("a pin with a comma, a quote and a line break", None, [pin("1", "city", 'a,"b"\nc')],
         HEADER + 'pin,crm,1,,,city,"a,""b""\nc",,,\n'),
        ("one decision twice at once is one line", None, [link("1", "2"), link("2", "1")], HEADER + "link,crm,1,crm,2,,,,,\n"),
    ],
)  # fmt: skip
def test_what_is_written(config: Config, story: str, before: str | None, wanted: list[Decision], after: str) -> None:
    file = config.root / "decisions.csv"
    if before is not None:
        file.write_bytes(before.encode())
    added = add_decisions(config, wanted)
    assert file.read_bytes() == after.encode(), story
    assert [d for d in read_decisions(config).rows if d.line >= added.rows[0].line] == list(added.rows)
    assert sorted(p.name for p in config.root.iterdir()) == ["cxid.yml", "decisions.csv"]


@pytest.mark.parametrize(
    ("story", "before", "wanted", "lines"),
    [
        ("the same link the other way round", "link,crm,1,crm,2,,,,,\n", link("2", "1"), (2,)),
        ("a link that others imply", "link,crm,1,crm,2,,,,,\nlink,crm,3,crm,2,,,,,\n", link("1", "3"), (2, 3)),
        ("the same unlink", "unlink,crm,1,crm,2,,,,,\n", unlink("1", "2"), (2,)),
        ("the same pin", "link,crm,1,crm,2,,,,,\npin,crm,1,,,city,Rome,,,\n", pin("1", "city", "Rome"), (3,)),
    ],
)  # fmt: skip
def test_a_decision_that_is_there_is_told_and_not_written_again(
    config: Config, story: str, before: str, wanted: Decision, lines: tuple[int, ...]
) -> None:
    file = config.root / "decisions.csv"
    file.write_text(HEADER + before)
    added = add_decisions(config, [wanted])
    assert (added.rows, [told for _, told in added.known]) == ((), [lines]), story
    assert file.read_text() == HEADER + before


@pytest.mark.parametrize(
    ("story", "before", "wanted", "said", "hint"),
    [
        ("a link against an unlink", "unlink,crm,1,crm,2,,,,,\n", [link("1", "2")],
         "decisions.csv:2: unlinks two records that this link makes one person", "remove line 2 of"),
        ("a link that makes a chain across an unlink", "unlink,crm,1,crm,3,,,,,\nlink,crm,2,crm,3,,,,,\n",
         [link("1", "2")], "decisions.csv:2: unlinks two records that this link makes one person, with line 3",
         "remove lines 2, 3 of"),
        ("an unlink against a chain of links", "link,crm,1,crm,2,,,,,\nlink,crm,3,crm,2,,,,,\n", [unlink("1", "3")],
         "decisions.csv:2: links the two records, with line 3", "remove lines 2, 3 of"),
        ("another value for a pin", "pin,crm,1,,,city,Rome,,,\n", [pin("1", "city", "Roma")],
         "decisions.csv:2: pins city of this record to another value", "remove line 2 of"),
        ("both at once", "", [link("1", "2"), unlink("2", "1")],
         "the same records are linked and unlinked, or one field is pinned to two values, in one go", "decide again"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_with_its_lines(
    config: Config, story: str, before: str, wanted: list[Decision], said: str, hint: str
) -> None:
    file = config.root / "decisions.csv"
    file.write_text(HEADER + before)
    with pytest.raises(UsageError) as caught:
        add_decisions(config, wanted)
    assert caught.value.message.splitlines()[1:] == [said], story
    assert hint in caught.value.hint
    assert file.read_text() == HEADER + before


@pytest.mark.parametrize(
    ("story", "before", "wanted", "error"),
    [
        ("a file with faults is mended first", HEADER + "lnk,crm,1,crm,2,,,,,\n", link("1", "2"), ConfigError),
        ("a pin needs its columns", "action,source_a,key_a,source_b,key_b\n", pin("1", "city", "Rome"), UsageError),
        ("a source of events has no people", HEADER, Decision(0, Action.LINK, ("web", "1"), ("crm", "1")), UsageError),
        ("a field that nobody has", HEADER, pin("1", "cty", "Rome"), UsageError),
        ("a whole name that is no golden column", HEADER, pin("1", "full_name", "Ann Lee"), UsageError),
        ("a key that would be read as another", HEADER, link(" 1", "2"), UsageError),
        ("a record with itself", HEADER, link("1", "1"), UsageError),
        ("a day that is none", HEADER, link("1", "2", when="soon"), UsageError),
        ("a quote that never ends", HEADER + 'link,crm,1,crm,2,,,,,"open\n', link("3", "4"), UsageError),
        ("a NUL byte", HEADER, pin("1", "city", "a\0b"), UsageError),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_and_nothing_changes(
    config: Config, story: str, before: str, wanted: Decision, error: type[CxidError]
) -> None:
    file = config.root / "decisions.csv"
    file.write_text(before)
    with pytest.raises(error):
        add_decisions(config, [wanted])
    assert file.read_text() == before, story


def test_a_dry_run_writes_nothing(config: Config) -> None:
    added = add_decisions(config, [link("1", "2")], write=False)
    assert [d.line for d in added.rows] == [2]
    assert not (config.root / "decisions.csv").exists()


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(config: Config) -> None:
    (config.root / "shared").mkdir()
    kept = config.root / "shared" / "decisions.csv"
    kept.write_text(HEADER)
    kept.chmod(0o640)
    (config.root / "decisions.csv").symlink_to("shared/decisions.csv")
    add_decisions(config, [link("1", "2")])
    assert (config.root / "decisions.csv").is_symlink()
    assert kept.read_text() == HEADER + "link,crm,1,crm,2,,,,,\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_a_new_file_can_be_read_by_whoever_reads_the_config(config: Config) -> None:
    config.file.chmod(0o644)
    add_decisions(config, [link("1", "2")])
    assert stat.S_IMODE((config.root / "decisions.csv").stat().st_mode) == 0o644


def test_a_folder_in_the_place_of_the_file_is_named(config: Config) -> None:
    (config.root / "decisions.csv").mkdir()
    with pytest.raises(UsageError, match=r"decisions\.csv: is a folder"):
        add_decisions(config, [link("1", "2")])
    assert sorted(p.name for p in config.root.iterdir()) == ["cxid.yml", "decisions.csv"]


def test_commands_at_once_write_one_after_the_other(config: Config) -> None:
    code = (
        "import pathlib, sys; from cxid.config.deciding import add_decisions; from cxid.config.loading import load_config\n"
        "from cxid.config.decisions import Action, Decision\n"
        "add_decisions(load_config(pathlib.Path(sys.argv[1])), [Decision(0, Action.LINK, ('crm', sys.argv[2]), ('shop', '0'))])"
    )
    at_once = [subprocess.Popen([sys.executable, "-c", code, config.root, str(n)]) for n in range(6)]
    assert [p.wait() for p in at_once] == [0] * 6
    assert sorted(d.a[1] for d in read_decisions(config).rows) == [str(n) for n in range(6)]


def test_who_waits_too_long_is_told(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxid.config.deciding._PATIENCE_SECONDS", 0.1)
    holder = os.open(config.root, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(LockError, match="another command is writing"):
            add_decisions(config, [link("1", "2")])
    finally:
        os.close(holder)
