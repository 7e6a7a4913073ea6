"""The project that a command works on: its folder and its config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxid.cli._options import Settings
from cxid.cli._registry import part


def project_folder(project: Path) -> Path:
    """The folder that holds cxid.yml, for --project given as folder or as file."""
    return project.parent if project.is_file() else project


def load_config(settings: Settings) -> Any:
    """The project's Config. Raises ConfigError or UsageError."""
    return part("config.loading").load_config(settings.project, settings.target)


def library(name: str) -> Any:
    """A module of the library's calls, with pandas kept out: commands are over before it would be loaded."""
    part("cli._arrow").settle()
    return part(f"api.{name}")
