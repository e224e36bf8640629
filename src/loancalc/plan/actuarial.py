"""The actuarial method: what is still owed of a principal where each payment settles interest first, at the one rate that
makes all payments repay it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from loancalc.numbers.fixed_point import ONE
from loancalc.numbers.solve import growths


def actuarial_balance(principal: int, payments: Sequence[int], done: int, part: Fraction) -> Fraction:
    """What is owed after some payments, and a part of the next period, whose interest is simple.

    Args:
        principal: What was lent, in minor units.
        payments: What each period's end asks for, in minor units; some are more than 0.
        done: How many of them were paid.
        part: The part of the next period that is over.

    Source: 15 USC 1615(d)(1): a payment is applied first to the accumulated finance charge, the rest to the balance.

    >>> float(round(actuarial_balance(100_000, [10_000] * 11 + [0], 3, Fraction(0)), 2))
    74459.29
    """
    flows = [(-principal, 0), *((payment, number) for number, payment in enumerate(payments, 1) if payment)]
    (growth,) = growths([amount for amount, _ in flows], [number for _, number in flows])
    rate = Fraction(growth - ONE, ONE)
    balance = Fraction(principal)
    for payment in payments[:done]:
        balance += balance * rate - payment
    return balance * (1 + rate * part)
