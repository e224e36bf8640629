"""A new plan for what is not yet due: the terms change on a day, and the rows ahead follow from the changed terms."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.errors import InvalidEvent, InvalidTerms, NoSolution
from loancalc.plan import planned_interest
from loancalc.plan.agreed_plan import problem_of, rest_of
from loancalc.plan.agreed_time import with_down_payments
from loancalc.plan.columns import Columns
from loancalc.plan.continuing import Continued
from loancalc.plan.first_periods import regular_part
from loancalc.plan.loan import Loan
from loancalc.plan.prepayment import interest_rule
from loancalc.plan.terms import cannot_keep
from loancalc.plan.timeline import ONE_DAY, Timeline
from loancalc.plan.tranches import Tranche, read_tranches
from loancalc.plan.waiting import Moratorium
from loancalc.servicing.charging import merge_later
from loancalc.servicing.events import BECOMES_DUE, BY_PLAN, WAKE, Event
from loancalc.servicing.kept_parts import has_stated_parts, rows_done, with_its_parts
from loancalc.servicing.overdue import FEE, INTEREST, PRINCIPAL
from loancalc.servicing.owed import Owed
from loancalc.servicing.plan_events import Draw, InterestPause, RateChange
from loancalc.servicing.plan_so_far import unpaid_tranches
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
        day = replay.late.next_turn(None, replay.today)
        others = [task for task in replay.tasks_ahead() if task[1] != WAKE or task[2] >= 0]
        turns = [(day, WAKE, -1, None, None)] if day else []
        replay.set_tasks([*others, *turns])


def agreed_changes(loan: Loan) -> list[date]:
    """The days of agreed changes of the rate on which the rows ahead are solved again on what is really outstanding. A plan
    whose interest stands does not depend on it; a cap on payments, and a moratorium, are of the plan that was agreed.
    """
    path = loan.rate_path
    if loan.accrual == "scheduled" or path is None or "level" in loan.keeps:
        return []
    if path.payment_cap is not None or loan.moratorium is not None:
        return []
    return [day for day in path.turns if loan.start < day < loan.dates[-1]]


def agreed_change(replay: Replay) -> None:
    """A change of the rate that was agreed comes on a daily loan: the rows ahead are solved again, as if it was heard today.
    Where that has no solution, as with a payment that no longer covers the interest, they stay as they were agreed.
    """
    loan, today, ahead = replay.loan, replay.today, replay.debts.has_ahead
    if today in agreed_changes(loan) and ahead and not (replay.is_ended or replay.accrues_no_more):
        keep = loan.rate_path.kept_on(today) if loan.rate_path else None
        with suppress(InvalidTerms, NoSolution):
            other = terms_with(loan, continues=_with_its_payment(replay, today, keep))
            use(replay, other, same_parts=has_stated_parts(loan.repayment))


def pay_out(replay: Replay, amount: int) -> None:
    """A tranche that was agreed from the beginning comes. On a daily loan the rows ahead are solved again on what is really
    outstanding, as if it was heard of today, unless a moratorium or a down payment was agreed with them.
    """
    replay.owe_more(amount)
    replay.advanced += amount
    loan = replay.loan
    if replay.running and not (replay.accrues_no_more or loan.moratorium or loan.down_payments):
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
    refuse_after_the_end(replay, event)
    if event.on >= replay.debts.items[-1].due:
        raise InvalidEvent(
            f"{event!r}: got the last due date; expected an earlier day, so that an installment repays it"
        )
    loan, continues = replay.loan, replay.loan.continues
    rule = interest_rule(loan)
    if loan.repayment.name == "rule_of_78" or (loan.repayment.on_original and rule == "actuarial"):
        raise InvalidEvent(
            f"{event!r}: got it with method {loan.repayment.name!r} and prepayment interest {rule!r}, which speak of one "
            "pay-out; expected a Restructuring, or a loan of its own"
        )
    if event.on == loan.start and not replay.running and continues is None:
        raise InvalidEvent(f"{event!r}: got the day of the first pay-out; expected a later day, or a larger principal")
    replay.owe_more(amount)
    replay.advanced += amount
    if replay.running and event.on == loan.start:
        use(replay, terms_with(loan, continues=_solved_anew(replay)), is_solved=True)
    elif continues is not None and event.on == loan.start and continues.begins is None:
        more = loan.principal_minor + amount
        moved = (*continues.moved, (event.on, amount))
        use(replay, terms_with(
            loan, principal=to_decimal(more, loan.digits), principal_minor=more,
            continues=replace(
                continues, original=continues.original + amount, paid_out=continues.paid_out + amount, payment=None, first=None,
                moved=moved,
            ),
        ))  # fmt: skip
    else:
        if (
            continues is not None and event.on == continues.on
        ):  # what was to stay by the plan of today is solved with the rest
            continues = replace(continues, payment=None, first=None)
        tranches = [Tranche(event.on, event.amount), *loan.tranches]
        drawn = read_tranches(tranches, loan.start - ONE_DAY if continues else loan.start, loan.digits)
        anew = _solved_anew(replay) if replay.running else continues
        use(replay, terms_with(loan, tranches=drawn, continues=anew), is_solved=True)


def terms_with(loan: Loan, **terms: object) -> Loan:
    """The same terms but for some; nothing that was computed from them is taken over."""
    other: Loan = object.__new__(Loan)
    for term in fields(Loan):
        object.__setattr__(other, term.name, terms.get(term.name, getattr(loan, term.name)))
    return other


def going_on(loan: Loan, principal: int, **terms: object) -> Loan:
    """The terms of a plan that goes on from a principal, in minor units. Its payment is solved; what was settled as the loan
    was paid out is not settled again.
    """
    return terms_with(
        loan,
        **{
            "payment": "level",
            "periods": None,
            "principal": to_decimal(principal, loan.digits),
            "principal_minor": principal,
            "down_payment": Fraction(0),
            "fees": tuple(fee for fee in loan.fees if fee.at != "disbursement"),
            "taxes": tuple(tax for tax in loan.taxes if tax.on != "principal"),
            **terms,
        },
    )


def count_over(loan: Loan, left: int) -> int:
    """By how many installments a plan is dated that has so many left and keeps its dates: a loan that is paid at once has one,
    after all of its periods.
    """
    return loan.installments if loan.repayment.name == "lump_sum" and len(loan.dates) == 2 else left


def still_waiting(replay: Replay, stays: int) -> Moratorium | None:
    """What is left of the moratorium after the installments that stay as they are."""
    loan, row = replay.loan, stays - replay.before
    left = sum(index >= row for index in loan.waiting.rows) if loan.waiting else 0
    return replace(loan.moratorium, installments=left) if loan.moratorium and left else None


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
        _rest_on_what_is_owed(replay, loan, stays, same_parts=same_parts, is_solved=is_solved)
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
    _plan_again(replay)


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


def _rest_on_what_is_owed(replay: Replay, loan: Loan, stays: int | None, *, same_parts: bool, is_solved: bool) -> None:
    """On a daily loan the payments are solved on what was really outstanding when the running period began, over the
    interest that will be due; what came early in the period counts toward its installment, as before. Principal parts that
    stay are those of the plan before, unless interest of waiting rows joins the principal that they share.
    """
    running, due, items = replay.running, replay.debts.due_count, replay.debts.items
    assert running is not None
    carried, balance, bearing = running.exact(replay.today) + running.carried, replay.undue, replay.undue
    tranches, beside = unpaid_tranches(replay), running.beside(replay.today)
    if due < len(items) and items[due].due == replay.today:  # it falls due later today, as it was planned
        item = items[due]
        accrued = running.accrued(item.due)
        interest, principal = running.split(item, replay.undue, accrued)
        if item.capitalized:  # what joins the principal then
            interest = running.joins(item.due)
            principal = -interest
        due, carried = due + 1, Fraction(accrued - interest + running.brought)
        balance = bearing = replay.undue - principal
    elif due < len(items):
        balance += items[due].settled(PRINCIPAL) - items[due].prepaid[PRINCIPAL]
        carried -= running.paid - items[due].settled(INTEREST) + items[due].prepaid[INTEREST]
    old, done = replay.loan.columns, due - (replay.before if stays is None else stays)
    if stays is None and (not balance or due == len(items)):
        loan.__dict__["columns"] = old
        return
    waits = planned_interest.put_off(replay.loan, due - replay.before) if due < len(items) else ()
    carried -= sum(part.amount for part in waits)
    brought = loan.continues.brought if loan.continues and stays is not None else waits
    kept = None if is_solved else _payment_kept(replay, loan, stays)
    waiting = still_waiting(replay, replay.before + done)
    joins = waiting is not None and waiting.interest == "capitalized"
    parts = with_its_parts(replay.loan, done) if same_parts and not joins else None

    def rows_over(time: Timeline) -> Columns:
        end = time.accrual[done + 1]
        since = max(replay.today, running.since)
        rest = bearing * Fraction(*time.part(done + 1, since, max(since, end)))
        alike = regular_part(loan, time, done + 1, since)
        apart = beside + rest - bearing * Fraction(*alike) if alike else Fraction(0)
        for day, more in running.more:
            start = max(replay.today, day)
            rest += more * Fraction(*time.part(done + 1, start, max(start, min(running.since, end))))
        rates = max(Fraction(0), carried + rest) / balance, apart / balance  # rounding may have asked for more already
        whole, is_open = problem_of(loan, time), stays is None
        return rest_of(whole, loan, time, done, balance, *rates, kept, brought, tranches, parts, is_open=is_open)

    if stays is None and loan.periods is None and len(loan.timeline.bounds) <= (known := len(items) - replay.before):
        loan.__dict__["timeline"] = with_down_payments(loan, loan.time_over(known - len(loan.down_payments)))
    rows = rows_over(loan.timeline)
    while stays is None and _is_too_short(replay, loan, done, rows, kept):
        loan.__dict__["timeline"] = with_down_payments(loan, loan.time_over(2 * (done + len(rows.principal))))
        rows = rows_over(loan.timeline)
    paid_out = loan.tranches[: len(loan.tranches) - len(tranches)]
    on_the_way = sum(out.minor(loan.digits) for out in paid_out if loan.timeline.row_of(out.on) == done)
    if on_the_way:
        rows = rows._replace(advanced=((0, on_the_way), *rows.advanced))
    if done:  # a payment that is kept later is the one that the rows ahead ask for
        rows = old.first(done).then(rows)._replace(level=rows.level)
    loan.__dict__["columns"] = rows


def _payment_kept(replay: Replay, loan: Loan, stays: int | None) -> int | None:
    """The payment that stays when the rest is solved; None where it is solved too."""
    if stays is not None:
        return loan.continues.payment if loan.continues else None
    keeps = loan.rate_path is not None and loan.rate_path.kept_on(replay.today) == "payment"
    return replay.loan.columns.level if keeps else None


def _is_too_short(replay: Replay, loan: Loan, done: int, rows: Columns, kept: int | None) -> bool:
    """Whether a payment that is kept to the end needs more installments, for what is really outstanding, than were planned: the
    last one would be more than it, and by more than the roundings of the payments leave over.
    """
    if kept is None or loan.rate_path is None or loan.periods is not None:
        return False
    count = len(rows.principal)
    if rows.payment(count - 1) <= kept + (rows_done(loan, done) + count) * loan.rounding.step_of("installment"):
        return False
    return not any(day > replay.today for day in loan.rate_path.turns)


def _as_long_as_needed(loan: Loan) -> Loan:
    """The terms with no more installments than their plan has."""
    columns = loan.columns
    shorter = terms_with(loan, installments=len(columns.principal))
    shorter.__dict__["columns"] = columns
    return shorter


def _plan_again(replay: Replay) -> None:
    """The tasks of the installments ahead follow their new dates."""
    due = replay.debts.due_count
    others = [task for task in replay.tasks_ahead() if task[3] is None or task[3].number <= due]
    ahead = replay.debts.items[due:]
    replay.set_tasks(
        [
            *others,
            *((item.due, BECOMES_DUE, item.number + BY_PLAN, item, None) for item in ahead),
            *replay.late_tasks(ahead),
        ]
    )
