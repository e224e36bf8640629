"""From the terms of a loan to the columns of its plan: the problem, the rows where it is solved again, down payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log1p
from typing import TYPE_CHECKING

from loancalc.errors import NoSolution
from loancalc.plan.agreed_turns import ahead_of, day_agreed, is_solved_again, left_at_start, turns_of, year_of
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.continuing import Continued, brought_to, in_the_first_row
from loancalc.plan.down_payments import with_their_rows
from loancalc.plan.first_periods import regular_part
from loancalc.plan.growing_balances import largest_balance
from loancalc.plan.methods import Changing, Method
from loancalc.plan.planning import TooFewPeriods, Turn, plan
from loancalc.plan.timeline import ONE_DAY, Factor, Timeline
from loancalc.plan.tranches import Tranche
from loancalc.plan.waiting import Brought
from loancalc.values.money import format_minor, to_minor
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

_LONGEST = 12_000  # installments after which a payment is said never to repay


def planned(loan: Loan) -> tuple[Timeline, Columns]:
    """The time of the plan of a loan, without the rows of down payments, and its columns, with them."""
    if "payment" in loan.keeps and loan.periods is None:
        columns = whole_of(loan)
        time = loan.time_over(len(columns.principal))
    else:
        time = loan.time_over(loan.installments)
        columns = _before_down_payments(loan, time)
    return time, with_their_rows(columns, loan, time) if loan.down_payments else columns


def _before_down_payments(loan: Loan, time: Timeline, *, goes_on: bool = False) -> Columns:
    """The columns of the plan over a timeline, without the rows of down payments; whether a kept payment `goes_on` beyond it."""
    problem, turns, continues = problem_of(loan, time), turns_of(loan, time, loan.tranches), loan.continues
    kept = continues.payment if continues else None
    solved_at_once = continues is None or _turns_at_once(loan, time, continues)
    if solved_at_once:
        kept = None
    method = _method(loan, problem.done, [turn for turn in turns if turn.index or solved_at_once])
    at_once = [turns[0], *turns[0].earlier] if turns and not turns[0].index else []
    is_capped = loan.moratorium is None and any(turn.payment_cap is not None for turn in at_once[:1])
    if is_capped or any(turn.keeps_payment for turn in at_once):
        problem = replace(problem, before=_agreed_payment(loan, time, problem, method))
    is_open = kept is not None and loan.rate_path is not None and loan.rate_path.kept_on(day_agreed(loan)) == "payment"
    return plan(
        method, problem, turns=turns, moratorium=loan.moratorium, accrued=in_the_first_row(loan), brought=brought_to(loan),
        kept=kept, is_open=is_open, goes_on=goes_on,
    )  # fmt: skip


def _agreed_payment(loan: Loan, time: Timeline, problem: Problem, method: Method) -> int | None:
    """The payment that a change in the first row keeps, or may raise by so much: as it was agreed, or solved over the rates that were known then."""
    if problem.before is not None:
        return problem.before
    agreed_by, count = day_agreed(loan), len(problem)
    then = time.known_by(agreed_by)

    def after_the_term(more: int) -> Sequence[Factor]:
        return loan.time_over(count + more).known_by(agreed_by).factors[count:]

    def year() -> tuple[Rate, Fraction]:
        return (loan.rate_path.agreed_on(agreed_by) if loan.rate_path else loan.rate), time.period_share

    known, regular = then.factors[:count], regular_part(loan, then, 1)
    agreed = replace(problem, factors=known, regular=regular, ahead=after_the_term, year=year)
    shown = (
        loan.continues.first if loan.continues else None
    ) or method  # before the change, what stays of the plan before
    return plan(shown, agreed, moratorium=loan.moratorium, accrued=in_the_first_row(loan)).level


def problem_of(loan: Loan, time: Timeline) -> Problem:
    """What the method has to solve: the principal after a down payment, over the periods as they are expected."""
    rounding, unit, keeps = loan.rounding, 10**loan.rounding.unit_places, loan.keeps
    lent = left_at_start(loan) * unit
    count = loan.installments if "payment" in keeps else len(time.bounds) - 1
    known = "level" in keeps or not loan.repayment.is_solved
    factors = time.factors if known else time.expected_from(1)[:count]
    whole = Problem(
        principal=lent,
        factors=factors,
        rounding=rounding,
        digits=loan.digits + rounding.unit_places,
        payment=_stated_payment(loan),
        nominal=loan.payment == "nominal",
        level=loan.level,
        most=largest_balance(loan.negative_amortization, lent, loan.digits + rounding.unit_places),
        year=year_of(time, 0),
        ahead=ahead_of(loan, count, None if known else 0),
        regular=regular_part(loan, time, 1),
    )
    return _continued(whole, loan, loan.continues) if loan.continues else whole


def _continued(whole: Problem, loan: Loan, continues: Continued) -> Problem:
    """The problem of a plan that continues another."""
    unit = 10**loan.rounding.unit_places
    return replace(
        whole,
        most=largest_balance(loan.negative_amortization, continues.paid_out * unit, whole.digits),
        done=continues.rows,
        waited=continues.waited,
        before=continues.level,
        original=continues.original if loan.repayment.on_original else None,
    )


def _method(loan: Loan, rows: int, turns: Sequence[Turn], first: Method | None = None) -> Method:
    """How the rows of a plan are made: by the method of the loan, at first perhaps by what was agreed on the way."""
    first = first or (loan.continues.first if loan.continues else None)
    if first is None:
        return loan.repayment
    # principal parts that had stayed have no payment that a change could keep: they stay on
    turns_at = next((turn.index for turn in turns if first.is_solved or turn.earlier or not turn.keeps_payment), None)
    return Changing(first, loan.repayment, None if turns_at is None else rows + turns_at)


def _turns_at_once(loan: Loan, time: Timeline, continues: Continued) -> bool:
    """Whether the payment of the first row is solved again, since terms changed once more before it is due."""
    changes = [*(loan.rate_path.turns if loan.rate_path else ()), *(tranche.on for tranche in loan.tranches)]
    return any(continues.on < day and time.row_of(day) == 0 for day in changes)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a plan after the rows that are done.

    Attributes:
        done: How many those are.
        balance: What is outstanding.
        first: Interest of the first row per unit of the balance.
        beside: What of it the first row asks for beside a payment that is solved as if the first period were a regular one.
        payment: The payment up to the next turn, where it is kept.
        brought: Interest from before that the rows ask for beside their own.
        tranches: What will still be paid out.
        method: What makes the rows until then, where that is not the method of the loan.
        is_open: Whether the term follows a payment that is kept.
    """

    done: int
    balance: int
    first: Fraction
    beside: Fraction
    payment: int | None
    brought: Sequence[Brought]
    tranches: Sequence[Tranche]
    method: Method | None
    is_open: bool


def rest_of(loan: Loan, time: Timeline, rest: Rest) -> Columns:
    """The rows after those that are done, solved on what is outstanding, by the terms of a loan over a time."""
    whole, done, first = problem_of(loan, time), rest.done, rest.first
    known = "level" in loan.keeps or not loan.repayment.is_solved
    later = time.factors[done + 1 :] if known else time.expected_from(done + 1)[1:]
    factors = [first.as_integer_ratio(), *later]
    agreed = loan.moratorium.installments if loan.moratorium else 0
    problem = replace(
        whole,
        principal=rest.balance,
        factors=factors,
        payment=None if is_solved_again(loan, time.accrual[done + 1]) else whole.payment,
        done=whole.done + done,
        waited=whole.waited + min(done, agreed),
        ahead=ahead_of(loan, len(time.bounds) - 1, None if known else done),
        year=year_of(time, done),
        regular=max(Fraction(0), first - rest.beside).as_integer_ratio() if rest.beside else None,
    )
    waiting = agreed - done
    moratorium = replace(loan.moratorium, installments=waiting) if loan.moratorium and waiting > 0 else None
    turns = [replace(turn, index=turn.index - done) for turn in turns_of(loan, time, rest.tranches, after=done)]
    method = _method(loan, problem.done, turns, rest.method)
    if turns and not turns[0].index:
        _, alike = turns[0].regular or (None, turns[0].advances)
        turns[0] = replace(turns[0], factors=factors, regular=problem.regular and (problem.regular, alike))
    return plan(
        method,
        problem,
        turns=turns,
        moratorium=moratorium,
        brought=rest.brought,
        kept=rest.payment,
        is_open=rest.is_open,
    )


def _stated_payment(loan: Loan) -> int | None:
    """The payment that the contract states; none where it is solved, or where a change of the rate had it solved again."""
    if isinstance(loan.payment, str):
        return None
    known = loan.continues.on if loan.continues else loan.start
    if is_solved_again(loan, known + ONE_DAY):
        return None
    return to_minor(loan.payment, loan.digits + loan.rounding.unit_places, "payment")


def whole_of(loan: Loan) -> Columns:
    """The columns of a plan whose payments decide how many installments there are, without the rows of down payments.

    Raises:
        NoSolution: If it does not repay within 12 000 installments; a payment below the interest is named.
    """
    count = min(_LONGEST, 2 * loan.installments if "payment" in loan.keeps else about_how_many(loan))
    while True:
        try:
            columns = _before_down_payments(loan, loan.time_over(count), goes_on=True)
        except TooFewPeriods:
            if count == _LONGEST:
                raise
        else:
            if len(columns.principal) < count or columns.total(-1) <= (columns.level or 0):
                return columns._replace(ended_early=0)
            if count == _LONGEST:
                payment = format_minor(columns.level or 0, loan.digits + loan.rounding.unit_places)
                raise NoSolution(f"payment: got {payment}; it does not repay within {_LONGEST} installments")
        count = min(_LONGEST, 2 * count)


def about_how_many(loan: Loan) -> int:
    """How many installments the stated payment of a loan may need at its first rate, generously; only a start."""
    factor: Factor = loan.time_over(1).factors[-1]
    rate, payment = factor[0] / factor[1], to_minor(loan.payment, loan.digits, "payment")
    waiting = loan.moratorium.installments if loan.moratorium else 0
    left = 1 - loan.principal_minor * rate / payment
    if left <= 0:
        return waiting + 2
    return waiting + int(-log1p(left - 1) / log1p(rate) * 1.1 if rate else loan.principal_minor / payment) + 3
