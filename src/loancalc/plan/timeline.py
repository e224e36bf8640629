"""The time of one loan: its due dates, its accrual periods, and what a period or a part of one is worth in interest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Self

from loancalc.calendars import BusinessCalendar
from loancalc.lazily import Lazily, cached_property
from loancalc.time.daycount import Context, DayCount
from loancalc.time.period import guessed_dates
from loancalc.time.rate_path import RatePath
from loancalc.values.rates import Rate

Factor = tuple[int, int]
"""Interest per unit of principal, as an exact ratio with a positive denominator."""

Nominal = tuple[date, date, Fraction]
"""A nominal period, or the part of one that counts: its bounds, and its share of a year."""

ONE_DAY = timedelta(days=1)


def all_alike(factors: Sequence[Factor]) -> bool:
    """Whether all periods bear the same interest, however their ratios are written.

    >>> all_alike([(1, 100), (2, 200)]), all_alike([(1, 100), (31, 3100), (28, 3100)])
    (True, False)
    """
    first, whole = factors[0]
    return all(numerator * whole == first * denominator for numerator, denominator in factors)


@dataclass(frozen=True, kw_only=True)
class Timeline(Lazily, ABC):
    """What the time of every loan can tell, however its dates came about.

    Attributes:
        rate, day_count: No day count with a rate per day.
        path: The rate as it changes, where it does; it begins with `rate`.
    """

    rate: Rate
    day_count: DayCount | None
    path: RatePath | None = None

    @property
    @abstractmethod
    def bounds(self) -> tuple[date, ...]:
        """The start and the unadjusted due dates: period n is nominally `bounds[n - 1]` to `bounds[n]`."""

    @property
    @abstractmethod
    def dates(self) -> tuple[date, ...]:
        """The start and the due dates, on the days on which they are paid."""

    @property
    @abstractmethod
    def accrual(self) -> tuple[date, ...]:
        """The bounds of the accrual periods: interest of period n runs from `accrual[n - 1]` to `accrual[n]`."""

    def opens(self, index: int) -> date:
        """The day on which the period of a row begins, whether or not its interest was paid for some of it."""
        return self.accrual[index]

    @property
    @abstractmethod
    def calendar(self) -> BusinessCalendar | None:
        """Business days, where dates may move."""

    @property
    @abstractmethod
    def irregular(self) -> tuple[int, ...]:
        """The numbers of the periods that are not exactly one period of the frequency."""

    @property
    @abstractmethod
    def period_share(self) -> Fraction:
        """The share of the year of a regular period."""

    @abstractmethod
    def share(self, number: int) -> Factor:
        """Period `number` as a share of a year, as a ratio; its nights for a rate per day."""

    @abstractmethod
    def context(self, number: int) -> Context:
        """What some day counts have to know about period `number`; its reference is what interest runs over."""

    def _context_beyond(self, end: date) -> Context:
        """The same for the nights from the last period's end to `end`."""
        last = self.context(len(self.accrual) - 1)
        return Context(
            ref_start=self.accrual[-1],
            ref_end=end,
            stub="final",
            eom=last.eom,
            frequency=last.frequency,
            calendar=last.calendar,
            roll=last.roll,
            reading=last.reading,
        )

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Interest per unit of principal of every period, exact."""
        return tuple([self._factor_of(number) for number in range(1, len(self.bounds))])

    def _factor_of(self, number: int) -> Factor:
        """Interest per unit of principal of a period, by the rates that its nights bear."""
        start, end = self.accrual[number - 1 : number + 1]
        if self.path is None:
            return self.rate.factor(self.share(number), self.nights(number))
        slices = self.path.slices(start, end)
        return self.part(number, start, end) if len(slices) > 1 else self._factor_at(slices[0][0], number)

    def _factor_at(self, rate: Rate, number: int) -> Factor:
        return rate.factor(self.share(number), self.nights(number))

    def expected_from(self, number: int) -> Sequence[Factor]:
        """The factors of period `number` and all later ones, as if the rate at its end lasted."""
        if self.path is None:
            return self.factors[number - 1 :]
        last_night = self.accrual[number] - ONE_DAY
        known = self.path.known_on(last_night)
        if known.pauses:
            return self.known_by(last_night).factors[number - 1 :]
        rate, later = known.on(last_night), range(number + 1, len(self.bounds))
        return [self._factor_of(number), *(self._factor_at(rate, n) for n in later)]

    def lasting_rate(self, number: int) -> Rate:
        """The rate that is in force at the end of period `number`, whether or not its nights bear interest."""
        return self.rate if self.path is None else self.path.agreed_on(self.accrual[number] - ONE_DAY)

    def known_by(self, day: date) -> Self:
        """The same time, as if the rate that is known on a day lasted."""
        return self if self.path is None else replace(self, path=self.path.known_on(day))

    @property
    def inserted_rows(self) -> frozenset[int]:
        """The indices of rows that were put in on days of their own; there are none but in a `TimelineWithRows`."""
        return frozenset()

    def rate_on(self, day: date) -> Rate:
        """The contract rate that the night of a day bears."""
        return self.rate if self.path is None else self.path.on(day)

    def row_of(self, day: date) -> int:
        """The index of the period in which the night of a day lies.

        >>> from loancalc import Loan
        >>> time = Loan(1200, "12%", "2026-01-15", installments=12).timeline
        >>> [time.row_of(date(2026, 2, day)) for day in (14, 15)]
        [0, 1]
        """
        return bisect_right(self.accrual, day) - 1

    def check(self) -> None:
        """Refuse a day count that lacks a fact which this loan cannot give it.

        Raises:
            MissingContext: If it needs a calendar or a frequency, or has two readings that differ.
        """
        if self.day_count is not DayCount.PERIODIC:
            _ = self.factors

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What irregular periods do to the plan, and which dates are not certain yet."""
        return *self._of_irregular_periods, *guessed_dates(self.calendar, self.bounds, self.dates)

    @property
    def _of_irregular_periods(self) -> tuple[str, ...]:
        numbers, (start, end, *more) = self.irregular, self.dates
        if not numbers or not more:
            return ()
        if numbers == (1,):
            return (f"the first period, {start} to {end}, is not regular",)
        shown = ", ".join(map(str, numbers))
        return (f"not regular: {'periods' if len(numbers) > 1 else 'period'} {shown}; one payment is solved over all",)

    def part(self, number: int, start: date, end: date) -> Factor:
        """Interest per unit of principal over a part of period `number`, from `start` to `end`, exact.

        A part of a regular period is shared by its actual days (ACT/ACT ICMA on the loan's own periods). After the last
        period its nights go on counting as they did.
        """
        if self.path is None:
            return self._part_at(self.rate, number, start, end)
        parts = [self._part_at(rate, number, begin, until) for rate, begin, until in self.path.slices(start, end)]
        return parts[0] if len(parts) == 1 else _together(parts, compounding=self.rate.compounds is not None)

    def _part_at(self, rate: Rate, number: int, start: date, end: date) -> Factor:
        nights = (end - start).days
        if self.day_count is None:
            return rate.factor((nights, 1), nights)
        if self.day_count in BY_PERIOD:
            return rate.factor(self.part_of_period(number, start, end), nights)
        return rate.factor(self._share_of(number, start, end), nights)

    def part_of_period(self, number: int, start: date, end: date) -> Factor:
        """A part of period `number` as a share of a year, where only whole periods have one: by its nights; of an irregular one by
        those of the nominal periods that it runs through.
        """
        if nominal := self.nominal(number):
            parts = [share * nights / of for share, nights, of in _within(nominal, start, end)]
            return sum(parts, Fraction(0)).as_integer_ratio()
        share, whole = self.share(number)
        return share * (end - start).days, whole * (self.nights(number) or 1)

    def nominal(self, number: int) -> Sequence[Nominal]:
        """The nominal periods that an irregular period runs through, the first and the last as far as it does; none where they
        make no difference.
        """
        return ()

    def _share_of(self, number: int, start: date, end: date) -> Factor:
        if self.day_count is None:
            return (end - start).days, 1
        if not self.day_count.reads:
            return self.day_count.ratio(start, end)
        last = self.accrual[-1]
        if end <= last or start >= end:
            return self.day_count.ratio(start, end, self.context(number))
        beyond = self.day_count.ratio(max(start, last), end, self._context_beyond(end))
        if start >= last:
            return beyond
        within = self.day_count.ratio(start, last, self.context(number))
        return (Fraction(*within) + Fraction(*beyond)).as_integer_ratio()

    def nights(self, number: int) -> int:
        """The nights of a period."""
        return (self.accrual[number] - self.accrual[number - 1]).days

    def describe(self, number: int) -> str:
        """Period `number` as text: "1/12", "31/360", "31 nights"."""
        share, whole = self.share(number)
        return f"{share} nights" if self.day_count is None else f"{share}/{whole}"

    def describe_part(self, number: int, start: date, end: date) -> str:
        """A part of a period as text: "9/360", "9 nights", or "1/12 x 9/30" of a periodic one."""
        nights = (end - start).days
        if self.day_count is None:
            return f"{nights} nights"
        if nominal := self.nominal(number):
            within = [part for part in _within(nominal, start, end) if part[1]]
            shown = [str(share) if count == of else f"{share} x {count}/{of}" for share, count, of in within] or ["0"]
            return f"({' + '.join(shown)})" if len(shown) > 1 else shown[0]
        if self.day_count in BY_PERIOD:
            return f"{self.describe(number)} x {nights}/{self.nights(number)}"
        share, whole = self._share_of(number, start, end)
        return f"{share}/{whole}"


def _within(nominal: Sequence[Nominal], start: date, end: date) -> Iterator[tuple[Fraction, int, int]]:
    """Of each nominal period its share of a year, how many of its nights lie between two days, and how many it has. The nights
    after the last one count as its own do.
    """
    for place, (begin, until, share) in enumerate(nominal, 1):
        last = end if place == len(nominal) else min(end, until)
        yield share, max(0, (last - max(start, begin)).days), (until - begin).days


def _together(parts: Sequence[Factor], *, compounding: bool) -> Factor:
    """Interest over neighboring intervals: their sum, or what they grow to where interest compounds."""
    whole = Fraction(0)
    for part in parts:
        own = Fraction(*part)
        whole += own * (1 + whole) if compounding else own
    return whole.as_integer_ratio()


BY_PERIOD = (DayCount.PERIODIC, DayCount.ONE_ONE)
"""Day counts that know whole periods only: a part of one is shared by its actual days."""
