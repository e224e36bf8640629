"""Contract interest of the running period: night by night on daily loans, the plan's share on scheduled ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import loancalc as lc
from day_by_day.arithmetic import earned_in_period, rounded


@dataclass
class Stretch:
    """Nights in which contract interest runs on one amount; `of` names the installment in a deferred grace, if any."""

    base: int
    start: date
    of: int | None = None
    end: date | None = None


class RunningPeriod:
    """The period that runs, and what it has borne; `carried` is interest for which earlier installments had no room."""

    def __init__(self, loan: lc.Loan) -> None:
        self.loan = loan
        self.number = 1
        self.opens = loan.start
        self.stretches: list[Stretch] = []
        self.carried = 0

    def next(self, day: date, carried: int) -> None:
        """A period ends on its due date, and the next one begins; after the last one nights count as they did in it."""
        self.number = min(self.number + 1, len(self.loan.schedule()))
        self.opens = day
        self.stretches = []
        self.carried = carried

    def bears(self, day: date, base: int, of: int | None) -> None:
        """From the night of `day` interest runs on a base; a stretch ends where its base changes."""
        for stretch in self.stretches:
            if (stretch.of, stretch.end) == (of, None):
                if stretch.base == base:
                    return
                stretch.end = day
        if base:
            self.stretches.append(Stretch(base, day, of))

    def take_back(self, number: int) -> None:
        """The nights since the due date of an installment bore the late rate, not the contract rate."""
        self.stretches = [stretch for stretch in self.stretches if stretch.of != number]

    def accrued(self, day: date, paid: int) -> int:
        """Interest of the nights before `day` that was not paid early: one exact sum, rounded once."""
        exact = sum(
            (
                stretch.base * earned_in_period(self.loan, self.number, stretch.start, stretch.end or day)
                for stretch in self.stretches
            ),
            Fraction(0),
        )
        return self.carried + rounded(exact, self.loan.rounding, "interest") - paid

    def planned(self, day: date) -> int:
        """The exact share of the period's planned interest before `day`, rounded once."""
        loan = self.loan
        on_all = self.number == 1 or loan.method in ("flat", "lump_sum")
        balance = Fraction(loan.principal if on_all else loan.schedule()[self.number - 2].balance) * 10**loan.digits
        return rounded(balance * earned_in_period(loan, self.number, self.opens, day), loan.rounding, "interest")
