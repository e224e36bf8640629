"""Penalties: once for each installment that is late, on the first day late or the first day after the grace."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import rounded
from day_by_day.debt import Installment

if TYPE_CHECKING:
    from day_by_day.book import Book


def assess(book: Book) -> None:
    """Step 8 of the day: what is still unpaid now bears its penalties."""
    book.assessed_today = []
    late = book.loan.late
    if not late:
        return
    free = late.grace.days if late.grace and late.grace.kind != "status-only" else 0
    for installment in book.installments:
        if (book.day - installment.due).days == free + 1 and installment.is_unpaid:
            charges = [_amount(book, installment, penalty) for penalty in late.penalties]
            installment.penalties += charges
            book.assessed_today.append((installment, sum(charges)))


def _amount(book: Book, installment: Installment, penalty: lc.Penalty) -> int:
    if penalty.amount is not None:
        return book.minor(penalty.amount)
    assert penalty.percent is not None
    principal, interest = installment.unpaid("principal"), installment.unpaid("interest")
    outstanding = book.undue + sum(each.unpaid("principal") for each in book.installments)
    base = {
        "principal": principal,
        "interest": interest,
        "installment": principal + interest,
        "outstanding-principal": outstanding,
    }[str(penalty.of)]
    if not base:
        return 0  # the meanings leave open what a minimum asks for on a base of nothing: nothing, says the library
    amount = rounded(Fraction(base) * penalty.percent, book.loan.rounding, "fee")
    if penalty.min is not None:
        amount = max(amount, book.minor(penalty.min))
    if penalty.max is not None:
        amount = min(amount, book.minor(penalty.max))
    return amount
