"""Money that repays principal before it is due, and what becomes of the plan: lower payments, a shorter term, or the last
installments covered first.

It ranks after what is past due and due: interest of the running period by the rule that was agreed, the fee, principal.
Interest that was put off to later installments stays put off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent, InvalidTerms, NoSolution
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.loan import Loan
from loancalc.plan.methods import Method, Plain, find_method
from loancalc.plan.prepayment import BY_NIGHTS, EFFECTS, interest_rule, prepayment_fee, principal_prepaid
from loancalc.plan.recurrence import walk
from loancalc.plan.waiting import Brought
from loancalc.servicing import early_settlement
from loancalc.servicing.brought import put_off
from loancalc.servicing.early_money import count_early, count_in_turn, note_covered, uncovered
from loancalc.servicing.endings import end_plan, look_at_caps
from loancalc.servicing.events import Payment
from loancalc.servicing.going_back import spread_what_went_back
from loancalc.servicing.kept_parts import has_stated_parts, rows_done, with_its_parts
from loancalc.servicing.other_terms import count_over, going_on, still_waiting, terms_with
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.plan_so_far import continued, moved_before, rows_left, unpaid_tranches
from loancalc.servicing.record import Receipt
from loancalc.servicing.replanning import refuse_down_payments_ahead
from loancalc.servicing.rows_ahead import use

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def effects_of(loan: Loan) -> tuple[str, ...]:
    """What a part of the principal that is prepaid can do to the plan of a loan.

    Flat interest and the Rule of 78 do not follow the principal, and interest that is owed for later periods whatever
    happens leaves nothing to be solved: there, money can only cover the next installments. What repays at the end only has
    no payment that could stay; what states its payments has none that could be lower.
    """
    name = loan.repayment.name
    if interest_rule(loan) not in BY_NIGHTS or (loan.repayment.on_original and name != "lump_sum"):
        return ("keep",)
    if name in ("interest_only", "lump_sum"):
        return ("keep", "lower")
    if name in ("given_payments", "given_principal") or _clears_at_the_end(loan):
        return ("keep", "shorten", "last")
    return EFFECTS.names


def _clears_at_the_end(loan: Loan) -> bool:
    """Whether a stated payment leaves more to the last installment: no lower one would repay by the same dates."""
    columns = loan.columns
    return not isinstance(loan.payment, str) and columns.total(-1) > (columns.level or 0)


def repays_principal(replay: Replay, event: Payment) -> bool:
    """Whether what is over of a payment is to repay principal today: not where it waits for the next installments, or covers
    installments whose interest stands.
    """
    if event.effect == "keep":
        return replay.running is not None and replay.loan.early == "apply"
    return event.effect is not None


def prepay(replay: Replay, event: Payment, receipt: Receipt, money: int) -> int:
    """What a payment leaves after past due and due repays principal early; returns what does not reach principal.

    What is to cover the next installments does so on the days on which they fall due, where early money is held.
    """
    if not repays_principal(replay, event) or not replay.undue or replay.is_ended or replay.accrues_no_more:
        return money
    _check(replay, event)
    with uncovered(replay):
        return _repay(replay, event, receipt, money)


def _repay(replay: Replay, event: Payment, receipt: Receipt, money: int) -> int:
    """Interest, the fee and principal are paid, and count toward the plan, or a new one follows; returns what does not reach principal."""
    waits = put_off(replay, replay.debts.due_count - replay.before)
    made = _divided(replay, money, waits)
    if made[PRINCIPAL] <= 0:
        return money
    item, until = replay.debts.items[replay.debts.due_count], _paid_until(replay)
    if replay.running and until is not None:
        held = {late.number: late.owed[PRINCIPAL] for late in replay.debts.live() if late.held}
        replay.running.bear_until(until, early_settlement.bearing_from_tonight(replay), replay.today, held)
    receipt.has_prepaid = True
    item.fee += made[FEE]
    if replay.running and event.effect == "keep":
        _count_toward_the_plan(replay, item, made, receipt)
    else:
        again = _repay_for_good(replay, item, made, receipt)
        if replay.undue:
            _plan_anew(replay, event, made[PRINCIPAL] - again, until, waits)
        else:
            end_plan(replay)
    look_at_caps(replay)
    return money - sum(made.values())


def _divided(replay: Replay, money: int, waits: Sequence[Brought]) -> dict[int, int]:
    """What money pays of the interest, of the fee and of principal: of that 0 or less where it does not reach it."""
    loan, outstanding, accrued = replay.loan, replay.undue, replay.accrued_interest()
    asked = early_settlement.payoff_interest(replay, accrued)
    interest, most = asked - _still_waiting(replay, waits), early_settlement.fee_room(replay, asked - accrued)
    principal = principal_prepaid(loan, money - interest, outstanding, most)
    fee = 0 if principal <= 0 else prepayment_fee(loan, principal, outstanding, most)
    return {INTEREST: interest, FEE: min(fee, money - interest - principal), PRINCIPAL: principal}


def _repay_for_good(replay: Replay, item: Owed, made: dict[int, int], receipt: Receipt) -> int:
    """What was paid counts toward no installment.

    Returns:
        The principal that went back before, on which interest has not run yet since.
    """
    again = spread_what_went_back(replay, [item])
    replay.undue -= made[PRINCIPAL]
    if not replay.running:
        item.prepaid = tuple(item.settled_so_far())
    for component, amount in made.items():
        replay.record(item, component, amount, receipt.parts)
        item.add("prepaid", component, amount)
    if replay.running:
        replay.running.prepay(made[INTEREST], replay.today)
    return again


def _still_waiting(replay: Replay, waits: Sequence[Brought]) -> int:
    """What of the interest that was put off to be asked for later is unpaid, in minor units: what came early paid the oldest first."""
    item = replay.debts.items[replay.debts.due_count]
    planned = sum(part.amount for part in waits)
    left = planned - item.settled(INTEREST) + item.prepaid[INTEREST]
    if replay.running:
        left = replay.running.carried - replay.running.paid
    return min(planned, max(0, left))  # what went back of a prepayment is interest to date


def _count_toward_the_plan(replay: Replay, item: Owed, made: dict[int, int], receipt: Receipt) -> None:
    """On a daily loan the plan stays: interest and principal count toward its installments, the fee toward nothing."""
    parts, ahead = receipt.parts, replay.debts.items[replay.debts.due_count :]
    count_early(replay, item, made[INTEREST], 0, parts)
    replay.record(item, FEE, made[FEE], parts)
    item.add("prepaid", FEE, made[FEE])
    if replay.debts.waterfall().names_installments:
        count_in_turn(replay, ahead, made[PRINCIPAL], [PRINCIPAL], parts)
    else:
        count_early(replay, item, 0, made[PRINCIPAL], parts)
    if replay.undue:
        note_covered(replay, ahead)
    else:
        end_plan(replay)


def _check(replay: Replay, event: Payment) -> None:
    """Refuse an effect that the loan cannot give.

    Raises:
        InvalidEvent: If the method has no such plan, or a down payment is still to come.
    """
    loan = replay.loan
    accepted = effects_of(loan)
    if event.effect not in accepted:
        why = f"method {loan.repayment.name!r} and interest {interest_rule(loan)!r}"
        raise InvalidEvent(f"{event!r}: got effect {event.effect!r} with {why}; accepted: {', '.join(accepted)}")
    refuse_down_payments_ahead(replay, event)


def _paid_until(replay: Replay) -> date | None:
    """The day up to which interest is paid, where that is the end of the running period."""
    if interest_rule(replay.loan) != "whole-period" or not early_settlement.has_begun(replay):
        return None
    return max(replay.today, replay.loan.timeline.accrual[replay.debts.due_count - replay.before + 1])


def _plan_anew(replay: Replay, event: Payment, less: int, until: date | None, waits: tuple[Brought, ...]) -> None:
    """From today a new plan continues the one that runs, on what is outstanding after the principal that is prepaid, and over
    its due dates; it is so much `less` than the plan before was made of.
    """
    loan, stays = replay.loan, replay.debts.due_count
    row, balance = stays - replay.before, replay.undue
    if replay.running:  # what came early counts toward the installment
        item = replay.debts.items[stays]
        balance += item.settled(PRINCIPAL) - item.prepaid[PRINCIPAL]
    other = going_on(
        loan,
        balance,
        end=loan.end if loan.repayment.name == "lump_sum" else None,
        moratorium=still_waiting(replay, stays),
        start=loan.timeline.accrual[row] if replay.running else replay.today,
        installments=count_over(loan, rows_left(replay, stays)),
        tranches=unpaid_tranches(replay),
        repayment=find_method(loan.method),
        continues=replace(
            continued(replay, row, balance),
            brought=waits,
            begins=None if replay.running else until or replay.today,
            moved=moved_before(replay, row, -less),
            first=_method(_as_known(loan, event.on), row, event.effect or ""),
        ),
    )
    try:
        use(replay, _as_short(other) if other.continues and other.continues.first else other, stays)
    except (InvalidTerms, NoSolution) as error:
        raise InvalidEvent(f"{event!r}: {error}") from error


# What is left of the plan


def _as_known(loan: Loan, day: date) -> Loan:
    """The terms by which a plan shows what stays of it on a day: what was agreed to change later is not in force yet."""
    path, tranches = loan.rate_path, tuple(out for out in loan.tranches if out.on <= day)
    known = path.known_on(day) if path is not None and path.keep != "level" else path
    return loan if known == path and tranches == loan.tranches else terms_with(loan, rate_path=known, tranches=tranches)


def _as_short(loan: Loan) -> Loan:
    """The terms over the due dates that the payments, or the principal parts, need that stay as they are. What is agreed to change
    later, rates and what is paid out, is solved over those, unless more is paid out after them.
    """
    path = loan.rate_path
    known = path.known_on(loan.start) if path is not None and path.keep != "level" else path
    count = len(terms_with(loan, rate_path=known, tranches=()).columns.principal)
    shorter = terms_with(loan, installments=count)
    return loan if any(out.on >= shorter.time_over(count).dates[-1] for out in loan.tranches) else shorter


def _method(loan: Loan, row: int, effect: str) -> Method | None:
    """How the rest of a plan is made, from a row on: solved again (None), or of the payments or the principal parts that
    it has.
    """
    if effect == "lower":
        return None
    columns, solved, done = loan.columns, find_method(loan.method), rows_done(loan, row)
    if effect == "last" or has_stated_parts(solved):
        return with_its_parts(loan, row)
    payments = [columns.payment(index) for index in range(row, len(columns.principal))]
    return Plain(solved.name, partial(_same_payments, done, payments, columns.level), is_solved=True)


def _same_payments(done: int, known: Sequence[int], level: int | None, problem: Problem) -> Columns:
    """The payments `known` after so many rows stay until nothing is left; the last one clears, and the `level` one is still
    what a change may keep.
    """
    left = known[problem.done - done :][: len(problem) - 1]
    regular = left[-1] if left else 0
    payments: list[int | None] = [*left, *[regular] * (len(problem) - 1 - len(left)), None]
    return walk(problem, payments)._replace(level=level)
