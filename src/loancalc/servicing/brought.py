"""What a new plan takes along of interest: what has accrued in the period that runs, and what installments before put off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.plan import planned_interest
from loancalc.plan.waiting import Brought
from loancalc.servicing.overdue import INTEREST

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def brought_along(replay: Replay, stays: int, *, at_once: bool) -> tuple[Fraction, Sequence[Brought]]:
    """What has accrued in the running period and is rounded with the rest of it, and interest from before that the new installments
    ask for.

    Args:
        replay: The account on the day.
        stays: How many installments stay as they are. Where that is all, nothing is left to be asked for.
        at_once: Whether the new plan bears interest from today on; otherwise it goes on with the running period.
    """
    loan, row, items = replay.loan, stays - replay.before, replay.debts.items
    if stays == len(items):
        return Fraction(0), ()
    waits = put_off(replay, row)
    if replay.running or not at_once:
        return loan.continues.accrued if loan.continues and not row else Fraction(0), waits
    settled = items[stays].settled(INTEREST) - items[stays].prepaid[INTEREST]
    exact = planned_interest.exact_to_date(loan, row + 1, replay.today)
    rounded = loan.rounding.divide("interest")(*exact.as_integer_ratio())
    return exact - min(settled, rounded), tuple(_still_waiting_for(waits, max(0, settled - rounded)))


def put_off(replay: Replay, row: int) -> tuple[Brought, ...]:
    """Interest of installments before a row that later ones ask for: not what had accrued in its own period when its terms changed."""
    continues = replay.loan.continues
    return continues.brought if continues and not row else planned_interest.put_off(replay.loan, row)


def _still_waiting_for(waits: Sequence[Brought], settled: int) -> Iterator[Brought]:
    """Interest that was put off, less what was waived or paid of it before its time."""
    for part in waits:
        off = min(part.amount, settled)
        settled -= off
        yield part._replace(amount=part.amount - off)
