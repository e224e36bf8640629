"""What a replay writes down as it goes: receipts of events, and charges."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from loancalc.events import Event, Payment
from loancalc.owed import Part


class Receipt:
    """An event that moved money or let go of some: what it settled so far, and what it let go.

    `returned` is what went back of a payment, `unsettled` the part of that which had settled something; `meant` is the event
    itself again, if it is a payment that the borrower meant for something. `kept` is what the lender kept of it by the
    small-balance rule.
    """

    __slots__ = ("amount", "event", "is_payoff", "kept", "let_go", "meant", "parts", "returned", "unsettled")

    def __init__(self, event: Event, amount: int, *, is_payoff: bool = False) -> None:
        self.event = event
        self.amount = amount
        self.is_payoff = is_payoff
        self.meant = event if type(event) is Payment and event.is_designated else None
        self.parts: list[Part] = []
        self.let_go: list[Part] = []
        self.kept = 0
        self.returned = 0
        self.unsettled = 0


class Charged(NamedTuple):
    """A charge by event, in minor units: the installment it belongs to, its component and its day."""

    installment: int
    component: int
    on: date
    amount: int
