"""Ways to recover, at work: what is overdue is treated as agreed, and a new plan continues the one that runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from loancalc.continuing import Continued
from loancalc.errors import InvalidEvent
from loancalc.events import PAID_OUT
from loancalc.methods import find_method
from loancalc.money import format_minor, to_decimal
from loancalc.names import COMPONENTS
from loancalc.overdue import INTEREST, PRINCIPAL
from loancalc.owed import Owed
from loancalc.planning import Brought, Moratorium
from loancalc.rate_path import RatePath
from loancalc.record import Charged, Receipt
from loancalc.recovery_events import Deferral, Extension, Reaging, Reamortization, Restructuring
from loancalc.replanning import put_off, refuse_paid_ahead, terms_with, use
from loancalc.terms import combined, moratorium
from loancalc.tranches import Tranche

if TYPE_CHECKING:
    from loancalc.replay import Replay

Recovery = Deferral | Extension | Reamortization | Reaging | Restructuring

_MORATORIUM = {"next": "carried", "spread": "spread", "last": "last", "capitalize": "capitalized", "waive": "forgiven"}


@dataclass(frozen=True, slots=True)
class _New:
    """What a new plan is made of.

    `count` installments, whose dates go on as they were, or with `first_due` begin anew; `terms` of the loan that
    change; `keeps_payment` where the payment stays as it was; `shift` by how many rows everything planned comes later.
    """

    count: int
    first_due: date | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    keeps_payment: bool = False
    shift: int = 0


def recover(replay: Replay, event: Recovery) -> None:
    """Do what was agreed, on the day that the replay has reached."""
    stays = _stays(replay)
    left = len(replay.debts.items) - stays
    if replay.is_ended:
        raise InvalidEvent(f"{event!r}: got a day after the loan ended")
    if not left and isinstance(event, Deferral | Extension):
        raise InvalidEvent(f"{event!r}: the last installment is due by then; expected an earlier day")
    refuse_paid_ahead(replay, event)
    match event:
        case Deferral():
            _continue(replay, event, stays, _deferred(replay, event, left))
        case Extension():
            _extend(replay, event, stays, left)
        case Reamortization():
            _continue(replay, event, stays, _New(left))
        case Reaging():
            terms = {} if event.every is None else {"every": event.every}
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
    if loan.repayment.name == "lump_sum":
        raise InvalidEvent(f"{event!r}: the loan is paid at once; expected an Extension with its new end")
    if replay.running and event.interest in ("spread", "last"):
        raise InvalidEvent(
            f"{event!r}: got interest={event.interest!r} on a loan with daily accrual, whose payments settle interest first; "
            "expected 'next', 'capitalize' or 'waive'"
        )
    longer = event.term == "longer"
    if not longer and event.installments >= left:
        raise InvalidEvent(f"{event!r}: got {event.installments} installments; expected fewer than the {left} left")
    terms: dict[str, Any] = {"moratorium": Moratorium(event.installments, _MORATORIUM[event.interest])}
    if replay.running and event.interest == "waive":
        terms = _waiting_without_interest(replay, event)
    return _New(
        left + (event.installments if longer else 0),
        terms=terms,
        keeps_payment=longer and event.interest != "capitalize",
        shift=event.installments if longer else 0,
    )


def _waiting_without_interest(replay: Replay, event: Deferral) -> dict[str, Any]:
    """On a daily loan the nights from the agreement to the last due date that is put off bear no interest."""
    loan, row = replay.loan, _stays(replay) - replay.before + event.installments
    until = loan.time_over(max(row, loan.installments)).accrual[row]
    path = (loan.rate_path or RatePath(loan.rate)).paused(event.on, until, "term")
    return {"moratorium": Moratorium(event.installments, "carried"), "rate_path": path}


def _extend(replay: Replay, event: Extension, stays: int, left: int) -> None:
    loan = replay.loan
    changes = _with_rate(replay, event, event.rate)
    if loan.repayment.name != "lump_sum":
        if event.installments is None:
            raise InvalidEvent(f"{event!r}: got an end; expected how many installments are added")
        _continue(replay, event, stays, _New(left + event.installments, terms=changes))
        return
    last = loan.dates[-1]
    if event.end is None or event.end <= last:
        raise InvalidEvent(f"{event!r}: got end={event.end}; expected a day after the maturity, {last}")
    use(replay, terms_with(loan, end=event.end, first_due=None, **changes))


def _restructured(replay: Replay, event: Restructuring) -> _New:
    terms = _with_rate(replay, event, event.rate)
    if event.every is not None:
        terms["every"] = event.every
    if event.method is not None:
        terms |= {"method": event.method, "repayment": find_method(event.method)}
    terms["moratorium"] = moratorium(event.moratorium, replay.loan.accrual)
    return _New(event.installments, event.first_due, terms)


def _with_rate(replay: Replay, event: Extension | Restructuring, rate: Any) -> dict[str, Any]:
    """The path of rates with another from the day of the event on."""
    loan = replay.loan
    if rate is None:
        return {}
    if (rate.per == "day") is not (loan.rate.per == "day"):
        raise InvalidEvent(f"{event!r}: got {rate} after {loan.rate}; expected a rate of the same kind")
    path = loan.rate_path or RatePath(loan.rate)
    return {"rate_path": path.changed(event.on, rate, "term")}


# What they have in common


def _continue(replay: Replay, event: Recovery, stays: int, new: _New) -> None:
    """From today a new plan continues the one that runs."""
    loan, row = replay.loan, stays - replay.before
    is_over = stays == len(replay.debts.items)
    if is_over and new.first_due is None:
        raise InvalidEvent(f"{event!r}: every installment is due on {event.on}; expected first_due for the new ones")
    if loan.moratorium is not None and row < loan.moratorium.installments:
        raise InvalidEvent(f"{event!r}: the loan is in its moratorium on {event.on}; expected a day after it")
    if new.first_due is not None and new.first_due <= replay.today:
        raise InvalidEvent(f"{event!r}: got first_due {new.first_due}; expected a day after {event.on}")
    falling, moved = _falling_due(replay), _treat(replay, event)
    start = loan.timeline.accrual[row] if new.first_due is None else replay.today
    before: tuple[Brought, ...] = put_off(loan, row)
    if new.first_due is not None and not replay.running and stays == replay.debts.due_count:
        before = (Brought(replay.accrued_uncut(), "carried"),)
    paid_out, later = _tranches(replay)
    inside = [] if replay.running else [out for out in paid_out if out.on > start]
    principal = replay.undue - falling - sum(out.minor(loan.digits) for out in inside)
    replay.undue += moved.joined
    replay.capitalized += moved.capitalized
    if replay.running or start == replay.today:
        principal += moved.joined
    elif moved.joined:
        inside.append(Tranche(replay.today, to_decimal(moved.joined, loan.digits)))
    if principal <= 0:
        raise InvalidEvent(f"{event!r}: no principal is left to be repaid by a new plan")
    other = terms_with(
        loan,
        **{
            "payment": "level", "end": None, "periods": None, "moratorium": None, "first_due": new.first_due, **new.terms,
            "principal": to_decimal(principal, loan.digits),
            "principal_minor": principal,
            "start": start,
            "installments": new.count,
            "down_payment": type(loan.down_payment)(0),
            "tranches": (*inside, *later),
            "fees": tuple(fee for fee in loan.fees if fee.at != "disbursement"),
            "taxes": tuple(tax for tax in loan.taxes if tax.on != "principal"),
            "continues": _continued(replay, event, stays, new, principal, [*before, *moved.interest]),
        },
    )  # fmt: skip
    combined(other)
    use(replay, other, stays)
    if replay.running:
        replay.running.bring(sum(part.amount for part in moved.interest), after_today=stays > replay.debts.due_count)
    _ask_of_the_first(replay, event, stays, moved.charges)


def _tranches(replay: Replay) -> tuple[list[Tranche], list[Tranche]]:
    """What was paid out so far, and what is agreed to be."""
    ahead = sum(order == PAID_OUT and event is None for _, order, _, _, event in replay.tasks_ahead())
    tranches = list(replay.loan.tranches)
    return tranches[: len(tranches) - ahead], tranches[len(tranches) - ahead :]


def _continued(
    replay: Replay, event: Recovery, stays: int, new: _New, principal: int, interest: list[Brought]
) -> Continued:
    loan, is_new = replay.loan, isinstance(event, Reaging | Restructuring)
    before = loan.continues
    level = loan.columns.level
    stated = loan.payment not in ("level", "nominal")
    return Continued(
        on=event.on,
        before=loan if new.first_due is None else None,
        done=stays - replay.before,
        started=before.started if before else loan.start,
        lent=before.lent if before else loan.principal_minor,
        original=principal if is_new else before.original if before else loan.principal_minor,
        rows=0 if is_new else stays - new.shift,
        level=None if is_new else level,
        payment=level if new.keeps_payment and (stated or loan.repayment.is_solved) else None,
        brought=tuple(interest),
    )


def _falling_due(replay: Replay) -> int:
    """Principal of an installment that falls due later today."""
    stays, items = _stays(replay), replay.debts.items
    if stays == replay.debts.due_count:
        return 0
    item = items[stays - 1]
    if replay.running:
        return replay.running.split(item, replay.undue, replay.running.accrued(item.due))[1]
    return item.principal - item.settled(PRINCIPAL) - item.capitalized


@dataclass(slots=True)
class _Moved:
    """What overdue amounts become: what joins the principal, and how much of that was none before; interest that is
    brought; charges of the first installment.
    """

    joined: int = 0
    capitalized: int = 0
    interest: list[Brought] = field(default_factory=list)
    charges: list[tuple[int, int]] = field(default_factory=list)


def _treat(replay: Replay, event: Recovery) -> _Moved:
    """Take what is past due off its installments as the event says for each component."""
    treatments = (
        dict(event.overdue) if not isinstance(event, Deferral | Extension) else dict.fromkeys(COMPONENTS, "keep")
    )
    moved, debts, receipt = _Moved(), replay.debts, Receipt(event, 0)
    late = [item for item in debts.live() if item.due < replay.today]
    for component, name in enumerate(COMPONENTS):
        amount = sum(debts.claim(item, component) for item in late)
        word = treatments.get(name, "") if amount else "keep"
        if not word:
            shown = format_minor(amount, replay.loan.digits)
            raise InvalidEvent(f"{event!r}: {shown} of {name} is past due; expected overdue to say what becomes of it")
        if word == "keep":
            continue
        for item in late:
            _take_off(replay, item, component, receipt, "waived" if word == "waive" else "moved")
        if word == "spread" and replay.running:
            raise InvalidEvent(
                f"{event!r}: got 'spread' for {name} on a loan with daily accrual, whose payments settle interest first; "
                "expected 'next'"
            )
        if word == "capitalize":
            moved.joined += amount
            moved.capitalized += amount if component != PRINCIPAL else 0
        elif word != "waive" and component == INTEREST:
            moved.interest.append(Brought(amount, "carried" if word == "next" else word))
        elif word == "next":
            moved.charges.append((component, amount))
    if receipt.let_go:
        replay.receipts.append(receipt)
    return moved


def _take_off(replay: Replay, item: Owed, component: int, receipt: Receipt, bucket: str) -> None:
    replay.debts.let_go(item, component, replay.debts.claim(item, component), receipt.let_go, bucket)


def _ask_of_the_first(replay: Replay, event: Recovery, stays: int, charges: list[tuple[int, int]]) -> None:
    """Overdue charges that are asked for with the first installment of the new plan; caps have seen them before."""
    first = replay.debts.items[stays]
    for component, amount in charges:
        first.owed[component] += amount
        replay.charges.append(Charged(first.number, component, event.on, amount))
        if replay.late and replay.late.book:
            replay.late.book.know(first, component, amount)
