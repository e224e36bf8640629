"""The installments ahead, as other terms make them: they take over the figures and the dates of new rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loancalc.plan.loan import Loan
from loancalc.servicing.agenda import late_tasks, tasks_of_plan
from loancalc.servicing.charging import merge_later
from loancalc.servicing.daily_rows import with_rows_on_what_is_owed
from loancalc.servicing.other_terms import terms_with, with_rows
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def use(
    replay: Replay, loan: Loan, stays: int | None = None, *, same_parts: bool = False, is_solved: bool = False
) -> None:
    """From today the rows ahead are those of `loan`, whose rows that fell due are the same as before; or, after the
    installments that stay as they are, those of a plan that continues theirs. With `same_parts` only interest changes; where
    it `is_solved`, no payment stays, whatever a change of the rate on the same day has kept.
    """
    debts, due = replay.debts, max(replay.debts.due_count, replay.before)
    if replay.running:
        _count_toward_no_later_one(debts.items[debts.due_count + 1 :])
        loan = with_rows_on_what_is_owed(replay, loan, stays, same_parts=same_parts, is_solved=is_solved)
    if stays is not None:
        due = debts.lines.before = replay.before = stays
    if loan.continues is not None and loan.continues.first is not None:
        loan = _as_long_as_needed(loan)
    replay.loan = loan
    debts.agree(loan)
    columns, charges = loan.columns, loan.schedule().charges.each
    rows = list(zip(loan.dates[1:], columns.principal, columns.interest, charges, strict=False))[due - replay.before :]
    known = debts.items[due:]
    if len(rows) < len(known):
        merge_later(replay, debts.items[due + len(rows) - 1])
    for place, (day, principal, interest, fee) in enumerate(rows):
        if place < len(known):
            item = known[place]
            item.due, item.fee = day, fee + item.prepaid[FEE]
            item.plan(principal, interest)
            item.principal += item.prepaid[PRINCIPAL]
            item.interest += item.prepaid[INTEREST]
        else:
            item = Owed(due + place + 1, day, principal, interest, fee)
            debts.items.append(item)
        debts.time(item)
    replay.planned = max(replay.planned, len(debts.items))
    if replay.running:
        replay.running.follow(loan, replay.today, stays)
    ahead = debts.items[debts.due_count :]  # what is done for them follows their new dates
    replay.agenda.after(debts.due_count, [*tasks_of_plan(ahead), *late_tasks(replay, ahead)])


def _count_toward_no_later_one(later: Sequence[Owed]) -> None:
    """Early money of a daily loan that covered installments beyond the running one has repaid principal: a new plan is solved
    on what is left, and none of its payments is paid already.
    """
    for item in later:
        known = {component: item.settled(component) for component in (INTEREST, PRINCIPAL)}
        if any(known.values()):
            item.settled_on = None
            for component, settled in known.items():
                item.add("prepaid", component, settled - item.prepaid[component])


def _as_long_as_needed(loan: Loan) -> Loan:
    """The terms with no more installments than their plan has."""
    columns = loan.columns
    return with_rows(terms_with(loan, installments=len(columns.principal)), loan.timeline, columns)
