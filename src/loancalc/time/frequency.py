"""How often a loan is due: every month, every two weeks, twice a month; and the dates counted from an anchor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, chain, islice
from operator import add
from typing import Literal, cast, get_args

from dateutil.relativedelta import relativedelta

from loancalc.errors import InvalidDate, InvalidTerms, unknown_name
from loancalc.values.chinese import number_text
from loancalc.values.dates import days_after, is_leap

Unit = Literal["day", "week", "semi-month", "month"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_SHARES = {"week": Fraction(1, 52), "semi-month": Fraction(1, 24), "month": Fraction(1, 12)}

_ENGLISH: dict[str, tuple[int, Unit]] = {
    **dict.fromkeys(("d", "day", "days", "daily"), (1, "day")),
    **dict.fromkeys(("w", "wk", "week", "weeks", "weekly"), (1, "week")),
    **dict.fromkeys(("fortnight", "fortnights", "fortnightly", "biweekly"), (2, "week")),
    **dict.fromkeys(("semimonth", "semimonths", "semimonthly", "twiceamonth", "twicemonthly"), (1, "semi-month")),
    **dict.fromkeys(("halfmonth", "halfmonths", "halfmonthly"), (1, "semi-month")),
    **dict.fromkeys(("m", "mo", "month", "months", "monthly"), (1, "month")),
    **dict.fromkeys(("q", "quarter", "quarters", "quarterly"), (3, "month")),
    **dict.fromkeys(("halfyear", "halfyears", "halfyearly", "semiannual", "semiannually"), (6, "month")),
    **dict.fromkeys(("y", "year", "years", "yearly", "annual", "annually"), (12, "month")),
}
_CHINESE: dict[str, tuple[int, Unit]] = {
    **dict.fromkeys(("日", "天"), (1, "day")),
    **dict.fromkeys(("周", "星期"), (1, "week")),
    **dict.fromkeys(("双周",), (2, "week")),
    **dict.fromkeys(("半月", "半个月"), (1, "semi-month")),
    **dict.fromkeys(("月", "个月"), (1, "month")),
    **dict.fromkeys(("季", "季度", "个季度"), (3, "month")),
    **dict.fromkeys(("半年",), (6, "month")),
    **dict.fromkeys(("年",), (12, "month")),
}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "ten": 10, "twelve": 12}
_ENGLISH_WORDS = re.compile(
    rf"(?:every|each|per|p)?(?P<number>\d{{1,6}}|{'|'.join(_NUMBERS)})?(?P<unit>{'|'.join(_ENGLISH)})"
)
_NUMERAL = "[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_CHINESE_WORDS = re.compile(rf"[每按]?(?P<number>\d{{1,6}}|{_NUMERAL})?(?P<unit>{'|'.join(_CHINESE)})")
_ACCEPTED = ("1 month", "3 months", "quarter", "year", "1 week", "2 weeks", "4 weeks", "10 days", "semi-month", "每月")


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often something is due: `number` units of a day, a week, half a month or a month.

    Quarters and years are 3 and 12 months. Two weeks are not half a month, and four weeks are not a month.

    Attributes:
        year_share: The share of the year of one regular period, or None for days, which are no fixed share of a year.

    Raises:
        InvalidTerms: If `number` is not a whole number of 1 or more.
        UnknownName: If `unit` is not one of `UNITS`.

    >>> str(Frequency(3, "month")), Frequency(3, "month").year_share
    ('3 months', Fraction(1, 4))
    >>> [str(Frequency.parse(text).year_share) for text in ("1 month", "2 weeks", "semi-month", "10 days")]
    ['1/12', '1/26', '1/24', 'None']
    """

    number: int
    unit: Unit
    year_share: Fraction | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if type(self.number) is not int or self.number < 1:
            raise InvalidTerms(f"number: got {self.number!r}; expected a whole number of 1 or more")
        if self.unit not in UNITS:
            raise unknown_name("unit", self.unit, UNITS)
        share = _SHARES.get(self.unit)
        object.__setattr__(self, "year_share", None if share is None else share * self.number)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'s' if self.number > 1 else ''}"

    @classmethod
    def parse(cls, value: object, field: str = "every") -> Frequency:
        """A frequency from words, in English, Chinese or ISO 8601 (`P3M`), or from a `relativedelta`.

        Raises:
            UnknownName: If the words name no frequency; "bimonthly" is refused, as it has two meanings.

        >>> [str(Frequency.parse(text)) for text in ("month", "quarterly", "P4W", "1 year", "按季", "每两周")]
        ['1 month', '3 months', '4 weeks', '12 months', '3 months', '2 weeks']
        """
        if isinstance(value, Frequency):
            return value
        if isinstance(value, relativedelta):
            return _from_relativedelta(value, field)
        found = _read(value) if isinstance(value, str) else None
        if found is None:
            raise unknown_name(field, value, _ACCEPTED)
        return found


@lru_cache(maxsize=256)
def _read(text: str) -> Frequency | None:
    words = re.sub(r"\s|(?<=\w)[_-]", "", unicodedata.normalize("NFKC", text)).casefold()
    if match := _ENGLISH_WORDS.fullmatch(words):
        times, unit = _ENGLISH[match["unit"]]
    elif match := _CHINESE_WORDS.fullmatch(words):
        times, unit = _CHINESE[match["unit"]]
    else:
        return None
    count = match["number"]
    number = (_NUMBERS.get(count) or int(number_text(count))) if count else 1
    return Frequency(number * times, unit) if number else None


def _from_relativedelta(step: relativedelta, field: str) -> Frequency:
    months = 12 * step.years + step.months
    if step == relativedelta(months=months) and months > 0:
        return Frequency(months, "month")
    if step == relativedelta(days=step.days) and step.days > 0:
        return Frequency(step.days // 7, "week") if step.days % 7 == 0 else Frequency(step.days, "day")
    raise InvalidTerms(f"{field}: got {step!r}; expected whole months or whole days, 1 or more")


# Lengths of the 4 800 months after which the Gregorian calendar repeats, by 12 * year + month - 1.
_LENGTHS = bytes(
    29 if month == 1 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]
    for year in range(400)
    for month in range(12)
)
_DAYS = [timedelta(days) for days in range(32)]
_USUAL_MONTHS = range(12 * 1970, 12 * 2100)
_FIRST_MONTH, _LAST_MONTH = 12, 12 * 9999 + 11
_LAST_ORDINAL = date.max.toordinal()


def days_in_month(year: int, month: int) -> int:
    """How many days the month has.

    >>> days_in_month(2028, 2), days_in_month(2100, 2)
    (29, 28)
    """
    return _LENGTHS[(12 * year + month - 1) % 4800]


def dates_from(
    anchor: date,
    frequency: Frequency,
    count: int,
    *,
    month_end: bool = False,
    first: int = 1,
    day: int | tuple[int, int] | None = None,
    field: str = "start",
) -> list[date]:
    """The dates number `first` to `first + count - 1`, each counted from the anchor, which is number 0.

    Where the month lacks the day, its last day stands for it; the next date has the day again.
    Negative numbers count backward.

    Args:
        anchor: The date from which all others are counted.
        frequency: How far apart the dates are.
        count: How many dates.
        month_end: Months end the period: every date is the last of its month (semi-monthly: the 15th and the last).
        first: The number of the first date returned.
        day: The day of the month, where it is not that of the anchor (which may have been cut to a short month);
            for half-months, one day or both. 31 is the last of the month.
        field: The name that the error uses.

    Raises:
        InvalidDate: If a date lies beyond the years 1 to 9999.

    >>> [str(due) for due in dates_from(date(2026, 1, 31), Frequency(1, "month"), 3)]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    >>> [str(due) for due in dates_from(date(2026, 1, 5), Frequency(1, "semi-month"), 3)]
    ['2026-01-20', '2026-02-05', '2026-02-20']
    """
    if count <= 0:
        return []
    step, unit = frequency.number, frequency.unit
    if unit == "month":
        begin = 12 * anchor.year + anchor.month - 1 + first * step
        _check_months(begin, begin + (count - 1) * step, anchor, frequency, field)
        months = range(begin, begin + count * step, step)
        return _in_months(months, 31 if month_end else _one_day(day) or anchor.day)
    if unit == "semi-month":
        pair = (15, 31) if month_end else day if isinstance(day, tuple) else half_months(day or anchor.day)
        return _semi_monthly(anchor, frequency, count, pair, first, field)
    return _by_days(anchor, frequency, count, first, field)


def date_at(
    anchor: date,
    frequency: Frequency,
    number: int,
    month_end: bool = False,
    *,
    day: int | tuple[int, int] | None = None,
    field: str = "start",
) -> date:
    """The date number `number` counted from the anchor, as `dates_from` makes it.

    >>> date_at(date(2026, 1, 31), Frequency(1, "month"), 13)
    datetime.date(2027, 2, 28)
    """
    return dates_from(anchor, frequency, 1, month_end=month_end, first=number, day=day, field=field)[0]


def next_after(anchor: date, frequency: Frequency, after: date) -> date | None:
    """The first of the dates counted from the anchor that comes after a day; None where no calendar has it.

    >>> next_after(date(2026, 1, 31), Frequency(1, "month"), date(2026, 2, 28))
    datetime.date(2026, 3, 31)
    """
    if frequency.unit == "day":
        return days_after(anchor, max(1, (after - anchor).days // frequency.number + 1) * frequency.number)
    number = 1
    try:
        while (day := date_at(anchor, frequency, number)) <= after:
            number += 1
    except InvalidDate:
        return None
    return day


def _one_day(day: int | tuple[int, int] | None) -> int | None:
    if isinstance(day, tuple):
        raise InvalidTerms(f"day: got {day}; expected one day of the month, as two make sense for half-months only")
    return day


def half_months(day: int) -> tuple[int, int]:
    """The two days of the month, 15 apart, that `day` belongs to.

    >>> [half_months(day) for day in (1, 20, 15, 31)]
    [(1, 16), (5, 20), (15, 30), (16, 31)]
    """
    early = day if day <= 15 else day - 15
    return early, early + 15


def _in_months(months: range, on: int) -> list[date]:
    """A day in each of the months, or the last day of a month that lacks it."""
    first = months[0]
    if len(months) == 1:
        return [date(first // 12, first % 12 + 1, min(on, _LENGTHS[first % 4800]))]
    if first in _USUAL_MONTHS and months[-1] in _USUAL_MONTHS:
        return _in_usual_months(on)[first - _USUAL_MONTHS[0] : months.stop - _USUAL_MONTHS[0] : months.step]
    return _counted(months, on)


@lru_cache(maxsize=31)
def _in_usual_months(on: int) -> list[date]:
    """The dates that most loans fall due on; all loans share them."""
    return _counted(_USUAL_MONTHS, on)


def _counted(months: range, on: int) -> list[date]:
    """A day in each of two months or more.

    From a day that every month has to the same day of the next it is as many days as the month is long.
    """
    year, month, begin = months[0] // 12, months[0] % 12 + 1, months[0] % 4800
    count = months[-1] - months[0] + 1
    lengths = (_LENGTHS * (1 + (begin + count) // 4800))[begin : begin + count]
    first = date(year, month, on if on <= 28 else 1)
    steps: Iterator[date | timedelta] = chain([first], map(_DAYS.__getitem__, lengths[:-1]))
    days = cast("Iterator[date]", islice(accumulate(steps), 0, None, months.step))
    if on <= 28:
        return list(days)
    return list(map(add, days, map(_beyond_the_first(on).__getitem__, lengths[:: months.step])))


@lru_cache(maxsize=3)
def _beyond_the_first(on: int) -> list[timedelta]:
    """From the first of a month to a day of it, by the length of the month."""
    return [timedelta(max(0, min(on, length) - 1)) for length in range(32)]


def _semi_monthly(
    anchor: date, frequency: Frequency, count: int, pair: tuple[int, int], first: int, field: str
) -> list[date]:
    days, step = pair, frequency.number
    begin = 2 * (12 * anchor.year + anchor.month - 1) + (anchor.day > days[0]) + first * step
    halves = range(begin, begin + count * step, step)
    _check_months(halves[0] // 2, halves[-1] // 2, anchor, frequency, field)
    return [date(half // 24, half // 2 % 12 + 1, min(days[half % 2], _LENGTHS[half // 2 % 4800])) for half in halves]


def _by_days(anchor: date, frequency: Frequency, count: int, first: int, field: str) -> list[date]:
    days = frequency.number * (7 if frequency.unit == "week" else 1)
    last = anchor.toordinal() + max(first * days, (first + count - 1) * days)
    if last > _LAST_ORDINAL or anchor.toordinal() + first * days < 1:
        raise _out_of_range(anchor, frequency, field)
    step, current = timedelta(days), anchor + timedelta(first * days)
    return [current] + [current := current + step for _ in range(count - 1)]


def _check_months(begin: int, end: int, anchor: date, frequency: Frequency, field: str) -> None:
    if begin < _FIRST_MONTH or end > _LAST_MONTH:
        raise _out_of_range(anchor, frequency, field)


def _out_of_range(anchor: date, frequency: Frequency, field: str) -> InvalidDate:
    return InvalidDate(f"{field}: got {anchor}, every {frequency}; expected dates from 0001-01-01 to 9999-12-31 only")


def month_ends(start: date, until: date) -> list[date]:
    """The last days of the months from the month of `start` on, up to and including `until`.

    >>> [str(day) for day in month_ends(date(2026, 1, 15), date(2026, 3, 30))]
    ['2026-01-31', '2026-02-28']
    """
    count = 12 * (until.year - start.year) + until.month - start.month
    if count >= 0 and until.day == days_in_month(until.year, until.month):
        count += 1
    return dates_from(start, Frequency(1, "month"), count, month_end=True, first=0)
