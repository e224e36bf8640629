"""A new plan for what is not yet due: the terms change on a day, and the rows ahead follow from the changed terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING

from loancalc.agreed_plan import problem_of, rest_of
from loancalc.errors import InvalidEvent
from loancalc.events import BECOMES_DUE
from loancalc.loan import Loan
from loancalc.overdue import PRINCIPAL
from loancalc.owed import Owed
from loancalc.plan_events import Draw, InterestPause, RateChange
from loancalc.rate_path import RatePath
from loancalc.tranches import Tranche, read_tranches

if TYPE_CHECKING:
    from loancalc.replay import Replay


def change_rate(replay: Replay, event: RateChange | InterestPause) -> None:
    """The contract rate changes, or rests: the rows ahead are solved again as the event says."""
    _refuse_after_the_end(replay, event)
    loan = replay.loan
    path = loan.rate_path or RatePath(loan.rate)
    if isinstance(event, RateChange):
        if (event.rate.per == "day") is not (loan.rate.per == "day"):
            raise InvalidEvent(f"{event!r}: got {event.rate} after {loan.rate}; expected a rate of the same kind")
        path = path.changed(event.on, event.rate, event.keep)
    else:
        path = path.paused(event.on, event.until, event.keep)
    use(replay, _changed(loan, path, loan.tranches))


def draw(replay: Replay, event: Draw) -> None:
    """More principal is paid out, and the rows ahead are solved again."""
    _refuse_after_the_end(replay, event)
    amount = replay.minor[event.id]
    replay.undue += amount
    replay.advanced += amount
    loan = replay.loan
    more = [] if replay.running else [Tranche(event.on, event.amount)]
    use(replay, _changed(loan, loan.rate_path, [*loan.tranches, *more]))


def _changed(loan: Loan, path: RatePath | None, tranches: Sequence[Tranche]) -> Loan:
    """The same terms with other rates and pay-outs; nothing that was computed from them is taken over."""
    other: Loan = object.__new__(Loan)
    for term in fields(Loan):
        object.__setattr__(other, term.name, getattr(loan, term.name))
    object.__setattr__(other, "rate_path", path)
    object.__setattr__(other, "tranches", read_tranches(tranches, loan.start, loan.digits))
    return other


def _refuse_after_the_end(replay: Replay, event: RateChange | InterestPause | Draw) -> None:
    due = replay.debts.due_count
    if replay.is_ended or due == len(replay.debts.items):
        raise InvalidEvent(f"{event!r}: got a day after the last installment fell due, or the loan ended")
    ahead = replay.debts.items[due:]
    if not replay.running and any(any(item.paid) for item in ahead):
        number = next(item.number for item in ahead if any(item.paid))
        raise InvalidEvent(f"{event!r}: installment {number} is paid ahead; expected a plan of which nothing is")


def use(replay: Replay, loan: Loan) -> None:
    """From today the rows ahead are those of `loan`, whose rows that fell due are the same as before."""
    debts, due = replay.debts, replay.debts.due_count
    if replay.running:
        _rest_on_what_is_owed(replay, loan)
    replay.loan = loan
    debts.agree(loan)
    columns, charges = loan.columns, loan.schedule().charges.each
    rows = list(zip(loan.dates[1:], columns.principal, columns.interest, charges, strict=False))[due:]
    known = debts.items[due:]
    del debts.items[due + len(rows) :]
    for place, (day, principal, interest, fee) in enumerate(rows):
        if place < len(known):
            item = known[place]
            item.due, item.fee = day, fee
            item.plan(principal, interest)
        else:
            item = Owed(due + place + 1, day, principal, interest, fee)
            debts.items.append(item)
        debts.time(item)
    if replay.running:
        replay.running.follow(loan)
    _plan_again(replay)


def _rest_on_what_is_owed(replay: Replay, loan: Loan) -> None:
    """On a daily loan the payments are solved on what was really outstanding when the running period began, over the
    interest that will be due; what came early in the period counts toward its installment, as before.
    """
    running, due, items = replay.running, replay.debts.due_count, replay.debts.items
    assert running is not None
    time, old, item = loan.timeline, replay.loan.columns, items[due]
    carried = running.exact(replay.today) + running.carried
    balance, bearing = replay.undue + item.settled(PRINCIPAL), replay.undue
    if item.due == replay.today:  # it falls due later today, as it was planned
        interest, principal = running.split(item, replay.undue, running.accrued(item.due))
        due, carried = due + 1, Fraction(running.accrued(item.due) - interest)
        balance = bearing = replay.undue - principal
    if not balance or due == len(items):
        loan.__dict__["columns"] = old
        return
    rest = Fraction(*time.part(due + 1, replay.today, time.accrual[due + 1])) * bearing
    first = (carried + rest) / balance
    keeps = old.level if loan.keeps == "payment" else None
    rows = rest_of(problem_of(loan, time), loan, time, due, balance, first, keeps)
    loan.__dict__["columns"] = old.first(due).then(rows)


def _plan_again(replay: Replay) -> None:
    """The tasks of the installments ahead follow their new dates."""
    due = replay.debts.due_count
    others = [task for task in replay.tasks_ahead() if task[3] is None or task[3].number <= due]
    items = [(item.number - 1, item) for item in replay.debts.items[due:]]
    tasks = [*others, *((item.due, BECOMES_DUE, n, item, None) for n, item in items), *replay.late_tasks(items)]
    replay.set_tasks(sorted(tasks, key=itemgetter(0, 1, 2)))
