"""Late interest, penalties and caps: how the late terms of a contract become figures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from loancalc.late_terms import Penalty
from loancalc.loan import Loan
from loancalc.money import to_minor
from loancalc.names import COMPONENTS, Component
from loancalc.rates import Rate
from loancalc.timeline import Factor

COST, FEE, PENALTY, COMPOUND, LATE, INTEREST, PRINCIPAL = range(len(COMPONENTS))


class AccrualLine(NamedTuple):
    """One line of accrued interest: a base, a rate and an interval, exact inside and rounded once at its end.

    Amounts are in minor units; `numerator / denominator` is the unrounded amount.
    """

    installment: int
    component: Component
    base: int
    rate: Rate
    day_count: str
    start: date
    end: date
    numerator: int
    denominator: int
    amount: int
    is_open: bool

    @property
    def nights(self) -> int:
        """Nights from `start` to `end`."""
        return (self.end - self.start).days


Accrued = tuple[int, int, int, date, date, int, int, int]
"""A line as a replay keeps it: installment, component, base, start, end, numerator, denominator, rounded amount."""


class LineRates(NamedTuple):
    """What the lines of a loan accrue at: contract and late rate, each with the name of its day count."""

    contract: tuple[Rate, str]
    late: tuple[Rate, str]

    def show(self, accrued: Accrued, *, is_open: bool) -> AccrualLine:
        """A kept line with its names and its rate."""
        installment, component, base, start, end, numerator, denominator, amount = accrued
        rate, day_count = self.contract if component == INTEREST else self.late
        return AccrualLine(
            installment=installment,
            component=COMPONENTS[component],
            base=base,
            rate=rate,
            day_count=day_count,
            start=start,
            end=end,
            numerator=numerator,
            denominator=denominator,
            amount=amount,
            is_open=is_open,
        )


class PenaltyCharge(NamedTuple):
    """One penalty as it was assessed: its rule, its base and its amount, in minor units."""

    installment: int
    on: date
    rule: str
    base: int
    amount: int


class LateRate:
    """The late rate of a loan, compiled: interest per unit of base over an interval, as a ratio."""

    def __init__(self, loan: Loan) -> None:
        assert loan.late is not None
        assert loan.late.interest is not None
        terms = loan.late.interest
        rate = terms.over(loan.rate)
        self.rate = rate
        self.day_count = terms.day_count
        self.daily = rate.per == "day"
        self.simple = rate.compounds is None
        yearly = rate.value * 12 if rate.per == "month" else rate.value
        self.numerator, self.denominator = yearly.as_integer_ratio()
        self.day_count_name = "nights" if terms.day_count is None else str(terms.day_count)

    def factor(self, start: date, end: date) -> Factor:
        """Interest per unit of base from `start` to `end`; the days of a line are counted from its start."""
        if self.day_count is None:
            return self.numerator * (end - start).days, self.denominator
        share, whole = self.day_count.ratio(start, end)
        if self.simple:
            return self.numerator * share, self.denominator * whole
        return self.rate.factor((share, whole), (end - start).days)


class PenaltyRule:
    """A penalty of the contract in minor units."""

    def __init__(self, penalty: Penalty, loan: Loan) -> None:
        digits = loan.digits
        self.of = penalty.of
        self.percent = penalty.percent
        self.flat = None if penalty.amount is None else to_minor(penalty.amount, digits, "late.penalties.amount")
        self.least = None if penalty.min is None else to_minor(penalty.min, digits, "late.penalties.min")
        self.most = None if penalty.max is None else to_minor(penalty.max, digits, "late.penalties.max")
        self.divide = loan.rounding.divide("fee")
        if penalty.percent is None:
            self.name = f"{penalty.amount} for each late installment"
        else:
            bounds = "".join(
                f", {word} {value}"
                for word, value in (("at least", penalty.min), ("at most", penalty.max))
                if value is not None
            )
            self.name = f"{float(penalty.percent * 100):g}% of the unpaid {penalty.of}{bounds}"

    def base(self, principal: int, interest: int, outstanding_principal: int) -> int:
        """What a percentage is taken of, given the principal and interest that an installment owes."""
        if self.of == "principal":
            return principal
        if self.of == "interest":
            return interest
        if self.of == "outstanding-principal":
            return outstanding_principal
        return principal + interest

    def amount(self, base: int) -> int:
        """The penalty on a base; nothing on a base of nothing."""
        if self.percent is None:
            return self.flat or 0
        if base == 0:
            return 0
        charge = self.divide(base * self.percent.numerator, self.percent.denominator)
        if self.least is not None:
            charge = max(charge, self.least)
        if self.most is not None:
            charge = min(charge, self.most)
        return charge
