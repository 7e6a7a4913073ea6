"""What went into two runs: files and rows per source, the config by key, decisions, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from cxid.diff.model import DecisionChange, InputChange, KeyChange, SourceChange, VersionChange
from cxid.diff.opening import SIDES, Pair
from cxid.sql import load

_SHORT = 8  # figures of a digest that are shown


def compare_inputs(pair: Pair) -> InputChange:
    """What went in, then and now."""
    keys = _keys(pair)
    versions = _versions(pair)
    before, after = (pair.manifests[side] for side in SIDES)
    config_changed = before.get("config_sha256") != after.get("config_sha256")
    return InputChange(
        sources=_sources(pair, _read_anew(keys, everything=bool(versions) or (config_changed and not keys))),
        config_changed=config_changed,
        keys=keys,
        decisions=_decisions(pair),
        versions=versions,
    )


def _keys(pair: Pair) -> tuple[KeyChange, ...]:
    """Keys by name; none where a run of an older version did not keep them."""
    before, after = (pair.manifests[side].get("config_keys") for side in SIDES)
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return ()
    differing = sorted(k for k in {*before, *after} if before.get(k) != after.get(k))
    return tuple(
        KeyChange(k, "added" if k not in before else "removed" if k not in after else "changed") for k in differing
    )


def _read_anew(keys: Iterable[KeyChange], *, everything: bool) -> Callable[[str], bool]:
    """Whether the rows of a source may be read in another way than before, though its files are the same."""
    named = {key.key.split(".")[1] for key in keys if key.key.startswith("sources.")}
    return lambda source: everything or source in named


def _versions(pair: Pair) -> tuple[VersionChange, ...]:
    before, after = (pair.manifests[side].get("versions") or {} for side in SIDES)
    return tuple(
        VersionChange(name, _shown(name, before.get(name, "")), _shown(name, after.get(name, "")))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _shown(name: str, value: str) -> str:
    return value[:_SHORT] if name == "code" else value


def _decisions(pair: Pair) -> tuple[DecisionChange, ...]:
    found = pair.engine.fetch(load("diff", "decision_change")).to_pylist()
    return tuple(DecisionChange(r["action"], r["added"], r["removed"]) for r in found)


def _sources(pair: Pair, is_read_anew: Callable[[str], bool]) -> tuple[SourceChange, ...]:
    engine = pair.engine
    files = engine.fetch(load("diff", "file_change")).to_pylist()
    suspects = [f["source"] for f in files if is_read_anew(f["source"]) or f["added"] or f["removed"] or f["changed"]]
    engine.load("diff_suspect", pa.table({"source": pa.array(suspects, pa.string())}))
    kinds = {r["source"]: r["kind"] for r in engine.fetch(load("diff", "source_kind")).to_pylist()}
    rows: dict[str, dict[str, Any]] = {}
    for name, tables in (("record_change", ("record",)), ("event_change", ("event", "event_id"))):
        if suspects and not pair.is_same(*tables):
            rows |= {r["source"]: r for r in engine.fetch(load("diff", name)).to_pylist()}
    return tuple(_source(f, kinds.get(f["source"], "other"), rows.get(f["source"], {})) for f in files)


def _source(files: Mapping[str, Any], kind: str, rows: Mapping[str, Any]) -> SourceChange:
    touched = files["added"] or files["removed"] or files["changed"]
    nothing = None if kind == "other" and touched else 0
    return SourceChange(
        source=files["source"],
        kind=kind,
        files_added=files["added"],
        files_removed=files["removed"],
        files_changed=files["changed"],
        rows_before=files["rows_before"],
        rows_after=files["rows_after"],
        added=rows.get("added", nothing),
        removed=rows.get("removed", nothing),
        changed=rows.get("changed", nothing),
        quarantined_before=files["quarantined_before"],
        quarantined_after=files["quarantined_after"],
    )
