"""Terms that follow from others: the same but for some, going on from a principal, with the rows that were made for them."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.plan.columns import Columns
from loancalc.plan.loan import Loan
from loancalc.plan.timeline import Timeline
from loancalc.plan.waiting import Moratorium
from loancalc.values.money import to_decimal

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def terms_with(loan: Loan, **terms: object) -> Loan:
    """The same terms but for some; nothing that was computed from them is taken over."""
    other: Loan = object.__new__(Loan)
    for term in fields(Loan):
        object.__setattr__(other, term.name, terms.get(term.name, getattr(loan, term.name)))
    return other


def with_rows(loan: Loan, time: Timeline, columns: Columns) -> Loan:
    """The same terms with the rows that were made for what is really owed, where the terms alone would make others."""
    other = terms_with(loan)
    vars(other).update(timeline=time, columns=columns)
    return other


def going_on(loan: Loan, principal: int, **terms: object) -> Loan:
    """The terms of a plan that goes on from a principal, in minor units. Its payment is solved; what was settled as the loan
    was paid out is not settled again.
    """
    return terms_with(
        loan,
        **{
            "payment": "level",
            "periods": None,
            "principal": to_decimal(principal, loan.digits),
            "principal_minor": principal,
            "down_payment": Fraction(0),
            "fees": tuple(fee for fee in loan.fees if fee.at != "disbursement"),
            "taxes": tuple(tax for tax in loan.taxes if tax.on != "principal"),
            **terms,
        },
    )


def count_over(loan: Loan, left: int) -> int:
    """By how many installments a plan is dated that has so many left and keeps its dates: a loan that is paid at once has one,
    after all of its periods.
    """
    return loan.installments if loan.repayment.name == "lump_sum" and len(loan.dates) == 2 else left


def still_waiting(replay: Replay, stays: int) -> Moratorium | None:
    """What is left of the moratorium after the installments that stay as they are."""
    loan, row = replay.loan, stays - replay.before
    left = sum(index >= row for index in loan.waiting.rows) if loan.waiting else 0
    return replace(loan.moratorium, installments=left) if loan.moratorium and left else None
