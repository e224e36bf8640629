"""One formula, two arithmetics: floats where they keep their digits, decimals where they would cancel or overflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import Any, Protocol

from loancalc.errors import NoSolution
from loancalc.tvm.arguments import N, Number, Numbers, as_decimal

DIGITS = 34
"""Significant digits of a Decimal answer."""

_KEPT = 64.0  # a float sum may be this much smaller than its terms: 6 of 53 bits
_GROWN = 100.0  # the largest exponent of a growth factor in floats; its error is that many units of the last place
_LEAST, _MOST = 1e-280, 1e290  # between them, no product of a formula leaves the range of a float
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

    def log_growth(self, rate: N, periods: N | int) -> N:
        """The logarithm of what 1 grows to at a rate over some periods."""
        ...

    def total(self, *terms: N) -> N:
        """The sum, to full relative accuracy; `Cancelled` where this arithmetic cannot have it."""
        ...


class Floats:
    """The binary floats of the processor."""

    exp, expm1, log, log1p = map(staticmethod, (math.exp, math.expm1, math.log, math.log1p))

    @staticmethod
    def log_growth(rate: float, periods: float) -> float:
        grown = periods * math.log1p(rate)
        if not _LEAST < abs(grown) < _GROWN and periods and rate:
            raise Cancelled
        return grown

    @staticmethod
    def total(*terms: float) -> float:
        value, size = math.fsum(terms), sum(map(abs, terms))
        if not (_LEAST < size < _MOST and abs(value) * _KEPT > size):
            raise Cancelled
        return value


class Decimals:
    """Decimal floating point of so many digits. The operators of a formula take them from `context`."""

    def __init__(self, digits: int, last: bool) -> None:
        self.digits, self.last = digits, last
        self.context = _context(digits)

    def exp(self, x: Decimal) -> Decimal:
        return self.context.exp(x)

    def expm1(self, x: Decimal) -> Decimal:
        if x.adjusted() < -self.digits:
            return x + x * x / 2
        work = self._wider(x)
        return work.subtract(work.exp(x), Decimal(1))

    def log(self, x: Decimal) -> Decimal:
        return self.context.ln(x)

    def log1p(self, x: Decimal) -> Decimal:
        if x.adjusted() < -self.digits:
            return x - x * x / 2
        work = self._wider(x)
        return work.ln(work.add(x, Decimal(1)))

    def _wider(self, x: Decimal) -> Context:
        """As many more digits as 1 + x loses of x, or of its distance from -1."""
        near = self.context.add(x, Decimal(1)) if x < 0 else x
        return _context(self.digits + max(0, -x.adjusted(), -near.adjusted()))

    def log_growth(self, rate: Decimal, periods: Decimal | int) -> Decimal:
        return periods * self.log1p(rate)

    def total(self, *terms: Decimal) -> Decimal:
        value = sum(terms, Decimal(0))
        size = sum(map(abs, terms), Decimal(0))
        if size and (not value or value.adjusted() < size.adjusted() - self.digits + _SPARE):
            if not self.last:
                raise Cancelled
            return Decimal(0)
        return value


def _context(digits: int) -> Context:
    """A decimal context of our own: the caller's precision and rounding never reach an answer."""
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


FLOATS = Floats()
_ANSWER = _context(DIGITS)


def evaluated(formula: Callable[..., Any], what: str, numbers: Numbers, *rest: Any) -> Any:
    """A formula of some numbers, all float or all Decimal, in the first arithmetic that keeps its digits.

    Raises:
        NoSolution: If the value is beyond what a float, or a Decimal, can hold.
    """
    if numbers and isinstance(numbers[0], float):
        try:
            value = formula(FLOATS, *numbers, *rest)
            if math.isfinite(value):
                return value + 0.0  # never a negative zero
        except (Cancelled, ArithmeticError):
            pass
        return _to_float(_in_decimals(formula, what, list(map(as_decimal, numbers)), rest), what)
    return _ANSWER.plus(_in_decimals(formula, what, numbers, rest))


def _in_decimals(formula: Callable[..., Any], what: str, numbers: Numbers, rest: tuple[Any, ...]) -> Decimal:
    for digits in _PRECISIONS:
        arithmetic = Decimals(digits, last=digits == _PRECISIONS[-1])
        try:
            with localcontext(arithmetic.context):
                return Decimal(formula(arithmetic, *numbers, *rest))
        except Cancelled:
            continue
        except Overflow:
            raise _beyond(what) from None
    raise AssertionError("the last arithmetic never cancels")


def _to_float(value: Decimal, what: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise _beyond(what)
    return number + 0.0


def _beyond(what: str) -> NoSolution:
    return NoSolution(f"{what}: is beyond what a float can hold (about 1.8e308)")


def log_ratio(m: Arithmetic[N], top: N, bottom: N, difference: N) -> N:
    """log(top / bottom), where `difference` is top - bottom to full relative accuracy."""
    ratio = top / bottom
    if 0.5 < ratio < 2:
        return m.log1p(difference / bottom)
    return m.log(ratio)


def rounded(value: Decimal) -> Number:
    """A Decimal to the digits of an answer."""
    return _ANSWER.plus(value)
