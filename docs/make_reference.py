"""Writes the pages of docs/reference that are made from code: python docs/make_reference.py."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from ruamel.yaml import YAML
from typer.main import get_command

import cxid
from cxid.api.reference import page as library_as_page
from cxid.cli import app
from cxid.cli._options import shared_options
from cxid.cli._registry import COMMANDS, ENDS_ANY
from cxid.cli._report import SECTIONS
from cxid.codes import Kind, all_codes
from cxid.config import model
from cxid.config.schema import config_schema
from cxid.contracts import PUBLISHED, TABLES, VIEWS, Column, Personal, Table, View
from cxid.errors import ExitCode
from cxid.figures.reference import page as report_as_page
from cxid.stages.profile.kpis.reference import page as kpis_as_page
from cxid.stages.profile.reference import page as profile_as_page

HERE = Path(__file__).resolve().parent
NOTE = "<!-- made by docs/make_reference.py; do not edit -->\n"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


# -- tables ----------------------------------------------------------------------------------------------------

_TABLES = """# Tables

First the published tables: in `output/` as Parquet and CSV, in `cxid.duckdb`, and for `cxid query`. Then those that
stages hand to each other inside a run: `.cxid/runs/RUN/tables/`, for the curious; they may change with any version.

- **Key**: unique, and never NULL. A table without one may repeat rows.
- **Sorted by**: the total order of the published files, so that the same input gives the same bytes.
- **NULL**: `never`, or `may be`. In CSV a NULL is an empty cell; an empty text is `""`.
- **Personal**: how close a column is to a person. `direct` names or reaches one, `personal` says something about one,
  `pseudonym` is an id that means nothing outside, `-` is none of these. `cxid docs dbt` hands it on.
- Times are UTC without a zone, amounts DECIMAL, shares and probabilities from 0 to 1.
"""


def tables_page() -> str:
    """Every published table, then those that the stages hand on."""
    inside = [t for t in TABLES.values() if not t.published]
    listed = [(f"[`{t.name}`](#{t.name})", t.grain) for t in (*PUBLISHED, *VIEWS)]
    parts = [NOTE, _TABLES, _table(("table", "one row per"), listed)]
    parts += ["## Published\n", *(_table_section(t) for t in PUBLISHED)]
    parts += ["## Views\n", "In `cxid.duckdb` and for `cxid query`; in no file of their own.\n"]
    parts += [_view_section(v) for v in VIEWS]
    parts += ["## Inside a run\n", *(_table_section(t) for t in inside)]
    return "\n".join(parts)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f"`{c}`" for c in columns)


def _table_section(table: Table) -> str:
    said = [f"One row per {table.grain}.", f"Key: {_names(table.key)}." if table.key else "No key: rows may repeat."]
    if table.published and table.order and table.order != table.key:
        said.append(f"Sorted by {_names(table.order)}.")
    elif table.published:
        said.append("Sorted by its key.")
    lines = [f"### {table.name}\n", " ".join(said)]
    if table.slots:
        lines.append(
            "\nAmong these columns stand the people fields of your config, in its order: `email`, and `email_2`, "
            "`email_3` where a source has several columns for one field. They are VARCHAR (birth dates as YYYY-MM-DD), "
            "may be NULL, and are personal."
        )
    if table.name == "profile":
        lines.append("\nIts other columns are the [attributes of the profile](profile.md).")
    return "\n".join([*lines, "", _columns(table.columns)])


def _view_section(view: View) -> str:
    read = " and ".join([", ".join(f"`{t}`" for t in view.reads[:-1]), f"`{view.reads[-1]}`"])
    return "\n".join([f"### {view.name}\n", f"One row per {view.grain}, from {read}.", "", _columns(view.columns)])


def _columns(columns: Sequence[Column]) -> str:
    return _table(
        ("column", "type", "NULL", "personal", "meaning"),
        [
            (
                f"`{c.name}`",
                c.type,
                "may be" if c.nullable else "never",
                "-" if c.personal is Personal.NONE else c.personal.value,
                c.note,
            )
            for c in columns
        ],
    )


# -- config ----------------------------------------------------------------------------------------------------

_CONFIG = """# cxid.yml

The config of a project. `cxid init` writes one from your files, `cxid check` compares it with them, and
`cxid schema --write` lets an editor complete and check the keys. Only `sources` is needed.

- It is YAML 1.2: `NO` and `01234` stay the texts that they are. An unknown key is an error, which names the nearest.
- `${VAR}` and `${VAR:-default}` are replaced in every value by variables of the environment.
- Paths count from the folder of cxid.yml.
- A **column** is a name, a list of names (several values of one row), or a mapping: [a column](#a-column).
  A **constant or column** is a text that holds for every row, or `{from: column}`.
- A **share** is written as `0.05` or `5%`.
"""
_EVENT_LIKE = "Sources of events, transactions, mentions and surveys"
# Definition in the schema -> heading, in the order of the page.
_PARTS = {
    "PeopleSource": "A source of kind `people`",
    "EventSource": "A source of kind `events`",
    "TransactionSource": "A source of kind `transactions`",
    "MentionSource": "A source of kind `mentions`",
    "SurveySource": "A source of kind `survey`",
    "EnrichmentSource": "A source of kind `enrichment`",
    "ConsentSource": "A source of kind `consent`",
    "Column": "A column",
    "Match": "`match`",
    "Golden": "`golden`",
    "Household": "`household`",
    "Profile": "`profile`",
    "Permission": "An entry of `profile.consent`",
    "Influence": "`profile.influence`",
    "InfluenceWeights": "`profile.influence.weights`",
    "ReputationPoints": "`profile.influence.reputation`",
    "Journey": "`profile.journey`",
    "Engagement": "`profile.engagement`",
    "Kpis": "`kpis`",
    "Trigger": "A trigger",
    "Trial": "The `trial` of a trigger",
    "Checks": "`checks`",
    "Outputs": "`outputs`",
}


def config_page() -> str:
    """Every key of cxid.yml with its type, default and meaning, and an example of each part."""
    schema = config_schema()
    parts = schema["$defs"]
    examples: Mapping[str, str] = YAML(typ="safe").load((HERE / "config_examples.yml").read_text(encoding="utf-8"))
    base = _own_keys(model.SourceBase)
    event_like = _own_keys(model.EventSource.__mro__[1]) - base
    pages = [NOTE, _CONFIG, "## Top level\n", _keys(schema), _example(examples["top"])]
    pages += ["## Every source\n", "Where its files are and how they are written.\n"]
    pages += [_keys(parts["PeopleSource"], only=base), _example(examples["source"])]
    for name, title in _PARTS.items():
        if name == "EventSource":
            pages += [
                f"## {_EVENT_LIKE}\n",
                "What they all may say, beside the keys of [every source](#every-source).\n",
            ]
            pages += [_keys(parts[name], only=event_like), _example(examples["events_of_all_kinds"])]
        hidden = base | (event_like if event_like <= set(parts[name]["properties"]) else set())
        kept = set(parts[name]["properties"]) - (hidden if name.endswith("Source") else set())
        pages += [f"## {title}\n", parts[name]["description"] + "\n", _keys(parts[name], only=kept)]
        pages.append(_example(examples[name]))
    pages += ["## Types of fields\n", _FIELD_TYPES, _meanings(model.FieldType)]
    pages += ["## Rules of survivorship\n", _RULES, _meanings(model.SurvivorshipRule)]
    return "\n".join(pages)


_FIELD_TYPES = """What the values of a people field mean, which decides how they are read and compared. A field that
bears the name of a type has it; say `type` for others. `tax_id` and `national_id` are identifiers, `birth_place` and
`occupation` categories.
"""
_RULES = """How the golden value of a field is chosen among those of a customer's records.
[The explanation](../explanation/golden.md) says what breaks ties.
"""


def _own_keys(part: Any) -> set[str]:
    return {field.alias or name for name, field in part.model_fields.items()}


def _example(text: str) -> str:
    return f"```yaml\n{text.strip()}\n```\n"


def _keys(part: Mapping[str, Any], *, only: set[str] | None = None) -> str:
    needed = set(part.get("required", ()))
    return _table(
        ("key", "type", "default", "meaning"),
        [
            (f"`{key}`", _type(spec), "needed" if key in needed else _default(spec), spec.get("description", ""))
            for key, spec in part["properties"].items()
            if only is None or key in only
        ],
    )


def _type(spec: Mapping[str, Any]) -> str:
    """The type of a value in words."""
    if "const" in spec:
        return f"`{spec['const']}`"
    if "enum" in spec:
        return " or ".join(f"`{v}`" for v in spec["enum"])
    if "$ref" in spec:
        name = spec["$ref"].rsplit("/", 1)[-1]
        links = {"Column": "[column](#a-column)", "FieldType": "[type](#types-of-fields)"}
        links["SurvivorshipRule"] = "[rule](#rules-of-survivorship)"
        return links.get(name) or f"[part](#{_anchor(_PARTS[name])})"
    if "anyOf" in spec or "oneOf" in spec:
        given = [s for s in spec.get("anyOf", spec.get("oneOf", ())) if s.get("type") != "null"]
        kinds = [_type(s) for s in given]
        if kinds == ["number", "text"]:
            return "share" if given[0].get("maximum") == 1 else "number"
        return _several(list(dict.fromkeys(kinds)))
    if spec.get("type") == "array":
        inner = spec.get("items") or spec["prefixItems"][0]
        return f"list of {_type(inner)}"
    if spec.get("type") == "object":
        inner = spec.get("additionalProperties")
        return f"name: {_type(inner)}" if isinstance(inner, dict) and inner.get("type") != "object" else "mapping"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}[spec["type"]]


def _several(kinds: list[str]) -> str:
    """Alternatives in a word where they have one."""
    column = "[column](#a-column)"
    known = {
        ("text", "list of text", column): column,
        ("text", column): f"constant or {column}",
        ("text", "list of text"): "text or list of text",
        ("whole number", "text"): "whole number, or text such as 8 weeks",
    }
    if all(k.startswith("[part]") for k in kinds) and len(kinds) > 1:
        return "[a source](#every-source)"
    return known.get(tuple(kinds)) or " or ".join(kinds)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _default(spec: Mapping[str, Any]) -> str:
    value = spec.get("default")
    if value in (None, {}, [], "") or isinstance(value, dict):
        return "-"
    return f"`{', '.join(value)}`" if isinstance(value, list) else f"`{value}`"


def _meanings(enum: Any) -> str:
    """The members of an enum with the comments beside them."""
    said = dict(re.findall(r"^    (\w+) = \S+  # (.+)$", inspect.getsource(enum), re.MULTILINE))
    return _table(("value", "meaning"), [(f"`{m.value}`", said[m.name]) for m in enum])


# -- commands --------------------------------------------------------------------------------------------------

_COMMANDS = """# Commands

`cxid --help` lists them, `cxid COMMAND --help` says what one takes. Data goes to stdout, everything else to stderr; in
a pipe tables are tab-separated with full values.
"""


def commands_page() -> str:
    """Every command with its arguments, options, exit codes and an example."""
    group = get_command(app)
    context = typer.Context(group, info_name="cxid")
    shared = {o for option in shared_options() for o in option.opts}
    listed = [(e.heading, f"[`cxid {name}`](#cxid-{name})", e.summary) for name, e in COMMANDS.items()]
    parts = [NOTE, _COMMANDS, _table(("", "command", "what it does"), listed)]
    parts += ["## Shared options\n", "Every command takes them, before or after its name.\n"]
    parts += [_options(shared_options())]
    parts += ["## Exit codes\n", f"Every command can end with {_exits(ENDS_ANY)}. Others stand with the command.\n"]
    for name, entry in COMMANDS.items():
        command = group.get_command(context, name)
        own = [p for p in command.params if not set(p.opts) & shared]
        parts += [f"## cxid {name}\n", command.help + "\n"]
        if own:
            parts.append(_options(own))
        if entry.exits:
            parts.append(f"Exit codes: {_exits(entry.exits)}.\n")
        parts.append(f"```\n{entry.example}\n```\n")
    return "\n".join(parts)


def _options(params: Sequence[Any]) -> str:
    return _table(("option", "default", "meaning"), [(_spelling(p), _default_of(p), p.help or "") for p in params])


def _spelling(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name.upper()}`"
    value = f" {param.metavar}" if param.metavar else ""
    return ", ".join(f"`{name}{value}`" for name in param.opts)


def _default_of(param: Any) -> str:
    if param.required:
        return "needed"
    if isinstance(param.show_default, str):
        return param.show_default
    if param.default in (None, False, (), []):
        return "-"
    value = getattr(param.default, "value", param.default)
    return f"`{value}`"


def _exits(codes: Sequence[ExitCode]) -> str:
    return ", ".join(f"[{int(c)}](exit-codes.md#{int(c)})" for c in codes)


# -- codes -----------------------------------------------------------------------------------------------------


def exit_codes_page() -> str:
    """What each exit status means, from the comments beside the codes, and the errors that end with it."""
    meanings = dict(re.findall(r"^    (\w+) = \d+  # (.+)$", inspect.getsource(ExitCode), re.MULTILINE))
    errors = [c for c in all_codes() if c.kind is Kind.ERROR]
    rows = [
        (
            f'<a id="{int(code)}"></a>{int(code)}',
            meanings[code.name],
            ", ".join(f"[`{e.name}`](errors.md#{e.name})" for e in errors if e.exit_code == int(code)) or "-",
        )
        for code in ExitCode
    ]
    text = "What a script can go by. Which error it was says its code: `error[no_build]` on stderr.\n"
    return "\n".join([NOTE, "# Exit codes\n", text, _table(("exit", "meaning", "errors"), rows)])


_ERRORS = """# Errors, warnings and other codes

Messages may be worded anew; codes stay, so scripts can test them. `cxid docs errors CODE` shows an entry of this page.

An error ends a command. The last lines on stderr are `error[code]: what is wrong and where`, then `next:` with what to
do. Faults of cxid.yml, decisions.csv and other files that people write come before it, one a line with its place. With
`--format json` stderr stays text; a failed build leaves the code in `error.code` of its
[run_results.json](run-files.md), too.

```
$ cxid build
cxid.yml:8:5: sources.crm.colums: unknown key, did you mean "columns"?
error[config]: cxid.yml: 1 fault
next: `cxid schema` prints every key that is allowed
```
"""
_KINDS = {
    Kind.ERROR: ("Errors", "Each has the [exit code](exit-codes.md) that is told with it."),
    Kind.WARNING: (
        "Warnings",
        "Said by a build that goes on; they stand in run_results.json and in `cxid report`. `cxid check` says those of "
        "the sources before.",
    ),
    Kind.REASON: (
        "Quarantine reasons",
        "Column `reason` of table `quarantine`: why a row was rejected. [Quarantine](quarantine.md) says what happens "
        "then.",
    ),
    Kind.FINDING: ("Findings of check", "Said by `cxid check` alone."),
    Kind.FLAG: (
        "Group flags",
        "Column `flags` of table `match_group`: why a customer of several records deserves a look.",
    ),
}


def errors_page() -> str:
    """Every code with its meaning and what to do."""
    codes = list(all_codes())
    parts = [NOTE, _ERRORS]
    for kind, (title, text) in _KINDS.items():
        found = [c for c in codes if c.kind is kind]
        parts += [f"## {title}\n", text + "\n"]
        if kind is not Kind.ERROR:
            rows = [(f'<a id="{c.name.replace(" ", "-")}"></a>`{c.name}`', c.meaning, c.remedy) for c in found]
            parts.append(_table(("code", "meaning", "what to do"), rows))
            continue
        for code in found:
            parts.append(f"### {code.name}\n\nExit {code.exit_code}. {code.meaning}\n\n{code.remedy}\n")
    return "\n".join(parts)


# -- all -------------------------------------------------------------------------------------------------------


def profile_page() -> str:
    """Every attribute of the profile, section by section."""
    return NOTE + profile_as_page()


def kpi_page() -> str:
    """Every metric of table `kpi`, phase by phase."""
    return NOTE + kpis_as_page()


def index_page() -> str:
    """The pages of the reference by their titles."""
    rows = []
    for path in sorted((HERE / "reference").glob("*.md")):
        if path.name != "README.md":
            text = PAGES[path.name]() if path.name in PAGES else path.read_text(encoding="utf-8")
            title = re.search(r"^# (.+)$", text, re.MULTILINE)
            assert title is not None, path
            rows.append((f"[{title[1]}]({path.name})", _ABOUT.get(path.name, "-")))
    text = "Pages to look things up in. To learn, begin with the [tutorial](../tutorial/README.md).\n"
    return "\n".join([NOTE, "# Reference\n", text, _table(("page", "what stands there"), rows)])


def report_page() -> str:
    """Every section and figure of the report."""
    return NOTE + report_as_page({name: (section.title, section.figures) for name, section in SECTIONS.items()})


def library_page() -> str:
    """Every call, its options and answers."""
    return NOTE + library_as_page(cxid)


_ABOUT = {
    "commands.md": "every command, its options, defaults and exit codes",
    "config.md": "every key of cxid.yml with type, default and an example",
    "decisions.md": "the file of links, unlinks and pins",
    "demo.md": "the sample company that `cxid demo` writes",
    "diff.md": "what `cxid diff` shows, and its JSON",
    "errors.md": "what codes of errors, warnings and rejected rows mean, and what to do",
    "exit-codes.md": "what a script can go by",
    "kpi.md": "every metric of table `kpi`",
    "library.md": "the same from Python: one call each",
    "plan.md": "what `cxid plan` shows, and its JSON",
    "profile.md": "every attribute of a customer's profile",
    "quarantine.md": "which rows are rejected, and what happens to files that are damaged",
    "report.md": "the figures of `cxid report`, and its JSON",
    "run-files.md": "what lies in `.cxid`: manifest.json, run_results.json, log.jsonl and the rest",
    "show.md": "what `cxid show` shows, and its JSON",
    "tables.md": "every published table: columns, types, keys, order",
    "why.md": "what `cxid why` shows, and its JSON",
}

PAGES = {
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "errors.md": errors_page,
    "tables.md": tables_page,
    "config.md": config_page,
    "profile.md": profile_page,
    "kpi.md": kpi_page,
    "report.md": report_page,
    "library.md": library_page,
    "README.md": index_page,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (HERE / "reference" / name).write_text(make(), encoding="utf-8")
