"""Principal that is repaid before it is due, on loans whose interest stands, and what the payment makes of the plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from day_by_day.arithmetic import rounded
from day_by_day.received import Received
from day_by_day.replanning import Plan

if TYPE_CHECKING:
    from day_by_day.book import Book


def prepay(book: Book, received: Received, effect: str) -> None:
    """What is left of the money pays interest to date, then the fee and principal; money that does not reach principal waits."""
    interest = book.accrued()
    principal = _most(book, received.held - interest)
    if principal <= 0:
        return
    for name, amount in (("interest", interest), ("fee", fee_of(book, principal)), ("principal", principal)):
        received.parts[name] += amount
        received.held -= amount
    plan = Plan(book, [])
    balance = plan.balance - principal
    plan.planned_on = book.running.planned_on = [(book.day, balance)]
    book.running.opens, book.undue = book.day, book.undue - principal
    parts, first = plan.parts, plan.first_interest()
    if effect == "lower":
        rows = plan.rows(plan.periods, balance, first, keep="term")
    elif effect == "shorten" and book.method == "annuity":
        rows = plan.repaid(plan.periods, balance, first, lambda _, interest: book.level - interest)
    else:
        rows = plan.repaid(plan.periods, balance, first, lambda place, _: parts[place])
    plan.ask([], rows, [0] * len(rows))
    book.ahead = plan.installments


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
