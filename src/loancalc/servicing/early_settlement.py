"""What a loan costs that is repaid before it is due: interest by the rule that was agreed, and the fee."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.plan import planned_interest
from loancalc.plan.actuarial import actuarial_balance
from loancalc.plan.disbursement import rebated
from loancalc.plan.prepayment import interest_rule, prepayment_fee
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.paid_ahead import as_if_held, covers_installments

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def early_end(replay: Replay, to_date: int) -> tuple[int, int]:
    """The interest and the fee that repaying everything today asks for beside what is due, in minor units; `to_date` is the
    interest that has accrued. What was paid of installments ahead counts toward them, so that either may be less than nothing.
    """
    if not covers_installments(replay):
        interest = payoff_interest(replay, to_date)
        return interest, payoff_fee(replay, interest - to_date)
    with as_if_held(replay) as ahead:
        if any(ahead):
            to_date = replay.accrued_interest()
        interest = payoff_interest(replay, to_date)
        return interest - ahead[INTEREST], payoff_fee(replay, interest - to_date) - ahead[FEE]


def payoff_interest(replay: Replay, to_date: int) -> int:
    """The interest that is not due yet and is paid with all principal, in minor units; `to_date` is what has accrued.

    Nothing beside the interest to date where there is no principal left to repay, or no interest accrues any more.
    """
    rule = interest_rule(replay.loan)
    if rule == "to-date" or not replay.undue or replay.accrues_no_more:
        return to_date
    asked, room = max(0, _RULES[rule](replay, to_date)), replay.late.room(INTEREST) if replay.late else None
    return asked if room is None else min(asked, to_date + room)


def payoff_fee(replay: Replay, more_interest: int) -> int:
    """The fee for repaying all principal that is not due yet, less what is given back of fees at disbursement, in minor units;
    `more_interest` is paid beside the interest to date.
    """
    most = fee_room(replay, more_interest)
    return prepayment_fee(replay.loan, replay.undue, replay.undue, most) - fee_rebate(replay)


def fee_room(replay: Replay, more_interest: int) -> int | None:
    """What caps leave for a fee of today beside interest that is charged with it, in minor units; None where none covers it."""
    late = replay.late
    room = late.room(FEE) if late else None
    if late is None or room is None or late.room(INTEREST) is None:
        return room
    return max(0, room - max(0, more_interest))


def fee_rebate(replay: Replay) -> int:
    """What is given back of fees at disbursement when all principal that is not due yet is repaid, in minor units: of each
    its share, rounded once, and no more than that principal.
    """
    agreed = replay.agreed
    if not replay.undue or not agreed.fees or replay.is_ended:
        return 0
    divide = agreed.rounding.divide("fee")
    given_back = [(_UNEARNED[rule](replay), amount) for rule, amount in rebated(agreed)]
    return min(replay.undue, sum(divide(amount * share.numerator, share.denominator) for share, amount in given_back))


def has_begun(replay: Replay) -> bool:
    """Whether a night of the running period is over."""
    return replay.today > replay.loan.timeline.opens(replay.debts.due_count - replay.before)


def bearing_from_tonight(replay: Replay) -> int:
    """Principal that bears contract interest from tonight on: all that is outstanding, but what bears the late rate, or begins to."""
    debts, today = replay.debts, replay.today
    if debts.lines.late_rate is None or debts.is_over or debts.is_tolerated:
        return replay.bearing()
    begins = [item for item in debts.live() if item.bears_from == today and not debts.is_settled(item)]
    return replay.bearing() - sum(item.owed[PRINCIPAL] for item in begins if not debts.deferred or item.graced < today)


def _whole_period(replay: Replay, to_date: int) -> int:
    """The running period counts as a whole, once it has begun, on what is outstanding today."""
    due = replay.debts.due_count
    if not has_begun(replay):
        return to_date
    item = replay.debts.items[due]
    if replay.running:
        running = copy(replay.running)
        running.rebase(replay.today, bearing_from_tonight(replay))
        whole = running.accrued(item.due)
    else:
        row = due - replay.before
        end = max(replay.today, replay.loan.timeline.accrual[row + 1])
        planned = planned_interest.to_date(replay.loan, row + 1, end, known_on=replay.today)
        whole = planned - item.settled(INTEREST) + item.prepaid[INTEREST]
    return whole - item.cut[INTEREST]


def _scheduled(items: list[Owed]) -> int:
    """Interest of installments as planned, that which joins the principal too."""
    return sum(item.interest + item.capitalized for item in items)


def _all_scheduled(replay: Replay, to_date: int) -> int:
    """The interest of all later installments, as planned."""
    ahead = replay.debts.items[replay.debts.due_count :]
    return _scheduled(ahead) - sum(item.settled(INTEREST) + item.cut[INTEREST] for item in ahead)


def _rule_of_78(replay: Replay, to_date: int) -> int:
    """All scheduled interest less what is not earned by the sum of the digits: of n installments with k wholly ahead,
    k (k + 1) / (n (n + 1)) of it. A down payment is no installment of these.
    """
    rebate = _scheduled(replay.debts.items) * _by_digits(replay)
    return _all_scheduled(replay, to_date) - replay.loan.rounding.divide("interest")(*rebate.as_integer_ratio())


def _wholly_ahead(replay: Replay) -> tuple[int, int]:
    """How many installments are wholly ahead, and how many there are; a down payment is none of them."""
    items, due, agreed = replay.debts.items, replay.debts.due_count, replay.agreed
    apart = agreed.timeline.inserted_rows if agreed.down_payments else ()
    wholly = len(items) - due - sum(index >= due for index in apart) - has_begun(replay)
    return wholly, len(items) - len(apart)


def _by_digits(replay: Replay) -> Fraction:
    wholly, count = _wholly_ahead(replay)
    return Fraction(wholly * (wholly + 1), count * (count + 1))


def _by_installments(replay: Replay) -> Fraction:
    return Fraction(*_wholly_ahead(replay))


def _by_days(replay: Replay) -> Fraction:
    start, end = replay.agreed.start, replay.debts.items[-1].due
    return Fraction(max(0, (end - replay.today).days), (end - start).days)


_UNEARNED: dict[str, Callable[[Replay], Fraction]] = {
    "by-days": _by_days,
    "by-installments": _by_installments,
    "rule-of-78": _by_digits,
}
"""The share of the term that is left, by rule."""


def _actuarial(replay: Replay, to_date: int) -> int:
    """What the installments are worth today at the one rate that makes them repay the loan, less the principal that they
    name: interest that follows the balance is that to date anyway.
    """
    loan, row = replay.loan, replay.debts.due_count - replay.before
    if not loan.repayment.on_original or loan.repayment.name == "lump_sum":
        return to_date
    columns, (begin, end) = loan.columns, loan.timeline.accrual[row : row + 2]
    part = min(Fraction(1), Fraction((replay.today - begin).days, (end - begin).days))
    payments = [columns.total(index) for index in range(len(columns.principal))]
    owed = actuarial_balance(loan.principal_minor, payments, row, part)
    ahead = replay.debts.items[replay.debts.due_count :]
    settled = sum(item.settled(INTEREST) + item.cut[INTEREST] for item in ahead)
    # the one rate is known to many digits, and not exactly: what is whole to twelve of them is whole
    earned = max(Fraction(0), round(owed, 12) - sum(columns.principal[row:]))
    return loan.rounding.divide("interest")(*earned.as_integer_ratio()) - settled


_RULES: dict[str, Callable[[Replay, int], int]] = {
    "whole-period": _whole_period,
    "all-scheduled": _all_scheduled,
    "rule-of-78": _rule_of_78,
    "actuarial": _actuarial,
}
