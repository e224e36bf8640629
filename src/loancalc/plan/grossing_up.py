"""Gross-up: the principal whose net pay-out is given, found in whole minor units and verified by substitution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.plan.disbursement import NothingToPayOut
from loancalc.plan.loan import Loan
from loancalc.values.money import Amount, currency_digits, format_minor, to_decimal, to_minor

_MOST_TIMES = 10_000

Net = Callable[[int], int]
"""The net pay-out of a principal, both in minor units; 0 where nothing is paid out."""


@dataclass(frozen=True)
class GrossUp:
    """A loan that pays out a given net amount.

    Attributes:
        net: What the borrower is paid.
        loan: The loan with the smallest principal that does it.
        others: The other principals that pay out the same; several do where the rounding of a charge leaves a choice.
    """

    net: Decimal
    loan: Loan
    others: tuple[Decimal, ...]

    @property
    def principal(self) -> Decimal:
        """The smallest principal that does it, before charges that are financed."""
        return self.loan.principal

    def __str__(self) -> str:
        would = f"; so would {', '.join(map(str, self.others))}" if self.others else ""
        return f"principal {self.principal} pays out {self.net}{would}"


def gross_up(net: Amount, **terms: Any) -> GrossUp:
    """The loan whose net pay-out is `net`: its principal is solved, so that what is deducted comes on top.

    Args:
        net: What the borrower is to be paid, in units of the currency.
        terms: Every term of `Loan` but the principal.

    Raises:
        InvalidTerms: If the net amount is not more than 0.
        NoSolution: If no principal pays out exactly that: deductions that take everything, or a rounding of theirs that
            skips it; the message has the nearest amounts below and above.

    Examples:
        >>> from loancalc.plan.fees import Fee
        >>> fee = Fee(percent="3%", of="original-principal", at="disbursement", settled="deducted")
        >>> print(gross_up(10_000, rate="12%", start="2026-01-15", installments=12, fees=fee))
        principal 10309.28 pays out 10000.00
        >>> fee = Fee(percent="50%", of="original-principal", at="disbursement", settled="deducted")
        >>> print(gross_up(100, rate="12%", start="2026-01-15", installments=12, fees=fee))
        principal 200.00 pays out 100.00; so would 200.01
    """
    terms = {name: _kept(value) for name, value in terms.items()}
    digits = currency_digits(terms.get("currency"))
    target = to_minor(net, digits, "net")
    if target <= 0:
        raise InvalidTerms(f"net: got {net}; expected more than 0")

    def net_of(principal: int) -> int:
        try:
            return Loan(to_decimal(principal, digits), **terms).disbursement.net_payout_minor
        except NothingToPayOut:
            return 0

    found = _principals(net_of, target, digits, terms)
    principals = [to_decimal(principal, digits) for principal in found]
    return GrossUp(to_decimal(target, digits), Loan(principals[0], **terms), tuple(principals[1:]))


def _kept(value: Any) -> Any:
    """What can be read for each principal that is tried, and not only once."""
    return tuple(value) if isinstance(value, Iterator) else value


def _principals(net_of: Net, target: int, digits: int, terms: dict[str, Any]) -> list[int]:
    """Every principal whose net pay-out is the target, in rising order; none is below it, as none pays out more than itself."""
    low, high = target - 1, target
    while net_of(high) < target:
        low, high = high, 2 * high
        if high > _MOST_TIMES * target:
            raise NoSolution(
                f"net: got {format_minor(target, digits)}; no principal up to {format_minor(high, digits)} pays out as much "
                "after what is deducted"
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if net_of(middle) < target else (low, middle)
    slack = _slack(Loan(to_decimal(high, digits), **terms))
    below = takewhile(lambda pair: pair[1] >= target - slack, _nets(net_of, range(high - 1, target - 1, -1)))
    most = range(high, _MOST_TIMES * target + 1)  # to come to an end where deductions leave nothing but their rounding
    above = takewhile(lambda pair: pair[1] <= target + slack, _nets(net_of, most))
    nets = dict([*below, *above])
    found = sorted(principal for principal, paid in nets.items() if paid == target)
    if not found:
        less = max((paid for paid in nets.values() if paid < target), default=0)
        more = min(*(paid for paid in nets.values() if paid > target), net_of(high))
        raise NoSolution(
            f"net: got {format_minor(target, digits)}; the rounding of what is deducted skips it; the nearest are "
            f"{format_minor(less, digits)} and {format_minor(more, digits)}"
        )
    return found


def _nets(net_of: Net, principals: Iterable[int]) -> Iterator[tuple[int, int]]:
    return ((principal, net_of(principal)) for principal in principals)


def _slack(loan: Loan) -> int:
    """How far a net pay-out may be past the target and still come back to it, as the principal moves on.

    Without rounding it rises with the principal. Each line is rounded once, by less than one step, and what is financed adds to
    what the deducted ones are taken of; a tax by days also follows the parts of a plan whose installments are rounded.
    """
    own, installment = loan.rounding.named("fee"), loan.rounding.named("installment")
    lines = sum(line.settled in ("deducted", "financed") for line in loan.disbursement.lines)
    slack = lines * (1 if own.places else own.step)
    days = (loan.dates[-1] - loan.start).days
    for tax in loan.taxes:
        if tax.each == "day":
            slack += 1 + int(loan.installments * installment.step * days * tax.rate_on(loan.start))
    return 2 * slack
