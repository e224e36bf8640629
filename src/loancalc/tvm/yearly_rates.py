"""Rates from rates and growth: effective and nominal, the rate of a growth, the time it takes, a path of rates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loancalc.errors import NoSolution
from loancalc.tvm.arguments import N, Number, above_minus_one, above_zero, error_of, read, read_all, read_whole, shown
from loancalc.tvm.arithmetic import Arithmetic, evaluated, in_decimals, log_growth, log_ratio


def effect(nominal_rate: N, npery: int) -> N:
    """The effective yearly rate of a nominal one (Excel's EFFECT).

    Args:
        nominal_rate: A year, a fraction; per compounding period it is above -1.
        npery: How often a year it compounds, a whole number.

    Raises:
        InvalidRate, InvalidTerms: For an argument that is out of range or not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, EFFECT.

    Examples:
        >>> effect(0.0525, 4)
        0.053542667370758...
    """
    numbers, times = read(nominal_rate=nominal_rate), read_whole("npery", npery, 1)
    if not numbers[0] > -times:
        raise error_of("nominal_rate")(f"nominal_rate: got {nominal_rate}; expected a fraction above {-times} (-npery)")
    answer: N = evaluated(_effective, "effect", numbers, times)
    return answer


def _effective(m: Arithmetic[N], nominal_rate: N, times: int) -> N:
    return m.expm1(log_growth(m, nominal_rate / times, times))


def nominal(effect_rate: N, npery: int) -> N:
    """The nominal yearly rate of an effective one (Excel's NOMINAL).

    Args:
        effect_rate: A year, a fraction above -1.
        npery: How often a year it compounds, a whole number.

    Raises:
        InvalidRate, InvalidTerms: For an argument that is out of range or not a number.

    Source: Microsoft, Excel functions, NOMINAL.

    Examples:
        >>> round(nominal(0.053543, 4), 13)
        0.0525003198684
    """
    numbers, times = read(effect_rate=effect_rate), read_whole("npery", npery, 1)
    above_minus_one(effect_rate=numbers[0])
    answer: N = evaluated(_nominal, "nominal", numbers, times)
    return answer


def _nominal(m: Arithmetic[N], effect_rate: N, times: int) -> N:
    return times * m.expm1(m.log1p(effect_rate) / times)


def rri(nper: N, pv: N | int, fv: N | int) -> N:
    """The rate per period at which `pv` grows to `fv` (Excel's RRI); here both have one sign.

    Args:
        nper: Number of periods, above 0.
        pv: The amount at the start.
        fv: The amount at the end.

    Raises:
        InvalidTerms, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If no rate above -100 % does.

    Source: Microsoft, Excel functions, RRI.

    Examples:
        >>> round(rri(96, 10_000, 11_000), 15)
        0.000993307376291
    """
    numbers = read(nper=nper, pv=pv, fv=fv)
    above_zero(nper=numbers[0])
    _one_sign(*numbers[1:])
    answer: N = evaluated(_rate_of_growth, "rri", numbers)
    return answer


def _rate_of_growth(m: Arithmetic[N], nper: N, pv: N, fv: N) -> N:
    return m.expm1(log_ratio(m, fv, pv, m.given(fv, -pv)) / nper)


def pduration(rate: N, pv: N | int, fv: N | int) -> N:
    """The number of periods in which `pv` grows to `fv` (Excel's PDURATION); here both have one sign.

    Args:
        rate: Interest per period, a fraction above -1, not 0.
        pv: The amount at the start.
        fv: The amount at the end.

    Raises:
        InvalidRate, InvalidAmount: For an argument that is out of range or not a number.
        NoSolution: If no number of periods does.

    Source: Microsoft, Excel functions, PDURATION.

    Examples:
        >>> round(pduration(0.025, 2000, 2200), 12)
        3.859866162623
    """
    numbers = read(rate=rate, pv=pv, fv=fv)
    above_minus_one(rate=numbers[0])
    _one_sign(*numbers[1:])
    if not numbers[0]:
        raise NoSolution(f"rate: got 0; without interest no number of periods brings {pv} to {fv}, or every one does")
    answer: N = evaluated(_time_of_growth, "pduration", numbers)
    return answer


def _time_of_growth(m: Arithmetic[N], rate: N, pv: N, fv: N) -> N:
    return log_ratio(m, fv, pv, m.given(fv, -pv)) / m.log1p(rate)


def fvschedule(principal: N, schedule: Iterable[Number]) -> N:
    """What a principal grows to over periods with a rate each (Excel's FVSCHEDULE).

    Args:
        principal: The amount at the start.
        schedule: The rate of each period, a fraction.

    Raises:
        InvalidAmount, InvalidRate: For an argument that is not a number.
        NoSolution: If the answer is beyond what a float can hold.

    Source: Microsoft, Excel functions, FVSCHEDULE.

    Examples:
        >>> fvschedule(1.0, [0.09, 0.11, 0.10])
        1.33089
    """
    rates = read_all("schedule", schedule)
    numbers = read(principal=principal, **{f"schedule[{k}]": rate for k, rate in enumerate(rates)})
    answer: N = in_decimals(_grown, "fvschedule", numbers)
    return answer


def _grown(m: Arithmetic[N], principal: N, *rates: N) -> N:
    for rate in rates:
        principal = principal * (1 + rate)
    return principal


def _one_sign(pv: Any, fv: Any) -> None:
    if not pv or not fv or (pv < 0) is not (fv < 0):
        raise NoSolution(
            f"fv: got {shown(fv)} after {shown(pv)} (pv); expected two amounts of one sign, neither of them 0"
        )
