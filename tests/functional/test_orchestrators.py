"""The files for Airflow and Dagster: their commands are ones of cxid, and they try again only where it may help."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from cxid.errors import ExitCode
from tests.functional.cli_harness import cxid

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/orchestrate.md"
ANSWERS = {"build": {"run_id": "r0001-1", "status": "published", "counts": {"customers": 3}}, "query": [{"share": 0.5}]}


class Later(Exception):
    """Stands for what makes the orchestrator try again."""


class Never(Exception):
    """Stands for what ends the run for good."""


class Task:
    """A decorated function that still can be called, and stands left and right of >>."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        TASKS.append(function)

    def __call__(self) -> Task:
        return self

    def __rshift__(self, other: Task) -> Task:
        return other


TASKS: list[Callable[[], Any]] = []


def _kept(*_: Any, **__: Any) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    def keep(function: Callable[[], Any]) -> Callable[[], Any]:
        TASKS.append(function)
        return function

    return keep


def _airflow() -> dict[str, ModuleType]:
    modules = {name: ModuleType(name) for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions", "pendulum")}
    vars(modules["airflow.sdk"]).update(dag=lambda **_: lambda function: function, task=Task)
    vars(modules["airflow.sdk.exceptions"]).update(AirflowException=Later, AirflowFailException=Never)
    vars(modules["pendulum"]).update(datetime=lambda *_, **__: None)
    return modules


def _dagster() -> dict[str, ModuleType]:
    def keyword(**known: Any) -> SimpleNamespace:
        return SimpleNamespace(**known)

    stub = ModuleType("dagster")
    vars(stub).update(
        asset=_kept, asset_check=_kept, MaterializeResult=keyword, AssetCheckResult=keyword,
        ScheduleDefinition=keyword, Definitions=keyword, AssetSelection=SimpleNamespace(all=lambda: None),
        AssetCheckSeverity=SimpleNamespace(WARN="warn"), RetryRequested=lambda **_: Later(),
        Failure=lambda text, allow_retries: Later() if allow_retries else Never(text),
    )  # fmt: skip
    return {"dagster": stub}


@pytest.fixture(params=["airflow", "dagster"])
def tasks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], Any]]]:
    """What the orchestrator would run, in order."""
    for name, module in {"airflow": _airflow, "dagster": _dagster}[request.param]().items():
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location("customers", ROOT / f"examples/{request.param}/customers.py")
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield TASKS
    TASKS.clear()


def test_every_command_is_one_of_cxid(tasks: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ran(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command[1])
        done = cxid(*command[1:], "--help")  # an option that does not exist is refused before the help is shown
        assert (command[0], done.code) == ("cxid", 0), done.err
        return subprocess.CompletedProcess(command, 0, json.dumps(ANSWERS.get(command[1])), "")

    monkeypatch.setattr(subprocess, "run", ran)
    for task in tasks:
        task()
    assert {"build", "export"} <= set(asked)


@pytest.mark.parametrize("code", [c for c in ExitCode if c not in (ExitCode.DONE, ExitCode.CHANGES)])
def test_only_what_may_pass_by_itself_is_tried_again(
    code: ExitCode, tasks: list[Callable[[], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, int(code), "", "x")
    )
    passing = {ExitCode.RESOURCES, ExitCode.LOCKED, ExitCode.INTERRUPTED, ExitCode.TERMINATED}
    with pytest.raises(Later if code in passing else Never):
        tasks[0]()


def test_the_page_explains_every_exit_code_that_a_build_has() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {int(code) for row in rows for code in row.split(",")}
    assert told == {int(c) for c in ExitCode} - {int(ExitCode.CHANGES)}
