"""Principal that is repaid before it is due because the payment asks for it, and what it makes of the plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from day_by_day.arithmetic import rounded
from day_by_day.received import Received
from day_by_day.replanning import Plan

if TYPE_CHECKING:
    from day_by_day.book import Book


def prepay(book: Book, received: Received, effect: str) -> bool:
    """What is left of the money pays interest to date, then the fee and principal; whether it reaches principal.

    The fee is that of the largest principal that the money pays with it; what its rounding leaves repays principal too.
    """
    interest = book.accrued()
    most = _most(book, received.held - interest)
    if most <= 0:
        return False
    fee = fee_of(book, most)
    principal = min(received.held - interest - fee, book.undue)
    if (
        effect == "keep"
    ):  # on a daily loan: what is repaid counts toward the running installment, the fee toward nothing
        received.prepays(book, {"fee": fee})
        received.pays(book, book.ahead[0], "interest", interest)
        received.pays(book, book.ahead[0], "principal", principal)
        return True
    asked = [installment.agreed["interest"] + installment.agreed["principal"] for installment in book.ahead]
    payments = [
        amount - each.prepaid["interest"] - each.prepaid["principal"]
        for amount, each in zip(asked, book.ahead, strict=True)
    ]
    received.prepays(book, {"interest": interest, "fee": fee, "principal": principal})
    book.ahead[0].prepaid["interest"] = book.ahead[0].paid["interest"]  # what went back of it before is paid now
    plan = Plan(book, [])
    if book.loan.accrual == "scheduled":
        plan.planned_on = book.running.planned_on = [(book.day, plan.balance)]
        book.running.opens = book.day
    balance, parts, first = plan.balance, plan.parts, plan.first_interest()
    if effect == "lower":
        rows = plan.rows(plan.periods, balance, first, keep="term")
    elif effect == "shorten" and book.method == "annuity":
        rows = plan.repaid(plan.periods, balance, first, lambda place, interest: payments[place] - interest)
    else:
        rows = plan.repaid(plan.periods, balance, first, lambda place, _: parts[place])
    plan.ask([], rows, [0] * len(rows))
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
