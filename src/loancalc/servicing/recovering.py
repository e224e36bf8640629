"""Ways to recover, at work: what each asks for in the plan that continues the one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from loancalc.errors import InvalidEvent
from loancalc.plan.loan import Loan
from loancalc.plan.methods import find_method
from loancalc.plan.terms import moratorium
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.kept_parts import keeps_parts, with_its_parts
from loancalc.servicing.new_plan import NewPlan, go_on_with, is_paid_at_once
from loancalc.servicing.other_terms import still_waiting, terms_with
from loancalc.servicing.plan_so_far import rows_left
from loancalc.servicing.recovery_events import (
    Deferral,
    Extension,
    Modification,
    Reaging,
    Reamortization,
    Restructuring,
)
from loancalc.servicing.replanning import refuse_another_kind, refuse_down_payments_ahead
from loancalc.servicing.rows_ahead import use
from loancalc.time.rate_path import RatePath
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay

_MORATORIUM = {"next": "carried", "spread": "spread", "last": "last", "capitalize": "capitalized", "waive": "forgiven"}


def recover(replay: Replay, event: Modification) -> None:
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
            go_on_with(replay, event, _deferred(replay, event, stays))
        case Extension():
            _extend(replay, event, stays)
        case Reamortization():
            go_on_with(
                replay,
                event,
                NewPlan(stays, rows_left(replay, stays), terms={"moratorium": still_waiting(replay, stays)}),
            )
        case Reaging():
            terms = _bearing_again(replay, stays) | ({} if event.every is None else {"every": event.every})
            go_on_with(replay, event, NewPlan(stays, event.installments, event.first_due, terms, starts_over=True))
        case Restructuring():
            go_on_with(replay, event, _restructured(replay, event, stays))
        case _:
            assert_never(event)


def _stays(replay: Replay) -> int:
    """How many installments stay as they are: those that fell due, or will today."""
    due, items = replay.debts.due_count, replay.debts.items
    return due + (due < len(items) and items[due].due == replay.today)


# Each event


def _deferred(replay: Replay, event: Deferral, stays: int) -> NewPlan:
    loan, left = replay.loan, rows_left(replay, stays)
    if is_paid_at_once(loan):
        raise InvalidEvent(f"{event!r}: the loan is paid at once; expected an Extension with its new end")
    if replay.running and event.interest in ("spread", "last"):
        raise InvalidEvent(
            f"{event!r}: got interest={event.interest!r} on a loan with daily accrual, whose payments settle interest first; "
            "expected 'next', 'capitalize' or 'waive'"
        )
    longer, waiting, row = event.term == "longer", still_waiting(replay, stays), stays - replay.before
    keeps = longer and event.interest != "capitalize"
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
        terms["rate_path"] = _without_interest(loan, event, row + count)
    return NewPlan(
        stays,
        left + (put_off if longer else 0),
        terms=terms,
        keeps_payment=keeps,
        first=with_its_parts(loan, row) if keeps and keeps_parts(loan) else None,
        shift=put_off if longer else 0,
        put_off=put_off,
        is_cut=kind == "forgiven" and waiting is None,
    )


def _without_interest(loan: Loan, event: Deferral, row: int) -> RatePath:
    """On a daily loan the nights from the agreement to the last due date that is put off, at which a row begins, bear no interest."""
    until = loan.time_over(max(row, loan.installments)).accrual[row]
    path = loan.rate_path or RatePath(loan.rate)
    return path.paused(event.on, until, _kept_by(path))


def _extend(replay: Replay, event: Extension, stays: int) -> None:
    loan, left = replay.loan, rows_left(replay, stays)
    changes = _with_rate(loan, event, event.rate) | {"moratorium": still_waiting(replay, stays)}
    if not is_paid_at_once(loan):
        if event.installments is None:
            raise InvalidEvent(f"{event!r}: got an end; expected how many installments are added")
        go_on_with(replay, event, NewPlan(stays, left + event.installments, terms=changes))
        return
    last = loan.dates[-1]
    if event.end is None or event.end <= last:
        raise InvalidEvent(f"{event!r}: got end={event.end}; expected a day after the maturity, {last}")
    use(replay, terms_with(loan, end=event.end, first_due=None, **changes))


def _restructured(replay: Replay, event: Restructuring, stays: int) -> NewPlan:
    loan, terms = replay.loan, _bearing_again(replay, stays)
    terms |= _with_rate(loan, event, event.rate, terms.get("rate_path"))
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
    lets_go = any(one and one.interest == "forgiven" for one in (waiting, still_waiting(replay, stays)))
    is_cut = priced_anew or lets_go
    return NewPlan(stays, event.installments, event.first_due, terms, starts_over=True, is_cut=is_cut)


def _bearing_again(replay: Replay, stays: int) -> dict[str, Any]:
    """Where a new plan asks for installments whose interest a deferral of a daily loan let go, their nights bear interest again
    from today on, as those of other loans do.
    """
    loan, waiting, first = replay.loan, still_waiting(replay, stays), stays - replay.before + 1
    if replay.running is None or waiting is None or loan.rate_path is None:
        return {}
    # one for each deferral that put some of them off
    ends = loan.timeline.accrual[first : first + waiting.installments]
    return {"rate_path": loan.rate_path.resumed(ends, replay.today)}


def _with_rate(
    loan: Loan, event: Extension | Restructuring, rate: Rate | None, known: RatePath | None = None
) -> dict[str, Any]:
    """The path of rates, as it is `known` otherwise, with another from the day of the event on."""
    if rate is None:
        return {}
    refuse_another_kind(loan, event, rate)
    path = known or loan.rate_path or RatePath(loan.rate)
    return {"rate_path": path.changed(event.on, rate, _kept_by(path))}


def _kept_by(path: RatePath) -> str:
    """What a rate that comes with a new plan leaves as it is: its term, or the one payment of all rates."""
    return "level" if "level" in path.keeps else "term"
