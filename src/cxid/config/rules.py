"""What one key of a config demands of another, and of names, formats and codecs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

from cxid.config.fields import golden_fields, joined_names, people_sources, record_fields
from cxid.config.model import Column, Config, EnrichmentSource, PeopleSource, Source
from cxid.config.places import Path
from cxid.model import DEFAULT_TYPES

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Names of our own columns: a field called so could not be told apart from them.
RESERVED = {
    "customer_id", "record_no", "record_key", "source", "updated_at", "is_known", "record_count", "source_count",
    "sources", "first_seen", "last_seen", "confidence", "completeness", "needs_review", "row_no",
    "row_digest",
}  # fmt: skip
EPOCHS = ("epoch_s", "epoch_ms", "epoch_us")  # numbers of seconds, milliseconds, microseconds since 1970
NEVER_MERGE = re.compile(r"(?P<field>[a-z][a-z0-9_]*)\s+differs")


def never_merge_fields(rules: tuple[str, ...]) -> tuple[str, ...]:
    """The fields named by rules such as 'tax_id differs'; rules that are written otherwise are left out."""
    return tuple(found["field"] for rule in rules if (found := NEVER_MERGE.fullmatch(rule.strip())))


def broken_rules(config: Config) -> Iterator[tuple[Path, str]]:
    """(path, message) for every rule between keys that the config breaks."""
    for name, source in config.sources.items():
        yield from _source_rules(name, source, config)
    yield from _match_rules(config)
    yield from _golden_rules(config)
    if config.profile.as_of is not None:
        try:
            datetime.fromisoformat(config.profile.as_of)
        except ValueError:
            yield ("profile", "as_of"), "expected a date such as 2026-11-01"


def _source_rules(name: str, source: Source, config: Config) -> Iterator[tuple[Path, str]]:
    at: Path = ("sources", name)
    if not _NAME.fullmatch(name):
        yield at, "a source's name has at most 60 lower-case letters, digits and _, and starts with a letter"
    for key in type(source).model_fields:
        value = getattr(source, key)
        columns = value if isinstance(value, dict) else {key: value}
        for inner, column in columns.items():
            if isinstance(column, Column):
                yield from _column_rules((*at, key, inner) if isinstance(value, dict) else (*at, key), column)
        if key in ("columns", "ids"):
            yield from _name_rules((*at, key), value, becomes_column=key == "columns")
    yield from _header_rules(at, source)
    if isinstance(source, PeopleSource):
        yield from _people_rules(at, source)
    if isinstance(source, EnrichmentSource):
        known = (
            {f.name for f in golden_fields(config.sources)} | _id_types(config) | set(people_sources(config.sources))
        )
        if source.join not in known:
            yield (
                (*at, "join"),
                f"no people source has this field or identifier, or is called so{_nearest(source.join, known)}",
            )


def _header_rules(at: Path, source: Source) -> Iterator[tuple[Path, str]]:
    """What a header that the config writes for a file must hold: every column that the source names, each once."""
    if source.header is None:
        return
    if source.format not in (None, "csv"):
        yield (*at, "header"), f"only CSV files can lack a header: remove it, {source.format} names its columns itself"
        return
    names = [name.strip() for name in source.header]
    for i, name in enumerate(names):
        if not name:
            yield (*at, "header", i), "every column needs a name"
        elif name in names[:i]:
            yield (*at, "header", i), f"column {names.index(name) + 1} has this name already"
    for place, column in _named_columns(source):
        if column.strip() not in names:
            yield (*at, *place), f'"{column}" is not under header{_nearest(column, set(names))}'


def _named_columns(source: Source) -> Iterator[tuple[Path, str]]:
    """(place in the source, name) of every column of the file that a source names."""
    if isinstance(source, EnrichmentSource):
        yield ("join_column",) if source.join_column else ("join",), source.join_column or source.join
    yield from ((("key",), name) for name in getattr(source, "key", None) or ())
    for key in type(source).model_fields:
        value = getattr(source, key)
        places = {(key, inner): c for inner, c in value.items()} if isinstance(value, dict) else {(key,): value}
        for place, column in places.items():
            if isinstance(column, Column):
                yield from ((place, name) for name in column.from_)


def _people_rules(at: Path, source: PeopleSource) -> Iterator[tuple[Path, str]]:
    if not source.columns and not source.ids:
        yield (*at, "columns"), "name at least one field"
    for name, column in source.columns.items():
        close = get_close_matches(name, DEFAULT_TYPES, n=1, cutoff=0.85)
        if column.type is None and close and name not in DEFAULT_TYPES:
            yield (*at, "columns", name), f'did you mean "{close[0]}"? If not, say what it is with type: attribute'


def _name_rules(at: Path, names: dict[str, Column], *, becomes_column: bool) -> Iterator[tuple[Path, str]]:
    for name in names:
        if not _NAME.fullmatch(name):
            yield (*at, name), "a name has lower-case letters, digits and _, and starts with a letter"
        elif becomes_column and name in RESERVED:
            yield (*at, name), "this name is one of cxid's own columns; choose another"
        elif becomes_column and re.search(r"_\d+$", name):
            yield (
                (*at, name),
                "a name that ends in _ and a number is kept for several values; write one name with a list of columns",
            )


def _column_rules(at: Path, column: Column) -> Iterator[tuple[Path, str]]:
    if not column.from_ or not all(column.from_):
        yield at, "name at least one column"
    if column.format is not None and "%" not in column.format and column.format not in EPOCHS:
        yield (*at, "format"), "expected a pattern such as %d/%m/%Y, or epoch_s, epoch_ms, epoch_us"


def _match_rules(config: Config) -> Iterator[tuple[Path, str]]:
    match, fields = config.match, {f.name for f in record_fields(config.sources)}
    if not match.review <= match.auto <= match.sure:
        yield ("match", "auto"), "expected review <= auto <= sure"
    if match.target_precision is not None and "auto" in match.model_fields_set:
        yield ("match", "target_precision"), "set either auto or target_precision: each says where pairs are joined"
    people = people_sources(config.sources)
    for i, name in enumerate(match.one_per_source):
        if name not in people:
            yield ("match", "one_per_source", i), f"no people source of this name{_nearest(name, set(people))}"
    for i, rule in enumerate(match.never_merge_if):
        named = never_merge_fields((rule,))
        if not named:
            yield ("match", "never_merge_if", i), "expected a rule such as 'tax_id differs'"
        elif named[0] not in fields:
            yield ("match", "never_merge_if", i), f"no people source has this field{_nearest(named[0], fields)}"
    for i, name in enumerate(match.ignore_fields):
        if name not in fields | {"given_name", "middle_name", "family_name"}:
            yield ("match", "ignore_fields", i), f"no people source has this field{_nearest(name, fields)}"
    known = fields | _id_types(config)
    for name in match.ignore_values:
        if name not in known:
            yield ("match", "ignore_values", name), f"no source has this field or identifier{_nearest(name, known)}"


_TAKEN_APART = "other sources have its parts, so it is taken apart: give the rule to given_name, family_name"


def _golden_rules(config: Config) -> Iterator[tuple[Path, str]]:
    fields = {f.name for f in golden_fields(config.sources)}
    apart = {f.name for f in joined_names(config.sources)}
    for name in config.golden.fields:
        if name in apart:
            yield ("golden", name), _TAKEN_APART
        elif name not in fields:
            yield ("golden", name), f"no people source has this field{_nearest(name, fields)}"
    seen: set[str] = set()
    for i, group in enumerate(config.golden.groups):
        for j, name in enumerate(group):
            if name in apart:
                yield ("golden", "groups", i, j), _TAKEN_APART
            elif name not in fields:
                yield ("golden", "groups", i, j), f"no people source has this field{_nearest(name, fields)}"
            if name in seen:
                yield ("golden", "groups", i, j), "this field is in a group already"
            seen.add(name)


def _id_types(config: Config) -> set[str]:
    return {name for s in config.sources.values() for name in getattr(s, "ids", {})}


def _nearest(name: str, options: set[str]) -> str:
    close = get_close_matches(name, sorted(options), n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""
