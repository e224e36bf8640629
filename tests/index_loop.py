"""Rates that follow an index, worked out once more: what it is on reset days, with a spread, inside limits. Written from what the
words mean, and from nothing of the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from dated_loop import Quote, months_later


class Index(NamedTuple):
    """Values by the day from which they hold; a multiple of them with points on top, read so many days before each reset. Resets
    are anniversaries of the start, a month and day, or listed; each so many years. A reset moves the rate by so much at most.
    """

    values: Sequence[tuple[date, Fraction]]
    multiple: Fraction
    points: Fraction
    reset: str | tuple[int, int] | Sequence[date]
    every: int
    look_back: int
    least: Fraction
    most: Fraction | None
    most_change: Fraction | None

    def resets(self, start: date, end: date) -> list[date]:
        years = range(1, end.year - start.year + 2)
        if self.reset == "anniversary":
            days = [months_later(start, 12 * year) for year in years if year % self.every == 0]
        elif isinstance(self.reset, tuple) and isinstance(self.reset[0], int):
            month, of_month = self.reset
            in_each = [date(start.year + year, month, of_month) for year in range(len(years) + 1)]
            days = [day for day in in_each if day > start][:: self.every]
        else:
            days = sorted(self.reset)
        return [day for day in days if start < day < end]

    def rate(self, day: date, before: Fraction | None) -> Fraction:
        """The rate from a reset on, after another."""
        read = [value for since, value in self.values if since <= day - timedelta(self.look_back)][-1]
        rate = read * self.multiple + self.points
        if before is not None and self.most_change is not None:
            rate = min(max(rate, before - self.most_change), before + self.most_change)
        rate = rate if self.most is None else min(rate, self.most)
        return max(rate, self.least)

    def rates(self, start: date, end: date, like: Quote) -> list[tuple[date, Quote]]:
        """The rate from the start, and every other one from its day on."""
        found = [(start, self.rate(start, None))]
        for day in self.resets(start, end):
            rate = self.rate(day, found[-1][1])
            if rate != found[-1][1]:
                found.append((day, rate))
        return [(day, like._replace(value=rate)) for day, rate in found]
