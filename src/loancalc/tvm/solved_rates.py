"""Rates that solve an equation: of level payments, of amounts one period apart, of amounts on dates.

Where an equation has several rates, the one nearest to a guess, or an error with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf, lcm, log, log1p
from typing import Any

from loancalc.errors import InvalidAmount, InvalidTerms, NoSolution
from loancalc.meaning.flows import dated_amounts, listed, netted, only, rate_of, solved, whole_amounts
from loancalc.numbers.fixed_point import ONE, power
from loancalc.numbers.solve import growths, sharpened
from loancalc.tvm.arguments import N, Number, above_minus_one, above_zero, as_decimal, read, read_type, shown
from loancalc.tvm.arithmetic import quotient
from loancalc.tvm.present_values import DAYS_A_YEAR
from loancalc.values.dates import DateLike

_TINY = Fraction(1, 10**18)  # below it, interest over the whole time solves the first three terms, to 36 digits
_FIGURES = 20
_LARGEST_LOG = 150.0  # of a growth factor per period, as in `fixed_point.from_log`


def rate(nper: N, pmt: N | int, pv: N | int, fv: N | int = 0, type: int = 0, guess: N | int | None = None) -> N:
    """The rate per period at which `nper` payments of `pmt` bring `pv` to `fv` (Excel's RATE).

    Args:
        nper: Number of periods, above 0; it need not be whole, and has at most 20 figures.
        pmt: What is received each period; paid is negative.
        pv: What is received now.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.
        guess: Where two rates solve the equation, the one nearest to it is the answer.

    Raises:
        SeveralRates: If two rates above -100 % do, and there is no guess; `roots` has both.
        NoSolution: If none does, or every one, or one beyond 1e65 or nearer to -100 % than the inverse of that.
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.

    Source: Microsoft, Excel functions, RATE.

    Examples:
        >>> rate(48, -200, 8000)
        0.00770147248820204...
        >>> rate(12, -100, 1200)
        0.0
        >>> rate(2, 230, -100, -362, guess=0.18)
        0.2
        >>> rate(2, 230, -100, -362)
        Traceback (most recent call last):
            ...
        loancalc.errors.SeveralRates: pv, pmt, fv: 2 rates per period solve them: 10 %, 20 %; a single one is not ...
    """
    numbers = read(nper=nper, pmt=pmt, pv=pv, fv=fv)
    above_zero(nper=numbers[0])
    if max(as_decimal(numbers[0]).as_integer_ratio()) > 10**_FIGURES:
        raise InvalidTerms(f"nper: got {shown(nper)}; expected a number of at most {_FIGURES} figures")
    to_decimal, near = isinstance(numbers[0], Decimal), _read_guess(guess)
    periods, payment, present, future = (Fraction(as_decimal(number)) for number in numbers)
    found = _rates_of_payments(periods, payment, present, future, read_type(type), to_decimal)
    if not found:
        raise NoSolution("pv, pmt, fv: no rate exists: at none above -100 % is their present value 0")
    answer: N = _chosen(found, near, "rates per period", "pv, pmt, fv")
    return answer


def irr(amounts: Iterable[N | int], guess: N | int | None = None) -> N:
    """The rate per period at which amounts one period apart are worth nothing (Excel's IRR).

    Args:
        amounts: Paid negative, received positive.
        guess: Where several rates solve them, the one nearest to it is the answer.

    Raises:
        SeveralRates: If several rates above -100 % do, and there is no guess; `roots` has all of them.
        NoSolution: If none does.
        InvalidAmount: If an amount is not a finite number; the message has its index.
        InvalidRate: If the guess is not a rate above -1.

    Source: Microsoft, Excel functions, IRR. `loancalc.irr` also takes a loan, and knows nominal and effective rates.

    Examples:
        >>> irr([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000])
        0.08663094803653161
        >>> irr([-100, 230, -132], guess=0.18)
        0.2
    """
    given, near = listed(amounts, "amounts", "a list of amounts", InvalidAmount), _read_guess(guess)
    whole = whole_amounts(given)
    found = _rates(whole, range(len(whole)), 1, _any_decimal(given))
    answer: N = _chosen(found, near, "rates per period")
    return answer


def xirr(amounts: Iterable[N | int], dates: Iterable[DateLike], guess: N | int | None = None) -> N:
    """The effective yearly rate of amounts on dates, every year counted as 365 days (Excel's XIRR).

    Args:
        amounts: Paid negative, received positive.
        dates: One for each amount, in any order.
        guess: Where several rates solve them, the one nearest to it is the answer.

    Raises:
        SeveralRates: If several rates above -100 % do, and there is no guess; `roots` has all of them.
        NoSolution: If none does.
        InvalidAmount, InvalidDate: If an amount is not a finite number, or a date not one; the message has the index.
        InvalidTerms: If there are more amounts than dates, or fewer.
        InvalidRate: If the guess is not a rate above -1.

    Source: Microsoft, Excel functions, XIRR. `loancalc.xirr` also gives the rate for the term.

    Examples:
        >>> xirr([-1000, 1100], ["2026-01-01", "2027-01-01"])
        0.1
    """
    given, near = listed(amounts, "amounts", "a list of amounts", InvalidAmount), _read_guess(guess)
    whole, on = dated_amounts(given, dates)
    answer: N = _chosen(
        _rates(whole, list(map(date.toordinal, on)), DAYS_A_YEAR, _any_decimal(given)), near, "yearly rates"
    )
    return answer


def _rates(amounts: Sequence[int], times: Sequence[int], units: int, to_decimal: bool) -> list[Any]:
    """Every rate over some units of time, in rising order."""
    found = solved(amounts, times)
    if to_decimal:
        amounts, times, _ = netted(amounts, times)
        found = [sharpened(amounts, times, growth) for growth in found]
    return [_figure(growth, units, to_decimal) for growth in found]


def _figure(growth: int, units: int, to_decimal: bool) -> Any:
    return quotient(power(growth, units) - ONE, ONE) if to_decimal else rate_of(growth, units)


def _rates_of_payments(
    nper: Fraction, pmt: Fraction, pv: Fraction, fv: Fraction, type: int, to_decimal: bool
) -> list[Any]:
    """Every rate of level payments, in rising order.

    The worth of the payments times `1 - v`, where `v` discounts one period, is a sum of four amounts, however many the
    periods are: `pv` now, `pmt - pv` after one period, `fv` at the end, `-(pmt + fv)` one period later. It is also 0 at
    a rate of 0, which is a rate of the payments themselves only where they add up to nothing.
    """
    whole, unit = nper.as_integer_ratio()
    four = [pv + pmt, -pv, fv - pmt, -fv] if type else [pv, pmt - pv, fv, -(pmt + fv)]
    common = lcm(*(amount.denominator for amount in four))
    try:
        amounts, times, _ = netted([int(amount * common) for amount in four], [0, unit, whole, whole + unit])
        found = growths(amounts, times)
    except OverflowError:
        raise NoSolution("pv, pmt, fv: the rate that solves them is beyond 1e65, or at -100 %") from None
    except NoSolution:
        raise NoSolution("pv, pmt, fv: they are worth nothing at every rate") from None
    found = [growth for growth in found if abs(_log(growth)) * unit < _LARGEST_LOG]
    kept = [growth for growth in found if abs(growth - ONE) * (whole + unit) > ONE * _TINY]
    if to_decimal:
        kept = [sharpened(amounts, times, growth) for growth in kept]
    tiny = _tiny_rates(nper, pmt, pv, fv, type)
    figures = [_figure(growth, unit, to_decimal) for growth in kept]
    figures += [quotient(*r.as_integer_ratio()) if to_decimal else float(r) for r in tiny]
    return sorted(figure for figure in figures if figure > -1)


def _log(growth: int) -> float:
    """The logarithm of a growth factor, to full relative accuracy."""
    if 2 * growth > ONE:
        return log1p((growth - ONE) / ONE)
    return log(growth / ONE) if growth > 0 else -inf


def _tiny_rates(nper: Fraction, pmt: Fraction, pv: Fraction, fv: Fraction, type: int) -> list[Fraction]:
    """The rate that hardly differs from 0, if there is one, from the worth at no interest and two derivatives there."""
    worth = pv + nper * pmt + fv
    if not worth:
        return [worth]
    fall = pmt * nper * (nper + 1 - 2 * type) / 2 + fv * nper
    bend = pmt * nper * (nper + 1) * (nper + 2 - 3 * type) / 6 + fv * nper * (nper + 1) / 2
    if not fall:
        return []
    small = worth / fall
    return [small * (1 + bend * small / fall)] if abs(small) * (nper + 1) <= _TINY else []


def _chosen(rates: list[Any], near: Number | None, what: str, field: str = "amounts") -> Any:
    if near is None:
        only([float(rate) for rate in rates], what, field)
        return rates[0]
    exact = as_decimal(near)
    return min(rates, key=lambda rate: abs(Fraction(rate) - Fraction(exact)))


def _read_guess(guess: Any) -> Number | None:
    if guess is None:
        return None
    near: Number = read(guess=guess)[0]
    above_minus_one(guess=near)
    return near


def _any_decimal(amounts: Iterable[Any]) -> bool:
    return any(isinstance(amount, Decimal) for amount in amounts)
