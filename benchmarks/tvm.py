"""Excel's functions and rates of return: against what one writes by hand, and against the packages that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from itertools import cycle
from random import Random
from typing import Any

from measure import Case, compare

import loancalc as lc
from loancalc import tvm

RATE, COUNT, LENT = 0.07 / 12, 360, 200_000
DATES = [date(2020, 1, 15) + timedelta(30 * number + number % 3) for number in range(60)]
ONCE = [-37_155, *(700 + number for number in range(59))]
"""Lent once and repaid 59 times: one change of sign, one rate."""


def plain_pmt(rate: float, nper: float, pv: float) -> float:
    """The floor of `pmt`: nothing but the formula."""
    return -pv * rate / (1 - (1 + rate) ** -nper)


def plain_excel_pmt(rate: float, nper: float, pv: float, fv: float = 0, type: int = 0) -> float:
    """The same with Excel's five arguments."""
    if rate == 0:
        return -(pv + fv) / nper
    grown = (1 + rate) ** nper
    return -(pv * grown + fv) * rate / ((1 + rate * type) * (grown - 1))


def newton(amounts: Sequence[float], dates: Sequence[date]) -> float:
    """The floor of `xirr`: Newton's steps from 10 %; for one change of sign, without any check."""
    times = [(day - dates[0]).days / 365 for day in dates]
    rate = 0.1
    while True:
        worth = slope = 0.0
        for amount, time in zip(amounts, times, strict=True):
            own = amount * (1 + rate) ** -time
            worth += own
            slope -= time * own / (1 + rate)
        step = worth / slope
        rate -= step
        if abs(step) < 1e-12:
            return rate


def brentq(amounts: Sequence[float], dates: Sequence[date]) -> float:
    """scipy's search in a bracket that the caller has to know."""
    times = [(day - dates[0]).days / 365 for day in dates]
    found: float = import_module("scipy.optimize").brentq(
        lambda rate: sum(amount / (1 + rate) ** time for amount, time in zip(amounts, times, strict=True)), -0.9, 10
    )
    return found


def installed(name: str) -> Any:
    """A package of the extra `bench`, or None."""
    try:
        return import_module(name)
    except ImportError:
        return None


def absent(packages: Mapping[str, Any]) -> str:
    """What a table leaves out, for its title.

    >>> absent({"scipy": None, "numpy-financial": object(), "pyxirr": None})
    ' (not installed: scipy, pyxirr)'
    """
    names = [name for name, package in packages.items() if not package]
    return f" (not installed: {', '.join(names)})" if names else ""


def run(rounds: int) -> None:
    financial, rust, scipy = installed("numpy_financial"), installed("pyxirr"), installed("scipy")
    _payment(rounds, financial, rust)
    _one_rate(rounds, rust, scipy)
    _all_rates(rounds)


def _payment(rounds: int, financial: Any, rust: Any) -> None:
    terms = RATE, COUNT, LENT
    assert abs(tvm.pmt(*terms) - plain_pmt(*terms)) < 1e-8
    cases = [
        Case("floor: the formula with **, three arguments", lambda _: plain_pmt(*terms)),
        Case("the formula with Excel's five arguments", lambda _: plain_excel_pmt(*terms)),
        Case("tvm.pmt", lambda _: tvm.pmt(*terms), target=1.5),
        Case("tvm.pmt with a future value, in advance", lambda _: tvm.pmt(*terms, 1000, 1)),
    ]
    if financial:
        cases.append(Case("numpy-financial", lambda _: financial.pmt(*terms)))
    if rust:
        cases.append(Case("pyxirr", lambda _: rust.pmt(*terms)))
    compare(f"tvm: pmt of one loan{absent({'numpy-financial': financial, 'pyxirr': rust})}", cases, rounds)


def _one_rate(rounds: int, rust: Any, scipy: Any) -> None:
    assert abs(lc.xirr(ONCE, DATES) - newton(ONCE, DATES)) < 1e-12
    cases = [
        Case("floor: Newton by hand", lambda _: newton(ONCE, DATES)),
        Case("lc.xirr", lambda _: lc.xirr(ONCE, DATES), target=1.5),
        Case("tvm.xirr", lambda _: tvm.xirr(ONCE, DATES), target=1.5),
    ]
    if scipy:
        cases.append(Case("scipy's brentq, in a bracket that is given", lambda _: brentq(ONCE, DATES)))
    if rust:
        cases.append(Case("pyxirr", lambda _: rust.xirr(DATES, ONCE)))
    missing = absent({"scipy": scipy, "pyxirr": rust})
    compare(f"tvm: xirr of 60 amounts that change sign once{missing}", cases, rounds)


def _all_rates(rounds: int) -> None:
    chance = Random(2026)
    streams = [[chance.randint(-1000, 1000) for _ in DATES] for _ in range(50)]
    found = [len(_rates(amounts)) for amounts in streams]
    compare(
        f"tvm: all rates of 60 amounts of any signs, {min(found)} to {max(found)} of them (the aim: under 20 ms)",
        [
            Case("one change of sign", lambda _: lc.xirr(ONCE, DATES)),
            Case("50 random streams in turn", _rates, partial(next, cycle(streams))),
        ],
        min(rounds, 11),
    )


def _rates(amounts: Sequence[int]) -> tuple[float, ...]:
    try:
        return (lc.xirr(amounts, DATES),)
    except lc.SeveralRates as several:
        return several.roots
    except lc.NoSolution:
        return ()
