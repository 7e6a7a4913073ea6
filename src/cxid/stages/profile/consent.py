"""Permissions: what a customer's identifiers said, as one answer for each purpose and channel."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
from anyascii import anyascii

from cxid import sql
from cxid.config.consent import Permission
from cxid.config.model import Profile
from cxid.consenting import folded_channel, folded_purpose
from cxid.engine.base import Engine
from cxid.stages.context import Reporter

_MOST = 50  # columns; a source that writes a purpose of its own for each campaign would fill the profile

_LATEST = "SELECT greatest(as_of, coalesce((SELECT max(time) FROM consent_row), as_of)) AS as_of FROM profile_moment"
_STATED = "SELECT as_of FROM profile_moment"


def write_consent(engine: Engine, profile: Profile, reporter: Reporter) -> list[str]:
    """Tables `consent` and `profile_permission`; the columns that the latter makes of the profile.

    What counts is what was said by as_of; where the config states none, all that was said. A refusal that comes after
    a stated as_of is told, in the table and as a warning: whoever acts now must obey it.
    """
    engine.run("profile_consent_moment", _STATED if profile.as_of is not None else _LATEST)
    purpose, channel = folded_purpose("purpose"), folded_channel("channel")
    engine.run(
        "profile_consent_said",
        f"SELECT consent_no, source, {purpose} AS purpose, {channel} AS channel, status, time, expires_at "
        "FROM consent_row",
    )
    for name in ("holder", "word", "asked", "last", "merged"):
        engine.run(f"profile_consent_{name}", sql.load("profile", f"profile_consent_{name}"))
    engine.run("consent", sql.load("profile", "consent"))
    engine.run(
        "profile_consent_seen",
        "SELECT purpose, channel, count(*) AS people FROM profile_consent_said GROUP BY purpose, channel",
    )
    _tell(engine, reporter)
    columns = _write_permissions(engine, profile.consent, reporter)
    engine.drop(
        *(f"profile_consent_{n}" for n in ("said", "seen", "holder", "word", "asked", "last", "merged", "moment"))
    )
    return columns


def _tell(engine: Engine, reporter: Reporter) -> None:
    """What a person should know: refusals after as_of, consents of nobody, contradictions."""
    late = int(engine.scalar("SELECT count(DISTINCT customer_id) FROM consent WHERE withdrawn_at IS NOT NULL"))
    if late:
        reporter.warn(
            "consent_after_as_of",
            f"{late:,} customers refused something after profile.as_of: exports obey it, "
            "the profile does not know it yet",
        )
    unheld = int(
        engine.scalar(
            "SELECT count(*) FROM profile_consent_said AS s LEFT JOIN (SELECT DISTINCT i.consent_no FROM "
            "consent_identifier AS i JOIN profile_consent_holder AS h ON h.id_type = i.id_type "
            "AND h.id_value = i.id_value) AS f ON f.consent_no = s.consent_no WHERE f.consent_no IS NULL"
        )
    )
    reporter.log(
        "profile.consent", said=engine.count("profile_consent_said"), of_nobody=unheld, rows=engine.count("consent"),
        conflicts=int(engine.scalar("SELECT count(*) FROM consent WHERE conflict")),
    )  # fmt: skip


def _write_permissions(engine: Engine, wanted: Sequence[Permission] | None, reporter: Reporter) -> list[str]:
    """Table profile_permission (column_name, purpose, channel), and its columns in order.

    They are those that the config wants, else all that a source names; the most common ones where they are very many.
    """
    if wanted is None:
        seen = engine.fetch("SELECT purpose, channel FROM profile_consent_seen ORDER BY people DESC, purpose, channel")
        rows = [(r["purpose"], r["channel"]) for r in seen.to_pylist()]
        if len(rows) > _MOST:
            reporter.warn(
                "consent_columns",
                f"{len(rows):,} purposes and channels: the {_MOST} most common become columns of the profile; "
                "name those that you need in profile.consent",
            )
        rows = sorted(rows[:_MOST])
    else:
        rows = [_folded(engine, p) for p in wanted]
    rows = list(dict.fromkeys(rows))
    columns = _column_names(rows)
    text = pa.string()
    table = {
        "column_name": pa.array(columns, text),
        "purpose": pa.array([p for p, _ in rows], text),
        "channel": pa.array([c for _, c in rows], text),
    }
    engine.load("profile_permission", pa.table(table))
    return columns


def _folded(engine: Engine, wanted: Permission) -> tuple[str, str]:
    purpose, channel = folded_purpose("p.purpose"), folded_channel("p.channel")
    found = engine.fetch(
        f"SELECT {purpose} AS purpose, {channel} AS channel FROM "
        "(SELECT CAST(? AS VARCHAR) AS purpose, CAST(? AS VARCHAR) AS channel) AS p",
        [wanted.purpose, wanted.channel],
    ).to_pylist()[0]
    return str(found["purpose"]), str(found["channel"])


def _column_names(rows: Sequence[tuple[str, str]]) -> list[str]:
    """may_<purpose>_<channel> in letters that need no quoting, each another."""
    names: list[str] = []
    for purpose, channel in rows:
        words = re.sub(r"[^a-z0-9]+", "_", anyascii(f"{purpose or 'anything'} {channel}").lower()).strip("_") or "other"
        name, number = f"may_{words}", 2
        while name in names:
            name, number = f"may_{words}_{number}", number + 1
        names.append(name)
    return names
