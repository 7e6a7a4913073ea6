"""The pieces of config on the page about kinds of sources are valid, and the ready configs use every kind and part."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from cxid.config.loading import parse_config
from cxid.config.model import EventLikeSource, EventSource, MentionSource, PeopleSource, SurveySource, TransactionSource

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"^```yaml\n(.*?)^```$", (ROOT / "docs/how-to/map-sources.md").read_text(encoding="utf-8"), re.M | re.S
)
REGISTER = "  crm: {path: c.csv, kind: people, key: k, columns: {postcode: zip}, ids: {email: mail}}\n"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: b.split(":", 1)[0])
def test_a_piece_of_config_is_valid(block: str) -> None:
    text = f"sources:\n{REGISTER}"
    text += block if block.startswith("profile:") else indent(block, "  ")
    assert parse_config(text.encode(), Path("cxid.yml"), env={}).sources


def test_the_ready_configs_show_every_kind_and_every_part_of_a_happening() -> None:
    kinds, parts = set(), set()
    for file in (ROOT / "configs").glob("*.yml"):
        for source in parse_config(file.read_bytes(), file, env={}).sources.values():
            kinds.add(source.kind)
            parts |= source.model_fields_set
    assert kinds == {"people", "events", "transactions", "mentions", "survey", "enrichment", "consent"}
    happening = {
        "case",
        "due",
        "end",
        "medium",
        "origin",
        "sentiment",
        "reach",
        "likes",
        "followers",
        "scale",
        "campaign",
    }
    assert happening - parts == set()


def test_every_part_of_a_happening_is_open_to_every_kind() -> None:
    kinds: tuple[type[EventLikeSource], ...] = (EventSource, TransactionSource, MentionSource, SurveySource)
    for kind in kinds:
        assert {"case", "due", "end", "sentiment", "reach", "likes", "followers"} <= set(kind.model_fields)
    assert "case" not in PeopleSource.model_fields
