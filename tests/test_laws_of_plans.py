"""Laws of plans: whatever the method, the rounding and the currency, rows foot and principal is conserved."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import loancalc as lc
from changing import with_terms
from footing import MODES, RESIDUES, assert_foots
from loancalc.errors import NoSolution
from loancalc.plan.columns import Problem
from loancalc.plan.recurrence import walk
from loancalc.testing import METHODS, loans, rates, roundings

CURRENCIES = {0: "JPY", 2: "CNY", 3: "KWD"}

amounts = st.integers(1, 10_000_000)
yearly = st.integers(0, 3_600).map(lambda points: Fraction(points, 10_000))
# so that a level payment, a 24th or more, covers the interest of every period, 40 days at 36 % or less
periods_of_a_year = st.lists(st.integers(0, 40).map(lambda days: Fraction(days, 365)), min_size=1, max_size=24)
equal_periods = st.builds(lambda days, count: [Fraction(days, 365)] * count, st.integers(0, 365), st.integers(1, 60))


@pytest.mark.parametrize("digits", CURRENCIES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", METHODS)
@example(minor=1, rate=Fraction(1, 10_000), periods=[Fraction(1, 365), Fraction(0)], step=5, residue="first")
@given(
    minor=amounts,
    rate=yearly,
    periods=periods_of_a_year | equal_periods,
    step=st.sampled_from([1, 5, 100]),
    residue=st.sampled_from(RESIDUES),
)
def test_principal_is_conserved_to_the_minor_unit(
    method: str, mode: str, digits: int, minor: int, rate: Fraction, periods: list[Fraction], step: int, residue: str
) -> None:
    lent = Decimal(minor).scaleb(-digits)
    rounding = lc.Rounding(step, mode, residue)
    try:
        plan = lc.amortize(
            lent, rate=rate, periods=periods, method=method, rounding=rounding, currency=CURRENCIES[digits]
        )
    except NoSolution as refusal:
        # the last interest cannot take the residue; no other rule may refuse
        if method == "annuity" and residue == "last-interest" and "the last interest would be -" in str(refusal):
            return
        raise
    assert_foots(plan, lent)


@given(loans())
def test_every_plan_of_a_loan_foots(loan: lc.Loan) -> None:
    assert_foots(loan.schedule(), loan.principal)


@given(loans())
def test_a_plan_shorter_than_agreed_says_so(loan: lc.Loan) -> None:
    plan = loan.schedule()
    assert [row.due for row in plan] == list(loan.dates[1 : len(plan) + 1])
    assert [row.start for row in plan] == list(loan.dates[: len(plan)])
    missing = len(loan.dates) - 1 - len(plan)
    says = f"rounding repays early: {missing} fewer installments than the {loan.installments} agreed"
    assert (says in loan.assumptions) == bool(missing)


def test_a_plan_that_leaves_much_to_its_last_installment_says_so() -> None:
    # 12 000 x 1% x 1.01^1200 / (1.01^1200 - 1) = 120.00078...: the payment is the interest, and repays nothing
    hardly = lc.Loan(12_000, "12%", "2026-01-15", installments=1200)
    says = "the last installment is 12120.00: rounding leaves 12000.00 to it beside the 120.00 that it was to be"
    assert str(hardly.schedule()[-1].total) == "12120.00"
    assert says in hardly.assumptions
    assert says in lc.amortize(12_000, rate="12%", every="1 month", periods=1200).assumptions
    stated = lc.Loan(12_000, "12%", "2026-01-15", installments=12, payment=500)
    assert "the last installment is 7680.65: the payment leaves 7180.65 to it" in str(stated.assumptions)
    usual = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    assert "the last installment" not in str(usual.assumptions)


def test_carried_interest_in_the_only_installment_that_repays_is_no_residue() -> None:
    plan = lc.amortize(12_000, rate="12%", every="1 month", periods=3, moratorium=lc.Moratorium(2, "carried"))
    assert str(plan[-1].total) == "12360.00"  # 12 000 and three times 120.00
    assert (plan.residue, plan.assumptions) == (0, ())


@given(loans())
def test_the_callers_decimal_context_has_no_say(loan: lc.Loan) -> None:
    plan = loan.schedule()
    with localcontext(Context(prec=3)):
        again = with_terms(loan)
        assert again == loan
        assert [str(row) for row in again.schedule()] == [str(row) for row in plan]
        assert str(again.schedule()) == str(plan)
        assert again.schedule().explain() == plan.explain()
        assert_foots(again.schedule(), loan.principal)


@given(loans(methods=["annuity"], rounding=roundings(residues=["last"])))
def test_every_installment_of_an_annuity_but_the_last_is_the_level_payment(loan: lc.Loan) -> None:
    plan = loan.schedule()
    assert {row.total for row in plan[:-1]} <= {plan.payment}
    assert plan.residue == plan[-1].total - (plan.payment or 0)


@example(1, Fraction(0), [Fraction(0)] * 2, 5, "up")
@example(
    1, Fraction(1, 10_000), [Fraction(0), Fraction(0), Fraction(1, 365), Fraction(0)], 1, "up"
)  # 0 does not cover 1
@given(amounts, yearly, periods_of_a_year | equal_periods, st.sampled_from([1, 5, 100]), st.sampled_from(MODES))
def test_a_searched_residue_is_never_larger_than_the_plain_one(
    minor: int, rate: Fraction, periods: list[Fraction], step: int, mode: str
) -> None:
    def last_over_level(residue: str) -> Fraction | None:
        plan = lc.amortize(minor, rate=rate, periods=periods, rounding=lc.Rounding(step, mode, residue), currency="JPY")
        assert plan.payment is not None
        return None if len(plan) < len(periods) else abs(Fraction(plan[-1].total) - Fraction(plan.payment))

    plain = last_over_level("last")
    for residue in ("first", "smooth", "spread"):
        searched = last_over_level(residue)
        assert plain is None or searched is None or searched <= plain, residue


@given(amounts, yearly, periods_of_a_year, st.integers(2, 1000), st.sampled_from(METHODS))
def test_an_unrounded_plan_scales_with_what_is_lent(
    minor: int, rate: Fraction, periods: list[Fraction], times: int, method: str
) -> None:
    one, many = (
        lc.amortize(amount, rate=rate, periods=periods, method=method, rounding="none")
        for amount in (minor, minor * times)
    )
    slack = Fraction(1, 10**40)
    for small, large in zip(one, many, strict=True):
        for field in ("principal", "interest", "total", "balance"):
            assert abs(times * Fraction(getattr(small, field)) - Fraction(getattr(large, field))) < slack


@given(
    principal=st.integers(1, 20_000),
    top=st.integers(0, 30),
    bottom=st.integers(1, 400),
    payment=st.integers(0, 3_000),
    count=st.integers(1, 40),
)
def test_one_payment_over_equal_periods_gives_the_rows_of_a_plain_loop(
    principal: int, top: int, bottom: int, payment: int, count: int
) -> None:
    balance, rows = principal, []
    for _ in range(count - 1):
        interest = (2 * balance * top + bottom) // (2 * bottom)
        if payment - interest >= balance:
            break
        rows.append((payment - interest, interest))
        balance -= payment - interest
    rows.append((balance, (2 * balance * top + bottom) // (2 * bottom)))
    problem = Problem(principal, [(top, bottom)] * count, lc.Rounding())
    if any(part < 0 for part, _ in rows):
        with pytest.raises(NoSolution, match="it does not cover the interest"):
            walk(problem, [payment] * count)
        return
    columns = walk(problem, [payment] * count)
    assert [*zip(columns.principal, columns.interest, strict=True)] == rows
    assert columns.balance == [principal - sum(columns.principal[: n + 1]) for n in range(len(rows))]
    assert columns.ended_early == count - len(rows)


@given(amounts, yearly, periods_of_a_year)
def test_the_level_payment_is_what_brings_the_unrounded_recurrence_to_zero(
    minor: int, rate: Fraction, periods: list[Fraction]
) -> None:
    plan = lc.amortize(minor, rate=rate, periods=periods, rounding="none")
    assert plan.payment is not None
    balance = Fraction(minor)
    for share in periods:
        balance = balance * (1 + rate * share) - Fraction(plan.payment)
    assert abs(balance) < Fraction(1, 10**30)


@given(amounts, st.integers(0, 5_000), st.integers(1, 60), st.sampled_from(METHODS), roundings())
def test_a_plan_of_equal_periods_is_the_plan_over_their_shares_of_a_year(
    minor: int, points: int, count: int, method: str, rounding: lc.Rounding
) -> None:
    rate = lc.Rate(Fraction(points, 10_000))
    by_name = lc.amortize(minor, rate=rate, every="1 month", periods=count, method=method, rounding=rounding)
    by_share = lc.amortize(minor, rate=rate, periods=[Fraction(1, 12)] * count, method=method, rounding=rounding)
    by_period = lc.amortize(minor, rate=rate.value / 12, periods=count, method=method, rounding=rounding)
    assert by_name == by_share == by_period
    dated = lc.Loan(
        minor, rate, "2026-01-15", installments=count, method=method, rounding=rounding,
        day_count="30/360" if method == "lump_sum" else None,
    ).schedule()  # fmt: skip
    assert [row[3:] for row in dated] == [row[3:] for row in by_name]


@example(1, lc.Rate.parse("0%"), 33)
@given(amounts, rates(), st.integers(1, 40))
def test_equal_principal_never_asks_for_more_than_before(minor: int, rate: lc.Rate, count: int) -> None:
    loan = lc.Loan(
        minor, rate, "2026-01-15", installments=count, every="4 weeks", method="equal_principal", rounding="none"
    )
    *rows, _ = loan.schedule()  # the last one takes the residue, which is all that is more than nothing at 0 %
    assert all(later.total <= earlier.total for earlier, later in pairwise(rows))


@given(loans(methods=["annuity", "equal_principal"], rounding=roundings(residues=["last"])))
def test_the_same_plan_costs_less_if_principal_comes_first(loan: lc.Loan) -> None:
    terms = {"principal": loan.principal, "rate": loan.rate, "start": loan.start, "installments": loan.installments}
    level, linear = (
        lc.Loan(**terms, every=loan.every, day_count=loan.day_count, method=method, rounding="none").schedule()
        for method in ("annuity", "equal_principal")
    )
    assert Fraction(linear.total_interest) <= Fraction(level.total_interest) + Fraction(1, 10**40)
