"""The equations behind Excel's functions in plain arithmetic of many digits (mpmath): what the tests judge `tvm` by.

A float is read as the shortest decimal that prints it. The digits grow with `(1 + rate) ** nper`, so that a balance can be
taken through sums that cancel, which the code under test never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from math import log10

from mpmath import mp, mpf

Number = float | Decimal

LEAST = mpf("1e-290")
"""Nearer to 0, floats have fewer digits."""


def exact(number: Number) -> mpf:
    return mpf(repr(number) if isinstance(number, float) else str(number))


@contextmanager
def many_digits(rate: Number, periods: Number) -> Iterator[None]:
    with mp.workdps(120 + int(abs(float(periods) * log10(1 + float(rate))))):
        yield


def factors(rate: mpf, periods: mpf) -> tuple[mpf, mpf]:
    """What 1 now, and 1 at the end of every period, are at the end."""
    if not rate:
        return mpf(1), periods
    grown = (1 + rate) ** periods
    return grown, (grown - 1) / rate


def payment(rate: Number, nper: Number, pv: Number, fv: Number = 0, type: int = 0) -> mpf:
    with many_digits(rate, nper):
        grown, annuity = factors(exact(rate), exact(nper))
        return -(exact(pv) * grown + exact(fv)) / annuity / (1 + exact(rate) * type)


def future(rate: Number, nper: Number, pmt: Number, pv: Number = 0, type: int = 0) -> mpf:
    with many_digits(rate, nper):
        grown, annuity = factors(exact(rate), exact(nper))
        return -(exact(pv) * grown + exact(pmt) * (1 + exact(rate) * type) * annuity)


def present(rate: Number, nper: Number, pmt: Number, fv: Number = 0, type: int = 0) -> mpf:
    with many_digits(rate, nper):
        grown, annuity = factors(exact(rate), exact(nper))
        return -(exact(fv) + exact(pmt) * (1 + exact(rate) * type) * annuity) / grown


def interest(rate: Number, per: int, nper: Number, pv: Number, fv: Number = 0, type: int = 0) -> mpf:
    """Interest on the balance that was owed for the period before payment `per`."""
    if type and per == 1:
        return mpf(0)
    with many_digits(rate, nper):
        level = payment(rate, nper, pv, fv, type)
        paid = per - 1 - type  # periods over which the balance grew and payments were made at their end
        grown, annuity = factors(exact(rate), mpf(paid))
        opening = exact(pv) + level * type
        return -(opening * grown + level * annuity) * exact(rate)


def principal(rate: Number, per: int, nper: Number, pv: Number, fv: Number = 0, type: int = 0) -> mpf:
    with many_digits(rate, nper):
        return payment(rate, nper, pv, fv, type) - interest(rate, per, nper, pv, fv, type)


def periods(rate: Number, pmt: Number, pv: Number, fv: Number = 0, type: int = 0) -> mpf | None:
    """The number of periods, or None where there is none."""
    with mp.workdps(120):
        if not rate:
            return -(exact(pv) + exact(fv)) / exact(pmt) if pmt else None
        level = exact(pmt) * (1 + exact(rate) * type) / exact(rate)
        top, bottom = level - exact(fv), level + exact(pv)
        return mp.log(top / bottom) / mp.log(1 + exact(rate)) if bottom and top / bottom > 0 else None


def left_over(rate: mpf, nper: Number, pmt: Number, pv: Number, fv: Number = 0, type: int = 0) -> mpf:
    """What the payments are worth at the end at a rate that should make it nothing."""
    grown, annuity = factors(rate, exact(nper))
    return exact(pv) * grown + exact(pmt) * (1 + rate * type) * annuity + exact(fv)
