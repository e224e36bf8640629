"""Caps on late charges while an account is replayed: the limit as the nights go by, and what exceeds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from loancalc.late_terms import Cap
from loancalc.loan import Loan
from loancalc.money import to_minor
from loancalc.names import COMPONENTS
from loancalc.overdue import COMPOUND, LATE
from loancalc.owed import Owed

Quote = Callable[[Owed, int, date], int]


class Cut(NamedTuple):
    """An amount that a cap took off a component of an installment."""

    item: Owed
    component: int
    amount: int


class CapMeter:
    """A cap being applied. On every day the covered components charged so far may not exceed the limit.

    The limit is base x rate x share summed exactly over the nights, rounded down; or a fixed amount. What exceeds it is
    cut, the latest item first; with `recover` it comes back, the earliest first, as the limit grows.
    """

    def __init__(self, cap: Cap, loan: Loan) -> None:
        self.cap = cap
        self.covers = [COMPONENTS.index(name) for name in cap.covers]
        self.looks_daily = LATE in self.covers or COMPOUND in self.covers
        self.past_due_only = cap.base == "past-due-principal"
        self._fixed: int | None = None
        if cap.amount is not None:
            self._fixed = to_minor(cap.amount, loan.digits, "late.caps.amount")
        elif cap.share is not None:
            self._fixed = int(loan.principal_minor * cap.share)
        self._sum = Fraction(0)
        self._base = 0
        self._start = loan.start
        self._seen: dict[tuple[int, int], int] = {}
        self._charged = 0
        self._cuts: list[Cut] = []

    def rebase(self, on: date, base: int) -> None:
        """From the night of `on`, the limit grows on `base`."""
        if self._fixed is None and base != self._base:
            self._sum = self._exact(on)
            self._base, self._start = base, on

    def limit(self, on: date) -> int:
        """What the covered components may come to by `on`, in minor units."""
        if self._fixed is not None:
            return self._fixed
        exact = self._exact(on)
        return exact.numerator // exact.denominator

    def _exact(self, on: date) -> Fraction:
        if self._base == 0 or on <= self._start:
            return self._sum
        assert self.cap.rate is not None, "a cap without a fixed amount has a rate"
        nights = (on - self._start).days
        share = (nights, 1) if self.cap.rate.per == "day" else self.cap.day_count.ratio(self._start, on)
        numerator, denominator = self.cap.rate.factor(share, nights)
        return self._sum + Fraction(self._base * numerator, denominator)

    def check(self, items: Sequence[Owed], quote: Quote, on: date) -> None:
        """Cut what exceeds the limit on a day, or give back what it allows again."""
        growth: list[Cut] = []
        for component in reversed(self.covers):
            for item in items:
                gross = (
                    item.paid[component] + item.waived[component] + item.owed[component] + quote(item, component, on)
                )
                grown = gross - self._seen.get((item.number, component), 0)
                if grown:
                    self._seen[item.number, component] = gross
                    self._charged += grown
                    growth.append(Cut(item, component, grown))
        excess = self._charged - self.limit(on)
        if excess > 0:
            self._take(growth, excess)
        elif self.cap.recover:
            self._give_back(-excess)

    def _take(self, growth: list[Cut], excess: int) -> None:
        taken: list[Cut] = []
        for item, component, grown in reversed(growth):
            amount = min(grown, excess)
            if amount > 0:
                item.cut[component] += amount
                self._charged -= amount
                excess -= amount
                taken.append(Cut(item, component, amount))
        self._cuts.extend(reversed(taken))

    def _give_back(self, room: int) -> None:
        while room > 0 and self._cuts:
            item, component, amount = self._cuts[0]
            back = min(room, amount)
            item.cut[component] -= back
            self._charged += back
            room -= back
            if back == amount:
                self._cuts.pop(0)
            else:
                self._cuts[0] = Cut(item, component, amount - back)
