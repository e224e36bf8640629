"""One formula, two arithmetics: floats where they keep their digits, decimals where they would cancel or overflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    Context,
    Decimal,
    Overflow,
    localcontext,
)
from typing import Any, Protocol

from loancalc.errors import NoSolution
from loancalc.tvm.arguments import N, Numbers, as_decimal
from loancalc.values.compounding import own_context

DIGITS = 34
"""Significant digits of a Decimal answer."""

_KEPT = 64.0  # a float sum may be this much smaller than its terms: 6 of 53 bits
_GROWN = 100.0  # the largest exponent in floats; its power is off by as many units of the last place
_LEAST, _MOST = 1e-280, 1e290  # between them, no product of a formula leaves the range of a float
_WHOLE = 2.0**53  # whole numbers below it are exact
_PRECISIONS = (64, 128, 256)  # digits; decimal inputs that cancel 200 digits cancel exactly
_SPARE = 40  # digits a sum of decimals has to keep


class Cancelled(Exception):
    """The terms of a sum cancel, or leave the range, in this arithmetic; the next one has more digits."""


class Arithmetic(Protocol[N]):
    """What a formula needs besides + - * /."""

    def exp(self, x: N) -> N:
        """`e` to the power of x."""
        ...

    def expm1(self, x: N) -> N:
        """exp(x) - 1, to full relative accuracy."""
        ...

    def log(self, x: N) -> N:
        """The natural logarithm."""
        ...

    def log1p(self, x: N) -> N:
        """log(1 + x), to full relative accuracy."""
        ...

    def total(self, *terms: N) -> N:
        """The sum, to full relative accuracy; `Cancelled` where this arithmetic cannot have it."""
        ...

    def given(self, one: N, other: N | int) -> N:
        """The sum of two numbers as they were given: that of the decimals that print them."""
        ...


class Floats:
    """The binary floats of the processor."""

    log1p = staticmethod(math.log1p)

    @staticmethod
    def exp(x: float) -> float:
        """`e` to the power of x; `Cancelled` where it loses digits."""
        if abs(x) > _GROWN:
            raise Cancelled
        return math.exp(x)

    @staticmethod
    def expm1(x: float) -> float:
        """exp(x) - 1; `Cancelled` where it loses digits."""
        if x > _GROWN or -_LEAST < x < _LEAST:
            raise Cancelled
        return math.expm1(x)

    @staticmethod
    def log(x: float) -> float:
        """The natural logarithm; `Cancelled` where x left the range on its way."""
        if not _LEAST < x < _MOST:
            raise Cancelled
        return math.log(x)

    @staticmethod
    def total(*terms: float) -> float:
        """The sum, unless its terms cancel."""
        value, size = math.fsum(terms), sum(map(abs, terms))
        if not (_LEAST < size < _MOST and abs(value) * _KEPT > size):
            raise Cancelled
        return value

    @staticmethod
    def given(one: float, other: float) -> float:
        """The sum, unless decimals know it better."""
        value = one + other
        if abs(value) * _KEPT > abs(one) or not value or (one % 1 == 0 == other % 1 and abs(one) < _WHOLE):
            return value
        raise Cancelled


class Decimals:
    """Decimal floating point of so many digits. The operators of a formula take them from `context`."""

    def __init__(self, digits: int, last: bool) -> None:
        self.digits, self.last = digits, last
        self.context = own_context(digits)

    def exp(self, x: Decimal) -> Decimal:
        """`e` to the power of x; `Cancelled` where it loses digits."""
        return self.context.exp(x)

    def expm1(self, x: Decimal) -> Decimal:
        """exp(x) - 1; `Cancelled` where it loses digits."""
        if x.adjusted() < -self.digits:
            return x + x * x / 2
        work = self._wider(x)
        return work.subtract(work.exp(x), Decimal(1))

    def log(self, x: Decimal) -> Decimal:
        """The natural logarithm."""
        return self.context.ln(x)

    def log1p(self, x: Decimal) -> Decimal:
        """log(1 + x), with the digits that 1 + x would lose."""
        if x.adjusted() < -self.digits:
            return x - x * x / 2
        work = self._wider(x)
        return work.ln(work.add(x, Decimal(1)))

    def _wider(self, x: Decimal) -> Context:
        """As many more digits as 1 + x loses of x, or of its distance from -1."""
        near = self.context.add(x, Decimal(1)) if x < 0 else x
        return own_context(self.digits + max(0, -x.adjusted(), -near.adjusted()))

    def total(self, *terms: Decimal) -> Decimal:
        """The sum, unless its terms cancel."""
        value = sum(terms, Decimal(0))
        size = sum(map(abs, terms), Decimal(0))
        if size and (not value or value.adjusted() < size.adjusted() - self.digits + _SPARE):
            if not self.last:
                raise Cancelled
            return Decimal(0)
        return value

    def given(self, one: Decimal, other: Decimal | int) -> Decimal:
        """The sum."""
        return one + other


FLOATS = Floats()
_ANSWER = own_context(DIGITS)


def evaluated(formula: Callable[..., Any], what: str, numbers: Numbers, *rest: Any) -> Any:
    """A formula of some numbers, all float or all Decimal, in the first arithmetic that keeps its digits.

    Raises:
        NoSolution: If the value is beyond what a float, or a Decimal, can hold.
    """
    if isinstance(numbers[0], float):
        try:
            value = formula(FLOATS, *numbers, *rest)
        except (Cancelled, ArithmeticError):
            value = 0.0
        if _LEAST < abs(value) < math.inf:
            return value
    return in_decimals(formula, what, numbers, *rest)


def in_decimals(formula: Callable[..., Any], what: str, numbers: Numbers, *rest: Any) -> Any:
    """A formula of some numbers, all float or all Decimal, in decimals; the answer is of the kind of the numbers."""
    value = _with_enough_digits(formula, what, list(map(as_decimal, numbers)), rest)
    if not isinstance(numbers[0], float):
        return _ANSWER.plus(value)
    number = float(value)
    if math.isinf(number):
        raise _beyond(what, "a float (1.8e308)")
    return number + 0.0  # never a negative zero


def quotient(top: int, bottom: int) -> Decimal:
    """One whole number divided by another, to the digits of an answer."""
    return _ANSWER.divide(Decimal(top), Decimal(bottom))


def _with_enough_digits(formula: Callable[..., Any], what: str, numbers: Numbers, rest: tuple[Any, ...]) -> Decimal:
    for digits in _PRECISIONS:
        arithmetic = Decimals(digits, last=digits == _PRECISIONS[-1])
        try:
            with localcontext(arithmetic.context):
                return Decimal(formula(arithmetic, *numbers, *rest))
        except Cancelled:
            continue
        except Overflow:
            raise _beyond(what, "a number") from None
    raise AssertionError("the last arithmetic never cancels")


def _beyond(what: str, holder: str) -> NoSolution:
    return NoSolution(f"{what}: the answer is beyond what {holder} can hold")


def log_growth(m: Arithmetic[N], rate: N, periods: N | int) -> N:
    """The logarithm of what 1 grows to at a rate over some periods."""
    return periods * m.log1p(rate)


def log_ratio(m: Arithmetic[N], top: N, bottom: N, difference: N) -> N:
    """log(top / bottom), where `difference` is top - bottom to full relative accuracy."""
    ratio = top / bottom
    if 0.5 < ratio < 2:
        return m.log1p(difference / bottom)
    return m.log(ratio)
