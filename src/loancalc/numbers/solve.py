"""The root finder for rates: every rate above -100 % at which a stream of amounts is worth nothing.

What is received is compared with what is paid by the logarithm of the ratio of their present values, the *gap*. Its
slope over the log-rate is the mean time of what is paid minus that of what is received, each weighted by present
value, and as the rate grows such a mean only moves to earlier times. So the slope can be bounded over a whole interval
from its two ends, and no rate is missed. Floats only find where the rates are, `fixed_point` gives
the figure, and where they are too close for floats, `exact_roots` finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, compress, repeat
from math import exp, expm1, log, log1p
from operator import mul
from typing import NamedTuple

from loancalc.numbers.exact_roots import roots_within, sign_changes, without_fractions
from loancalc.numbers.fixed_point import BITS, ONE, Stream, from_log, moved

_NOISE = 1e-12  # what rounding may do to a gap; below it, integers decide
_PATIENCE = 500  # intervals looked at before integers decide
_CLOSE = 1e-9
_LEAST, _MOST = 1e-250, 1e250  # a worth between them stays in the range of a float when weighted by time
_NEAR = 1e-7  # a step of Newton this small leaves 14 digits, and the integers double those
_STEPS = 12  # of Newton, before the search that cannot fail
_SETTLED = 1e-3  # a step this small, over the whole time, leaves 10 digits or more
_HALF = 128  # bits for a worth whose powers are between e**-20 and 1, and whose rate is not below 1e-10 over the time
_FEW, _MANY = 1e-10, 20.0
_WIDEST = 700.0  # log-rates; a growth factor of 1e304 per unit of time, or its inverse


class Point(NamedTuple):
    """Both sides at one log-rate: the gap, and the share of each amount in the worth of its side (undivided)."""

    x: float
    gap: float
    received: list[float]
    paid: list[float]


def growths(amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()) -> list[int]:
    """Every growth factor per unit of time (1 plus the rate) at which the amounts are worth nothing, in rising order.

    Args:
        amounts: In any whole unit, received positive, none of them 0.
        times: In whole units of time, in order.
        fractions: A further part of a unit for each amount, 0 or more and below 1, that earns simple interest:
            an amount is worth `amount / ((1 + fraction * i) * (1 + i) ** time)`.

    Returns:
        Growth factors in fixed point, see `fixed_point`.

    Raises:
        OverflowError: If a rate is beyond 1e65 per unit of time.

    >>> from loancalc.numbers.fixed_point import compound
    >>> [compound(growth, 1) for growth in growths([-100, 230, -132], [0, 1, 2])]
    [0.1, 0.2]
    """
    found = _found(amounts, times, fractions)
    if sum(amounts):
        return found
    return [ONE if abs(growth - ONE) < 1 << BITS // 2 else growth for growth in found]  # no rate is exactly no rate


def sharpened(amounts: Sequence[int], times: Sequence[int], growth: int) -> int:
    """A growth factor found by `growths`, to 60 digits and more; where roots coincide, as it is.

    >>> abs(10 * sharpened([-100, 110], [0, 1], ONE + ONE // 10 + 12345) - 11 * ONE) < 100
    True
    """
    stream = Stream(amounts, times)
    for _ in range(2):
        value, slope = stream.worth(growth)
        step = -(value / slope) if slope else 1.0
        if abs(step) * ONE > abs(growth - ONE) >> 40:
            break
        growth = moved(growth, step)
    return growth


def _found(amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]) -> list[int]:
    changes = sign_changes(amounts)
    if not changes:
        return []
    stream = Stream(amounts, times, fractions)
    if changes == 1 and not fractions:
        root = _of_one_change(stream)
        if root is not None:
            return [root]
    balance = Balance(amounts, times, fractions)
    if changes == 1:
        return [stream.root_near(balance.crossing())]
    low, high = _bounds(amounts, times, fractions)
    if low >= high:
        return []
    pieces = _monotone_pieces(balance, low, high)
    if pieces is None:
        if fractions:
            amounts, times = without_fractions(amounts, times, fractions)
        return roots_within(amounts, times, from_log(low), from_log(high))
    crossed = [(start, end) for start, end in pieces if (start.gap < 0) is not (end.gap < 0)]
    return [stream.root_near(balance.crossing(start.x, end.x)) for start, end in crossed]


def _of_one_change(stream: Stream) -> int | None:
    """The root of amounts that change sign once, by steps of third order; None where they do not settle.

    The logarithm of the late worth over the early one falls with the log-rate by the difference of their mean times,
    and its bend is the difference of the spreads: next to a straight line. Floats find the root, an exact worth corrects
    it.
    """
    amounts = stream.amounts
    early, x = list(map((0).__lt__, amounts)).count(amounts[0] > 0), 0.0
    try:
        shares = sizes = list(map(float, amounts))
        elapsed = list(accumulate(stream.gaps, initial=0.0))
        for _ in range(_STEPS):
            weighted = list(map(mul, shares, elapsed))
            squared = list(map(mul, weighted, elapsed))
            before, after = sum(shares[:early]), sum(shares[early:])
            sooner, later = sum(weighted[:early]) / before, sum(weighted[early:]) / after
            bend = sum(squared[early:]) / after - later**2 - sum(squared[:early]) / before + sooner**2
            fall = later - sooner
            step = log(-after / before) / fall
            step /= 1 - step * bend / (2 * fall)
            x += step
            if abs(step) * elapsed[-1] < _SETTLED:
                root = _corrected(stream, x, after * exp(-later * step), fall - bend * step)
                if root is not None:
                    return root
            shares = list(map(mul, sizes, map(exp, map(mul, elapsed, repeat(-x)))))
    except (ArithmeticError, ValueError):
        pass
    return None


def _corrected(stream: Stream, x: float, size: float, slope: float) -> int | None:
    """The growth factor next to a log-rate that is a root to 14 digits, where a side is worth `size`; None if it is not."""
    grown = x * (stream.times[-1] - stream.times[0])
    if not _FEW < abs(grown) < _MANY:
        return None
    growth = from_log(x) >> BITS - _HALF << BITS - _HALF
    worth = stream.value(growth, _HALF) / size
    step = (worth if growth >= ONE else worth * exp(-grown)) / slope
    return moved(growth, step) if abs(step) < 1e-12 * abs(x) else None


class Side:
    """The amounts of one sign."""

    __slots__ = ("fractions", "logs", "times")

    def __init__(self, amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]) -> None:
        self.logs = [log(abs(amount)) for amount in amounts]
        self.times = list(map(float, times))
        self.fractions = list(map(float, fractions))

    def worth(self, x: float) -> tuple[float, list[float]]:
        """The logarithm of the side's worth at the log-rate `x`, and its shares."""
        if not self.fractions:
            try:
                shares = [exp(value - time * x) for value, time in zip(self.logs, self.times, strict=True)]
                if _LEAST < (total := sum(shares)) < _MOST:
                    return log(total), shares
            except OverflowError:  # scaled below, like what is too small
                pass
        powers = [value - time * x for value, time in zip(self.logs, self.times, strict=True)]
        if self.fractions:
            rate = expm1(x)
            powers = [value - log1p(part * rate) for value, part in zip(powers, self.fractions, strict=True)]
        top = max(powers)
        shares = [exp(value - top) for value in powers]
        return top + log(sum(shares)), shares

    def durations(self, x: float) -> list[float]:
        """How fast the logarithm of each amount's worth falls with the log-rate: its time, in units."""
        if not self.fractions:
            return self.times
        rate = expm1(x)
        pairs = zip(self.times, self.fractions, strict=True)
        return [time + part * (1.0 + rate) / (1.0 + part * rate) for time, part in pairs]


class Balance:
    """What is received against what is paid."""

    __slots__ = ("paid", "received", "span")

    def __init__(self, amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction] = ()) -> None:
        elapsed = [time - times[0] for time in times]
        received = [amount > 0 for amount in amounts]
        paid = [amount < 0 for amount in amounts]
        self.received, self.paid = (
            Side(list(compress(amounts, own)), list(compress(elapsed, own)), list(compress(fractions, own)))
            for own in (received, paid)
        )
        self.span = elapsed[-1] + 1.0

    def at(self, x: float) -> Point:
        """Both sides at the log-rate `x`."""
        received, shares_received = self.received.worth(x)
        paid, shares_paid = self.paid.worth(x)
        return Point(x, received - paid, shares_received, shares_paid)

    def slope(self, point: Point) -> float:
        """How the gap changes with the log-rate at a point."""
        return _mean(point.paid, self.paid.durations(point.x)) - _mean(point.received, self.received.durations(point.x))

    def slopes(self, low: Point, high: Point) -> tuple[float, float]:
        """The least and the most that the slope of the gap can be between two points."""
        received_low, received_high = self.received.durations(low.x), self.received.durations(high.x)
        paid_low, paid_high = self.paid.durations(low.x), self.paid.durations(high.x)
        return (
            _mean(high.paid, paid_low) - _mean(low.received, received_high),
            _mean(low.paid, paid_high) - _mean(high.received, received_low),
        )

    def crossing(self, low: float = -_WIDEST, high: float = _WIDEST) -> float:
        """The log-rate between two where the gap, monotone between them, is 0: Newton's steps, kept in the bracket."""
        x = low + (high - low) / 2
        for _ in range(200):
            point = self.at(x)
            slope = self.slope(point)
            if (point.gap > 0) is (slope < 0):
                low = x
            else:
                high = x
            step = -point.gap / slope if slope else 2 * _WIDEST
            if not low <= x + step <= high:
                step = low + (high - low) / 2 - x
            x += step
            if abs(step) * self.span < _NEAR or not low < x < high:
                break
        return x


def _mean(shares: list[float], values: list[float]) -> float:
    return float(sum(map(mul, shares, values))) / sum(shares)


def _bounds(amounts: Sequence[int], times: Sequence[int], fractions: Sequence[Fraction]) -> tuple[float, float]:
    """Log-rates beyond which the amounts before the first change of sign, or after the last, outweigh all others.

    Each is a problem with one change of sign: the first (last) run of one sign against everything of the other.
    """
    signs = [amount > 0 for amount in amounts]
    first_run = signs.index(not signs[0])
    last_run = len(signs) - 1 - signs[::-1].index(not signs[-1])
    early = [k < first_run or sign is not signs[0] for k, sign in enumerate(signs)]
    late = [k > last_run or sign is not signs[-1] for k, sign in enumerate(signs)]
    high, low = (
        Balance(list(compress(amounts, kept)), list(compress(times, kept)), list(compress(fractions, kept)))
        for kept in (early, late)
    )
    return low.crossing() - _CLOSE, high.crossing() + _CLOSE


def _monotone_pieces(balance: Balance, low: float, high: float) -> list[tuple[Point, Point]] | None:
    """The intervals where the gap is monotone and may be 0, in rising order; None where floats cannot tell."""
    found: list[tuple[Point, Point]] = []
    todo = [(balance.at(low), balance.at(high))]
    for _ in range(_PATIENCE):
        if not todo:
            return found
        start, end = todo.pop()
        least, most = balance.slopes(start, end)
        if least > 0 or most < 0:
            if min(abs(start.gap), abs(end.gap)) < _NOISE:
                return None
            found.append((start, end))
        elif _nearest_to_zero(start, end, least, most) <= _NOISE:
            if (end.x - start.x) * max(most, -least) < _NOISE:
                return None
            middle = balance.at(start.x + (end.x - start.x) / 2)
            todo += [(middle, end), (start, middle)]
    return None


def _nearest_to_zero(start: Point, end: Point, least: float, most: float) -> float:
    """How far the gap stays from 0, at least, between two points where it has one sign; 0 where it has not."""
    if (start.gap < 0) is not (end.gap < 0):
        return 0.0
    if start.gap < 0:
        least, most = -most, -least
    level = most * abs(start.gap) - least * abs(end.gap) + least * most * (end.x - start.x)
    return level / (most - least) if most > least else 0.0
