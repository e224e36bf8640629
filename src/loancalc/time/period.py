"""A period of a loan: its bounds, its due date, its share of the year; and many of them as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, overload

from loancalc.calendars import BusinessCalendar, is_provisional
from loancalc.time.daycount.context import Context, Reading
from loancalc.time.frequency import Frequency
from loancalc.time.rolls import Grid

Accrual = Literal["adjusted", "unadjusted"]


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
        context: What a day count may have to know about it. Its reference period is the one interest runs over.
        provisional: Whether a date follows from holidays that are not yet published.

    >>> from loancalc import periods
    >>> january = periods("2026-01-31", every="1 month", count=2)[0]
    >>> january.start, january.end, january.regular
    (datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), True)
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

    def __str__(self) -> str:
        notes = [f"{self.days} nights", "" if self.share is None else f"{self.share} of a year"]
        notes += ["" if self.regular else "not regular", "provisional" if self.provisional else ""]
        return f"{self.number}: {self.start} to {self.end}, due {self.due}, {', '.join(filter(None, notes))}"


@dataclass(frozen=True, slots=True, repr=False)
class Periods(Sequence[Period]):
    """The periods of a schedule as columns of dates; a `Period` is made when asked for.

    Attributes:
        unadjusted, adjusted: The bounds of the periods, one more than there are periods.
        due: When each is paid.
        reading: Of a day count whose rule is disputed, the reading that was accepted.

    >>> from loancalc import periods
    >>> print(periods("2026-01-31", every="1 month", count=2))
          start       end         due
       1  2026-01-31  2026-02-28  2026-02-28
       2  2026-02-28  2026-03-31  2026-03-31
    """

    unadjusted: tuple[date, ...]
    adjusted: tuple[date, ...]
    due: tuple[date, ...]
    accrual: Accrual
    calendar: BusinessCalendar | None
    numbers: tuple[int | None, ...]
    grid: Grid | None
    reading: Reading | None = None

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

    def share(self, number: int) -> Fraction | None:
        """The share of the year of period `number` (1 is the first)."""
        return self._share(number - 1)

    def context(self, number: int) -> Context:
        """What a day count may have to know about period `number`."""
        return self._context(number - 1)

    @property
    def irregular(self) -> tuple[int, ...]:
        """The numbers of the periods that are not exactly one period of the frequency."""
        return tuple(n + 1 for n in range(len(self)) if self._steps(n) != 1)

    @property
    def bounds(self) -> tuple[date, ...]:
        """What interest runs over: period n from `bounds[n - 1]` to `bounds[n]`."""
        return self.adjusted if self.accrual == "adjusted" else self.unadjusted

    @property
    def frequency(self) -> Frequency | None:
        """The frequency; None where the dates were listed one by one."""
        return None if self.grid is None else self.grid.frequency

    def _period(self, n: int) -> Period:
        bounds = self.bounds
        return Period(
            number=n + 1,
            unadjusted_start=self.unadjusted[n],
            unadjusted_end=self.unadjusted[n + 1],
            adjusted_start=self.adjusted[n],
            adjusted_end=self.adjusted[n + 1],
            due=self.due[n],
            start=bounds[n],
            end=bounds[n + 1],
            regular=self._steps(n) == 1,
            share=self._share(n),
            context=self._context(n),
            provisional=self._is_provisional(n),
        )

    def _steps(self, n: int) -> int | None:
        begin, end = self.numbers[n], self.numbers[n + 1]
        return None if begin is None or end is None else end - begin

    def _share(self, n: int) -> Fraction | None:
        unit = self.grid.frequency.year_share if self.grid is not None else None
        if self.grid is None or unit is None:
            return None
        steps = self._steps(n)
        if steps is None:
            return unit * (self._position(n + 1, self.grid) - self._position(n, self.grid))
        return unit if steps == 1 else unit * steps

    def _position(self, n: int, grid: Grid) -> Fraction | int:
        number = self.numbers[n]
        return grid.position(self.unadjusted[n]) if number is None else number

    def _context(self, n: int) -> Context:
        steps = self._steps(n)
        grid = self.grid
        return Context(
            ref_start=self.bounds[n],
            ref_end=self.bounds[n + 1],
            stub="none" if steps == 1 else "final" if self.numbers[n + 1] is None else "initial",
            eom=grid is not None and grid.roll is not None and 31 in grid.roll.days,
            frequency=self.frequency,
            termination=self.bounds[-1],
            calendar=self.calendar,
            roll=None if grid is None else grid.own_roll,
            reading=self.reading,
        )

    def _is_provisional(self, n: int) -> bool:
        if self.calendar is None:
            return False
        touched = {*self.unadjusted[n : n + 2], *self.adjusted[n : n + 2], self.due[n]}
        return any(is_provisional(self.calendar, day) for day in touched)


def guessed_dates(
    calendar: BusinessCalendar | None, unadjusted: Sequence[date], paid: Sequence[date]
) -> tuple[str, ...]:
    """The assumption that due dates rest on holidays which are not yet published; none where they do not.

    Both lists begin with the start of the loan.

    >>> from loancalc.calendars import find_calendar
    >>> guessed_dates(find_calendar("CN provisional"), [date(2027, 1, 15)] * 2, [date(2027, 2, 15)] * 2)
    ('provisional: due date 1, 2027-02-15, may still move: calendar CN provisional guesses',)
    """
    if calendar is None:
        return ()
    for number, days in enumerate(zip(unadjusted[1:], paid[1:], strict=True), 1):
        if any(is_provisional(calendar, day) for day in days):
            more = "" if number == len(paid) - 1 else " and later ones"
            return (
                f"provisional: due date {number}, {days[1]},{more} may still move: calendar {calendar.name} guesses",
            )
    return ()
