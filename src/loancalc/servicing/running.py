"""The running period of a daily loan: every night bears interest on what is outstanding, exact until it is due."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from loancalc.plan.first_periods import regular_part
from loancalc.plan.loan import Loan
from loancalc.plan.timeline import Factor
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.values.money import format_minor, show_ratio


class RunningPeriod:
    """Interest since the last due date, what was paid of it, and what came early for installments ahead, by their numbers.

    Each period's interest is one exact sum, rounded when it falls due, less what was paid of it before. What an
    installment covered early cannot show is carried to the next.
    """

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self.number = 1
        self.bearing = loan.principal_minor
        self.since = self.rested = loan.start
        self.resting: dict[str | None, int] = {}
        self.paid = 0
        self.counted: dict[int, int] = {}
        self.went_back: dict[tuple[int, int], int] = {}
        self.carried = 0
        self.told: dict[int, str] | None = None
        self._sum = self._beside = Fraction(0)
        self.called = Fraction(0)
        self.more: tuple[tuple[date, int], ...] = ()
        self.paid_for: tuple[tuple[date, date, dict[int, int]], ...] = ()
        self._divide = loan.rounding.divide("interest")
        self._last = len(loan.columns.principal)
        self._before = self.brought = 0

    def rebase(self, on: date, bearing: int) -> None:
        """From the night of `on`, interest runs on `bearing`."""
        if bearing != self.bearing:
            self._stand(on)
            self.bearing = bearing

    def bear_more(self, on: date, principal: int) -> None:
        """More is paid out, or joins the principal, while interest is paid up to a later day: that did not pay for it."""
        if self.since > on and principal:
            self.more = (*self.more, (on, principal))

    def rest(self, name: str | None, repaid: int, on: date) -> None:
        """Principal that a payment repaid between two rests bears interest up to the next one."""
        if repaid > 0 and on > self.rested and self.loan.rests != "daily":
            self.resting = self.resting | {name: repaid}

    def rest_no_more(self, name: str | None, principal: int) -> None:
        """What goes back of a payment is not repaid, and bears interest as what is owed does."""
        if name in self.resting:
            self.resting = self.resting | {name: max(0, self.resting[name] - principal)}

    def _reckon_anew(self, on: date) -> None:
        self.rested, self.resting = on, {}

    @property
    def at_rest(self) -> int:
        """What was repaid since the last rest and bears interest up to the next."""
        return sum(self.resting.values()) if self.resting else 0

    def _stand(self, on: date) -> None:
        """The interest by a day is a figure, and the nights from then on are priced anew, or from the later day up to which they are
        paid.
        """
        self._sum, self._beside = self.exact(on), self.beside(on)
        self.more = tuple((max(on, since), amount) for since, amount in self.more if self.since > on)
        self.since = max(self.since, on)

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

    def exact(self, on: date) -> Fraction:
        """Interest of the period by a day, not yet rounded."""
        return Fraction(*self._ratio(on))

    def _ratio(self, on: date) -> Factor:
        """The same as a ratio that is not reduced."""
        before, whole = (self._sum + self._on_more(on) if self.more else self._sum).as_integer_ratio()
        if not self.bearing or on <= self.since or self.number > self._last:
            return before, whole
        numerator, denominator = self.loan.timeline.part(self._row, self.since, on)
        return before * denominator + self.bearing * numerator * whole, whole * denominator

    def beside(self, on: date) -> Fraction:
        """What of the interest by a day, not yet rounded, is asked for beside a payment that is solved as if the first period were a
        regular one: that of the days by which it is longer (less than 0: shorter).
        """
        regular = None
        if on > self.since and self.bearing and self.number <= self._last:
            regular = regular_part(self.loan, self.loan.timeline, self._row, self.since, on)
        if regular is None:
            return self._beside
        own = self.exact(on) - self._sum - self._on_more(on)
        return self._beside + own - self.bearing * Fraction(*regular)

    def _on_more(self, on: date) -> Fraction:
        """What the principal that interest was not paid for bears by a day, up to the day to which it is paid for the rest."""
        ends = min(on, self.since)
        return sum((self.interest_on(amount, since, ends) for since, amount in self.more if since < ends), Fraction(0))

    def interest_on(self, principal: int, start: date, end: date) -> Fraction:
        """Exact contract interest of this period on a principal from `start` to `end`."""
        numerator, denominator = self.loan.timeline.part(self._row, start, end)
        return Fraction(principal * numerator, denominator)

    @property
    def _item(self) -> int:
        """The number of the running installment."""
        return self.number + self._before

    @property
    def _row(self) -> int:
        """The row of the plan whose period runs."""
        return max(1, min(self.number, self._last))

    def take_off(self, item: Owed, principal: int, start: date, end: date) -> None:
        """Nights that turned out to bear the late rate on a principal of an installment do not bear the contract rate. Those whose
        interest was paid before they came bore it only on what was unpaid then.
        """
        for first, last, unpaid in self.paid_for:
            begins, ends = max(start, first), min(end, last)
            if begins < ends:
                self._sum += self.interest_on(max(0, principal - unpaid.get(item.number, 0)), begins, ends)
        self._sum -= self.interest_on(principal, start, end)

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
        loan = self.loan
        rate = str(loan.rate).removesuffix("/year")
        exact = self.exact(on)
        terms = []
        if self._sum:
            terms.append(show_ratio(self._sum.numerator, self._sum.denominator, loan.digits))
        for since, amount in self.more:
            time = loan.timeline.describe_part(self._row, since, min(on, self.since))
            terms.append(f"{format_minor(amount, loan.digits)} x {rate} x {time}")
        if self.bearing and on > self.since:
            time = loan.timeline.describe_part(self._row, self.since, on)
            terms.append(f"{format_minor(self.bearing, loan.digits)} x {rate} x {time}")
        how = f"{' + '.join(terms) or '0'} = {show_ratio(exact.numerator, exact.denominator, loan.digits)}"
        how += f" -> {format_minor(self._divide(exact.numerator, exact.denominator), loan.digits)}"
        how += f" + {format_minor(self.carried, loan.digits)} carried" if self.carried else ""
        return how + (f" - {format_minor(self.paid, loan.digits)} paid" if self.paid else "")

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

    def bear_until(self, on: date, bearing: int, today: date, held: dict[int, int]) -> None:
        """Interest of the nights from today up to a later day stands as on `bearing`, whatever is repaid before it; `held` is what
        installments inside a deferred grace have in it, by their numbers.
        """
        if max(today, self.since) < on:
            self.paid_for = (*self.paid_for, (max(today, self.since), on, held))
        self.rebase(today, bearing)
        self._stand(on)

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
        if self.since > on:  # up to a later day it is paid
            self._stand(on)
        else:
            self.since, self.more, self.paid_for = on, (), ()
        self._reckon_anew(on)
        self._sum = self._beside = Fraction(0)
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
