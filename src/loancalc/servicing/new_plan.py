"""A new plan that continues the one that runs: what it is made of, and how it takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from loancalc.errors import InvalidEvent, LoanError
from loancalc.plan import planned_interest
from loancalc.plan.loan import Loan
from loancalc.plan.methods import Method
from loancalc.plan.terms import combined, first_due
from loancalc.plan.tranches import Tranche
from loancalc.servicing.brought import brought_along
from loancalc.servicing.going_back import spread_what_went_back
from loancalc.servicing.kept_parts import level_ahead
from loancalc.servicing.other_terms import count_over, going_on
from loancalc.servicing.overdue import INTEREST, PRINCIPAL
from loancalc.servicing.plan_so_far import continued, moved_before, paid_until, unpaid_tranches
from loancalc.servicing.recovery_events import Deferral, Extension, Modification
from loancalc.servicing.rows_ahead import use
from loancalc.servicing.treating_overdue import Moved, ask_of_the_first, treat_overdue
from loancalc.values.money import to_decimal

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a new plan is made of.

    Attributes:
        stays: Installments that stay as they are.
        count: How many follow, whose dates go on as they were, or with `first_due` begin anew.
        first_due: The first of dates that begin anew.
        terms: Terms of the loan that change.
        starts_over: Whether its method counts its rows from the first one, as if nothing was repaid before.
        keeps_payment: Whether the payment stays as it was.
        first: How its rows are made until terms change, where its principal parts stay.
        shift: By how many rows everything planned comes later.
        put_off: How many rows wait that would have repaid: they keep their place among the steps of a method, as those of an
            agreed moratorium do not.
        is_cut: Whether the nights before today are priced by the plan before, since the new one would price them otherwise.
    """

    stays: int
    count: int
    first_due: date | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    starts_over: bool = False
    keeps_payment: bool = False
    first: Method | None = None
    shift: int = 0
    put_off: int = 0
    is_cut: bool = False


def is_paid_at_once(loan: Loan) -> bool:
    """Whether all is repaid at the end, with one installment."""
    return loan.repayment.name == "lump_sum"


def go_on_with(replay: Replay, event: Modification, new: NewPlan) -> None:
    """From today a new plan continues the one that runs."""
    loan, stays, row, starts = replay.loan, new.stays, new.stays - replay.before, _starts(replay, event, new)
    again = spread_what_went_back(replay, replay.debts.items[stays:])
    _end_interest_after_the_end(replay)
    until, falling = paid_until(replay, row), _falling_due(replay, stays)
    moved = Moved() if isinstance(event, Deferral | Extension) else treat_overdue(replay, event)
    at_once = replay.running is not None or starts == replay.today
    later, inside = unpaid_tranches(replay), list[Tranche]()
    if replay.running is None and (until or not at_once):
        bears = moved.joined - _borne(loan, moved) + (0 if until else again)  # what went back was paid for as well
        inside = _inside(replay, starts, bears, loan.tranches[: len(loan.tranches) - len(later)], until)
    accrued, brought = brought_along(replay, stays, at_once=starts == replay.today)
    principal = replay.undue + moved.joined - falling - sum(out.minor(loan.digits) for out in inside)
    if principal <= 0:
        raise InvalidEvent(f"{event!r}: no principal is left to be repaid by a new plan")
    original = principal if new.starts_over else _original(replay, row, moved, None if at_once else inside)
    so_far = continued(replay, row, original)
    terms = {"end": None, "moratorium": None, "first_due": new.first_due, "first_period": "level"} | new.terms
    terms |= {
        "start": starts,
        "installments": new.count if new.first_due else count_over(loan, new.count),
        "tranches": (*inside, *later),
        "continues": replace(
            so_far,
            before=loan if new.first_due is None else None,
            rows=0 if new.starts_over else so_far.rows - new.shift,
            waited=0 if new.starts_over else so_far.waited - new.put_off,
            accrued=accrued,
            brought=(*brought, *moved.interest),
            moved=_moved_before(replay, row, starts, again + moved.joined, at_once=at_once),
            payment=_kept_payment(loan, row) if new.keeps_payment else None,
            first=new.first,
            begins=_begins(replay, new, starts, row),
        ),
    }
    other = going_on(loan, principal, **terms)
    _check(event, other, new)
    _take_its_place(replay, event, other, stays, moved)


def _check(event: Modification, other: Loan, new: NewPlan) -> None:
    """Refuse terms that do not go together, or have no room for so many installments."""
    combined(other)
    fits = len(other.time_over(other.installments).bounds) - 1 == new.count
    if is_paid_at_once(other) and not (fits and new.count == 1):
        how = f"got {new.count} installments with method 'lump_sum'"
        raise InvalidEvent(f"{event!r}: {how}; expected 1, and first_due where it is not the next due date")
    if not fits:
        raise InvalidEvent(
            f"{event!r}: the dates of the loan are laid out and end with it; expected first_due for new ones"
        )


def _take_its_place(replay: Replay, event: Modification, other: Loan, stays: int, moved: Moved) -> None:
    """The rows ahead are those of the new plan, and ask for what is brought to it."""
    items = replay.debts.items
    replay.owe_more(moved.joined)
    replay.capitalized += moved.capitalized
    if other.start == replay.today and replay.running is None and stays < len(items):
        # what was settled of the nights before today is not settled of the new plan again
        items[stays].prepaid = tuple(items[stays].settled_so_far())
    use(replay, other, stays)
    if replay.running:
        replay.running.bring(sum(part.amount for part in moved.interest), after_today=stays > replay.debts.due_count)
    ask_of_the_first(replay, event, items[stays], moved)


def _starts(replay: Replay, event: Modification, new: NewPlan) -> date:
    """The day from which the new plan bears interest: with the running period, or from today.

    Raises:
        InvalidEvent: If it has no dates.
    """
    loan, today = replay.loan, replay.today
    if new.first_due is None:
        if new.stays == len(replay.debts.items):
            raise InvalidEvent(
                f"{event!r}: every installment is due on {event.on}; expected first_due for the new ones"
            )
        begins = loan.timeline.accrual[new.stays - replay.before]
        return max(begins, today) if new.is_cut and replay.running is None else begins
    if loan.repayment.in_advance:
        raise InvalidEvent(
            f"{event!r}: got first_due with method {loan.repayment.name!r}; expected the dates as they are"
        )
    try:
        first_due(new.first_due, today, loan.month_end)
    except LoanError as error:
        raise InvalidEvent(f"{event!r}: {error}") from None
    return today


def _begins(replay: Replay, new: NewPlan, starts: date, row: int) -> date | None:
    """The first day that bears interest by the new plan, where that is not the first of its first period: today, where the plan before
    prices the nights until then; and where dates begin anew, the day up to which a prepayment has paid.
    """
    if new.first_due is None:
        return starts if new.is_cut and starts == replay.today and not replay.running else None
    return paid_until(replay, row)


def _end_interest_after_the_end(replay: Replay) -> None:
    """What is unpaid of a daily loan after its last due date bears interest in the new plan from now on."""
    debts = replay.debts
    if replay.running and debts.due_count == len(debts.items):
        debts.lines.rebase(debts.items[-1], INTEREST, 0, replay.today)


def _borne(loan: Loan, moved: Moved) -> int:
    """What joins the principal and bore flat interest all along: that is taken of what was lent, repaid or not."""
    return moved.of_this_plan if loan.repayment.on_original else 0


def _original(replay: Replay, row: int, moved: Moved, inside: Sequence[Tranche] | None) -> int:
    """What flat interest is taken of by a plan that goes on: what it was, with what joins it where the plan begins at once (`inside`
    is None).
    """
    was = planned_interest.original_by(replay.loan, row)
    if inside is None:
        return was + moved.joined - moved.of_this_plan
    return was - sum(out.minor(replay.loan.digits) for out in inside if out.on < replay.today)


def _kept_payment(loan: Loan, row: int) -> int | None:
    """The payment that a plan shows from a row on, where it has one that could be solved otherwise."""
    stated = loan.payment not in ("level", "nominal")
    return level_ahead(loan, row) if stated or loan.repayment.is_solved else None


def _inside(
    replay: Replay, starts: date, joined: int, paid_out: Sequence[Tranche], until: date | None
) -> list[Tranche]:
    """What bears interest for a part of the running period only: tranches paid out in it, less their down payments, and what
    joins the principal today; `until` a later day interest is paid on the rest.
    """
    loan, found = replay.loan, list[Tranche]()
    for tranche in paid_out:
        if tranche.on > starts or (until and tranche.on < until):
            on = max(tranche.on, replay.today) if starts == replay.today else tranche.on
            found.append(Tranche(on, to_decimal(tranche.net(loan.digits, loan.rounding), loan.digits)))
    return [*found, Tranche(replay.today, to_decimal(joined, loan.digits))] if joined else found


def _moved_before(
    replay: Replay, row: int, starts: date, joined: int, *, at_once: bool
) -> tuple[tuple[date, int], ...]:
    """What changed the outstanding principal before the new plan: all of it, where that begins `at_once`; else what is not
    paid out inside its first period.
    """
    return tuple((day, amount) for day, amount in moved_before(replay, row, joined) if at_once or day <= starts)


def _falling_due(replay: Replay, stays: int) -> int:
    """Principal of an installment that falls due later today, as it was planned."""
    items = replay.debts.items
    if stays == replay.debts.due_count:
        return 0
    item = items[stays - 1]
    if replay.running:
        return replay.running.settle_what_falls_due(item, replay.undue)
    return item.principal - item.settled(PRINCIPAL) - item.capitalized
