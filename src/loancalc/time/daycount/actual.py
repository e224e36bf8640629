"""Day counts on actual days: the calendar's days, over one year length or another.

Every function takes `(start, end, context)` with `start < end` and returns days, or a ratio of whole numbers.
"""

from __future__ import annotations

from datetime import date

from loancalc.time.daycount.context import Context
from loancalc.values.dates import is_leap

CYCLE_YEARS, CYCLE_DAYS = 400, 146_097  # the Gregorian calendar repeats
_LEAP = bytes(is_leap(year) for year in range(CYCLE_YEARS))
_PASSED = tuple(  # days of the year before the 1st of each month, less one: by leap year, then by month from 1
    tuple(date(year, max(month, 1), 1).timetuple().tm_yday - 2 for month in range(13)) for year in (2023, 2024)
)


def actual_days(start: date, end: date, context: Context | None = None) -> int:
    """Nights from `start` to `end`."""
    return end.toordinal() - start.toordinal()


def no_leap_days(start: date, end: date, context: Context | None = None) -> int:
    """Actual days without every 29 February that lies after `start` and not after `end`."""
    return end.toordinal() - start.toordinal() - (leap_days_until(end) - leap_days_until(start))


def act_360(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 360.

    Source: ISDA 2006 4.16(e).
    """
    return end.toordinal() - start.toordinal(), 360


def act_364(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 364, 52 whole weeks."""
    return end.toordinal() - start.toordinal(), 364


def act_365_fixed(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 365, in leap years too.

    Source: ISDA 2006 4.16(d).
    """
    return end.toordinal() - start.toordinal(), 365


def act_366(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 366."""
    return end.toordinal() - start.toordinal(), 366


def act_365_25(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 365.25, four years being 1461 days."""
    return 4 * (end.toordinal() - start.toordinal()), 1461


def act_365_actual(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days over 366 if a 29 February lies after `start` and not after `end`, else over 365.

    The whole interval is measured with one year length, so thirty years over a leap day divide by 366 throughout.
    Shares do not add up: 1 January to 1 July 2024 is 182/366, its two quarters are 91/366 and 91/365.
    """
    return end.toordinal() - start.toordinal(), 366 if leap_days_until(end) > leap_days_until(start) else 365


def no_leap_360(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days without 29 February, over 360."""
    return no_leap_days(start, end), 360


def no_leap_365(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Actual days without 29 February, over 365 (Japanese government bonds).

    A 29 February counts for the interval that ends on it or later, not for the one that begins on it.
    """
    return no_leap_days(start, end), 365


def act_act_isda(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Days that fall in leap years over 366 plus the other days over 365.

    A whole calendar year is 1 either way, so only the broken years at the two ends need a common denominator.

    Source: ISDA 2006 4.16(b).
    """
    first, last = start.year, end.year
    first_leap = _LEAP[first % CYCLE_YEARS]
    if first == last:
        return end.toordinal() - start.toordinal(), 365 + first_leap
    last_leap = _LEAP[last % CYCLE_YEARS]
    nights_of_first = 365 + first_leap - _PASSED[first_leap][start.month] - start.day
    nights_of_last = _PASSED[last_leap][end.month] + end.day
    whole_years = last - first - 1
    if first_leap == last_leap:
        size = 365 + first_leap
        return nights_of_first + nights_of_last + whole_years * size, size
    return nights_of_first * (365 + last_leap) + nights_of_last * (365 + first_leap) + whole_years * 133_590, 133_590


def act_act_afb(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Whole years counted back from `end`, then the days left over 366 if they include a 29 February, else 365.

    Disputed: what a year before 28 February is. Decided here by the wording that ISDA (memorandum of 1999) and ISO
    15022 (A010) publish: it is 29 February where that year has one, whatever day the end fell on. Another library
    reads the French text without that rule and gets 1 where this gives 366/365 for 28 February 2004 to 28 February
    2005. The days left include `start` and exclude the day on which the whole years begin.

    Shares do not add up, since each interval counts back from its own end.

    Source: ISDA, "The Actual/Actual day count fraction" (1999); ISO 15022 A010.
    """
    years = end.year - start.year
    begin = _years_before(end, years)
    if begin < start:
        years -= 1
        begin = _years_before(end, years)
    size = 366 if _leap_days_before(begin) > _leap_days_before(start) else 365
    return years * size + begin.toordinal() - start.toordinal(), size


def act_act_year(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """Whole years counted from `start`, then the days left over the length of the year they are in.

    The year after the last whole one runs from anniversary to anniversary of `start`; a loan of 29 February has its
    anniversary on the 28th in other years. Shares do not add up, since each interval has its own anniversaries.
    """
    years = end.year - start.year
    begin = _anniversary(start, years)
    if begin > end.toordinal():
        years -= 1
        begin = _anniversary(start, years)
    size = _anniversary(start, years + 1) - begin
    return years * size + end.toordinal() - begin, size


def one(start: date, end: date, context: Context | None = None) -> tuple[int, int]:
    """One for every period, whatever its length; an empty interval is no period and counts nothing.

    Source: ISDA 2006 4.16(a).
    """
    return 1, 1


def leap_days_until(day: date) -> int:
    """How many 29 Februaries lie on `day` or before it."""
    year = day.year if day.month > 2 or (day.month == 2 and day.day == 29) else day.year - 1
    return year // 4 - year // 100 + year // 400


def _leap_days_before(day: date) -> int:
    """How many 29 Februaries lie before `day`."""
    year = day.year if day.month > 2 else day.year - 1
    return year // 4 - year // 100 + year // 400


def _years_before(end: date, years: int) -> date:
    if years == 0:
        return end
    year = end.year - years
    day = end.day
    if end.month == 2 and day >= 28:
        day = 29 if is_leap(year) else 28
    return date(year, end.month, day)


def _anniversary(start: date, years: int) -> int:
    """Ordinal of the day `years` after `start`, 29 February becoming 28 where there is none."""
    year = start.year + years
    if year > date.max.year:
        return _anniversary(start, years - CYCLE_YEARS) + CYCLE_DAYS
    day = 28 if start.month == 2 and start.day == 29 and not is_leap(year) else start.day
    return date(year, start.month, day).toordinal()
