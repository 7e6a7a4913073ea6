"""From `cxid.yml` to one frozen `Config`: every fault at once, each with its line and column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cxid.config.model import Config
from cxid.config.places import Places, plain
from cxid.config.problems import describe
from cxid.config.rules import broken_rules
from cxid.config.variables import expand
from cxid.errors import ConfigError, ConfigProblem, ErrorCode, UsageError

CONFIG_NAME = "cxid.yml"
_SYNTAX = "mend the line; indent with spaces, and quote values that hold signs such as : # or %"


def load_config(project_dir: Path, target: str | None = None, *, env: Mapping[str, str] | None = None) -> Config:
    """The config of the project in `project_dir` (or of the file itself), with `target`'s overrides laid over it.

    Raises ConfigError with every problem in file order, UsageError when there is no config file.
    """
    file = project_dir if project_dir.is_file() else project_dir / CONFIG_NAME
    if not file.is_file():
        is_folder = project_dir.is_dir()
        raise UsageError(
            f"{file}: no config here" if is_folder else f"{project_dir}: no such folder or file",
            hint=_way_to_config(project_dir) if is_folder else "check the path behind --project",
            code=ErrorCode.CONFIG_MISSING,
        )
    return parse_config(file.read_bytes(), file, target, env=os.environ if env is None else env)


def _way_to_config(folder: Path) -> str:
    """What to do in a folder without a config: one above it has the project, or there is none yet."""
    for number, above in enumerate(folder.resolve().parents, 1):
        if (above / CONFIG_NAME).is_file():
            return f"the project is above: -C {folder / Path(*[os.pardir] * number)}"
    return "run `cxid init DATA...` to write one, or name the project with --project"


def parse_config(text: bytes, file: Path, target: str | None = None, *, env: Mapping[str, str]) -> Config:
    """The same from the file's bytes; `file` gives the name in messages and the folder that paths start from."""
    tree = _parse_yaml(text, str(file))
    places = Places(tree)
    data, unset = expand(plain(tree), env)
    problems = [places.locate(path, message, on_key=False) for path, message in unset]
    data = _choose_target(data, target, places, problems)
    config: Config | None = None
    try:
        config = Config.model_validate({**data, "root": file.resolve().parent, "file": file})
    except ValidationError as error:
        problems += [places.locate(path, message, on_key=on_key) for path, message, on_key in describe(error, data)]
    if config is not None:
        problems += [places.locate(path, message, on_key=False) for path, message in broken_rules(config)]
    if problems or config is None:
        raise ConfigError(str(file), problems, hint="`cxid schema` prints every key that is allowed")
    return config


def _parse_yaml(text: bytes, name: str) -> Any:
    """The YAML tree with places. A fault of syntax is a ConfigError at its line."""
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        tree = yaml.load(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ConfigError(
            name, [ConfigProblem(line, 1, "", "not UTF-8 text")], hint="save the file as UTF-8"
        ) from error
    except DuplicateKeyError as error:
        mark = error.problem_mark
        problem = ConfigProblem(mark.line + 1, mark.column + 1, "", "this key stands here twice")
        raise ConfigError(name, [problem], hint="remove one of the two") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ConfigError(
            name, [ConfigProblem(line, column, "", f"not YAML: {error.problem}")], hint=_SYNTAX
        ) from error
    except YAMLError as error:
        raise ConfigError(name, [ConfigProblem(0, 0, "", "not YAML")], hint=_SYNTAX) from error
    if not isinstance(tree, dict):
        raise ConfigError(
            name,
            [ConfigProblem(1, 1, "", "expected keys such as sources:")],
            hint="`cxid init DATA...` writes a config",
        )
    return tree


def _choose_target(
    data: dict[str, Any], target: str | None, places: Places, problems: list[ConfigProblem]
) -> dict[str, Any]:
    """`data` without `targets`, the chosen target's part laid over it key by key."""
    targets = data.pop("targets", None) or {}
    if not isinstance(targets, dict) or not all(isinstance(part, dict) for part in targets.values()):
        problems.append(places.locate(("targets",), "expected target names with the keys that differ", on_key=True))
        return data
    if target is None:
        return data
    if target not in targets:
        known = ", ".join(sorted(targets)) or "none"
        raise UsageError(
            f'no target "{target}" in the config', hint=f"targets there: {known}", code=ErrorCode.TARGET_UNKNOWN
        )
    return _overlay(data, targets[target])


def _overlay(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        merged[key] = _overlay(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged
