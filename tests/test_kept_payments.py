"""What a rate change with keep="payment" keeps where no payment is asked for just then, worked out by hand."""

from __future__ import annotations

import pytest

import loancalc as lc

# 1200.00 without interest in three parts of 400.00; two installments are put off, then interest of 1 % a month begins.


def totals(account: lc.Account, day: str) -> list[str]:
    return [str(row.agreed.total) for row in account.schedule(day)]


@pytest.mark.parametrize("day", ["2026-01-20", "2026-02-15", "2026-03-14", "2026-03-20"])
def test_a_payment_is_kept_while_installments_wait_whenever_it_is_agreed(day: str) -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=3)
    deferral = lc.Deferral("2026-01-18", installments=2, interest="capitalize")
    account = lc.Account(loan, [deferral, lc.RateChange(day, "12%", keep="payment")])
    assert totals(account, day)[:5] == ["0.00", "0.00", "400.00", "400.00", "400.00"]


def test_what_a_payment_that_is_kept_while_installments_wait_leaves_comes_after_the_term() -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=3)
    deferral = lc.Deferral("2026-01-18", installments=2, interest="capitalize")
    account = lc.Account(loan, [deferral, lc.RateChange("2026-02-15", "12%", keep="payment")])
    # 12.00 join on 15 March: 1212.00 + 12.12 - 400.00 = 824.12, + 8.24 - 400.00 = 432.36, + 4.32 - 400.00 = 36.68, + 0.37
    assert totals(account, "2026-02-15") == ["0.00", "0.00", "400.00", "400.00", "400.00", "37.05"]
    # an agreed moratorium is the same
    waits = lc.Loan(1200, "0%", "2026-01-15", installments=5, moratorium=lc.Moratorium(2, "capitalized"))
    account = lc.Account(waits, [lc.RateChange("2026-02-15", "12%", keep="payment")])
    assert totals(account, "2026-02-15") == ["0.00", "0.00", "400.00", "400.00", "400.00", "37.05"]


@pytest.mark.parametrize("accrual", ["scheduled", "daily"])
def test_where_no_payment_is_level_what_is_kept_is_principal(accrual: str) -> None:
    loan = lc.Loan(1200, "0%", "2026-01-15", installments=4, accrual=accrual, day_count="30E/360")
    last = [lc.Payment("2026-01-20", 400, effect="last"), lc.RateChange("2026-02-15", "12%", keep="payment")]
    # 1200.00 - 400.00 in parts of 300.00, 300.00 and 200.00; then 500.00 and 200.00 bear 1 %
    assert totals(lc.Account(loan, last), "2026-02-15") == ["700.00", "305.00", "202.00"]
    term = lc.Account(loan, [last[0], lc.RateChange("2026-02-15", "12%", keep="term")])
    # solved again: 500.00 / (1/1.01 + 1/1.01^2) = 253.756
    assert totals(term, "2026-02-15") == ["700.00", "253.76", "253.75"]
