"""Money that is more than what is past due and due, on loans whose interest stands as planned: which installments ahead
it covers, and in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from loancalc.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.owed import Owed, Part
from loancalc.waterfall import Numbers, Waterfall


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
    before, left = sum(item.paid[PRINCIPAL] for item in ahead), amount
    if waterfall.surplus == "spread" and ahead:
        share = amount // len(ahead)
        for item in ahead:
            part = share if item is not ahead[-1] else amount - share * (len(ahead) - 1)
            left -= part - _cover([item], part, steps, today, parts)
    left = _cover(_ORDERS.get(waterfall.surplus or "next", list)(ahead), left, steps, today, parts)
    for item in ahead:
        if item.settled_on is None and not any(_unpaid(item, number) for number in (FEE, INTEREST, PRINCIPAL)):
            item.settled_on = today
    return left, sum(item.paid[PRINCIPAL] for item in ahead) - before


def _cover(items: Sequence[Owed], amount: int, steps: Sequence[Numbers], today: date, parts: list[Part]) -> int:
    for step in steps:
        for item in items:
            for number in step:
                taken = min(amount, _unpaid(item, number))
                if taken > 0:
                    item.paid[number] += taken
                    parts.append((item.number, number, taken, today))
                    amount -= taken
            if not amount:
                return 0
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
