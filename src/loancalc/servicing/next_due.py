"""What falls due next if nothing else happens: of which installment, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from itertools import groupby
from operator import attrgetter

from loancalc.servicing.book import Booked, booked_in_force
from loancalc.servicing.debts import Debts
from loancalc.servicing.figures import AGREED
from loancalc.servicing.overdue import FEE, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.replay import Replay


def next_due(replay: Replay, book: Sequence[Booked], known_on: date | None) -> tuple[date, int] | None:
    """The first due date from today on with an installment that is not fully paid: what is unpaid of all that is due then, in
    minor units.

    Args:
        replay: The account as it stands at the end of a day; held credit is not taken off.
        book: What happens to it.
        known_on: The day on which that was known; all of it, if None.
    """
    debts = replay.debts
    if (
        debts.due_count
        and debts.items[debts.due_count - 1].due == replay.today
        and (owed := _owed_of(debts, replay.today))
    ):
        return replay.today, owed
    ahead = debts.items[debts.due_count :]
    if not ahead:
        return None
    if _depends_on_what_is_late(replay):
        return _by_going_on(replay, book, known_on)
    if not replay.running:
        return _as_planned(ahead)
    found = _as_it_accrues(replay, ahead)
    return _by_going_on(replay, book, known_on) if _is_made_anew(replay, found) else found


def _owed_of(debts: Debts, due: date) -> int:
    """What is owed of all that fell due on a day: an installment and a down payment, or what was called that day."""
    return sum(sum(debts.claims(item)) for item in debts.live() if item.due == due)


def _depends_on_what_is_late(replay: Replay) -> bool:
    """Whether nights to come decide what falls due: principal bears the late rate instead of the contract rate of a daily
    loan, for a while; caps cut what falls due, or allow it again.
    """
    late = replay.late
    if late is None:
        return False
    if late.book is not None and (late.book.covers_agreed or replay.charges):
        return True
    if replay.running is None or replay.debts.lines.late_rate is None:
        return False
    return any(item.held or item.owed[PRINCIPAL] for item in replay.debts.live())


def _is_made_anew(replay: Replay, found: tuple[date, int] | None) -> bool:
    """Whether something that was agreed from the beginning, another rate or a pay-out, has the rows ahead solved on what is really
    outstanding before they fall due.
    """
    is_agreed = bool(replay.agreed.tranches) or replay.agreed.rate_path is not None
    return is_agreed and replay.agenda.has_agreed_by(found[0] if found else None)


def _by_going_on(replay: Replay, book: Sequence[Booked], known_on: date | None) -> tuple[date, int] | None:
    """The account lives through the days to come, without the money that it holds."""
    happened = [entry for entry in booked_in_force(book, known_on) if entry.on <= replay.today]
    later = Replay(replay.agreed, happened)
    later.run_to(replay.today)
    later.held = []
    while later.debts.has_ahead:
        due = later.debts.items[later.debts.due_count].due
        later.run_to(due)
        if amount := _owed_of(later.debts, due):
            return due, amount
    return None


def _as_planned(ahead: Iterable[Owed]) -> tuple[date, int] | None:
    for due, items in groupby(ahead, key=attrgetter("due")):
        amount = sum(
            item.fee + item.interest + item.principal - sum(map(item.settled, AGREED)) + sum(item.charged)
            for item in items
        )
        if amount:
            return due, amount
    return None


def _as_it_accrues(replay: Replay, ahead: Iterable[Owed]) -> tuple[date, int] | None:
    """On a daily loan of which no principal is late."""
    running, undue, bearing = copy(replay.running), replay.undue, replay.bearing()
    assert running is not None
    running.rebase(replay.today, bearing)
    at_rest = running.at_rest
    for item in ahead:
        accrued = running.accrued(item.due)
        joins = running.joins(item.due) if item.capitalized else 0
        interest, principal = (0, 0) if item.capitalized else running.split(item, undue, accrued)
        amount = interest + principal + item.fee - item.settled(FEE) + sum(item.charged)
        if amount:
            return item.due, amount
        running.close(item.due, interest + joins, accrued)
        undue, bearing = undue + joins, bearing + joins - at_rest
        at_rest = 0
        running.rebase(item.due, bearing)
    return None
