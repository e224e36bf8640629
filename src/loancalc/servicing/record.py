"""What a replay writes down as it goes: receipts of events, and charges."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from loancalc.errors import InvalidEvent
from loancalc.servicing.claim_events import WriteOff
from loancalc.servicing.events import Event, Payment, Waiver
from loancalc.servicing.money_events import Chargeback, Recovery, Refund
from loancalc.servicing.owed import Part
from loancalc.values.money import format_minor

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


class Receipt:
    """An event that moved money or let go of some: what it settled so far, and what it let go.

    `returned` is what went back of a payment, `unsettled` the part of that which had settled something; `meant` is the event
    itself again, if it is a payment that the borrower meant for something; `has_prepaid` says that it repaid principal early
    and a new plan followed. `kept` is what the lender kept of it by the small-balance rule.
    """

    has_prepaid = False
    kept = 0
    returned = 0
    unsettled = 0

    def __init__(
        self,
        event: Event,
        amount: int,
        id: str | None = None,
        meant: Payment | None = None,
        *,
        is_payoff: bool = False,
    ) -> None:
        self.event = event
        self.id = event.id if id is None else id
        self.amount = amount
        self.is_payoff = is_payoff
        self.meant = meant
        self.parts: list[Part] = []
        self.let_go: list[Part] = []

    def still_settled(self) -> list[tuple[int, Part]]:
        """What it settled but for what was charged back, the last part first, each with its place."""
        found, gone = [], self.unsettled
        for place, (number, component, settled, on) in reversed([*enumerate(self.parts)]):
            skipped = min(gone, settled)
            gone -= skipped
            if settled > skipped:
                found.append((place, (number, component, settled - skipped, on)))
        return found

    def gone(self) -> list[Part]:
        """What was charged back of what it had settled: its last parts, which are taken out of the others."""
        found, gone = list[Part](), self.unsettled
        while gone:
            number, component, settled, on = self.parts.pop()
            back = min(gone, settled)
            gone -= back
            found.insert(0, (number, component, back, on))
            if settled > back:
                self.parts.append((number, component, settled - back, on))
        return found

    def take_off(self, place: int, amount: int) -> None:
        """One of its parts settles less."""
        number, component, settled, on = self.parts[place]
        self.parts[place : place + 1] = [(number, component, settled - amount, on)] if settled > amount else []


class Charged(NamedTuple):
    """A charge by event, in minor units: the installment it belongs to, its component and its day."""

    installment: int
    component: int
    on: date
    amount: int


def opened(replay: Replay, event: Event, amount: int, *, is_payoff: bool = False) -> Receipt:
    """The receipt of an event that moves so much money or lets go of something, among those of the replay."""
    receipt = Receipt(event, amount, is_payoff=is_payoff)
    replay.receipts.append(receipt)
    return receipt


def too_much(
    replay: Replay, event: Refund | Chargeback | Recovery | Waiver | WriteOff, most: int, what: str
) -> InvalidEvent:
    """The refusal of an event that asks for more than there is of something."""
    expected = format_minor(most, replay.loan.digits)
    return InvalidEvent(f"{event!r}: got {event.amount}; expected at most {expected}, {what} on {event.on}")
