"""The late rate of a loan, compiled: what the nights of a line bear, whatever the rate is relative to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import gcd

from loancalc.calendars import BusinessCalendar
from loancalc.plan.late_interest import LateInterest
from loancalc.plan.loan import Loan
from loancalc.plan.timeline import Factor
from loancalc.time.daycount import Context, DayCount
from loancalc.values.base_rates import BaseRate
from loancalc.values.rates import Rate, RelativeRate
from loancalc.values.rounding import Divide

_NIGHT = timedelta(days=1)
_EVEN = (DayCount.ACT_360, DayCount.ACT_365F)
"""Day counts by which every night is the same share of a year."""


class LateRate:
    """A late rate: interest per unit of base over an interval, as a ratio. Days are counted from the interval's start. While
    it `rests`, it is nothing.
    """

    def __init__(
        self,
        terms: LateInterest,
        contract: Rate,
        on: date,
        calendar: BusinessCalendar | None = None,
        *,
        rests: bool = False,
    ) -> None:
        rate = terms.resolve(contract, on, calendar)
        if rests:
            rate = replace(rate, value=Fraction(0))
        self._context = None if calendar is None else Context(calendar=calendar)
        self.rate = rate
        self.day_count = terms.day_count
        self.day_count_name = "nights" if terms.day_count is None else str(terms.day_count)
        yearly = rate.value * 12 if rate.per == "month" else rate.value
        self._simple = rate.compounds is None
        self._numerator, self._denominator = yearly.as_integer_ratio()
        has_even_nights = self.day_count is None or (self._simple and self.day_count in _EVEN)
        self.night = self._factor(on, on + _NIGHT) if has_even_nights else None
        """Interest per unit of base for a night, where every night bears the same."""

    def factor(self, start: date, end: date) -> Factor:
        """Interest per unit of base from `start` to `end`."""
        if self.night is not None:
            numerator, denominator = self.night
            return numerator * (end - start).days, denominator
        return self._factor(start, end)

    def _factor(self, start: date, end: date) -> Factor:
        if self.day_count is None:
            return self._numerator * (end - start).days, self._denominator
        share, whole = self.day_count.ratio(start, end, self._context)
        if self._simple:
            return self._numerator * share, self._denominator * whole
        return self.rate.factor((share, whole), (end - start).days)

    def each_night(self, base: int, start: date, end: date, divide: Divide) -> int:
        """Interest of a base, rounded every night."""
        if self.night is not None and start < end:
            numerator, denominator = self.night
            return (end - start).days * divide(base * numerator, denominator)
        total, before, night = 0, (0, 1), start
        while night < end:
            night += _NIGHT
            now = self.factor(start, night)
            total += divide(base * (now[0] * before[1] - before[0] * now[1]), now[1] * before[1])
            before = now
        return total

    def on_growth(self, base: int, growing: int, since: date, start: date, end: date) -> Factor:
        """Interest of a base and of what has accrued since an earlier day on another, as that grows night by night."""
        if self.night is not None and start < end:
            numerator, denominator = self.night
            nights, grown = (end - start).days, (start - since).days
            nights_of_growth = nights * grown + nights * (nights - 1) // 2
            top = base * nights * numerator * denominator + growing * nights_of_growth * numerator**2
            return top, denominator**2
        numerator, denominator = 0, 1
        before, night = (0, 1), start
        while night < end:
            grown_numerator, grown_denominator = self.factor(since, night)
            night += _NIGHT
            now = self.factor(start, night)
            share = now[0] * before[1] - before[0] * now[1]
            top = share * (base * grown_denominator + growing * grown_numerator)
            bottom = now[1] * before[1] * grown_denominator
            if bottom == denominator:
                numerator += top
            else:
                numerator, denominator = numerator * bottom + top * denominator, denominator * bottom
                common = gcd(numerator, denominator)
                numerator, denominator = numerator // common, denominator // common
            before = now
        return numerator, denominator


class LateRates:
    """The late rates of a loan: one; or several, each from a day, as a base rate or the contract rate changes, or in nights
    of `pauses` rests.
    """

    def __init__(self, terms: LateInterest, loan: Loan, start: date, pauses: Sequence[tuple[date, date]] = ()) -> None:
        self.terms = terms
        days: tuple[date, ...] = ()
        if isinstance(terms.over, BaseRate):
            days = terms.over.changes
        elif isinstance(terms.rate, RelativeRate) and loan.rate_path is not None:
            days = tuple(day for day, _ in loan.rate_path.changes)
        if pauses:
            days = tuple(sorted({*days, *(day for pause in pauses for day in pause)}))
        self.changes = [day for day in days if day > start]
        self.steps = [
            (day, LateRate(terms, _contract(loan, day), day, loan.calendar, rests=_rests(pauses, day)))
            for day in (start, *self.changes)
        ]
        self.night = None if self.changes else self.steps[0][1].night
        """Interest per unit of base for a night, where it is always the same."""

    def at(self, day: date) -> LateRate:
        """The rate of the night of a day."""
        if not self.changes:
            return self.steps[0][1]
        for since, rate in reversed(self.steps):
            if since <= day:
                return rate
        return self.steps[0][1]


def late_rates(loan: Loan, start: date, pauses: Sequence[tuple[date, date]] = ()) -> LateRates | None:
    """The late rates of a loan from a day on, None without late interest. Those from its own start are kept with it."""
    terms = loan.late.interest if loan.late else None
    if terms is None:
        return None
    if start != loan.start or pauses:
        return LateRates(terms, loan, start, pauses)
    return loan.keep("late rates", lambda loan: LateRates(terms, loan, loan.start))


def _rests(pauses: Sequence[tuple[date, date]], day: date) -> bool:
    return any(first <= day < until for first, until in pauses)


def _contract(loan: Loan, day: date) -> Rate:
    return loan.rate if loan.rate_path is None else loan.rate_path.agreed_on(day)
