"""Rates and pay-outs that were agreed from the beginning, as an account meets them: each figure with its arithmetic."""

from __future__ import annotations

import pytest

import loancalc as lc


def totals(account: lc.Account, on: str) -> list[str]:
    return [str(row.agreed.total) for row in account.schedule(on)]


def test_a_payoff_with_interest_of_the_whole_period_asks_for_none_on_what_is_not_paid_out_yet() -> None:
    """A month of 12 000.00 is 120.00. 6 000.00 that come on 5 February will bear ten of 31 nights, 19.35, which a payoff before does
    not ask for. Who prepays is asked for it once it is paid out, 139.35 in all.
    """
    loan = lc.Loan(12_000, "12%", "2026-01-15", installments=6, prepayment=lc.Prepayment("whole-period"),
                   tranches=[lc.Tranche("2026-02-05", 6_000)])  # fmt: skip
    account = lc.Account(loan, [])
    assert [str(account.as_of(day).payoff_interest) for day in ("2026-01-25", "2026-02-05")] == ["120.00", "139.35"]
    early = account.with_events(lc.Payment("2026-01-25", 3_000, effect="lower"))
    assert str(early.receipts[-1].parts) == "interest 120.00, principal 2880.00"
    assert str(early.schedule("2026-02-05")[0].agreed.interest) == "139.35"


def test_what_falls_due_next_on_a_daily_loan_counts_what_is_paid_out_before() -> None:
    loan = lc.Loan(1_000, "0.1%/day", "2026-01-01", installments=1, every="30 days", accrual="daily",
                   tranches=[lc.Tranche("2026-01-11", 500)])  # fmt: skip
    assert str(lc.Account(loan, []).next_due("2026-01-01").amount) == "1540.00"  # 1 500 + 10 x 1.00 + 20 x 1.50


def test_a_change_that_was_agreed_is_solved_on_what_is_owed_after_a_deferral_too() -> None:
    """The first installment is put off and its interest let go; 300.00 come early. From 31 January 900.00 bear 0.90 a night, five of
    them: 4.50; then nothing. A third of 904.50 is 301.50.
    """
    path = lc.RatePath("0.1%/day", {"2026-02-05": "0%/day"}, keep="term")
    loan = lc.Loan(1_200, path, "2026-01-01", installments=3, every="30 days", accrual="daily")
    off = lc.Deferral("2026-01-01", 1, interest="waive")
    account = lc.Account(loan, [off, lc.Payment("2026-01-10", 300)])
    assert totals(account, "2026-02-05")[1:] == ["301.50", "301.50", "301.50"]


def test_a_change_that_was_agreed_for_a_day_after_the_end_is_one_where_the_loan_is_made_longer() -> None:
    """900.00 over four dates are 225.00 each. 325.00 cover the second and 100.00 more; 350.00 are left. On 12 March, after the end that
    was first agreed, the rate is another, and they are shared by the two that are to come: 175.00 each.
    """
    path = lc.RatePath("0%/day", {"2026-03-12": "0%/day"}, keep="term")
    loan = lc.Loan(900, path, "2026-01-01", installments=2, every="30 days", accrual="daily")
    longer = [lc.Extension("2026-01-10", 2), lc.Payment("2026-01-31", 225), lc.Payment("2026-02-10", 325)]
    assert totals(lc.Account(loan, longer), "2026-03-12")[2:] == ["175.00", "175.00"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_what_is_paid_out_after_a_rate_that_keeps_the_payment_is_shared_over_the_term(accrual: str) -> None:
    """1 100.00 in two payments of 550.00; 100.00 more before the second one is repaid with it."""
    path = lc.RatePath("0%", {"2026-01-02": "0%"}, keep="payment")
    loan = lc.Loan(1_100, path, "2026-01-01", installments=2, accrual=accrual, tranches=[lc.Tranche("2026-02-01", 100)])
    assert totals(lc.Account(loan, []), "2026-01-01") == ["550.00", "650.00"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_a_rate_that_keeps_the_payment_keeps_that_which_a_pay_out_in_its_period_told(accrual: str) -> None:
    """Ten nights of 1.00 and twenty of 1.50 are 40.00, by the rate of the pay-out; a period is 3 %: of 1 540.00 x 1.03 / 2.03 the
    payment is 781.38. It stays when the last ten nights bear nothing: 25.00 of interest, 756.38 of principal, and the rest is 743.62.
    """
    path = lc.RatePath("0.1%/day", {"2026-01-21": "0%/day"}, keep="payment")
    loan = lc.Loan(1_000, path, "2026-01-01", installments=2, every="30 days", accrual=accrual,
                   tranches=[lc.Tranche("2026-01-11", 500)])  # fmt: skip
    assert [str(row.total) for row in loan.schedule()] == ["781.38", "743.62"]
    assert totals(lc.Account(loan, []), "2026-01-11") == ["781.38", "743.62"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
@pytest.mark.parametrize(
    ("agreed", "happened", "rows"),
    [
        ({}, [lc.Payment("2026-01-10", 200, effect="lower")], ["450.00", "250.00", "250.00", "250.00", "40.03"]),
        ({}, [lc.Draw("2026-01-10", 400)], ["400.00", "400.00", "400.00", "400.00", "64.05"]),
        ({"tranches": [lc.Tranche("2026-01-10", 400)]}, [], ["400.00", "400.00", "400.00", "400.00", "64.05"]),
        ({}, [lc.Extension("2026-01-10", 2)], ["200.00"] * 6 + ["88.79"]),
    ],
    ids=["prepaid", "drawn", "tranche", "extended"],
)
def test_a_rate_that_keeps_the_payment_says_nothing_of_the_term_over_which_it_is_solved_before(
    accrual: str, agreed: dict[str, object], happened: list[lc.Event], rows: list[str]
) -> None:
    """1 200.00 in four payments, without interest until 10 February. 1 000.00 are left of them: 250.00 each, and not the fifth of it
    that the payments come to later. Of 750.00 the twenty nights to 2 March bear 15.00, then thirty of 515.00 15.45, of 280.45 8.41, of
    38.86 1.17. Of 1 600.00 the payments are 400.00, and the interest 24.00, 24.72, 13.46 and 1.87; over six dates they are 200.00, and
    20.00, 24.60, 19.34, 13.92, 8.34, 2.59.
    """
    path = lc.RatePath("0%/day", {"2026-02-10": "0.1%/day"}, keep="payment")
    loan = lc.Loan(1_200, path, "2026-01-01", installments=4, every="30 days", accrual=accrual, **agreed)
    assert totals(lc.Account(loan, happened), "2026-01-10") == rows
