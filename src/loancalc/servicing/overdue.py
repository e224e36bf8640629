"""What accrues and is charged while a loan is late, as it is recorded: lines of interest and penalties."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from loancalc.plan.timeline import Timeline
from loancalc.time.daycount import Context, DayCount
from loancalc.values.names import COMPONENTS, Component
from loancalc.values.rates import Rate

COST, FEE, PENALTY, COMPOUND, LATE, INTEREST, PRINCIPAL = range(len(COMPONENTS))


_WITH_CONTEXT = frozenset(str(day_count) for day_count in DayCount if day_count.reads)


class AccrualLine(NamedTuple):
    """One line of accrued interest: a base, a rate and an interval, exact inside and rounded once at its end.

    Amounts are in minor units; `numerator / denominator` is the unrounded amount. A `note` says what beside base, rate and
    time is in it; `time` is the interval as text where its day count alone cannot tell, as with business days.
    """

    installment: int
    component: Component
    base: int
    rate: Rate
    day_count: str
    start: date
    end: date
    numerator: int
    denominator: int
    amount: int
    is_open: bool
    note: str = ""
    time: str = ""

    @property
    def nights(self) -> int:
        """Nights from `start` to `end`."""
        return (self.end - self.start).days


Accrued = tuple[int, int, int, date, date, int, int, int]
"""A line as a replay keeps it: installment, component, base, start, end, numerator, denominator, rounded amount."""


class LineRates(NamedTuple):
    """What the lines of a loan accrue at: contract rate, and late rates with the dates from which they hold; each with
    the name of its day count. `timelines` tell the time of those that need more than two dates: of each plan, after how
    many installments it begins, and its time.
    """

    contract: tuple[Rate, str]
    late: tuple[tuple[date, Rate, str], ...]
    late_note: str = ""
    compound_note: str = ""
    timelines: tuple[tuple[int, Timeline], ...] = ()

    def show(self, accrued: Accrued, *, is_open: bool) -> AccrualLine:
        """A kept line with its names and its rate."""
        installment, component, base, start, end, numerator, denominator, amount = accrued
        note = ""
        if component == INTEREST or not self.late:
            rate, day_count = self.contract
        else:
            place = bisect_right(self.late, start, key=lambda step: step[0])
            _, rate, day_count = self.late[max(0, place - 1)]
            note = self.late_note if component == LATE else self.compound_note
        return AccrualLine(
            installment=installment,
            component=COMPONENTS[component],
            base=base,
            rate=rate,
            day_count=day_count,
            start=start,
            end=end,
            numerator=numerator,
            denominator=denominator,
            amount=amount,
            is_open=is_open,
            note=note,
            time=self._time(installment, component, start, end, day_count),
        )

    def _time(self, installment: int, component: int, start: date, end: date, day_count: str) -> str:
        if not self.timelines or day_count not in _WITH_CONTEXT:
            return ""
        before, timeline = [plan for plan in self.timelines if plan[0] < installment][-1]
        if component == INTEREST:
            return timeline.describe_part(installment - before, start, end)
        share, whole = DayCount(day_count).ratio(start, end, Context(calendar=timeline.calendar))
        return f"{share}/{whole}"


class PenaltyCharge(NamedTuple):
    """One penalty as it was assessed: its rule, its base and its amount, in minor units."""

    installment: int
    on: date
    rule: str
    base: int
    amount: int
