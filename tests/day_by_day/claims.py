"""What the lender does with the claim, at the end of a day: calls it, stops its interest, gives it up."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day import giving_back, paying

if TYPE_CHECKING:
    from day_by_day.book import Book

AT_THE_END_OF_A_DAY = lc.Acceleration | lc.ChargeOff | lc.WriteOff


def happens(book: Book, event: lc.Acceleration | lc.ChargeOff | lc.WriteOff) -> None:
    """Step 9 of the day."""
    if isinstance(event, lc.Acceleration):
        _accelerate(book)
    elif isinstance(event, lc.ChargeOff):
        book.is_charged_off = True
        if not event.further_interest:
            _stop_interest(book)
    elif event.component is not None:
        paying.let_go(book, event)
    else:
        paying.give_back_what_was_paid_ahead(book)
        paying.give_up(book, is_written_off=True)


def written_off_first(events: list[lc.Event]) -> list[lc.WriteOff]:
    """The write-offs of a component on a day before anything else happens to the claim."""
    of_the_claim = (event for event in events if isinstance(event, AT_THE_END_OF_A_DAY))
    first = takewhile(lambda event: isinstance(event, lc.WriteOff) and event.component is not None, of_the_claim)
    return [event for event in first if isinstance(event, lc.WriteOff)]


def _accelerate(book: Book) -> None:
    """What is not due becomes one last installment, due today: all principal, interest to date, what was charged to those
    ahead. Later interest and fees are not owed.
    """
    if not book.ahead:  # what was charged to installments of a loan that was repaid before is called too
        giving_back.owes_after_the_end(book)
        paying.apply_held_credit(book)
        return
    paying.give_back_what_was_paid_ahead(book)
    last, *later = book.ahead
    owed = {"interest": book.accrued_uncut(), "principal": book.undue, "fee": 0}
    giving_back.merge(book, later, last)
    last.agreed |= {component: last.settled(component) + amount for component, amount in owed.items()}
    last.due, book.undue, book.ahead = book.day, 0, []
    book.reckon_anew()
    book.running.waiting, book.running.planned_on = 0, [(book.day, 0)]
    book.installments.append(last)
    if not last.is_unpaid:
        last.settled_on = book.day
    book.enforce_caps()
    paying.apply_held_credit(book)


def _stop_interest(book: Book) -> None:
    """Nothing accrues from tonight on; later installments ask for principal and fees, the next one for the interest to date."""
    book.is_frozen = True
    if book.ahead and book.loan.accrual == "scheduled" and not book.is_performed:
        paying.give_back_what_was_paid_ahead(book)
        book.clock.pauses.append((book.day, date.max))
        interest, waiting = book.running.planned(book.day), book.running.waiting
        for installment in book.ahead:
            installment.agreed["interest"] = interest + installment.prepaid["interest"]
            installment.holds, installment.joins, installment.asks = 0, 0, {"next": waiting}
            interest = waiting = 0
        over = sum(each.agreed["principal"] - each.paid["principal"] for each in book.ahead) - book.undue
        for installment in reversed(book.ahead):  # interest that would have joined the principal does not
            part = max(0, min(over, installment.agreed["principal"] - installment.paid["principal"]))
            installment.agreed["principal"] -= part
            over -= part
        for received in book.received if book.loan.early == "apply" else ():  # it pays what these ask for now
            paying.pay_what_it_is_meant_for(book, received)
            paying.pay_early(book, received)
    else:
        book.clock.pauses.append((book.day, date.max))
    for installment in book.installments:
        for line in installment.lines:
            line.end = line.end or book.day
