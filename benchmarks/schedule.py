"""A schedule of 360 rows, against a loop in plain Python with `float` and `round()`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import cycle

from measure import Case, compare

from loancalc import Loan

PRINCIPAL, YEARLY, COUNT = 300_000, 0.045, 360
FloatRow = tuple[int, date, float, float, float, float]

MONTHS_OF_31 = (1, 3, 5, 7, 8, 10, 12)
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def floor(principal: float, yearly: float, start: date, count: int) -> list[FloatRow]:
    """The floor: what one writes by hand for this one loan, without the library."""
    rate = yearly / 12
    payment = round(principal * rate / (1 - (1 + rate) ** -count), 2)
    year, month, day = start.year, start.month, start.day
    balance = float(principal)
    rows = []
    for number in range(1, count + 1):
        month += 1
        if month > 12:
            year, month = year + 1, 1
        last = LENGTHS[month - 1]
        if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
            last = 29
        due = date(year, month, day if day <= last else last)
        interest = round(balance * rate, 2)
        if number < count:
            part = round(payment - interest, 2)
            balance = round(balance - part, 2)
            rows.append((number, due, part, interest, payment, balance))
        else:
            rows.append((number, due, balance, interest, round(balance + interest, 2), 0.0))
    return rows


def make(start: date) -> Loan:
    return Loan(principal=PRINCIPAL, rate="4.5%", start=start, installments=COUNT)


def unplanned(terms: Loan) -> Loan:
    """The same terms, read and validated, with nothing computed from them yet."""
    loan: Loan = object.__new__(Loan)
    for term in fields(Loan):
        object.__setattr__(loan, term.name, getattr(terms, term.name))
    return loan


def begins(start: date) -> Iterator[date]:
    """The same day of other months, over and over: more of them than loans of which the library keeps the time."""
    return cycle([start.replace(year=year, month=month) for year in range(1990, 2030) for month in MONTHS_OF_31])


def columns(loan: Loan) -> object:
    plan = loan.schedule()
    return plan.columns, plan.dates


def rows(loan: Loan) -> object:
    return loan.schedule().rows


def differing(start: date) -> int:
    """Rows in which the floor's floats are not the exact cents; its dates have to agree."""
    ours = make(start).schedule()
    theirs = floor(PRINCIPAL, YEARLY, start, COUNT)
    assert [row[1] for row in theirs] == [row.due for row in ours]
    exact = [(row.principal, row.interest, row.total, row.balance) for row in ours]
    return sum(tuple(Decimal(repr(x)) for x in row[2:]) != cents for row, cents in zip(theirs, exact, strict=True))


def run(rounds: int) -> None:
    for start in (date(2026, 1, 15), date(2026, 1, 31)):
        days = begins(start)
        fresh = map(unplanned, map(make, begins(start))).__next__
        compare(
            f"schedule: 360 monthly rows from {start} (the floor's cents differ in {differing(start)} of them)",
            [
                Case("floor: float and round(), tuples", partial(_floor, start)),
                Case("(a) columns and dates, terms made", columns, fresh, target=0.6),
                Case("(b) Loan made, validated, columns and dates", _from_terms, days.__next__),
                Case("(c) all rows with Decimals, terms made", rows, fresh, target=2.0),
                Case("(d) Loan made, validated, all rows", _rows_from_terms, days.__next__),
            ],
            rounds,
        )


def _floor(start: date, _: object) -> object:
    return floor(PRINCIPAL, YEARLY, start, COUNT)


def _from_terms(start: date) -> object:
    return columns(make(start))


def _rows_from_terms(start: date) -> object:
    return rows(make(start))
