"""Answers that other tools get wrong, each as a test named after the right one (`cases/wrong_answers.md`)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import loancalc as lc
from footing import assert_foots
from loancalc import tvm
from loancalc.errors import (
    InvalidAmount,
    InvalidDate,
    InvalidRate,
    LoanError,
    MissingContext,
    NoSolution,
    SeveralRates,
)
from loancalc.values.money import to_minor

# Time value of money, with Excel's signs


def test_the_principal_of_a_late_payment_is_not_taken_through_a_cancelling_balance() -> None:
    # 23.0428012981...; a balance of 270 between two terms of 1e20 has no digits left: 2463.20 was seen
    assert tvm.ppmt(0.1479, 297, 300, -270.51) == pytest.approx(23.0428012981, abs=5e-11)
    assert round(tvm.ppmt(Decimal("0.1479"), 297, 300, Decimal("-270.51")), 10) == Decimal("23.0428012981")


def test_a_tiny_rate_hardly_moves_the_payment() -> None:
    # 333.59997 was seen: (1 + 8e-14) ** 360 - 1 has two digits
    assert tvm.pmt(1e-12 / 12, 360, -120_000) == pytest.approx(333.333333338347, abs=5e-13)


def test_the_limit_at_no_interest_is_reached_smoothly() -> None:
    assert tvm.pmt(1e-18, 12, 1200) == -100.0
    assert tvm.pmt(Decimal("1e-18"), 12, 1200) == Decimal("-100.00000000000000065")


def test_the_rate_of_a_loan_without_interest_is_exactly_0() -> None:
    assert tvm.rate(12, -100, 1200, 0) == 0
    assert tvm.irr([1200] + [-100] * 12) == 0


def test_a_payment_over_5500_periods_is_that_of_a_perpetuity() -> None:
    assert tvm.pmt(0.1479, 5500, -1000) == 147.9


@pytest.mark.parametrize("payment", [-10, -9])
def test_a_payment_that_never_amortizes_is_an_error_that_names_the_interest(payment: int) -> None:
    with pytest.raises(NoSolution, match=rf"pmt: got {payment}; the first period's interest on 1000 is 10\.00"):
        tvm.nper(0.01, payment, 1000)


def test_the_payment_of_200_000_at_7_percent_over_30_years_is_1330_60_by_the_formula_too() -> None:
    assert round(tvm.pmt(0.07 / 12, 360, 200_000), 2) == -1330.60
    assert round(tvm.pmt(0.06 / 12, 12, 1200), 2) == -103.28
    assert tvm.pmt(0, 12, 1200) == -100.0


def test_a_rounded_formula_is_not_a_schedule() -> None:
    parts = [round(tvm.ppmt(0.07 / 12, per, 360, 200_000), 2) for per in range(1, 361)]
    assert round(sum(parts), 2) == -200_000.02
    assert (
        round(sum(float(row.principal) for row in lc.amortize(200_000, rate="7%", every="1 month", periods=360)), 2)
        == 200_000
    )


@pytest.mark.parametrize("bad", [float("nan"), Decimal("NaN"), float("inf"), "0.07", True, None])
def test_a_rate_that_is_no_number_is_refused_by_the_functions_too(bad: float) -> None:
    for call in (lambda: tvm.pmt(bad, 12, 100), lambda: tvm.npv(bad, [1, 2]), lambda: tvm.nper(bad, -1, 10)):
        with pytest.raises(InvalidRate, match=r"^rate: got"):
            call()


# Rates of return


def test_several_rates_are_all_reported() -> None:
    with pytest.raises(SeveralRates) as caught:
        lc.irr([-50, -100, 600, 300, -100])
    assert caught.value.roots == pytest.approx((-0.76889, 1.85442), abs=1e-5)
    with pytest.raises(SeveralRates, match="2 rates per period solve them: 10 %, 20 %"):
        lc.irr([-100, 230, -132])


def test_amounts_that_never_discount_to_nothing_have_no_rate() -> None:
    with pytest.raises(NoSolution, match="no rate exists"):
        lc.irr([100, -10, 50])
    with pytest.raises(InvalidAmount, match=r"^amounts\[1\]: got nan"):
        lc.irr([-100, float("nan"), 110])


def test_a_loss_of_most_of_the_money_and_large_gains_of_a_few_days_are_rates() -> None:
    loss = lc.xirr([-134.09, 40.86], ["2021-06-09", "2021-08-11"])
    assert loss == pytest.approx(-0.9989769231734, abs=5e-14)
    fortnight = lc.xirr([-100, 125], ["2026-01-01", "2026-01-15"])
    assert (round(fortnight, 3), fortnight.for_term) == (335.188, 0.25)
    day = lc.xirr([-1000, 1100], ["2026-01-01", "2026-01-02"])
    assert (day, day.for_term) == (float(Fraction(11, 10) ** 365 - 1), 0.1)


def test_144_installments_have_one_rate_on_every_processor() -> None:
    assert lc.irr([-37155] + [560] * 144) == tvm.irr([-37155] + [560] * 144) == 0.012581796355584634


# Payments and rates


def test_the_payment_of_200_000_at_7_percent_over_30_years_is_1330_60() -> None:
    assert str(lc.amortize(200_000, rate="7%", every="1 month", periods=360).payment) == "1330.60"


def test_twelve_monthly_payments_of_1200_at_6_percent_are_103_28_over_12() -> None:
    plan = lc.amortize(1200, rate="6%", every="1 month", periods=12)
    assert (str(plan.payment), len(plan)) == ("103.28", 12)


@pytest.mark.parametrize("method", ["annuity", "equal_principal", "flat"])
def test_1200_without_interest_is_100_00_a_month(method: str) -> None:
    plan = lc.Loan(1200, "0%", "2026-01-15", installments=12, method=method).schedule()
    assert {str(row.total) for row in plan} == {"100.00"}
    assert_foots(plan, 1200)


@pytest.mark.parametrize("rate", ["7", "0.07", 7, 1, "7.0", Decimal("7")])
def test_percent_and_fraction_cannot_be_taken_for_each_other(rate: lc.Rate) -> None:
    with pytest.raises(InvalidRate, match=r"^rate: got"):
        lc.Loan(100_000, rate, "2026-01-15", installments=360)


def test_seven_percent_is_seven_percent_in_every_spelling() -> None:
    plans = {
        lc.Loan(100_000, rate, "2026-01-15", installments=360).schedule()
        for rate in ("7%", "700bp", "年利率7%", 0.07, Decimal("0.07"), Fraction(7, 100))
    }
    assert [str(plan.payment) for plan in plans] == ["665.30"]


@pytest.mark.parametrize("rate", [float("nan"), Decimal("NaN"), "nan", "NaN%", float("inf")])
def test_a_rate_that_is_no_number_is_refused_by_field(rate: float) -> None:
    with pytest.raises(LoanError, match=r"^rate: got"):
        lc.Loan(100_000, rate, "2026-01-15", installments=12)


# Schedules that add up


def test_the_last_row_clears_and_principal_sums_to_what_was_lent() -> None:
    plan = lc.amortize(200_000, rate="7%", every="1 month", periods=360)
    assert_foots(plan, 200_000)
    assert str(plan[0].principal) == "163.93"
    assert str(plan[-1].balance) == "0.00"
    assert str(plan.total_principal) == "200000.00"


def test_ten_over_360_months_repays_early_and_never_pays_back() -> None:
    plan = lc.amortize(10, rate="7%", every="1 month", periods=360)
    assert_foots(plan, 10)
    assert str(plan.payment) == "0.07"
    assert len(plan) < 360
    assert str(plan.total_principal) == "10.00"


def test_what_is_printed_foots_also_where_the_balance_is_carried() -> None:
    carried = lc.Rounding(places=50, installment=lc.Rounding())
    assert_foots(lc.amortize(200_000, rate="7%", every="1 month", periods=360, rounding=carried), 200_000)
    plan = lc.amortize(200_000, rate="7%", every="1 month", periods=360, rounding=lc.Rounding(residue="visible"))
    assert_foots(plan, 200_000)
    assert plan.residue == plan[-1].total - Decimal("1330.60") != 0


def test_10_000_at_6_percent_from_31_january_ends_with_nothing_unpaid() -> None:
    plan = lc.Loan(10_000, "6%", "2024-01-31", installments=12).schedule()
    assert_foots(plan, 10_000)
    assert str(plan[-1].balance) == "0.00"


def test_a_payment_of_700_00_is_split_into_cents_that_add_up() -> None:
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=24, payment=700)
    receipt = lc.Account(loan, [lc.Payment("2026-02-15", "700.00")]).receipts[0]
    assert str(receipt.parts) == "interest 120.00, principal 580.00"
    assert receipt.parts.total == 700


def test_amounts_are_equal_only_if_they_are() -> None:
    with pytest.raises(InvalidAmount, match=r"amount: got 1.004; expected at most 2 decimals"):
        to_minor("1.004")
    assert len({lc.Payment("2026-02-15", "1.00"), lc.Payment("2026-02-15", 1), lc.Payment("2026-02-15", "1.01")}) == 2


# Dates


def test_monthly_from_31_january_keeps_the_31st() -> None:
    dates = lc.Loan(1200, "12%", "2024-01-31", installments=4).dates
    assert [str(day) for day in dates[1:]] == ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]


def test_quarterly_from_15_january_is_the_15th() -> None:
    dates = lc.Loan(1200, "12%", "2024-01-15", installments=3, every="3 months").dates
    assert [str(day) for day in dates[1:]] == ["2024-04-15", "2024-07-15", "2024-10-15"]


def test_dates_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidDate, match=r"^end: got 2023-12-31"):
        lc.Loan(1200, "0.05%/day", "2024-01-15", end="2023-12-31", method="lump_sum")
    with pytest.raises(InvalidDate, match=r"^first_due: got 2024-01-01"):
        lc.Loan(1200, "12%", "2024-01-15", installments=12, first_due="2024-01-01")


def test_every_day_count_that_is_accepted_changes_the_interest() -> None:
    plans = {
        name: lc.Loan(100_000, "12%", "2024-01-31", installments=12, day_count=name).schedule().total_interest
        for name in ("periodic", "ACT/360", "30E/360", "ACT/365F", "ACT/ACT ISDA")
    }
    # 30E/360 counts 29 days from 31 January to 29 February, a month is a month for "periodic"
    assert len(set(plans.values())) == len(plans)
    with pytest.raises(LoanError, match=r"^day_count: got"):
        lc.Loan(100_000, "0.05%/day", "2024-01-31", installments=12, day_count="ACT/360")


def test_a_first_period_that_is_longer_bears_more_interest_and_says_so() -> None:
    regular = lc.Loan(12_000, "12%", "2026-01-15", installments=12)
    longer = lc.Loan(12_000, "12%", "2026-01-15", installments=12, first_due="2026-03-01")
    assert str(regular.schedule()[0].interest) == "120.00"
    # one month to 1 March, and 17 of the 31 nights of the month before it: 120 x (1 + 17/31)
    assert str(longer.schedule()[0].interest) == "185.81"
    assert "the first period, 2026-01-15 to 2026-03-01, is not regular" in " ".join(longer.assumptions)


# Day counts


def test_act_act_isda_splits_at_the_year_end() -> None:
    share = lc.year_fraction("ACT/ACT ISDA", "2023-11-01", "2024-05-01")
    assert share == Fraction(61, 365) + Fraction(121, 366)
    assert round(float(share), 10) == 0.4977243806


def test_30_360_bond_basis_counts_32_days_from_29_february_to_31_march() -> None:
    assert lc.days("30/360", "2024-02-29", "2024-03-31") == 32


def test_act_act_icma_refuses_two_dates_only() -> None:
    with pytest.raises(MissingContext):
        lc.year_fraction("ACT/ACT ICMA", "2023-11-01", "2024-05-01")


def test_from_31_january_to_29_february() -> None:
    pair = ("2024-01-31", "2024-02-29")
    assert lc.days("30E/360", *pair) == 29
    assert lc.days("30E/360 ISDA", *pair, termination="2025-01-31") == 30


def test_from_28_february_2023_to_29_february_2024() -> None:
    pair = ("2023-02-28", "2024-02-29")
    assert round(float(lc.year_fraction("ACT/ACT ISDA", *pair)), 10) == 1.0022980762
    assert lc.year_fraction("ACT/ACT AFB", *pair) == 1
    assert lc.days("30E/360", *pair) == 361
    assert lc.days("30E/360 ISDA", *pair, termination="2025-02-28") == 360
    assert lc.year_fraction("NL/365", *pair) == 1


# Late loans


def test_what_accrued_stays_owed_after_the_late_payment() -> None:
    late = lc.LateTerms(interest=lc.LateInterest("0.1%/day", base="principal+interest"))
    loan = lc.Loan(1200, "12%", "2024-01-29", installments=12, late=late)
    account = lc.Account(loan)
    assert str(loan.schedule()[0].total) == "106.62"
    assert str(loan.schedule()[0].due) == "2024-02-29"
    # 30 nights of 0.1 % of 106.62 by 30 March, 31 by 31 March (installment 2 is past due since 29 March)
    first = [account.as_of(day).installments[0].owed.late_interest for day in ("2024-03-30", "2024-03-31")]
    assert [str(amount) for amount in first] == ["3.20", "3.31"]
    paid = account.with_payment("2024-03-31", "106.62")
    # 3.31 and 0.21 (two nights of installment 2) of late interest are settled first, then 12.00 and 11.05 of interest
    assert str(paid.receipts[0].parts) == "late_interest 3.52, interest 23.05, principal 80.05"
    assert str(paid.as_of("2024-03-31").installments[0].owed) == "principal 14.57"
    principal_first = lc.Allocation(
        ["principal", "interest", "fee", "cost", "penalty", "compound_interest", "late_interest"], "horizontal"
    )
    kept = lc.Account(
        lc.Loan(1200, "12%", "2024-01-29", installments=12, late=late, allocation=principal_first),
        [lc.Payment("2024-03-31", "106.62")],
    )
    assert str(kept.as_of("2024-04-15").installments[0].owed) == "late_interest 3.31"


def test_a_loan_without_late_terms_charges_nothing_for_lateness() -> None:
    loan = lc.Loan(1200, "12%", "2024-01-29", installments=12)
    position = lc.Account(loan).as_of("2024-03-05")
    assert position.days_past_due == 5
    assert str(position.past_due) == "interest 12.00, principal 94.62"
    assert "no late terms: nothing is charged for lateness" in position.assumptions


def test_a_percentage_of_a_penalty_is_no_interest_rate() -> None:
    with pytest.raises(LoanError, match=r"late\.penalties\.percent: got '2%/year'"):
        lc.Penalty(percent="2%/year", of="installment")
    with pytest.raises(LoanError, match=r"late\.penalties\.percent: got "):
        lc.Penalty(percent=2, of="installment")
    with pytest.raises(LoanError, match=r"late\.interest\.rate: got '2'"):
        lc.LateInterest("2")
