"""The running period of a daily loan: what its nights bear, what was paid of it, and what came early for installments ahead."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from loancalc.plan.loan import Loan
from loancalc.servicing.nights import Nights
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.values.money import format_minor


class RunningPeriod(Nights):
    """Interest since the last due date, what was paid of it, and what came early for installments ahead, by their numbers.

    Each period's interest is rounded when it falls due, less what was paid of it before. What an installment covered early
    cannot show is carried to the next.
    """

    def __init__(self, loan: Loan) -> None:
        super().__init__(loan)
        self.paid = self.carried = self.brought = 0
        self.counted: dict[int, int] = {}
        self.went_back: dict[tuple[int, int], int] = {}
        self.called = Fraction(0)
        self.told: dict[int, str] | None = None
        self._divide = loan.rounding.divide("interest")

    def follow(self, loan: Loan, today: date, stays: int | None = None) -> None:
        """From now on the terms are those of `loan`: the same plan, or one that continues it after the installments that
        stay; the last of these may still be due today. What came early counts toward the running installment only.
        """
        self.counted = {number: early for number, early in self.counted.items() if number == self._item}
        self._reckon_anew(today)
        if stays is not None:
            self._stand(today)
            self.number += self._before - stays
            self._before = stays
        self.loan = loan
        self._last = len(loan.columns.principal)

    def accrued(self, on: date) -> int:
        """Interest by `on` that is not yet due and not yet paid, rounded."""
        return self._divide(*self._ratio(on)) + self.carried - self.paid

    def joins(self, on: date) -> int:
        """What of the interest by `on` joins the principal where an installment is put off for that: that of its own nights. What
        was put off before it to be asked for later waits on.
        """
        accrued = self.accrued(on)
        return min(accrued, max(0, accrued - self.carried))

    def how(self, on: date) -> str:
        """The calculation of what has accrued by a day, as text."""
        digits, exact = self.loan.digits, self.exact(on)
        how = f"{self._show(on)} -> {format_minor(self._divide(exact.numerator, exact.denominator), digits)}"
        how += f" + {format_minor(self.carried, digits)} carried" if self.carried else ""
        return how + (f" - {format_minor(self.paid, digits)} paid" if self.paid else "")

    def _how_it_fell_due(self, on: date, interest: int, accrued: int) -> str:
        how, digits = self.how(on), self.loan.digits
        how += f" = {format_minor(accrued, digits)}" if self.carried or self.paid else ""
        return how + (f", {format_minor(accrued - interest, digits)} of it for later" if accrued > interest else "")

    def pay(self, item: Owed, interest: int, principal: int) -> None:
        """Money came early: it counts toward the installment that it is for."""
        self.paid += interest
        self.counted = self.counted | {item.number: self.counted.get(item.number, 0) + interest + principal}

    def prepay(self, interest: int, today: date) -> None:
        """Money came early and paid the interest of the nights so far; it counts toward no installment, as a new plan follows."""
        self.paid += interest
        self._stand(today)
        self._beside = self._sum - self.paid  # what rounding left of it

    def note_what_went_back(self, item: Owed, component: int, amount: int) -> None:
        """Something that a prepayment had paid went back: a new plan before its installment falls due takes it in."""
        key = item.number, component
        self.went_back = self.went_back | {key: self.went_back.get(key, 0) + amount}

    def count_again(self, item: Owed, amount: int) -> None:
        """What went back of a prepayment is part of a new plan: the installment does not ask for it beside that."""
        if amount:
            self.counted = self.counted | {item.number: self.counted.get(item.number, 0) + amount}

    def bring(self, interest: int, *, after_today: bool) -> None:
        """Interest that was past due is asked for with the next installment; not with one that falls due today."""
        if after_today:
            self.brought += interest
        else:
            self.carried += interest

    def covers(self, item: Owed) -> bool:
        """Whether what came early leaves nothing to fall due with an installment; the last one asks for all that is left."""
        is_running = item.number == self._item
        if item.fee > item.paid[FEE] or (is_running and self.clears(item)):
            return False
        return self.asked(item) <= 0 and (is_running or item.number in self.counted)

    def clears(self, item: Owed) -> bool:
        """Whether it is the last installment, which asks for all that is left."""
        return item.number - self._before == self._last

    def asked(self, item: Owed) -> int:
        """What the plan asks for with an installment beside what counted toward it: what came early, and what was prepaid."""
        early = self.counted.get(item.number, 0)
        return item.principal + item.interest - early - item.prepaid[INTEREST] - item.prepaid[PRINCIPAL]

    def split(self, item: Owed, undue: int, accrued: int) -> tuple[int, int]:
        """What falls due with an installment: the plan's payment less what came early, interest first.

        The last installment clears, and so does one that could pay more than is left.
        """
        asked = self.asked(item)
        planned, item.over = max(0, asked), max(0, -asked)
        if self.clears(item) or planned >= accrued + undue:
            return accrued, undue
        interest = min(accrued, planned)
        return interest, min(undue, planned - interest)

    def settle_what_falls_due(self, item: Owed, undue: int) -> int:
        """An installment that falls due later today asks for what it does now, whatever is planned after it.

        Returns:
            Its principal.
        """
        interest, principal = self.split(item, undue, self.accrued(item.due))
        item.interest = interest + item.prepaid[INTEREST]
        item.principal = principal + self.counted.get(item.number, 0) + item.prepaid[PRINCIPAL]
        self._last = item.number - self._before + 1
        return principal

    def close(self, on: date, interest: int, accrued: int) -> None:
        """The period ended on a due date: `interest` of what accrued fell due, the rest is carried. Where it is to be told
        (`told`), the calculation is kept by the number of the installment.
        """
        if self.told is not None:
            self.told[self._item] = self._how_it_fell_due(on, interest, accrued)
        self.carried = accrued - interest + self.brought
        self.brought = 0
        self.begin(on)
        self.paid = 0
        if self.counted:
            self.counted = {number: early for number, early in self.counted.items() if number != self._item}
        self.number += 1

    def call(self, on: date) -> None:
        """The claim is called: what has accrued falls due now, exact until it turns out what a deferred grace leaves of it."""
        self.called, accrued = self.exact(on), self.accrued(on)
        self.close(on, accrued, accrued)
        self.rebase(on, 0)

    def called_too_much(self, nights: Fraction) -> int:
        """By how much less falls due of what was called, without nights that turned out to bear the late rate."""
        before = self._divide(*self.called.as_integer_ratio())
        self.called -= nights
        return before - self._divide(*self.called.as_integer_ratio())

    def stop(self, on: date, cut: int) -> None:
        """Everything was paid off but for what caps `cut`."""
        self._reckon_anew(on)
        self._sum = self._beside = Fraction(0)
        self.more = ()
        self.since = on
        self.bearing = self.paid = 0
        self.carried = cut
