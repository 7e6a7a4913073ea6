"""What of a config decides who is who, as digests: by them a later build knows whether rules changed or data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cxid import __version__
from cxid.config.fields import norm_fields, people_sources
from cxid.config.model import Config, EnrichmentSource, Source

_ELSEWHERE = {"path", "quarantine_max", "trust"}  # of a source: where it lies, limits, who wins among values


def identity_basis(config: Config) -> Mapping[str, str]:
    """Part -> sha256: `match` with the country and the version of cxid, and `source NAME` for each that names people.

    Where its files lie is no part of a source here: another file of the same columns is other data.
    """
    rules = {"match": config.match.model_dump(mode="json"), "country": config.country, "version": __version__}
    named = {n: s for n, s in config.sources.items() if not isinstance(s, EnrichmentSource)}
    people = people_sources(named)
    parts: dict[str, Any] = {"match": rules}
    for name, source in named.items():
        mapping = source.model_dump(mode="json", by_alias=True, exclude=_ELSEWHERE)
        parts[f"source {name}"] = mapping if name in people else {"kind": mapping["kind"], "ids": mapping.get("ids")}
    return {part: _digest(content) for part, content in parts.items()}


_NOT_LEARNED = {"auto", "target_precision", "review", "sure", "max_group", "hub_limit", "never_merge_if"}


def learning_basis(config: Config, program: str) -> str:
    """sha256 of what a linkage model is learned for: compared fields, country, the rules that change what is compared.

    Where pairs are cut, and what joins no group, is decided with the model and not by it. `program` is a digest of the
    modules that learn and compare.
    """
    fields = [(f.name, f.type.value, f.slots) for f in norm_fields(config.sources, config.match.ignore_fields)]
    match = config.match.model_dump(mode="json", exclude=_NOT_LEARNED)
    return _digest({"fields": fields, "match": match, "country": config.country, "program": program})


def reading_basis(source: Source) -> str:
    """sha256 of all that a source's config says of what its rows are; where its files lie, limits, trust do not."""
    return _digest(source.model_dump(mode="json", by_alias=True, exclude=_ELSEWHERE))


def normalising_basis(config: Config) -> Any:
    """What comparable values rest on in a config."""
    kept = {
        name: source.model_dump(mode="json", by_alias=True, exclude=_ELSEWHERE)
        for name, source in config.sources.items()
    }
    return [kept, config.country, config.match.model_dump(mode="json", exclude=_NOT_LEARNED)]


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def config_keys(content: Mapping[str, Any]) -> Mapping[str, str]:
    """Dotted key -> digest of its value, of a config as JSON: by them two runs tell which keys differ, not how.

    A list is one value.
    """
    return dict(_flat("", content))


def _flat(path: str, content: Any) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict) and content:
        for name, value in content.items():
            yield from _flat(f"{path}.{name}" if path else str(name), value)
    else:
        yield path, _digest(content)[:16]
