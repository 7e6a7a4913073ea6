"""How the dates and times of a column are written, found from a sample of its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cxid.config.months import month_number

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LONG = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(_LONG + _MONTHS)
# Order of the parts, pattern, format; {s} stands for the sign between the parts.
_NUMERIC = (
    ("ymd", re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"), "%Y{s}%m{s}%d"),
    ("xxy", re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)"), "{a}{s}{b}{s}%Y"),
    ("xxs", re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?!\d)"), "{a}{s}{b}{s}%y"),
)
_COMPACT = re.compile(r"\d{8}(?=\d{6}$|\D|$)")  # 20240131, and 20240131235959 with its time
_WORDED = (
    (re.compile(rf"(\d{{1,2}})([ /-]?)({_MONTH})\2(\d{{4}}|\d{{2}})(?!\d)", re.I), "dmy"),
    (re.compile(rf"({_MONTH}) (\d{{1,2}}), ?(\d{{4}})(?!\d)", re.I), "mdy"),
)
# Day, month and year with a name in any language; the signs between them are part of the format.
_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0963])*"
_FOREIGN = (
    (
        re.compile(rf"(\d{{1,2}})([./ -]{{0,2}}| de | del )({_LETTERS})\.?([ /-]?| de | del )(\d{{4}}|\d{{2}})(?!\d)"),
        "dmy",
    ),
    (re.compile(rf"(\d{{4}})([./ -]{{1,2}})({_LETTERS})\.?([ /-]?)(\d{{1,2}})(?!\d)\.?"), "ymd"),
)
# Signs behind each part: 1980年3月12日, 1980년 3월 12일, 1980. 03. 12.
_MARKED = (
    re.compile(r"(\d{4})(年)(\d{1,2})(月)(\d{1,2})(日)"),
    re.compile(r"(\d{4})(년 ?)(\d{1,2})(월 ?)(\d{1,2})(일)"),
    re.compile(r"(\d{4})(\. ?)(\d{1,2})(\. ?)(\d{1,2})(\.)"),
    re.compile(r"(\d{4})(\. )(\d{1,2})(\. )(\d{1,2})()(?!\d)"),
)
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_CLOCK_WORD = r"(\d\d:\d\d:\d\d) ([-+]\d{4})"
_SENT = (  # as Twitter and mail write times: pattern, format, where day and year stand
    (rf"{_WEEKDAY} ({_MONTH}) (\d{{1,2}}) {_CLOCK_WORD} (\d{{4}})", "%a %b %d %H:%M:%S %z %Y", 2, 5),
    (rf"{_WEEKDAY}, (\d{{1,2}}) ({_MONTH}) (\d{{4}}) {_CLOCK_WORD}", "%a, %d %b %Y %H:%M:%S %z", 1, 3),
)
_CLOCK = re.compile(
    r"(?P<gap>[ T]|, )(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<second>:\d{2})?(?P<fraction>[.,]\d{1,9})?"
    r"(?P<half> ?[AaPp]\.?[Mm]\.?)?"
    r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{0,2})?"
)
LAST_YEAR = 2100  # a year after this one is a typing error or no year at all


@dataclass(frozen=True)
class DateShape:
    """How the dates of a column are written."""

    format: str  # strptime; '' for epoch seconds and their parts
    share: float  # of the values that fit
    iso: bool  # year-month-day, with or without a time: needs no format
    clock: bool  # has a time of day other than midnight
    zoned: bool
    order: str  # ymd, dmy, mdy
    certain: bool  # False when day and month could be either
    first_year: int  # 5th percentile
    middle_year: int
    last_year: int  # 95th percentile
    why: str
    epoch: str = ""  # s, ms or us


@dataclass(frozen=True)
class _One:
    shape: str  # ymd-, xxy/, compact, ...
    time: str  # the time's part of the format
    first: int
    second: int
    year: int
    clock: bool
    zoned: bool


def _clock(rest: str) -> tuple[str, bool, bool] | None:
    """The format of what follows the date, whether it is not midnight, whether it has a zone."""
    if not rest:
        return "", False, False
    if re.fullmatch(r"[0-2]\d[0-5]\d[0-5]\d", rest):
        return "%H%M%S", rest != "000000", False
    found = _CLOCK.fullmatch(rest)
    if found is None:
        return None
    half = found["half"]
    text = found["gap"] + ("%I" if half else "%H") + ":%M" + (":%S" if found["second"] else "")
    text += ".%f" if found["fraction"] else ""
    text += (" %p" if half and half.startswith(" ") else "%p") if half else ""
    zone = found["zone"]
    text += "Z" if zone == "Z" else " UTC" if zone == "UTC" else "%z" if zone else ""
    midnight = int(found["hour"]) == 0 and int(found["minute"]) == 0 and (found["second"] or ":00") == ":00"
    return text, not midnight, bool(zone)


def _numeric(value: str) -> _One | None:
    for kind, pattern, _ in _NUMERIC:
        found = pattern.match(value)
        if found is None:
            continue
        time = _clock(value[found.end() :])
        if time is None:
            return None
        one, sign, two, three = found[1], found[2], int(found[3]), int(found[4])
        if kind == "ymd":
            return _One("ymd" + sign, time[0], two, three, int(one), time[1], time[2])
        return _One(kind + sign, time[0], int(one), two, three, time[1], time[2])
    return None


def _worded(value: str) -> _One | None:
    for pattern, kind in _WORDED:
        found = pattern.match(value)
        if found is None:
            continue
        time = _clock(value[found.end() :])
        if time is None:
            return None
        if kind == "mdy":
            token = "%b" if found[1].lower() in _MONTHS else "%B"
            return _One(f"{token} %d, %Y", time[0], int(found[2]), 1, int(found[3]), time[1], time[2])
        token = "%b" if found[3].lower() in _MONTHS else "%B"
        year = "%Y" if len(found[4]) == 4 else "%y"
        shape = f"%d{found[2]}{token}{found[2]}{year}"
        return _One(shape, time[0], int(found[1]), 1, int(found[4]), time[1], time[2])
    return None


def _foreign(value: str) -> _One | None:
    for pattern, kind in _FOREIGN:
        found = pattern.match(value)
        if found is None or not month_number(found[3]):
            continue
        time = _clock(value[found.end() :])
        if time is None:
            return None
        month, day, year = month_number(found[3]) or 1, found[1], found[5]
        if kind == "ymd":
            day, year = year, day
        tokens = ("%d", "%Y" if len(year) == 4 else "%y") if kind == "dmy" else ("%Y", "%d")
        return _One(f"{tokens[0]}{found[2]}%B{found[4]}{tokens[1]}", *(time[0], int(day), month, int(year)), *time[1:])
    return None


def _marked(value: str) -> _One | None:
    for pattern in _MARKED:
        if found := pattern.match(value):
            time = _clock(value[found.end() :])
            shape = f"%Y{found[2]}%m{found[4]}%d{found[6]}"
            return _One(shape, time[0], int(found[5]), int(found[3]), int(found[1]), *time[1:]) if time else None
    return None


def _sent(value: str) -> _One | None:
    for pattern, form, day, year in _SENT:
        if found := re.fullmatch(pattern, value, re.I):
            return _One(form, "", int(found[day]), 1, int(found[year]), True, True)
    return None


def _read(value: str) -> _One | None:
    found = _marked(value) or _numeric(value) or _worded(value) or _foreign(value) or _sent(value)
    if found is None and (compact := _COMPACT.match(value)):
        time = _clock(value[compact.end() :])
        if time is not None:
            return _One("compact", time[0], 0, 0, 0, time[1], time[2])
    return found


def find_dates(values: Iterable[str], *, day_first: bool | None = None) -> DateShape | None:
    """How the dates are written, None when fewer than a third of the values are dates.

    `day_first` settles what the values leave open: True or False from other evidence, None when there is none
    (then day first, and `certain` is False).
    """
    texts = [v.strip() for v in values]
    if not texts:
        return None
    epoch = _find_epoch(texts)
    if epoch is not None:
        return epoch
    read = [(t, one) for t in texts if (one := _read(t)) is not None]
    if len(read) * 3 < len(texts):
        return None
    shape = Counter(one.shape for _, one in read).most_common(1)[0][0]
    chosen = [(t, one) for t, one in read if one.shape == shape]
    if shape == "compact":
        return _compact(chosen, len(texts), day_first)
    return _separated(shape, [one for _, one in chosen], len(texts), day_first)


def _order(first_over: int, second_over: int, day_first: bool | None) -> tuple[str, bool, str]:
    """Day or month first; whether the values prove it; why."""
    if first_over > 3 * second_over and first_over:
        return "dmy", True, f"{first_over} values have a first number above 12"
    if second_over > 3 * first_over and second_over:
        return "mdy", True, f"{second_over} values have a second number above 12"
    if day_first is None:
        return "dmy", False, "every value could be day or month first, nothing else decides: day first"
    return ("dmy" if day_first else "mdy"), False, "every value could be day or month first: decided by the rest"


def _separated(shape: str, ones: list[_One], total: int, day_first: bool | None) -> DateShape | None:
    if shape.startswith("%"):
        order, certain, date = {"%Y": "ymd", "%d": "dmy"}.get(shape[:2], "mdy"), True, shape
        why = "the month is a word" if "%b" in shape.lower() else "signs behind year, month and day"
        good = [o for o in ones if 1 <= o.first <= 31]
    elif shape.startswith("ymd"):
        order, certain, why = "ymd", True, "the year comes first"
        date = "%Y{s}%m{s}%d".format(s=shape[3])
        good = [o for o in ones if 1 <= o.first <= 12 and 1 <= o.second <= 31]
    else:
        in_reach = [o for o in ones if 1 <= o.first <= 31 and 1 <= o.second <= 31]
        over = sum(o.first > 12 for o in in_reach), sum(o.second > 12 for o in in_reach)
        order, certain, why = _order(*over, day_first)
        if shape[3] == "." and not certain:
            order, why = "dmy", "points between the parts: day first"
        parts = {"a": "%d", "b": "%m"} if order == "dmy" else {"a": "%m", "b": "%d"}
        date = ("{a}{s}{b}{s}%Y" if shape[2] == "y" else "{a}{s}{b}{s}%y").format(s=shape[3], **parts)
        good = [o for o in in_reach if (o.second if order == "dmy" else o.first) <= 12]
    if not good:
        return None
    time = Counter(o.time for o in good).most_common(1)[0][0]
    same = [o for o in good if o.time == time]
    if sum(o.time != "" for o in good) * 10 < 9 * len(good):
        same = good if time == "" else same
    years = sorted(o.year if o.year >= 100 else o.year + (1900 if o.year >= 30 else 2000) for o in good)
    return DateShape(
        format=date + time, share=len(good) / total, iso=shape == "ymd-", clock=any(o.clock for o in same),
        zoned=any(o.zoned for o in same), order=order, certain=certain, first_year=years[len(years) // 20],
        middle_year=years[len(years) // 2], last_year=years[-1 - len(years) // 20], why=why,
    )  # fmt: skip


_COMPACT_ORDERS = {"ymd": ("%Y%m%d", 0, 4, 6), "dmy": ("%d%m%Y", 4, 2, 0), "mdy": ("%m%d%Y", 4, 0, 2)}


def _compact(chosen: list[tuple[str, _One]], total: int, day_first: bool | None) -> DateShape | None:
    """Eight digits: the order under which most of them are dates."""
    fits: dict[str, list[int]] = {}
    for order, (_, year, month, day) in _COMPACT_ORDERS.items():
        fits[order] = [
            int(t[year : year + 4])
            for t, _ in chosen
            if 1700 <= int(t[year : year + 4]) <= LAST_YEAR
            and 1 <= int(t[month : month + 2]) <= 12
            and 1 <= int(t[day : day + 2]) <= 31
        ]
    dmy, mdy = len(fits["dmy"]), len(fits["mdy"])
    certain = dmy != mdy or len(fits["ymd"]) > dmy
    prefer = ("mdy", "dmy") if day_first is False else ("dmy", "mdy")
    order = max(("ymd", *prefer), key=lambda o: len(fits[o]))
    years = sorted(fits[order])
    if len(years) * 2 < len(chosen) or len(years) * 3 < total:
        return None
    time = Counter(o.time for _, o in chosen).most_common(1)[0][0]
    return DateShape(
        format=_COMPACT_ORDERS[order][0] + time, share=len(years) / total, iso=False,
        clock=any(o.clock for _, o in chosen), zoned=any(o.zoned for _, o in chosen), order=order, certain=certain,
        first_year=years[len(years) // 20], middle_year=years[len(years) // 2],
        last_year=years[-1 - len(years) // 20], why=f"{len(years)} of {len(chosen)} values are dates in this order",
    )  # fmt: skip


def _find_epoch(texts: list[str]) -> DateShape | None:
    """Seconds, milliseconds or microseconds since 1970, of the years 2000 to 2040."""
    for digits, unit, factor in ((10, "s", 1), (13, "ms", 1000), (16, "us", 1_000_000)):
        found = [int(t[:digits]) for t in texts if re.fullmatch(rf"\d{{{digits}}}(?:\.\d+)?", t)]
        near = sorted(n // factor for n in found if 946_684_800 <= n // factor <= 2_208_988_800)
        if len(near) >= 0.95 * len(texts):
            years = [1970 + n // 31_556_952 for n in near]
            return DateShape(
                "", len(near) / len(texts), False, True, True, "ymd", True, years[len(years) // 20],
                years[len(years) // 2], years[-1 - len(years) // 20],
                f"numbers of {digits} digits between the years 2000 and 2040", unit,
            )  # fmt: skip
    return None
