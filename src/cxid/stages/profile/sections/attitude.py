"""What the customer says: answers to surveys, and the tone of texts."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.context import Reporter
from cxid.stages.profile.section import Attribute, Section, count, has_rows

_NO_NPS = "no answer on the scale of a survey whose type says nps"
_NO_CSAT = "no answer on the scale of a survey whose type says csat, satisfaction, rating or the like"
_NO_TONE = "no text with a sentiment from -1 to 1"

ATTRIBUTES = (
    count("surveys", "Answers to surveys of any type."),
    count("nps_answers", "Answers to how likely a recommendation is."),
    Attribute("nps_last", "DECIMAL(9,4)", "Latest NPS answer, 0 to 10; the lower of two at the same time.", _NO_NPS),
    Attribute("nps_group", "VARCHAR", "promoter (9, 10), passive (7, 8) or detractor (0 to 6), by nps_last.", _NO_NPS),
    Attribute("nps_at", "TIMESTAMP", "When the latest NPS answer was given, UTC.", _NO_NPS),
    Attribute(
        "nps_trend", "DECIMAL(9,4)", "nps_last less the mean of all answers before it.", "fewer than two answers"
    ),
    count("csat_answers", "Answers to how satisfied the customer is."),
    Attribute(
        "csat_last",
        "DECIMAL(9,4)",
        "Latest CSAT answer, 0 (worst) to 100 (best) whatever the survey's scale.",
        _NO_CSAT,
    ),
    Attribute("csat_mean", "DECIMAL(9,4)", "Mean of all CSAT answers, 0 to 100.", _NO_CSAT),
    Attribute(
        "csat_group",
        "VARCHAR",
        "satisfied (75 or more: 4, 5 of 5), neutral (50) or dissatisfied, by csat_last.",
        _NO_CSAT,
    ),
    Attribute("csat_at", "TIMESTAMP", "When the latest CSAT answer was given, UTC.", _NO_CSAT),
    Attribute("sentiment_mean", "DECIMAL(9,4)", "Mean tone of the customer's texts, -1 to 1.", _NO_TONE),
    Attribute(
        "sentiment_trend",
        "DECIMAL(9,4)",
        "Mean tone of the 90 days up to as_of less the mean before them.",
        "no such text within the 90 days, or none before",
    ),
)


def write(engine: Engine) -> None:
    """Table `profile_attitude`; leaves `profile_answer` for the figures of the whole company."""
    for relation in ("answer", "tone", "attitude"):
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.drop("profile_tone")


def tell_answers(engine: Engine, reporter: Reporter) -> None:
    """Warn of surveys whose answers lie off their scale: they count as surveys and as nothing else."""
    for row in engine.fetch(sql.load("profile", "profile_off_scale")).to_pylist():
        if row["off"]:
            reporter.warn(
                "answers_off_scale",
                f"source {row['source']}: {row['off']:,} of {row['answers']:,} answers lie outside its scale "
                f"{float(row['worst']):g} to {float(row['best']):g} and make no NPS or CSAT; "
                "say `scale: [worst, best]`",
            )


def is_fed(engine: Engine) -> bool:
    """Whether any event is an answer, or has a tone."""
    return has_rows(engine, "event", "kind = 'survey' OR sentiment IS NOT NULL")


SECTION = Section(
    "attitude", "Attitude", "survey, or mentions and other happenings with a sentiment", ATTRIBUTES, is_fed, write
)
