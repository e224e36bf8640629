"""Time as the rules of cost of credit count it: whole months back from a payment, and the days that are left.

Unit-periods are those of 12 CFR 1026 (Regulation Z), Appendix J, (b)(3) to (b)(5); years are those of Annex I of
Directive 2008/48/EC, kept by Directives 2014/17/EU and (EU) 2023/2225.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from loancalc.time.frequency import Frequency, date_at, days_in_month

MONTH = Frequency(1, "month")
WEEK = Frequency(1, "week")
HALF_MONTH = Frequency(1, "semi-month")
YEAR = Frequency(12, "month")

_DAYS = {"day": 1, "week": 7, "semi-month": 15, "month": 30}
_STANDARD = (
    Frequency(1, "day"),
    *(Frequency(n, "week") for n in range(1, 53)),
    HALF_MONTH,
    *(Frequency(n, "month") for n in range(1, 13)),
)


def _length(unit: Frequency) -> int:
    """The days of a unit, for comparing units: months of 30, a year of 365."""
    return 365 if unit == YEAR else unit.number * _DAYS[unit.unit]


def per_year(unit: Frequency) -> Fraction:
    """How many unit-periods a year has: 12 months, 24 half-months, 52 weeks, 365 days, and shares of them.

    >>> per_year(Frequency(4, "week"))
    Fraction(13, 1)
    """
    share = unit.year_share
    return Fraction(365, unit.number) if share is None else 1 / share


def due_day(dates: Sequence[date]) -> int:
    """The day of the month that the dates keep where the month has it.

    >>> due_day([date(2026, 2, 28), date(2026, 3, 31)])
    31
    """
    return max((on.day for on in dates), default=0)


def months_back(start: date, end: date, day: int) -> tuple[int, date]:
    """The full months counted back from `end` that do not pass `start`, and the date reached.

    Args:
        start: The earlier date.
        end: The later date.
        day: The day of the month the payments keep: where `end` is the last of its month, it stands for that day.

    >>> months_back(date(2012, 1, 12), date(2012, 2, 15), 15)
    (1, datetime.date(2012, 1, 15))
    """
    on = _kept(end, day)
    months = 12 * (end.year - start.year) + end.month - start.month
    reached = date_at(end, MONTH, -months, day=on)
    if reached < start:
        months -= 1
        reached = date_at(end, MONTH, -months, day=on)
    return months, reached


def unit_period(advances: Sequence[date], payments: Sequence[date]) -> Frequency | None:
    """The unit-period of a transaction by its dates, or None for a single payment of a single advance (its term).

    The period that occurs most often, the smaller of two that do; where none occurs twice, the average, rounded to
    the nearest whole week, half-month or month; never more than a year. Appendix J (b)(4).

    >>> due = [date(1978, 10, 1), date(1979, 1, 1), date(1979, 4, 1)]
    >>> str(unit_period([date(1978, 5, 23)], due))
    '3 months'
    """
    advances, payments = sorted(set(advances)), sorted(set(payments))
    if len(advances) == len(payments) == 1:
        return None
    first = [advances[0], payments[0]] if payments[0] > advances[0] else []
    counts = Counter(unit for dates in (advances, payments, first) for unit in _periods(dates, due_day(payments)))
    most = max(counts.values(), default=0)
    if most > 1:
        chosen = min((unit for unit, count in counts.items() if count == most), key=_length)
    else:
        lengths = [(end - start).days for dates in (advances, payments, first) for start, end in pairwise(dates)]
        average = Fraction(sum(lengths), len(lengths))
        chosen = min(_STANDARD, key=lambda unit: (abs(_length(unit) - average), _length(unit)))
    return min(chosen, YEAR, key=_length)


def _periods(dates: Sequence[date], day: int) -> list[Frequency]:
    """Every name that a period between two neighbors could go by."""
    names = []
    for k, (start, end) in enumerate(pairwise(dates)):
        days = (end - start).days
        months, reached = months_back(start, end, day)
        own = [Frequency(months, "month")] if months and reached == start else []
        own += [Frequency(days // 7, "week")] if days % 7 == 0 else []
        around = [dates[j : j + 3 : 2] for j in (k - 1, k) if 0 <= j < len(dates) - 2]
        if 13 <= days <= 18 and any(months_back(near, far, day) == (1, near) for near, far in around):
            own.append(HALF_MONTH)
        names += own or [Frequency(days, "day")]
    return names


def unit_periods(start: date, end: date, unit: Frequency, day: int) -> tuple[int, Fraction]:
    """Full unit-periods from `start` to `end`, counted back from `end`, and the remaining fraction of one.

    Appendix J (b)(5): months have 30 days, half-months 15, a part of a year is whole months over 12 or days over 365.

    >>> unit_periods(date(1978, 5, 23), date(1978, 10, 1), Frequency(3, "month"), 1)
    (1, Fraction(13, 30))
    """
    days = (end - start).days
    if unit.unit in ("day", "week"):
        length = _length(unit)
        return days // length, Fraction(days % length, length)
    months, reached = months_back(start, end, day)
    if unit == YEAR:
        left = Fraction(months % 12, 12)
        if reached != start:
            left = Fraction((date_at(end, MONTH, -(months - months % 12), day=_kept(end, day)) - start).days, 365)
        total = months // 12 + left
    else:
        total = Fraction(30 * months + (reached - start).days, _length(unit))
    return int(total), total - int(total)


def single_term(start: date, end: date) -> tuple[Frequency, Fraction]:
    """The unit-period of a single advance repaid by a single payment, and how many of it a year has.

    The term itself up to a year (whole months count as such), a year beyond. Appendix J (b)(4)(ii), (b)(5)(vi), (vii).

    >>> single_term(date(1978, 1, 3), date(1978, 9, 15))
    (Frequency(number=255, unit='day'), Fraction(73, 51))
    """
    months, reached = months_back(start, end, max(start.day, end.day))
    days = (end - start).days
    if months >= 12:
        return YEAR, Fraction(1)
    unit = Frequency(months, "month") if reached == start and months else Frequency(days, "day")
    return unit, per_year(unit)


def year_unit(advances: Sequence[date], payments: Sequence[date]) -> Frequency:
    """The period in which the European rule counts: years, months or weeks, the longest that all payments keep to.

    >>> str(year_unit([date(2012, 1, 12)], [date(2012, 2, 15), date(2013, 2, 15)]))
    '12 months'
    """
    dates = sorted(set(payments))
    if len(dates) == 1:
        dates = sorted({*advances, *payments})
    day = due_day(dates)
    steps = [(*months_back(start, end, day), start) for start, end in pairwise(dates)]
    whole = all(reached == start for _, reached, start in steps)
    if whole and len(set(payments)) > 1 and all(months % 12 == 0 for months, _, _ in steps):
        return YEAR
    if not whole and all((end - start).days % 7 == 0 for start, end in pairwise(dates)):
        return WEEK
    return MONTH


def years(start: date, end: date, unit: Frequency, day: int, *, leap: bool = True) -> Fraction:
    """The years from `start` to `end`: whole units counted back from `end`, the remaining days over 365 or 366.

    Args:
        start: The first drawdown.
        end: The day of a payment or drawdown.
        unit: `YEAR`, `MONTH` or `WEEK`.
        day: The day of the month that the payments keep.
        leap: Divide by the length of the year that ends with the remaining days; otherwise always by 365.

    >>> years(date(2012, 3, 12), date(2012, 5, 1), MONTH, 1) == Fraction(1, 12) + Fraction(20, 366)
    True
    """
    if unit == WEEK:
        weeks, left = divmod((end - start).days, 7)
        whole, reached = Fraction(weeks, 52), date.fromordinal(start.toordinal() + left)
    else:
        months, reached = months_back(start, end, day)
        if unit == YEAR:
            months -= months % 12
            reached = date_at(end, MONTH, -months, day=_kept(end, day))
        whole = Fraction(months, 12)
    length = (reached - date_at(reached, YEAR, -1)).days if leap else 365
    return whole + Fraction((reached - start).days, length)


def _kept(end: date, day: int) -> int:
    return max(day, end.day) if end.day == days_in_month(end.year, end.month) else end.day
