"""Writes the pages of docs/reference that are made from code: python docs/make_reference.py."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from cxid.cli import app
from cxid.cli._options import shared_options
from cxid.cli._registry import COMMANDS
from cxid.config.schema import config_schema
from cxid.contracts import PUBLISHED, TABLES, VIEWS, Column, Personal, Table, View
from cxid.errors import ExitCode
from cxid.stages.profile.kpis.reference import page as kpis_as_page
from cxid.stages.profile.reference import page

HERE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- made by docs/make_reference.py; do not edit -->\n"


def tables_page() -> str:
    """Every published table, then those that the stages hand on."""
    parts = [
        NOTE,
        "# Tables\n",
        "One section per table: first those in `output/`, then the ones that stages hand to each other inside a run.\n",
    ]
    parts += ["## Published\n", *(_table(t) for t in PUBLISHED)]
    parts += [
        "## Views\n",
        "In `cxid.duckdb` and for `cxid query`; in no file of their own.\n",
        *(_view(v) for v in VIEWS),
    ]
    parts += ["## Inside a run\n", *(_table(t) for t in TABLES.values() if not t.published)]
    return "\n".join(parts)


def _table(table: Table) -> str:
    lines = [
        f"### {table.name}\n",
        f"One row per {table.grain}." + (f" Key: {', '.join(f'`{k}`' for k in table.key)}." if table.key else ""),
    ]
    if table.slots:
        lines.append("Between these columns stand the people fields of your config, one column per slot.")
    return "\n".join([*lines, "", *_columns(table.columns)]) + "\n"


def _view(view: View) -> str:
    read = " and ".join([", ".join(f"`{t}`" for t in view.reads[:-1]), f"`{view.reads[-1]}`"])
    lines = [f"### {view.name}\n", f"One row per {view.grain}, from {read}.", "", *_columns(view.columns)]
    return "\n".join(lines) + "\n"


def _columns(columns: Sequence[Column]) -> list[str]:
    lines = ["| column | type | may be missing | personal | meaning |", "|---|---|---|---|---|"]
    for c in columns:
        personal = "" if c.personal is Personal.NONE else c.personal.value
        lines.append(f"| `{c.name}` | {c.type} | {'yes' if c.nullable else ''} | {personal} | {c.note} |")
    return lines


def config_page() -> str:
    """Every key of cxid.yml with its default and meaning."""
    schema = config_schema()
    definitions = schema["$defs"]
    parts = [
        NOTE,
        "# cxid.yml\n\nOnly `sources` is needed. `${VAR}` and `${VAR:-default}` are replaced in every value.\n",
    ]
    parts += ["## Top level\n", _keys(schema)]
    for name, title in (
        ("PeopleSource", "A source of kind `people`"), ("EventSource", "A source of kind `events`"),
        ("TransactionSource", "A source of kind `transactions`"), ("MentionSource", "A source of kind `mentions`"),
        ("SurveySource", "A source of kind `survey`"), ("EnrichmentSource", "A source of kind `enrichment`"),
        ("ConsentSource", "A source of kind `consent`"), ("Column", "A column"), ("Match", "`match`"),
        ("Golden", "`golden`"), ("Household", "`household`"), ("Permission", "An entry of `profile.consent`"),
        ("Profile", "`profile`"), ("Influence", "`profile.influence`"),
        ("InfluenceWeights", "`profile.influence.weights`"), ("ReputationPoints", "`profile.influence.reputation`"),
        ("Journey", "`profile.journey`"), ("Engagement", "`profile.engagement`"), ("Kpis", "`kpis`"),
        ("Trigger", "A trigger"), ("Trial", "The `trial` of a trigger"),
        ("Checks", "`checks`"), ("Outputs", "`outputs`"),
    ):  # fmt: skip
        parts += [f"## {title}\n", definitions[name].get("description", "") + "\n", _keys(definitions[name])]
    return "\n".join(parts)


def _keys(part: dict[str, Any]) -> str:
    lines = ["| key | default | meaning |", "|---|---|---|"]
    needed = set(part.get("required", ()))
    for key, spec in part["properties"].items():
        default = "needed" if key in needed else _default(spec.get("default"))
        lines.append(f"| `{key}` | {default} | {spec.get('description', '')} |")
    return "\n".join(lines) + "\n"


def _default(value: Any) -> str:
    return "" if value in (None, {}, [], "") or isinstance(value, dict) else f"`{value}`"


def profile_page() -> str:
    """Every attribute of the profile, section by section."""
    return NOTE + page()


def kpi_page() -> str:
    """Every metric of table `kpi`, phase by phase."""
    return NOTE + kpis_as_page()


def commands_page() -> str:
    """Every command with its arguments, options and an example."""
    group = get_command(app)
    context = typer.Context(group, info_name="cxid")
    shared = {o for option in shared_options() for o in option.opts}
    parts = [NOTE, "# Commands\n\nEvery command takes the shared options, before or after its name.\n"]
    parts += ["## Shared options\n", _options(shared_options())]
    for name, entry in COMMANDS.items():
        command = group.get_command(context, name)
        own = [p for p in command.params if not set(p.opts) & shared]
        parts += [f"## cxid {name}\n", command.help + "\n", _options(own), f"```\n{entry.example}\n```\n"]
    return "\n".join(parts)


def _options(params: list[Any]) -> str:
    if not params:
        return "No options of its own.\n"
    lines = ["| option | meaning |", "|---|---|"]
    for param in params:
        names = [param.metavar or param.name.upper()] if param.param_type_name == "argument" else list(param.opts)
        value = f" {param.metavar}" if param.metavar and param.param_type_name == "option" else ""
        listed = ", ".join(f"`{n}{value}`".replace("|", "\\|") for n in names)
        lines.append(f"| {listed} | {param.help or ''} |")
    return "\n".join(lines) + "\n"


def exit_codes_page() -> str:
    """What each exit status means, from the comments beside the codes."""
    source = inspect.getsource(ExitCode)
    meanings = dict(re.findall(r"^    (\w+) = \d+  # (.+)$", source, re.MULTILINE))
    lines = [NOTE, "# Exit codes\n", "| exit | name | meaning |", "|---|---|---|"]
    lines += [f"| {int(code)} | `{code.name}` | {meanings[code.name]} |" for code in ExitCode]
    return "\n".join(lines) + "\n"


PAGES = {
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "tables.md": tables_page,
    "config.md": config_page,
    "profile.md": profile_page,
    "kpi.md": kpi_page,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8")
