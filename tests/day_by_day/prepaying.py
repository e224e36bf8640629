"""Principal that is repaid before it is due because the payment asks for it, and what it makes of the plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from day_by_day import early_end
from day_by_day.arithmetic import rounded
from day_by_day.clock import Period
from day_by_day.received import Received
from day_by_day.replanning import Plan, Row, still_to_be_asked_for

if TYPE_CHECKING:
    from day_by_day.book import Book


def prepay(book: Book, received: Received, effect: str) -> bool:
    """What is left of the money pays interest to date, then the fee and principal; whether it reaches principal.

    The fee is that of the largest principal that the money pays with it; what its rounding leaves repays principal too.
    """
    # put off, it is asked for when it was agreed; what came early paid the oldest first
    waiting = sum(still_to_be_asked_for(book).values())
    if book.loan.accrual == "daily":
        waiting = min(waiting, max(0, book.running.carried - book.paid_early))
    interest = max(0, early_end.interest(book) - waiting)
    most = _most(book, received.held - interest)
    if most <= 0:
        return False
    fee = fee_of(book, most)
    principal = min(received.held - interest - fee, book.undue)
    rule = book.loan.prepayment.interest if book.loan.prepayment else "to-date"
    is_whole = rule == "whole-period" and early_end.has_begun(book)
    if is_whole and book.loan.accrual == "daily":
        book.running.bears_to_the_end(book.day, book.contract_bases(book.day))
    if (
        effect == "keep"
    ):  # on a daily loan: what is repaid counts toward the running installment, the fee toward nothing
        received.prepays(book, {"fee": fee})
        received.pays(book, book.ahead[0], "interest", interest)
        received.pays(book, book.ahead[0], "principal", principal)
        return True
    payments = [
        each.agreed["interest"]
        + each.agreed["principal"]
        - each.prepaid["interest"]
        - each.prepaid["principal"]
        + each.waits
        - each.went_back["principal"]
        - (each.went_back["interest"] if book.loan.accrual == "daily" else 0)
        for each in book.ahead
        if not each.is_put_off
    ]
    received.prepays(book, {"interest": interest, "fee": fee, "principal": principal})
    plan = Plan(book, [])
    if book.loan.accrual == "scheduled":
        book.ahead[0].prepaid["interest"] = book.ahead[0].paid["interest"]  # what went back of it before is paid now
        book.running.opens = book.running.period.closes if is_whole else max(book.day, book.running.opens)
        book.running.before = Fraction(0)  # it is paid
        plan.planned_on = book.running.planned_on = [(book.running.opens, plan.balance)]
    parts = plan.parts[plan.off :]

    def rows(periods: list[Period], balance: int, first: Fraction) -> list[Row]:
        if effect == "lower":
            return plan.rows(periods, balance, first, keep="term")
        if effect == "shorten" and book.method == "annuity":
            return plan.repaid(periods, balance, first, lambda place, interest: payments[place] - interest)
        return plan.repaid(periods, balance, first, lambda place, _: parts[place])

    plan.ask(rows, put_off=plan.off)
    book.reckon_anew()
    book.level = None if effect == "last" else book.level
    book.ahead = plan.installments
    return True


def fee_of(book: Book, principal: int) -> int:
    """What repaying principal early costs."""
    terms = book.loan.prepayment
    if terms is None or terms.fee is None or not principal:
        return 0
    assert terms.fee.percent is not None
    return rounded(terms.fee.percent * principal, book.loan.rounding, "fee")


def _most(book: Book, money: int) -> int:
    """The largest principal that money pays together with its fee."""
    terms = book.loan.prepayment
    share = terms.fee.percent if terms and terms.fee and terms.fee.percent else Fraction(0)
    principal = int(Fraction(max(0, money)) / (1 + share)) + 2 * book.loan.rounding.step
    while principal > 0 and principal + fee_of(book, principal) > money:
        principal -= 1
    return min(principal, book.undue)
