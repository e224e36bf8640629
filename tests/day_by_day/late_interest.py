"""Late and compound interest: which nights bear it, on what, at which rate, and what the nights of a line come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import loancalc as lc
from day_by_day.arithmetic import earned, rounded
from day_by_day.debt import SCHEDULED, Installment, Line
from loancalc.time.frequency import Frequency, date_at

if TYPE_CHECKING:
    from day_by_day.book import Book

NIGHT = timedelta(1)


def last_of_grace(loan: lc.Loan, due: date) -> date:
    """The last day late that carries no charge; the due date where there is none."""
    grace = loan.late and loan.late.grace
    return grace.last_day(due) if grace and grace.kind != "status-only" else due


def rate_of_night(book: Book, day: date) -> lc.Rate:
    """What the night of a day bears: by itself, or over the contract rate or a base rate of that night."""
    assert book.loan.late
    assert book.loan.late.interest
    terms = book.loan.late.interest
    if isinstance(terms.rate, lc.Rate):
        return terms.rate
    if terms.over != "contract":
        return terms.over.over(terms.rate, day)
    return terms.rate.over(book.clock.rate_of_night(day))


def rate_changes(book: Book, day: date) -> None:
    """A line ends when its rate changes."""
    if not book.loan.late or not book.loan.late.interest or day == book.loan.start:
        return
    eve, now = (rate_of_night(book, night) for night in (day - NIGHT, day))
    for installment in book.installments if eve != now else ():
        installment.end_lines(day)


def is_late_night(book: Book, installment: Installment, day: date) -> bool:
    """Whether the night of `day` bears late charges; in a deferred grace it does, but they do not stand yet."""
    loan = book.loan
    assert loan.late
    terms, grace = loan.late.interest, loan.late.grace
    if terms is None or is_over(book, installment, day) or within_tolerance(book, day):
        return False
    if day < first_night(loan, installment):
        return False
    if grace and grace.kind == "deferred":
        return installment.stands or day <= last_of_grace(loan, installment.due)
    return True


def first_night(loan: lc.Loan, installment: Installment) -> date:
    """After the free nights and the days or the date before which nothing accrues."""
    assert loan.late
    assert loan.late.interest
    starts, grace = loan.late.interest.starts, loan.late.grace
    is_free = grace and grace.kind == "free"
    begins = last_of_grace(loan, installment.due) if is_free else installment.due
    return max(begins, starts) if isinstance(starts, date) else begins + starts * NIGHT


def is_over(book: Book, installment: Installment, day: date) -> bool:
    """Whether late interest of an installment has come to its end."""
    assert book.loan.late
    assert book.loan.late.interest
    stops = book.loan.late.interest.stops
    if stops == "cap":
        return book.has_cut
    if isinstance(stops, date):
        return day >= stops
    if stops == "charge-off":
        return book.is_charged_off
    if stops is None:
        return False
    return day >= first_night(book.loan, installment) + int(stops) * NIGHT


def within_tolerance(book: Book, day: date) -> bool:
    """Whether so little is unpaid of what was due by a day that nothing counts as past due."""
    tolerance = book.loan.late and book.loan.late.tolerance
    if not tolerance:
        return False
    due = [installment for installment in book.installments if installment.due <= day]
    unpaid = sum(installment.unpaid(name) for installment in due for name in SCHEDULED)
    limits = [book.minor(tolerance.amount)] if tolerance.amount is not None else []
    limits += [int(book.outstanding_principal * tolerance.share)] if tolerance.share is not None else []
    return unpaid <= max(limits)


def bases(book: Book, installment: Installment, day: date) -> Iterator[tuple[str, int, Line | None]]:
    """What the night of a day bears on, by component; compound interest may also bear on a line of late interest."""
    terms = book.loan.late and book.loan.late.interest
    if not terms:
        return
    late = is_late_night(book, installment, day)
    bearing = installment.unpaid("principal") if late else 0
    if late and terms.base in ("principal+interest", "installment"):
        bearing += installment.unpaid("interest")
    if late and terms.base == "installment":
        bearing += installment.unpaid("fee")
    if terms.base == "outstanding-principal":
        oldest = next((one for one in book.installments if is_late_night(book, one, day) and one.is_unpaid), None)
        bearing = book.outstanding_principal if installment is oldest else 0
    yield "late_interest", bearing, None
    if terms.compound == "none":
        return
    base = installment.unpaid("interest") if late else 0
    growing = None
    if late and terms.compound == "capitalize":
        base += installment.capitalized
    if late and terms.compound == "interest-and-late-interest":
        growing = installment.running("late_interest")
        gone = (
            installment.paid["late_interest"] + installment.waived["late_interest"] + installment.cut["late_interest"]
        )
        ended = sum(book.worth(line) for line in installment.lines if line.component == "late_interest" and line.end)
        base += ended - gone
    yield "compound_interest", base, growing


def capitalize(book: Book) -> bool:
    """On each of its dates what is unpaid of late and compound interest begins to bear compound interest; whether it is one."""
    terms = book.loan.late and book.loan.late.interest
    if not terms or terms.capitalizes is None:
        return False
    is_one = False
    for installment in book.installments:
        runs = any(installment.running(name) for name in ("late_interest", "compound_interest"))
        if runs and installment.stands and _is_date_of(terms, installment, book.day):
            is_one = True
            installment.end_lines(book.day)
            installment.capital = {
                name: (book.owed(installment, name), installment.settled(name))
                for name in ("late_interest", "compound_interest")
            }
    return is_one


def _is_date_of(terms: lc.LateInterest, installment: Installment, day: date) -> bool:
    if not isinstance(terms.capitalizes, Frequency):
        return day in (terms.capitalizes or ())
    number = 1
    while (on := date_at(installment.due, terms.capitalizes, number)) < day:
        number += 1
    return on == day


def come_to(book: Book, line: Line, end: date) -> int:
    """The nights of a line, exact and rounded once; or each night rounded."""
    assert book.loan.late
    assert book.loan.late.interest
    terms, rounding = book.loan.late.interest, book.loan.rounding
    rate = rate_of_night(book, line.start)
    if line.growing is None and terms.rounded == "line":
        return rounded(line.base * earned(rate, terms.day_count, line.start, end), rounding, "accrual")
    total, by_night, night = Fraction(0), 0, line.start
    while night < end:
        base = Fraction(line.base)
        if line.growing is not None:
            base += line.growing.base * earned(rate, terms.day_count, line.growing.start, night)
        interest = base * earned(rate, terms.day_count, night, night + NIGHT)
        total += interest
        by_night += rounded(interest, rounding, "accrual")
        night += NIGHT
    # what a cap cut is rounded, so that a growing base may be less than nothing by part of a unit
    return by_night if terms.rounded == "night" else rounded(max(total, Fraction(0)), rounding, "accrual")
