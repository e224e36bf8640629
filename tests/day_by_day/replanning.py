"""A new plan for what is not due yet, on loans whose interest stands: solved by the recurrence over the periods that are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import rounded
from day_by_day.clock import DueDates, Period
from day_by_day.debt import Installment, nothing

if TYPE_CHECKING:
    from day_by_day.book import Book

Row = tuple[int, int]
"""Principal and interest."""


class CannotBePlanned(Exception):
    """A payment does not cover the interest of its period."""


def new_terms(book: Book, event: lc.Event) -> None:
    """What is agreed on a day: it holds from its night on. An installment that is due on the day stays as it is."""
    due_today = [book.ahead.pop(0)] if book.ahead and book.ahead[0].due == book.day else []
    plan = Plan(book, due_today)
    if isinstance(event, lc.RateChange):
        book.clock.rates.append((book.day, event.rate))
        plan.go_on(keep=event.keep, parts=plan.parts)
    elif isinstance(event, lc.InterestPause):
        book.clock.pauses.append((book.day, event.until))
        plan.go_on(keep=event.keep, parts=plan.parts)
    elif isinstance(event, lc.Draw):
        plan.owes_more(book.minor(event.amount))
        plan.go_on(keep="term")
    elif isinstance(event, lc.Extension):
        if event.rate:
            book.clock.rates.append((book.day, event.rate))
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
    if not due_today and book.ahead:
        book.running.period = book.ahead[0].period


def _begin_anew(book: Book, plan: Plan, event: lc.Reamortization | lc.Reaging | lc.Restructuring) -> None:
    """A new plan for what is outstanding, and for what joins it of what is past due."""
    if isinstance(event, lc.Restructuring):
        if event.rate:
            book.clock.rates.append((book.day, event.rate))
        book.method = str(event.method) if event.method else book.method
    if not isinstance(event, lc.Reamortization):
        count = event.installments
        if event.first_due:
            book.due_dates = DueDates(event.first_due, event.every or book.due_dates.every, book.due_dates.month_end)
            plan.begins_today(book.due_dates.after(book.day, count))
        else:
            plan.periods = [*plan.periods[:count], *plan.more_periods(count - len(plan.periods))]
    moved = _treat_overdue(book, dict(event.overdue))
    moved["next"].parts["interest"] += plan.before
    plan.owes_more(moved["capitalize"].total)
    plan.go_on(keep="term")
    plan.asks_too(moved["next"], moved["spread"])


@dataclass
class Moved:
    """What was past due and is asked for by the new plan, by component."""

    parts: dict[str, int] = field(default_factory=nothing)

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.parts.values())


def _treat_overdue(book: Book, words: Mapping[str, str]) -> dict[str, Moved]:
    """What is past due leaves its installments as it was agreed for each component, but for what is kept."""
    moved = {word: Moved() for word in ("keep", "capitalize", "next", "spread", "waive")}
    for installment in (one for one in book.installments if one.due < book.day):
        for component, word in words.items():
            amount = book.owed(installment, component) if word != "keep" else 0
            moved[word].parts[component] += amount
            book.settle(installment, component, amount, installment.waived)
    return moved


class Plan:
    """The plan ahead while it is made anew.

    Attributes:
        planned_on: On what interest of the first period ahead runs, and since when.
        periods: Those that are left.
        installments: What the plan asks for in the end.
    """

    def __init__(self, book: Book, due_today: list[Installment]) -> None:
        self.book = book
        self.periods = [installment.period for installment in book.ahead]
        self.installments = book.ahead
        self.number = len(book.installments) + len(due_today)
        self.is_daily = book.loan.accrual == "daily"
        self.parts = [installment.agreed["principal"] - installment.prepaid["principal"] for installment in book.ahead]
        self.planned_on = [(book.day, book.undue)] if self.is_daily else self._bearing()
        self.capitalized: list[int] = []
        self.before = 0
        if due_today:
            self.planned_on = [(book.day, book.undue + due_today[0].joins - due_today[0].agreed["principal"])]

    def _bearing(self) -> list[tuple[date, int]]:
        """On what the plan's interest runs; from today on also on what a prepayment had repaid and went back."""
        planned_on = self.book.running.planned_on
        again = self.book.undue + sum(each.early("principal") for each in self.installments)
        again -= sum(amount for _, amount in planned_on)
        planned_on += [(self.book.day, again)] if again else []
        return planned_on

    @property
    def step(self) -> int:
        """What payments are rounded to."""
        rounding = self.book.loan.rounding
        return (rounding.installment or rounding).step

    @property
    def balance(self) -> int:
        """Principal that is not due; what came early of it on a daily loan counts toward the installment that runs."""
        early = self.installments[0].early("principal") if self.is_daily and self.installments else 0
        return sum(amount for _, amount in self.planned_on) + early

    def begins_today(self, periods: list[Period]) -> None:
        """A period of the new plan begins today; what the nights before came to is rounded, and asked for with the next one."""
        running = self.book.running
        if self.is_daily:
            self.periods = periods
            return
        is_running = self.planned_on is running.planned_on
        if is_running and self.periods:
            self.before = self._rounded(running.exactly_planned(self.book.day), "interest")
        self.planned_on = [(self.book.day, self.balance)]
        self.periods = periods
        if is_running:
            running.opens, running.planned_on = self.book.day, self.planned_on

    def owes_more(self, amount: int) -> None:
        """More principal bears interest from today on."""
        self.planned_on.append((self.book.day, amount))
        self.book.undue += amount

    def first_interest(self) -> Fraction:
        """Interest of the first period; of a daily loan what has accrued, and what will."""
        period = self.periods[0]
        accrued = Fraction(0)
        if self.is_daily:
            accrued = self.book.running.exactly_accrued(self.book.day) - self.installments[0].prepaid["interest"]
        return accrued + sum(
            (amount * self.book.clock.earned(period, since, period.closes) for since, amount in self.planned_on),
            Fraction(0),
        )

    def more_periods(self, count: int, after: Sequence[Period] = ()) -> list[Period]:
        """Periods after those that are left, or after others."""
        last = [*self.periods, *after][-1].closes if self.periods or after else self.planned_on[0][0]
        return self.book.due_dates.after(last, max(0, count))

    def go_on(self, *, keep: str, parts: Sequence[int] | None = None) -> None:
        """The same number of payments, solved again; or the payment as it is, and as many as it takes.

        Principal parts that are not solved stay as they are, where they are given.
        """
        if parts is not None and self.book.method != "annuity":
            rows = self.repaid(self.periods, self.balance, self.first_interest(), lambda place, _: parts[place])
        else:
            rows = self.rows(self.periods, self.balance, self.first_interest(), keep=keep)
        self.ask([], rows, self._asked_of_before(len(rows)))

    def _asked_of_before(self, count: int) -> list[int]:
        """What each installment asks for of earlier periods: as many as there were, the last one for the rest."""
        asked = [-installment.waits for installment in self.installments]
        asked, over = asked[:count], asked[count:]
        asked += [0] * (count - len(asked))
        asked[-1] += sum(over)
        return asked

    def rows(self, periods: list[Period], balance: int, first: Fraction, *, keep: str) -> list[Row]:
        """What the plan asks for in its periods; `first` is the interest of the first one, exact."""
        method = self.book.method
        count = len(periods)
        if method == "annuity":
            if keep == "term":
                self.book.level = self._solved(periods, balance, first)
            return self.repaid(periods, balance, first, lambda _, interest: self.book.level - interest, keep=keep)
        share = self._rounded(Fraction(balance, count), "installment")
        parts = [share if method == "equal_principal" else 0] * count
        return self.repaid(periods, balance, first, lambda place, _: parts[place])

    def _solved(self, periods: list[Period], balance: int, first: Fraction) -> int:
        """The payment that brings the unrounded recurrence to zero, rounded once."""
        owed, worth = balance + first, Fraction(1)
        for period in periods[1:]:
            grows = 1 + self.book.clock.earned(period, *period[:2])
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
            exact = balance * self.book.clock.earned(period, *period[:2]) if rows else first
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
        """The next installments ask for nothing; what was planned comes later, or in less time."""
        count, waiting = event.installments, list[int]()
        if event.term == "longer":
            self.periods += self.more_periods(count)
        rest = self.periods[count:]
        if event.interest == "waive":  # that of the nights from today on
            self.book.clock.pauses.append((self.book.day, self.periods[count - 1].closes))
        for place, period in enumerate(self.periods[:count]):
            exact = (self.balance + sum(self.capitalized)) * self.book.clock.earned(period, *period[:2])
            waiting.append(self._rounded(exact if place else self.first_interest(), "interest"))
            if event.interest == "capitalize":
                self.capitalized.append(waiting[-1])
        balance = self.balance + sum(self.capitalized)
        first = balance * self.book.clock.earned(rest[0], *rest[0][:2])
        if event.term == "longer" and event.interest != "capitalize" and self.book.method != "annuity":
            rows = self.repaid(rest, balance, first, lambda place, _: self.parts[place])
        elif event.term == "longer" and event.interest != "capitalize":
            rows = self.repaid(rest, balance, first, lambda _, interest: self.book.level - interest)
        else:
            rows = self.rows(rest, balance, first, keep="term")
        later = self._asked_of_before(len(rows))
        if event.interest == "spread":
            each, more = divmod(sum(waiting), len(rows))
            later = [asked + each + (place < more) for place, asked in enumerate(later)]
        elif event.interest == "last":
            later[-1] += sum(waiting)
        elif event.interest in ("next", "waive"):
            later[0] += sum(waiting)
        self.ask(waiting, rows, later)

    def ask(self, waiting: list[int], rows: list[Row], later: Sequence[int]) -> None:
        """The installments as they are asked for from now on, those that are put off first."""
        asked = [(0, 0)] * len(waiting) + rows
        made = []
        for place, ((principal, interest), period) in enumerate(zip(asked, self.periods, strict=False)):
            agreed = nothing() | {"principal": principal, "interest": interest, "fee": self.book.fee}
            installment = self.book.installment(self.number + place + 1, period, agreed)
            if place < len(
                self.installments
            ):  # what was charged to it and paid of it stays; it asks for more than that
                before = self.installments[place]
                before.due, before.period, before.waits = period.closes, period, 0
                before.agreed = {name: amount + before.prepaid[name] for name, amount in agreed.items()}
                installment = before
            made.append(installment)
        for place, installment in enumerate(made[: len(waiting)]):
            if self.capitalized:
                installment.joins = self.capitalized[place]
            else:
                installment.waits = waiting[place]
        for installment, amount in zip(made[len(waiting) :], later, strict=True):
            installment.agreed["interest"] += amount
            installment.waits = -amount
        self.installments = made

    def asks_too(self, in_next: Moved, spread: Moved) -> None:
        """The next installment asks for what was past due as well, or all of them for equal parts, the first for the rest."""
        following, count = self.installments[0], len(self.installments)
        each, rest = divmod(spread.total, count)
        parts = [each + (place < rest) for place in range(count)]
        parts[0] += in_next.parts.pop("interest")
        for installment, part in zip(self.installments, parts, strict=True):
            installment.agreed["interest"] += part
            installment.waits -= part
        self.book.running.waiting += sum(parts)
        for component, amount in in_next.parts.items():
            following.charges[component] += amount
            self.book.knows_of(following, component, amount)
        self.book.knows_of(following, "interest", sum(parts) - self.before)

    def _rounded(self, exact: Fraction, purpose: str) -> int:
        return rounded(exact, self.book.loan.rounding, purpose)
