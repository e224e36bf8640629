"""Where the terms of a loan have its plan solved again: a rate changes, or a tranche is paid out; and what is known by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.columns import Ahead, Year
from loancalc.plan.first_periods import regular_part
from loancalc.plan.growing_balances import largest_balance
from loancalc.plan.planning import PaidOut, Turn
from loancalc.plan.timeline import ONE_DAY, Factor, Timeline
from loancalc.plan.tranches import Tranche

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def turns_of(loan: Loan, time: Timeline, tranches: Sequence[Tranche], after: int = -1) -> list[Turn]:
    """The rows from which the rest is solved again, since a rate changes (but in the rows up to `after`), or since one of
    the tranches is paid out before them.
    """
    path, known, last = loan.rate_path, day_agreed(loan), time.accrual[-1]
    changes: dict[int, list[tuple[date, Tranche | None]]] = {}
    if path is not None and _is_resolved(loan):
        for day in path.turns:
            if known < day < last and time.row_of(day) > after:
                changes.setdefault(time.row_of(day), []).append((day, None))
    for tranche in tranches:
        if tranche.on >= last:
            raise InvalidTerms(f"tranches.on: got {tranche.on}; expected a day before the last due date, {last}")
        changes.setdefault(time.row_of(tranche.on), []).append((tranche.on, tranche))
    lent = (loan.continues.paid_out if loan.continues else left_at_start(loan)) * 10**loan.rounding.unit_places
    turns = []
    for index in sorted(changes):
        row = sorted(changes[index], key=lambda change: (change[0], change[1] is not None))
        keeps = any(path and not tranche and path.kept_on(day) == "payment" for day, tranche in row)
        before = [_changed(loan, time, index, row[:count], lent, row[count - 1][0]) for count in range(1, len(row))]
        turn = _changed(loan, time, index, row, lent)
        turns.append(replace(turn, earlier=tuple(before) if keeps else ()))
        lent += turn.advanced
    return turns


def _changed(
    loan: Loan,
    time: Timeline,
    index: int,
    changes: Sequence[tuple[date, Tranche | None]],
    lent: int,
    known_by: date | None = None,
) -> Turn:
    """A row from which the rest is solved again after changes in it, in their order: as it is expected when the row falls due, or as
    it was on the day by which no more was known. `lent` was paid out before.
    """
    (day, last), path, unit, resolved = changes[-1], loan.rate_path, 10**loan.rounding.unit_places, _is_resolved(loan)
    turn = _turn(loan, time, index) if resolved else Turn(index, time.factors[index:])
    if path is not None and known_by is not None:
        time = time.known_by(known_by)
        turn = replace(turn, factors=time.factors[index:], year=year_of(time, index))
    advances, alike, most, regular = list[PaidOut](), list[PaidOut](), None, regular_part(loan, time, index + 1)
    for tranche in (tranche for _, tranche in changes if tranche is not None):
        net = tranche.net(loan.digits, loan.rounding) * unit
        own = time.part(index + 1, tranche.on, time.accrual[index + 1])
        advances.append((net, own))
        alike.append((net, regular_part(loan, time, index + 1, tranche.on) or own))
        lent += net
        most = largest_balance(loan.negative_amortization, lent, loan.digits + loan.rounding.unit_places)
    kept = path.kept_on(day) if path is not None and resolved and last is None else None
    has_rate = any(tranche is None for _, tranche in changes)
    return replace(
        turn, advances=tuple(advances), most=most, keeps_payment=kept == "payment",
        solves=any(path and tranche is None and path.kept_on(on) == "term" for on, tranche in changes),
        payment_cap=path.payment_cap if path is not None and has_rate else None,
        regular=regular and (regular, tuple(alike)),
    )  # fmt: skip


def _turn(loan: Loan, time: Timeline, index: int) -> Turn:
    """A row from which the rest is solved again, as if the rate at its end lasted."""
    factors = time.expected_from(index + 1)
    ahead, year = ahead_of(loan, len(time.bounds) - 1, index), year_of(time, index)
    return Turn(index, factors, ahead=ahead, year=year)


def _is_resolved(loan: Loan) -> bool:
    """Whether payments are solved again where the terms change on the way."""
    return loan.repayment.is_solved and "level" not in loan.keeps


def is_solved_again(loan: Loan, until: date) -> bool:
    """Whether a change of the rate before a day keeps the term, so that the payment is solved again, whatever was stated."""
    path, started = loan.rate_path, loan.continues.started if loan.continues else loan.start
    return path is not None and any(started < day < until and path.kept_on(day) == "term" for day in path.turns)


def day_agreed(loan: Loan) -> date:
    """The day whose rates the plan was agreed with: its first, or the day before where a change on the first one keeps the payment."""
    if loan.continues is not None:
        return loan.continues.on
    keeps = loan.rate_path is not None and loan.rate_path.kept_on(loan.start) == "payment"
    return loan.start - ONE_DAY if keeps else loan.start


def left_at_start(loan: Loan) -> int:
    """What is left of the pay-out at the start after its own down payment, in minor units."""
    lent = loan.principal_minor
    for day, _, down in loan.down_payments:
        if day == loan.start:
            lent -= down
    return lent


def ahead_of(loan: Loan, count: int, row: int | None) -> Ahead:
    """The factors after the term, as they are expected from a row on; None where all rates are known from the start."""

    def factors(more: int) -> Sequence[Factor]:
        time = loan.time_over(count + more)
        return time.factors[count:] if row is None else time.expected_from(row + 1)[count - row :]

    return factors


def year_of(time: Timeline, row: int) -> Year:
    """The rate that is in force when a row falls due, and the share of the year of a regular period."""
    return lambda: (time.lasting_rate(row + 1), time.period_share)
