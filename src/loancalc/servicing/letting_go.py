"""What the lender lets go: what is due of a component is waived or written off, and interest to date before it is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent
from loancalc.servicing.claim_events import WriteOff
from loancalc.servicing.events import Payment, Waiver
from loancalc.servicing.overdue import INTEREST
from loancalc.servicing.record import opened, too_much
from loancalc.values.money import format_minor
from loancalc.values.names import COMPONENTS

if TYPE_CHECKING:
    from loancalc.servicing.book import Booked
    from loancalc.servicing.replay import Replay


def let_go(replay: Replay, event: Waiver | WriteOff, amount: int, name: str, bucket: str) -> None:
    """Part of what is due of a component is waived or written off, oldest due date first."""
    debts, component, owed = replay.debts, COMPONENTS.index(name), _owed_of(replay, name)
    if event.amount == "all":
        amount = owed
    if amount > owed:
        error = too_much(replay, event, owed, f"the {name} owed")
        to_date = replay.accrued_interest() if isinstance(event, Waiver) and name == "interest" else 0
        raise (
            error
            if to_date <= 0
            else InvalidEvent(
                f"{error}; interest to date that is not due, {format_minor(to_date, replay.loan.digits)}, is let go with undue=True"
            )
        )
    receipt = opened(replay, event, 0)
    for item in debts.live():
        amount -= debts.let_go(item, component, amount, receipt.let_go, bucket)


def waive_undue(replay: Replay, event: Waiver, amount: int) -> None:
    """Part of the interest to date is let go before it is due: the running installment asks for so much less."""
    accrued = replay.accrued_interest()
    if event.amount == "all":
        amount = accrued
    if amount > accrued:
        raise too_much(replay, event, accrued, "the interest to date")
    if amount and replay.running is None:
        item = replay.debts.items[replay.debts.due_count]
        if amount > (asked := item.interest - item.settled(INTEREST)):
            raise too_much(replay, event, asked, f"the interest that installment {item.number} asks for,")
    receipt = opened(replay, event, 0)
    if amount:
        item = replay.debts.items[replay.debts.due_count]
        item.add("waived", INTEREST, amount)
        receipt.let_go.append((item.number, INTEREST, amount, replay.today))
        if replay.running:
            replay.running.pay(item, amount, 0)


def is_quoted_with(replay: Replay, event: Payment, amount: int, entries: Sequence[Booked]) -> bool:
    """Whether a payment is exactly what the events that still let something go today leave of the payoff."""
    if event.is_designated:
        return False
    left: dict[tuple[str, bool], int] = {}
    gone = 0
    for entry in entries:
        letting = entry.event
        assert isinstance(letting, Waiver | WriteOff)
        assert letting.component is not None
        what = letting.component, isinstance(letting, Waiver) and letting.undue
        owed = left[what] if what in left else _may_be_let_go(replay, *what)
        most = owed if letting.amount == "all" else min(owed, entry.minor)
        left[what] = owed - most
        gone += most
    return amount + gone == replay.payoff()


def _may_be_let_go(replay: Replay, component: str, undue: bool) -> int:
    return replay.accrued_interest() if undue else _owed_of(replay, component)


def _owed_of(replay: Replay, name: str) -> int:
    """What is due of a component."""
    debts, component = replay.debts, COMPONENTS.index(name)
    return sum(debts.claim(item, component) for item in debts.live())
