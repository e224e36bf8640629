"""A machine that lets anything happen to a loan, in any order, and holds the account against its laws after each step.

A new kind of event is one line in `KINDS`. What the library refuses to do on a day, with the reason, does not happen.
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
from loancalc.servicing.book import in_force
from loancalc.testing import events, loans
from loancalc.values.money import to_decimal, to_minor

Make = Callable[[date, Decimal, date, int], lc.Event]

_OVERDUE = (
    "keep",
    "capitalize",
    {"principal": "capitalize", "interest": "next"} | dict.fromkeys(["cost", "fee", "penalty"], "next")
    | dict.fromkeys(["late_interest", "compound_interest"], "waive"),
)  # fmt: skip
_KEEPS = ("term", "payment")
_COMPONENTS = ("cost", "fee", "penalty", "late_interest", "compound_interest", "interest", "principal")

KINDS: dict[str, Make] = {
    "payment": lambda day, amount, booked, n: lc.Payment(day, amount, booked=booked),
    "prepayment": lambda day, amount, booked, n: lc.Payment(
        day, amount, effect=("keep", "lower", "shorten", "last")[n % 4], booked=booked
    ),
    "payment for one": lambda day, amount, booked, n: lc.Payment(day, amount, installment=1 + n % 5, booked=booked),
    "payment by another": lambda day, amount, booked, n: lc.Payment(
        day, amount, source=("guarantor", "assets", "insurer", "lender")[n % 4], booked=booked
    ),
    "waived component": lambda day, amount, booked, n: lc.Waiver(day, _COMPONENTS[n % 7], "all", booked=booked),
    "waived interest to date": lambda day, amount, booked, n: lc.Waiver(
        day, "interest", "all", undue=True, booked=booked
    ),
    "charge": lambda day, amount, booked, n: lc.Charge(day, ("cost", "fee", "penalty")[n % 3], amount, booked=booked),
    "draw": lambda day, amount, booked, n: lc.Draw(day, amount, booked=booked),
    "rate change": lambda day, amount, booked, n: lc.RateChange(
        day, f"{n % 30}%", keep=_KEEPS[n % 2], booked=booked
    ),
    "rate change by day": lambda day, amount, booked, n: lc.RateChange(
        day, f"0.0{n % 10}%/day", keep=_KEEPS[n % 2], booked=booked
    ),
    "interest pause": lambda day, amount, booked, n: lc.InterestPause(
        day, day + timedelta(1 + n), keep=_KEEPS[n % 2], late_interest=n % 3 == 0, booked=booked
    ),
    "deferral": lambda day, amount, booked, n: lc.Deferral(
        day, 1 + n % 3, interest=("next", "spread", "last", "capitalize", "waive")[n % 5],
        term=("longer", "same")[n % 2], booked=booked,
    ),
    "extension": lambda day, amount, booked, n: lc.Extension(day, 1 + n % 6, booked=booked),
    "re-amortization": lambda day, amount, booked, n: lc.Reamortization(day, overdue=_OVERDUE[n % 3], booked=booked),
    "re-aging": lambda day, amount, booked, n: lc.Reaging(
        day, first_due=day + timedelta(1 + n), installments=1 + n % 7, overdue=_OVERDUE[n % 3], booked=booked
    ),
    "restructuring": lambda day, amount, booked, n: lc.Restructuring(
        day, first_due=day + timedelta(1 + n) if n % 2 else None, installments=1 + n % 7,
        method=(None, "annuity", "equal_principal")[n % 3], overdue=_OVERDUE[n % 3], booked=booked,
    ),
    "delinquency pause": lambda day, amount, booked, n: lc.DelinquencyPause(day, day + timedelta(1 + n), booked=booked),
    "acceleration": lambda day, amount, booked, n: lc.Acceleration(day, booked=booked),
    "charge-off": lambda day, amount, booked, n: lc.ChargeOff(day, further_interest=bool(n % 2), booked=booked),
    "write-off": lambda day, amount, booked, n: lc.WriteOff(
        day, *(() if n % 2 else (_COMPONENTS[n % 7], "all")), booked=booked
    ),
    "recovery": lambda day, amount, booked, n: lc.Recovery(day, amount, booked=booked),
    "settlement": lambda day, amount, booked, n: lc.Settlement(
        day, amount, rest=("waive", "write off")[n % 2], booked=booked
    ),
    "refund": lambda day, amount, booked, n: lc.Refund(day, "all", booked=booked),
    "transfer": lambda day, amount, booked, n: lc.Transfer(day, "another lender", booked=booked),
    "closing": lambda day, amount, booked, n: lc.Closing(day, booked=booked),
}  # fmt: skip
"""What makes an event of each kind, of a day, an amount, the day on which it was known, and a number that says the rest."""

PLAIN = (lc.Payment, lc.Waiver)
"""Events after which all money that came is money that settled something, or is held."""


def simple(happened: list[lc.Event]) -> list[lc.Event]:
    """The payments and waivers among events."""
    return [event for event in happened if isinstance(event, PLAIN)]


class MachineOfAccounts(RuleBasedStateMachine):
    """One loan, and whatever happens to it."""

    @initialize(data=st.data(), wide=st.booleans())
    def lend(self, data: st.DataObject, wide: bool) -> None:
        loan = data.draw(loans(most_installments=5, any_plan=wide, any_lateness=wide))
        self.account = lc.Account(loan, simple(data.draw(events(loan, most=4, payoff=False))))
        self.events: list[lc.Event] = list(self.account.events)
        paid = sum(to_minor(event.amount, loan.digits) for event in self.events if isinstance(event, lc.Payment))
        self.left = max(0, loan.principal_minor - 1 - paid)
        self.length = (loan.dates[-1] - loan.start).days + 60

    def add(self, event: lc.Event) -> bool:
        """Whether the account takes an event, and what happened after it can still stand."""
        account = self.account.with_events(event)
        try:
            account.as_of(max(self.day(1.0), *(known.on for known in account.events)))
        except lc.LoanError:
            return False
        self.account, self.events = account, list(account.events)
        return True

    def day(self, share: float) -> date:
        return self.account.loan.start + timedelta(int(share * self.length))

    @rule(
        kind=st.sampled_from([*KINDS, "payment", "payment", "payment", "prepayment"]),
        share=st.floats(0, 1),
        part=st.floats(0, 1),
        late=st.integers(0, 40),
        number=st.integers(0, 60),
    )
    def happen(self, kind: str, share: float, part: float, late: int, number: int) -> None:
        amount = max(1, int(self.left * part / 3))
        day, units = self.day(share), to_decimal(amount, self.account.loan.digits)
        if self.add(KINDS[kind](day, units, day + timedelta(late), number)):
            self.left -= min(self.left, amount if "payment" in kind else 0)

    @precondition(lambda self: any(isinstance(event, lc.Payment) for event in in_force(self.events)))
    @rule(data=st.data(), later=st.integers(0, 60))
    def come_back(self, data: st.DataObject, later: int) -> None:
        paid = data.draw(st.sampled_from([e for e in in_force(self.events) if isinstance(e, lc.Payment)]))
        self.add(lc.Chargeback(paid.on + timedelta(later), paid))

    @precondition(lambda self: in_force(self.events))
    @rule(data=st.data(), later=st.integers(0, 30))
    def reverse(self, data: st.DataObject, later: int) -> None:
        undone = data.draw(st.sampled_from(in_force(self.events)))
        before = [event for event in self.events if event.id != undone.id]
        if not self.add(lc.Reversal(undone, booked=undone.booked + timedelta(later))):
            return
        assert self.positions(self.account) == self.positions(lc.Account(self.account.loan, before))

    @rule(share=st.floats(0, 1))
    def ask_for_a_payoff(self, share: float) -> None:
        day = max([self.day(share), *(event.on + timedelta(1) for event in self.events)])
        quote = self.account.payoff(day)
        if quote < 0:
            return  # credit that is held beyond all that is owed
        closed = self.account.with_events(lc.Payoff(day, id="off"))
        assert closed.as_of(day).is_closed
        assert closed.as_of(day + timedelta(99)).payoff == closed.as_of(day).credit == 0
        assert next(receipt.amount for receipt in closed.receipts if receipt.id == "off") == quote

    @precondition(lambda self: not any(isinstance(event, lc.Charge) for event in self.events))
    @rule(share=st.floats(0, 1))
    def touch_nothing(self, share: float) -> None:
        """Costs are never owed where none was charged."""
        touched = self.account.with_events(lc.Waiver(self.day(share), "cost", "all"))
        assert self.positions(touched) == self.positions(self.account)

    @rule(share=st.floats(0, 1), then=st.sampled_from(["as-planned", "caught-up", "nothing"]))
    def keep_the_books_and_look_ahead(self, share: float, then: str) -> None:
        day = self.day(share)
        books, position = self.account.ledger(day), self.account.as_of(day)
        assert sum(books.balances().values()) == 0
        assert (books.past_due, books.due) == (position.past_due, position.due)
        assert books.owed.principal == position.outstanding_principal
        day = max([day, *(event.on for event in self.events)])  # else what is assumed may leave nothing to happen to
        position, ahead = self.account.as_of(day), self.account.outlook(day, then=then)
        assert ahead.position == position
        assert ahead.schedule.total("owed").total == position.past_due.total + position.due.total

    @precondition(lambda self: self.events)
    @rule(data=st.data(), eve=st.booleans())
    def look_back(self, data: st.DataObject, eve: bool) -> None:
        booked = data.draw(st.sampled_from([event.booked for event in self.events]))
        known_on, day = booked - timedelta(eve), self.account.loan.dates[-1]
        then = lc.Account(self.account.loan, [event for event in self.events if event.booked <= known_on])
        try:
            expected = then.as_of(day).figures
        except lc.LoanError:
            return  # one event rests on another that was not known yet
        assert self.account.as_of(day, known_on=known_on).figures == expected

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
        loan, charged = self.account.loan, any(isinstance(event, lc.Charge) for event in self.events)
        counts_all = not charged and (loan.late is None or loan.late.tolerance is None)
        is_plain = all(isinstance(event, (*PLAIN, lc.Reversal)) for event in self.events)
        for position in self.positions(self.account):
            figures = position.figures
            settled = sum(row.paid[6] + row.waived[6] + row.written_off[6] for row in figures.items)
            assert (
                settled + figures.undue + sum(row.owed[6] for row in figures.items)
                == figures.advanced + figures.capitalized
            )
            assert min(*figures.past_due, *figures.due, *figures.cut) >= 0
            assert min(figures.undue, figures.credit, figures.accrued, figures.charged_ahead) >= 0
            unpaid = [i.due for i in position.installments if i.state in ("past due", "partly paid", "due")]
            if counts_all:  # a tolerance, or what is no part of an installment, keeps nothing past due
                assert position.oldest_unpaid_due == min(unpaid, default=None)
                assert position.days_past_due == ((position.as_of - min(unpaid)).days if unpaid else 0)
            if is_plain:
                self.money_settles(position)
            self.caps_hold(position)

    def money_settles(self, position: lc.Position) -> None:
        receipts = self.account.receipts_as_of(position.as_of)
        assert all(receipt.parts.total + receipt.credit == receipt.amount for receipt in receipts)
        received = sum(receipt.amount for receipt in receipts)
        assert received == sum(item.paid.total for item in position.installments) + position.credit

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
