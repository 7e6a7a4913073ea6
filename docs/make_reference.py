"""Writes the pages of docs/reference that are made from code: python docs/make_reference.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxid.config.schema import config_schema
from cxid.contracts import PUBLISHED, TABLES, Personal, Table
from cxid.stages.profile.reference import page

HERE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- made by docs/make_reference.py; do not edit -->\n"


def tables_page() -> str:
    """Every published table, then those that the stages hand on."""
    parts = [NOTE, "# Tables\n\nOne section per table: first those in `output/`, then the ones that stages hand to each other inside a run.\n"]
    parts += ["## Published\n", *(_table(t) for t in PUBLISHED)]
    parts += ["## Inside a run\n", *(_table(t) for t in TABLES.values() if not t.published)]
    return "\n".join(parts)


def _table(table: Table) -> str:
    lines = [f"### {table.name}\n", f"One row per {table.grain}." + (f" Key: {', '.join(f'`{k}`' for k in table.key)}." if table.key else "")]
    if table.slots:
        lines.append("Between these columns stand the people fields of your config, one column per slot.")
    lines += ["", "| column | type | may be missing | personal | meaning |", "|---|---|---|---|---|"]
    for c in table.columns:
        personal = "" if c.personal is Personal.NONE else c.personal.value
        lines.append(f"| `{c.name}` | {c.type} | {'yes' if c.nullable else ''} | {personal} | {c.note} |")
    return "\n".join(lines) + "\n"


def config_page() -> str:
    """Every key of cxid.yml with its default and meaning."""
    schema = config_schema()
    definitions = schema["$defs"]
    parts = [NOTE, "# cxid.yml\n\nOnly `sources` is needed. `${VAR}` and `${VAR:-default}` are replaced in every value.\n"]
    parts += ["## Top level\n", _keys(schema)]
    for name, title in (
        ("PeopleSource", "A source of kind `people`"), ("EventSource", "A source of kind `events`"),
        ("TransactionSource", "A source of kind `transactions`"), ("MentionSource", "A source of kind `mentions`"),
        ("SurveySource", "A source of kind `survey`"), ("EnrichmentSource", "A source of kind `enrichment`"),
        ("ConsentSource", "A source of kind `consent`"), ("Column", "A column"), ("Match", "`match`"),
        ("Golden", "`golden`"), ("Profile", "`profile`"), ("Checks", "`checks`"), ("Outputs", "`outputs`"),
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


PAGES = {"tables.md": tables_page, "config.md": config_page, "profile.md": profile_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
