"""Repayment methods: worked figures, plans that end early, plans without interest, and payments that do not pay."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import loancalc as lc
from footing import MODES, assert_foots
from loancalc.errors import InvalidAmount, InvalidRate, InvalidTerms, NoSolution, UnknownName

METHODS = ("annuity", "equal_principal", "interest_only", "lump_sum", "flat")


def rows_of(plan: lc.Schedule) -> list[tuple[str, str, str]]:
    return [(str(row.principal), str(row.interest), str(row.balance)) for row in plan]


def test_level_payments() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=3)
    # 1000 x 0.01 / (1 - 1.01^-3) = 340.0221...
    assert str(plan.payment) == "340.02"
    assert rows_of(plan) == [("330.02", "10.00", "669.98"), ("333.32", "6.70", "336.66"), ("336.66", "3.37", "0.00")]
    assert str(plan[-1].total) == "340.03"
    assert str(plan.residue) == "0.01"


def test_equal_principal() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=3, method="等额本金")
    assert rows_of(plan) == [("333.33", "10.00", "666.67"), ("333.33", "6.67", "333.34"), ("333.34", "3.33", "0.00")]
    assert plan.payment is None
    assert str(plan.residue) == "0.00"


def test_interest_only_then_principal() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=3, method="先息后本")
    assert rows_of(plan) == [("0.00", "10.00", "1000.00"), ("0.00", "10.00", "1000.00"), ("1000.00", "10.00", "0.00")]


def test_lump_sum() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=3, method="一次性还本付息")
    assert rows_of(plan) == [("1000.00", "30.00", "0.00")]


def test_flat() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.011"), periods=3, method="等本等息")
    # 33.00 of interest in three, 1000.00 in three
    assert rows_of(plan) == [("333.33", "11.00", "666.67"), ("333.33", "11.00", "333.34"), ("333.34", "11.00", "0.00")]


def test_flat_interest_is_rounded_as_a_whole_and_then_split() -> None:
    plan = lc.amortize("1000.00", rate=Decimal("0.0101"), periods=3, method="flat", rounding="down")
    assert [str(row.interest) for row in plan] == ["10.10", "10.10", "10.10"]
    odd = lc.amortize("100.00", rate=Fraction(1, 70), periods=3, method="flat")  # 4.2857... in three
    assert [str(row.interest) for row in odd] == ["1.43", "1.43", "1.43"]
    odd = lc.amortize("100.00", rate=Fraction(1, 60), periods=4, method="flat")  # 6.67 in four
    assert [str(row.interest) for row in odd] == ["1.67", "1.67", "1.67", "1.66"]


def test_flat_over_real_days_keeps_its_installment_if_asked() -> None:
    terms: dict[str, Any] = {"installments": 3, "method": "flat", "day_count": "ACT/360"}
    plain = lc.Loan(3000, "12%", "2026-01-15", **terms).schedule()
    level = lc.Loan(3000, "12%", "2026-01-15", **terms, level=True).schedule()
    # 31, 28 and 31 nights of 1.00
    assert rows_of(plain) == [
        ("1000.00", "31.00", "2000.00"), ("1000.00", "28.00", "1000.00"), ("1000.00", "31.00", "0.00"),
    ]  # fmt: skip
    assert rows_of(level) == [
        ("999.00", "31.00", "2001.00"), ("1002.00", "28.00", "999.00"), ("999.00", "31.00", "0.00"),
    ]  # fmt: skip
    assert {str(row.total) for row in level} == {"1030.00"}


@pytest.mark.parametrize("method", METHODS)
def test_without_interest_only_principal_is_paid(method: str) -> None:
    plan = lc.amortize(1200, rate=0, periods=12, method=method)
    assert_foots(plan, 1200)
    assert plan.total_interest == 0
    if method in ("annuity", "equal_principal", "flat"):
        assert {str(row.total) for row in plan} == {"100.00"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("mode", MODES)
def test_a_single_period(method: str, mode: str) -> None:
    plan = lc.amortize(1000, rate=Decimal("0.015"), periods=1, method=method, rounding=mode)
    assert rows_of(plan) == [("1000.00", "15.00", "0.00")]


def test_a_plan_that_rounding_repays_early_has_fewer_rows() -> None:
    plan = lc.amortize(10, rate="7%", every="1 month", periods=360)
    assert_foots(plan, 10)
    assert str(plan.payment) == "0.07"  # 0.06653 exactly
    assert len(plan) < 360
    assert {str(row.total) for row in plan[:-1]} == {"0.07"}
    assert 0 < plan[-1].total <= Decimal("0.07")
    loan = lc.Loan(10, "7%", "2026-01-15", installments=360)
    note = f"rounding repays early: {360 - len(plan)} fewer installments than the 360 agreed"
    assert note in loan.assumptions
    assert loan.schedule()[-1].due == loan.dates[len(plan)]


@pytest.mark.parametrize("residue", ["last", "first", "spread", "smooth", "last-interest", "visible"])
@pytest.mark.parametrize("method", ["annuity", "equal_principal", "flat"])
@pytest.mark.parametrize(("principal", "percent", "periods"), [(10, 7, 360), (2, 0, 7), (200, 1, 4), (5, 36, 12)])
def test_a_tiny_plan_never_has_a_negative_installment(
    residue: str, method: str, principal: int, percent: int, periods: int
) -> None:
    for step in (1, 100):
        rounding = lc.Rounding(step, residue=residue)
        terms: dict[str, Any] = {"every": "1 month", "periods": periods, "method": method, "currency": "JPY"}
        try:
            plan = lc.amortize(principal, rate=f"{percent}%", rounding=rounding, **terms)
        except NoSolution:
            assert (residue, method) == ("last-interest", "annuity"), step
            continue
        assert_foots(plan, principal)


def test_a_stated_payment_is_kept_until_the_debt_is_repaid() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=12, payment=300)
    assert [str(row.total) for row in plan] == ["300.00", "300.00", "300.00", "122.48"]
    assert_foots(plan, 1000)


def test_a_stated_payment_too_small_leaves_the_rest_to_the_last() -> None:
    plan = lc.amortize(1000, rate=Decimal("0.01"), periods=3, payment=10)
    assert [str(row.total) for row in plan] == ["10.00", "10.00", "1010.00"]


def test_a_payment_that_does_not_cover_the_interest_is_refused_with_that_interest() -> None:
    with pytest.raises(NoSolution, match=r"payment: got 9\.00; .* the interest of installment 1, 10\.00"):
        lc.amortize(1000, rate=Decimal("0.01"), periods=12, payment=9)
    with pytest.raises(NoSolution, match=r"payment: got 9\.00; .* the interest of installment 1, 10\.00"):
        lc.Loan(1000, "12%", "2026-01-15", installments=12, payment=9).schedule()


def test_the_nominal_payment_is_excels() -> None:
    # interest by real days, but the payment of equal months: the difference is in the last installment
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=12, day_count="ACT/365F", payment="nominal")
    plan = loan.schedule()
    assert str(plan.payment) == "1066.19"
    assert_foots(plan, 12_000)
    solved = lc.Loan(12_000, "12%", "2026-01-15", installments=12, day_count="ACT/365F").schedule()
    assert abs(solved.residue) < Decimal("0.10") < abs(plan.residue)


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ({"rate": "12%"}, InvalidRate, "rate: got 12%/year without the length of a period"),
        ({"rate": "0.05%/day", "every": "1 month"}, InvalidRate, "rate: got 0.05%/day"),
        ({"rate": "12%", "every": "10 days"}, InvalidRate, "rate: got 12%/year with periods of 10 days"),
        ({"rate": 1}, InvalidRate, "rate: got 1"),
        ({"rate": -0.01}, InvalidRate, "rate: got -0.01"),
        ({"rate": float("nan")}, (InvalidRate, InvalidAmount), "rate: got nan"),
        ({"rate": True}, (InvalidRate, InvalidAmount), "rate: got True"),
        ({"rate": "7"}, InvalidRate, "rate: got '7'"),
        ({"periods": 0}, InvalidTerms, "periods: got 0"),
        ({"periods": -1}, InvalidTerms, "periods: got -1"),
        ({"periods": 1.5}, InvalidTerms, "periods: got 1.5"),
        ({"periods": True}, InvalidTerms, "periods: got True"),
        ({"periods": []}, InvalidTerms, "periods: "),
        ({"periods": [Fraction(1, 12), Fraction(-1, 12)]}, InvalidTerms, "periods: "),
        ({"principal": 0}, InvalidTerms, "principal: got 0; expected more than 0"),
        ({"principal": -5}, InvalidTerms, "principal: got -5"),
        ({"principal": "abc"}, InvalidAmount, "principal: got 'abc'"),
        ({"payment": 0}, InvalidTerms, "payment: got 0"),
        ({"payment": 100, "method": "flat"}, InvalidTerms, "payment: got 100 with method 'flat'"),
        ({"payment": "100.001"}, InvalidAmount, "payment: got 100.001"),
        ({"method": "anuity"}, UnknownName, "method: got 'anuity'; nearest: annuity"),
        ({"rounding": "bakers"}, UnknownName, "rounding: got 'bakers'"),
        ({"currency": "RUBLE"}, UnknownName, "currency: got 'RUBLE'; nearest: RUB"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_is_no_plan_is_refused_by_field_and_value(terms: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error) as refusal:
        lc.amortize(**{"principal": 1000, "rate": Decimal("0.01"), "periods": 12} | terms)
    assert str(refusal.value).startswith(message)
