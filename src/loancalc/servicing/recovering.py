"""Ways to recover, at work: what is overdue is treated as agreed, and a new plan continues the one that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from loancalc.errors import InvalidEvent, LoanError
from loancalc.plan import planned_interest
from loancalc.plan.continuing import Continued
from loancalc.plan.loan import Loan
from loancalc.plan.methods import Method, find_method
from loancalc.plan.terms import combined, first_due, moratorium
from loancalc.plan.tranches import Tranche
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.brought import brought_along
from loancalc.servicing.early_money import spread_what_went_back
from loancalc.servicing.kept_parts import keeps_parts, level_ahead, rows_done, rows_waited, with_its_parts
from loancalc.servicing.overdue import INTEREST, PRINCIPAL
from loancalc.servicing.plan_so_far import charged_until, moved_before, paid_until, unpaid_tranches
from loancalc.servicing.recovery_events import Deferral, Extension, Reaging, Reamortization, Restructuring
from loancalc.servicing.replanning import (
    count_over,
    going_on,
    refuse_down_payments_ahead,
    still_waiting,
    terms_with,
    use,
)
from loancalc.servicing.treating_overdue import Moved, ask_of_the_first, treat_overdue
from loancalc.time.rate_path import RatePath
from loancalc.values.money import to_decimal

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay

Recovery = Deferral | Extension | Reamortization | Reaging | Restructuring

_MORATORIUM = {"next": "carried", "spread": "spread", "last": "last", "capitalize": "capitalized", "waive": "forgiven"}


@dataclass(frozen=True, slots=True)
class _New:
    """What a new plan is made of.

    `count` installments, whose dates go on as they were, or with `first_due` begin anew; `terms` of the loan that
    change; `keeps_payment` where the payment stays as it was, `first` how its rows are made until terms change where its
    principal parts do; `shift` by how many rows everything planned comes later, `put_off` how many wait that
    would have repaid: they keep their place among the steps of a method, as those of an agreed moratorium do not;
    `is_cut` where the nights before today are priced by the plan before, since the new one would price them otherwise.
    """

    count: int
    first_due: date | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    keeps_payment: bool = False
    first: Method | None = None
    shift: int = 0
    put_off: int = 0
    is_cut: bool = False


def recover(replay: Replay, event: Recovery) -> None:
    """Do what was agreed, on the day that the replay has reached."""
    stays = _stays(replay)
    left = len(replay.debts.items) - stays
    if replay.is_ended:
        raise InvalidEvent(f"{event!r}: got a day after the loan ended")
    if not left and isinstance(event, Deferral | Extension):
        raise InvalidEvent(f"{event!r}: the last installment is due by then; expected an earlier day")
    if replay.accrues_no_more:
        raise InvalidEvent(f"{event!r}: no interest accrues since the charge-off; expected a plan before it")
    if replay.loan.repayment.name == "rule_of_78" and not isinstance(event, Reaging | Restructuring):
        raise InvalidEvent(
            f"{event!r}: got it with method 'rule_of_78', whose charge is that of its term; expected a Restructuring"
        )
    refuse_down_payments_ahead(replay, event)
    match event:
        case Deferral():
            _continue(replay, event, stays, _deferred(replay, event, left))
        case Extension():
            _extend(replay, event, stays, left)
        case Reamortization():
            _continue(replay, event, stays, _New(left, terms={"moratorium": still_waiting(replay, stays)}))
        case Reaging():
            terms = _bearing_again(replay) | ({} if event.every is None else {"every": event.every})
            _continue(replay, event, stays, _New(event.installments, event.first_due, terms))
        case Restructuring():
            _continue(replay, event, stays, _restructured(replay, event))
        case _:
            assert_never(event)


def _stays(replay: Replay) -> int:
    """How many installments stay as they are: those that fell due, or will today."""
    due, items = replay.debts.due_count, replay.debts.items
    return due + (due < len(items) and items[due].due == replay.today)


# Each event


def _deferred(replay: Replay, event: Deferral, left: int) -> _New:
    loan = replay.loan
    if _is_paid_at_once(loan):
        raise InvalidEvent(f"{event!r}: the loan is paid at once; expected an Extension with its new end")
    if replay.running and event.interest in ("spread", "last"):
        raise InvalidEvent(
            f"{event!r}: got interest={event.interest!r} on a loan with daily accrual, whose payments settle interest first; "
            "expected 'next', 'capitalize' or 'waive'"
        )
    longer, waiting = event.term == "longer", still_waiting(replay, _stays(replay))
    row, keeps = _stays(replay) - replay.before, longer and event.interest != "capitalize"
    alone = waiting.installments if waiting and waiting.interest == "paid" else 0
    put_off, waiting = event.installments - alone, None if alone else waiting
    if put_off < 0:
        how = f"got {event.installments} installments while the next {alone} ask for interest alone"
        raise InvalidEvent(f"{event!r}: {how}; expected {alone} or more")
    count = event.installments + (waiting.installments if waiting else 0)
    if not longer and count >= left:
        raise InvalidEvent(f"{event!r}: got {event.installments} installments; expected fewer than the {left} left")
    kind = "carried" if replay.running and event.interest == "waive" else _MORATORIUM[event.interest]
    if waiting is not None and waiting.interest != kind:
        raise InvalidEvent(
            f"{event!r}: got interest={event.interest!r} while the interest of installments that wait is "
            f"{waiting.interest}; expected the same for all"
        )
    terms: dict[str, Any] = {"moratorium": Moratorium(count, kind)}
    if replay.running and event.interest == "waive":
        terms["rate_path"] = _without_interest(replay, event, count)
    return _New(
        left + (put_off if longer else 0),
        terms=terms,
        keeps_payment=keeps,
        first=with_its_parts(loan, row) if keeps and keeps_parts(loan) else None,
        shift=put_off if longer else 0,
        put_off=put_off,
        is_cut=kind == "forgiven" and waiting is None,
    )


def _without_interest(replay: Replay, event: Deferral, count: int) -> RatePath:
    """On a daily loan the nights from the agreement to the last due date that is put off bear no interest."""
    loan, row = replay.loan, _stays(replay) - replay.before + count
    until = loan.time_over(max(row, loan.installments)).accrual[row]
    path = loan.rate_path or RatePath(loan.rate)
    return path.paused(event.on, until, _kept_by(path))


def _extend(replay: Replay, event: Extension, stays: int, left: int) -> None:
    loan = replay.loan
    changes = _with_rate(replay, event, event.rate)
    changes["moratorium"] = still_waiting(replay, stays)
    if not _is_paid_at_once(loan):
        if event.installments is None:
            raise InvalidEvent(f"{event!r}: got an end; expected how many installments are added")
        _continue(replay, event, stays, _New(left + event.installments, terms=changes))
        return
    last = loan.dates[-1]
    if event.end is None or event.end <= last:
        raise InvalidEvent(f"{event!r}: got end={event.end}; expected a day after the maturity, {last}")
    use(replay, terms_with(loan, end=event.end, first_due=None, **changes))


def _restructured(replay: Replay, event: Restructuring) -> _New:
    loan, terms = replay.loan, _bearing_again(replay)
    terms |= _with_rate(replay, event, event.rate, terms.get("rate_path"))
    if event.every is not None:
        terms["every"] = event.every
    if event.method is not None:
        terms |= {"method": event.method, "repayment": find_method(event.method)}
        if terms["repayment"].in_advance:
            raise InvalidEvent(f"{event!r}: got a method in advance; expected one whose first installment is due later")
        path = terms.get("rate_path", loan.rate_path)
        if path is not None and "payment" in path.keeps and terms["repayment"].name != "annuity":
            terms["rate_path"] = path.keeping("term")
    waiting = None if event.moratorium is None else moratorium(event.moratorium, loan.accrual)
    terms["moratorium"] = waiting
    methods = loan.repayment, terms.get("repayment", loan.repayment)
    priced_anew = any(method.on_original or method.name == "rule_of_78" for method in methods)
    lets_go = any(one and one.interest == "forgiven" for one in (waiting, still_waiting(replay, _stays(replay))))
    return _New(event.installments, event.first_due, terms, is_cut=priced_anew or lets_go)


def _bearing_again(replay: Replay) -> dict[str, Any]:
    """Where a new plan asks for installments whose interest a deferral of a daily loan let go, their nights bear interest again
    from today on, as those of other loans do.
    """
    loan, stays = replay.loan, _stays(replay)
    waiting = still_waiting(replay, stays)
    if replay.running is None or waiting is None or loan.rate_path is None:
        return {}
    row = stays - replay.before
    ends = loan.timeline.accrual[
        row + 1 : row + 1 + waiting.installments
    ]  # one for each deferral that put some of them off
    return {"rate_path": loan.rate_path.resumed(ends, replay.today)}


def _with_rate(
    replay: Replay, event: Extension | Restructuring, rate: Any, known: RatePath | None = None
) -> dict[str, Any]:
    """The path of rates, as it is `known` otherwise, with another from the day of the event on."""
    loan = replay.loan
    if rate is None:
        return {}
    if (rate.per == "day") is not (loan.rate.per == "day"):
        raise InvalidEvent(f"{event!r}: got {rate} after {loan.rate}; expected a rate of the same kind")
    path = known or loan.rate_path or RatePath(loan.rate)
    return {"rate_path": path.changed(event.on, rate, _kept_by(path))}


def _kept_by(path: RatePath) -> str:
    """What a rate that comes with a new plan leaves as it is: its term, or the one payment of all rates."""
    return "level" if "level" in path.keeps else "term"


# What they have in common


def _continue(replay: Replay, event: Recovery, stays: int, new: _New) -> None:
    """From today a new plan continues the one that runs."""
    loan, row, starts = replay.loan, stays - replay.before, _starts(replay, event, stays, new)
    again = spread_what_went_back(replay, replay.debts.items[stays:])
    if replay.running:
        _end_interest_after_the_end(replay)
    until = paid_until(replay, row)
    falling = _falling_due(replay)
    moved = Moved() if isinstance(event, Deferral | Extension) else treat_overdue(replay, event)
    at_once = replay.running is not None or starts == replay.today
    later = unpaid_tranches(replay)
    inside = list[Tranche]()
    if replay.running is None and (until or not at_once):
        bears = moved.joined - _borne(loan, moved) + (0 if until else again)  # what went back was paid for as well
        inside = _inside(replay, starts, bears, loan.tranches[: len(loan.tranches) - len(later)], until)
    accrued, brought = brought_along(replay, stays, at_once=starts == replay.today)
    principal = replay.undue + moved.joined - falling - sum(out.minor(loan.digits) for out in inside)
    if principal <= 0:
        raise InvalidEvent(f"{event!r}: no principal is left to be repaid by a new plan")
    other = going_on(
        loan,
        principal,
        **{
            "end": None, "moratorium": None, "first_due": new.first_due, "first_period": "level", **new.terms,
            "start": starts,
            "installments": new.count if new.first_due else count_over(loan, new.count),
            "tranches": (*inside, *later),
            "continues": Continued(
                on=event.on,
                before=loan if new.first_due is None else None,
                done=row,
                started=loan.continues.started if loan.continues else loan.start,
                lent=loan.continues.lent if loan.continues else loan.principal_minor,
                original=_original(replay, event, row, principal, moved, inside if not at_once else None),
                rows=0 if isinstance(event, Reaging | Restructuring) else rows_done(loan, row) - new.shift,
                waited=0 if isinstance(event, Reaging | Restructuring) else rows_waited(loan, row) - new.put_off,
                paid_out=replay.advanced,
                accrued=accrued,
                brought=(*brought, *moved.interest),
                charged_until=charged_until(loan, row),
                moved=_moved_before(replay, row, starts, again + moved.joined, at_once=at_once),
                payment=_kept_payment(loan, row) if new.keeps_payment else None,
                first=new.first,
                begins=_begins(replay, new, starts, row),
            ),
        },
    )  # fmt: skip
    combined(other)
    if len(other.time_over(other.installments).bounds) - 1 != new.count or (new.count > 1 and _is_paid_at_once(other)):
        raise InvalidEvent(f"{event!r}: {_why_not_so_many(other, new)}")
    replay.owe_more(moved.joined)
    replay.capitalized += moved.capitalized
    if starts == replay.today and replay.running is None and stays < len(replay.debts.items):
        item = replay.debts.items[stays]
        # what was settled of the nights before today is not settled of the new plan again
        item.prepaid = tuple(item.settled_so_far())
    use(replay, other, stays)
    if replay.running:
        replay.running.bring(sum(part.amount for part in moved.interest), after_today=stays > replay.debts.due_count)
    ask_of_the_first(replay, event, replay.debts.items[stays], moved)


def _is_paid_at_once(loan: Loan) -> bool:
    return loan.repayment.name == "lump_sum"


def _why_not_so_many(other: Loan, new: _New) -> str:
    if _is_paid_at_once(other):
        return f"got {new.count} installments with method 'lump_sum'; expected 1, and first_due where it is not the next due date"
    return "the dates of the loan are laid out and end with it; expected first_due for new ones"


def _starts(replay: Replay, event: Recovery, stays: int, new: _New) -> date:
    """The day from which the new plan bears interest: with the running period, or from today.

    Raises:
        InvalidEvent: If it has no dates.
    """
    loan, today = replay.loan, replay.today
    if new.first_due is None:
        if stays == len(replay.debts.items):
            raise InvalidEvent(
                f"{event!r}: every installment is due on {event.on}; expected first_due for the new ones"
            )
        begins = loan.timeline.accrual[stays - replay.before]
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


def _begins(replay: Replay, new: _New, starts: date, row: int) -> date | None:
    """The first day that bears interest by the new plan, where that is not the first of its first period: today, where the plan before
    prices the nights until then; and where dates begin anew, the day up to which a prepayment has paid.
    """
    if new.first_due is None:
        return starts if new.is_cut and starts == replay.today and not replay.running else None
    return paid_until(replay, row)


def _end_interest_after_the_end(replay: Replay) -> None:
    """What is unpaid of a daily loan after its last due date bears interest in the new plan from now on."""
    debts = replay.debts
    if debts.due_count == len(debts.items):
        debts.lines.rebase(debts.items[-1], INTEREST, 0, replay.today)


def _borne(loan: Loan, moved: Moved) -> int:
    """What joins the principal and bore flat interest all along: that is taken of what was lent, repaid or not."""
    return moved.of_this_plan if loan.repayment.on_original else 0


def _original(
    replay: Replay, event: Recovery, row: int, principal: int, moved: Moved, inside: Sequence[Tranche] | None
) -> int:
    """What flat interest is taken of at the start of the new plan: what is outstanding, or what it was, with what joins it
    where the plan begins at once (`inside` is None).
    """
    if isinstance(event, Reaging | Restructuring):
        return principal
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


def _falling_due(replay: Replay) -> int:
    """Principal of an installment that falls due later today, as it was planned."""
    stays, items = _stays(replay), replay.debts.items
    if stays == replay.debts.due_count:
        return 0
    item = items[stays - 1]
    if replay.running:
        return replay.running.settle_what_falls_due(item, replay.undue)
    return item.principal - item.settled(PRINCIPAL) - item.capitalized
