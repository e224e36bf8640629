"""The end of a deferred grace: nights that turn out to have borne the late rate did not bear the contract rate of a daily
loan, and what was paid of that is money again.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.servicing.early_money import apply_early
from loancalc.servicing.lines import Span
from loancalc.servicing.overdue import INTEREST, LATE
from loancalc.servicing.owed import Owed
from loancalc.servicing.paid_ahead import hold
from loancalc.servicing.record import Receipt

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def end_grace(replay: Replay) -> None:
    """At the start of a day: what waited for the end of a grace stands; contract interest that was paid for the same nights
    pays their late interest, and what is over settles what is owed, as money of today would.
    """
    debts, freed = replay.debts, list[tuple[Owed, Receipt, int]]()
    for item, spans in debts.end_grace():
        freed += [(item, receipt, amount) for receipt, amount in _take_off_contract_interest(replay, item, spans)]
    if replay.late:
        replay.late.check_caps(replay.today)
    for item, receipt, amount in freed:
        taken = debts.take(item, LATE, amount, receipt.parts)
        left = debts.settle(amount - taken, receipt.parts, receipt.meant)
        if left and replay.loan.early == "apply":
            left = apply_early(replay, left, receipt.parts, receipt.meant)
        hold(replay, [(receipt, left)])


def _take_off_contract_interest(replay: Replay, late: Owed, spans: list[Span]) -> list[tuple[Receipt, int]]:
    """Returns what is money again: what was paid of the contract interest of these nights and is not owed without them."""
    running, debts = replay.running, replay.debts
    if running is None or not spans:
        return []
    if debts.has_ahead:
        for span in spans:
            running.take_off(late, *span)
        over, freed = max(0, -running.accrued(replay.today)), list[tuple[Receipt, int]]()
        for item in debts.items[debts.due_count :] if over else ():
            back = min(over, item.settled(INTEREST))
            running.pay(item, -back, 0)
            freed += _give_back(replay, item, INTEREST, back)
            over -= back
        return freed
    last = debts.items[-1]
    debts.lines.correct(last, INTEREST, spans, replay.today)
    _take_off_what_was_called(replay, last, spans)
    over = max(0, -last.owed[INTEREST] - debts.lines.quote(last, INTEREST, replay.today))
    last.owed[INTEREST] += over
    return _give_back(replay, last, INTEREST, over)


def _take_off_what_was_called(replay: Replay, last: Owed, spans: list[Span]) -> None:
    """A claim that was called inside the grace had interest to date of these nights; a plan that ends by itself has none of them
    in it, since a grace is over before the next due date.
    """
    running, row, nights = replay.running, last.number - replay.before, Fraction(0)
    for principal, start, end in spans:
        if start < last.due and running is not None:
            numerator, denominator = replay.loan.timeline.part(row, start, min(end, last.due))
            nights += Fraction(principal * numerator, denominator)
    if running is not None and nights:
        less = running.called_too_much(nights)
        last.interest -= less
        last.owed[INTEREST] -= less
        replay.debts.follow_up(last)


def _give_back(replay: Replay, item: Owed, component: int, amount: int) -> list[tuple[Receipt, int]]:
    """What was settled of a component turns out not to have been owed: first what payments settled of it, the last one
    first, is money again; then so much less was let go.
    """
    found = list[tuple[Receipt, int]]()
    for receipt in reversed(replay.receipts) if amount else ():
        for place, (number, kind, settled, _) in receipt.still_settled():
            back = min(amount, settled) if kind == component and replay.debts.item(number) is item else 0
            if back:
                receipt.take_off(place, back)
                item.paid[component] -= back
                amount -= back
                found.append((receipt, back))
    for bucket in ("waived", "written_off"):
        less = min(amount, getattr(item, bucket)[component])
        if less:
            item.add(bucket, component, -less)
            amount -= less
    return found
