"""How the dates of a loan come about: counted from an anchor, or laid out beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from loancalc.calendars import BusinessCalendar
from loancalc.errors import InvalidTerms
from loancalc.lazily import cached_property
from loancalc.plan.timeline import Factor, Nominal, Timeline
from loancalc.time.accrual_periods import (
    Frequency,
    Periods,
    date_at,
    dates_from,
    nominal_dates,
    nominal_periods,
    stub_share,
)
from loancalc.time.adjustment import adjuster
from loancalc.time.daycount import Context, DayCount
from loancalc.time.rolls import Grid, roll_of

_YEARLY = Frequency(12, "month")


def due_date(number: int, start: date, every: Frequency, first_due: date | None, month_end: bool) -> date:
    """Due date `number` (1 is the first), counted from the anchor, before business days are looked at."""
    if first_due is None:
        return date_at(start, every, number, month_end)
    return date_at(first_due, every, number - 1, month_end)


def due_dates_to(end: date, start: date, every: Frequency, first_due: date | None, month_end: bool) -> int:
    """How many due dates there are up to `end`, which has to be one of them.

    >>> due_dates_to(date(2027, 1, 15), date(2026, 1, 15), Frequency(1, "month"), None, False)
    12
    """

    def due(number: int) -> date:
        return due_date(number, start, every, first_due, month_end)

    low, high = 1, 2
    while due(high) < end:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if due(middle) < end else (low, middle)
    if due(low) != end:
        before = f"{due(low - 1)} or " if low > 1 else ""
        raise InvalidTerms(f"end: got {end}; expected a due date, such as {before}{due(low)}")
    return low


@dataclass(frozen=True, kw_only=True)
class AnchoredTimeline(Timeline):
    """Dates counted from the anchor, the start or the first due date, and never from the previous date.

    Attributes:
        start: The first day that bears interest.
        every, count: The frequency and the number of periods; `every_stated` says whether the contract names it.
        first_due: The due date from which the others are counted, where it is not one period after the start.
        apart: Whether there is a due date before that one: of the interest that is set apart.
        month_end: Due dates are the last days of their months.
        maturity: The one due date of a loan that is paid at once; `single` says that there is only one.
        calendar, adjust: Business days, and how a due date that is none moves.
        interest_moves: Whether the accrual period moves with its due date.
    """

    start: date
    every: Frequency
    count: int
    first_due: date | None = None
    apart: bool = False
    month_end: bool = False
    single: bool = False
    maturity: date | None = None
    calendar: BusinessCalendar | None = None
    adjust: str = "none"
    interest_moves: bool = False
    every_stated: bool = True

    @cached_property
    def bounds(self) -> tuple[date, ...]:
        """The start and the unadjusted due dates."""
        if self.single:
            last = self.maturity or due_date(self.count, self.start, self.every, self.first_due, self.month_end)
            return self.start, last
        if self.first_due is None:
            return self.start, *dates_from(self.start, self.every, self.count, month_end=self.month_end)
        apart = (self._before(1),) if self.apart else ()
        later = dates_from(self.first_due, self.every, self.count - 1 - self.apart, month_end=self.month_end)
        return self.start, *apart, self.first_due, *later

    def _before(self, periods: int) -> date:
        """The day so many periods before the one from which due dates are counted."""
        assert self.first_due is not None
        return date_at(self.first_due, self.every, -periods, self.month_end)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The start and the due dates as they are moved by the calendar."""
        if self.calendar is None:
            return self.bounds
        calendar, move = self.calendar, adjuster(self.adjust, self.calendar)
        moved = (self.start, *(move(day) for day in self.bounds[1:]))
        for number, (day, later) in enumerate(pairwise(moved), 1):
            if later <= day:
                raise InvalidTerms(
                    f"adjust: got {self.adjust!r} on {calendar.name}, which moves installment {number} to {later}; "
                    f"expected a day after {day}"
                )
        return moved

    @property
    def accrual(self) -> tuple[date, ...]:
        """The moved dates where interest moves with them, else the unadjusted ones."""
        return self.dates if self.interest_moves else self.bounds

    @property
    def irregular(self) -> tuple[int, ...]:
        """The first period, where it is a stub; no other one can be."""
        return () if self.single or self._first_is_regular else (1,)

    @cached_property
    def _first_is_regular(self) -> bool:
        if self.first_due is None:
            return not self.month_end or date_at(self.start, self.every, 0, True) == self.start
        return self._before(1 + self.apart) == self.start or date_at(self.start, self.every, 1) == self.bounds[1]

    def context(self, number: int) -> Context:
        """What some day counts have to know about period `number`."""
        regular = not self.single and (number > 1 or self._first_is_regular)
        counted_on = self.single and self.first_due is None  # nominal dates hang from the start, not from the end
        return Context(
            ref_start=self.accrual[number - 1],
            ref_end=self.accrual[number],
            stub="none" if regular else "final" if counted_on else "initial",
            eom=self.month_end,
            frequency=self._frequency,
            termination=self.accrual[-1],
            calendar=self.calendar,
            roll=roll_of(self.first_due or self.start, self.every, self.month_end),
        )

    @cached_property
    def regular(self) -> AnchoredTimeline:
        """The first period as it would be, were it a regular one that ends on its due date."""
        begins, first_due = date_at(self.bounds[1], self.every, -1, self.month_end), self.bounds[1]
        return replace(self, start=begins, first_due=first_due, count=1)

    def nominal(self, number: int) -> Sequence[Nominal]:
        """The nominal periods of a first period that is longer than one, hung from its end."""
        return self._of_the_first if number == 1 and self.day_count is DayCount.PERIODIC else ()

    @cached_property
    def _of_the_first(self) -> Sequence[Nominal]:
        if self.single or self._first_is_regular:
            return ()
        grid = nominal_dates(self.first_due or self.bounds[1], self.every, month_end=self.month_end)
        return nominal_of(self, 1, grid)

    @cached_property
    def _frequency(self) -> Frequency | None:
        """What a day count may take for the regular period: of one that is paid at once, a year or what was stated."""
        if self.single and date_at(self.start, _YEARLY, 1) == self.bounds[-1]:
            return _YEARLY
        return None if self.single and self.maturity and not self.every_stated else self.every

    @property
    def period_share(self) -> Fraction:
        """The share of the year of a regular period."""
        share = self.every.year_share
        if share is None:
            raise InvalidTerms(
                f"every: got {self.every}; expected periods of months or weeks where a share of the year is needed"
            )
        return share

    def share(self, number: int) -> Factor:
        """Period `number` as a share of a year, as a ratio; its nights for a rate per day."""
        if self.day_count is not DayCount.PERIODIC:
            return self._share_of(number, self.accrual[number - 1], self.accrual[number])
        if self.single:
            return (self.period_share * self.count).as_integer_ratio()
        if number == 1 and not self._first_is_regular:
            counted_from = self.first_due or self.bounds[1]
            share = stub_share(self.start, counted_from, self.every, regular_side="end", month_end=self.month_end)
            return (share - self.period_share * self.apart).as_integer_ratio()
        return self.period_share.as_integer_ratio()

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Interest per unit of principal of every period, exact."""
        rate, count = self.rate, len(self.bounds) - 1
        if self.path is not None:
            return super().factors
        if self.day_count is DayCount.PERIODIC and not self.single:
            regular = rate.factor(self.period_share.as_integer_ratio(), 0)
            if self._first_is_regular:
                return (regular,) * count
            return rate.factor(self.share(1), 0), *((regular,) * (count - 1))
        if self.day_count is None:
            numerator, denominator = rate.value.as_integer_ratio()
            return tuple([(numerator * (end - start).days, denominator) for start, end in pairwise(self.accrual)])
        return tuple([rate.factor(self.share(number), 0) for number in range(1, count + 1)])


def nominal_of(time: Timeline, number: int, grid: Grid) -> Sequence[Nominal]:
    """The nominal periods of an irregular period, where they are several; those at its ends are as long as interest runs."""
    begins, ends = time.bounds[number - 1 : number + 1]
    found = nominal_periods(grid, begins, ends)
    if len(found) == 1:
        return ()
    (_, until, share), (since, _, last) = found[0], found[-1]
    return (time.accrual[number - 1], until, share), *found[1:-1], (since, time.accrual[number], last)


@dataclass(frozen=True, kw_only=True)
class LaidTimeline(Timeline):
    """The time of a loan whose periods were laid out beforehand: rolls, skipped months, stubs, lists of dates."""

    periods: Periods

    @property
    def bounds(self) -> tuple[date, ...]:
        """The start and the unadjusted ends of the periods."""
        return self.periods.unadjusted

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The first day that bears interest, and the days on which the periods are paid."""
        return self.periods.bounds[0], *self.periods.due

    @property
    def accrual(self) -> tuple[date, ...]:
        """The bounds over which interest runs."""
        return self.periods.bounds

    @property
    def calendar(self) -> BusinessCalendar | None:
        """The calendar by which the periods were laid out."""
        return self.periods.calendar

    @cached_property
    def irregular(self) -> tuple[int, ...]:
        """The stubs, and the periods that run through skipped months; none where the dates were listed."""
        if self.periods.frequency is None:
            return ()
        return self.periods.irregular

    def nominal(self, number: int) -> Sequence[Nominal]:
        """The nominal periods of a stub that is longer than one, or of a period that runs through skipped months."""
        return self._nominal.get(number, ()) if self.day_count is DayCount.PERIODIC else ()

    @cached_property
    def _nominal(self) -> dict[int, Sequence[Nominal]]:
        grid = self.periods.grid
        return {} if grid is None else {number: nominal_of(self, number, grid) for number in self.irregular}

    def context(self, number: int) -> Context:
        """What some day counts have to know about period `number`."""
        return self.periods.context(number)

    @property
    def period_share(self) -> Fraction:
        """The share of the year of a regular period."""
        share = self.periods.frequency and self.periods.frequency.year_share
        if not share:
            raise InvalidTerms("periods: got no frequency of months or weeks where a share of the year is needed")
        return share

    def share(self, number: int) -> Factor:
        """Period `number` as a share of a year, as a ratio; its nights for a rate per day."""
        if self.day_count is not DayCount.PERIODIC:
            return self._share_of(number, self.accrual[number - 1], self.accrual[number])
        return (self.periods.share(number) or self.period_share).as_integer_ratio()
