"""The interest of a plan up to a day inside a period, and what each row was calculated from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from loancalc.lazily import Texts
from loancalc.plan.basis import Basis
from loancalc.plan.continuing import brought_to, in_the_first_row
from loancalc.plan.plan_proof import Equal, equal_in
from loancalc.plan.stated_methods import RuleOf78
from loancalc.plan.timeline import Factor
from loancalc.plan.waiting import Brought, Waiting, waiting_in
from loancalc.values.money import format_minor, show_ratio

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def exact_to_date(loan: Loan, number: int, day: date) -> Fraction:
    """Planned interest of period `number` up to a day, exact, in minor units: without what earlier periods have it ask for, but with
    what had accrued in it when its terms changed.
    """
    index, columns = number - 1, loan.columns
    before = loan.continues.accrued if loan.continues and not index else Fraction(0)
    joined = in_the_first_row(loan) if not index else Fraction(0)
    if day > loan.timeline.accrual[number]:
        return before - joined + to_date(loan, number, day) - columns.carried_to(index)
    if loan.waiting is not None and loan.waiting.is_forgiven(index):
        return before
    return before - joined + Fraction(*_exact_to_date(loan, number, day))


def to_date(loan: Loan, number: int, day: date, *, known_on: date | None = None) -> int:
    """Planned interest from the start of period `number` up to a day, rounded, in minor units; on no more than is paid out by an
    earlier day, if `known_on` names one.

    A due date that moves without its interest leaves nights that belong to the next period. Interest that a moratorium
    forgives is not owed on the way to its due date either; what it carries on is owed until it is asked for.
    """
    if day > loan.timeline.accrual[number]:
        interests = loan.columns.interest
        later = to_date(loan, number + 1, day, known_on=known_on) if number < len(interests) else 0
        return interests[number - 1] + later
    waiting, index = loan.waiting, number - 1
    carried = loan.columns.carried_to(index)
    if waiting is not None and waiting.is_forgiven(index):
        return carried
    return loan.rounding.divide("interest")(*_exact_to_date(loan, number, day, known_on)) + carried


def show_to_date(loan: Loan, number: int, day: date) -> str:
    """The calculation of the planned interest from the start of period `number` up to a day, as text."""
    end = loan.timeline.accrual[number]
    if day > end:
        whole = show_to_date(loan, number, end)
        more = number < len(loan.columns.interest)
        return f"{whole}; {show_to_date(loan, number + 1, day)}" if more else whole
    amount, waiting, index = format_minor(to_date(loan, number, day), loan.digits), loan.waiting, number - 1
    if waiting is not None and waiting.is_forgiven(index):
        return f"forgiven in this period: {amount}"
    carried = loan.columns.carried_to(index)
    exact = show_ratio(*_exact_to_date(loan, number, day), loan.digits)
    plus = f" + {format_minor(carried, loan.digits)} carried" if carried else ""
    return f"{_show_exact(loan, number, day)} = {exact}{plus} -> {amount}"


def _show_exact(loan: Loan, number: int, day: date) -> str:
    start, end = loan.timeline.accrual[number - 1 : number + 1]
    if _by_digits(loan, number):
        planned = format_minor(_planned(loan, number), loan.digits)
        return f"{planned} of the period x {(day - start).days}/{(end - start).days}"
    terms = []
    for amount, since in _bearing(loan, number, day):
        if since > day:  # to a later day it is paid
            continue
        time = loan.timeline.describe_part(number, since, day)
        terms.append(f"{format_minor(amount, loan.digits)} x {_show_rates(loan, since, day)} x {time}")
    if number == 1 and (accrued := in_the_first_row(loan)):
        terms.insert(0, f"{show_ratio(*accrued.as_integer_ratio(), loan.digits)} by the terms before")
    return " + ".join(terms) or f"0 (paid to {start})"


def waiting_of(loan: Loan) -> Waiting | None:
    """The rows of the loan's moratorium, as they are numbered in its plan."""
    return waiting_in(len(loan.columns.principal), loan.moratorium, _repaid_at_once(loan))


def _original(loan: Loan) -> int:
    """What flat interest is taken of, before anything joins it: the principal lent, in minor units."""
    return loan.continues.original if loan.continues else loan.principal_minor


def original_by(loan: Loan, index: int) -> int:
    """What flat interest of the row at an index is taken of, with all that is paid out on the way to it."""
    return _original(loan) + loan.columns.lent_by(index, _repaid_at_once(loan))


def _repaid_at_once(loan: Loan) -> frozenset[int]:
    """The rows of down payments."""
    return loan.timeline.inserted_rows if loan.down_payments else frozenset()


def basis_of(loan: Loan) -> Basis:
    """What the interest of each row of the plan was calculated from."""
    time, method = loan.timeline, loan.repayment
    name = method.name
    return Basis(
        factors=time.factors,
        rate=str(loan.rate).removesuffix("/year"),
        shares=Texts(len(time.bounds) - 1, time.describe),
        rounding=loan.rounding,
        original=_original(loan) * 10**loan.rounding.unit_places if loan.repayment.on_original else None,
        method=name,
        waiting=loan.waiting,
        repaid_at_once=_repaid_at_once(loan),
        rates=None if loan.rate_path is None else Texts(len(time.bounds) - 1, partial(_rate_of, loan)),
        advances=_advances(loan) if loan.tranches else {},
        continues=loan.continues is not None,
        charge=method.charge_in(loan.digits + loan.rounding.unit_places) if isinstance(method, RuleOf78) else None,
        equal=_equal(loan),
    )


def _equal(loan: Loan) -> Equal | None:
    """What is the same in every row that repays, as nothing changes on the way."""
    changes = loan.tranches or loan.negative_amortization is not None or loan.continues is not None
    if changes or (loan.rate_path is not None and loan.repayment.is_solved and loan.keeps != {"level"}):
        return None
    return equal_in(loan.repayment, loan.moratorium, level=loan.level)


def _advances(loan: Loan) -> dict[int, list[tuple[int, str, Factor]]]:
    """What is paid out on the way to each row: net amount, time as text, interest per unit, in units of the columns."""
    time, unit = loan.timeline, 10**loan.rounding.unit_places
    found: dict[int, list[tuple[int, str, Factor]]] = {}
    for tranche in loan.tranches:
        index = time.row_of(tranche.on)
        end = time.accrual[index + 1]
        text, own = time.describe_part(index + 1, tranche.on, end), time.part(index + 1, tranche.on, end)
        found.setdefault(index, []).append((tranche.net(loan.digits, loan.rounding) * unit, text, own))
    return found


def _rate_of(loan: Loan, number: int) -> str:
    """The rate of a row as text."""
    start, end = loan.timeline.accrual[number - 1 : number + 1]
    return _show_rates(loan, start, end)


def _exact_to_date(loan: Loan, number: int, day: date, known_on: date | None = None) -> Factor:
    start, end = loan.timeline.accrual[number - 1 : number + 1]
    if _by_digits(loan, number):
        return _planned(loan, number) * max(0, (day - start).days), (end - start).days
    return _exact_on_balance(loan, number, day, known_on or day)


def _by_digits(loan: Loan, number: int) -> bool:
    """Whether a period has its share of a charge, of which its nights have theirs (Rule of 78)."""
    index = number - 1
    waits = loan.waiting is not None and index in loan.waiting.rows
    return loan.repayment.name == "rule_of_78" and not waits and index not in _repaid_at_once(loan)


def _planned(loan: Loan, number: int) -> int:
    """The interest that the plan puts into a period, without what a moratorium carried into it."""
    return loan.columns.interest[number - 1] - loan.columns.asks_of_carried(number - 1)


def _exact_on_balance(loan: Loan, number: int, day: date, known_on: date) -> Factor:
    time, (balance, *later) = loan.timeline, _bearing(loan, number, day)
    paid_out = [(amount, on) for amount, on in later if on <= known_on]
    amount, start = balance
    top, bottom = time.part(number, start, max(start, day))
    accrued = in_the_first_row(loan) if number == 1 else 0
    if not paid_out and not accrued:
        return amount * top, bottom
    whole = accrued + Fraction(amount * top, bottom)
    for amount, start in paid_out:
        whole += amount * Fraction(*time.part(number, start, max(start, day)))
    return whole.as_integer_ratio()


def _bearing(loan: Loan, number: int, day: date) -> Iterator[tuple[int, date]]:
    """What bears interest in a period up to a day, and since when: the balance, and what is paid out on the way."""
    time, start = loan.timeline, loan.timeline.accrual[number - 1]
    inside = (out for out in loan.tranches if time.row_of(out.on) == number - 1)
    on_the_way = [(out.net(loan.digits, loan.rounding), out.on) for out in inside]
    columns, paid_out = loan.columns, sum(amount for amount, _ in on_the_way)
    if loan.repayment.on_original:
        yield original_by(loan, number - 1) - paid_out, start
    else:
        yield columns.balance[number - 1] + columns.principal[number - 1] - paid_out, start
    yield from ((amount, on) for amount, on in on_the_way if on < day)


def _show_rates(loan: Loan, start: date, end: date) -> str:
    """The rates that the nights of an interval bear, as text."""
    path = loan.rate_path
    if path is None or end <= start:
        return str(loan.rate if path is None else path.on(start)).removesuffix("/year")
    slices = path.slices(start, end)
    if len(slices) == 1:
        return str(slices[0][0]).removesuffix("/year")
    shown = [f"{str(rate).removesuffix('/year')} for {(until - begin).days} nights" for rate, begin, until in slices]
    return f"({', '.join(shown)})"


def put_off(loan: Loan, row: int) -> tuple[Brought, ...]:
    """The interest of earlier periods that is still to be asked for when a row begins, and of which rows."""
    carried = loan.columns.carried
    if row >= len(carried) or not carried[row]:
        return ()
    brought = brought_to(loan)
    place, resumes = (loan.moratorium.interest, loan.waiting.resumes) if loan.moratorium and loan.waiting else ("", 0)
    waited = Brought(carried[min(row, resumes)] - sum(part.amount for part in brought), place)
    parts = [*brought, waited]
    if row > resumes:  # that one asked for what was carried, it and those after it for a share of what is spread
        last = sum(part.amount for part in parts if part.place == "last")
        parts = [Brought(carried[row] - last, "spread"), Brought(last, "last")]
    return tuple(part for part in parts if part.amount)
