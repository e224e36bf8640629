"""The figures of a day, from the book and from a position of the library, in the same words."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import loancalc as lc
from day_by_day.book import ONE_DAY, Book
from day_by_day.debt import COMPONENTS


def figures_of_book(book: Book) -> dict[str, Any]:
    """Where the loan stands at the end of the book's day."""
    late = [installment for installment in book.installments if installment.due < book.day]
    today = [installment for installment in book.installments if installment.due == book.day]
    oldest = book.oldest_unpaid_due
    past_due = {name: sum(book.owed(each, name) for each in late) for name in COMPONENTS}
    due = {name: sum(book.owed(each, name) for each in today) for name in COMPONENTS}
    every = [*book.installments, *book.gone, *book.ahead]
    principal = book.undue + past_due["principal"] + due["principal"]
    return {
        "past_due": past_due,
        "due": due,
        "cut": {name: sum(each.cut[name] for each in every) for name in COMPONENTS},
        "written_off": {name: sum(each.written_off[name] for each in every) for name in COMPONENTS},
        "charged_ahead": sum(sum(book.charged_ahead(each).values()) for each in book.not_due),
        "outstanding_principal": principal,
        "interest_to_date": book.accrued(),
        "credit": book.credit,
        "payoff": book.payoff,
        "oldest_unpaid_due": oldest,
        "days_past_due": (book.day - oldest).days if oldest else 0,
        "delinquent_days": delinquent_days(book, oldest),
        "owed": owed_by_installment(
            {each.number: [book.owed(each, name) for name in COMPONENTS] for each in book.installments}
        ),
    }


def owed_by_installment(owed: dict[int, list[int]]) -> dict[int, list[int]]:
    """The installments of which something is owed."""
    return {number: amounts for number, amounts in owed.items() if any(amounts)}


def delinquent_days(book: Book, oldest: date | None) -> int:
    """Days past due after a status-only grace."""
    days = (book.day - oldest).days if oldest else 0
    grace = book.loan.late and book.loan.late.grace
    if not oldest or not grace or grace.kind != "status-only":
        return days
    last = grace.last_day(oldest)
    if book.day <= last:
        return 0
    return (book.day - last).days if grace.counted == "after-grace" else days


def next_due_of_book(book: Book) -> tuple[Any, int] | None:
    """The first day, today or later, on which something unpaid is due, and all of that, gross, if nothing else happens."""
    future = deepcopy(book, {id(value): value for value in (book.loan, book.agreed, book.events)})
    future.events = {}
    for received in future.received:
        received.held = 0
    while True:
        due = [installment for installment in future.installments if installment.due == future.day]
        if left := sum(future.owed(installment, name) for installment in due for name in COMPONENTS):
            return future.day, left
        if not future.not_due:
            return None
        future.run_to(future.day + ONE_DAY)


def figures_of_position(position: lc.Position) -> dict[str, Any]:
    """The same of a position, in minor units."""
    unit = 10**position.figures.digits

    def parts(value: lc.Parts) -> dict[str, int]:
        return dict(zip(COMPONENTS, value.minor, strict=True))

    return {
        "past_due": parts(position.past_due),
        "due": parts(position.due),
        "cut": parts(position.cut),
        "written_off": parts(position.written_off),
        "charged_ahead": int(position.charged_ahead * unit),
        "outstanding_principal": int(position.outstanding_principal * unit),
        "interest_to_date": int(position.interest_to_date * unit),
        "credit": int(position.credit * unit),
        "payoff": int(position.payoff * unit),
        "oldest_unpaid_due": position.oldest_unpaid_due,
        "days_past_due": position.days_past_due,
        "delinquent_days": position.delinquent_days,
        "owed": owed_by_installment({item.number: list(item.owed.minor) for item in position.installments}),
    }
