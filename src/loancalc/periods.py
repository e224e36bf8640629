"""Due dates and accrual periods: from an anchor, a frequency and a calendar to numbered periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, overload

from loancalc.adjustment import CONVENTIONS, add_business_days, adjuster
from loancalc.calendars import BusinessCalendar, CalendarLike, find_calendar, is_provisional
from loancalc.dates import DateLike, in_order, read_date
from loancalc.daycount.context import Context
from loancalc.errors import InvalidDate, InvalidTerms, MissingContext
from loancalc.frequency import Frequency, date_at, dates_from, days_in_month
from loancalc.names import Names
from loancalc.rolls import Grid, Roll
from loancalc.unadjusted import STUBS, Shape, Unadjusted, by_count, by_end, without_skipped

__all__ = ["Frequency", "Period", "Periods", "date_at", "dates_from", "days_in_month", "periods", "stub_share"]

Accrual = Literal["adjusted", "unadjusted"]
_ACCRUALS = Names("accrual", {"adjusted": ["moves"], "unadjusted": ["stays", "none"]})
_ONCE = ("term", "once", "一次")


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a schedule.

    Attributes:
        number: 1 for the first.
        unadjusted_start, unadjusted_end: Its bounds before business days are looked at.
        adjusted_start, adjusted_end: Its bounds on business days.
        due: When it is paid: the adjusted end, later by the payment lag.
        start, end: What interest runs over: the adjusted bounds, or the unadjusted ones if accrual stays.
        regular: Whether it is exactly one period of the frequency.
        share: Its share of the year in nominal periods, None where periods are no fixed share of a year.
        context: What a day count may have to know about it.
        provisional: Whether a date follows from holidays that are not yet published.
    """

    number: int
    unadjusted_start: date
    unadjusted_end: date
    adjusted_start: date
    adjusted_end: date
    due: date
    start: date
    end: date
    regular: bool
    share: Fraction | None
    context: Context
    provisional: bool

    @property
    def days(self) -> int:
        """The nights over which interest runs."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True, repr=False)
class Periods(Sequence[Period]):
    """The periods of a schedule as columns of dates; a `Period` is made when asked for.

    Attributes:
        unadjusted, adjusted: The bounds of the periods, one more than there are periods.
        due: When each is paid.
    """

    unadjusted: tuple[date, ...]
    adjusted: tuple[date, ...]
    due: tuple[date, ...]
    accrual: Accrual
    calendar: BusinessCalendar | None
    numbers: tuple[int | None, ...]
    grid: Grid | None

    def __len__(self) -> int:
        return len(self.due)

    @overload
    def __getitem__(self, index: int) -> Period: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Period, ...]: ...
    def __getitem__(self, index: int | slice) -> Period | tuple[Period, ...]:
        chosen = range(len(self))[index]
        return self._period(chosen) if isinstance(chosen, int) else tuple(map(self._period, chosen))

    def __iter__(self) -> Iterator[Period]:
        return map(self._period, range(len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} periods, {self.unadjusted[0]} to {self.unadjusted[-1]}>"

    def __str__(self) -> str:
        rows = [f"{period.number:>4}  {period.start}  {period.end}  {period.due}" for period in self]
        return "\n".join([f"{'':>4}  {'start':10}  {'end':10}  due", *rows])

    @property
    def shares(self) -> tuple[Fraction | None, ...]:
        """The share of the year of each period."""
        return tuple(map(self._share, range(len(self))))

    def _period(self, n: int) -> Period:
        accrued = self.adjusted if self.accrual == "adjusted" else self.unadjusted
        return Period(
            n + 1,
            *self.unadjusted[n : n + 2],
            *self.adjusted[n : n + 2],
            self.due[n],
            *accrued[n : n + 2],
            self._steps(n) == 1,
            self._share(n),
            self._context(n),
            self._is_provisional(n),
        )

    def _steps(self, n: int) -> int | None:
        begin, end = self.numbers[n : n + 2]
        return None if begin is None or end is None else end - begin

    def _share(self, n: int) -> Fraction | None:
        unit = self.grid.frequency.year_share if self.grid is not None else None
        if self.grid is None or unit is None:
            return None
        steps = self._steps(n)
        if steps is None:
            return unit * (self._position(n + 1, self.grid) - self._position(n, self.grid))
        return unit * steps

    def _position(self, n: int, grid: Grid) -> Fraction | int:
        number = self.numbers[n]
        return grid.position(self.unadjusted[n]) if number is None else number

    def _context(self, n: int) -> Context:
        steps = self._steps(n)
        roll = self.grid.roll if self.grid is not None else None
        return Context(
            ref_start=self.unadjusted[n],
            ref_end=self.unadjusted[n + 1],
            stub="none" if steps == 1 else "final" if self.numbers[n + 1] is None else "initial",
            eom=roll is not None and 31 in roll.days,
            frequency=self.grid.frequency if self.grid is not None else None,
            termination=self.unadjusted[-1],
            calendar=self.calendar,
        )

    def _is_provisional(self, n: int) -> bool:
        if self.calendar is None:
            return False
        touched = {*self.unadjusted[n : n + 2], *self.adjusted[n : n + 2], self.due[n]}
        return any(is_provisional(self.calendar, day) for day in touched)


def periods(
    start: DateLike,
    end: DateLike | None = None,
    *,
    every: Frequency | str | None = None,
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
    skip: Iterable[int | str] = (),
    dates: Iterable[DateLike] | None = None,
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
        calendar: A calendar or the name of one; None makes every day a business day.
        adjust: How a date moves that is no business day (see `adjust`); needed where a calendar is given.
        adjust_start: The same for the first date, if it differs.
        adjust_end: The same for the last date, if it differs.
        payment_lag: How many business days after the adjusted end a period is paid.
        accrual: Whether interest runs to the "adjusted" or the "unadjusted" dates.
        skip: Months in which nothing is due: 1 to 12 in every year, or "2026-05" once. Their interest is in the next
            period; skipped dates do not count.
        dates: The ends of the periods, one by one, instead of a frequency.

    Raises:
        InvalidDate: If dates are out of order or not given in full.
        InvalidTerms: If the terms contradict each other, or adjustment makes a period vanish.
        MissingContext: If the stub is left out where it decides, or a calendar comes without `adjust`.
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
        laid = _listed(begin, finish, dates, (every, count, stub, roll, first_regular_start, last_regular_end))
    else:
        shape = Shape(
            _frequency(every),
            None if roll is None else Roll.parse(roll),
            None if stub is None else STUBS.find(stub),
            None if first_regular_start is None else read_date(first_regular_start, "first_regular_start"),
            None if last_regular_end is None else read_date(last_regular_end, "last_regular_end"),
        )
        laid = _laid(begin, finish, count, shape, skipped)
    if skipped is not None and (finish is not None or dates is not None):
        laid = without_skipped(laid, skipped)
    if count is not None and len(laid.dates) != count + 1:
        raise InvalidTerms(f"count: got {count}; expected {len(laid.dates) - 1}, the periods from {begin} to {finish}")
    rules = adjust_start or adjust, adjust, adjust_end or adjust
    return _adjusted(laid, calendar, rules, _lag(payment_lag), _accrual(accrual))


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
    share = frequency.year_share
    if share is None:
        raise MissingContext(f"day_count: missing; periods of {frequency} are no fixed share of a year")
    roll = Roll((15, 31) if frequency.unit == "semi-month" else (31,)) if month_end else Roll((day,)) if day else None
    grid = Grid(end if regular_side == "end" else start, frequency, None if frequency.unit == "week" else roll)
    return share * (grid.position(end) - grid.position(start))


def _frequency(every: Frequency | str | None) -> Frequency | None:
    if every is None:
        raise MissingContext("every: missing; expected a frequency such as '1 month', 'term' for one period, or dates")
    return None if every in _ONCE else Frequency.parse(every)


def _laid(
    start: date, end: date | None, count: int | None, shape: Shape, skipped: Callable[[date], bool] | None
) -> Unadjusted:
    if count is not None and (type(count) is not int or count < 1):
        raise InvalidTerms(f"count: got {count!r}; expected a whole number of 1 or more")
    if end is not None:
        in_order(start, end, strictly=True)
        return by_end(start, end, shape)
    if count is None:
        raise MissingContext("end: missing; expected the last due date, or count")
    return by_count(start, count, shape, skipped)
