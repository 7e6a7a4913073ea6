"""What the sections on service, advocacy, attitude and attributes need before they run, as small tables."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
from anyascii import anyascii

from cxid.config.channels import channel_of
from cxid.config.influence import Influence
from cxid.config.meanings import SAID, with_meanings
from cxid.engine.base import Engine, literal, quote
from cxid.model import Field, FieldType

TABLES = tuple(f"profile_{t}" for t in ("meaning", "place", "follower", "influence_weight", "influence_tier", "birth"))
"""What `write_voices` makes, for the sections alone."""
_FOLLOWER_WORDS = (
    "followers follower followercount followerscount followerzahl fans abonnes abonnenten seguidores seguaci volgers"
    " obserwujacy foljare folgere seuraajat"
)
_FOLLOWERS = frozenset(_FOLLOWER_WORDS.split())
_FACTOR = {
    "k": 1_000, "tsd": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "mln": 1_000_000,
    "b": 1_000_000_000, "bn": 1_000_000_000, "mrd": 1_000_000_000,
}  # fmt: skip
_MOST = 10**12


def write_voices(engine: Engine, influence: Influence, fields: tuple[Field, ...]) -> None:
    """Tables profile_meaning, _place, _influence_weight, _influence_tier, _follower and _birth.

    `fields` are the people fields of golden_customer and record.
    """
    engine.map_values("profile_meaning", SAID, with_meanings)
    engine.map_values("profile_place", "SELECT DISTINCT source AS raw FROM event", _with_places)
    weights, points = influence.weights, influence.reputation
    engine.run(
        "profile_influence_weight",
        "SELECT CAST(? AS DECIMAL(9,4)) AS followers, CAST(? AS DECIMAL(9,4)) AS reach, "
        "CAST(? AS DECIMAL(9,4)) AS referrals, CAST(? AS DECIMAL(9,4)) AS reputation, CAST(? AS BIGINT) AS post, "
        "CAST(? AS BIGINT) AS answer, CAST(? AS BIGINT) AS accepted, CAST(? AS BIGINT) AS liked, "
        "CAST(? AS BIGINT) AS influencers",
        [
            *(str(w) for w in (weights.followers, weights.reach, weights.referrals, weights.reputation)),
            *(points.post, points.answer, points.accepted, points.like),
            int(influence.share * 1_000_000),
        ],
    )
    names, audiences = list(influence.tiers), list(influence.tiers.values())
    engine.load(
        "profile_influence_tier",
        pa.table({"tier": pa.array(names, pa.string()), "audience": pa.array(audiences, pa.int64())}),
    )
    _write_followers(engine, fields)
    _write_births(engine, fields)


def _with_places(batch: pa.Table) -> pa.Table:
    """(raw, place) of the distinct names of sources: the channel that the name speaks of."""
    return batch.append_column("place", pa.array([channel_of(r) for r in batch.column("raw").to_pylist()], pa.string()))


def speaks_of_followers(name: str) -> bool:
    """Whether a field or attribute holds a number of followers, by the words of its name."""
    words = re.findall("[a-z]+", anyascii(name).lower())
    return bool({*words, "".join(words)} & _FOLLOWERS)


def read_count(text: str) -> int | None:
    """A number of followers as people write it, 12,345 or 12.5K; None when it is none."""
    found = re.fullmatch(r"([\d.,' \u00a0\u202f]*\d)\s*([a-z]*)\.?", text.strip().lower())
    if found is None or (found[2] and found[2] not in _FACTOR):
        return None
    digits = re.sub(r"[' \u00a0\u202f]", "", found[1])
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits) and not found[2]:
        digits = re.sub("[.,]", "", digits)  # 12.345 followers are no fraction
    if not re.fullmatch(r"\d+([.,]\d+)?", digits):
        return None
    count = int(Decimal(digits.replace(",", ".")) * _FACTOR.get(found[2], 1))
    return count if count <= _MOST else None


def _with_counts(batch: pa.Table) -> pa.Table:
    counts = [read_count(raw) for raw in batch.column("raw").to_pylist()]
    return batch.append_column("followers", pa.array(counts, pa.int64()))


def _write_followers(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Customers with followers: what their records say added up, or what enrichment says, whichever is more."""
    slots = [s for f in fields if speaks_of_followers(f.name) for s in f.slots]
    said = [
        "SELECT n.customer_no, 'record' AS told_by, "
        f"c.record_no, {quote(slot)} AS raw FROM record AS r JOIN record_customer AS c ON c.record_no = r.record_no "
        f"JOIN profile_number AS n ON n.customer_id = c.customer_id WHERE {quote(slot)} IS NOT NULL"
        for slot in slots
    ]
    named = engine.fetch("SELECT DISTINCT attribute FROM enrichment ORDER BY attribute").column(0).to_pylist()
    attributes = [a for a in named if speaks_of_followers(a)]
    if attributes:
        listed = ", ".join(literal(a) for a in attributes)
        told = "'enrichment' AS told_by, CAST(0 AS BIGINT) AS record_no, e.value AS raw FROM enrichment AS e"
        asked = f"e.attribute IN ({listed}) AND e.value IS NOT NULL"
        said.append(
            f"SELECT n.customer_no, {told} JOIN identifier_customer AS i ON i.id_type = e.join_field "
            "AND lower(trim(i.id_value, '@ ')) = lower(trim(e.join_value, '@ ')) "
            f"JOIN profile_number AS n ON n.customer_id = i.customer_id WHERE {asked}"
        )
        said.append(
            f"SELECT n.customer_no, {told} JOIN record AS r ON r.source = e.join_field "
            "AND lower(trim(r.record_key)) = lower(trim(e.join_value)) "
            "JOIN record_customer AS c ON c.record_no = r.record_no "
            f"JOIN profile_number AS n ON n.customer_id = c.customer_id WHERE {asked}"
        )
    nothing = (
        "SELECT CAST(0 AS BIGINT) AS customer_no, '' AS told_by, CAST(0 AS BIGINT) AS record_no, '' AS raw WHERE 1 = 0"
    )
    engine.run("profile_follower_said", " UNION ALL ".join(said or [nothing]))
    engine.map_values("profile_follower_count", "SELECT DISTINCT raw FROM profile_follower_said", _with_counts)
    engine.run(
        "profile_follower",
        "SELECT customer_no, max(followers) AS followers FROM ("
        "SELECT s.customer_no, s.told_by, CAST(sum(k.followers) AS BIGINT) AS followers "
        "FROM profile_follower_said AS s JOIN profile_follower_count AS k ON k.raw = s.raw "
        "WHERE k.followers IS NOT NULL GROUP BY s.customer_no, s.told_by) AS t GROUP BY customer_no",
    )
    engine.drop("profile_follower_said", "profile_follower_count")


def _write_births(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Customers with a birth date that is a day of the calendar."""
    slots = [s for f in fields if f.type is FieldType.BIRTH_DATE for s in f.slots]
    born = f"coalesce({', '.join(f'try_cast(g.{quote(s)} AS DATE)' for s in slots)})" if slots else "CAST(NULL AS DATE)"
    engine.run(
        "profile_birth",
        f"SELECT n.customer_no, {born} AS born FROM golden_customer AS g "
        f"JOIN profile_number AS n ON n.customer_id = g.customer_id WHERE {born} IS NOT NULL",
    )
