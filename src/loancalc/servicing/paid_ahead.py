"""What early money paid of installments that are not due yet, on loans whose interest stands whatever day money comes: the
borrower's until they fall due. Where the plan ends before, or another takes its place, it is held credit again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import NOTHING, Amounts, Owed
from loancalc.servicing.record import Receipt

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


class _Ahead(NamedTuple):
    """A part of a receipt that settled something of an installment ahead, in minor units."""

    receipt: Receipt
    place: int
    item: Owed
    component: int
    amount: int


def most_given_back(replay: Replay) -> int:
    """No less than what an end of the plan gives back of interest and fees that were paid ahead, in minor units."""
    if not covers_installments(replay):
        return 0
    return sum(item.paid[FEE] + item.paid[INTEREST] for item in replay.debts.items[replay.debts.due_count :])


def release(replay: Replay, receipt: Receipt, most: int) -> int:
    """Up to `most` of the credit that is held of a receipt goes back; returns how much."""
    amounts = dict(replay.held)
    back = min(amounts.get(receipt, 0), most)
    if back:
        amounts[receipt] -= back
        receipt.returned += back
        replay.held = [(source, amount) for source, amount in amounts.items() if amount]
    return back


@contextmanager
def as_if_held(replay: Replay) -> Iterator[Amounts]:
    """While it lasts, what paid installments ahead counts as held; by component, in minor units. Nothing where it paid all
    of them: then nothing is left that could end early.
    """
    parts = [] if is_performed(replay) else _parts_ahead(replay)
    held = [*NOTHING]
    for part in parts:
        held[part.component] += part.amount
        _pay(replay, part, -part.amount)
    try:
        yield tuple(held)
    finally:
        for part in parts:
            _pay(replay, part, part.amount)


def take_back(replay: Replay) -> list[tuple[Receipt, int]]:
    """What paid installments ahead is credit of its receipts again: how much of each, in minor units."""
    taken = dict.fromkeys(replay.receipts, 0)
    for part in _parts_ahead(replay):
        _pay(replay, part, -part.amount)
        part.item.settled_on = None
        part.receipt.take_off(part.place, part.amount)
        taken[part.receipt] += part.amount
    return [(receipt, amount) for receipt, amount in taken.items() if amount]


def hold_again(replay: Replay) -> None:
    """The plan ends before installments that were paid ahead fall due: what paid them is held credit again, unless it paid all
    of them.
    """
    if not is_performed(replay):
        hold(replay, take_back(replay))


def hold(replay: Replay, pieces: Iterable[tuple[Receipt, int]]) -> None:
    """Parts of what was received are held too; the oldest money stands first."""
    amounts = dict.fromkeys(replay.receipts, 0)
    for receipt, amount in [*replay.held, *pieces]:
        amounts[receipt] += amount
    replay.held = [(receipt, amount) for receipt, amount in amounts.items() if amount]


def is_performed(replay: Replay) -> bool:
    """Whether nothing is left to be paid of installments that are not due yet, whatever was charged to them beside the plan."""
    return not any(
        item.principal > item.settled(PRINCIPAL)
        or item.interest > item.settled(INTEREST)
        or item.fee > item.settled(FEE)
        for item in replay.debts.items[replay.debts.due_count :]
    )


def covers_installments(replay: Replay) -> bool:
    """Whether early money pays installments ahead; on daily loans it repays principal for good."""
    return replay.running is None and replay.agreed.early == "apply" and not replay.is_ended


def _parts_ahead(replay: Replay) -> list[_Ahead]:
    """The last parts of each receipt first, so that the places of those before them stay as they are."""
    if not covers_installments(replay):
        return []
    return [
        _Ahead(receipt, place, item, component, amount)
        for receipt in replay.receipts
        if not receipt.has_prepaid
        for place, (number, component, amount, _) in receipt.still_settled()
        if (item := replay.debts.item(number)).number > replay.debts.due_count
    ]


def _pay(replay: Replay, part: _Ahead, amount: int) -> None:
    part.item.paid[part.component] += amount
    if part.component == PRINCIPAL:
        replay.undue -= amount
