"""Charges: what a plan asks for besides principal and interest, as columns of whole minor units, and how each came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from loancalc.plan.columns import Columns
from loancalc.plan.fees import Fee
from loancalc.plan.taxes import Tax
from loancalc.plan.timeline import ONE_DAY
from loancalc.time.frequency import Frequency, date_at
from loancalc.values.money import format_minor, show_ratio
from loancalc.values.quotations import percent as show_share
from loancalc.values.rounding import Divide, Rounding

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

_YEAR = Frequency(12, "month")


class ChargeLine(NamedTuple):
    """One charge and its arithmetic, in units of the rounding; at disbursement in whole minor units.

    `component` is "fee", "tax" or "interest" (taken in advance). `settled` is "paid", "deducted" or "financed" at
    disbursement, and empty for what is due with an installment. `share` is None for a flat charge, else what it is of `base`,
    a ratio of units, as `said` in words where it is more than an amount.
    """

    name: str
    component: str
    settled: str
    amount: int
    share: Fraction | None = None
    base: tuple[int, int] = (0, 1)
    said: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it is a percentage of nothing, which needs no telling."""
        return not self.amount and self.share is not None and not (self.share and self.base[0])

    def show(self, digits: int) -> str:
        """The line as a calculation."""
        amount = format_minor(self.amount, digits)
        if self.share is None:
            return f"{self.name} {amount}"
        how = f"{show_share(self.share)} x {show_ratio(*self.base, digits)}{self.said}"
        numerator, denominator = (self.share * Fraction(*self.base)).as_integer_ratio()
        return f"{self.name} {how} = {show_ratio(numerator, denominator, digits)} -> {amount}"


@dataclass(frozen=True, slots=True)
class Charges:
    """The charges of a plan: agreed fees and taxes with each installment, and the lines at disbursement.

    `agreement` is what they were calculated from, so that each can show its arithmetic; None where they were stated.

    >>> charges = Charges((2000, 2000), (0, 120))
    >>> charges.each, charges.total
    ([2000, 2120], 4120)
    """

    fees: Sequence[int]
    taxes: Sequence[int]
    upfront: tuple[ChargeLine, ...] = ()
    agreement: Agreement | None = field(default=None, compare=False)

    @property
    def each(self) -> list[int]:
        """Fee and tax of each installment together: what falls due with it beside principal and interest."""
        return list(map(add, self.fees, self.taxes))

    @property
    def total(self) -> int:
        """All fees and taxes of the installments."""
        return sum(self.fees) + sum(self.taxes)

    def settled(self, how: str) -> int:
        """What is "paid", "deducted" or "financed" at disbursement."""
        return sum(line.amount for line in self.upfront if line.settled == how)


@lru_cache(maxsize=256)
def no_charges(count: int) -> Charges:
    """The charges of a plan of `count` installments that has none."""
    return Charges((0,) * count, (0,) * count)


@dataclass(frozen=True)
class Agreement:
    """The agreed fees and taxes, and the plan that they are charged on.

    Attributes:
        columns: The plan, in units of the rounding.
        paid_out: What is paid out after the start, each with its day; the columns say with which row.
        moved: What a plan that continues another holds from its beginning though it was not outstanding at the last due
            date before it, each with its day: what was paid out on the way, prepaid (negative), or joined the principal.
        original: Principal that was lent, financed charges included.
        dates: The day from which the plan runs, then its due dates; none in a plan without dates.
        start: The day of disbursement, from which anniversaries are counted; None in a plan without dates.
        digits: Decimals of the units.
    """

    fees: Sequence[Fee]
    taxes: tuple[Tax, ...]
    columns: Columns
    paid_out: Sequence[tuple[date, int]]
    moved: Sequence[tuple[date, int]]
    original: int
    dates: tuple[date, ...]
    start: date | None
    rounding: Rounding
    digits: int

    def charges(self, upfront: tuple[ChargeLine, ...] = ()) -> Charges:
        """The charges of every row, beside those at disbursement."""
        count = len(self.columns.principal)
        if not self.fees and not self.taxes:
            return no_charges(count)
        lines = [self.lines(index) for index in range(count)]
        fees = [sum(line.amount for line in row if line.component == "fee") for row in lines]
        taxes = [sum(line.amount for line in row if line.component == "tax") for row in lines]
        return Charges(fees, taxes, upfront, self)

    def lines(self, index: int) -> list[ChargeLine]:
        """The charges due with the installment at `index`."""
        divide = self.rounding.divide("fee")
        lines = [self._fee_line(fee, index, day, divide) for fee in self.fees for day in self._days(fee, index)]
        bases = {"interest": self.columns.interest[index], "fees": sum(line.amount for line in lines)}
        for tax in self.taxes:
            if tax.on in bases:
                lines.append(tax_line(tax, bases[tax.on], self.dates[index + 1], divide))
        return lines

    def _days(self, fee: Fee, index: int) -> Sequence[date | None]:
        """The days on which a fee falls in the period of an installment: after the last due date, up to and on its own;
        None where it falls on no day but with the installment.
        """
        if fee.each == "installment":
            return (None,)
        after, until = self.dates[index], self.dates[index + 1]
        if fee.on is not None:
            return (fee.on,) if after < fee.on <= until else ()
        if fee.each != "year":
            return ()
        if fee.in_advance:  # not on the last day, where no year begins
            until = min(until, self.dates[-1] - ONE_DAY)
        assert self.start is not None, "a fee of each year falls on a day"
        years = range(self._years_to(after) + 1, self._years_to(until) + 1)
        return [date_at(self.start, _YEAR, number) for number in years]

    def _years_to(self, day: date) -> int:
        """Anniversaries of the disbursement up to and on a day."""
        assert self.start is not None, "a fee of each year falls on a day"
        years = day.year - self.start.year
        return years - (years > 0 and date_at(self.start, _YEAR, years) > day)

    def _fee_line(self, fee: Fee, index: int, day: date | None, divide: Divide) -> ChargeLine:
        columns = self.columns
        bases = {
            "original-principal": self.original,
            "outstanding-principal": self._outstanding(index, day),
            "installment": columns.total(index),
            "interest": columns.interest[index],
        }
        return fee_line(fee, bases.get(fee.of or "", 0), self.digits, divide)

    def _outstanding(self, index: int, day: date | None) -> int:
        """Principal outstanding before an installment: all that its row repays of, or, on a day of its period, what was
        outstanding then, with what is paid out on that day.
        """
        whole = self.columns.balance[index] + self.columns.principal[index]
        if day is None:
            return whole
        paid_out = sum(amount for on, amount in self.paid_out if on <= day)
        later = sum(amount for on, amount in self.moved if on > day)
        return whole - self.columns.advanced_by(index) + paid_out - later


def agreement_on(loan: Loan, columns: Columns) -> Agreement:
    """The agreed fees and taxes of a loan on a plan of it, in units of the loan's rounding."""
    unit, continues = 10**loan.rounding.unit_places, loan.continues
    dates = loan.dates if continues is None else (continues.charged_until, *loan.dates[1:])
    return Agreement(
        fees=loan.fees,
        taxes=loan.taxes,
        columns=columns,
        paid_out=[(tranche.on, tranche.minor(loan.digits) * unit) for tranche in loan.tranches],
        moved=[(day, amount * unit) for day, amount in continues.moved] if continues else (),
        original=(continues.lent if continues else loan.principal_minor) * unit,
        dates=tuple(dates[: len(columns.principal) + 1]),
        start=continues.started if continues else loan.start,
        rounding=loan.rounding,
        digits=loan.digits + loan.rounding.unit_places,
    )


def charges_of(loan: Loan, columns: Columns) -> Charges:
    """The charges of a loan on its own plan."""
    if not loan.fees and not loan.taxes:
        return no_charges(len(columns.principal))
    lines = tuple(line for paid_out in loan.disbursements for line in paid_out.charged)
    return agreement_on(loan, columns).charges(lines)


def fee_line(fee: Fee, base: int, digits: int, divide: Divide) -> ChargeLine:
    """A fee of a base, both in units of `digits` decimals."""
    amount = fee.amount_of(base, digits, divide)
    return ChargeLine(fee.name, fee.kind, fee.settled or "", amount, fee.percent, (base, 1))


def tax_line(tax: Tax, base: int, on: date, divide: Divide, settled: str | None = None) -> ChargeLine:
    """A tax of a base that is due on a day."""
    share = tax.rate_on(on)
    amount = divide(base * share.numerator, share.denominator)
    return ChargeLine(tax.name, "tax", settled or "", amount, share, (base, 1))
