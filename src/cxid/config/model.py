"""The config as one frozen object. `cxid.config.loading` makes it from a file; nothing else does.

Aliases keep the file short: a column may be a name, a list of names, or a mapping with `from`.
"""

from __future__ import annotations

import codecs
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from cxid.config.consent import PermissionRef
from cxid.config.engagement import Engagement
from cxid.config.household import Household
from cxid.config.influence import Influence
from cxid.config.journey import Journey
from cxid.config.kpis import Kpis
from cxid.config.part import Part, Ratio, Share, zone
from cxid.config.triggers import Trigger
from cxid.model import FieldType, SurvivorshipRule

SPLIT_VALUES = 3  # values of one cell that count


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | list[str])]


class Column(Part):
    """Which column (or columns) of the file feed a field, and how its text is written."""

    from_: Names = Field(alias="from", description="the column's name, or several: one value each")
    type: FieldType | None = Field(None, description="what the values mean, when the field's name does not say")
    format: str | None = Field(
        None, description="how a date or time is written, in strptime codes, e.g. %d/%m/%Y; ISO 8601 when left out"
    )
    decimal: Literal[".", ","] = Field(".", description="the sign before the decimals of a number")
    join: str | None = Field(None, description="join the columns into one value with this text, e.g. '-' for y, m, d")
    split: str | None = Field(
        None, min_length=1, description="text between several values of one cell, e.g. '; '; the first three count"
    )

    @property
    def width(self) -> int:
        """How many values a row may have."""
        columns = 1 if self.join is not None else len(self.from_)
        return columns * (SPLIT_VALUES if self.split else 1)


def _column(value: Any) -> Any:
    if isinstance(value, str):
        return {"from": (value,)}
    if isinstance(value, list | tuple):
        return {"from": tuple(value)}
    return value


ColumnRef = Annotated[Column, BeforeValidator(_column, json_schema_input_type=str | list[str] | Column)]


class Constant(Part):
    """A value that is the same for every row."""

    value: str


def _constant_or_column(value: Any) -> Any:
    return {"value": value} if isinstance(value, str) else _column(value)


ConstantOrColumn = Annotated[
    Constant | Column, BeforeValidator(_constant_or_column, json_schema_input_type=str | Column)
]


def _codec(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError("unknown encoding; for example utf-8, utf-16, latin-1, cp1252") from None
    return name


def _country(code: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", code):
        raise ValueError("expected a two-letter ISO code such as GB")
    return code.upper()


def _two_ends(scale: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    if scale[0] == scale[1]:
        raise ValueError("the worst and the best answer are the same; for example [1, 5]")
    return scale


Scale = Annotated[tuple[Decimal, Decimal], AfterValidator(_two_ends)]


class SourceBase(Part):
    """What every source has: where its files are and how they are written."""

    path: Names = Field(
        description="a file or glob, or several, from the folder of cxid.yml; .gz and .zst are read as they are"
    )
    format: Literal["csv", "parquet", "jsonl"] | None = Field(
        None, description="what the files are; by their ending when left out"
    )
    encoding: Annotated[str, AfterValidator(_codec)] = Field(
        "utf-8", description="of text files: utf-8, utf-16, latin-1, cp1252 or any other codec of Python"
    )
    delimiter: str = Field(
        ",", min_length=1, max_length=1, description='the sign between the values of a CSV line; "\\t" is a tab'
    )
    quote: str = Field('"', max_length=1, description="around CSV values that hold the delimiter; '' for none")
    escape: str | None = Field(
        None, max_length=1, description="before a quote inside a value; a doubled quote when left out"
    )
    header: tuple[str, ...] | None = Field(
        None,
        min_length=1,
        description="the columns of a CSV file that has no header line, from left to right: names of your choice",
    )
    timezone: Annotated[str, AfterValidator(zone)] = Field(
        "UTC", description="IANA zone of times that carry none, e.g. Europe/Berlin"
    )
    null_values: tuple[str, ...] = Field(
        (), description="texts that mean missing, beside the empty text, e.g. [N/A, unknown]"
    )
    quarantine_max: Share | None = Field(None, description="the same as checks.quarantine_max, for this source")


class PeopleSource(SourceBase):
    """One row is a person as one system knows them."""

    kind: Literal["people"] = Field(description="what a row of the source is about")
    key: Names = Field(description="the column, or columns, that name a person in this system for ever")
    columns: dict[str, ColumnRef] = Field(
        description="what the columns mean: field -> column; fields such as full_name, email, birth_date, postcode"
    )
    ids: dict[str, ColumnRef] = Field(
        {}, description="identifiers that name one person for sure, such as a loyalty card: type -> column"
    )
    trust: int = Field(
        1,
        ge=0,
        le=100,
        description="0 to 100: how far golden records trust this source; the higher wins when values differ",
    )
    updated_at: ColumnRef | None = Field(None, description="when the row was last changed")


class _EventLike(SourceBase):
    key: Names | None = Field(
        None, description="the column, or columns, that name a row; a second row of one key is rejected"
    )
    time: ColumnRef = Field(description="when it happened; a row without a time is rejected")
    ids: dict[str, ColumnRef] = Field(
        min_length=1, description="who it was: identifier type -> column, such as {email: email, cookie: visitor}"
    )
    channel: ConstantOrColumn | None = Field(
        None,
        description="where it happened: a constant such as web, or {from: column}; the source's name when left out",
    )
    campaign: ColumnRef | None = Field(None, description="the campaign that it belongs to")
    country: Annotated[str, AfterValidator(_country)] | None = Field(
        None, description="ISO code: whose money a lone $, ¥ or kr is; the project's country when left out"
    )
    medium: ConstantOrColumn | None = Field(None, description="how it came: utm_medium, e.g. cpc or organic")
    origin: ConstantOrColumn | None = Field(None, description="from where it came: utm_source, e.g. a search engine")
    case: ColumnRef | None = Field(None, description="the ticket or order that several rows belong to")
    due: ColumnRef | None = Field(None, description="when it was promised; a date without a clock means its end")
    end: ColumnRef | None = Field(None, description="when it was over: ticket solved, parcel delivered")
    sentiment: ColumnRef | None = Field(None, description="tone of the text: -1 to 1, or positive, neutral, negative")
    reach: ColumnRef | None = Field(None, description="how many saw it: views, impressions")
    likes: ColumnRef | None = Field(None, description="likes, helpful votes and the like that it got")
    followers: ColumnRef | None = Field(None, description="followers of who wrote it, at that time")


class EventSource(_EventLike):
    """One row is something a person did, or that was done for them."""

    kind: Literal["events"] = Field(description="what a row of the source is about")
    type: ConstantOrColumn | None = Field(None, description="what happened: {from: column} or a constant")
    amount: ColumnRef | None = Field(None, description="what it was worth, in money")
    currency: ConstantOrColumn | None = Field(
        None, description="ISO 4217 code: a constant such as EUR, or {from: column}"
    )
    category: ColumnRef | None = Field(None, description="what it was about: a product group, a page, a topic")


class TransactionSource(_EventLike):
    """One row is a purchase, a refund (negative amount or type refund), or a line of one."""

    kind: Literal["transactions"] = Field(description="what a row of the source is about")
    amount: ColumnRef = Field(description="money, negative for a refund; of one line where a purchase has several")
    quantity: ColumnRef | None = Field(None, description="pieces; amount is then the price of one")
    type: ConstantOrColumn | None = Field(
        None,
        description="words for purchase, refund, cancelled in many languages; by the sign of the amount when left out",
    )
    currency: ConstantOrColumn | None = Field(
        None, description="ISO 4217 code: a constant such as EUR, or {from: column}"
    )
    category: ColumnRef | None = Field(None, description="what it was about: a product group, a page, a topic")


class MentionSource(_EventLike):
    """One row is a public post about the company."""

    kind: Literal["mentions"] = Field(description="what a row of the source is about")
    type: ConstantOrColumn | None = Field(None, description="what happened: {from: column} or a constant")
    category: ColumnRef | None = Field(None, description="what it was about: a product group, a page, a topic")


class SurveySource(_EventLike):
    """One row is an answer."""

    kind: Literal["survey"] = Field(description="what a row of the source is about")
    score: ColumnRef = Field(
        description="0 to 10 for NPS, 1 to 5 for CSAT; words such as very satisfied are understood"
    )
    scale: Scale | None = Field(
        None, description="worst and best answer, e.g. [1, 7] or [6, 1]; 0 to 10 for NPS, else 1 to 5, when left out"
    )
    type: ConstantOrColumn | None = Field(None, description="nps when left out; csat or the survey's own word")
    category: ColumnRef | None = Field(None, description="what it was about: a product group, a page, a topic")


class EnrichmentSource(SourceBase):
    """One row describes everyone who shares a value."""

    kind: Literal["enrichment"] = Field(description="what a row of the source is about")
    join: str = Field(
        description="what it is joined by: a people field such as postcode, an identifier type, or the name of a "
        "people source, whose key it then holds"
    )
    join_column: str | None = Field(
        None, description="the file's column that holds it; the name of `join` when left out"
    )
    columns: dict[str, ColumnRef] = Field(min_length=1, description="attribute -> column")


class ConsentSource(SourceBase):
    """One row is a permission given or withdrawn."""

    kind: Literal["consent"] = Field(description="what a row of the source is about")
    ids: dict[str, ColumnRef] = Field(min_length=1, description="identifier type -> column: whose permission it is")
    purpose: ConstantOrColumn = Field(
        description="what the permission is for: {from: column}, or a constant such as newsletter"
    )
    status: ColumnRef = Field(
        description="given or not: yes / no, true / false, granted / denied, opt-in / opt-out ..."
    )
    channel: ConstantOrColumn | None = Field(None, description="by which channel; all when left out")
    time: ColumnRef | None = Field(None, description="when it was said")
    expires_at: ColumnRef | None = Field(None, description="until when it holds")


EventLikeSource = EventSource | TransactionSource | MentionSource | SurveySource
Source = Annotated[
    PeopleSource | EventSource | TransactionSource | MentionSource | SurveySource | EnrichmentSource | ConsentSource,
    Field(discriminator="kind"),
]


class Match(Part):
    """How careful the linkage is."""

    auto: float = Field(
        0.5, gt=0, lt=1, description="groups are joined while their evidence is at or above this probability"
    )
    target_precision: float | None = Field(
        None,
        gt=0.5,
        lt=1,
        description="share of the joined pairs that shall be right, e.g. 0.99; the cut is found, so not with `auto`",
    )
    review: float = Field(0.1, gt=0, lt=1, description="pairs left apart at or above this are kept for review")
    sure: float = Field(0.95, gt=0, lt=1, description="joined below this, a customer is marked needs_review")
    max_group: int = Field(50, ge=2, description="at most so many records may be one customer")
    pairs_per_record: int = Field(
        30, ge=1, le=10_000, description="candidate pairs per record that blocking may propose"
    )
    hub_limit: int = Field(
        5, ge=1, description="an identifier that more people than this carry names nobody, such as a shared phone"
    )
    never_merge_if: tuple[str, ...] = Field(
        (), description="what keeps records apart whatever else agrees, e.g. [tax_id differs]"
    )
    ignore_values: dict[str, tuple[str, ...]] = Field(
        {}, description="field or identifier type -> values that mean nothing, e.g. {email: [noemail@store.example]}"
    )
    one_per_source: tuple[str, ...] = Field(
        (), description="sources that hold each person once: two of their records are two people"
    )
    ignore_fields: tuple[str, ...] = Field(
        (), description="fields that are carried into golden records and not compared"
    )


class Golden(Part):
    """Which value survives. Any other key is a field with its own rule, e.g. email: latest."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SurvivorshipRule]

    default: SurvivorshipRule = Field(
        SurvivorshipRule.MOST_TRUSTED_THEN_LATEST,
        description="the rule of every field without one; left out, names and birth date follow most_frequent",
    )
    groups: tuple[tuple[str, ...], ...] = Field(
        (), description="fields that move together, e.g. [street, postcode, city]"
    )

    @property
    def fields(self) -> dict[str, SurvivorshipRule]:
        """Field -> rule, for the fields that have one of their own."""
        return dict(self.__pydantic_extra__)


class Profile(Part):
    """The moment that the profile speaks of, and what it calls things."""

    as_of: str | None = Field(
        None,
        description="the moment of the profile: a date (its end, UTC) or a time; the latest event when left out",
    )
    currency: str | None = Field(None, description="ISO 4217 code of amounts that carry none")
    timezone: Annotated[str, AfterValidator(zone)] = Field(
        "UTC", description="IANA zone of the clock on the customers' wall: hours of the day, days and months of figures"
    )
    consent: tuple[PermissionRef, ...] | None = Field(
        None,
        description="permissions that become columns, e.g. [newsletter/email, offers]; all that the sources name when "
        "left out",
    )
    influence: Influence = Field(Influence(), description="what counts as influence, and how much")
    journey: Journey = Field(Journey(), description="how long silence means something")
    engagement: Engagement = Field(Engagement(), description="points of what customers do, and how they fade")


class Checks(Part):
    """Limits; past one of them nothing is published. Those that compare with the published run pass a first build."""

    quarantine_max: Share = Field(
        Decimal("0.05"), description="rejected rows of one source above this share stop the build"
    )
    largest_group_max: int | None = Field(
        None, ge=2, description="a customer with more records than this stops the build"
    )
    id_churn_max: Share | None = Field(
        None,
        description="of the customers of the last run that still have records, the share whose id may not keep most "
        "of them, e.g. 5%",
    )
    consolidation_shift_max: Ratio | None = Field(
        None,
        description="how much records per customer may change, over the records that the last run had too, e.g. 3%",
    )
    golden_change_max: Share | None = Field(
        None,
        description="of the golden values of one field in the last run, the share that may become others or none, "
        "e.g. 10%",
    )
    records_lost_max: Share | None = Field(
        None, description="of the records of one source in the last run, the share that may be gone, e.g. 20%"
    )


class Outputs(Part):
    """Where the published tables go."""

    dir: Path = Field(Path("output"), description="a folder that cxid makes and replaces as a whole")
    formats: tuple[Literal["parquet", "csv"], ...] = Field(
        ("parquet", "csv"), min_length=1, description="files to write; the DuckDB file is always there"
    )


class Config(Part):
    """A whole project. Paths are relative to `root`, the folder of the config file."""

    version: Literal[1] = Field(1, description="version of the format of this file")
    project: str = Field("project", description="the name of the project in reports")
    country: Annotated[str, AfterValidator(_country)] = Field(
        "GB", description="ISO code: where phones and postcodes without a country are from"
    )
    sources: dict[str, Source] = Field(
        min_length=1, description="name of a source -> where its files are and what they mean"
    )
    match: Match = Field(Match(), description="which records are one person, and how sure that has to be")
    golden: Golden = Field(Golden(), description="which value of several becomes the golden one")
    household: Household = Field(Household(), description="when customers are one household")
    profile: Profile = Field(Profile(), description="what the profile speaks of: moment, currency, journey, influence")
    kpis: Kpis = Field(Kpis(), description="the figures of the whole company: periods and targets")
    triggers: dict[str, Trigger] = Field({}, description="name -> a condition over the profile, and what to do then")
    checks: Checks = Field(Checks(), description="limits; past one of them nothing is published")
    outputs: Outputs = Field(Outputs(), description="where the published tables go")
    root: Path = Field(Path(), exclude=True, description="set by the loader")
    file: Path = Field(Path("cxid.yml"), exclude=True, description="set by the loader")

    @model_validator(mode="after")
    def _name_countries(self) -> Config:
        """Sources that do not say which country they are from are from the project's."""
        named = {
            name: source.model_copy(update={"country": self.country})
            if isinstance(source, _EventLike) and source.country is None
            else source
            for name, source in self.sources.items()
        }
        object.__setattr__(self, "sources", named)
        return self
