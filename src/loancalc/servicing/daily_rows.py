"""The rows ahead of a daily loan whose terms change: solved on what is really owed, over the interest that will be due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.plan import planned_interest
from loancalc.plan.agreed_plan import Rest, rest_of
from loancalc.plan.agreed_time import with_down_payments
from loancalc.plan.columns import Columns
from loancalc.plan.first_periods import regular_part
from loancalc.plan.loan import Loan
from loancalc.plan.timeline import Timeline
from loancalc.plan.tranches import Tranche
from loancalc.servicing.kept_parts import rows_done, with_its_parts
from loancalc.servicing.other_terms import still_waiting, with_rows
from loancalc.servicing.overdue import INTEREST, PRINCIPAL
from loancalc.servicing.plan_so_far import term_told, unpaid_tranches

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


@dataclass(frozen=True, slots=True)
class _Owed:
    """What a daily loan owes today, from the first row ahead on; amounts in minor units.

    Attributes:
        done: Installments before that row: those that fell due, or will today.
        balance: What the rows ahead repay: what came early in the period counts toward its installment, as before.
        bearing: What of it bears interest from today on.
        interest: What the first row asks for of the interest of nights before today, exact.
    """

    done: int
    balance: int
    bearing: int
    interest: Fraction


def with_rows_on_what_is_owed(
    replay: Replay, loan: Loan, stays: int | None, *, same_parts: bool, is_solved: bool
) -> Loan:
    """Other terms with the rows that they have on what was really outstanding when the running period began, over the interest
    that will be due. Principal parts that stay are those of the plan before, unless interest of waiting rows joins the
    principal that they share.
    """
    owed, old, count = _owed(replay), replay.loan.columns, len(replay.debts.items)
    done, time = owed.done - (replay.before if stays is None else stays), loan.timeline
    if stays is None and (not owed.balance or owed.done == count):
        return with_rows(loan, time, old)
    waits = planned_interest.put_off(replay.loan, owed.done - replay.before) if owed.done < count else ()
    asked, waiting = owed.interest - sum(part.amount for part in waits), still_waiting(replay, replay.before + done)
    joins = waiting is not None and waiting.interest == "capitalized"
    kept = None if is_solved else _payment_kept(replay, loan, stays)
    told = term_told(replay, loan) if kept is None else None
    ahead, is_open = unpaid_tranches(replay), stays is None or told is not None
    brought = loan.continues.brought if loan.continues and stays is not None else waits
    parts = with_its_parts(replay.loan, done) if same_parts and not joins else None

    def rows_over(time: Timeline, payment: int | None, tranches: Sequence[Tranche]) -> Columns:
        to_come, beside = _of_the_first_row(replay, loan, time, done + 1, owed.bearing)
        first = max(Fraction(0), asked + to_come) / owed.balance  # rounding may have asked for more already
        beside /= owed.balance
        rest = Rest(done, owed.balance, first, beside, payment, brought, tranches, parts, is_open)
        return rest_of(loan, time, rest)

    if stays is None and loan.periods is None and len(time.bounds) <= (known := count - replay.before):
        time = with_down_payments(loan, loan.time_over(known - len(loan.down_payments)))
    if told and told > done:  # whatever later rates make of the term, the payment is that of today
        kept = rows_over(loan.time_over(told).known_by(replay.today), None, ()).level
    until_then = () if is_open and kept is not None else ahead
    rows = rows_over(time, kept, until_then)
    while stays is None and _is_too_short(replay, loan, done, rows, kept):
        time = with_down_payments(loan, loan.time_over(2 * (done + len(rows.principal))))
        rows = rows_over(time, kept, until_then)
    if ahead and not until_then:  # what is paid out is shared over the term that the payment makes until then
        time = loan.time_over(max(done + len(rows.principal), time.row_of(ahead[-1].on) + 1))
        rows = rows_over(time, kept, ahead)
    return with_rows(loan, time, _after_those_done(old, rows, done, _on_the_way(loan, time, done, len(ahead))))


def _on_the_way(loan: Loan, time: Timeline, done: int, ahead: int) -> int:
    """What was paid out in the period of the first row ahead, in minor units; so many tranches are still to come."""
    paid_out = loan.tranches[: len(loan.tranches) - ahead]
    return sum(out.minor(loan.digits) for out in paid_out if time.row_of(out.on) == done)


def _after_those_done(old: Columns, rows: Columns, done: int, on_the_way: int) -> Columns:
    """The rows ahead after those that are done; a payment that is kept later is the one that the rows ahead ask for."""
    if on_the_way:
        rows = rows._replace(advanced=((0, on_the_way), *rows.advanced))
    return old.first(done).then(rows)._replace(level=rows.level) if done else rows


def _owed(replay: Replay) -> _Owed:
    running, due, items, undue = replay.running, replay.debts.due_count, replay.debts.items, replay.undue
    assert running is not None
    carried = running.exact(replay.today) + running.carried
    if due == len(items):
        return _Owed(due, undue, undue, carried)
    item = items[due]
    if item.due > replay.today:
        early = item.settled(PRINCIPAL) - item.prepaid[PRINCIPAL]
        paid = running.paid - item.settled(INTEREST) + item.prepaid[INTEREST]
        return _Owed(due, undue + early, undue, carried - paid)
    accrued = running.accrued(item.due)  # it falls due later today, as it was planned
    interest, principal = running.split(item, undue, accrued)
    if item.capitalized:  # what joins the principal then
        interest = running.joins(item.due)
        principal = -interest
    return _Owed(due + 1, undue - principal, undue - principal, Fraction(accrued - interest + running.brought))


def _of_the_first_row(
    replay: Replay, loan: Loan, time: Timeline, number: int, bearing: int
) -> tuple[Fraction, Fraction]:
    """The interest of the nights from today to the end of the first row ahead, exact; and what that row asks for beside a payment
    that is solved as if the first period were a regular one.
    """
    running, today, end = replay.running, replay.today, time.accrual[number]
    assert running is not None
    since = max(today, running.since)
    to_come = bearing * Fraction(*time.part(number, since, max(since, end)))
    alike = regular_part(loan, time, number, since)
    beside = running.beside(today) + to_come - bearing * Fraction(*alike) if alike else Fraction(0)
    for day, more in running.more:
        start = max(today, day)
        to_come += more * Fraction(*time.part(number, start, max(start, min(running.since, end))))
    return to_come, beside


def _payment_kept(replay: Replay, loan: Loan, stays: int | None) -> int | None:
    """The payment that stays when the rest is solved; None where it is solved too."""
    if stays is not None:
        return loan.continues.payment if loan.continues else None
    keeps = loan.rate_path is not None and loan.rate_path.kept_on(replay.today) == "payment"
    return replay.loan.columns.level if keeps else None


def _is_too_short(replay: Replay, loan: Loan, done: int, rows: Columns, kept: int | None) -> bool:
    """Whether a payment that is kept to the end needs more installments, for what is really outstanding, than were planned: the
    last one would be more than it, and by more than the roundings of the payments leave over.
    """
    if kept is None or loan.rate_path is None or loan.periods is not None:
        return False
    count = len(rows.principal)
    if rows.payment(count - 1) <= kept + (rows_done(loan, done) + count) * loan.rounding.step_of("installment"):
        return False
    return not any(day > replay.today for day in loan.rate_path.turns)
