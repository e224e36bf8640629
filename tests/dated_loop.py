"""Loans with dates worked out once more, night by night and in fractions: months counted from the start, day counts by their
definitions, and rates that change. Written from what they mean, and from nothing of the library.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from mpmath import mp, mpf

from plan_loop import NotCovered, Row, Shape, Terms, refuse_negative, repaid_by, solved

DAY_COUNTS = ("periodic", "ACT/360", "ACT/365F", "ACT/ACT ISDA", "30E/360")
MORE_DAY_COUNTS = (
    *DAY_COUNTS, "ACT/364", "ACT/365.25", "ACT/366", "NL/365", "NL/360", "30/360", "30E+/360", "30E/365", "ACT/ACT ICMA",
    "ACT/365L",
)  # fmt: skip
_FIXED_YEARS = {
    "ACT/360": Fraction(360), "ACT/364": Fraction(364), "ACT/365F": Fraction(365), "ACT/365.25": Fraction(1461, 4),
    "ACT/366": Fraction(366), "NL/365": Fraction(365), "NL/360": Fraction(360),
}  # fmt: skip


class Quote(NamedTuple):
    """A rate: per year, or per night; compounding so often a year, or never."""

    value: Fraction
    per_night: bool = False
    times: int | None = None

    def on_one(self, share: Fraction) -> Fraction:
        """The interest on 1 over a share of a year, of a rate that is not per night; a power that is not rational to 30 digits."""
        if self.times is None:
            return self.value * share
        power = self.times * share
        if power.denominator == 1:
            return (1 + self.value / self.times) ** power.numerator - 1
        with mp.workdps(90):
            base = 1 + mpf(self.value.numerator) / self.value.denominator / self.times
            grown = mp.expm1(mp.log(base) * power.numerator / power.denominator)
            return Fraction(Context(prec=30, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(mp.nstr(grown, 80))))


Nominal = Sequence[tuple[date, Fraction]]


class Time(NamedTuple):
    """The bounds of the interest periods, the day count, the rate from each day on, the share of the year of a period, and of each row
    that has another the nominal periods that it runs through: where each begins, and its share. `dues` are the days on which the rows
    are paid, after the start, where interest does not end on them.
    """

    bounds: Sequence[date]
    day_count: str
    rates: Sequence[tuple[date, Quote]]
    share: Fraction = Fraction(1, 12)
    own: Mapping[int, Nominal] = MappingProxyType({})
    dues: Sequence[date] | None = None

    def due(self, row: int) -> date:
        """The day on which a row is paid."""
        return (self.dues or self.bounds)[row + 1]

    def known_at(self, day: date) -> Time:
        """The same with the rates that hold by a day alone."""
        return self._replace(rates=[step for step in self.rates if step[0] <= day] or self.rates[:1])

    def row_of(self, day: date) -> int:
        """The row whose nights hold that of a day."""
        return next(row for row, end in enumerate(self.bounds[1:]) if day < end)

    def rate_at(self, day: date) -> Quote:
        """The rate that the night of a day bears."""
        return [rate for on, rate in self.rates if on <= day or on == self.rates[0][0]][-1]

    def factor(self, row: int, since: date | None = None) -> Fraction:
        """The interest of the period of a row on 1, perhaps since a day in it: of each stretch of nights that bear one rate."""
        period = (self.bounds[row], self.bounds[row + 1])
        start, end = since or period[0], period[1]
        if start == end:
            return Fraction(0)
        cuts = [start, *(day for day, _ in self.rates if start < day < end), end]
        whole = Fraction(0)
        for begin, until in pairwise(cuts):
            quote = self.rate_at(begin)
            if quote.per_night:
                own = quote.value * (until - begin).days
            else:
                own = quote.on_one(self.share_of(row, begin, until))
            whole += own * (1 + whole) if quote.times else own
        return whole

    def share_of(self, row: int, begin: date, until: date) -> Fraction:
        """What an interval inside the period of a row is of a year; where periods have a share of it, by the nights of each."""
        period = (self.bounds[row], self.bounds[row + 1])
        if self.day_count not in ("periodic", "ACT/ACT ICMA"):
            return share_of_year(self.day_count, begin, until, period)
        nominal, whole = self.own.get(row, [(period[0], self.share)]), Fraction(0)
        for (opens, share), closes in zip(nominal, [*(day for day, _ in nominal[1:]), period[1]], strict=True):
            nights = (min(until, closes) - max(begin, opens)).days
            whole += share * max(0, nights) / (closes - opens).days
        return whole


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def share_of_year(day_count: str, start: date, end: date, period: tuple[date, date]) -> Fraction:
    """What an interval inside a period is of a year, by its days."""
    nights = (end - start).days
    each = (date.fromordinal(start.toordinal() + night) for night in range(nights))
    if day_count.startswith("30"):
        return thirty(day_count, start, end)
    if day_count == "ACT/ACT ISDA":
        return sum((Fraction(1, 365 + is_leap(night.year)) for night in each), Fraction(0))
    if day_count == "ACT/365L":  # less than a year: by the year in which the period ends
        return Fraction(nights, 365 + is_leap(period[1].year))
    if day_count.startswith("NL"):  # whose day is counted, the first not and the last one so
        nights -= sum((date.fromordinal(night.toordinal() + 1)).timetuple()[1:3] == (2, 29) for night in each)
    return nights / _FIXED_YEARS[day_count]


def thirty(day_count: str, start: date, end: date) -> Fraction:
    """Months of 30 days."""
    last, day = end, min(30, start.day)
    if day_count == "30E/365":  # the last day of a month counts as the 30th
        ends, day = (30 if (night + timedelta(1)).day == 1 else night.day for night in (end, start))
        return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + ends - day, 365)
    if day_count == "30E+/360" and end.day == 31:
        last = end + timedelta(1)
    ends = last.day if day_count == "30/360" and day < 30 else min(30, last.day)
    months = 12 * (last.year - start.year) + last.month - start.month
    return Fraction(30 * months + ends - day, 360)


def is_leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29


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
    """A payment that stays whatever the rate becomes, over as many rows as it needs; what rounding may leave, a step for each of
    them, is in the last one.

    Raises:
        NotCovered: If it does not cover some interest, or needs more rows than there are.
    """
    owed, rows = terms.lent, list[Row]()
    for row in range(len(time.bounds) - 1):
        interest = terms.interest(owed * time.factor(row))
        part = min(owed, payment - interest)
        if part < 0:
            raise NotCovered
        if rows and part == owed <= len(rows) * terms.installment.step:
            return [*rows[:-1], (rows[-1][0] + owed, rows[-1][1])]
        rows.append((part, interest))
        owed -= part
        if not owed:
            return rows
    raise NotCovered
