"""What names a run: the same inputs the same id, anything else another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxid.errors import UsageError
from cxid.runs import machine
from cxid.runs.inputs import InputFile, Inputs, config_digest, digest_files

INPUTS = Inputs("c0ffee", (InputFile("crm", "crm.csv", 3, "abc"),), None, {"cxid": "1"})


def test_the_run_id_says_the_number_and_the_fingerprint() -> None:
    assert INPUTS.run_id(7, None) == f"r0007-{INPUTS.fingerprint(None)[:8]}"
    assert INPUTS.run_id(7, None) == INPUTS.run_id(7, None)


@pytest.mark.parametrize(
    "changed",
    [
        replace(INPUTS, config_sha256="beef"),
        replace(INPUTS, files=(InputFile("crm", "crm.csv", 3, "abd"),)),
        replace(INPUTS, files=(InputFile("crm", "other.csv", 3, "abc"),)),
        replace(INPUTS, files=()),
        replace(INPUTS, as_of="2026-01-01"),
        replace(INPUTS, versions={"cxid": "2"}),
    ],
)
def test_another_input_gives_another_fingerprint(changed: Inputs) -> None:
    assert changed.fingerprint() != INPUTS.fingerprint()


def test_the_run_before_is_part_of_the_name_and_not_of_the_comparison() -> None:
    assert INPUTS.fingerprint("r0001-aaaaaaaa") != INPUTS.fingerprint("r0002-bbbbbbbb") != INPUTS.fingerprint()


def test_the_order_of_keys_in_the_config_does_not_count() -> None:
    assert config_digest({"a": 1, "b": 2}) == config_digest({"b": 2, "a": 1}) != config_digest({"a": 1, "b": 3})


def test_every_file_is_listed_under_its_source_with_its_digest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"abc")
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert digest_files(tmp_path, {"web": ["a.csv"], "crm": ["*.csv"]}) == (
        InputFile("crm", "a.csv", 3, abc),
        InputFile("web", "a.csv", 3, abc),
    )


def test_a_source_without_its_files_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"abc")
    assert [f.source for f in digest_files(tmp_path, {"crm": ["a.csv"], "web": ["none*.csv"]})] == ["crm"]


@pytest.mark.parametrize(
    ("size", "count"), [("4GB", 4_000_000_000), ("800 MB", 800_000_000), ("1.5GiB", 1_610_612_736), ("9b", 9)]
)
def test_a_size_is_a_number_of_bytes(size: str, count: int) -> None:
    assert machine.memory_limit(size) == count


@pytest.mark.parametrize("size", ["", "4", "much", "4GB; DROP TABLE x", "-1GB"])
def test_what_is_no_size_is_refused(size: str) -> None:
    with pytest.raises(UsageError):
        machine.memory_limit(size)


def test_the_engine_leaves_room_for_the_rest_of_the_process() -> None:
    assert machine.engine_memory(8 << 30, []) == machine.EngineMemory(8192 - 1228, 8192 - 1228)
    assert machine.engine_memory(500 << 20, []).limit == "350MiB"
    assert machine.engine_memory(500 << 20, []).ceiling is None


def test_without_a_limit_memory_follows_the_input_and_ends_at_a_share_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "most_memory_mb", lambda: 10_000)
    small, large, packed, huge = (
        machine.engine_memory(None, [(name, size << 20)])
        for name, size in (("a.csv", 1), ("a.csv", 500), ("a.parquet", 125), ("a.csv", 5000))
    )
    assert (small.limit_mb, large.limit_mb, packed.limit_mb, huge.limit_mb) == (929, 3400, 3400, 8500)
    assert small.ceiling == "8500MiB"
    assert huge.ceiling is None


def test_by_default_a_share_of_the_memory_and_every_processor() -> None:
    assert machine.memory_limit(None) is None
    assert machine.most_memory_mb() >= 256
    assert machine.threads(None) >= 1
    with pytest.raises(UsageError):
        machine.threads(0)
