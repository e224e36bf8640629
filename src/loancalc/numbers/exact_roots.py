"""Every root of a stream where floats cannot tell roots apart: by its derivatives, in fixed point."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from operator import is_not

from loancalc.numbers.fixed_point import BITS, Stream, moved

_ZERO = BITS - 56  # bits below the size of the amounts under which a sum of them counts as 0
_CLOSE = BITS - 16  # bits to which a root is found


def sign_changes(amounts: Sequence[int]) -> int:
    """How often the sign changes along the amounts, none of them 0: there are no more positive growth factors.

    >>> sign_changes([-100, 230, -132])
    2
    """
    signs = list(map((0).__lt__, amounts))
    return sum(map(is_not, signs, signs[1:]))


def roots_within(amounts: Sequence[int], times: Sequence[int], low: int, high: int) -> list[int]:
    """Every growth factor from `low` to `high` at which the amounts are worth nothing, in rising order.

    The sum without its earliest time has, for a derivative, a sum of one amount fewer; between two neighboring roots of
    that one the sum is monotone. A root of both is a multiple root, found once.

    >>> from loancalc.numbers.fixed_point import ONE, compound
    >>> [compound(root, 1) for root in roots_within([-100, 220, -121], [0, 1, 2], ONE // 2, 2 * ONE)]
    [0.1]
    """
    levels = [(amounts, times)]
    while sign_changes(levels[-1][0]) > 1:
        levels.append(_derivative(*levels[-1]))
    turns: list[int] = []
    for some, when in reversed(levels):
        turns = _between(Stream(some, when), [low, *turns, high])
    return turns


def _derivative(amounts: Sequence[int], times: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """By the logarithm of the growth factor, with the first time as reference and the sign turned."""
    first = times[0]
    return [amount * (time - first) for amount, time in zip(amounts[1:], times[1:], strict=True)], times[1:]


def _between(stream: Stream, marks: list[int]) -> list[int]:
    """The roots of a stream that is monotone between neighboring marks."""
    sizes = Stream([abs(amount) for amount in stream.amounts], stream.times)
    signs = []
    for mark in marks:
        value = stream.worth(mark)[0]
        signs.append(0 if abs(value) << _ZERO < sizes.worth(mark)[0] else 1 if value > 0 else -1)
    found = [mark for mark, sign in zip(marks, signs, strict=True) if not sign]
    for (low, high), (one, other) in zip(pairwise(marks), pairwise(signs), strict=True):
        if one * other < 0:
            found.append(_bracketed(stream, low, high, one))
    return sorted(set(found))


def _bracketed(stream: Stream, low: int, high: int, sign: int) -> int:
    """The one root between two factors, by Newton's steps and, where they leave the bracket, by halving it."""
    growth = (low + high) // 2
    while high - low > (high >> _CLOSE) + 2:
        value, slope = stream.worth(growth)
        if not value:
            return growth
        if (value > 0) is (sign > 0):
            low = growth
        else:
            high = growth
        step = -(value / slope) if slope else 1.0
        near = moved(growth, step) if abs(step) < 1 else 0  # 0 is in no bracket
        if abs(near - growth) <= growth >> _CLOSE:
            return near
        growth = near if low < near < high else (low + high) // 2
    return growth


def without_fractions(
    amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]
) -> tuple[list[int], list[int]]:
    """Amounts at whole times only, with the same growth factors: the equation times every `1 + fraction * i`.

    With `u` for one over the growth factor, `1 + f * i` is `(f + (1 - f) * u) / u`.

    >>> without_fractions([-100, 110], [0, 0], [Fraction(0), Fraction(1, 2)])
    ([-50, 60], [0, 1])
    """
    distinct = sorted(set(fractions) - {Fraction(0)})
    sums: dict[int, Fraction] = {}
    for amount, time, own in zip(amounts, times, fractions, strict=True):
        terms = {time + (own != 0): Fraction(amount)}
        for other in distinct:
            if other != own:
                terms = _times_line(terms, other)
        for place, term in terms.items():
            sums[place] = sums.get(place, Fraction(0)) + term
    kept = sorted(place for place, total in sums.items() if total)
    unit = lcm(*(sums[place].denominator for place in kept))
    return [int(sums[place] * unit) for place in kept], kept


def _times_line(terms: dict[int, Fraction], fraction: Fraction) -> dict[int, Fraction]:
    grown: dict[int, Fraction] = {}
    for place, term in terms.items():
        grown[place] = grown.get(place, Fraction(0)) + term * fraction
        grown[place + 1] = grown.get(place + 1, Fraction(0)) + term * (1 - fraction)
    return grown
