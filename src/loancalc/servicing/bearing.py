"""What bears late interest of the installments that are due, as nights go by and what is unpaid changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from loancalc.plan.loan import Loan
from loancalc.servicing.due import Due
from loancalc.servicing.lines import Span
from loancalc.servicing.overdue import COMPOUND, FEE, INTEREST, LATE, PRINCIPAL
from loancalc.servicing.owed import NO_DEBT, NO_LINES, Owed
from loancalc.values.dates import days_after

_BESIDE_PRINCIPAL = {"principal+interest": (INTEREST,), "installment": (INTEREST, FEE)}
"""What bears the late rate beside principal, by the base of the late interest."""


class Bearing(Due):
    """What is due, and the lines that late interest accrues on: they open as nights go by, and their bases follow what is unpaid."""

    def __init__(self, loan: Loan) -> None:
        super().__init__(loan)
        self.is_stopped = False
        self._opened = 0
        self._released = 0
        late = loan.late
        interest, grace = (late.interest, late.grace) if late else (None, None)
        self._compound = interest.compound if interest and interest.compound != "none" else None
        self._also_bear = _BESIDE_PRINCIPAL.get(interest.base, ()) if interest else ()
        self.whole_bears = interest is not None and interest.base == "outstanding-principal"
        self.is_tolerated = False
        stops = interest.stops if interest else None
        self.is_over = isinstance(stops, date) and stops <= loan.start
        self.has_grace = bool(grace and grace.days and grace.kind != "status-only")
        self.deferred = self.has_grace and grace is not None and grace.kind == "deferred"
        self._waits = self.has_grace or bool(interest and interest.starts)
        if self._waits:
            for item in self.items:
                self.time(item)
        self._after_maturity = loan.accrual == "daily"

    def time(self, item: Owed) -> None:
        """The days of an installment on which late charges and late interest may begin."""
        item.graced = item.bears_from = item.due
        if not self._waits:
            return
        late = self.lines.loan.late
        if late and late.grace and self.has_grace:
            item.graced = late.grace.last_day(item.due)
            item.bears_from = item.due if self.deferred else item.graced
        starts = late.interest.starts if late and late.interest else 0
        if isinstance(starts, date):
            item.bears_from = max(item.bears_from, starts)
        else:
            item.bears_from = days_after(item.bears_from, starts) or date.max

    def agree(self, loan: Loan) -> None:
        """From today other terms hold: where the late rate is relative to a contract rate that changes, its lines end."""
        before = self.lines.late_rate
        self.lines.agree(loan)
        after = self.lines.late_rate
        if before and after and before.at(self.today).rate != after.at(self.today).rate:
            self.lines.change_rate()
            self.rebase_all((LATE, COMPOUND))

    def pause(self, until: date) -> None:
        """From today up to a day late interest and interest on unpaid interest rest."""
        self.lines.pauses += ((self.today, until),)
        self.agree(self.lines.loan)

    def at_contract_rate(self) -> int:
        """Principal that is due and does not bear the late rate."""
        if self.whole_bears and self.is_tolerated:
            return self.principal()
        if self.whole_bears:
            live = [item for item in self.live() if item.number > self._opened or item.held or item.is_stopped]
            return sum(item.owed[PRINCIPAL] for item in live)
        return sum(item.owed[PRINCIPAL] for item in self.live() if item.lines[LATE] is None or item.held)

    def end_day(self, day: date) -> None:
        """Before moving on to `day`: what is clear is passed by, and late interest runs on what was not paid on its due date,
        or in its free nights.
        """
        for item in self.items[self._first_open : self.due_count]:
            if item.lines is not NO_LINES or item.owed != NO_DEBT:
                break
            self._first_open += 1
        for item in self.items[self._opened : 0 if self.is_stopped else self.due_count]:
            if item.bears_from >= day:
                break
            self._opened += 1
            if self.is_over:
                item.is_stopped = True
            if item.owed != NO_DEBT and self.lines.late_rate is not None and not self.is_settled(item):
                item.held = self.deferred and item.number > self._released
                self._rebase(item, item.bears_from)

    def end_grace(self) -> Iterator[tuple[Owed, list[Span]]]:
        """At the start of a day: late charges that waited for the end of a deferred grace stand since the due date; an
        installment that is paid then, but for what is tolerated, never was late.

        Yields each such installment with the nights during which its principal turns out to have borne the late rate.
        """
        while self.deferred and self._released < self.due_count:
            item = self.items[self._released]
            if item.graced >= self.today:
                break
            self._released += 1
            if item.held and (self.is_tolerated or self.is_settled(item)):
                item.forget_late_lines()
            elif item.held:
                spans = _spans(item, self.today)
                self.lines.release(item)
                yield item, spans

    def _rebase(self, item: Owed, on: date) -> None:
        rests = self._bears_nothing(item)
        bearing = 0 if rests else item.owed[PRINCIPAL]
        if item.held:
            item.held_principal += ((bearing, on),)
        for component in () if rests else self._also_bear:
            bearing += item.unpaid(component)
        if not self.whole_bears:
            self.lines.rebase(item, LATE, bearing, on)
        if self._compound is not None:
            self._rebase_compound(item, on, rests=rests)

    def _bears_nothing(self, item: Owed) -> bool:
        """Whether late interest rests on it: tolerated, at its end, or paid while the grace is deferred."""
        return self.is_tolerated or self.is_stopped or item.is_stopped or (item.held and self.is_settled(item))

    def _rebase_compound(self, item: Owed, on: date, *, rests: bool) -> None:
        """What compound interest runs on: unpaid interest; late interest as it grows; what was capitalized."""
        owed, cut, growth = item.owed, item.cut, None
        bearing = item.unpaid(INTEREST)
        if self._compound == "capitalize" and item.capital is not None:
            bearing += item.capital_left
        elif self._compound == "interest-and-late-interest":
            late = item.lines[LATE]
            bearing += owed[LATE] - cut[LATE] + sum(amount for _, kind, *_, amount in item.held_lines if kind == LATE)
            growth = (late.base, late.start) if late else None
        if rests:
            bearing, growth = 0, None
        self.lines.rebase(item, COMPOUND, bearing, on, growth)

    def rebase_whole(self, outstanding: int) -> None:
        """Where all that is outstanding bears the late rate, the oldest installment that is late carries its line."""
        carried = self.is_stopped
        for item in self.items[self._first_open : self._opened]:
            bears = not (carried or item.is_stopped or self.is_tolerated or self.is_settled(item))
            self.lines.rebase(item, LATE, outstanding if bears else 0, max(self.today, item.bears_from))
            carried = carried or bears

    def rebase_all(self, components: tuple[int, ...] = ()) -> None:
        """Bases follow what holds from today on: a tolerance, an end, another rate (the lines of `components` end)."""
        for item in self.items[self._first_open : self._opened]:
            for component in components:
                if item.lines[component] is not None:
                    self.lines.end(item, component, self.today)
            if not self.is_settled(item):
                self._rebase(item, max(self.today, item.bears_from))

    def capitalize(self, item: Owed) -> None:
        """From today what is unpaid of late and compound interest bears compound interest."""
        if item.held or item.lines is NO_LINES or self.today < item.bears_from:
            return
        for component in (LATE, COMPOUND):
            self.lines.end(item, component, self.today)
        item.capital = {name: (item.owed[name] - item.cut[name], item.settled(name)) for name in (LATE, COMPOUND)}
        self._rebase_compound(item, self.today, rests=self._bears_nothing(item))

    def stop(self, item: Owed) -> None:
        """Late interest of an installment has come to its end; what accrued stays owed."""
        item.is_stopped = True
        if item.held:
            item.held_principal += ((0, self.today),)
        for component in (LATE, COMPOUND):
            self.lines.rebase(item, component, 0, self.today)

    def tolerate(self, limit: int) -> None:
        """At the end of a day: nothing counts as past due while no more than a limit is unpaid of what was due."""
        unpaid = sum(item.unpaid(component) for item in self.live() for component in (FEE, INTEREST, PRINCIPAL))
        if (unpaid <= limit) != self.is_tolerated:
            self.is_tolerated = unpaid <= limit
            if self.lines.late_rate is not None:
                self.rebase_all()

    def stop_lines(self) -> None:
        """Nothing accrues any more; what has accrued stands as owed."""
        for item in self.live():
            if item.held:
                item.held_principal += ((0, self.today),)
            for component, line in enumerate(item.lines):
                if line is not None:
                    self.lines.end(item, component, self.today)
                    item.set_line(component, None)
        self.is_stopped = True

    def follow_up(self, item: Owed) -> None:
        """Bases follow what is unpaid, and so does whether an installment is settled: what a cap allows again is owed again."""
        lines, is_unpaid = item.lines, item.owed != NO_DEBT and not self.is_settled(item)
        bears = lines is not NO_LINES and (lines[LATE] is not None or lines[COMPOUND] is not None)
        if bears or (is_unpaid and item.number <= self._opened and self.lines.late_rate and not self.is_stopped):
            self._rebase(item, self.today)
        if self._after_maturity and self.items[-1].lines[INTEREST] is not None:
            self.lines.rebase(self.items[-1], INTEREST, self.at_contract_rate(), self.today)
        if is_unpaid:
            item.settled_on = None
        elif item.settled_on is None:
            item.settled_on = self.today

    def owe(self, item: Owed, component: int, amount: int) -> None:
        """From today, an installment that is due owes more: a charge, or what was paid and went back."""
        self.lines.owe(item, component, amount)
        place = item.number - 1
        self._first_open = min(self._first_open, place)
        if self.is_settled(item):
            return
        item.settled_on = None
        if place < self._opened and self.lines.late_rate is not None and not self.is_stopped:
            item.held = self.deferred and place >= self._released
            self._rebase(item, self.today)
        self.follow_up(item)


def _spans(item: Owed, end: date) -> list[Span]:
    """The principal of an installment in a deferred grace, and the nights up to `end` that would bear the late rate."""
    held = [*item.held_principal, (0, end)]
    return [(base, start, stop) for (base, start), (_, stop) in pairwise(held) if base and start < stop]
