"""The nights of the running period of a daily loan: each bears interest on what is outstanding, exact until it is due."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from loancalc.plan.first_periods import regular_part
from loancalc.plan.loan import Loan
from loancalc.plan.timeline import Factor
from loancalc.servicing.owed import Owed
from loancalc.values.money import format_minor, show_ratio


class Nights:
    """Interest since the last due date, as one exact sum.

    Attributes:
        number: The number of the period in the plan.
        bearing: The principal that bears interest, since the day `since`: one to come where a prepayment has paid up to it.
        more: What that did not pay for, each with its day.
        paid_for: The nights whose interest was paid before they came, and what installments inside a deferred grace had in the
            principal then, by their numbers.
        rested: The last day on which what was repaid was reckoned; `resting` what was repaid since, by payment.
    """

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self.number = 1
        self.bearing = loan.principal_minor
        self.since = self.rested = loan.start
        self.resting: dict[str | None, int] = {}
        self.more: tuple[tuple[date, int], ...] = ()
        self.paid_for: tuple[tuple[date, date, dict[int, int]], ...] = ()
        self._sum = self._beside = Fraction(0)
        self._last = len(loan.columns.principal)
        self._before = 0

    def rebase(self, on: date, bearing: int) -> None:
        """From the night of `on`, interest runs on `bearing`."""
        if bearing != self.bearing:
            self._stand(on)
            self.bearing = bearing

    def bear_more(self, on: date, principal: int) -> None:
        """More is paid out, or joins the principal, while interest is paid up to a later day: that did not pay for it."""
        if self.since > on and principal:
            self.more = (*self.more, (on, principal))

    def bear_until(self, on: date, bearing: int, today: date, held: dict[int, int]) -> None:
        """Interest of the nights from today up to a later day stands as on `bearing`, whatever is repaid before it; `held` is what
        installments inside a deferred grace have in it, by their numbers.
        """
        if max(today, self.since) < on:
            self.paid_for = (*self.paid_for, (max(today, self.since), on, held))
        self.rebase(today, bearing)
        self._stand(on)

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

    def begin(self, on: date) -> None:
        """A period begins on a day; interest that is paid up to a later one stays so."""
        if self.since > on:
            self._stand(on)
        else:
            self.since, self.more, self.paid_for = on, (), ()
        self._reckon_anew(on)
        self._sum = self._beside = Fraction(0)

    def _show(self, on: date) -> str:
        """The calculation of the interest by a day, exact, as text."""
        loan, exact, terms = self.loan, self.exact(on), list[str]()
        rate = str(loan.rate).removesuffix("/year")
        if self._sum:
            terms.append(show_ratio(self._sum.numerator, self._sum.denominator, loan.digits))
        for since, amount in self.more:
            time = loan.timeline.describe_part(self._row, since, min(on, self.since))
            terms.append(f"{format_minor(amount, loan.digits)} x {rate} x {time}")
        if self.bearing and on > self.since:
            time = loan.timeline.describe_part(self._row, self.since, on)
            terms.append(f"{format_minor(self.bearing, loan.digits)} x {rate} x {time}")
        return f"{' + '.join(terms) or '0'} = {show_ratio(exact.numerator, exact.denominator, loan.digits)}"
