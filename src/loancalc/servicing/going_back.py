"""Money that goes back: credit that is paid out again, and a payment that its bank takes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent
from loancalc.servicing.endings import accelerate
from loancalc.servicing.events import Payment, Payoff
from loancalc.servicing.money_events import Chargeback, Refund, Settlement
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed, Part
from loancalc.servicing.paid_ahead import release
from loancalc.servicing.record import Charged, Receipt, opened, too_much

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def refund(replay: Replay, event: Refund, amount: int) -> None:
    """Credit that is held is paid out, that of the oldest money first."""
    held = replay.credit
    if event.amount == "all":
        amount = held
    if amount > held:
        raise too_much(replay, event, held, "the credit held")
    opened(replay, event, amount)
    while amount:
        amount -= release(replay, replay.held[0][0], amount)


def charge_back(replay: Replay, event: Chargeback, amount: int) -> None:
    """The payment's held credit goes first, then what the lender kept of it, then what it settled, the last first. Credit of others
    pays what is owed again.
    """
    paid = _payment_of(replay, event)
    left = paid.amount - paid.returned
    if event.amount is None:
        amount = left
    if amount > left:
        raise too_much(replay, event, left, f"what is left of payment {event.of!r}")
    receipt = opened(replay, event, amount)
    amount -= release(replay, paid, amount)
    kept = min(amount, paid.kept)
    paid.kept -= kept
    replay.kept -= kept
    paid.returned += kept
    amount -= kept
    again: list[Owed] = []
    for _, (number, component, settled, on) in paid.still_settled():
        if back := min(amount, settled):
            amount -= back
            paid.unsettled += back
            paid.returned += back
            receipt.parts.append((number, component, -back, replay.today))
            if replay.running and component == PRINCIPAL:
                replay.running.rest_no_more(paid.id, back)
            again += _ask_again(replay, event, paid, (number, component, back, on))
    if again and replay.is_ended and replay.running:  # no date is left on which its interest could be asked for
        accelerate(replay)
    if any(item.number <= replay.debts.due_count for item in again):
        replay.apply_held()


def _payment_of(replay: Replay, event: Chargeback) -> Receipt:
    """The receipt of the payment that is charged back.

    Raises:
        InvalidEvent: If there is none, or it ended the loan.
    """
    paid = next((receipt for receipt in replay.receipts if receipt.id == event.of), None)
    if paid is not None and isinstance(paid.event, Payoff | Settlement):
        raise _ended_the_loan(event)
    if paid is None or not isinstance(paid.event, Payment):
        raise InvalidEvent(
            f"{event!r}: got {event.of!r}; expected the id of a payment made by {event.on} and not reversed"
            + ("; what else came in is taken back by a Reversal" if paid else "")
        )
    return paid


def _ended_the_loan(event: Chargeback) -> InvalidEvent:
    return InvalidEvent(f"{event!r}: the payment ended the loan; expected a Reversal, which undoes that too")


def _ask_again(replay: Replay, event: Chargeback, paid: Receipt, part: Part) -> list[Owed]:
    """A part that a payment had settled goes back; returns the installment, if that asks for it again."""
    number, component, back, on = part
    item, running = replay.debts.item(number), replay.running
    if replay.is_ended and item.number > replay.debts.due_count:
        raise _ended_the_loan(event)
    followed = paid.has_prepaid and isinstance(paid.event, Payment) and paid.event.effect != "keep"
    if not (running and followed and on < item.due):  # what was repaid for good is asked for where it was
        back -= _lend_again(replay, item, component, back)
    if not back:
        return []
    _owe_again(replay, item, component, back, was_prepaid=paid.has_prepaid)
    if running and followed:
        running.note_what_went_back(item, component, back)
    return [item]


def _owe_again(replay: Replay, item: Owed, component: int, amount: int, *, was_prepaid: bool) -> None:
    """What had been settled of an installment is owed again from today; `was_prepaid` where principal was repaid early by it."""
    was_settled = replay.debts.is_settled(item)
    item.paid[component] -= amount
    if item.number <= replay.debts.due_count:
        if replay.late and was_settled:
            replay.late.reopen(item)
        replay.owe(item, component, amount)
        return
    item.settled_on = None
    if component == FEE and was_prepaid:
        # for repaying early: its plan does not ask for it, so it is charged from now on
        item.fee -= amount
        item.add("prepaid", FEE, -amount)
        item.owed[FEE] += amount
        replay.charges.append(Charged(item.number, FEE, replay.today, amount))
        return
    principal = amount if component == PRINCIPAL else 0
    replay.undue += principal
    if replay.running:
        replay.running.pay(item, principal - amount, -principal)


def _lend_again(replay: Replay, item: Owed, component: int, most: int) -> int:
    """Money of a daily loan goes back that had repaid principal beyond what its installment asked for: that is no more due than
    before, and installments ahead ask for it. Returns how much it is.
    """
    is_due = item.number <= replay.debts.due_count
    if component != PRINCIPAL or not is_due or not replay.debts.has_ahead or replay.is_ended:
        return 0
    again = min(most, item.over)
    item.over -= again
    item.paid[PRINCIPAL] -= again
    item.principal -= again
    replay.undue += again
    return again


def spread_what_went_back(replay: Replay, ahead: Sequence[Owed]) -> int:
    """What went back of a prepayment is asked for with the installment that was running. A new plan before that is made of all
    that is outstanding, so that no installment asks for it beside the plan; interest that stands is still asked for.

    Returns:
        The principal of it on which interest has not run yet since it went back.
    """
    joins, running = 0, replay.running
    for item in ahead:
        for component in (PRINCIPAL,) if running is None else (INTEREST, PRINCIPAL):
            short = max(0, item.prepaid[component] - item.settled(component))
            if running is not None:  # what came early beside it may hide what is short
                short = min(item.prepaid[component], running.went_back.get((item.number, component), 0))
            item.add("prepaid", component, -short)
            if running is None:
                joins += short
            else:
                running.count_again(item, short)
    if running is not None:
        running.went_back = {}
    return joins
