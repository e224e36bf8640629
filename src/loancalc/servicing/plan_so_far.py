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
