"""Assumptions: the defaults of a loan that its figures rest on, and what about its terms has to be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loancalc.daycount import DayCount

if TYPE_CHECKING:
    from loancalc.loan import Loan

ADVANCE_INTEREST = (
    "Civil Code of China, art. 670: interest may not be deducted from the principal in advance; where it was, what was "
    "really lent is to be repaid and bears the interest (wording verified in public quotations; in force since "
    "2021-01-01)"
)


def assumptions_of(loan: Loan, ended_early: int) -> tuple[str, ...]:
    """What the figures of a loan rest on, one sentence each.

    Args:
        loan: The loan.
        ended_early: Installments that rounding or a stated payment made superfluous.
    """
    return *_of_terms(loan, ended_early), *_of_rates(loan), *_of_charges(loan), *loan.timeline.assumptions


def _of_terms(loan: Loan, ended_early: int) -> Iterator[str]:
    if loan.day_count is DayCount.PERIODIC:
        yield f"day_count 'periodic': every regular period of {loan.every} is {loan.timeline.period_share} of a year"
    if loan.rate.per == "month":
        yield f"rate {loan.rate}: twelve times that a year"
    if loan.currency is None:
        yield "no currency given: amounts have 2 decimals"
    if loan.rounding.displayed:
        yield "rounding is for display only: balances are carried unrounded, and what is shown need not add up"
    if ended_early:
        paced = loan.payment != "level" or loan.repayment.name in ("accelerated", "extra_payment")
        cause = "the payment" if paced else "rounding"
        yield f"{cause} repays early: {ended_early} fewer installments than the {loan.installments} agreed"


def _of_rates(loan: Loan) -> Iterator[str]:
    """Which installment a change of the rate touches first, and what it leaves as it is."""
    path = loan.rate_path
    for day in path.turns if path else ():
        if path and loan.start < day < loan.timeline.accrual[-1]:
            row = loan.timeline.row_of(day) + 1
            kept = f"; it keeps the {path.keep}" if path.keep and loan.repayment.is_solved else ""
            yield f"rate {path.on(day)} from {day}: installment {row} is the first whose interest it touches{kept}"


def _of_charges(loan: Loan) -> Iterator[str]:
    if not loan.fees and not loan.taxes:
        return
    for paid_out in loan.disbursements:
        if paid_out.paid:
            when = "at disbursement" if paid_out.on == loan.start else f"on {paid_out.on}"
            yield f"{paid_out.paid} is taken as paid {when}"
        for line in paid_out.lines:
            if line.component == "interest":
                yield (
                    f"{line.show(paid_out.digits)} is interest deducted in advance (砍头息): what was really lent is "
                    f"{paid_out.net_payout}. {ADVANCE_INTEREST}"
                )
    if any(fee.when in ("year", "day") for fee in loan.fees):
        yield "a fee of a day is due with the first installment on or after it"
    if loan.accrual == "daily" and (loan.taxes or any(fee.of for fee in loan.fees)):
        yield "fees and taxes stand as planned, whatever day a payment comes"
