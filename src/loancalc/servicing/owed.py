"""What one installment owes while an account is replayed, and the accrual lines that run on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from loancalc.plan.loan import Loan
from loancalc.servicing.late_rates import late_rates
from loancalc.servicing.overdue import COMPOUND, INTEREST, LATE, Accrued, LineRates

Amounts = tuple[int, ...]
"""An amount for each component, in minor units; a change makes new ones, so that whoever was given them keeps them."""

NOTHING: Amounts = (0, 0, 0, 0, 0, 0, 0)

NO_DEBT = [*NOTHING]
"""What is owed of an installment of which nothing is; to compare with, never to write to."""

Quote = tuple[int, int, int]
"""What has accrued on a line: exact numerator and denominator, and the rounded amount."""

Growth = tuple[int, date]
"""A base that bears late interest and the day since which it does: compound interest may run on what that comes to."""


class Line:
    """An open accrual line: what it accrues on, since when; what caps cut of it; and what was last asked of it, for one day."""

    __slots__ = ("asked", "base", "cut", "growth", "quote", "start")

    def __init__(self, base: int, start: date, growth: Growth | None = None) -> None:
        self.base = base
        self.growth = growth
        self.start = start
        self.cut = 0
        self.asked = start
        self.quote: Quote = (0, 1, 0)


NO_LINES: Sequence[Line | None] = (None,) * len(NOTHING)


class Owed:
    """One installment as it is owed, in minor units.

    `owed`, `paid`, `waived`, `written_off`, `moved` (to a new plan) and `cut` hold an amount for each component, by its
    number; `lines` the open accrual line of each, `NO_LINES` while there is none. `capitalized` is interest that joins
    the principal on the due date. While the grace is deferred (`held`), lines run but nothing of them is owed; what ended
    waits in `held_lines`. `graced` is the last day without late charges, `bears_from` the first night of late interest;
    `capital` what of late and compound interest was capitalized and is unpaid; `is_stopped` says that late interest has
    come to its end. `prepaid` is what was settled of it before the plan was made anew in its period: it counts toward
    nothing that is asked since. `over` is principal of a daily loan that came early beyond what it asked for.
    """

    __slots__ = (
        "bears_from",
        "capital",
        "capitalized",
        "cut",
        "due",
        "fee",
        "graced",
        "held",
        "held_lines",
        "held_principal",
        "interest",
        "is_stopped",
        "lines",
        "moved",
        "number",
        "over",
        "owed",
        "paid",
        "prepaid",
        "principal",
        "settled_on",
        "waived",
        "written_off",
    )  # fmt: skip

    def __init__(self, number: int, due: date, principal: int, interest: int, fee: int) -> None:
        self.number = number
        self.due = self.graced = self.bears_from = due
        self.fee = fee
        self.principal, self.interest, self.capitalized = principal, interest, 0
        if principal < 0:
            self.plan(principal, interest)
        self.owed = [0, 0, 0, 0, 0, 0, 0]
        self.paid = [0, 0, 0, 0, 0, 0, 0]
        self.waived = self.written_off = self.moved = self.cut = NOTHING
        self.lines = NO_LINES
        self.held = self.is_stopped = False
        self.prepaid = NOTHING
        self.over = 0
        self.capital: dict[int, int] | None = None
        self.held_lines: tuple[Accrued, ...] = ()
        self.held_principal: tuple[tuple[int, date], ...] = ()
        self.settled_on: date | None = None

    def plan(self, principal: int, interest: int) -> None:
        """What a row of the plan asks for; interest that it does not ask for joins the principal."""
        self.capitalized = max(0, -principal)
        self.principal, self.interest = max(0, principal), interest - self.capitalized

    @property
    def is_clear(self) -> bool:
        """Nothing is owed and nothing accrues."""
        return self.lines is NO_LINES and self.owed == NO_DEBT

    def set_line(self, component: int, line: Line | None) -> None:
        """From now on a component accrues on another line, or on none."""
        lines = self.lines if isinstance(self.lines, list) else [*self.lines]
        lines[component] = line
        self.lines = NO_LINES if line is None and not any(lines) else lines

    def add(self, bucket: str, component: int, amount: int) -> None:
        """More of a component is waived, written off or cut; less, if the amount is negative."""
        before: Amounts = getattr(self, bucket)
        setattr(self, bucket, (*before[:component], before[component] + amount, *before[component + 1 :]))

    def cut_off(self, component: int, amount: int, on: date) -> None:
        """A cap cuts more of a component on a day, of what its line came to first; or it gives back, of older lines first."""
        self.add("cut", component, amount)
        line = self.lines[component]
        if line is not None and line.start < on == line.asked:
            line.cut = min(line.cut + max(0, amount), line.quote[2], self.cut[component])

    def repay_capital(self, component: int, amount: int) -> None:
        """What is paid of a component is first what was capitalized of it."""
        if self.capital and component in self.capital:
            self.capital[component] = max(0, self.capital[component] - amount)

    def settled(self, component: int) -> int:
        """What was paid, waived, written off or moved to a new plan of a component."""
        return self.paid[component] + self.waived[component] + self.written_off[component] + self.moved[component]

    def settled_so_far(self) -> Sequence[int]:
        """The same for every component."""
        if self.waived is self.written_off is self.moved is NOTHING:
            return self.paid
        return [self.settled(component) for component in range(len(NOTHING))]

    @property
    def charged(self) -> Amounts:
        """Of one not yet due: what is owed of what was charged to it, caps taken off; interest to date is no part of it."""
        owed = [*map(int.__sub__, self.owed, self.cut)]
        owed[INTEREST] = 0
        return tuple(owed)

    def pass_on_waived(self, later: Sequence[Owed]) -> None:
        """Interest that was waived beyond what it asks for, since its plan changed after that, is waived of the next one."""
        over = min(self.settled(INTEREST) - self.interest, self.waived[INTEREST])
        if later and over > 0:
            self.add("waived", INTEREST, -over)
            later[0].add("waived", INTEREST, over)

    def take_over(self, other: Owed) -> None:
        """What was charged to, and settled of, another installment that is merged into this one."""
        for name in ("owed", "paid", "waived", "written_off", "moved", "cut", "prepaid"):
            mine = getattr(self, name)
            setattr(self, name, type(mine)(map(int.__add__, mine, getattr(other, name))))

    @property
    def scheduled_interest(self) -> int:
        """The unpaid interest that fell due with it; what accrues after maturity is settled after it and is no base."""
        owed = self.owed[INTEREST]
        return owed and min(owed, max(0, self.interest - self.settled(INTEREST)))

    def unpaid(self, component: int) -> int:
        """What is unpaid of what fell due with it, caps taken off."""
        owed = self.owed[component]
        if not owed:
            return 0
        if component == INTEREST:
            owed = self.scheduled_interest
        return max(0, owed - self.cut[component])

    def forget_late_lines(self) -> None:
        """It was paid inside the deferred grace: what was deferred never counts, and no late charge accrues."""
        self.held = False
        self.held_lines, self.held_principal = (), ()
        self.set_line(LATE, None)
        self.set_line(COMPOUND, None)


class Lines:
    """The arithmetic of accrual lines: exact over the nights of the line, rounded once at its end."""

    def __init__(self, loan: Loan) -> None:
        self.start, self.before = loan.start, 0
        self._plans: dict[int, Loan] = {}
        self.pauses: tuple[tuple[date, date], ...] = ()
        self.agree(loan)
        terms = loan.late.interest if loan.late else None
        self._by_night = terms is not None and terms.rounded == "night"
        self.divide = loan.rounding.divide("accrual")
        self.ended: list[Accrued] = []

    def agree(self, loan: Loan) -> None:
        """The lines accrue by these terms."""
        self.loan = self._plans[self.before] = loan
        self.late_rate = rates = late_rates(loan, self.start, self.pauses)
        self._night = rates.night if rates and rates.terms.rounded != "night" else None

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
        ends and another begins.
        """
        line = item.lines[component]
        if line is None:
            if base or growth:
                item.set_line(component, Line(base, on, growth))
        elif line.base != base or line.growth != growth:
            if on > line.start:
                self.end(item, component, on)
            if base or growth:
                line.base, line.growth, line.start, line.asked = base, growth, on, on
            else:
                item.set_line(component, None)

    def close(self, item: Owed, on: date) -> None:
        """Nothing of an installment bears late or compound interest any more."""
        lines = [*item.lines]
        for component in (LATE, COMPOUND):
            if lines[component] is not None:
                self.end(item, component, on)
                lines[component] = None
        item.lines = lines if any(lines) else NO_LINES

    def release(self, item: Owed) -> None:
        """The deferred grace is over: what accrued on ended lines since the due date stands as owed."""
        item.held = False
        for line in item.held_lines:
            item.owed[line[1]] += line[-1]
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
    days = sorted({start, end, *(day for span in touching for day in span[1:] if start < day < end)})
    return [
        (base - sum(less for less, first, last in touching if first <= since and until <= last), since, until)
        for since, until in pairwise(days)
    ]


Span = tuple[int, date, date]
"""A principal and the nights, from one day to another, during which it bore the late rate."""

Part = tuple[int, int, int, date]
"""What an event settled, and when: installment, component, amount in minor units, day."""
