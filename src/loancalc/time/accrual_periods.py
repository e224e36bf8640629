"""Due dates and accrual periods: from an anchor, a frequency and a calendar to numbered periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import count as from_number
from itertools import pairwise, takewhile
from typing import Literal

from dateutil.relativedelta import relativedelta

from loancalc.calendars import BusinessCalendar, CalendarLike, find_calendar
from loancalc.errors import InvalidDate, InvalidTerms, MissingContext
from loancalc.time.adjustment import CONVENTIONS, add_business_days, adjuster
from loancalc.time.daycount.context import read_reading
from loancalc.time.frequency import Frequency, date_at, dates_from, days_in_month
from loancalc.time.period import Accrual, Period, Periods
from loancalc.time.rolls import Grid, Roll
from loancalc.time.unadjusted import STUBS, Shape, Skipped, Unadjusted, by_count, by_end, without_skipped
from loancalc.values.dates import DateLike, in_order, read_date
from loancalc.values.listed import several
from loancalc.values.names import Names

__all__ = [
    "Frequency", "Period", "Periods", "date_at", "dates_from", "days_in_month", "nominal_dates", "nominal_periods", "periods",
    "stub_share",
]  # fmt: skip

_ACCRUALS = Names("accrual", {"adjusted": ["moves"], "unadjusted": ["stays"]})
_ONCE = ("term", "once", "一次")


def periods(
    start: DateLike,
    end: DateLike | None = None,
    *,
    every: Frequency | relativedelta | str | None = None,
    count: int | None = None,
    stub: str | None = None,
    roll: Roll | str | int | tuple[int, int] | None = None,
    first_regular_start: DateLike | None = None,
    last_regular_end: DateLike | None = None,
    calendar: CalendarLike = None,
    adjust: str | None = None,
    adjust_start: str | None = None,
    adjust_end: str | None = None,
    payment_lag: int = 0,
    accrual: str = "adjusted",
    skip: Iterable[int | str] | int | str = (),
    dates: Iterable[DateLike] | DateLike | None = None,
    reading: str | None = None,
) -> Periods:
    """The periods of a loan, each date counted from the anchor and never from the date before it.

    The anchor is the start, or the end where the stub is an initial one; `first_regular_start` and `last_regular_end`
    bound the regular part, and what lies outside them is a stub as it is.

    Args:
        start: The first day that bears interest.
        end: The last due date. Give it or `count`; with both, they must agree.
        every: The frequency ("1 month", "2 weeks", "semi-monthly", "按季"), or "term" for one period.
        count: How many periods.
        stub: "none"; "short_", "long_" or "smart_" with "initial" or "final" (smart merges what is shorter than 7
            days); "explicit_initial", "explicit_final" or "both", whose regular date is given. Left out, it is none
            where the periods come out even, smart on the side that is off the `roll`, and otherwise an error.
        roll: On which day dates fall, where it is not the anchor's: a day 1 to 31, "EOM" (month ends if the anchor is
            one), two days for half-months, "3rd wednesday", "last friday".
        first_regular_start: Where the regular part begins, if not at the start.
        last_regular_end: Where the regular part ends, if not at the end.
        calendar: A calendar or the name of one; "NONE" makes every day a business day.
        adjust: How a date moves that is no business day (see `adjust`); needed where a calendar is given.
        adjust_start: The same for the first date, if it differs.
        adjust_end: The same for the last date, if it differs.
        payment_lag: How many business days of the calendar after the adjusted end a period is paid.
        accrual: Whether interest runs to the "adjusted" or the "unadjusted" dates.
        skip: Months in which nothing is due: 1 to 12 in every year, or "2026-05" once. Their interest is in the next
            period; skipped dates do not count.
        dates: The ends of the periods, one by one, instead of a frequency.
        reading: For a day count whose rule is disputed (ACT/365 CA), the reading that the contract follows.

    Raises:
        InvalidDate: If dates are out of order or not given in full.
        InvalidTerms: If the terms contradict each other, or adjustment makes a period vanish.
        MissingContext: If the stub is left out where it decides, or a calendar comes without `adjust` or it without one.
        UnknownName: If a frequency, stub, roll, convention or calendar is none of the known ones.

    Examples:
        >>> year = periods("2026-01-31", every="1 month", count=3, calendar="WEEKENDS", adjust="following")
        >>> print(year)
              start       end         due
           1  2026-02-02  2026-03-02  2026-03-02
           2  2026-03-02  2026-03-31  2026-03-31
           3  2026-03-31  2026-04-30  2026-04-30
        >>> first = periods("2026-01-01", "2026-04-15", every="month", stub="long_initial")[0]
        >>> str(first.unadjusted_end), first.regular, first.share == (1 + Fraction(14, 31)) / 12
        ('2026-02-15', False, True)
    """
    begin = read_date(start, "start")
    finish = None if end is None else read_date(end, "end")
    skipped = _skips(skip)
    if dates is not None:
        _without_dates(every=every, count=count, stub=stub, roll=roll)
        laid = _listed(begin, finish, dates)
    elif every is None:
        raise MissingContext("every: missing; expected a frequency such as '1 month', 'term' for one period, or dates")
    elif isinstance(every, str) and every.strip().lower() in _ONCE:
        laid = _listed(begin, finish, (finish,) if finish else ())
    else:
        shape = Shape(
            Frequency.parse(every),
            None if roll is None else Roll.parse(roll),
            None if stub is None else STUBS.find(stub),
            None if first_regular_start is None else read_date(first_regular_start, "first_regular_start"),
            None if last_regular_end is None else read_date(last_regular_end, "last_regular_end"),
        )
        laid = _laid(begin, finish, count, shape, skipped)
    if skipped is not None and not (count and finish is None):
        laid = without_skipped(laid, skipped)
    if count is not None and len(laid.dates) != count + 1:
        raise InvalidTerms(f"count: got {count}; expected {len(laid.dates) - 1}, the periods from {begin} to {finish}")
    business = None if calendar is None else find_calendar(calendar)
    _calendar_and_rules(business, (adjust, adjust_start, adjust_end), payment_lag)
    bounds = tuple(laid.dates)
    adjusted = _adjusted(bounds, business, adjust or "none", adjust_start or adjust, adjust_end or adjust)
    due = _lagged(adjusted[1:], business, payment_lag)
    _none_vanished(bounds, adjusted, due)
    kept: Accrual = "adjusted" if _ACCRUALS.find(accrual) == "adjusted" else "unadjusted"
    return Periods(bounds, adjusted, due, kept, business, tuple(laid.numbers), laid.grid, read_reading(reading))


def stub_share(
    start: date,
    end: date,
    frequency: Frequency,
    *,
    regular_side: Literal["start", "end"],
    month_end: bool = False,
    day: int | None = None,
) -> Fraction:
    """The share of the year of an irregular period, measured in nominal periods hung from its regular side.

    Whole nominal periods count as such; the part of one counts by its actual days (ACT/ACT ICMA).

    Args:
        start: The first day of the period.
        end: The day after its last night.
        frequency: The regular period.
        regular_side: `end` for an initial stub (its end is a regular date), `start` for a final one.
        month_end: Nominal dates are the last of their months.
        day: The day of the month of the nominal dates, where it is not that of the regular side.

    Raises:
        InvalidDate: If `end` is before `start`.
        MissingContext: If the frequency is in days, which are no fixed share of a year.

    >>> share = stub_share(date(2026, 1, 1), date(2026, 2, 15), Frequency(1, "month"), regular_side="end")
    >>> share == (1 + Fraction(14, 31)) / 12
    True
    """
    in_order(start, end)
    grid = nominal_dates(end if regular_side == "end" else start, frequency, month_end=month_end, day=day)
    return _year_share(frequency) * (grid.position(end) - grid.position(start))


def nominal_dates(anchor: date, frequency: Frequency, *, month_end: bool = False, day: int | None = None) -> Grid:
    """The nominal dates that hang from an anchor: on the ends of months, or on another day of the month than its own."""
    roll = Roll((15, 31) if frequency.unit == "semi-month" else (31,)) if month_end else Roll((day,)) if day else None
    return Grid(anchor, frequency, None if frequency.unit == "week" else roll)


def nominal_periods(grid: Grid, begin: date, end: date) -> list[tuple[date, date, Fraction]]:
    """The nominal periods from one day to another, the first and the last as far as they reach: their bounds and shares of the year.

    >>> grid = nominal_dates(date(2026, 3, 1), Frequency(1, "month"))
    >>> for begins, ends, share in nominal_periods(grid, date(2026, 1, 15), date(2026, 3, 1)):
    ...     print(begins, ends, share * 12)
    2026-01-15 2026-02-01 17/31
    2026-02-01 2026-03-01 1
    """
    unit, first = _year_share(grid.frequency), grid.floor(begin) + 1
    inner = takewhile(lambda day: day < end, map(grid.at, from_number(first)))
    return [(a, b, unit * (grid.position(b) - grid.position(a))) for a, b in pairwise([begin, *inner, end])]


def _year_share(frequency: Frequency) -> Fraction:
    share = frequency.year_share
    if share is None:
        raise MissingContext(f"day_count: missing; periods of {frequency} are no fixed share of a year")
    return share


def _laid(start: date, end: date | None, count: int | None, shape: Shape, skipped: Skipped | None) -> Unadjusted:
    if count is not None and (type(count) is not int or count < 1):
        raise InvalidTerms(f"count: got {count!r}; expected a whole number of 1 or more")
    if end is not None:
        in_order(start, end, strictly=True)
        return by_end(start, end, shape)
    if count is None:
        raise MissingContext("end: missing; expected the last due date, or count")
    return by_count(start, count, shape, skipped)


def _listed(start: date, end: date | None, dates: Iterable[DateLike] | DateLike) -> Unadjusted:
    """Periods whose ends are listed one by one."""
    bounds = [start, *(read_date(day, "dates") for day in ((dates,) if isinstance(dates, str | date) else dates))]
    if len(bounds) == 1:
        raise MissingContext("end: missing; expected the last due date")
    for day, later in pairwise(bounds):
        if later <= day:
            raise InvalidDate(f"dates: got {later} after {day}; expected dates in order, each after the one before")
    if end is not None and end != bounds[-1]:
        raise InvalidDate(f"end: got {end}; expected {bounds[-1]}, the last of the dates, or None")
    return Unadjusted(bounds, [None] * len(bounds), None)


def _without_dates(**others: object) -> None:
    for field, value in others.items():
        if value is not None:
            raise InvalidTerms(f"{field}: got {value!r}; expected None where dates are listed")


def _adjusted(
    bounds: tuple[date, ...], calendar: BusinessCalendar | None, rule: str, first: str | None, last: str | None
) -> tuple[date, ...]:
    move = adjuster(rule, calendar)
    move_first, move_last = (
        adjuster(first or rule, calendar, "adjust_start"),
        adjuster(last or rule, calendar, "adjust_end"),
    )
    if calendar is None:
        return bounds
    return (move_first(bounds[0]), *map(move, bounds[1:-1]), move_last(bounds[-1]))


def _calendar_and_rules(calendar: BusinessCalendar | None, rules: tuple[str | None, ...], lag: int) -> None:
    """A calendar without a rule moves nothing, and a rule without a calendar cannot: neither is meant."""
    if type(lag) is not int or lag < 0:
        raise InvalidTerms(f"payment_lag: got {lag!r}; expected a whole number of business days, 0 or more")
    moving = [rule for rule in rules if rule and CONVENTIONS.find(rule) != "none"]
    if calendar is None and (moving or lag):
        asked = f"adjust {moving[0]!r}" if moving else f"payment_lag {lag}"
        raise MissingContext(
            f"calendar: missing; {asked} needs one, such as 'WEEKENDS' ('NONE': all are business days)"
        )
    if calendar is not None and not (any(rules) or lag):
        raise MissingContext(
            "adjust: missing; with a calendar, expected 'following', 'modified following', ... or 'none'"
        )


def _lagged(days: tuple[date, ...], calendar: BusinessCalendar | None, lag: int) -> tuple[date, ...]:
    return tuple(add_business_days(day, lag, calendar) for day in days) if lag else days


def _none_vanished(bounds: tuple[date, ...], adjusted: tuple[date, ...], due: tuple[date, ...]) -> None:
    """Refuse periods without a night, and two that are due on one day."""
    if adjusted is bounds and due == bounds[1:]:
        return
    for number, (begin, end) in enumerate(pairwise(adjusted), 1):
        if end <= begin:
            raise InvalidTerms(
                f"adjust: got period {number} from {begin} to {end}; expected it to keep a night or more"
            )
    for number, (day, later) in enumerate(pairwise(due), 1):
        if later <= day:
            raise InvalidTerms(f"adjust: got periods {number} and {number + 1} both due on {later}; expected two days")


def _skips(skip: Iterable[int | str] | int | str) -> Skipped | None:
    every_year: set[int] = set()
    once: set[tuple[int, int]] = set()
    for month in several(skip, (int, str), "months 1 to 12 or text YYYY-MM", "skip", InvalidTerms):
        if type(month) is int and 1 <= month <= 12:
            every_year.add(month)
        elif isinstance(month, str) and len(month) == 7:
            first = read_date(f"{month}-01", "skip")
            once.add((first.year, first.month))
        else:
            raise InvalidTerms(f"skip: got {month!r}; expected months 1 to 12, or text YYYY-MM")
    if len(every_year) == 12:
        raise InvalidTerms("skip: got all twelve months; expected at least one in which something is due")
    if not every_year and not once:
        return None
    return lambda day: day.month in every_year or (day.year, day.month) in once
