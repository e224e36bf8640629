"""The accrual lines of the installments of an account: what they accrue, when they end and when they go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from loancalc.plan.loan import Loan
from loancalc.servicing.late_rates import late_rates
from loancalc.servicing.overdue import INTEREST, Accrued, LineRates
from loancalc.servicing.owed import Growth, Line, Owed, Quote


class _Changed(NamedTuple):
    """A line that ended with its base: what stands as owed of it, what it grew on, and what was cut of it and of its component."""

    ended: Accrued
    growth: Growth | None
    line_cut: int
    cut: int

    @property
    def amount(self) -> int:
        """What stands as owed of it."""
        return self.ended[-1]

    def cut_since(self, item: Owed) -> int:
        """What caps cut of the line, those of its last day too."""
        _, component, *_ = self.ended
        return self.line_cut + max(0, item.cut[component] - self.cut)


class Lines:
    """The arithmetic of accrual lines: exact over the nights of the line, rounded once at its end."""

    def __init__(self, loan: Loan) -> None:
        self.start, self.before = loan.start, 0
        self._plans: dict[int, Loan] = {}
        self._changed: dict[tuple[int, int], _Changed] = {}
        self.pauses: tuple[tuple[date, date], ...] = ()
        self.agree(loan)
        terms = loan.late.interest if loan.late else None
        self._by_night = terms is not None and terms.rounded == "night"
        self.divide = loan.rounding.divide("accrual")
        self.ended: list[Accrued] = []

    def agree(self, loan: Loan) -> None:
        """The lines accrue by these terms; the time of those of contract interest is that of the plan."""
        self._changed = {key: changed for key, changed in self._changed.items() if key[1] != INTEREST}
        self.loan = self._plans[self.before] = loan
        self.late_rate = rates = late_rates(loan, self.start, self.pauses)
        self._night = rates.night if rates and rates.terms.rounded != "night" else None

    def change_rate(self) -> None:
        """Late interest bears another rate from today: no line that ended today goes on."""
        self._changed.clear()

    def rates(self) -> LineRates:
        """What the lines accrue at."""
        contract = self.loan.rate, "nights" if self.loan.day_count is None else str(self.loan.day_count)
        timelines = tuple((before, loan.timeline) for before, loan in self._plans.items())
        if self.late_rate is None:
            return LineRates(contract, (), timelines=timelines)
        late = tuple((day, rate.rate, rate.day_count_name) for day, rate in self.late_rate.steps)
        rounded = "each night rounded" if self._by_night else ""
        growing = self.late_rate.terms.compound == "interest-and-late-interest"
        compound = "and on late interest as it accrues" if growing else rounded
        return LineRates(contract, late, rounded, compound, timelines)

    def _accrued(
        self, item: Owed, component: int, base: int, growth: Growth | None, start: date, end: date
    ) -> tuple[int, int]:
        """Exact numerator and denominator of what a base accrues from one day to another."""
        if component == INTEREST:
            row = max(1, item.number - self.before)
            numerator, denominator = self.loan.timeline.part(row, start, end)
            return base * numerator, denominator
        assert self.late_rate is not None
        rate = self.late_rate.at(start)
        if growth is not None:  # what caps cut is rounded: it may exceed what has grown by part of a unit
            numerator, denominator = rate.on_growth(base, *growth, start, end)
            return max(0, numerator), denominator
        if self._by_night:
            return rate.each_night(base, start, end, self.divide), 1
        numerator, denominator = rate.factor(start, end)
        return base * numerator, denominator

    def _ask(self, item: Owed, component: int, line: Line, on: date) -> Quote:
        """Exact numerator and denominator of what has accrued by `on`, and the rounded amount."""
        if self._night is None or component == INTEREST or line.growth is not None:
            numerator, denominator = self._accrued(item, component, line.base, line.growth, line.start, on)
        else:
            numerator, denominator = self._night
            numerator *= line.base * (on - line.start).days
        line.asked = on
        line.quote = quote = numerator, denominator, self.divide(numerator, denominator)
        return quote

    def quote(self, item: Owed, component: int, on: date) -> int:
        """What has accrued on the open line by `on`, rounded; the line goes on."""
        line = item.lines[component]
        if line is None or on <= line.start or (item.held and component != INTEREST):
            return 0
        return line.quote[2] if line.asked == on else self._ask(item, component, line, on)[2]

    def record(self, item: Owed, component: int, on: date) -> Accrued | None:
        """The open line as it stands on `on`, with its arithmetic; None before its first night is over."""
        line = item.lines[component]
        if line is None or on <= line.start:
            return None
        quote = line.quote if line.asked == on else self._ask(item, component, line, on)
        return item.number, component, line.base, line.start, on, *quote

    def end(self, item: Owed, component: int, on: date) -> None:
        """What accrued on a line stands as owed, rounded once; the line begins again on the same base."""
        line = item.lines[component]
        if line is not None and on > line.start:
            quote = line.quote if line.asked == on else self._ask(item, component, line, on)
            numerator, denominator, amount = quote
            ended = item.number, component, line.base, line.start, on, numerator, denominator, amount
            if item.held and component != INTEREST:
                item.held_lines += (ended,)
            else:
                item.owed[component] += amount
                self.ended.append(ended)
            line.start, line.cut = on, 0

    def rebase(self, item: Owed, component: int, base: int, on: date, growth: Growth | None = None) -> None:
        """From `on`, a component accrues on `base` (and on what a growing base comes to): if that is a change, the line
        ends and another begins. A base that changes and returns on one day is no change: the line goes on.
        """
        line = item.lines[component]
        if line is None:
            if (base or growth) and not self._goes_on(item, component, base, on, growth):
                item.set_line(component, Line(base, on, growth))
        elif line.base != base or line.growth != growth:
            if on > line.start:
                self._change(item, component, line, on)
            elif self._goes_on(item, component, base, on, growth):
                return
            if base or growth:
                line.base, line.growth, line.start, line.asked = base, growth, on, on
            else:
                item.set_line(component, None)

    def _change(self, item: Owed, component: int, line: Line, on: date) -> None:
        """A line ends with its base, and is kept in mind for the day: its base may return."""
        cuts = line.cut, item.cut[component]
        self.end(item, component, on)
        ended = item.held_lines[-1] if item.held and component != INTEREST else self.ended[-1]
        self._changed[item.number, component] = _Changed(ended, line.growth, *cuts)

    def _goes_on(self, item: Owed, component: int, base: int, on: date, growth: Growth | None) -> bool:
        """Whether a line that ended today goes on, since its base is what it was and nothing that accrued on it was settled."""
        changed = self._changed.get((item.number, component))
        if changed is None:
            return False
        ended = changed.ended
        _, _, was, start, end, *_ = ended
        if (was, end, changed.growth) != (base, on, growth):
            return False
        if item.held and component != INTEREST:
            item.held_lines = tuple(other for other in item.held_lines if other is not ended)
        elif self._is_whole(item, component, changed):
            item.owed[component] -= changed.amount
            self.ended = [other for other in self.ended if other is not ended]
        else:
            return False
        line = Line(base, start, growth)
        line.cut = min(changed.cut_since(item), changed.amount)
        item.set_line(component, line)
        del self._changed[item.number, component]
        return True

    def _is_whole(self, item: Owed, component: int, changed: _Changed) -> bool:
        """Whether nothing was settled of what accrued on a line that ended with its base."""
        return item.owed[component] - item.cut[component] >= changed.amount - changed.cut_since(item)

    def owe(self, item: Owed, component: int, amount: int) -> None:
        """More is owed of a component; what was settled of it before stays settled."""
        changed = self._changed.get((item.number, component))
        if changed is not None and not self._is_whole(item, component, changed):
            del self._changed[item.number, component]
        item.owed[component] += amount

    def release(self, item: Owed) -> None:
        """The deferred grace is over: what accrued on ended lines since the due date stands as owed."""
        item.held = False
        for line in item.held_lines:
            _, component, *_, amount = line
            item.owed[component] += amount
            self.ended.append(line)
        item.held_lines, item.held_principal = (), ()

    def correct(self, item: Owed, component: int, spans: Sequence[Span], on: date) -> None:
        """The lines of a component as they would have been without what spans of nights turn out not to have borne: where
        that changes the base of a line, it ends. What is posted may be less than nothing by it.
        """
        ended, self.ended = self.ended, []
        for line in ended:
            number, kind, base, start, end, *_, amount = line
            pieces = _without(spans, base, start, end) if (number, kind) == (item.number, component) else []
            if not pieces:
                self.ended.append(line)
                continue
            item.owed[component] -= amount
            for piece in pieces:
                self._post(item, component, *piece)
        running = item.lines[component]
        pieces = _without(spans, running.base, running.start, on) if running is not None else []
        if pieces:
            for piece in pieces[:-1]:
                self._post(item, component, *piece)
            base, start, _ = pieces[-1]
            item.set_line(component, Line(base, start) if base else None)

    def _post(self, item: Owed, component: int, base: int, start: date, end: date) -> None:
        """A line that ended stands as owed."""
        if base:
            numerator, denominator = self._accrued(item, component, base, None, start, end)
            amount = self.divide(numerator, denominator)
            item.owed[component] += amount
            self.ended.append((item.number, component, base, start, end, numerator, denominator, amount))


def _without(spans: Sequence[Span], base: int, start: date, end: date) -> list[Span]:
    """The nights of a line less what spans of them did not bear, one piece for each base; none where nothing changes."""
    touching = [(less, first, last) for less, first, last in spans if less and first < end and start < last]
    if not touching:
        return []
    days, pieces = (
        sorted({start, end, *(day for span in touching for day in span[1:] if start < day < end)}),
        list[Span](),
    )
    for since, until in pairwise(days):
        left = base - sum(less for less, first, last in touching if first <= since and until <= last)
        if pieces and pieces[-1][0] == left:
            since = pieces.pop()[1]
        pieces.append((left, since, until))
    return pieces


Span = tuple[int, date, date]
"""A principal and the nights, from one day to another, during which it bore the late rate."""
