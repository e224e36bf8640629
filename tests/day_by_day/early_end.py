"""What repaying everything before its time asks for: interest by the rule of the terms, and the fee, less what is given back."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from typing import TYPE_CHECKING

from day_by_day import prepaying
from day_by_day.arithmetic import rounded

if TYPE_CHECKING:
    from day_by_day.book import Book

RATE_DIGITS = 60
"""To how many binary digits the one rate of the actuarial method is found; what it comes to is exact to far more than a unit."""


def interest(book: Book) -> int:
    """What the terms ask for of interest that is not due: that to date, that of the whole period if a night of it is over, or
    that of all periods, from which a rebate may be taken. Where nothing accrues any more, that to date is all there is.

    What was paid ahead of installments whose interest stands is not taken off: it is money again where the plan ends.
    """
    rule = book.loan.prepayment.interest if book.loan.prepayment else "to-date"
    not_due = book.undue  # what came early to a daily loan has repaid principal for good
    if book.loan.accrual == "scheduled":
        not_due += sum(each.early("principal") for each in book.ahead)
    if rule != "to-date" and not not_due:  # nothing is repaid before its time: what is past due is late
        rule = "to-date"
    if not book.ahead or (book.loan.accrual == "daily" and (rule == "to-date" or book.is_frozen)):
        return book.accrued()
    if book.loan.accrual == "scheduled" and book.is_performed:
        return 0  # all that the plan asks for is paid: nothing ends early
    if book.loan.accrual == "daily":
        return _whole_period_of_nights(book)
    over = book.ahead[0].cut["interest"] + min(0, book.ahead[0].early("interest"))  # what went back is owed again
    to_date = max(0, book.running.planned(book.day) - over)
    if rule == "to-date" or book.is_frozen:
        return to_date
    if rule == "whole-period":
        until = book.running.period.closes if has_begun(book) else book.day
        return max(to_date, book.running.planned(until) - over)
    gone = sum(each.waived["interest"] + each.cut["interest"] + each.prepaid["interest"] for each in book.ahead)
    gone += sum(min(0, each.early("interest")) for each in book.ahead)
    scheduled = sum(each.agreed["interest"] for each in book.ahead) - gone
    if rule == "rule-of-78":
        charge = sum(each.agreed["interest"] for each in [*book.installments, *book.ahead])
        return max(0, scheduled - rounded(charge * _by_digits(book), book.loan.rounding, "interest"))
    if rule == "actuarial" and book.loan.method == "flat":
        principal = sum(each.agreed["principal"] for each in book.ahead)
        exact = max(Fraction(0), _worth(book) - principal)
        return max(0, rounded(exact, book.loan.rounding, "interest") - gone)
    if rule == "actuarial":  # interest that follows the balance is that of the actuarial method
        return to_date
    return max(0, scheduled)


def _whole_period_of_nights(book: Book) -> int:
    """On a daily loan all nights of the period that has begun, on what bears interest today."""
    if not has_begun(book):
        return book.accrued()
    running = deepcopy(book.running, {id(value): value for value in (book.loan, book.clock)})
    running.bears_to_the_end(book.day, book.contract_bases(book.day))
    return running.accrued(book.day, book.paid_early) - book.ahead[0].cut["interest"]


def has_begun(book: Book) -> bool:
    """Whether a night of the running period is over."""
    return book.day > book.running.began


def _wholly_ahead(book: Book) -> tuple[int, int]:
    """How many installments are wholly ahead, of how many: one of whose period a night is over is not."""
    return len(book.ahead) - has_begun(book), len(book.installments) + len(book.ahead)


def _by_digits(book: Book) -> Fraction:
    ahead, count = _wholly_ahead(book)
    return Fraction(ahead * (ahead + 1), count * (count + 1))


def _worth(book: Book) -> Fraction:
    """What the payments ahead are worth today at the one rate of a period at which all of them are worth the principal lent;
    the nights of the running period bear simple interest.
    """
    payments = [each.agreed["principal"] + each.agreed["interest"] for each in [*book.installments, *book.ahead]]
    principal = sum(each.agreed["principal"] for each in [*book.installments, *book.ahead])

    def worth(left: list[int], rate: Fraction) -> Fraction:
        total = Fraction(0)
        for payment in reversed(left):
            total = (total + payment) / (1 + rate)
        return total

    unit = 2 ** (RATE_DIGITS + principal.bit_length())
    low, high = 0, unit * max(1, sum(payments))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if worth(payments, Fraction(middle, unit)) >= principal else (low, middle)
    rate, period = Fraction(low, unit), book.running.period
    over = Fraction((book.day - period.opens).days, (period.closes - period.opens).days)
    exact = worth(payments[len(book.installments) :], rate) * (1 + rate * over)
    return Fraction(round(exact * 2 ** (RATE_DIGITS // 2)), 2 ** (RATE_DIGITS // 2))


def fee(book: Book, principal: int) -> int:
    """What repaying all principal early costs, less what is given back of fees at disbursement."""
    return prepaying.fee_of(book, principal) - given_back(book, principal)


def given_back(book: Book, principal: int) -> int:
    """The share of each fee at disbursement that its rule leaves for the time ahead, rounded once. The meanings leave open what
    becomes of more than all principal: no more than that is given back.
    """
    if not book.ahead:
        return 0
    left, count = _wholly_ahead(book)
    first, last = book.loan.start, book.ahead[-1].due
    shares = {
        "by-days": Fraction((last - book.day).days, (last - first).days),
        "by-installments": Fraction(left, count),
        "rule-of-78": _by_digits(book),
    }
    total = 0
    for charged in (one for one in book.loan.fees if one.rebate):
        whole = book.minor(charged.amount) if charged.amount is not None else 0
        if charged.percent is not None:
            whole = rounded(charged.percent * book.minor(book.loan.principal), book.loan.rounding, "fee")
        total += rounded(whole * shares[str(charged.rebate)], book.loan.rounding, "fee")
    return min(total, principal)
