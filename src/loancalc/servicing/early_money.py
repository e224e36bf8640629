"""Money that is more than what is past due and due: what it pays of installments ahead, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent
from loancalc.plan.waterfall import Numbers, Waterfall
from loancalc.servicing.endings import end_plan
from loancalc.servicing.events import Payment
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed, Part
from loancalc.servicing.paid_ahead import hold, take_back
from loancalc.values.names import Component

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def apply_early(replay: Replay, amount: int, parts: list[Part], meant: Payment | None, order: str | None = None) -> int:
    """Money that came early: on daily loans interest to date, then principal; else installments ahead. Returns what is left.

    Args:
        replay: The account.
        amount: Minor units.
        parts: The receipt.
        meant: The payment, if it is meant for something.
        order: Which installments of a scheduled loan first; as the loan says, if None.
    """
    ahead, only = replay.debts.items[replay.debts.due_count :], meant.only if meant else ()
    waterfall = replay.debts.waterfall().only(only)
    if replay.running and ahead:
        return repay_at_once(replay, ahead, amount, waterfall, only, parts)
    if order is not None:
        waterfall = replace(waterfall, surplus=order)
    left, principal = pay_ahead(ahead, amount, waterfall, replay.today, parts)
    replay.undue -= principal
    return left


def repay_at_once(
    replay: Replay,
    ahead: Sequence[Owed],
    amount: int,
    waterfall: Waterfall,
    only: Sequence[Component],
    parts: list[Part],
) -> int:
    """Early money of a daily loan: it stops bearing interest on its day. Returns what is left.

    It counts toward the running installment; where the allocation says which installments a surplus is for, toward those,
    so that what is covered asks for no interest and no principal when it falls due. Agreed fees are asked for then.
    """
    if not waterfall.names_installments:
        interest = min(amount, replay.accrued_interest()) if not only or "interest" in only else 0
        principal = min(amount - interest, replay.undue) if not only or "principal" in only else 0
        count_early(replay, ahead[0], interest, principal, parts)
        left = amount - interest - principal
    else:
        left = count_in_turn(replay, ahead, amount, [n for step in waterfall.ahead for n in step], parts)
    if not replay.undue and not replay.accrued_interest():
        end_plan(replay)
    else:
        note_covered(replay, ahead)
    return left


def count_in_turn(
    replay: Replay, ahead: Sequence[Owed], amount: int, components: Sequence[int], parts: list[Part]
) -> int:
    """Early money of a daily loan counts toward the installments that the surplus rule names, each as far as it asks.

    Args:
        replay: The account.
        ahead: The installments, next one first.
        amount: Minor units.
        components: What is settled of each, in order.
        parts: The receipt.

    Returns:
        What is left.
    """

    def count(items: Sequence[Owed], left: int) -> int:
        for item in items:
            if left:
                left = _count_toward(replay, ahead, item, left, components, parts)
        return left

    return _in_turn(ahead, amount, replay.debts.waterfall().surplus, count)


def _count_toward(
    replay: Replay, ahead: Sequence[Owed], item: Owed, amount: int, components: Sequence[int], parts: list[Part]
) -> int:
    """Early money for one installment. The interest to date is asked for with the first one that is not covered, where
    principal that comes before it leaves it its place; the last one asks for all that others do not.
    """
    running, left = replay.running, amount
    assert running is not None
    for component in components:
        first = next((other for other in ahead if running.asked(other) > 0), ahead[-1])
        interest = replay.accrued_interest() if item is first else 0
        asked = max(0, running.asked(item))
        if item is first and running.clears(item):
            asked = replay.undue + interest
        if component == INTEREST:
            taken = min(left, interest, asked)
            count_early(replay, item, taken, 0, parts)
            left -= taken
        elif component == PRINCIPAL:
            taken = min(left, replay.undue, max(0, asked - interest))
            count_early(replay, item, 0, taken, parts)
            left -= taken
    return left


def count_early(replay: Replay, item: Owed, interest: int, principal: int, parts: list[Part]) -> None:
    """Interest to date and principal of a daily loan are repaid early, toward an installment."""
    assert replay.running is not None
    replay.undue -= principal
    replay.running.pay(item, interest, principal)
    replay.record(item, INTEREST, interest, parts)
    replay.record(item, PRINCIPAL, principal, parts)


def note_covered(replay: Replay, ahead: Sequence[Owed]) -> None:
    """Installments ahead of a daily loan that early money leaves nothing to ask for are settled today."""
    for item in ahead:
        if replay.running and replay.running.covers(item):
            item.settled_on = item.settled_on or replay.today


def pay_ahead_of_others(replay: Replay, meant: Payment, amount: int, parts: list[Part]) -> int:
    """Money that is meant for an installment not yet due covers that one first, unless it is held until then."""
    debts, number = replay.debts, meant.installment or 0
    if number > replay.planned:
        raise InvalidEvent(f"{meant!r}: got installment {number}; expected one of 1 to {replay.planned}")
    number = min(number, len(debts.items))
    if number <= debts.due_count or replay.loan.early == "hold":
        return amount
    if replay.running:
        raise InvalidEvent(
            f"{meant!r}: got installment {number} on {meant.on}; expected one of 1 to {debts.due_count}, which "
            "are due: early money lowers the principal of this loan at once"
        )
    waterfall = debts.waterfall().only(meant.only)
    left, principal = pay_ahead([debts.items[number - 1]], amount, waterfall, replay.today, parts)
    replay.undue -= principal
    return left


@contextmanager
def uncovered(replay: Replay) -> Iterator[None]:
    """While the plan changes, what had covered installments ahead is credit again; then it covers those of the new plan.

    Interest of a scheduled loan stands whatever day money comes, so that nothing else hangs on it. On daily loans early money
    has repaid principal.
    """
    taken = take_back(replay)
    yield
    for receipt, amount in taken:
        left, gone = amount, receipt.gone()
        if receipt.meant is not None:
            left = pay_ahead_of_others(replay, receipt.meant, left, receipt.parts)
        if left:
            order = "next" if isinstance(receipt.event, Payment) and receipt.event.effect else None
            left = apply_early(replay, left, receipt.parts, receipt.meant, order)
        receipt.parts += gone
        hold(replay, [(receipt, left)])


def pay_ahead(
    ahead: Sequence[Owed], amount: int, waterfall: Waterfall, today: date, parts: list[Part]
) -> tuple[int, int]:
    """Cover installments that are not due yet; returns what is left, and the principal that was covered.

    Args:
        ahead: The installments, next one first.
        amount: Minor units.
        waterfall: Its `ahead` steps say which components, its `surplus` which installments first.
        today: The day, for the receipt.
        parts: The receipt.
    """
    steps: Sequence[Numbers] = waterfall.ahead
    if waterfall.surplus == "principal":
        steps = [tuple(number for number in step if number == PRINCIPAL) for step in steps]
    before = sum(item.paid[PRINCIPAL] for item in ahead)
    left = _in_turn(ahead, amount, waterfall.surplus, lambda items, most: _cover(items, most, steps, today, parts))
    for item in ahead:
        if item.settled_on is None and not any(_unpaid(item, number) for number in (FEE, INTEREST, PRINCIPAL)):
            item.settled_on = today
    return left, sum(item.paid[PRINCIPAL] for item in ahead) - before


def _in_turn(
    ahead: Sequence[Owed], amount: int, surplus: str | None, cover: Callable[[Sequence[Owed], int], int]
) -> int:
    """Early money covers installments in the order that a surplus rule names, or all of them evenly and what is over in their
    order; `cover` gives some of them an amount and returns what is left of it, and so does this.
    """
    left = amount
    if surplus == "spread" and ahead:
        share = amount // len(ahead)
        for item in ahead:
            part = share if item is not ahead[-1] else amount - share * (len(ahead) - 1)
            left -= part - cover([item], part)
    return cover(_ORDERS.get(surplus or "next", list)(ahead), left)


def _cover(items: Sequence[Owed], amount: int, steps: Sequence[Numbers], today: date, parts: list[Part]) -> int:
    for item, number in ((item, number) for step in steps for item in items for number in step):
        if not amount:
            break
        taken = min(amount, _unpaid(item, number))
        if taken > 0:
            item.paid[number] += taken
            parts.append((item.number, number, taken, today))
            amount -= taken
    return amount


def _unpaid(item: Owed, number: int) -> int:
    agreed = item.fee if number == FEE else item.interest if number == INTEREST else item.principal
    return agreed - item.settled(number) if number in (FEE, INTEREST, PRINCIPAL) else 0


def _latest_first(items: Sequence[Owed]) -> Sequence[Owed]:
    return items[::-1]


def _running_then_latest(items: Sequence[Owed]) -> Sequence[Owed]:
    return [*items[:1], *items[:0:-1]]


_ORDERS: dict[str, Callable[[Sequence[Owed]], Sequence[Owed]]] = {
    "last": _latest_first,
    "next-then-last": _running_then_latest,
}
