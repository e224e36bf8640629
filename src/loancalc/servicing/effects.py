"""What each event does to the debt: one dispatch over the closed union, one function for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, assert_never

from loancalc.errors import InvalidEvent
from loancalc.servicing.charging import charge
from loancalc.servicing.claim_events import (
    Acceleration,
    Charge,
    ChargeOff,
    Closing,
    DelinquencyPause,
    Transfer,
    WriteOff,
)
from loancalc.servicing.early_money import apply_early, pay_ahead_of_others, uncovered
from loancalc.servicing.early_settlement import fee_rebate
from loancalc.servicing.endings import (
    accelerate,
    ask_for_what_is_left,
    clear,
    end_plan,
    end_with_little,
    is_over,
    stop_interest,
)
from loancalc.servicing.events import Payment, Payoff, Reversal, Waiver
from loancalc.servicing.going_back import charge_back, refund
from loancalc.servicing.letting_go import is_quoted_with, let_go, waive_undue
from loancalc.servicing.money_events import Chargeback, Recovery, Refund, Settlement
from loancalc.servicing.paid_ahead import is_performed, most_given_back
from loancalc.servicing.plan_events import Draw, InterestPause, RateChange
from loancalc.servicing.prepaying import prepay, repays_principal
from loancalc.servicing.record import Receipt, opened, too_much
from loancalc.servicing.recovering import recover
from loancalc.servicing.recovery_events import Deferral, Extension, Reaging, Reamortization, Restructuring
from loancalc.servicing.replanning import change_rate, draw
from loancalc.values.money import format_minor

if TYPE_CHECKING:
    from loancalc.servicing.book import Booked
    from loancalc.servicing.replay import Replay


def happen(replay: Replay, entry: Booked) -> None:
    """Do what an event does, on the day that the replay has reached."""
    event, amount = entry.event, entry.minor
    if type(event) is Payment and event.effect is None and event.installment is None:
        _pay(replay, event, amount, entry.id)
        return
    event = entry.named  # what may be refused says its name
    match event:
        case Payment():
            _pay(replay, event, amount, entry.id)
        case Payoff():
            _pay_off(replay, event)
        case RateChange() | InterestPause():
            with uncovered(replay):
                change_rate(replay, event)
        case Draw():
            with uncovered(replay):
                draw(replay, event, amount)
        case Deferral() | Extension() | Reamortization() | Reaging() | Restructuring():
            with uncovered(replay):
                recover(replay, event)
        case Refund():
            refund(replay, event, amount)
        case Chargeback():
            charge_back(replay, event, amount)
        case Recovery():
            _recover(replay, event, amount)
        case Settlement():
            _settle_for_less(replay, event, amount)
        case Waiver(undue=True):
            with uncovered(replay):
                waive_undue(replay, event, amount)
        case Waiver():
            let_go(replay, event, amount, event.component, "waived")
        case Charge():
            charge(replay, event, amount)
        case DelinquencyPause():
            replay.pauses.append((event.on, event.until))
        case Acceleration():
            accelerate(replay)
        case ChargeOff():
            _charge_off(replay, event)
        case WriteOff():
            _write_off(replay, event, amount)
        case Transfer():
            _refuse_without_claim(replay, event)
            replay.holder = event.to
            replay.ending = "transferred"
        case Closing():
            _close(replay, event)
        case Reversal():
            raise AssertionError("a reversal is in force before a replay begins")
        case _:
            assert_never(event)


def _refuse_without_claim(replay: Replay, event: WriteOff | Transfer) -> None:
    """A loan that was repaid is no claim, and stays repaid for whoever reads the record; what is written off can be sold."""
    if is_over(replay) and not any(map(any, (item.written_off for item in replay.debts.items))):
        raise InvalidEvent(f"{event!r}: nothing is owed on {event.on}; expected a day on which something is")


# Money


def _pay(replay: Replay, event: Payment, amount: int, name: str) -> None:
    debts, running = replay.debts, replay.running
    if (entries := replay.agenda.let_go_on(debts.today)) and is_quoted_with(replay, event, amount, entries):
        _let_go_first(replay, entries)
    meant = event if event.only or event.installment is not None else None
    receipt = Receipt(event, amount, name, meant)
    replay.receipts.append(receipt)
    is_applied = replay.loan.early == "apply"
    if (amount >= replay.undue or replay.held or is_applied or replay.agreed.fees) and _pays_off(replay, receipt):
        receipt.is_payoff = True
        clear(replay, receipt)
        return
    if replay.small_balance and meant is None and replay.payoff() + replay.credit > 0:
        receipt.is_payoff = end_with_little(replay, receipt, amount)
        if receipt.is_payoff:
            return
    bore = 0 if running is None else replay.bearing()
    left = amount if meant is None else pay_ahead_of_others(replay, meant, amount, receipt.parts)
    left = debts.settle(left, receipt.parts, meant)
    if left:
        _is_early(replay, event, receipt, left, meant)
    if running is not None and debts.has_ahead:
        running.rest(name, bore - replay.bearing(), debts.today)


def _is_early(replay: Replay, event: Payment, receipt: Receipt, left: int, meant: Payment | None) -> None:
    """What a payment leaves after past due and due repays principal, covers installments ahead, or is held."""
    if event.effect is not None:
        left = prepay(replay, event, receipt, left)
    if left and replay.loan.early == "apply":
        left = apply_early(replay, left, receipt.parts, meant, "next" if event.effect == "keep" else None)
    if left:
        replay.held.append((receipt, left))


def _pays_off(replay: Replay, receipt: Receipt) -> bool:
    """Whether a payment is exactly the payoff; or at least that, where what is over would repay principal early: so does all
    early money of a daily loan that is not held, and fees that are given back are less of it.
    """
    is_free, undue, is_applied = receipt.meant is None, replay.undue, replay.loan.early == "apply"
    given_back = fee_rebate(replay)
    if receipt.amount + replay.credit + given_back + (most_given_back(replay) if is_applied else 0) < undue:
        return False
    goes_on = undue or replay.held or replay.charged_ahead() or (replay.debts.has_ahead and not replay.is_ended)
    if is_free and goes_on and receipt.amount == replay.payoff():
        return True
    asked = isinstance(receipt.event, Payment) and repays_principal(replay, receipt.event)
    repays = asked or (given_back and is_applied and is_free and replay.running)
    return bool(repays and undue and receipt.amount >= replay.payoff())


def _pay_off(replay: Replay, event: Payoff) -> None:
    _let_go_first(replay, replay.agenda.let_go_on(replay.today))
    amount = replay.payoff()
    if amount < 0 and not most_given_back(replay):
        over = format_minor(-amount, replay.loan.digits)
        raise InvalidEvent(f"{event!r}: the account holds {over} more than is owed; there is nothing to pay off")
    clear(replay, opened(replay, event, max(0, amount), is_payoff=True))


def _settle_for_less(replay: Replay, event: Settlement, amount: int) -> None:
    payoff = replay.payoff()
    if amount >= payoff:
        owed = format_minor(payoff, replay.loan.digits)
        raise InvalidEvent(f"{event!r}: got {event.amount}; expected less than the payoff on {event.on}, {owed}")
    clear(replay, opened(replay, event, amount), "waived" if event.rest == "waive" else "written_off")
    replay.ending = "settled for less"


def _recover(replay: Replay, event: Recovery, amount: int) -> None:
    items = replay.debts.items
    written_off = sum(sum(item.written_off) for item in items)
    if amount > written_off:
        raise too_much(replay, event, written_off, "what is written off")
    receipt = opened(replay, event, amount)
    for item in items:
        for component in replay.debts.waterfall().past_due:
            taken = min(amount, item.written_off[component])
            amount -= taken
            item.add("written_off", component, -taken)
            replay.record(item, component, taken, receipt.parts)


# The claim


def _let_go_first(replay: Replay, entries: Sequence[Booked]) -> None:
    """What ends the loan comes after what is let go on its day, as the quote of the day does."""
    if entries:
        replay.agenda.take_out(entries)
        for entry in entries:
            happen(replay, entry)


def _charge_off(replay: Replay, event: ChargeOff) -> None:
    """Interest may end with it. Who has paid every installment ahead has paid the plan, with its interest."""
    replay.charged_off = replay.charged_off or event.on
    if not event.further_interest and not replay.accrues_no_more:
        with nullcontext() if is_performed(replay) else uncovered(replay):
            stop_interest(replay)
            if not replay.running:
                ask_for_what_is_left(replay)
    elif replay.late:
        replay.late.end_interest("charge-off")


def _write_off(replay: Replay, event: WriteOff, amount: int) -> None:
    if event.component is not None:
        let_go(replay, event, amount, event.component, "written_off")
        return
    _refuse_without_claim(replay, event)
    clear(replay, opened(replay, event, 0), "written_off")
    replay.ending = "written off"


def _close(replay: Replay, event: Closing) -> None:
    owed = replay.payoff() + replay.credit
    for amount, what in ((owed, "owed"), (replay.credit, "held as credit")):
        if amount:
            raise InvalidEvent(
                f"{event!r}: {format_minor(amount, replay.loan.digits)} is {what} on {event.on}; expected nothing"
            )
    end_plan(replay)
