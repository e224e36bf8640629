"""What a plan adds up to, and that a plan which does not is found out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import loancalc as lc
from loancalc.errors import InvalidTerms
from loancalc.testing import loans

PLAN = lc.Loan(12_000, "12%", "2026-01-15", installments=12, fees=[lc.Fee("20", each="installment")]).schedule()


@given(loans())
def test_the_years_of_a_plan_add_up_to_the_plan(loan: lc.Loan) -> None:
    plan = loan.schedule()
    years = plan.by_year().values()
    assert sum(Fraction(year.total) for year in years) == Fraction(plan.total)
    assert sum(year.installments for year in years) == len(plan)
    whole = plan.remaining(loan.start)
    assert sum(Fraction(year.principal) for year in years) == Fraction(whole.principal)
    assert plan.remaining(loan.dates[-1]).installments == 0


def test_what_remains_by_hand() -> None:
    left = PLAN.remaining("2026-11-15")
    assert (left.installments, left.fees, left.taxes) == (2, Decimal(40), 0)
    assert left.principal == PLAN[-3].balance
    assert left.total == PLAN[-2].payable + PLAN[-1].payable


@pytest.mark.parametrize(
    ("balance", "principal", "says"),
    [
        (1, 0, r"got a balance of 11053\.82 after installment 1; expected 11053\.81"),
        (0, 1, r"got a balance of 11053\.81 after installment 1; expected 11053\.80"),
    ],
)
def test_a_cent_that_does_not_add_up_is_found(balance: int, principal: int, says: str) -> None:
    columns = PLAN.columns
    wrong = columns._replace(
        balance=[columns.balance[0] + balance, *columns.balance[1:]],
        principal=[columns.principal[0] + principal, *columns.principal[1:]],
    )
    with pytest.raises(InvalidTerms, match=says):
        replace(PLAN, columns=wrong).check()


def test_an_installment_of_less_than_nothing_is_found() -> None:
    columns = PLAN.columns._replace(principal=[-20_000, *PLAN.columns.principal[1:]])
    columns = columns._replace(balance=[1_220_000, *PLAN.columns.balance[1:]])
    with pytest.raises(InvalidTerms, match="installment 1 asks for less than nothing"):
        replace(PLAN, columns=columns).check()


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"method": "flat"},
        {"method": "rule_of_78"},
        {"moratorium": lc.Moratorium(3, "carried")},
        {"tranches": [lc.Tranche("2026-03-01", 3_000)]},
        {"rate": lc.RatePath("12%", {"2026-05-01": "6%"}, keep="term")},
    ],
)
def test_a_cent_of_interest_that_no_balance_bears_is_found(terms: dict[str, Any]) -> None:
    plan = lc.Loan(**{"principal": 12_000, "rate": "12%", "start": "2026-01-15", "installments": 12} | terms).schedule()
    plan.check()
    columns = plan.columns
    for row in (0, 4, 11):
        interest = [amount + (place == row) for place, amount in enumerate(columns.interest)]
        with pytest.raises(InvalidTerms, match=r"schedule: got interest of \d+\.\d\d in installment \d+; expected"):
            replace(plan, columns=columns._replace(interest=interest)).check()
