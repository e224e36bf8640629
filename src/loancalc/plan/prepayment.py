"""What a loan says of money that repays principal before it is due: the interest it pays, and the fee it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.fees import Fee
from loancalc.values.names import Names

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

INTERESTS = Names(
    "prepayment.interest",
    {
        "to-date": ["accrued", "计至还款日"],
        "whole-period": ["whole month", "整期计息", "按整月计息"],
        "all-scheduled": ["all interest", "全部利息"],
        "rule-of-78": ["rule of 78s", "sum of digits", "78法则"],
        "actuarial": ["actuarial rebate", "精算法"],
    },
)
EFFECTS = Names(
    "effect",
    {
        "keep": ["next", "冲抵后续各期"],
        "lower": ["lower the payment", "减少月供"],
        "shorten": ["shorten the term", "缩短期限"],
        "last": ["the last installments", "冲抵最后各期"],
    },
)
"""What becomes of the plan when principal is repaid before it is due."""

BY_NIGHTS = ("to-date", "whole-period")
"""Rules of interest that speak of the running period only, so that a part of the principal can be prepaid by them."""


@dataclass(frozen=True, slots=True)
class Prepayment:
    """What early repayment (提前还款) costs, in part or in full.

    Args:
        interest: The interest that is paid with it. `"to-date"`: the running period's exact share up to the day, rounded
            once. `"whole-period"`: all of the period that has begun. The others speak of repaying everything:
            `"all-scheduled"` owes the interest of all later periods too, and a rebate takes a part of that off:
            `"rule-of-78"` by the sum of the digits, the running period counting as a whole; `"actuarial"` leaves what the
            installments are worth at the loan's own rate.
        fee: A `Fee(..., at="prepayment")` (提前还款违约金), charged where early repayment is asked for, by the `effect` of a
            payment or a payoff, of the principal that stops bearing interest by it. Other early money costs none, also
            where it lowers the principal at once (daily accrual); a contract that charges it then is followed by paying
            with an `effect`.

    Raises:
        InvalidTerms: If the fee is not one of a prepayment.

    Source: 15 USC 1615 for rebates: the actuarial method, and the Rule of 78 barred for consumer loans of more than 61
        months.

    >>> Prepayment(fee=Fee(percent="1%", of="prepaid-principal", at="prepayment"))
    Prepayment(interest='to-date', fee=Fee(percent='1%', of='prepaid-principal', at='prepayment'))
    """

    interest: str = "to-date"
    fee: Fee | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "interest", INTERESTS.find(self.interest))
        if self.fee is not None and not (isinstance(self.fee, Fee) and self.fee.at == "prepayment"):
            raise InvalidTerms(f"prepayment.fee: got {self.fee!r}; expected a Fee with at='prepayment'")


def read_prepayment(value: Prepayment, accrual: str, digits: int) -> Prepayment:
    """The terms of prepayment, checked against what the loan accrues.

    Raises:
        InvalidTerms: If they are none, or ask a daily loan for interest of later periods, which it does not schedule.
    """
    if not isinstance(value, Prepayment):
        raise InvalidTerms(f"prepayment: got {value!r}; expected Prepayment")
    if accrual == "daily" and value.interest not in BY_NIGHTS:
        raise InvalidTerms(
            f"prepayment.interest: got {value.interest!r} with accrual 'daily', whose later interest is not scheduled; "
            f"expected one of {', '.join(map(repr, BY_NIGHTS))}"
        )
    if value.fee is not None:
        value.fee.check_decimals(digits)
    return value


def interest_rule(loan: Loan) -> str:
    """Which interest is paid where a loan is repaid before it is due."""
    return "to-date" if loan.prepayment is None else loan.prepayment.interest


def prepayment_fee(loan: Loan, principal: int, outstanding: int, most: int | None = None) -> int:
    """What repaying some principal before it is due costs by agreement, in minor units.

    Args:
        loan: The terms.
        principal: What is prepaid, in minor units; nothing costs nothing.
        outstanding: Principal that is not due before it, in minor units.
        most: What caps on charges leave for it, in minor units; None where none covers it.
    """
    fees = [fee for fee in loan.fees if fee.at == "prepayment"]
    if loan.prepayment is not None and loan.prepayment.fee is not None:
        fees.append(loan.prepayment.fee)
    if not fees or not principal:
        return 0
    bases = {
        "prepaid-principal": principal,
        "outstanding-principal": outstanding,
        "original-principal": loan.principal_minor,
    }
    divide = loan.rounding.divide("fee")
    asked = sum(fee.amount_of(bases.get(fee.of or "", 0), loan.digits, divide) for fee in fees)
    return asked if most is None else min(asked, most)


def principal_prepaid(loan: Loan, money: int, outstanding: int, most: int | None = None) -> int:
    """The principal that an amount of money repays together with the fee that it costs, in minor units.

    The fee is that of the largest principal that the money pays with it; a unit that its rounding leaves over repays
    principal too.
    """
    low, high = 0, min(money, outstanding)
    while low < high:
        middle = (low + high + 1) // 2
        costs = middle + prepayment_fee(loan, middle, outstanding, most)
        low, high = (middle, high) if costs <= money else (low, middle - 1)
    return low and min(money - prepayment_fee(loan, low, outstanding, most), outstanding)
