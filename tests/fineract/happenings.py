"""What happened in a story as events of ours. The day on which the system was when it heard of something is the day of
booking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import loancalc as lc

from .stories import MONEY, Story, date_of, draws_of
from .terms import loan_of, next_due

_CHARGES = {"LOAN_NSF_FEE": "penalty", "LOAN_SNOOZE_FEE": "fee"}
"""The charges of the stories: for a returned payment, and for putting an installment off."""

_OVERDUE = {"principal": "capitalize", "interest": "next"}
"""Where a new plan begins there, overdue principal joins it, and overdue interest is asked for first."""


def account_of(story: Story, after_event: int | None = None, **other_terms: Any) -> lc.Account:
    """The account as it was after so many events of the story; after all of them if None."""
    loan = loan_of(story, after_event, **other_terms)
    book = Book(loan, story)
    happened = story["events"][:after_event]
    if not any(event["type"] == "disbursement" for event in happened):
        happened = draws_of(story, after_event) + happened
    for number, event in enumerate(happened, 1):
        book.write(f"event {number}", event)
    return lc.Account(loan, book.events)


class Book:
    """The events so far, and the day on which the system is."""

    def __init__(self, loan: lc.Loan, story: Story) -> None:
        """Nothing has happened yet to a loan on the terms of a story."""
        terms = story["terms"]
        self.loan = loan
        self.events: list[lc.Event] = []
        self.money: list[tuple[str, str, str]] = []
        self.today = ""
        self._is_paid_out = False
        self._pays_itself = bool((terms.get("down_payment") or {}).get("auto_paid"))
        self._behavior = terms.get("charge_off_behaviour", "regular")

    def write(self, name: str, event: Story) -> None:
        """Write down an event of the story, under a name."""
        kind = event["type"]
        if kind == "as_of":
            self.today = event["date"]
        elif kind in MONEY:
            self._pay(name, MONEY[kind], event)
        elif act := _ACTS.get(kind):
            act(self, name, event)

    def _add(self, *events: lc.Event) -> None:
        self.events += events

    def _known(self, day: str) -> str:
        return max(self.today, day)

    def _pay(self, name: str, kind: str, event: Story) -> None:
        source = "borrower" if kind == MONEY["repayment"] else "lender"
        day = event["date"]
        only = event.get("only", ())
        self._add(lc.Payment(day, event["amount"], source=source, only=only, booked=self._known(day), id=name))
        self.money.append((kind.casefold(), day, name))

    def _draw(self, name: str, event: Story) -> None:
        """The first is the principal; later ones with a down payment are terms of the loan."""
        day = date_of(event) or str(self.loan.start)
        if self._is_paid_out and not self.loan.tranches:
            self._add(lc.Draw(day, event["amount"], booked=self._known(day), id=name))
        self._is_paid_out = True
        if self._pays_itself:
            due = lc.Account(self.loan, self.events).as_of(day).due.total
            self._add(lc.Payment(day, due, booked=self._known(day), id=f"{name}, down payment"))
            self.money.append(("down payment", day, f"{name}, down payment"))

    def _capitalize(self, name: str, event: Story) -> None:
        self._add(lc.Draw(event["date"], event["amount"], id=name))

    def _charge(self, name: str, event: Story) -> None:
        """It belongs to the installment whose period ends on its day or next after it."""
        day = event["date"]
        on = min(day, self.today)
        number = next_due(self.loan, day)
        component = _CHARGES[event["charge"]]
        self._add(lc.Charge(on, component, event["amount"], number, booked=self.today, id=name))

    def _waive_charge(self, name: str, event: Story) -> None:
        charge = next(made for made in reversed(self.events) if isinstance(made, lc.Charge))
        self._add(lc.Waiver(self.today, charge.component, charge.amount, id=name))

    def _reschedule(self, name: str, event: Story) -> None:
        """A change from an installment on is known the night before it is due. The figure of a day covers the night
        before it there: a new rate from a day prices the night before.
        """
        day, booked = _night_before(event["rescheduleFromDate"]), event["submittedOnDate"]
        if "newInterestRate" in event:
            self._add(lc.RateChange(day, f"{event['newInterestRate']}%", keep="term", booked=booked, id=name))
        elif "extraTerms" in event:
            self._add(lc.Extension(day, int(event["extraTerms"]), booked=booked, id=name))
        elif "graceOnInterest" in event:
            count = int(event["graceOnInterest"])
            self._add(lc.Deferral(day, count, interest="next", term="same", booked=booked, id=name))
        else:
            left = sum(due > day for due in self.loan.dates[1:])
            due = event["adjustedDueDate"]
            self._add(lc.Restructuring(day, installments=left, first_due=due, booked=booked, id=name))

    def _reage(self, name: str, event: Story) -> None:
        """Where the first new due date is past, it is agreed as of the night before it."""
        due = event["startDate"]
        on = min(self.today, str(_night_before(due)))
        every = f"{event['frequencyNumber']} {event['frequencyType'].casefold()}"
        self._add(
            lc.Reaging(
                on,
                first_due=due,
                installments=int(event["numberOfInstallments"]),
                every=every,
                overdue=_OVERDUE,
                booked=self.today,
                id=name,
            )
        )

    def _reamortize(self, name: str, event: Story) -> None:
        self._add(lc.Reamortization(self.today, overdue=_OVERDUE, id=name))

    def _pause_interest(self, name: str, event: Story) -> None:
        self._add(lc.InterestPause(_night_before(event["date"]), event["end_date"], keep="payment", id=name))

    def _pause_count(self, name: str, event: Story) -> None:
        self._add(lc.DelinquencyPause(event["date"], event["end_date"], booked=self._known(event["date"]), id=name))

    def _resume_count(self, name: str, event: Story) -> None:
        """The pause was never longer than to this day."""
        pause = next(made for made in reversed(self.events) if isinstance(made, lc.DelinquencyPause))
        self._add(
            lc.Reversal(str(pause.id), booked=self.today, id=f"{name}, {pause.id}"),
            lc.DelinquencyPause(pause.on, event["date"], booked=self.today, id=name),
        )

    def _pay_off(self, name: str, event: Story) -> None:
        self._add(lc.Payoff(event["date"], booked=self._known(event["date"]), id=name))
        self.money.append(("repayment", event["date"], name))

    def _refund(self, name: str, event: Story) -> None:
        self._add(lc.Refund(event["date"], event["amount"], id=name))

    def _charge_back(self, name: str, event: Story) -> None:
        """Of the payments of the story in their order, or of the money that paid itself."""
        _, _, paid = self.money[int(event["of_payment_nr"]) - 1]
        self._add(lc.Chargeback(self.today, paid, event["amount"], id=name))

    def _charge_off(self, name: str, event: Story) -> None:
        """It may call the whole loan, or end all interest while the payments stay."""
        day = event["date"]
        if self._behavior == "accelerate_maturity":
            self._add(lc.Acceleration(day, booked=self._known(day), id=f"{name}, acceleration"))
        elif self._behavior == "zero_interest":
            never = self.loan.dates[-1] + timedelta(1)
            self._add(lc.InterestPause(day, never, keep="payment", booked=self._known(day), id=f"{name}, interest"))
        self._add(lc.ChargeOff(day, further_interest=True, booked=self._known(day), id=name))

    def _undo_charge_off(self, name: str, event: Story) -> None:
        gone = [made for made in self.events if isinstance(made, lc.ChargeOff | lc.Acceleration)]
        self._add(*(lc.Reversal(made, booked=self.today, id=f"{name}, {made.id}") for made in gone))

    def _write_off(self, name: str, event: Story) -> None:
        self._add(lc.WriteOff(event["date"], id=name))

    def _accelerate(self, name: str, event: Story) -> None:
        self._add(lc.Acceleration(self.today, id=name))

    def _reverse(self, name: str, event: Story) -> None:
        wanted = event["of"].casefold(), event["date"]
        made = [paid for kind, day, paid in self.money if (kind, day) == wanted]
        self._add(lc.Reversal(made[int(event["nth"]) - 1], booked=self._known(event["date"]), id=name))

    def _undo_draw(self, name: str, event: Story) -> None:
        """What was undone never happened, nor what paid itself with it."""
        self.events.clear()
        self.money.clear()
        self._is_paid_out = False


def _night_before(day: str) -> date:
    return date.fromisoformat(day) - timedelta(days=1)


_ACTS: dict[str, Callable[[Book, str, Story], None]] = {
    "capitalised_income": Book._capitalize,
    "charge": Book._charge,
    "charge_off": Book._charge_off,
    "chargeback": Book._charge_back,
    "credit_balance_refund": Book._refund,
    "disbursement": Book._draw,
    "delinquency_pause": Book._pause_count,
    "delinquency_resume": Book._resume_count,
    "interest_pause": Book._pause_interest,
    "payoff": Book._pay_off,
    "reage": Book._reage,
    "reamortise": Book._reamortize,
    "reschedule": Book._reschedule,
    "reverse": Book._reverse,
    "terminate_contract": Book._accelerate,
    "undo_charge_off": Book._undo_charge_off,
    "undo_disbursement": Book._undo_draw,
    "waive_charge": Book._waive_charge,
    "write_off": Book._write_off,
}
"""What each kind of event writes down. Days on which nothing but a job runs, and product rules, write nothing."""
