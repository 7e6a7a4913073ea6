"""The reference page of the library, made from signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any, get_type_hints, is_typeddict

CALLS: Mapping[str, tuple[str, ...]] = {
    "init": ("init",),
    "demo": ("write_demo",),
    "check": ("Project.check",),
    "plan": ("Project.plan",),
    "build": ("Project.build",),
    "report": ("Project.report",),
    "show": ("Project.show",),
    "why": ("Project.why",),
    "find": ("Project.find",),
    "diff": ("Project.diff",),
    "simulate": ("Project.simulate",),
    "query": ("Project.query",),
    "identify": ("Project.identify", "Project.identifier"),
    "review": ("Project.review", "Project.answer", "Project.import_review"),
    "link": ("Project.link",),
    "unlink": ("Project.unlink",),
    "pin": ("Project.pin",),
    "eval": ("Project.evaluate", "Project.sample", "Project.evaluate_sample"),
    "runs": ("Project.runs", "Project.rollback"),
    "clean": ("Project.clean",),
    "export": ("Project.select", "Project.export"),
    "docs": ("Project.docs",),
    "doctor": ("doctor",),
    "schema": ("schema",),
    "completion": (),  # of a shell
}
"""Command -> the calls that do the same."""

_HEAD = """# Library

`import cxid`, then `project = cxid.open(folder)`: each command of the command line is one call, with the command's
words for its parameters. How to work with it: [Use cxid from Python](../how-to/use-from-python.md).

Answers are frozen values. Documents have `to_dict()`, lists `to_list()`: what the command writes with `--format json`,
as Python values. A notebook shows each of them as a line and small tables. Failures are `cxid.CxidError` and its
kinds, each with `message`, `hint` and `code` ([errors](errors.md)).
"""


def page(library: ModuleType) -> str:
    """Every call by its command, the options that are given by name, the answers."""
    parts = [_HEAD, "## Calls\n", _call(library, "open", "")]
    options: dict[str, type] = {}
    for command, names in CALLS.items():
        for name in names:
            parts.append(_call(library, name, command))
            options |= dict(_options(find(library, name)))
    parts.append("## Options\n\nThey are given by name: `project.build(force=True, threads=4)`.\n")
    parts += [_options_table(name, kind) for name, kind in options.items()]
    parts.append("## Answers\n")
    parts += [_answer(name, getattr(library, name)) for name in sorted(library.__all__) if _is_answer(library, name)]
    return "\n".join(parts)


def find(library: ModuleType, name: str) -> Callable[..., Any]:
    """The function or method behind a name of CALLS."""
    found: Any = library
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _call(library: ModuleType, name: str, command: str) -> str:
    function = find(library, name)
    shown = name.replace("Project.", "project.") if "." in name else f"cxid.{name}"
    signature = str(inspect.signature(function)).replace("(self, ", "(").replace("(self)", "()")
    plain = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature)
    plain = re.sub(r"Unpack\[(\w+)\]", r"\1", plain)
    title = f"### {shown}" + (f"\n\n[`cxid {command}`](commands.md#cxid-{command})\n" if command else "\n")
    return f"{title}\n```text\n{shown}{plain}\n```\n\n{inspect.getdoc(function)}\n"


def _options(function: Callable[..., Any]) -> Iterator[tuple[str, type]]:
    """The kinds of options that a call takes by name."""
    names = re.findall(r"Unpack\[(\w+)\]", str(inspect.signature(function)))
    names += re.findall(r"file: '(\w+)", str(inspect.signature(function)))
    return ((n, k) for n in names if is_typeddict(k := inspect.unwrap(function).__globals__[n]))


def _options_table(name: str, kind: type) -> str:
    rows = "\n".join(f"| `{key}` | `{_type(hint)}` |" for key, hint in get_type_hints(kind).items())
    return f"### {name}\n\n{inspect.getdoc(kind)}\n\n| option | type |\n|---|---|\n{rows}\n"


def _type(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not getattr(hint, "__args__", None) else str(hint)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text).replace(" | ", " or ")


def _is_answer(library: ModuleType, name: str) -> bool:
    found = getattr(library, name)
    return isinstance(found, type) and hasattr(found, "_repr_html_") and name != "Project"


def _answer(name: str, kind: type) -> str:
    own = [f.name for f in fields(kind)] if is_dataclass(kind) else []
    skip = {"tables", "headline", "to_dict", "to_list"}
    more = [n for n, m in inspect.getmembers(kind) if isinstance(m, property) and n not in skip | {*own}]
    methods = [n for n, m in vars(kind).items() if inspect.isfunction(m) and n[0] != "_" and n not in skip]
    listed = ", ".join(f"`{n}`" for n in [*own, *more, *(f"{m}()" for m in methods)])
    return f"### {name}\n\n{inspect.getdoc(kind)}\n" + (f"\n{listed}\n" if listed else "")
