"""Charges: whether there may be any; those by event, the installment that each belongs to, and what was charged to those
that are not yet due.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent
from loancalc.plan.loan import Loan
from loancalc.servicing.book import Booked
from loancalc.servicing.claim_events import Charge
from loancalc.servicing.debts import Debts
from loancalc.servicing.events import MONEY
from loancalc.servicing.owed import Owed
from loancalc.servicing.record import Charged
from loancalc.values.names import COMPONENTS

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def may_be_charged(loan: Loan, book: Iterable[Booked]) -> bool:
    """Whether a cost, fee or penalty can ever be owed: by the terms, or by anything that happens but money."""
    agreed = loan.fees or loan.taxes or loan.prepayment or (loan.late and loan.late.penalties)
    return bool(agreed) or not {MONEY}.issuperset(map(itemgetter(1), book))


def charge(replay: Replay, event: Charge, amount: int) -> None:
    """A cost, a fee or a penalty is charged; what exceeds the caps is cut at once, due or not."""
    item, component = _charged(replay, event), COMPONENTS.index(event.component)
    replay.charges.append(Charged(item.number, component, event.on, amount))
    is_due = item.number <= replay.debts.due_count
    if is_due:
        replay.owe(item, component, amount)
    else:
        item.owed[component] += amount
    if replay.late:
        replay.late.check_caps(event.on)
    if is_due:
        replay.apply_held()
    elif not replay.debts.is_settled(item):
        item.settled_on = None


def _charged(replay: Replay, event: Charge) -> Owed:
    """The installment that a charge belongs to."""
    items, due = replay.debts.items, replay.debts.due_count
    if event.installment is not None:
        if event.installment > len(items):
            raise InvalidEvent(f"{event!r}: got installment {event.installment}; expected at most {len(items)}")
        return items[event.installment - 1]
    unpaid = (item for item in items[:due] if not replay.debts.is_settled(item))
    return next(unpaid, items[min(due, len(items) - 1)])


def charged_ahead(debts: Debts, charges: Sequence[Charged]) -> list[Owed]:
    """The installments not yet due to which something was charged, the next one first."""
    numbers = {charged.installment for charged in charges if charged.installment > debts.due_count}
    return [debts.item(number) for number in sorted(numbers)]


def merge_later(replay: Replay, item: Owed) -> None:
    """Every later installment becomes part of this one: what was charged to it, settled and cut of it, and what the caps
    have seen of it.
    """
    items, book = replay.debts.items, replay.late.book if replay.late else None
    for other in items[item.number :]:
        item.take_over(other)
        if book is not None:
            book.merge(other, item)
    del items[item.number :]
    last = len(items)
    replay.charges[:] = [known._replace(installment=min(known.installment, last)) for known in replay.charges]
