"""Level payments: what is paid, for how long, and what it is worth at either end.

All of them solve one equation, with `g = (1 + rate) ** nper`, and with the signs of what the speaker receives:
`pv * g + pmt * (1 + rate * type) * (g - 1) / rate + fv = 0`.
"""

from __future__ import annotations

from math import expm1, log1p
from typing import Any

from loancalc.errors import InvalidTerms, NoSolution
from loancalc.tvm.arguments import N, above_minus_one, read, read_type, shown
from loancalc.tvm.arithmetic import Arithmetic, evaluated, log_growth, log_ratio

_ZERO = 0
_TINY, _HUGE = 1e-200, 1e200  # between them, floats keep all their digits


def pmt(rate: N, nper: N | int, pv: N | int, fv: N | int = 0, type: int = 0) -> N:
    """The payment that brings `pv` to `fv` in `nper` periods (Excel's PMT).

    Args:
        rate: Interest per period, a fraction above -1; 12 % a year paid monthly is 0.01.
        nper: Number of periods, not 0; it need not be whole.
        pv: What is received now; a loan is positive to the borrower and the answer negative, what is paid.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, PMT.

    Examples:
        >>> pmt(0.08 / 12, 10, 10_000)
        -1037.0320893591...
        >>> from decimal import Decimal
        >>> pmt(Decimal("0.01"), 12, Decimal(12_000))
        Decimal('-1066.185464140100488079853974734638')
        >>> pmt(0.1479, 5500, -1000)
        147.9
    """
    if (  # the usual case; whoever is not plainly in it is read with care below
        fv is type is _ZERO
        and rate.__class__ is float
        and (nper.__class__ is int or nper.__class__ is float)
        and (pv.__class__ is int or pv.__class__ is float)
    ):
        try:
            left = expm1(-nper * log1p(rate))
            usual = pv * (rate / left)
        except (ValueError, ArithmeticError):
            pass
        else:
            if -1.0 < left < -_TINY and (-_HUGE < usual < -_TINY or _TINY < usual < _HUGE):
                return usual
    numbers = read(rate=rate, nper=nper, pv=pv, fv=fv)
    above_minus_one(rate=numbers[0])
    _not_zero(nper=numbers[1])
    answer: N = evaluated(payment, "pmt", numbers, read_type(type))
    return answer


def payment(m: Arithmetic[N], rate: N, nper: N, pv: N, fv: N, type: int) -> N:
    """The formula of `pmt`."""
    if not rate:
        return -m.given(pv, fv) / nper
    grown = log_growth(m, rate, nper)
    if not fv:
        return pv * (rate / m.expm1(-grown)) / (1 + rate * type)
    return -m.total(pv * rate, m.given(pv, fv) * (rate / m.expm1(grown))) / (1 + rate * type)


def pv(rate: N, nper: N | int, pmt: N | int, fv: N | int = 0, type: int = 0) -> N:
    """What `nper` payments of `pmt`, and `fv` at the end, are worth now (Excel's PV).

    Args:
        rate: Interest per period, a fraction above -1.
        nper: Number of periods; it need not be whole.
        pmt: What is received each period; paid is negative.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, PV.

    Examples:
        >>> round(pv(0.08 / 12, 240, 500), 8)
        -59777.14585119
    """
    numbers = read(rate=rate, nper=nper, pmt=pmt, fv=fv)
    above_minus_one(rate=numbers[0])
    answer: N = evaluated(_present_value, "pv", numbers, read_type(type))
    return answer


def _present_value(m: Arithmetic[N], rate: N, nper: N, pmt: N, fv: N, type: int) -> N:
    if not rate:
        return -m.total(fv, pmt * nper)
    grown = log_growth(m, rate, nper)
    return m.total(pmt * (1 + rate * type) * (m.expm1(-grown) / rate), -fv * m.exp(-grown))


def fv(rate: N, nper: N | int, pmt: N | int, pv: N | int = 0, type: int = 0) -> N:
    """What is received at the end of `nper` payments of `pmt` after `pv` now (Excel's FV).

    Args:
        rate: Interest per period, a fraction above -1.
        nper: Number of periods; it need not be whole.
        pmt: What is received each period; paid is negative.
        pv: What is received now.
        type: 0 for payments at the end of each period, 1 at its start.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, FV.

    Examples:
        >>> round(fv(0.06 / 12, 10, -200, -500, 1), 8)
        2581.40337406
    """
    numbers = read(rate=rate, nper=nper, pmt=pmt, pv=pv)
    above_minus_one(rate=numbers[0])
    answer: N = evaluated(_future_value, "fv", numbers, read_type(type))
    return answer


def _future_value(m: Arithmetic[N], rate: N, nper: N, pmt: N, pv: N, type: int) -> N:
    if not rate:
        return -m.total(pv, pmt * nper)
    grown = log_growth(m, rate, nper)
    return -m.total(pmt * (1 + rate * type) * (m.expm1(grown) / rate), pv * m.exp(grown))


def nper(rate: N, pmt: N | int, pv: N | int, fv: N | int = 0, type: int = 0) -> N:
    """The number of periods in which `pmt` brings `pv` to `fv` (Excel's NPER); it need not be whole.

    Args:
        rate: Interest per period, a fraction above -1.
        pmt: What is received each period; paid is negative.
        pv: What is received now.
        fv: What is received at the end, after the last payment.
        type: 0 for payments at the end of each period, 1 at its start.

    Returns:
        The number of periods; negative where the amounts have to have met in the past.

    Raises:
        InvalidRate, InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If no number of periods does, or every one; the message names the interest.

    Source: Microsoft, Excel functions, NPER.

    Examples:
        >>> round(nper(0.12 / 12, -100, -1000, 10_000, 1), 10)
        59.6738656743
        >>> nper(0.01, -10, 1000)
        Traceback (most recent call last):
            ...
        loancalc.errors.NoSolution: pmt: got -10; the first period's interest on 1000 is 10.00, so no number of ...
    """
    numbers = read(rate=rate, pmt=pmt, pv=pv, fv=fv)
    above_minus_one(rate=numbers[0])
    answer: N = evaluated(_periods, "nper", numbers, read_type(type))
    return answer


def _periods(m: Arithmetic[N], rate: N, pmt: N, pv: N, fv: N, type: int) -> N:
    difference = -m.given(pv, fv)
    if not rate:
        if pmt:
            return difference / pmt
        raise _every_or_no_number(difference, rate, pmt, pv, fv)
    due = pmt * (1 + rate * type)
    falls_first, falls_last = m.total(due, pv * rate), m.total(due, -fv * rate)
    if not falls_first and not falls_last:
        raise _every_or_no_number(difference, rate, pmt, pv, fv)
    if not falls_first or not falls_last or (falls_first < 0) is not (falls_last < 0):
        raise _never(rate, pmt, pv, fv)
    return log_ratio(m, falls_last, falls_first, difference * rate) / m.log1p(rate)


def _every_or_no_number(difference: object, rate: object, pmt: object, pv: object, fv: object) -> NoSolution:
    if difference and not rate:
        return _never(rate, pmt, pv, fv)
    return NoSolution(f"nper: every number of periods brings {shown(pv)} to {shown(fv)} with {shown(pmt)} a period")


def _never(rate: Any, pmt: Any, pv: Any, fv: Any) -> NoSolution:
    interest = abs(pv * rate)
    cents = f"{interest:.2f}" if interest >= 0.01 or not interest else f"{interest:.6g}"
    return NoSolution(
        f"pmt: got {shown(pmt)}; the first period's interest on {shown(pv)} is {cents}, so no number of periods "
        f"brings it to {shown(fv)}"
    )


def _not_zero(**terms: Any) -> None:
    for field, value in terms.items():
        if not value:
            raise InvalidTerms(f"{field}: got 0; expected a number of periods other than 0")
