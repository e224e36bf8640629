"""Holidays that follow from a rule: TARGET, the Federal Reserve, the federal government of the United States."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: the "anonymous" computus, Nature, 20 April 1876.

    >>> easter(2026), easter(2038)
    (datetime.date(2026, 4, 5), datetime.date(2038, 4, 25))
    """
    golden = year % 19
    century, in_century = divmod(year, 100)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def target(year: int) -> frozenset[date]:
    """Days on which TARGET, the payment system of the euro area, is closed, besides weekends.

    Source: European Central Bank, "TARGET Services calendar"; closing days of 1999 to 2001 by its press releases.

    >>> sorted(day.strftime("%m-%d") for day in target(2026))
    ['01-01', '04-03', '04-06', '05-01', '12-25', '12-26']
    """
    days = {date(year, 1, 1), date(year, 12, 25)}
    if year >= 2000:
        sunday = easter(year)
        days |= {sunday - 2 * _DAY, sunday + _DAY, date(year, 5, 1), date(year, 12, 26)}
    if year in (1999, 2001):
        days.add(date(year, 12, 31))
    return frozenset(days)


@lru_cache(maxsize=512)
def federal_reserve(year: int) -> frozenset[date]:
    """Days on which the Federal Reserve Banks are closed: a Sunday holiday moves to Monday, a Saturday one stays.

    Source: Board of Governors, "Holidays observed by the Federal Reserve System".

    >>> date(2026, 7, 3) in federal_reserve(2026), date(2023, 1, 2) in federal_reserve(2023)
    (False, True)
    """
    return frozenset(day + _DAY if day.weekday() == _SUNDAY else day for day in _public_holidays(year))


@lru_cache(maxsize=512)
def federal_government(year: int) -> frozenset[date]:
    """Legal public holidays of the United States as observed: from Saturday to Friday, from Sunday to Monday.

    1 January on a Saturday is observed on 31 December of the year before. Inauguration Day, local to the capital, and
    closings by executive order are left out.

    Source: 5 U.S.C. 6103(a) and (b); Executive Order 11582.

    >>> date(2026, 7, 3) in federal_government(2026), date(2021, 12, 31) in federal_government(2021)
    (True, True)
    """
    shifts = {_SATURDAY: -_DAY, _SUNDAY: _DAY}
    days = {*_public_holidays(year), date(year + 1, 1, 1)} if year < date.max.year else _public_holidays(year)
    observed = {day + shifts.get(day.weekday(), timedelta(0)) for day in days}
    return frozenset(day for day in observed if day.year == year)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) to Sunday (6) of a month.

    >>> nth_weekday(2026, 11, 3, 4)
    datetime.date(2026, 11, 26)
    """
    return date(year, month, 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (nth - 1))


def _public_holidays(year: int) -> set[date]:
    days = {
        date(year, 1, 1),
        nth_weekday(year, 1, _MONDAY, 3),  # Martin Luther King, from 1986
        nth_weekday(year, 2, _MONDAY, 3),  # Washington
        nth_weekday(year, 6, _MONDAY, 1) - 7 * _DAY,  # Memorial Day, the last Monday of May
        date(year, 7, 4),
        nth_weekday(year, 9, _MONDAY, 1),  # Labor Day
        nth_weekday(year, 10, _MONDAY, 2),  # Columbus
        date(year, 11, 11),  # Veterans
        nth_weekday(year, 11, _THURSDAY, 4),  # Thanksgiving
        date(year, 12, 25),
    }
    return days | {date(year, 6, 19)} if year >= 2021 else days  # Juneteenth, Public Law 117-17
