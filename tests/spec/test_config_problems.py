"""What a wrong config is told: one row is one fault, its place and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.loading import parse_config
from cxid.errors import ConfigError, UsageError

GOOD = """\
version: 1
project: acme
sources:
  crm: {path: crm.csv, kind: people, key: id, columns: {full_name: name, email: mail, tax_id: tin}}
  pos: {path: pos.csv, kind: transactions, time: at, amount: total, ids: {card: card}}
"""

FAULTS = [
    # what is added or replaced, the place, the words
    ("projekt: acme\n", "6:1", 'projekt: unknown key, did you mean "project"?'),
    ("match: {atuo: 0.9}\n", "6:9", 'match.atuo: unknown key, did you mean "auto"?'),
    ("match: {auto: high}\n", "6:15", "match.auto: expected a number"),
    ("match: {auto: 0.01}\n", "6:15", "match.auto: expected review <= auto <= sure"),
    ("match: {auto: 0.6, target_precision: 0.99}\n", "6:38", "match.target_precision: set either auto or target_precision"),
    ("match: {target_precision: 0.3}\n", "6:27", "match.target_precision: Input should be greater than 0.5"),
    ("match: {max_group: 1}\n", "6:20", "match.max_group: Input should be greater than or equal to 2"),
    ("match: {one_per_source: [cmr]}\n", "6:26", 'match.one_per_source.0: no people source of this name, did you mean "crm"?'),
    ("match: {never_merge_if: [tax_id is other]}\n", "6:26", "match.never_merge_if.0: expected a rule such as 'tax_id differs'"),
    ("match: {never_merge_if: [taxid differs]}\n", "6:26", 'match.never_merge_if.0: no people source has this field, did you mean "tax_id"?'),
    ("match: {ignore_values: {mail: [a@b.c]}}\n", "6:31", 'match.ignore_values.mail: no source has this field or identifier, did you mean "email"?'),
    ("golden: {default: newest}\n", "6:19", "golden.default: not one of most_trusted_then_latest, latest, most_frequent, longest, most_complete"),
    ("golden: {groups: [[email, email]]}\n", "6:27", "golden.groups.0.1: this field is in a group already"),
    ("golden: {emial: latest}\n", "6:17", 'golden.emial: no people source has this field, did you mean "email"?'),
    ("golden: {email: newest}\n", "6:17", "golden.email: not one of most_trusted_then_latest, latest, most_frequent, longest, most_complete"),
    ("checks: {quarantine_max: 200%}\n", "6:26", "checks.quarantine_max: Input should be less than or equal to 1"),
    ("checks: {quarantine_max: few}\n", "6:26", "checks.quarantine_max: expected a share such as 0.01 or 1%"),
    ("profile: {as_of: yesterday}\n", "6:18", "profile.as_of: expected a date such as 2026-11-01"),
    ("country: Germany\n", "6:10", "country: expected a two-letter ISO code such as GB"),
    ("outputs: {dir: '${CXID_NOWHERE}'}\n", "6:16", "outputs.dir: the environment variable CXID_NOWHERE is not set"),
    ("  web: {path: w.csv, kind: event, time: t, ids: {cookie: c}}\n", "6:8", 'sources.web: unknown kind, did you mean "events"?'),
    ("  web: {path: w.csv, time: t, ids: {cookie: c}}\n", "6:8", "sources.web: kind: is needed"),
    ("  web: {path: w.csv, kind: events, time: t}\n", "6:3", "sources.web.ids: this key is needed"),
    ("  web: {path: w.csv, kind: events, time: t, ids: {}}\n", "6:50", "sources.web.ids: Dictionary should have at least 1 item"),
    ("  Web: {path: w.csv, kind: events, time: t, ids: {cookie: c}}\n", "6:8", "sources.Web: a source's name has at most 60 lower-case letters"),
    ("  web: {path: w.csv, kind: events, time: {from: t, format: dmy}, ids: {cookie: c}}\n", "6:60", "sources.web.time.format: expected a pattern"),
    ("  web: {path: w.csv, kind: events, time: t, ids: {cookie: c}, encoding: utf-9}\n", "6:73", "sources.web.encoding: unknown encoding"),
    ("  web: {path: w.csv, kind: events, time: t, ids: {cookie: c}, timezone: Mars}\n", "6:73", "sources.web.timezone: unknown time zone"),
    ("  web: {path: w.csv, kind: events, time: t, ids: {cookie: c}, delimiter: '||'}\n", "6:74", "sources.web.delimiter: String should have at most 1 character"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {brith_date: dob}}\n", "6:67", 'sources.web.columns.brith_date: did you mean "birth_date"?'),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email_2: dob}}\n", "6:64", "sources.web.columns.email_2: a name that ends in _ and a number"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {customer_id: dob}}\n", "6:68", "sources.web.columns.customer_id: this name is one of cxid's own columns"),
    ("  area: {path: w.csv, kind: enrichment, join: postcode, columns: {a: b}}\n", "6:47", "sources.area.join: no people source has this field"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email: mial}, header: [id, mail]}\n", "6:62", 'sources.web.columns.email: "mial" is not under header, did you mean "mail"?'),
    ("  web: {path: w.csv, kind: people, key: no, columns: {email: mail}, header: [id, mail]}\n", "6:41", 'sources.web.key: "no" is not under header'),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email: mail}, header: [id, mail, id]}\n", "6:88", "sources.web.header.2: column 1 has this name already"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email: mail}, header: [id, mail, ' ']}\n", "6:88", "sources.web.header.2: every column needs a name"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email: mail}, header: []}\n", "6:77", "sources.web.header: Tuple should have at least 1 item"),
    ("  web: {path: w.csv, kind: people, key: id, columns: {email: mail}, header: id}\n", "6:77", "sources.web.header: expected a list"),
    ("  web: {path: w.pq, format: parquet, kind: people, key: id, columns: {email: mail}, header: [id, mail]}\n", "6:93", "sources.web.header: only CSV files can lack a header"),
    ("  area: {path: w.csv, kind: enrichment, join: tax_id, columns: {a: b}, header: [tin, b]}\n", "6:47", 'sources.area.join: "tax_id" is not under header'),
    ("targets: [prod]\n", "6:1", "targets: expected target names"),
    ("sources: {}\n", "6:1", "this key stands here twice"),
    ("match: {auto: 1\n", "7:1", "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "words"), FAULTS, ids=[f[2][:60] for f in FAULTS])
def test_each_fault_is_told_with_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config((GOOD + text).encode(), Path("cxid.yml"), env={})
    assert any(line.startswith(f"cxid.yml:{place}: {words}") for line in caught.value.message.splitlines()), (
        caught.value.message
    )


def test_all_faults_come_at_once_in_file_order() -> None:
    text = GOOD.replace("project:", "projct:") + "match: {auto: high}\nchecks: {quarantine: 1}\n"
    with pytest.raises(ConfigError) as caught:
        parse_config(text.encode(), Path("cxid.yml"), env={})
    assert [p.line for p in caught.value.problems] == [2, 6, 7]


def test_variables_take_the_environment_then_the_default() -> None:
    text = (GOOD + 'outputs: {dir: "${OUT:-here}/x"}\n').encode()
    assert str(parse_config(text, Path("cxid.yml"), env={"OUT": "there"}).outputs.dir) == "there/x"
    assert str(parse_config(text, Path("cxid.yml"), env={}).outputs.dir) == "here/x"


def test_a_target_lays_its_keys_over_the_rest() -> None:
    text = (GOOD + "targets: {prod: {outputs: {dir: /srv/out}, sources: {crm: {path: prod.csv}}}}\n").encode()
    config = parse_config(text, Path("cxid.yml"), "prod", env={})
    assert (str(config.outputs.dir), config.sources["crm"].path, config.sources["pos"].path) == (
        "/srv/out",
        ("prod.csv",),
        ("pos.csv",),
    )
    with pytest.raises(UsageError, match="no target"):
        parse_config(text, Path("cxid.yml"), "test", env={})


def test_yaml_words_stay_what_they_are() -> None:
    text = GOOD.replace("project: acme", "project: NO").replace("null", "null").encode()
    assert parse_config(text, Path("cxid.yml"), env={}).project == "NO"


def test_the_config_cannot_be_changed() -> None:
    config = parse_config(GOOD.encode(), Path("cxid.yml"), env={})
    with pytest.raises(Exception, match="frozen"):
        config.project = "other"  # type: ignore[misc]
