"""Plans of terms that meet: every method, residue and kind of payment, with later pay-outs, down payments, a grace period, rates
that change and what each change keeps, payments that are capped, and a limit for what unpaid interest may make. In fractions,
written from what the terms mean and from nothing of the library; what a method makes of a rest is in `rest_loop`, and what a night
bears in `dated_loop`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from contract_terms import Contract, Out
from dated_loop import Time
from plan_loop import NotCovered, Row
from rest_loop import Made, Rest, by_payments, made_by


class State(NamedTuple):
    """How far a plan is made."""

    owed: int
    original: int
    count: int
    out: int
    rows: tuple[Row, ...] = ()
    put_off: tuple[int, ...] = ()
    level: int | None = None
    stated: int | None = None
    expected: tuple[tuple[int, int], ...] = ()


def plans_of(agreed: Contract) -> list[list[Row]]:
    """The plan; more than one where the rules for the residue leave a choice. Rows of down payments stand on their days."""
    lent = agreed.terms.lent - agreed.back_at_start
    rows = len(agreed.time.bounds) - 1 if "payment" in agreed.keeps.values() else agreed.count
    starts = {row for row in range(rows) if agreed.changes_in(row)}
    starts |= {agreed.time.row_of(out.on) for out in agreed.outs}
    stages = sorted(starts | {0})
    states = [State(lent, lent, agreed.count, lent, stated=agreed.stated)]
    for place, start in enumerate(stages):
        end = stages[place + 1] if place + 1 < len(stages) else None
        states = [after for state in states for after in staged(agreed, state, start, end)]
    return [with_down_payments(agreed, with_what_was_put_off(agreed, state)) for state in states]


def staged(agreed: Contract, state: State, row: int, end: int | None) -> list[State]:
    """The rows from one on, before another from which the rest is solved again."""
    outs = [out for out in agreed.outs if agreed.time.row_of(out.on) == row]
    if len(state.rows) < row or (row and not state.owed):
        if any(agreed.time.row_of(out.on) >= row for out in agreed.outs):
            raise NotCovered
        return [state]
    if not row:
        state = state._replace(level=agreed_before(agreed, state))
    return [
        after
        for known in after_earlier(agreed, state, row, outs)
        for after in from_the_last(agreed, known, row, end, outs)
    ]


def agreed_before(agreed: Contract, state: State) -> int | None:
    """The payment that a change in the first row keeps, or may raise by so much: that of the rates before it."""
    changes = agreed.changes_in(0)
    keeps = any(agreed.keeps[day] == "payment" for day in changes)
    if not changes or not (keeps or (agreed.cap is not None and not agreed.waits)):
        return None
    first = agreed.time.known_at(agreed.time.bounds[0])
    factors = [first.factor(later) for later in range(agreed.count)]
    at_first = Rest(0, state.owed, state.original, factors, None, agreed.stated, None, first)
    return made_by(agreed, after_waiting(agreed, at_first))[0].level


def after_earlier(agreed: Contract, state: State, row: int, outs: list[Out]) -> list[State]:
    """What each change in a row but the last made of the payment and the term, in their order, where one keeps the payment."""
    changes = agreed.changes_in(row)
    happened = sorted(
        [(day, None) for day in changes] + [(out.on, out) for out in outs], key=lambda one: (one[0], bool(one[1]))
    )
    if not any(agreed.keeps[day] == "payment" for day in changes):
        return [state]
    states = [state]
    for done in range(1, len(happened)):
        states = [after for known in states for after in changed(agreed, known, row, happened[:done])]
    return states


def changed(agreed: Contract, state: State, row: int, happened: list[tuple[date, Out | None]]) -> list[State]:
    """The payment and the number of rows as they are told after the last of what happened in a row so far."""
    day, out = happened[-1]
    stays = out is None and agreed.keeps[day] == "payment" and state.level is not None
    solved_again = any(one is None and agreed.keeps[on] == "term" for on, one in happened)
    time = agreed.time.known_at(day)
    last = len(agreed.time.bounds) - 1 if stays else state.count
    rest = with_paid_out(
        agreed,
        state,
        row,
        [time.factor(later) for later in range(row, last)],
        time,
        [one for _, one in happened if one],
    )
    rest = after_waiting(agreed, rest._replace(level=state.level, stated=None if solved_again else state.stated))
    found = []
    for made in repaid(agreed, rest, None, stays=stays, capped=False):
        rows = without_a_rest(agreed, rest.row, made.rows) if stays else made.rows
        found.append(state._replace(count=rest.row + len(rows)) if stays else state._replace(level=made.level))
    return found


def with_paid_out(
    agreed: Contract, state: State, row: int, factors: list[Fraction], time: Time, outs: list[Out]
) -> Rest:
    """What is left from a row on with what is paid out in it."""
    if not factors:
        raise NotCovered
    base = state.original if agreed.way.name in ("flat", "level_flat", "rule_of_78") else state.owed
    net = sum(out.amount - out.back for out in outs)
    if outs:
        interest = base * factors[0] + sum((out.amount - out.back) * time.factor(row, out.on) for out in outs)
        factors = [interest / (base + net), *factors[1:]]
    out = state.out + net
    most = None if agreed.limit is None else out * agreed.limit.numerator // agreed.limit.denominator
    return Rest(row, state.owed + net, state.original + net, factors, state.level, state.stated, most, time)


def from_the_last(agreed: Contract, state: State, row: int, end: int | None, outs: list[Out]) -> list[State]:
    """The rows from one on, after the last change in it."""
    changes = agreed.changes_in(row)
    if any(agreed.keeps[day] == "term" for day in changes):
        state = state._replace(stated=None)
    before = state.level
    stays = keeps_its_payment(agreed, row) and before is not None
    time = agreed.time if agreed.known else agreed.time.known_at(agreed.time.bounds[row + 1] - timedelta(1))
    last = len(agreed.time.bounds) - 1 if stays else state.count
    factors = [time.factor(later) for later in range(row, last)]
    rest = with_paid_out(agreed, state, row, factors, time, outs)
    repaying = after_waiting(agreed, rest)
    waiting, put_off = waiting_rows(agreed, rest, min(max(0, agreed.waits - row), (end or last) - row))
    added = -sum(part for part, _ in waiting)
    started = state._replace(
        rows=(*state.rows, *waiting), put_off=(*state.put_off, *put_off), owed=rest.owed + added,
        original=rest.original + added, out=state.out + sum(out.amount - out.back for out in outs),
    )  # fmt: skip
    rest = rest._replace(
        row=row + len(waiting), owed=started.owed, original=started.original, factors=rest.factors[len(waiting) :]
    )
    if end is not None and end <= agreed.waits:
        whole = repaid(agreed, repaying, None, stays=stays, capped=False) if stays or agreed.waited == "spread" else []
        if stays:
            whole = [one._replace(rows=without_a_rest(agreed, agreed.waits, one.rows)) for one in whole]
        ends = {agreed.waits + len(made.rows) for made in whole} or {last}
        if before is None and keeps_its_payment(agreed, end):
            before = made_by(agreed, repaying)[0].level
        return [
            started._replace(
                level=before, count=stop if stays else started.count, expected=(*started.expected, (row, stop))
            )
            for stop in ends
        ]
    capped = bool(changes) and not waiting
    found = []
    for made, stop in ends_of(agreed, rest, end, stays=stays, capped=capped):
        owed = rest.owed - sum(part for part, _ in made.rows)
        found.append(
            started._replace(
                rows=started.rows + tuple(made.rows), owed=owed, original=started.original,
                level=before if made.level is None else made.level, count=stop if stays else started.count,
                expected=(*started.expected, (row, stop)),
            )
        )  # fmt: skip
    return found


def after_waiting(agreed: Contract, rest: Rest) -> Rest:
    """What is left when no more rows wait."""
    waits = max(0, agreed.waits - rest.row)
    added = -sum(part for part, _ in waiting_rows(agreed, rest, waits)[0])
    return rest._replace(
        row=rest.row + waits, owed=rest.owed + added, original=rest.original + added, factors=rest.factors[waits:]
    )


def keeps_its_payment(agreed: Contract, row: int) -> bool:
    """Whether the last of what changes in a row keeps the payment; of one day, what is paid out comes last."""
    changes = agreed.changes_in(row)
    if not changes or any(agreed.time.row_of(out.on) == row and out.on >= changes[-1] for out in agreed.outs):
        return False
    return agreed.keeps[changes[-1]] == "payment"


def ends_of(agreed: Contract, rest: Rest, end: int | None, *, stays: bool, capped: bool) -> list[tuple[Made, int]]:
    """The rows before another from which the rest is solved again, and where the plan would end if it were not."""
    made = repaid(agreed, rest, end, stays=stays, capped=capped)
    if end is None and stays:
        made = [one._replace(rows=without_a_rest(agreed, rest.row, one.rows)) for one in made]
    if end is None or not (stays or (agreed.waits and agreed.waited == "spread")):
        return [(one, rest.row + len(one.rows)) for one in made]
    whole = repaid(agreed, rest, None, stays=stays, capped=capped)
    if stays:  # where that is all, no later change ever comes
        whole = [one._replace(rows=without_a_rest(agreed, rest.row, one.rows)) for one in whole]
        made = [other if len(other.rows) <= end - rest.row else one for one, other in zip(made, whole, strict=True)]
    if len(made) != len(whole):  # a limit that some rows pass only later
        whole = [next(one for one in whole if one.rows[: len(cut.rows)] == cut.rows) for cut in made]
    return [(one, rest.row + len(other.rows)) for one, other in zip(made, whole, strict=True)]


def without_a_rest(agreed: Contract, before: int, rows: list[Row]) -> list[Row]:
    """What the rounding of a payment that stays may leave, a step for each row, is in the last one and has none of its own."""
    paid, (part, _) = len(rows) - 1, rows[-1]
    if not paid or part > (before + paid) * agreed.terms.installment.step:
        return rows
    return [*rows[: paid - 1], (rows[paid - 1][0] + part, rows[paid - 1][1])]


def waiting_rows(agreed: Contract, rest: Rest, count: int) -> tuple[list[Row], list[int]]:
    """Rows that repay nothing, and what they put off."""
    rows, put_off, owed = list[Row](), list[int](), rest.owed
    for factor in rest.factors[:count]:
        accrued = agreed.terms.interest(owed * factor)
        joins = accrued if agreed.waited == "capitalized" else 0
        rows.append((-joins, accrued if agreed.waited in ("paid", "capitalized") else 0))
        put_off.append(0 if agreed.waited in ("paid", "capitalized", "forgiven") else accrued)
        owed += joins
    return rows, put_off


def repaid(agreed: Contract, rest: Rest, end: int | None, *, stays: bool, capped: bool) -> list[Made]:
    """The rows of a method up to another; solved again, without a limit, from where they would pass it."""
    if stays:
        rest = rest._replace(stated=rest.level if rest.stated is None else rest.stated)
    made = made_by(agreed, rest, keeps_last=not stays)
    if capped and agreed.cap is not None and rest.level is not None and rest.stated is None:
        most = agreed.terms.installment(rest.level * (1 + agreed.cap))
        if any((one.level or 0) > most for one in made):
            terms = agreed.terms._replace(lent=rest.owed, factors=rest.factors)
            made = by_payments(terms, rest, [most] * len(rest.factors), None, plain=True)
    rows = None if end is None else end - rest.row
    found = list[Made]()
    for one in made:
        done = len(one.rows)
        if not one.stopped or (rows is not None and done >= rows):
            found.append(one._replace(rows=one.rows[:rows]))
            continue
        if not done and rest.stated is None and rest.level is None:
            raise NotCovered
        owed = rest.owed - sum(part for part, _ in one.rows)
        left = rest.factors[done : None if not stays else max(0, agreed.count - rest.row)]
        if not left:
            raise NotCovered
        again = rest._replace(row=rest.row + done, owed=owed, factors=left, stated=None, most=None)
        found += [
            after._replace(rows=(one.rows + after.rows)[:rows])
            for after in made_by(agreed, again, keeps_last=not stays)
        ]
    return found


def with_what_was_put_off(agreed: Contract, state: State) -> list[Row]:
    """What waiting rows did not ask for is asked for by those after them; in equal parts of what is left whenever the terms
    changed, over the rows that were expected by then.
    """
    rows, left = list(state.rows), sum(state.put_off)
    if agreed.waited != "spread":
        place = agreed.waits if agreed.waited == "carried" else len(rows) - 1
        rows[place] = rows[place][0], rows[place][1] + left
        return rows
    nexts = [start for start, _ in state.expected[1:]] + [len(rows)]
    for (start, end), until in zip(state.expected, nexts, strict=True):
        own = range(max(agreed.waits, start), end)
        whole = left
        for place, row in enumerate(own):
            if row < until:
                share = whole // len(own) + (place < whole % len(own))
                rows[row] = rows[row][0], rows[row][1] + share
                left -= share
    return rows


def with_down_payments(agreed: Contract, made: list[Row]) -> list[Row]:
    """The rows with one for each down payment, before that of its period."""
    rows: list[Row] = [(agreed.back_at_start, 0)] if agreed.back_at_start else []
    for number, row in enumerate(made):
        rows += [(out.back, 0) for out in agreed.outs if out.back and agreed.time.row_of(out.on) == number]
        rows.append(row)
    return rows


def days_of(agreed: Contract, rows: Sequence[Row]) -> tuple[list[date], list[date], set[int]]:
    """The day on which each row is due, that on which its interest ends, and which rows are down payments.

    Raises:
        NotCovered: If a down payment falls between the end of an interest period and the due date that moved away from it.
    """
    days, ends, downs = list[date](), list[date](), set[int]()
    if agreed.back_at_start:
        downs.add(0)
        days.append(agreed.time.bounds[0])
        ends.append(agreed.time.bounds[0])
    number = 0
    while len(days) < len(rows):
        for out in agreed.outs:
            if out.back and agreed.time.row_of(out.on) == number:
                downs.add(len(days))
                days.append(out.on)
                ends.append(out.on)
        days.append(agreed.time.due(number))
        ends.append(agreed.time.bounds[number + 1])
        number += 1
    if days != sorted(days):
        raise NotCovered
    return days, ends, downs
