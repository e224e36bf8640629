"""Sinking funds (偿债基金): level deposits that with their interest reach an amount, beside a loan that pays interest only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple, overload

from loancalc.errors import InvalidRate, InvalidTerms
from loancalc.plan.numbered_periods import read_periods
from loancalc.plan.patterns import Pattern
from loancalc.plan.stated_methods import SinkingFund
from loancalc.plan.timeline import Factor
from loancalc.time.accrual_periods import Frequency
from loancalc.values.money import Amount, currency_code, currency_digits, to_minor
from loancalc.values.rates import Rate
from loancalc.values.rounding import Rounding
from loancalc.values.tables import align, html_table

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


class Deposit(NamedTuple):
    """A deposit into a fund, at the end of its period. Amounts are in units of the currency.

    `interest` is what the fund earned in the period on the `balance` before it, which grows by both.
    """

    number: int
    due: date | None
    interest: Decimal
    deposit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class FundPlan(Sequence[Deposit]):
    """The plan of a sinking fund: its deposits, what it earns, and what is in it.

    Attributes:
        amount: What is to be reached, in units of the columns.
        level: The level deposit.
        interests, deposits, balances: The rows.
        digits: Decimals of those units.
        rounding: How they are rounded and shown.
        dates: The days of the deposits; None in a plan without dates.
        currency: ISO 4217 code.

    >>> from loancalc import sinking_fund
    >>> fund = sinking_fund(10_000, rate=Decimal("0.01"), periods=12)
    >>> fund.deposit, fund.total_deposits, fund.total_interest
    (Decimal('788.49'), Decimal('9461.86'), Decimal('538.14'))
    """

    amount: int
    level: int
    interests: tuple[int, ...]
    deposits: tuple[int, ...]
    balances: tuple[int, ...]
    digits: int
    rounding: Rounding
    dates: tuple[date, ...] | None = None
    currency: str | None = None

    def __len__(self) -> int:
        return len(self.deposits)

    @overload
    def __getitem__(self, index: int) -> Deposit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Deposit]: ...
    def __getitem__(self, index: int | slice) -> Deposit | Sequence[Deposit]:
        return tuple(self)[index]

    def __iter__(self) -> Iterator[Deposit]:
        columns = (
            self.rounding.amounts(column, self.digits) for column in (self.interests, self.deposits, self.balances)
        )
        return map(Deposit, range(1, len(self) + 1), self.dates or repeat(None), *columns)

    def _amount(self, units: int) -> Decimal:
        return self.rounding.amounts([units], self.digits)[0]

    @property
    def deposit(self) -> Decimal:
        """The level deposit."""
        return self._amount(self.level)

    @property
    def total_deposits(self) -> Decimal:
        """Sum of the deposits."""
        return self._amount(sum(self.deposits))

    @property
    def total_interest(self) -> Decimal:
        """What the fund earns in all."""
        return self._amount(sum(self.interests))

    @property
    def residue(self) -> Decimal:
        """What is in the fund beyond the amount at its end; below zero, what rounding leaves it short of it."""
        return self._amount(self.balances[-1] - self.amount)

    def _cells(self) -> list[list[str]]:
        rows = [[str(number), str(due or ""), *map(str, amounts)] for number, due, *amounts in self]
        sums = ["total", "", str(self.total_interest), str(self.total_deposits), ""]
        return [list(Deposit._fields), *rows, sums]

    def __str__(self) -> str:
        return align(self._cells())

    def _repr_html_(self) -> str:
        head, *body = self._cells()
        return html_table(head, body)


def sinking_fund(
    amount: Amount,
    *,
    rate: Rate | Amount | Fraction,
    periods: int | Sequence[Fraction],
    every: Frequency | str | None = None,
    rounding: Rounding | str | None = None,
    currency: str | None = None,
) -> FundPlan:
    """The plan of a fund that reaches an amount by level deposits at the ends of its periods.

    Args:
        amount: What is to be reached, in units of the currency.
        rate: What the fund earns, as in `amortize`: text with its unit, or a number for one period.
        periods: Number of equal periods, or the length of each as a share of a year.
        every: Length of a period, where the rate is text.
        rounding: A `Rounding`, the name of its mode, "none" or "display-only". The last deposit settles the cents; with
            residue "visible" it stays level and `FundPlan.residue` is what is over or short.
        currency: ISO 4217 code; fixes the minor unit.

    Raises:
        InvalidTerms: If the amount is not more than 0, or the residue is to be taken by other deposits.

    Source: amount x i / ((1 + i)^n - 1) over equal periods, the deposit of every textbook.

    >>> fund = sinking_fund(50_000, rate="8%", every="3 months", periods=4)
    >>> fund.deposit, fund[-1].balance
    (Decimal('12131.19'), Decimal('50000.00'))
    """
    rule = Rounding.of(rounding)
    digits = currency_digits(currency) + rule.unit_places
    return _planned(
        to_minor(amount, digits, "amount"), read_periods(rate, periods, every).factors, rule, digits, None,
        currency_code(currency),
    )  # fmt: skip


def fund_of(loan: Loan) -> FundPlan | None:
    """The plan of the sinking fund of a loan, which reaches what the last installment repays; None of other loans."""
    method = loan.repayment
    if not isinstance(method, SinkingFund):
        return None
    if (method.rate.per == "day") is not (loan.rate.per == "day"):
        raise InvalidRate(
            f"sinking_fund.rate: got {method.rate} with a loan at {loan.rate}; expected both per day, or neither"
        )
    columns, time = loan.columns, loan.time_over(loan.installments)
    count, digits = len(columns.principal), loan.digits + loan.rounding.unit_places
    factors = replace(time, rate=method.rate, path=None).factors
    dates = time.dates[1 : count + 1]
    return _planned(columns.principal[-1], factors, loan.rounding, digits, dates, loan.currency)


def _planned(
    amount: int,
    factors: Sequence[Factor],
    rounding: Rounding,
    digits: int,
    dates: tuple[date, ...] | None,
    currency: str | None,
) -> FundPlan:
    """Interest on what is in the fund, and the level deposit that brings the unrounded recurrence to the amount."""
    if amount <= 0:
        raise InvalidTerms("amount: expected more than 0")
    if rounding.residue not in ("last", "visible"):
        raise InvalidTerms(f"rounding.residue: got {rounding.residue!r} for a fund; expected 'last' or 'visible'")
    count, earned = len(factors), rounding.divide("interest")
    unknown = Pattern([1] * count, constants=[0] * (count - 1) + [-amount]).solve(0, factors)
    level = rounding.divide("installment")(*unknown)
    interests, deposits, balances = [], [], []
    balance = 0
    for number, (numerator, denominator) in enumerate(factors, 1):
        interest = earned(balance * numerator, denominator)
        missing = max(0, amount - balance - interest)
        last = number == count and rounding.residue == "last"
        deposit = missing if last else min(level, missing) if rounding.residue == "last" else level
        balance += interest + deposit
        interests.append(interest)
        deposits.append(deposit)
        balances.append(balance)
    return FundPlan(
        amount, level, tuple(interests), tuple(deposits), tuple(balances), digits, rounding, dates, currency
    )
