"""Repayment methods whose payments are not solved: payments, principal or a charge that the contract states, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan import amortization
from loancalc.plan.columns import Columns, Problem
from loancalc.values.money import Amount, format_minor, read_decimal, to_minor
from loancalc.values.rates import Rate, RateLike

_set = object.__setattr__


class _Stated:
    """What is paid is stated; nothing is solved again where a rate changes."""

    __slots__ = ()
    on_original = False
    in_advance = False
    is_solved = False
    is_level = False


@dataclass(frozen=True, slots=True)
class GivenPayments(_Stated):
    """Payments that the contract states one by one; the last one is solved and clears what is left.

    Args:
        amounts: The payments before the last one, in units of the currency.

    >>> from loancalc import amortize
    >>> amortize(1_000, rate=Decimal("0.01"), periods=3, method=GivenPayments([500, 300]))[-1].total
    Decimal('217.25')
    """

    amounts: tuple[Decimal, ...]

    def __init__(self, amounts: Iterable[Amount]) -> None:
        _set(self, "amounts", _amounts(amounts, "given_payments.amounts"))

    @property
    def name(self) -> str:
        """Its name."""
        return "given_payments"

    def repay(self, problem: Problem) -> Columns:
        """The recurrence over the stated payments."""
        expected = problem.repaid + len(problem) - 1
        if len(self.amounts) != expected:
            raise InvalidTerms(
                f"given_payments.amounts: got {len(self.amounts)}; expected {expected}, all but the last installment"
            )
        stated = [to_minor(amount, problem.digits, "given_payments.amounts") for amount in self.amounts]
        return amortization.given_payments(problem, [*stated[problem.repaid :], None])


@dataclass(frozen=True, slots=True)
class GivenPrincipal(_Stated):
    """Principal parts that the contract states one by one, with interest on what is still owed.

    Args:
        parts: In units of the currency, for every installment, or for all but the last, which then takes the rest.

    >>> from loancalc import amortize
    >>> amortize(1_000, rate=Decimal("0.01"), periods=3, method=GivenPrincipal([500, 300]))[-1].principal
    Decimal('200.00')
    """

    parts: tuple[Decimal, ...]

    def __init__(self, parts: Iterable[Amount]) -> None:
        _set(self, "parts", _amounts(parts, "given_principal.parts"))

    @property
    def name(self) -> str:
        """Its name."""
        return "given_principal"

    def repay(self, problem: Problem) -> Columns:
        """Interest on the balance that the parts leave."""
        stated = [to_minor(part, problem.digits, "given_principal.parts") for part in self.parts]
        before, parts = stated[: problem.repaid], stated[problem.repaid :]
        left = problem.principal - sum(parts)
        if len(parts) == len(problem) - 1 and left >= 0:
            parts.append(left)
        elif len(parts) != len(problem) or left:
            owed = format_minor(problem.principal + sum(before), problem.digits)
            raise NoSolution(
                f"given_principal.parts: got {len(stated)} that leave {format_minor(left, problem.digits)} of {owed}; expected "
                f"{problem.repaid + len(problem)} that sum to it, or one fewer that do not exceed it"
            )
        return amortization.on_declining_balance(problem, parts)


@dataclass(frozen=True, slots=True)
class RuleOf78:
    """Level installments whose interest falls by the sum of the digits (Rule of 78).

    Args:
        charge: The whole finance charge, in units of the currency; that of flat interest where it is not stated.

    Source: 15 USC 1615 bars rebates by it for consumer loans of more than 61 months.

    >>> from loancalc import amortize
    >>> plan = amortize(1_000, rate=0, periods=12, method=RuleOf78(charge=120))
    >>> plan[0].interest, plan[-1].interest, plan.payment
    (Decimal('18.46'), Decimal('1.54'), Decimal('93.33'))
    """

    charge: Decimal | None
    on_original = True
    in_advance = False
    is_solved = False
    is_level = False

    def __init__(self, charge: Amount | None = None) -> None:
        _set(self, "charge", None if charge is None else not_negative(charge, "rule_of_78.charge"))

    @property
    def name(self) -> str:
        """Its name."""
        return "rule_of_78"

    def repay(self, problem: Problem) -> Columns:
        """The charge in proportion to the installments left."""
        return amortization.rule_of_78(problem, self.charge_in(problem.digits))

    def charge_in(self, digits: int) -> int | None:
        """The stated charge in units of `digits` decimals; None where it is that of flat interest."""
        return None if self.charge is None else to_minor(self.charge, digits, "rule_of_78.charge")


@dataclass(frozen=True, slots=True)
class LumpSum:
    """Principal and interest together at maturity (到期一次还本付息).

    Args:
        compound: Whether interest joins the principal at the end of each period of a plan without dates. A loan with
            dates says it in its rate: "12% compounded monthly".

    >>> from loancalc import amortize
    >>> amortize(10_000, rate=Decimal("0.01"), periods=12, method=LumpSum(compound=True))[0].interest
    Decimal('1268.25')
    """

    compound: bool = False
    on_original = True
    in_advance = False
    is_solved = False
    is_level = False

    @property
    def name(self) -> str:
        """Its name."""
        return "lump_sum"

    def repay(self, problem: Problem) -> Columns:
        """One installment."""
        return amortization.lump_sum(problem, compound=self.compound)


@dataclass(frozen=True, slots=True)
class SinkingFund(_Stated):
    """Interest every period, and the principal at the end out of a fund, into which a level deposit goes with each interest.

    The plan of the loan is that of interest only; `Loan.fund` is the plan of the fund. Both together are what the
    borrower sets aside each period.

    Args:
        rate: What the fund earns, by the loan's own periods and day count.

    >>> from loancalc import Loan
    >>> loan = Loan(5_000, "6%", "2026-01-15", installments=6, every="1 year", method=SinkingFund("5%"))
    >>> print(loan.fund)
    number         due  interest  deposit  balance
         1  2027-01-15      0.00   735.09   735.09
         2  2028-01-15     36.75   735.09  1506.93
         3  2029-01-15     75.35   735.09  2317.37
         4  2030-01-15    115.87   735.09  3168.33
         5  2031-01-15    158.42   735.09  4061.84
         6  2032-01-15    203.09   735.07  5000.00
     total                589.48  4410.52
    """

    rate: Rate

    def __init__(self, rate: RateLike) -> None:
        _set(self, "rate", Rate.parse(rate, "sinking_fund.rate"))

    @property
    def name(self) -> str:
        """Its name."""
        return "sinking_fund"

    def repay(self, problem: Problem) -> Columns:
        """Interest alone; the principal with the last installment."""
        return amortization.interest_only(problem)


def _amounts(values: Iterable[Amount], field: str) -> tuple[Decimal, ...]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidTerms(f"{field}: got {values!r}; expected a list of amounts")
    return tuple(not_negative(amount, field) for amount in values)


def not_negative(amount: Amount, field: str) -> Decimal:
    """An amount of 0 or more."""
    value = read_decimal(amount, field)
    if value < 0:
        raise InvalidTerms(f"{field}: got {amount}; expected 0 or more")
    return value
