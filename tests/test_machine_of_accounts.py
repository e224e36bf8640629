"""A machine that lets anything happen to a loan, in any order, and holds the account against its laws after each step.

A new kind of event is one line in `KINDS`: what makes it, given a day, an amount and the day on which it was known.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import loancalc as lc
from loancalc.events import in_force
from loancalc.money import to_decimal, to_minor
from loancalc.testing import events, loans

Make = Callable[[date, Decimal, date], lc.Event]

KINDS: dict[str, Make] = {
    "payment": lambda day, amount, booked: lc.Payment(day, amount, booked=booked),
    "waived late interest": lambda day, amount, booked: lc.Waiver(day, "late_interest", "all", booked=booked),
    "waived penalty": lambda day, amount, booked: lc.Waiver(day, "penalty", "all", booked=booked),
    "waived interest to date": lambda day, amount, booked: lc.Waiver(day, "interest", "all", undue=True, booked=booked),
    "waived interest": lambda day, amount, booked: lc.Waiver(day, "interest", "all", booked=booked),
}


def simple(happened: list[lc.Event]) -> list[lc.Event]:
    """The payments and waivers among events."""
    return [event for event in happened if isinstance(event, lc.Payment | lc.Waiver)]


class MachineOfAccounts(RuleBasedStateMachine):
    """One loan, and whatever happens to it."""

    @initialize(data=st.data())
    def lend(self, data: st.DataObject) -> None:
        loan = data.draw(loans(most_installments=5))
        self.account = lc.Account(loan, simple(data.draw(events(loan, most=4, payoff=False))))
        self.events: list[lc.Event] = list(self.account.events)
        paid = sum(to_minor(event.amount, loan.digits) for event in self.events if isinstance(event, lc.Payment))
        self.left = loan.principal_minor - 1 - paid
        self.length = (loan.dates[-1] - loan.start).days + 60

    def add(self, event: lc.Event) -> None:
        self.account = self.account.with_events(event)
        self.events = list(self.account.events)

    def day(self, share: float) -> date:
        return self.account.loan.start + timedelta(int(share * self.length))

    @rule(
        kind=st.sampled_from([*KINDS, "payment", "payment"]),
        share=st.floats(0, 1),
        part=st.floats(0, 1),
        late=st.integers(0, 40),
    )
    def happen(self, kind: str, share: float, part: float, late: int) -> None:
        amount = max(1, int(self.left * part / 3))
        if kind == "payment" and amount > self.left:
            return
        self.left -= amount if kind == "payment" else 0
        day, units = self.day(share), to_decimal(amount, self.account.loan.digits)
        self.add(KINDS[kind](day, units, day + timedelta(late)))

    @precondition(lambda self: in_force(self.events))
    @rule(data=st.data(), later=st.integers(0, 30))
    def reverse(self, data: st.DataObject, later: int) -> None:
        undone = data.draw(st.sampled_from(in_force(self.events)))
        before = [event for event in self.events if event.id != undone.id]
        self.add(lc.Reversal(undone, booked=undone.booked + timedelta(later)))
        assert self.positions(self.account) == self.positions(lc.Account(self.account.loan, before))

    @rule(share=st.floats(0, 1))
    def ask_for_a_payoff(self, share: float) -> None:
        day = max([self.day(share), *(event.on + timedelta(1) for event in self.events)])
        quote = self.account.payoff(day)
        closed = self.account.with_events(lc.Payoff(day, id="off"))
        assert closed.as_of(day).is_closed
        assert closed.as_of(day + timedelta(99)).payoff == closed.as_of(day).credit == 0
        assert next(receipt.amount for receipt in closed.receipts if receipt.id == "off") == quote

    @rule(share=st.floats(0, 1))
    def touch_nothing(self, share: float) -> None:
        touched = self.account.with_events(lc.Waiver(self.day(share), "cost", "all"))  # costs are never owed here
        assert self.positions(touched) == self.positions(self.account)

    @rule(share=st.floats(0, 1), then=st.sampled_from(["as-planned", "caught-up", "nothing"]))
    def keep_the_books_and_look_ahead(self, share: float, then: str) -> None:
        day = self.day(share)
        books, position = self.account.ledger(day), self.account.as_of(day)
        assert sum(books.balances().values()) == 0
        assert (books.past_due, books.due) == (position.past_due, position.due)
        assert books.owed.principal == position.outstanding_principal
        ahead = self.account.outlook(day, then=then)
        assert ahead.position == position
        assert ahead.schedule.total("owed").total == position.past_due.total + position.due.total

    @precondition(lambda self: self.events)
    @rule(data=st.data(), eve=st.booleans())
    def look_back(self, data: st.DataObject, eve: bool) -> None:
        booked = data.draw(st.sampled_from([event.booked for event in self.events]))
        known_on, day = booked - timedelta(eve), self.account.loan.dates[-1]
        then = lc.Account(self.account.loan, [event for event in self.events if event.booked <= known_on])
        assert self.account.as_of(day, known_on=known_on).figures == then.as_of(day).figures

    @rule(seed=st.integers(0, 99))
    def shuffle(self, seed: int) -> None:
        shuffled = random.Random(seed).sample(self.events, len(self.events))
        other = lc.Account(self.account.loan, shuffled)
        assert self.positions(other) == self.positions(self.account)
        assert other.receipts == self.account.receipts

    def positions(self, account: lc.Account) -> tuple[lc.Position, ...]:
        loan = self.account.loan
        days = {day + timedelta(shift) for day in loan.dates for shift in (0, 1, 12)}
        return account.on_days(sorted(days | {self.day(1.0)} | {event.on for event in self.events}))

    @invariant()
    def laws_hold(self) -> None:
        if not hasattr(self, "account"):
            return
        lent = self.account.loan.schedule().total_principal
        for position in self.positions(self.account):
            figures = position.figures
            settled = sum(item.paid.principal + item.waived.principal for item in position.installments)
            assert settled + position.outstanding_principal == lent
            assert min(*figures.past_due, *figures.due, *figures.cut) >= 0
            assert min(figures.undue, figures.credit) >= 0
            unpaid = [i.due for i in position.installments if i.state in ("past due", "partly paid", "due")]
            assert position.oldest_unpaid_due == min(unpaid, default=None)
            assert position.days_past_due == ((position.as_of - min(unpaid)).days if unpaid else 0)
            receipts = self.account.receipts_as_of(position.as_of)
            assert all(receipt.parts.total + receipt.credit == receipt.amount for receipt in receipts)
            received = sum(receipt.amount for receipt in receipts)
            assert received == sum(item.paid.total for item in position.installments) + position.credit
            self.caps_hold(position)

    def caps_hold(self, position: lc.Position) -> None:
        loan = self.account.loan
        for cap in loan.late.caps if loan.late else ():
            charged = sum(
                part[name] for i in position.installments for part in (i.paid, i.waived, i.owed) for name in cap.covers
            )
            if cap.amount is not None:
                assert charged <= cap.amount


TestMachineOfAccounts = MachineOfAccounts.TestCase
TestMachineOfAccounts.settings = settings(
    max_examples=max(40, settings().max_examples // 4), stateful_step_count=12, suppress_health_check=list(HealthCheck)
)
