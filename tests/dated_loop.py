"""Loans with dates worked out once more, night by night and in fractions: months counted from the start, day counts by their
definitions, and rates that change. Written from what they mean, and from nothing of the library.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from mpmath import mp, mpf

from plan_loop import NotCovered, Row, Shape, Terms, refuse_negative, repaid_by, solved

DAY_COUNTS = ("periodic", "ACT/360", "ACT/365F", "ACT/ACT ISDA", "30E/360")


class Quote(NamedTuple):
    """A rate: per year, or per night; compounding so often a year, or never."""

    value: Fraction
    per_night: bool = False
    times: int | None = None


class Time(NamedTuple):
    """The bounds of the interest periods, the day count, and the rate from each day on."""

    bounds: Sequence[date]
    day_count: str
    rates: Sequence[tuple[date, Quote]]

    def known_at(self, day: date) -> Time:
        """The same with the rates that hold by a day alone."""
        return self._replace(rates=[step for step in self.rates if step[0] <= day] or self.rates[:1])

    def row_of(self, day: date) -> int:
        """The row whose nights hold that of a day."""
        return next(row for row, end in enumerate(self.bounds[1:]) if day < end)

    def factor(self, row: int, since: date | None = None) -> Fraction:
        """The interest of the period of a row on 1, perhaps since a day in it: of each stretch of nights that bear one rate."""
        period = (self.bounds[row], self.bounds[row + 1])
        start, end = since or period[0], period[1]
        if start == end:
            return Fraction(0)
        cuts = [start, *(day for day, _ in self.rates if start < day < end), end]
        whole = Fraction(0)
        for begin, until in pairwise(cuts):
            quote = [rate for day, rate in self.rates if day <= begin or day == self.rates[0][0]][-1]
            own = interest_on_one(quote, begin, until, self.day_count, period)
            whole += own * (1 + whole) if quote.times else own
        return whole


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def share_of_year(day_count: str, start: date, end: date, period: tuple[date, date]) -> Fraction:
    """What an interval, inside a period of one month, is of a year."""
    nights = (end - start).days
    if day_count == "periodic":
        return Fraction(nights, 12 * (period[1] - period[0]).days)
    if day_count == "30E/360":
        months = 12 * (end.year - start.year) + end.month - start.month
        return Fraction(30 * months + min(30, end.day) - min(30, start.day), 360)
    if day_count == "ACT/ACT ISDA":
        each = (date.fromordinal(start.toordinal() + night) for night in range(nights))
        return sum((Fraction(1, 365 + (monthrange(night.year, 2)[1] == 29)) for night in each), Fraction(0))
    return Fraction(nights, 360 if day_count == "ACT/360" else 365)


def interest_on_one(quote: Quote, start: date, end: date, day_count: str, period: tuple[date, date]) -> Fraction:
    """The interest on 1 over nights of one rate; a power that is not rational to 30 digits."""
    if quote.per_night:
        return quote.value * (end - start).days
    share = share_of_year(day_count, start, end, period)
    if quote.times is None:
        return quote.value * share
    power = quote.times * share
    if power.denominator == 1:
        return (1 + quote.value / quote.times) ** power.numerator - 1
    with mp.workdps(90):
        base = 1 + mpf(quote.value.numerator) / quote.value.denominator / quote.times
        grown = mp.expm1(mp.log(base) * power.numerator / power.denominator)
        return Fraction(Context(prec=30, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(mp.nstr(grown, 80))))


def plan_with_changes(terms: Terms, shape: Shape, time: Time, outs: Sequence[tuple[date, int]] = ()) -> list[Row]:
    """Payments that keep the term: solved at the start, and again from every row whose nights bear a new rate, as if that one
    lasted, or in which more is paid out; that bears interest from its day.
    """
    days = [day for day, _ in (*time.rates[1:], *outs) if time.bounds[0] < day < time.bounds[-1]]
    count, owed, rows = len(time.bounds) - 1, terms.lent, list[Row]()
    starts = sorted({0, *(time.row_of(day) for day in days)})
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        expected = time.known_at(time.bounds[start + 1] - timedelta(1))
        first, *later = (expected.factor(row) for row in range(start, count))
        interest = owed * first
        for day, amount in outs:
            if time.row_of(day) == start:
                interest += amount * expected.factor(start, day)
                owed += amount
        ahead = terms._replace(lent=owed, factors=[interest / owed, *later])
        asked_of = shape._replace(weights=shape.weights[start:], beside=shape.beside[start:])
        if not any(asked_of.weights):
            raise NotCovered
        asked = asked_of.payments(solved(ahead, asked_of), terms.installment)
        refuse_negative(asked)
        got = repaid_by(ahead, asked)[: end - start]
        rows += got
        owed -= sum(part for part, _ in got)
        if not owed:
            if any(time.row_of(day) >= end for day, _ in outs):
                raise NotCovered
            break
    return rows


def plan_that_keeps(terms: Terms, payment: int, time: Time) -> list[Row]:
    """A payment that stays whatever the rate becomes, over as many rows as it needs.

    Raises:
        NotCovered: If it does not cover some interest, or needs more rows than there are.
    """
    owed, rows = terms.lent, list[Row]()
    for row in range(len(time.bounds) - 1):
        interest = terms.interest(owed * time.factor(row))
        part = min(owed, payment - interest)
        if part < 0:
            raise NotCovered
        rows.append((part, interest))
        owed -= part
        if not owed:
            return rows
    raise NotCovered
