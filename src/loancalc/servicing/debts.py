"""The installments of an account that are due, the lines that accrue on them, and how money settles them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count, pairwise
from weakref import WeakMethod

from loancalc.plan.loan import Loan
from loancalc.plan.waterfall import Waterfall
from loancalc.servicing.events import Payment
from loancalc.servicing.lines import Lines, Span
from loancalc.servicing.overdue import COMPOUND, FEE, INTEREST, LATE, PRINCIPAL
from loancalc.servicing.owed import NO_DEBT, NO_LINES, NOTHING, Amounts, Owed, Part
from loancalc.values.dates import days_after
from loancalc.values.names import COMPONENTS

_BESIDE_PRINCIPAL = {"principal+interest": (INTEREST,), "installment": (INTEREST, FEE)}
"""What bears the late rate beside principal, by the base of the late interest."""


class Debts:
    """What is due and not yet cleared, oldest first; `today` is the day that has been reached."""

    def __init__(self, loan: Loan, *, may_be_charged: bool = True) -> None:
        plan = loan.schedule()
        columns = plan.columns
        self.items = [*map(Owed, count(1), loan.dates[1:], columns.principal, columns.interest, plan.charges.each)]
        self.lines = Lines(loan)
        self.today = loan.start
        self.due_count = 0
        self.is_stopped = False
        self._first_open = 0
        self._opened = 0
        self._released = 0
        self._waterfall = loan.allocation.waterfall if may_be_charged else loan.allocation.without_charges
        self._beyond = [(days, other.waterfall) for days, other in loan.allocation.after]
        self._widened = [COMPONENTS.index(name) for name in loan.past_due_counts]
        late = loan.late
        interest, grace = (late.interest, late.grace) if late else (None, None)
        self._compound = interest.compound if interest and interest.compound != "none" else None
        self._also_bear = _BESIDE_PRINCIPAL.get(interest.base, ()) if interest else ()
        self.whole_bears = interest is not None and interest.base == "outstanding-principal"
        self.is_tolerated = False
        self.excused: WeakMethod[Callable[[], bool]] | None = None
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

    # What is owed

    def item(self, number: int) -> Owed:
        """An installment by its number; the last one also stands for those that an acceleration merged into it."""
        return self.items[min(number, len(self.items)) - 1]

    @property
    def has_ahead(self) -> bool:
        """Whether installments are not due yet."""
        return self.due_count < len(self.items)

    def live(self) -> list[Owed]:
        """The installments that are due and not cleared."""
        return self.items[self._first_open : self.due_count]

    def is_settled(self, item: Owed) -> bool:
        """Whether nothing that keeps an installment past due is unpaid; an installment that is clear is settled."""
        owed = item.owed
        if owed[PRINCIPAL] or (owed[INTEREST] and item.unpaid(INTEREST)) or (owed[FEE] and item.unpaid(FEE)):
            return False
        return not (self._widened and any(owed[component] for component in self._widened))

    def oldest_unpaid_due(self) -> date | None:
        """The due date of the oldest installment of which something that keeps it past due is unpaid."""
        for item in self.live():
            if not self.is_settled(item):
                return item.due
        return None

    def claim(self, item: Owed, component: int) -> int:
        """What a due installment owes of a component today, open lines included, cuts taken off."""
        amount = item.owed[component] - item.cut[component]
        return amount if item.lines[component] is None else amount + self.lines.quote(item, component, self.today)

    def claims(self, item: Owed) -> Amounts:
        """What a due installment owes today of every component."""
        amounts = [*item.owed] if item.cut is NOTHING else [*map(int.__sub__, item.owed, item.cut)]
        if item.lines is not NO_LINES:
            for component, line in enumerate(item.lines):
                if line is not None:
                    amounts[component] += self.lines.quote(item, component, self.today)
        return tuple(amounts)

    def total(self) -> int:
        """All claims of all installments."""
        return sum(sum(self.claims(item)) for item in self.live())

    def principal(self) -> int:
        """Principal that is due and unpaid."""
        return sum(item.owed[PRINCIPAL] for item in self.live())

    def at_contract_rate(self) -> int:
        """Principal that is due and does not bear the late rate."""
        if self.whole_bears and self.is_tolerated:
            return self.principal()
        if self.whole_bears:
            live = [item for item in self.live() if item.number > self._opened or item.held or item.is_stopped]
            return sum(item.owed[PRINCIPAL] for item in live)
        return sum(item.owed[PRINCIPAL] for item in self.live() if item.lines[LATE] is None or item.held)

    # Nights

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
            bearing += owed[LATE] - cut[LATE] + sum(line[-1] for line in item.held_lines if line[1] == LATE)
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

    # Money

    def settle(self, amount: int, parts: list[Part], meant: Payment | None = None) -> int:
        """Walk the allocation over what is past due and due; returns what is left.

        What is `meant` for something settles only that: first its installment, then any; where early money is held, it
        waits until that one is due.
        """
        first, count = self._first_open, self.due_count
        if first == count or not amount:
            return amount
        waterfall = self.waterfall() if self._beyond else self._waterfall
        if meant is not None:
            waterfall = waterfall.only(meant.only)
            if meant.installment is not None:
                own = self.item(meant.installment)
                if own.number > count and self.lines.loan.early == "hold":
                    return amount
                amount = self._walk([own] if own.number <= count else [], amount, parts, waterfall)
                if not amount:
                    return 0
        item, today = self.items[first], self.today
        if count - first > 1 or item.lines is not NO_LINES or item.cut is not NOTHING or item.capital:
            return self._walk(self.items[first:count], amount, parts, waterfall)
        # what the walk comes to on one installment on which nothing accrues and of which nothing was cut or capitalized
        owed, paid, number, left = item.owed, item.paid, item.number, amount
        for component in waterfall.past_due if item.due < today else waterfall.due:
            claim = owed[component]
            if claim > 0:
                taken = claim if claim < left else left
                owed[component] = claim - taken
                paid[component] += taken
                parts.append((number, component, taken, today))
                left -= taken
                if not left:
                    break
        if left != amount:
            self.follow_up(item)
        return left

    def waterfall(self) -> Waterfall:
        """The steps that hold today: another order may hold beyond a number of days past due."""
        oldest = (self.oldest_unpaid_due() if self._beyond else None) or self.today
        late = 0 if self.excused and (excused := self.excused()) and excused() else (self.today - oldest).days
        return next((waterfall for days, waterfall in self._beyond if late > days), self._waterfall)

    def _walk(self, items: Sequence[Owed], amount: int, parts: list[Part], waterfall: Waterfall) -> int:
        touched: dict[int, Owed] = {}
        left = self._take_in_order(items, amount, parts, waterfall, touched)
        for item in touched.values():
            self.follow_up(item)
        return left

    def _take_in_order(
        self, items: Sequence[Owed], left: int, parts: list[Part], waterfall: Waterfall, touched: dict[int, Owed]
    ) -> int:
        today = self.today
        for late, due in waterfall.steps if len(items) > 1 else waterfall.at_once:
            for item in items:
                owed, lines = item.owed, item.lines
                for component in late if item.due < today else due:
                    line, claim = lines[component], owed[component]
                    if line is None and not claim:
                        continue
                    claim -= item.cut[component]
                    if line is not None and claim < left:
                        claim = self._post(item, component, claim, left)
                    if claim <= 0:
                        continue
                    taken = claim if claim < left else left
                    owed[component] -= taken
                    item.paid[component] += taken
                    parts.append((item.number, component, taken, today))
                    touched[item.number] = item
                    left -= taken
                    if not left:
                        return 0
        return left

    def _post(self, item: Owed, component: int, posted: int, wanted: int) -> int:
        """What is owed of a component beside what is `posted`; its line ends if something of what accrued on it is wanted."""
        line = item.lines[component]
        claim = posted + self.lines.quote(item, component, self.today)
        if line is not None and min(claim, wanted) > posted + line.cut:
            self.lines.end(item, component, self.today)
        return claim

    def take(self, item: Owed, component: int, most: int, parts: list[Part]) -> int:
        """Settle up to `most` of one component of an installment; returns how much."""
        only = (component,)
        return most - self._walk([item], most, parts, Waterfall([(only, only)], (), None))

    def let_go(self, item: Owed, component: int, most: int, parts: list[Part], bucket: str) -> int:
        """Waive or write off (the `bucket`) up to `most` of a component."""
        taken = self.take(item, component, most, parts)
        if taken:
            item.paid[component] -= taken
            item.add(bucket, component, taken)
        return taken

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
        may_bear = item.number <= self._opened and self.lines.late_rate is not None and not self.is_stopped
        if bears or (is_unpaid and may_bear):
            self._rebase(item, self.today)
        if self._after_maturity and self.items[-1].lines[INTEREST] is not None:
            self.lines.rebase(self.items[-1], INTEREST, self.at_contract_rate(), self.today)
        if is_unpaid:
            item.settled_on = None
        elif item.settled_on is None:
            item.settled_on = self.today


def _spans(item: Owed, end: date) -> list[Span]:
    """The principal of an installment in a deferred grace, and the nights up to `end` that would bear the late rate."""
    held = [*item.held_principal, (0, end)]
    return [(base, start, stop) for (base, start), (_, stop) in pairwise(held) if base and start < stop]
