"""What a plan has seen by a day: what was paid out, what changed the principal, up to when it asked for fees; and what of that a
plan has that continues it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from loancalc.plan.continuing import Continued
from loancalc.plan.loan import Loan
from loancalc.plan.tranches import Tranche
from loancalc.servicing.kept_parts import rows_done, rows_waited
from loancalc.servicing.other_terms import terms_with
from loancalc.time.rate_path import RatePath

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def continued(replay: Replay, row: int, original: int) -> Continued:
    """What a plan that begins today with a row of the one that runs has from that; `original` is what its flat interest is taken of."""
    loan, before = replay.loan, replay.loan.continues
    return Continued(
        on=replay.today,
        before=loan,
        done=row,
        started=before.started if before else loan.start,
        lent=before.lent if before else loan.principal_minor,
        original=original,
        rows=rows_done(loan, row),
        waited=rows_waited(loan, row),
        paid_out=replay.advanced,
        brought=(),
        charged_until=charged_until(loan, row),
    )


def moved_before(replay: Replay, row: int, joined: int = 0) -> tuple[tuple[date, int], ...]:
    """What has changed the outstanding principal since the due date before a row, beside installments, with what joins it
    today (leaves it, if negative): each day, and by how much.
    """
    loan, since = replay.loan, charged_until(replay.loan, row)
    before = loan.continues.moved if loan.continues else ()
    paid_out = loan.tranches[: len(loan.tranches) - len(unpaid_tranches(replay))]
    moves = (*before, *((out.on, out.minor(loan.digits)) for out in paid_out), (replay.today, joined))
    return tuple((day, amount) for day, amount in moves if day > since and amount)


def paid_until(replay: Replay, row: int) -> date | None:
    """The later day up to which a prepayment has paid the interest of the period of a row; None where none has."""
    if replay.running:
        begins: date | None = replay.running.since
    else:
        begins = replay.loan.continues.begins if replay.loan.continues and not row else None
    return begins if begins and begins > replay.today else None


def charged_until(loan: Loan, row: int) -> date:
    """The last day of which agreed fees were asked for by the rows of a plan before one of them."""
    return loan.continues.charged_until if loan.continues and not row else loan.dates[row]


def unpaid_tranches(replay: Replay) -> tuple[Tranche, ...]:
    """Tranches agreed from the beginning that are still to be paid out."""
    agreed = replay.loan.tranches
    return agreed[len(agreed) - replay.agenda.tranches() :] if agreed else ()


def term_told(replay: Replay, loan: Loan) -> int | None:
    """How many rows a plan has by the rates that are known today, where one that was agreed to change later keeps the payment, so that
    the term follows; None where none does.
    """
    path = loan.rate_path
    if path is None or not loan.repayment.is_solved or "level" in loan.keeps:
        return None
    if not any(day > replay.today and path.kept_on(day) == "payment" for day in path.turns):
        return None
    known = path.known_on(replay.today)
    keep = {day: path.kept_on(day) or "term" for day in known.turns}
    told = RatePath(known.initial, known.changes, keep=keep or None, payment_cap=path.payment_cap, pauses=known.pauses)
    paid_out = loan.tranches[: len(loan.tranches) - len(unpaid_tranches(replay))]
    return len(terms_with(loan, rate_path=told, tranches=paid_out).columns.principal)


def rows_left(replay: Replay, stays: int) -> int:
    """Over how many rows a plan goes on after the installments that stay: those of the one that runs, by the rates of today."""
    told = term_told(replay, replay.loan)
    return (told or len(replay.debts.items) - replay.before) - (stays - replay.before)
