"""A new plan for what is not due yet, on loans whose interest stands: solved by the recurrence over the periods that are left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import rounded
from day_by_day.clock import Clock, DueDates, Period
from day_by_day.debt import Installment, nothing
from day_by_day.moving import Moved, treat_overdue

if TYPE_CHECKING:
    from day_by_day.book import Book

Row = tuple[int, int]
"""Principal and interest."""

WORDS = ("next", "spread", "last")
"""Who asks for earlier interest: the next installment that is not put off, all of them, or the last one."""


DEFERRED = {
    "capitalized": "capitalize",
    "carried": "next",
    "spread": "spread",
    "last": "last",
    "forgiven": "waive",
    "paid": "paid",
}
"""What becomes of the interest of installments that repay nothing: the words of a moratorium, and those of a deferral."""


class CannotBePlanned(Exception):
    """A payment does not cover the interest of its period."""


def new_terms(book: Book, event: lc.Event) -> None:
    """What is agreed on a day: it holds from its night on. An installment that is due on the day stays as it is."""
    due_today = [book.ahead.pop(0)] if book.ahead and book.ahead[0].due == book.day else []
    plan = Plan(book, due_today, of_all=not isinstance(event, lc.RateChange | lc.InterestPause | lc.Draw))
    if isinstance(event, lc.RateChange):
        book.clock.changes(book.day, event.rate)
        plan.go_on(keep=event.keep, parts_stay=True)
    elif isinstance(event, lc.InterestPause):
        book.clock.pauses.append((book.day, event.until))
        plan.go_on(keep=event.keep, parts_stay=True)
    elif isinstance(event, lc.Draw):
        plan.owes_more(book.minor(event.amount))
        plan.go_on(keep="term")
    elif isinstance(event, lc.Extension):
        if event.rate:
            book.clock.changes(book.day, event.rate)
        if event.end:
            plan.periods[-1] = plan.periods[-1]._replace(closes=event.end)
        else:
            plan.periods += plan.more_periods(event.installments or 0)
        plan.go_on(keep="term")
    elif isinstance(event, lc.Deferral):
        plan.put_off(event)
    elif isinstance(event, lc.Reamortization | lc.Reaging | lc.Restructuring):
        _begin_anew(book, plan, event)
    book.ahead = [*due_today, *plan.installments]
    book.reckon_anew()
    if not due_today and book.ahead:
        book.running.period = book.ahead[0].period


def _begin_anew(book: Book, plan: Plan, event: lc.Reamortization | lc.Reaging | lc.Restructuring) -> None:
    """A new plan for what is outstanding, and for what joins it of what is past due."""
    if isinstance(event, lc.Restructuring):
        if event.rate:
            book.clock.changes(book.day, event.rate)
        book.method = str(event.method) if event.method else book.method
    if not isinstance(event, lc.Reamortization):
        count = event.installments
        if event.first_due:
            book.due_dates = DueDates(event.first_due, event.every or book.due_dates.every, book.due_dates.month_end)
            plan.begins_today(book.due_dates.after(book.day, count))
        else:
            plan.periods = [*plan.periods[:count], *plan.more_periods(count - len(plan.periods))]
        plan.off = 0  # none of the new ones is put off, and interest that was let go is that of the nights until now
        book.clock.let_go = [(since, min(until, book.day)) for since, until in book.clock.let_go]
        if isinstance(event, lc.Restructuring) and event.moratorium:
            plan.waits(event.moratorium.installments, DEFERRED[event.moratorium.interest])
    moved = treat_overdue(book, dict(event.overdue))
    plan.owes_too(moved["next"], moved["spread"])
    plan.owes_more(moved["capitalize"].total)
    plan.go_on(keep="term")
    plan.asks_too(moved["next"], moved["spread"])


def still_to_be_asked_for(book: Book) -> dict[str, int]:
    """Interest of periods before that installments ahead ask for, by the word for who asks for it."""
    waiting = {word: sum(each.asks.get(word, 0) for each in book.ahead) for word in WORDS}
    waiting[book.asked_by] -= sum(installment.holds for installment in book.ahead)
    return waiting


class Plan:
    """The plan ahead while it is made anew.

    Attributes:
        planned_on: On what interest of the first period ahead runs, and since when.
        periods: Those that are left.
        back: What went back of prepayments and stays where it is asked for, beside what the plan comes to; nothing where the plan is
            made of all that is outstanding.
        off: How many of them are put off: they come first, and ask for nothing.
        waiting: Earlier interest that is still to be asked for, by the word for who asks for it.
        installments: What the plan asks for in the end.
    """

    def __init__(self, book: Book, due_today: list[Installment], *, of_all: bool = True) -> None:
        self.book = book
        self.back = nothing() if of_all or not book.ahead else dict(book.ahead[0].went_back)
        self.periods = [installment.period for installment in book.ahead]
        self.installments = book.ahead
        self.number = len(book.installments) + len(due_today)
        self.is_daily = book.loan.accrual == "daily"
        self.parts = [
            each.agreed["principal"] - each.prepaid["principal"] - each.went_back["principal"] for each in book.ahead
        ]
        self.planned_on = [(max(book.day, book.running.paid_until), book.undue)] if self.is_daily else self._bearing()
        for stretch in book.running.stretches if self.is_daily else ():
            if (
                stretch.worth is None and stretch.end and stretch.end > book.day
            ):  # what came while the rest was paid for
                self.planned_on += [(book.day, stretch.base), (stretch.end, -stretch.base)]
        self.off = sum(installment.is_put_off for installment in book.ahead)
        self.waiting = still_to_be_asked_for(book)
        if due_today:
            falls_due = due_today[0].agreed["principal"] - due_today[0].paid["principal"]
            self.planned_on = [(book.day, book.undue + due_today[0].joins - falls_due)]

    def _bearing(self) -> list[tuple[date, int]]:
        """On what the plan's interest runs; from today on also on what a prepayment had repaid and went back."""
        planned_on = self.book.running.planned_on
        again = self.book.undue + sum(each.early("principal") for each in self.installments)
        again -= sum(amount for _, amount in planned_on) + self.back["principal"]
        begins = max(self.book.day, self.book.running.opens)  # to its end a paid period is paid for it too
        planned_on += [(begins, again)] if again else []
        return planned_on

    def earned(self, period: Period) -> Fraction:
        """Interest of a whole period on one unit of money, or of its nights after a day up to which interest is paid."""
        running = self.book.running
        paid_until = running.paid_until if self.is_daily else running.opens
        return self.clock.earned(period, max(period.opens, paid_until), period.closes)

    @property
    def clock(self) -> Clock:
        """What the nights to come are expected to be worth."""
        return self.book.clock.expected_on(self.book.day)

    @property
    def step(self) -> int:
        """What payments are rounded to."""
        rounding = self.book.loan.rounding
        return (rounding.installment or rounding).step

    @property
    def balance(self) -> int:
        """Principal that is not due; what came early of it on a daily loan counts toward the installment that runs."""
        early = (
            self.installments[0].early("principal") - self.back["principal"]
            if self.is_daily and self.installments
            else 0
        )
        return sum(amount for _, amount in self.planned_on) + early

    def begins_today(self, periods: list[Period]) -> None:
        """A period of the new plan begins today; what the nights before came to is rounded with the rest of it."""
        running = self.book.running
        if self.is_daily:
            running.stands(self.book.day)
            running.began = self.book.day
            self.periods = periods
            return
        is_running = self.planned_on is running.planned_on
        if is_running and self.periods:
            again = self.installments[0].went_back["interest"]  # what a prepayment had paid of it is not paid any more
            self.installments[0].prepaid["interest"] -= again
            running.before = running.exactly_planned(self.book.day) + again
        begins = max(self.book.day, running.opens) if is_running else self.book.day
        self.planned_on = [(begins, self.balance)]
        self.periods = periods
        if is_running:
            running.opens, running.planned_on = begins, self.planned_on
            running.began = self.book.day

    def owes_more(self, amount: int) -> None:
        """More principal bears interest from today on."""
        self.planned_on.append((self.book.day, amount))
        self.book.undue += amount
        if self.is_daily:
            self.book.running.bears_more(self.book.day, amount)

    def first_interest(self) -> Fraction:
        """Interest of the first period; of a daily loan what has accrued, and what will."""
        period = self.periods[0]
        accrued = self.book.running.before if self.planned_on is self.book.running.planned_on else Fraction(0)
        if self.is_daily:
            accrued = self.book.running.exactly_accrued(self.book.day) - sum(self.waiting.values())
            accrued -= self.installments[0].prepaid["interest"] + self.back["interest"] if self.installments else 0
        earned = (amount * self.clock.earned(period, since, period.closes) for since, amount in self.planned_on)
        return max(Fraction(0), accrued + sum(earned, Fraction(0)))  # what waits may have been paid early

    def more_periods(self, count: int, after: Sequence[Period] = ()) -> list[Period]:
        """Periods after those that are left, or after others."""
        last = [*self.periods, *after][-1].closes if self.periods or after else self.planned_on[0][0]
        return self.book.due_dates.after(last, max(0, count))

    def go_on(self, *, keep: str, parts_stay: bool = False) -> None:
        """The same number of payments, solved again; or the payment as it is, and as many as it takes.

        Principal parts that are not solved may stay as they are, but for those that interest is still to join; what is put off
        stays so.
        """
        if not self.periods:  # all has fallen due
            return
        are_given = self.book.method != "annuity" or (self.book.level is None and keep == "payment")
        stay = parts_stay and are_given and not (self.off and self.book.deferred == "capitalize")

        def rows(periods: list[Period], balance: int, first: Fraction) -> list[Row]:
            if stay:
                return self.repaid(periods, balance, first, lambda place, _: self.parts[self.off + place])
            return self.rows(periods, balance, first, keep=keep)

        self.ask(rows, put_off=self.off)

    def rows(self, periods: list[Period], balance: int, first: Fraction, *, keep: str) -> list[Row]:
        """What the plan asks for in its periods; `first` is the interest of the first one, exact."""
        method = self.book.method
        count = len(periods)
        if method == "annuity":
            level = self.book.level
            if keep == "term" or level is None:
                level = self.book.level = self._solved(periods, balance, first)
            return self.repaid(periods, balance, first, lambda _, interest: level - interest, keep=keep)
        share = self._rounded(Fraction(balance, count), "installment")
        parts = [share if method == "equal_principal" else 0] * count
        return self.repaid(periods, balance, first, lambda place, _: parts[place])

    def _solved(self, periods: list[Period], balance: int, first: Fraction) -> int:
        """The payment that brings the unrounded recurrence to zero, rounded once."""
        owed, worth = balance + first, Fraction(1)
        for period in periods[1:]:
            grows = 1 + self.earned(period)
            owed, worth = owed * grows, worth * grows + 1
        return self._rounded(owed / worth, "installment")

    def repaid(
        self,
        periods: list[Period],
        balance: int,
        first: Fraction,
        part: Callable[[int, int], int],
        *,
        keep: str = "term",
    ) -> list[Row]:
        """Rows until nothing is left: the last one clears. Where the payment is kept, there are as many as it takes, and what
        the rounding of payments leaves, at most a step for each, is none of its own.
        """
        rows = list[Row]()
        while balance:
            place = len(rows)
            if place == len(periods):
                periods += self.more_periods(1, periods)
            period = periods[place]
            exact = balance * self.earned(period) if rows else first
            interest = self._rounded(exact, "interest")
            principal = part(place, interest)
            if principal < 0 or (keep == "payment" and not principal):
                raise CannotBePlanned
            may_be_left = (self.number + place + 1) * self.step if keep == "payment" else 0
            is_last = balance - principal <= may_be_left or (keep == "term" and place + 1 >= len(periods))
            principal = balance if is_last else min(balance, principal)
            rows.append((principal, interest))
            balance -= principal
        return rows

    # Installments that ask for nothing

    def put_off(self, event: lc.Deferral) -> None:
        """The next installments ask for nothing, beside those that are put off already; what was planned comes later, or in less
        time.
        """
        parts, put_off = self.parts[self.off :], self.off + event.installments
        if event.term == "longer":
            self.periods += self.more_periods(event.installments)
        self.waits(put_off, event.interest)

        def rows(periods: list[Period], balance: int, first: Fraction) -> list[Row]:
            if event.term == "same" or event.interest == "capitalize":
                return self.rows(periods, balance, first, keep="term")
            if (level := self.book.level) is not None and self.book.method == "annuity":
                return self.repaid(periods, balance, first, lambda _, interest: level - interest)
            return self.repaid(periods, balance, first, lambda place, _: parts[place])

        self.ask(rows, put_off=put_off)

    def waits(self, put_off: int, interest: str) -> None:
        """So many installments repay nothing; their interest is let go for the nights from today on, or what is said of it."""
        self.off, self.book.deferred = put_off, interest
        self.book.asked_by = interest if interest in WORDS else "next"
        if interest == "waive":
            self.book.clock.let_go.append((self.book.day, self.periods[put_off - 1].closes))

    def ask(self, rows_of: Callable[[list[Period], int, Fraction], list[Row]], *, put_off: int = 0) -> None:
        """The installments as they are asked for from now on, those that are put off first: what their nights bear joins the
        principal, or waits for those that come after them.
        """
        book, balance, first, waits = self.book, self.balance, self.first_interest(), list[int]()
        for period in self.periods[:put_off]:
            exact = balance * self.earned(period) if waits else first
            waits.append(self._rounded(exact, "interest"))
            balance += waits[-1] if book.deferred == "capitalize" else 0
        rest = self.periods[put_off:]
        if put_off:
            first = balance * self.earned(rest[0])
        rows = rows_of(rest, balance, first)
        self.periods = [*self.periods[:put_off], *rest]
        silent = 0 if book.deferred == "paid" else put_off
        if book.deferred not in ("capitalize", "paid"):
            self.waiting[book.asked_by] += sum(waits)
        later = [{}] * silent + self._asked(put_off + len(rows) - silent)
        made = list[Installment]()
        for place, ((principal, interest), period) in enumerate(
            zip([(0, 0)] * put_off + rows, self.periods, strict=False)
        ):
            interest += sum(later[place].values())
            own = waits[place] if place < put_off else 0
            if place < put_off and not silent:
                interest, own = interest + own, 0
            joins = own if book.deferred == "capitalize" else 0
            fee = book.fee_with(interest + joins, period.closes)
            agreed = nothing() | {"principal": principal, "interest": interest, "fee": fee}
            installment = book.installment(self.number + place + 1, period, agreed)
            if place < len(
                self.installments
            ):  # what was charged to it and paid of it stays; it asks for more than that
                before = self.installments[place]
                before.due, before.period = period.closes, period
                before.agreed = {name: amount + before.prepaid[name] for name, amount in agreed.items()}
                installment = before
            installment.joins, installment.holds, installment.went_back = joins, own - joins, nothing()
            installment.asks, installment.is_put_off = later[place], place < put_off
            made.append(installment)
        self._asks_for_what_went_back(made[0])
        self.installments = made

    def _asks_for_what_went_back(self, running: Installment) -> None:
        """The installment that runs asks for what stays of it beside what it was planned to."""
        asked = ("interest", "principal") if self.is_daily else ("principal",)
        for component in asked:
            running.agreed[component] += self.back[component]
        running.went_back = self.back

    def _asked(self, count: int) -> list[dict[str, int]]:
        """What each installment that is not put off asks for of earlier interest."""
        each, more = divmod(self.waiting["spread"], count)
        asked = [{"spread": each + (place < more)} for place in range(count)]
        asked[0]["next"], asked[-1]["last"] = self.waiting["next"], self.waiting["last"]
        return asked

    def owes_too(self, in_next: Moved, spread: Moved) -> None:
        """The next installment asks for interest that was past due as well, or all of them for equal parts."""
        self.waiting["next"] += in_next.parts["interest"]
        self.waiting["spread"] += spread.total
        asked = in_next.parts["interest"] + spread.total
        if self.is_daily:
            self.book.running.carried += asked
        else:
            self.book.running.waiting += asked

    def asks_too(self, in_next: Moved, spread: Moved) -> None:
        """The next installment asks for charges that were past due as well."""
        for component, amount in (in_next.parts | {"interest": in_next.parts["interest"] + spread.total}).items():
            self.installments[0].charges[component] += amount if component != "interest" else 0
            self.book.knows_of(self.installments[0], component, amount)

    def _rounded(self, exact: Fraction, purpose: str) -> int:
        return rounded(exact, self.book.loan.rounding, purpose)
