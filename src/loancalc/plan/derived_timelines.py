"""Timelines made of others: with rows of their own put in, or of the rows that are left of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from loancalc.calendars import BusinessCalendar
from loancalc.lazily import cached_property
from loancalc.plan.timeline import BY_PERIOD, Factor, Timeline
from loancalc.time.daycount import Context


@dataclass(frozen=True, kw_only=True)
class TimelineWithRows(Timeline):
    """A timeline with more rows: installments that are due on days of their own and bear no interest.

    Down payments, and the first installment of a loan that is paid in advance. Such a row lies at the start of the
    period into which its day falls, and its period has no nights.

    Attributes:
        inner: The timeline without them.
        inserted: Their days, in order.
    """

    inner: Timeline
    inserted: tuple[date, ...]

    @cached_property
    def _rows(self) -> list[tuple[int, date | None]]:
        """For every row the number of its period, and its own day where it was inserted."""
        rows: list[tuple[int, date | None]] = [(number, None) for number in range(1, len(self.inner.bounds))]
        for day in reversed(self.inserted):
            index = self.inner.row_of(day)
            rows.insert(index, (index + 1, day))
        return rows

    @cached_property
    def inserted_rows(self) -> frozenset[int]:
        """The indices of the inserted rows."""
        return frozenset(index for index, (_, day) in enumerate(self._rows) if day)

    @cached_property
    def bounds(self) -> tuple[date, ...]:
        """The start and the unadjusted due dates; an inserted row ends where it begins."""
        inner = self.inner.bounds
        return inner[0], *(inner[number - 1 if day else number] for number, day in self._rows)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The start and the due dates."""
        inner = self.inner.dates
        return inner[0], *(day or inner[number] for number, day in self._rows)

    @cached_property
    def accrual(self) -> tuple[date, ...]:
        """The bounds of the accrual periods; those of inserted rows have no nights."""
        inner = self.inner.accrual
        return inner[0], *(inner[number - 1 if day else number] for number, day in self._rows)

    @property
    def calendar(self) -> BusinessCalendar | None:
        """Business days, where dates may move."""
        return self.inner.calendar

    @property
    def irregular(self) -> tuple[int, ...]:
        """The rows of the inner timeline's irregular periods."""
        wanted = self.inner.irregular
        return tuple(place for place, (number, day) in enumerate(self._rows, 1) if day is None and number in wanted)

    @property
    def period_share(self) -> Fraction:
        """The share of the year of a regular period."""
        return self.inner.period_share

    def context(self, number: int) -> Context:
        """What some day counts have to know about the period of a row."""
        return self.inner.context(self._rows[number - 1][0])

    def share(self, number: int) -> Factor:
        """The share of the year of a row's period: nothing for an inserted one."""
        period, day = self._rows[number - 1]
        return (0, 1) if day else self.inner.share(period)

    def describe(self, number: int) -> str:
        """A row's period as text."""
        period, day = self._rows[number - 1]
        return "0 nights" if day else self.inner.describe(period)

    def describe_part(self, number: int, start: date, end: date) -> str:
        """A part of a row's period as text."""
        return self.inner.describe_part(self._rows[number - 1][0], start, end)

    def part(self, number: int, start: date, end: date) -> Factor:
        """Interest per unit of principal over a part of a row's period."""
        return self.inner.part(self._rows[number - 1][0], start, end)

    def part_of_period(self, number: int, start: date, end: date) -> Factor:
        """A part of a row's period as a share of a year."""
        return self.inner.part_of_period(self._rows[number - 1][0], start, end)


@dataclass(frozen=True, kw_only=True)
class TimelineFrom(Timeline):
    """The rows of a timeline after those that are done: the time of a plan that continues another.

    Attributes:
        inner: The whole timeline.
        done: How many of its rows are done.
        begins: The first day that bears interest, where that lies inside the first row, or past the end of its interest.
    """

    inner: Timeline
    done: int
    begins: date | None = None

    @cached_property
    def bounds(self) -> tuple[date, ...]:
        """The end of the last row that is done, then the unadjusted due dates."""
        return self.inner.bounds[self.done :]

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The last due date that is done, then the due dates."""
        return self.inner.dates[self.done :]

    @cached_property
    def accrual(self) -> tuple[date, ...]:
        """The bounds of the accrual periods."""
        bounds = self.inner.accrual[self.done :]
        begins = self.begins
        return bounds if begins is None else tuple(max(begins, day) for day in bounds)

    def opens(self, index: int) -> date:
        """The day on which the period of a row begins, whether or not its interest was paid for some of it."""
        return self.inner.opens(index + self.done)

    @property
    def calendar(self) -> BusinessCalendar | None:
        """Business days, where dates may move."""
        return self.inner.calendar

    @property
    def irregular(self) -> tuple[int, ...]:
        """Those of the whole timeline's irregular periods that are not done."""
        return tuple(number - self.done for number in self.inner.irregular if number > self.done)

    @cached_property
    def inserted_rows(self) -> frozenset[int]:
        """The indices of the inserted rows that are not done."""
        return frozenset(index - self.done for index in self.inner.inserted_rows if index >= self.done)

    @property
    def period_share(self) -> Fraction:
        """The share of the year of a regular period."""
        return self.inner.period_share

    def context(self, number: int) -> Context:
        """What some day counts have to know about the period of a row."""
        return self.inner.context(number + self.done)

    def share(self, number: int) -> Factor:
        """The share of the year of a row's period, or of the part of it that is left."""
        whole, nights = self.inner.nights(number + self.done), self.nights(number)
        if nights == whole:
            return self.inner.share(number + self.done)
        if self.day_count in BY_PERIOD:
            return self.part_of_period(number, *self.accrual[number - 1 : number + 1])
        return self._share_of(number, *self.accrual[number - 1 : number + 1])

    def row_of(self, day: date) -> int:
        """The index of the period in which the night of a day lies; the first one, before its interest begins."""
        return max(0, super().row_of(day))

    def part_of_period(self, number: int, start: date, end: date) -> Factor:
        """A part of a row's period, of which some may be done, as a share of a year: by the nights of the whole."""
        return self.inner.part_of_period(number + self.done, start, end)

    def describe(self, number: int) -> str:
        """A row's period as text."""
        whole, nights = self.inner.nights(number + self.done), self.nights(number)
        if nights == whole or self.day_count not in BY_PERIOD:
            return self.inner.describe(number + self.done) if nights == whole else super().describe(number)
        return self.inner.describe_part(number + self.done, *self.accrual[number - 1 : number + 1])

    def describe_part(self, number: int, start: date, end: date) -> str:
        """A part of a row's period as text."""
        return self.inner.describe_part(number + self.done, start, end)
