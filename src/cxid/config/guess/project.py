"""The whole config: every extract judged, the identifiers named across them, the country and the rest set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cxid.config.guess.attendance import attendance_source, is_attendance, papers, share_key
from cxid.config.guess.columns import ColumnGuess
from cxid.config.guess.datasets import Dataset, list_files, read_datasets, stem_of
from cxid.config.guess.dates import find_dates
from cxid.config.guess.dialect import PLAIN
from cxid.config.guess.found import Draft, Evidence, Guess, LeftOut
from cxid.config.guess.happenings import happening_source
from cxid.config.guess.identity import Identity, find_identity, may_refer, refers
from cxid.config.guess.joined import consent_sources, consents_of_people, enrichment_source, told_consents
from cxid.config.guess.keys import KeyGuess, find_event_key, find_key
from cxid.config.guess.kinds import KindGuess, judge_kind, times
from cxid.config.guess.people import people_source
from cxid.config.guess.places import MONEY, CountryGuess, CountryVotes
from cxid.config.guess.resolve import resolve
from cxid.config.guess.words import snake, words_of
from cxid.errors import ErrorCode, InputError
from cxid.runs.observer import Observer, Unobserved

_HAPPENINGS = ("events", "transactions", "mentions", "survey")
_WORDY = ("given_name", "family_name", "full_name", "street", "city")
_ADDRESS = ("street", "house_number", "city", "region", "postcode", "country")
_TRUST = (
    (3, frozenset(("CUSTOMER",))),
    (2, frozenset(("LOYALTY", "MEMBER", "ACCOUNT", "SUBSCRIBER", "RECEIPT"))),
)
_PLAIN_ENDINGS = (
    ".csv", ".csv.gz", ".csv.zst", ".parquet", ".jsonl", ".ndjson",
    ".jsonl.gz", ".jsonl.zst", ".ndjson.gz", ".ndjson.zst", ".json", ".json.gz", ".json.zst")  # fmt: skip


@dataclass
class _Work:
    """What is known so far."""

    datasets: list[Dataset]
    left: list[LeftOut]
    kinds: dict[str, KindGuess] = field(default_factory=dict)
    keys: dict[str, KeyGuess] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    twice: set[str] = field(default_factory=set)  # extracts read as people and as events
    warnings: list[str] = field(default_factory=list)


def guess_config(
    paths: Sequence[Path],
    *,
    root: Path,
    project: str | None = None,
    country: str | None = None,
    observer: Observer | None = None,
) -> Guess:
    """A config for the data files under `paths` (files, folders, globs), with the evidence for each part of it.

    Paths in the config are relative to `root`, the folder that cxid.yml will stand in. `project` and `country` are
    taken as said. Raises InputError when no file can be a source.
    """
    files, left = list_files(paths)
    observer = observer or Unobserved()
    observer.steps_planned("", ["reading files", "looking at columns", "finding who is who"])
    datasets, unusable = read_datasets(files, root, observer)
    observer.step_started("", "finding who is who")
    work = _Work([resolve(d) for d in datasets], [*left, *unusable])
    where = _country(work.datasets, country)
    work.datasets = _settle_dates(work.datasets, where)
    _judge(work)
    data = [d for d in work.datasets if not work.kinds[d.name].answer]
    identity = find_identity(data, {n: k.kind for n, k in work.kinds.items()}, work.keys)
    _build(work, identity)
    if not work.drafts:
        raise InputError(
            "no file can be a source: "
            + ("; ".join(f"{x.source}: {x.why}" for x in work.left[:5]) or "none was given"),
            hint="name files or folders with CSV, Parquet or JSON lines that hold a header and rows",
            code=ErrorCode.NO_SOURCE,
        )
    return _whole(work, identity, where, project or snake(root.resolve().name))


# ---- country and dates -------------------------------------------------------------------------------------------


def _country(datasets: Sequence[Dataset], stated: str | None) -> CountryGuess:
    if stated:
        return CountryGuess(stated.upper(), "as you said", True)
    votes = CountryVotes()
    words = {w for d in datasets for c in d.columns for w in words_of(c.name)}
    votes.headers(words)
    for d in datasets:
        for c in d.columns:
            if c.reading.stranger:
                continue
            sample, name = c.values.sample[:400], f"{d.name}.{c.name}"
            if c.meaning in _WORDY:
                votes.scripts(sample, name)
            if c.meaning == "postcode":
                votes.postcodes(sample, name)
            elif c.meaning == "country":
                votes.countries(sample, name)
            elif c.meaning == "region":
                votes.regions(sample, name)
            elif c.meaning == "email":
                votes.emails(sample, name)
            elif c.meaning == "phone":
                votes.phones(sample, name)
            elif c.meaning == "currency" and c.values.sample:
                votes.money(Counter(c.values.sample).most_common(1)[0][0].upper(), name)
            elif c.meaning == "amount" and c.values.number and c.values.number.symbol:
                votes.money(c.values.number.symbol, name)
    return votes.verdict()


def _settle_dates(datasets: Sequence[Dataset], where: CountryGuess) -> list[Dataset]:
    """Day or month first where a column's own values leave it open: by its file, the other files, then the country."""
    everywhere = _orders(c for d in datasets for c in d.columns)
    settled = []
    for d in datasets:
        own = _orders(d.columns)
        order, why = (own, "as the other dates of its file") if own else (everywhere, "as the dates of the other files")
        if not order:
            order = "mdy" if where.month_first else "dmy"
            why = f"as is usual in {where.code}"
        settled.append(replace(d, columns=tuple(_settled(c, order, why) for c in d.columns)))
    return settled


def _orders(columns: Any) -> str:
    votes = Counter(
        c.values.dates.order
        for c in columns
        if c.values.dates
        and c.values.dates.certain
        and c.values.dates.order != "ymd"
        and "%b" not in c.values.dates.format.lower()
    )
    return str(votes.most_common(1)[0][0]) if votes else ""


def _settled(column: ColumnGuess, order: str, why: str) -> ColumnGuess:
    shape = column.values.dates
    if shape is None or shape.certain or shape.epoch:
        return column
    again = find_dates(column.values.sample, day_first=order == "dmy")
    if again is None:
        return column
    said = f"{'day' if again.order == 'dmy' else 'month'} first {why}: no value of its own decides"
    return replace(column, values=replace(column.values, dates=replace(again, why=said)))


# ---- kinds, keys, sources ----------------------------------------------------------------------------------------


def _judge(work: _Work) -> None:
    work.kinds = {d.name: judge_kind(d) for d in work.datasets}
    _refer(work)
    work.kinds |= papers(work.datasets, work.kinds)
    for d in work.datasets:
        kind = work.kinds[d.name]
        numbered = find_event_key(d) if kind.kind in ("people", "events") and is_attendance(d) else None
        if numbered and not numbered.broken:
            work.kinds[d.name] = (
                replace(kind, kind="people")
                if kind.kind == "people"
                else KindGuess("people", "it has names and addresses of those who came", 6)
            )
            work.keys[d.name] = numbered
            work.twice.add(d.name)
        elif kind.kind == "people":
            work.keys[d.name] = find_key(d)
        elif kind.kind in _HAPPENINGS and (found := find_event_key(d)):
            work.keys[d.name] = found


def _refer(work: _Work) -> None:
    """Files that no header says whose rows they are, read again where a column holds the keys of a people file."""
    people = [d for d in work.datasets if work.kinds[d.name].kind == "people"]
    for place, d in enumerate(work.datasets):
        if work.kinds[d.name].kind or work.kinds[d.name].answer or not times(d):
            continue
        found = next((c for c in d.columns if may_refer(c) and any(refers(d, c, p) for p in people)), None)
        if found is not None:
            why = "its values are the keys of a people file"
            named = tuple(c.as_("customer_id", why, 0.7) if c is found else c for c in d.columns)
            work.datasets[place] = replace(d, columns=named)
            work.kinds[d.name] = judge_kind(work.datasets[place])


def _build(work: _Work, identity: Identity) -> None:
    waiting: list[Dataset] = []
    for d in work.datasets:
        kind = work.kinds[d.name]
        drafts: list[Draft] = []
        if kind.kind == "people":
            told = told_consents(d, work.keys[d.name])
            if d.name in work.twice or told:
                share_key(d, work.keys[d.name], identity)
            plain = replace(d, columns=tuple(c for c in d.columns if c not in told))
            drafts = [people_source(plain, work.keys[d.name], identity, _base(d), twice=d.name in work.twice)]
        elif kind.kind in _HAPPENINGS:
            made = happening_source(d, kind.kind, work.keys.get(d.name), identity, _base(d))
            drafts = [made] if made else []
        elif kind.kind == "consent":
            drafts = consent_sources(d, identity, _base(d))
        else:
            waiting.append(d)
            continue
        if not drafts:
            _leave(work, d, f"looks like {kind.kind}, and lacks its time, its persons or its figures")
        for draft in drafts:
            _finish(work, d, draft, kind)
        if d.name in work.twice and (came := attendance_source(d, work.keys[d.name], identity, _base(d))):
            _finish(work, d, came, KindGuess("events", "the same file: each row is a person who came at a time", 6))
        if kind.kind == "people":
            for draft in consents_of_people(d, work.keys[d.name], identity, _base(d)):
                _finish(work, d, draft, KindGuess("consent", "the same file: a yes or no beside each person", 6))
    fields = {f: "" for x in work.drafts if x.source["kind"] == "people" for f in x.source["columns"]}
    types = {t for x in work.drafts for t in x.source.get("ids", {})}
    for d in waiting:
        kind = work.kinds[d.name]
        made = None if kind.answer else enrichment_source(d, fields, identity, types, _base(d))
        if made is None:
            why = kind.why if kind.kind == "" else "attributes of something that no other source has"
            _leave(work, d, why)
        else:
            _finish(
                work,
                d,
                made,
                kind if kind.kind else KindGuess("enrichment", "its key is an identifier of other sources", 2),
            )


def _leave(work: _Work, dataset: Dataset, why: str) -> None:
    why = why if dataset.first.has_header else f"{why}; it has no header line"
    for path in dataset.paths:
        work.left.append(LeftOut(path, "", why))


def _finish(work: _Work, dataset: Dataset, draft: Draft, kind: KindGuess) -> None:
    draft.note(("kind",), "", kind.why, min(0.95, 0.3 + kind.score / 12))
    first = dataset.first
    if first.encoding_why and first.encoding_why != PLAIN and first.encoding != "utf-8":
        draft.note(("encoding",), "", first.encoding_why, 0.8)
    if not first.has_header:
        draft.evidence = [replace(e, why=e.why.replace(" by its header", "")) for e in draft.evidence]
        draft.note(("header",), "", "the file has no header line: named by what its columns hold", 0.5)
    if dataset.nulls:
        draft.note(("null_values",), "", "texts found where values are missing", 0.8)
    for file in dataset.files[:1]:
        draft.warnings += [f"{draft.name}: {w}" for w in file.warnings]
    if "rows will be rejected" in first.encoding_why:
        draft.warnings.append(f"{draft.name}: {first.encoding_why}")
    work.drafts.append(draft)


def _base(dataset: Dataset) -> dict[str, Any]:
    """Where the files are and how they are written, as far as it is not the default."""
    first = dataset.first
    base: dict[str, Any] = {"path": dataset.paths[0] if len(dataset.paths) == 1 else list(dataset.paths)}
    ending = first.path.name[len(stem_of(first.path)) :].lower()
    if ending not in _PLAIN_ENDINGS:
        base["format"] = first.format
    if first.format != "parquet" and first.encoding != "utf-8":
        base["encoding"] = first.encoding
    if first.dialect is not None:
        if first.dialect.delimiter != ",":
            base["delimiter"] = first.dialect.delimiter
        if first.dialect.quote != '"':
            base["quote"] = first.dialect.quote
        if first.dialect.escape is not None:
            base["escape"] = first.dialect.escape
    if not first.has_header:
        base["header"] = list(first.columns)
    if dataset.nulls:
        base["null_values"] = list(dataset.nulls)
    return base


# ---- the whole ---------------------------------------------------------------------------------------------------


def _whole(work: _Work, identity: Identity, where: CountryGuess, project: str) -> Guess:
    order = {d.name: i for i, d in enumerate(work.datasets)}
    people = [x for x in work.drafts if x.source["kind"] == "people"]
    rest = [x for x in work.drafts if x.source["kind"] != "people"]
    evidence = [Evidence(("country",), "", where.why, 0.8 if where.certain else 0.2)]
    _trust(people, {d.name: d for d in work.datasets})
    config: dict[str, Any] = {"version": 1, "project": project, "country": where.code, "sources": {}}
    for draft in sorted(people, key=lambda x: order.get(x.name, 0)) + sorted(rest, key=lambda x: order.get(x.name, 0)):
        config["sources"][draft.name] = _ordered(draft.source)
    mapped = {
        f
        for x in people
        for f, c in x.source["columns"].items()
        if not (isinstance(c, dict) and c.get("type") == "attribute")
    }
    group = [f for f in _ADDRESS if f in mapped]
    if len(group) >= 2:
        config["golden"] = {"groups": [group]}
        evidence.append(Evidence(("golden", "groups"), "", "an address moves as one", 0.9))
    money = [x for x in work.drafts if "amount" in x.source and "currency" not in x.source]
    if money and where.certain and where.code in MONEY:
        config["profile"] = {"currency": MONEY[where.code]}
        evidence.append(
            Evidence(("profile", "currency"), "", f"amounts carry no currency; this is the one of {where.code}", 0.5)
        )
    drafts = [*people, *rest]
    return Guess(
        config,
        tuple(evidence + [e for x in drafts for e in x.evidence]),
        tuple([x for d in drafts for x in d.left_out] + work.left),
        tuple(dict.fromkeys([w for d in drafts for w in d.warnings] + identity.warnings + work.warnings)),
    )


def _trust(people: Sequence[Draft], datasets: Mapping[str, Dataset]) -> None:
    """Which source is believed first, where the files' names tell."""
    if len(people) < 2:
        return
    for draft in people:
        words = datasets[draft.name].words
        level = next((n for n, known in _TRUST if words & known), 1)
        if level > 1:
            draft.source["trust"] = level
            draft.note(("trust",), "", "by the file's name", 0.5)


_ORDER = (
    "path", "format", "encoding", "delimiter", "quote", "escape", "header", "null_values", "kind", "key", "trust",
    "updated_at", "time", "timezone", "end", "due", "type", "channel", "campaign", "medium", "origin", "case", "amount",
    "quantity", "currency", "category", "score", "scale", "sentiment", "reach", "likes", "followers", "join",
    "join_column", "purpose", "status", "expires_at", "ids", "columns",
)  # fmt: skip


def _ordered(source: dict[str, Any]) -> dict[str, Any]:
    return {k: source[k] for k in sorted(source, key=_ORDER.index)}
