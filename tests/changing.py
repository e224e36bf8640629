"""A loan with some of its terms changed."""

from __future__ import annotations

import loancalc as lc

_TERMS = (
    "principal", "rate", "start", "installments", "every", "method", "day_count", "currency", "rounding", "accrual",
    "rests", "early", "allocation", "late", "fees", "taxes", "first_due", "month_end",
)  # fmt: skip


def with_terms(loan: lc.Loan, **changed: object) -> lc.Loan:
    """The loan with other terms; it has a number of installments, not an end."""
    terms = {name: getattr(loan, name) for name in _TERMS if getattr(loan, name) is not None}
    return lc.Loan(**terms | changed)
