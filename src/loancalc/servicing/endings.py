"""How a plan ends: paid off, let go, called; nothing falls due after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loancalc.servicing.agenda import late_tasks
from loancalc.servicing.charging import merge_later
from loancalc.servicing.early_settlement import payoff_fee, payoff_interest
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed, Part
from loancalc.servicing.paid_ahead import hold_again
from loancalc.servicing.record import Receipt
from loancalc.values.names import COMPONENTS

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def clear(replay: Replay, receipt: Receipt, rest: str | None = None, *, money: int | None = None) -> None:
    """The loan ends: held credit, what was paid of installments ahead and the receipt's amount (or so much `money` of it) pay
    what is past due and due, interest as it is owed when all is repaid, the fee for that, charges and all principal. What
    they do not pay is waived or written off, as `rest` says; where no money ends it, no fee is charged and no more interest
    than that to date.
    """
    hold_again(replay)
    pieces, replay.held = [*replay.held, (receipt, receipt.amount if money is None else money)], []
    ahead, is_payoff = replay.debts.items[replay.debts.due_count :], rest is None or receipt.amount > 0
    accrued = replay.accrued_interest()
    interest = payoff_interest(replay, accrued) if is_payoff else accrued
    fee = payoff_fee(replay, interest - accrued) if is_payoff else 0
    for source, piece in pieces:
        left = replay.debts.settle(piece, source.parts)
        if ahead:
            bearer = next((item for item in ahead if not _is_covered(replay, item)), ahead[-1])
            taken = replay.record(bearer, INTEREST, min(left, interest), source.parts)
            if replay.running:
                replay.running.pay(bearer, taken, 0)
            interest, left = interest - taken, left - taken
            taken = replay.record(ahead[0], FEE, min(left, fee), source.parts)
            fee, left = fee - taken, left - taken
        for pay in (_pay_charges, _pay_principal):
            for item in ahead:
                left -= pay(replay, item, left, source.parts)
        if left:
            replay.held.append((source, left))
    if rest is not None:
        _let_go_rest(replay, ahead, (interest, fee), receipt.let_go, rest)
    end_plan(replay)
    look_at_caps(replay)


def end_with_little(replay: Replay, receipt: Receipt, money: int = 0) -> bool:
    """Whether money, with what is held, pays the loan off but for a small balance. If so the loan ends: what is short is
    waived, what is too much is kept.
    """
    short = replay.payoff() - money
    if not short or abs(short) > replay.small_balance:
        return False
    clear(replay, receipt, "waived" if short > 0 else None, money=money)
    for source, left in replay.held:
        source.kept += left
        replay.kept += left
    replay.held = []
    return True


def look_at_caps(replay: Replay) -> None:
    """The caps know what was charged and paid at once: later charges are cut before it."""
    if replay.late:
        replay.late.check_caps(replay.today)


def is_over(replay: Replay) -> bool:
    """Whether nothing is owed any more, and nothing will be: no principal, no charge, no interest of a later date."""
    debts = replay.debts
    is_owed = replay.undue or replay.charged_ahead() or debts.total()
    return not is_owed and all(item.settled_on is not None for item in debts.items)


def _is_covered(replay: Replay, item: Owed) -> bool:
    """Whether early money of a daily loan was for this installment, and leaves it nothing to ask for."""
    running = replay.running
    return running is not None and replay.debts.waterfall().names_installments and running.asked(item) <= 0


def _pay_charges(replay: Replay, item: Owed, most: int, parts: list[Part]) -> int:
    """What was charged to an installment not yet due."""
    left = most
    for component, charged in enumerate(item.charged):
        if charged:
            taken = replay.record(item, component, min(left, charged), parts)
            item.owed[component] -= taken
            left -= taken
    return most - left


def _pay_principal(replay: Replay, item: Owed, most: int, parts: list[Part]) -> int:
    """Principal of an installment not yet due."""
    running, undue = replay.running, replay.undue
    if running is None:
        undue = min(undue, item.principal - item.settled(PRINCIPAL))
    elif replay.debts.waterfall().names_installments and not running.clears(item):
        undue = min(undue, max(0, running.asked(item)))
    paid = replay.record(item, PRINCIPAL, min(most, undue), parts)
    replay.undue -= paid
    if running:
        running.pay(item, 0, paid)
    return paid


def _let_go_rest(replay: Replay, ahead: list[Owed], early: tuple[int, int], parts: list[Part], bucket: str) -> None:
    """What was not paid of all debts, and of the interest and the fee of an early end."""
    interest, fee = early
    for item in replay.debts.live():
        for component in range(len(COMPONENTS)):
            replay.debts.let_go(item, component, replay.debts.claim(item, component), parts, bucket)
    for item in ahead:
        charged, planned = item.charged, item.principal - item.settled(PRINCIPAL)
        amounts = [*charged]
        amounts[INTEREST], interest = interest, 0
        amounts[FEE], fee = amounts[FEE] + fee, 0
        amounts[PRINCIPAL] = replay.undue if replay.running else min(replay.undue, planned)
        replay.undue -= amounts[PRINCIPAL]
        for component, amount in enumerate(amounts):
            if amount:
                item.owed[component] -= charged[component]
                item.add(bucket, component, amount)
                parts.append((item.number, component, amount, replay.today))


def ask_for_what_is_left(replay: Replay) -> None:
    """Interest that was to join the principal does not: the last installments of a scheduled loan ask for that much less."""
    ahead = replay.debts.items[replay.debts.due_count :]
    over = sum(item.principal - item.settled(PRINCIPAL) for item in ahead) - replay.undue
    for item in reversed(ahead):
        less = max(0, min(over, item.principal - item.settled(PRINCIPAL)))
        item.principal -= less
        over -= less


def stop_interest(replay: Replay) -> None:
    """Nothing accrues from tonight on, and no rule assesses anything."""
    accrued = replay.accrued_uncut()
    replay.accrues_no_more = True
    replay.debts.stop_lines()
    if not replay.running:
        for item in replay.debts.items[replay.debts.due_count :]:
            item.interest, item.capitalized = accrued + item.settled(INTEREST), 0
            accrued = 0


def end_plan(replay: Replay) -> None:
    """Nothing more falls due: later installments ask for no more than was settled of them, and cut of the interest to date."""
    replay.is_ended = True
    for item in replay.debts.items[replay.debts.due_count :]:
        item.principal, item.interest, item.fee = map(item.settled, (PRINCIPAL, INTEREST, FEE))
        item.interest += item.cut[INTEREST]
        item.settled_on = item.settled_on or replay.today
        item.capitalized = 0
    if replay.running:
        replay.running.stop(replay.today, replay.cut_to_date())


def accelerate(replay: Replay) -> None:
    """What is not yet due becomes one last installment, due today: a day on which held credit settles what it can, also where
    nothing is left to be called.
    """
    debts, first = replay.debts, replay.debts.due_count
    if first == len(debts.items):
        replay.apply_held()
        return
    hold_again(replay)
    item, accrued = debts.items[first], replay.accrued_uncut()
    merge_later(replay, item)
    item.due, item.capitalized = replay.today, 0
    debts.time(item)
    item.owed[INTEREST] += accrued
    item.owed[PRINCIPAL] += replay.undue
    item.interest = accrued + item.settled(INTEREST)
    item.principal = replay.undue + item.settled(PRINCIPAL)
    item.fee = item.settled(FEE)
    replay.undue = 0
    if replay.running:
        replay.running.call(replay.today)
    debts.due_count += 1
    item.settled_on = item.settled_on or replay.today if debts.is_settled(item) else None
    replay.agenda.after(first, late_tasks(replay, [item]))  # nothing is done for later ones any more
    replay.apply_held()
