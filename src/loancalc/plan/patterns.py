"""How payments follow from one unknown.

Payment k is `x * weight(k) + constant(k)`, where x is solved so that the unrounded recurrence over the real periods ends at
zero. A level payment has equal weights, a graduated one growing ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from loancalc.errors import NoSolution
from loancalc.plan.timeline import Factor
from loancalc.values.rounding import Divide

Payments = Sequence[int | None]
"""What each installment asks for; None where it asks for the interest, whatever that is."""


class Pattern(NamedTuple):
    """How payments follow from one unknown.

    Attributes:
        weights: How many units of the unknown each payment holds, times `unit`; None pays the interest alone. Without
            weights every payment is the unknown itself.
        unit: What the weights are counted in: 100 for weights in hundredths.
        constants: What is added to each payment, in units of the columns.
        first_rounded: Whether the first payment is rounded and the others are made from it.
    """

    weights: Sequence[int | None] | None = None
    unit: int = 1
    constants: Sequence[int] | None = None
    first_rounded: bool = False

    @property
    def is_level(self) -> bool:
        """Whether every payment is the unknown itself."""
        weights = self.weights
        if weights is None:
            return True
        return self.unit == 1 and not any(self.constants or ()) and weights.count(1) == len(weights)

    def solve(self, principal: int, factors: Sequence[Factor]) -> Factor:
        """The exact unknown that brings the unrounded recurrence to zero, as a ratio.

        >>> top, bottom = LEVEL.solve(1_200_000, [(1, 100)] * 12)
        >>> round(top / bottom, 6)
        106618.546414
        """
        if self.is_level and factors.count(factors[0]) == len(factors):
            top, bottom = _level_over_equal_periods(*factors[0], len(factors))
            return principal * top, bottom
        growth, scale, annuity, constant = 1, 1, 0, 0
        weights, constants = self.weights or [1] * len(factors), self.constants or [0] * len(factors)
        for (numerator, denominator), weight, added in zip(factors, weights, constants, strict=True):
            common = gcd(numerator, denominator)
            denominator //= common
            grown = denominator if weight is None else denominator + numerator // common
            scale *= denominator
            growth *= grown
            annuity = annuity * grown + (weight or 0) * scale
            constant = constant * grown + added * scale
        if not annuity:
            raise NoSolution("method: no payment is left to solve; expected one that repays")
        return (principal * growth - constant) * self.unit, annuity

    def payments(self, unknown: Factor, divide: Divide, count: int) -> list[int | None]:
        """Every payment, rounded once."""
        (top, bottom), weights = unknown, self.weights
        if weights is None or self.is_level:
            return [divide(top, bottom)] * count
        if self.first_rounded and weights[0]:
            top, bottom = divide(top * weights[0], bottom * self.unit) * self.unit, weights[0]
        bottom *= self.unit
        return [
            None if weight is None else divide(top * weight + added * bottom, bottom)
            for weight, added in zip(weights, self.constants or [0] * count, strict=True)
        ]


LEVEL = Pattern()
"""Payments that are all the same."""


def level_payment(principal: int, factors: Sequence[Factor]) -> Factor:
    """The exact amount that brings the unrounded recurrence over these periods to zero, as a ratio.

    Source: P (1+i1)...(1+in) / sum over k of (1+i(k+1))...(1+in); for equal periods P i / (1 - (1+i)^-n).

    >>> numerator, denominator = level_payment(1_200_000, [(1, 100)] * 12)
    >>> round(numerator / denominator, 6)
    106618.546414
    """
    return LEVEL.solve(principal, factors)


@lru_cache(maxsize=256)
def _level_over_equal_periods(numerator: int, denominator: int, periods: int) -> Factor:
    """The level payment of each unit of principal; a portfolio has few different ones, and their powers are long."""
    if numerator == 0:
        return 1, periods
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    growth = (denominator + numerator) ** periods
    return numerator * growth, denominator * (growth - denominator**periods)
