"""Contract interest of the running period: night by night on daily loans, the plan's share on scheduled ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import loancalc as lc
from day_by_day.arithmetic import rounded
from day_by_day.clock import Clock, Period


@dataclass
class Stretch:
    """Nights in which contract interest runs on one amount; `of` names the installment in a deferred grace, if any.

    What they come to stands (`worth`) where they were paid before they came, or their period is of a plan that is no more.
    """

    base: int
    start: date
    of: int | None = None
    end: date | None = None
    worth: Fraction | None = None


class RunningPeriod:
    """The period that runs, and what it has borne.

    Attributes:
        planned_on: On what the plan's interest runs, and since when.
        began, opens: The day on which it began, and from which interest is still to be paid.
        before: Planned interest of nights of this period by a plan that is no more.
        waiting: Planned interest of periods before that is asked for later.
        carried: Interest for which earlier installments of a daily loan had no room.
        paid_until: Up to which day the nights of a daily loan are paid, on what bore interest then.
    """

    def __init__(self, loan: lc.Loan, clock: Clock, period: Period, balance: int) -> None:
        self.loan = loan
        self.clock = clock
        self.period = period
        self.began = self.opens = loan.start
        self.planned_on: list[tuple[date, int]] = [(loan.start, balance)]
        self.before = Fraction(0)
        self.waiting = 0
        self.stretches: list[Stretch] = []
        self.carried = 0
        self.paid_until = loan.start

    def next(self, day: date, period: Period | None, carried: int, balance: int) -> None:
        """A period ends on its due date, and the next one begins; after the last one nights count as they did in it."""
        self.period = period or self.period
        self.began, self.opens = day, max(day, self.opens)
        self.planned_on = [(self.opens, balance)]
        self.before = Fraction(0)
        self.stretches = []
        self.carried = carried

    def bears(self, day: date, base: int, of: int | None) -> None:
        """From the night of `day` interest runs on a base; a stretch ends where its base changes."""
        for stretch in self.stretches:
            if (stretch.of, stretch.end) == (of, None):
                if stretch.base == base:
                    return
                stretch.end = day
        if base and day >= self.paid_until:
            self.stretches.append(Stretch(base, day, of))

    def bears_to_the_end(self, day: date, bases: dict[int | None, int]) -> None:
        """The nights from `day` to the end of the period bear interest on what does now, whatever is repaid before it."""
        for stretch in self.stretches:
            if stretch.end and stretch.end > day and stretch.worth is None:
                stretch.worth = stretch.base * self.clock.earned(self.period, stretch.start, stretch.end)
            stretch.end = stretch.end or day
        begins, self.paid_until = max(day, self.paid_until), self.period.closes
        for of, base in bases.items():
            worth = base * self.clock.earned(self.period, begins, self.paid_until)
            self.stretches += [Stretch(base, begins, of, self.paid_until, worth)] if base else []

    def bears_more(self, day: date, amount: int) -> None:
        """More principal while the nights are paid up to a later day: it bears interest of its own until then."""
        if day < self.paid_until:
            self.stretches.append(Stretch(amount, day, None, self.paid_until))

    def stands(self, day: date) -> None:
        """What the nights before a day have come to stands, whatever becomes of their period."""
        for stretch in [*self.stretches]:
            if stretch.worth is not None:
                continue
            until = min(day, stretch.end or day)
            if stretch.end is None or stretch.end > day:
                self.stretches.append(Stretch(stretch.base, day, stretch.of, stretch.end))
            stretch.worth, stretch.end = stretch.base * self.clock.earned(self.period, stretch.start, until), until

    def take_back(self, number: int) -> None:
        """The nights since the due date of an installment bore the late rate, not the contract rate."""
        self.stretches = [stretch for stretch in self.stretches if stretch.of != number]

    def accrued(self, day: date, paid: int) -> int:
        """Interest of the nights before `day` that was not paid early: one exact sum, rounded once."""
        exact = self.exactly_accrued(day) - self.carried
        return self.carried + rounded(exact, self.loan.rounding, "interest") - paid

    def exactly_accrued(self, day: date) -> Fraction:
        """Interest of the nights before `day`, and what was carried."""
        return self.carried + sum(
            (
                stretch.base * self.clock.earned(self.period, stretch.start, min(day, stretch.end or day))
                if stretch.worth is None
                else stretch.worth
                for stretch in self.stretches
            ),
            Fraction(0),
        )

    def planned(self, day: date) -> int:
        """The exact share of the period's planned interest before `day`, rounded once, and what waits."""
        return self.waiting + rounded(self.exactly_planned(day), self.loan.rounding, "interest")

    def exactly_planned(self, day: date) -> Fraction:
        """The planned interest of the nights of the period before `day`."""
        return sum(
            (amount * self.clock.earned(self.period, since, day) for since, amount in self.planned_on if since < day),
            self.before,
        )
