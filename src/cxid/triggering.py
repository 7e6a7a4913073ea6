"""What is wrong with the triggers and KPIs of a config, with line and column, before anything runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from ruamel.yaml import YAML

from cxid.config.kpis import HIGHER_IS_BETTER
from cxid.config.model import Config, ConsentSource, EventSource
from cxid.config.places import Path as KeyPath
from cxid.config.places import Places
from cxid.config.triggers import Trigger
from cxid.errors import ConfigError, ConfigProblem
from cxid.stages.profile.triggers import faults_of
from cxid.stages.profile.triggers.columns import known_columns

HINT = "docs/how-to/triggers.md shows conditions, docs/reference/profile.md every column"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PERIOD_DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True)
class _Found:
    path: KeyPath
    message: str
    text: str = ""  # the value in which it is
    at: int = 0  # its place there


def require_triggers(config: Config) -> None:
    """Raises ConfigError with every fault of the config's triggers and KPIs."""
    if found := trigger_problems(config):
        raise ConfigError(str(config.file), found, hint=HINT)


def trigger_problems(config: Config) -> list[ConfigProblem]:
    """Every fault of triggers and KPIs, in file order; empty when they can run."""
    found = [*_broken(config)]
    if not found:
        return []
    raw = config.file.read_text(encoding="utf-8-sig") if config.file.is_file() else ""
    places = Places(YAML(typ="rt").load(raw) if raw else {})
    return sorted((_place(places, raw, f) for f in found), key=lambda p: (p.line, p.column, p.message))


def _broken(config: Config) -> Iterator[_Found]:
    for name, trigger in config.triggers.items():
        yield from _trigger_rules(config, name, trigger)
    for fault in faults_of(config.triggers, config.sources):
        text = getattr(config.triggers[fault.trigger], fault.key)
        yield _Found(("triggers", fault.trigger, fault.key), fault.message, text, fault.at)
    yield from _kpi_rules(config)


def _trigger_rules(config: Config, name: str, trigger: Trigger) -> Iterator[_Found]:
    at: KeyPath = ("triggers", name)
    if not _NAME.fullmatch(name):
        yield _Found(at, "a trigger's name has lower-case letters, digits and _, and starts with a letter")
    if trigger.cap is not None and trigger.order is None:
        yield _Found((*at, "cap"), "say who comes first when more are hit: order: revenue desc")
    if trigger.channel is not None and trigger.purpose is None:
        yield _Found((*at, "channel"), "a channel goes with the purpose that customers consent to: purpose: offers")
    if trigger.purpose is not None and not any(isinstance(s, ConsentSource) for s in config.sources.values()):
        yield _Found((*at, "purpose"), "no source of kind consent says who agrees to it, so nobody could be acted on")
    if trigger.trial is not None:
        source = config.sources.get(trigger.trial.source)
        logs = sorted(n for n, s in config.sources.items() if isinstance(s, EventSource))
        if not isinstance(source, EventSource):
            near = _nearest(trigger.trial.source, logs)
            yield _Found((*at, "trial", "source"), f"no source of kind events has this name{near}")
        elif source.type is None:
            yield _Found((*at, "trial", "source"), "rows of this source have no type, which would say who was treated")
        if both := sorted(set(trigger.trial.treated) & set(trigger.trial.control)):
            yield _Found((*at, "trial", "control"), f'"{both[0]}" cannot mean both treated and held out')


def _kpi_rules(config: Config) -> Iterator[_Found]:
    kpis = config.kpis
    for name in kpis.targets:
        if name not in HIGHER_IS_BETTER:
            near = _nearest(name, list(HIGHER_IS_BETTER))
            yield _Found(
                ("kpis", "targets", name), f"there is no such metric{near or ': ' + ', '.join(HIGHER_IS_BETTER)}"
            )
    if kpis.churn_days < _PERIOD_DAYS[kpis.period]:
        message = (
            f"shorter than a {kpis.period}: customers would come and go unseen; at least {_PERIOD_DAYS[kpis.period]}"
        )
        yield _Found(("kpis", "churn_days"), message)
    columns = known_columns(config.sources)
    if "segment" in kpis.model_fields_set and kpis.segment is not None and kpis.segment not in columns:
        near = _nearest(kpis.segment, list(columns))
        yield _Found(("kpis", "segment"), f"the profile has no column of this name{near}")


def _nearest(name: str, options: list[str]) -> str:
    close = get_close_matches(name, options, n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


# -- places ---------------------------------------------------------------------------------------------------


def _place(places: Places, raw: str, found: _Found) -> ConfigProblem:
    problem = places.locate(found.path, found.message, on_key=False)
    if not found.text:
        return problem
    line, column = place_in_value(raw, (problem.line, problem.column), found.text, found.at)
    return ConfigProblem(line, column, problem.path, problem.message)


def place_in_value(raw: str, start: tuple[int, int], text: str, at: int) -> tuple[int, int]:
    """Line and column in the file of offset `at` of a value `text` that begins at `start`; `start` where it is lost.

    Quotes, escapes and the line breaks of folded texts make the file longer than the value: both are walked side by
    side, letter by letter, blanks left out.
    """
    lines = raw.split("\n")
    place = sum(len(line) + 1 for line in lines[: start[0] - 1]) + start[1] - 1
    opening = raw[place : place + 1]
    place += 1 if opening in ("'", '"') else 0
    if opening in ("|", ">"):
        place = raw.find("\n", place) + 1
    for letter in text[:at]:
        if letter.isspace():
            continue
        while raw[place : place + 1].isspace():
            place += 1
        if opening == '"' and raw[place : place + 1] == "\\":
            place += 1
        if raw[place : place + 1] != letter:
            return start
        place += 2 if opening == "'" and letter == "'" else 1
    while not text[at : at + 1].isspace() and raw[place : place + 1].isspace():
        place += 1
    before = raw[:place]
    return before.count("\n") + 1, place - before.rfind("\n")
