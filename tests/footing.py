"""What every plan owes its reader: rows that add up, and a last balance of zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import loancalc as lc

RESIDUES = ("last", "first", "spread", "last-interest", "smooth", "visible")
MODES = ("half-up", "half-even", "up", "down")


def assert_foots(plan: lc.Schedule, lent: Decimal | int | str) -> None:
    """Sums are taken as fractions, so that the caller's decimal context has no say."""
    plan.check()
    balance = Fraction(lent)
    interest = Fraction(0)
    assert len(plan) >= 1
    for number, row in enumerate(plan, 1):
        balance -= Fraction(row.principal)
        interest += Fraction(row.interest)
        assert row.number == number
        assert Fraction(row.total) == Fraction(row.principal) + Fraction(row.interest)
        assert Fraction(row.balance) == balance
        assert min(row.principal, row.interest, row.total, row.balance) >= 0, row
    assert balance == 0
    assert Fraction(plan.total_principal) == Fraction(lent)
    assert Fraction(plan.total_interest) == interest
    assert Fraction(plan.total) == Fraction(lent) + interest + Fraction(plan.total_fees) + Fraction(plan.total_taxes)
