"""Sinking funds: deposits that with their interest reach an amount, to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from loancalc.errors import InvalidRate, InvalidTerms

amounts = st.integers(1, 10_000_000)
yearly = st.integers(0, 3_600).map(lambda points: Fraction(points, 10_000))
shares = st.lists(st.integers(0, 40).map(lambda days: Fraction(days, 365)), min_size=1, max_size=24)
modes = st.sampled_from(["half-up", "half-even", "up", "down"])


@given(amounts, yearly, shares, modes, st.sampled_from([1, 5, 100]))
def test_a_fund_reaches_its_amount_and_every_row_adds_up(
    minor: int, rate: Fraction, periods: list[Fraction], mode: str, step: int
) -> None:
    fund = lc.sinking_fund(minor, rate=rate, periods=periods, rounding=lc.Rounding(step, mode), currency="JPY")
    balance = Fraction(0)
    for row in fund:
        balance += Fraction(row.interest) + Fraction(row.deposit)
        assert Fraction(row.balance) == balance
        assert min(row.interest, row.deposit) >= 0
    assert balance - minor == Fraction(fund.residue) >= 0
    assert Fraction(fund.total_interest) + Fraction(fund.total_deposits) == balance
    assert (
        not fund.residue or fund[-1].deposit == 0
    )  # interest alone passed the amount: rounding in the depositor's favor


@given(amounts, yearly, shares)
def test_the_level_deposit_is_what_brings_the_unrounded_fund_to_its_amount(
    minor: int, rate: Fraction, periods: list[Fraction]
) -> None:
    fund = lc.sinking_fund(minor, rate=rate, periods=periods, rounding="none")
    balance = Fraction(0)
    for share in periods:
        balance = balance * (1 + rate * share) + Fraction(fund.deposit)
    assert abs(balance - minor) < Fraction(1, 10**30)


@given(amounts, yearly, st.integers(1, 40))
def test_a_fund_at_the_rate_of_the_loan_costs_what_an_annuity_does(minor: int, rate: Fraction, count: int) -> None:
    """Interest on all that was lent and a deposit are the level payment: 1/a = i + 1/s."""
    fund = lc.sinking_fund(minor, rate=rate / 12, periods=count, rounding="none")
    level = lc.amortize(minor, rate=rate / 12, periods=count, rounding="none").payment
    assert level is not None
    assert abs(Fraction(level) - minor * rate / 12 - Fraction(fund.deposit)) < Fraction(1, 10**40) * max(minor, 1)


def test_deposits_that_textbooks_print() -> None:
    """50 000 in four quarters at 8 % (assignmentexpert, question 263231): 12 131.18763. 40 000 in six quarters at 12 %,
    beside interest of 15 % on the debt (a handout on sinking funds): 1 500.00 a quarter of interest.
    """
    fund = lc.sinking_fund(50_000, rate="8%", every="3 months", periods=4, rounding="none")
    assert round(fund.deposit, 5) == Decimal("12131.18763")
    loan = lc.Loan(
        40_000, "15%", "2026-01-15", installments=6, every="3 months", method=lc.SinkingFund("12%"), currency="PHP"
    )
    assert loan.fund is not None
    assert {row.total for row in loan.schedule()[:-1]} == {Decimal("1500.00")}
    assert abs(loan.fund.deposit - Decimal(40_000) * Decimal("0.03") / (Decimal("1.03") ** 6 - 1)) <= Decimal("0.005")


def test_the_fund_of_a_loan_follows_its_periods() -> None:
    loan = lc.Loan(
        12_000, "6%", "2026-01-15", installments=12, day_count="ACT/365F", first_due="2026-03-01",
        method=lc.SinkingFund("3%"), currency="EUR",
    )  # fmt: skip
    fund, balance = loan.fund, Fraction(0)
    assert fund is not None
    for row, due, before in zip(fund, loan.dates[1:], loan.dates[:-1], strict=True):
        exact = balance * Fraction(3, 100) * (due - before).days / 365
        assert Fraction(row.interest) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)
        balance += Fraction(row.interest) + Fraction(row.deposit)
        assert row.due == due
    assert balance == 12_000
    assert loan.schedule()[-1].principal == 12_000
    assert lc.Loan(12_000, "6%", "2026-01-15", installments=12).fund is None


def test_a_fund_shows_itself() -> None:
    fund = lc.sinking_fund(5_000, rate="6%", every="1 year", periods=2)
    assert fund[1] == (2, None, Decimal("145.63"), Decimal("2427.19"), Decimal("5000.00"))
    assert len(fund[:1]) == 1
    assert "<td" in fund._repr_html_()
    assert eval(repr(fund.rounding), {"Rounding": lc.Rounding}) == fund.rounding


def test_what_is_no_fund_is_refused() -> None:
    with pytest.raises(InvalidTerms, match="amount: expected more than 0"):
        lc.sinking_fund(0, rate="6%", every="1 year", periods=2)
    with pytest.raises(InvalidTerms, match=r"rounding\.residue: got 'spread' for a fund"):
        lc.sinking_fund(1, rate="6%", every="1 year", periods=2, rounding=lc.Rounding(residue="spread"))
    with pytest.raises(InvalidTerms, match=r"has parameters: expected SinkingFund\(rate\)"):
        lc.amortize(1, rate="6%", every="1 year", periods=2, method="偿债基金")
    daily = lc.Loan(1_000, "0.05%/day", "2026-01-15", installments=2, method=lc.SinkingFund("6%"))
    with pytest.raises(InvalidRate, match="expected both per day, or neither"):
        _ = daily.fund
