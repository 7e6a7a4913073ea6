"""Who somebody is, from identifiers or attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cxid.api.published import damage_told, open_published
from cxid.config.model import Config
from cxid.identify.asking import SURE, Identifier
from cxid.identify.model import Answer


def open_identifier(config: Config, *, sure: float = SURE, columns: Sequence[str] | None = None) -> Identifier:
    """Answers who somebody is, from the published run: open once, `ask` many times, close by a `with` block.

    `sure` is the confidence, from 0 to 1, that names one customer; `columns` are those of profile and golden record to
    give, all of profile that have a value when left out. Makes the run's index at the first time.
    """
    with damage_told(open_published(config).run_id):
        return Identifier(config, sure=sure, columns=columns)


def identify(
    config: Config, question: Mapping[str, Any], *, sure: float = SURE, columns: Sequence[str] | None = None
) -> Answer:
    """Who has these identifiers and attributes: one question, asked of the published run."""
    with damage_told(open_published(config).run_id), open_identifier(config, sure=sure, columns=columns) as identifier:
        return identifier.ask(question)
