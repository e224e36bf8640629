"""Laws over all repayment methods x day counts x roundings x currencies x rates that change, and at the extremes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loancalc as lc
from footing import MODES, RESIDUES, assert_foots
from loancalc.errors import InvalidTerms, NoSolution

START = date(2026, 1, 31)
COUNT = 13
LENT = 12_000
DAY_COUNTS = (None, "ACT/360", "ACT/365F", "30E/360")
PERIODS = {"accelerated": "2 weeks"}  # 13 of them are half a year, six months; others are of a month


def methods(count: int, unit: Decimal = Decimal(1)) -> dict[str, Any]:
    """Every method; what it states is counted in a unit."""
    return {
        "annuity": "annuity",
        "in advance": "annuity_in_advance",
        "accelerated": "accelerated",
        "extra payment": lc.ExtraPayment(100 * unit),
        "equal principal": "equal_principal",
        "interest only": "interest_only",
        "sinking fund": lc.SinkingFund("3%"),
        "lump sum": "lump_sum",
        "flat": "flat",
        "rule of 78": "rule_of_78",
        "stated charge": lc.RuleOf78(900 * unit),
        "balloon by amount": lc.Balloon(amount=3_000 * unit),
        "balloon by term": lc.Balloon(term=3 * count),
        "growing by a ratio": lc.Graduated("1.5%"),
        "falling by an amount": lc.Graduated(amount=-5 * unit, every=2, steps=4),
        "first payment rounded": lc.Graduated("2%", every=3, first_rounded=True),
        "seasonal": lc.Seasonal([1, 0, 2]),
        "given payments": lc.GivenPayments([900 * unit] * (count - 1)),
        "given principal": lc.GivenPrincipal([500 * unit] * (count - 1)),
    }


METHODS = methods(COUNT)
LEVEL = ("annuity", "in advance", "accelerated", "extra payment", "rule of 78", "stated charge", "balloon by amount")
ON_BALANCE = [name for name in METHODS if name not in ("flat", "rule of 78", "stated charge", "lump sum")]
KEEPS = {"annuity": ["term", "level", "payment"], "accelerated": ["term"]}
REFUSALS = ("does not cover the interest", "the last interest would be -", "payment: solved as -", "or repays early")

a_few = settings(max_examples=max(8, settings.default.max_examples // 4))  # there are many methods
percent = st.integers(0, 3_000).map(lambda points: Fraction(points, 10_000))
days = st.integers(1, 380).map(lambda number: START + timedelta(number))
roundings = st.one_of(
    st.builds(lc.Rounding, st.sampled_from([1, 5, 100]), st.sampled_from(MODES), st.sampled_from(RESIDUES)),
    st.sampled_from(["none", "display-only"]).map(lc.Rounding.of),
)


@st.composite
def rates(draw: st.DrawFn, name: str) -> lc.Rate | lc.RatePath:
    """One rate, or one that changes up to three times, nights without interest among them."""
    first, steps = lc.Rate(draw(percent)), draw(st.dictionaries(days, percent.map(lc.Rate), max_size=3))
    if not steps:
        return first
    keep = draw(st.sampled_from(KEEPS.get(name, ["term", "level"])))
    begin = draw(days)
    pauses = draw(st.sampled_from([[], [(begin, begin + timedelta(9))]]))
    return lc.RatePath(first, steps, keep=keep, pauses=pauses)


def plan_or_reason(name: str, count: int, **terms: Any) -> tuple[lc.Loan, lc.Schedule] | None:
    """A loan and its plan; None where the terms leave no plan, for a reason that is known and said."""
    try:
        loan = lc.Loan(**terms, start=START, installments=count, every=PERIODS.get(name))
        return loan, loan.schedule()
    except NoSolution as refusal:
        if not any(reason in str(refusal) for reason in REFUSALS):
            raise
    except InvalidTerms as refusal:  # 1, 2, or 13 fortnights less those before a new rate make no whole months
        in_time = name == "accelerated" and "that make whole months" in str(refusal)
        if not in_time and not (name == "in advance" and count == 1):
            raise
    return None


@st.composite
def plans(
    draw: st.DrawFn, name: str, rounding: st.SearchStrategy[lc.Rounding] = roundings
) -> tuple[lc.Loan, lc.Schedule]:
    """A loan by a method and its plan; a plain one where the terms leave no plan."""
    terms = {
        "principal": LENT, "rate": draw(rates(name)), "method": METHODS[name], "rounding": draw(rounding),
        "day_count": draw(st.sampled_from(DAY_COUNTS[1:] if name == "lump sum" else DAY_COUNTS)),
        "currency": draw(st.sampled_from(["JPY", "EUR", "KWD"])),
    }  # fmt: skip
    loan = lc.Loan(LENT, "6%", START, installments=COUNT)
    return plan_or_reason(name, COUNT, **terms) or (loan, loan.schedule())


@pytest.mark.parametrize("name", METHODS)
@a_few
@given(data=st.data())
def test_principal_is_conserved_no_installment_is_negative_and_the_balance_never_rises(
    name: str, data: st.DataObject
) -> None:
    loan, plan = data.draw(plans(name))
    plan.check()
    columns = plan.columns
    assert sum(columns.principal) == plan.principal_lent == loan.principal_minor * 10**loan.rounding.unit_places
    assert min(*columns.principal, *columns.interest, *columns.balance) >= 0
    assert columns.balance[-1] == 0
    assert all(later <= earlier for earlier, later in pairwise([plan.principal_lent, *columns.balance]))


def nights(loan: lc.Loan, start: date, end: date) -> Iterator[Fraction]:
    """The interest of a period per unit, by the rate of each night; whole stretches of one rate are counted at once."""
    path = loan.rate_path
    cuts = {start, end}
    for day, *until in (*path.changes, *path.pauses) if path else ():
        cuts |= {cut for cut in (day, *until) if isinstance(cut, date) and start < cut < end}
    for begin, finish in pairwise(sorted(cuts)):
        rate = (path.on(begin) if path else loan.rate).value
        if str(loan.day_count) == "periodic":
            share = Fraction(1, 12) if str(loan.every) == "1 month" else Fraction(1, 26)
            yield rate * share * (finish - begin).days / (end - start).days
        else:
            yield rate * lc.year_fraction(str(loan.day_count), begin, finish)


@pytest.mark.parametrize("name", ON_BALANCE)
@a_few
@given(data=st.data())
def test_interest_is_that_of_the_nights_on_what_is_owed(name: str, data: st.DataObject) -> None:
    """In fractions, by another route, rounded once; the last one may take the residue."""
    loan, plan = data.draw(plans(name))
    columns, balance, divide = plan.columns, plan.principal_lent, loan.rounding.divide("interest")
    for index, row in enumerate(plan):
        assert row.start is not None
        assert row.due is not None
        if row.due > row.start:
            exact = balance * sum(nights(loan, row.start, row.due), Fraction(0))
            residue = index == len(plan) - 1 and loan.rounding.residue == "last-interest"
            assert residue or columns.interest[index] == divide(*exact.as_integer_ratio())
        balance = columns.balance[index]


@pytest.mark.parametrize("name", LEVEL)
@a_few
@given(data=st.data())
def test_payments_are_equal_where_they_are_promised_to_be(name: str, data: st.DataObject) -> None:
    """But for the last one, and from one change of the rate to the next where the term is kept."""
    loan, plan = data.draw(plans(name, st.builds(lc.Rounding, st.sampled_from([1, 5, 100]), st.sampled_from(MODES))))
    path = loan.rate_path
    resolved = path is not None and path.keep == "term" and loan.repayment.is_solved
    turns = {loan.timeline.row_of(day) for day in path.turns} if path and resolved else set()
    for index in range(1, len(plan) - 1):
        assert index in turns or plan[index].total == plan[index - 1].total, (index, turns)


@pytest.mark.parametrize("name", ["equal principal", "interest only", "flat", "sinking fund"])
@a_few
@given(data=st.data())
def test_principal_parts_are_equal_where_they_are_promised_to_be(name: str, data: st.DataObject) -> None:
    _, plan = data.draw(plans(name, st.just(lc.Rounding())))
    assert len({row.principal for row in plan[:-1]}) <= 1


@pytest.mark.parametrize("name", METHODS)
@a_few
@given(data=st.data(), times=st.integers(2, 10_000))
def test_an_unrounded_plan_scales_with_the_principal_and_what_the_method_states(
    name: str, data: st.DataObject, times: int
) -> None:
    rate, counted = data.draw(rates(name)), data.draw(st.sampled_from(DAY_COUNTS[1:]))
    terms = {"rate": rate, "start": START, "installments": COUNT, "every": PERIODS.get(name), "day_count": counted}
    try:
        one = lc.Loan(LENT, **terms, method=METHODS[name], rounding="none").schedule()
    except (NoSolution, InvalidTerms):
        return
    scaled = methods(COUNT, Decimal(times))[name]
    many = lc.Loan(LENT * times, **terms, method=scaled, rounding="none").schedule()
    for small, large in zip(one, many, strict=True):
        for amount, other in zip(small[3:], large[3:], strict=True):
            assert abs(times * Fraction(amount) - Fraction(other)) < Fraction(times, 10**40)


# The extremes

LEAST, MOST = Decimal("0.01"), Decimal("1e13")


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("rate", ["0%", "0.000000001%", "12%", "1000%"])
@pytest.mark.parametrize("lent", [LEAST, MOST], ids=str)
def test_an_extreme_loan_is_right_or_refused_with_a_reason(name: str, rate: str, lent: Decimal) -> None:
    """Of one period and of thirteen, the first of one day, of a period, of five years."""
    unit = Decimal(10**9) if lent == MOST else Decimal(0)
    for count, first_due in product((1, COUNT), (None, "2026-02-01", "2031-01-31")):
        terms: dict[str, Any] = {"day_count": "ACT/365F"} if name == "lump sum" else {"first_due": first_due}
        made = plan_or_reason(name, count, principal=f"{lent:f}", rate=rate, method=methods(count, unit)[name], **terms)
        if made is None:
            continue
        _, plan = made
        assert_foots(plan, lent)
        assert rate != "0%" or name == "stated charge" or plan.total_interest == 0


@pytest.mark.parametrize(
    "name", ["annuity", "extra payment", "equal principal", "flat", "rule of 78", "balloon by term", "seasonal"]
)
@pytest.mark.parametrize("rate", ["0.000000001%", "12%"])
def test_a_hundred_years_of_months(name: str, rate: str) -> None:
    made = plan_or_reason(name, 1200, principal=1_000_000, rate=rate, method=methods(1200)[name])
    if made is None:
        assert name in ("rule of 78", "seasonal")
        return
    loan, plan = made
    plan.check()
    columns, balance = plan.columns, plan.principal_lent
    top, bottom = loan.rate.factor((1, 12), 0)
    for index, interest in enumerate(columns.interest):
        assert name not in ON_BALANCE or interest == (2 * balance * top + bottom) // (2 * bottom)
        balance -= columns.principal[index]
    assert columns.balance[-1] == 0
