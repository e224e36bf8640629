"""A new plan for what is not yet due: the terms change on a day, and the rows ahead follow from the changed terms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent, InvalidTerms, NoSolution
from loancalc.plan.agreed_rates import cannot_keep
from loancalc.plan.continuing import Continued
from loancalc.plan.loan import Loan
from loancalc.plan.prepayment import interest_rule
from loancalc.plan.timeline import ONE_DAY
from loancalc.plan.tranches import Tranche, read_tranches
from loancalc.servicing.events import Event
from loancalc.servicing.kept_parts import has_stated_parts
from loancalc.servicing.other_terms import terms_with
from loancalc.servicing.plan_events import Draw, InterestPause, RateChange
from loancalc.servicing.rows_ahead import use
from loancalc.time.rate_path import RatePath
from loancalc.values.money import to_decimal
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.servicing.replay import Replay


def change_rate(replay: Replay, event: RateChange | InterestPause) -> None:
    """The contract rate changes, or rests: the rows ahead are solved again as the event says. Late interest may rest too, also
    where nothing else bears interest any more.
    """
    if isinstance(event, InterestPause) and event.late_interest:
        _pause_late_interest(replay, event.until)
        if not replay.debts.has_ahead and not replay.is_ended and not (replay.running and replay.bearing()):
            return
    refuse_after_the_end(replay, event)
    loan = replay.loan
    if cannot := cannot_keep(event.keep, loan.repayment.name):
        raise InvalidEvent(f"{event!r}: got keep {cannot}")
    if loan.repayment.name == "rule_of_78" or loan.level:
        raise InvalidEvent(
            f"{event!r}: got it with method {loan.repayment.name!r}{', level' if loan.level else ''}, whose installments "
            "share the interest of the whole term; expected a Restructuring"
        )
    path = loan.rate_path or RatePath(loan.rate)
    _refuse_two_words(replay, event, path)
    if isinstance(event, RateChange):
        refuse_another_kind(loan, event, event.rate)
        path = path.changed(event.on, event.rate, event.keep)
    else:
        path = path.paused(event.on, event.until, event.keep)
    other = terms_with(loan, rate_path=path, continues=_with_its_payment(replay, event.on, event.keep))
    use(replay, other, same_parts=has_stated_parts(loan.repayment))


def refuse_another_kind(loan: Loan, event: Event, rate: Rate) -> None:
    """A rate per day accrues by nights alone, and any other by a day count: the one does not follow the other."""
    if (rate.per == "day") is not (loan.rate.per == "day"):
        raise InvalidEvent(f"{event!r}: got {rate} after {loan.rate}; expected a rate of the same kind")


def _refuse_two_words(replay: Replay, event: RateChange | InterestPause, path: RatePath) -> None:
    """Refuse a second change on a day that keeps something else than the first: the rate of the first one never held."""
    agreed = replay.agreed.rate_path.turns if replay.agreed.rate_path else ()
    if event.on not in path.turns or event.on in agreed or not replay.loan.repayment.is_solved:
        return
    if (kept := path.kept_on(event.on)) != event.keep:
        raise InvalidEvent(
            f"{event!r}: got keep {event.keep!r} on the day of another change, which keeps the {kept!r}; expected the same"
        )


def _pause_late_interest(replay: Replay, until: date) -> None:
    """Late interest rests, and turns again where that ends."""
    replay.debts.pause(until)
    if replay.late:
        replay.agenda.turn_all(replay.late.next_turn(None, replay.today))


def _changes_on(loan: Loan, day: date) -> bool:
    """Whether the rate changes, or rests, on a day on the way."""
    return loan.rate_path is not None and day in loan.rate_path.turns and loan.start < day < loan.dates[-1]


def agreed_change(replay: Replay) -> None:
    """A change of the rate that was agreed comes on a daily loan: the rows ahead are solved again, as if it was heard today.
    Where that has no solution, as with a payment that no longer covers the interest, they stay as they were agreed.
    """
    loan, today, ahead = replay.loan, replay.today, replay.debts.has_ahead
    if _changes_on(loan, today) and ahead and not (replay.is_ended or replay.accrues_no_more):
        keep = loan.rate_path.kept_on(today) if loan.rate_path else None
        with suppress(InvalidTerms, NoSolution):
            other = terms_with(loan, continues=_with_its_payment(replay, today, keep))
            use(replay, other, same_parts=has_stated_parts(loan.repayment))


def pay_out(replay: Replay, amount: int) -> None:
    """A tranche that was agreed from the beginning comes. On a daily loan the rows ahead are solved again on what is really
    outstanding, as if it was heard of today, unless a moratorium or a down payment was agreed with them.
    """
    replay.lend(amount)
    loan = replay.loan
    if replay.running and not (replay.accrues_no_more or replay.agreed.moratorium or loan.down_payments):
        with suppress(InvalidTerms, NoSolution):
            use(replay, terms_with(loan, continues=_solved_anew(replay)), is_solved=True)


def _with_its_payment(replay: Replay, on: date, keep: str | None) -> Continued | None:
    """What a plan continues, and in its first row the payment that it had until terms change once more."""
    loan, continues = replay.loan, replay.loan.continues
    if loan.repayment.is_solved and keep != "payment":
        continues = _solved_anew(replay)
    if continues is None or replay.debts.due_count > replay.before:
        return continues
    level = loan.columns.level
    if on == continues.on:
        return replace(continues, payment=level if keep == "payment" else None)
    return replace(continues, level=level)


def _solved_anew(replay: Replay) -> Continued | None:
    """What a plan continues. On a daily loan the rows ahead are made on what is owed today: where the terms change, payments
    and principal parts that had stayed as they were until then are solved from here on.
    """
    continues = replay.loan.continues
    return replace(continues, first=None) if continues and replay.running else continues


def draw(replay: Replay, event: Draw, amount: int) -> None:
    """More principal (`amount` minor units of it) is paid out, and the rows ahead are solved again."""
    _refuse_draw(replay, event)
    replay.lend(amount)
    loan, at_start = replay.loan, event.on == replay.loan.start
    if replay.running and at_start:
        other = terms_with(loan, continues=_solved_anew(replay))
    elif at_start and loan.continues is not None and loan.continues.begins is None:
        other = _with_more_principal(loan, loan.continues, event.on, amount)
    else:
        other = _with_a_tranche(replay, event)
    use(replay, other, is_solved=True)


def _refuse_draw(replay: Replay, event: Draw) -> None:
    refuse_after_the_end(replay, event)
    loan = replay.loan
    if event.on >= replay.debts.items[-1].due:
        raise InvalidEvent(
            f"{event!r}: got the last due date; expected an earlier day, so that an installment repays it"
        )
    rule = interest_rule(loan)
    if loan.repayment.name == "rule_of_78" or (loan.repayment.on_original and rule == "actuarial"):
        raise InvalidEvent(
            f"{event!r}: got it with method {loan.repayment.name!r} and prepayment interest {rule!r}, which speak of one "
            "pay-out; expected a Restructuring, or a loan of its own"
        )
    if event.on == loan.start and not replay.running and loan.continues is None:
        raise InvalidEvent(f"{event!r}: got the day of the first pay-out; expected a later day, or a larger principal")


def _with_more_principal(loan: Loan, continues: Continued, on: date, amount: int) -> Loan:
    """The terms of a plan that begins today, on more principal."""
    more, moved = loan.principal_minor + amount, (*continues.moved, (on, amount))
    begun = replace(
        continues,
        original=continues.original + amount,
        paid_out=continues.paid_out + amount,
        payment=None,
        first=None,
        moved=moved,
    )
    return terms_with(loan, principal=to_decimal(more, loan.digits), principal_minor=more, continues=begun)


def _with_a_tranche(replay: Replay, event: Draw) -> Loan:
    """The terms with one more tranche, paid out today."""
    loan, continues = replay.loan, _solved_anew(replay)
    if continues is not None and not replay.running and event.on == continues.on:
        continues = replace(
            continues, payment=None, first=None
        )  # what was to stay by the plan of today is solved with the rest
    tranches = [Tranche(event.on, event.amount), *loan.tranches]
    drawn = read_tranches(tranches, loan.start - ONE_DAY if continues else loan.start, loan.digits)
    return terms_with(loan, tranches=drawn, continues=continues)


def refuse_after_the_end(replay: Replay, event: Event) -> None:
    """There has to be an installment that is not yet due, and interest that is still to accrue."""
    if replay.is_ended or replay.debts.due_count == len(replay.debts.items):
        raise InvalidEvent(f"{event!r}: got a day after the last installment fell due, or the loan ended")
    if replay.accrues_no_more:
        raise InvalidEvent(f"{event!r}: no interest accrues since the charge-off; expected a change before it")


def refuse_down_payments_ahead(replay: Replay, event: Event) -> None:
    """A plan that continues another has no rows of down payments."""
    row = replay.debts.due_count - replay.before
    if replay.loan.down_payments and any(other >= row for other in replay.loan.timeline.inserted_rows):
        raise InvalidEvent(f"{event!r}: a down payment is still to come; expected a day after the last one")
