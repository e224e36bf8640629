"""Penalties: on their days, for each installment that is late at the end of the day, from the first day late or after the grace."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import rounded
from day_by_day.debt import SCHEDULED, Installment
from day_by_day.late_interest import last_of_grace, within_tolerance
from loancalc.time.frequency import date_at

if TYPE_CHECKING:
    from day_by_day.book import Book

ONE_DAY = timedelta(1)


def assess(book: Book) -> bool:
    """Step 8 of the day: what is still unpaid now bears its penalties; whether there are any."""
    late = book.loan.late
    if not late or not late.penalties or book.is_frozen or within_tolerance(book, book.day - ONE_DAY):
        return False
    before = sum(len(numbers) for numbers in book.charged_by_rule.values())
    for installment in book.installments:
        if not installment.is_unpaid:
            continue
        for place, penalty in enumerate(late.penalties):
            charged = book.charged_by_rule.setdefault(place, [])
            for _ in range(_charges_of_today(book, installment, penalty, charged)):
                _charge(book, installment, penalty, charged)
    return sum(len(numbers) for numbers in book.charged_by_rule.values()) > before


def _charges_of_today(book: Book, installment: Installment, penalty: lc.Penalty, charged: list[int]) -> int:
    """How often a rule charges today: more than once where a deferred grace ended that had put charges off."""
    since, after_grace = (
        installment.due + penalty.from_day * ONE_DAY,
        last_of_grace(book.loan, installment.due) + ONE_DAY,
    )
    first = max(since, after_grace)
    if book.day < first or (penalty.to_day and book.day > installment.due + penalty.to_day * ONE_DAY):
        return 0
    if penalty.every is None:  # a payment that went back had made its day good
        is_made_good = book.day == installment.again_on and installment.number not in charged
        return int(book.day == first or is_made_good)
    grace = book.loan.late and book.loan.late.grace
    counted_from = since if grace and grace.kind == "deferred" else first
    dates, number = [counted_from], 1
    while (day := date_at(counted_from, penalty.every, number)) <= book.day:
        dates.append(day)
        number += 1
    return len(dates) if book.day == first else int(dates[-1] == book.day)


def _charge(book: Book, installment: Installment, penalty: lc.Penalty, charged: list[int]) -> None:
    if not penalty.pyramiding and _is_short_by_penalties_only(book, installment):
        return
    if penalty.times is not None and charged.count(installment.number) >= penalty.times:
        return
    if penalty.times_in_all is not None and len(charged) >= penalty.times_in_all:
        return
    amount = _amount(book, installment, penalty, charged)
    if amount:
        charged.append(installment.number)
        installment.penalties.append(amount)


def _is_short_by_penalties_only(book: Book, installment: Installment) -> bool:
    """Whether all that is short is what penalties took from payments since something was always unpaid."""
    first = installment
    for earlier in reversed(book.installments[: book.installments.index(installment)]):
        if earlier.settled_on is None or earlier.settled_on >= first.due:
            first = earlier
    arrears = [one for one in book.installments if first.number <= one.number <= installment.number]
    short = sum(one.unpaid(name) for one in arrears for name in SCHEDULED)
    settled = [part for received in book.received for part in received.settled if part.on >= first.due]
    return short <= sum(part.amount for part in settled if part.component == "penalty")


def _amount(book: Book, installment: Installment, penalty: lc.Penalty, charged: list[int]) -> int:
    unpaid = sum(installment.unpaid(name) for name in SCHEDULED)
    if penalty.amount is not None:
        within = penalty.within or 0
        again = any(installment.number - within <= number < installment.number for number in charged)
        amount = book.minor(penalty.repeat if again and penalty.repeat is not None else penalty.amount)
        return min(amount, unpaid) if penalty.max == "installment" else amount
    assert penalty.percent is not None
    principal, interest = installment.unpaid("principal"), installment.unpaid("interest")
    base = {
        "principal": principal,
        "interest": interest,
        "installment": principal + interest,
        "outstanding-principal": book.outstanding_principal,
    }[str(penalty.of)]
    if not base:
        return 0  # the meanings leave open what a minimum asks for on a base of nothing: nothing, says the library
    amount = rounded(Fraction(base) * penalty.percent, book.loan.rounding, "fee")
    if penalty.min is not None:
        amount = max(amount, book.minor(penalty.min))
    if penalty.max == "installment":
        return min(amount, unpaid)
    return amount if penalty.max is None else min(amount, book.minor(penalty.max))
