"""Rates that follow an index: its value on reset days with a spread, inside limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from loancalc.errors import InvalidDate, InvalidRate
from loancalc.time.frequency import Frequency, date_at
from loancalc.time.rate_path import KEEPS, RatePath, Steps, read_growth, read_steps
from loancalc.values.base_rates import BaseRate
from loancalc.values.counts import read_count
from loancalc.values.dates import DateLike, is_leap, read_date, read_dates
from loancalc.values.names import Names
from loancalc.values.quotations import percent
from loancalc.values.rates import Rate, RateLike, RelativeRate

_set = object.__setattr__
_YEARLY = Frequency(12, "month")
_AS_IT_IS = RelativeRate()
_RESETS = Names(
    "rate.reset",
    {"anniversary": ["对月对日", "周年日"], "01-01": ["1 January", "January 1", "1月1日", "每年1月1日", "元旦"]},
)


@dataclass(frozen=True, slots=True)
class IndexedRate:
    """A rate that follows an index: its value on reset days, with a spread, inside limits.

    Args:
        index: The published values of the index by the day from which they hold; the last one is taken to last. Or a `BaseRate`,
            which may be negative, or the name of one that comes with the library ("cn-lpr-5y").
        spread: What is added, "+0.6pp" or "-20bp", or a multiple of it, "1.1x".
        reset: `"anniversary"` (对月对日: of the first day that bears interest), a day of the year such as `"01-01"` (每年1月1日,
            China's usual repricing day of LPR loans), or the days themselves.
        every: Years from one reset to the next.
        look_back: Days before a reset on which the index is read.
        cap, floor: The highest and the lowest rate, of the index's kind: per day or not; a rate per month is twelve times that
            a year. Where the index compounds, they are quoted as it is.
        change_cap: The most by which a reset may move the rate either way, such as "2pp" a year.
        keep: "term", "payment" or "level", for all changes, as in `RatePath`.
        payment_cap: As in `RatePath`.
        name: The name of the index, for what is shown.

    Raises:
        InvalidRate: If the index has no value for a day on which it is read, its values or limits are not of one kind, or no
            rate is within the limits.

    >>> lpr = {"2024-10-20": "3.6%", "2025-05-20": "3.5%"}
    >>> loan_rate = IndexedRate(lpr, "+0.3pp", reset="01-01", keep="term", name="LPR 5Y")
    >>> print(loan_rate.path(date(2025, 3, 20), date(2027, 3, 20)))
    3.9%/year, 3.8%/year from 2026-01-01
    """

    index: tuple[tuple[date, Rate], ...] | BaseRate
    spread: RelativeRate
    reset: str | tuple[date, ...]
    every: int
    look_back: int
    cap: Rate | None
    floor: Rate | None
    change_cap: Fraction | None
    keep: str | None
    payment_cap: Fraction | None
    name: str

    def __init__(
        self,
        index: Steps | BaseRate | str,
        spread: RelativeRate | str = "+0pp",
        *,
        reset: str | Iterable[DateLike],
        every: int = 1,
        look_back: int = 0,
        cap: RateLike | None = None,
        floor: RateLike | None = None,
        change_cap: str | None = None,
        keep: str | None = None,
        payment_cap: str | Fraction | None = None,
        name: str | None = None,
    ) -> None:
        values = BaseRate.of(index, "rate.index") if isinstance(index, BaseRate | str) else _values(index)
        _set(self, "index", values)
        _set(self, "spread", RelativeRate.parse(spread, "rate.spread"))
        _set(self, "reset", _read_reset(reset))
        _set(self, "every", read_count(every, "rate.every", 1))
        _set(self, "look_back", read_count(look_back, "rate.look_back"))
        kind = _kind_of(values)
        if kind.per == "day" and self.spread.points:
            raise InvalidRate(
                f"rate.spread: got {self.spread} over rates per day; points are a year; expected a multiple"
            )
        _set(self, "cap", None if cap is None else _limit(cap, kind, "rate.cap"))
        _set(self, "floor", None if floor is None else _limit(floor, kind, "rate.floor"))
        if self.cap and self.floor and self.floor.value > self.cap.value:
            raise InvalidRate(f"rate.floor: got {self.floor}; expected at most the cap, {self.cap}")
        _set(self, "change_cap", None if change_cap is None else _most_change(change_cap, kind))
        _set(self, "keep", None if keep is None else KEEPS.find(keep))
        _set(self, "payment_cap", None if payment_cap is None else read_growth(payment_cap, "rate.payment_cap"))
        _set(self, "name", name or (values.name if isinstance(values, BaseRate) else "index"))

    def path(self, start: date, end: date) -> RatePath:
        """The dated rates of a loan from its first to its last day."""
        resets = self._resets(start, end)
        rates = [(start, self._within(start, None))]
        for day in resets:
            rate = self._within(day, rates[-1][1])
            if rate != rates[-1][1]:
                rates.append((day, rate))
        origin = self._describe([start, *resets])
        return RatePath(rates[0][1], rates[1:], keep=self.keep, payment_cap=self.payment_cap, origin=origin)

    @property
    def _steps(self) -> tuple[tuple[date, Fraction], ...]:
        """The values of the index, as fractions of the unit of the rates that it makes."""
        if isinstance(self.index, BaseRate):
            return self.index.steps
        return tuple((day, _AS_IT_IS.over(rate).value) for day, rate in self.index)

    def _known_on(self, day: date) -> tuple[date, Fraction]:
        """The value of the index that is read on a reset day, and the day from which it holds."""
        try:
            read_on = day - timedelta(days=self.look_back)
        except OverflowError:
            raise InvalidRate(
                f"rate.look_back: got {self.look_back}; expected days back to a day of the index"
            ) from None
        known = [step for step in self._steps if step[0] <= read_on]
        if not known:
            raise InvalidRate(f"rate.index: got no value for {read_on}; the first is of {self._steps[0][0]}")
        return known[-1]

    def _describe(self, days: Iterable[date]) -> str:
        """Which values were read on some days, and where they come from."""
        read = dict(map(self._known_on, days))
        values = ", ".join(f"{percent(value)} from {since}" for since, value in read.items())
        goes_on = ", its last value known, which goes on" if self._steps[-1][0] in read else ""
        provenance = self.index.provenance if isinstance(self.index, BaseRate) else None
        origin = f"; {provenance.status}; source: {provenance.source}" if provenance else ""
        return f"{self.name} {self.spread}, {values}{goes_on}{origin}"

    def _within(self, day: date, before: Rate | None) -> Rate:
        kind = _kind_of(self.index)
        value = self.spread.multiple * self._known_on(day)[1] + self.spread.points
        if before is not None and self.change_cap is not None:
            value = min(max(value, before.value - self.change_cap), before.value + self.change_cap)
        if self.cap is not None:
            value = min(value, self.cap.value)
        if self.floor is not None:
            value = max(value, self.floor.value)
        if value < 0:
            raise InvalidRate(
                f"rate.floor: missing; {self.name} with {self.spread} is {percent(value)} on {day}; expected the least that the rate "
                "may be, such as '0%'"
            )
        return replace(kind, value=value)

    def _resets(self, start: date, end: date) -> list[date]:
        if isinstance(self.reset, tuple):
            return [day for day in self.reset if start < day < end]
        if self.reset == "anniversary":
            count = end.year - start.year + 1
            days = [date_at(start, _YEARLY, number) for number in range(self.every, count, self.every)]
        else:
            month, day = int(self.reset[:2]), int(self.reset[3:])
            years = [year for year in range(start.year, end.year + 1) if (month, day) != (2, 29) or is_leap(year)]
            days = [date(year, month, day) for year in years if date(year, month, day) > start][:: self.every]
        return [day for day in days if start < day < end]


CHANGING = RatePath, IndexedRate
"""The kinds of rates that change."""


def _values(index: Steps) -> tuple[tuple[date, Rate], ...]:
    """The published values of an index, all of one kind."""
    values = read_steps(index, "rate.index")
    if not values:
        raise InvalidRate("rate.index: got no values; expected the published ones by date")
    for day, rate in values:
        _of_kind(rate, values[0][1], "rate.index", f" on {day}")
    return values


def _kind_of(index: tuple[tuple[date, Rate], ...] | BaseRate) -> Rate:
    """A rate of the unit and compounding that the index makes: per day, or per year, also of rates per month."""
    return Rate(Fraction(0)) if isinstance(index, BaseRate) else _AS_IT_IS.over(index[0][1])


def _of_kind(rate: Rate, like: Rate, field: str, when: str = "") -> None:
    """Refuse a rate that another one cannot be compared with."""
    if (rate.per == "day") is not (like.per == "day") or rate.compounds != like.compounds:
        raise InvalidRate(f"{field}: got {rate}{when} beside {like}; expected rates of one kind")


def _limit(value: RateLike, index: Rate, field: str) -> Rate:
    """A limit in the unit of the rates that the index makes; a plain one is quoted as those are."""
    limit = _AS_IT_IS.over(Rate.parse(value, field))
    if limit.compounds is None and limit.per == index.per:
        limit = replace(limit, compounds=index.compounds)
    _of_kind(limit, index, field)
    return limit


def _most_change(value: str, index: Rate) -> Fraction:
    """By how much a reset may move the rate, as a fraction a year."""
    points = RelativeRate.parse(f"+{value.strip().removeprefix('+')}", "rate.change_cap").points
    if index.per == "day":
        raise InvalidRate(
            f"rate.change_cap: got {value!r} with {index}; points are a year, and expected of such rates only"
        )
    return points


def _read_reset(reset: str | Iterable[DateLike]) -> str | tuple[date, ...]:
    if not isinstance(reset, str):
        return tuple(sorted(read_dates(reset, "rate.reset")))
    if len(reset) == 5:
        try:
            read_date(f"2024-{reset}", "rate.reset")
        except InvalidDate:
            raise InvalidDate(f"rate.reset: got {reset!r}; expected a day of the year such as '01-01'") from None
        return reset
    return _RESETS.find(reset)
