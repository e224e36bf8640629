"""Compounding: what one unit earns over a share of a year, exact where rational, else to 30 digits once."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache

PERIOD_RATE_DIGITS = 30
"""Significant digits of a period rate that is not rational."""


@lru_cache(maxsize=4096)
def growth(value: Fraction, times: int, share_top: int, share_bottom: int) -> tuple[int, int]:
    """(1 + value / times) ** (times * share) - 1, as numerator and positive denominator.

    Args:
        value: The nominal yearly rate as a fraction, 0 or more.
        times: How often a year it compounds.
        share_top, share_bottom: The share of a year, as numerator and positive denominator.

    >>> growth(Fraction(21, 100), 1, 1, 2)
    (1, 10)
    """
    base = 1 + value / times
    power = Fraction(times * share_top, share_bottom)
    top, bottom = (_whole_root(number, power.denominator) for number in base.as_integer_ratio())
    if top and bottom:
        grown, lent = (top, bottom) if power >= 0 else (bottom, top)
        return grown ** abs(power.numerator) - lent ** abs(power.numerator), lent ** abs(power.numerator)
    return _irrational_growth(base, power).as_integer_ratio()


def _irrational_growth(base: Fraction, power: Fraction) -> Decimal:
    """exp(power * ln(base)) - 1, worked with twice the digits and what small numbers cancel, then rounded once."""
    cancelled = sum(number.bit_length() for number in (*base.as_integer_ratio(), *power.as_integer_ratio())) // 3
    work = own_context(2 * PERIOD_RATE_DIGITS + cancelled)
    base_top, base_bottom, top, bottom = map(Decimal, (*base.as_integer_ratio(), *power.as_integer_ratio()))
    exponent = work.divide(work.multiply(work.ln(work.divide(base_top, base_bottom)), top), bottom)
    return own_context(PERIOD_RATE_DIGITS).plus(work.subtract(work.exp(exponent), Decimal(1)))


def own_context(digits: int) -> Context:
    """A decimal context of our own: the caller's precision and rounding never reach a figure."""
    return Context(
        prec=digits,
        rounding=ROUND_HALF_EVEN,
        Emin=MIN_EMIN,
        Emax=MAX_EMAX,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[InvalidOperation, DivisionByZero, Overflow],
    )


def _whole_root(number: int, degree: int) -> int | None:
    """The whole `degree`-th root of a positive number, or None where it has none.

    >>> _whole_root(1771561, 6), _whole_root(1771562, 6)
    (11, None)
    """
    if number == 1 or degree == 1:
        return number
    if number.bit_length() <= degree:
        return None
    root = 1 << -(-number.bit_length() // degree)
    while (better := ((degree - 1) * root + number // root ** (degree - 1)) // degree) < root:
        root = better
    return root if root**degree == number else None
