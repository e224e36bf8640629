"""What lateness charges while an account is replayed: penalties on their days, caps on every day, and the days on which
late interest changes its rate, is capitalized or stops.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from weakref import WeakMethod

from loancalc.plan.loan import Loan
from loancalc.servicing.caps import CapBook
from loancalc.servicing.charging import charged_ahead
from loancalc.servicing.debts import Debts
from loancalc.servicing.overdue import COMPOUND, FEE, INTEREST, LATE, PENALTY, PRINCIPAL, Assessed
from loancalc.servicing.owed import Owed
from loancalc.servicing.penalty_rules import PenaltyRule
from loancalc.servicing.record import Charged, Receipt
from loancalc.time.accrual_periods import Frequency
from loancalc.time.frequency import next_after
from loancalc.values.dates import days_after

ONE_DAY = timedelta(days=1)


class LateCharges:
    """The late terms of a loan at work on its debts."""

    def __init__(
        self,
        loan: Loan,
        debts: Debts,
        accrued: Callable[[], int],
        receipts: Sequence[Receipt],
        charges: Sequence[Charged],
    ) -> None:
        """Work on `debts`; the method `accrued` gives the uncut contract interest that is not due yet, `receipts` what every
        event settled so far, `charges` what was charged by event. The method is held weakly: a replay that nobody needs
        any more is free at once.
        """
        late = loan.late
        self.debts = debts
        self.penalties: list[Assessed] = []
        self.rules = [PenaltyRule(penalty, loan) for penalty in late.penalties] if late else []
        self.book = CapBook(late.caps, loan) if late and late.caps else None
        self._tolerance = late.tolerance if late else None
        self._digits = loan.digits
        self._interest = terms = late.interest if late else None
        self._turns_each = terms is not None and (
            isinstance(terms.stops, int) or isinstance(terms.capitalizes, Frequency)
        )
        self._accrued = WeakMethod(accrued)
        self._receipts = receipts
        self._charges = charges
        self._assessed_on: date | None = None
        self._penalties_before = self._assessed = 0

    @property
    def has_limits(self) -> bool:
        """Whether something has to be looked at as the nights go by: caps, a tolerance, the whole balance."""
        return self.book is not None or self._tolerance is not None or self.debts.whole_bears

    @property
    def has_days(self) -> bool:
        """Whether something happens on days of its own: penalties, turns of late interest, the end of a grace."""
        terms, rates = self._interest, self.debts.lines.late_rate
        turns = terms is not None and (terms.starts or terms.stops or terms.capitalizes or (rates and rates.changes))
        return bool(self.rules or turns or self.debts.has_grace)

    # Penalties

    def next_penalty(self, item: Owed, after: date) -> date | None:
        """The first day after a day on which a penalty may be due for an installment."""
        days = [day for rule in self.rules if (day := rule.next_day(item, after)) is not None]
        return min(days, default=None)

    def reopen(self, item: Owed) -> None:
        """What was paid of an installment goes back today: rules that found it paid look again."""
        for rule in self.rules:
            rule.reopen(item, self.debts.today)

    def assess(self, item: Owed, outstanding_principal: int) -> date | None:
        """Charge the penalties that are due today for an installment that is late; the next day to come back."""
        debts, today = self.debts, self.debts.today
        if debts.is_settled(item):  # what a cap cut may come back, and be late again
            return self.next_penalty(item, today) if self.book and self.book.recovers and any(item.cut) else None
        if not self.is_within_tolerance(outstanding_principal):
            if self._assessed_on != today:
                self._assessed_on = today
                self._penalties_before = self._owed_penalties()
            for rule in self.rules:
                if rule.next_day(item, today - ONE_DAY) == today:
                    self._charge(rule, item, outstanding_principal)
            self.check_caps(today)
            self._assessed = self._owed_penalties() - self._penalties_before
        return self.next_penalty(item, today)

    def _charge(self, rule: PenaltyRule, item: Owed, outstanding_principal: int) -> None:
        if not rule.penalty.pyramiding and self._is_pyramid(item):
            return
        for _ in range(rule.waiting(item, self.debts.today)):
            base = rule.base(item, outstanding_principal)
            amount = rule.amount(item, base)
            if amount:
                rule.count(item)
                item.owed[PENALTY] += amount
                self.penalties.append(Assessed(item.number, self.debts.today, rule.name, base, amount))

    def _is_pyramid(self, item: Owed) -> bool:
        """Whether all that is short is no more than what penalties took from payments since these arrears began: at the
        oldest installment from which on something was always unpaid.
        """
        items, first = self.debts.items, item.number - 1
        for place in reversed(range(first)):
            settled_on = items[place].settled_on
            if settled_on is None or settled_on >= items[first].due:
                first = place
        arrears = items[first : item.number]
        unpaid = sum(one.unpaid(component) for one in arrears for component in (FEE, INTEREST, PRINCIPAL))
        taken = sum(
            amount
            for receipt in self._receipts
            for _, component, amount, day in receipt.parts
            if component == PENALTY and day >= items[first].due
        )
        return unpaid <= taken

    def assessed_today(self) -> int:
        """Penalties assessed at the end of today, as far as they are still owed: some may have been written off after that."""
        return 0 if self._assessed_on != self.debts.today else min(self._assessed, self._owed_penalties())

    def _owed_penalties(self) -> int:
        return sum(self.debts.claim(item, PENALTY) for item in self.debts.live())

    # Caps and tolerance

    def tolerate(self, outstanding_principal: int) -> None:
        """At the end of a day: whether what is unpaid is so little that nothing counts as past due."""
        if self._tolerance is not None:
            self.debts.tolerate(self._tolerance.limit(outstanding_principal, self._digits))

    def run_to(self, day: date, outstanding_principal: int) -> bool:
        """Let the limits grow to a day; where accruals are covered, look at every day before it. Returns whether nothing stops
        there: a cap may end late interest, from which day on other nights follow.
        """
        book, debts = self.book, self.debts
        if debts.whole_bears:
            debts.rebase_whole(outstanding_principal)
        if book is None:
            return True
        book.rebase(debts.today, outstanding_principal, debts.principal())
        was_over = debts.is_over
        while book.looks_daily and debts.today + ONE_DAY < day and debts.is_over == was_over:
            debts.today += ONE_DAY
            self.check_caps(debts.today)
        return debts.is_over == was_over

    def arrive(self) -> None:
        """At the start of a day: what accrued up to it is looked at, and what the limits allow again."""
        if self.book is not None and (self.book.looks_daily or self.book.recovers):
            self.check_caps(self.debts.today)

    def fall_due(self) -> None:
        """A fee and what is left of the interest fell due: the caps look again."""
        self.check_caps(self.debts.today)

    def check_caps(self, day: date) -> None:
        """Cut what exceeds the caps on a day."""
        book, debts = self.book, self.debts
        if book is None:
            return
        was_cut = book.check(self._charged_items(book), self._gross, day)
        if was_cut:
            self.end_interest("cap")
        for item in book.touched:
            if item.number <= debts.due_count:
                debts.follow_up(item)

    def room(self, component: int) -> int | None:
        """What the caps still allow to be charged of a component today, in minor units; None where none covers it."""
        book = self.book
        if book is None or component not in book.covers:
            return None
        return book.room(self._charged_items(book), self._gross, component, self.debts.today)

    def _charged_items(self, book: CapBook) -> list[Owed]:
        """The installments of which something covered may have been accrued or charged since the caps last looked."""
        debts = self.debts
        items, due = debts.live(), debts.due_count
        if book.covers_agreed:
            fell = [item for item in debts.items[max(0, due - 1) : due] if item not in items]
            items = [*items, *fell, *debts.items[due : due + 1]]
        return items + [item for item in charged_ahead(debts, self._charges) if item not in items]

    def cuts(self) -> tuple[tuple[str, int, int, int], ...]:
        """What each cap cut: its text, installment, component and minor units."""
        sums: dict[tuple[str, int, int], int] = {}
        for meter, item, component, amount in self.book.cuts if self.book else ():
            place = str(meter.cap), item.number, component
            sums[place] = sums.get(place, 0) + amount
        return tuple((*place, amount) for place, amount in sums.items())

    def is_within_tolerance(self, outstanding_principal: int) -> bool:
        """Whether what was due before today and is unpaid is so little that nothing counts as past due."""
        if self._tolerance is None:
            return False
        debts = self.debts
        unpaid = sum(
            item.unpaid(component)
            for item in debts.live()
            if item.due < debts.today
            for component in (FEE, INTEREST, PRINCIPAL)
        )
        return unpaid <= self._tolerance.limit(outstanding_principal, self._digits)

    def _gross(self, item: Owed, component: int) -> int:
        debts = self.debts
        settled = item.settled(component)
        if item.number > debts.due_count:
            if component != INTEREST or item.number > debts.due_count + 1:
                return settled + item.owed[component]
            accrued = self._accrued()
            assert accrued is not None
            return settled + accrued()
        return settled + item.owed[component] + debts.lines.quote(item, component, debts.today)

    # Days of late interest

    def next_turn(self, item: Owed | None, after: date) -> date | None:
        """The first day after a day on which late interest turns: for an installment, or (None) for all of them."""
        terms, rates = self._interest, self.debts.lines.late_rate
        if terms is None or rates is None or not (item is None or self._turns_each):
            return None
        days: list[date | None] = []
        if item is None:
            days += rates.changes
            days += [terms.stops] if isinstance(terms.stops, date) else []
            days += terms.capitalizes if isinstance(terms.capitalizes, tuple) else []
        else:
            if isinstance(terms.stops, int):
                days.append(days_after(item.bears_from, terms.stops))
            if isinstance(terms.capitalizes, Frequency) and not (after > item.due and item.is_clear):
                days.append(next_after(item.due, terms.capitalizes, after))
        return min((day for day in days if day and day > after), default=None)

    def end_interest(self, cause: str) -> None:
        """Where late interest stops at what has happened today, a "cap" or a "charge-off", it stops for good."""
        if self._interest is not None and self._interest.stops == cause:
            self._stop_all()

    def _stop_all(self) -> None:
        for item in self.debts.items[: self.debts.due_count]:
            self.debts.stop(item)
        self.debts.is_over = True

    def turn(self, item: Owed | None) -> date | None:
        """At the start of today, late interest changes its rate, is capitalized or stops; the next day to come back."""
        terms, rates, debts, today = self._interest, self.debts.lines.late_rate, self.debts, self.debts.today
        assert terms is not None
        assert rates is not None
        items = debts.live() if item is None else [item]
        if item is None and today in rates.changes:
            debts.rebase_all((LATE, COMPOUND))
        if item is None and terms.stops == today:
            self._stop_all()
        elif item and isinstance(terms.stops, int) and (today - item.bears_from).days == terms.stops:
            debts.stop(item)
        if terms.capitalizes is not None and (item is not None or today in self._listed_days()):
            for one in items:
                debts.capitalize(one)
        return self.next_turn(item, today)

    def _listed_days(self) -> tuple[date, ...]:
        listed = self._interest.capitalizes if self._interest else None
        return listed if isinstance(listed, tuple) else ()
