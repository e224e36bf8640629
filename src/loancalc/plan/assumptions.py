"""Assumptions: the defaults of a loan that its figures rest on, and what about its terms has to be known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from loancalc.plan.columns import Columns
from loancalc.time.daycount import DayCount
from loancalc.values.base_rates import BaseRate
from loancalc.values.money import format_minor
from loancalc.values.quotations import percent
from loancalc.values.rounding import Rounding

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

ADVANCE_INTEREST = (
    "Civil Code of China, art. 670: interest may not be deducted from the principal in advance; where it was, what was "
    "really lent is to be repaid and bears the interest (wording verified in public quotations; in force since "
    "2021-01-01)"
)


PACED = frozenset(("accelerated", "extra_payment"))
"""Methods whose payments are larger than what is solved, and so repay before the end."""


def assumptions_of(loan: Loan) -> tuple[str, ...]:
    """What the figures of a loan rest on, one sentence each."""
    plan = of_plan(
        loan.columns,
        loan.rounding,
        loan.digits + loan.rounding.unit_places,
        loan.installments,
        stated=loan.payment != "level" or loan.repayment.name in PACED,
    )
    return (
        *_of_terms(loan),
        *plan,
        *_of_rates(loan),
        *_of_charges(loan),
        *_of_prepayment(loan),
        *loan.timeline.assumptions,
    )


def _of_terms(loan: Loan) -> Iterator[str]:
    if loan.day_count is DayCount.PERIODIC:
        yield f"day_count 'periodic': every regular period of {loan.every} is {loan.timeline.period_share} of a year"
    if loan.rate.per == "month":
        yield f"rate {loan.rate}: twelve times that a year"
    if loan.currency is None:
        yield "no currency given: amounts have 2 decimals"
    if loan.first_period == "interest-added" and loan.repayment.is_solved and loan.timeline.irregular:
        yield "first_period 'interest-added': the payment is solved as if the first period were regular"
    elif loan.repayment.is_solved and loan.periods is None and 1 in loan.timeline.irregular:
        yield "first_period 'level': one payment is solved over all periods"
    if loan.rests == "due-dates":
        yield "rests 'due-dates': what is repaid between two due dates bears interest up to the next, or to the day of a new plan"
    if loan.rounding.displayed:
        yield "rounding is for display only: balances are carried unrounded, and what is shown need not add up"


def of_plan(columns: Columns, rounding: Rounding, digits: int, agreed: int, *, stated: bool) -> Iterator[str]:
    """What rounding, or a stated payment, does to the end of a plan.

    What is left to the last installment is told where it is more than a step of rounding for each installment: then it
    is not the roundings alone, but the interest on them.

    Args:
        columns: The plan.
        rounding, digits: How its amounts are rounded, and the decimals of its units.
        agreed: The number of installments that were agreed.
        stated: Whether the payment was stated, or made larger by the method, and not only solved.
    """
    cause, count = "the payment" if stated else "rounding", len(columns.principal)
    if columns.ended_early:
        yield f"{cause} repays early: {columns.ended_early} fewer installments than the {agreed} agreed"
    if columns.asked is not None and count > 1:
        left = columns.total(-1) - columns.asked
        if left > count * rounding.step_of("installment"):
            last, asked, more = (format_minor(amount, digits) for amount in (columns.total(-1), columns.asked, left))
            yield f"the last installment is {last}: {cause} leaves {more} to it beside the {asked} that it was to be"


def _of_rates(loan: Loan) -> Iterator[str]:
    """Which installment a change of the rate touches first, and what it leaves as it is."""
    path = loan.rate_path
    if path and path.origin:
        yield f"rate {path.origin}"
    for day in path.turns if path else ():
        if path and loan.start < day < loan.timeline.accrual[-1]:
            row = loan.timeline.row_of(day) + 1
            keep = path.kept_on(day) if loan.repayment.is_solved else None
            kept = f"; it keeps the {keep}" if keep else ""
            yield f"rate {path.on(day)} from {day}: installment {row} is the first whose interest it touches{kept}"


def of_base_rates(loan: Loan, first: date, last: date) -> Iterator[str]:
    """Which values of base rates the late charges rest on.

    Args:
        loan: Its late rate or its caps may be relative to one.
        first, last: The nights for which late interest accrued.
    """
    interest, caps = (loan.late.interest, loan.late.caps) if loan.late else (None, ())
    if interest and isinstance(interest.over, BaseRate):
        yield f"late rate {interest.rate} over {_values(interest.over, first, last)}"
    for cap in caps:
        if cap.over is not None:
            yield f"cap {cap.rate} over {_values(cap.over, loan.start, loan.start)}"


def _values(path: BaseRate, first: date, last: date) -> str:
    steps = path.between(first, last)
    values = ", ".join(f"{percent(rate)} from {day}" for day, rate in steps)
    goes_on = ", its last value known, which goes on" if steps[-1] == path.steps[-1] else ""
    origin = f"; {path.provenance.status}; source: {path.provenance.source}" if path.provenance else ""
    return f"{path.name}, {values}{goes_on}{origin}"


def _of_charges(loan: Loan) -> Iterator[str]:
    if not loan.fees and not loan.taxes:
        return
    for paid_out in loan.disbursements:
        if paid_out.paid:
            when = "at disbursement" if paid_out.on == loan.start else f"on {paid_out.on}"
            yield f"{paid_out.paid} is taken as paid {when}"
        for line in paid_out.charged:
            if line.component == "interest":
                yield (
                    f"{line.show(paid_out.digits)} is interest deducted in advance (砍头息): what was really lent is "
                    f"{paid_out.net_payout}. {ADVANCE_INTEREST}"
                )
    if any(fee.when in ("year", "day") for fee in loan.fees):
        yield "a fee of a day is due with the first installment on or after it"
    if loan.accrual == "daily" and (loan.taxes or any(fee.of for fee in loan.fees)):
        yield "fees and taxes stand as planned, whatever day a payment comes"


def _of_prepayment(loan: Loan) -> Iterator[str]:
    """On daily loans all early money repays principal, but only what is asked for as a prepayment costs the fee."""
    fees = [*loan.fees, *([loan.prepayment.fee] if loan.prepayment and loan.prepayment.fee else [])]
    if loan.accrual == "daily" and loan.early == "apply" and any(fee.at == "prepayment" for fee in fees):
        yield (
            "the prepayment fee is charged where early repayment is asked for (effect=, a payoff): other early money lowers "
            "the principal at once without it"
        )
