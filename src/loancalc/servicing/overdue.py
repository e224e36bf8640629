"""What accrues and is charged while a loan is late, as it is recorded: lines of interest and penalties."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from loancalc.plan.timeline import Timeline
from loancalc.time.daycount import Context, DayCount
from loancalc.values.money import to_decimal, to_decimals
from loancalc.values.names import COMPONENTS, Component
from loancalc.values.rates import Rate

COST, FEE, PENALTY, COMPOUND, LATE, INTEREST, PRINCIPAL = range(len(COMPONENTS))


_WITH_CONTEXT = frozenset(str(day_count) for day_count in DayCount if day_count.reads)


class AccrualLine(NamedTuple):
    """One line of accrued interest: a base, a rate and an interval, exact inside and rounded once at its end.

    Attributes:
        installment: The number of the installment it belongs to.
        component: "late_interest", "compound_interest", or "interest" on daily loans.
        base: What bears the interest, in units of the currency.
        rate: The rate.
        day_count: How its days become a share of a year; "nights" for a rate per day.
        start: The first night.
        end: The day after the last night.
        unrounded: The exact amount, in units of the currency.
        amount: The amount, rounded once, in units of the currency.
        is_open: Whether it goes on: a quote rounds it and changes nothing.
        note: What is in it beside base, rate and time.
        time: The interval as text where its day count alone cannot tell, as with business days.

    Examples:
        >>> import loancalc as lc
        >>> late = lc.LateTerms(interest=lc.LateInterest("18%", day_count="ACT/360"))
        >>> loan = lc.Loan(principal=1000, rate="12%", start="2026-01-15", installments=1, late=late)
        >>> line = lc.Account(loan).as_of("2026-03-15").lines[0]
        >>> line.base, line.nights, line.unrounded, line.amount  # 1000 x 18% x 28/360
        (Decimal('1000.00'), 28, Fraction(14, 1), Decimal('14.00'))
    """

    installment: int
    component: Component
    base: Decimal
    rate: Rate
    day_count: str
    start: date
    end: date
    unrounded: Fraction
    amount: Decimal
    is_open: bool
    note: str = ""
    time: str = ""

    @property
    def nights(self) -> int:
        """Nights from `start` to `end`."""
        return (self.end - self.start).days


Accrued = tuple[int, int, int, date, date, int, int, int]
"""A line as a replay keeps it: installment, component, base, start, end, numerator, denominator, rounded amount."""


class LineRates(NamedTuple):
    """What the lines of a loan accrue at: contract rate, and late rates with the dates from which they hold; each with
    the name of its day count. `timelines` tell the time of those that need more than two dates: of each plan, after how
    many installments it begins, and its time.
    """

    contract: tuple[Rate, str]
    late: tuple[tuple[date, Rate, str], ...]
    late_note: str = ""
    compound_note: str = ""
    timelines: tuple[tuple[int, Timeline], ...] = ()

    def show(self, accrued: Accrued, digits: int, *, is_open: bool) -> AccrualLine:
        """A kept line with its names and its rate, in units of a currency that has so many digits."""
        installment, component, base, start, end, numerator, denominator, amount = accrued
        note = ""
        if component == INTEREST or not self.late:
            rate, day_count = self.contract
        else:
            place = bisect_right(self.late, start, key=lambda step: step[0])
            _, rate, day_count = self.late[max(0, place - 1)]
            note = self.late_note if component == LATE else self.compound_note
        return AccrualLine(
            installment=installment,
            component=COMPONENTS[component],
            base=to_decimal(base, digits),
            rate=rate,
            day_count=day_count,
            start=start,
            end=end,
            unrounded=Fraction(numerator, denominator * 10**digits),
            amount=to_decimal(amount, digits),
            is_open=is_open,
            note=note,
            time=self._time(installment, component, start, end, day_count),
        )

    def _time(self, installment: int, component: int, start: date, end: date, day_count: str) -> str:
        if not self.timelines or day_count not in _WITH_CONTEXT:
            return ""
        before, timeline = [plan for plan in self.timelines if plan[0] < installment][-1]
        if component == INTEREST:
            return timeline.describe_part(installment - before, start, end)
        share, whole = DayCount(day_count).ratio(start, end, Context(calendar=timeline.calendar))
        return f"{share}/{whole}"


class PenaltyCharge(NamedTuple):
    """One penalty as it was assessed.

    Attributes:
        installment: The number of the installment that was late.
        on: The day.
        rule: The rule in words.
        base: What a percentage is taken of, in units of the currency.
        amount: What was charged, in units of the currency.

    Examples:
        >>> import loancalc as lc
        >>> late = lc.LateTerms(penalties=lc.Penalty(percent="5%", of="installment"))
        >>> loan = lc.Loan(principal=1000, rate="12%", start="2026-01-15", installments=1, late=late)
        >>> charge = lc.Account(loan).as_of("2026-03-15").penalties[0]
        >>> str(charge.on), charge.rule, charge.base, charge.amount
        ('2026-02-16', '5% of the unpaid installment', Decimal('1010.00'), Decimal('50.50'))
    """

    installment: int
    on: date
    rule: str
    base: Decimal
    amount: Decimal


class Assessed(NamedTuple):
    """A penalty as a replay keeps it, in minor units."""

    installment: int
    on: date
    rule: str
    base: int
    amount: int

    def show(self, digits: int) -> PenaltyCharge:
        """The same in units of a currency that has so many digits."""
        base, amount = to_decimals((self.base, self.amount), digits)
        return PenaltyCharge(self.installment, self.on, self.rule, base, amount)
