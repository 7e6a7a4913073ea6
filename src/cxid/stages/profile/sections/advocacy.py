"""Who hears the customer, and what the customer says to them."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, has_rows

_QUIET = "no followers known, no mention, no referral, nothing in the community"
_NO_FOLLOWERS = "no record, enrichment or mention says"
_NO_REACH = "no mention with a reach or followers"


def _count(name: str, definition: str) -> Attribute:
    return Attribute(name, "BIGINT", definition, nothing="0")


ATTRIBUTES = (
    Attribute(
        "followers",
        "BIGINT",
        "The largest of: followers summed over the customer's records, in enrichment, and with a mention.",
        _NO_FOLLOWERS,
    ),
    _count("mentions", "Public posts about the company."),
    _count("mentions_positive", "Public posts about the company with a sentiment above 0."),
    _count("mentions_negative", "Public posts about the company with a sentiment below 0."),
    Attribute(
        "mention_tone",
        "VARCHAR",
        "advocate (more positive than negative mentions), critic (fewer) or neutral.",
        "no mention with a sentiment",
    ),
    Attribute(
        "reach",
        "BIGINT",
        "Sum over the mentions of the people who saw them; of one without a reach, its writer's followers then.",
        _NO_REACH,
    ),
    Attribute("weighted_reach", "DECIMAL(24,4)", "Sum over the mentions of reach x sentiment.", "no mention with both"),
    _count("referrals", "Happenings whose type says that the customer referred, invited or recommended."),
    _count("community_posts", "Questions and other posts in the community."),
    _count("community_answers", "Answers in the community."),
    _count("community_accepted", "Answers in the community that were accepted as the solution."),
    _count("community_likes", "Likes and helpful votes received there; likes given are none."),
    _count("reputation", "Points for these four, as `profile.influence.reputation` says."),
    Attribute("influence_followers", "DECIMAL(9,4)", "Weight x log10(1 + followers).", _NO_FOLLOWERS),
    Attribute(
        "influence_reach",
        "DECIMAL(9,4)",
        "Weight x log10(1 + |weighted_reach|), negative when weighted_reach is.",
        "no mention with reach and sentiment",
    ),
    Attribute("influence_referrals", "DECIMAL(9,4)", "Weight x log10(1 + referrals).", _QUIET),
    Attribute("influence_reputation", "DECIMAL(9,4)", "Weight x log10(1 + reputation).", _QUIET),
    Attribute("influence_score", "DECIMAL(9,4)", "Sum of the four components, at least 0.", _QUIET),
    Attribute(
        "influence_percentile",
        "DECIMAL(9,2)",
        "Share in percent of the customers with a score whose score is lower.",
        _QUIET,
    ),
    Attribute(
        "influence_tier",
        "VARCHAR",
        "By the audience (followers, else the largest reach of a mention): nano from 1,000, micro from 10,000, "
        "macro from 100,000, mega from 1,000,000, or as `profile.influence.tiers` says.",
        "the audience is unknown or below the lowest tier",
    ),
    Attribute(
        "is_influencer",
        "BOOLEAN",
        "Above 0, and fewer than `profile.influence.share` (5 %) of the customers with a score have a higher one.",
        _QUIET,
    ),
)


def write(engine: Engine) -> None:
    """Table `profile_advocacy`; needs what `write_voices` makes."""
    for relation in ("voice", "influence", "advocacy"):
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.drop("profile_voice", "profile_influence")


def is_fed(engine: Engine) -> bool:
    """Whether anybody has followers, is mentioned, refers or is in the community."""
    return has_rows(engine, "profile_follower") or bool(engine.scalar(sql.load("profile", "profile_advocacy_fed")))


SECTION = Section(
    "advocacy",
    "Advocacy",
    "mentions; a people field, enrichment column or `followers` of a source; referrals; events in the community",
    ATTRIBUTES,
    is_fed,
    write,
)
