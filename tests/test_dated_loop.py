"""Loans with dates, day counts and rates that change, beside a plain loop in fractions that walks their nights."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from dated_loop import DAY_COUNTS, Quote, Time, months_later, plan_that_keeps, plan_with_changes
from loancalc.errors import NoSolution
from plan_loop import NotCovered, Row, Rule, Shape, Terms, in_proportion, level, plans, solved

HALF_UP = Rule("half-up", 1)
starts = st.dates(date(2023, 1, 1), date(2028, 12, 31))
yearly = st.integers(0, 3_000).map(lambda points: Quote(Fraction(points, 10_000)))
nightly = st.integers(0, 100).map(lambda points: Quote(Fraction(points, 100_000), per_night=True))
compounding = st.builds(
    lambda points, times: Quote(Fraction(points, 10_000), times=times),
    st.integers(0, 2_500),
    st.sampled_from([1, 2, 4, 12]),
)
kinds = st.sampled_from([yearly, yearly, nightly, compounding])
a_few = settings(max_examples=max(15, settings.default.max_examples // 2))


def rate_of(quote: Quote) -> lc.Rate:
    return lc.Rate(quote.value, "day" if quote.per_night else "year", quote.times)


@st.composite
def times(draw: st.DrawFn, *, changes: int = 3) -> Time:
    """Months from a start, and a rate that changes so often."""
    start, count, kind = draw(starts), draw(st.integers(2, 20)), draw(kinds)
    days = draw(st.sets(st.integers(1, 31 * count), max_size=changes).map(sorted))
    rates = [(start, draw(kind)), *((start + timedelta(day), draw(kind)) for day in days)]
    return Time([months_later(start, number) for number in range(count + 1)], draw(st.sampled_from(DAY_COUNTS)), rates)


def loan_of(time: Time, lent: int, keep: str | None = None, cap: Fraction | None = None, **terms: Any) -> lc.Loan:
    """The same loan in the library; its amounts are whole units."""
    (start, first), *changes = time.rates
    path = lc.RatePath(rate_of(first), {day: rate_of(quote) for day, quote in changes}, keep=keep, payment_cap=cap)
    count = {} if first.per_night else {"day_count": time.day_count}
    return lc.Loan(
        lent, path if changes else rate_of(first), start,
        **{"installments": len(time.bounds) - 1, "currency": "JPY"} | count | terms,
    )  # fmt: skip


def rows_of(plan: lc.Schedule) -> list[Row]:
    plan.check()
    return [(int(row.principal), int(row.interest)) for row in plan]


@pytest.mark.parametrize("name", ["annuity", "annuity_in_advance", "balloon", "graduated", "seasonal"])
@a_few
@given(time=times(), lent=st.integers(1_000, 5_000_000), data=st.data())
def test_payments_that_are_solved_again_over_new_rates_and_pay_outs(
    name: str, time: Time, lent: int, data: st.DataObject
) -> None:
    count = len(time.bounds) - 1
    nights = st.integers(1, (time.bounds[-1] - time.bounds[0]).days - 1 - 31 * (name == "annuity_in_advance"))
    more = st.tuples(nights.map(lambda number: time.bounds[0] + timedelta(number)), st.integers(1, lent))
    outs = data.draw(st.lists(more, max_size=2))
    shape, method = {
        "balloon": (Shape([Fraction(1)] * count, [0] * (count - 1) + [lent // 3]), lc.Balloon(lent // 3)),
        "graduated": (Shape([Fraction(51, 50) ** row for row in range(count)], [0] * count), lc.Graduated("2%")),
        "seasonal": (Shape([Fraction(1 + row % 3) for row in range(count)], [0] * count), lc.Seasonal([1, 2, 3])),
    }.get(name, (level(count), name))
    due = time._replace(bounds=[time.bounds[0], *time.bounds[:-1]]) if name == "annuity_in_advance" else time
    terms = Terms(lent, [], HALF_UP, HALF_UP, "last")
    loan = loan_of(time, lent, keep="term", method=method, tranches=[lc.Tranche(*out) for out in outs])
    try:
        expected = plan_with_changes(terms, shape, due, outs)
    except NotCovered:
        with pytest.raises(NoSolution):
            loan.schedule()
        return
    assert rows_of(loan.schedule()) == expected


@pytest.mark.parametrize("name", ["equal_principal", "interest_only", "lump_sum", "flat", "annuity"])
@a_few
@given(time=times(), lent=st.integers(1_000, 5_000_000))
def test_rates_that_are_known_from_the_start(name: str, time: Time, lent: int) -> None:
    factors = [time.factor(row) for row in range(len(time.bounds) - 1)]
    terms = Terms(lent, factors, HALF_UP, HALF_UP, "last")
    if name == "lump_sum" and time.rates[0][1].times is None and time.day_count != "periodic":
        loan = loan_of(time, lent, method=name, installments=None, end=time.bounds[-1])
        whole = time._replace(bounds=[time.bounds[0], time.bounds[-1]])
        terms = terms._replace(factors=[whole.factor(0)])
    elif name == "lump_sum":
        return
    else:
        loan = loan_of(time, lent, keep="level", method=name)
    try:
        expected = plans(name, terms)
    except NotCovered:
        with pytest.raises(NoSolution):
            loan.schedule()
        return
    assert rows_of(loan.schedule()) in expected


@a_few
@given(time=times(), lent=st.integers(1_000, 5_000_000))
def test_a_payment_that_stays_changes_the_term(time: Time, lent: int) -> None:
    """It is solved over the rate of the start, and goes on until nothing is owed."""
    first = time._replace(rates=time.rates[:1])
    count = len(time.bounds) - 1
    terms = Terms(lent, [first.factor(row) for row in range(count)], HALF_UP, HALF_UP, "last")
    payment = HALF_UP(solved(terms, level(count)))
    longer = time._replace(bounds=[months_later(time.bounds[0], number) for number in range(10 * count)])
    turns = [day for day, _ in time.rates[1:] if day < time.bounds[-1]]
    try:
        expected = plan_that_keeps(terms, payment, longer) if turns else in_proportion(terms, level(count))[0]
    except NotCovered:
        return  # it may never repay
    assert rows_of(loan_of(time, lent, keep="payment").schedule()) == expected
