"""What many loans share, so that it is made once: due dates, the worth of their periods, the level payment of a unit."""

from __future__ import annotations

import gc
import pickle
import weakref
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidTerms, LoanError
from loancalc.io import from_json, to_json
from loancalc.plan import agreed_time, charges, patterns
from loancalc.testing import loans
from loancalc.time import frequency
from loancalc.time.frequency import Frequency, dates_from
from loancalc.values.rates import Rate

SHARED = (
    agreed_time._anchored,
    frequency._in_usual_months,
    patterns._level_over_equal_periods,
    charges.no_charges,
)


def loan_with(**terms: Any) -> lc.Loan:
    return lc.Loan(**{"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12} | terms)


def forget() -> None:
    for shared in SHARED:
        shared.cache_clear()


def figures(loan: lc.Loan) -> tuple[Any, ...]:
    time = loan.timeline
    return loan.schedule(), str(loan.schedule()), time.dates, time.accrual, tuple(time.factors), loan.assumptions


@given(loans(any_plan=True))
def test_what_other_loans_left_behind_changes_no_figure(loan: lc.Loan) -> None:
    written = to_json(loan)
    shared = figures(from_json(written))
    forget()
    assert figures(from_json(written)) == shared


@pytest.mark.parametrize(
    "other",
    [
        {"rate": "12.5%"},
        {"rate": "1%/month"},
        {"rate": "12% effective"},
        {"start": "2026-01-16"},
        {"installments": 13},
        {"every": "2 weeks"},
        {"first_due": "2026-02-20"},
        {"start": "2026-01-31", "month_end": True},
        {"day_count": "ACT/360"},
        {"day_count": "30E/360", "method": "lump_sum"},
        {"method": "annuity_in_advance"},
        {"calendar": "TARGET", "adjust": "following", "interest_moves": True},
    ],
    ids=str,
)
def test_a_loan_with_one_other_term_has_figures_of_its_own(other: dict[str, Any]) -> None:
    forget()
    alone = figures(loan_with(**other))
    forget()
    usual = figures(loan_with())
    assert figures(loan_with(**other)) == alone != usual
    assert figures(loan_with()) == usual


def test_loans_that_begin_together_and_run_as_long_share_their_time() -> None:
    one, two = loan_with(), loan_with(principal=Decimal("777.77"), allocation="oldest-installment-first")
    assert one.timeline is two.timeline
    assert all(own is other for own, other in zip(one.dates[1:], loan_with(rate="3%").dates[1:], strict=True))


@pytest.mark.parametrize(
    "same", [0.1, Decimal("0.1"), Decimal("0.10"), Fraction(1, 10), "10%", "1000bp", Rate.parse("10%")]
)
def test_rates_that_are_equal_are_one_however_they_are_written(same: Any) -> None:
    forget()
    first, usual = loan_with(rate=same), loan_with(rate="10%")
    assert (hash(first.rate), first.rate) == (hash(usual.rate), usual.rate)
    assert figures(first) == figures(usual)
    assert Rate(Fraction(1, 10), per="month") != usual.rate != Rate(Fraction(1, 10), compounds=1)


@pytest.mark.parametrize("refused", [True, 1.0, "1", Decimal(1), Fraction(1)], ids=repr)
def test_what_equals_an_accepted_number_is_refused_as_ever_after_it(refused: Any) -> None:
    loan_with(installments=1)
    with pytest.raises(InvalidTerms, match="installments"):
        loan_with(installments=refused)


@pytest.mark.parametrize("refused", [True, 1, 1.0, Decimal(1)], ids=repr)
def test_a_number_that_may_be_a_percentage_is_refused_whatever_was_read_before(refused: Any) -> None:
    loan_with(rate="100%")
    with pytest.raises(LoanError, match="rate"):
        loan_with(rate=refused)


def test_what_is_shared_is_bounded() -> None:
    assert [shared.cache_info().maxsize for shared in SHARED] == [256, 31, 256, 256]


def test_a_method_of_the_users_own_cannot_touch_the_time_of_other_loans() -> None:
    def greedy(problem: lc.Problem) -> lc.Columns:
        problem.factors[0] = (1, 2)  # type: ignore[index]  # that it cannot is what is tested
        raise AssertionError

    with pytest.raises(TypeError):
        loan_with(method=greedy)


def test_a_loan_whose_plan_was_asked_for_is_gone_when_nobody_has_it() -> None:
    gc.disable()
    try:
        loan = loan_with()
        plan = loan.schedule()
        assert (plan.explain(1), plan.assumptions) == (loan.schedule().explain(1), loan.assumptions)
        gone = weakref.ref(loan), weakref.ref(plan)
        del loan, plan
        assert [left() for left in gone] == [None, None]
    finally:
        gc.enable()


def test_another_order_of_allocation_leaves_the_kind_of_loan_and_the_plan_as_they_are() -> None:
    class Ours(lc.Loan):
        pass

    loan = Ours(12_000, "12%", "2026-01-15", installments=12)
    other = loan.with_allocation("oldest-installment-first")
    assert (type(other), other.allocation.name) == (Ours, "oldest-installment-first")
    assert other.schedule() == loan.schedule()
    assert loan.allocation.name == "cost-interest-principal"


def test_a_plan_explains_itself_after_its_loan_is_gone() -> None:
    plan = loan_with().schedule()
    expected = "1: interest 12000.00 x 12% x 1/12 = 120.00 -> 120.00; principal 1066.19 - 120.00 = 946.19"
    assert plan.explain(1) == pickle.loads(pickle.dumps(plan)).explain(1) == expected


@given(
    st.dates(date(1960, 1, 1), date(2110, 12, 31)),
    st.integers(1, 30),
    st.integers(1, 40),
    st.integers(-20, 20),
    st.booleans(),
)
def test_dates_of_usual_and_of_other_years_are_counted_alike(
    anchor: date, step: int, count: int, first: int, month_end: bool
) -> None:
    counted = dates_from(anchor, Frequency(step, "month"), count, first=first, month_end=month_end)
    day = 31 if month_end else anchor.day
    begin = anchor.replace(day=1)
    assert counted == [begin + relativedelta(months=step * number, day=day) for number in range(first, first + count)]
    assert all(sooner < later for sooner, later in pairwise(counted))


def test_the_dates_that_are_given_out_are_the_callers_own() -> None:
    first = dates_from(date(2026, 1, 15), Frequency(1, "month"), 3)
    first.clear()
    assert len(dates_from(date(2026, 1, 15), Frequency(1, "month"), 3)) == 3
