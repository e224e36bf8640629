"""What an account has, in the words of a count: its terms, what happened to it and what that came to."""

from __future__ import annotations

from collections.abc import Iterator

import loancalc as lc
from day_by_day.book import Book


def features_of(account: lc.Account, book: Book) -> set[str]:
    """The features of an account that the book has lived through."""
    return {*_of_terms(account.loan), *_of_events(account), *_of_what_it_came_to(book)}


def _of_terms(loan: lc.Loan) -> Iterator[str]:
    yield f"method {loan.method}"
    yield f"early {loan.early}"
    yield f"rests {loan.rests}"
    yield from (f"fee {fee.at or fee.each}" for fee in loan.fees)
    yield from (f"tax on {tax.on}" for tax in loan.taxes)
    yield from (f"fee given back {fee.rebate}" for fee in loan.fees if fee.rebate)
    yield from ["another order when late"] if loan.allocation.after else []
    if loan.allocation.surplus:
        yield f"surplus {loan.allocation.surplus}"
    if path := loan.rate_path:
        yield f"agreed rates keep {path.keep}"
        yield from ["agreed rests"] if path.pauses else []
    yield from ["agreed pay-outs"] if loan.tranches else []
    if loan.prepayment:
        yield f"prepayment interest {loan.prepayment.interest}"
        yield from ["prepayment fee"] if loan.prepayment.fee else []
    if not loan.late:
        return
    if interest := loan.late.interest:
        yield from ("late interest", f"late interest on {interest.base}", f"compounding {interest.compound}")
    yield from ["penalties"] if loan.late.penalties else []
    yield from [f"grace {loan.late.grace.kind}"] if loan.late.grace else []
    yield from ["tolerance"] if loan.late.tolerance else []
    yield from [f"caps, {len(loan.late.caps)}"] if loan.late.caps else []


def _of_events(account: lc.Account) -> Iterator[str]:
    for event in account.events:
        yield f"event {type(event).__name__}"
        if isinstance(event, lc.Payment) and event.effect:
            yield f"prepayment effect {event.effect}"
        if isinstance(event, lc.Payment):
            yield from ["payment for an installment"] if event.installment else []
            yield from ["payment for some components only"] if event.only else []
        if isinstance(event, lc.Restructuring) and event.moratorium:
            yield f"moratorium {event.moratorium.interest}"
        if isinstance(event, lc.Deferral):
            yield f"deferral {event.interest}, {event.term}"
        if isinstance(event, lc.Reamortization | lc.Reaging | lc.Restructuring):
            yield from (f"overdue {word}" for word in {word for _, word in event.overdue} - {"keep"})


def _of_what_it_came_to(book: Book) -> Iterator[str]:
    every = [*book.installments, *book.gone]
    for name, words in (("late_interest", "late interest"), ("compound_interest", "compound interest")):
        yield from [f"bore {words}"] if any(line.component == name for each in every for line in each.lines) else []
    yield from ["was charged a penalty"] if any(each.penalties for each in every) else []
    yield from ["was cut by a cap"] if book.has_cut else []
    yield from ["held money"] if book.credit else []
