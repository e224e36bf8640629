"""The end of a deferred grace: which rate its nights really bore."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from day_by_day import late_interest, paying
from day_by_day.debt import LATE, Line
from day_by_day.received import Received

if TYPE_CHECKING:
    from day_by_day.book import Book

ONE_DAY = timedelta(1)


def comes(book: Book) -> None:
    """The day after a deferred grace: whoever is still late, by more than what is tolerated, owes everything since the due
    date; whoever is not owes nothing of it.

    Those nights bore the late rate, then, not the contract rate; what was paid of that pays late interest instead, and
    what is over is money again.
    """
    grace = book.loan.late and book.loan.late.grace
    if not grace or grace.kind != "deferred":
        return
    late, freed = [], []
    for installment in book.installments:
        if book.day == late_interest.last_of_grace(book.loan, installment.due) + ONE_DAY and installment.is_unpaid:
            installment.stands = True
            if late_interest.within_tolerance(book, book.day - ONE_DAY):
                installment.lines = [line for line in installment.lines if line.component not in LATE]
            else:
                late.append(installment)
    for installment in late:
        freed += [(installment, *paid) for paid in _paid_too_much(book, installment.number)]
    if late:
        book.enforce_caps()
    for installment, received, amount in freed:
        paying.again(book, received, installment, amount)


def _paid_too_much(book: Book, number: int) -> list[tuple[Received, int]]:
    """What was paid of the contract interest of nights that bore the late rate for an installment, the last first."""
    bearing = book.ahead or book.installments[-1:]
    called = book.running.accrued(bearing[0].due, 0)
    book.running.take_back(number)
    if book.ahead:
        over = max(0, -book.accrued_uncut())
    else:  # what was called was the interest to date of nights before too
        bearing[0].agreed["interest"] -= called - book.running.accrued(bearing[0].due, 0)
        _bore_the_late_rate(book, number)
        over = max(0, -book.owed(bearing[0], "interest") - bearing[0].cut["interest"])
    freed = []
    for bore in bearing:
        for received in reversed(book.received):
            back = received.gives_back(book, bore, "interest", over)
            over -= back
            freed.append((received, back))
    bearing[0].waived["interest"] -= over
    return freed


def _bore_the_late_rate(book: Book, number: int) -> None:
    """Lines of contract interest after maturity as they are without what is overdue of an installment."""
    last, lines = book.installments[-1], []
    for line in last.lines:
        nights = [night for night in book.after_maturity if line.start <= night < (line.end or book.day)]
        if line.component != "interest" or not any(book.after_maturity[night].get(number) for night in nights):
            lines.append(line)
            continue
        bases = [(night, sum(book.after_maturity[night].values()) - book.after_maturity[night].get(number, 0))
                 for night in nights]  # fmt: skip
        begin = [night for place, (night, base) in enumerate(bases) if not place or base != bases[place - 1][1]]
        for start, end in zip(begin, [*begin[1:], line.end], strict=True):
            if base := dict(bases)[start]:
                lines.append(Line("interest", base, start, end))
    last.lines = lines
    for bases_of_night in book.after_maturity.values():
        bases_of_night.pop(number, None)
