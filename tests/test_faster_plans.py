"""Plans that end sooner than their periods: accelerated payments every week or two, and an extra amount with each."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc
from footing import assert_foots
from loancalc import tvm
from loancalc.errors import InvalidTerms
from loancalc.values.rates import Rate

CANADIAN = Rate.semiannual("7.5%")
WEEKS = {"1 week": 52, "2 weeks": 26, "4 weeks": 13}
yearly = st.integers(0, 3_000).map(lambda points: Fraction(points, 10_000))


def accelerated(every: str, years: int = 15, rate: Any = CANADIAN, principal: int = 200_000, **terms: Any) -> lc.Loan:
    count = years * WEEKS[every]
    return lc.Loan(principal, rate, "2026-01-15", every=every, installments=count, method="accelerated", **terms)


@pytest.mark.parametrize("every", WEEKS)
@given(rate=yearly, years=st.integers(1, 3), mode=st.sampled_from(["half-up", "up", "down"]))
def test_every_four_weeks_bring_one_monthly_payment(every: str, rate: Fraction, years: int, mode: str) -> None:
    """By another route: the exact monthly payment over the same time, in fractions, rounded once."""
    plan = accelerated(every, years, lc.Rate(rate), rounding=lc.Rounding(mode=mode)).schedule()
    assert_foots(plan, 200_000)
    months, growth = 12 * years, (1 + rate / 12) ** (12 * years)
    monthly = 200_000 * (rate / 12 * growth / (growth - 1) if rate else Fraction(1, months))
    exact = monthly * 13 / WEEKS[every]
    payments = {row.total for row in plan[:-1]}
    assert len(payments) == 1
    assert abs(Fraction(payments.pop()) - exact) < Fraction(1, 100)
    assert len(plan) < years * WEEKS[every] if rate else len(plan) <= years * WEEKS[every]


def test_an_accelerated_mortgage_as_published() -> None:
    """efunda, Canadian mortgage calculator, "Accelerated Mortgage Payments": 200 000 at 7.5 % compounded twice a year, 15 years.

    It prints 920.51 (half of 1 841.03), 848.30 for regular payments every two weeks, totals of 331 384.92, 330 837.55
    and 311 242.27, and 13 years. The first two totals are sums of unrounded rows, the last one the payment times its
    number, fractions of a payment counted: 338.119... x 920.51.
    """
    ours = accelerated("2 weeks").schedule()
    assert (str(ours.payment), len(ours), len(ours) // 26) == ("920.51", 339, 13)
    months = lc.amortize(200_000, rate=CANADIAN, every="1 month", periods=180, rounding="display-only")
    weeks = lc.amortize(200_000, rate=CANADIAN, every="2 weeks", periods=390, rounding="display-only")
    assert [str(amount) for amount in (months.payment, months.total)] == ["1841.03", "331384.92"]
    assert [str(amount) for amount in (weeks.payment, weeks.total)] == ["848.30", "330837.55"]
    factor = Fraction(*CANADIAN.factor((1, 26), 14))
    number = tvm.nper(float(factor), -920.51, 200_000)
    assert f"{number * 920.51:.2f}" == "311242.27"
    assert str(ours.total) == "311242.37"  # to the cent: 338 x 920.51 and a last one of 109.99


def test_the_payments_of_another_published_mortgage() -> None:
    """ask.clickmortgage.ca, "Accelerated payments": 320 000 at 2.99 % over 25 years; 1 513 a month, 698 every two weeks at
    an interest of 133 521, 756 accelerated. Its 1 500 a month gives 750 every two weeks and 375 every week.
    """
    rate = Rate.semiannual("2.99%")
    monthly = lc.amortize(320_000, rate=rate, every="1 month", periods=300)
    regular = lc.amortize(320_000, rate=rate, every="2 weeks", periods=650, rounding="display-only")
    faster = lc.amortize(320_000, rate=rate, every="2 weeks", periods=650, method="accelerated biweekly")
    assert [round(plan.payment or 0) for plan in (monthly, regular, faster)] == [1513, 698, 756]
    assert round(regular.total_interest) == 133_521
    per_week = lc.amortize(18_000, rate=lc.Rate(Fraction(0)), every="1 week", periods=52, method="accelerated")
    per_two = lc.amortize(18_000, rate=lc.Rate(Fraction(0)), every="2 weeks", periods=26, method="双周供")
    assert (per_week.payment, per_two.payment) == (375, 750)
    assert (len(per_week), len(per_two)) == (48, 24)


def test_what_acceleration_saves_is_said() -> None:
    regular = lc.Loan(200_000, CANADIAN, "2026-01-15", every="2 weeks", installments=390).schedule()
    saved = accelerated("2 weeks").schedule().against(regular)
    assert (saved.saved.installments, saved.days_saved) == (51, 51 * 14)
    assert saved.saved.interest == regular.total - Decimal("311242.37")
    assert "the payment repays early: 51 fewer installments than the 390 agreed" in accelerated("2 weeks").assumptions


def test_an_accelerated_loan_is_served_to_its_end() -> None:
    loan = accelerated("2 weeks", years=1, principal=9_000, accrual="daily", day_count="ACT/365F")
    paid = [lc.Payment(row.due, row.total) for row in loan.schedule() if row.due]
    assert lc.Account(loan, paid).as_of(loan.dates[-1]).is_closed
    assert len(paid) == 24


@pytest.mark.parametrize(
    "terms",
    [
        {"every": "1 month", "installments": 12}, {"every": "2 weeks", "installments": 25},
        {"every": "10 days", "installments": 26, "day_count": "ACT/360"},
        {"every": "2 weeks", "installments": 26, "rate": "0.05%/day"},
    ],
)  # fmt: skip
def test_what_has_no_months_cannot_be_accelerated(terms: dict[str, Any]) -> None:
    values = {"principal": 9_000, "rate": "7%", "start": "2026-01-15"} | terms
    with pytest.raises(
        InvalidTerms, match=r"expected (a rate per year, and periods of 1, 2 or 4 weeks|periods of months or weeks)"
    ):
        lc.Loan(**values, method="accelerated").schedule()
    with pytest.raises(InvalidTerms, match="with method 'accelerated'"):
        lc.amortize(9_000, rate=Fraction(1, 100), periods=26, method="accelerated")


# An extra amount


@given(rate=yearly, count=st.integers(1, 60), extra=st.integers(0, 50_000))
def test_an_extra_amount_comes_on_top_of_the_level_payment(rate: Fraction, count: int, extra: int) -> None:
    amount = Decimal(extra).scaleb(-2)
    plain = lc.amortize(12_000, rate=rate / 12, periods=count)
    more = lc.amortize(12_000, rate=rate / 12, periods=count, method=lc.ExtraPayment(amount))
    assert_foots(more, 12_000)
    assert all(row.total == (plain.payment or 0) + amount for row in more[:-1])
    assert len(more) <= count
    assert more.total_interest <= plain.total_interest + Decimal("0.01") * count


@pytest.mark.parametrize("residue", ["last", "first", "spread", "smooth", "last-interest", "visible"])
def test_stated_payments_that_end_a_plan_sooner_stay_as_they_are(residue: str) -> None:
    rounding = lc.Rounding(residue=residue)
    stated = lc.amortize(12_000, rate=Fraction(1, 100), periods=24, payment="1066.19", rounding=rounding)
    extra = lc.amortize(12_000, rate=Fraction(1, 100), periods=24, method=lc.ExtraPayment("501.31"), rounding=rounding)
    assert {row.total for row in (*stated[:-1], *extra[:-1])} == {Decimal("1066.19")}
    assert len(stated) == len(extra) == 12


def test_a_new_rate_is_met_over_the_agreed_term() -> None:
    path = lc.RatePath("12%", {"2026-07-15": "6%"}, keep="term")
    plan = lc.Loan(12_000, path, "2026-01-15", installments=24, method=lc.ExtraPayment(100)).schedule()
    rest = lc.amortize(plan[5].balance, rate=Fraction(1, 200), periods=18, method=lc.ExtraPayment(100))
    assert [row.total for row in plan[6:]] == [row.total for row in rest]
