"""How the dates of a loan come about: counted from an anchor, or laid out beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from loancalc.calendars import BusinessCalendar
from loancalc.errors import InvalidTerms
from loancalc.lazily import cached_property
from loancalc.plan.timeline import BY_PERIOD, Factor, Timeline
from loancalc.time.accrual_periods import Frequency, Periods, date_at, dates_from, stub_share
from loancalc.time.adjustment import adjuster
from loancalc.time.daycount import Context, DayCount
from loancalc.time.rolls import roll_of

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
        added: Whether the first period is a regular one and the days before it, each of them with a share of its own.
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
    added: bool = False
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
        return replace(self, start=begins, first_due=first_due, count=1, added=False)

    def part_of_period(self, number: int, start: date, end: date) -> Factor:
        """A part of a period as a share of a year: by its nights, those of a regular first period by its own."""
        if not self._is_in_two(number):
            return super().part_of_period(number, start, end)
        parts = [share * nights / of for share, nights, of in self._in_two(start, end)]
        return sum(parts, Fraction(0)).as_integer_ratio()

    def describe_part(self, number: int, start: date, end: date) -> str:
        """A part of a period as text."""
        if self.day_count not in BY_PERIOD or end <= start or not self._is_in_two(number):
            return super().describe_part(number, start, end)
        shown = [f"{share} x {nights}/{of}" for share, nights, of in self._in_two(start, end) if nights]
        return shown[0] if len(shown) == 1 else f"({' + '.join(shown)})"

    def _is_in_two(self, number: int) -> bool:
        """Whether a period is the regular first one and the days before it."""
        return self.added and number == 1 and self.start < self.regular.start

    def _in_two(self, start: date, end: date) -> Iterator[tuple[Fraction, int, int]]:
        """The nights of a part of such a period before the regular one, and in it: the share of all of those, and how many they are."""
        regular, begins = Fraction(*self.regular.share(1)), self.regular.start
        yield Fraction(*self.share(1)) - regular, max(0, (min(end, begins) - start).days), (begins - self.start).days
        yield regular, max(0, (end - max(start, begins)).days), self.regular.nights(1)

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
