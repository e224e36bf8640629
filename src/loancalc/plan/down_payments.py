"""Down payments: pay-outs of which a part is paid back on the same day, and the rows that they have in a plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.columns import Columns
from loancalc.plan.timeline import Timeline
from loancalc.values.money import format_minor

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

DownPayment = tuple[date, int, int]
"""A pay-out of which a part is paid back at once: its day, its amount and that part, in minor units."""


def down_payments_of(loan: Loan) -> tuple[DownPayment, ...]:
    """The down payments of a loan, in order of their days, rounded as installments are.

    Raises:
        InvalidTerms: If rounding makes one of them all of its pay-out, or more.
    """
    if not loan.down_payment and not loan.tranches:
        return ()
    outs = [(loan.start, loan.principal_minor, loan.down_payment)]
    outs += [(tranche.on, tranche.minor(loan.digits), tranche.down_payment) for tranche in loan.tranches]
    divide = loan.rounding.divide_whole("installment")
    found = tuple((day, out, divide(*(out * share).as_integer_ratio())) for day, out, share in outs if share)
    for day, out, down in found:
        if down >= out:
            got, whole = format_minor(down, loan.digits), format_minor(out, loan.digits)
            raise InvalidTerms(
                f"down_payment: rounded to {got} on {day}; expected less than the {whole} that are paid out"
            )
    return found


def with_their_rows(columns: Columns, loan: Loan, time: Timeline) -> Columns:
    """The columns of a plan, with a row for each down payment: principal that is paid back on the day of its pay-out."""
    unit = 10**loan.rounding.unit_places
    whole = [(tranche.on, tranche.minor(loan.digits)) for tranche in loan.tranches if not tranche.down_payment]
    for place, (day, amount, down) in enumerate(loan.down_payments):
        row = time.row_of(day)
        _check_day(day, time, row)
        index, at_start = row + place, day == loan.start
        out = sum(other for on, other in whole if on <= day and time.row_of(on) == row)  # before it, in its period
        whole = [(on, other) for on, other in whole if on > day]
        out += 0 if at_start else amount
        left = (out - down) * unit
        before = columns.balance[index - 1] if index else loan.principal_minor * unit
        columns = _with_row(columns, index, down * unit, before + left)
        if not at_start:
            advanced = dict(columns.advanced)
            advanced |= {index: out * unit, index + 1: advanced.get(index + 1, 0) - left}
            columns = columns._replace(advanced=tuple(advanced.items()))
    return columns._replace(advanced=tuple((row, out) for row, out in sorted(columns.advanced) if out))


def _check_day(day: date, time: Timeline, row: int) -> None:
    first, last = time.dates[row : row + 2]
    if not first <= day <= last:
        raise InvalidTerms(
            f"tranches.down_payment: got one on {day}, whose interest period is paid from {first} to {last}; "
            "expected a day between the two, as the calendar moves them"
        )


def _with_row(columns: Columns, index: int, principal: int, balance: int) -> Columns:
    """Columns with a row more, which asks for principal alone."""

    def moved(amounts: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((row + (row >= index), amount) for row, amount in amounts)

    carried = columns.carried
    return columns._replace(
        principal=[*columns.principal[:index], principal, *columns.principal[index:]],
        interest=[*columns.interest[:index], 0, *columns.interest[index:]],
        balance=[*columns.balance[:index], balance, *columns.balance[index:]],
        advanced=moved(columns.advanced),
        carried=carried and (*carried[:index], carried[index], *carried[index:]),
        beside=moved(columns.beside),
    )
