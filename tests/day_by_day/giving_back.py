"""Money that goes back: held credit to the borrower, a payment to the bank that takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.debt import Installment
from day_by_day.received import Settled

if TYPE_CHECKING:
    from day_by_day.book import Book


def refund(book: Book, event: lc.Refund) -> None:
    """Credit that is refunded is held no more, the oldest first."""
    left = book.credit if event.amount == "all" else book.minor(event.amount)
    for received in book.received:
        part = min(left, received.held)
        received.held -= part
        received.returned += part
        left -= part


def charge_back(book: Book, event: lc.Chargeback) -> bool:
    """What is held of the payment goes back first, then what it settled last, on the installment it was settled of.

    It is owed again from today on; what stood before stays as it was. Whether anything is.
    """
    received = next(one for one in book.received if one.id == event.of)
    left = received.held + sum(part.amount for part in received.settled)
    if event.amount is not None:
        left = book.minor(event.amount)
    received.returned += left
    part = min(left, received.held)
    received.held -= part
    left -= part
    went_back = list(received.last_first(left))
    for settled in went_back:
        _is_owed_again(book, settled, received.id)
    if went_back:
        owes_after_the_end(book)
    for installment in book.installments:
        book.owes_again(installment)
    book.enforce_caps()
    return bool(went_back)


def merge(book: Book, others: list[Installment], into: Installment) -> None:
    """Installments become part of another: what was charged to them, settled and cut of them."""
    for other in others:
        into.takes_over(other)
        for received in book.received:
            received.settled = [part._replace(installment=into) if part.installment is other else part
                                for part in received.settled]  # fmt: skip
        if book.caps:
            book.caps.merge(other, into)


def owes_after_the_end(book: Book) -> None:
    """What a loan was repaid with went back. Nothing is to come that could ask for the interest of a daily one later, so that
    what was left of its plan is due today, as one installment.
    """
    if book.gone and not book.ahead and book.loan.accrual == "daily":
        last, *others = book.gone
        merge(book, others, last)
        last.due, book.gone = book.day, []
        book.installments.append(last)


def _is_owed_again(book: Book, settled: Settled, name: str | None) -> None:
    """On a daily loan principal that repaid more than its installment asked for is not due again, while others are to come.

    What a prepayment had paid is asked for with the installment that was running then. Where the plan's interest stands,
    principal of it bears none before another plan: the meanings leave that open.
    """
    installment, component, amount, for_good, _ = settled
    if component == "principal" and name in book.resting:
        book.resting[name] = max(0, book.resting[name] - amount)
    installment.paid[component] -= amount
    if for_good and not (component == "interest" and book.loan.accrual == "scheduled"):
        installment.prepaid[component] -= amount
    if installment in book.ahead:
        book.undue += amount if component == "principal" else 0
        book.paid_early -= amount if component == "interest" else 0
        installment.went_back[component] += amount if for_good else 0
        if component == "fee" and for_good:  # a charge that the next installment asks for
            installment.agreed["fee"] -= amount
            installment.charges["fee"] += amount
    elif component == "principal" and not for_good:
        part = min(amount, installment.beyond) if book.ahead else 0
        installment.beyond -= part
        installment.agreed["principal"] -= part
        book.undue += part
    if installment in book.installments and installment.settled_on and installment.is_unpaid:
        installment.again_on = book.day
