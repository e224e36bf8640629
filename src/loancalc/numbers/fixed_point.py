"""Growth factors in 256-bit fixed point: the last, exact step of every rate, the same on every processor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import expm1, log, nan
from operator import sub

BITS = 256
ONE = 1 << BITS
"""A growth factor of 1, a rate of 0."""

_LARGEST_LOG = 150.0
_ENOUGH = 2.0**-40  # relative; the Newton step after it would be beyond 70 bits


def from_log(x: float) -> int:
    """The growth factor whose natural logarithm is `x`.

    Raises:
        OverflowError: If it is beyond 1e65, or below the inverse of that.

    >>> from_log(0.0) == ONE, from_log(1e-30) > ONE
    (True, True)
    """
    if abs(x) > _LARGEST_LOG:
        raise OverflowError(f"a growth factor of e**{x:.0f}")
    doublings = round(x / log(2.0))
    top, bottom = expm1(x - doublings * log(2.0)).as_integer_ratio()  # exp would lose an x below 1e-16
    factor = ONE + ONE * top // bottom
    return factor << doublings if doublings >= 0 else factor >> -doublings


def power(base: int, exponent: int, bits: int = BITS) -> int:
    """`base ** exponent`, each product rounded to nearest, all of them with so many bits after the point.

    >>> power(2 * ONE, 10) == 1024 * ONE
    True
    """
    result = 1 << bits
    half = result >> 1
    while exponent:
        if exponent & 1:
            result = (result * base + half) >> bits
        exponent >>= 1
        if exponent:
            base = (base * base + half) >> bits
    return result


def _powers(base: int, exponents: Iterable[int], bits: int = BITS) -> dict[int, int]:
    """The powers of `base` by exponent, each made from the one before it."""
    steps: dict[int, int] = {}
    found: dict[int, int] = {}
    last, value = 0, 1 << bits
    half = value >> 1
    for exponent in sorted(exponents):
        step = exponent - last
        if step not in steps:
            steps[step] = power(base, step, bits)
        value = (value * steps[step] + half) >> bits
        found[exponent] = value
        last = exponent
    return found


def compound(growth: int, units: int) -> float:
    """The rate over `units` units of time of a growth factor per unit, rounded once.

    Raises:
        OverflowError: If it is beyond a float.

    >>> compound(ONE + ONE // 10, 2)
    0.21
    """
    return (power(growth, units) - ONE) / ONE


class Stream:
    """Amounts in whole units at whole times, in order of time, as integers see them.

    An amount is worth `amount / ((1 + fraction * i) * (1 + i) ** time)` at the rate `i`.
    """

    __slots__ = ("amounts", "fractions", "gaps", "times")

    def __init__(self, amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()) -> None:
        self.amounts, self.times = amounts, times
        self.gaps = list(map(sub, times[1:], times))
        self.fractions = fractions

    def worth(self, growth: int) -> tuple[int, int]:
        """What the stream is worth at a growth factor, and how fast that grows with the factor's logarithm.

        The reference is the first time where the rate is not negative and the last one where it is, so that no power
        is above 1; the place of the root does not depend on it.
        """
        forward = growth >= ONE
        base = (ONE << BITS) // growth if forward else growth
        gaps = self.gaps[::-1] if forward else self.gaps
        powers = _powers(base, set(gaps))
        if self.fractions:
            value, slope = self._with_simple_parts(growth, gaps, powers, forward)
        else:
            amounts = self.amounts[::-1] if forward else self.amounts
            value, slope = amounts[0] << BITS, 0
            for gap, amount in zip(gaps, amounts[1:], strict=True):
                factor = powers[gap]
                slope = (slope + gap * value) * factor >> BITS
                value = (value * factor >> BITS) + (amount << BITS)
        return value, -slope if forward else slope

    def value(self, growth: int, bits: int) -> float:
        """The first figure of `worth` in units, where no amount has a fraction, with so many bits after the point."""
        forward, one = growth >= ONE, 1 << bits
        base = growth >> (BITS - bits)
        gaps, amounts = (self.gaps[::-1], self.amounts[::-1]) if forward else (self.gaps, self.amounts)
        powers = _powers(one * one // base if forward else base, set(gaps), bits)
        value = amounts[0] << bits
        for factor, amount in zip(map(powers.__getitem__, gaps), amounts[1:], strict=True):
            value = (value * factor >> bits) + (amount << bits)
        return value / one

    def _with_simple_parts(
        self, growth: int, gaps: Sequence[int], powers: dict[int, int], forward: bool
    ) -> tuple[int, int]:
        """`worth`, where amounts are also divided by `1 + fraction * i`."""
        pairs = list(zip(self.amounts, self.fractions, strict=True))
        value = slope = 0
        for gap, (amount, fraction) in zip([0, *gaps], pairs[::-1] if forward else pairs, strict=True):
            top, bottom = fraction.as_integer_ratio()
            divisor = bottom * ONE + top * (growth - ONE)
            own = (amount * bottom << 2 * BITS) // divisor
            bend = own * top * growth // divisor
            factor = powers[gap] if gap else ONE
            slope = ((slope + gap * value) * factor >> BITS) + (bend if forward else -bend)
            value = (value * factor >> BITS) + own
        return value, slope

    def root_near(self, x: float) -> int:
        """The growth factor at which the stream is worth nothing, by Newton's steps from its approximate logarithm.

        >>> compound(Stream([-100, 110], [0, 1]).root_near(0.09), 1)
        0.1
        """
        growth = from_log(x)
        step = nan
        for _ in range(64):
            value, slope = self.worth(growth)
            step = -(value / slope) if slope else 0.0
            growth = moved(growth, step)
            if abs(step) <= _ENOUGH * abs(x) or not step:
                break
            x += step
        return growth


def moved(growth: int, step: float) -> int:
    """A growth factor whose logarithm is larger by `step`, which is small."""
    top, bottom = expm1(step).as_integer_ratio()
    return growth + growth * top // bottom
