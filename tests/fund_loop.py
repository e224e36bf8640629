"""A sinking fund worked out once more, in fractions: written from what it means, and from nothing of the library."""

from __future__ import annotations

from fractions import Fraction

from contract_terms import Contract


def fund_of(agreed: Contract, whole: int) -> list[tuple[int, int, int]]:
    """Interest, deposit and what is in the fund that is to repay a whole at the end: level deposits, the last what is missing."""
    assert agreed.way.fund is not None
    time = agreed.time._replace(rates=[(agreed.time.bounds[0], agreed.way.fund)])
    factors = [time.factor(row) for row in range(agreed.count)]
    worth = Fraction(0)
    for factor in factors:
        worth = worth * (1 + factor) + 1
    level, inside, rows = agreed.terms.installment(whole / worth), 0, list[tuple[int, int, int]]()
    for number, factor in enumerate(factors, 1):
        interest = agreed.terms.interest(inside * factor)
        missing = max(0, whole - inside - interest)
        deposit = level
        if agreed.terms.residue == "last":
            deposit = missing if number == len(factors) else min(level, missing)
        inside += interest + deposit
        rows.append((interest, deposit, inside))
    return rows
