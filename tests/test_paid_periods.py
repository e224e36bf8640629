"""A prepayment that pays the interest of its whole period, and what else happens before that period ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loancalc as lc

# 12 000.00 at 1 % a month; on 25 January 3 000.00 pay the month, 120.00, and repay 2 880.00: 9 120.00 are left.
PAID = lc.Payment("2026-01-25", 3_000, effect="lower", id="paid")
ACCRUALS = ["scheduled", "daily"]


def loan_of(accrual: str, rate: str = "12%", **terms: Any) -> lc.Loan:
    whole = lc.Prepayment(interest="whole-period")
    return lc.Loan(12_000, rate, "2026-01-15", installments=6, accrual=accrual, prepayment=whole, **terms)


@pytest.mark.parametrize("accrual", ACCRUALS)
def test_more_that_is_paid_out_bears_the_nights_that_were_paid_for_the_rest(accrual: str) -> None:
    # 1 000.00 drawn on 5 February bear ten of 31 nights: 3.2258; 10 120.00 over six installments of which the first bears that much:
    # (10 120 + 3.2258) x 1.01^5 / ((1.01^6 - 1) / 0.01) = 10 640.08... / 6.15201506 = 1 729.4516
    account = lc.Account(loan_of(accrual), [PAID, lc.Draw("2026-02-05", 1_000)])
    first, second = account.schedule("2026-02-05")[:2]
    assert str(first.agreed) == "interest 123.23, principal 4606.22"  # with the 120.00 and 2 880.00: 3.23 + 1 726.22
    assert str(second.agreed.total) == "1729.45"
    # by 10 February five nights: 1.61; who repays all then pays the ten nights, as the period counts as a whole
    position = account.as_of("2026-02-10")
    assert (str(position.interest_to_date), str(position.payoff)) == ("1.61", "10123.23")
    assert "1000.00 x " in position.explain()


@pytest.mark.parametrize("accrual", ACCRUALS)
def test_a_plan_with_dates_of_its_own_bears_interest_from_the_end_of_the_paid_period(accrual: str) -> None:
    # From 15 to 20 February five of 31 nights of 9 120.00 at 1 %: 14.7096...; (9 120 + 14.7096) x 1.01^3 / 4.060401 = 2 317.8746
    anew = lc.Restructuring("2026-02-05", installments=4, first_due="2026-02-20")
    account = lc.Account(loan_of(accrual), [PAID, anew])
    first, second = account.schedule("2026-02-05")[:2]
    assert str(first.agreed) == "interest 134.71, principal 5183.16"  # 120.00 + 14.71; 2 880.00 + 2 303.16
    assert str(second.agreed.total) == "2317.87"
    assert str(account.as_of("2026-02-12").interest_to_date) == "0.00"


@pytest.mark.parametrize("accrual", ACCRUALS)
@pytest.mark.parametrize("back", [[], [lc.Chargeback("2026-02-01", "paid", amount=1_000)]])
@pytest.mark.parametrize(
    "event",
    [
        lc.RateChange("2026-02-05", "18%", keep="term"),
        lc.InterestPause("2026-02-05", "2026-02-12", keep="term"),
        lc.Restructuring("2026-02-05", installments=4),
        lc.Deferral("2026-02-05", 1, interest="waive"),
        lc.ChargeOff("2026-02-05", further_interest=False),
    ],
)
def test_what_was_paid_for_the_period_stays_its_interest(accrual: str, back: list[lc.Event], event: lc.Event) -> None:
    """Also of principal that went back: it was paid for too."""
    account = lc.Account(loan_of(accrual), [PAID, *back, event])
    for day in ("2026-02-05", "2026-02-10", "2026-02-14"):
        position = account.as_of(day)
        assert (position.interest_to_date, position.payoff_interest) == (0, 0)
        assert str(position.payoff) == ("10120.00" if back else "9120.00")


@pytest.mark.parametrize("accrual", ACCRUALS)
def test_the_interest_of_the_period_that_went_back_is_asked_for_as_it_was(accrual: str) -> None:
    rate = lc.RateChange("2026-02-05", "18%", keep="term")
    account = lc.Account(loan_of(accrual), [PAID, lc.Chargeback("2026-02-01", "paid"), rate])
    position = account.as_of("2026-02-10")
    assert (str(position.interest_to_date), str(position.payoff)) == ("120.00", "12120.00")
    assert str(account.schedule("2026-02-10")[0].agreed.interest) == "120.00"


@given(day=st.integers(1, 30), drawn=st.integers(1, 500), count=st.integers(1, 8), after=st.integers(1, 40))
def test_both_accruals_ask_for_the_same_after_a_paid_period(day: int, drawn: int, count: int, after: int) -> None:
    """At 0.1 % a night, on principal in tens, so that no night's interest is rounded: one accrual rounds a period in one, the other in two."""
    on = date(2026, 1, 15) + timedelta(day)
    first = lc.Payment(on, 3_000, effect="lower")
    draw, anew = lc.Draw(on + timedelta(1), 10 * drawn), lc.Restructuring(
        on + timedelta(2), installments=count, first_due=on + timedelta(2 + after),
        overdue={"interest": "next", "principal": "capitalize"},
    )  # fmt: skip
    for events in ([first, draw], [first, anew]):
        plans = [
            [
                (row.due, row.agreed)
                for row in lc.Account(loan_of(accrual, "36%", day_count="30E/360"), events).schedule(on)
            ]
            for accrual in ACCRUALS
        ]
        assert plans[0] == plans[1]


def test_what_a_prepayment_repaid_and_went_back_is_past_due_though_other_money_came_early() -> None:
    # On 25 February 3 000.00 pay ten of 28 nights of 12 000.00 at 1 %, 42.86, and repay 2 957.14. On 5 March 1 000.00 pay eight nights of
    # 9 042.86, 25.84, and repay 974.16, which the installment of 15 March does not ask for: it asks for interest alone. What goes back
    # afterwards was asked for with that installment, all of it.
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, method="interest_only", accrual="daily")
    account = lc.Account(loan, [
        lc.Payment("2026-02-15", 120),
        lc.Payment("2026-02-25", 3_000, effect="lower", id="prepaid"),
        lc.Payment("2026-03-05", 1_000),
        lc.Chargeback("2026-03-20", "prepaid"),
    ])  # fmt: skip
    ten = account.without("e4").as_of("2026-03-15").due
    back = account.as_of("2026-03-20").past_due
    assert (str(back.principal), back.interest - ten.interest) == ("2957.14", lc.Account(loan).as_of(
        "2026-02-25").interest_to_date)  # fmt: skip


@pytest.mark.parametrize("accrual", ACCRUALS)
def test_what_was_drawn_in_a_paid_period_bears_its_nights_under_a_plan_with_dates_of_its_own(accrual: str) -> None:
    # 1 000.00 drawn on 1 February bear four of 31 nights by 5 February, 1.2903, and ten to the 15th, 3.2258; five of all 10 120.00 to the
    # 20th, 16.3226: 20.84 in the first installment. (10 120 + 20.8387) x 1.01^3 / 4.060401 = 2 573.1735
    anew = lc.Restructuring("2026-02-05", installments=4, first_due="2026-02-20")
    rows = lc.Account(loan_of(accrual), [PAID, lc.Draw("2026-02-01", 1_000), anew]).schedule("2026-02-05")
    assert str(rows[0].agreed) == "interest 140.84, principal 5432.33"  # with the 120.00 and 2 880.00 that were paid
    assert str(rows[1].agreed.total) == "2573.17"
