"""Rates of return: laws, then the printed examples, then what other tools get wrong."""

from __future__ import annotations

import pickle
import time
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from loancalc.errors import (
    InvalidAmount,
    InvalidDate,
    InvalidTerms,
    LoanError,
    MissingContext,
    NoSolution,
    SeveralRates,
)
from loancalc.meaning.cost import RULES, RateOfReturn, apr, flows_of, irr, xirr
from loancalc.numbers.exact_roots import without_fractions
from loancalc.plan.fees import Fee
from loancalc.plan.loan import Loan


def worth(amounts: list[int], times: list[int], rate: mpf) -> mpf:
    return sum(amount / (1 + rate) ** number for amount, number in zip(amounts, times, strict=True))


def exact_rate(amounts: list[int], times: list[int], near: float) -> mpf:
    """The root of the equation next to `near`, to 60 digits."""
    with mp.workdps(60):
        rate = mpf(near)
        for _ in range(6):
            slope = sum(-t * a / (1 + rate) ** (t + 1) for a, t in zip(amounts, times, strict=True))
            rate -= worth(amounts, times, rate) / slope
        return +rate


def flat_loan() -> Loan:
    fee = Fee("20", each="installment")
    return Loan(principal=12_000, rate="1%/month", start="2026-01-15", installments=12, method="flat", fees=[fee])


# --- laws -------------------------------------------------------------------------------------------------------------

payments = st.lists(st.integers(0, 10**7), min_size=1, max_size=40).filter(any)
signed = st.lists(st.integers(-1000, 1000), min_size=2, max_size=8)


def roots_of(amounts: list[int]) -> tuple[float, ...]:
    try:
        return (irr(amounts).per_period,)
    except SeveralRates as several:
        return several.roots
    except NoSolution:
        return ()


@given(st.integers(1, 10**9), payments)
@example(1, [0, 0, 10**7])
@example(10**9, [1])
def test_a_rate_of_one_change_of_sign_is_the_nearest_float_to_the_exact_one(lent: int, paid: list[int]) -> None:
    amounts = [-lent, *paid]
    rate = irr(amounts).per_period
    exact = exact_rate(amounts, list(range(len(amounts))), rate)
    assert rate == float(exact)


@given(st.integers(1, 10**6), payments, st.sampled_from([1e-9, 1e-7, 1e-4]))
def test_a_tiny_rate_keeps_its_relative_accuracy(lent: int, paid: list[int], size: float) -> None:
    extra = 1 + int(size * 10**9)
    amounts = [-(10**9) * sum(paid), *(10**9 * amount for amount in paid[:-1]), 10**9 * paid[-1] + extra * lent]
    rate = irr(amounts).per_period
    exact = exact_rate(amounts, list(range(len(amounts))), rate)
    assert rate == pytest.approx(float(exact), rel=1e-13, abs=0)


@given(st.lists(st.integers(30, 250), min_size=1, max_size=12, unique=True))
@settings(max_examples=60)
def test_every_rate_that_was_built_into_the_amounts_is_found(percents: list[int]) -> None:
    amounts = [1]
    for percent in percents:  # multiply by (100 x - percent), a root at the growth factor percent / 100
        amounts = [100 * a - percent * b for a, b in zip([*amounts, 0], [0, *amounts], strict=True)]
    assert list(roots_of(amounts)) == [(percent - 100) / 100 for percent in sorted(percents)]


@given(st.integers(30, 250), st.integers(30, 250), st.integers(2, 5))
@settings(max_examples=30)
def test_a_rate_that_only_touches_zero_is_found_once(twice: int, other: int, times: int) -> None:
    amounts = [1]
    for percent in [twice] * times + [other] * (other != twice):
        amounts = [100 * a - percent * b for a, b in zip([*amounts, 0], [0, *amounts], strict=True)]
    assert list(roots_of(amounts)) == sorted({(percent - 100) / 100 for percent in (twice, other)})


@given(
    st.lists(
        st.tuples(st.integers(-99, 99), st.integers(0, 4), st.sampled_from(["0", "1/2", "1/3", "6/15"])), min_size=2
    ),
    st.fractions(Fraction(-9, 10), 3, max_denominator=20),
)
def test_clearing_simple_fractions_moves_no_root(terms: list[tuple[int, int, str]], rate: Fraction) -> None:
    amounts, times, parts = [term[0] for term in terms], [term[1] for term in terms], [Fraction(t[2]) for t in terms]
    cleared, when = without_fractions(amounts, times, parts) if any(amounts) else ([], [])
    before = sum(a / ((1 + f * rate) * (1 + rate) ** t) for a, t, f in zip(amounts, times, parts, strict=True))
    after = sum(a / (1 + rate) ** t for a, t in zip(cleared, when, strict=True))
    assert (before > 0, before < 0) == (after > 0, after < 0)


@given(signed)
def test_every_rate_found_is_a_change_of_sign_or_a_touch_and_none_lies_between(amounts: list[int]) -> None:
    found = roots_of(amounts)
    with mp.workdps(60):
        factors = [mpf(1) + mpf(rate) for rate in found]
        marks = [mpf("1e-6"), *factors, mpf(10) ** 6]
        for low, high in pairwise(marks):  # between two rates the sum keeps one sign
            inside = [low + (high - low) * k / mpf(20) for k in range(1, 20)]
            signs = {mp.sign(worth(amounts, list(range(len(amounts))), factor - 1)) for factor in inside}
            assert len(signs) == 1


@given(signed, st.integers(1, 50))
def test_scaling_or_reversing_the_sign_of_all_amounts_changes_no_rate(amounts: list[int], scale: int) -> None:
    assert roots_of([scale * amount for amount in amounts]) == roots_of(amounts)
    assert roots_of([-amount for amount in amounts]) == roots_of(amounts)


@given(signed, st.integers(1, 400))
def test_delaying_all_amounts_changes_no_rate(amounts: list[int], delay: int) -> None:
    assert roots_of([0] * delay + amounts) == roots_of(amounts)


@given(signed)
def test_running_time_backward_inverts_every_growth_factor(amounts: list[int]) -> None:
    backward = sorted(1 / (1 + rate) - 1 for rate in roots_of(amounts[::-1]))
    assert list(roots_of(amounts)) == [pytest.approx(rate, rel=1e-9, abs=1e-9) for rate in backward]


@given(st.lists(st.tuples(st.integers(-(10**5), 10**5), st.dates(date(2000, 1, 1), date(2040, 1, 1))), max_size=12))
def test_the_order_in_which_dated_amounts_are_given_changes_nothing(flows: list[tuple[int, date]]) -> None:
    def outcome(some: list[tuple[int, date]]) -> object:
        try:
            return xirr([amount for amount, _ in some], [on for _, on in some])
        except LoanError as error:
            return str(error)

    assert outcome(flows) == outcome(flows[::-1])


def test_an_annuity_paid_as_agreed_returns_its_nominal_rate_up_to_the_cents() -> None:
    loan = Loan(principal=12_000_000, rate="12%", start="2026-01-15", installments=12)
    assert irr(loan).nominal == pytest.approx(0.12, abs=1e-8)


def test_cost_does_not_depend_on_the_decimal_context_of_the_caller() -> None:
    loan = flat_loan()
    before = irr(loan).nominal, apr(loan, rule="eu")
    with localcontext() as context:
        context.prec = 3
        assert (irr(loan).nominal, apr(loan, rule="eu")) == before


# --- the loan of the design -------------------------------------------------------------------------------------------


def test_a_flat_loan_with_a_monthly_fee_costs_more_than_twice_its_quoted_rate() -> None:
    rate = irr(flat_loan())
    assert (round(rate.nominal, 4), round(rate.effective, 4)) == (0.2491, 0.2796)
    bare = Loan(principal=12_000, rate="1%/month", start="2026-01-15", installments=12, method="flat")
    assert round(irr(bare).nominal, 4) == 0.2146
    assert [str(apr(flat_loan(), rule=rule)) for rule in RULES] == [
        "24.91 % (us-reg-z)",
        "28.0 % (eu)",
        "27.96 % (cn)",
        "24.91 % (cn-simple)",
    ]


def test_a_loan_is_the_flows_of_its_plan_with_fees() -> None:
    flows = flows_of(flat_loan())
    assert flows[0] == (date(2026, 1, 15), Decimal(-12_000))
    assert {flow.amount for flow in flows[1:]} == {Decimal("1140.00")}
    amounts, dates = [flow.amount for flow in flows], [flow.on for flow in flows]
    for rule in RULES:
        assert apr(amounts, dates, rule=rule).rate == apr(flat_loan(), rule=rule).rate


def test_a_single_payment_is_one_period_of_its_whole_term() -> None:
    month = Loan(principal=10_000, rate="0.05%/day", start="2026-03-01", end="2026-03-31", method="lump_sum")
    assert irr(month).per_period == 0.015
    assert irr(month).periods_per_year == Fraction(365, 30)
    half = Loan(principal=10_000, rate="0.05%/day", start="2026-03-01", end="2026-09-01", method="lump_sum")
    assert irr(half).periods_per_year == 2


@pytest.mark.parametrize(("every", "periods"), [("1 month", 12), ("2 weeks", 26), ("semi-month", 24), ("3 months", 4)])
def test_a_loan_knows_its_periods_a_year(every: str, periods: int) -> None:
    loan = Loan(principal=12_000, rate="12%", start="2026-01-01", installments=6, every=every)
    assert irr(loan).periods_per_year == periods
    assert irr(loan).nominal == pytest.approx(0.12, abs=2e-5)
    assert apr(loan, rule="us-reg-z").percent == Decimal("12.00")


def test_a_rate_shows_itself_and_survives_pickling() -> None:
    rate = irr([-1000, 1010], periods_per_year=12)
    assert repr(rate) == "RateOfReturn(0.01, periods_per_year=12)"
    assert eval(repr(rate)) == rate == 0.01
    assert str(rate) == "1.0000 % a period; a year 12.00 % nominal, 12.68 % effective"
    assert pickle.loads(pickle.dumps(rate)).effective == rate.effective
    yearly = xirr([-100, 125], ["2026-01-01", "2026-01-15"])
    assert (pickle.loads(pickle.dumps(yearly)).for_term, yearly.days) == (0.25, 14)
    assert isinstance(rate, RateOfReturn)
    with pytest.raises(AttributeError):
        rate.nominal = 0.2  # type: ignore[misc]  # a value cannot be changed


def test_yearly_figures_of_bare_amounts_need_the_periods_a_year() -> None:
    with pytest.raises(MissingContext, match="periods_per_year: missing"):
        _ = irr([-100, 110]).nominal
    with pytest.raises(InvalidTerms, match="periods_per_year: got 0"):
        irr([-100, 110], periods_per_year=0)


# --- what other tools get wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "roots"),
    [
        ([-50, -100, 600, 300, -100], (-0.76889, 1.85442)),
        ([-100, 230, -132], (0.1, 0.2)),
        ([-100, 300, -200], (0.0, 1.0)),
    ],
)
def test_several_rates_are_reported_and_none_is_chosen(amounts: list[int], roots: tuple[float, ...]) -> None:
    with pytest.raises(SeveralRates) as caught:
        irr(amounts)
    assert caught.value.roots == pytest.approx(roots, abs=1e-5)
    assert pickle.loads(pickle.dumps(caught.value)).roots == caught.value.roots
    dates = [f"{2025 + number}-01-01" for number in range(3)]
    if len(amounts) == 3:
        with pytest.raises(SeveralRates) as caught:
            xirr(amounts, dates)
        assert caught.value.roots == pytest.approx(roots, rel=1e-12)


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ([100, -10, 50], "no rate exists"),
        ([100, 200], "all of them are received"),
        ([-100, -200], "all of them are paid out"),
        ([0, 0], "every rate solves them"),
        ([], "every rate solves them"),
        ([-100, 220, -122], "no rate exists"),  # comes close to 0 and does not touch it
    ],
)
def test_amounts_that_no_rate_discounts_to_zero_say_so(amounts: list[int], reason: str) -> None:
    with pytest.raises(NoSolution, match=reason):
        irr(amounts)


def test_roots_that_nearly_coincide_are_told_apart() -> None:
    assert irr([-100, 220, -121]) == 0.1
    assert roots_of([-(10**14), 22 * 10**13, -(121 * 10**12) + 1]) == pytest.approx((0.1 - 1e-7, 0.1 + 1e-7), rel=1e-8)
    assert roots_of([-(10**14), 22 * 10**13, -(121 * 10**12) - 1]) == ()


def test_a_root_of_twelve_coinciding_ones_is_one_rate() -> None:
    assert irr([(-1) ** number * comb(12, number) for number in range(13)]) == 0.0


def test_a_bad_amount_is_an_error_with_its_index() -> None:
    with pytest.raises(InvalidAmount, match=r"amounts\[2\]: got nan"):
        irr([-100, 50, float("nan"), 70])
    with pytest.raises(InvalidAmount, match=r"amounts\[1\]: got inf"):
        xirr([-100, float("inf")], ["2026-01-01", "2027-01-01"])
    with pytest.raises(InvalidDate, match=r"dates\[1\]: got '2027-02-30'"):
        xirr([-100, 110], ["2026-01-01", "2027-02-30"])
    with pytest.raises(InvalidTerms, match="dates: got 1 for 2 amounts"):
        xirr([-100, 110], ["2026-01-01"])


def test_a_loss_of_most_of_the_money_in_two_months() -> None:
    rate = xirr([-134.09, 40.86], ["2021-06-09", "2021-08-11"])
    assert rate == pytest.approx(-0.9989769231734, abs=5e-14)


def test_very_large_yearly_rates_are_legal_and_come_with_the_rate_for_the_term() -> None:
    fortnight = xirr([-100, 125], ["2026-01-01", "2026-01-15"])
    assert (round(fortnight, 3), fortnight.for_term) == (335.188, 0.25)
    day = xirr([-1000, 1100], ["2026-01-01", "2026-01-02"])
    assert day == float(Fraction(11, 10) ** 365 - 1)
    assert f"{day:.4e}" == "1.2833e+15"
    assert day.for_term == 0.1


def test_a_yearly_rate_beyond_a_float_names_the_daily_one() -> None:
    with pytest.raises(NoSolution, match="900 % for one of them, compounded over 365 units"):
        xirr([-1, 10], ["2026-01-01", "2026-01-02"])
    with pytest.raises(InvalidAmount, match="differ by more than 54 orders of magnitude"):
        irr([-1, 10**80])
    assert irr([-1, 10**50]) == 1e50
    assert irr([-1, *[0] * 599, 10**50]) == pytest.approx(10 ** (50 / 600) - 1, rel=1e-14)
    assert irr([-(10**50), *[0] * 599, 1]) == pytest.approx(10 ** (-50 / 600) - 1, rel=1e-14)


def test_144_installments_have_one_rate_on_every_processor() -> None:
    rate = irr([-37155] + [560] * 144).per_period
    # the figure in circulation, 0.012581796355584651, is 1.4e-15 of itself above the root, which to 30 digits is
    # 0.0125817963555846341003900918143; the nearest float to that is ours
    assert rate == 0.012581796355584634
    assert rate == pytest.approx(0.012581796355584651, rel=2e-15)


def test_no_interest_is_a_rate_of_exactly_zero() -> None:
    assert irr([-1200] + [100] * 12).per_period == 0.0
    assert xirr([-1200, 600, 600], ["2026-01-01", "2026-03-17", "2029-11-30"]) == 0.0


def test_the_example_of_excel() -> None:
    dates = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    rate = xirr([-10_000, 2_750, 4_250, 3_250, 2_750], dates)
    assert rate == pytest.approx(0.37336253351883151, rel=1e-15)
    assert irr([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000]) == pytest.approx(0.086630948036531614, rel=1e-15)


def test_sixty_amounts_of_any_signs_give_all_their_rates_in_time() -> None:
    amounts = [(-1) ** (number * number // 7) * (100 + 37 * number % 91) for number in range(60)]
    started = time.perf_counter()
    roots_of(amounts)
    assert time.perf_counter() - started < 0.1  # 20 ms on an idle machine
