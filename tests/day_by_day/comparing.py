"""Both engines on one account: every figure of the days around whatever happens, and what each payment settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import loancalc as lc
from day_by_day.agreed_changes import by_day
from day_by_day.book import Book
from day_by_day.figures import figures_of_book, figures_of_position, next_due_of_book


def days_of(account: lc.Account) -> list[date]:
    """The days around everything that happens or falls due, and one after the last."""
    loan = account.loan
    last = max((event.on for event in account.events), default=loan.start)
    dues = {row.due for row in account.as_of(last).installments} | set(loan.dates)
    key = {event.on for event in account.events} | set(by_day(loan)) | dues | {max(dues) + timedelta(45)}
    near = {day + timedelta(shift) for day in key for shift in (0, 1, 4, 11)}
    return sorted(day for day in near if day >= loan.start)


def what_happened(book: Book) -> tuple[int, int, int]:
    """What changes when an event happens, an installment falls due or held money is free to pay."""
    events = sum(len(events) for day, events in book.events.items() if day <= book.day)
    return events, len(book.installments), book.credit


def assert_both_engines_agree(account: lc.Account) -> None:
    assert next(differences(account, Book(account.loan, account.events)), None) is None


def differences(account: lc.Account, book: Book) -> Iterator[str]:
    """Where the engines say something else, first the figures of each day, then the receipts; the book lives through all days."""
    loan, days = account.loan, days_of(account)
    known, expected = None, None
    for position in account.on_days(days):
        book.run_to(position.as_of)
        ours, theirs = figures_of_book(book), figures_of_position(position)
        for name in (name for name in ours if ours[name] != theirs[name]):
            yield f"{position.as_of} {name}: {ours[name]} in the book, {theirs[name]} in the position"
        so_far = what_happened(book)
        if known != so_far or (expected and expected[0] < book.day):  # found by living through the future: seldom
            known, expected = so_far, next_due_of_book(book)
        next_due = position.next_due and (position.next_due.date, int(position.next_due.amount * 10**loan.digits))
        if next_due != expected:
            yield f"{position.as_of} next_due: {expected} in the book, {next_due} in the position"
    unit, receipts = 10**loan.digits, account.receipts_as_of(days[-1])
    paid = [(one.id, tuple(one.parts.values()), one.held, one.returned) for one in book.received]
    shown = [(one.id, one.parts.minor, int(one.credit * unit), int(one.returned * unit)) for one in receipts]
    if paid != shown:
        yield f"receipts: {paid} in the book, {shown} in the account"
