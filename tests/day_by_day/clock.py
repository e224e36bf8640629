"""What nights are worth at the contract rate: it may change, and nights may rest."""

from __future__ import annotations

from copy import copy
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import loancalc as lc
from day_by_day.arithmetic import earned
from loancalc.time.frequency import Frequency, date_at

_UNITS = {"month": Fraction(1, 12), "semi-month": Fraction(1, 24), "week": Fraction(1, 52)}


class Period(NamedTuple):
    """The nights between two due dates, and which share of a year they are where the day count is periodic; of a first one that
    is longer than a regular period, the regular ones that hang from its end.
    """

    opens: date
    closes: date
    share: Fraction | None = None
    regular: tuple[Period, ...] = ()

    def __deepcopy__(self, memo: object) -> Period:
        """Itself: nothing in it changes."""
        return self


class Clock:
    """The day count of a loan, its rate from each day on, and the nights that bear no interest: they rest, or were let go of
    with the installments that are put off.
    """

    def __init__(self, loan: lc.Loan) -> None:
        self.day_count = loan.day_count
        path = loan.rate_path
        self.rates = [(loan.start, loan.rate), *(path.changes if path else ())]
        self.pauses: list[tuple[date, date]] = [*(path.pauses if path else ())]
        self.let_go: list[tuple[date, date]] = []
        self.all_is_expected = path is not None and path.keep == "level"

    def changes(self, day: date, rate: lc.Rate) -> None:
        """Another rate from a day on, until the next one that is known."""
        self.rates = sorted([*self.rates, (day, rate)], key=lambda step: step[0])

    def expected_on(self, day: date) -> Clock:
        """What a plan that is made on a day expects: the rate of that day lasts, unless one payment is for all rates."""
        if self.all_is_expected:
            return self
        expected = copy(self)
        expected.rates = [step for step in self.rates if step[0] <= day or step is self.rates[0]]
        expected.pauses = [pause for pause in self.pauses if pause[0] <= day]
        return expected

    def rate_of_night(self, day: date) -> lc.Rate:
        """The contract rate of the night of a day."""
        return [rate for since, rate in self.rates if since <= day or since == self.rates[0][0]][-1]

    def earned(self, period: Period, start: date, end: date) -> Fraction:
        """Contract interest on one unit of money from a day to a day of a period, or after the last one."""
        if start >= end:  # to a later day it is paid
            return Fraction(0)
        pauses = [*self.pauses, *self.let_go]
        turns = {day for day, _ in self.rates} | {day for pause in pauses for day in pause}
        days = [start, *sorted(day for day in turns if start < day < end), end]
        stretches = [(a, b) for a, b in pairwise(days) if not any(rest <= a < wake for rest, wake in pauses)]
        return sum((self._stretch(period, a, b) for a, b in stretches), Fraction(0))

    def _stretch(self, period: Period, start: date, end: date) -> Fraction:
        """Nights of one rate; a periodic day count shares a period by its actual days, and goes on so after the last one."""
        rate, nights = self.rate_of_night(start), (end - start).days
        if self.day_count is not lc.DayCount.PERIODIC:
            return earned(rate, self.day_count, start, end)
        within, share = period.regular or (period,), Fraction(0)
        inner = [each.opens for each in within[1:]]
        for each, opens, closes in zip(within, [date.min, *inner], [*inner, date.max], strict=True):
            inside = max(0, (min(end, closes) - max(start, opens)).days)
            assert each.share is not None
            share += each.share * Fraction(inside, (each.closes - each.opens).days)
        return Fraction(*rate.factor(share, nights))


def agreed_periods(loan: lc.Loan) -> list[Period]:
    """The periods of the plan that was agreed."""
    periodic = loan.day_count is lc.DayCount.PERIODIC
    first, *later = [
        Period(opens, closes, Fraction(*loan.timeline.share(number)) if periodic else None)
        for number, (opens, closes) in enumerate(pairwise(loan.dates), 1)
    ]
    if periodic and (loan.first_due or loan.month_end):
        first = DueDates.of(loan)._replace(first=first.closes).to_the_first(first.opens)
    return [first, *later]


class DueDates(NamedTuple):
    """Where due dates are counted from, the start or a first due date that is agreed, and how far apart they are."""

    first: date
    every: Frequency
    month_end: bool = False

    @classmethod
    def of(cls, loan: lc.Loan) -> DueDates:
        """As a loan agrees on them."""
        every = Frequency.parse(str(loan.every))
        return cls(loan.first_due or loan.start, every, loan.month_end)

    @property
    def share(self) -> Fraction | None:
        """The share of the year of a regular period."""
        return _UNITS[self.every.unit] * self.every.number if self.every.unit in _UNITS else None

    def after(self, last: date, count: int) -> list[Period]:
        """`count` periods after a due date: all are counted from the anchor."""
        found, number = list[Period](), 0
        while len(found) < count:
            due = date_at(self.first, self.every, number, self.month_end) if number else self.first
            number += 1
            if due > last:
                found.append(self.to_the_first(last) if due == self.first else Period(last, due, self.share))
                last = due
        return found

    def to_the_first(self, opens: date) -> Period:
        """The period to the first due date: its nights are those of the periods that would end there, one before the other."""
        parts, closes = list[Period](), self.first
        while closes > opens and self.share is not None:
            begins = date_at(self.first, self.every, -len(parts) - 1, self.month_end)
            part = max(begins, opens)
            parts.insert(0, Period(part, closes, self.share * Fraction((closes - part).days, (closes - begins).days)))
            closes = begins
        share = sum((part.share or Fraction(0) for part in parts), Fraction(0)) if parts else None
        return Period(opens, self.first, share, tuple(parts) if len(parts) > 1 else ())
