"""Changes: new plans made from old ones. Here: what a partial prepayment could do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from loancalc import amortization
from loancalc.charges import agreement_on
from loancalc.columns import Columns, Problem
from loancalc.errors import InArrears, InvalidTerms
from loancalc.loan import Loan
from loancalc.money import format_minor, to_decimal
from loancalc.names import Names
from loancalc.position import Position
from loancalc.schedule import Basis, Schedule, Stated
from loancalc.timeline import Factor

EFFECTS = Names(
    "effect",
    {
        "keep": ["next", "冲抵后续各期"],
        "lower": ["lower the payment", "减少月供"],
        "shorten": ["shorten the term", "缩短期限"],
    },
)


@dataclass(frozen=True)
class PrepaymentOption:
    """What one way of using a partial prepayment makes of the rest of the loan.

    Attributes:
        effect: "keep" (the next installments are covered first), "lower" (same dates, lower payments) or "shorten"
            (same payment, earlier end).
        payment: The level payment from now on; None where the method has none.
        installments_left: Installments that still ask for money.
        last_payment: The last of them, fees and taxes included, in units of the currency.
        interest_left: Contract interest still to be paid from now on, in units of the currency.
        interest_paid: Interest to date that the prepayment pays first.
        principal_paid: Principal that it repays today; 0 for "keep" on a scheduled loan, which holds the money.
        plan: The new rows; None for "keep", where the plan stays.
    """

    effect: str
    payment: Decimal | None
    installments_left: int
    last_payment: Decimal
    interest_left: Decimal
    interest_paid: Decimal
    principal_paid: Decimal
    plan: Schedule | None

    def __str__(self) -> str:
        payment = f"payment {self.payment}, " if self.payment is not None else ""
        return (
            f"{self.effect}: {payment}{self.installments_left} installments left, the last {self.last_payment}, "
            f"interest left {self.interest_left}"
        )


def prepayment_options(loan: Loan, position: Position, amount: int) -> dict[str, PrepaymentOption]:
    """The ways to use `amount` minor units that come early on the day of a position.

    Money ranks: what is due, interest to date, principal. The effects "lower" and "shorten" are given for methods whose
    plan follows the principal outstanding; flat interest does not, so a flat loan has only "keep".

    Raises:
        InArrears: If the loan is past due; the message names the amount to cure first.
        InvalidTerms: If the amount does not exceed what is due, or would pay the loan off.
    """
    digits, figures = loan.digits, position.figures
    if any(figures.past_due):
        cure = format_minor(sum(figures.past_due), digits)
        raise InArrears(f"prepayment: the loan is past due on {position.as_of}; cure {cure} first")
    payoff = sum(figures.due) + figures.accrued + figures.undue - figures.credit
    if amount >= payoff:
        raise InvalidTerms(
            f"amount: got {format_minor(amount, digits)}; {format_minor(payoff, digits)} pays the loan off"
        )
    due_first = sum(figures.due) - figures.credit
    free = amount - due_first
    if free <= 0:
        raise InvalidTerms(
            f"amount: got {format_minor(amount, digits)}; expected more than {format_minor(due_first, digits)}, "
            "which is due first"
        )
    options = {"keep": _keep(loan, position, free)}
    if not loan.repayment.on_original and free > figures.accrued:
        balance = figures.undue - (free - figures.accrued)
        for effect in ("lower", "shorten"):
            option = _new_plan(loan, position, balance, effect)
            if option is not None:
                options[effect] = option
    return options


def _keep(loan: Loan, position: Position, free: int) -> PrepaymentOption:
    """The plan stays; the money covers the next installments in turn, as their dates come."""
    columns, digits = loan.columns, loan.digits
    ahead = range(len(columns.principal) - _installments_ahead(position), len(columns.principal))
    beside = loan.schedule().charges.each
    totals = [columns.total(index) + beside[index] for index in ahead]
    interest = sum(columns.interest[index] for index in ahead)
    left = list(totals)
    for index, total in enumerate(totals):
        covered = min(free, total)
        left[index] -= covered
        free -= covered
    open_totals = [amount for amount in left if amount]
    return PrepaymentOption(
        effect="keep",
        payment=loan.schedule().payment,
        installments_left=len(open_totals),
        last_payment=to_decimal(open_totals[-1] if open_totals else 0, digits),
        interest_left=to_decimal(interest, digits),
        interest_paid=to_decimal(0, digits),
        principal_paid=to_decimal(0, digits),
        plan=None,
    )


def _installments_ahead(position: Position) -> int:
    return sum(due > position.as_of for _, due, *_ in position.figures.items)


def _new_plan(loan: Loan, position: Position, balance: int, effect: str) -> PrepaymentOption | None:
    """The remaining dates with the smaller balance: solved again, or paid as before until it is cleared."""
    digits, figures = loan.digits, position.figures
    count = _installments_ahead(position)
    first = len(loan.dates) - count
    dates = (position.as_of, *loan.dates[first:])
    factors = [loan.timeline.part(first, position.as_of, dates[1]), *loan.timeline.factors[first : first + count - 1]]
    columns = _columns(loan, balance, factors, effect)
    if columns is None:
        return None
    plan = Schedule(
        columns=columns,
        principal_lent=balance,
        digits=digits,
        dates=tuple(dates[: len(columns.principal) + 1]),
        charges=agreement_on(loan, columns, balance, dates).charges(),
        origin=Stated(Basis(factors, f"{loan.rate}", _spans(loan, dates), loan.rounding)),
        currency=loan.currency,
    )
    return PrepaymentOption(
        effect=effect,
        payment=plan.payment,
        installments_left=len(plan),
        last_payment=plan[-1].payable,
        interest_left=plan.total_interest,
        interest_paid=to_decimal(figures.accrued, digits),
        principal_paid=to_decimal(figures.undue - balance, digits),
        plan=plan,
    )


def _columns(loan: Loan, balance: int, factors: Sequence[Factor], effect: str) -> Columns | None:
    old = loan.columns
    problem = Problem(balance, factors, loan.rounding, loan.digits, done=len(old.principal) - len(factors))
    if loan.repayment.name == "annuity" and effect == "shorten":
        return amortization.annuity(replace(problem, payment=old.level))
    if loan.repayment.name == "equal_principal" and effect == "shorten":
        return amortization.fixed_parts(problem, old.principal[0])
    return loan.repayment.repay(problem) if effect == "lower" else None


def _spans(loan: Loan, dates: Sequence[date]) -> list[str]:
    return [f"{(end - start).days} nights" for start, end in pairwise(dates)]
