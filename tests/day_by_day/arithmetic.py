"""What time is worth, and how an exact amount becomes whole minor units: the only two places where a cent is made."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor

import loancalc as lc


def rounded(exact: Fraction, rounding: lc.Rounding, purpose: str) -> int:
    """An exact amount of minor units, not negative, as a multiple of the step, by the mode of the purpose."""
    own = getattr(rounding, purpose) or rounding
    steps = exact / own.step
    below = floor(steps)
    left = steps - below
    whole = {
        "half-up": below + (left >= Fraction(1, 2)),
        "half-even": round(steps),
        "up": ceil(steps),
        "down": below,
    }[own.mode]
    return int(whole) * own.step


def earned(rate: lc.Rate, day_count: lc.DayCount | None, start: date, end: date) -> Fraction:
    """Interest on one unit of money from a day to a day at a rate whose day count needs only the two dates."""
    nights = (end - start).days
    if rate.per == "day":
        return rate.value * nights
    assert day_count is not None
    return Fraction(*rate.factor(lc.year_fraction(day_count, start, end), nights))
